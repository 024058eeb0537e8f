"""A monitor in words, as it can be read without the application: for adopted versions, readers outside and exports. Pure.

Everything is text in one language as its page says it, with the tables and drawings of its figures. The ids are those of
the format, so a part can be followed from version to version. The same contents always give the same bytes.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

CONTENTS = 1  # raise this when the JSON gets another shape, and go on reading the former ones


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TableWords(_Words):
    """A table as it stands on the page: cells as texts; `numeric`: per column."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...] = ()


class _Item(_Words):
    id: UUID  # of the block


class GoalWords(_Item):
    kind: Literal["goal"] = "goal"
    goal_id: UUID
    sentence: str
    lines: tuple[str, ...] = ()  # what is counted and told about it


class FigureWords(_Item):
    """`state`: ready, missing (with the reason in `state_text`) or building; `svg` empty: a table only."""

    kind: Literal["figure"] = "figure"
    link_id: UUID
    goal_id: UUID
    subject: str  # the name of the indicator
    slug: str = ""  # of the indicator; empty for an own figure
    about: str = ""  # the goal, where the figure does not stand under it
    level: int = 3
    state: str
    state_text: str = ""
    title: str
    sentence: str = ""
    alt: str = ""
    notes: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()  # what a rise and a fall may mean
    table: TableWords | None = None
    svg: str = ""
    source: tuple[str, ...] = ()
    reason: str = ""
    quality: str = ""
    not_saying: str = ""
    version: str = ""  # of the document it was read from


class TextWords(_Item):
    kind: Literal["text"] = "text"
    text: str


class VoiceWords(_Words):
    """One passage of a story, without its words: these are read when somebody reads. `mark`: tells later whether they
    are still the same; `source`: the kind of source, for readers who cannot see sources.
    """

    excerpt_id: UUID
    mark: str = ""
    source: str = ""


class QuoteWords(_Item):
    """`beside`: the figure that it belongs to, and which part of that."""

    kind: Literal["quote"] = "quote"
    goal_id: UUID
    about: str = ""
    level: int = 3
    beside: str = ""
    voice: VoiceWords

    @property
    def voices(self) -> tuple[VoiceWords, ...]:
        return (self.voice,)


class StoriesWords(_Item):
    """Several voices about a goal; `lines`: how many stories there are, from where, and how these were chosen."""

    kind: Literal["stories"] = "stories"
    goal_id: UUID
    about: str = ""
    level: int = 3
    beside: str = ""
    lines: tuple[str, ...] = ()
    voices: tuple[VoiceWords, ...] = ()


class QuestionWords(_Item):
    kind: Literal["question"] = "question"
    text: str


class MoneyWords(_Item):
    kind: Literal["money"] = "money"
    goal_id: UUID
    about: str = ""
    level: int = 3
    table: TableWords
    spent: tuple[str, ...] = ()  # what the municipality really spends on the whole task


class ListWords(_Item):
    """Events, figures that rest, what we do not know, or how this was made: a title with sentences."""

    kind: Literal["events", "resting", "unknown", "methods"]
    title: str
    level: int = 3
    is_titled: bool = True  # False: the section has this name already
    intro: str = ""
    lines: tuple[str, ...] = ()


class PageBreakWords(_Item):
    kind: Literal["page_break"] = "page_break"


AnyWords: TypeAlias = (
    GoalWords
    | FigureWords
    | QuoteWords
    | StoriesWords
    | TextWords
    | QuestionWords
    | MoneyWords
    | ListWords
    | PageBreakWords
)


class SectionWords(_Words):
    """`value`: the value it is about, by id; then also in the words of the group, and where the group stands."""

    id: UUID
    name: str
    value_id: UUID | None = None
    mark: int | None = None  # the shape and colour it goes by
    own_words: str = ""
    position: str = ""
    items: tuple[Annotated[AnyWords, Field(discriminator="kind")], ...] = ()

    @property
    def figures(self) -> tuple[FigureWords, ...]:
        return tuple(item for item in self.items if isinstance(item, FigureWords))


class MonitorWords(_Words):
    """A whole monitor. `warning`: says that the council is fictitious; empty for a real one."""

    contents: Literal[1] = 1  # CONTENTS
    council: str
    title: str
    language: str
    area: str = ""
    warning: str = ""
    freshness: str = ""  # the source that is least fresh
    format_number: int = 0
    read_on: date
    sections: tuple[SectionWords, ...] = ()

    @property
    def items(self) -> Iterator[AnyWords]:
        return (item for section in self.sections for item in section.items)

    @property
    def figures(self) -> list[FigureWords]:
        return [item for item in self.items if isinstance(item, FigureWords)]

    @property
    def excerpt_ids(self) -> list[UUID]:
        """Of everything that is quoted."""
        return [
            voice.excerpt_id
            for item in self.items
            if isinstance(item, QuoteWords | StoriesWords)
            for voice in item.voices
        ]

    @property
    def unready(self) -> int:
        """Figures that the worker is still making."""
        return sum(figure.state == "building" for figure in self.figures)


def to_json(words: BaseModel) -> dict[str, Any]:
    return words.model_dump(mode="json")


def written(words: BaseModel | dict[str, Any]) -> bytes:
    """The same words always give the same bytes."""
    data = words if isinstance(words, dict) else to_json(words)
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def fingerprint(words: BaseModel | dict[str, Any]) -> str:
    """SHA-256 of these bytes, in hex."""
    return hashlib.sha256(written(words)).hexdigest()
