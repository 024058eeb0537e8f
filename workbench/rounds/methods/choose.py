"""Pick a few. Approval voting with a limit: every pick counts once.

Brams, S. J. and Fishburn, P. C. (1978), Approval Voting, American Political Science Review 72(3), 831-847.
"""

from collections.abc import Sequence
from typing import Any

from workbench.rounds.methods.base import AnswerRefused, Content, Fault, Rules


def check(content: Content, keys: Sequence[str], rules: Rules) -> Content:
    """{"picks": [key, …]}. Raises: AnswerRefused."""
    picks = set(content.get("picks", []))
    if not picks:
        raise AnswerRefused(Fault.EMPTY)
    if picks - set(keys):
        raise AnswerRefused(Fault.UNKNOWN)
    if len(picks) > rules.most:
        raise AnswerRefused(Fault.TOO_MANY, rules.most)
    return {"picks": [key for key in keys if key in picks]}


def summarise(contents: Sequence[Content], keys: Sequence[str], _rules: Rules) -> dict[str, Any]:
    """Per option: in how many answers it was picked."""
    return {"counts": {key: sum(key in content["picks"] for content in contents) for key in keys}}


def common(contents: Sequence[Content], keys: Sequence[str]) -> dict[str, Any]:
    """What everyone picked."""
    return {"all": [key for key in keys if all(key in content["picks"] for content in contents)]}
