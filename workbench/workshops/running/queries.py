"""Reading a workshop while it runs: its script, who is there, the cards, and the figure that people talk about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask import abort, g
from sqlalchemy.orm import joinedload, selectinload

from workbench.core.db import db
from workbench.core.text import current_language
from workbench.monitors import queries as monitors
from workbench.monitors.format import TOLD, Format
from workbench.monitors.hearing import hear
from workbench.monitors.queries import BlockView
from workbench.monitors.voices import Voice
from workbench.rounds import queries as rounds
from workbench.rounds.models import Round
from workbench.rounds.queries import Result
from workbench.stories.kept.visibility import Audience
from workbench.vision.models import Plan
from workbench.vision.steps import EVIDENCE
from workbench.workshops.kinds import FROM_CARDS, KEPT_TO_ONESELF, WITH_CARDS, Kind
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


def shows_at_once(activity: Activity) -> bool:
    """Do cards come on the wall while people still write?"""
    return activity.kind is Kind.BRAINSTORM and bool(activity.settings.get("shows_at_once"))


def on_the_wall(activity: Activity) -> bool:
    """May everyone in the room see the cards?"""
    if activity.kind not in WITH_CARDS - KEPT_TO_ONESELF:
        return False
    if shows_at_once(activity):
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


# --- A figure with its voices ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Evidence:
    """A block of the monitor of the plan, and who told something about it. `figure` None: it is not there (any more)."""

    figure: BlockView | None
    voices: Sequence[Voice] = ()


def evidence_of(workshop: Workshop, activity: Activity) -> Evidence | None:
    """None: this activity is about no figure. In the room may be anyone, so of voices only what everyone may hear."""
    block_id = activity.settings.get("block_id")
    if not block_id or workshop.plan_id is None:
        return None
    plan = db.get_one(Plan, workshop.plan_id, options=[joinedload(Plan.steps)])
    shown = monitors.stored_by_plan(plan.id).get(plan.id, monitors.NOTHING)
    block = next((one for one in shown.format.drawn if str(one.id) == block_id), None)
    if block is None or not plan.may_be_read_by(g.membership, EVIDENCE):
        return Evidence(None)
    view = monitors.view_of(block, current_language().code)
    if view is None:
        return Evidence(None)
    ids = _beside(shown.format, view.link.id, view.link.goal_id)
    heard = hear(ids, Audience.PUBLIC) if ids else {}
    return Evidence(view, [heard[one] for one in ids])


def _beside(format_: Format, link_id: UUID, goal_id: UUID) -> list[UUID]:
    """Ids of the voices that stand beside this figure; without any, of those about the same goal."""
    told = [
        block
        for section in format_.sections
        for block in section.blocks
        if isinstance(block, TOLD) and not block.hidden and not section.hidden
    ]
    chosen = [block for block in told if block.beside == link_id] or [
        block for block in told if block.goal_id == goal_id
    ]
    return list(dict.fromkeys(one for block in chosen for one in block.excerpt_ids))
