"""The maintainer's tool that divides the tiles of the schematic map."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from seeds.tiles import cells, divide, is_inside, middle, tiles
from workbench.indicators.geometry import Outline


def square(code: str, left: int, low: int, size: int = 10) -> Outline:
    return Outline(code, (((left, low, left + size, low, left + size, low + size, left, low + size),),))


@settings(deadline=None)
@given(st.integers(1, 4).flatmap(
    lambda rows: st.integers(rows, 5).flatmap(
        lambda columns: st.lists(
            st.lists(st.integers(0, 50), min_size=columns, max_size=columns), min_size=rows, max_size=rows
        )
    )
))  # fmt: skip
def test_dividing_costs_no_more_than_any_other_way(costs: list[list[int]]) -> None:
    found = divide(costs)
    assert len(set(found)) == len(costs)
    least = min(
        sum(row[column] for row, column in zip(costs, way, strict=True))
        for way in permutations(range(len(costs[0])), len(costs))
    )
    assert sum(row[column] for row, column in zip(costs, found, strict=True)) == least


def test_a_middle_and_what_lies_inside() -> None:
    one = square("GM0001", 10, 20)
    assert middle(one) == (15, 25)
    assert is_inside((11, 21), one)
    assert not is_inside((9, 21), one)


def test_areas_that_lie_in_a_row_get_tiles_in_a_row() -> None:
    outlines = [square(f"GM{index:04}", 10 * index, 0) for index in range(6)]
    assert len(cells(outlines, 6)) >= 6
    found = tiles(outlines)
    columns = [found[outline.code][0] for outline in outlines]
    assert columns == sorted(columns)
    assert len(set(found.values())) == 6
