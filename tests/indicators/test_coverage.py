"""Which periods there are and which are missing, in words."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.language import Language
from workbench.indicators.coverage import gaps, periods_text
from workbench.indicators.periods import Period, parse_period

DUTCH = Language()


@dataclass(frozen=True)
class Item:
    period: Period
    value: float | None
    missing: str | None


def line(text: str) -> list[Item]:
    """'2019 2020:suppressed' -> a value over 2019 and a reason for 2020. Half-years are written as 2019HJ01."""
    items = []
    for word in text.split():
        code, _, reason = word.partition(":")
        period = parse_period(code if len(code) == 8 else f"{code}JJ00")
        items.append(Item(period, None if reason else 1.0, reason or None))
    return items


@pytest.mark.parametrize(
    ("written", "periods", "missing"),
    [
        ("", "", []),
        ("2024", "2024", []),
        ("2017 2018 2019", "2017 tot en met 2019", []),
        ("2017 2018:not_delivered 2019 2020", "2017, 2019 tot en met 2020", ["2018 ontbreekt: niet geleverd"]),
        ("2020 2024", "2020, 2024", ["tussen 2020 en 2024 is er geen cijfer"]),
        ("2020:suppressed 2021:suppressed 2022", "2022", ["2020 tot en met 2021 ontbreken: niet getoond, te weinig mensen"]),
        (
            "2017 2018:failed 2019 2023 2024:not_delivered",
            "2017, 2019, 2023",
            ["2018 ontbreekt: ophalen mislukt", "tussen 2019 en 2023 is er geen cijfer", "2024 ontbreekt: niet geleverd"],
        ),
        ("2020:not_delivered", "", ["2020 ontbreekt: niet geleverd"]),
        ("2023HJ01 2023HJ02 2024HJ01", "eerste half jaar 2023 tot en met eerste half jaar 2024", []),
        ("2023HJ01 2024HJ01", "eerste half jaar 2023, eerste half jaar 2024", ["tussen eerste half jaar 2023 en eerste half jaar 2024 is er geen cijfer"]),
    ],
)  # fmt: skip
def test_periods_and_gaps_read_as_a_person_would_say_them(
    written: str, periods: str, missing: list[str]
) -> None:
    assert periods_text(line(written), DUTCH) == periods
    assert gaps(line(written), DUTCH) == missing


REASONS = st.sampled_from([None, "not_delivered", "suppressed"])


@given(st.dictionaries(st.integers(1990, 2030), REASONS))
def test_every_year_within_the_line_is_there_or_missing_and_never_both(
    years: dict[int, str | None],
) -> None:
    items = [
        Item(parse_period(f"{year}JJ00"), None if reason else 1.0, reason)
        for year, reason in sorted(years.items())
    ]
    there = set().union(*(_years(span) for span in periods_text(items, DUTCH).split(", ") if span), set())
    assert there == {year for year, reason in years.items() if reason is None}
    named, unknown = set(), set()
    for text in gaps(items, DUTCH):
        if text.startswith("tussen"):
            first, last = (int(word) for word in text.split() if word.isdigit())
            unknown |= set(range(first + 1, last))
        else:
            named |= _years(text.partition(" ontbre")[0])
    assert named == {year for year, reason in years.items() if reason}
    whole = set(range(min(years), max(years) + 1)) if years else set()
    assert unknown == whole - set(years)


def _years(span: str) -> set[int]:
    first, _, last = span.partition(" tot en met ")
    return set(range(int(first), int(last or first) + 1))
