"""Put the decisions of a person into the text. Nothing is kept of what stood there."""

from collections.abc import Sequence
from dataclasses import dataclass


class CannotReplace(ValueError):
    """The decisions do not fit this text; the sentence says why, without its words."""


@dataclass(frozen=True)
class Decision:
    """What a person decided about `text[start:end]`: these words instead, or (None) it stays as it is."""

    start: int
    end: int
    replacement: str | None


@dataclass(frozen=True)
class Replaced:
    text: str
    replaced: int
    refused: int


def replaced(text: str, decisions: Sequence[Decision]) -> Replaced:
    """The text with every accepted, changed or added replacement; refused ones stay as they are."""
    ordered = sorted(decisions, key=lambda decision: (decision.start, decision.end))
    parts: list[str] = []
    reached = 0
    for decision in ordered:
        if not 0 <= decision.start < decision.end <= len(text):
            message = f"De plek van {decision.start} tot {decision.end} staat niet in deze tekst van {len(text)} tekens."
            raise CannotReplace(message)
        if decision.start < reached:
            message = f"Twee keuzes gaan over dezelfde woorden, rond teken {decision.start}. Kies er één."
            raise CannotReplace(message)
        words = text[decision.start : decision.end] if decision.replacement is None else decision.replacement
        parts += [text[reached : decision.start], words]
        reached = decision.end
    refused = sum(decision.replacement is None for decision in ordered)
    return Replaced("".join([*parts, text[reached:]]), len(ordered) - refused, refused)
