"""What really changed between two versions: parts are compared by their hash first. Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from workbench.monitors.adopting.document import Document, Part
from workbench.monitors.changes import What, differences
from workbench.monitors.format import Format, Section, Text

# What of a part is read as text, in the order of reading. The rest only tells how it is drawn.
TEXTS = (
    *("council", "plan", "area", "name", "title", "sentence", "own_words", "seen_when", "not_this"),
    *("short_changed", "counter_value", "position", "bottom_line", "minority_view", "values", "subject"),
    *(
        "about",
        "beside",
        "state_text",
        "intro",
        "text",
        "lines",
        "notes",
        "readings",
        "reason",
        "quality",
        "not_saying",
    ),
    *("spent", "source"),
)
FACE = ("council", "title", "plan", "area")  # of the cover: its number and days differ always
CARDS = ("value-", "goal-")
LISTS = ("focus", "sources", "comparison", "skips")


@dataclass(frozen=True)
class TextChange:
    """`field`: one of TEXTS."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class NumberChange:
    """One cell of a table; empty: it was not there, or is not there any more."""

    row: str
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One part that differs. `part` as it is now, or as it was when it is gone; `section`: where it stands or stood."""

    what: What
    part: Part
    section: Part | None = None
    place: int = 0  # counted from 1
    of: int = 0
    texts: tuple[TextChange, ...] = ()
    numbers: tuple[NumberChange, ...] = ()

    @property
    def is_only_fetched(self) -> bool:
        """Was a figure only taken from its source again, with the same numbers and words?"""
        is_source = [change.field for change in self.texts] == ["source"]
        return self.what is What.CHANGED and is_source and not self.numbers


def compare(before: Document, after: Document) -> list[Change]:
    """The cover, values and goals, then the monitor in the order of the second, then what it rests on."""
    old, new = ({part.key: part for part in document.parts} for document in (before, after))
    return [
        *_cover(before.cover, after.cover),
        *_by_key(
            {key: part for key, part in old.items() if key.startswith(CARDS)},
            {key: part for key, part in new.items() if key.startswith(CARDS)},
        ),
        *_monitor(before, after),
        *_by_key(*({key: parts[key] for key in LISTS if key in parts} for parts in (old, new))),
    ]


def _cover(before: Part | None, after: Part | None) -> Iterator[Change]:
    if before is None or after is None:
        return
    texts = tuple(change for change in text_changes(before.data, after.data) if change.field in FACE)
    if texts:
        yield Change(What.CHANGED, after, texts=texts)


def _by_key(before: dict[str, Part], after: dict[str, Part]) -> Iterator[Change]:
    """Parts whose order says nothing."""
    for key, part in after.items():
        if key not in before:
            yield Change(What.ADDED, part)
        elif before[key].hash != part.hash:
            yield _changed(before[key], part)
    yield from (Change(What.GONE, part) for key, part in before.items() if key not in after)


def _changed(before: Part, after: Part, **place: Any) -> Change:
    return Change(
        What.CHANGED,
        after,
        texts=tuple(text_changes(before.data, after.data)),
        numbers=tuple(number_changes(before.data.get("table"), after.data.get("table"))),
        **place,
    )


def _monitor(before: Document, after: Document) -> Iterator[Change]:
    old, new = _by_id(before), _by_id(after)
    for item in differences(_outline(before), _outline(after)):
        parts = old if item.what is What.GONE else new
        found: dict[str, Any] = {"place": item.place, "of": item.of}
        if not isinstance(item.part, Section):
            found["section"] = parts[item.section.id]
        if item.what is What.CHANGED:
            yield _changed(old[item.part.id], new[item.part.id], **found)
        else:
            yield Change(item.what, parts[item.part.id], **found)


def _outline(document: Document) -> Format:
    """Which parts stand where, with the hash of each for what it says."""
    return Format(
        sections=tuple(
            Section(
                id=_id(section.part),
                title=section.part.hash,
                blocks=tuple(Text(id=_id(block), text=block.hash) for block in section.blocks),
            )
            for section in document.sections
        )
    )


def _by_id(document: Document) -> dict[UUID, Part]:
    return {_id(part): part for section in document.sections for part in (section.part, *section.blocks)}


def _id(part: Part) -> UUID:
    return UUID(part.key.partition("-")[2])


def text_changes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[TextChange]:
    for field in TEXTS:
        was, now = _text(before.get(field)), _text(after.get(field))
        if was != now:
            yield TextChange(field, was, now)


def _text(value: Any) -> str:
    return "\n".join(value) if isinstance(value, list) else value or ""


def number_changes(before: dict[str, Any] | None, after: dict[str, Any] | None) -> Iterator[NumberChange]:
    """Cell by cell: what is in both tables but differs, then what came, then what went."""
    old, new = _cells(before), _cells(after)
    for (row, column, turn), now in new.items():
        was = old.get((row, column, turn), "")
        if was != now:
            yield NumberChange(row, column, was, now)
    yield from (
        NumberChange(row, column, was, "")
        for (row, column, turn), was in old.items()
        if (row, column, turn) not in new
    )


def _cells(table: dict[str, Any] | None) -> dict[tuple[str, str, int], str]:
    """By row, column, and which of the rows of this name it is."""
    found: dict[tuple[str, str, int], str] = {}
    if table is None:
        return found
    turns: Counter[str] = Counter()
    for row in table["rows"]:
        turns[row[0]] += 1
        for column, cell in zip(table["columns"][1:], row[1:], strict=False):
            found[row[0], column, turns[row[0]]] = cell
    return found
