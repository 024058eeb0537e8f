"""What the fictitious stories of the demo must be: sources with their plan, tags, and texts with marked excerpts. No
database here.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import Field, field_validator, model_validator

from seeds.schema import Content, Text
from workbench.evidence.insight.models import Says
from workbench.indicators.catalogue import Slug
from workbench.stories.kept.models import Leaning
from workbench.stories.kept.visibility import Reach
from workbench.stories.models import Basis, Stage, StoryKind

MARK = re.compile(r"\[\[(?P<words>[^|\]]+)\|(?P<tags>[a-z,-]+)\|(?P<leaning>[a-z_]+)\]\]")


@dataclass(frozen=True)
class Marked:
    """A passage of the text without marks: characters start to end, its tags and which way it goes."""

    start: int
    end: int
    tags: tuple[str, ...]
    leaning: Leaning


class DemoTag(Content):
    """A word of the codebook; a parent stands before its children."""

    slug: Slug
    name: Text
    description: Text
    parent: Slug | None = None
    goals: tuple[Slug, ...] = ()


class Ends(StrEnum):
    """Where a story of the demo is, when it is not there to be read."""

    AT_THE_DOOR = "at_the_door"  # somebody is to make it safe
    SECOND_LOOK = "second_look"  # a second person is to look
    WITHDRAWN = "withdrawn"


class DemoTold(Content):
    """One fictitious story; without marks nobody coded it yet."""

    told_on: date
    teller: Text
    reach: Reach = Reach.COUNCIL
    quotes_only: bool = False
    groups: tuple[Text, ...] = ()  # which of the people that the source wants to hear
    own: tuple[int, int, int] | None = None  # places on the three lines of the own reading, 0-100
    ends: Ends | None = None
    text: Text

    @field_validator("own")
    @classmethod
    def on_the_line(cls, places: tuple[int, int, int] | None) -> tuple[int, int, int] | None:
        if not all(0 <= place <= 100 for place in places or ()):
            raise ValueError("a place is a number from 0 to 100")
        return places

    @model_validator(mode="after")
    def only_what_is_read_is_marked(self) -> "DemoTold":
        if self.ends and self.marked:
            raise ValueError("nobody can have coded a story that is not there to be read")
        return self

    @property
    def plain(self) -> str:
        return MARK.sub(lambda match: match["words"], self.text).strip()

    @property
    def marked(self) -> list[Marked]:
        found, taken = [], 0
        for match in MARK.finditer(self.text):
            start = match.start() - taken
            end = start + len(match["words"])
            found.append(Marked(start, end, tuple(match["tags"].split(",")), Leaning(match["leaning"])))
            taken += len(match[0]) - len(match["words"])
        return found


class DemoStorySource(Content):
    """A source with its stories. With a name it is new under its goal; without, it is the one the goal has."""

    slug: Slug
    goal: Slug
    name: Text | None = None
    kind: StoryKind | None = None
    from_whom: str = ""
    collector: str = ""
    collected_on: date | None = None
    next_on: date | None = None
    reason: str = ""
    not_saying: str = ""
    stage: Stage
    how_many: int = Field(ge=1)
    spread: Text
    purpose: Text
    basis: Basis
    basis_why: Text
    special_data: bool = False
    special_why: str = ""
    starts_on: date
    ends_on: date
    keep_until: date
    topics: Text
    stories: tuple[DemoTold, ...]

    @model_validator(mode="after")
    def whole(self) -> "DemoStorySource":
        if (self.name is None) != (self.kind is None) or bool(self.name) != bool(self.reason):
            raise ValueError(f"{self.slug}: a new source has a name, a kind and a reason")
        return self


class DemoFinding(Content):
    """What the group reads in these passages; `marked`: their words, as they stand in the stories."""

    text: Text
    says: Says
    marked: tuple[Text, ...] = Field(min_length=1)


class DemoInsight(Content):
    """What the group says about the stories of a goal, beside its figures."""

    goal: Slug
    figures: Text
    stories: Text
    difference: Text
    findings: tuple[DemoFinding, ...]


class DemoSettled(Content):
    """What the council settled about stories, and its answers about risks: question -> answer."""

    officer_name: Text
    officer_email: Text
    contact: Text
    processor: Text
    receivers: str = ""
    safety: Text
    form_text: str = ""
    risks: dict[str, Literal["yes", "partly", "no"]]
    looked_on: date


class DemoQuote(Content):
    """A passage beside one point of a figure in the monitor, with what people asked about it and said it means."""

    goal: Slug
    marked: Text
    beside: Text  # the name of the figure
    period: Text
    by: Text
    owner: Text
    asked: Text
    recognise: Text = ""
    improve: Text = ""


class DemoStories(Content):
    """All of it, for the plan of one council of the demo."""

    council: Slug
    tags: tuple[DemoTag, ...]
    settled: DemoSettled
    sources: tuple[DemoStorySource, ...]
    insights: tuple[DemoInsight, ...] = ()
    quotes: tuple[DemoQuote, ...] = ()

    @model_validator(mode="after")
    def tags_exist(self) -> "DemoStories":
        known: set[str] = set()
        for tag in self.tags:
            if tag.parent is not None and tag.parent not in known:
                raise ValueError(f"{tag.slug}: its parent comes first")
            known.add(tag.slug)
        for source in self.sources:
            for told in source.stories:
                if "[[" in told.plain or "]]" in told.plain:
                    raise ValueError(f"{source.slug}: a mark is not whole in {told.plain[:40]!r}")
                if strange := {tag for mark in told.marked for tag in mark.tags} - known:
                    raise ValueError(f"{source.slug}: no such tag: {', '.join(sorted(strange))}")
        marked = {
            told.plain[mark.start : mark.end]
            for source in self.sources
            for told in source.stories
            for mark in told.marked
        }
        for insight in self.insights:
            for finding in insight.findings:
                if strange := set(finding.marked) - marked:
                    raise ValueError(f"{insight.goal}: nobody said: {', '.join(sorted(strange))}")
        if strange := {quote.marked for quote in self.quotes} - marked:
            raise ValueError(f"nobody said: {', '.join(sorted(strange))}")
        return self
