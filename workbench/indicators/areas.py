"""An area and its past: what it came from, its figures from before, and which areas around it have figures."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from workbench.core.db import db
from workbench.indicators import queries
from workbench.indicators.catalogue import AreaType
from workbench.indicators.compare import INHABITANTS, SizeClass, size_class
from workbench.indicators.models import Area, AreaChange, Indicator, Observation, PeriodRow, Series
from workbench.indicators.periods import Period, parse_period
from workbench.indicators.recast import (
    Change,
    ChangeKind,
    History,
    Measure,
    Recast,
    measure_of,
    recast,
)

COUNTRY = "NL01"
PROVISIONAL = ("provisional", "further_provisional")
# The areas around a municipality, its own first. To which regions it belongs is not known.
WIDER = (AreaType.PROVINCIE, AreaType.NL)
WITHIN = (AreaType.WIJK, AreaType.BUURT)
LEVELS = (AreaType.GEMEENTE, *WIDER, *WITHIN)


def today() -> date:
    return date.today()  # noqa: DTZ011 - a calendar day, as in a merger on 1 January


def read_history(area: Area | None) -> tuple[History, dict[str, str], dict[str, int]]:
    """Which municipality came from which, their names and their ids: what made this area, or everything there is."""
    origin, heir = aliased(Area), aliased(Area)
    wanted: sa.ColumnElement[bool] = sa.true()
    names: dict[str, str] = {}
    ids: dict[str, int] = {}
    begins: dict[str, date] = {}
    if area is not None:
        family = sa.select(sa.literal(area.id).label("id")).cte("family", recursive=True)
        family = family.union(
            sa.select(AreaChange.origin_id)
            .join(family, family.c.id == AreaChange.heir_id)
            .where(AreaChange.kind != ChangeKind.BORDER)
        )
        members = sa.select(family.c.id)
        wanted = sa.or_(AreaChange.origin_id.in_(members), AreaChange.heir_id.in_(members))
        names[area.code], ids[area.code] = area.name, area.id
        begins |= {area.code: area.valid_from} if area.valid_from else {}
    rows = db.execute(
        sa.select(
            AreaChange.day,
            AreaChange.kind,
            AreaChange.inhabitants,
            AreaChange.dwellings,
            origin.id,
            origin.code,
            origin.name,
            origin.valid_from,
            heir.id,
            heir.code,
            heir.name,
            heir.valid_from,
        )
        .join(origin, origin.id == AreaChange.origin_id)
        .join(heir, heir.id == AreaChange.heir_id)
        .where(wanted)
    )
    changes: list[Change] = []
    for (
        day,
        kind,
        inhabitants,
        dwellings,
        old_id,
        old,
        old_name,
        old_from,
        new_id,
        new,
        new_name,
        new_from,
    ) in rows:
        changes.append(Change(day, old, new, kind, inhabitants, dwellings))
        names[old], names[new] = old_name, new_name
        ids[old], ids[new] = old_id, new_id
        begins |= {code: first for code, first in ((old, old_from), (new, new_from)) if first}
    return History(changes, begins), names, ids


def heirs_of(area: Area) -> list[tuple[str, str]]:
    """(code, name) of the areas of today that have what was this area, by code."""
    history, names, _ids = read_history(None)
    found = history.heirs(area.code, date.min, today())
    return [(code, names[code]) for code in sorted(found) if code != area.code]


# --- The figures of an indicator ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EarlierFigure:
    """A figure for the area of today, from a period in which that area was something else.

    Periods in a row that cannot be re-cast for the same reason are one. `parts` are the names of what it was then,
    with the share of each; `lacking` those without a figure.
    """

    first: Period
    last: Period
    recast: Recast
    parts: tuple[tuple[str, Fraction], ...]
    lacking: tuple[str, ...]
    provisional: bool


@dataclass(frozen=True)
class MovedBorder:
    day: date
    origin: str
    heir: str
    inhabitants: int | None


@dataclass(frozen=True)
class AroundIndicator:
    """What an indicator has about an area's past, and about the areas that it lies in and that lie in it.

    `instead` is the newest figure of the province or else the country, when the area has none itself.
    """

    area: Area
    present: list[tuple[AreaType, str, int]]  # kind, name ('' for districts), how many have a figure
    absent: list[AreaType]
    instead: tuple[Area, queries.Figure] | None
    earlier: list[EarlierFigure]
    borders: list[MovedBorder]


def around(indicator: Indicator, area: Area | None) -> AroundIndicator | None:
    """All of this for one indicator; None when there is no area, or no table to have figures from."""
    if area is None or not indicator.series:
        return None
    found = _cascade(area, queries.with_figures([series.id for series in indicator.series]))
    counts = Counter(item.type for item in found)
    kinds = list(LEVELS if area.type is AreaType.GEMEENTE else dict.fromkeys([area.type, *WIDER]))
    earlier, borders = _earlier_figures(indicator, area)
    instead = None
    if area.type not in counts:
        instead = next(
            (
                (item, figure)
                for item in found
                if item.type in WIDER
                for figure in reversed(queries.figures_of(indicator, item))
                if figure.value is not None
            ),
            None,
        )
    return AroundIndicator(
        area=area,
        present=[(item, _one_name(item, found), counts[item]) for item in kinds if item in counts],
        absent=[item for item in kinds if item not in counts],
        instead=instead,
        earlier=earlier,
        borders=borders,
    )


def _cascade(area: Area, some: sa.FromClause | None = None) -> list[Area]:
    """The area itself, what it lies in, nearest first, and then its districts and neighbourhoods.

    `some`: only those that have figures (see `queries.with_figures`).
    """
    codes = [code for code in (area.code, area.province_code, COUNTRY) if code]
    asked: list[sa.ColumnElement[bool]] = [Area.code.in_(codes)]
    if area.type is AreaType.GEMEENTE:
        number = area.code.removeprefix("GM")  # the codes of its districts hold it
        asked += [
            sa.and_(Area.type == kind, Area.code.startswith(prefix + number, autoescape=True))
            for kind, prefix in ((AreaType.WIJK, "WK"), (AreaType.BUURT, "BU"))
        ]
    query = sa.select(Area).where(sa.or_(*asked))
    found = db.scalars(query if some is None else query.join(some, sa.true()))
    order = [area.type, *LEVELS]
    return sorted(found, key=lambda item: (order.index(item.type), item.code))


def _with_figures(area_ids: Collection[int], series_ids: Collection[int]) -> list[tuple[int, int]]:
    """(series id, area id) wherever there is a current value."""
    rows = db.execute(
        sa.select(Observation.series_id, Observation.area_id)
        .where(
            Observation.series_id.in_(series_ids),
            Observation.area_id.in_(area_ids),
            Observation.loaded_until.is_(None),
            Observation.value.is_not(None),
        )
        .distinct()
    )
    return [(series_id, area_id) for series_id, area_id in rows]


@dataclass(frozen=True)
class _Cell:
    value: float | None
    status: str
    computed: str | None


def _cells(of: sa.ColumnElement[bool], known: dict[int, str]) -> dict[str, dict[str, _Cell]]:
    """Period code -> area code -> the current figure; of two series that both have one, the later counts.

    `known`: id -> code. Figures without names: they are only added up, never shown one by one.
    """
    rows = db.execute(
        sa.select(PeriodRow.code, Observation.area_id, Observation.value, Observation.status, Series.computed)
        .join(PeriodRow, PeriodRow.id == Observation.period_id)
        .join(Series, Series.id == Observation.series_id)
        .where(of, Observation.area_id.in_(known), Observation.loaded_until.is_(None))
        .order_by(Series.part)
    )
    found: dict[str, dict[str, _Cell]] = {}
    for period, area_id, value, status, computed in rows:
        found.setdefault(period, {})[known[area_id]] = _Cell(value, status.value, computed)
    return found


def _earlier_figures(indicator: Indicator, area: Area) -> tuple[list[EarlierFigure], list[MovedBorder]]:
    history, names, ids = read_history(area)
    codes = history.ancestors(area.code)
    known = {ids[code]: code for code in codes}
    cells = _cells(Series.indicator_id == indicator.id, known)
    inhabitants = _inhabitants(known) if len(codes) > 1 else {}
    found: list[EarlierFigure] = []
    periods = sorted(map(parse_period, cells), key=lambda period: (period.starts_on, period.code))
    for period in periods:
        figures = cells[period.code]
        parts = history.origins(area.code, period.starts_on, today())
        published = area.code in figures and figures[area.code].value is not None
        if parts == {area.code: 1} or (published and area.code not in parts) or not parts.keys() & figures:
            continue
        used = [figures[code] for code in parts if code in figures]
        measures = {measure_of(indicator.unit, cell.computed) for cell in used}
        result = recast(
            measures.pop() if len(measures) == 1 else Measure.OTHER,
            parts,
            {code: cell.value for code, cell in figures.items()},
            inhabitants.get(period.year, {}),
        )
        figure = EarlierFigure(
            first=period,
            last=period,
            recast=result,
            parts=tuple(sorted((names[code], share) for code, share in parts.items())),
            lacking=tuple(sorted(names[code] for code in result.lacking)),
            provisional=result.value is not None and any(cell.status in PROVISIONAL for cell in used),
        )
        if (
            found
            and result.value is None
            and found[-1] == replace(figure, first=found[-1].first, last=found[-1].last)
        ):
            found[-1] = replace(found[-1], last=period)
        else:
            found.append(figure)
    if not periods:
        return [], []
    moved = history.moved_borders(codes, periods[0].starts_on, today())
    return found, [
        MovedBorder(change.day, names[change.origin], names[change.heir], change.inhabitants)
        for change in moved
    ]


def _inhabitants(known: dict[int, str]) -> dict[int, dict[str, float | None]]:
    """Year -> area code -> inhabitants on 1 January."""
    indicator = sa.select(Indicator.id).where(Indicator.slug == INHABITANTS).scalar_subquery()
    return {
        parse_period(period).year: {code: cell.value for code, cell in cells.items()}
        for period, cells in _cells(Series.indicator_id == indicator, known).items()
    }


# --- The area itself ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Event:
    """A change of the area: what came from or went to another one."""

    day: date
    kind: ChangeKind
    other: str
    arrived: bool
    inhabitants: int | None
    dwellings: int | None


@dataclass(frozen=True)
class Level:
    """One kind of area around ours. `name`: '' for districts; `areas` and `indicators` have figures."""

    type: AreaType
    name: str
    areas: int
    indicators: int


@dataclass(frozen=True)
class Portrait:
    area: Area
    begins: date | None  # under whatever name; None: before the list begins
    province: str | None
    inhabitants: queries.Figure | None
    size: SizeClass | None
    earlier_names: list[tuple[str, date]]  # and the day on which the name ended
    events: list[Event]  # with people, or of a whole municipality; newest first
    small_events: int  # moved borders without inhabitants
    heirs: list[tuple[str, str]]
    levels: list[Level]
    origins: list[str]  # names of the municipalities that it was made from


def portrait(area: Area) -> Portrait:
    """Who an area is, where it came from, and for which areas around it there are figures."""
    history, names, _ids = read_history(area)
    own = history.former_codes(area.code)
    events = [
        Event(
            change.day,
            change.kind,
            names[change.origin if arrived else change.heir],
            arrived,
            change.inhabitants,
            change.dwellings,
        )
        for change in history.changes
        if (arrived := change.heir in own) != (change.origin in own)
    ]
    cascade = _cascade(area)
    told = [event for event in events if event.kind is not ChangeKind.BORDER or event.inhabitants]
    size = queries.find_indicator(INHABITANTS)
    newest = queries.newest_figures([size], area).get(INHABITANTS) if size else None
    begins = min(history.begins.get(code, date.min) for code in own)
    return Portrait(
        area=area,
        begins=None if begins == date.min else begins,
        province=_one_name(AreaType.PROVINCIE, cascade) or None,
        inhabitants=newest,
        size=size_class(newest.value) if newest and newest.value is not None else None,
        earlier_names=[
            (names[change.origin], change.day)
            for change in sorted(history.changes, key=lambda change: change.day)
            if change.kind is ChangeKind.RENAMED and change.heir in own
        ],
        events=sorted(sorted(told, key=lambda event: event.other), key=lambda event: event.day, reverse=True),
        small_events=len(events) - len(told),
        heirs=heirs_of(area) if area.valid_until and area.valid_until <= today() else [],
        levels=_levels(cascade),
        origins=sorted(
            event.other
            for event in told
            if event.arrived and event.kind is not ChangeKind.BORDER and event.day == begins
        ),
    )


def _levels(cascade: list[Area]) -> list[Level]:
    owner = {item.id: item.indicator_id for item in db.scalars(sa.select(Series))}
    kinds = {item.id: item.type for item in cascade}
    found = [(kinds[area_id], area_id, owner[series]) for series, area_id in _with_figures(kinds, owner)]
    return [
        Level(
            kind,
            _one_name(kind, cascade),
            areas=len({area_id for level, area_id, _indicator in found if level is kind}),
            indicators=len({indicator for level, _area_id, indicator in found if level is kind}),
        )
        for kind in AreaType
    ]


def _one_name(kind: AreaType, cascade: list[Area]) -> str:
    """The name of the area of this kind; '' for the kinds that we may have more of, or none."""
    names = [item.name for item in cascade if item.type is kind]
    return names[0] if names and kind not in WITHIN else ""


def successors(areas: Iterable[Area]) -> dict[int, list[str]]:
    """Area id -> the codes that its municipality went on in, by code; areas that did not end are left out."""
    heir = aliased(Area)
    rows = db.execute(
        sa.select(AreaChange.origin_id, heir.code)
        .join(heir, heir.id == AreaChange.heir_id)
        .where(AreaChange.origin_id.in_([area.id for area in areas]), AreaChange.kind != ChangeKind.BORDER)
        .order_by(heir.code)
    )
    found: dict[int, list[str]] = {}
    for area_id, code in rows:
        found.setdefault(area_id, []).append(code)
    return found
