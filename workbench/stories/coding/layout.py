"""A text with its marks as a page draws it: paragraphs, cut where a mark begins or ends. Pure.

Every label of a passage is a line under the words, in a layer of its own, so that overlapping marks stay apart.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

MOST_LAYERS = 4  # lines under each other; what is more shares the last one
MORE = "more"
BARE = "bare"  # a passage without a label
_LINE = re.compile(r"[^\n]*[^\s][^\n]*")


@dataclass(frozen=True)
class Mark:
    """A passage, and the looks of its labels. `number`: how the page names it."""

    start: int
    end: int
    number: int
    looks: tuple[int, ...] = ()


@dataclass(frozen=True)
class Line:
    layer: int  # 1: closest to the words
    look: str


@dataclass(frozen=True)
class Piece:
    """Words with the same lines under all of them; `ends`: the passages that end here."""

    text: str
    lines: tuple[Line, ...]  # the lowest first
    ends: tuple[int, ...]


@dataclass(frozen=True)
class Paragraph:
    start: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class _Placed:
    mark: Mark
    line: Line


def paragraphs(text: str, marks: Sequence[Mark]) -> list[Paragraph]:
    """All lines of the text that hold a word, in order."""
    placed = _placed(marks)
    found = []
    for line in _LINE.finditer(text):
        here = [item for item in placed if item.mark.start < line.end() and line.start() < item.mark.end]
        cuts = {line.start(), line.end()}
        for item in here:
            cuts |= {max(item.mark.start, line.start()), min(item.mark.end, line.end())}
        places = sorted(cuts)
        pieces = tuple(_piece(text, start, end, here) for start, end in pairwise(places))
        found.append(Paragraph(line.start(), pieces))
    return found


def _piece(text: str, start: int, end: int, here: Sequence[_Placed]) -> Piece:
    lines: dict[int, str] = {}
    for item in here:
        if item.mark.start <= start and end <= item.mark.end:
            layer = item.line.layer
            lines[layer] = MORE if layer in lines else item.line.look
    ends = {item.mark.number for item in here if item.mark.end == end}
    ordered = tuple(Line(layer, lines[layer]) for layer in sorted(lines, reverse=True))
    return Piece(text[start:end], ordered, tuple(sorted(ends)))


def _placed(marks: Sequence[Mark]) -> list[_Placed]:
    """Each label of each mark in the first layer that is free over its whole length."""
    busy: dict[int, list[tuple[int, int]]] = defaultdict(list)
    placed = []
    for mark in sorted(marks, key=lambda item: (item.start, -item.end, item.number)):
        for look in [str(look) for look in mark.looks] or [BARE]:
            layer = next(
                (
                    number
                    for number in range(1, MOST_LAYERS)
                    if all(end <= mark.start or mark.end <= start for start, end in busy[number])
                ),
                MOST_LAYERS,
            )
            busy[layer].append((mark.start, mark.end))
            placed.append(_Placed(mark, Line(layer, look)))
    return placed
