"""From answers to what is kept for everyone: aggregates, and what people chose to share, without names.

Pure. Fewer than three answers give no more than their number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbench.rounds.methods import CALCULATIONS, Method, consent, position, statements
from workbench.rounds.methods.base import FEWEST, Content, Rules


@dataclass(frozen=True)
class Answer:
    """One answer that counts. `reason` is empty when it was not to be shared."""

    content: Content | None
    reason: str = ""
    minority: str = ""
    faction: str | None = None


def outcome(method: Method, answers: Sequence[Answer], keys: Sequence[str], rules: Rules) -> dict[str, Any]:
    """The result of a round as JSON. The order of the answers leaves no trace."""
    filled = [answer for answer in answers if answer.content is not None]
    contents = [answer.content for answer in filled if answer.content is not None]
    result: dict[str, Any] = {
        "n": len(filled),
        "unknown": len(answers) - len(filled),
        "shown": len(filled) >= FEWEST,
        "summary": {},
        "groups": None,
        "reasons": [],
        "minority": [],
    }
    if not result["shown"]:
        return result
    result["summary"] = CALCULATIONS[method].summarise(contents, keys, rules)
    if method == Method.STATEMENTS:
        pairs = [(answer.faction, answer.content) for answer in filled if answer.content is not None]
        result["groups"] = statements.between_groups(pairs, keys)
    result["reasons"] = _reasons(method, answers, keys)
    result["minority"] = _by_alphabet([answer.minority for answer in answers if answer.minority])
    return result


def _reasons(method: Method, answers: Sequence[Answer], keys: Sequence[str]) -> list[dict[str, Any]]:
    """The shared reasons, each list under the part of the answers that it explains."""
    lists: dict[str, list[str]] = {}
    for answer in answers:
        if answer.reason:
            lists.setdefault(_place(method, answer.content, keys), []).append(answer.reason)
    return [{"at": at, "texts": _by_alphabet(texts)} for at, texts in sorted(lists.items())]


def _place(method: Method, content: Content | None, keys: Sequence[str]) -> str:
    """To what a reason belongs: a part of the line, a kind of consent; else to the whole."""
    if content is None:
        return ""
    if method == Method.POSITION and len(keys) == 1:
        return str(position.part_of(content["places"][keys[0]]))
    if method == Method.CONSENT:
        return str(consent.CHOICES.index(content["choice"]))
    return ""


def _by_alphabet(texts: Sequence[str]) -> list[str]:
    return sorted(texts, key=lambda text: (text.casefold(), text))
