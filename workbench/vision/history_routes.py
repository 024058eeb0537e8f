"""Earlier versions of a value, a goal or an answer: what changed word by word, and putting one back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.cards import CardRevision, revisions
from workbench.core.db import db
from workbench.core.jobs import Job, enqueue
from workbench.core.web import page
from workbench.vision import operations, queries
from workbench.vision.forms import GoalForm, ValueForm
from workbench.vision.models import Answer, Plan, PlanQuestion, Value
from workbench.vision.steps import AnswerState
from workbench.vision.words import Part, answer_words, difference, state_words

bp = Blueprint("history", __name__, url_prefix="/<council>")

Words = Callable[[dict[str, Any]], dict[str, str]]  # the content of a revision as label -> text


@dataclass(frozen=True)
class Kept:
    """A version on the page: who saved it when, and what it changed in which field."""

    number: int
    revision: CardRevision
    person: str | None
    changes: list[tuple[str, list[Part]]]


def _versions(card: Any, in_words: Words) -> list[Kept]:
    """All versions of a card, newest first, each against the one before it."""
    kept = revisions(card)
    names = queries.names_of(item.edited_by_id for item in kept)
    texts = [in_words(item.content) for item in kept]
    found = []
    for item, now, before in zip(kept, texts, [*texts[1:], {}], strict=True):
        changes = [
            (label, difference(before[label], text) if label in before else [Part(text)])
            for label, text in now.items()
            if text != before.get(label, "")
        ]
        person = names.get(item.edited_by_id) if item.edited_by_id else None
        found.append(Kept(item.number, item, person, changes))
    return found


def _value_words(content: dict[str, Any]) -> dict[str, str]:
    form = ValueForm(formdata=None)
    return {
        str(form[name].label.text): "" if text is None else str(text)
        for name, text in content.items()
        if name in form
    }


def _goal_words(names: dict[str, str]) -> Words:
    def in_words(content: dict[str, Any]) -> dict[str, str]:
        form = GoalForm(formdata=None)
        gone = _("een waarde die er niet meer is")
        texts = {
            **content,
            "values": ", ".join(sorted(names.get(value_id, gone) for value_id in content.get("values", []))),
        }
        return {
            str(form[name].label.text): "" if texts.get(name) is None else str(texts[name])
            for name in ("sentence", "values", "target_group", "horizon")
        }

    return in_words


def _answer_words(question: PlanQuestion, people: dict[str, str]) -> Words:
    def in_words(content: dict[str, Any]) -> dict[str, str]:
        text = answer_words(question.kind, content["value"], people)
        return {_("Antwoord"): state_words(AnswerState(content["state"]), text)}

    return in_words


@bp.get("/waarden/<uuid:value_id>/geschiedenis")
@requires(Permission.EDIT_PLAN)
def value(value_id: UUID) -> ResponseReturnValue:
    found = queries.readable(Value, value_id)
    return page(
        "vision/history.html",
        plan=db.get_one(Plan, found.plan_id),
        name=found.name,
        back=url_for("vision.value", value_id=found.id),
        versions=_versions(found, _value_words),
        put_back=lambda number: url_for("history.put_back_value", value_id=found.id, number=number),
    )


@bp.post("/waarden/<uuid:value_id>/geschiedenis/<int:number>")
@requires(Permission.EDIT_PLAN)
def put_back_value(value_id: UUID, number: int) -> ResponseReturnValue:
    found = queries.value_at_work(value_id)
    operations.put_back(found, number, current_user.id)
    flash(_("Versie %(number)s staat terug, als nieuwe versie.", number=number), "success")
    return redirect(url_for("vision.value", value_id=found.id))


@bp.get("/doelen/<uuid:goal_id>/geschiedenis")
@requires(Permission.EDIT_PLAN)
def goal(goal_id: UUID) -> ResponseReturnValue:
    found = queries.goal_with_values(goal_id)
    plan = db.get_one(Plan, found.plan_id)
    names = {str(item.id): item.name for item in queries.values_of(plan)}
    return page(
        "vision/history.html",
        plan=plan,
        name=found.sentence,
        back=url_for("evidence.goal", goal_id=found.id),
        versions=_versions(found, _goal_words(names)),
        put_back=lambda number: url_for("history.put_back_goal", goal_id=found.id, number=number),
    )


@bp.post("/doelen/<uuid:goal_id>/geschiedenis/<int:number>")
@requires(Permission.EDIT_PLAN)
def put_back_goal(goal_id: UUID, number: int) -> ResponseReturnValue:
    found = queries.goal_at_work(goal_id)
    operations.put_back(found, number, current_user.id)
    enqueue(Job.BUILD_BLOCKS)  # its figures may move to the section of another value
    flash(_("Versie %(number)s staat terug, als nieuwe versie.", number=number), "success")
    return redirect(url_for("evidence.goal", goal_id=found.id))


@bp.get("/vragen/<uuid:question_id>/geschiedenis")
@requires(Permission.EDIT_PLAN)
def answer(question_id: UUID) -> ResponseReturnValue:
    question, plan = queries.question_of_plan(question_id)
    found = queries.answer_to(question) or abort(404)
    return page(
        "vision/history.html",
        plan=plan,
        name=queries.said(question.text),
        back=url_for("steps.question", question_id=question.id),
        versions=_versions(found, _answer_words(question, queries.group_candidates())),
        put_back=lambda number: url_for("history.put_back_answer", question_id=question.id, number=number),
    )


@bp.post("/vragen/<uuid:question_id>/geschiedenis/<int:number>")
@requires(Permission.EDIT_PLAN)
def put_back_answer(question_id: UUID, number: int) -> ResponseReturnValue:
    question, _plan = queries.question_of_plan(question_id)
    found: Answer = queries.answer_to(question) or abort(404)
    operations.put_back(found, number, current_user.id)
    flash(_("Versie %(number)s staat terug, als nieuwe versie.", number=number), "success")
    return redirect(url_for("steps.question", question_id=question.id))
