"""Statements, each with agree, disagree or pass; and between groups, which statements bridge and which divide.

Bridging is the group-informed consensus of Polis: the product over the groups of the chance that someone in the group
agrees, estimated as (1 + agree) / (2 + all) so that a small group never says 0 or 1. Dividing is how far the groups lie
apart: the greatest of these chances less the smallest. Here the groups are factions, not found by clustering.

No group of fewer than three people is ever shown: such groups go together into one rest group, and when the rest would
be smaller than three, the smallest other group joins it, so that no group can be found by subtraction.

Small, C. T., Bjorkegren, M., Erkkilä, T., Shaw, L. and Megill, C. (2021), Polis: Scaling Deliberation by Mapping High
Dimensional Opinion Spaces, Recerca 26(2).
"""

from collections import Counter
from collections.abc import Sequence
from math import prod
from typing import Any

from workbench.rounds.methods.base import FEWEST, AnswerRefused, Content, Fault, Rules

AGREE, DISAGREE, PASS = VOTES = ("agree", "disagree", "pass")
REST = ""  # the name of the rest group; no faction is called so


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


def _count(contents: Sequence[Content], key: str) -> dict[str, int]:
    counts = Counter(content["votes"].get(key, "open") for content in contents)
    return {vote: counts[vote] for vote in (*VOTES, "open")}


def between_groups(
    answers: Sequence[tuple[str | None, Content]], keys: Sequence[str]
) -> dict[str, Any] | None:
    """Of answers with the faction of each: which statements all groups support, and which split them.

    None when fewer than two groups may be shown. `order` has the strongest bridge first; equals stand as asked.
    """
    groups = safe_groups([faction for faction, _content in answers])
    if len(groups) < 2:
        return None
    shown = {name for name in groups if name != REST}
    members: dict[str, list[Content]] = {name: [] for name in groups}
    for faction, content in answers:
        members[faction if faction in shown else REST].append(content)
    found: dict[str, Any] = {}
    for key in keys:
        chances, counts = [], {}
        for name, contents in members.items():
            count = _count(contents, key)
            chances.append((1 + count[AGREE]) / (2 + len(contents)))
            # Passed and left open together: else it would show of fewer than three how they voted.
            counts[name] = {
                AGREE: count[AGREE],
                DISAGREE: count[DISAGREE],
                PASS: count[PASS] + count["open"],
            }
        leaning = [
            (count[AGREE] > count[DISAGREE]) - (count[AGREE] < count[DISAGREE]) for count in counts.values()
        ]
        found[key] = {
            "groups": counts,
            "consensus": round(prod(chances), 6),
            "apart": round(max(chances) - min(chances), 6),
            "bridges": min(leaning) > 0,
            "splits": min(leaning) < 0 < max(leaning),
        }
    return {
        "sizes": groups,
        "statements": found,
        "order": sorted(keys, key=lambda key: -found[key]["consensus"]),
    }


def safe_groups(factions: Sequence[str | None]) -> dict[str, int]:
    """Name -> size of the groups that may be shown, by name, the rest group last; empty when that is nobody."""
    sizes = Counter(faction for faction in factions if faction)
    shown = {name: n for name, n in sorted(sizes.items()) if n >= FEWEST}
    rest = len(factions) - sum(shown.values())
    while shown and 0 < rest < FEWEST:
        smallest = min(shown, key=lambda name: (shown[name], name))
        rest += shown.pop(smallest)
    return shown | ({REST: rest} if rest >= FEWEST else {})
