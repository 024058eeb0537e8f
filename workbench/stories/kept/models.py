"""Story and what belongs to it.

Text lives in three places only, each gone with the story: `story_words` and `excerpt` (safe words, plain and searched,
not in backups) and `story_sealed` (everything before it is safe, and a sealed copy of the safe text for backups).
"""

import uuid
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workbench.core.db import Model
from workbench.core.db import words as word_type
from workbench.core.tenancy import CouncilOwned
from workbench.stories.kept.visibility import Allowed, Reach, State
from workbench.stories.models import StorySource


def _now() -> datetime:
    return datetime.now(UTC)


class Way(StrEnum):
    """How a story came in."""

    FILE = "file"
    TYPED = "typed"
    NARRATOR = "narrator"
    TALK = "talk"
    ANSWER = "answer"


WAY_NAMES = {
    Way.FILE: _("uit een bestand"),
    Way.TYPED: _("overgetypt"),
    Way.NARRATOR: _("door de verteller zelf geschreven"),
    Way.TALK: _("verslag van een gesprek"),
    Way.ANSWER: _("open antwoord uit een onderzoek"),
}


class Sealing(StrEnum):
    """What is sealed of a story."""

    FILE = "file"  # as it was uploaded
    RAW = "raw"  # its text, as it came in
    DRAFT = "draft"  # the text being made safe, with what was found in it
    TEXT = "text"  # the safe text, for backups
    AUDIO = "audio"  # until it is written out
    TOLD = "told"  # what the narrator chose and asks beside the text; see narrator.told
    READING = "reading"  # the narrator's own, for backups


class Story(CouncilOwned, Model):
    """One story: where it is and how far it may go. Holds no word of it."""

    __tablename__ = "story"
    __table_args__ = (
        sa.UniqueConstraint("council_id", "number"),
        sa.CheckConstraint("(reach IS NULL) = (quotes_only IS NULL)", name="consent_is_whole"),
    )
    source_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("story_source.id"), index=True)
    # How people name it: "verhaal 12". Empty until it is sent; as long as it is, PostgreSQL shows it to no member.
    number: Mapped[int] = mapped_column(nullable=True)
    way: Mapped[Way] = mapped_column(word_type(Way, "story_way"))
    state: Mapped[State] = mapped_column(word_type(State, "story_state"), default=State.RECEIVED)
    problem: Mapped[str] = mapped_column(default="")  # why it could not be read
    told_on: Mapped[date | None]
    lang: Mapped[str] = mapped_column(default="nl")
    asks_narrator: Mapped[bool] = mapped_column(default=False)  # used only after the narrator said so
    is_sensitive: Mapped[bool] = mapped_column(default=False)  # a second person looks before anyone reads it
    received_at: Mapped[datetime] = mapped_column(default=_now)
    received_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    seconded_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]  # by the narrator
    # What the newest consent says; see Consent.
    reach: Mapped[Reach | None] = mapped_column(word_type(Reach, "story_reach"))
    quotes_only: Mapped[bool | None]
    ends_on: Mapped[date | None]
    settled_at: Mapped[datetime | None]  # when its coders agreed on one reading
    ended_at: Mapped[datetime | None]
    # Excerpts that went with it, until everything that showed them was cleared.
    gone: Mapped[list[uuid.UUID]] = mapped_column(sa.ARRAY(sa.Uuid), default=list)
    cleared_at: Mapped[datetime | None]
    source: Mapped[StorySource] = relationship(lazy="raise")
    safe: Mapped["StoryWords | None"] = relationship(lazy="raise", viewonly=True, uselist=False)

    @property
    def allowed(self) -> Allowed | None:
        return None if self.reach is None else Allowed(self.reach, bool(self.quotes_only), self.ends_on)


class StoryWords(CouncilOwned, Model):
    """The safe text of a story, as those who may read it find it. Not in backups."""

    __tablename__ = "story_words"
    __table_args__ = (sa.Index("ix_story_words_search", "search", postgresql_using="gin"),)
    __mapper_args__ = {"eager_defaults": False}  # nobody needs the search column back
    story_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("story.id", ondelete="CASCADE"), unique=True)
    text: Mapped[str]
    teller: Mapped[str] = mapped_column(default="")  # "moeder van twee kinderen", as it may be shown
    # What the source asks of a narrator, for the spread; shown only past the guard for small numbers.
    traits: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    edition: Mapped[int] = mapped_column(default=1)  # grows when the narrator changes the text
    search: Mapped[Any] = mapped_column(
        TSVECTOR, sa.Computed("to_tsvector('dutch', text)", persisted=True), deferred=True
    )


class StoryKey(CouncilOwned, Model):
    """The wrapped key of a story. Not in backups; gone when the story ends."""

    __tablename__ = "story_key"
    story_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("story.id", ondelete="CASCADE"), unique=True)
    box: Mapped[bytes]


class StorySealed(CouncilOwned, Model):
    """Something of a story under its key."""

    __tablename__ = "story_sealed"
    __table_args__ = (sa.UniqueConstraint("story_id", "kind"),)
    story_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("story.id", ondelete="CASCADE"))
    kind: Mapped[Sealing] = mapped_column(word_type(Sealing, "story_sealing"))
    box: Mapped[bytes]
    made_at: Mapped[datetime] = mapped_column(default=_now)


class GivenBy(StrEnum):
    NARRATOR = "narrator"
    COLLECTOR = "collector"  # told in a talk, and written down there


class Consent(CouncilOwned, Model):
    """What a narrator allowed at a moment. A change is a new row; the newest holds. Without words of the story."""

    __tablename__ = "consent"
    story_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("story.id", ondelete="CASCADE"), index=True)
    reach: Mapped[Reach | None] = mapped_column(word_type(Reach, "story_reach"))  # None: withdrawn
    quotes_only: Mapped[bool] = mapped_column(default=False)
    ends_on: Mapped[date | None]
    form_version: Mapped[str]  # of what was explained
    given_by: Mapped[GivenBy] = mapped_column(word_type(GivenBy, "consent_by"))
    given_at: Mapped[datetime] = mapped_column(default=_now)


class Leaning(StrEnum):
    """Which way a passage goes, in the eyes of who coded it."""

    WELL = "well"
    NOT_WELL = "not_well"
    BOTH = "both"
    NEITHER = "neither"


LEANING_NAMES = {
    Leaning.WELL: _("gaat goed"),
    Leaning.NOT_WELL: _("gaat niet goed"),
    Leaning.BOTH: _("allebei"),
    Leaning.NEITHER: _("geen van beide"),
}


class Excerpt(CouncilOwned, Model):
    """A marked passage: characters start_at (counted from 0) up to end_at of the safe text. Not in backups.

    `coder_id` None: of the settled reading. While a blind reading of the story is open, PostgreSQL shows a coder's
    excerpts to that coder alone.
    """

    __tablename__ = "excerpt"
    __table_args__ = (
        sa.UniqueConstraint("story_id", "start_at", "end_at", "coder_id"),
        sa.CheckConstraint("0 <= start_at AND start_at < end_at", name="is_a_passage"),
    )
    story_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("story.id", ondelete="CASCADE"))
    start_at: Mapped[int]
    end_at: Mapped[int]
    words: Mapped[str]
    leaning: Mapped[Leaning | None] = mapped_column(word_type(Leaning, "leaning"))
    coder_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(default=_now)
    story: Mapped[Story] = relationship(lazy="raise")


class OwnReading(CouncilOwned, Model):
    """What a narrator says the own story is about: places on three lines. Only the narrator's door writes it, and nobody
    else removes it but with the story. Not in backups.
    """

    __tablename__ = "own_reading"
    story_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("story.id", ondelete="CASCADE"), unique=True)
    questions: Mapped[list[dict[str, str]]] = mapped_column(JSONB)  # as they were asked
    answers: Mapped[list[int | None]] = mapped_column(sa.ARRAY(sa.SmallInteger))  # 0-100; None: not answered
    answered_at: Mapped[datetime] = mapped_column(default=_now)
