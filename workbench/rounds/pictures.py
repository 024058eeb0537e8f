"""Drawings of a result as SVG made on the server: bars, stacked bars, ranges and a histogram. Pure.

Letters keep their size at every width, because places across are percentages. Each row has its name above it, so
that it fits a phone. Options stand in the order in which they were asked, never by result.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from workbench.figures.style import DEFAULT

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ROW, NAME, BAR = 54, 18, 24  # pixels: a row, where its name stands in it, the height of a bar
HISTOGRAM, FLOOR = 170, 130  # pixels
WIDEST = 88.0  # per cent: a full bar leaves room for its number
FILLS = (  # (fill, letters): told apart by lightness too
    (DEFAULT.own, "#ffffff"),
    (DEFAULT.band, DEFAULT.text),
    (DEFAULT.warning, "#ffffff"),
    (DEFAULT.background, DEFAULT.text),
)


@dataclass(frozen=True)
class Bar:
    name: str
    value: float
    text: str


@dataclass(frozen=True)
class Stack:
    """Numbers of answers, side by side; they fill the width together."""

    name: str
    counts: Sequence[int]


@dataclass(frozen=True)
class Range:
    """The middle half of the answers, with the middle one marked, on a scale of 0 to 100."""

    name: str
    low: float
    median: float
    high: float


def bars(rows: Sequence[Bar], most: float) -> str:
    """One bar per option, as long as its value is a share of `most`."""
    root = _root(ROW * len(rows))
    for index, row in enumerate(rows):
        y = _named(root, index, row.name)
        width = WIDEST * row.value / most if most else 0.0
        _add(root, "rect", x="0", y=y, width=_percent(width), height=BAR, fill=DEFAULT.own)
        _text(root, row.text, x=_percent(width), y=y + 17, dx=8)
    return _out(root)


def stacks(rows: Sequence[Stack]) -> str:
    """One bar per option, divided by kind of answer; the kinds are explained beside the drawing."""
    root = _root(ROW * len(rows))
    for index, row in enumerate(rows):
        y, x, total = _named(root, index, row.name), 0.0, sum(row.counts)
        for count, (fill, ink) in zip(row.counts, FILLS, strict=False):
            if count:
                width = 100 * count / total
                _add(
                    root,
                    "rect",
                    x=_percent(x),
                    y=y,
                    width=_percent(width),
                    height=BAR,
                    fill=fill,
                    stroke=DEFAULT.band_edge,
                )
                _text(root, str(count), x=_percent(x + width / 2), y=y + 17, anchor="middle", fill=ink)
                x += width
    return _out(root)


def ranges(rows: Sequence[Range]) -> str:
    """One line per option from 0 to 100, with the middle half of the answers thick on it."""
    root = _root(ROW * len(rows))
    for index, row in enumerate(rows):
        y = _named(root, index, row.name)
        middle = y + BAR // 2
        _add(root, "line", x1="0", x2="100%", y1=middle, y2=middle, stroke=DEFAULT.band_edge)
        width = max(row.high - row.low, 0.5)
        _add(
            root,
            "rect",
            x=_percent(row.low),
            y=y + 4,
            width=_percent(width),
            height=BAR - 8,
            fill=DEFAULT.band,
            stroke=DEFAULT.band_edge,
        )
        place = _percent(row.median)
        _add(root, "line", x1=place, x2=place, y1=y, y2=y + BAR, stroke=DEFAULT.own, stroke_width=4)
    return _out(root)


def histogram(counts: Sequence[int], left: str, right: str) -> str:
    """How many answers stand in each part of a line between two named ends."""
    root = _root(HISTOGRAM)
    share, most = 100 / len(counts), max(counts)
    for index, count in enumerate(counts):
        height = round(100 * count / most) if most else 0
        _add(
            root,
            "rect",
            x=_percent(index * share + 1),
            y=FLOOR - height,
            width=_percent(share - 2),
            height=height,
            fill=DEFAULT.own,
        )
        _text(root, str(count), x=_percent((index + 0.5) * share), y=FLOOR - height - 6, anchor="middle")
    _add(root, "line", x1="0", x2="100%", y1=FLOOR, y2=FLOOR, stroke=DEFAULT.median)
    _text(root, left, x="0", y=FLOOR + 22, weight="bold")
    _text(root, right, x="100%", y=FLOOR + 22, anchor="end", weight="bold")
    return _out(root)


def _root(height: int) -> Element:
    return Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": "100%",
            "height": str(height),
            "font-family": DEFAULT.font,
            "font-size": "15",
            "fill": DEFAULT.text,
            "aria-hidden": "true",  # the table under it says the same
            "focusable": "false",
        },
    )


def _named(root: Element, index: int, name: str) -> int:
    """Write the name of a row; gives the height at which its bar begins."""
    _text(root, name, x="0", y=index * ROW + NAME)
    return index * ROW + NAME + 6


def _text(
    root: Element,
    text: str,
    *,
    x: str,
    y: int,
    dx: int = 0,
    anchor: str = "start",
    fill: str = DEFAULT.text,
    weight: str = "normal",
) -> None:
    element = _add(root, "text", x=x, y=y, dx=dx, text_anchor=anchor, fill=fill, font_weight=weight)
    element.text = _NOT_XML.sub("", text)


def _add(root: Element, tag: str, **attributes: object) -> Element:
    return SubElement(root, tag, {name.replace("_", "-"): str(value) for name, value in attributes.items()})


def _percent(share: float) -> str:
    return f"{round(share, 2):g}%"


def _out(root: Element) -> str:
    return tostring(root, encoding="unicode")
