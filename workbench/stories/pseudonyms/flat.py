"""A text with one space where there were several, tabs or a line broken for its width; places lead back to the original."""

import re
from dataclasses import dataclass

_SPACE = re.compile(r"\s+")
_WIDE = 50  # a shorter line was not broken for its width: a list, a heading, an address


@dataclass(frozen=True)
class Flat:
    text: str
    places: tuple[int, ...]  # of every character, and of the end

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where these characters stand in the original."""
        return self.places[start], self.places[end - 1] + 1 if end else 0


def flat(text: str) -> Flat:
    parts: list[str] = []
    places: list[int] = []
    reached = 0
    line = 0  # where the last line of the original began
    for match in _SPACE.finditer(text):
        parts.append(text[reached : match.start()])
        places += range(reached, match.start())
        parts.append("\n" if _ends(text, line, match) else " ")
        places.append(match.start())
        if "\n" in match[0] or "\r" in match[0]:
            line = match.end()
        reached = match.end()
    parts.append(text[reached:])
    places += range(reached, len(text) + 1)
    return Flat("".join(parts), tuple(places))


def _ends(text: str, line: int, space: re.Match[str]) -> bool:
    """The sentence or heading is over at this break."""
    breaks = space[0].replace("\r\n", "\n").replace("\r", "\n").count("\n")
    if breaks == 0:
        return False
    before = text[line : space.start()]
    return breaks > 1 or len(before) < _WIDE or before.endswith((".", "!", "?", ":", ";"))
