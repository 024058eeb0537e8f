"""Two or more readings of one story beside each other, and the one that follows from what is chosen. No database."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from workbench.stories.coding.agreement import (
    Agreement,
    CodedText,
    Difference,
    Marked,
    Segment,
    agreement,
    differences,
    segments,
)
from workbench.stories.kept.models import Leaning

AROUND = 2  # sentences on either side of a difference to choose borders from


class Choice(StrEnum):
    """Beside taking what one reader marked, which is named by the number of that reader."""

    ALL = "all"
    NONE = "none"
    OWN = "own"  # from and to a sentence


@dataclass(frozen=True)
class Passage:
    """What one reader marked."""

    start: int
    end: int
    tag_ids: frozenset[UUID]
    leaning: Leaning | None


@dataclass(frozen=True)
class Settled:
    """A passage of the reading of all."""

    start: int
    end: int
    tag_ids: frozenset[UUID]
    leaning: Leaning | None


@dataclass(frozen=True)
class Divided:
    """A passage of which the readers say that it goes different ways. `held`: per reader."""

    start: int
    end: int
    tag_ids: frozenset[UUID]
    held: tuple[tuple[int, Leaning], ...]


@dataclass(frozen=True)
class Decision:
    """`own`: where the passage begins and ends, with Choice.OWN."""

    choice: str
    own: tuple[int, int] | None = None


class Comparison:
    """Readers are numbered as they come."""

    def __init__(self, text: str, readings: Sequence[Sequence[Passage]]) -> None:
        self.text = text
        self.readings = readings
        self.tags = sorted({tag for reading in readings for item in reading for tag in item.tag_ids}, key=str)
        self._number = {tag: number for number, tag in enumerate(self.tags)}
        self._marks: Mapping[str, Sequence[Marked]] = {
            str(number): [
                Marked(item.start, item.end, self._number[tag]) for item in reading for tag in item.tag_ids
            ]
            for number, reading in enumerate(readings)
        }
        self.differences = differences(text, self._marks)
        self.sentences = segments(text)

    def agreement(self) -> Agreement:
        return agreement([CodedText(self.text, self._marks)], range(len(self.tags)))

    def readers_of(self, difference: Difference) -> dict[int, list[Marked]]:
        """Who marked what of this."""
        held: dict[int, list[Marked]] = defaultdict(list)
        for reader, mark in difference.held:
            held[int(reader)].append(mark)
        return dict(sorted(held.items()))

    def choices(self, difference: Difference) -> list[str]:
        """What can be chosen here."""
        readers = self.readers_of(difference)
        together = [Choice.ALL.value] if len(readers) > 1 else []
        return [*(str(number) for number in readers), *together, Choice.NONE.value, Choice.OWN.value]

    def near(self, difference: Difference) -> list[tuple[int, Segment]]:
        """The sentences of a difference and some around it, with their number in the text from 1."""
        inside = [
            place
            for place, sentence in enumerate(self.sentences)
            if sentence.start < difference.end and difference.start < sentence.end
        ]
        first, last = max(inside[0] - AROUND, 0), inside[-1] + AROUND + 1
        return [(place + 1, sentence) for place, sentence in enumerate(self.sentences)][first:last]

    @property
    def divided(self) -> list[Divided]:
        """Where readers give passages that overlap, with a label in common, another way; in the order of the text."""
        places = sorted(
            (
                (item.start, item.end, reader, item)
                for reader, reading in enumerate(self.readings)
                for item in reading
                if item.leaning and item.tag_ids
            ),
            key=lambda place: place[:3],
        )
        together: list[list[tuple[int, Passage]]] = []
        for start, _end, reader, item in places:
            last = together[-1] if together else []
            if any(start < other.end and item.tag_ids & other.tag_ids for _reader, other in last):
                last.append((reader, item))
            else:
                together.append([(reader, item)])
        return [
            Divided(
                min(item.start for _reader, item in group),
                max(item.end for _reader, item in group),
                frozenset().union(*(item.tag_ids for _reader, item in group)),
                tuple(dict.fromkeys((reader, item.leaning) for reader, item in group if item.leaning)),
            )
            for group in together
            if len({item.leaning for _reader, item in group}) > 1
            and len({reader for reader, _item in group}) > 1
        ]

    def settled(
        self, decisions: Sequence[Decision], ways: Sequence[Leaning | None] | None = None
    ) -> list[Settled]:
        """What all marked alike, and what was decided of each difference, in the order of `differences`; which way the
        passages go on which the readers are `divided`, in that order. None: it stays open.
        """
        chosen = list(zip(self.divided, ways or (), strict=False))
        marks = set(self._alike())
        for difference, decision in zip(self.differences, decisions, strict=True):
            marks |= self._decided(difference, decision)
        labels: dict[tuple[int, int], set[int]] = defaultdict(set)
        for mark in marks:
            labels[mark.start, mark.end].add(mark.tag_id)
        return [
            Settled(
                start, end, frozenset(self.tags[tag] for tag in tags), self._leaning(start, end, tags, chosen)
            )
            for (start, end), tags in sorted(labels.items())
        ]

    def _alike(self) -> list[Marked]:
        told = [mark for difference in self.differences for _reader, mark in difference.held]
        return [
            Marked(*_trimmed(self.text, mark.start, mark.end), mark.tag_id)
            for mark in self._marks["0"]
            if not any(
                mark.tag_id == other.tag_id and mark.start < other.end and other.start < mark.end
                for other in told
            )
        ]

    def _decided(self, difference: Difference, decision: Decision) -> set[Marked]:
        held = [mark for _reader, mark in difference.held]
        if decision.choice == Choice.NONE:
            return set()
        if decision.choice == Choice.OWN and decision.own is not None:
            return {Marked(*decision.own, mark.tag_id) for mark in held}
        if decision.choice == Choice.ALL:
            return {
                Marked(
                    min(mark.start for mark in held if mark.tag_id == tag),
                    max(mark.end for mark in held if mark.tag_id == tag),
                    tag,
                )
                for tag in {mark.tag_id for mark in held}
            }
        return {mark for reader, mark in difference.held if reader == decision.choice}

    def _leaning(
        self, start: int, end: int, tags: set[int], chosen: Sequence[tuple[Divided, Leaning | None]]
    ) -> Leaning | None:
        """What was chosen, or what the readers said of passages with these labels that overlap if they said one thing."""
        wanted = {self.tags[tag] for tag in tags}
        for divided, way in chosen:
            if divided.start < end and start < divided.end and divided.tag_ids & wanted:
                return way
        found = {
            item.leaning
            for reading in self.readings
            for item in reading
            if item.start < end and start < item.end and item.tag_ids & wanted
        } - {None}
        return found.pop() if len(found) == 1 else None


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
