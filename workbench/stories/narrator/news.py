"""What was done with a story, told to its narrator in plain lines; slices that use stories offer theirs.

A slice registers a function that gets a story and gives its lines, for the story as it is now: one that was withdrawn
is not asked about. The lines name no member and no other story.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from workbench.stories.kept.models import Story


@dataclass(frozen=True)
class Line:
    """`on`: the day it happened, where that is known."""

    text: str
    on: date | None = None


Teller = Callable[[Story], Iterable[Line]]
_tellers: list[Teller] = []


def offer(tell: Teller) -> Teller:
    """Register what a slice has to tell; usable as a decorator."""
    if tell not in _tellers:
        _tellers.append(tell)
    return tell


def news_of(story: Story) -> list[Line]:
    """By day; what has no day comes last."""
    lines = [line for tell in _tellers for line in tell(story)]
    return sorted(lines, key=lambda line: (line.on is None, line.on or date.min))
