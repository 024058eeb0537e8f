"""Reading the catalogue and the figures of one area, or of a group without naming its members."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from workbench.core.db import db
from workbench.indicators.catalogue import AreaType
from workbench.indicators.compare import INHABITANTS, Municipality
from workbench.indicators.models import Area, CouncilArea, Indicator, Observation, PeriodRow, Series
from workbench.indicators.periods import Period, parse_period


@dataclass(frozen=True)
class Figure:
    """One current figure of an area, with what it was before its last revision."""

    series: Series
    period: Period
    value: float | None
    status: str
    missing: str | None
    revised_from: float | None
    revised_at: datetime | None


def own_area() -> Area | None:
    """The area the acting council is about, today."""
    today = date.today()  # noqa: DTZ011 - a calendar day, as in a merger on 1 January
    return db.scalar(
        sa.select(Area)
        .join(CouncilArea, CouncilArea.area_id == Area.id)
        .where(
            sa.or_(CouncilArea.valid_from.is_(None), CouncilArea.valid_from <= today),
            sa.or_(CouncilArea.valid_until.is_(None), CouncilArea.valid_until > today),
        )
        .order_by(CouncilArea.valid_from.desc().nulls_last())
        .limit(1)
    )


def find_indicator(slug: str) -> Indicator | None:
    return db.scalar(
        sa.select(Indicator).where(Indicator.slug == slug).options(selectinload(Indicator.series))
    )


def search(
    words: str, theme: str | None = None, *, most: int | None = None, skip: int = 0
) -> tuple[int, list[Indicator]]:
    """How many indicators hold all these words in name, definition or slug, and `most` of them with their series.

    Those with figures come first, then by name.
    """
    query = sa.select(Indicator)
    for word in words.split()[:10]:
        pattern = "%" + word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
        query = query.where(
            sa.or_(
                Indicator.name.ilike(pattern),
                Indicator.definition.ilike(pattern),
                Indicator.slug.ilike(pattern),
            )
        )
    if theme:
        query = query.where(sa.literal(theme) == sa.any_(Indicator.themes))
    total = db.scalar(query.with_only_columns(sa.func.count(Indicator.id))) or 0
    found = db.scalars(
        query.options(selectinload(Indicator.series))
        .order_by(~Indicator.series.any(), sa.func.lower(Indicator.name), Indicator.slug)
        .limit(most)
        .offset(skip)
    )
    return total, list(found)


def figures_of(indicator: Indicator, area: Area) -> list[Figure]:
    """The current figures of one area, by period; of two series that both have a period, the later series counts."""
    series = {item.id: item for item in indicator.series}
    before = (
        sa.select(Observation.value, Observation.loaded_until)
        .where(
            Observation.series_id == sa.literal_column("o.series_id"),
            Observation.area_id == sa.literal_column("o.area_id"),
            Observation.period_id == sa.literal_column("o.period_id"),
            Observation.loaded_until.is_not(None),
            Observation.value.is_distinct_from(sa.literal_column("o.value")),
        )
        .order_by(Observation.loaded_until.desc())
        .limit(1)
        .lateral("before")
    )
    current = Observation.__table__.alias("o")
    rows = db.execute(
        sa.select(
            current.c.series_id,
            PeriodRow.code,
            current.c.value,
            current.c.status,
            current.c.missing,
            before.c.value,
            before.c.loaded_until,
        )
        .join(PeriodRow, PeriodRow.id == current.c.period_id)
        .outerjoin(before, sa.true())
        .where(
            current.c.series_id.in_(series), current.c.area_id == area.id, current.c.loaded_until.is_(None)
        )
    )
    found: dict[str, Figure] = {}
    for series_id, code, value, status, missing, old, until in sorted(
        rows, key=lambda row: series[row.series_id].part
    ):
        found[code] = Figure(
            series[series_id], parse_period(code), value, status.value, missing and missing.value, old, until
        )
    return sorted(found.values(), key=lambda figure: figure.period.starts_on)


def newest_figures(indicators: Iterable[Indicator], area: Area) -> dict[str, Figure]:
    """Per indicator slug the newest figure with a value, in one query."""
    owner = {series.id: (indicator, series) for indicator in indicators for series in indicator.series}
    rows = db.execute(
        sa.select(Observation.series_id, PeriodRow.code, Observation.value, Observation.status)
        .join(PeriodRow, PeriodRow.id == Observation.period_id)
        .where(
            Observation.series_id.in_(owner),
            Observation.area_id == area.id,
            Observation.loaded_until.is_(None),
            Observation.value.is_not(None),
        )
        .order_by(PeriodRow.ends_on)
    )
    newest = {}
    for series_id, code, value, status in rows:
        indicator, series = owner[series_id]
        newest[indicator.slug] = Figure(series, parse_period(code), value, status.value, None, None, None)
    return newest


def municipalities(slugs: Iterable[str], known_at: datetime) -> list[Municipality]:
    """What makes municipalities comparable, as the workbench knew it at that moment: never for a page.

    Those that existed on that day and had inhabitants in the newest year with figures; of each of `slugs` the newest
    figure. An old moment gives the same answer whenever it is asked.
    """
    found = {slug: _newest_by_area(slug, known_at) for slug in {INHABITANTS, *slugs}}
    day = known_at.date()
    areas = db.scalars(
        sa.select(Area).where(
            Area.id.in_(found[INHABITANTS]),
            sa.or_(Area.valid_from.is_(None), Area.valid_from <= day),
            sa.or_(Area.valid_until.is_(None), Area.valid_until > day),
        )
    )
    return [
        Municipality(
            area.id,
            area.code,
            area.province_code,
            {slug: values[area.id] for slug, values in found.items() if area.id in values},
        )
        for area in areas
    ]


def _newest_by_area(slug: str, known_at: datetime) -> dict[int, float]:
    """Area id -> figure, of the newest period of this indicator for which a municipality had a value."""
    known = (
        sa.select(Observation.area_id, PeriodRow.starts_on, Series.part, Observation.value)
        .join(Area, Area.id == Observation.area_id)
        .join(PeriodRow, PeriodRow.id == Observation.period_id)
        .join(Series, Series.id == Observation.series_id)
        .join(Indicator, Indicator.id == Series.indicator_id)
        .where(
            Indicator.slug == slug,
            Area.type == AreaType.GEMEENTE,
            Observation.value.is_not(None),
            Observation.loaded_from <= known_at,
            sa.or_(Observation.loaded_until.is_(None), Observation.loaded_until > known_at),
        )
        .cte("known")
    )
    newest = sa.select(sa.func.max(known.c.starts_on)).scalar_subquery()
    current = sa.select(known.c.area_id, known.c.value).where(known.c.starts_on == newest)
    return dict(db.execute(current.order_by(known.c.part)).all())  # of two series the later one counts


def names_of(area_ids: Iterable[int]) -> list[str]:
    """Names in alphabetical order, without any figure."""
    return list(
        db.scalars(sa.select(Area.name).where(Area.id.in_(list(area_ids))).order_by(sa.func.lower(Area.name)))
    )


def group_values(indicator: Indicator, area_ids: list[int]) -> dict[str, list[float]]:
    """Period code -> the current values of those of these areas that existed then, without saying whose they are."""
    parts = {series.id: series.part for series in indicator.series}
    rows = db.execute(
        sa.select(PeriodRow.code, Observation.series_id, sa.func.array_agg(Observation.value))
        .join(PeriodRow, PeriodRow.id == Observation.period_id)
        .join(Area, Area.id == Observation.area_id)
        .where(
            Observation.series_id.in_(parts),
            Observation.area_id.in_(area_ids),
            sa.or_(Area.valid_from.is_(None), Area.valid_from <= PeriodRow.ends_on),
            sa.or_(Area.valid_until.is_(None), Area.valid_until > PeriodRow.starts_on),
            Observation.loaded_until.is_(None),
            Observation.value.is_not(None),
        )
        .group_by(PeriodRow.code, Observation.series_id)
    )
    ordered = sorted(rows, key=lambda row: parts[row.series_id])
    return {code: [value for value in values if value is not None] for code, _series_id, values in ordered}


def changed_at(indicator_ids: Iterable[object]) -> dict[object, datetime]:
    """Indicator id -> when its figures, or those that size municipalities, last changed here."""
    sizes = db.scalar(
        sa.select(sa.func.max(Series.changed_at)).join(Indicator).where(Indicator.slug == INHABITANTS)
    )
    rows = db.execute(
        sa.select(Series.indicator_id, sa.func.max(Series.changed_at))
        .where(Series.indicator_id.in_(list(indicator_ids)))
        .group_by(Series.indicator_id)
    )
    return {indicator_id: max(moment, sizes or moment) for indicator_id, moment in rows}


def list_areas(kind: AreaType | None, most: int, skip: int = 0) -> tuple[int, list[Area]]:
    """How many areas of this type (None: of all types) there are, and `most` of them by code."""
    query = sa.select(Area).where(Area.type == kind) if kind else sa.select(Area)
    total = db.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    return total, list(db.scalars(query.order_by(Area.code).offset(skip).limit(most)))
