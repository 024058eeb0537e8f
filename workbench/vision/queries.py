"""Reading plans, values and goals; a plan that was not opened is hidden from those outside the working group."""

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from flask import abort, g
from flask_babel import gettext
from sqlalchemy.orm import selectinload

from workbench.core.db import db
from workbench.core.web import get_or_404
from workbench.vision.models import Goal, GoalValue, Plan, Step, StepNote, Value

CardOfPlan = TypeVar("CardOfPlan", Value, Goal, StepNote)


def readable_plan(plan_id: UUID) -> Plan:
    """The plan, when this member may see it; else 404 (other council) or 403 (not opened)."""
    plan = get_or_404(Plan, plan_id)
    return plan if plan.may_be_read_by(g.membership) else abort(403)


def readable(model: type[CardOfPlan], card_id: UUID) -> CardOfPlan:
    """A card of a plan this member may see; else 404 or 403."""
    card = get_or_404(model, card_id)
    readable_plan(card.plan_id)
    return card


def plans() -> list[Plan]:
    """Plans this member may see, newest first."""
    found = db.scalars(sa.select(Plan).order_by(Plan.created_at.desc()))
    return [plan for plan in found if plan.may_be_read_by(g.membership)]


def values_of(plan: Plan, *, with_goals: bool = False) -> list[Value]:
    """Values of a plan, in the order they were made."""
    query = sa.select(Value).where(Value.plan_id == plan.id).order_by(Value.created_at, Value.id)
    return list(db.scalars(query.options(selectinload(Value.goals)) if with_goals else query))


def goals_of(plan: Plan) -> list[Goal]:
    """Goals of a plan with their values, in the order they were made."""
    return list(
        db.scalars(
            sa.select(Goal)
            .where(Goal.plan_id == plan.id)
            .options(selectinload(Goal.values))
            .order_by(Goal.created_at, Goal.id)
        )
    )


def goals_serving(plan: Plan) -> list[tuple[Goal, list[UUID]]]:
    """Goals of a plan, in the order they were made, each with the ids of its values; in one query."""
    served = sa.select(sa.func.array_agg(GoalValue.value_id)).where(GoalValue.goal_id == Goal.id)
    rows = db.execute(
        sa.select(Goal, served.scalar_subquery())
        .where(Goal.plan_id == plan.id)
        .order_by(Goal.created_at, Goal.id)
    )
    return [(goal, value_ids or []) for goal, value_ids in rows]


def goal_with_values(goal_id: UUID) -> Goal:
    """A goal of a plan this member may see, with its values loaded."""
    goal = db.get(Goal, goal_id, options=[selectinload(Goal.values)], populate_existing=True) or abort(404)
    readable_plan(goal.plan_id)
    return goal


@dataclass(frozen=True)
class StepText:
    """A step in the language of this request: the step plan is content, and its texts are in the catalogue too."""

    number: int
    title: str
    question: str
    why: str
    example: str
    fills: str
    minutes: int


def _spoken(step: Step) -> StepText:
    texts = (gettext(text) for text in (step.title, step.question, step.why, step.example, step.fills))
    title, question, why, example, fills = texts
    return StepText(step.number, title, question, why, example, fills, step.minutes)


def steps() -> list[StepText]:
    return [_spoken(step) for step in db.scalars(sa.select(Step).order_by(Step.number))]


def step(number: int) -> StepText:
    """The content of one step; 404 when there is none."""
    return _spoken(db.get(Step, number) or abort(404))


def note_of(plan: Plan, number: int) -> StepNote | None:
    return db.scalar(sa.select(StepNote).where(StepNote.plan_id == plan.id, StepNote.number == number))
