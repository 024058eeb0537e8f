"""Outlines of areas: from a GeoJSON or TopoJSON document to plain integers. Pure.

An outline is kept in tens of metres of the Dutch grid (Rijksdriehoekscoördinaten, north is up): fine enough for a map on
a wall, and areas that touch still share their corners exactly.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from workbench.core.errors import WorkbenchError
from workbench.figures.shapes import Corner, Polygon, rounded

METRES = 10  # of one unit
MOST_CORNERS = 5_000_000  # of a document; all neighbourhoods of the country together have fewer
# Where a document tells the code of an area, the likeliest name first.
CODE_NAMES = ("statcode", "code", "gemeentecode", "wijkcode", "gm_code", "wk_code")
# Kind of area -> what its codes look like.
CODES = {"gemeente": re.compile(r"GM\d{4}"), "wijk": re.compile(r"WK\d{6}")}
# West, south, east, north: the degrees and the metres between which the Netherlands lie.
DEGREES, GRID = (2.5, 50.0, 8.0, 54.5), (-10_000, 290_000, 300_000, 640_000)


class GeometryError(WorkbenchError):
    """No outlines can be read from this. Takes a Dutch msgid and its values."""

    def __init__(self, msgid: str, **values: object) -> None:
        self.msgid, self.values = msgid, values
        super().__init__(msgid % values if values else msgid)


@dataclass(frozen=True)
class Outline:
    """The shape of one area."""

    code: str
    polygons: tuple[Polygon, ...]


def read_outlines(document: object, level: str) -> list[Outline]:
    """Every area of this level ('gemeente', 'wijk') in a document, in order of code; shapes of other things are left out.

    Takes degrees as well as metres. An area that stands in several pieces is put together.
    Raises: GeometryError.
    """
    if not isinstance(document, Mapping):
        raise GeometryError("Dit is geen GeoJSON en geen TopoJSON.")
    kind = document.get("type")
    if kind == "Topology":
        found = list(_of_topology(document, CODES[level]))
    elif kind == "FeatureCollection":
        found = list(_of_features(document.get("features"), CODES[level]))
    else:
        raise GeometryError("Dit is geen GeoJSON en geen TopoJSON.")
    return _on_the_grid(found)


# --- GeoJSON --------------------------------------------------------------------------------------------------------

_Shape: TypeAlias = tuple[str, list[list[list[Corner]]]]  # a code with its polygons


def _of_features(features: object, code: re.Pattern[str]) -> Iterator[_Shape]:
    count = 0
    for feature in _list(features):
        if not isinstance(feature, Mapping):
            raise _broken()
        geometry, name = feature.get("geometry"), _code_of(feature, code)
        if name is None or geometry is None:
            continue
        polygons = [
            [[_corner(place) for place in _list(ring)] for ring in _list(polygon)]
            for polygon in _polygons(geometry, "coordinates")
        ]
        count += sum(len(ring) for polygon in polygons for ring in polygon)
        _check_size(count)
        yield name, polygons


def _polygons(geometry: object, key: str) -> list[Any]:
    """The polygons of a geometry, whether it has one or more. What is no surface has none."""
    if not isinstance(geometry, Mapping):
        raise _broken()
    if geometry.get("type") == "Polygon":
        return [geometry.get(key)]
    return _list(geometry.get(key)) if geometry.get("type") == "MultiPolygon" else []


# --- TopoJSON -------------------------------------------------------------------------------------------------------


def _of_topology(document: Mapping[str, Any], code: re.Pattern[str]) -> Iterator[_Shape]:
    arcs = _arcs(document)
    objects = document.get("objects")
    if not isinstance(objects, Mapping):
        raise _broken()
    count = 0
    for item in objects.values():
        if not isinstance(item, Mapping):
            raise _broken()
        for geometry in _list(item.get("geometries", [])):
            if not isinstance(geometry, Mapping):
                raise _broken()
            name = _code_of(geometry, code)
            if name is None:
                continue
            polygons = [
                [_joined(_list(ring), arcs) for ring in _list(polygon)]
                for polygon in _polygons(geometry, "arcs")
            ]
            count += sum(len(ring) for polygon in polygons for ring in polygon)
            _check_size(count)
            yield name, polygons


def _arcs(document: Mapping[str, Any]) -> list[list[Corner]]:
    """The arcs as places; with a transform they are steps in whole numbers."""
    transform = document.get("transform")
    if transform is None:
        return [[_corner(place) for place in _list(arc)] for arc in _list(document.get("arcs"))]
    if not isinstance(transform, Mapping):
        raise _broken()
    (wide, high), (left, low) = _corner(transform.get("scale")), _corner(transform.get("translate"))
    found = []
    for arc in _list(document.get("arcs")):
        x = y = 0.0
        places = []
        for step in _list(arc):
            across, up = _corner(step)
            x, y = x + across, y + up
            places.append((left + x * wide, low + y * high))
        found.append(places)
    return found


def _joined(ring: Sequence[object], arcs: Sequence[list[Corner]]) -> list[Corner]:
    """The arcs of a ring one after another; ~i is arc i from its end to its beginning."""
    places: list[Corner] = []
    for index in ring:
        if not isinstance(index, int) or isinstance(index, bool) or not -len(arcs) <= index < len(arcs):
            raise GeometryError("Een omtrek verwijst naar een lijn die er niet is.")
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        places += arc[1:] if places else arc
        _check_size(len(places))
    return places


# --- Both -----------------------------------------------------------------------------------------------------------


def _code_of(item: Mapping[str, Any], code: re.Pattern[str]) -> str | None:
    about = item.get("properties")
    about = about if isinstance(about, Mapping) else {}
    for text in (*(about.get(name) for name in CODE_NAMES), item.get("id")):
        if isinstance(text, str) and code.fullmatch(text.strip()):
            return text.strip()
    return None


def _on_the_grid(found: Sequence[_Shape]) -> list[Outline]:
    if not found:
        raise GeometryError("Er staan geen omtrekken in van de gebieden die we zoeken.")
    project = _projection(found)
    shapes: dict[str, list[Polygon]] = {}
    for code, polygons in found:
        for polygon in polygons:
            rings = [rounded(map(project, ring), METRES) for ring in polygon]
            if rings and rings[0]:
                shapes.setdefault(code, []).append(tuple(ring for ring in rings if ring))
    if lost := {code for code, _polygons in found} - set(shapes):
        raise GeometryError("Gebied %(code)s heeft een omtrek zonder oppervlakte.", code=min(lost))
    return [Outline(code, tuple(shapes[code])) for code in sorted(shapes)]


def _projection(found: Sequence[_Shape]) -> Any:
    """How to get from the coordinates of a document to metres, judged by where they lie."""
    corners = [
        corner for _code, polygons in found for polygon in polygons for ring in polygon for corner in ring
    ]
    if not corners:
        raise GeometryError("Er staan geen omtrekken in van de gebieden die we zoeken.")
    across, up = [x for x, _y in corners], [y for _x, y in corners]
    box = (min(across), min(up), max(across), max(up))
    if _inside(box, GRID):
        return lambda corner: corner
    if _inside(box, DEGREES):
        return lambda corner: to_grid(*corner)
    if _inside((box[1], box[0], box[3], box[2]), DEGREES):  # some services give the latitude first
        return lambda corner: to_grid(corner[1], corner[0])
    raise GeometryError(
        "De coördinaten liggen niet in Nederland, of staan in een stelsel dat we niet kennen."
    )


def _inside(box: Sequence[float], limits: Sequence[float]) -> bool:
    west, south, east, north = box
    return west >= limits[0] and south >= limits[1] and east <= limits[2] and north <= limits[3]


# Powers of the difference in latitude and in longitude with Amersfoort -> metres, after Schreutelkamp and Strang van Hees.
EAST = {
    (0, 1): 190094.945, (1, 1): -11832.228, (2, 1): -114.221, (0, 3): -32.391, (1, 0): -0.705,
    (3, 1): -2.340, (1, 3): -0.608, (0, 2): -0.008, (2, 3): 0.148,
}  # fmt: skip
NORTH = {
    (1, 0): 309056.544, (0, 2): 3638.893, (2, 0): 73.077, (1, 2): -157.984, (3, 0): 59.788,
    (0, 1): 0.433, (2, 2): -6.439, (1, 1): -0.032, (0, 4): 0.092, (1, 4): -0.054,
}  # fmt: skip


def to_grid(longitude: float, latitude: float) -> Corner:
    """Degrees (WGS84) to metres of the Dutch grid, within a metre."""
    up, across = 0.36 * (latitude - 52.15517440), 0.36 * (longitude - 5.38720621)
    x = sum(factor * up**p * across**q for (p, q), factor in EAST.items())
    y = sum(factor * up**p * across**q for (p, q), factor in NORTH.items())
    return 155_000 + x, 463_000 + y


def _corner(place: object) -> Corner:
    if not isinstance(place, Sequence) or isinstance(place, str) or len(place) < 2:
        raise _broken()
    x, y = place[0], place[1]
    if not all(isinstance(n, int | float) and not isinstance(n, bool) and abs(n) < 1e12 for n in (x, y)):
        raise _broken()
    if not (math.isfinite(x) and math.isfinite(y)):
        raise _broken()
    return x, y


def _list(item: object) -> list[Any]:
    if not isinstance(item, list):
        raise _broken()
    return item


def _check_size(corners: int) -> None:
    if corners > MOST_CORNERS:
        raise GeometryError("De omtrekken hebben veel meer punten dan we verwachten. Kies een grovere kaart.")


def _broken() -> GeometryError:
    return GeometryError("De omtrekken zijn onvolledig of hebben een andere vorm dan we kennen.")
