"""When new figures of a table may be expected, from what the source said and did before. Pure.

A guess is called a guess, and where nothing can be derived there is none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

# How often a table appears, in the source's own words -> months.
MONTHS = {"Per jaar": 12, "Per half jaar": 6, "Per halfjaar": 6, "Per kwartaal": 3, "Per maand": 1}
ENDED = {"Gediscontinueerd", "Stopgezet"}
A_YEAR = range(10, 15)  # months between two yearly publications, with some slack


@dataclass(frozen=True)
class Expected:
    """The first day of the month in which new figures may come.

    `last`: when the newest ones came. `is_habit`: they came around that time in earlier years too; otherwise the source
    only says how often it appears.
    """

    month: date
    last: date
    is_habit: bool

    def is_late(self, today: date) -> bool:
        """Has the whole month passed?"""
        return (today.year, today.month) > (self.month.year, self.month.month)


def expected(moments: Iterable[date], frequency: str | None, status: str | None = None) -> Expected | None:
    """From the days on which the source brought new figures; None: not known, or there will be none."""
    days = sorted(set(moments))
    if not days or status in ENDED or frequency in ENDED:
        return None
    gaps = [_months(later) - _months(earlier) for earlier, later in pairwise(days)]
    is_habit = bool(gaps) and gaps[-1] in A_YEAR
    step = MONTHS.get(frequency or "")
    if step is None:
        if len(gaps) < 2 or any(gap not in A_YEAR for gap in gaps):
            return None
        step = 12
    month = _months(days[-1]) + step
    return Expected(date(month // 12, month % 12 + 1, 1), days[-1], is_habit and step == 12)


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1
