"""Put the options in order; ties and options left out are allowed.

Borda's count: an option scores the number of options below it. Tied options share their places, and options left
out share the last places, so every answer gives away equally many points (the averaged form).
How far a group agrees is Kendall's W, corrected for ties: 1 when all orders are the same, 0 when they say nothing
together.

De Borda, J.-C. (1784), Mémoire sur les élections au scrutin; Dummett, M. (1997), Principles of Electoral Reform (the
averaged form). Kendall, M. G. and Babington Smith, B. (1939), The Problem of m Rankings, Annals of Mathematical
Statistics 10(3), 275-287.
"""

from collections import Counter
from collections.abc import Sequence
from statistics import fmean
from typing import Any

from workbench.rounds.methods.base import AnswerRefused, Content, Fault, Rules, numbers


def check(content: Content, keys: Sequence[str], _rules: Rules) -> Content:
    """{"ranks": {key: 1…}}, the same number means a tie. Raises: AnswerRefused."""
    ranks = numbers(content.get("ranks", {}), keys, 1, len(keys))
    if not ranks:
        raise AnswerRefused(Fault.EMPTY)
    return {"ranks": ranks}


def summarise(contents: Sequence[Content], keys: Sequence[str], _rules: Rules) -> dict[str, Any]:
    """Per option: Borda's score on average, and how often it stood at the top, at the bottom or nowhere."""
    answers = [places(content["ranks"], keys) for content in contents]
    options = {}
    for key in keys:
        named = [content["ranks"] for content in contents if key in content["ranks"]]
        top = sum(ranks[key] == min(ranks.values()) for ranks in named)
        bottom = sum(ranks[key] == max(ranks.values()) > min(ranks.values()) for ranks in named)
        options[key] = {
            "borda": round(fmean(len(keys) - answer[key] for answer in answers), 2) if answers else None,
            "top": top,
            "between": len(named) - top - bottom,
            "bottom": bottom,
            "unplaced": len(contents) - len(named),
        }
    w = kendall_w([[answer[key] for key in keys] for answer in answers])
    return {"options": options, "w": None if w is None else round(w, 4)}


def common(contents: Sequence[Content], keys: Sequence[str]) -> dict[str, Any]:
    """What everyone put at the top."""
    orders = [content["ranks"] for content in contents]
    return {"all": [key for key in keys if all(ranks.get(key) == min(ranks.values()) for ranks in orders)]}


def places(ranks: dict[str, int], keys: Sequence[str]) -> dict[str, float]:
    """Key -> its place from 1, where ties and options left out share the mean of their places."""
    given = [ranks.get(key, len(keys) + 1) for key in keys]
    return {
        key: sum(other < rank for other in given) + (given.count(rank) + 1) / 2
        for key, rank in zip(keys, given, strict=True)
    }


def kendall_w(answers: Sequence[Sequence[float]]) -> float | None:
    """W of answers that each give all options a place; None when there is nothing to compare."""
    m = len(answers)
    if m < 2:
        return None
    n = len(answers[0])
    sums = [sum(answer[i] for answer in answers) for i in range(n)]
    deviation = sum((total - fmean(sums)) ** 2 for total in sums)
    ties = sum(t**3 - t for answer in answers for t in Counter(answer).values())
    most = m * m * (n**3 - n) - m * ties
    return 12 * deviation / most if most else None
