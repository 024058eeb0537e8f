"""Workshops that were held: people who joined, cards that they sent, rounds that they answered."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from workbench.core.db import db
from workbench.core.tenancy import open_door
from workbench.knowledge.calendar.models import today
from workbench.rounds import operations as rounds
from workbench.rounds.methods import Method
from workbench.rounds.models import Option, Round
from workbench.rounds.operations import Reply
from workbench.vision.models import Plan
from workbench.workshops.harvest.operations import hand_over
from workbench.workshops.harvest.queries import outcome_of, workshop_or_404
from workbench.workshops.kinds import METHODS, Kind
from workbench.workshops.models import (
    Activity,
    ActivityState,
    Attendee,
    Contribution,
    Handover,
    ReceivedReport,
    SignUp,
    State,
    Workshop,
)

BEGUN = datetime(2026, 11, 3, 19, 30, tzinfo=UTC)


def held(plan: Plan | None = None, **facts: Any) -> Workshop:
    """A workshop that has ended."""
    made = Workshop(
        **{
            "title": "Rondetafel over zorg",
            "starts_at": BEGUN,
            "opened_at": BEGUN,
            "ended_at": BEGUN + timedelta(hours=2),
            "forget_on": today() + timedelta(days=90),
            "size": 12,
            "state": State.ENDED,
            "plan_id": plan.id if plan else None,
            **facts,
        }
    )
    db.add(made)
    db.flush()
    return made


def activity(workshop: Workshop, kind: Kind = Kind.BRAINSTORM, position: int = 0, **facts: Any) -> Activity:
    """One that was revealed."""
    made = Activity(
        **{
            "workshop_id": workshop.id,
            "kind": kind,
            "position": position,
            "title": "Wat valt op?",
            "question": "Wat ziet u in de wijk?",
            "minutes": 10,
            "state": ActivityState.REVEALED,
            **facts,
        }
    )
    db.add(made)
    db.flush()
    return made


def device(number: int) -> str:
    return hashlib.sha256(f"telefoon {number}".encode()).hexdigest()


def attendee(workshop: Workshop, number: int = 0, council: str = "", **facts: Any) -> Attendee:
    made = Attendee(workshop_id=workshop.id, device_hash=device(number), council=council, **facts)
    db.add(made)
    db.flush()
    return made


def people(workshop: Workshop, councils: Sequence[str]) -> list[Attendee]:
    """One for each of these councils; "": said none."""
    return [attendee(workshop, number, council) for number, council in enumerate(councils)]


def card(activity: Activity, text: str, by: Attendee | None = None, **facts: Any) -> Contribution:
    made = Contribution(activity_id=activity.id, attendee_id=by.id if by else None, text=text, **facts)
    db.add(made)
    db.flush()
    return made


def sign_up(workshop: Workshop, name: str = "Bea", email: str = "bea@voorbeeld.example") -> SignUp:
    made = SignUp(workshop_id=workshop.id, name=name, email=email)
    db.add(made)
    db.flush()
    return made


def counted(
    workshop: Workshop,
    kind: Kind,
    replies: Sequence[tuple[Attendee, Reply]],
    labels: str = "Nabijheid Vertrouwen Keuze",
    position: int = 0,
    **settings: Any,
) -> Activity:
    """An activity with a round that these people answered on their phones, revealed."""
    method = METHODS[kind]
    options = [
        Option(chr(97 + place), label, "Controle" if method is Method.POSITION else "")
        for place, label in enumerate([] if method is Method.CONSENT else labels.split())
    ]
    asked = rounds.start_round("Wat staat voorop?", method, options, by=None, **settings)
    rounds.open_round(asked)
    made = activity(
        workshop, kind, position, title="De keuze", question="Wat staat voorop?", round_id=asked.id
    )
    answer(asked, replies)
    rounds.close_round(asked)
    rounds.reveal_round(asked)
    db.flush()
    return made


def answer(asked: Round, replies: Sequence[tuple[Attendee, Reply]]) -> None:
    db.flush()
    for who, reply in replies:
        open_door(db, who.device_hash)
        rounds.cast(asked, reply, device_hash=who.device_hash)
    open_door(db, "")


def left_behind() -> dict[str, object]:
    """A workshop of the acting council with a board, a parcel for another council, and a report that came from elsewhere."""
    workshop = held(councils=["Breda", "Urk"])
    storm = activity(workshop)
    card(storm, "Buren helpen elkaar", shared_at=BEGUN)
    found = outcome_of(workshop_or_404(workshop.id), "Almere")
    hand_over(workshop, "Breda", found)
    content = found.model_dump(mode="json")
    report = ReceivedReport(title=found.title, from_name=found.by, held_on=found.held_on, content=content)
    db.add(report)
    db.flush()
    return {
        "workshop_id": workshop.id,
        "activity_id": storm.id,
        "handover_id": db.scalars(sa.select(Handover.id).where(Handover.workshop_id == workshop.id)).one(),
        "received_report_id": report.id,
    }
