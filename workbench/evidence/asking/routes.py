"""Information questions and requests under a goal, and what to do with a suggested figure."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.cards import save_card
from workbench.core.forms import CardForm
from workbench.core.web import get_or_404, page, saved
from workbench.evidence.asking import operations
from workbench.evidence.asking.forms import QuestionForm, RequestForm
from workbench.evidence.asking.models import DataRequest, InformationQuestion
from workbench.indicators import queries as catalogue
from workbench.vision import queries as plans
from workbench.vision import steps
from workbench.vision.histories import History, form_words, offer
from workbench.vision.models import Goal

bp = Blueprint("asking", __name__, url_prefix="/<council>")

LATER = timedelta(days=182)  # half a year: about two looks before the next budget


@bp.route("/doelen/<uuid:goal_id>/informatievragen/nieuw", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def new_question(goal_id: UUID) -> ResponseReturnValue:
    message = _("De vraag staat erbij. Hieronder ziet u cijfers die kunnen helpen.")
    return _new(
        "asking/question.html", goal_id, QuestionForm(), operations.ask, after=("evidence.choose", message)
    )


@bp.route("/informatievragen/<uuid:information_question_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def edit_question(information_question_id: UUID) -> ResponseReturnValue:
    card = get_or_404(InformationQuestion, information_question_id)
    return _edit("asking/question.html", card, QuestionForm(obj=card))


@bp.post("/informatievragen/<uuid:information_question_id>/verwijderen")
@requires(Permission.EDIT_PLAN)
def remove_question(information_question_id: UUID) -> ResponseReturnValue:
    return _remove(get_or_404(InformationQuestion, information_question_id))


@bp.route("/doelen/<uuid:goal_id>/verzoeken/nieuw", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def new_request(goal_id: UUID) -> ResponseReturnValue:
    after = ("evidence.goal", _("Het verzoek staat bij het doel."))
    return _new("asking/request.html", goal_id, RequestForm(), operations.request_data, after=after)


@bp.route("/verzoeken/<uuid:data_request_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def edit_request(data_request_id: UUID) -> ResponseReturnValue:
    card = get_or_404(DataRequest, data_request_id)
    return _edit("asking/request.html", card, RequestForm(obj=card))


@bp.post("/verzoeken/<uuid:data_request_id>/verwijderen")
@requires(Permission.EDIT_PLAN)
def remove_request(data_request_id: UUID) -> ResponseReturnValue:
    return _remove(get_or_404(DataRequest, data_request_id))


def _new(
    template: str, goal_id: UUID, form: CardForm, add: Callable[..., Any], *, after: tuple[str, str]
) -> ResponseReturnValue:
    """`after`: where to go once it is there, and what is said then."""
    goal = plans.goal_at_work(goal_id, steps.EVIDENCE)
    if form.validate_on_submit():
        add(goal, current_user.id, **form.changes())
        endpoint, message = after
        flash(message, "success")
        return redirect(url_for(endpoint, goal_id=goal.id))
    return page(template, form=form, goal=goal, card=None)


def _edit(template: str, card: Any, form: CardForm) -> ResponseReturnValue:
    goal = plans.goal_at_work(card.goal_id, steps.EVIDENCE)
    form.start_from(card)
    status = 200
    if form.validate_on_submit():
        if form.saved(lambda: save_card(card, form.changes(), by=current_user.id, base_version=form.base())):
            return saved(card, url_for("evidence.goal", goal_id=goal.id), _("Bewaard."))
        status = 409
    return page(template, status=status, form=form, goal=goal, card=card)


def _history(card: Any, name: str, form: CardForm, back: str) -> History:
    goal = plans.goal_with_values(card.goal_id)
    return History(card, goal.plan_id, steps.EVIDENCE, name, back, form_words(form))


def _question_history(information_question_id: UUID) -> History:
    card = get_or_404(InformationQuestion, information_question_id)
    back = url_for("asking.edit_question", information_question_id=card.id)
    return _history(card, card.text, QuestionForm(formdata=None), back)


def _request_history(data_request_id: UUID) -> History:
    card = get_or_404(DataRequest, data_request_id)
    back = url_for("asking.edit_request", data_request_id=card.id)
    return _history(card, card.wanted, RequestForm(formdata=None), back)


offer(bp, "/informatievragen/<uuid:information_question_id>", "question_history", _question_history)
offer(bp, "/verzoeken/<uuid:data_request_id>", "request_history", _request_history)


def _remove(card: InformationQuestion | DataRequest) -> ResponseReturnValue:
    goal = plans.goal_at_work(card.goal_id, steps.EVIDENCE)
    operations.remove(card)
    return _to_goal(goal, _("Verwijderd."))


def _to_goal(goal: Goal, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("evidence.goal", goal_id=goal.id))


@bp.post("/doelen/<uuid:goal_id>/cijfers/<slug>/later")
@requires(Permission.EDIT_PLAN)
def later(goal_id: UUID, slug: str) -> ResponseReturnValue:
    review_on = date.today() + LATER  # noqa: DTZ011 - a calendar day
    return _passed_over(goal_id, slug, review_on, _("Dit cijfer staat nu bij Later."))


@bp.post("/doelen/<uuid:goal_id>/cijfers/<slug>/past-niet")
@requires(Permission.EDIT_PLAN)
def unfit(goal_id: UUID, slug: str) -> ResponseReturnValue:
    return _passed_over(goal_id, slug, None, _("We stellen dit cijfer bij dit doel niet meer voor."))


def _passed_over(goal_id: UUID, slug: str, review_on: date | None, message: str) -> ResponseReturnValue:
    goal = plans.goal_at_work(goal_id, steps.EVIDENCE)
    operations.pass_over(goal, catalogue.find_indicator(slug) or abort(404), review_on)
    flash(message, "success")
    return redirect(url_for("evidence.choose", goal_id=goal.id))


@bp.post("/doelen/<uuid:goal_id>/cijfers/<slug>/toch-wel")
@requires(Permission.EDIT_PLAN)
def take_back(goal_id: UUID, slug: str) -> ResponseReturnValue:
    goal = plans.goal_at_work(goal_id, steps.EVIDENCE)
    operations.take_back(goal, catalogue.find_indicator(slug) or abort(404))
    return redirect(url_for("evidence.choose", goal_id=goal.id))
