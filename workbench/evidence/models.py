"""Link."""

import uuid
from datetime import date
from enum import StrEnum
from typing import ClassVar, cast

import sqlalchemy as sa
from flask_babel import lazy_gettext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workbench.core.cards import Card
from workbench.core.db import Model, words
from workbench.evidence.measuring.models import Measuring
from workbench.indicators.models import Indicator
from workbench.uploads.models import OwnIndicator
from workbench.vision.models import Goal

MOST_PER_GOAL = 3  # not every knob at once


class Quality(StrEnum):
    """How directly a figure shows what the goal is about."""

    DIRECT = "direct"
    PARTIAL = "partial"
    PROXY = "proxy"


QUALITY_NAMES = {
    Quality.DIRECT: lazy_gettext("laat het doel rechtstreeks zien"),
    Quality.PARTIAL: lazy_gettext("laat een deel van het doel zien"),
    Quality.PROXY: lazy_gettext("is een aanwijzing, meer niet"),
}


class Link(Card, Model):
    """A goal and a figure, of the catalogue or the municipality's own, with the reason why it belongs to this goal."""

    __tablename__ = "link"
    __table_args__ = (
        sa.UniqueConstraint("goal_id", "indicator_id"),
        sa.UniqueConstraint("goal_id", "own_indicator_id"),
        sa.CheckConstraint("num_nonnulls(indicator_id, own_indicator_id) = 1", name="one_figure"),
    )
    CONTENT: ClassVar = ("reason", "quality", "not_saying", "rests_until")
    goal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("goal.id", ondelete="CASCADE"), index=True)
    indicator_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("indicator.id"))
    own_indicator_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("own_indicator.id"))
    reason: Mapped[str]
    quality: Mapped[Quality] = mapped_column(words(Quality, "quality"))
    not_saying: Mapped[str]
    rests_until: Mapped[date | None]  # the day to look again; None: in view
    goal: Mapped[Goal] = relationship(lazy="raise")
    indicator: Mapped[Indicator | None] = relationship(lazy="raise")
    own_indicator: Mapped[OwnIndicator | None] = relationship(lazy="raise")
    measuring: Mapped[Measuring | None] = relationship(lazy="raise", viewonly=True)

    @property
    def subject(self) -> Indicator | OwnIndicator:
        """The figure that was chosen: of the catalogue, or the municipality's own."""
        found = self.own_indicator if self.own_indicator_id else self.indicator
        return cast("Indicator | OwnIndicator", found)

    @property
    def subject_id(self) -> uuid.UUID:
        return cast("uuid.UUID", self.own_indicator_id or self.indicator_id)

    @property
    def quality_name(self) -> str:
        return str(QUALITY_NAMES[self.quality])
