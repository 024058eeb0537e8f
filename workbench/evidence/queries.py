"""Reading links."""

from collections import defaultdict
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workbench.core.db import db
from workbench.evidence.models import Link
from workbench.indicators.models import Indicator
from workbench.vision.models import Goal, Plan


def links_of(goal: Goal) -> list[Link]:
    """Links of a goal with their indicators, in the order they were made."""
    return list(
        db.scalars(
            sa.select(Link)
            .where(Link.goal_id == goal.id)
            .options(joinedload(Link.indicator), joinedload(Link.own_indicator))
            .order_by(Link.created_at)
        )
    )


def links_by_goal(plan: Plan) -> dict[UUID, list[Link]]:
    """Goal id -> its links, with indicators and their series, for a whole plan in two queries."""
    found: dict[UUID, list[Link]] = defaultdict(list)
    for link in db.scalars(
        sa.select(Link)
        .join(Goal, Goal.id == Link.goal_id)
        .where(Goal.plan_id == plan.id)
        .options(joinedload(Link.indicator).selectinload(Indicator.series), joinedload(Link.own_indicator))
        .order_by(Link.created_at, Link.id)
    ):
        found[link.goal_id].append(link)
    return found


def link_with_indicator(link_id: UUID) -> Link | None:
    return db.scalar(
        sa.select(Link)
        .where(Link.id == link_id)
        .options(
            joinedload(Link.goal).selectinload(Goal.values),
            joinedload(Link.indicator),
            joinedload(Link.own_indicator),
        )
    )
