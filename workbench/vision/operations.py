"""What a working group does with values and goals."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from workbench.core import audit
from workbench.core.cards import save_card
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.jobs import Job, enqueue
from workbench.vision.choosing.models import ValueDecision
from workbench.vision.models import MARKS, Goal, Plan, StepNote, Value


def start_plan(by: UUID | None, **content: Any) -> Plan:
    plan = Plan()
    db.add(plan)
    save_card(plan, content, by=by)
    return plan


def add_value(plan: Plan, by: UUID | None, **content: Any) -> Value:
    """State a value. It gets the shape and colour that is used least in this plan."""
    used = list(db.scalars(sa.select(Value.mark).where(Value.plan_id == plan.id)))
    value = Value(plan_id=plan.id, mark=min(range(MARKS), key=lambda mark: (used.count(mark), mark)))
    db.add(value)
    save_card(value, content, by=by)
    return value


def remove_value(value: Value) -> None:
    """Raises: Conflict when a goal stands under this value alone."""
    lonely = db.scalars(sa.select(Goal).where(Goal.values.any(Value.id == value.id))).unique().all()
    for goal in lonely:
        db.refresh(goal, attribute_names=["values"])
        if len(goal.values) == 1:
            raise Conflict(
                _(
                    "Onder deze waarde staat nog een doel. Geef dat doel eerst een andere waarde, of verwijder het."
                )
            )
    chosen = db.scalar(sa.select(ValueDecision.chosen).where(ValueDecision.plan_id == value.plan_id))
    if chosen and value.id in chosen:
        raise Conflict(_("De groep koos deze waarde. Verander eerst dat besluit."))
    audit.record("value_removed", value)
    db.delete(value)


def add_goal(plan: Plan, by: UUID | None, *, values: list[Value], **content: Any) -> Goal:
    """Set a goal under one or more values of the same plan. Raises: Conflict without a value."""
    if not values or any(value.plan_id != plan.id for value in values):
        raise Conflict(_("Een doel hoort bij minstens één waarde van dit traject."))
    goal = Goal(plan_id=plan.id)
    db.add(goal)
    save_card(goal, {**content, "values": values}, by=by)
    return goal


def change_goal(goal: Goal, by: UUID | None, base_version: int, **content: Any) -> None:
    """Raises: EditConflict, or Conflict without a value."""
    if not content["values"]:
        raise Conflict(_("Een doel hoort bij minstens één waarde van dit traject."))
    save_card(goal, content, by=by, base_version=base_version)
    enqueue(Job.BUILD_BLOCKS)  # its figures may move to the section of another value


def remove_goal(goal: Goal) -> None:
    audit.record("goal_removed", goal)
    db.delete(goal)


def write_note(
    plan: Plan, number: int, text: str, by: UUID | None, base_version: int | None = None
) -> StepNote:
    """Keep the text of a step. Raises: EditConflict."""
    note = db.scalar(sa.select(StepNote).where(StepNote.plan_id == plan.id, StepNote.number == number))
    if note is None:
        note = StepNote(plan_id=plan.id, number=number)
        db.add(note)
        base_version = None
    save_card(note, {"text": text}, by=by, base_version=base_version)
    return note
