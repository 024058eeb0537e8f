"""Carrying out a refresh run: claim, fetch outside any transaction, merge at once, say how it went.

The row is the truth. A run is claimed with FOR UPDATE SKIP LOCKED; the claim is committed before the slow
outside call (the one place where a job commits half-way); while it runs, a heartbeat shows that it lives; the
merge happens only while the attempt is still the row's own. A killed worker leaves a running row whose heartbeat
grows old; the sweeper queues it again, and its staged rows count for nothing.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
import structlog
from pydantic import BaseModel

from workbench.core.db import db, platform_session
from workbench.core.jobs import Job, enqueue
from workbench.core.settings import Settings
from workbench.indicators import store
from workbench.sources import suspects
from workbench.sources.connectors import (
    Measure,
    Request,
    SourceError,
    SourceOff,
    SourceUnavailable,
    SuspectResult,
    TableState,
    connector,
)
from workbench.sources.loads import Load, take_over
from workbench.sources.models import RefreshRun, RunState, Source, TableSeries
from workbench.sources.operations import series_of_table

log = structlog.get_logger()

HEARTBEAT = 10  # seconds between two signs of life
SILENT_AFTER = timedelta(seconds=30)
ATTEMPTS = 3
PAUSES = (timedelta(minutes=1), timedelta(minutes=10))
SMALLEST_SHARE = 0.8  # of the rows we had; fewer is suspect: a half answer, not a new truth


@dataclass(frozen=True)
class _Plan:
    """What one run asks of its source, read before the transaction ends."""

    kind: str
    table: str
    fingerprint: str | None
    refused: str | None  # the edition at which an operator kept the old figures
    observations_modified: datetime | None
    requests: dict[Request, dict[str, int]]  # request -> measure -> series id
    series_ids: list[int]
    first_year: int

    def has_moved(self, state: TableState) -> bool:
        return state.fingerprint != self.fingerprint and not self.is_refused(state)

    def is_refused(self, state: TableState) -> bool:
        """Without a fingerprint other rows are asked than before, and the refusal does not hold."""
        return self.fingerprint is not None and state.fingerprint == self.refused

    def has_other_values(self, state: TableState) -> bool:
        """Did the values move, or only what is said about them?"""
        known = self.observations_modified if self.fingerprint is not None else None
        return known is None or state.observations_modified != known


def carry_out(run_id: UUID, settings: Settings, *, keep_trying: bool = True) -> None:
    """Refresh the table of this run. Nothing happens when the run is not waiting, or not yet due.

    `keep_trying`: a source that does not answer puts the run back in the queue, at most ATTEMPTS times.
    """
    attempt = _claim(run_id)
    if attempt is None:
        return
    run = db.get_one(RefreshRun, run_id)
    try:
        plan = _plan(run)
        db.commit()
        with _heartbeat(run_id, attempt):
            state = connector(plan.kind).state(connector_settings(plan.kind, settings), plan.table)
            load = _fetch(run_id, attempt, plan, state, settings) if plan.has_moved(state) else None
        _finish(run_id, attempt, plan, load, is_refused=plan.is_refused(state))
    except SourceOff as error:
        _source_silent(run_id, attempt, error, keep_trying=False)
    except SourceUnavailable as error:
        _source_silent(run_id, attempt, error, keep_trying=keep_trying)
    except SourceError as error:
        _fail(run_id, attempt, error.msgid, error.values, suspect=isinstance(error, SuspectResult))
    except Exception as error:
        _fail(run_id, attempt, _UNEXPECTED, {})
        log.warning("refresh_crashed", run=str(run_id), error=type(error).__name__)
        raise


_UNEXPECTED = "Er ging iets mis in de werkbank zelf. De oude cijfers staan er nog. De beheerder kan dit in het logboek zien."


def _claim(run_id: UUID) -> int | None:
    """Make a waiting, due run ours; gives the number of this attempt."""
    now = datetime.now(UTC)
    run = db.scalar(
        sa.select(RefreshRun)
        .where(
            RefreshRun.id == run_id,
            RefreshRun.state == RunState.QUEUED,
            sa.or_(RefreshRun.next_attempt_at.is_(None), RefreshRun.next_attempt_at <= now),
        )
        .with_for_update(skip_locked=True, of=RefreshRun)
    )
    if run is None:
        return None
    run.state, run.attempt = RunState.RUNNING, run.attempt + 1
    run.started_at = run.heartbeat_at = now
    run.progress = 0
    attempt = run.attempt
    db.commit()
    return attempt


def _plan(run: RefreshRun) -> _Plan:
    table = run.source_table
    grouped: dict[tuple[Any, ...], list[TableSeries]] = defaultdict(list)
    for item in series_of_table(table.id):
        form = (
            item.region,
            item.period,
            tuple(item.levels),
            item.first_year,
            tuple(sorted(item.filter.items())),
            item.series.period_type,
        )
        grouped[form].append(item)
    requests: dict[Request, dict[str, int]] = {}
    years = []
    for (region, period, levels, first_year, filters, period_type), items in grouped.items():
        years.append(int(first_year or 1))
        request = Request(
            table=table.table,
            measures=tuple(sorted(item.series.measure for item in items)),
            region=region,
            period=period,
            levels=levels,
            first_period=first_year,
            period_type=period_type,
            filter=dict(filters),
            units={item.series.measure: item.series.unit for item in items if item.series.unit},
        )
        requests[request] = {item.series.measure: item.series_id for item in items}
    return _Plan(
        kind=table.source.kind or "",
        table=table.table,
        fingerprint=table.fingerprint,
        refused=table.refused_fingerprint,
        observations_modified=table.observations_modified_at,
        requests=requests,
        series_ids=[series_id for measures in requests.values() for series_id in measures.values()],
        first_year=min(years, default=1),
    )


@contextmanager
def _heartbeat(run_id: UUID, attempt: int) -> Iterator[None]:
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(HEARTBEAT):
            _note(run_id, attempt, heartbeat_at=datetime.now(UTC))

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _note(run_id: UUID, attempt: int, **facts: object) -> None:
    """Write facts on our own running row, in a transaction of their own."""
    with platform_session() as session:
        session.execute(
            sa.update(RefreshRun)
            .where(RefreshRun.id == run_id, RefreshRun.attempt == attempt)
            .values(**facts)
        )
        session.commit()


def connector_settings(kind: str, settings: Settings) -> BaseModel:
    """The settings of a connector, from those of the installation. Raises SourceOff when it has no key."""
    shared: dict[str, Any] = {
        "user_agent": f"Monitorwerkbank ({settings.contact})",
        "page_pause": settings.source_pause,
        "force_ipv4": settings.force_ipv4,
    }
    source = connector(kind)
    if kind == "swing":
        if not (settings.swing_url and settings.swing_key):
            raise SourceOff("%(source)s staat uit: er is nog geen sleutel.", source=source.label)
        return source.Settings(base_url=settings.swing_url, api_key=settings.swing_key, **shared)
    addresses = {
        "cbs-v4": settings.cbs_v4_url,
        "cbs-v3": settings.cbs_v3_url,
        "dataderden": settings.dataderden_url,
    }
    return source.Settings(base_url=addresses[kind], **shared)


def switch_sources(settings: Settings) -> None:
    """Write down which sources are switched off, for those who cannot see the settings: the pages."""
    for source in db.scalars(sa.select(Source).where(Source.kind.is_not(None))):
        try:
            connector_settings(source.kind or "", settings)
        except SourceOff:
            source.is_off = True
        else:
            source.is_off = False
    db.flush()


def _fetch(run_id: UUID, attempt: int, plan: _Plan, state: TableState, settings: Settings) -> Load:
    """Ask the source, page by page, into the staging table. No transaction is open while the source is asked.

    When the values did not move, only the code lists are asked.
    """
    source, options = connector(plan.kind), connector_settings(plan.kind, settings)
    staging = store.Staging(uuid4()) if plan.has_other_values(state) else None
    rejected = 0
    statuses: dict[str, str] = {}
    measures: dict[int, Measure] = {}
    for request, series_of in plan.requests.items():
        codes = source.codes(options, request)
        statuses.update(codes.period_status)
        measures.update({series_id: codes.measures[measure] for measure, series_id in series_of.items()})
        if staging is None:
            continue
        staging.names.update(codes.areas)
        for batch in source.fetch(
            options,
            request,
            codes,
            lambda count: _note(run_id, attempt, progress=count, heartbeat_at=datetime.now(UTC)),
        ):
            rejected += sum(batch.rejected.values())
            if batch.strange:
                log.warning("strange_marks", table=plan.table, marks=dict(batch.strange))
            series_ids = list(map(series_of.__getitem__, batch.measure))
            staging.add(
                store.StagedColumns(
                    series_ids, batch.area, batch.period, batch.value, batch.status, batch.missing
                )
            )
            db.commit()
    return Load(
        load_id=staging.load_id if staging else None,
        state=state,
        before=plan.fingerprint,
        series_ids=plan.series_ids,
        first_year=plan.first_year,
        staged=staging.count if staging else 0,
        rejected=rejected,
        measures=measures,
        period_status=statuses,
    )


def _own_row(run_id: UUID, attempt: int) -> RefreshRun | None:
    """Our run, locked, when it is still ours: not given to another attempt in the meantime."""
    return db.scalar(
        sa.select(RefreshRun)
        .where(RefreshRun.id == run_id, RefreshRun.attempt == attempt, RefreshRun.state == RunState.RUNNING)
        .with_for_update(of=RefreshRun)
        .execution_options(populate_existing=True)
    )


def _finish(run_id: UUID, attempt: int, plan: _Plan, load: Load | None, *, is_refused: bool) -> None:
    """The closing transaction: the merge and the end of the run, both or neither."""
    run = _own_row(run_id, attempt)
    if run is None:
        if load and load.load_id:
            store.forget(load.load_id)
        return
    now = datetime.now(UTC)
    suspects.release(run.source_table_id)
    if load and (doubt := _doubt(load)):
        suspects.hold(run, load)
        _end_failed(run, doubt.msgid, doubt.values, suspect=True)
        return
    table = run.source_table
    run.message, run.message_values = (_REFUSED.msgid, {}) if is_refused else (None, {})
    if load is None:
        run.same_as_before = True
    else:
        take_over(run, load, now, fetched_at=now)
    table.checked_at = now
    table.source.checked_at, table.source.unreachable_since, table.source.is_off = now, None, False
    run.state, run.finished_at, run.suspect = RunState.DONE, now, False
    log.info(
        "table_refreshed",
        table=plan.table,
        read=run.rows_read,
        inserted=run.inserted,
        revised=run.revised,
        unchanged=run.unchanged,
        rejected=run.rejected,
        same=run.same_as_before,
    )


_REFUSED = SuspectResult(
    "De bron heeft nog de stand waarbij de beheerder de oude cijfers aanhield. De volgende stand telt weer mee."
)


def _doubt(load: Load) -> SuspectResult | None:
    """Is this too little to be true?"""
    if load.load_id is None:
        return None
    had = store.current_count(load.series_ids, load.first_year)
    if load.staged >= SMALLEST_SHARE * had:
        return None
    return SuspectResult(
        "De bron gaf veel minder cijfers dan we al hadden: %(staged)s in plaats van %(had)s. De oude cijfers blijven staan.",
        staged=load.staged,
        had=had,
    )


def _source_silent(run_id: UUID, attempt: int, error: SourceUnavailable, *, keep_trying: bool) -> None:
    db.rollback()
    run = _own_row(run_id, attempt)
    if run is None:
        return
    now = datetime.now(UTC)
    source = run.source_table.source
    source.is_off = isinstance(error, SourceOff)
    if not source.is_off:
        source.unreachable_since = source.unreachable_since or now
    run.message, run.message_values = error.msgid, error.values
    if keep_trying and attempt < ATTEMPTS:
        pause = max(PAUSES[attempt - 1], timedelta(seconds=error.retry_after or 0))
        run.state, run.next_attempt_at = RunState.QUEUED, now + pause
    else:
        run.state, run.finished_at = RunState.UNREACHABLE, now
    log.warning("source_unavailable", table=run.source_table.table, attempt=attempt)


def _fail(
    run_id: UUID, attempt: int, msgid: str, values: dict[str, object], *, suspect: bool = False
) -> None:
    db.rollback()
    run = _own_row(run_id, attempt)
    if run is None:
        return
    if suspect:
        suspects.release(run.source_table_id)
    _end_failed(run, msgid, values, suspect=suspect)
    db.commit()


def _end_failed(run: RefreshRun, msgid: str, values: dict[str, object], *, suspect: bool) -> None:
    run.state, run.finished_at, run.suspect = RunState.FAILED, datetime.now(UTC), suspect
    run.message, run.message_values = msgid, values
    log.warning("refresh_failed", table=run.source_table.table, suspect=suspect)


def sweep() -> None:
    """Queue again what fell silent, send again what is due, and clean up after loads that died."""
    now = datetime.now(UTC)
    silent = sa.select(RefreshRun).where(
        RefreshRun.state == RunState.RUNNING, RefreshRun.heartbeat_at < now - SILENT_AFTER
    )
    for run in db.scalars(silent.with_for_update(skip_locked=True, of=RefreshRun)):
        run.state, run.next_attempt_at = RunState.QUEUED, None
        log.warning("run_fell_silent", run=str(run.id), attempt=run.attempt)
    db.flush()
    due = sa.select(RefreshRun.id).where(
        RefreshRun.state == RunState.QUEUED,
        sa.or_(RefreshRun.next_attempt_at.is_(None), RefreshRun.next_attempt_at <= now),
    )
    for run_id in db.scalars(due):
        enqueue(Job.REFRESH_TABLE, run_id=run_id)
    if not db.scalar(sa.select(sa.exists().where(RefreshRun.state == RunState.RUNNING))):
        held = sa.select(RefreshRun.held_load_id).where(RefreshRun.held_load_id.is_not(None))
        store.forget_all_but(held)
