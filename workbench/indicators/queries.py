"""Reading the catalogue and the figures of one area, or of a group without naming its members."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from workbench.core.db import Base, db
from workbench.core.language import AMSTERDAM
from workbench.indicators.catalogue import AreaType
from workbench.indicators.compare import INHABITANTS, Municipality
from workbench.indicators.models import (
    Area,
    AreaChange,
    CouncilArea,
    Indicator,
    Observation,
    PeriodRow,
    Series,
)
from workbench.indicators.periods import Period, parse_period

MOST_WORDS = 10
LONGEST_WORD = 100
ALIKE = 0.5  # share of three-letter parts that a mistyped word has in common with the word that was meant
SHORTEST_ALIKE = 4  # letters; shorter words resemble too much


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
    return db.scalar(sa.select(Area).where(Area.id == _own_area_id()))


def _own_area_id() -> sa.ScalarSelect[int]:
    today = date.today()  # noqa: DTZ011 - a calendar day, as in a merger on 1 January
    return (
        sa.select(CouncilArea.area_id)
        .where(
            sa.or_(CouncilArea.valid_from.is_(None), CouncilArea.valid_from <= today),
            sa.or_(CouncilArea.valid_until.is_(None), CouncilArea.valid_until > today),
        )
        .order_by(CouncilArea.valid_from.desc().nulls_last())
        .limit(1)
        .scalar_subquery()
    )


def own_area_and_version() -> tuple[Area | None, str]:
    """The area the acting council is about, and a text that differs after every change of the public figures.

    PostgreSQL writes in each row by which transaction it came (xmin); no write, of whatever code, goes past that. A
    load that changes figures also writes in their series, and areas that are counted but not named have figures.
    """
    version = sa.select(
        sa.func.md5(
            sa.func.concat_ws(
                "/",
                _writers(Indicator),
                _writers(Series),
                _writers(Area, Area.type.not_in([AreaType.WIJK, AreaType.BUURT])),
                _writers(AreaChange),
            )
        ).label("version")
    ).subquery()
    row = db.execute(
        sa.select(Area, version.c.version).select_from(version).outerjoin(Area, Area.id == _own_area_id())
    ).one()
    return row.Area, row.version


def _writers(model: type[Base], *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[str]:
    """By which transactions the rows of a table came, in one text."""
    wrote = sa.cast(sa.literal_column(f"{model.__tablename__}.xmin"), sa.Text)
    return sa.select(sa.func.string_agg(wrote, ",")).select_from(model).where(*conditions).scalar_subquery()


def find_indicator(slug: str) -> Indicator | None:
    query = sa.select(Indicator).where(Indicator.slug == slug).options(joinedload(Indicator.series))
    return db.scalars(query).unique().one_or_none()


class Have(StrEnum):
    """What figures an area has of an indicator: some, some recent, only older, none."""

    SOME = "met"
    RECENT = "recent"
    OLDER = "ouder"
    NONE = "zonder"


@dataclass(frozen=True)
class Choice:
    """What the catalogue is narrowed to. `have` speaks about `area`; recent is: over `recent_from` or later."""

    words: str = ""
    theme: str | None = None
    law: str | None = None
    level: str | None = None
    have: Have | None = None
    area: Area | None = None
    recent_from: int = 0


@dataclass(frozen=True)
class Found:
    """How many indicators there are, a page of them with their series, and whether the words were only resembled."""

    total: int
    indicators: list[Indicator]
    is_alike: bool


def search(
    words: str, theme: str | None = None, *, most: int | None = None, skip: int = 0
) -> tuple[int, list[Indicator]]:
    """How many indicators there are with these words, and `most` of them with their series; see `find`."""
    found = find(Choice(words, theme), most=most, skip=skip)
    return found.total, found.indicators


def find(choice: Choice, *, most: int | None = None, skip: int = 0) -> Found:
    """Indicators with all these words, in any form: stemmed, as part of a longer word, or as a synonym.

    When there is none, those with words that look the same. With words the best match comes first; without them
    those with figures, then by name.
    """
    words = _words(choice.words)
    narrowed = _narrowed(choice)
    for is_alike in (False, True) if words else (False,):
        query = narrowed.where(*_conditions(words, is_alike=is_alike))
        total = db.scalar(query.with_only_columns(sa.func.count(Indicator.id))) or 0
        if total:
            break
    order = [~Indicator.series.any(), sa.func.lower(Indicator.name), Indicator.slug]
    found = db.scalars(
        query.options(selectinload(Indicator.series))
        .order_by(*([_relevance(words).desc()] if words else []), *order)
        .limit(most)
        .offset(skip)
    )
    return Found(total, list(found), is_alike and total > 0)


def _words(text: str) -> list[str]:
    """The words that were typed, without characters that PostgreSQL cannot hold."""
    plain = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in text[:2000])
    return [word[:LONGEST_WORD].lower() for word in plain.split()[:MOST_WORDS]]


def _dutch(text: str) -> Any:
    return sa.func.plainto_tsquery(sa.literal_column("'dutch'::regconfig"), text)


def _conditions(words: list[str], *, is_alike: bool) -> list[Any]:
    """One condition for each word. A word without meaning ('voor') need not be there, unless all of them are such."""
    some = sa.func.numnode(_dutch(" ".join(words))) > 0
    conditions = []
    for word in words:
        ways = [
            Indicator.search.bool_op("@@")(_dutch(word)),
            Indicator.search_text.contains(word, autoescape=True),
            sa.and_(some, sa.func.numnode(_dutch(word)) == 0),
        ]
        if is_alike and len(word) >= SHORTEST_ALIKE:
            ways.append(sa.func.word_similarity(word, Indicator.search_text) >= ALIKE)
        conditions.append(sa.or_(*ways))
    return conditions


def _relevance(words: list[str]) -> Any:
    """Higher for words in the name than in synonyms, for synonyms than in the definition; for whole words than parts."""
    meant: Any = sa.func.to_tsquery("")
    for word in words:
        meant = meant.bool_op("||")(_dutch(word))
    named = [sa.func.word_similarity(word, sa.func.lower(Indicator.name)) for word in words]
    return sa.func.ts_rank(Indicator.search, meant) + sum(named[1:], named[0]) / len(words)


def _narrowed(choice: Choice) -> sa.Select[Indicator]:
    query = sa.select(Indicator)
    if choice.theme:
        query = query.where(sa.literal(choice.theme) == sa.any_(Indicator.themes))
    if choice.law:
        query = query.where(sa.literal(choice.law) == sa.any_(Indicator.laws))
    if choice.level:
        query = query.where(Indicator.series.any(sa.literal(choice.level) == sa.any_(Series.levels)))
    if choice.have and choice.area:
        query = query.where(_has(choice.have, choice.area, choice.recent_from))
    return query


def _has(have: Have, area: Area, recent_from: int) -> sa.ColumnElement[bool]:
    with_value = (
        sa.select(Series.indicator_id)
        .join(Observation, Observation.series_id == Series.id)
        .join(PeriodRow, PeriodRow.id == Observation.period_id)
        .where(
            Observation.area_id == area.id,
            Observation.loaded_until.is_(None),
            Observation.value.is_not(None),
        )
    )
    recent = with_value.where(PeriodRow.ends_on >= date(recent_from or 1, 1, 1))
    match have:
        case Have.SOME:
            return Indicator.id.in_(with_value)
        case Have.RECENT:
            return Indicator.id.in_(recent)
        case Have.OLDER:
            return sa.and_(Indicator.id.in_(with_value), Indicator.id.not_in(recent))
        case Have.NONE:
            return Indicator.id.not_in(with_value)


def known_levels() -> set[str]:
    """The kinds of areas that some series has figures about."""
    return set(db.scalars(sa.select(sa.func.unnest(Series.levels)).distinct()))


def figures_of(indicator: Indicator, area: Area, as_of: datetime | None = None) -> list[Figure]:
    """The current figures of one area, by period; of two series that both have a period, the later series counts.

    With `as_of`: the figures that were current here at that moment.
    """
    return figures_by_area(indicator, [area], as_of)[area.id]


def figures_by_area(
    indicator: Indicator, areas: list[Area], as_of: datetime | None = None
) -> dict[int, list[Figure]]:
    """Area id -> its figures (see `figures_of`), in one query. For one area and what it lies in, never for a list."""
    series = {item.id: item for item in indicator.series}
    earlier = Observation.__table__.alias("earlier")
    current = Observation.__table__.alias("o")
    before = (
        sa.select(earlier.c.value, earlier.c.loaded_until)
        .where(
            earlier.c.series_id == current.c.series_id,
            earlier.c.area_id == current.c.area_id,
            earlier.c.period_id == current.c.period_id,
            earlier.c.loaded_until <= current.c.loaded_from,
            earlier.c.value.is_distinct_from(current.c.value),
        )
        .order_by(earlier.c.loaded_until.desc())
        .limit(1)
        .lateral("before")
    )
    rows = db.execute(
        sa.select(
            current.c.area_id,
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
            current.c.series_id.in_(series),
            current.c.area_id.in_([area.id for area in areas]),
            *_known_at(current.c, as_of),
        )
    )
    found: dict[int, dict[str, Figure]] = {area.id: {} for area in areas}
    for area_id, series_id, code, value, status, missing, old, until in sorted(
        rows, key=lambda row: series[row.series_id].part
    ):
        found[area_id][code] = Figure(
            series[series_id], parse_period(code), value, status.value, missing and missing.value, old, until
        )
    return {area_id: _by_time(figures.values()) for area_id, figures in found.items()}


def _known_at(columns: Any, as_of: datetime | None) -> list[sa.ColumnElement[bool]]:
    if as_of is None:
        return [columns.loaded_until.is_(None)]
    return [
        columns.loaded_from <= as_of,
        sa.or_(columns.loaded_until.is_(None), columns.loaded_until > as_of),
    ]


def _by_time(figures: Iterable[Figure]) -> list[Figure]:
    return sorted(figures, key=lambda figure: figure.period.starts_on)


def change_days(indicator: Indicator, area: Area) -> list[date]:
    """The days (in Dutch time) on which figures of this area came in, changed or went, the newest first."""
    kept = sa.select(Observation.loaded_from, Observation.loaded_until).where(
        Observation.series_id.in_([series.id for series in indicator.series]),
        Observation.area_id == area.id,
    )
    moments = kept.subquery()
    days = [
        sa.select(sa.cast(sa.func.timezone(str(AMSTERDAM), column), sa.Date).label("day"))
        for column in moments.c
    ]
    every = sa.union(*days).subquery()
    return list(
        db.scalars(sa.select(every.c.day).where(every.c.day.is_not(None)).order_by(every.c.day.desc()))
    )


def lines_of(indicators: Iterable[Indicator], area: Area) -> dict[str, list[Figure]]:
    """Per indicator slug the current figures of one area, by period, in one query; without what they were before."""
    owner = {series.id: (indicator, series) for indicator in indicators for series in indicator.series}
    rows = db.execute(
        sa.select(
            Observation.series_id,
            PeriodRow.code,
            Observation.value,
            Observation.status,
            Observation.missing,
        )
        .join(PeriodRow, PeriodRow.id == Observation.period_id)
        .where(
            Observation.series_id.in_(owner),
            Observation.area_id == area.id,
            Observation.loaded_until.is_(None),
        )
    )
    lines: dict[str, dict[str, Figure]] = {}
    for series_id, code, value, status, missing in sorted(rows, key=lambda row: owner[row.series_id][1].part):
        indicator, series = owner[series_id]
        lines.setdefault(indicator.slug, {})[code] = Figure(
            series, parse_period(code), value, status.value, missing and missing.value, None, None
        )
    return {slug: _by_time(line.values()) for slug, line in lines.items()}


def newest(figures: Iterable[Figure]) -> Figure | None:
    """The last of these figures, in order of time, that has a value."""
    valued = [figure for figure in figures if figure.value is not None]
    return valued[-1] if valued else None


def newest_figures(indicators: Iterable[Indicator], area: Area) -> dict[str, Figure]:
    """Per indicator slug the newest figure with a value, in one query."""
    lines = lines_of(indicators, area).items()
    return {slug: figure for slug, line in lines if (figure := newest(line))}


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


def areas_beside(area: Area | None, chosen: str) -> list[Area]:
    """The province of an area and the country, then the one municipality with the chosen code, if there is such."""
    wanted = [sa.and_(Area.code == chosen, Area.type == AreaType.GEMEENTE), Area.type == AreaType.NL]
    if area is not None and area.province_code:
        wanted.append(Area.code == area.province_code)
    found = db.scalars(sa.select(Area).where(sa.or_(*wanted)))
    order = [AreaType.PROVINCIE, AreaType.NL, AreaType.GEMEENTE]
    return sorted(
        (item for item in found if area is None or item.id != area.id),
        key=lambda item: order.index(item.type),
    )


def municipalities_with(indicator: Indicator, area: Area | None) -> list[tuple[str, str]]:
    """(code, name) of the other municipalities with figures of this indicator, by name, to choose one from."""
    rows = db.execute(
        sa.select(Area.code, Area.name)
        .join(with_figures([series.id for series in indicator.series]), sa.true())
        .where(Area.type == AreaType.GEMEENTE, Area.id != (area.id if area else 0))
        .order_by(sa.func.lower(Area.name), Area.code)
    )
    return [(code, name) for code, name in rows]


def with_figures(series_ids: list[int]) -> sa.FromClause:
    """To join areas with: leaves those that have a current value in one of these series.

    One look in the index for each area. The figures of all districts together are too many to read.
    """
    return (
        sa.select(sa.literal(1))
        .where(
            Observation.area_id == Area.id,
            Observation.series_id.in_(series_ids),
            Observation.loaded_until.is_(None),
            Observation.value.is_not(None),
        )
        .correlate(Area)
        .limit(1)
        .lateral("some")
    )


def find_area(code: str) -> Area | None:
    return db.scalar(sa.select(Area).where(Area.code == code))
