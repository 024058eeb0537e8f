"""Two at a time. The model of Bradley and Terry gives each option a strength, so that the chance that A is chosen
over B is a / (a + b). Found by Hunter's minorisation-maximisation; a Gamma prior keeps the strength of an option
that was always or never chosen within bounds.

Someone who prefers A to B, B to C and C to A goes round in a circle: such triads are counted (Kendall and Babington
Smith). Often that is no mistake: the options then differ in kind.

Bradley, R. A. and Terry, M. E. (1952), Biometrika 39, 324-345. Hunter, D. R. (2004), MM Algorithms for Generalized
Bradley-Terry Models, Annals of Statistics 32(1), 384-406. Caron, F. and Doucet, A. (2012), Efficient Bayesian
Inference for Generalized Bradley-Terry Models, Journal of Computational and Graphical Statistics 21(1), 174-196 (the
prior). Kendall, M. G. and Babington Smith, B. (1940), On the Method of Paired Comparisons, Biometrika 31, 324-345.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import Any

from workbench.rounds.methods.base import AnswerRefused, Content, Fault, Rules

PRIOR = 0.1  # as if each option had been chosen so often without an opponent
ENOUGH = 1e-10
MOST_STEPS = 10_000

Pair = tuple[str, str]  # chosen, not chosen


def check(content: Content, keys: Sequence[str], _rules: Rules) -> Content:
    """{"pairs": [[chosen, not chosen], …]}, each pair at most once. Raises: AnswerRefused."""
    given = [tuple(pair) for pair in content.get("pairs", [])]
    if not given:
        raise AnswerRefused(Fault.EMPTY)
    asked = {frozenset(pair) for pair in combinations(keys, 2)}
    answered = [frozenset(pair) for pair in given]
    if set(answered) - asked or len(set(answered)) < len(answered):
        raise AnswerRefused(Fault.UNKNOWN)
    order = {pair: place for place, pair in enumerate(frozenset(pair) for pair in combinations(keys, 2))}
    return {"pairs": [list(pair) for pair in sorted(given, key=lambda pair: order[frozenset(pair)])]}


def summarise(contents: Sequence[Content], keys: Sequence[str], _rules: Rules) -> dict[str, Any]:
    """Per option the chance to be chosen over another one; and which triads went round in a circle, how often."""
    pairs: list[Pair] = [(chosen, other) for content in contents for chosen, other in content["pairs"]]
    strength = strengths(pairs, keys)
    turning = [circular([(one, other) for one, other in content["pairs"]], keys) for content in contents]
    circles = Counter(triad for triads in turning for triad in triads)
    wins = Counter(chosen for chosen, _other in pairs)
    losses = Counter(other for _chosen, other in pairs)
    return {
        "options": {
            key: {
                "chance": round(_chance(key, strength), 4),
                "chosen": wins[key],
                "asked": wins[key] + losses[key],
            }
            for key in keys
        },
        "turning": sum(bool(triads) for triads in turning),  # answers with such a circle
        "circles": [
            {"keys": list(triad), "n": circles[triad]} for triad in combinations(keys, 3) if circles[triad]
        ],
    }


def common(contents: Sequence[Content], keys: Sequence[str]) -> dict[str, Any]:
    """What everyone chose each time that it was in a pair."""

    def always(key: str, pairs: Sequence[Pair]) -> bool:
        met = [chosen for chosen, other in pairs if key in (chosen, other)]
        return set(met) == {key}

    return {"all": [key for key in keys if all(always(key, content["pairs"]) for content in contents)]}


def _chance(key: str, strength: dict[str, float]) -> float:
    others = [strength[other] for other in strength if other != key]
    return sum(strength[key] / (strength[key] + other) for other in others) / len(others)


def strengths(pairs: Sequence[Pair], keys: Sequence[str]) -> dict[str, float]:
    """Key -> strength; together as many as there are options."""
    wins = Counter(chosen for chosen, _other in pairs)
    meetings: dict[str, Counter[str]] = {key: Counter() for key in keys}
    for chosen, other in pairs:
        meetings[chosen][other] += 1
        meetings[other][chosen] += 1
    found = dict.fromkeys(keys, 1.0)
    for _step in range(MOST_STEPS):
        raw = {
            key: (wins[key] + PRIOR)
            / (PRIOR + sum(n / (found[key] + found[other]) for other, n in meetings[key].items()))
            for key in keys
        }
        scale = len(keys) / sum(raw.values())  # where the prior leads in the end, at once
        new = {key: scale * value for key, value in raw.items()}
        if max(abs(new[key] - found[key]) for key in keys) < ENOUGH:
            return new
        found = new
    return found


def circular(pairs: Sequence[Pair], keys: Sequence[str]) -> list[tuple[str, str, str]]:
    """The triads of one answer that go round in a circle, in the order of the options."""
    above = set(pairs)
    return [
        (a, b, c)
        for a, b, c in combinations(keys, 3)
        if {(a, b), (b, c), (c, a)} <= above or {(b, a), (c, b), (a, c)} <= above
    ]
