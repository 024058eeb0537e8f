"""Reading a workshop while it runs: its script, who is there, and the cards."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask import abort
from sqlalchemy.orm import selectinload

from workbench.core.db import db
from workbench.rounds import queries as rounds
from workbench.rounds.models import Round
from workbench.rounds.queries import Result
from workbench.workshops.kinds import FROM_CARDS, KEPT_TO_ONESELF, WITH_CARDS
from workbench.workshops.models import Activity, ActivityState, Attendee, Contribution, Workshop


def workshop_or_404(workshop_id: UUID) -> Workshop:
    """With its script. What another council has does not exist here."""
    found = db.scalars(
        sa.select(Workshop)
        .where(Workshop.id == workshop_id)
        .options(selectinload(Workshop.activities))
        .execution_options(populate_existing=True)
    ).one_or_none()
    return found or abort(404)


def current_of(workshop: Workshop) -> Activity | None:
    """What is on the screens."""
    return next((one for one in workshop.activities if one.id == workshop.current_id), None)


def following(workshop: Workshop) -> Activity | None:
    """What comes after it."""
    places = [one.id for one in workshop.activities]
    start = places.index(workshop.current_id) + 1 if workshop.current_id in places else 0
    return next((one for one in workshop.activities[start:] if one.state != ActivityState.SKIPPED), None)


def attendees(workshop: Workshop) -> Sequence[Attendee]:
    """Who is there, in the order in which they came."""
    return db.scalars(
        sa.select(Attendee)
        .where(Attendee.workshop_id == workshop.id, Attendee.left_at.is_(None))
        .order_by(Attendee.joined_at, Attendee.id)
    ).all()


def late(people: Sequence[Attendee], opened_at: datetime | None) -> int:
    """How many came after the question was opened."""
    return sum(one.joined_at > opened_at for one in people) if opened_at else 0


# --- Cards ----------------------------------------------------------------------------------------------------------


def on_the_wall(activity: Activity) -> bool:
    """May everyone in the room see the cards?"""
    if activity.kind not in WITH_CARDS - KEPT_TO_ONESELF:
        return False
    if activity.shows_at_once:
        return activity.state not in (ActivityState.WAITING, ActivityState.SKIPPED)
    return activity.state == ActivityState.REVEALED


def to_moderate(activity: Activity) -> bool:
    """May the facilitator see the cards? From the closing on, so that nothing comes on the wall that should not."""
    return on_the_wall(activity) or (
        activity.kind in WITH_CARDS - KEPT_TO_ONESELF and activity.state == ActivityState.CLOSED
    )


def cards(activity: Activity, *, hidden: bool = False) -> Sequence[Contribution]:
    """In the order in which they came; `hidden`: also those that were hidden."""
    which = [Contribution.activity_id == activity.id, Contribution.withdrawn_at.is_(None)]
    if not hidden:
        which.append(Contribution.hidden_at.is_(None))
    return db.scalars(
        sa.select(Contribution).where(*which).order_by(Contribution.saved_at, Contribution.id)
    ).all()


def on_piles(found: Sequence[Contribution]) -> dict[str, list[Contribution]]:
    """Name of the pile -> its cards, the largest first; under "" what lies apart, last."""
    piles: dict[str, list[Contribution]] = {}
    for card in found:
        piles.setdefault(card.cluster, []).append(card)
    names = sorted(piles, key=lambda name: (not name, -len(piles[name]), name.casefold()))
    return {name: piles[name] for name in names}


def source_of_options(script: Sequence[Activity], activity: Activity) -> Activity | None:
    """The part with cards before this one, from which the group may choose in this one."""
    if activity.kind not in FROM_CARDS or activity.state != ActivityState.WAITING:
        return None
    found = [one for one in script if one.position < activity.position and to_moderate(one)]
    return found[-1] if found else None


def option_labels(source: Activity) -> list[str]:
    """The names of its piles, the largest first; without piles its cards, each once."""
    found = cards(source)
    piles = [name for name in on_piles(found) if name]
    return piles or list(dict.fromkeys(card.text for card in found))


# --- What the group said --------------------------------------------------------------------------------------------


def outcome(activity: Activity) -> tuple[Round, Result] | None:
    """Of an activity that was counted; None before the reveal."""
    if activity.round_id is None or activity.state != ActivityState.REVEALED:
        return None
    found = db.get_one(Round, activity.round_id)
    result = rounds.result(found)
    return (found, result) if result else None
