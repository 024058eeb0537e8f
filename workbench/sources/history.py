"""What changed, per run and for one municipality; and how complete a table is, without naming municipalities."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from workbench.core.db import db
from workbench.core.language import Language
from workbench.indicators.catalogue import AreaType
from workbench.indicators.models import Area, Indicator, Missing, Observation, PeriodRow, Series
from workbench.indicators.periods import Period, parse_period
from workbench.indicators.reports import Told
from workbench.sources.models import MetadataChange, RefreshRun, TableSeries


@dataclass(frozen=True)
class OwnChange:
    """A figure of our municipality, before and after a run. No `old`: it is new; no `new`: it is gone."""

    indicator: Indicator
    period: Period
    old: Observation | None
    new: Observation | None


@dataclass(frozen=True)
class RunView:
    """A run and what it changed: what the source says beside its figures, and figures of our municipality."""

    run: RefreshRun
    metadata: list[tuple[MetadataChange, str | None]] = field(
        default_factory=list
    )  # with the indicator's name
    own: list[OwnChange] = field(default_factory=list)

    @property
    def has_changes(self) -> bool:
        run = self.run
        return bool(self.metadata or run.inserted or run.revised or run.closed or run.restated)


def run_views(table_id: UUID, runs: Sequence[RefreshRun], area: Area | None) -> list[RunView]:
    """These runs of one table, with what each changed."""
    metadata = metadata_by_run(runs)
    own = _own_changes(table_id, [run.merged_at for run in runs if run.merged_at], area)
    return [
        RunView(run, metadata.get(run.id, []), own.get(run.merged_at, []) if run.merged_at else [])
        for run in runs
    ]


def metadata_by_run(runs: Iterable[RefreshRun]) -> dict[UUID, list[tuple[MetadataChange, str | None]]]:
    """Run id -> what it found changed beside figures, with the name of the indicator; without runs that found nothing."""
    metadata: dict[UUID, list[tuple[MetadataChange, str | None]]] = defaultdict(list)
    for change, name in db.execute(
        sa.select(MetadataChange, Indicator.name)
        .outerjoin(Series, Series.id == MetadataChange.series_id)
        .outerjoin(Indicator, Indicator.id == Series.indicator_id)
        .where(MetadataChange.run_id.in_([run.id for run in runs]))
        .order_by(MetadataChange.what, Indicator.name)
    ):
        metadata[change.run_id].append((change, name))
    return dict(metadata)


def _own_changes(
    table_id: UUID, moments: Sequence[datetime], area: Area | None
) -> dict[datetime, list[OwnChange]]:
    """Moment of a merge -> the figures of this area that it changed, by indicator and the newest period first."""
    if area is None or not moments:
        return {}
    closed: dict[tuple[datetime, int, int], Observation] = {}
    opened: dict[tuple[datetime, int, int], Observation] = {}
    about: dict[tuple[int, int], tuple[Indicator, Period]] = {}
    for row, indicator, code in db.execute(
        sa.select(Observation, Indicator, PeriodRow.code)
        .join(PeriodRow, PeriodRow.id == Observation.period_id)
        .join(Series, Series.id == Observation.series_id)
        .join(Indicator, Indicator.id == Series.indicator_id)
        .join(TableSeries, TableSeries.series_id == Series.id)
        .where(
            TableSeries.source_table_id == table_id,
            Observation.area_id == area.id,
            sa.or_(Observation.loaded_from.in_(moments), Observation.loaded_until.in_(moments)),
        )
    ):
        about[row.series_id, row.period_id] = indicator, parse_period(code)
        opened[row.loaded_from, row.series_id, row.period_id] = row
        if row.loaded_until:
            closed[row.loaded_until, row.series_id, row.period_id] = row
    changes: dict[datetime, list[OwnChange]] = defaultdict(list)
    wanted = set(moments)
    for key in closed.keys() | opened.keys():
        old, new = closed.get(key), opened.get(key)
        never_there = old is None and new is not None and new.missing is Missing.IMPOSSIBLE
        known = new or old
        if key[0] in wanted and known and not never_there:
            changes[key[0]].append(OwnChange(*about[known.series_id, known.period_id], old, new))
    for found in changes.values():
        found.sort(key=lambda change: change.period.starts_on, reverse=True)
        found.sort(key=lambda change: change.indicator.name)
    return changes


def source_changes(indicator_id: UUID, name: str, language: Language) -> list[Told]:
    """What the source changed beside the figures of an indicator: title, status, name, unit, definition."""
    ids = sa.select(Series.id).where(Series.indicator_id == indicator_id)
    tables = sa.select(TableSeries.source_table_id).where(TableSeries.series_id.in_(ids))
    rows = db.scalars(
        sa.select(MetadataChange)
        .join(RefreshRun, RefreshRun.id == MetadataChange.run_id)
        .where(
            sa.or_(
                MetadataChange.series_id.in_(ids),
                sa.and_(MetadataChange.series_id.is_(None), RefreshRun.source_table_id.in_(tables)),
            )
        )
    )
    return [
        Told(change.at, f"{language.date(change.at)}: {change.sentence(language, name)}") for change in rows
    ]


@dataclass(frozen=True)
class Coverage:
    """How many municipalities have a figure in one period, of those there were on its first day.

    Where the source says that there can be no figure ('impossible'), the municipality is not counted at all.
    """

    indicator: str
    period: Period
    municipalities: int
    valued: int
    missing: dict[str, int]  # reason -> municipalities

    @property
    def absent(self) -> int:
        """Municipalities of which the source has no row at all."""
        return self.municipalities - self.valued - sum(self.missing.values())


@dataclass(frozen=True)
class Completeness:
    """A table in one line: the indicator with the fewest municipalities in the newest period that has a figure."""

    newest: Coverage
    periods: int
    first: Period


def completeness(found: Iterable[Coverage]) -> Completeness | None:
    """None: no municipality has a figure."""
    filled = [item for item in found if item.valued]
    if not filled:
        return None
    first = min(filled, key=lambda item: item.period.starts_on).period
    last = max(item.period.starts_on for item in filled)
    least = min((item for item in filled if item.period.starts_on == last), key=lambda item: item.valued)
    return Completeness(least, len({item.period.code for item in filled}), first)


def coverage_of(table_id: UUID) -> list[Coverage]:
    """By indicator, the newest period first; empty when the table has no figures of municipalities."""
    return coverage_by_table([table_id]).get(table_id, [])


def coverage_by_table(table_ids: Iterable[UUID]) -> dict[UUID, list[Coverage]]:
    """Table id -> its coverage, in two queries; without tables that have no figures of municipalities."""
    is_there = sa.and_(
        Area.type == AreaType.GEMEENTE,
        sa.or_(Area.valid_from.is_(None), Area.valid_from <= PeriodRow.starts_on),
        sa.or_(Area.valid_until.is_(None), Area.valid_until > PeriodRow.starts_on),
    )
    counts: dict[tuple[UUID, str, str], dict[str | None, int]] = defaultdict(dict)
    for table_id, name, code, missing, count in db.execute(
        sa.select(
            TableSeries.source_table_id,
            Indicator.name,
            PeriodRow.code,
            Observation.missing,
            sa.func.count(),
        )
        .select_from(TableSeries)
        .join(Series, Series.id == TableSeries.series_id)
        .join(Indicator, Indicator.id == Series.indicator_id)
        .join(Observation, Observation.series_id == Series.id)
        .join(PeriodRow, PeriodRow.id == Observation.period_id)
        .join(Area, sa.and_(Area.id == Observation.area_id, is_there))
        .where(TableSeries.source_table_id.in_(list(table_ids)), Observation.loaded_until.is_(None))
        .group_by(TableSeries.source_table_id, Indicator.name, PeriodRow.code, Observation.missing)
    ):
        counts[table_id, name, code][missing and missing.value] = count
    there = _municipalities({code for _table_id, _name, code in counts}, is_there)
    found: dict[UUID, list[Coverage]] = defaultdict(list)
    for (table_id, name, code), reasons in counts.items():
        found[table_id].append(
            Coverage(
                name,
                parse_period(code),
                there[code] - reasons.pop("impossible", 0),
                reasons.pop(None, 0),
                {reason: count for reason, count in reasons.items() if reason},
            )
        )
    for items in found.values():
        items.sort(key=lambda item: item.period.starts_on, reverse=True)
        items.sort(key=lambda item: item.indicator)
    return dict(found)


def _municipalities(codes: Iterable[str], is_there: sa.ColumnElement[bool]) -> dict[str, int]:
    """Period code -> how many municipalities there were."""
    rows = db.execute(
        sa.select(PeriodRow.code, sa.func.count(Area.id))
        .join(Area, is_there)
        .where(PeriodRow.code.in_(list(codes)))
        .group_by(PeriodRow.code)
    )
    return dict(rows.all())
