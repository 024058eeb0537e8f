"""Comparing without ranking: size classes, and the quartiles of comparable municipalities. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from statistics import quantiles

# Lower bounds of the size classes in inhabitants, as Statistics Netherlands and VNG group them.
BOUNDS = (0, 20_000, 50_000, 100_000, 150_000)
FEWEST = 5  # municipalities below which quartiles would point at single ones


@dataclass(frozen=True)
class SizeClass:
    """From `low` up to but not including `high` inhabitants; `high` None: no upper bound."""

    low: int
    high: int | None


@dataclass(frozen=True)
class Quartiles:
    low: float
    median: float
    high: float
    count: int


def size_class(inhabitants: float) -> SizeClass:
    """The class of a municipality. Raises: ValueError for a negative number."""
    for index, low in reversed(list(enumerate(BOUNDS))):
        if inhabitants >= low:
            return SizeClass(low, BOUNDS[index + 1] if index + 1 < len(BOUNDS) else None)
    raise ValueError(f"{inhabitants} inhabitants")


def band(values: Collection[float]) -> Quartiles | None:
    """25 %, 50 % and 75 % of these values (linear interpolation, R type 7); None when there are too few."""
    if len(values) < FEWEST:
        return None
    low, median, high = quantiles(values, n=4, method="inclusive")
    return Quartiles(low, median, high, len(values))
