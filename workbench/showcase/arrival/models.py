"""ArrivedCard."""

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workbench.core.db import Model, words
from workbench.core.tenancy import CouncilOwned
from workbench.indicators.models import Indicator
from workbench.stories.models import StorySource
from workbench.uploads.models import OwnIndicator


class Origin(StrEnum):
    """Where a figure, stories or a moment of an example comes from here."""

    NATIONAL = "national"  # the catalogue, or a moment of the council year
    OWN = "own"
    REQUEST = "request"
    LEFT_OUT = "left_out"


class ArrivedCard(CouncilOwned, Model):
    """What a group settled about one card of an example: where it comes from here, and that it was taken over.

    By the key of the card, so that a card that came with two examples is settled once.
    """

    __tablename__ = "arrived_card"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "key"),
        sa.CheckConstraint(
            "num_nonnulls(indicator_id, own_indicator_id, story_source_id, moment) <= 1", name="one_origin"
        ),
    )
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"))
    key: Mapped[uuid.UUID]
    origin: Mapped[Origin | None] = mapped_column(words(Origin, "arrival_origin"))
    indicator_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("indicator.id", ondelete="CASCADE"))
    own_indicator_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("own_indicator.id", ondelete="CASCADE")
    )
    story_source_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("story_source.id", ondelete="CASCADE")
    )
    moment: Mapped[str | None]  # slug
    taken_at: Mapped[datetime | None]  # stays when the group takes its own card away again
    indicator: Mapped[Indicator | None] = relationship(lazy="raise")
    own_indicator: Mapped[OwnIndicator | None] = relationship(lazy="raise")
    source: Mapped[StorySource | None] = relationship(lazy="raise")
