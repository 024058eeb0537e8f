"""Where axes start and end and what stands along them: the same for Bokeh and SVG."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

# A spread under this share of the highest level counts as "about equal".
FLAT = 0.02
# A spread under this share of the highest level would be unreadable on an axis from zero.
SMALL_SPREAD = 0.2
FIRST_QUARTER = 0.26  # a line that starts this early in a year shows that year from its beginning
YEAR_LABELS = 6  # as many years as fit side by side on a phone


@dataclass(frozen=True)
class Axis:
    start: float
    end: float
    ticks: tuple[float, ...]
    decimals: int = 0

    @property
    def starts_at_zero(self) -> bool:
        return self.start <= 0 <= self.end


def value_axis(numbers: Sequence[float], decimals: int) -> Axis:
    """The vertical axis.

    It starts at zero, so that twice as high is twice as much, with one exception: where the
    numbers differ by 2 to 20 % of the highest level, a change that matters would be lost. Then it
    starts just below the lowest number, and the figure says so. Under 2 % it starts at zero again:
    zooming in would turn noise into news.
    """
    low, high = min(numbers, default=0.0), max(numbers, default=0.0)
    level = max(abs(low), abs(high))
    if not FLAT * level <= high - low < SMALL_SPREAD * level:
        low, high = min(low, 0.0), max(high, 0.0)
    return _round_axis(low, high, decimals)


def length_axis(numbers: Sequence[float], decimals: int) -> Axis:
    """An axis for bars, whose length is the number: always from zero."""
    return _round_axis(min(0.0, *numbers, 0.0), max(0.0, *numbers, 0.0), decimals)


def place_axis(numbers: Sequence[float], decimals: int) -> Axis:
    """An axis for dots, whose place is the number: as near around them as round numbers allow."""
    return _round_axis(min(numbers, default=0.0), max(numbers, default=0.0), decimals)


def _round_axis(low: float, high: float, decimals: int) -> Axis:
    exponent = -decimals
    if high > low:
        step, exponent = max(_round_step((high - low) / 4), (10.0**-decimals, -decimals))
    else:
        step, high = 10.0**-decimals, low + 10.0**-decimals
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    last = max(last, first + 1)  # a spread too small to count still needs room
    shown = max(0, -exponent)
    ticks = tuple(round(index * step, shown + 1) for index in range(first, last + 1))
    return Axis(ticks[0], ticks[-1], ticks, shown)


def year_axis(years: Sequence[float], step: float) -> Axis:
    """The time axis, with whole years along it: at least one, and two where periods are parts of a year."""
    low, high = min(years, default=0.0), max(years, default=0.0)
    if step < 1 and low - math.floor(low) <= FIRST_QUARTER:
        low = math.floor(low)
    if step < 1 and math.floor(high) <= math.ceil(low):
        low, high = math.floor(low), math.floor(high) + 1
    first, last = math.ceil(low), math.floor(high)
    every = next(size for size in (1, 2, 5, 10, 20, 50, 10**16) if (last - first) / size < YEAR_LABELS)
    # Counted back from the newest year, which is the one people look for.
    ticks = tuple(float(year) for year in reversed(range(last, first - 1, -every)))
    room = step / 2 if high == low else 0.0
    return Axis(low - room, high + room, ticks)


def _round_step(rough: float) -> tuple[float, int]:
    """The next round step (1, 2 or 5 with zeros) and its power of ten."""
    exponent = math.floor(math.log10(rough))
    for factor in (1, 2, 5):
        if rough <= factor * 10.0**exponent * (1 + 1e-9):
            return factor * 10.0**exponent, exponent
    return 10.0 ** (exponent + 1), exponent + 1
