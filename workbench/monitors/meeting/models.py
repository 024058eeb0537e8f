"""Meeting; DuoReading, DuoReader, DuoNote."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workbench.accounts.models import Person
from workbench.core.db import Model, words
from workbench.core.tenancy import CouncilOwned
from workbench.monitors.meeting.differences import Asked, Side, Verdict
from workbench.vision.models import Plan

LASTS = timedelta(hours=4)  # what the screen showed longer ago, belongs to a meeting that is over

SIDE_NAMES = {Side.COALITION: lazy_gettext("coalitie"), Side.OPPOSITION: lazy_gettext("oppositie")}
VERDICT_NAMES = {
    Verdict.YES: lazy_gettext("ja"),
    Verdict.PARTLY: lazy_gettext("deels"),
    Verdict.NO: lazy_gettext("nee"),
    Verdict.UNKNOWN: lazy_gettext("dat kan ik niet zeggen"),
}
ASKED_NAMES = {
    Asked.REACHED: lazy_gettext("Is het doel bereikt?"),
    Asked.WORTH: lazy_gettext("Is het zijn geld waard?"),
}


class Meeting(CouncilOwned, Model):
    """The next or present meeting about a plan: what comes along, and what its screen shows."""

    __tablename__ = "meeting"
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"), unique=True)
    held_on: Mapped[date | None]
    sections: Mapped[list[str]] = mapped_column(JSONB, default=list)  # ids of sections; empty: all of them
    shown: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)  # see cards.Card.as_shown
    shown_at: Mapped[datetime | None]

    @property
    def is_on_screen(self) -> bool:
        """Does the screen show something now?"""
        return self.shown_at is not None and datetime.now(UTC) - self.shown_at < LASTS

    @property
    def chosen(self) -> frozenset[str]:
        return frozenset(self.sections)


class DuoReading(CouncilOwned, Model):
    """A goal that a member of the coalition and one of the opposition look at, each alone, and then together."""

    __tablename__ = "duo_reading"
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    goal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("goal.id", ondelete="CASCADE"), index=True)
    title: Mapped[str]  # the goal, as it was called then
    made_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    plan: Mapped[Plan] = relationship(lazy="raise")
    readers: Mapped[list["DuoReader"]] = relationship(lazy="raise", viewonly=True, order_by="DuoReader.side")

    @property
    def is_revealed(self) -> bool:
        """Are both ready? PostgreSQL asks the same before it shows a note to anybody but its writer."""
        return len(self.readers) == len(Side) and all(reader.ready_at for reader in self.readers)

    @property
    def revealed_at(self) -> datetime | None:
        days = [reader.ready_at for reader in self.readers if reader.ready_at]
        return max(days) if self.is_revealed else None

    def reader(self, person_id: uuid.UUID) -> "DuoReader | None":
        return next((reader for reader in self.readers if reader.person_id == person_id), None)


class DuoReader(CouncilOwned, Model):
    """Who reads for which side, and whether this person is ready. Only this person can say so."""

    __tablename__ = "duo_reader"
    __table_args__ = (
        sa.UniqueConstraint("reading_id", "side"),
        sa.UniqueConstraint("reading_id", "person_id"),
    )
    reading_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("duo_reading.id", ondelete="CASCADE"))
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    side: Mapped[Side] = mapped_column(words(Side, "duo_side"))
    ready_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(lazy="raise")

    @property
    def side_name(self) -> str:
        return str(SIDE_NAMES[self.side])


class DuoNote(CouncilOwned, Model):
    """What one reader sees. PostgreSQL shows it to nobody else until both are ready; see the migration."""

    __tablename__ = "duo_note"
    __table_args__ = (sa.UniqueConstraint("reading_id", "person_id"),)
    reading_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("duo_reading.id", ondelete="CASCADE"))
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    reached: Mapped[Verdict] = mapped_column(words(Verdict, "duo_verdict"))
    seen: Mapped[str]
    worth: Mapped[Verdict] = mapped_column(words(Verdict, "duo_verdict"))
    why: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))

    @property
    def answers(self) -> dict[Asked, Verdict]:
        return {Asked.REACHED: self.reached, Asked.WORTH: self.worth}

    def lines(self) -> list[tuple[str, str]]:
        """(question, answer), in the order of the form."""
        return [
            (str(ASKED_NAMES[Asked.REACHED]), str(VERDICT_NAMES[self.reached])),
            (_("Wat ziet u?"), self.seen),
            (str(ASKED_NAMES[Asked.WORTH]), str(VERDICT_NAMES[self.worth])),
            (_("Waarom vindt u dat?"), self.why),
        ]
