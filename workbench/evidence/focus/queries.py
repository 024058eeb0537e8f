"""Reading what is in view and what rests."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workbench.core.db import db
from workbench.evidence.focus.models import USUAL, FocusSet
from workbench.evidence.models import Link
from workbench.vision.models import Goal, Plan


def size_of(plan_id: UUID) -> int:
    return db.scalar(sa.select(FocusSet.size).where(FocusSet.plan_id == plan_id)) or USUAL


def _links(plan_id: UUID) -> sa.Select[Link]:
    return (
        sa.select(Link)
        .join(Goal, Goal.id == Link.goal_id)
        .where(Goal.plan_id == plan_id)
        .options(joinedload(Link.goal), joinedload(Link.indicator), joinedload(Link.own_indicator))
    )


def in_view(plan_id: UUID) -> list[Link]:
    """Figures in view, in the order they were chosen, with their goals."""
    query = _links(plan_id).where(Link.rests_until.is_(None)).order_by(Link.created_at, Link.id)
    return list(db.scalars(query))


def resting(plan_id: UUID) -> list[Link]:
    """Figures that rest, the first day to look again first, with their goals."""
    query = _links(plan_id).where(Link.rests_until.is_not(None)).order_by(Link.rests_until, Link.id)
    return list(db.scalars(query))


def due(plan: Plan) -> list[Link]:
    """Figures that rest and of which the day to look again has come."""
    today = date.today()  # noqa: DTZ011 - a calendar day
    query = _links(plan.id).where(Link.rests_until <= today).order_by(Link.rests_until, Link.id)
    return list(db.scalars(query))


def may_choose(replaces: UUID | None, links: list[Link]) -> Link | None:
    """The link among these that a form named."""
    return next((link for link in links if link.id == replaces), None)
