"""Period codes of Statistics Netherlands (CBS): what they mean, what they are called, where they stand on an axis."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from babel.dates import format_date

from workbench.core.language import Language


class PeriodType(StrEnum):
    YEAR = "year"
    HALF_YEAR = "half_year"
    QUARTER = "quarter"
    MONTH = "month"
    SCHOOL_YEAR = "school_year"


@dataclass(frozen=True)
class Grain:
    """How one kind of period divides time: its parts start `months` apart, the first in `first_month`."""

    type: PeriodType
    numbers: range
    months: int
    first_month: int = 1


# A school year runs from August to July by law (the code bears the year in which it starts).
GRAINS = {
    "JJ": Grain(PeriodType.YEAR, range(1), 12),
    "SJ": Grain(PeriodType.SCHOOL_YEAR, range(1), 12, first_month=8),
    "HJ": Grain(PeriodType.HALF_YEAR, range(1, 3), 6),
    "KW": Grain(PeriodType.QUARTER, range(1, 5), 3),
    "MM": Grain(PeriodType.MONTH, range(1, 13), 1),
}
CODE = re.compile(r"([12][0-9]{3})([A-Z]{2})([0-9]{2})")


@dataclass(frozen=True)
class Period:
    """A stretch of time with figures. `starts_on` and `ends_on` are its first and last day; `number` is 0 for a whole year."""

    code: str
    type: PeriodType
    year: int
    number: int
    starts_on: date
    ends_on: date

    @property
    def position(self) -> float:
        """Place on a year axis: a year on its own number, every other period on its middle (2023KW01 -> 2023.125)."""
        if self.type is PeriodType.YEAR:
            return float(self.year)
        first, after = _month_count(self.starts_on), _month_count(self.ends_on + timedelta(days=1))
        return (first + after) / 24

    def place_of(self, day: date) -> float:
        """Place on the same axis of a day in this period: half a period from `position` at most."""
        length = (self.ends_on - self.starts_on).days + 1
        years = GRAINS[self.code[4:6]].months / 12
        return self.position + years * ((day - self.starts_on).days / length - 0.5)

    def label(self, language: Language = Language()) -> str:  # noqa: B008 - a frozen value
        """'2023', 'eerste half jaar 2023', 'tweede kwartaal 2023', 'januari 2023', 'schooljaar 2023/2024'."""
        names: tuple[str, ...]
        match self.type:
            case PeriodType.YEAR:
                return str(self.year)
            case PeriodType.SCHOOL_YEAR:
                return language.gettext(
                    "schooljaar %(first)s/%(last)s", first=self.starts_on.year, last=self.ends_on.year
                )
            case PeriodType.MONTH:
                return format_date(self.starts_on, format="MMMM y", locale=language.code)
            case PeriodType.HALF_YEAR:
                names = (
                    language.gettext("eerste half jaar %(year)s", year=self.year),
                    language.gettext("tweede half jaar %(year)s", year=self.year),
                )
            case PeriodType.QUARTER:
                names = (
                    language.gettext("eerste kwartaal %(year)s", year=self.year),
                    language.gettext("tweede kwartaal %(year)s", year=self.year),
                    language.gettext("derde kwartaal %(year)s", year=self.year),
                    language.gettext("vierde kwartaal %(year)s", year=self.year),
                )
        return names[self.number - 1]


@lru_cache(maxsize=4096)
def parse_period(code: str) -> Period:
    """Read a code such as 2023JJ00, 2023HJ01, 2023KW04, 2023MM12 or 2023SJ00.

    Exact spelling only: trimming is the reader's business. Raises ValueError (days, weeks and anything else included).
    """
    matched = CODE.fullmatch(code)
    grain = GRAINS.get(matched[2]) if matched else None
    if matched is None or grain is None or int(matched[3]) not in grain.numbers:
        raise ValueError(
            f"{code!r} is not a period code like 2023JJ00, 2023HJ01, 2023KW04, 2023MM12 or 2023SJ00"
        )
    year, number = int(matched[1]), int(matched[3])
    first = year * 12 + grain.first_month - 1 + max(number - 1, 0) * grain.months
    return Period(
        code,
        grain.type,
        year,
        number,
        _first_of_month(first),
        _first_of_month(first + grain.months) - timedelta(days=1),
    )


def period_with(day: date, kind: PeriodType) -> Period:
    """The period of this kind that a day lies in."""
    letters, grain = next((letters, grain) for letters, grain in GRAINS.items() if grain.type is kind)
    year = day.year if day.month >= grain.first_month else day.year - 1
    number = grain.numbers[0] and (day.month - 1) // grain.months + 1
    return parse_period(f"{year:04}{letters}{number:02}")


def _first_of_month(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)


def _month_count(day: date) -> int:
    return day.year * 12 + day.month - 1
