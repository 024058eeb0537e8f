"""A place on the line between a value (0) and the value it rubs against (100).

How far a group agrees is the coefficient A of van der Eijk over five parts of the line: 1 when all stand in one part,
0 when all parts are equally filled, -1 when two halves stand at the two ends. A spread measure such as the standard
deviation cannot tell a divided group from an undecided one; A can.

Van der Eijk, C. (2001), Measuring Agreement in Ordered Rating Scales, Quality & Quantity 35, 325-341.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from workbench.rounds.methods.base import (
    ENOUGH,
    FEWEST,
    AnswerRefused,
    Content,
    Fault,
    Rules,
    numbers,
    quartiles,
)
from workbench.rounds.methods.groups import Answers, Opinion, leanings, parted

PARTS = 5


def part_of(place: int) -> int:
    """Which of the five parts: 0-19, 20-39, 40-60, 61-80, 81-100. Seen from either end the same."""
    return min(place // 20, 2) if place <= 50 else PARTS - 1 - min((100 - place) // 20, 2)


def check(content: Content, keys: Sequence[str], _rules: Rules) -> Content:
    """{"places": {key: 0…100}}, lines left open allowed. Raises: AnswerRefused."""
    places = numbers(content.get("places", {}), keys, 0, 100)
    if not places:
        raise AnswerRefused(Fault.EMPTY)
    return {"places": places}


def side_of(place: int) -> int:
    """Of the value (1), of the value that it rubs against (-1), or in the middle part (0)."""
    part = part_of(place)
    return (part < PARTS // 2) - (part > PARTS // 2)


def summarise(contents: Sequence[Content], keys: Sequence[str], _rules: Rules) -> dict[str, Any]:
    """Per line: how many answered, and what may be told of so many."""
    return common(contents, keys)


def common(contents: Sequence[Content], keys: Sequence[str]) -> dict[str, Any]:
    """Each line counts its own answers, since lines may be left open."""
    return {"lines": {key: _line(_places(contents, key)) for key in keys}}


def _places(contents: Sequence[Content], key: str) -> list[int]:
    return [content["places"][key] for content in contents if key in content["places"]]


def _line(places: list[int]) -> dict[str, Any]:
    """Below three nothing, below five the side on which all stand (none: not all on one), then the spread."""
    if len(places) < FEWEST:
        return {"n": len(places)}
    if len(places) < ENOUGH:
        sides = {side_of(place) for place in places}
        return {"n": len(places), "all": sides.pop() if len(sides) == 1 else None}
    parts = [0] * PARTS
    for place in places:
        parts[part_of(place)] += 1
    return {
        "n": len(places),
        "parts": parts,
        **quartiles(places),
        "agreement": round(agreement(parts), 4),
    }


def between_groups(answers: Answers, keys: Sequence[str]) -> dict[str, Any] | None:
    """To which side each group leans on each line; None when fewer than two groups may be shown."""
    members = parted(answers)
    return leanings(members, {key: _opinion(key) for key in keys}) if members else None


def _opinion(key: str) -> Opinion:
    return lambda content: side_of(content["places"][key]) if key in content["places"] else None


def agreement(counts: Sequence[int]) -> float:
    """Van der Eijk's A of how often each of the ordered categories was chosen; -1 to 1."""
    total, left, found = sum(counts), list(counts), 0.0
    while any(left):  # peel off layers in which each category has the same count, or none
        pattern = [int(count > 0) for count in left]
        height = min(count for count in left if count)
        found += height * sum(pattern) / total * _pattern_agreement(pattern)
        left = [count - height * there for count, there in zip(left, pattern, strict=True)]
    return found


def _pattern_agreement(pattern: Sequence[int]) -> float:
    k, s = len(pattern), sum(pattern)
    if s == 1:
        return 1.0
    unimodal = not_unimodal = 0
    for low, middle, high in combinations(pattern, 3):
        unimodal += (low, middle, high) in ((1, 1, 0), (0, 1, 1))
        not_unimodal += (low, middle, high) == (1, 0, 1)
    if unimodal + not_unimodal == 0:
        return 1 - (s - 1) / (k - 1)  # all categories filled: no triple says anything
    shape = ((k - 2) * unimodal - (k - 1) * not_unimodal) / ((k - 2) * (unimodal + not_unimodal))
    return shape * (1 - (s - 1) / (k - 1))
