"""Several lines through the same periods: one figure for areas, groups or parts of a whole, or figures in one unit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from workbench.figures.axes import FLAT
from workbench.figures.frame import (
    CUTTING,
    DIRECTIONS,
    STEPS,
    Event,
    Point,
    SourceNote,
    check_word,
    period_type,
    runs,
)

OF = ("areas", "groups", "parts", "lines", "figures")


@dataclass(frozen=True)
class Line:
    """One area, group, part or figure. Put in order of time."""

    code: str  # what the fixed order goes by: an area code, or the place of a group in its list
    name: str
    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        periods = [point.period for point in self.points]
        if len(set(periods)) < len(periods):
            raise ValueError(f"{self.name}: a period occurs twice.")
        object.__setattr__(self, "points", tuple(sorted(self.points, key=lambda point: point.year)))

    @property
    def valued(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.value is not None)

    def at(self, period: str) -> Point | None:
        return next((point for point in self.points if point.period == period), None)


class Period(NamedTuple):
    period: str  # CBS code
    label: str
    year: float


@dataclass(frozen=True)
class LinesFrame:
    """Lines in the fixed order of their codes, never of their values. Refuses named municipalities side by side.

    Parts in per cent of which one alone is hidden in a period are all hidden in that period: the others would tell it.
    """

    indicator: str
    unit: str
    decimals: int
    area: str  # what the lines are parts of: the municipality, the country
    of: str  # one of OF
    lines: tuple[Line, ...]
    direction: str  # one of DIRECTIONS
    reading_up: str | None
    reading_down: str | None
    source: SourceNote
    events: tuple[Event, ...] = ()

    def __post_init__(self) -> None:
        check_word(self.indicator, self.of, OF)
        check_word(self.indicator, self.direction, DIRECTIONS)
        codes = [line.code for line in self.lines]
        if len(set(codes)) < len(codes):
            raise ValueError(f"{self.indicator}: a code occurs twice.")
        if sum(code.startswith("GM") for code in codes) > 1:
            raise ValueError(
                f"{self.indicator}: municipalities may not stand side by side with their figures."
            )
        periods = [point.period for line in self.lines for point in line.points]
        types = {period_type(code) for code in (*periods, *(event.period for event in self.events))}
        if len(types) > 1:
            raise ValueError(f"{self.indicator}: period types {sorted(types)} may not share a figure.")
        lines = sorted(self.lines, key=lambda line: line.code)
        if self.of == "parts" and self.unit == "%":
            lines = _hidden_together(lines)
        object.__setattr__(self, "lines", tuple(lines))
        object.__setattr__(self, "events", tuple(sorted(self.events, key=lambda event: event.year)))

    @property
    def periods(self) -> tuple[Period, ...]:
        found = {
            Period(point.period, point.label, point.year) for line in self.lines for point in line.points
        }
        return tuple(sorted(found, key=lambda period: period.year))

    @property
    def step(self) -> float:
        return STEPS[period_type(self.periods[0].period)] if self.periods else 1.0

    @property
    def numbers(self) -> tuple[float, ...]:
        return tuple(point.value for line in self.lines for point in line.points if point.value is not None)

    @property
    def valued(self) -> tuple[Point, ...]:
        """One point of every period that has a figure: for the source line."""
        found = {point.period: point for line in self.lines for point in line.valued}
        return tuple(sorted(found.values(), key=lambda point: point.year))

    def runs_of(self, line: Line) -> tuple[tuple[Point, ...], ...]:
        """The values of a line in stretches that may be joined."""
        return runs(line.valued, self.step, (*self._cuts, *_table_cuts(line)))

    def change_of(self, line: Line) -> "Change | None":
        """From the oldest to the newest value that count alike; None with fewer than two."""
        newest = line.valued[-1].year if line.valued else 0.0
        cuts = [cut for cut in (*self._cuts, *_table_cuts(line)) if cut < newest]
        alike = [point for point in line.valued if point.year > max(cuts, default=float("-inf"))]
        return Change(alike[0], alike[-1], self.decimals) if len(alike) > 1 else None

    @property
    def _cuts(self) -> tuple[float, ...]:
        return tuple(event.year - self.step / 2 for event in self.events if event.kind in CUTTING)


class Change(NamedTuple):
    first: Point
    last: Point
    decimals: int

    @property
    def direction(self) -> int:
        """1 up, -1 down, 0 about equal, or shown as the same number."""
        old, new = self.first.value or 0.0, self.last.value or 0.0
        shown = {round(Decimal(str(value)), self.decimals) for value in (old, new)}
        if abs(new - old) < FLAT * max(abs(new), abs(old)) or len(shown) == 1:
            return 0
        return 1 if new > old else -1


def _table_cuts(line: Line) -> list[float]:
    pairs = zip(line.points, line.points[1:], strict=False)
    return [(left.year + right.year) / 2 for left, right in pairs if left.part != right.part]


def _hidden_together(lines: Sequence[Line]) -> list[Line]:
    hidden: dict[str, int] = {}
    for line in lines:
        for point in line.points:
            if point.missing == "suppressed":
                hidden[point.period] = hidden.get(point.period, 0) + 1
    return [
        replace(line, points=tuple(_hide(p) if hidden.get(p.period) == 1 else p for p in line.points))
        for line in lines
    ]


def _hide(point: Point) -> Point:
    if point.value is None:
        return point
    return replace(point, value=None, missing="suppressed", revised_from=None, revised_on=None)
