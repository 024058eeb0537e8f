"""Numbers said aloud in a transcript: "nul zes twaalf vierendertig …" is a phone number."""

import re
from collections.abc import Iterator

from stdnum.nl import bsn

from workbench.stories.pseudonyms.found import Found, Kind, found
from workbench.stories.pseudonyms.words import Word, key

_UNITS = {
    "nul": 0,
    "een": 1,
    "twee": 2,
    "drie": 3,
    "vier": 4,
    "vijf": 5,
    "zes": 6,
    "zeven": 7,
    "acht": 8,
    "negen": 9,
    "tien": 10,
    "elf": 11,
    "twaalf": 12,
    "dertien": 13,
    "veertien": 14,
    "vijftien": 15,
    "zestien": 16,
    "zeventien": 17,
    "achttien": 18,
    "negentien": 19,
}
_TENS = {
    "twintig": 20,
    "dertig": 30,
    "veertig": 40,
    "vijftig": 50,
    "zestig": 60,
    "zeventig": 70,
    "tachtig": 80,
    "negentig": 90,
}
_SMALL = "|".join(word for word, value in _UNITS.items() if 0 < value < 10)
_TWO = re.compile(rf"({_SMALL})en({'|'.join(_TENS)})")
_PAUSE = re.compile(r"[\s,.\-–]*(?:(?:eh|uh|en dan|dan)[\s,.\-–]+)?")
_FILLERS = frozenset(["eh", "uh", "en", "dan"])  # a run of numbers may go on behind them
SPOKEN = rf"(?:(?:{_SMALL})[eë]n(?:{'|'.join(_TENS)})|{'|'.join([*_TENS, *sorted(_UNITS, key=len, reverse=True)])})"


def value_of(word: str) -> int | None:
    """The number this Dutch word says, up to ninety-nine."""
    word = key(word)
    if word in _UNITS:
        return _UNITS[word]
    if word in _TENS:
        return _TENS[word]
    match = _TWO.fullmatch(word)
    return _TENS[match[2]] + _UNITS[match[1]] if match else None


def spoken(text: str, words: list[Word]) -> Iterator[Found]:
    run: list[Word] = []
    for word in words:
        if value_of(word.words) is not None and (not run or _PAUSE.fullmatch(text[run[-1].end : word.start])):
            run.append(word)
            continue
        if run and word.key in _FILLERS:
            continue
        yield from _said(text, run, word)
        run = [word] if value_of(word.words) is not None else []
    yield from _said(text, run, None)


def _said(text: str, run: list[Word], after: Word | None) -> Iterator[Found]:
    if len(run) < 2:
        return
    digits = "".join(str(value_of(word.words)) for word in run)
    start, end = run[0].start, run[-1].end
    if len(digits) == 10 and digits.startswith("0"):
        yield found(text, start, end, Kind.PHONE, sure=True)
    elif len(digits) == 9:
        valid = bsn.is_valid(digits)
        yield found(text, start, end, Kind.BSN if valid else Kind.NUMBER, sure=valid)
    elif len(digits) == 4 and after is not None and re.fullmatch(r"[A-Z]{2}", after.words):
        yield found(text, start, after.end, Kind.POSTCODE, sure=True)
    elif len(run) >= 5:
        yield found(text, start, end, Kind.NUMBER, sure=False)
