"""The document of an adopted version: parts that stand on their own, each with a SHA-256. Pure.

Every card, every block and every list is a part of its own, so that one can be withdrawn while the others keep their
hash. A part is bytes: what was written once is read back, never written again.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict

from workbench.monitors.contents import (
    AnyWords,
    MonitorWords,
    QuoteWords,
    SectionWords,
    StoriesWords,
    written,
)

FOLDER = "delen"  # of the parts in the archive; stands in the list over which the whole is hashed
# What stands in the place of a part whose source was withdrawn. The database accepts nothing else there.
STUB = b'{"kind":"withdrawn","text":"bron ingetrokken"}'


class _Card(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cover(_Card):
    """`warning`: says that the council is fictitious; empty for a real one."""

    kind: Literal["cover"] = "cover"
    council: str
    title: str
    plan: str
    edition: str
    frozen_on: date
    area: str = ""
    warning: str = ""
    freshness: str = ""
    format_number: int = 0


class Decision(_Card):
    """`reason`: why it was adopted again; `follows`: the version that was changed."""

    kind: Literal["decision"] = "decision"
    adopted_on: date
    decided_by: str
    address: str = ""  # of the decision itself
    minority_views: tuple[str, ...] = ()
    follows: str = ""
    reason: str = ""


class ValueCard(_Card):
    kind: Literal["value_card"] = "value_card"
    id: UUID
    name: str
    mark: int
    own_words: str = ""
    seen_when: str = ""
    not_this: str = ""
    short_changed: str = ""
    counter_value: str = ""
    position: str = ""
    bottom_line: str = ""
    minority_view: str = ""


class GoalCard(_Card):
    """`lines`: what else was filled in, as question and answer."""

    kind: Literal["goal_card"] = "goal_card"
    id: UUID
    sentence: str
    values: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


class Listing(_Card):
    """The focus set, the sources, the comparison group, the skipped steps: a title with sentences."""

    kind: Literal["focus", "sources", "comparison", "skips"]
    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """One part as it is kept. `about_id`: the value, goal or link that it is about, to follow it through the versions; of
    a quote its excerpt.
    """

    key: str
    content: bytes
    hash: str
    about_id: UUID | None = None
    is_withdrawn: bool = False

    @classmethod
    def of(cls, key: str, words: BaseModel | dict[str, Any], about_id: UUID | None = None) -> "Part":
        content = written(words)
        return cls(key, content, hashlib.sha256(content).hexdigest(), about_id)

    @cached_property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.content)
        return found

    @property
    def kind(self) -> str:
        return str(self.data["kind"])

    @property
    def path(self) -> str:
        """Of its file in the archive."""
        return f"{FOLDER}/{self.key}.json"


def sums(parts: Iterable[Part]) -> str:
    """The list of hashes, as `sha256sum --check` reads it."""
    return "".join(f"{part.hash}  {part.path}\n" for part in parts)


def whole_hash(parts: Iterable[Part]) -> str:
    """SHA-256 of this list: of the parts, their names and their order."""
    return hashlib.sha256(sums(parts).encode()).hexdigest()


@dataclass(frozen=True)
class SectionPart:
    part: Part
    blocks: tuple[Part, ...]


@dataclass(frozen=True)
class Document:
    """The parts of one version, in their order."""

    parts: tuple[Part, ...]

    def of_kind(self, *kinds: str) -> list[Part]:
        return [part for part in self.parts if part.kind in kinds]

    @property
    def cover(self) -> Part | None:
        return next(iter(self.of_kind("cover")), None)

    @property
    def decision(self) -> Part | None:
        return next(iter(self.of_kind("decision")), None)

    @property
    def excerpt_ids(self) -> list[UUID]:
        return [UUID(part.data["voice"]["excerpt_id"]) for part in self.of_kind("quote")]

    @cached_property
    def sections(self) -> list[SectionPart]:
        found: list[tuple[Part, list[Part]]] = []
        for part in self.parts:
            if part.key.startswith("section-"):
                found.append((part, []))
            elif part.key.startswith("block-") and found:
                found[-1][1].append(part)
        return [SectionPart(part, tuple(blocks)) for part, blocks in found]


def monitor_parts(words: MonitorWords) -> list[Part]:
    """Each section, and each block in it, as a part of its own."""
    return [part for section in words.sections for part in _section(section)]


def _section(section: SectionWords) -> list[Part]:
    bare = {**section.model_dump(mode="json", exclude={"items"}), "kind": "section"}
    parts = [Part.of(f"section-{section.id}", bare, section.value_id)]
    for item in section.items:
        parts += _stories(item) if isinstance(item, StoriesWords) else [_block(item)]
    return parts


def _stories(item: StoriesWords) -> list[Part]:
    """Each voice is a part of its own, so that one can go while the others keep their hash."""
    voices = [
        QuoteWords(id=uuid5(item.id, str(voice.excerpt_id)), goal_id=item.goal_id, voice=voice)
        for voice in item.voices
    ]
    bare = item.model_dump(mode="json", exclude={"level", "voices"})
    return [Part.of(f"block-{item.id}", bare, item.goal_id), *map(_block, voices)]


def _block(item: AnyWords) -> Part:
    """Without what only tells from which building of a figure it was read: nobody can see that."""
    if isinstance(item, QuoteWords):
        kept = item.model_dump(mode="json", exclude={"level"})
        return Part.of(f"block-{item.id}", kept, item.voice.excerpt_id)
    left_out = {"version", "level"} if item.kind == "figure" else {"level"}
    about_id: UUID | None = getattr(item, "link_id", None) or getattr(item, "goal_id", None)
    return Part.of(f"block-{item.id}", item.model_dump(mode="json", exclude=left_out), about_id)


def next_edition(newest: tuple[int, int] | None, *, small: bool) -> tuple[int, int]:
    """The first is 1.0; a small change counts behind the point."""
    if newest is None:
        return 1, 0
    major, minor = newest
    return (major, minor + 1) if small else (major + 1, 0)
