"""Earlier versions of a plan's name, a value, a goal and an answer."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, url_for
from flask_babel import gettext as _

from workbench.knowledge.queries import law_names
from workbench.vision import queries, steps
from workbench.vision.forms import GoalForm, PlanForm, ValueForm
from workbench.vision.histories import History, form_words, offer
from workbench.vision.models import PlanQuestion, Value
from workbench.vision.words import answer_words, state_words

bp = Blueprint("history", __name__, url_prefix="/<council>")


def _plan(plan_id: UUID) -> History:
    plan = queries.readable_plan(plan_id)
    back = url_for("evidence.plan", plan_id=plan.id)
    return History(plan, plan.id, steps.ASSIGNMENT, plan.title, back, form_words(PlanForm(formdata=None)))


def _value(value_id: UUID) -> History:
    value = queries.readable(Value, value_id)
    back = url_for("vision.value", value_id=value.id)
    return History(value, value.plan_id, steps.VALUES, value.name, back, form_words(ValueForm(formdata=None)))


def _goal(goal_id: UUID) -> History:
    goal = queries.goal_with_values(goal_id)
    form = GoalForm(formdata=None)
    form.offer(queries.values_of(goal.plan), law_names())
    back = url_for("evidence.goal", goal_id=goal.id)
    return History(goal, goal.plan_id, steps.GOALS, goal.sentence, back, form_words(form))


def _answer(question_id: UUID) -> History:
    question, plan = queries.question_of_plan(question_id)
    answer = queries.answer_to(question) or abort(404)
    back = url_for("steps.question", question_id=question.id)
    words = _answer_words(question, queries.group_candidates())
    return History(answer, plan.id, question.number, queries.said(question.text), back, words)


def _answer_words(
    question: PlanQuestion, people: dict[str, str]
) -> Callable[[dict[str, Any]], dict[str, str]]:
    def words(content: dict[str, Any]) -> dict[str, str]:
        text = answer_words(question.kind, content["value"], people)
        return {_("Antwoord"): state_words(content["state"], text)}

    return words


offer(bp, "/trajecten/<uuid:plan_id>/naam", "plan", _plan)
offer(bp, "/waarden/<uuid:value_id>", "value", _value)
offer(bp, "/doelen/<uuid:goal_id>", "goal", _goal)
offer(bp, "/vragen/<uuid:question_id>", "answer", _answer)
