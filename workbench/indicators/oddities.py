"""Figures that are right as far as we know, and still need a word beside them. Pure.

Money per inhabitant jumps in a small municipality: one entry in the books is a great sum for few people. And a source may
give a negative amount. Neither is changed or hidden; the reader is told.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from statistics import median
from typing import Protocol

from workbench.core.language import Language
from workbench.indicators.periods import Period

PER_INHABITANT = "euro per inwoner"
SMALL = 10_000  # inhabitants; below this one entry in the books weighs heavily
TIMES = 5  # so many times what is usual counts as odd
FEWEST = 4  # other periods, before anything is usual


class Oddity(StrEnum):
    NEGATIVE = "negative"
    HIGH = "high"


class Item(Protocol):
    @property
    def period(self) -> Period: ...
    @property
    def value(self) -> float | None: ...


def oddities(line: Iterable[Item], unit: str) -> dict[str, Oddity]:
    """Period code -> what is odd about that figure of one area, beside its figures of other periods."""
    valued = [(item.period.code, item.value) for item in line if item.value is not None]
    found: dict[str, Oddity] = {}
    for code, value in valued:
        others = [other for period, other in valued if period != code]
        if unit.startswith("euro") and value < 0:
            found[code] = Oddity.NEGATIVE
        elif unit == PER_INHABITANT and _is_high(value, others):
            found[code] = Oddity.HIGH
    return found


def _is_high(value: float, others: Sequence[float]) -> bool:
    usual = median(others) if len(others) >= FEWEST else 0.0
    return usual > 0 and value > TIMES * usual


def short_note(oddity: Oddity, language: Language) -> str:
    """Beside the value."""
    if oddity is Oddity.NEGATIVE:
        return language.gettext("negatief: zie Let op")
    return language.gettext("veel hoger dan in andere jaren: zie Let op")


def sentence(oddity: Oddity, period: str, area: str, inhabitants: float | None, language: Language) -> str:
    """What it may mean and what a reader can do."""
    facts = {"period": period, "area": area}
    if oddity is Oddity.NEGATIVE:
        return language.gettext(
            "%(period)s: het bedrag is negatief. De bron geeft het zo. Vaak is er dan geld terug geboekt of een post verplaatst; vraag de gemeente welke.",
            **facts,
        )
    if inhabitants is not None and inhabitants < SMALL:
        return language.gettext(
            "%(period)s: dit is veel hoger dan in andere jaren. %(area)s heeft maar %(count)s inwoners, dus één post in de boeken telt zwaar. Gebruik dit cijfer pas na een controle.",
            count=language.number(inhabitants),
            **facts,
        )
    return language.gettext(
        "%(period)s: dit is veel hoger dan in andere jaren. Dat kan kloppen, maar ook een andere manier van boeken zijn. Gebruik dit cijfer pas na een controle.",
        **facts,
    )
