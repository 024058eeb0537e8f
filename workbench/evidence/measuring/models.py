"""Measuring: one card beside each link that the group worked out further."""

import uuid
from enum import StrEnum
from typing import ClassVar

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Mapped, mapped_column

from workbench.core.cards import Card
from workbench.core.db import Model, words
from workbench.evidence.measuring.aims import read_aims
from workbench.indicators.catalogue import Direction


class Aiming(StrEnum):
    AIM = "aim"
    FOLLOW = "follow"


class Side(StrEnum):
    """On which side of its limit a figure gives a signal."""

    ABOVE = "above"
    BELOW = "below"


AIMING_NAMES = {
    Aiming.FOLLOW: _("volgen: we kijken hoe het gaat, zonder getal als doel"),
    Aiming.AIM: _("streven: we noemen een getal, met een jaar"),
}
SIDE_NAMES = {
    Side.ABOVE: _("als het cijfer hoger is dan de grens"),
    Side.BELOW: _("als het cijfer lager is dan de grens"),
}
DIRECTION_NAMES = {
    Direction.CONTEXT: _("het hangt ervan af"),
    Direction.UP: _("hoger is beter"),
    Direction.DOWN: _("lager is beter"),
    Direction.BAND: _("tussen twee grenzen is goed"),
}


class Measuring(Card, Model):
    """Of one link. A direction is the council's own and has a reason; without one both readings are written out."""

    __tablename__ = "measuring"
    __table_args__ = (
        sa.CheckConstraint("(signal_side IS NULL) = (signal_limit IS NULL)", name="limit_has_a_side"),
        sa.CheckConstraint(
            "(direction = 'band') = (band_low IS NOT NULL AND band_high IS NOT NULL AND band_low < band_high)",
            name="band_has_two_ends",
        ),
        sa.CheckConstraint("direction = 'context' OR direction_reason <> ''", name="direction_has_a_reason"),
    )
    CONTENT: ClassVar = (
        "baseline_period",
        "baseline_value",
        "baseline_status",
        "aiming",
        "aims",
        "signal_side",
        "signal_limit",
        "direction",
        "direction_reason",
        "band_low",
        "band_high",
        "reading_up",
        "reading_down",
    )
    link_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("link.id", ondelete="CASCADE"), unique=True)
    # The figure as it stood when the group chose it: a later revision at the source does not move the start.
    baseline_period: Mapped[str] = mapped_column(default="")
    baseline_value: Mapped[float | None] = mapped_column(sa.Double)
    baseline_status: Mapped[str] = mapped_column(default="")
    aiming: Mapped[Aiming] = mapped_column(words(Aiming, "aiming"), default=Aiming.FOLLOW)
    aims: Mapped[str] = mapped_column(default="")  # per line a year and a number; see aims.py
    signal_side: Mapped[Side | None] = mapped_column(words(Side, "signal_side"))
    signal_limit: Mapped[float | None] = mapped_column(sa.Double)
    direction: Mapped[Direction] = mapped_column(words(Direction, "direction"), default=Direction.CONTEXT)
    direction_reason: Mapped[str] = mapped_column(default="")
    band_low: Mapped[float | None] = mapped_column(sa.Double)
    band_high: Mapped[float | None] = mapped_column(sa.Double)
    reading_up: Mapped[str] = mapped_column(default="")
    reading_down: Mapped[str] = mapped_column(default="")

    def aims_by_year(self) -> dict[int, float]:
        """Year -> value; empty when the group only follows the figure."""
        return read_aims(self.aims) if self.aiming is Aiming.AIM else {}

    @property
    def direction_name(self) -> str:
        return str(DIRECTION_NAMES[self.direction])
