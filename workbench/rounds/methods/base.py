"""What all methods share: the rules of a round, and why an answer is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import quantiles
from typing import Any

Content = dict[str, Any]

FEWEST = 3  # a group of fewer people is never shown, nor what they say together
# From here on numbers are shown. Below it someone who knows the own answer is left with three others at most, and the
# quartiles come from the lowest and the highest answer; from five on they never do. Of three and four answers only what
# holds for all of them is told: that sets nobody apart.
ENOUGH = 5
GRAIN = 5  # quartiles are rounded to fives: of five answers three of them are answers themselves


@dataclass(frozen=True)
class Rules:
    """What a facilitator decides about a round, as far as the calculation needs it."""

    most: int = 3  # choose: at most so many options
    dots: int = 5
    per_option: int = 3  # dots: at most so many on one option


class Fault(StrEnum):
    """Why an answer is refused. Sentences: workbench.rounds.words."""

    EMPTY = "empty"
    TOO_MANY = "too_many"
    TOO_MANY_ON_ONE = "too_many_on_one"
    OUT_OF_RANGE = "out_of_range"
    NOT_HUNDRED = "not_hundred"
    REASON_NEEDED = "reason_needed"
    UNKNOWN = "unknown"


class AnswerRefused(ValueError):
    """An answer that does not fit the method. `number` is what the sentence needs: how many there are, or may be."""

    def __init__(self, fault: Fault, number: int = 0) -> None:
        super().__init__(str(fault))
        self.fault, self.number = fault, number


def quartiles(given: Sequence[int]) -> dict[str, int]:
    """The middle half and the middle of at least `ENOUGH` numbers from 0 to 100, in fives."""
    low, middle, high = (
        GRAIN * round(number / GRAIN) for number in quantiles(given, n=4, method="inclusive")
    )
    return {"low": low, "median": middle, "high": high}


def numbers(given: Mapping[str, Any], keys: Any, low: int, high: int) -> dict[str, int]:
    """Key -> whole number between low and high, in the order of the options, without what was left open."""
    if set(given) - set(keys):
        raise AnswerRefused(Fault.UNKNOWN)
    found = {key: given[key] for key in keys if given.get(key) is not None}
    if any(type(value) is not int or not low <= value <= high for value in found.values()):
        raise AnswerRefused(Fault.OUT_OF_RANGE, high)
    return found
