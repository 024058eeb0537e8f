"""Rows under one another: a name and a number in words, and below them a mark on one shared scale. Fits any width."""

from workbench.figures.scene import PHONE, Line, Rect, Scene, Span, Text, cut, width_of
from workbench.figures.style import Pen

HEIGHT = 52  # pixels of a row
TOP, BOTTOM = 22, 36  # pixels of the bar, from the top of its row


def head(drawing: Scene, y: float, label: str, value: str, pen: Pen, *, own: bool = False) -> None:
    """Name left, number right. The name is cut where a phone has no room; the table has it whole."""
    colour = pen.palette.own if own else pen.palette.text
    drawing.add(
        Text(0, y + 15, cut(label, PHONE - 1.1 * width_of(value) - 12), colour, bold=own),
        Text(100, y + 15, value, colour, "end", bold=True),
    )


def track(drawing: Scene, y: float, across: Span, pen: Pen) -> None:
    """Where zero is and how far the scale goes."""
    middle = y + (TOP + BOTTOM) / 2
    drawing.add(Line(((across.low, middle), (across.high, middle)), pen.palette.grid))


def bar(drawing: Scene, y: float, ends: tuple[float, float], colour: str, *, hatched: bool = False) -> None:
    """Between two places across; one that is not certain is striped, with an edge."""
    low, high = sorted(ends)
    high = max(high, low + 0.4)
    drawing.add(Rect(low, high, y + TOP, y + BOTTOM, colour, hatched=hatched))
    if hatched:
        for edge in (y + TOP, y + BOTTOM):
            drawing.add(Line(((low, edge), (high, edge)), colour, 1.5))


def tick(drawing: Scene, y: float, x: float, colour: str, dash: tuple[int, int] | None = None) -> None:
    drawing.add(Line(((x, y + TOP - 4), (x, y + BOTTOM + 4)), colour, 3 if dash is None else 2, dash))
