"""Places in a text as other programs count them. Pure.

REFI-QDA leaves room here, and programs differ: a Windows line ending is one sign or two, and the last letter of a passage
is in or out. A shift of one letter is easily overlooked and spoils every citation, so it is not taken on trust: most
programs write the words of a passage as its name, and the way of counting under which most of these fit is taken.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

AROUND = " \t\r\n\ufeff"
ENDING = re.compile(r"\r\n|\r|\n")
AS_ONE = ("atlas",)  # programs that count a line ending as one sign


@dataclass(frozen=True)
class Counting:
    """How a program counts in one text."""

    endings_as_one: bool
    last_is_in: bool

    def place(self, text: str, start: int, end: int) -> tuple[int, int]:
        """Start and end (without) in the text as it is."""
        end += self.last_is_in
        if not self.endings_as_one or "\r\n" not in text:
            return start, end
        begins = [found.start() for found in re.finditer("\r\n", text)]
        return tuple(  # type: ignore[return-value]
            place + sum(1 for number, begin in enumerate(begins) if begin - number < place)
            for place in (start, end)
        )


def counting(text: str, named: Sequence[tuple[int, int, str]], program: str) -> Counting:
    """Of this text, from its passages with their names."""
    usual = program.lower().startswith(AS_ONE)
    ways = [Counting(as_one, is_in) for is_in in (False, True) for as_one in (usual, not usual)]
    return max(ways, key=lambda way: _fitting(text, named, way))  # the first of the best


def _fitting(text: str, named: Iterable[tuple[int, int, str]], way: Counting) -> int:
    fits = 0
    for start, end, name in named:
        first, last = way.place(text, start, end)
        fits += bool(name.strip()) and last <= len(text) and _flat(text[first:last]) == _flat(name)
    return fits


def _flat(words: str) -> str:
    return " ".join(words.split())


def plain(text: str) -> str:
    """The text itself: line endings of one sign, nothing around it."""
    return ENDING.sub("\n", text).strip(AROUND)


class Moved:
    """From places in a text to those in our copy of it, that may differ in line endings and in what stands around it."""

    def __init__(self, text: str, ours: str) -> None:
        self._length = len(ours)
        self._ours = len(ours) - len(ours.lstrip(AROUND))
        gone = [int(text[at : at + 2] == "\r\n") for at in range(len(text))]
        self._gone = [0, *accumulate(gone)]
        self._before = len(text) - len(text.lstrip(AROUND))

    def place(self, start: int, end: int) -> tuple[int, int]:
        return self._moved(start), self._moved(end)

    def _moved(self, place: int) -> int:
        gone = self._gone[place] - self._gone[self._before]
        return min(max(place - self._before - gone + self._ours, 0), self._length)
