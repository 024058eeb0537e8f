"""Size classes, groups and quartiles, against a definition anyone can follow."""

import math
import random as randomness

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.indicators.compare import (
    BOUNDS,
    FEWEST,
    INHABITANTS,
    NEAREST,
    NEEDED,
    SHARES,
    URBANITY,
    Kind,
    Municipality,
    SizeClass,
    band,
    select,
    size_class,
)

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


# --- Groups ---------------------------------------------------------------------------------------------------------

SLUGS = (INHABITANTS, URBANITY, *SHARES)


@st.composite
def municipalities(draw: st.DrawFn) -> list[Municipality]:
    """Some with every figure, some without; the first is ours."""

    def figures() -> dict[str, float]:
        known = {
            INHABITANTS: float(draw(st.integers(900, 900_000))),
            URBANITY: float(draw(st.integers(1, 5))),
            **{slug: float(draw(st.integers(5, 60))) for slug in SHARES},
        }
        hidden = draw(st.sets(st.sampled_from(SLUGS), max_size=1))
        return {slug: value for slug, value in known.items() if slug not in hidden}

    provinces = st.sampled_from(["PV20", "PV24", None])
    return [
        Municipality(number, f"GM{number:04}", draw(provinces), figures())
        for number in range(draw(st.integers(1, 25)))
    ]


def codes(items: tuple[Municipality, ...]) -> list[str]:
    return [item.code for item in items]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(municipalities(), st.sampled_from(Kind), st.randoms(use_true_random=False))
def test_a_group_is_the_same_in_whatever_order_and_never_holds_ourselves(
    everyone: list[Municipality], kind: Kind, random: randomness.Random
) -> None:
    own = everyone[0]
    chosen = {item.code for item in everyone[::2]}
    found = select(kind, own, everyone, chosen)
    shuffled = list(everyone)
    random.shuffle(shuffled)
    assert select(kind, own, shuffled, chosen) == found
    assert own not in found.members
    assert codes(found.members) == sorted(codes(found.members)), "by code: by nothing that says more or less"
    assert all(item.knows(NEEDED[kind]) for item in found.members)
    assert found.is_enough == (len(found.members) >= FEWEST)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(municipalities(), st.sampled_from(Kind))
def test_who_lacks_a_figure_has_no_group_and_who_lacks_it_elsewhere_is_counted(
    everyone: list[Municipality], kind: Kind
) -> None:
    own, others = everyone[0], everyone[1:]
    found = select(kind, own, everyone)
    lacks = not own.knows(NEEDED[kind]) or (kind is Kind.PROVINCE and own.province is None)
    assert bool(found.lacking) == lacks
    if lacks:
        assert (found.members, found.is_enough) == ((), False)
    else:
        assert found.left_out == sum(not item.knows(NEEDED[kind]) for item in others)


def town(number: int, **facts: float) -> Municipality:
    figures = {INHABITANTS: 50_000.0, URBANITY: 3.0, **dict.fromkeys(SHARES, 20.0), **facts}
    return Municipality(number, f"GM{number:04}", "PV24" if number % 2 else "PV20", figures)


def test_each_kind_groups_by_its_own_fact() -> None:
    own = town(1)
    big, rural, near = town(2, inwoners=200_000.0), town(3, stedelijkheid=5.0), town(5)
    everyone = [own, big, rural, near]
    assert codes(select(Kind.SIZE, own, everyone).members) == ["GM0003", "GM0005"]
    assert codes(select(Kind.PROVINCE, own, everyone).members) == ["GM0003", "GM0005"]
    assert codes(select(Kind.URBANITY, own, everyone).members) == ["GM0002", "GM0005"]
    assert codes(select(Kind.CHOSEN, own, everyone, ["GM0002", "GM9999"]).members) == ["GM0002"]
    assert not select(Kind.PROVINCE, own, everyone).is_enough


def test_the_population_profile_takes_those_that_differ_least_and_weighs_its_four_facts_alike() -> None:
    own = town(0)
    alike = [town(number, **{SHARES[0]: 20.0 + number / 100}) for number in range(1, NEAREST + 1)]
    apart = [
        town(100, **{SHARES[0]: 40.0}),
        town(101, **{SHARES[1]: 40.0}),
        town(102, **{SHARES[2]: 40.0}),
        town(103, inwoners=5_000_000.0),
    ]
    assert codes(select(Kind.PROFILE, own, [own, *apart, *alike]).members) == codes(tuple(alike))


def test_twice_as_many_inhabitants_is_as_far_as_half_as_many() -> None:
    from workbench.indicators.compare import profile_distance

    half, own, double = (
        town(1, inwoners=10_000.0),
        town(2, inwoners=20_000.0),
        town(3, inwoners=40_000.0),
    )
    away = profile_distance([half, own, double])
    assert away(own, half) == pytest.approx(away(own, double))
    assert away(own, own) == 0


def test_facts_that_are_equal_everywhere_do_not_count() -> None:
    everyone = [town(number) for number in range(6)]
    assert select(Kind.PROFILE, everyone[0], everyone).is_enough
