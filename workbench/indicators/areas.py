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
from workbench.indicators.levels import REGIONS, WIDER, level_for
from workbench.indicators.models import Area, AreaChange, Indicator, Observation, PeriodRow, Series
from workbench.indicators.oddities import PER_INHABITANT
from workbench.indicators.periods import Period
from workbench.indicators.recast import (
    Change,
    ChangeKind,
    History,
    Measure,
    Recast,
    measure_of,
    recast,
)

PROVISIONAL = ("provisional", "further_provisional")
WITHIN = (AreaType.WIJK, AreaType.BUURT)
# The kinds of areas in and around a municipality, its own first.
LEVELS = (AreaType.GEMEENTE, *WIDER[AreaType.GEMEENTE], *WITHIN)
BESIDE = (*REGIONS, AreaType.PROVINCIE, AreaType.NL, AreaType.GEMEENTE)  # in this order


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

    `instead` is the newest figure of the nearest area around it, when the area has none itself.
    """

    area: Area
    present: list[tuple[AreaType, str, int]]  # kind, name ('' for districts), how many have a figure
    absent: list[AreaType]
    instead: tuple[Area, queries.Figure] | None
    earlier: list[EarlierFigure]
    borders: list[MovedBorder]


@dataclass(frozen=True)
class Past:
    """What an area came from; `names` and `ids` by code, of all that had a part in it."""

    area: Area
    history: History
    names: dict[str, str]
    ids: dict[str, int]

    @property
    def ancestors(self) -> dict[int, str]:
        """Id -> code of the area and of what it came from."""
        return {self.ids[code]: code for code in self.history.ancestors(self.area.code)}


@dataclass(frozen=True)
class Known:
    """All that a page about an indicator tells of an area and of what stands beside it."""

    indicator: Indicator
    people: Indicator | None  # the number of inhabitants; it is in the archive where it matters
    past: Past | None  # of the area, if there is one
    places: list[tuple[Area, bool]]  # by name, each with whether it has a current figure
    beside: list[Area]  # what the area lies in, the nearest first, then the one municipality that was chosen
    archive: queries.Archive

    @property
    def municipalities(self) -> list[Area]:
        """The other ones with figures, to choose one from."""
        own = self.past.area.id if self.past else None
        return [
            item for item, has in self.places if has and item.type is AreaType.GEMEENTE and item.id != own
        ]

    def inhabitants_of(self, area: Area) -> float | None:
        """The newest number; None: not known, or of no use beside these figures."""
        found = queries.newest(self.archive.figures(self.people, area.id)) if self.people else None
        return found.value if found else None


def known(indicator: Indicator, people: Indicator | None, area: Area | None, chosen: str = "") -> Known:
    """In three queries, whatever the past of the area. `chosen`: the code of a municipality to stand beside it."""
    places = _places(indicator, area, chosen)
    past = Past(area, *read_history(area)) if area else None
    ancestors = past.ancestors if past else {}
    beside = [
        item
        for item, _has in places
        if (area is None or item.id != area.id)
        and item.type in BESIDE
        and (item.type is not AreaType.GEMEENTE or item.code == chosen)
    ]
    beside.sort(key=lambda item: BESIDE.index(item.type))
    counts = people and (len(ancestors) > 1 or indicator.unit == PER_INHABITANT)
    archive = queries.read_archive(
        [indicator, people] if people and counts else [indicator],
        {item.id for item in beside} | ancestors.keys(),
    )
    return Known(indicator, people, past, places, beside, archive)


def _places(indicator: Indicator, area: Area | None, chosen: str) -> list[tuple[Area, bool]]:
    """By name: the area itself, what it lies in, `chosen`, and each municipality and each district of ours that has a
    current figure; with whether it has one.
    """
    near = [sa.and_(Area.code == chosen, Area.type == AreaType.GEMEENTE), Area.code == queries.COUNTRY]
    near += queries.lies_in(area) if area else []
    some = queries.with_figures([series.id for series in indicator.series])
    has = some.c.found.is_not(None)
    rows = db.execute(
        sa.select(Area, has)
        .outerjoin(some, sa.true())
        .where(
            sa.or_(*near, Area.type == AreaType.GEMEENTE, *(_inside(area) if area else [])),
            sa.or_(*near, has),
        )
        .order_by(sa.func.lower(Area.name), Area.code)
    )
    return [(item, has_figures) for item, has_figures in rows]


def around(known: Known) -> AroundIndicator | None:
    """None when there is no area, or no table to have figures from."""
    if known.past is None or not known.indicator.series:
        return None
    area = known.past.area
    found = [
        item
        for item, has in known.places
        if has and (item.type is not AreaType.GEMEENTE or item.id == area.id)
    ]
    counts = Counter(item.type for item in found)
    wider = WIDER.get(area.type, ())
    own = LEVELS if area.type is AreaType.GEMEENTE else (area.type, *wider)
    # Of a kind of region that has no figure, nobody expected one: most tables know no regions.
    kinds = [item for item in own if item in counts or item not in REGIONS]
    earlier, borders = _earlier_figures(known, known.past)
    figures = {
        item.type: (item, figure)
        for item in known.beside
        if item.type in wider and (figure := queries.newest(known.archive.figures(known.indicator, item.id)))
    }
    level = None if area.type in counts else level_for(area.type, figures)
    return AroundIndicator(
        area=area,
        present=[(item, _one_name(item, found), counts[item]) for item in kinds if item in counts],
        absent=[item for item in kinds if item not in counts],
        instead=figures[level] if level else None,
        earlier=earlier,
        borders=borders,
    )


def _cascade(area: Area) -> list[Area]:
    """The area itself, what it lies in, nearest first, and then its districts and neighbourhoods."""
    found = db.scalars(sa.select(Area).where(sa.or_(*queries.lies_in(area), *_inside(area))))
    order = [area.type, *LEVELS, *AreaType]
    return sorted(found, key=lambda item: (order.index(item.type), item.code))


def _inside(area: Area) -> list[sa.ColumnElement[bool]]:
    """Conditions that find the districts and neighbourhoods of a municipality."""
    if area.type is not AreaType.GEMEENTE:
        return []
    number = area.code.removeprefix("GM")  # the codes of its districts hold it
    return [
        sa.and_(Area.type == kind, Area.code.startswith(prefix + number, autoescape=True))
        for kind, prefix in ((AreaType.WIJK, "WK"), (AreaType.BUURT, "BU"))
    ]


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


def _earlier_figures(known: Known, past: Past) -> tuple[list[EarlierFigure], list[MovedBorder]]:
    """From figures without names: they are only added up, never shown one by one."""
    indicator, area, history, names = known.indicator, past.area, past.history, past.names
    cells: dict[Period, dict[str, queries.Figure]] = {}
    inhabitants: dict[int, dict[str, float | None]] = {}
    for area_id, code in past.ancestors.items():
        for figure in known.archive.figures(indicator, area_id):
            cells.setdefault(figure.period, {})[code] = figure
        for figure in known.archive.figures(known.people, area_id) if known.people else ():
            inhabitants.setdefault(figure.period.year, {})[code] = figure.value
    found: list[EarlierFigure] = []
    periods = sorted(cells, key=lambda period: (period.starts_on, period.code))
    for period in periods:
        figures = cells[period]
        parts = history.origins(area.code, period.starts_on, today())
        published = area.code in figures and figures[area.code].value is not None
        if parts == {area.code: 1} or (published and area.code not in parts) or not parts.keys() & figures:
            continue
        used = [figures[code] for code in parts if code in figures]
        measures = {measure_of(indicator.unit, cell.series.computed) for cell in used}
        result = recast(
            measures.pop() if len(measures) == 1 else Measure.OTHER,
            parts,
            {code: cell.value for code, cell in figures.items()},
            inhabitants.get(period.year, {}),
        )
        item = EarlierFigure(
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
            and found[-1] == replace(item, first=found[-1].first, last=found[-1].last)
        ):
            found[-1] = replace(found[-1], last=period)
        else:
            found.append(item)
    if not periods:
        return [], []
    moved = history.moved_borders(past.ancestors.values(), periods[0].starts_on, today())
    return found, [
        MovedBorder(change.day, names[change.origin], names[change.heir], change.inhabitants)
        for change in moved
    ]


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
    regions: list[Area]  # GGD region, youth region, labour-market region, as far as known
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
        regions=[item for item in cascade if item.type in REGIONS],
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
    names = [item.short_name for item in cascade if item.type is kind]
    return names[0] if names and kind not in WITHIN else ""


@dataclass(frozen=True)
class Part:
    """A district or a neighbourhood: how many of our figures it has, and over which years."""

    area: Area
    indicators: int
    years: tuple[int, int] | None  # None: not one figure


@dataclass(frozen=True)
class District(Part):
    neighbourhoods: list[Part]


def districts(area: Area) -> list[District]:
    """The districts of a municipality by code, each with its neighbourhoods.

    The codes say which belongs to which: GM0034 has WK0034xx, and WK003401 has BU003401xx. Whether a district exists in
    a year is known from its figures alone.
    """
    if area.type is not AreaType.GEMEENTE:
        return []
    inside = [item for item in _cascade(area) if item.type in WITHIN]
    rows = db.execute(
        sa.select(
            Observation.area_id,
            sa.func.count(sa.distinct(Series.indicator_id)),
            sa.func.min(PeriodRow.starts_on),
            sa.func.max(PeriodRow.starts_on),
        )
        .join(Series, Series.id == Observation.series_id)
        .join(PeriodRow, PeriodRow.id == Observation.period_id)
        .where(
            Observation.area_id.in_([item.id for item in inside]),
            Observation.loaded_until.is_(None),
            Observation.value.is_not(None),
        )
        .group_by(Observation.area_id)
    )
    known = {area_id: (count, (first.year, last.year)) for area_id, count, first, last in rows}
    parts = [Part(item, *known.get(item.id, (0, None))) for item in inside]
    return [
        District(
            part.area,
            part.indicators,
            part.years,
            [item for item in parts if item.area.code.startswith(f"BU{part.area.code.removeprefix('WK')}")],
        )
        for part in parts
        if part.area.type is AreaType.WIJK
    ]


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
