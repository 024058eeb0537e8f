"""CalendarEntry and CalendarLink."""

import uuid
from datetime import UTC, date, datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workbench.core.cards import Card
from workbench.core.db import Model
from workbench.core.language import AMSTERDAM
from workbench.core.tenancy import CouncilOwned
from workbench.knowledge.models import Moment


def today() -> date:
    return datetime.now(AMSTERDAM).date()


class CalendarEntry(Card, Model):
    """A day, or some days, on which this council decides or discusses. `submit_by`: until when proposals can be handed in."""

    __tablename__ = "calendar_entry"
    __table_args__ = (
        sa.CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="ends_after_it_starts"),
        sa.CheckConstraint("submit_by IS NULL OR submit_by <= starts_on", name="submit_before_it_starts"),
    )
    CONTENT: ClassVar = ("name", "moment_id", "starts_on", "ends_on", "submit_by", "who", "note")
    name: Mapped[str]
    moment_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("moment.id", ondelete="SET NULL"), index=True
    )
    starts_on: Mapped[date] = mapped_column(index=True)
    ends_on: Mapped[date | None]
    submit_by: Mapped[date | None]
    who: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    moment: Mapped[Moment | None] = relationship(lazy="raise")

    @property
    def last_day(self) -> date:
        return self.ends_on or self.starts_on

    @property
    def may_submit(self) -> bool:
        """Can proposals still be handed in?"""
        return self.submit_by is not None and self.submit_by >= today()


class CalendarLink(CouncilOwned, Model):
    """Lets the calendar program of this member read the calendar of this council. Its secret is a door."""

    __tablename__ = "calendar_link"
    __table_args__ = (sa.UniqueConstraint("council_id", "person_id"),)
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
