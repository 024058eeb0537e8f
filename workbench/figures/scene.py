"""A drawing as a list of simple shapes, made once and painted twice: as SVG (`svg.py`) and by Bokeh (`canvas.py`).

Across, places are percentages of the width, so that a drawing fits a phone and a wall; down, they are pixels from the
top. Letters, dots and strokes keep their size.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Place: TypeAlias = tuple[float, float]
Anchor: TypeAlias = Literal["start", "middle", "end"]

LETTER = 6.7  # pixels across of a letter of 13 pixels, on the wide side
PHONE = 300  # pixels across of a figure on a narrow phone


@dataclass(frozen=True)
class Rect:
    x1: float
    x2: float
    y1: float
    y2: float
    fill: str
    hatched: bool = False  # stripes of the fill: not certain, or not shown


@dataclass(frozen=True)
class Line:
    points: tuple[Place, ...]
    colour: str
    width: float = 1.0
    dash: tuple[int, int] | None = None


@dataclass(frozen=True)
class Area:
    points: tuple[Place, ...]
    fill: str


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    radius: float
    fill: str
    stroke: str


@dataclass(frozen=True)
class Text:
    x: float
    y: float  # of the foot of the letters
    text: str
    colour: str
    anchor: Anchor = "start"
    dx: float = 0.0  # pixels beside x
    bold: bool = False
    halo: bool = False  # an edge of background around the letters


@dataclass(frozen=True)
class Spot:
    """A place that says something to a mouse."""

    x: float
    y: float
    size: float
    text: str


Shape: TypeAlias = Rect | Line | Area | Dot | Text
LAYERS = (Rect, Area, Line, Dot, Text)  # from back to front


@dataclass
class Scene:
    """Shapes, to be painted layer by layer; refuses a place that is no number with ValueError."""

    height: int
    shapes: list[Shape] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)

    def add(self, *shapes: Shape) -> None:
        for shape in shapes:
            if not all(math.isfinite(number) for number in _numbers(shape)):
                raise ValueError(f"{shape} has no place in a drawing.")
        self.shapes += shapes

    @property
    def layered(self) -> list[Shape]:
        """From back to front: letters lie over dots, dots over lines, lines over areas; else in order of adding."""
        return sorted(self.shapes, key=lambda shape: LAYERS.index(type(shape)))

    def spot(self, x: float, y: float, text: str, size: float = 30) -> None:
        self.spots.append(Spot(x, y, size, text))


@dataclass(frozen=True)
class Span:
    """Turns numbers between `start` and `end` into places between `low` and `high`."""

    start: float
    end: float
    low: float
    high: float

    def __call__(self, number: float) -> float:
        if self.end == self.start:
            return (self.low + self.high) / 2
        share = (number - self.start) / (self.end - self.start)
        return round(self.low + share * (self.high - self.low), 2)


def empty(text: str, colour: str) -> Scene:
    """A low drawing that says why there is nothing to see."""
    drawing = Scene(96)
    drawing.add(Text(50, 52, text, colour, "middle"))
    return drawing


def side(x: float, room: float) -> tuple[Anchor, float]:
    """Where a text of `room` pixels stands around x, so that it also stays inside on a phone."""
    half = 100 * room / 2 / PHONE
    if x - half < 0:
        return "start", 0.0
    if x + half > 100:
        return "end", 100.0
    return "middle", x


def width_of(text: str) -> float:
    """Pixels across, roughly and rather too many."""
    return LETTER * len(text)


def cut(text: str, pixels: float) -> str:
    """As much of a name as fits in so many pixels; empty when that says nothing any more."""
    room = int(pixels / LETTER)
    if len(text) <= room:
        return text
    return f"{text[: room - 1].rstrip()}…" if room > 2 else ""


def apart(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """The same places, in the same order from top to bottom, at least `gap` apart and between the edges if they fit."""
    order = sorted(range(len(places)), key=lambda index: (places[index], index))
    moved = list(places)
    floor = low
    for index in order:
        moved[index] = floor = max(places[index], floor)
        floor += gap
    ceiling = high
    for index in reversed(order):
        moved[index] = ceiling = min(moved[index], ceiling)
        ceiling -= gap
    return moved


def _numbers(shape: Shape) -> list[float]:
    if isinstance(shape, Rect):
        return [shape.x1, shape.x2, shape.y1, shape.y2]
    if isinstance(shape, Line | Area):
        return [number for place in shape.points for number in place]
    return [shape.x, shape.y]
