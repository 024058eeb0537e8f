"""SeriesEvent."""

import uuid
from datetime import date
from enum import StrEnum
from typing import ClassVar

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workbench.core.cards import Card
from workbench.core.db import Model, words
from workbench.indicators.models import Indicator


class EventKind(StrEnum):
    """What kind of thing happened. After DEFINITION figures cannot be compared with those before."""

    CONTRACT = "contract"
    DEFINITION = "definition"
    POLICY = "policy"
    REGISTRATION = "registration"
    OTHER = "other"


KIND_NAMES = {
    EventKind.CONTRACT: _("nieuwe inkoop"),
    EventKind.DEFINITION: _("andere telling"),
    EventKind.POLICY: _("nieuw beleid"),
    EventKind.REGISTRATION: _("andere registratie"),
    EventKind.OTHER: _("gebeurtenis"),
}


class SeriesEvent(Card, Model):
    """Something that happened to the figures of one indicator in the area of this council."""

    __tablename__ = "series_event"
    CONTENT: ClassVar = ("happened_on", "kind", "text", "source", "withdrawn")
    indicator_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("indicator.id"), index=True)
    happened_on: Mapped[date]
    kind: Mapped[EventKind] = mapped_column(words(EventKind, "event_kind"))
    text: Mapped[str]
    source: Mapped[str]
    withdrawn: Mapped[bool] = mapped_column(default=False)  # shown nowhere any more, but not forgotten
    indicator: Mapped[Indicator] = relationship(lazy="raise")

    @property
    def kind_name(self) -> str:
        return str(KIND_NAMES[self.kind])
