"""Sources, tables and the queueing of refreshes. Writing needs the role `platform`, except for a request."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from workbench.accounts.models import Council
from workbench.core import audit
from workbench.core.db import db
from workbench.core.jobs import Job, enqueue
from workbench.core.tenancy import act_for
from workbench.indicators.catalogue import IndicatorEntry, SeriesEntry
from workbench.indicators.models import Indicator, Series
from workbench.indicators.operations import import_catalogue
from workbench.sources.connectors import is_connected
from workbench.sources.models import RefreshRequest, RefreshRun, RunState, Source, SourceTable, TableSeries

LABELS = {
    "cbs-v4": "CBS StatLine (OData 4)",
    "cbs-v3": "CBS StatLine (OData 3)",
    "dataderden": "CBS-portaal voor cijfers van anderen",
    "swing": "Waarstaatjegemeente (VNG)",
    "cbs-export": "CBS StatLine, bestand van de website",
    "iv3": "CBS Iv3, gemeentefinanciën",
}
NEED_A_KEY = {"swing"}  # off until the operator gives one


def import_entries(entries: Iterable[IndicatorEntry]) -> list[Indicator]:
    """Add or update indicators, and how their series are fetched."""
    entries = list(entries)
    indicators = import_catalogue(entries)
    for indicator, entry in zip(indicators, entries, strict=True):
        series = {(item.source, item.table, item.measure): item for item in indicator.series}
        for part in entry.series:
            _set_table_series(series[part.key], part)
    db.flush()
    return indicators


def _set_table_series(series: Series, entry: SeriesEntry) -> None:
    """A series of a connected source, as published or a plain sum, can be fetched; another computed one, or one without
    the dimensions of its table, comes with the workbench.
    """
    table = _table(entry.source, entry.table)
    known = db.scalar(sa.select(TableSeries).where(TableSeries.series_id == series.id))
    is_published = not entry.computed or entry.is_sum
    if not is_connected(entry.source) or not is_published or entry.period is None:
        if known:
            db.delete(known)
        return
    table.source.kind = entry.source
    if known is None:
        known = TableSeries(series_id=series.id)
        db.add(known)
    asked = (known.source_table_id, known.region, known.period, known.levels, known.first_year, known.filter)
    known.source_table_id = table.id
    known.region, known.period, known.first_year = entry.region, entry.period, entry.from_
    known.levels = [level.value for level in entry.levels]
    known.filter = dict(entry.filter)
    now_asked = (
        known.source_table_id,
        known.region,
        known.period,
        known.levels,
        known.first_year,
        known.filter,
    )
    if asked != now_asked:
        table.fingerprint = (
            None  # other rows are asked: the next refresh loads them, whether or not the table moved
        )


def announce(source_name: str) -> Source:
    """A source that needs a key is known, and off, before it has a table."""
    source = _source(source_name)
    source.kind = source_name
    return source


def _source(name: str) -> Source:
    db.flush()
    source = db.scalar(sa.select(Source).where(Source.name == name))
    if source is None:
        source = Source(name=name, label=LABELS.get(name, name), is_off=name in NEED_A_KEY)
        db.add(source)
    return source


def _table(source_name: str, table: str) -> SourceTable:
    source = _source(source_name)
    db.flush()
    found = db.scalar(
        sa.select(SourceTable).where(SourceTable.source_id == source.id, SourceTable.table == table)
    )
    if found is None:
        found = SourceTable(source_id=source.id, table=table)
        db.add(found)
        db.flush()
    return found


def tables_to_refresh(
    *, source: str | None = None, table: str | None = None, indicator: str | None = None
) -> list[SourceTable]:
    """Tables of sources that are on and that have a series to fetch, narrowed by source name, table id or indicator slug."""
    query = (
        sa.select(SourceTable)
        .join(Source, Source.id == SourceTable.source_id)
        .where(
            Source.kind.is_not(None),
            ~Source.is_off,
            sa.exists().where(TableSeries.source_table_id == SourceTable.id),
        )
        .order_by(Source.name, SourceTable.table)
    )
    if source:
        query = query.where(Source.name == source)
    if table:
        query = query.where(SourceTable.table == table)
    if indicator:
        query = query.where(
            SourceTable.id.in_(
                sa.select(TableSeries.source_table_id)
                .join(Series, Series.id == TableSeries.series_id)
                .join(Indicator, Indicator.id == Series.indicator_id)
                .where(Indicator.slug == indicator)
            )
        )
    return list(db.scalars(query))


def queue_refresh(table_id: UUID) -> RefreshRun:
    """Have a worker refresh this table."""
    run = waiting_run(table_id)
    enqueue(Job.REFRESH_TABLE, run_id=run.id)
    return run


def waiting_run(table_id: UUID) -> RefreshRun:
    """The run that will refresh this table: the one that waits (from now on due at once) or runs, or a new one."""
    active = sa.select(RefreshRun).where(
        RefreshRun.source_table_id == table_id, RefreshRun.state.in_([RunState.QUEUED, RunState.RUNNING])
    )
    run = db.scalar(active)
    if run is None:
        run = RefreshRun(source_table_id=table_id)
        try:
            with db.begin_nested():
                db.add(run)
        except sa.exc.IntegrityError:  # somebody else was a moment earlier
            run = db.scalars(active).one()
    if run.state is RunState.QUEUED:
        run.next_attempt_at = None
    return run


def ask_refresh(table_id: UUID, by: UUID) -> None:
    """An officer asks for a refresh (role `web`); a second wish that still waits adds nothing."""
    waiting = db.scalar(
        sa.select(RefreshRequest.id).where(
            RefreshRequest.source_table_id == table_id, RefreshRequest.picked_up_at.is_(None)
        )
    )
    if waiting is None:
        request = RefreshRequest(source_table_id=table_id, asked_by_id=by)
        db.add(request)
        audit.record("refresh_asked", request)
    enqueue(Job.PICK_UP_REQUESTS)


def pick_up_requests() -> None:
    """Turn the waiting requests of the acting council into runs, one per table."""
    waiting = db.scalars(
        sa.select(RefreshRequest)
        .where(RefreshRequest.picked_up_at.is_(None))
        .with_for_update(skip_locked=True)
    )
    for request in waiting:
        queue_refresh(request.source_table_id)
        request.picked_up_at = datetime.now(UTC)


def all_council_ids() -> list[UUID]:
    return list(db.scalars(sa.select(Council.id)))


def pick_up_all_requests() -> None:
    """The sweeper's share: requests whose job was lost."""
    for council_id in all_council_ids():
        act_for(db, council_id)
        pick_up_requests()
        db.flush()
    act_for(db, None)


def series_of_table(table_id: UUID) -> list[TableSeries]:
    return list(
        db.scalars(
            sa.select(TableSeries)
            .where(TableSeries.source_table_id == table_id)
            .options(selectinload(TableSeries.series))
        )
    )
