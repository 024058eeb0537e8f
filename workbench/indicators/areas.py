"""An area and its past: what it came from, its figures from before, and which areas around it have figures."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from workbench.core.db import db
from workbench.indicators import queries
from workbench.indicators.catalogue import AreaType
from workbench.indicators.compare import SizeClass, size_class
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
REGIONS = (AreaType.GGD_REGIO, AreaType.JEUGDREGIO, AreaType.ARBEIDSMARKTREGIO)


def today() -> date:
    return date.today()  # noqa: DTZ011 - a calendar day, as in a merger on 1 January


def read_history() -> tuple[History, dict[str, str]]:
    """Which municipality came from which, and the names of those that changed."""
    origin, heir = aliased(Area), aliased(Area)
    rows = db.execute(
        sa.select(
            AreaChange.day,
            AreaChange.kind,
            AreaChange.inhabitants,
            AreaChange.dwellings,
            origin.code,
            origin.name,
            origin.valid_from,
            heir.code,
            heir.name,
            heir.valid_from,
        )
        .join(origin, origin.id == AreaChange.origin_id)
        .join(heir, heir.id == AreaChange.heir_id)
    )
    changes: list[Change] = []
    names: dict[str, str] = {}
    begins: dict[str, date] = {}
    for day, kind, inhabitants, dwellings, old, old_name, old_from, new, new_name, new_from in rows:
        changes.append(Change(day, old, new, kind, inhabitants, dwellings))
        names[old], names[new] = old_name, new_name
        begins |= {code: first for code, first in ((old, old_from), (new, new_from)) if first}
    return History(changes, begins), names


def heirs_of(area: Area) -> list[tuple[str, str]]:
    """(code, name) of the areas of today that have what was this area, by code."""
    history, names = read_history()
    found = history.heirs(area.code, date.min, today())
    return [(code, names[code]) for code in sorted(found) if code != area.code]


# --- The figures of an indicator ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EarlierFigure:
    """A figure for the area of today, from a period in which that area was something else.

    `parts` are the names of what it was then, with the share of each; `lacking` those without a figure.
    """

    period: Period
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
    present: list[tuple[AreaType, str, int]]  # type, name of the area or '', how many areas
    absent: list[AreaType]
    instead: tuple[Area, queries.Figure] | None
    earlier: list[EarlierFigure]
    borders: list[MovedBorder]


def around(indicator: Indicator, area: Area | None) -> AroundIndicator | None:
    """All of this for one indicator; None when there is no area, or no table to have figures from."""
    if area is None or not indicator.series:
        return None
    counts = _areas_with_figures(indicator, area)
    wider = _wider_areas(area)
    names = {item.type: item.name for item in wider} | {area.type: area.name}
    levels = [item for item in AreaType if item not in REGIONS]
    earlier, borders = _earlier_figures(indicator, area)
    instead = None
    if area.type not in counts:
        instead = next(
            (
                (item, figure)
                for item in wider
                if item.type in counts
                for figure in reversed(queries.figures_of(indicator, item))
                if figure.value is not None
            ),
            None,
        )
    return AroundIndicator(
        area=area,
        present=[(item, names.get(item, ""), counts[item]) for item in levels if item in counts],
        absent=[item for item in levels if item not in counts],
        instead=instead,
        earlier=earlier,
        borders=borders,
    )


def _wider_areas(area: Area) -> list[Area]:
    """The province and the country that the area lies in, nearest first."""
    codes = [code for code in (area.province_code, COUNTRY) if code and code != area.code]
    found = {item.code: item for item in db.scalars(sa.select(Area).where(Area.code.in_(codes)))}
    return [found[code] for code in codes if code in found]


def _cascade(area: Area) -> sa.ColumnElement[bool]:
    """The area itself, what it lies in, and its districts and neighbourhoods (their codes hold its number)."""
    codes = [code for code in (area.code, area.province_code, COUNTRY) if code]
    if area.type is not AreaType.GEMEENTE:
        return Area.code.in_(codes)
    number = area.code.removeprefix("GM")
    return sa.or_(
        Area.code.in_(codes),
        sa.and_(Area.type == AreaType.WIJK, Area.code.startswith(f"WK{number}", autoescape=True)),
        sa.and_(Area.type == AreaType.BUURT, Area.code.startswith(f"BU{number}", autoescape=True)),
    )


def _has_figure() -> sa.Exists:
    """Has the area at least one current value in the series?"""
    return sa.exists().where(
        Observation.series_id == Series.id,
        Observation.area_id == Area.id,
        Observation.loaded_until.is_(None),
        Observation.value.is_not(None),
    )


def _areas_with_figures(indicator: Indicator, area: Area) -> dict[AreaType, int]:
    """Type -> how many of our areas of that type have a figure of this indicator."""
    rows = db.execute(
        sa.select(Area.type, sa.func.count(Area.id.distinct()).label("areas"))
        .join(Series, Series.indicator_id == indicator.id)
        .where(_cascade(area), _has_figure())
        .group_by(Area.type)
    )
    return {row.type: row.areas for row in rows}


@dataclass(frozen=True)
class _Cell:
    value: float | None
    status: str
    computed: str | None


def _cells(indicator: Indicator, codes: Collection[str]) -> dict[str, dict[str, _Cell]]:
    """Period code -> area code -> the current figure; of two series that both have one, the later counts."""
    series = {item.id: item for item in indicator.series}
    rows = db.execute(
        sa.select(Observation.series_id, PeriodRow.code, Area.code, Observation.value, Observation.status)
        .join(Area, Area.id == Observation.area_id)
        .join(PeriodRow, PeriodRow.id == Observation.period_id)
        .where(Observation.series_id.in_(series), Area.code.in_(codes), Observation.loaded_until.is_(None))
    )
    found: dict[str, dict[str, _Cell]] = {}
    for series_id, period, code, value, status in sorted(rows, key=lambda row: series[row[0]].part):
        found.setdefault(period, {})[code] = _Cell(value, status.value, series[series_id].computed)
    return found


def _earlier_figures(indicator: Indicator, area: Area) -> tuple[list[EarlierFigure], list[MovedBorder]]:
    history, names = read_history()
    codes = history.ancestors(area.code)
    cells = _cells(indicator, codes)
    inhabitants = _inhabitants(codes) if len(codes) > 1 else {}
    found = []
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
        found.append(
            EarlierFigure(
                period=period,
                recast=result,
                parts=tuple(sorted((names[code], share) for code, share in parts.items())),
                lacking=tuple(sorted(names[code] for code in result.lacking)),
                provisional=any(cell.status in PROVISIONAL for cell in used),
            )
        )
    if not periods:
        return [], []
    moved = history.moved_borders(codes, periods[0].starts_on, today())
    return found, [
        MovedBorder(change.day, names[change.origin], names[change.heir], change.inhabitants)
        for change in moved
    ]


def _inhabitants(codes: Collection[str]) -> dict[int, dict[str, float | None]]:
    """Year -> area code -> inhabitants on 1 January."""
    indicator = queries.find_indicator(queries.INHABITANTS)
    if indicator is None:
        return {}
    return {
        parse_period(period).year: {code: cell.value for code, cell in cells.items()}
        for period, cells in _cells(indicator, codes).items()
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
    """One kind of area around ours. `name`: when there is one such area; `areas` and `indicators` have figures."""

    type: AreaType
    name: str
    areas: int
    indicators: int


@dataclass(frozen=True)
class Portrait:
    area: Area
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
    history, names = read_history()
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
    told = [event for event in events if event.kind is not ChangeKind.BORDER or event.inhabitants]
    size = queries.find_indicator(queries.INHABITANTS)
    newest = queries.newest_figures([size], area).get(queries.INHABITANTS) if size else None
    begins = area.valid_from
    return Portrait(
        area=area,
        province=next((item.name for item in _wider_areas(area) if item.type is AreaType.PROVINCIE), None),
        inhabitants=newest,
        size=size_class(newest.value) if newest and newest.value is not None else None,
        earlier_names=[
            (names[change.origin], change.day)
            for change in sorted(history.changes, key=lambda change: change.day)
            if change.kind is ChangeKind.RENAMED and change.heir in own
        ],
        events=sorted(told, key=lambda event: (event.day, event.other), reverse=True),
        small_events=len(events) - len(told),
        heirs=heirs_of(area) if area.valid_until and area.valid_until <= today() else [],
        levels=_levels(area),
        origins=sorted(event.other for event in told if event.arrived and begins and event.day == begins),
    )


def _levels(area: Area) -> list[Level]:
    rows = db.execute(
        sa.select(
            Area.type,
            sa.func.count(Area.id.distinct()),
            sa.func.count(Series.indicator_id.distinct()),
        )
        .join(Series, sa.true())
        .where(_cascade(area), _has_figure())
        .group_by(Area.type)
    )
    counts = {kind: (areas, indicators) for kind, areas, indicators in rows}
    names = {item.type: item.name for item in [*_wider_areas(area), area]}
    return [Level(kind, names.get(kind, ""), *counts.get(kind, (0, 0))) for kind in AreaType]


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
