"""StoryPile, StorySettings and StoryRisks."""

import uuid
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workbench.core.db import Model, words
from workbench.core.tenancy import CouncilOwned
from workbench.stories.kept.models import Way
from workbench.stories.models import StorySource


def _now() -> datetime:
    return datetime.now(UTC)


class PileState(StrEnum):
    RECEIVED = "received"  # the worker reads it
    TO_CHOOSE = "to_choose"  # somebody chooses what becomes a story
    CHOSEN = "chosen"  # the worker makes stories of it
    DONE = "done"
    FAILED = "failed"


class StoryPile(CouncilOwned, Model):
    """A file or note with several stories in it, sealed until they lie apart. Not in backups; gone after a day."""

    __tablename__ = "story_pile"
    source_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("story_source.id"), index=True)
    way: Mapped[Way] = mapped_column(words(Way, "story_way"))
    state: Mapped[PileState] = mapped_column(words(PileState, "pile_state"), default=PileState.RECEIVED)
    problem: Mapped[str] = mapped_column(default="")  # why it could not be read
    told_on: Mapped[date | None]
    box: Mapped[bytes | None]  # empty once its stories lie apart
    counts: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict)  # made, empty, skipped, same
    made_at: Mapped[datetime] = mapped_column(default=_now)
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    source: Mapped[StorySource] = relationship(lazy="raise")

    @property
    def is_running(self) -> bool:
        return self.state in (PileState.RECEIVED, PileState.CHOSEN)


class StorySettings(CouncilOwned, Model):
    """What a council says to every narrator and writes in its register; one row per council."""

    __tablename__ = "story_settings"
    __table_args__ = (sa.UniqueConstraint("council_id"),)
    officer_name: Mapped[str] = mapped_column(default="")  # of the data protection officer: an office
    officer_email: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")  # of the council, as controller
    processor: Mapped[str] = mapped_column(default="")  # who runs the workbench for the council, and where
    receivers: Mapped[str] = mapped_column(default="")  # who else gets to see stories, beside the council
    safety: Mapped[str] = mapped_column(default="")  # what the council does itself to keep them safe
    form_text: Mapped[str] = mapped_column(default="")  # what the council adds to the consent form
    form_version: Mapped[int] = mapped_column(default=1)  # grows with every other text
    edited_at: Mapped[datetime] = mapped_column(default=_now)
    edited_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    tended_at: Mapped[datetime | None]  # when the nightly job last looked which stories are over


class StoryRisks(CouncilOwned, Model):
    """The answers of a council to the questions about risks for narrators (DPIA): in general, or for one source."""

    __tablename__ = "story_risks"
    __table_args__ = (sa.UniqueConstraint("council_id", "source_id", postgresql_nulls_not_distinct=True),)
    source_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("story_source.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)  # question -> {answer, note}
    looked_on: Mapped[date | None]  # the day on which the council went through them
    edited_at: Mapped[datetime] = mapped_column(default=_now)
    edited_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
