"""Where narrators put their own stories on a line between two words: how many on which side, and a dot for each. Pure.

A place is a number from 0 (the left word) to 100 (the right word). Places have no average: which of two people is in the
middle of "alone" and "not alone" says nothing about either.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FEWEST = 5  # stories before their narrators' own reading is shown
_THIRD = 100 / 3
WIDTH, HEIGHT, EDGE, APART = 300, 72, 8, 9
_GRAIN = 4  # places as near as this stand above each other


@dataclass(frozen=True)
class Spread:
    left: int
    middle: int
    right: int

    @property
    def n(self) -> int:
        return self.left + self.middle + self.right


def spread(places: Iterable[int]) -> Spread | None:
    """How many places lie in each third of the line; None: too few."""
    thirds = Counter(0 if place < _THIRD else 2 if place > 2 * _THIRD else 1 for place in places)
    if thirds.total() < FEWEST:
        return None
    return Spread(thirds[0], thirds[1], thirds[2])


def dots(places: Sequence[int]) -> list[tuple[float, float]]:
    """For each place the middle of a dot on a strip of WIDTH by HEIGHT; who gave the same place stand above each other."""
    columns = Counter(place // _GRAIN for place in places)
    step = min(APART, (HEIGHT - 2 * EDGE) / max(1, max(columns.values(), default=1) - 1))
    return [
        (across((column + 0.5) * _GRAIN), round(HEIGHT - EDGE - level * step, 1))
        for column, count in sorted(columns.items())
        for level in range(count)
    ]


def across(place: float) -> float:
    return round(EDGE + min(place, 100) / 100 * (WIDTH - 2 * EDGE), 1)
