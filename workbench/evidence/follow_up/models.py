"""Need, CostLine, Steering: cards under one goal."""

import uuid
from datetime import date
from enum import StrEnum
from typing import ClassVar

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from workbench.core.cards import Card
from workbench.core.db import Model, words


class Part(StrEnum):
    """The word in the address of each kind of card."""

    NEED = "nodig"
    COST = "kosten"
    STEERING = "sturing"


class Task(StrEnum):
    """What the municipality does about a need."""

    DO = "do"
    BUY = "buy"
    ENABLE = "enable"
    LEAVE = "leave"


class Certainty(StrEnum):
    KNOWN = "known"
    ESTIMATE = "estimate"
    GUESS = "guess"


TASK_NAMES = {
    Task.DO: _("zelf doen"),
    Task.BUY: _("laten doen en betalen"),
    Task.ENABLE: _("mogelijk maken dat anderen het doen"),
    Task.LEAVE: _("niet doen, aan anderen overlaten"),
}
CERTAINTY_NAMES = {
    Certainty.KNOWN: _("staat vast"),
    Certainty.ESTIMATE: _("raming"),
    Certainty.GUESS: _("eerste inschatting"),
}


class UnderGoal(Card):
    """Mixin, together with Model: a card of one goal, gone when the goal goes."""

    @declared_attr
    def goal_id(self) -> Mapped[uuid.UUID]:
        return mapped_column(sa.ForeignKey("goal.id", ondelete="CASCADE"), index=True)


class Need(UnderGoal, Model):
    """Something that must change for a goal, and who can bring it about."""

    __tablename__ = "need"
    CONTENT: ClassVar = ("change", "task", "players", "room", "not_doing")
    change: Mapped[str]
    task: Mapped[Task] = mapped_column(words(Task, "need_task"))
    players: Mapped[str] = mapped_column(default="")
    room: Mapped[str] = mapped_column(default="")
    not_doing: Mapped[str] = mapped_column(default="")

    @property
    def task_name(self) -> str:
        return str(TASK_NAMES[self.task])


class CostLine(UnderGoal, Model):
    """What something for a goal costs, in whole euros: once, each year, or both."""

    __tablename__ = "cost_line"
    __table_args__ = (
        sa.CheckConstraint("once IS NOT NULL OR yearly IS NOT NULL", name="some_amount"),
        sa.CheckConstraint("once >= 0 AND yearly >= 0", name="no_negative_amount"),
    )
    CONTENT: ClassVar = ("name", "once", "yearly", "cover", "certainty", "spending")
    name: Mapped[str]
    once: Mapped[int | None] = mapped_column(sa.BigInteger)
    yearly: Mapped[int | None] = mapped_column(sa.BigInteger)
    cover: Mapped[str] = mapped_column(default="")
    certainty: Mapped[Certainty] = mapped_column(words(Certainty, "cost_certainty"))
    # Slug of the indicator with the municipality's spending that this belongs to; empty when none fits.
    spending: Mapped[str] = mapped_column(default="")

    @property
    def certainty_name(self) -> str:
        return str(CERTAINTY_NAMES[self.certainty])


class Steering(UnderGoal, Model):
    """When the council looks at a goal, with which instrument, and who brings it up."""

    __tablename__ = "steering"
    CONTENT: ClassVar = ("moment", "on", "instrument", "owner", "note")
    moment: Mapped[str]  # slug of a moment of the council year
    on: Mapped[date | None]
    instrument: Mapped[str] = mapped_column(default="")  # slug
    owner: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")


MODELS: dict[Part, type[Need] | type[CostLine] | type[Steering]] = {
    Part.NEED: Need,
    Part.COST: CostLine,
    Part.STEERING: Steering,
}
