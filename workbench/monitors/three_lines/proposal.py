"""Words to begin with for the three lines of a goal. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONGEST = 400  # letters of a line


@dataclass(frozen=True)
class Proposal:
    figures: str
    stories: str
    difference: str


def propose(
    figures: Sequence[str], patterns: Sequence[str], findings: Sequence[tuple[str, bool]]
) -> Proposal:
    """`figures`: what the machine says of each; `findings`: each with whether it contradicts the figures."""
    return Proposal(
        as_many(figures),
        as_many([text for text, _contradicts in findings] or patterns),
        as_many(text for text, contradicts in findings if contradicts),
    )


def first_of(text: str) -> str:
    """The first sentence."""
    first, stop, _rest = " ".join(text.split()).partition(". ")
    return first + stop.strip()


def as_many(sentences: Iterable[str], most: int = LONGEST) -> str:
    """As many whole sentences, from the first on, as fit; each once."""
    line = ""
    for sentence in dict.fromkeys(filter(None, (" ".join(text.split()) for text in sentences))):
        longer = f"{line} {sentence}".strip()
        if len(longer) > most:
            break
        line = longer
    return line
