"""Reading sources, their tables and their last runs."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from workbench.core.db import db
from workbench.indicators.models import Indicator, Series
from workbench.sources.models import RefreshRequest, RefreshRun, Source, SourceTable, TableSeries


@dataclass(frozen=True)
class TableView:
    """A table with its last run, and whether somebody's wish to refresh it still waits."""

    table: SourceTable
    run: RefreshRun | None
    indicators: list[str]
    is_asked: bool
    as_of: datetime | None  # when the figures that stand now were taken from the source; None: not known

    @property
    def is_active(self) -> bool:
        """Is something going on at this moment? A later attempt after a silence is not."""
        return self.is_asked or bool(self.run and self.run.is_active and not self.run.next_attempt_at)


def connected_tables() -> list[TableView]:
    """Tables that can be refreshed, with what stands in the way."""
    names: dict[UUID, list[str]] = {}
    fetched: dict[UUID, datetime | None] = {}
    for table_id, name, moment in db.execute(
        sa.select(TableSeries.source_table_id, Indicator.name, Series.fetched_at)
        .join(Series, Series.id == TableSeries.series_id)
        .join(Indicator, Indicator.id == Series.indicator_id)
        .order_by(Indicator.name)
    ):
        names.setdefault(table_id, []).append(name)
        fetched[table_id] = moment or fetched.get(table_id)
    # Wishes before runs: a wish that a worker turns into a run in between is then seen twice rather than not at all.
    asked = set(
        db.scalars(sa.select(RefreshRequest.source_table_id).where(RefreshRequest.picked_up_at.is_(None)))
    )
    last = (
        sa.select(RefreshRun)
        .where(RefreshRun.source_table_id.in_(names))
        .ext(distinct_on(RefreshRun.source_table_id))
        .order_by(RefreshRun.source_table_id, RefreshRun.queued_at.desc())
    )
    runs = {run.source_table_id: run for run in db.scalars(last)}
    tables = db.scalars(sa.select(SourceTable).where(SourceTable.id.in_(names)).order_by(SourceTable.table))
    return [
        TableView(table, runs.get(table.id), names[table.id], table.id in asked, fetched[table.id])
        for table in tables
    ]


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
