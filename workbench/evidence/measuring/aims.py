"""Numbers and aims as people type them: '12,5', and per line a year with a number. Pure."""

import re
from collections.abc import Mapping

from workbench.core.numbers import NotANumber, parse_cell

LINE = re.compile(
    r"\s*(?P<year>\d{4})\s*[:=;]?\s+(?P<value>\S.*)|\s*(?P<year2>\d{4})\s*[:=;]\s*(?P<value2>\S.*)"
)
FIRST_YEAR, LAST_YEAR = 2015, 2100
MOST = 1e12


class NotAnAim(ValueError):
    """A line that is not a year with a number; its text is the first argument."""


def read_number(text: str) -> float:
    """Raises: NotANumber, also for a word that means that there is no figure."""
    value = parse_cell(text, ",").value
    if value is None or abs(value) > MOST:
        raise NotANumber(text)
    return value


def number_text(value: float) -> str:
    """As a Dutch reader types it, without losing a digit."""
    whole = f"{value:.0f}" if value == int(value) else repr(value)
    if "e" in whole:
        whole = f"{value:.20f}".rstrip("0")
    return whole.replace(".", ",")


def read_aims(text: str) -> dict[int, float]:
    """Year -> value, by year. Raises: NotAnAim for the first line that cannot be read, or that names a year twice."""
    aims: dict[int, float] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        matched = LINE.fullmatch(line)
        if not matched:
            raise NotAnAim(line.strip())
        year = int(matched["year"] or matched["year2"])
        try:
            value = read_number(matched["value"] or matched["value2"])
        except NotANumber:
            raise NotAnAim(line.strip()) from None
        if not FIRST_YEAR <= year <= LAST_YEAR or year in aims:
            raise NotAnAim(line.strip())
        aims[year] = value
    return dict(sorted(aims.items()))


def aims_text(aims: Mapping[int, float]) -> str:
    return "\n".join(f"{year}: {number_text(value)}" for year, value in sorted(aims.items()))
