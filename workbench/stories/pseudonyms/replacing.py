"""Put the decisions of a person into the text. Nothing is kept of what stood there."""

from collections.abc import Sequence
from dataclasses import dataclass


class CannotReplace(ValueError):
    """A decision does not fit this text; it says where, never which words."""

    def __init__(self, start: int, end: int) -> None:
        super().__init__(f"from {start} to {end}")
        self.start, self.end = start, end


class OutsideText(CannotReplace):
    """There is no such stretch in the text."""


class Overlapping(CannotReplace):
    """An earlier decision is about some of these words too."""


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
            raise OutsideText(decision.start, decision.end)
        if decision.start < reached:
            raise Overlapping(decision.start, decision.end)
        words = text[decision.start : decision.end] if decision.replacement is None else decision.replacement
        parts += [text[reached : decision.start], words]
        reached = decision.end
    refused = sum(decision.replacement is None for decision in ordered)
    return Replaced("".join([*parts, text[reached:]]), len(ordered) - refused, refused)
