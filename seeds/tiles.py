"""Maintainer's tool: `python -m seeds.tiles OUTLINES.json` makes the schematic map (TILES) after a change of municipalities.

Each municipality of today gets one tile of the same size, about where it lies: the tiles that lie within the country are
divided so that all together move as little as they can. From the outlines only the middle of each area is used, to
decide its tile.
"""

import csv
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path

from seeds import read
from workbench.figures.shapes import corners
from workbench.indicators.geometry import Outline, read_outlines

Spot = tuple[float, float]

# Tiles for each municipality: without free ones those in crowded parts would push the others far from where they lie.
ROOM = 1.25


def middle(outline: Outline) -> Spot:
    """The centre of gravity of an area."""
    total = across = up = 0.0
    for ring in (ring for polygon in outline.polygons for ring in polygon[:1]):
        places = list(corners(ring))
        for (x1, y1), (x2, y2) in zip(places, [*places[1:], places[0]], strict=True):
            part = x1 * y2 - x2 * y1
            total, across, up = total + part, across + (x1 + x2) * part, up + (y1 + y2) * part
    return across / (3 * total), up / (3 * total)


def is_inside(spot: Spot, outline: Outline) -> bool:
    """Does a place lie within an area, and in none of its holes?"""
    x, y = spot
    crossed = False
    for ring in (ring for polygon in outline.polygons for ring in polygon):
        places = list(corners(ring))
        for (x1, y1), (x2, y2) in zip(places, [*places[1:], places[0]], strict=True):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
                crossed = not crossed
    return crossed


def cells(outlines: Sequence[Outline], wanted: int) -> list[tuple[int, int, Spot]]:
    """(column, row from the north, place) of the widest grid with at least so many cells within the areas."""
    boxes = []
    for outline in outlines:
        places = [corner for polygon in outline.polygons for corner in corners(polygon[0])]
        across, up = [x for x, _y in places], [y for _x, y in places]
        boxes.append((min(across), min(up), max(across), max(up), outline))
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    size = math.sqrt((east - west) * (north - south) / wanted)
    while True:
        found = [
            (column, row, spot)
            for row in range(math.ceil((north - south) / size))
            for column in range(math.ceil((east - west) / size))
            if (spot := (west + (column + 0.5) * size, north - (row + 0.5) * size))
            and any(
                x1 <= spot[0] <= x2 and y1 <= spot[1] <= y2 and is_inside(spot, outline)
                for x1, y1, x2, y2, outline in boxes
            )
        ]
        if len(found) >= wanted:
            return found
        size *= 0.995


def divide(costs: Sequence[Sequence[float]]) -> list[int]:
    """For each row a column of its own, so that all together cost least (the Hungarian method)."""
    rows, columns = len(costs), len(costs[0])
    row_price, column_price = [0.0] * (rows + 1), [0.0] * (columns + 1)
    taken = [0] * (columns + 1)  # column -> its row, counted from 1
    for row in range(1, rows + 1):
        taken[0], at = row, 0
        least, before, seen = [math.inf] * (columns + 1), [0] * (columns + 1), [False] * (columns + 1)
        while taken[at]:
            seen[at] = True
            now, step, then = taken[at], math.inf, 0
            for column in range(1, columns + 1):
                if not seen[column]:
                    cost = costs[now - 1][column - 1] - row_price[now] - column_price[column]
                    if cost < least[column]:
                        least[column], before[column] = cost, at
                    if least[column] < step:
                        step, then = least[column], column
            for column in range(columns + 1):
                if seen[column]:
                    row_price[taken[column]] += step
                    column_price[column] -= step
                else:
                    least[column] -= step
            at = then
        while at:
            taken[at] = taken[before[at]]
            at = before[at]
    found = [0] * rows
    for column, row in enumerate(taken[1:]):
        if row:
            found[row - 1] = column
    return found


def tiles(outlines: Sequence[Outline]) -> dict[str, tuple[int, int]]:
    """Code -> column and row of its tile."""
    free = cells(outlines, math.ceil(ROOM * len(outlines)))
    middles = [middle(outline) for outline in outlines]
    chosen = divide([[math.dist(one, spot) ** 2 for _column, _row, spot in free] for one in middles])
    return {outline.code: free[index][:2] for outline, index in zip(outlines, chosen, strict=True)}


def main(path: Path) -> None:
    today = {area.code for area in read.areas() if area.code.startswith("GM") and area.valid_until is None}
    outlines = read_outlines(json.loads(path.read_text(encoding="utf-8")), "gemeente")
    if today != {outline.code for outline in outlines}:
        sys.exit("These are not the municipalities of today.")
    with read.TILES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "column", "row"])
        writer.writerows([code, *place] for code, place in sorted(tiles(outlines).items()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
