"""Tag, Coding, CoderReading, Memo."""

import uuid
from datetime import UTC, datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workbench.core.cards import Card
from workbench.core.db import Model
from workbench.core.tenancy import CouncilOwned
from workbench.stories.kept.models import Excerpt
from workbench.vision.models import Goal, Value

MOST_LOOKS = 12  # colours with a pattern each; see styles


def _now() -> datetime:
    return datetime.now(UTC)


class TagGoal(CouncilOwned, Model):
    """A tag belongs to a goal."""

    __tablename__ = "tag_goal"
    __table_args__ = (sa.UniqueConstraint("tag_id", "goal_id"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=sa.text("gen_random_uuid()"))
    tag_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("tag.id", ondelete="CASCADE"))
    goal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("goal.id", ondelete="CASCADE"), index=True)


class TagValue(CouncilOwned, Model):
    """A tag belongs to a value."""

    __tablename__ = "tag_value"
    __table_args__ = (sa.UniqueConstraint("tag_id", "value_id"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=sa.text("gen_random_uuid()"))
    tag_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("tag.id", ondelete="CASCADE"))
    value_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("value.id", ondelete="CASCADE"), index=True)


class Tag(Card, Model):
    """A word of the codebook; its revisions are the versions of the codebook."""

    __tablename__ = "tag"
    __table_args__ = (sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_its_own_parent"),)
    CONTENT: ClassVar = ("name", "description", "parent_id", "look")
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")  # when to use it, and when not
    parent_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("tag.id"), index=True)
    look: Mapped[int] = mapped_column(default=0)  # which colour and pattern, 0 to MOST_LOOKS - 1
    retired_at: Mapped[datetime | None]  # stays where it was given, is offered no more
    goals: Mapped[list[Goal]] = relationship(secondary="tag_goal", lazy="raise")
    values: Mapped[list[Value]] = relationship(secondary="tag_value", lazy="raise")


class Coding(CouncilOwned, Model):
    """A tag on an excerpt."""

    __tablename__ = "coding"
    __table_args__ = (sa.UniqueConstraint("excerpt_id", "tag_id"),)
    excerpt_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("excerpt.id", ondelete="CASCADE"))
    tag_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("tag.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime] = mapped_column(default=_now)
    excerpt: Mapped[Excerpt] = relationship(lazy="raise")
    tag: Mapped[Tag] = relationship(lazy="raise")


class CoderReading(CouncilOwned, Model):
    """Somebody codes a story. Blind: nobody sees what another marked until everyone who reads blind is done."""

    __tablename__ = "coder_reading"
    __table_args__ = (sa.UniqueConstraint("story_id", "coder_id"),)
    story_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("story.id", ondelete="CASCADE"))
    coder_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    is_blind: Mapped[bool] = mapped_column(default=False)
    begun_at: Mapped[datetime] = mapped_column(default=_now)
    done_at: Mapped[datetime | None]


class Memo(CouncilOwned, Model):
    """A note of a coder on a story or an excerpt, under the key of the story: it may repeat its words."""

    __tablename__ = "memo"
    story_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("story.id", ondelete="CASCADE"), index=True)
    excerpt_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("excerpt.id", ondelete="CASCADE"), index=True
    )
    author_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    box: Mapped[bytes]
    made_at: Mapped[datetime] = mapped_column(default=_now)
