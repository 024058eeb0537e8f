"""Preparing a meeting, turning the card on its screen, and two readers of a goal. The audit trail holds no texts."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert

from workbench.core import audit
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.monitors.meeting.differences import Side
from workbench.monitors.meeting.models import DuoNote, DuoReader, DuoReading, Meeting
from workbench.vision.models import Goal, Plan

# --- The meeting ----------------------------------------------------------------------------------------------------


def prepare(plan: Plan, held_on: date | None, sections: list[str], by: UUID | None) -> Meeting:
    """Say when the meeting is and which sections come along (none: all of them)."""
    found = _meeting(plan)
    found.held_on, found.sections = held_on, sections
    audit.record("meeting_prepared", found, by=by)
    return found


def turn(plan: Plan, shown: dict[str, Any], at: datetime | None = None) -> None:
    """The screen shows another card; phones follow it. Empty: it shows nothing any more."""
    found = _meeting(plan)
    found.shown, found.shown_at = shown, (at or datetime.now(UTC)) if shown else None


def _meeting(plan: Plan) -> Meeting:
    """The meeting about this plan, to change it; two who begin at once make one."""
    db.flush()
    db.execute(
        insert(Meeting)
        .values(id=uuid4(), plan_id=plan.id, sections=[], shown={})
        .on_conflict_do_nothing(index_elements=[Meeting.plan_id])
    )
    wanted = sa.select(Meeting).where(Meeting.plan_id == plan.id).with_for_update()
    return db.scalars(wanted.execution_options(populate_existing=True)).one()


# --- Two readers ----------------------------------------------------------------------------------------------------


class ChangedElsewhere(Exception):
    """The reader saved another text in another window. `theirs`: that note."""

    def __init__(self, theirs: DuoNote | None) -> None:
        super().__init__("saved in another window")
        self.theirs = theirs


def form_duo(goal: Goal, coalition: UUID, opposition: UUID, by: UUID | None) -> DuoReading:
    """Ask two councillors to read a goal. Raises: Conflict."""
    if coalition == opposition:
        raise Conflict(_("Kies twee verschillende mensen: een uit de coalitie en een uit de oppositie."))
    # Two who form a pair at once: the second sees the first.
    db.execute(sa.select(Plan.id).where(Plan.id == goal.plan_id).with_for_update(key_share=True))
    open_one = sa.select(DuoReader.id).join(DuoReading, DuoReading.id == DuoReader.reading_id)
    if db.scalar(open_one.where(DuoReading.goal_id == goal.id, DuoReader.ready_at.is_(None)).limit(1)):
        raise Conflict(_("Er leest al een duo mee met dit doel. Wacht tot beiden klaar zijn."))
    made = DuoReading(plan_id=goal.plan_id, goal_id=goal.id, title=goal.whole_sentence, made_by_id=by)
    db.add(made)
    db.flush()
    for side, person_id in ((Side.COALITION, coalition), (Side.OPPOSITION, opposition)):
        db.add(DuoReader(reading_id=made.id, person_id=person_id, side=side))
    audit.record("duo_formed", made, by=by)
    return made


def write(
    found: DuoReading, person_id: UUID, content: Mapping[str, Any], base_version: int, *, is_ready: bool
) -> None:
    """Keep what a reader sees; with `is_ready`, this reader is done. Raises: Conflict, ChangedElsewhere."""
    reader = _reader_at_work(found, person_id)
    if reader.ready_at:
        raise Conflict(_("U bent al klaar. Neem uw antwoord eerst terug als u iets wilt veranderen."))
    note = _note(found, person_id)
    if base_version != (note.version if note else 0):
        raise ChangedElsewhere(note)
    if note is None:
        note = DuoNote(reading_id=found.id, person_id=person_id, version=0)
        db.add(note)
    for name, value in content.items():
        setattr(note, name, value)
    note.version, note.saved_at = note.version + 1, datetime.now(UTC)
    db.flush()  # before this reader is ready: then PostgreSQL takes no note any more
    if is_ready:
        reader.ready_at = note.saved_at
        audit.record("duo_ready", found, by=person_id)


def take_back(found: DuoReading, person_id: UUID) -> None:
    """The reader is not ready after all. Raises: Conflict when both were: then each has read the other."""
    reader = _reader_at_work(found, person_id)
    reader.ready_at = None
    audit.record("duo_taken_back", found, by=person_id)


def erase(found: DuoReading, person_id: UUID) -> None:
    """Throw away what this reader wrote. Raises: Conflict when both were ready."""
    reader = _reader_at_work(found, person_id)
    reader.ready_at = None
    db.flush()
    if note := _note(found, person_id):
        db.delete(note)
        audit.record("duo_note_erased", found, by=person_id)


def dissolve(found: DuoReading, by: UUID | None) -> None:
    """Take the pair apart; what they wrote goes with it. Raises: Conflict when both were ready."""
    _refuse_when_revealed(_locked(found))
    audit.record("duo_dissolved", found, by=by)
    db.delete(found)


def _reader_at_work(found: DuoReading, person_id: UUID) -> DuoReader:
    """The reader, while the pair is not yet ready. Raises: Conflict."""
    readers = _locked(found)
    _refuse_when_revealed(readers)
    for reader in readers:
        if reader.person_id == person_id:
            return reader
    raise Conflict(_("U hoort niet bij dit duo. Alleen de twee lezers vullen dit in."))


def _locked(found: DuoReading) -> list[DuoReader]:
    """Who reads, as it stands now; whoever comes next, waits."""
    db.flush()
    db.refresh(found, attribute_names=["title"], with_for_update=True)
    wanted = sa.select(DuoReader).where(DuoReader.reading_id == found.id)
    return list(db.scalars(wanted.execution_options(populate_existing=True)))


def _refuse_when_revealed(readers: list[DuoReader]) -> None:
    if all(reader.ready_at for reader in readers):
        raise Conflict(
            _("Beide lezers zijn klaar en hebben elkaars antwoord gelezen. Dat is niet terug te draaien.")
        )


def _note(found: DuoReading, person_id: UUID) -> DuoNote | None:
    wanted = sa.select(DuoNote).where(DuoNote.reading_id == found.id, DuoNote.person_id == person_id)
    return db.scalar(wanted.execution_options(populate_existing=True))
