"""InformationQuestion, DataRequest, Candidate."""

import uuid
from datetime import date
from enum import StrEnum
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workbench.core.cards import Card
from workbench.core.db import Model, words
from workbench.core.tenancy import CouncilOwned
from workbench.indicators.models import Indicator


class InformationQuestion(Card, Model):
    """What the group wants to know to see whether a goal comes nearer."""

    __tablename__ = "information_question"
    CONTENT: ClassVar = ("text",)
    goal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("goal.id", ondelete="CASCADE"), index=True)
    text: Mapped[str]


class DataRequest(Card, Model):
    """Something that the group needs and nobody has yet: who delivers what, by when."""

    __tablename__ = "data_request"
    CONTENT: ClassVar = ("wanted", "from_whom", "due_on", "delivered")
    goal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("goal.id", ondelete="CASCADE"), index=True)
    wanted: Mapped[str]
    from_whom: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]
    delivered: Mapped[bool] = mapped_column(default=False)


class Verdict(StrEnum):
    LATER = "later"
    UNFIT = "unfit"


class Candidate(CouncilOwned, Model):
    """A figure that the group did not choose for a goal: for now, with a day to look again, or because it does not fit."""

    __tablename__ = "candidate"
    __table_args__ = (
        sa.UniqueConstraint("goal_id", "indicator_id"),
        sa.CheckConstraint("(verdict = 'later') = (review_on IS NOT NULL)", name="later_has_a_day"),
    )
    goal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("goal.id", ondelete="CASCADE"))
    indicator_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("indicator.id", ondelete="CASCADE"))
    verdict: Mapped[Verdict] = mapped_column(words(Verdict, "candidate_verdict"))
    review_on: Mapped[date | None]
    indicator: Mapped[Indicator] = relationship(lazy="raise")
