"""What came in from a source, and making it the current figures."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from workbench.core.db import db
from workbench.core.jobs import Job, enqueue
from workbench.indicators import store
from workbench.indicators.models import Series
from workbench.sources.connectors import Measure, TableState
from workbench.sources.models import MetadataChange, MetadataKind, RefreshRun, SourceTable, TableSeries
from workbench.sources.operations import series_of_table

LICENCES = {"https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0"}  # as people call them


class Load(BaseModel):
    """One answer of a source: staged rows, and what it says of itself. Can be written down while it waits."""

    load_id: UUID | None  # None: code lists and statuses only; the values had not moved
    state: TableState
    before: str | None  # fingerprint of our table when we asked
    series_ids: list[int]
    first_year: int
    staged: int = 0
    rejected: int = 0
    measures: dict[int, Measure] = {}  # by series id
    period_status: dict[str, str] = {}


def take_over(run: RefreshRun, load: Load, now: datetime, *, fetched_at: datetime) -> None:
    """Make this load the current figures, in the current transaction, and write down what changed."""
    table, items = run.source_table, series_of_table(run.source_table_id)
    touched = _describe(run, table, items, load, now)
    if load.load_id is None:
        restated = store.restate(load.series_ids, load.period_status, now)
        run.codes_only, run.restated = True, sum(restated.values())
        touched |= set(restated)
    else:
        touched |= _merge(run, load, load.load_id, now)
        table.loaded_at = fetched_at
        table.observations_modified_at = load.state.observations_modified
        run.source_modified_at = load.state.observations_modified or load.state.modified
        for item in items:
            item.series.fetched_at = fetched_at
    run.merged_at = now
    table.fingerprint, table.modified_at = load.state.fingerprint, load.state.modified
    for item in items:
        if item.series_id in touched:
            item.series.changed_at = now
    enqueue(Job.BUILD_EVERYWHERE)  # also when no figure changed: the day of fetching did


def _merge(run: RefreshRun, load: Load, load_id: UUID, now: datetime) -> frozenset[int]:
    merged = store.merge(load_id, load.series_ids, now, first_year=load.first_year)
    store.forget(load_id)
    run.rows_read, run.rejected = load.staged + load.rejected, load.rejected
    run.inserted, run.revised, run.unchanged = merged.inserted, merged.revised, merged.unchanged
    run.closed, run.restated, run.final_revised = merged.closed, merged.restated, merged.final_revised
    return merged.series_ids


def _describe(
    run: RefreshRun, table: SourceTable, items: Iterable[TableSeries], load: Load, now: datetime
) -> set[int]:
    """Take over what the source says beside its figures; gives the series about which something else is said now."""
    state, touched = load.state, set()

    def note(what: MetadataKind, old: str | None, new: str | None, series: Series | None = None) -> bool:
        """What was not known before is no change."""
        if not old or not new or old == new:
            return False
        db.add(
            MetadataChange(
                run_id=run.id, series_id=series.id if series else None, what=what, old=old, new=new, at=now
            )
        )
        return True

    title_changed = note(MetadataKind.TITLE, table.title, state.title)
    status_changed = note(MetadataKind.STATUS, table.status, state.status)
    table.title, table.status, table.frequency = state.title, state.status, state.frequency
    for item in items:
        series, said = item.series, load.measures.get(item.series_id)
        licence = LICENCES.get(state.licence, state.licence) if state.licence else series.licence
        changes = [title_changed, status_changed, (series.title, series.licence) != (state.title, licence)]
        series.title, series.licence = state.title, licence
        if said:
            changes += [
                note(MetadataKind.MEASURE, item.measure_title, said.title, series),
                note(MetadataKind.UNIT, series.unit, said.unit, series),
                note(MetadataKind.DEFINITION, item.definition, said.description, series),
            ]
            series.unit, item.measure_title, item.definition = said.unit, said.title, said.description
        if any(changes):
            touched.add(series.id)
    return touched
