"""Size classes and quartiles, against a definition anyone can follow."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.indicators.compare import BOUNDS, FEWEST, SizeClass, band, size_class

VALUES = st.lists(
    st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 3)), min_size=FEWEST, max_size=60
)


@pytest.mark.parametrize(
    ("inhabitants", "low", "high"),
    [
        (0, 0, 20_000),
        (19_999, 0, 20_000),
        (20_000, 20_000, 50_000),
        (99_999.5, 50_000, 100_000),
        (150_000, 150_000, None),
        (900_000, 150_000, None),
    ],
)
def test_a_bound_belongs_to_the_class_it_begins(inhabitants: float, low: int, high: int | None) -> None:
    assert size_class(inhabitants) == SizeClass(low, high)


def test_a_negative_number_of_inhabitants_has_no_class() -> None:
    with pytest.raises(ValueError, match="-1"):
        size_class(-1)


@given(st.integers(0, 2_000_000))
def test_every_number_of_inhabitants_is_in_exactly_one_class(inhabitants: int) -> None:
    found = size_class(inhabitants)
    assert found.low <= inhabitants < (found.high or math.inf)
    assert found.low in BOUNDS


def naive_quantile(values: list[float], share: float) -> float:
    """Put them in a row, walk `share` of the way from first to last, and interpolate between neighbours."""
    row = sorted(values)
    place = share * (len(row) - 1)
    before = int(place)
    after = min(before + 1, len(row) - 1)
    return row[before] + (row[after] - row[before]) * (place - before)


@given(VALUES)
def test_quartiles_equal_the_naive_definition(values: list[float]) -> None:
    found = band(values)
    assert found is not None
    expected = [naive_quantile(values, share) for share in (0.25, 0.5, 0.75)]
    assert [found.low, found.median, found.high] == pytest.approx(expected, rel=1e-9, abs=1e-6)
    assert found.count == len(values)


@given(VALUES, st.randoms())
def test_the_order_of_municipalities_does_not_matter(values: list[float], random: object) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert band(shuffled) == band(values)


@given(VALUES)
def test_the_band_lies_within_the_values_and_in_order(values: list[float]) -> None:
    found = band(values)
    assert found is not None
    slack = 1e-6 * max(1, *map(abs, values))
    assert min(values) - slack <= found.low <= found.median + slack
    assert found.median - slack <= found.high <= max(values) + slack


@given(st.lists(st.floats(-1e6, 1e6), max_size=FEWEST - 1))
def test_fewer_than_five_municipalities_make_no_band(values: list[float]) -> None:
    assert band(values) is None


def test_five_are_enough() -> None:
    found = band([5, 1, 4, 2, 3])
    assert found is not None
    assert (found.low, found.median, found.high, found.count) == (2, 3, 4, 5)
