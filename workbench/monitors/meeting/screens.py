"""What fits on one screen of a projector: long texts and lists go on over several cards. Pure."""

import re
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

MOST_CHARACTERS = 420  # in letters of 28 pixels on 1280 by 720
MOST_LINES = 5
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def texts(text: str, most: int = MOST_CHARACTERS) -> list[str]:
    """A text in parts that fit, cut between sentences; a longer sentence between words, a longer word anywhere."""
    parts: list[str] = []
    for sentence in _SENTENCE.split(text.strip()):
        for piece in _pieces(sentence, most):
            if parts and len(parts[-1]) + 1 + len(piece) <= most:
                parts[-1] = f"{parts[-1]} {piece}"
            else:
                parts.append(piece)
    return parts


def _pieces(sentence: str, most: int) -> list[str]:
    pieces: list[str] = []
    for word in sentence.split():
        for start in range(0, len(word), most):
            part = word[start : start + most]
            if pieces and len(pieces[-1]) + 1 + len(part) <= most:
                pieces[-1] = f"{pieces[-1]} {part}"
            else:
                pieces.append(part)
    return pieces


def lists(lines: Sequence[T], most: int = MOST_LINES) -> list[Sequence[T]]:
    """A list in parts that fit, as even as they can be."""
    count = -(-len(lines) // most)
    size = -(-len(lines) // count) if count else 0
    return [lines[start : start + size] for start in range(0, len(lines), size)] if size else []
