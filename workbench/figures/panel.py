"""A line in a box of a drawing: small multiples have many, money beside outcome has two."""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from workbench.figures.axes import Axis
from workbench.figures.scene import Dot, Line, Scene, Span
from workbench.figures.style import Pen

MARGIN = 3.0  # per cent of the whole width that keeps dots inside the box
# Year, value, and whether it can still change.
Step: TypeAlias = tuple[float, float, bool]


class Box(NamedTuple):
    """Left and right in per cent, top and bottom in pixels."""

    left: float
    right: float
    top: float
    bottom: float

    def place(self, year: float, value: float, axis: Axis, years: tuple[float, float]) -> tuple[float, float]:
        across = Span(*years, self.left + MARGIN, self.right - MARGIN)
        down = Span(axis.start, axis.end, self.bottom, self.top)
        return across(year), down(value)


def draw_line(
    drawing: Scene,
    box: Box,
    stretches: Sequence[Sequence[Step]],
    axis: Axis,
    years: tuple[float, float],
    *,
    pen: Pen,
    width: float = 3,
) -> None:
    """The foot of the box, each stretch as a line, and dots where a value stands alone, is the last or is not certain."""
    palette = pen.palette
    drawing.add(Line(((box.left, box.bottom), (box.right, box.bottom)), palette.grid))
    last = stretches[-1][-1] if stretches else None
    for stretch in stretches:
        places = tuple(box.place(year, value, axis, years) for year, value, _ in stretch)
        if len(places) > 1:
            drawing.add(Line(places, palette.own, width))
    for stretch in stretches:
        for step in stretch:
            if step is last or step[2] or len(stretch) == 1:
                x, y = box.place(step[0], step[1], axis, years)
                inside = palette.background if step[2] else palette.own
                drawing.add(Dot(x, y, 4, inside, palette.own))
