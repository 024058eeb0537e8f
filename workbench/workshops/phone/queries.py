"""Reading what stands on a phone: the workshop behind a code, the own answer and cards, and what the group said."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from workbench.accounts.models import Audience, Council
from workbench.accounts.operations import find_door
from workbench.core.db import db
from workbench.rounds.models import Round
from workbench.workshops.models import Activity, Attendee, Contribution, State, Workshop


def behind(code: str) -> Workshop | None:
    """The running workshop of this code; the session then acts for its council. None: the code is worthless (now)."""
    door = find_door(code, Audience.WORKSHOP)
    if door is None:
        return None
    found = db.get(Workshop, door.object_id)
    return found if found is not None and found.state == State.RUNNING else None


def council_of(workshop: Workshop) -> Council:
    """With the style of its pages."""
    return db.scalars(
        sa.select(Council)
        .where(Council.id == workshop.council_id)
        .options(sa.orm.joinedload(Council.house_style))
    ).one()


def attendee_of(workshop: Workshop, device: str) -> Attendee | None:
    """Who holds this device, when that person takes part."""
    return db.scalar(
        sa.select(Attendee).where(
            Attendee.workshop_id == workshop.id, Attendee.device_hash == device, Attendee.left_at.is_(None)
        )
    )


def activity_of(workshop: Workshop, activity_id: UUID | None) -> Activity | None:
    found = db.get(Activity, activity_id) if activity_id else None
    return found if found is not None and found.workshop_id == workshop.id else None


def round_of(activity: Activity) -> Round:
    return db.get_one(Round, activity.round_id)


def own_cards(activity: Activity, attendee: Attendee) -> Sequence[Contribution]:
    """In the order in which they were sent."""
    return db.scalars(
        sa.select(Contribution)
        .where(
            Contribution.activity_id == activity.id,
            Contribution.attendee_id == attendee.id,
            Contribution.withdrawn_at.is_(None),
        )
        .order_by(Contribution.saved_at, Contribution.id)
    ).all()


@dataclass(frozen=True)
class Pile:
    """Cards that lie together; without a name: each by itself."""

    part: str
    name: str
    texts: list[str]


def piles(activity: Activity) -> list[Pile]:
    """What the group sent, after the reveal: without who, without what the facilitator hid."""
    rows = db.execute(
        sa.select(Contribution.part, Contribution.cluster, Contribution.text)
        .where(
            Contribution.activity_id == activity.id,
            Contribution.withdrawn_at.is_(None),
            Contribution.hidden_at.is_(None),
        )
        # Ids are made by chance, so their order does not tell who was first.
        .order_by(Contribution.part, Contribution.cluster == "", Contribution.cluster, Contribution.id)
    )
    found: dict[tuple[str, str], list[str]] = {}
    for part, name, text in rows:
        found.setdefault((part, name), []).append(text)
    places = {part: place for place, part in enumerate(activity.settings.get("parts", []))}
    listed = [Pile(part, name, texts) for (part, name), texts in found.items()]
    return sorted(listed, key=lambda pile: places.get(pile.part, len(places)))
