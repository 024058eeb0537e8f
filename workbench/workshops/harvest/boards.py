"""A board of a workshop as a picture: piles with cards, or what a round counted. SVG, with sizes in pixels. Pure."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from workbench.documents.parts import FORBIDDEN
from workbench.documents.pictures import FONTS, INK, QUIET, SVG, fixed

WIDTH, MARGIN, GAP = 1280, 32, 16
COLUMNS = 4
COLUMN = (WIDTH - 2 * MARGIN - (COLUMNS - 1) * GAP) / COLUMNS
PAD, ROUND = 14, 6  # inside a card, and of its corners
TITLE, QUESTION, HEAD, TEXT = 30, 20, 19, 16  # pixels of letters
PAPER, EDGE, PILE = "#fff8e1", "#d8c48a", "#eef1f6"
DRAWN = WIDTH - 2 * MARGIN  # pixels of a drawing of a round


@dataclass(frozen=True)
class Row:
    """One drawing with its name before it and what it says behind it."""

    name: str
    text: str
    svg: str


@dataclass(frozen=True)
class Board:
    """`parts`: per question its piles with the texts of their cards; the pile without a name is no pile."""

    title: str
    question: str
    parts: Sequence[tuple[str, Sequence[tuple[str, Sequence[str]]]]]
    rows: Sequence[Row] = ()
    notes: Sequence[str] = ()


def draw(board: Board) -> str:
    """The picture; everything on it is text that a screen reader reads in order."""
    root = Element(f"{{{SVG}}}svg", {"width": str(WIDTH), "font-family": FONTS, "fill": INK})
    SubElement(root, f"{{{SVG}}}title").text = _clean(board.title)
    paper = _add(root, "rect", width=WIDTH, fill="#ffffff")
    y = _lines(root, board.title, (MARGIN, MARGIN), TITLE, 68, weight="bold")
    y = _lines(root, board.question, (MARGIN, y + 6), QUESTION, 105, fill=QUIET) + GAP
    for row in board.rows:
        y = _row(root, row, y)
    for name, piles in board.parts:
        if name:
            y = _lines(root, name, (MARGIN, y + GAP), QUESTION, 100, weight="bold") + 8
        y = _piles(root, piles, y)
    for note in board.notes:
        y = _lines(root, note, (MARGIN, y + 8), TEXT, 130, fill=QUIET)
    height = f"{y + MARGIN:g}"
    root.set("height", height)
    paper.set("height", height)
    return tostring(root, encoding="unicode")


def _piles(root: Element, piles: Sequence[tuple[str, Sequence[str]]], top: float) -> float:
    """Each pile, and each card on no pile, in the column that ends first; where they all end."""
    ends = [top] * COLUMNS
    blocks = [(name, list(texts)) for name, texts in piles if name]
    blocks += [("", [text]) for name, texts in piles if not name for text in texts]
    for name, texts in blocks:
        column = ends.index(min(ends))
        x = MARGIN + column * (COLUMN + GAP)
        ends[column] = _pile(root, name, texts, x, ends[column]) + GAP
    return max(ends)


def _pile(root: Element, name: str, texts: Sequence[str], x: float, top: float) -> float:
    if not name:
        return _card(root, texts[0], x, top, COLUMN)
    frame = _add(root, "rect", x=x, y=top, width=COLUMN, rx=ROUND, fill=PILE)
    y = _lines(root, name, (x + PAD, top + PAD - 4), HEAD, 26, weight="bold") + 8
    for text in texts:
        y = _card(root, text, x + 8, y, COLUMN - 16) + 8
    frame.set("height", f"{y - top:g}")
    return y


def _card(root: Element, text: str, x: float, top: float, width: float) -> float:
    card = _add(root, "rect", x=x, y=top, width=width, rx=ROUND, fill=PAPER, stroke=EDGE)
    y = _lines(root, text, (x + PAD, top + PAD - 4), TEXT, int((width - 2 * PAD) / 8.4)) + PAD - 4
    card.set("height", f"{y - top:g}")
    return y


def _row(root: Element, row: Row, top: float) -> float:
    y = top
    if row.name or row.text:
        y = _lines(root, f"{row.name}  {row.text}".strip(), (MARGIN, top), TEXT, 95, weight="bold") + 4
    drawn = fromstring(fixed(row.svg, DRAWN))  # noqa: S314 - drawn by the workbench
    group = SubElement(root, f"{{{SVG}}}g", {"transform": f"translate({MARGIN} {y:g})"})
    group.attrib |= {name: drawn.attrib[name] for name in ("font-size", "fill") if name in drawn.attrib}
    group.extend(list(drawn))
    return y + float(drawn.get("height", "0")) + GAP


def _lines(
    root: Element,
    text: str,
    at: tuple[float, float],
    size: int,
    characters: int,
    *,
    weight: str = "normal",
    fill: str = INK,
) -> float:
    """Wrapped text from this place down; where it ends."""
    x, top = at
    step = round(size * 1.4)
    lines = [
        line
        for typed in _clean(text).split("\n")
        for line in textwrap.wrap(typed, characters, break_long_words=True) or [""]
    ]
    for place, line in enumerate(lines):
        looks = {"x": x, "y": top + step * place + size, "font_size": size, "font_weight": weight}
        _add(root, "text", **looks, fill=fill).text = line
    return top + step * len(lines)


def _clean(text: str) -> str:
    return FORBIDDEN.sub("", text)


def _add(root: Element, tag: str, **attributes: object) -> Element:
    facts = {
        name.replace("_", "-"): f"{value:g}" if isinstance(value, (int, float)) else str(value)
        for name, value in attributes.items()
    }
    return SubElement(root, f"{{{SVG}}}{tag}", facts)
