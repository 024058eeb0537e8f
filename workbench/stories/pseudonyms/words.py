"""Words of a text with their places, and how they are compared: without accents and capitals."""

import re
import unicodedata
from dataclasses import dataclass

_LETTER = r"(?:[^\W\d_][\u0300-\u036f]*)"
_WORD = re.compile(rf"{_LETTER}+(?:['’‘\-]{_LETTER}+)*")
_APART = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "a", "œ": "o", "’": "'", "‘": "'"}
)
_ENDS = re.compile(r"[.!?:;…\n\"“”„]")
_NO_END = re.compile(r"\b(?:dhr|mw|mevr|mej|mr|dr|drs|ir|prof|st|bijv|o\.a|[A-Z])\.\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Word:
    start: int
    end: int
    words: str
    key: str
    capital: bool
    opens: bool  # the first of its sentence


def key(words: str) -> str:
    """The words without accents and capitals, as lists are compared."""
    apart = unicodedata.normalize("NFKD", words.lower()).translate(_APART)
    return "".join(mark for mark in apart if not unicodedata.combining(mark))


def words_of(text: str) -> list[Word]:
    words: list[Word] = []
    last = 0
    for match in _WORD.finditer(text):
        between = text[last : match.start()]
        opens = not words or (
            bool(_ENDS.search(between))
            and not _NO_END.search(text[max(0, match.start() - 9) : match.start()])
        )
        words.append(Word(match.start(), match.end(), match[0], key(match[0]), match[0][0].isupper(), opens))
        last = match.end()
    return words


def is_near(one: str, other: str) -> bool:
    """One letter more, less, different or two changed places."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1:
        return False
    if len(one) > len(other):
        one, other = other, one
    place = next((n for n, mark in enumerate(one) if mark != other[n]), len(one))
    if len(one) < len(other):
        return one[place:] == other[place + 1 :]
    if one[place + 1 :] == other[place + 1 :]:
        return True
    return one[place : place + 2] == other[place : place + 2][::-1] and one[place + 2 :] == other[place + 2 :]
