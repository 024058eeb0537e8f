"""The line as small as a word."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.figures.spark import EDGE, HEIGHT, WIDTH, spark


def test_a_rising_line_runs_from_the_lower_left_to_the_upper_right() -> None:
    found = spark([(2020, 1.0, "a"), (2021, 2.0, "a"), (2022, 3.0, "a")])
    assert found is not None
    assert found.lines == ("3,25 60,14 117,3",)
    assert found.dots == ((117, 3),)


def test_a_missing_year_and_another_way_of_counting_break_the_line_and_one_figure_is_no_trend() -> None:
    found = spark([(1, 5.0, "a"), (2, None, "a"), (3, 5.0, "a"), (4, 5.0, "b"), (5, 5.0, "b")])
    assert found is not None
    assert len(found.lines) == 1
    assert len(found.dots) == 3, "two years that stand alone, and the end"
    assert spark([(1, 5.0, "a"), (2, None, "a")]) is None
    assert spark([]) is None


@given(st.lists(st.none() | st.floats(-1e9, 1e9), max_size=30))
def test_every_point_lies_within_its_frame(values: list[float | None]) -> None:
    found = spark([(float(place), value, "a") for place, value in enumerate(values)])
    if found is None:
        assert sum(value is not None for value in values) < 2
        return
    points = [tuple(map(float, point.split(","))) for line in found.lines for point in line.split()]
    for x, y in [*points, *found.dots]:
        assert EDGE <= x <= WIDTH - EDGE
        assert EDGE <= y <= HEIGHT - EDGE
