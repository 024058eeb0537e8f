"""Workshops that run, for tests of leading them: plain rows, and phones that answer."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from workbench.core.db import db
from workbench.core.tenancy import open_door
from workbench.rounds import operations as rounds
from workbench.rounds.models import Round
from workbench.rounds.operations import Reply
from workbench.workshops.kinds import Kind
from workbench.workshops.models import Activity, Attendee, Contribution, Workshop
from workbench.workshops.running import operations

OPTIONS = [
    {"key": "a", "label": "Nabijheid", "counter": "Deskundigheid"},
    {"key": "b", "label": "Vertrouwen", "counter": "Controle"},
    {"key": "c", "label": "Keuze", "counter": "Zekerheid"},
]


def make_workshop(*kinds: Kind, **facts: Any) -> Workshop:
    """A workshop with an activity of each of these kinds; it has not begun."""
    made = Workshop(
        **{
            "title": "Wat telt voor ons?",
            "starts_at": datetime(2027, 3, 4, 19, tzinfo=UTC),
            "size": 18,
            **facts,
        }
    )
    db.add(made)
    db.flush()
    for place, kind in enumerate(kinds, 1):
        add_activity(made, kind, position=place)
    return made


def add_activity(workshop: Workshop, kind: Kind, **facts: Any) -> Activity:
    content = {
        "position": 1,
        "title": f"Werkvorm {kind.value}",
        "question": "Wat staat voorop?",
        "minutes": 10,
        "settings": {} if kind in (Kind.CONSENT,) else {"options": OPTIONS},
    }
    made = Activity(workshop_id=workshop.id, kind=kind, **{**content, **facts})
    db.add(made)
    db.flush()
    return made


def running(*kinds: Kind, **facts: Any) -> tuple[Workshop, list[Activity]]:
    """It has begun; the first activity is on the screens and waits."""
    made = make_workshop(*kinds, **facts)
    operations.open_workshop(made)
    db.commit()
    return made, list(operations._script(made))


def join(workshop: Workshop, **facts: Any) -> Attendee:
    made = Attendee(workshop_id=workshop.id, device_hash=uuid4().hex, **facts)
    db.add(made)
    db.flush()
    return made


def say(activity: Activity, text: str, attendee: Attendee | None = None, **facts: Any) -> Contribution:
    made = Contribution(
        activity_id=activity.id, attendee_id=attendee.id if attendee else None, text=text, **facts
    )
    db.add(made)
    db.flush()
    return made


def vote(activity: Activity, attendee: Attendee, content: dict[str, Any] | None, **facts: Any) -> None:
    """The answer of this phone; afterwards the session holds no door."""
    db.commit()
    open_door(db, attendee.device_hash)
    found = db.get_one(Round, activity.round_id)
    rounds.cast(found, Reply(content, **facts), device_hash=attendee.device_hash)
    db.commit()
    open_door(db, "")
