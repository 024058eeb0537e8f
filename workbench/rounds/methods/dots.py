"""Stick a few dots. Cumulative voting with small units and a limit per option; dots may stay unused.

Glasser, G. J. (1959), Game Theory and Cumulative Voting for Corporate Directors, Management Science 5(2), 151-156.
"""

from collections.abc import Sequence
from typing import Any

from workbench.rounds.methods.base import AnswerRefused, Content, Fault, Rules, numbers


def check(content: Content, keys: Sequence[str], rules: Rules) -> Content:
    """{"dots": {key: n}}. Raises: AnswerRefused."""
    given = numbers(content.get("dots", {}), keys, 0, 100)
    stuck = {key: n for key, n in given.items() if n}
    if not stuck:
        raise AnswerRefused(Fault.EMPTY)
    if max(stuck.values()) > rules.per_option:
        raise AnswerRefused(Fault.TOO_MANY_ON_ONE, rules.per_option)
    if sum(stuck.values()) > rules.dots:
        raise AnswerRefused(Fault.TOO_MANY, rules.dots)
    return {"dots": stuck}


def summarise(contents: Sequence[Content], keys: Sequence[str], rules: Rules) -> dict[str, Any]:
    """Per option its dots and from how many people they came; and how many dots stayed unused."""
    totals = {key: sum(content["dots"].get(key, 0) for content in contents) for key in keys}
    return {
        "totals": totals,
        "people": {key: sum(key in content["dots"] for content in contents) for key in keys},
        "unused": rules.dots * len(contents) - sum(totals.values()),
    }


def common(contents: Sequence[Content], keys: Sequence[str]) -> dict[str, Any]:
    """Where everyone stuck a dot."""
    return {"all": [key for key in keys if all(key in content["dots"] for content in contents)]}
