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
    """Links of a goal with their indicators and how they are measured, in the order they were made, in one query."""
    return list(
        db.scalars(
            sa.select(Link)
            .where(Link.goal_id == goal.id)
            .options(
                joinedload(Link.indicator).joinedload(Indicator.series),
                joinedload(Link.own_indicator),
                joinedload(Link.measuring),
            )
            .order_by(Link.created_at, Link.id)
        ).unique()
    )


def links_by_goal(
    plan: Plan, *conditions: sa.ColumnElement[bool], with_series: bool = False
) -> dict[UUID, list[Link]]:
    """Goal id -> its links, with indicators and how they are measured, for a whole plan in one query."""
    found: dict[UUID, list[Link]] = defaultdict(list)
    indicator = joinedload(Link.indicator)
    for link in db.scalars(
        sa.select(Link)
        .join(Goal, Goal.id == Link.goal_id)
        .where(Goal.plan_id == plan.id, *conditions)
        .options(
            indicator.selectinload(Indicator.series) if with_series else indicator,
            joinedload(Link.own_indicator),
            joinedload(Link.measuring),
        )
        .order_by(Link.created_at, Link.id)
    ):
        found[link.goal_id].append(link)
    return found


def in_view_by_goal(plan: Plan, *, with_series: bool = False) -> dict[UUID, list[Link]]:
    """`links_by_goal`, without those that rest."""
    return links_by_goal(plan, Link.rests_until.is_(None), with_series=with_series)


def resting_by_goal(plan: Plan) -> dict[UUID, int]:
    """Goal id -> how many of its links rest; goals without such a link are not in it."""
    rows = db.execute(
        sa.select(Link.goal_id, sa.func.count())
        .join(Goal, Goal.id == Link.goal_id)
        .where(Goal.plan_id == plan.id, Link.rests_until.is_not(None))
        .group_by(Link.goal_id)
    )
    return {goal_id: count for goal_id, count in rows}  # noqa: C416 - rows are no tuples to the type checker


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
