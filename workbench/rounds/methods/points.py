"""Divide 100 points: a constant sum scale.

How far a group agrees is the mean overlap of two answers: of each option the smaller of the two numbers of points,
added up, as a share of 100; 1 when all divide alike, 0 when no two answers share a point.

Torgerson, W. S. (1958), Theory and Methods of Scaling (the constant sum method); Renkonen, O. (1938), Annales
Zoologici Societatis Vanamo 6, 1-231 (percentage similarity).
"""

from collections.abc import Sequence
from itertools import combinations
from statistics import fmean
from typing import Any

from workbench.rounds.methods.base import AnswerRefused, Content, Fault, Rules, numbers, quartiles

POINTS = 100


def check(content: Content, keys: Sequence[str], _rules: Rules) -> Content:
    """{"points": {key: n}}, together 100; what was left open is 0. Raises: AnswerRefused."""
    given = numbers(content.get("points", {}), keys, 0, POINTS)
    total = sum(given.values())
    if not total:
        raise AnswerRefused(Fault.EMPTY)
    if total != POINTS:
        raise AnswerRefused(Fault.NOT_HUNDRED, total)
    return {"points": {key: given.get(key, 0) for key in keys}}


def summarise(contents: Sequence[Content], keys: Sequence[str], _rules: Rules) -> dict[str, Any]:
    """Per option its mean and its spread; and the overlap of the answers."""
    return {
        "options": {key: _option([content["points"][key] for content in contents]) for key in keys},
        "overlap": round(overlap([content["points"] for content in contents]), 4),
    }


def _option(given: list[int]) -> dict[str, float]:
    return {"mean": round(fmean(given), 1), **quartiles(given)}


def common(contents: Sequence[Content], keys: Sequence[str]) -> dict[str, Any]:
    """To what everyone gave points."""
    return {"all": [key for key in keys if all(content["points"][key] for content in contents)]}


def overlap(answers: Sequence[dict[str, int]]) -> float:
    """The mean over all pairs of answers of what they have in common; 0 to 1. Needs two answers."""
    shared = [sum(min(one[key], other[key]) for key in one) for one, other in combinations(answers, 2)]
    return fmean(shared) / POINTS
