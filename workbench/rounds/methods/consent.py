"""Consent: a proposal stands when nobody has a reasoned objection, which is not the same as everyone being for it.

Endenburg, G. (1998), Sociocracy: The Organization of Decision-Making (the consent principle).
"""

from collections.abc import Sequence
from typing import Any

from workbench.rounds.methods.base import AnswerRefused, Content, Fault, Rules

AGREE, REMARK, OBJECTION = CHOICES = ("agree", "remark", "objection")


def check(content: Content, _keys: Sequence[str], _rules: Rules) -> Content:
    """{"choice": agree, remark or objection}. Raises: AnswerRefused."""
    choice = content.get("choice")
    if not choice:
        raise AnswerRefused(Fault.EMPTY)
    if choice not in CHOICES:
        raise AnswerRefused(Fault.UNKNOWN)
    return {"choice": choice}


def check_reason(content: Content, reason: str) -> None:
    """A remark and an objection say why. Raises: AnswerRefused."""
    if content["choice"] != AGREE and not reason:
        raise AnswerRefused(Fault.REASON_NEEDED)


def summarise(contents: Sequence[Content], _keys: Sequence[str], _rules: Rules) -> dict[str, Any]:
    """How many agree, agree with a remark, and object."""
    counts = {choice: sum(content["choice"] == choice for content in contents) for choice in CHOICES}
    return {"counts": counts, "stands": bool(contents) and counts[OBJECTION] == 0}


def common(contents: Sequence[Content], _keys: Sequence[str]) -> dict[str, Any]:
    """Whether nobody objects. That somebody does is what this method is for: it is told, not how many do."""
    return {"stands": all(content["choice"] != OBJECTION for content in contents)}
