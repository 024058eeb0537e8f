from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.core.language import Language
from workbench.indicators.periods import CODE, GRAINS, PeriodType, parse_period, period_with

CODES = st.sampled_from(
    [
        f"{year}{letters}{n:02}"
        for year in range(1988, 2100)
        for letters, grain in GRAINS.items()
        for n in grain.numbers
    ]
)


@pytest.mark.parametrize(
    ("code", "kind", "days", "position", "label"),
    [
        ("2023JJ00", "year", "2023-01-01 2023-12-31", 2023.0, "2023"),
        ("2023HJ01", "half_year", "2023-01-01 2023-06-30", 2023.25, "eerste half jaar 2023"),
        ("2023HJ02", "half_year", "2023-07-01 2023-12-31", 2023.75, "tweede half jaar 2023"),
        ("2023KW01", "quarter", "2023-01-01 2023-03-31", 2023.125, "eerste kwartaal 2023"),
        ("2023KW02", "quarter", "2023-04-01 2023-06-30", 2023.375, "tweede kwartaal 2023"),
        ("2023KW03", "quarter", "2023-07-01 2023-09-30", 2023.625, "derde kwartaal 2023"),
        ("2023KW04", "quarter", "2023-10-01 2023-12-31", 2023.875, "vierde kwartaal 2023"),
        ("2024MM02", "month", "2024-02-01 2024-02-29", 2024 + 1.5 / 12, "februari 2024"),
        ("2023MM12", "month", "2023-12-01 2023-12-31", 2023 + 11.5 / 12, "december 2023"),
        ("2023SJ00", "school_year", "2023-08-01 2024-07-31", 2024 + 1 / 12, "schooljaar 2023/2024"),
    ],
)
def test_a_period_code_says_when_it_was_and_what_it_is_called(code, kind, days, position, label):
    period = parse_period(code)
    assert (period.code, period.type, period.year) == (code, PeriodType(kind), int(code[:4]))
    assert [period.starts_on, period.ends_on] == [date.fromisoformat(day) for day in days.split()]
    assert period.position == pytest.approx(position)
    assert period.label() == label


def test_a_month_has_an_english_name():
    assert parse_period("2023MM01").label(Language("en")) == "January 2023"


@pytest.mark.parametrize(
    "code",
    [
        "",
        "2023",
        "2023JJ01",
        "2023HJ00",
        "2023HJ03",
        "2023KW00",
        "2023KW05",
        "2023MM00",
        "2023MM13",
        "2023SJ01",
        "2023W101",
        "2023X001",
        "20230101",
        "2023jj00",
        "2023JJ00 ",
        " 2023JJ00",
        "2023JJ00\n",
        "0000JJ00",
        "2023JJ0",
        "２０２３JJ00",
    ],
)
def test_another_code_is_refused_with_a_sentence_that_shows_it(code):
    with pytest.raises(ValueError, match="is not a period code") as refusal:
        parse_period(code)
    assert repr(code) in str(refusal.value)


@settings(deadline=None)
@given(st.text(max_size=10) | st.from_regex(r"[0-9]{4}[A-Z]{2}[0-9]{2}"))
def test_any_text_is_either_a_period_with_that_code_or_refused(text):
    if CODE.fullmatch(text) and text[4:6] in GRAINS and int(text[6:]) in GRAINS[text[4:6]].numbers:
        assert parse_period(text).code == text
    else:
        with pytest.raises(ValueError, match="is not a period code"):
            parse_period(text)


@settings(deadline=None)
@given(CODES)
def test_a_period_lies_in_order_and_near_its_own_place_on_the_axis(code):
    period = parse_period(code)
    assert period.starts_on.day == 1
    assert period.starts_on < period.ends_on
    assert (period.ends_on + timedelta(days=1)).day == 1
    assert period.starts_on.year <= period.position < period.ends_on.year + 1


@settings(deadline=None)
@given(CODES, CODES)
def test_two_periods_of_one_type_never_share_a_day_and_keep_their_order_on_the_axis(one, other):
    a, b = sorted([parse_period(one), parse_period(other)], key=lambda period: period.starts_on)
    if a.type is b.type and a != b:
        assert a.ends_on < b.starts_on
        assert a.position < b.position


@given(st.dates(date(1980, 1, 1), date(2098, 12, 31)), st.sampled_from(PeriodType))
def test_every_day_lies_in_one_period_of_each_kind_and_has_its_place_there(
    day: date, kind: PeriodType
) -> None:
    found = period_with(day, kind)
    assert found.type is kind
    assert found.starts_on <= day <= found.ends_on
    length = GRAINS[found.code[4:6]].months / 12
    assert abs(found.place_of(day) - found.position) <= length / 2 + 1e-9
    assert found.place_of(found.starts_on) == pytest.approx(found.position - length / 2)
    assert found.place_of(day) < found.place_of(day + timedelta(days=1)) or day == found.ends_on
