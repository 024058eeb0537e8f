"""Which indicators of the catalogue are parts of one whole, and which are money spent. Pure.

Only where the parts are really all of it: the shares of the age groups make 100 %, and the municipal tasks in the social
domain make what is spent there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from workbench.core.language import Language

AGES = ("aandeel-0-15", "aandeel-15-25", "aandeel-25-45", "aandeel-45-65", "aandeel-65-plus")
# The tasks of main task 6 in the accounts of municipalities (Iv3), in the order of their numbers.
TASKS = (
    "samenkracht",
    "toegang",
    "inkomensregelingen",
    "begeleide-participatie",
    "arbeidsparticipatie",
    "wmo",
    "jeugd",
    "opvang-beschermd-wonen",
    "jeugdbescherming",
)
# What was spent (the accounts) and what was planned (the budget).
SPENDING = {
    f"uitgaven-{task}-{book}"
    for task in (*TASKS, "sociaal-domein", "volksgezondheid", "totaal")
    for book in ("rekening", "begroting")
}
ALL_SPENDING = "uitgaven-sociaal-domein-rekening"  # what stands beside an outcome when nobody chose


@dataclass(frozen=True)
class Whole:
    """`parts`: slugs in their fixed order. `total`: the indicator of the whole, where the catalogue has one."""

    parts: tuple[str, ...]
    total: str | None = None

    @property
    def slugs(self) -> tuple[str, ...]:
        return (*self.parts, *([self.total] if self.total else []))

    def name(self, language: Language) -> str:
        if self.total is None:
            return language.gettext("Inwoners naar leeftijd")
        return language.gettext("Uitgaven in het sociaal domein per inwoner (jaarrekening)")


# The tasks of a budget are not a whole: from some years on they are divided in another way than the total.
WHOLES = (Whole(AGES), Whole(tuple(f"uitgaven-{task}-rekening" for task in TASKS), ALL_SPENDING))


def whole_of(slug: str) -> Whole | None:
    """The whole that an indicator is, or is a part of."""
    return next((whole for whole in WHOLES if slug in whole.slugs), None)


def short_names(names: Sequence[str]) -> list[str]:
    """Without the words that all of them begin or end with: '0 tot 15 jaar', 'jeugdhulp'."""
    if len(names) < 2:
        return list(names)
    words = [name.split() for name in names]
    front = _alike(words)
    rest = [line[front:] for line in words]
    back = _alike([line[::-1] for line in rest])
    shorter = [" ".join(line[: len(line) - back]) for line in rest]
    return shorter if all(shorter) else list(names)


def _alike(lines: Sequence[Sequence[str]]) -> int:
    """With how many of the same words all these lines begin."""
    return sum(1 for _ in takewhile(lambda words: len(set(words)) == 1, zip(*lines, strict=False)))
