"""Finding, GoalLines, StoryRound. None of them holds a word of a story."""

import uuid
from enum import StrEnum
from typing import ClassVar

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Mapped, mapped_column

from workbench.core.cards import Card
from workbench.core.db import Model, words
from workbench.core.tenancy import CouncilOwned


class Says(StrEnum):
    """What a finding does to what the figures say."""

    CONFIRMS = "confirms"
    ADDS = "adds"
    CONTRADICTS = "contradicts"


SAYS_NAMES = {
    Says.CONFIRMS: _("bevestigt wat de cijfers zeggen"),
    Says.ADDS: _("vult de cijfers aan"),
    Says.CONTRADICTS: _("spreekt de cijfers tegen"),
}


class Finding(Card, Model):
    """What the group reads in stories about a goal, with the excerpts from which it follows.

    The excerpts are ids without a foreign key: an excerpt may go, and then the finding says that it stands on less.
    """

    __tablename__ = "finding"
    __table_args__ = (sa.CheckConstraint("cardinality(excerpt_ids) > 0", name="stands_on_an_excerpt"),)
    CONTENT: ClassVar = ("text", "says", "excerpt_ids")
    goal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("goal.id", ondelete="CASCADE"), index=True)
    place: Mapped[int]  # the order in which a goal's findings stand
    text: Mapped[str]
    says: Mapped[Says] = mapped_column(words(Says, "finding_says"))
    excerpt_ids: Mapped[list[uuid.UUID]] = mapped_column(sa.ARRAY(sa.Uuid))

    @property
    def says_name(self) -> str:
        return str(SAYS_NAMES[self.says])


class GoalLines(Card, Model):
    """Three short lines of the group about a goal; they stand at its head in the monitor."""

    __tablename__ = "goal_lines"
    CONTENT: ClassVar = ("figures", "stories", "difference")
    goal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("goal.id", ondelete="CASCADE"), unique=True)
    figures: Mapped[str] = mapped_column(default="")
    stories: Mapped[str] = mapped_column(default="")
    difference: Mapped[str] = mapped_column(default="")

    def lines(self) -> list[tuple[str, str]]:
        """What was written, each under its name."""
        named = (
            (_("Wat cijfers zeggen"), self.figures),
            (_("Wat verhalen zeggen"), self.stories),
            (_("Waar ze verschillen"), self.difference),
        )
        return [(str(name), text) for name, text in named if text]


class StoryRound(CouncilOwned, Model):
    """A round about stories of a goal. Its options are ids of excerpts under a neutral name, never their words."""

    __tablename__ = "story_round"
    goal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("goal.id", ondelete="CASCADE"), index=True)
    round_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("round.id", ondelete="CASCADE"), unique=True)
