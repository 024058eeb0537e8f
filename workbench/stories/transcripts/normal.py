"""One form for every text, so that the same words are the same bytes and a place in a text stays that place.

NFC; lines end with a line feed; one blank line between paragraphs; single spaces, none at the ends of a line. Characters
that nobody sees go: they can turn the order of what is shown around or hide words in a name.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from workbench.stories.transcripts.refused import Problem, Refused

MOST_CHARACTERS = 500_000
MOST_WORDS = 60_000  # some seven hours of talk
MOST_MARKS = 8  # accents on one letter; stacks of thousands cost a square of time to sort
LINE_ENDS = "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028"
_UNSEEN = {"Cc", "Cf", "Cs", "Co"}  # controls, format marks, halves of characters, private letters


class _Table(dict[int, str | None]):
    """What a character becomes; filled while it is used."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        meaning: str | None = character
        if character == "\n":
            pass
        elif character in LINE_ENDS:
            meaning = "\n"
        elif character == "\u2029":
            meaning = "\n\n"
        elif character == "\t" or unicodedata.category(character) == "Zs":
            meaning = " "
        elif (
            unicodedata.category(character) in _UNSEEN or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
        ):
            meaning = None
        self[code] = meaning
        return meaning


_TABLE = _Table()


def normal(text: str) -> str:
    """The normal form of a text; doing it twice changes nothing. Raises: Refused when it is too long."""
    text = text.replace("\r\n", "\n").translate(_TABLE)
    text = re.sub(" +", " ", text)
    text = re.sub("\n{3,}", "\n\n", "\n".join(line.strip(" ") for line in text.split("\n"))).strip("\n")
    if len(text) > MOST_CHARACTERS:
        raise Refused(Problem.LONG)
    if not text.isascii():
        text = unicodedata.normalize("NFC", "".join(_few_marks(text)))
    if len(text) > MOST_CHARACTERS or len(text.split()) > MOST_WORDS:
        raise Refused(Problem.LONG)
    return text


def _few_marks(text: str) -> Iterator[str]:
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MOST_MARKS:
            yield character


def unseen(text: str) -> int:
    """How many characters would go because nobody sees them; a mark of the encoding at the start is none of them."""
    return sum(1 for character in text.lstrip("\ufeff") if _TABLE[ord(character)] is None)


class Measure:
    """Counts pieces of a text as they come."""

    def __init__(self) -> None:
        self._characters = self._words = 0

    def add(self, piece: str) -> str:
        """Raises: Refused as soon as it is certainly too long, before the rest is read."""
        self._characters += len(piece)
        self._words += len(piece.split())
        if self._characters > 2 * MOST_CHARACTERS or self._words > MOST_WORDS:
            raise Refused(Problem.LONG)
        return piece


def gathered(pieces: Iterable[str]) -> str:
    """Pieces put together, no further than may be. Raises: Refused."""
    measure = Measure()
    return "".join(measure.add(piece) for piece in pieces)
