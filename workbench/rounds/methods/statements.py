"""Statements, each with agree, disagree or pass; and between groups, which statements bridge and which divide.

Bridging is the group-informed consensus of Polis: the product over the groups of the chance that someone in the group
agrees, estimated as (1 + agree) / (2 + all) so that a small group never says 0 or 1. Dividing is how far the groups lie
apart: the greatest of these chances less the smallest. Here the groups are factions, not found by clustering. These
numbers only put the statements in order and are not kept; see groups.py for what is told of a group.

Small, C. T., Bjorkegren, M., Erkkilä, T., Shaw, L. and Megill, C. (2021), Polis: Scaling Deliberation by Mapping High
Dimensional Opinion Spaces, Recerca 26(2).
"""

from collections import Counter
from collections.abc import Sequence
from math import prod
from typing import Any

from workbench.rounds.methods.base import AnswerRefused, Content, Fault, Rules
from workbench.rounds.methods.groups import Answers, Opinion, leanings, parted

AGREE, DISAGREE, PASS = VOTES = ("agree", "disagree", "pass")
SIDES = {AGREE: 1, DISAGREE: -1, PASS: 0}


def check(content: Content, keys: Sequence[str], _rules: Rules) -> Content:
    """{"votes": {key: agree, disagree or pass}}, statements left open allowed. Raises: AnswerRefused."""
    given = content.get("votes", {})
    if set(given) - set(keys) or set(given.values()) - {*VOTES, None}:
        raise AnswerRefused(Fault.UNKNOWN)
    votes = {key: given[key] for key in keys if given.get(key)}
    if not votes:
        raise AnswerRefused(Fault.EMPTY)
    return {"votes": votes}


def summarise(contents: Sequence[Content], keys: Sequence[str], _rules: Rules) -> dict[str, Any]:
    """Per statement: how many agree, disagree, pass, and left it open."""
    return {"statements": {key: _count(contents, key) for key in keys}}


def common(contents: Sequence[Content], keys: Sequence[str]) -> dict[str, Any]:
    """With what everyone agrees."""
    return {"all": [key for key in keys if all(content["votes"].get(key) == AGREE for content in contents)]}


def _count(contents: Sequence[Content], key: str) -> dict[str, int]:
    counts = Counter(content["votes"].get(key, "open") for content in contents)
    return {vote: counts[vote] for vote in (*VOTES, "open")}


def chance(contents: Sequence[Content], key: str) -> float:
    """That someone in this group agrees."""
    return (1 + _count(contents, key)[AGREE]) / (2 + len(contents))


def between_groups(answers: Answers, keys: Sequence[str]) -> dict[str, Any] | None:
    """Which statements all groups support, and which split them; None when fewer than two groups may be shown.

    `order` has the strongest bridge first, `splits` where groups lie furthest apart; equals stand as asked.
    """
    members = parted(answers)
    if not members:
        return None
    chances = {key: [chance(contents, key) for contents in members.values()] for key in keys}
    order = sorted(keys, key=lambda key: -prod(chances[key]))
    apart = sorted(keys, key=lambda key: min(chances[key]) - max(chances[key]))
    found = leanings(members, {key: _opinion(key) for key in keys})
    sides = {key: set(found["leanings"][key].values()) for key in keys}
    return {
        **found,
        "order": order,
        "bridges": [key for key in order if sides[key] == {1}],
        "splits": [key for key in apart if {1, -1} <= sides[key]],
    }


def _opinion(key: str) -> Opinion:
    return lambda content: SIDES.get(content["votes"].get(key, ""))
