"""Where two readers of one goal differ, in words. Pure: the words come from the caller."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    COALITION = "coalition"
    OPPOSITION = "opposition"


class Verdict(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"


class Asked(StrEnum):
    """The two questions with a choice."""

    REACHED = "reached"
    WORTH = "worth"


class Likeness(StrEnum):
    SAME = "same"
    ONE_UNSURE = "one_unsure"  # one of the two does not know
    BOTH_UNSURE = "both_unsure"
    SHADE = "shade"  # one says partly
    OPPOSITE = "opposite"  # yes and no


@dataclass(frozen=True)
class Comparison:
    """How both answered one question."""

    asked: Asked
    likeness: Likeness
    said: Mapping[Side, Verdict]


def likeness(one: Verdict, other: Verdict) -> Likeness:
    unsure = [one, other].count(Verdict.UNKNOWN)
    if unsure:
        return Likeness.BOTH_UNSURE if unsure == 2 else Likeness.ONE_UNSURE
    if one is other:
        return Likeness.SAME
    return Likeness.SHADE if Verdict.PARTLY in (one, other) else Likeness.OPPOSITE


def compared(answers: Mapping[Side, Mapping[Asked, Verdict]]) -> list[Comparison]:
    """One comparison for each question, in their order."""
    return [
        Comparison(
            asked,
            likeness(answers[Side.COALITION][asked], answers[Side.OPPOSITION][asked]),
            {side: answers[side][asked] for side in Side},
        )
        for asked in Asked
    ]
