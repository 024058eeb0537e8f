"""Reading questions, requests and what was passed over."""

from collections import defaultdict
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workbench.core.db import db
from workbench.evidence.asking.models import Candidate, DataRequest, InformationQuestion, Verdict
from workbench.evidence.models import Link
from workbench.vision.models import Goal, Plan


def questions_of(goal: Goal) -> list[InformationQuestion]:
    return list(
        db.scalars(
            sa.select(InformationQuestion)
            .where(InformationQuestion.goal_id == goal.id)
            .order_by(InformationQuestion.created_at, InformationQuestion.id)
        )
    )


def requests_of(goal: Goal) -> list[DataRequest]:
    """What was asked for: open ones first, the first due first."""
    return list(
        db.scalars(
            sa.select(DataRequest)
            .where(DataRequest.goal_id == goal.id)
            .order_by(DataRequest.delivered, DataRequest.due_on, DataRequest.id)
        )
    )


def requests_by_goal(plan: Plan) -> dict[UUID, list[DataRequest]]:
    """Goal id -> its requests that were not delivered yet, the first due first, in one query."""
    found: dict[UUID, list[DataRequest]] = defaultdict(list)
    for request in db.scalars(
        sa.select(DataRequest)
        .join(Goal, Goal.id == DataRequest.goal_id)
        .where(Goal.plan_id == plan.id, DataRequest.delivered.is_(False))
        .order_by(DataRequest.due_on, DataRequest.id)
    ):
        found[request.goal_id].append(request)
    return found


def left_out(goal: Goal) -> sa.Select[Any]:
    """Ids of the indicators not to suggest for a goal: chosen already, for later, or unfit."""
    chosen = sa.select(Link.indicator_id).where(Link.goal_id == goal.id, Link.indicator_id.is_not(None))
    passed = sa.select(Candidate.indicator_id).where(Candidate.goal_id == goal.id)
    return sa.select(sa.union_all(chosen, passed).subquery())


def passed_over(plan: Plan, verdict: Verdict) -> list[tuple[Candidate, Goal]]:
    """Figures that the group did not choose, with their goals; those for later by the day to look again."""
    rows = db.execute(
        sa.select(Candidate, Goal)
        .join(Goal, Goal.id == Candidate.goal_id)
        .where(Goal.plan_id == plan.id, Candidate.verdict == verdict)
        .options(joinedload(Candidate.indicator))
        .order_by(Candidate.review_on, Candidate.id)
    )
    return [(candidate, goal) for candidate, goal in rows]
