"""SVG made on the server: there at once, without scripts, on paper too.

Letters and dots keep their size at every width, because places across are percentages; only lines and areas stretch,
in a nested drawing whose strokes do not scale. Presentation attributes only, since the security policy refuses style
attributes, and no ids, so that many fit on one page; stripes are therefore one thick, dashed line.
"""

import re
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, tostring

from workbench.figures.scene import Area, Dot, Line, Rect, Scene, Shape, Text
from workbench.figures.style import Palette

SMALL, NORMAL = "13", "14"  # letter sizes in pixels
STRIPES = (2, 4)  # pixels of a stripe, and between two

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def root(height: int, title: str, alternative: str, palette: Palette) -> Element:
    """An empty drawing with its name and description, `height` pixels high and as wide as its place."""
    element = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "figure-svg",
            "role": "img",
            "width": "100%",
            "height": str(height),
            "font-family": palette.font,
            "font-size": SMALL,
            "fill": palette.text,
        },
    )
    words(element, "title", title)
    words(element, "desc", alternative)
    return element


def text_of(element: Element) -> str:
    return tostring(element, encoding="unicode")


def paint(scene: Scene, title: str, alternative: str, palette: Palette) -> str:
    element = root(scene.height, title, alternative, palette)
    draw_scene(element, scene, palette)
    return text_of(element)


def draw_scene(element: Element, scene: Scene, palette: Palette) -> None:
    for stretches, shapes in groupby(scene.layered, key=_stretches):
        parent = stretching(element, scene.height) if stretches else element
        for shape in shapes:
            _draw(parent, shape, palette)


def stretching(parent: Element, height: int) -> Element:
    """A nested drawing of 1000 units wide."""
    return SubElement(
        parent,
        "svg",
        {
            "width": "100%",
            "height": str(height),
            "viewBox": f"0 0 1000 {height}",
            "preserveAspectRatio": "none",
            "fill": "none",
            "stroke-linejoin": "round",
        },
    )


def add(parent: Element, tag: str, **attributes: str) -> Element:
    return SubElement(parent, tag, {name.replace("_", "-"): value for name, value in attributes.items()})


def words(parent: Element, tag: str, text: str, **attributes: str) -> None:
    """An element with a text; what XML cannot hold is left out."""
    add(parent, tag, **attributes).text = _NOT_XML.sub("", text)


def halo(palette: Palette) -> dict[str, str]:
    return {
        "stroke": palette.background,
        "stroke_width": "4",
        "stroke_linejoin": "round",
        "paint_order": "stroke",
    }


def percent(share: float) -> str:
    return f"{round(100 * share, 1):g}%"


def _stretches(shape: Shape) -> bool:
    return isinstance(shape, Area) or (isinstance(shape, Line) and len(shape.points) > 2)


def _draw(parent: Element, shape: Shape, palette: Palette) -> None:
    if isinstance(shape, Rect):
        _rect(parent, shape)
    elif isinstance(shape, Line):
        _line(parent, shape)
    elif isinstance(shape, Area):
        add(parent, "path", d=f"M{_path(shape.points)}Z", fill=shape.fill)
    elif isinstance(shape, Dot):
        _dot(parent, shape)
    else:
        _text(parent, shape, palette)


def _rect(parent: Element, rect: Rect) -> None:
    left, right = min(rect.x1, rect.x2), max(rect.x1, rect.x2)
    top, bottom = min(rect.y1, rect.y2), max(rect.y1, rect.y2)
    if rect.hatched:
        middle, height = f"{(top + bottom) / 2:g}", f"{bottom - top:g}"
        stripes = {"stroke": rect.fill, "stroke_width": height, "stroke_dasharray": "{} {}".format(*STRIPES)}
        add(parent, "line", x1=_across(left), x2=_across(right), y1=middle, y2=middle, **stripes)
        return
    place = {"x": _across(left), "y": f"{top:g}", "width": _across(right - left)}
    add(parent, "rect", **place, height=f"{bottom - top:g}", fill=rect.fill)


def _line(parent: Element, line: Line) -> None:
    stroke = {"stroke": line.colour, "stroke_width": f"{line.width:g}"}
    if line.dash:
        stroke["stroke_dasharray"] = "{} {}".format(*line.dash)
    if _stretches(line):
        add(parent, "path", d=f"M{_path(line.points)}", vector_effect="non-scaling-stroke", **stroke)
        return
    (x1, y1), (x2, y2) = line.points[0], line.points[-1]
    add(parent, "line", x1=_across(x1), x2=_across(x2), y1=f"{y1:g}", y2=f"{y2:g}", **stroke)


def _dot(parent: Element, dot: Dot) -> None:
    place = {"cx": _across(dot.x), "cy": f"{dot.y:g}", "r": f"{dot.radius:g}"}
    add(parent, "circle", **place, fill=dot.fill, stroke=dot.stroke, stroke_width="2")


def _text(parent: Element, text: Text, palette: Palette) -> None:
    looks = halo(palette) if text.halo else {}
    if text.bold:
        looks |= {"font_weight": "bold", "font_size": NORMAL}
    if text.anchor != "start":
        looks["text_anchor"] = text.anchor
    if text.dx:
        looks["dx"] = f"{text.dx:g}"
    words(parent, "text", text.text, x=_across(text.x), y=f"{text.y:g}", fill=text.colour, **looks)


def _across(x: float) -> str:
    return f"{round(x, 2):g}%"


def _path(points: tuple[tuple[float, float], ...]) -> str:
    return " ".join(f"{10 * x:.0f} {y:g}" for x, y in points)
