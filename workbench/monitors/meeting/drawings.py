"""A drawing for the wall: letters of 28 pixels on 1280 by 720, so places down stand closer together. Pure.

Letters of a drawing are 13 pixels and places across are percentages (see figures/svg.py). So a drawing is laid out on a
narrow sheet that the screen enlarges, and only what stands down from the top is brought closer; letters keep their shape.
"""

from xml.etree.ElementTree import Element, fromstring, tostring

SHEET = (480, 216)  # pixels across and down, before they are enlarged
CLOSEST = 0.62  # closer than this, letters would lie over each other
THICKER = 1.8  # strokes that are not enlarged with the sheet
_DOWN = {
    "text": ("y",),
    "line": ("y1", "y2"),
    "rect": ("y", "height"),
    "circle": ("cy",),
    "svg": ("y", "height"),
}
_SVG = "http://www.w3.org/2000/svg"


def on_wall(svg: str) -> str:
    """Of a drawing that is too tall for that, the letters become smaller."""
    drawing = fromstring(svg)  # noqa: S314 - our own drawing
    _stand_beside(drawing)
    tall = float(drawing.get("height", SHEET[1]))
    share = min(1.0, max(CLOSEST, SHEET[1] / tall))
    _bring_closer(drawing, share)
    down = tall * share
    across = SHEET[0] * max(1.0, down / SHEET[1])
    drawing.set("width", f"{across:g}")
    view = {"xmlns": _SVG, "viewBox": f"0 0 {across:g} {down:g}", "width": "100%"}
    sheet = Element("svg", view)
    sheet.append(drawing)
    return tostring(sheet, encoding="unicode")


def _stand_beside(drawing: Element) -> None:
    """A map fills the height of the sheet at the right, beside its legend instead of under it."""
    for part in drawing:
        if "viewBox" in part.attrib and part.get("preserveAspectRatio") != "none":
            tall = max(SHEET[1], float(part.get("y", 0)))
            part.attrib |= {"y": "0", "height": f"{tall:g}", "preserveAspectRatio": "xMaxYMid meet"}
            drawing.set("height", f"{tall:g}")


def _bring_closer(element: Element, share: float, *, is_scaled: bool = False) -> None:
    """What stands in a drawing with measures of its own goes along with it."""
    kind = element.tag = element.tag.rpartition("}")[2]  # the sheet names the namespace
    for name in () if is_scaled else _DOWN.get(kind, ()):
        if name in element.attrib:
            element.set(name, f"{float(element.get(name, 0)) * share:g}")
    if kind == "path" and not is_scaled:
        element.set("transform", f"scale(1 {share:g})")
    if kind == "line" and _is_striped(element):
        element.set("stroke-width", f"{float(element.get('stroke-width', 1)) * share:g}")
    if element.get("vector-effect"):
        element.set("stroke-width", f"{float(element.get('stroke-width', 1)) * THICKER:g}")
    for part in element:
        _bring_closer(part, share, is_scaled=is_scaled or "viewBox" in element.attrib)


def _is_striped(line: Element) -> bool:
    """A filled place drawn as one thick, dashed line: its width is how high the place is."""
    return float(line.get("stroke-width", 1)) > 8
