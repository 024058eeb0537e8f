"""The drawings of figures as pictures that stand on their own: SVG with sizes in pixels, and PNG. Pure.

A drawing on a page stretches with the page, in percentages and in a nested drawing without proportions. Not every
program reads that, so here it gets one width; letters, dots and strokes keep their size.
"""

import re
import textwrap
from collections.abc import Sequence
from xml.etree.ElementTree import Element, ParseError, SubElement, fromstring, register_namespace, tostring

from workbench.core.language import Language
from workbench.documents import typeset
from workbench.documents.parts import FORBIDDEN

SCREEN = 96  # pixels to the inch
WIDTH = 640  # pixels of a drawing; its letters of 13 pixels are then as large as text on paper
SVG = "http://www.w3.org/2000/svg"
FONTS = "Public Sans, Arial, Helvetica, sans-serif"
MARGIN, TITLE, LINE, NOTE = 24, 20, 26, 18  # pixels: around, letters and lines of the title, lines below
IN_TITLE, IN_NOTE = 62, 96  # characters of a line
ACROSS = ("x", "x1", "x2", "cx", "dx", "width")
DOWN = ("y", "y1", "y2", "cy", "dy", "height")
_PATH = re.compile(r"[MLZ]|-?[\d.]+|[^\s,]")
INK, QUIET = "#1f2a44", "#555f73"

register_namespace("", SVG)


class NoDrawing(ValueError):
    """The text is not an SVG of the workbench."""


def fixed(svg: str, width: int = WIDTH) -> str:
    """The same drawing at one width, everything in pixels. Raises: NoDrawing."""
    return tostring(_fixed(svg, width), encoding="unicode")


def _fixed(svg: str, width: int) -> Element:
    try:
        root = fromstring(FORBIDDEN.sub("", svg))  # noqa: S314 - drawn by the workbench, frozen as it was
    except ParseError as error:
        raise NoDrawing(str(error)) from error
    if root.tag != f"{{{SVG}}}svg":
        raise NoDrawing(root.tag)
    height = _pixels(root.get("height", "300"), width)
    root.set("width", str(width))
    root.set("height", f"{height:g}")
    for element in root:
        _fix(element, width, height)
    return root


def _pixels(text: str, whole: float) -> float:
    share = text.removesuffix("%")
    try:
        return float(share) * whole / 100 if share != text else float(text.removesuffix("px"))
    except ValueError as error:
        raise NoDrawing(text) from error


def _fix(element: Element, width: float, height: float) -> None:
    for names, whole in ((ACROSS, width), (DOWN, height)):
        for name in names:
            if (text := element.get(name, "")).endswith("%"):
                element.set(name, f"{_pixels(text, whole):g}")
    if element.tag == f"{{{SVG}}}svg" and element.get("preserveAspectRatio") == "none":
        _flatten(element, width)
    for part in element:
        _fix(part, width, height)


def _flatten(nested: Element, width: float) -> None:
    """A drawing of so many units wide as a group in pixels; as it is when it holds more than lines and areas."""
    box = nested.get("viewBox", "").split()
    paths = [part.get("d", "") for part in nested]
    steps = [_PATH.findall(path) for path in paths]
    if (
        len(box) != 4
        or any(part.tag != f"{{{SVG}}}path" for part in nested)
        or not all(map(_is_plain, steps))
    ):
        return
    scale = width / float(box[2])
    for part, path in zip(nested, steps, strict=True):
        part.set("d", _scaled(path, scale))
    nested.tag = f"{{{SVG}}}g"
    for name in ("width", "height", "viewBox", "preserveAspectRatio"):
        nested.attrib.pop(name, None)


def _is_plain(steps: list[str]) -> bool:
    return all(step in "MLZ" or not step.isalpha() for step in steps)


def _scaled(steps: list[str], scale: float) -> str:
    found, is_across = [], True
    for step in steps:
        if step in "MLZ":
            found.append(step)
            is_across = True
        else:
            found.append(f"{float(step) * scale:.2f}".rstrip("0").rstrip(".") if is_across else step)
            is_across = not is_across
    return " ".join(found)


def framed(svg: str, title: str, notes: tuple[str, ...]) -> str:
    """A picture to use elsewhere: the drawing with its title above, and below it where it comes from. Raises: NoDrawing."""
    drawing = _fixed(svg, WIDTH)
    height = float(drawing.get("height", "0"))
    heading = textwrap.wrap(title, IN_TITLE)
    lines = [line for note in notes for line in textwrap.wrap(note, IN_NOTE)]
    top = MARGIN + LINE * len(heading)
    whole = Element(
        f"{{{SVG}}}svg",
        {
            "width": str(WIDTH + 2 * MARGIN),
            "height": f"{top + height + MARGIN + NOTE * len(lines) + MARGIN:g}",
            "role": "img",
            "font-family": FONTS,
            "font-size": "13",
        },
    )
    for part in list(drawing):
        if part.tag in (f"{{{SVG}}}title", f"{{{SVG}}}desc"):
            drawing.remove(part)
            whole.append(part)
    SubElement(whole, f"{{{SVG}}}rect", {"width": "100%", "height": "100%", "fill": "#ffffff"})
    _texts(
        whole, heading, MARGIN + TITLE, LINE, {"font-size": str(TITLE), "font-weight": "bold", "fill": INK}
    )
    group = SubElement(whole, f"{{{SVG}}}g", {"transform": f"translate({MARGIN} {top})"})
    group.attrib |= {name: drawing.attrib[name] for name in ("font-size", "fill") if name in drawing.attrib}
    group.extend(drawing)
    _texts(whole, lines, top + height + MARGIN, NOTE, {"fill": QUIET})
    return tostring(whole, encoding="unicode")


def _texts(parent: Element, lines: list[str], first: float, step: int, looks: dict[str, str]) -> None:
    for place, line in enumerate(lines):
        text = SubElement(
            parent, f"{{{SVG}}}text", {"x": str(MARGIN), "y": f"{first + place * step:g}", **looks}
        )
        text.text = line


def as_pngs(svgs: Sequence[str], language: Language) -> list[bytes]:
    """Fixed drawings at twice the size of a screen, in one go: beginning takes longer than drawing."""
    return typeset.pngs("pictures", {"svgs": svgs, "language": language.code}, 2 * SCREEN) if svgs else []
