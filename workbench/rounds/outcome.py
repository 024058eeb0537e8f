"""From answers to what is kept for everyone: aggregates, and what people chose to share, without names.

Pure. Fewer than three answers give no more than their number, three and four what holds for all of them and the texts
that people shared. It is made once, at the reveal, and never again: a later answer or a member who leaves changes
nothing in it, so that nobody can be found by comparing two outcomes of one round.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbench.rounds.methods import BETWEEN_GROUPS, CALCULATIONS, Method, consent, position
from workbench.rounds.methods.base import ENOUGH, FEWEST, Content, Rules


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
    calculation = CALCULATIONS[method]
    if len(filled) < ENOUGH:
        result["summary"] = calculation.common(contents, keys)
    else:
        result["summary"] = calculation.summarise(contents, keys, rules)
    if method in BETWEEN_GROUPS:
        pairs = [(answer.faction, answer.content) for answer in filled if answer.content is not None]
        result["groups"] = BETWEEN_GROUPS[method](pairs, keys)
    result["reasons"] = _reasons(method, answers, keys)
    result["minority"] = _by_alphabet([answer.minority for answer in answers if answer.minority])
    return result


def _reasons(method: Method, answers: Sequence[Answer], keys: Sequence[str]) -> list[dict[str, Any]]:
    """The shared reasons, each list under the part of the answers that it explains, where that may be told."""
    places = [_place(method, answer.content, keys) for answer in answers]
    crowds = Counter(places)
    few = sum(answer.content is not None for answer in answers) < ENOUGH
    lists: dict[str, list[str]] = {}
    for answer, place in zip(answers, places, strict=True):
        # An objection is there to be dealt with, so its text may stand alone; a place on a line may not.
        apart = not few and (method == Method.CONSENT or crowds[place] >= FEWEST)
        if answer.reason:
            lists.setdefault(place if apart else "", []).append(answer.reason)
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
