"""Reading sources, their tables, their last runs, and what may be expected of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from workbench.core.db import db
from workbench.core.language import AMSTERDAM
from workbench.indicators.models import Indicator, Series
from workbench.sources.connectors import connector
from workbench.sources.models import RefreshRequest, RefreshRun, Source, SourceTable, TableSeries
from workbench.sources.publication import ENDED, Expected, expected
from workbench.sources.schedule import next_nightly

MOST_IN_TITLE = 2  # series after which a table without a title is called


@dataclass(frozen=True)
class TableView:
    """A table with its last run, what waits for a person, and what may be expected."""

    table: SourceTable
    title: str  # as the source or the bundled figures call it; empty: not known
    run: RefreshRun | None
    indicators: list[str]
    is_asked: bool  # does somebody's wish to refresh it still wait?
    as_of: datetime | None  # when the figures that stand now were taken from the source; None: not known
    waiting: RefreshRun | None  # a suspect run that waits for an operator
    expected: Expected | None
    now: datetime

    @property
    def is_active(self) -> bool:
        """Is something going on at this moment? A later attempt after a silence is not."""
        return self.is_asked or bool(self.run and self.run.is_active and not self.run.next_attempt_at)

    @property
    def is_recorded(self) -> bool:
        """Was the way this table is fetched tested against real answers of the source?"""
        return connector(self.table.source.kind or "").is_recorded

    @property
    def next_at(self) -> datetime:
        """When the workbench looks at the source again by itself."""
        later = self.run.next_attempt_at if self.run and self.run.is_active else None
        return later or next_nightly(self.now)

    @property
    def age(self) -> int | None:
        """Whole days since the figures that stand now were taken from the source."""
        return None if self.as_of is None else max((self.now - self.as_of).days, 0)

    @property
    def is_late(self) -> bool:
        return self.expected is not None and self.expected.is_late(_day(self.now))

    @property
    def is_ended(self) -> bool:
        """Does the source say that this table gets no new figures?"""
        return self.table.status in ENDED or self.table.frequency in ENDED


def connected_tables(table_id: UUID | None = None) -> list[TableView]:
    """Tables that can be refreshed (or the one with this id), with what stands in the way."""
    names: dict[UUID, list[str]] = {}
    titles: dict[UUID, dict[str, None]] = {}
    fetched: dict[UUID, datetime | None] = {}
    series = (
        sa.select(TableSeries.source_table_id, Indicator.name, Series.title, Series.fetched_at)
        .join(Series, Series.id == TableSeries.series_id)
        .join(Indicator, Indicator.id == Series.indicator_id)
        .order_by(Indicator.name)
    )
    if table_id:
        series = series.where(TableSeries.source_table_id == table_id)
    for found_id, name, title, moment in db.execute(series):
        names.setdefault(found_id, []).append(name)
        titles.setdefault(found_id, {})[title] = None
        fetched[found_id] = moment or fetched.get(found_id)
    # Wishes before runs: a wish that a worker turns into a run in between is then seen twice rather than not at all.
    asked = set(
        db.scalars(sa.select(RefreshRequest.source_table_id).where(RefreshRequest.picked_up_at.is_(None)))
    )
    last = (
        sa.select(RefreshRun.id)
        .where(RefreshRun.source_table_id.in_(names))
        .ext(distinct_on(RefreshRun.source_table_id))
        .order_by(RefreshRun.source_table_id, RefreshRun.queued_at.desc())
    )
    runs: dict[UUID, RefreshRun] = {}
    waiting: dict[UUID, RefreshRun] = {}
    for run in db.scalars(
        sa.select(RefreshRun)
        .where(sa.or_(RefreshRun.id.in_(last), RefreshRun.held_load_id.is_not(None)))
        .order_by(RefreshRun.queued_at)
    ):
        runs[run.source_table_id] = run
        if run.waits_for_decision:
            waiting[run.source_table_id] = run
    tables = list(
        db.scalars(sa.select(SourceTable).where(SourceTable.id.in_(names)).order_by(SourceTable.table))
    )
    seen = _days_of_publication(tables)
    now = datetime.now(UTC)
    return [
        TableView(
            table,
            table.title or _title_of(titles[table.id]),
            runs.get(table.id),
            names[table.id],
            table.id in asked,
            fetched[table.id],
            waiting.get(table.id),
            expected(seen[table.id], table.frequency, table.status),
            now,
        )
        for table in tables
    ]


def _title_of(series: Iterable[str]) -> str:
    """What a table is called as long as the source did not say: after its series, unless they are many; else empty."""
    named = [title for title in series if title]
    return "; ".join(named) if len(named) <= MOST_IN_TITLE else ""


def _days_of_publication(tables: Iterable[SourceTable]) -> dict[UUID, set[date]]:
    """Table id -> the days on which the source brought new figures, as far as we saw it."""
    days: dict[UUID, set[date]] = defaultdict(set)
    for table in tables:
        if moment := table.observations_modified_at or table.modified_at:
            days[table.id].add(_day(moment))
    for table_id, moment in db.execute(
        sa.select(RefreshRun.source_table_id, RefreshRun.source_modified_at)
        .where(
            RefreshRun.source_table_id.in_([table.id for table in tables]),
            RefreshRun.source_modified_at.is_not(None),
        )
        .distinct()
    ):
        if moment:
            days[table_id].add(_day(moment))
    return days


def _day(moment: datetime) -> date:
    return moment.astimezone(AMSTERDAM).date()


def bundled_sources() -> list[tuple[Source, int]]:
    """Sources of figures that come with the workbench, with their number of such series."""
    rows = db.execute(
        sa.select(Source, sa.func.count(Series.id))
        .join(Series, Series.source == Source.name)
        .where(~sa.exists().where(TableSeries.series_id == Series.id))
        .group_by(Source.id)
        .order_by(Source.label)
    )
    return [(source, count) for source, count in rows]


def untried_sources() -> list[Source]:
    """Sources whose connector was made after a manual, and never tested against real answers."""
    connected = db.scalars(sa.select(Source).where(Source.kind.is_not(None)).order_by(Source.label))
    return [source for source in connected if not connector(source.kind or "").is_recorded]


def sources_of(views: Iterable[TableView]) -> list[tuple[Source, list[TableView]]]:
    """The connected sources with their tables, by label."""
    tables: dict[UUID, list[TableView]] = defaultdict(list)
    sources = {}
    for view in views:
        sources[view.table.source.id] = view.table.source
        tables[view.table.source.id].append(view)
    return [(source, tables[source.id]) for source in sorted(sources.values(), key=lambda item: item.label)]


@dataclass(frozen=True)
class BundledTable:
    """A table of which the figures come with the workbench."""

    source: str  # the label
    table: str
    first: str  # the first figure in it, by name
    series: int


def bundled_tables() -> list[BundledTable]:
    """By source and number, without the series that the workbench fetches itself."""
    rows = db.execute(
        sa.select(Source.label, Series.table, sa.func.min(Indicator.name), sa.func.count(Series.id))
        .join(Series, Series.source == Source.name)
        .join(Indicator, Indicator.id == Series.indicator_id)
        .where(~sa.exists().where(TableSeries.series_id == Series.id))
        .group_by(Source.label, Series.table)
        .order_by(Source.label, Series.table)
    )
    return [BundledTable(*row) for row in rows]


@dataclass(frozen=True)
class Agenda:
    """What may be expected of the tables: by month, and those of which nothing can be said."""

    months: list[tuple[date, list[TableView]]]
    ended: list[TableView]
    unknown: list[TableView]


def agenda(views: Iterable[TableView]) -> Agenda:
    """The calendar of publications; the month that passed without new figures comes first."""
    months: dict[date, list[TableView]] = defaultdict(list)
    ended, unknown = [], []
    for view in views:
        if view.is_ended:
            ended.append(view)
        elif view.expected is None:
            unknown.append(view)
        else:
            months[view.expected.month].append(view)
    return Agenda(sorted(months.items()), ended, unknown)


def runs_of(table: SourceTable, most: int = 20) -> list[RefreshRun]:
    return list(
        db.scalars(
            sa.select(RefreshRun)
            .where(RefreshRun.source_table_id == table.id)
            .order_by(RefreshRun.queued_at.desc())
            .limit(most)
        )
    )


def list_runs(most: int, skip: int = 0) -> tuple[int, list[RefreshRun]]:
    """How many runs there were, of all tables, and `most` of them, the newest first."""
    total = db.scalar(sa.select(sa.func.count(RefreshRun.id))) or 0
    newest = sa.select(RefreshRun).order_by(RefreshRun.queued_at.desc(), RefreshRun.id)
    return total, list(db.scalars(newest.offset(skip).limit(most)))
