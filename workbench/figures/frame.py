"""The tidy figures that a trend is made of: one indicator, one area, one period type."""

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, TypeVar

from workbench.figures.targets import Aim, Limit, Wish

# Length of a period in years, by the letters in its CBS code; SJ is a school year.
STEPS = {"JJ": 1.0, "SJ": 1.0, "HJ": 1 / 2, "KW": 1 / 4, "MM": 1 / 12}
STATUSES = ("final", "provisional", "further_provisional", "unknown")
MISSING = ("not_delivered", "suppressed", "impossible", "not_asked", "failed", "unknown")
EVENTS = ("break", "contract", "definition", "policy", "registration", "other", "story")
UNNUMBERED = ("break", "story")  # these stand in the drawing under a name of their own
CUTTING = ("break", "definition")
DIRECTIONS = ("up", "down", "band", "context")
# Above this no figure about a municipality is real, and axes lose their precision.
LARGEST = 1e15
# Up to so many values each gets a dot.
MARKED = 16
# The part of the time axis that a label at the end of a line covers on a phone.
LABEL_SHARE = 0.3

_CODE = re.compile(r"\d{4}([A-Z]{2})\d{2}")


class Placed(Protocol):
    """Anything that has a place on the time axis."""

    @property
    def year(self) -> float: ...


P = TypeVar("P", bound=Placed)


@dataclass(frozen=True)
class Point:
    """The area's own figure over one period: a value, or the reason why there is none."""

    period: str  # CBS code: 2024JJ00, 2024HJ02
    label: str  # as people say it: 2024, 2e halfjaar 2024
    year: float  # place on the axis: 2024, 2024.75
    value: float | None
    status: str = "final"  # one of STATUSES
    missing: str | None = None  # one of MISSING, exactly when there is no value
    part: int = 0  # which table of the series; the line is not drawn between two parts
    revised_from: float | None = None
    revised_on: date | None = None

    def __post_init__(self) -> None:
        check_numbers(self.period, self.year, self.value, self.revised_from)
        check_word(self.period, self.status, STATUSES)
        if self.missing is not None:
            check_word(self.period, self.missing, MISSING)
        if (self.value is None) == (self.missing is None):
            raise ValueError(f"{self.period}: give either a value or the reason why it is missing.")
        if (self.revised_from is None) != (self.revised_on is None):
            raise ValueError(f"{self.period}: a revision has both an old value and a date.")

    @property
    def is_provisional(self) -> bool:
        return self.value is not None and self.status in ("provisional", "further_provisional")


@dataclass(frozen=True)
class BandPoint:
    """Quartiles of the comparable municipalities over one period, and how many had a figure."""

    period: str
    label: str
    year: float
    low: float  # a quarter of the municipalities is below this
    median: float
    high: float  # a quarter is above this
    count: int

    def __post_init__(self) -> None:
        check_numbers(self.period, self.year, self.low, self.median, self.high)
        if not self.low <= self.median <= self.high:
            raise ValueError(f"{self.period}: the quartiles are not in order.")


@dataclass(frozen=True)
class Event:
    """Something that happened to the figures: a break that the source tells of, or what a council noted itself; or a
    story that the council put beside one point.
    """

    period: str  # CBS code of the period in which it happened
    label: str  # as people say it: 2019, 1 januari 2026
    year: (
        float  # place on the axis: of a cutting event the first figure that counts differently, else the day
    )
    text: str  # what happened, one sentence
    kind: str = "break"  # one of EVENTS
    source: str = ""

    def __post_init__(self) -> None:
        check_word(self.period, self.kind, EVENTS)

    @property
    def cuts(self) -> bool:
        """From then on the figures cannot be compared with the ones before."""
        return self.kind in CUTTING


@dataclass(frozen=True)
class SourceNote:
    """Where the figures come from: a table of a source, or the municipality itself."""

    name: str  # CBS, or of an own figure the municipality
    table: str  # table id, or several
    title: str = ""
    fetched_on: date | None = None
    computed: bool = False  # we calculated with the source's figures
    comparison: str = ""  # which group of municipalities the band is of
    own: bool = False  # counted by the municipality itself: `title` says from what


@dataclass(frozen=True)
class TrendFrame:
    """One line through the years. Put in order of time; refuses a mix of period types with ValueError."""

    indicator: str
    unit: str  # aantal, euro, euro per inwoner, %, or any other text
    decimals: int
    area: str
    own: tuple[Point, ...]
    band: tuple[BandPoint, ...]
    comparable_because: str | None  # 150.000 inwoners of meer, 22 gemeenten
    direction: str  # one of DIRECTIONS
    reading_up: str | None
    reading_down: str | None
    events: tuple[Event, ...]
    source: SourceNote
    # Is the indicator's name a plural? While that is not known the title has no verb.
    plural: bool | None = None
    # Why there is no band, when that is known.
    not_comparable: str | None = None
    # What the council set beside the figure.
    aims: tuple[Aim, ...] = ()
    limit: Limit | None = None
    wish: Wish | None = None
    # The figure that the council starts from, as it stood when it chose that; None: it chose none.
    baseline: Point | None = None

    def __post_init__(self) -> None:
        check_word(self.indicator, self.direction, DIRECTIONS)
        own, band, aims = ([item.period for item in items] for items in (self.own, self.band, self.aims))
        start = [] if self.baseline is None else [self.baseline.period]
        types = {period_type(period) for period in own + band + aims + start}
        types |= {period_type(event.period) for event in self.events}
        if len(types) > 1:
            raise ValueError(f"{self.indicator}: period types {sorted(types)} may not share a line.")
        if any(len(set(periods)) < len(periods) for periods in (own, band, aims)):
            raise ValueError(f"{self.indicator}: a period occurs twice.")
        check_numbers(
            self.indicator, *(aim.value for aim in self.aims), self.limit.value if self.limit else None
        )
        for name in ("own", "band", "aims"):
            object.__setattr__(self, name, tuple(sorted(getattr(self, name), key=lambda item: item.year)))
        object.__setattr__(self, "events", tuple(sorted(self.events, key=self._place)))

    def without_band(self) -> "TrendFrame":
        return replace(self, band=(), comparable_because=None)

    @property
    def items(self) -> tuple[Point | BandPoint, ...]:
        """All that has a place on the time axis, in order of time."""
        items: list[Point | BandPoint] = [*self.own]
        return tuple(sorted([*items, *self.band], key=lambda item: item.year))

    @property
    def years(self) -> tuple[float, ...]:
        """Every place on the time axis that something is drawn at, in order."""
        return tuple(sorted({item.year for item in self.items} | {aim.year for aim in self.aims}))

    @property
    def step(self) -> float:
        """Years between two periods."""
        found = (*self.items, *self.aims)
        return STEPS[period_type(found[0].period)] if found else 1.0

    @property
    def valued(self) -> tuple[Point, ...]:
        return tuple(point for point in self.own if point.value is not None)

    @property
    def numbers(self) -> tuple[float, ...]:
        """Every number that is drawn."""
        own = (point.value for point in self.own if point.value is not None)
        band = (number for point in self.band for number in (point.low, point.median, point.high))
        limit = () if self.limit is None else (self.limit.value,)
        return (*own, *band, *(aim.value for aim in self.aims), *limit)

    @property
    def marks(self) -> tuple["Mark", ...]:
        """Every event with its place in the drawing and its number there, in order of place.

        What cuts the line stands half a period before the first figure that counts differently. What a council noted
        itself is numbered, in the drawing as in the notes.
        """
        numbers = itertools.count(1)
        return tuple(
            Mark(item, self._place(item), 0 if item.kind in UNNUMBERED else next(numbers))
            for item in self.events
        )

    @property
    def drawn_marks(self) -> tuple["Mark", ...]:
        """Those that lie on the time axis."""
        years, room = self.years, self.step * 0.51
        return (
            tuple(mark for mark in self.marks if years[0] - room <= mark.year <= years[-1] + room)
            if years
            else ()
        )

    def _place(self, event: Event) -> float:
        return event.year - self.step / 2 if event.cuts else event.year

    @property
    def own_runs(self) -> tuple[tuple[Point, ...], ...]:
        """The own values in stretches that may be joined by a line."""
        return runs(self.valued, self.step, self._cuts_of(*CUTTING))

    @property
    def band_runs(self) -> tuple[tuple[BandPoint, ...], ...]:
        """A cut that a council noted is in its own figures only."""
        return runs(self.band, self.step, self._cuts_of("break"))

    @property
    def comparable_own(self) -> tuple[Point, ...]:
        """The newest values that can be compared with one another: none from before the last break."""
        newest = self.valued[-1].year if self.valued else -math.inf
        last_cut = max((cut for cut in self._cuts_of(*CUTTING) if cut < newest), default=-math.inf)
        return tuple(point for point in self.valued if point.year > last_cut)

    @property
    def aim_runs(self) -> tuple[tuple[Aim, ...], ...]:
        """Aims of periods that follow one another are joined; between others the council set nothing."""
        return runs(self.aims, self.step, ())

    @property
    def uncertain(self) -> tuple[tuple[float, float], ...]:
        """Stretches of the time axis whose own figures can still change, half a period wider at both sides."""
        found = runs([point for point in self.own if point.is_provisional], self.step, ())
        return tuple((run[0].year - self.step / 2, run[-1].year + self.step / 2) for run in found)

    def is_cut_between(self, first: float, last: float) -> bool:
        """Figures of these two places on the time axis count differently."""
        return any(first < cut <= last for cut in self._cuts_of(*CUTTING))

    @property
    def ends_above_median(self) -> bool:
        """On which side of each other the two lines end: their labels go there."""
        newest = self.valued[-1].value if self.valued else None
        return not self.band or newest is None or newest >= self.band[-1].median

    @property
    def own_end(self) -> float:
        """The level that keeps a label at the end of the own line clear of it. Needs at least one value."""
        years = self.years
        since = years[-1] - LABEL_SHARE * (years[-1] - years[0])
        near = [point.value for point in self.valued if point.value is not None and point.year >= since]
        last = [point.value for point in self.valued if point.value is not None][-1]
        return max([*near, last]) if self.ends_above_median else min([*near, last])

    @property
    def marked(self) -> frozenset[str]:
        """Periods whose value gets a dot: all if they are few, else only those that need one."""
        if len(self.valued) <= MARKED:
            return frozenset(point.period for point in self.valued)
        alone = [run[0] for run in self.own_runs if len(run) == 1]
        provisional = [point for point in self.valued if point.is_provisional]
        return frozenset(point.period for point in (*alone, *provisional, self.valued[-1]))

    def _cuts_of(self, *kinds: str) -> tuple[float, ...]:
        """Where no line is drawn: at events of these kinds, and between two tables."""
        pairs = zip(self.own, self.own[1:], strict=False)
        parts = ((left.year + right.year) / 2 for left, right in pairs if left.part != right.part)
        return (*(self._place(item) for item in self.events if item.kind in kinds), *parts)


@dataclass(frozen=True)
class Mark:
    """An event on the drawing; `number` 0 for a break, which is named by its period, and for a story that belongs here."""

    event: Event
    year: float
    number: int


def widened(numbers: Sequence[float], by: float) -> list[float]:
    """One number becomes two, so that a band over one period can still be seen."""
    return [numbers[0] - by, numbers[0] + by] if len(numbers) == 1 else list(numbers)


def runs(points: Sequence[P], step: float, cuts: Sequence[float]) -> tuple[tuple[P, ...], ...]:
    stretches: list[list[P]] = []
    for point in points:
        before = stretches[-1][-1].year if stretches else -math.inf
        if point.year - before > 1.5 * step or any(before < cut <= point.year for cut in cuts):
            stretches.append([])
        stretches[-1].append(point)
    return tuple(tuple(run) for run in stretches)


def period_type(code: str) -> str:
    match = _CODE.fullmatch(code)
    if match is None or match[1] not in STEPS:
        raise ValueError(f"{code!r} is not a period such as 2024JJ00, 2024HJ01, 2024KW01 or 2024MM01.")
    return match[1]


def check_numbers(where: str, *numbers: float | None) -> None:
    for number in numbers:
        if number is not None and not abs(number) <= LARGEST:
            raise ValueError(f"{where}: {number} cannot be drawn.")


def check_word(where: str, word: str, words: Sequence[str]) -> None:
    if word not in words:
        raise ValueError(f"{where}: {word!r} is not one of {', '.join(words)}.")
