"""The steps of a plan as items for the task list component: the home of a plan."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from workbench.vision import queries, steps
from workbench.vision.models import Plan


def task_list(plan: Plan) -> list[dict[str, Any]]:
    """Every step with its state; a step that cannot begin says what is missing, a skipped one why."""
    facts = queries.facts_of(plan)
    states = steps.states(facts)
    skips = queries.skips_of(plan) if facts.skipped else {}
    return [
        {
            "title": step.title,
            "hint": _hint(plan, step, facts, skips),
            "href": None
            if states[step.number] is steps.StepState.BLOCKED
            else step_address(plan, step.number),
            "status": states[step.number].value,
            "status_text": str(steps.STATE_NAMES[states[step.number]]),
            "minutes": step.minutes,
            "number": step.position,
            "step": step.number,
            "is_open": step.number in plan.opened_steps,
        }
        for step in queries.steps(plan)
    ]


def _hint(plan: Plan, step: queries.StepText, facts: steps.Facts, skips: dict[int, queries.Skipped]) -> str:
    if step.number in skips:
        return str(_("Overgeslagen: %(reason)s", reason=skips[step.number].skip.reason))
    return queries.missing_for(plan, step.number, facts) or step.question


def step_address(plan: Plan, number: int) -> str:
    """Where a step is worked on: its cards, or its questions."""
    if number == steps.VALUES:
        return url_for("vision.values", plan_id=plan.id)
    if number in steps.WITH_CARDS:
        return url_for("evidence.goals", plan_id=plan.id)
    return url_for("steps.step", plan_id=plan.id, number=number)
