"""Words of the group's own: a finding that repeats a story would keep it alive after its narrator withdrew it. Pure."""

import re
from collections.abc import Iterable

MOST_WORDS = 8  # of a passage, one after another
_WORD = re.compile(r"\w+(?:['’-]\w+)*")


def taken_over(text: str, passages: Iterable[str], most: int = MOST_WORDS) -> str:
    """The first run of more than so many words of this text that stands in a passage, in its whole length; "": none."""
    found = list(_WORD.finditer(text))
    own = [word.group().casefold() for word in found]
    longest: tuple[int, int] | None = None
    for passage in passages:
        there = [word.casefold() for word in _WORD.findall(passage)]
        runs = {tuple(there[at : at + most + 1]) for at in range(len(there) - most)}
        for at in range(len(own) - most):
            if tuple(own[at : at + most + 1]) in runs and (longest is None or at < longest[0]):
                longest = at, _end(own, at, there)
                break
    if longest is None:
        return ""
    first, last = longest
    return text[found[first].start() : found[last - 1].end()]


def _end(own: list[str], start: int, there: list[str]) -> int:
    """Up to where the words from `start` stand in this passage one after another."""
    best = start
    for at in range(len(there)):
        length = 0
        while (
            start + length < len(own)
            and at + length < len(there)
            and own[start + length] == there[at + length]
        ):
            length += 1
        best = max(best, start + length)
    return best
