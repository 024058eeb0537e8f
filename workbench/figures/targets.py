"""What a council set beside a figure: a value to reach by a year, and a limit at which it wants to look."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Aim:
    """A value the council wants over one period (streefwaarde)."""

    period: str  # CBS code
    label: str  # as people say it: 2028
    year: float  # place on the axis
    value: float


@dataclass(frozen=True)
class Limit:
    """Beyond this value the council wants to talk (signaalgrens); it says nothing about good or bad."""

    value: float
    side: Literal["above", "below"]

    def is_passed_by(self, value: float) -> bool:
        return value > self.value if self.side == "above" else value < self.value


@dataclass(frozen=True)
class Wish:
    """Where the council wants the figure to go, and why: its own choice, never the workbench's."""

    direction: Literal["up", "down", "band"]
    reason: str
    low: float | None = None  # of a band, as is `high`
    high: float | None = None

    def __post_init__(self) -> None:
        if (self.direction == "band") != (self.low is not None and self.high is not None):
            raise ValueError("A band, and only a band, has two ends.")
