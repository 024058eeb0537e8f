"""How a workshop stands: what all screens share, and telling them that it changed.

Nothing of anybody's answer stands in it: numbers, states, and what the facilitator asks. It comes from PostgreSQL
alone, so a screen that missed every message knows as much as the others once it asks.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import redis
import sqlalchemy as sa
import structlog
from flask import current_app
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from workbench.core.db import db
from workbench.live.channel import channel, make_token
from workbench.workshops.kinds import METHODS, WITH_CARDS, Kind
from workbench.workshops.models import Activity, ActivityState, Attendee, Contribution, Workshop

log = structlog.get_logger()

# Of which settings of an activity a phone draws its form.
ASKED = ("options", "most", "dots", "per_option", "ask_reason", "parts", "per_person", "shows_at_once")
ONE_CARD = frozenset({Kind.CHECK_IN, Kind.EXIT_QUESTION})
MANY_CARDS = 10  # of one person, under one question, where the script does not say


@dataclass(frozen=True)
class _Facts:
    activity: Activity | None
    ready: int
    of: int
    cards: str  # a mark of the cards as they lie, without their words


def stand(workshop: Workshop) -> dict[str, Any]:
    """What all screens may know, for JSON. `version` changes with everything in it, `shows` with what a phone draws."""
    facts = _facts(workshop)
    told: dict[str, Any] = {
        "shows": _shows(workshop, facts),
        "state": workshop.state.value,
        "title": workshop.title,
        "activity": _activity(facts.activity) if facts.activity else None,
        "ready": facts.ready,
        "of": facts.of,
    }
    return {"version": _mark(told, facts.cards), **told}


def cards_per_person(activity: Activity) -> int:
    """How many cards one person may send, under each question of this activity."""
    usual = 1 if activity.kind in ONE_CARD else MANY_CARDS
    return int(activity.settings.get("per_person") or usual)


def stream(workshop: Workshop, holder: str) -> str | None:
    """The address at which this device can follow the workshop, to be used within two minutes. None: screens ask now and then."""
    settings = current_app.extensions["settings"]
    if not settings.live_url:
        return None
    token = make_token(settings.secret_key.get_secret_value(), workshop.id, holder)
    return f"{settings.live_url.rstrip('/')}?token={token}"


def changed(workshop: Workshop) -> None:
    """Tell the screens once the current transaction is committed; never before, never after a rollback. Call it last."""
    facts = _facts(workshop)
    ends_at = facts.activity.ends_at if facts.activity else None
    message = {"shows": _shows(workshop, facts), "ends_at": _iso(ends_at)}
    db.info.setdefault("workshops_changed", {})[workshop.id] = json.dumps(message)


def _facts(workshop: Workshop) -> _Facts:
    """In one question to the database."""
    here = sa.and_(Attendee.workshop_id == workshop.id, Attendee.left_at.is_(None))
    of = sa.select(sa.func.count()).select_from(Attendee).where(here).scalar_subquery()
    if workshop.current_id is None:
        return _Facts(None, 0, db.scalar(sa.select(of)) or 0, "")
    sent = sa.and_(Contribution.activity_id == Activity.id, Contribution.withdrawn_at.is_(None))
    senders = (
        sa.select(sa.func.count(sa.distinct(Contribution.attendee_id)))
        .join(Attendee, Attendee.id == Contribution.attendee_id)
        .where(sent, here)
        .scalar_subquery()
    )
    ready = sa.case(
        (Activity.round_id.is_not(None), sa.func.round_ready(Activity.round_id)),
        (Activity.kind.in_(WITH_CARDS), senders),
        else_=0,
    )
    card = sa.func.concat(Contribution.id, Contribution.hidden_at, Contribution.cluster)
    cards = sa.select(
        sa.func.md5(sa.func.string_agg(card, aggregate_order_by(sa.literal(" "), Contribution.id)))
    )
    row = db.execute(
        sa.select(Activity, ready, of, cards.where(sent).scalar_subquery()).where(
            Activity.id == workshop.current_id, Activity.workshop_id == workshop.id
        )
    ).one_or_none()
    if row is None:
        return _Facts(None, 0, db.scalar(sa.select(of)) or 0, "")
    activity, n, people, lie = row
    return _Facts(activity, n, max(n, people), lie or "")


def _shows(workshop: Workshop, facts: _Facts) -> str:
    """A mark of all that a phone draws, whoever holds it; how many are ready and the timer are not in it."""
    activity = facts.activity
    if activity is None:
        return _mark(workshop.state.value)
    told = {name: value for name, value in _activity(activity).items() if name != "ends_at"}
    # Cards of others are on the phones only after the reveal; before it a new one changes nothing there.
    return _mark(workshop.state.value, told, facts.cards if activity.state == ActivityState.REVEALED else "")


def _activity(activity: Activity) -> dict[str, Any]:
    asked = {name: activity.settings[name] for name in ASKED if name in activity.settings}
    if activity.kind not in METHODS:
        asked["per_person"] = cards_per_person(activity)
    return {
        "id": str(activity.id),
        "kind": activity.kind.value,
        "title": activity.title,
        "question": activity.question,
        "explanation": activity.explanation,
        "state": activity.state.value,
        "minutes": activity.minutes,
        "ends_at": _iso(activity.ends_at),
        "round_id": str(activity.round_id) if activity.round_id else None,
        **asked,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _mark(*facts: object) -> str:
    return hashlib.blake2s(json.dumps(facts, sort_keys=True).encode(), digest_size=8).hexdigest()


@event.listens_for(Session, "after_commit")
def _tell(session: Session) -> None:
    if session.in_nested_transaction():
        return
    messages: dict[UUID, str] = session.info.pop("workshops_changed", {})
    for workshop_id, message in messages.items():
        try:
            current_app.extensions["redis"].publish(channel(workshop_id), message)
        except redis.RedisError as error:  # screens that hear nothing ask by themselves
            log.warning("workshop_not_told", error=type(error).__name__)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, previous: object) -> None:
    if getattr(previous, "nested", False) is False:
        session.info.pop("workshops_changed", None)
