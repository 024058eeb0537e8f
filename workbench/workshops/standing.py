"""How a workshop stands now, for all its screens."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from workbench.core.db import db
from workbench.workshops.kinds import METHODS
from workbench.workshops.models import Activity, Attendee, Contribution, Workshop


def stand(workshop: Workshop) -> dict[str, Any]:
    """The public state as JSON; nothing of anybody's answer."""
    current = db.get(Activity, workshop.current_id) if workshop.current_id else None
    of = db.scalar(_count(Attendee.id, Attendee.workshop_id == workshop.id, Attendee.left_at.is_(None))) or 0
    return {
        "version": f"{workshop.state} {_facts(current)}",
        "state": workshop.state,
        "activity": None if current is None else {"id": str(current.id), "state": current.state},
        "ready": 0 if current is None else _ready(current),
        "of": of,
    }


def _facts(current: Activity | None) -> str:
    if current is None:
        return ""
    ends_at: datetime | None = current.ends_at
    return f"{current.id} {current.state} {ends_at.isoformat() if ends_at else ''}"


def _ready(current: Activity) -> int:
    if current.kind in METHODS:
        return db.scalar(sa.select(sa.func.round_ready(current.round_id))) or 0 if current.round_id else 0
    sent = sa.select(sa.func.count(sa.distinct(Contribution.attendee_id)))
    return (
        db.scalar(sent.where(Contribution.activity_id == current.id, Contribution.withdrawn_at.is_(None)))
        or 0
    )


def _count(column: Any, *conditions: sa.ColumnElement[bool]) -> sa.Select[tuple[int]]:
    return sa.select(sa.func.count(column)).where(*conditions)


def changed(workshop: Workshop) -> None:
    """Tell the other screens after the commit."""
    db.info.setdefault("changed_workshops", set()).add(workshop.id)
