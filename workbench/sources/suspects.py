"""Suspect loads: kept apart until an operator decides.

The figures hold for every council, so no council decides for the others: an operator does, by command. The staged rows
wait until then; the old figures stand. A later refresh of the table, suspect or good, takes the place of what waits.
"""

from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
import structlog

from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.indicators import store
from workbench.sources.loads import Load, take_over
from workbench.sources.models import Decision, RefreshRun, RunState

log = structlog.get_logger()


def hold(run: RefreshRun, load: Load) -> None:
    """Keep the staged rows of this run until somebody decides. Nothing at all cannot be accepted."""
    if load.load_id is None or not load.staged:
        return
    run.held_load_id = load.load_id
    run.held = load.model_dump(mode="json")


def release(table_id: UUID) -> None:
    """Forget what waits for this table: a later refresh comes in its place."""
    for run in db.scalars(_waiting().where(RefreshRun.source_table_id == table_id)):
        _settle(run, Decision.REPLACED)


def waiting_runs() -> list[RefreshRun]:
    """Suspect runs that wait for a decision, at most one per table."""
    return list(db.scalars(_waiting().order_by(RefreshRun.queued_at)))


def _waiting() -> sa.Select[RefreshRun]:
    return sa.select(RefreshRun).where(RefreshRun.held_load_id.is_not(None))


def accept(run_id: UUID) -> RefreshRun:
    """Make exactly the rows that wait the current figures. Raises: Conflict when that cannot be done (any more)."""
    run, load = _to_decide(run_id)
    table = run.source_table
    if load.load_id is None or store.staged_count(load.load_id) != load.staged:
        raise Conflict(
            "De regels van deze verversing zijn er niet meer: de database is opnieuw gestart. Ververs de tabel opnieuw."
        )
    if table.fingerprint != load.before:
        raise Conflict("De tabel is sindsdien veranderd. Ververs de tabel opnieuw.")
    take_over(run, load, datetime.now(UTC), fetched_at=run.finished_at or datetime.now(UTC))
    run.state, run.message, run.message_values = RunState.DONE, None, {}
    _settle(run, Decision.ACCEPTED)
    return run


def keep(run_id: UUID) -> RefreshRun:
    """Keep the old figures, now and at every refresh until the source has another edition.

    Raises: Conflict when there is nothing to decide (any more).
    """
    run, load = _to_decide(run_id)
    run.source_table.refused_fingerprint = load.state.fingerprint
    _settle(run, Decision.KEPT)
    return run


def _to_decide(run_id: UUID) -> tuple[RefreshRun, Load]:
    run = db.scalar(
        sa.select(RefreshRun)
        .where(RefreshRun.id == run_id)
        .with_for_update(of=RefreshRun)
        .execution_options(populate_existing=True)
    )
    if run is None:
        raise Conflict(f"Er is geen verversing met nummer {run_id}.")
    if run.decision is Decision.REPLACED:
        raise Conflict(
            "Een latere verversing kwam hiervoor in de plaats. Kijk met `workbench sources status`."
        )
    if not run.waits_for_decision:
        raise Conflict("Deze verversing wacht niet op een besluit. Kijk met `workbench sources status`.")
    is_running = sa.select(
        sa.exists().where(
            RefreshRun.source_table_id == run.source_table_id, RefreshRun.state == RunState.RUNNING
        )
    )
    if db.scalar(is_running):
        raise Conflict("Deze tabel wordt nu ververst. Wacht tot dat klaar is.")
    return run, Load.model_validate(run.held)


def _settle(run: RefreshRun, decision: Decision) -> None:
    """Whatever was decided, nothing waits any more."""
    if run.held_load_id:
        store.forget(run.held_load_id)
    run.held, run.held_load_id = None, None
    run.decision, run.decided_at = decision, datetime.now(UTC)
    log.info("suspect_settled", run=str(run.id), table=run.source_table.table, decision=decision.value)
