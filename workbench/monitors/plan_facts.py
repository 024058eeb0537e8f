"""What there is in plans, as the proposal asks it."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa

from workbench.core.db import db
from workbench.evidence.follow_up.models import CostLine
from workbench.evidence.measuring.models import Aiming, Measuring
from workbench.evidence.models import Link
from workbench.evidence.telling.hearing import Passage, passages_by_goal
from workbench.monitors.proposal import Facts, GoalFact, LinkFact, PassageFact
from workbench.vision.models import Goal, GoalValue, Plan, Value


def facts_by_plan(*plan_ids: UUID) -> dict[UUID, Facts]:
    """Plan id -> what there is in it, for these plans or all of the acting council, in five queries."""
    values: dict[UUID, list[UUID]] = defaultdict(list)
    for plan_id, value_id in db.execute(
        sa.select(Plan.id, Value.id)
        .outerjoin(Value, sa.and_(Value.plan_id == Plan.id, Value.merged_into_id.is_(None)))
        .where(*([Plan.id.in_(plan_ids)] if plan_ids else []))
        .order_by(Value.created_at, Value.id)
    ):
        values[plan_id] += [value_id] if value_id else []
    links: dict[UUID, list[LinkFact]] = defaultdict(list)
    for link_id, goal_id, aiming in db.execute(
        sa.select(Link.id, Link.goal_id, Measuring.aiming)
        .outerjoin(Measuring, Measuring.link_id == Link.id)
        .order_by(Link.created_at, Link.id)
    ):
        links[goal_id].append(LinkFact(link_id, has_aim=aiming is Aiming.AIM))
    costs, passages = goals_with_costs(), passages_by_goal()
    served = sa.select(sa.func.array_agg(GoalValue.value_id)).where(GoalValue.goal_id == Goal.id)
    goals: dict[UUID, list[GoalFact]] = defaultdict(list)
    for goal_id, plan_id, value_ids in db.execute(
        sa.select(Goal.id, Goal.plan_id, served.scalar_subquery()).order_by(Goal.created_at, Goal.id)
    ):
        goals[plan_id].append(
            GoalFact(
                goal_id,
                tuple(value_ids or ()),
                tuple(links[goal_id]),
                has_costs=goal_id in costs,
                passages=passage_facts(passages.get(goal_id, ())),
            )
        )
    return {plan_id: Facts(tuple(found), tuple(goals[plan_id])) for plan_id, found in values.items()}


def passage_facts(found: Iterable[Passage]) -> tuple[PassageFact, ...]:
    return tuple(PassageFact(one.id, one.leaning, one.is_public) for one in found)


def goals_with_costs() -> set[UUID]:
    """The goals of the acting council of which somebody said what they cost."""
    return set(db.scalars(sa.select(CostLine.goal_id).distinct()))
