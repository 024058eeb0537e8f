"""A workshop that runs, and people with a phone in it; through the models alone."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from workbench.accounts.models import Audience
from workbench.accounts.operations import make_door
from workbench.core.db import db
from workbench.rounds import operations as rounds
from workbench.rounds.models import Option
from workbench.workshops.kinds import METHODS, Kind
from workbench.workshops.models import Activity, ActivityState, Attendee, Contribution, State, Workshop

CODE = "KMT4R7"


def running(code: str = CODE, **facts: Any) -> Workshop:
    """A workshop that people can join, with nothing on the screens yet."""
    usual = {
        "title": "Wat telt in de wijk?",
        "starts_at": datetime.now(UTC),
        "size": 20,
        "state": State.RUNNING,
    }
    workshop = Workshop(**{**usual, "code": code, **facts})
    db.add(workshop)
    db.flush()
    make_door(Audience.WORKSHOP, workshop.id, token=code)
    db.flush()
    return workshop


def begun(
    workshop: Workshop,
    kind: Kind,
    labels: str = "Nabijheid Vertrouwen Keuze",
    question: str = "Wat staat voorop?",
    **settings: Any,
) -> Activity:
    """An activity that people can answer; the keys of its options are a, b, c …"""
    counter = "Controle" if kind == Kind.POSITION else ""
    options = [
        {"key": chr(97 + place), "label": label, "counter": counter}
        for place, label in enumerate(labels.split())
    ]
    if kind in METHODS and kind != Kind.CONSENT:
        settings["options"] = options
    activity = Activity(
        workshop_id=workshop.id,
        position=0,
        kind=kind,
        title="Samen kiezen",
        question=question,
        minutes=10,
        settings=settings,
        state=ActivityState.OPEN,
        opened_at=datetime.now(UTC),
        ends_at=datetime.now(UTC) + timedelta(minutes=10),
    )
    if kind in METHODS:
        rules = {
            name: settings[name] for name in ("most", "dots", "per_option", "ask_reason") if name in settings
        }
        offered = [Option(**option) for option in settings.get("options", [])]
        asked = rounds.start_round(question, METHODS[kind], offered, by=None, **rules)
        rounds.open_round(asked)
        activity.round_id = asked.id
    db.add(activity)
    workshop.current_id = activity.id
    db.flush()
    return activity


def attendee(workshop: Workshop, token: str = "toestel", **facts: Any) -> Attendee:
    made = Attendee(workshop_id=workshop.id, device_hash=sha256(token.encode()).hexdigest(), **facts)
    db.add(made)
    db.flush()
    return made


def cards(activity: Activity, by: Attendee | None, texts: Sequence[str], **facts: Any) -> list[Contribution]:
    made = [
        Contribution(activity_id=activity.id, attendee_id=by.id if by else None, text=text, **facts)
        for text in texts
    ]
    db.add_all(made)
    db.flush()
    return made
