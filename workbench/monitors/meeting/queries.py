"""Reading meetings and what two readers wrote about a goal."""

from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask import abort, g
from sqlalchemy.orm import joinedload, selectinload

from workbench.accounts.access import PERMISSIONS, Permission
from workbench.accounts.models import Membership
from workbench.accounts.queries import members
from workbench.core.db import db
from workbench.monitors.meeting.cards import Shown, may_know
from workbench.monitors.meeting.differences import Side
from workbench.monitors.meeting.models import DuoNote, DuoReader, DuoReading, Meeting
from workbench.vision.models import Plan
from workbench.vision.steps import GOALS
from workbench.vision.together.queries import group_of


def meeting_of(plan: Plan) -> Meeting:
    """The meeting about this plan; one that was never prepared brings everything along."""
    found = db.scalar(sa.select(Meeting).where(Meeting.plan_id == plan.id))
    return found or Meeting(plan_id=plan.id, sections=[], shown={}, held_on=None, shown_at=None)


def shown_in(meeting: Meeting, plan: Plan) -> Shown | None:
    """What its screen shows now, when the member of this request may know that."""
    if not meeting.is_on_screen or meeting.shown_at is None:
        return None
    if not may_know(meeting.shown, plan, g.membership):
        return None
    return Shown.of(meeting.shown, meeting.shown_at)


def newest_on_screen() -> UUID | None:
    """The plan that a screen of this council showed last."""
    return db.scalar(
        sa.select(Meeting.plan_id)
        .where(Meeting.shown_at.is_not(None))
        .order_by(Meeting.shown_at.desc())
        .limit(1)
    )


# --- Two readers ----------------------------------------------------------------------------------------------------


class Candidate(NamedTuple):
    """A councillor who can read, with the faction ("": not known)."""

    person_id: UUID
    name: str
    faction: str


def candidates(plan: Plan) -> list[Candidate]:
    """Councillors of the working group of this plan, by name; where it names none, all councillors."""
    names = {one.person_id: one.person.name for one in members() if Permission.VOTE in PERMISSIONS[one.role]}
    among = group_of(plan) or dict.fromkeys(names, "")
    found = [Candidate(person_id, names[person_id], faction) for person_id, faction in among.items()]
    return sorted(found, key=lambda one: one.name.casefold())


def readings_of(plan: Plan) -> list[DuoReading]:
    """What pairs read of this plan, the newest first, with who reads."""
    return list(
        db.scalars(
            sa.select(DuoReading)
            .where(DuoReading.plan_id == plan.id)
            .options(selectinload(DuoReading.readers).joinedload(DuoReader.person))
            .order_by(DuoReading.made_at.desc(), DuoReading.id)
        )
    )


def waiting_for(plan: Plan, person_id: UUID) -> list[DuoReading]:
    """What this person still has to fill in."""
    return list(
        db.scalars(
            sa.select(DuoReading)
            .join(DuoReader, DuoReader.reading_id == DuoReading.id)
            .where(
                DuoReading.plan_id == plan.id,
                DuoReader.person_id == person_id,
                DuoReader.ready_at.is_(None),
            )
            .order_by(DuoReading.made_at, DuoReading.id)
        )
    )


def waiting_anywhere(reader: Membership) -> list[DuoReading]:
    """What this member still has to fill in, of every plan whose goals the member may read; in one query."""
    found = db.scalars(
        sa.select(DuoReading)
        .join(DuoReader, DuoReader.reading_id == DuoReading.id)
        .where(DuoReader.person_id == reader.person_id, DuoReader.ready_at.is_(None))
        .options(joinedload(DuoReading.plan).joinedload(Plan.steps))
        .order_by(DuoReading.made_at, DuoReading.id)
    ).unique()
    return [reading for reading in found if reading.plan.may_be_read_by(reader, GOALS)]


def to_read_by(person: sa.ColumnElement[UUID]) -> sa.ScalarSelect[str]:
    """For a query: a text that differs with what this person still has to fill in."""
    ids = sa.func.string_agg(sa.cast(DuoReader.reading_id, sa.Text), sa.literal_column("' '"))
    return (
        sa.select(sa.func.coalesce(ids, ""))
        .where(DuoReader.person_id == person, DuoReader.ready_at.is_(None))
        .scalar_subquery()
    )


def reading(reading_id: UUID) -> DuoReading:
    """With its readers, for somebody who may read goals of its plan; else 404 or 403."""
    found = db.scalars(
        sa.select(DuoReading)
        .where(DuoReading.id == reading_id)
        .options(
            joinedload(DuoReading.plan).selectinload(Plan.steps),
            selectinload(DuoReading.readers).joinedload(DuoReader.person),
        )
    ).one_or_none()
    if found is None:
        abort(404)
    if not found.plan.may_be_read_by(g.membership, GOALS):
        abort(403)
    return found


def own_note(found: DuoReading, person_id: UUID) -> DuoNote | None:
    """What this person wrote; the session acts as this person, else there is nothing to be seen."""
    return db.scalar(sa.select(DuoNote).where(DuoNote.reading_id == found.id, DuoNote.person_id == person_id))


def notes_of(found: DuoReading) -> dict[Side, DuoNote]:
    """What both wrote, by side; empty until both are ready."""
    if not found.is_revealed:
        return {}
    sides = {reader.person_id: reader.side for reader in found.readers}
    notes = db.scalars(sa.select(DuoNote).where(DuoNote.reading_id == found.id))
    return {sides[note.person_id]: note for note in notes}
