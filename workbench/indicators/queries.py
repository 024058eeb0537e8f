"""Reading the catalogue and the figures of one area, or of a group without naming its members."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased, joinedload

from workbench.core.db import db
from workbench.core.language import AMSTERDAM
from workbench.core.marks import marks
from workbench.core.search import conditions, relevance, typed_words
from workbench.indicators.catalogue import AreaType
from workbench.indicators.compare import INHABITANTS, Municipality
from workbench.indicators.levels import WIDER, level_for
from workbench.indicators.models import (
    Area,
    CouncilArea,
    Indicator,
    Missing,
    Observation,
    PeriodRow,
    RegionMembership,
    Series,
)
from workbench.indicators.periods import Period, parse_period

COUNTRY = "NL01"
LIKE_ENOUGH = 0.4  # of 1: from here on two names say about the same
LONG_WORD = re.compile(r"[^\W\d_]{4,}")  # shorter words say little about what a text is about
EVERYWHERE = {"gemeente", "gemeenten", "inwoners", "jaar", "meer", "mensen", "merken", "minder", "vier"}


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
    return db.scalar(sa.select(Area).where(Area.id == own_area_id()))


def own_area_id() -> sa.ScalarSelect[int]:
    """For a query: the area the acting council is about today."""
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
    """The area the acting council is about, and a text that differs after every change of the public figures."""
    version = sa.select(marks(also_own=False).label("version")).subquery()
    row = db.execute(
        sa.select(Area, version.c.version).select_from(version).outerjoin(Area, Area.id == own_area_id())
    ).one()
    return row.Area, row.version


def find_indicator(slug: str) -> Indicator | None:
    return find_indicators([slug]).get(slug)


def find_indicators(slugs: Iterable[str]) -> dict[str, Indicator]:
    """Those there are of these slugs, with their series, in one query."""
    query = sa.select(Indicator).where(Indicator.slug.in_(slugs)).options(joinedload(Indicator.series))
    return {indicator.slug: indicator for indicator in db.scalars(query).unique()}


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
    words = typed_words(choice.words)
    narrowed = _narrowed(choice)
    for is_alike in (False, True) if words else (False,):
        query = narrowed.where(*conditions(words, Indicator.search, Indicator.search_text, is_alike=is_alike))
        total = db.scalar(query.with_only_columns(sa.func.count(Indicator.id))) or 0
        if total:
            break
    order = [~Indicator.series.any(), sa.func.lower(Indicator.name), Indicator.slug]
    found = db.scalars(
        query.options(joinedload(Indicator.series))
        .order_by(*([relevance(words, Indicator.search, Indicator.name).desc()] if words else []), *order)
        .limit(most)
        .offset(skip)
    ).unique()
    return Found(total, list(found), is_alike and total > 0)


def related(
    text: str, laws: Iterable[str], priorities: Iterable[str], *, leave_out: sa.Select[Any], most: int
) -> list[Indicator]:
    """Indicators that share most words with a text, or a law or priority with a goal; the best first."""
    words = set(LONG_WORD.findall(text.lower()[:2000])) - EVERYWHERE
    query = sa.func.websearch_to_tsquery("dutch", " or ".join(f'"{word}"' for word in sorted(words)))
    of_law = Indicator.laws.op("&&")(sa.cast(list(laws), sa.ARRAY(sa.Text)))
    of_priority = Indicator.priorities.op("&&")(sa.cast(list(priorities), sa.ARRAY(sa.Text)))
    has_words = Indicator.search.op("@@")(query)
    score = (
        sa.func.ts_rank(Indicator.search, query)
        + sa.case((of_law, 0.1), else_=0)
        + sa.case((of_priority, 0.02), else_=0)
    )
    return list(
        db.scalars(
            sa.select(Indicator)
            .where(sa.or_(has_words, of_law), Indicator.id.not_in(leave_out))
            .options(joinedload(Indicator.series))
            .order_by(score.desc(), ~Indicator.series.any(), sa.func.lower(Indicator.name))
            .limit(most)
        ).unique()
    )


def best_fits(wanted: dict[UUID, tuple[str | None, str]]) -> dict[UUID, Indicator]:
    """For each slug and name the indicator with that slug, else the one whose own name is most like it; with its series.
    None for one that nothing is like.
    """
    if not wanted:
        return {}
    columns = sa.column("key", sa.Uuid), sa.column("slug", sa.Text), sa.column("name", sa.Text)
    asked = sa.values(*columns, name="asked").data([(key, *words) for key, words in wanted.items()])
    candidate = aliased(Indicator)
    likeness = sa.func.similarity(candidate.name, asked.c.name)
    nearest = (
        sa.select(candidate.id)
        .where(sa.or_(candidate.slug == asked.c.slug, likeness > LIKE_ENOUGH))
        .order_by((candidate.slug == asked.c.slug).desc().nulls_last(), likeness.desc(), candidate.slug)
        .limit(1)
        .lateral("nearest")
    )
    rows = (
        db.execute(
            sa.select(asked.c.key, Indicator)
            .select_from(asked)
            .join(nearest, sa.true())
            .join(Indicator, Indicator.id == nearest.c.id)
            .options(joinedload(Indicator.series))
        )
        .unique()
        .all()
    )
    return {row.key: row.Indicator for row in rows}


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
    """See `Archive.figures`."""
    return read_archive([indicator], [area.id]).figures(indicator, area.id, as_of)


def _by_time(figures: Iterable[Figure]) -> list[Figure]:
    return sorted(figures, key=lambda figure: figure.period.starts_on)


@dataclass(frozen=True)
class Change:
    """A figure that another one replaced. No `old`: it is new; no `new`: the source has it no more."""

    at: datetime
    period: Period
    old: Observation | None
    new: Observation | None


@dataclass(frozen=True)
class History:
    """What happened to the figures of one area here: days of loads that brought or took some, and each change."""

    days: list[date]  # in Dutch time, the newest first
    changes: list[Change]  # since the first load of each series, the newest first


@dataclass(frozen=True)
class Archive:
    """Every figure, current or replaced, that there ever was here of some indicators about some areas."""

    # (series id, area id) -> code of the period -> what stood there, the oldest first
    kept: dict[tuple[int, int], dict[str, list[Observation]]]

    def figures(self, indicator: Indicator, area_id: int, as_of: datetime | None = None) -> list[Figure]:
        """The current figures of one area, by period; of two series that both have a period, the later series counts.

        With `as_of`: the figures that were current here at that moment.
        """
        found: dict[str, Figure] = {}
        for series in sorted(indicator.series, key=lambda series: series.part):
            for code, line in self.kept.get((series.id, area_id), {}).items():
                place = _place_at(line, as_of)
                if place is None:
                    continue
                now = line[place]
                before = next((row for row in reversed(line[:place]) if row.value != now.value), None)
                found[code] = Figure(
                    series,
                    parse_period(code),
                    now.value,
                    now.status.value,
                    now.missing and now.missing.value,
                    before.value if before else None,
                    before.loaded_until if before else None,
                )
        return _by_time(found.values())

    def history(self, indicator: Indicator, area_id: int) -> History:
        changes: list[Change] = []
        moments: set[datetime] = set()
        for series in indicator.series:
            lines = self.kept.get((series.id, area_id), {})
            began = min((line[0].loaded_from for line in lines.values()), default=None)
            for code, line in lines.items():
                period = parse_period(code)
                if line[0].loaded_from != began:
                    changes.append(Change(line[0].loaded_from, period, None, line[0]))
                changes += [Change(new.loaded_from, period, old, new) for old, new in pairwise(line)]
                if line[-1].loaded_until:
                    changes.append(Change(line[-1].loaded_until, period, line[-1], None))
                moments |= {
                    moment for row in line for moment in (row.loaded_from, row.loaded_until) if moment
                }
        changes = [change for change in changes if not _never_there(change)]
        changes.sort(key=lambda change: (change.at, change.period.starts_on), reverse=True)
        days = sorted({moment.astimezone(AMSTERDAM).date() for moment in moments}, reverse=True)
        return History(days, changes)


def read_archive(indicators: Iterable[Indicator], area_ids: Iterable[int]) -> Archive:
    """In one query. For one area, what it lies in and what it came from, never for a list."""
    rows = db.execute(
        sa.select(Observation, PeriodRow.code)
        .join(PeriodRow, PeriodRow.id == Observation.period_id)
        .where(
            Observation.series_id.in_([series.id for indicator in indicators for series in indicator.series]),
            Observation.area_id.in_(area_ids),
        )
        .order_by(Observation.loaded_from)
        .execution_options(populate_existing=True)  # loads write past this session
    )
    kept: dict[tuple[int, int], dict[str, list[Observation]]] = {}
    for row, code in rows:
        kept.setdefault((row.series_id, row.area_id), {}).setdefault(code, []).append(row)
    return Archive(kept)


def _place_at(line: list[Observation], as_of: datetime | None) -> int | None:
    """Where in a line, the oldest first, the figure stands that is current, or was at that moment."""
    for place, row in enumerate(line):
        if row.loaded_until is None if as_of is None else _was_current(row, as_of):
            return place
    return None


def _was_current(row: Observation, moment: datetime) -> bool:
    return row.loaded_from <= moment and (row.loaded_until is None or row.loaded_until > moment)


def _never_there(change: Change) -> bool:
    """Are both sides only the mark of an area that did not exist then?"""
    return all(item is None or item.missing is Missing.IMPOSSIBLE for item in (change.old, change.new))


def lines_of(indicators: Iterable[Indicator], area: Area) -> dict[str, list[Figure]]:
    """Per indicator slug the current figures of one area, by period, in one query; without what they were before."""
    return _lines(indicators, [area])[0]


def lines_about(indicators: Iterable[Indicator], areas: list[Area]) -> dict[int, dict[str, list[Figure]]]:
    """Area id -> slug -> its figures, in one query: one area, what it lies in and what lies in it."""
    found = _lines(indicators, areas)
    return {area.id: lines for area, lines in zip(areas, found, strict=True)}


def _lines(indicators: Iterable[Indicator], areas: list[Area]) -> list[dict[str, list[Figure]]]:
    """Per slug the figures of each of these areas, in one query: never for a list of municipalities."""
    owner = {series.id: (indicator, series) for indicator in indicators for series in indicator.series}
    rows = db.execute(
        sa.select(
            Observation.series_id,
            Observation.area_id,
            PeriodRow.code,
            Observation.value,
            Observation.status,
            Observation.missing,
        )
        .join(PeriodRow, PeriodRow.id == Observation.period_id)
        .where(
            Observation.series_id.in_(owner),
            Observation.area_id.in_([area.id for area in areas]),
            Observation.loaded_until.is_(None),
        )
    )
    lines: dict[int, dict[str, dict[str, Figure]]] = {area.id: {} for area in areas}
    for series_id, area_id, code, value, status, missing in sorted(
        rows, key=lambda row: owner[row.series_id][1].part
    ):
        indicator, series = owner[series_id]
        lines[area_id].setdefault(indicator.slug, {})[code] = Figure(
            series, parse_period(code), value, status.value, missing and missing.value, None, None
        )
    return [{slug: _by_time(line.values()) for slug, line in lines[area.id].items()} for area in areas]


def lies_in(area: Area) -> list[sa.ColumnElement[bool]]:
    """Conditions that find an area itself and what it lies in today: its regions, province and country."""
    today = date.today()  # noqa: DTZ011 - a calendar day, as in a merger on 1 January
    regions = (
        sa.select(RegionMembership.region_id)
        .where(RegionMembership.area_id == area.id, RegionMembership.valid_from <= today)
        .ext(distinct_on(RegionMembership.kind))
        .order_by(RegionMembership.kind, RegionMembership.valid_from.desc())
    )
    codes = [code for code in (area.code, area.province_code, COUNTRY) if code]
    return [Area.code.in_(codes), Area.id.in_(regions)]


def areas_around(area: Area) -> list[Area]:
    """What an area lies in, the nearest first; without the area itself."""
    order = WIDER.get(area.type, ())
    found = db.scalars(sa.select(Area).where(sa.or_(*lies_in(area)), Area.type.in_(order)))
    return sorted(found, key=lambda item: order.index(item.type))


def districts_of(area: Area) -> list[Area]:
    """The districts (wijken) of a municipality by code; their codes hold its number."""
    if area.type is not AreaType.GEMEENTE:
        return []
    inside = Area.code.startswith("WK" + area.code.removeprefix("GM"), autoescape=True)
    return list(db.scalars(sa.select(Area).where(Area.type == AreaType.WIJK, inside).order_by(Area.code)))


@dataclass(frozen=True)
class Lines:
    """Per indicator slug the current figures of one area, by period and without what they were before; and where it has
    none with a value: the nearest area around it that has, with its newest figure.
    """

    own: dict[str, list[Figure]]
    instead: dict[str, tuple[Area, Figure]]


def lines_around(indicators: Iterable[Indicator], area: Area) -> Lines:
    """In two queries, whatever the number of indicators."""
    indicators = list(indicators)
    around = areas_around(area)
    own, *others = _lines(indicators, [area, *around])
    found: dict[str, tuple[Area, Figure]] = {}
    for slug in (item.slug for item in indicators if not newest(own.get(item.slug, ()))):
        figures = {
            item.type: (item, figure)
            for item, line in zip(around, others, strict=True)
            if (figure := newest(line.get(slug, ())))
        }
        level = level_for(area.type, figures)
        if level:
            found[slug] = figures[level]
    return Lines(own, found)


def newest(figures: Iterable[Figure]) -> Figure | None:
    """The last of these figures, in order of time, that has a value."""
    valued = [figure for figure in figures if figure.value is not None]
    return valued[-1] if valued else None


def newest_figures(indicators: Iterable[Indicator], area: Area) -> dict[str, Figure]:
    """Per indicator slug the newest figure with a value, in one query."""
    lines = lines_of(indicators, area).items()
    return {slug: figure for slug, line in lines if (figure := newest(line))}


def inhabitants_of(area: Area) -> float | None:
    """The newest number of inhabitants; None: not known."""
    indicator = find_indicator(INHABITANTS)
    figure = newest_figures([indicator], area).get(INHABITANTS) if indicator else None
    return figure.value if figure else None


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
    """Names of municipalities in alphabetical order, without any figure."""
    found = db.scalars(sa.select(Area).where(Area.id.in_(list(area_ids))).order_by(sa.func.lower(Area.name)))
    return [area.short_name for area in found]


def group_values_of(
    indicators: Iterable[Indicator], area_ids: list[int]
) -> dict[str, dict[str, list[float]]]:
    """Slug -> period code -> the current values of those of these areas that existed then, without saying whose they are."""
    owner = {
        series.id: (indicator.slug, series.part) for indicator in indicators for series in indicator.series
    }
    rows = db.execute(
        sa.select(PeriodRow.code, Observation.series_id, sa.func.array_agg(Observation.value))
        .join(PeriodRow, PeriodRow.id == Observation.period_id)
        .join(Area, Area.id == Observation.area_id)
        .where(Observation.series_id.in_(owner), *_in_group(area_ids))
        .group_by(PeriodRow.code, Observation.series_id)
    )
    found: dict[str, dict[str, list[float]]] = {}
    for code, series_id, values in sorted(rows, key=lambda row: owner[row.series_id][1]):
        slug, _part = owner[series_id]
        found.setdefault(slug, {})[code] = [value for value in values if value is not None]
    return found


def group_figures_of(
    indicators: Iterable[Indicator], area_ids: list[int]
) -> dict[str, dict[str, dict[int, float]]]:
    """`group_values_of`, with of each value the id of its area: to find two figures of one municipality, never to name it."""
    owner = {
        series.id: (indicator.slug, series.part) for indicator in indicators for series in indicator.series
    }
    rows = db.execute(
        sa.select(
            PeriodRow.code,
            Observation.series_id,
            sa.func.array_agg(Observation.area_id),
            sa.func.array_agg(Observation.value),
        )
        .join(PeriodRow, PeriodRow.id == Observation.period_id)
        .join(Area, Area.id == Observation.area_id)
        .where(Observation.series_id.in_(owner), *_in_group(area_ids))
        .group_by(PeriodRow.code, Observation.series_id)
    )
    found: dict[str, dict[str, dict[int, float]]] = {}
    for code, series_id, ids, values in sorted(rows, key=lambda row: owner[row.series_id][1]):
        slug, _part = owner[series_id]
        found.setdefault(slug, {})[code] = {
            area_id: value for area_id, value in zip(ids, values, strict=True) if value is not None
        }
    return found


def _in_group(area_ids: list[int]) -> tuple[sa.ColumnElement[bool], ...]:
    """Conditions for current values of those of these areas that existed in their period."""
    return (
        Observation.area_id.in_(area_ids),
        sa.or_(Area.valid_from.is_(None), Area.valid_from <= PeriodRow.ends_on),
        sa.or_(Area.valid_until.is_(None), Area.valid_until > PeriodRow.starts_on),
        Observation.loaded_until.is_(None),
        Observation.value.is_not(None),
    )


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


def with_figures(series_ids: list[int]) -> sa.FromClause:
    """To join areas with: leaves those that have a current value in one of these series.

    One look in the index for each area. The figures of all districts together are too many to read.
    """
    return (
        sa.select(sa.literal(1).label("found"))
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
