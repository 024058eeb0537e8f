"""Open answers of a survey as drafts of stories: what says nothing is skipped, the same answer twice is kept once.

Only the answers are taken. What else a row tells of somebody (age, district, number) stays behind: beside a story it could
point at one person. Everything is counted, so that the reader can say where each row went.
"""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.stories.transcripts.normal import normal

Row = Mapping[str, str]
NOTHING = {
    "geen", "niets", "niks", "nvt", "na", "x", "xx", "xxx", "leeg", "nul", "blanco",
    "niet van toepassing", "niet ingevuld", "geen antwoord", "geen opmerking", "geen opmerkingen",
    "geen toelichting", "geen reactie", "geen aanvulling", "geen aanvullingen", "geen bijzonderheden",
}  # fmt: skip
SAMPLE = 150  # rows that a guess looks at
WORDS = 4  # a column with so many words in a cell on average holds open answers


@dataclass(frozen=True)
class Draft:
    """An answer that can become a story, in normal form, and how often it was given in exactly these words."""

    question: str
    text: str
    times: int


@dataclass(frozen=True)
class Answers:
    """The drafts in the order in which they were first given; how many cells were empty, and which said nothing."""

    drafts: tuple[Draft, ...]
    empty: int
    skipped: Mapping[str, int]  # as they were written -> how often


def gather(rows: Sequence[Row], questions: Sequence[str]) -> Answers:
    """The answers in these columns. Raises: Refused for an answer longer than any transcript."""
    said: Counter[tuple[str, str]] = Counter()  # keeps the order of what it first sees
    skipped: Counter[str] = Counter()
    empty = 0
    for row in rows:
        for question in questions:
            text = normal(row.get(question, ""))
            if not text:
                empty += 1
            elif says_nothing(text):
                skipped[text] += 1
            else:
                said[question, text] += 1
    drafts = tuple(Draft(question, text, times) for (question, text), times in said.items())
    return Answers(drafts, empty, dict(skipped))


def says_nothing(text: str) -> bool:
    """'-', 'Geen.', 'N.v.t.': written to fill a field. "Nee" and "weet ik niet" are answers; so is a smile."""
    meant = [c for c in text.casefold() if unicodedata.category(c)[0] != "P"]
    return not "".join(meant).strip() or " ".join("".join(meant).split()) in NOTHING


def open_questions(rows: Sequence[Row]) -> list[str]:
    """The columns that look like open answers: running text, mostly different in each row. The person decides."""
    found = []
    for column in dict.fromkeys(name for row in rows[:SAMPLE] for name in row):
        cells = [row[column] for row in rows[:SAMPLE] if row.get(column, "").strip()]
        cells = [cell for cell in cells if not says_nothing(cell)]
        if not cells:
            continue
        words = sum(len(cell.split()) for cell in cells) / len(cells)
        if words >= WORDS and len(set(cells)) > len(cells) / 2:
            found.append(column)
    return found
