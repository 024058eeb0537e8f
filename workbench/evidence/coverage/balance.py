"""What is counted and what is told about one goal. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Balance:
    """`counted_until`: the end of the newest period of its figures; `told_on`: the last time that people told."""

    counted: int = 0
    counted_until: date | None = None
    told: int = 0
    told_on: date | None = None
    asked: int = 0
    stories: int = 0  # of these sources, that may be used now

    @property
    def is_blank(self) -> bool:
        """Nothing in view, nothing told: also a request is not yet evidence."""
        return not self.counted and not self.told


def balance(
    periods: Iterable[date | None], tellings: Iterable[date | None], asked: int = 0, stories: int = 0
) -> Balance:
    """`periods`: per figure the end of its newest period, None when it has no value; `tellings`: per source of stories
    the last day, None when nobody told yet. A source of which nobody told yet is planned, and counts as nothing told.
    """
    ends, days = list(periods), [day for day in tellings if day]
    return Balance(
        len(ends),
        max((end for end in ends if end), default=None),
        len(days),
        max(days, default=None),
        asked,
        stories,
    )
