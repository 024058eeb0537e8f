"""A map as tints under a legend, made once and painted twice: as SVG (`map_svg.py`) and by Bokeh (`map_canvas.py`).

Places on the map are whole numbers, two in a pixel, y from the top. Unlike in other drawings they keep their proportion:
a narrow screen makes the map smaller, not narrower.
"""

from dataclasses import dataclass

from workbench.core.language import Language
from workbench.figures import words
from workbench.figures.map_frame import Areas, Patch
from workbench.figures.scene import PHONE, Dot, Rect, Scene, Text, cut
from workbench.figures.shapes import Shape, box, fitted
from workbench.figures.style import Palette, Pen

WIDE, HIGH, EDGE = 1400, 840, 10  # of a map at most, and what stays free around it for thick lines
MOST_CORNERS = 6500  # of all shapes together: a page stays light
STRIPE = 10  # from one stripe to the next
SMALL = 28  # an own area that is no wider and no higher than this gets a circle around it
RING = 24  # the radius of that circle
ROW, SWATCH = 24, 6  # pixels of a row of the legend, per cent of the width of its colour


@dataclass(frozen=True)
class Tint:
    """The areas of one class. `stripe`: the colour of the stripes over its fill; "": none."""

    fill: str
    stripe: str
    shapes: tuple[Shape, ...]
    said: tuple[str, ...]  # for a mouse, of each shape; empty: this map tells nothing of single areas


@dataclass(frozen=True)
class MapScene:
    """`own` gets a thick edge and says `own_said` to a mouse; when it is hard to find, a circle around `ring`, its middle."""

    legend: Scene
    width: int
    height: int
    tints: tuple[Tint, ...]
    own: Shape = ()
    own_said: str = ""
    ring: tuple[int, int] | None = None


def map_scene(frame: Areas, pen: Pen, *, own_said: str = "", said: tuple[str, ...] = ()) -> MapScene:
    """`said`: for a mouse, of each area; only where areas have names."""
    shapes, width, height = fitted(
        [patch.shape for patch in frame.patches], WIDE, HIGH, edge=EDGE, most=MOST_CORNERS
    )
    looks = _looks(pen.palette)
    members: list[list[int]] = [[] for _ in looks]
    for index, patch in enumerate(frame.patches):
        members[_look(frame, patch)].append(index)
    tints = tuple(
        Tint(*look, tuple(shapes[i] for i in inside), tuple(said[i] for i in inside) if said else ())
        for look, inside in zip(looks, members, strict=True)
        if inside
    )
    own = next((shapes[i] for i, patch in enumerate(frame.patches) if patch.is_own), ())
    ring = _ring(own)
    legend = _legend(frame, pen, is_ringed=ring is not None)
    return MapScene(legend, width, height, tints, own, own_said, ring)


def _looks(palette: Palette) -> list[tuple[str, str]]:
    """Fill and stripes of each class from low to high, and of what has no figure: told apart without colour too."""
    shades = palette.shades
    return [
        (shades[0], ""),
        (shades[2], ""),
        (shades[2], shades[4]),
        (shades[4], ""),
        (palette.background, palette.band_edge),
    ]


def _look(frame: Areas, patch: Patch) -> int:
    return len(frame.limits) + 1 if patch.value is None else frame.tint(patch.value)


def _ring(own: Shape) -> tuple[int, int] | None:
    if not own:
        return None
    left, top, right, foot = box(own)
    if max(right - left, foot - top) > SMALL:
        return None
    return (left + right) // 2, (top + foot) // 2


def classes(frame: Areas, language: Language) -> list[tuple[int, str]]:
    """Each tint that a figure can have, with the figures it is for: 'tot en met € 300'. Two equal limits leave one out."""
    place, limits, found = frame.place, frame.limits, []
    for tint, limit in enumerate(limits):
        if not tint or limit > limits[tint - 1]:
            text = words.short_text(limit, place.unit, place.decimals, language)
            found.append((tint, language.gettext("tot en met %(limit)s", limit=text)))
    text = words.short_text(limits[-1], place.unit, place.decimals, language)
    return [*found, (len(limits), language.gettext("meer dan %(limit)s", limit=text))]


def _legend(frame: Areas, pen: Pen, *, is_ringed: bool) -> Scene:
    palette, language = pen.palette, pen.language
    looks = _looks(palette)
    rows = [(looks[tint], text) for tint, text in classes(frame, language)]
    if frame.missing:
        rows.append((looks[-1], language.gettext("geen cijfer")))
    own = next((frame.place.area for patch in frame.patches if patch.is_own), "")
    drawing = Scene(20 + ROW * (len(rows) + bool(own)))
    drawing.add(Text(0, 13, cut(frame.place.unit, PHONE), palette.median))
    for index, ((fill, stripe), text) in enumerate(rows):
        top = 20.0 + ROW * index
        drawing.add(
            Rect(0, SWATCH, top, top + 16, palette.band_edge),
            Rect(0.15, SWATCH - 0.15, top + 1, top + 15, fill),
        )
        if stripe:
            drawing.add(Rect(0.15, SWATCH - 0.15, top + 1, top + 15, stripe, hatched=True))
        drawing.add(Text(SWATCH, top + 13, text, palette.text, dx=8))
    if own:
        top = 20.0 + ROW * len(rows)
        if is_ringed:
            drawing.add(Dot(SWATCH / 2, top + 8, 6, palette.background, palette.text))
            text = language.gettext("%(area)s: in de cirkel", area=own)
        else:
            drawing.add(
                Rect(0, SWATCH, top, top + 16, palette.text),
                Rect(1, SWATCH - 1, top + 3, top + 13, palette.background),
            )
            text = language.gettext("%(area)s: dikke rand", area=own)
        drawing.add(Text(SWATCH, top + 13, cut(text, PHONE - 30), palette.text, dx=8))
    return drawing
