"""Drawings of a result as SVG made on the server: bars, divided bars, ranges and a histogram. Pure.

One small drawing per option, so that the page writes its name above it as text that wraps on a phone. Places across
are percentages, so that letters keep their size at every width.
"""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from workbench.figures.style import DEFAULT

BAR = 24  # pixels
HISTOGRAM, FLOOR = 134, 130  # pixels
FILLS = (  # (fill, letters): told apart by lightness too
    (DEFAULT.own, "#ffffff"),
    (DEFAULT.band, DEFAULT.text),
    (DEFAULT.warning, "#ffffff"),
    (DEFAULT.background, DEFAULT.text),
)


def bar(value: float, most: float) -> str:
    """As long as the value is a share of `most`."""
    root = _root(BAR)
    _add(root, "rect", width="100%", height=BAR, fill=DEFAULT.band)
    _add(root, "rect", width=_percent(value / most if most else 0), height=BAR, fill=DEFAULT.own)
    return tostring(root, encoding="unicode")


def stack(counts: Sequence[int]) -> str:
    """Numbers of answers side by side; they fill the width together."""
    root, x, total = _root(BAR), 0.0, sum(counts)
    for count, (fill, ink) in zip(counts, FILLS, strict=False):
        if count:
            width = count / total
            places = {"x": _percent(x), "width": _percent(width), "height": BAR}
            _add(root, "rect", **places, fill=fill, stroke=DEFAULT.band_edge)
            _text(root, count, x=x + width / 2, y=17, fill=ink)
            x += width
    return tostring(root, encoding="unicode")


def spread(low: float, median: float, high: float) -> str:
    """The middle half of the answers on a line of 0 to 100, with the middle answer marked."""
    root, middle = _root(BAR), BAR // 2
    _add(root, "line", x1="0", x2="100%", y1=middle, y2=middle, stroke=DEFAULT.band_edge)
    places = {"x": _percent(low / 100), "width": _percent(max(high - low, 0.5) / 100)}
    _add(root, "rect", **places, y=4, height=BAR - 8, fill=DEFAULT.band, stroke=DEFAULT.band_edge)
    place = _percent(median / 100)
    _add(root, "line", x1=place, x2=place, y1=0, y2=BAR, stroke=DEFAULT.own, stroke_width=4)
    return tostring(root, encoding="unicode")


def histogram(counts: Sequence[int]) -> str:
    """How many answers stand in each part of a line."""
    root, share, most = _root(HISTOGRAM), 1 / len(counts), max(counts)
    for index, count in enumerate(counts):
        height = round(100 * count / most) if most else 0
        places = {"x": _percent(index * share + 0.01), "width": _percent(share - 0.02)}
        _add(root, "rect", **places, y=FLOOR - height, height=height, fill=DEFAULT.own)
        _text(root, count, x=(index + 0.5) * share, y=FLOOR - height - 6, fill=DEFAULT.text)
    _add(root, "line", x1="0", x2="100%", y1=FLOOR, y2=FLOOR, stroke=DEFAULT.median)
    return tostring(root, encoding="unicode")


def _root(height: int) -> Element:
    return Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": "100%",
            "height": str(height),
            "font-family": DEFAULT.font,
            "font-size": "15",
            "aria-hidden": "true",  # the table under it says the same
            "focusable": "false",
        },
    )


def _text(root: Element, number: int, *, x: float, y: int, fill: str) -> None:
    _add(root, "text", x=_percent(x), y=y, text_anchor="middle", fill=fill).text = str(number)


def _add(root: Element, tag: str, **attributes: object) -> Element:
    return SubElement(root, tag, {name.replace("_", "-"): str(value) for name, value in attributes.items()})


def _percent(share: float) -> str:
    return f"{round(100 * share, 2):g}%"
