"""StoryLink."""

import uuid
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workbench.core.cards import Card
from workbench.core.db import Model
from workbench.stories.models import StorySource
from workbench.vision.models import Goal


class StoryLink(Card, Model):
    """A goal and a source of stories, with the reason why it belongs to this goal.

    Beside `Link`, not inside it: a figure has a block, a start and an aim, and a story has none of these.
    """

    __tablename__ = "story_link"
    __table_args__ = (sa.UniqueConstraint("goal_id", "story_source_id"),)
    CONTENT: ClassVar = ("reason", "not_saying")
    goal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("goal.id", ondelete="CASCADE"))
    story_source_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("story_source.id", ondelete="CASCADE"), index=True
    )
    reason: Mapped[str]
    not_saying: Mapped[str] = mapped_column(default="")
    goal: Mapped[Goal] = relationship(lazy="raise")
    source: Mapped[StorySource] = relationship(lazy="raise")
