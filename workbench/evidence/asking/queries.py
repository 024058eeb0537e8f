"""Reading questions, requests and what was passed over."""

from collections import defaultdict
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workbench.core.db import db
from workbench.evidence.asking.models import Candidate, DataRequest, InformationQuestion, Verdict
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


def candidates_of(goal: Goal) -> dict[UUID, Candidate]:
    """Indicator id -> what the group said about it when it did not choose it."""
    found = db.scalars(
        sa.select(Candidate).where(Candidate.goal_id == goal.id).options(joinedload(Candidate.indicator))
    )
    return {item.indicator_id: item for item in found}


def postponed(plan: Plan) -> list[tuple[Candidate, Goal]]:
    """Figures that the group will look at later, with their goals, the first day first."""
    rows = db.execute(
        sa.select(Candidate, Goal)
        .join(Goal, Goal.id == Candidate.goal_id)
        .where(Goal.plan_id == plan.id, Candidate.verdict == Verdict.LATER)
        .options(joinedload(Candidate.indicator))
        .order_by(Candidate.review_on, Candidate.id)
    )
    return [(candidate, goal) for candidate, goal in rows]
