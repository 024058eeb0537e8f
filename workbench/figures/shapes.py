"""Shapes of areas as plain integers: making them coarser, fitting them in a drawing, striping them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

Ring: TypeAlias = tuple[int, ...]  # x, y, x, y …; the last corner goes on to the first one
Polygon: TypeAlias = tuple[Ring, ...]  # the edge, then its holes
Shape: TypeAlias = tuple[Polygon, ...]
Corner: TypeAlias = tuple[float, float]

COARSEST = 16  # from here on small shapes would go


def corners(ring: Ring) -> Iterator[tuple[int, int]]:
    return zip(ring[::2], ring[1::2], strict=True)


def corners_in(shapes: Iterable[Shape]) -> list[tuple[int, int]]:
    return [corner for shape in shapes for polygon in shape for ring in polygon for corner in corners(ring)]


def rounded(places: Iterable[Corner], unit: float) -> Ring:
    """A ring in whole units, without the corners that say nothing; empty when no surface is left of it."""
    kept: list[tuple[int, int]] = []
    found = [(round(x / unit), round(y / unit)) for x, y in places]
    for place in [*found, *found[:1]]:
        while kept and (place == kept[-1] or (len(kept) > 1 and _on_a_line(kept[-2], kept[-1], place))):
            kept.pop()
        kept.append(place)
    kept = kept[:-1]
    while len(kept) > 2 and _on_a_line(kept[-1], kept[0], kept[1]):
        kept = kept[1:]
    while len(kept) > 2 and _on_a_line(kept[-2], kept[-1], kept[0]):
        kept = kept[:-1]
    return tuple(number for place in kept for number in place) if len(kept) > 2 else ()


def _on_a_line(one: tuple[int, int], middle: tuple[int, int], other: tuple[int, int]) -> bool:
    return (middle[0] - one[0]) * (other[1] - one[1]) == (middle[1] - one[1]) * (other[0] - one[0])


def fitted(
    shapes: Sequence[Shape], width: int, height: int, *, edge: int, most: int
) -> tuple[list[Shape], int, int]:
    """The shapes, y from the top, as large as fits with an edge around them; and the width and height they then have.

    They are as coarse as is needed to have at most so many corners together; shapes that touch still touch. A shape that
    would vanish becomes a small square.
    """
    places = corners_in(shapes)
    west, east = min((x for x, _y in places), default=0), max((x for x, _y in places), default=0)
    south, north = min((y for _x, y in places), default=0), max((y for _x, y in places), default=0)
    scale = min((width - 2 * edge) / max(east - west, 1), (height - 2 * edge) / max(north - south, 1))

    def place(corner: tuple[int, int]) -> Corner:
        return (corner[0] - west) * scale + edge, (north - corner[1]) * scale + edge

    grain, found = 0, list(shapes)
    while not grain or (grain < COARSEST and len(corners_in(found)) > most):
        grain += 1
        found = [_coarse([[[*map(place, corners(r))] for r in p] for p in shape], grain) for shape in shapes]
    return found, round((east - west) * scale) + 2 * edge, round((north - south) * scale) + 2 * edge


def _coarse(shape: list[list[list[Corner]]], grain: int) -> Shape:
    polygons = []
    for polygon in shape:
        rings = [rounded(ring, grain) for ring in polygon]
        if rings and rings[0]:
            polygons.append(tuple(tuple(grain * number for number in ring) for ring in rings if ring))
    if not polygons and shape and shape[0] and shape[0][0]:
        x, y = (grain * round(number / grain) for number in shape[0][0][0])
        polygons.append(((x, y, x + 2, y, x + 2, y + 2, x, y + 2),))
    return tuple(polygons)


def stripes(shapes: Iterable[Shape], apart: int) -> list[tuple[int, int, int]]:
    """(x, from, to) of upright lines at every so many places, only within the shapes."""
    crossings: dict[int, list[float]] = {}
    for shape in shapes:
        for polygon in shape:
            for ring in polygon:
                places = list(corners(ring))
                for (x1, y1), (x2, y2) in zip(places, [*places[1:], *places[:1]], strict=True):
                    low, high = sorted((x1, x2))
                    # Lines lie between two whole places, so that none goes through a corner.
                    for x in range(low + (-low) % apart, high, apart):
                        crossings.setdefault(x, []).append(y1 + (x + 0.5 - x1) * (y2 - y1) / (x2 - x1))
    found = []
    for x, ys in sorted(crossings.items()):
        order = sorted(ys)
        pairs = zip(order[::2], order[1::2], strict=True)
        found += [(x, round(top), round(foot)) for top, foot in pairs if round(foot) > round(top)]
    return found


def box(shape: Shape) -> tuple[int, int, int, int]:
    """Left, top, right and foot."""
    places = corners_in([shape])
    across, down = [x for x, _y in places], [y for _x, y in places]
    return min(across), min(down), max(across), max(down)
