"""Plan, Step, StepNote, Value, Goal."""

import uuid
from datetime import UTC, datetime
from typing import ClassVar

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workbench.accounts.models import Membership, Role
from workbench.core.cards import Card
from workbench.core.db import Base, Model
from workbench.core.errors import Conflict
from workbench.core.tenancy import CouncilOwned

WORKING_GROUP = frozenset({Role.CLERK, Role.COUNCILLOR, Role.FACILITATOR})
MARKS = 8  # shapes with a colour that values carry through every page


class Step(Base):
    """Content of one step of the step plan; public, from the seeds."""

    __tablename__ = "step"
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    question: Mapped[str]
    why: Mapped[str]
    example: Mapped[str]
    fills: Mapped[str]
    minutes: Mapped[int]


class Plan(Card, Model):
    """One run through the step plan by one working group: a term, or a theme."""

    __tablename__ = "plan"
    CONTENT: ClassVar = ("title", "assignment", "out_of_scope", "decided_by")
    title: Mapped[str]
    assignment: Mapped[str] = mapped_column(default="")
    out_of_scope: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[str] = mapped_column(default="")
    # Until the clerk opens it, only the working group sees anything of a plan.
    opened_at: Mapped[datetime | None]

    def may_be_read_by(self, membership: Membership) -> bool:
        return membership.role in WORKING_GROUP or self.opened_at is not None

    def open(self) -> None:
        if self.opened_at:
            raise Conflict(_("Dit traject is al opengesteld."))
        self.opened_at = datetime.now(UTC)

    def close(self) -> None:
        if not self.opened_at:
            raise Conflict(_("Dit traject is al gesloten."))
        self.opened_at = None


class StepNote(Card, Model):
    """What the group wrote down at a step that has no cards of its own (yet)."""

    __tablename__ = "step_note"
    __table_args__ = (sa.UniqueConstraint("plan_id", "number"),)
    CONTENT: ClassVar = ("text",)
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(default="")


class GoalValue(CouncilOwned, Model):
    """Which goals serve which values."""

    __tablename__ = "goal_value"
    __table_args__ = (sa.UniqueConstraint("goal_id", "value_id"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=sa.text("gen_random_uuid()"))
    goal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("goal.id", ondelete="CASCADE"))
    value_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("value.id", ondelete="CASCADE"), index=True)


class Value(Card, Model):
    """What the council finds important, with the value it rubs against."""

    __tablename__ = "value"
    CONTENT: ClassVar = (
        "name",
        "own_words",
        "seen_when",
        "not_this",
        "short_changed",
        "counter_value",
        "position",
        "bottom_line",
        "minority_view",
    )
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    mark: Mapped[int]  # which shape and colour, 0 to MARKS - 1
    name: Mapped[str]
    own_words: Mapped[str] = mapped_column(default="")
    seen_when: Mapped[str] = mapped_column(default="")
    not_this: Mapped[str] = mapped_column(default="")
    short_changed: Mapped[str] = mapped_column(default="")
    counter_value: Mapped[str]
    position: Mapped[int | None]  # 0 = wholly this value, 100 = wholly the counter-value
    bottom_line: Mapped[str] = mapped_column(default="")
    minority_view: Mapped[str] = mapped_column(default="")
    plan: Mapped[Plan] = relationship(lazy="raise")
    goals: Mapped[list["Goal"]] = relationship(secondary="goal_value", back_populates="values", lazy="raise")


class Goal(Card, Model):
    """What residents should notice within the plan's horizon."""

    __tablename__ = "goal"
    CONTENT: ClassVar = ("sentence", "target_group", "horizon", "values")
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    sentence: Mapped[str]
    target_group: Mapped[str] = mapped_column(default="")
    horizon: Mapped[int | None]  # year
    plan: Mapped[Plan] = relationship(lazy="raise")
    values: Mapped[list[Value]] = relationship(secondary="goal_value", back_populates="goals", lazy="raise")
