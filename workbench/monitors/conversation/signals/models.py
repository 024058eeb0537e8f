"""FigureSignal, FigureWatch, SignalChoice."""

import uuid
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from workbench.core.db import Model, words
from workbench.core.tenancy import CouncilOwned
from workbench.monitors.conversation.signals.rules import Cause


class FigureSignal(CouncilOwned, Model):
    """That this cause was asked about: one per figure, cause and period, and for a revision its day. Never changed."""

    __tablename__ = "figure_signal"
    __table_args__ = (sa.UniqueConstraint("link_id", "cause", "period", "day"),)
    link_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("link.id", ondelete="CASCADE"))
    question_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("figure_question.id", ondelete="CASCADE"), index=True
    )
    cause: Mapped[Cause] = mapped_column(words(Cause, "signal_cause"))
    period: Mapped[str]  # CBS code
    day: Mapped[str] = mapped_column(default="")  # of a revision, as ISO date


class FigureWatch(CouncilOwned, Model):
    """What was seen of a figure at the last look, so that the next one knows what is new or revised."""

    __tablename__ = "figure_watch"
    __table_args__ = (sa.UniqueConstraint("link_id"),)
    link_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("link.id", ondelete="CASCADE"))
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"))  # whom it was about
    seen: Mapped[dict[str, Any]] = mapped_column(JSONB)  # period -> see rules.Seen
    built_at: Mapped[datetime]  # of the newest document that was looked at


class SignalChoice(CouncilOwned, Model):
    """Which signals a council wants, and who answers those about figures that nobody explained before."""

    __tablename__ = "signal_choice"
    __table_args__ = (sa.UniqueConstraint("council_id"),)
    switched_off: Mapped[list[str]] = mapped_column(default=list)  # of Cause
    owner_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))

    @property
    def wanted(self) -> list[Cause]:
        return [cause for cause in Cause if cause.value not in self.switched_off]
