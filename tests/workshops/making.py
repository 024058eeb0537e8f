"""Workshops and parts of their scripts, straight through the models."""

from datetime import UTC, datetime
from typing import Any

from workbench.core.db import db
from workbench.workshops.kinds import Kind
from workbench.workshops.models import Activity, SignUp, Workshop


def make_workshop(**facts: Any) -> Workshop:
    """On a Thursday evening from half past seven to half past nine (Dutch time), for twelve people."""
    made = Workshop(
        **{
            "title": "Wat vinden wij belangrijk?",
            "starts_at": datetime(2027, 3, 4, 18, 30, tzinfo=UTC),
            "ends_at": datetime(2027, 3, 4, 20, 30, tzinfo=UTC),
            "place": "Raadzaal",
            "size": 12,
            **facts,
        }
    )
    db.add(made)
    db.flush()
    return made


def make_activity(workshop: Workshop, kind: Kind = Kind.CHECK_IN, **facts: Any) -> Activity:
    """At the end of the script."""
    before = db.query(Activity).filter_by(workshop_id=workshop.id).count()
    made = Activity(
        **{
            "workshop_id": workshop.id,
            "kind": kind,
            "position": before + 1,
            "title": "Inchecken",
            "question": "Hoe zit u erbij?",
            "minutes": 10,
            **facts,
        }
    )
    db.add(made)
    db.flush()
    return made


def make_sign_up(
    workshop: Workshop, name: str = "Roos Vermeer", email: str = "roos@elders.example", **facts: Any
) -> SignUp:
    made = SignUp(workshop_id=workshop.id, name=name, email=email, **facts)
    db.add(made)
    db.flush()
    return made
