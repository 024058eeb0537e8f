"""Workshop, Activity, Attendee, Contribution, SignUp, Handover, ReceivedReport, Harvest; and the library to make a script from."""

import uuid
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workbench.core.db import Model, words
from workbench.core.tenancy import CouncilOwned
from workbench.workshops.kinds import SHOWN_AT_ONCE, Kind


def _now() -> datetime:
    return datetime.now(UTC)


class State(StrEnum):
    DRAFT = "draft"
    ANNOUNCED = "announced"  # people can sign up
    RUNNING = "running"  # people can join
    ENDED = "ended"


class Naming(StrEnum):
    """What people may say of themselves when they join; never more, and never demanded."""

    NOTHING = "nothing"
    FIRST_NAME = "first_name"
    FACTION = "faction"


class Workshop(CouncilOwned, Model):
    """One meeting with a script. Of a council; an open one belongs to no municipality: its tenant is of the kind ATELIER."""

    __tablename__ = "workshop"
    title: Mapped[str]
    purpose: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]  # as planned
    size: Mapped[int]  # how many people are expected
    tables: Mapped[int] = mapped_column(default=0)  # at which people sit; 0: none
    plan_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("plan.id"))  # that its results may write
    naming: Mapped[Naming] = mapped_column(words(Naming, "workshop_naming"), default=Naming.NOTHING)
    factions: Mapped[list[str]] = mapped_column(JSONB, default=list)  # to choose from
    councils: Mapped[list[str]] = mapped_column(JSONB, default=list)  # names, when several come
    state: Mapped[State] = mapped_column(words(State, "workshop_state"), default=State.DRAFT)
    code: Mapped[str | None] = mapped_column(unique=True)  # to join with; shown to everyone in the room
    current_id: Mapped[
        uuid.UUID | None
    ]  # of the activity on the screens; no reference: it points the other way
    keeps_days: Mapped[int] = mapped_column(default=90)  # after the end, of what may not be shared
    made_at: Mapped[datetime] = mapped_column(default=_now)
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=0)  # counts the saves of its facts
    for_whom: Mapped[str] = mapped_column(default="")  # these two: for the announcement
    accessibility: Mapped[str] = mapped_column(default="")
    announcement: Mapped[str | None]  # the last part of the address of its announcement; None: there is none
    opened_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    forget_on: Mapped[date | None]  # set at the end
    forgotten_at: Mapped[datetime | None]
    # What may still be told once what people wrote is forgotten: numbers only, see harvest/queries.py.
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    activities: Mapped[list["Activity"]] = relationship(
        back_populates="workshop", lazy="raise", order_by="Activity.position"
    )


class ActivityState(StrEnum):
    WAITING = "waiting"
    OPEN = "open"  # people can answer
    CLOSED = "closed"
    REVEALED = "revealed"
    SKIPPED = "skipped"


class Activity(CouncilOwned, Model):
    """One part of the script, in its place."""

    __tablename__ = "activity"
    workshop_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("workshop.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    kind: Mapped[Kind] = mapped_column(words(Kind, "activity_kind"))
    form: Mapped[str] = mapped_column(default="")  # the card of the library that it began with
    title: Mapped[str]
    question: Mapped[str]
    explanation: Mapped[str] = mapped_column(default="")  # for everyone
    note: Mapped[str] = mapped_column(default="")  # for the facilitator alone
    materials: Mapped[str] = mapped_column(default="")
    minutes: Mapped[int]
    # options, most, dots, per_option, ask_reason: as a round has them; block_id: of a figure in a monitor of the plan.
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    version: Mapped[int] = mapped_column(default=0)  # counts the saves of its texts
    state: Mapped[ActivityState] = mapped_column(
        words(ActivityState, "activity_state"), default=ActivityState.WAITING
    )
    skipped_why: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]  # of its timer
    closed_at: Mapped[datetime | None]
    revealed_at: Mapped[datetime | None]
    round_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("round.id"))  # from when it opens
    workshop: Mapped[Workshop] = relationship(back_populates="activities", lazy="raise")

    @property
    def shows_at_once(self) -> bool:
        """Do its cards come on the wall while people still write?"""
        return self.kind in SHOWN_AT_ONCE and bool(self.settings.get("shows_at_once"))


class Attendee(CouncilOwned, Model):
    """A device that joined; no account and no address. `device_hash`: see rounds.Participant."""

    __tablename__ = "attendee"
    __table_args__ = (sa.UniqueConstraint("workshop_id", "device_hash"),)
    workshop_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("workshop.id", ondelete="CASCADE"))
    device_hash: Mapped[str]
    first_name: Mapped[str] = mapped_column(default="")
    faction: Mapped[str] = mapped_column(default="")
    council: Mapped[str] = mapped_column(default="")
    table_number: Mapped[int | None]
    joined_at: Mapped[datetime] = mapped_column(default=_now)
    left_at: Mapped[datetime | None]


class Contribution(CouncilOwned, Model):
    """A card that somebody sent. Its id is made on the phone, so that sending it twice keeps it once."""

    __tablename__ = "contribution"
    activity_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("activity.id", ondelete="CASCADE"), index=True
    )
    attendee_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("attendee.id", ondelete="CASCADE"), index=True
    )  # None: the facilitator wrote it down
    part: Mapped[str] = mapped_column(default="")  # which of the questions of this working form
    text: Mapped[str]
    cluster: Mapped[str] = mapped_column(default="")  # name of the pile it was put on
    saved_at: Mapped[datetime] = mapped_column(default=_now)
    hidden_at: Mapped[datetime | None]
    shared_at: Mapped[datetime | None]  # the facilitator said: this may be kept and shared
    withdrawn_at: Mapped[datetime | None]  # by who sent it; the text is gone then


class SignUp(CouncilOwned, Model):
    """Somebody who will come: for a mail beforehand, gone after the workshop."""

    __tablename__ = "sign_up"
    __table_args__ = (sa.UniqueConstraint("workshop_id", "email"),)
    workshop_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("workshop.id", ondelete="CASCADE"))
    name: Mapped[str]
    email: Mapped[str]
    signed_up_at: Mapped[datetime] = mapped_column(default=_now)
    reminded_at: Mapped[datetime | None]


class Handover(CouncilOwned, Model):
    """The results of a workshop for one of the councils that came, to be taken with a code: once, within two weeks.

    Another council sees nothing of this row: the function take_handover() gives it the content for the code.
    """

    __tablename__ = "handover"
    LASTS = timedelta(days=14)
    workshop_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("workshop.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(unique=True)
    for_council: Mapped[str]  # its name, as the workshop has it
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)  # see harvest/outcomes.py
    made_at: Mapped[datetime] = mapped_column(default=_now)
    expires_at: Mapped[datetime] = mapped_column(default=lambda: _now() + Handover.LASTS)
    revoked_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]

    @property
    def is_open(self) -> bool:
        return self.taken_at is None and self.revoked_at is None and self.expires_at > _now()


class ReceivedReport(CouncilOwned, Model):
    """The results of a workshop elsewhere in which people of this council took part; as it was received, for ever."""

    __tablename__ = "received_report"
    title: Mapped[str]
    from_name: Mapped[str]
    held_on: Mapped[date]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    received_at: Mapped[datetime] = mapped_column(default=_now)
    received_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))


class Harvest(CouncilOwned, Model):
    """What of a workshop went into a plan: "ontstaan in sessie …" under that card. Who said it is not in it."""

    __tablename__ = "harvest"
    __table_args__ = (
        sa.UniqueConstraint("workshop_id", "source"),
        sa.UniqueConstraint("received_report_id", "source"),
        sa.CheckConstraint("num_nonnulls(workshop_id, received_report_id) = 1", name="one_origin"),
    )
    workshop_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("workshop.id"), index=True)
    received_report_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("received_report.id"))
    activity_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("activity.id"))
    source: Mapped[str]  # which card of it: see harvest/outcomes.py
    kind: Mapped[str]  # value, goal, question, request, step_question
    object_id: Mapped[uuid.UUID] = mapped_column(index=True)  # of the card or question in the plan
    harvested_at: Mapped[datetime] = mapped_column(default=_now)
    harvested_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))


class LibraryCard(Model):
    """Something of the library to make a script from, out of the seed files; what `content` holds: script/library.py."""

    __abstract__ = True
    position: Mapped[int]
    slug: Mapped[str] = mapped_column(unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)


class LibraryForm(LibraryCard):
    """A working form."""

    __tablename__ = "working_form"


class LibraryScript(LibraryCard):
    """A ready script to begin with."""

    __tablename__ = "ready_script"
