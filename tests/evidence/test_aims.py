"""Numbers and aims as people type them; the balance of a goal."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.evidence.coverage.balance import Balance, balance
from workbench.evidence.measuring.aims import NotAnAim, aims_text, number_text, read_aims, read_number

numbers = st.one_of(
    st.integers(-(10**11), 10**11).map(float),
    st.decimals(-(10**6), 10**6, places=2).map(float),
)


@given(st.dictionaries(st.integers(2015, 2100), numbers, max_size=8))
def test_what_was_kept_can_be_read_again(aims: dict[int, float]) -> None:
    assert read_aims(aims_text(aims)) == aims
    assert list(read_aims(aims_text(aims))) == sorted(aims)


@given(numbers)
def test_a_number_is_written_as_it_can_be_typed(value: float) -> None:
    assert read_number(number_text(value)) == value


@pytest.mark.parametrize(
    ("typed", "aims"),
    [
        ("2028: 12,5", {2028: 12.5}),
        ("2030 10\n\n 2028 = 1.250", {2028: 1250.0, 2030: 10.0}),
        ("2028: 12 %", {2028: 12.0}),
        ("", {}),
    ],
)
def test_people_write_aims_in_their_own_way(typed: str, aims: dict[int, float]) -> None:
    assert read_aims(typed) == aims


@pytest.mark.parametrize(
    "typed", ["minder", "2028", "2028: veel", "1999: 3", "2028: 3\n2028: 4", "2028: .", "3: 2028"]
)
def test_a_line_that_is_no_aim_is_named(typed: str) -> None:
    with pytest.raises(NotAnAim) as wrong:
        read_aims(typed)
    assert wrong.value.args[0] in typed


def test_what_nobody_told_yet_counts_as_nothing_told() -> None:
    found = balance([date(2024, 12, 31), None, date(2023, 12, 31)], [None, date(2026, 3, 1)], asked=2)
    assert found == Balance(3, date(2024, 12, 31), 1, date(2026, 3, 1), 2)
    assert balance([], [None], asked=1).is_blank
    assert not balance([None], []).is_blank
