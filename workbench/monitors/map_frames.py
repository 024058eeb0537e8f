"""From stored figures and outlines to the frames of maps. A query asks for figures or for names, never for both."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from typing import NamedTuple, TypeAlias
from uuid import UUID

import sqlalchemy as sa

from workbench.core.db import db
from workbench.core.language import Language
from workbench.figures.frame import BandPoint, Point, TrendFrame
from workbench.figures.map_frame import NOT_YET, DistrictsFrame, MapFrame, Patch
from workbench.indicators import compare
from workbench.indicators.catalogue import AreaType
from workbench.indicators.models import Area, Indicator, Missing, Observation, PeriodRow
from workbench.indicators.outlines.queries import Outlines, outlines_for
from workbench.indicators.periods import Period, parse_period
from workbench.monitors.frames import place_of
from workbench.uploads import queries as uploads
from workbench.uploads.models import OwnIndicator

Subject: TypeAlias = Indicator | OwnIndicator
Made: TypeAlias = MapFrame | DistrictsFrame | str  # a frame, or why there is none


class _Cell(NamedTuple):
    """What is known of one area over the period of the map."""

    value: float | None
    status: str
    missing: str | None


_NOTHING = _Cell(None, "unknown", "unknown")
_Districts: TypeAlias = Mapping[str, Mapping[str, tuple[str, _Cell]]]


class Atlas:
    """What the maps of one job share, in whatever language: outlines and areas are looked up once, figures once for each
    indicator.
    """

    def __init__(self) -> None:
        self.outlines = cache(outlines_for)
        self._areas: dict[tuple[str, ...], dict[str, Area]] = {}
        self._cells: dict[tuple[UUID, str], dict[int, _Cell]] = {}
        self._districts: dict[tuple[UUID, str], _Districts] = {}

    def areas(self, outlines: Outlines) -> dict[str, Area]:
        codes = tuple(outlines.shapes)
        if codes not in self._areas:
            self._areas[codes] = _areas(codes)
        return self._areas[codes]

    def cells(self, indicator: Indicator, period: Period, area_ids: Collection[int]) -> dict[int, _Cell]:
        """Of all areas of the outlines for this period."""
        key = indicator.id, period.code
        if key not in self._cells:
            self._cells[key] = _cells(indicator, period, area_ids)
        return self._cells[key]

    def districts(self, subject: Subject, beginning: str) -> _Districts:
        key = subject.id, beginning
        if key not in self._districts:
            self._districts[key] = (
                _own_districts(subject, beginning)
                if isinstance(subject, OwnIndicator)
                else _public_districts(subject, beginning)
            )
        return self._districts[key]


def maps_of(
    subject: Subject,
    trend: TrendFrame,
    area: Area,
    language: Language,
    atlas: Atlas,
    *,
    is_wider: bool = False,
) -> dict[str, Made]:
    """By kind of view. `trend`: the own line of the figure; `is_wider`: it is of a wider area than ours."""
    if is_wider or area.type is not AreaType.GEMEENTE:
        why = language.gettext("Dit is geen cijfer over uw gemeente alleen.")
        return {"map": why, "districts": why}
    return {
        "map": _municipalities(subject, trend, area, language, atlas),
        "districts": _districts(subject, trend, area, language, atlas),
    }


def _municipalities(
    subject: Subject, trend: TrendFrame, area: Area, language: Language, atlas: Atlas
) -> Made:
    if isinstance(subject, OwnIndicator):
        return language.gettext("Dit cijfer telt de gemeente zelf. Van andere gemeenten is het niet bekend.")
    own = _newest(trend)
    if own is None:
        return language.gettext("Er is geen eigen cijfer om op de kaart te zetten.")
    period = parse_period(own.period)
    outlines = atlas.outlines(AreaType.GEMEENTE, period.year)
    if outlines is None:
        return language.gettext("Er is nog geen kaart van de gemeenten geladen.")
    areas = atlas.areas(outlines)
    cells = atlas.cells(subject, period, {item.id for item in areas.values()})
    patches = tuple(
        _patch(outlines, code, _there(areas.get(code), period, cells), is_own=code == area.code)
        for code in outlines.shapes
    )
    values = [patch.value for patch in patches if patch.value is not None and not patch.is_own]
    return MapFrame(
        place_of(trend, own, _band(own, values)), patches, outlines.is_schematic, _credit(outlines, language)
    )


def _districts(subject: Subject, trend: TrendFrame, area: Area, language: Language, atlas: Atlas) -> Made:
    """Of the newest period in which a district has a figure."""
    beginning = "WK" + area.code.removeprefix("GM")
    found = atlas.districts(subject, beginning)
    lately = max(
        (
            period
            for period, cells in found.items()
            if any(cell.value is not None for _, cell in cells.values())
        ),
        key=lambda code: parse_period(code).ends_on,
        default=None,
    )
    if lately is None:
        return language.gettext("Er zijn geen cijfers over de wijken.")
    period = parse_period(lately)
    outlines = atlas.outlines(AreaType.WIJK, period.year, beginning)
    if outlines is None:
        return language.gettext("Er is nog geen kaart van de wijken geladen.")
    cells = found[lately]
    names = {code: name for code, (name, _cell) in cells.items()}
    names |= {code: item.name for code, item in atlas.areas(outlines).items() if code not in names}
    patches = tuple(
        _patch(outlines, code, cells[code][1] if code in cells else _NOTHING, name=names.get(code, code))
        for code in outlines.shapes
    )
    own = next((point for point in trend.own if point.period == lately), None) or Point(
        lately, period.label(language), period.position, None, missing="unknown"
    )
    band = _band(own, [patch.value for patch in patches if patch.value is not None])
    return DistrictsFrame(
        place_of(trend, own, band), patches, outlines.is_schematic, _credit(outlines, language)
    )


def _newest(trend: TrendFrame) -> Point | None:
    """The newest own figure that others have too; else the newest one."""
    compared = {band.period for band in trend.band}
    shared = [point for point in trend.valued if point.period in compared]
    return next(reversed(shared or trend.valued), None)


def _areas(codes: Collection[str]) -> dict[str, Area]:
    return {area.code: area for area in db.scalars(sa.select(Area).where(Area.code.in_(codes)))}


def _cells(indicator: Indicator, period: Period, area_ids: Collection[int]) -> dict[int, _Cell]:
    """Area id -> what is known of it; of two series that both have the period the later one counts."""
    parts = {series.id: series.part for series in indicator.series}
    rows = db.execute(
        sa.select(
            Observation.series_id,
            Observation.area_id,
            Observation.value,
            Observation.status,
            Observation.missing,
        )
        .join(PeriodRow, PeriodRow.id == Observation.period_id)
        .where(
            Observation.series_id.in_(parts),
            Observation.area_id.in_(area_ids),
            PeriodRow.code == period.code,
            Observation.loaded_until.is_(None),
        )
    )
    return {
        row.area_id: _cell(row.value, row.status.value, row.missing)
        for row in sorted(rows, key=lambda row: parts[row.series_id])
    }


def _cell(value: float | None, status: str, missing: Missing | None) -> _Cell:
    if value is not None:
        return _Cell(value, status, None)
    return _Cell(
        None, status, NOT_YET if missing is Missing.IMPOSSIBLE else (missing or Missing.UNKNOWN).value
    )


def _there(area: Area | None, period: Period, cells: Mapping[int, _Cell]) -> _Cell:
    """An area that did not exist all through the period has no figure of its own over it."""
    if area is None:
        return _NOTHING
    began, ended = area.valid_from or date.min, area.valid_until or date.max
    if began > period.ends_on or ended <= period.starts_on:
        return _Cell(None, "unknown", NOT_YET)
    return cells.get(area.id, _NOTHING)


def _public_districts(indicator: Indicator, beginning: str) -> dict[str, dict[str, tuple[str, _Cell]]]:
    """Period code -> code of a district -> its name and what is known of it."""
    if AreaType.WIJK.value not in {level for series in indicator.series for level in series.levels}:
        return {}
    areas = {
        area.id: area
        for area in db.scalars(
            sa.select(Area).where(
                Area.type == AreaType.WIJK, Area.code.startswith(beginning, autoescape=True)
            )
        )
    }
    parts = {series.id: series.part for series in indicator.series}
    rows = db.execute(
        sa.select(
            PeriodRow.code.label("period"),
            Observation.series_id,
            Observation.area_id,
            Observation.value,
            Observation.status,
            Observation.missing,
        )
        .join(PeriodRow, PeriodRow.id == Observation.period_id)
        .where(
            Observation.series_id.in_(parts),
            Observation.area_id.in_(areas),
            Observation.loaded_until.is_(None),
        )
    )
    found: dict[str, dict[str, tuple[str, _Cell]]] = {}
    for row in sorted(rows, key=lambda row: parts[row.series_id]):
        area = areas[row.area_id]
        cell = _cell(row.value, row.status.value, row.missing)
        found.setdefault(row.period, {})[area.code] = (area.name, cell)
    return found


def _own_districts(indicator: OwnIndicator, beginning: str) -> dict[str, dict[str, tuple[str, _Cell]]]:
    """The same, as the municipality counted it; what the guard hides is missing here too."""
    found: dict[str, dict[str, tuple[str, _Cell]]] = {}
    for (code, period), row in uploads.current(indicator).items():
        if code.startswith(beginning):
            cell = _cell(row.value, row.status.value, row.missing)
            found.setdefault(period, {})[code] = (row.area_name, cell)
    return found


def _patch(outlines: Outlines, code: str, cell: _Cell, *, name: str = "", is_own: bool = False) -> Patch:
    return Patch(outlines.shapes[code], cell.value, cell.missing, cell.status, name=name, is_own=is_own)


def _band(own: Point, values: list[float]) -> BandPoint | None:
    found = compare.band(values)
    if found is None:
        return None
    return BandPoint(own.period, own.label, own.year, found.low, found.median, found.high, found.count)


def _credit(outlines: Outlines, language: Language) -> str:
    """Whose the outlines are; the schematic map is our own."""
    if outlines.is_schematic:
        return ""
    return language.gettext(
        "%(source)s, grenzen van %(year)s", source=outlines.source, year=str(outlines.year)
    )
