"""Numbers, marks and missing words as people write them in a table. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

SPACES = str.maketrans("", "", " \u00a0\u2007\u2009\u202f'’")
MISSING = {
    "": "not_delivered",
    ".": "unknown",
    "..": "unknown",
    "...": "unknown",
    "x": "suppressed",
    "-": "unknown",
    "–": "unknown",
    "—": "unknown",
    "na": "unknown",
    "n/a": "unknown",
    "#n/a": "unknown",
    "#n/b": "unknown",
    "nan": "unknown",
    "null": "unknown",
    "nb": "unknown",
    "n.b.": "unknown",
    "onbekend": "unknown",
    "?": "unknown",
    "nvt": "impossible",
    "n.v.t.": "impossible",
    "geheim": "suppressed",
    "onderdrukt": "suppressed",
    "niet geleverd": "not_delivered",
}
MARKS = {1: "provisional", 2: "further_provisional"}  # stars after a number or a period
LESS_THAN = re.compile(r"<\s*=?\s*\d{1,3}")
# Written so that only one reading is possible: 1.234,5 and 0,75 are commas, 1,234.5 and 12.5 are points.
COMMA = re.compile(r"[-−]?(\d{1,3}(\.\d{3})+,\d+|\d+,(\d{1,2}|\d{4,})|(0|\d{4,}),\d+|\d{1,3}(\.\d{3}){2,})")
POINT = re.compile(r"[-−]?(\d{1,3}(,\d{3})+\.\d+|\d+\.(\d{1,2}|\d{4,})|(0|\d{4,})\.\d+|\d{1,3}(,\d{3}){2,})")


@dataclass(frozen=True)
class Cell:
    """A value, or the reason why there is none; `mark` is a status that the cell itself bears."""

    value: float | None
    missing: str | None
    mark: str | None = None


class NotANumber(ValueError):
    """The text is neither a number nor a known word for "no figure"."""


def decimal_votes(texts: Iterable[str]) -> tuple[int, int]:
    """How many of these texts can only be read with a decimal comma, and how many only with a point."""
    commas = points = 0
    for text in texts:
        bare = text.translate(SPACES).rstrip("%*")
        if not bare or len(bare) > 40:
            continue
        commas += bool(COMMA.fullmatch(bare))
        points += bool(POINT.fullmatch(bare))
    return commas, points


def parse_cell(text: str, decimal: str) -> Cell:
    """'1.234,5', '12 %', '€ 300', '8,9*', '.', 'NA', '<5'. Raises: NotANumber."""
    bare = text.strip()
    if (reason := MISSING.get(bare.lower())) is not None:
        return Cell(None, reason)
    if LESS_THAN.fullmatch(bare):
        return Cell(None, "suppressed")
    mark = MARKS.get(len(bare) - len(bare.rstrip("*")))
    bare = (
        bare.removesuffix("*")
        .removesuffix("*")
        .translate(SPACES)
        .replace("−", "-")
        .replace("€", "")
        .rstrip("%")
    )
    thousands = "." if decimal == "," else ","
    scientific = re.fullmatch(r"-?\d(\.\d+)?[eE][+-]?\d{1,2}", bare)
    grouped = rf"-?\d{{1,3}}({re.escape(thousands)}\d{{3}})+({re.escape(decimal)}\d+)?"
    plain = rf"-?\d{{1,15}}({re.escape(decimal)}\d+)?"
    if not scientific:
        if not re.fullmatch(grouped, bare) and not re.fullmatch(plain, bare):
            raise NotANumber(text)
        bare = bare.replace(thousands, "").replace(decimal, ".")
    try:
        number = Decimal(bare)
    except InvalidOperation as error:
        raise NotANumber(text) from error
    if abs(number) > 10**15:
        raise NotANumber(text)
    return Cell(float(number), None, mark)


def is_number(text: str) -> bool:
    """Does this look like a number, whichever the decimal sign?"""
    if not any(c.isdigit() for c in text):
        return False
    for decimal in ",.":
        try:
            if parse_cell(text, decimal).value is not None:
                return True
        except NotANumber:
            continue
    return False
