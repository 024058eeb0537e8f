"""The steps of a plan: their questions one by one, looking them over, skipping, opening to others, adapting."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, may, requires
from workbench.core import audit
from workbench.core.cards import EditConflict
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.web import get_or_404, page, saved
from workbench.vision import operations, queries, steps, words
from workbench.vision.forms import (
    AnswerForm,
    NewQuestionForm,
    QuestionForm,
    SkipForm,
    StepForm,
    answer_form,
)
from workbench.vision.models import Answer, Plan, PlanQuestion, PlanStatus, PlanStep
from workbench.vision.steps import QuestionKind
from workbench.vision.task_list import step_address
from workbench.vision.together import queries as together
from workbench.vision.together.models import Purpose

bp = Blueprint("steps", __name__, url_prefix="/<council>")

# --- A step and its questions ---------------------------------------------------------------------------------------


@bp.get("/trajecten/<uuid:plan_id>/stappen/<int:number>")
@requires(Permission.READ_PLAN)
def step(plan_id: UUID, number: int) -> ResponseReturnValue:
    """The questions of a step as a task list. A locked step answers 409 and names what is missing."""
    plan = queries.readable_plan(plan_id, number)
    content = queries.step(plan, number)
    queries.check_step(plan, number)
    asked = queries.asked_of(plan, number)
    if number in steps.WITH_CARDS and not asked:
        return redirect(step_address(plan, number))
    about = (Purpose.POSITIONS, Purpose.STATEMENTS)
    rounds = together.rounds_of(plan, *about) if number == steps.FRICTION else []
    values = queries.values_of(plan) if rounds else []
    return page(
        "vision/step.html",
        rounds=together.newest(rounds, *about),
        values=values,
        spreads=together.spreads(rounds, values),
        plan=plan,
        step=content,
        piece=str(steps.PIECE_NAMES[content.piece]),
        own=queries.own_step(plan, number),
        asked=asked,
        can_write=may(Permission.EDIT_PLAN) and plan.status is PlanStatus.RUNNING,
        words=answer_words,
        people=_people(asked),
        skipped=queries.skips_of(plan).get(number),
        may_skip=number not in steps.NEVER_SKIPPED,
        cards=step_address(plan, number) if number in steps.WITH_CARDS else None,
    )


def answer_words(asked: queries.Asked, people: dict[str, str]) -> str:
    """The answer to a question as text; empty when there is none."""
    return words.answer_words(asked.question.kind, asked.answer.value, people) if asked.answer else ""


def _people(asked: list[queries.Asked]) -> dict[str, str]:
    """The names that these answers may need."""
    is_needed = any(item.question.kind is QuestionKind.PEOPLE for item in asked)
    return queries.group_candidates() if is_needed else {}


@bp.route("/vragen/<uuid:question_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def question(question_id: UUID) -> ResponseReturnValue:
    """One question on one page."""
    found, plan = queries.question_of_plan(question_id)
    asked = queries.asked_of(plan, found.number, left_out=True)
    place = next(index for index, item in enumerate(asked) if item.question.id == found.id)
    people = _people(asked)
    form = answer_form(found, people)(data={"value": _as_typed(found, asked[place].answer)})
    if asked[place].answer:
        form.start_from(asked[place].answer)
    context: dict[str, Any] = {
        "form": form,
        "plan": plan,
        "step": queries.step(plan, found.number),
        "asked": asked[place],
        "number": 1 + sum(not item.question.left_out for item in asked[:place]),
        "count": sum(not item.question.left_out for item in asked),
        "earlier": [item for item in asked if item.is_given and item.question.id != found.id],
        "words": answer_words,
        "people": people,
        "action": url_for("steps.question", question_id=found.id, nakijken=request.args.get("nakijken")),
    }
    if form.validate_on_submit():
        if not form.saved(lambda: _save(form, found, people)):
            return page("vision/question.html", status=409, **context)
        return saved(queries.answer_to(found), _after(plan, asked, place))
    return page("vision/question.html", **context)


def _save(form: AnswerForm, question: PlanQuestion, people: dict[str, str]) -> Answer:
    """Raises: EditConflict, with the answer of a colleague in words."""
    try:
        return operations.save_answer(question, form.state(), form.answered(), current_user.id, form.base())
    except EditConflict as conflict:
        card: Any = conflict.card
        theirs = words.answer_words(question.kind, card.value, people)
        raise EditConflict(card, {"value": words.state_words(card.state, theirs)}) from None


def _as_typed(question: PlanQuestion, answer: Answer | None) -> object:
    """A kept value as its field takes it."""
    if answer is None or answer.value in (None, ""):
        return None
    return date.fromisoformat(answer.value) if question.kind is QuestionKind.DATE else answer.value


def _after(plan: Plan, asked: list[queries.Asked], place: int) -> str:
    """The next question of the step; after the last one, or where one came from there, the answers to look over."""
    if "nakijken" not in request.args:
        for item in asked[place + 1 :]:
            if not item.question.left_out:
                return url_for("steps.question", question_id=item.question.id)
    return url_for("steps.check", plan_id=plan.id, number=asked[place].question.number)


@bp.get("/trajecten/<uuid:plan_id>/stappen/<int:number>/nakijken")
@requires(Permission.EDIT_PLAN)
def check(plan_id: UUID, number: int) -> ResponseReturnValue:
    """All answers of a step, each with a way to change it, and the button that finishes the step."""
    plan = queries.plan_at_work(plan_id, number)
    asked = queries.asked_of(plan, number)
    return page(
        "vision/check.html",
        plan=plan,
        step=queries.step(plan, number),
        own=queries.own_step(plan, number),
        asked=asked,
        unanswered=[item for item in asked if item.question.required and item.is_open],
        words=answer_words,
        people=_people(asked),
    )


@bp.post("/trajecten/<uuid:plan_id>/stappen/<int:number>/afronden")
@requires(Permission.EDIT_PLAN)
def finish(plan_id: UUID, number: int) -> ResponseReturnValue:
    plan = queries.plan_at_work(plan_id, number)
    asked = queries.asked_of(plan, number)
    unanswered = [item.text for item in asked if item.question.required and item.is_open]
    own = queries.own_step(plan, number)
    operations.finish_step(own, unanswered, current_user.id)
    flash(_("Stap %(number)s is afgerond. U kunt hem altijd weer openen.", number=own.position), "success")
    return redirect(url_for("evidence.plan", plan_id=plan.id))


@bp.post("/trajecten/<uuid:plan_id>/stappen/<int:number>/heropenen")
@requires(Permission.EDIT_PLAN)
def resume(plan_id: UUID, number: int) -> ResponseReturnValue:
    plan = queries.plan_at_work(plan_id, number)
    own = queries.own_step(plan, number)
    operations.resume_step(own)
    flash(_("Stap %(number)s is weer open.", number=own.position), "success")
    return redirect(url_for("steps.step", plan_id=plan.id, number=number))


# --- We do not know, and later, where there are cards ---------------------------------------------------------------


@bp.post("/trajecten/<uuid:plan_id>/stappen/<int:number>/openlaten")
@requires(Permission.EDIT_PLAN)
def leave_open(plan_id: UUID, number: int) -> ResponseReturnValue:
    """Of a step with cards, or of one goal in a step: we do not know, later, or neither any more."""
    plan = queries.plan_at_work(plan_id, number)
    goal_id = queries.goal_of(plan, request.form.get("goal", ""))
    if number not in (steps.PER_GOAL if goal_id else steps.WITH_CARDS):
        raise Conflict(_("Dit laat u open bij de vragen van deze stap."))
    pressed = request.form.get("state", "")
    if pressed not in ("unknown", "later"):
        operations.take_up(plan.id, number, goal_id)
        flash(_("Dat is teruggenomen. U kunt dit weer invullen."), "success")
        return redirect(_open_place(plan, number, goal_id))
    state = steps.AnswerState(pressed)
    operations.leave_open(plan, number, state, current_user.id, goal_id)
    if state is steps.AnswerState.UNKNOWN:
        flash(_("Opgeschreven: dit weten we niet. Het staat ook in het invulschema."), "success")
        return redirect(_open_place(plan, number, goal_id))
    flash(_("Op later gezet. Wij vragen er nog eens naar."), "success")
    if goal_id is None:
        return redirect(url_for("evidence.plan", plan_id=plan.id))
    return redirect(_open_place(plan, number, queries.next_open_goal(plan, number, goal_id)))


def _open_place(plan: Plan, number: int, goal_id: UUID | None) -> str:
    """Where this step is filled in, at this goal."""
    per_goal = {steps.NEEDS: "needs", steps.COSTS: "costs", steps.STEERING: "steering"}
    if number not in per_goal:
        return step_address(plan, number)
    anchor: dict[str, Any] = {"_anchor": f"doel-{goal_id}"} if goal_id else {}
    return url_for(f"follow_up.{per_goal[number]}", plan_id=plan.id, **anchor)


# --- Skipping -------------------------------------------------------------------------------------------------------


@bp.route("/trajecten/<uuid:plan_id>/stappen/<int:number>/overslaan", methods=["GET", "POST"])
@requires(Permission.LEAD_PLAN)
def skip(plan_id: UUID, number: int) -> ResponseReturnValue:
    plan = queries.readable_plan(plan_id, number)
    queries.check_running(plan)
    content = queries.step(plan, number)
    form = SkipForm()
    if form.validate_on_submit():
        operations.skip_step(plan, number, form.reason.text, current_user.id)
        flash(
            _("Stap %(number)s is overgeslagen. De reden staat bij het traject.", number=content.position),
            "success",
        )
        return redirect(url_for("evidence.plan", plan_id=plan.id))
    return page("vision/skip.html", form=form, plan=plan, step=content)


@bp.post("/trajecten/<uuid:plan_id>/stappen/<int:number>/toch-doen")
@requires(Permission.LEAD_PLAN)
def undo_skip(plan_id: UUID, number: int) -> ResponseReturnValue:
    plan = queries.readable_plan(plan_id, number)
    queries.check_running(plan)
    operations.undo_skip(plan, number, current_user.id)
    own = queries.own_step(plan, number)
    flash(_("Stap %(number)s doet weer mee.", number=own.position), "success")
    return redirect(url_for("evidence.plan", plan_id=plan.id))


# --- Who may read along ---------------------------------------------------------------------------------------------


@bp.get("/trajecten/<uuid:plan_id>/meelezers")
@requires(Permission.OPEN_PLAN)
def readers(plan_id: UUID) -> ResponseReturnValue:
    """Per step: may those outside the working group read along, and what they then see."""
    plan = queries.readable_plan(plan_id)
    own = {item.number: item for item in plan.steps}
    return page("vision/readers.html", plan=plan, steps=queries.steps(plan), own=own)


@bp.post("/trajecten/<uuid:plan_id>/stappen/<int:number>/openstellen")
@requires(Permission.OPEN_PLAN)
def open_step(plan_id: UUID, number: int) -> ResponseReturnValue:
    found = queries.own_step(queries.readable_plan(plan_id), number)
    found.open()
    return _read_by(found, "step_opened", _("Anderen lezen stap %(number)s nu ook.", number=found.position))


@bp.post("/trajecten/<uuid:plan_id>/stappen/<int:number>/sluiten")
@requires(Permission.OPEN_PLAN)
def close_step(plan_id: UUID, number: int) -> ResponseReturnValue:
    found = queries.own_step(queries.readable_plan(plan_id), number)
    found.close()
    message = _("Alleen de werkgroep leest stap %(number)s nu nog.", number=found.position)
    return _read_by(found, "step_closed", message)


def _read_by(own: PlanStep, action: str, message: str) -> ResponseReturnValue:
    audit.record(action, own, step=own.position)
    flash(message, "success")
    return redirect(url_for("steps.readers", plan_id=own.plan_id))


# --- Adapting the step plan -----------------------------------------------------------------------------------------


@bp.get("/trajecten/<uuid:plan_id>/volgorde")
@requires(Permission.LEAD_PLAN)
def order(plan_id: UUID) -> ResponseReturnValue:
    """The steps by piece of the puzzle, with the places where each may stand."""
    plan = queries.readable_plan(plan_id)
    queries.check_running(plan)
    pieces = [(str(steps.PIECE_NAMES[piece]), items) for piece, items in queries.pieces_of(plan)]
    return page("vision/order.html", plan=plan, pieces=pieces)


@bp.post("/trajecten/<uuid:plan_id>/stappen/<int:number>/plek")
@requires(Permission.LEAD_PLAN)
def move(plan_id: UUID, number: int) -> ResponseReturnValue:
    """To another place in its piece, by number."""
    plan = queries.readable_plan(plan_id)
    queries.check_running(plan)
    own = queries.own_step(plan, number)
    place = request.form.get("to" if "to" in request.form else "place", type=int)
    if place is None:
        raise Conflict(_("Vul in op welke plek de stap moet komen."))
    operations.move_step(plan, own.number, place)
    flash(_("“%(title)s” is nu stap %(number)s.", title=own.spoken_title, number=own.position), "success")
    return redirect(url_for("steps.order", plan_id=plan.id, _anchor=f"stap-{number}"))


@bp.route("/trajecten/<uuid:plan_id>/stappen/<int:number>/aanpassen", methods=["GET", "POST"])
@requires(Permission.LEAD_PLAN)
def adapt(plan_id: UUID, number: int) -> ResponseReturnValue:
    """Rename a step, and choose and order its questions. Also before the step can begin."""
    plan = queries.readable_plan(plan_id, number)
    queries.check_running(plan)
    own = queries.own_step(plan, number)
    form = StepForm(obj=own)
    if form.validate_on_submit():
        own.title, own.minutes = form.title.text, form.minutes.data or own.minutes
        audit.record("step_adapted", own, step=own.position)
        flash(_("De stap is aangepast."), "success")
        return redirect(url_for("steps.adapt", plan_id=plan.id, number=number))
    return page(
        "vision/adapt.html",
        form=form,
        plan=plan,
        step=queries.step(plan, number),
        asked=queries.asked_of(plan, number, left_out=True),
    )


@bp.route("/trajecten/<uuid:plan_id>/stappen/<int:number>/vragen/nieuw", methods=["GET", "POST"])
@requires(Permission.LEAD_PLAN)
def new_question(plan_id: UUID, number: int) -> ResponseReturnValue:
    plan = queries.readable_plan(plan_id, number)
    queries.check_running(plan)
    content = queries.step(plan, number)
    form = NewQuestionForm()
    if form.validate_on_submit():
        operations.add_question(
            plan,
            number,
            {
                "text": form.text.text,
                "help": form.help.text,
                "example": form.example.text,
                "kind": form.kind.data,
            },
        )
        flash(_("De vraag is toegevoegd, aan het eind van de stap."), "success")
        return redirect(url_for("steps.adapt", plan_id=plan.id, number=number))
    return page("vision/question_form.html", form=form, plan=plan, step=content, question=None)


def _question_to_adapt(question_id: UUID) -> tuple[PlanQuestion, Plan]:
    question = get_or_404(PlanQuestion, question_id)
    plan = queries.readable_plan(question.plan_id, question.number)
    queries.check_running(plan)
    return question, plan


@bp.route("/vragen/<uuid:question_id>/aanpassen", methods=["GET", "POST"])
@requires(Permission.LEAD_PLAN)
def adapt_question(question_id: UUID) -> ResponseReturnValue:
    found, plan = _question_to_adapt(question_id)
    form = QuestionForm(obj=found)
    if form.validate_on_submit():
        found.text, found.help, found.example = form.text.text, form.help.text, form.example.text
        audit.record("question_adapted", found, step=plan.step(found.number).position)
        flash(_("De vraag is aangepast."), "success")
        return redirect(url_for("steps.adapt", plan_id=plan.id, number=found.number))
    return page(
        "vision/question_form.html",
        form=form,
        plan=plan,
        step=queries.step(plan, found.number),
        question=found,
    )


@bp.post("/vragen/<uuid:question_id>/plek")
@requires(Permission.LEAD_PLAN)
def move_question(question_id: UUID) -> ResponseReturnValue:
    """To another place in its step, by number."""
    found, plan = _question_to_adapt(question_id)
    place = request.form.get("place", type=int)
    if place is None:
        raise Conflict(_("Vul in op welke plek de vraag moet komen: 1 is bovenaan."))
    operations.move_question(found, max(0, min(place, 1000)))
    return redirect(url_for("steps.adapt", plan_id=plan.id, number=found.number))


@bp.post("/vragen/<uuid:question_id>/weglaten")
@requires(Permission.LEAD_PLAN)
def leave_out(question_id: UUID) -> ResponseReturnValue:
    message = _("De vraag doet niet mee. Een antwoord blijft bewaard.")
    return _adapted(question_id, operations.leave_out, message)


@bp.post("/vragen/<uuid:question_id>/terug")
@requires(Permission.LEAD_PLAN)
def take_back(question_id: UUID) -> ResponseReturnValue:
    return _adapted(question_id, operations.take_back, _("De vraag doet weer mee."))


def _adapted(question_id: UUID, change: Callable[[PlanQuestion], None], message: str) -> ResponseReturnValue:
    found, plan = _question_to_adapt(question_id)
    change(found)
    flash(message, "success")
    return redirect(url_for("steps.adapt", plan_id=plan.id, number=found.number))


@bp.post("/trajecten/<uuid:plan_id>/status")
@requires(Permission.LEAD_PLAN)
def set_status(plan_id: UUID) -> ResponseReturnValue:
    plan = queries.readable_plan(plan_id)
    wanted = request.form.get("status", "")
    if wanted not in set(PlanStatus):
        raise Conflict(_("Kies of het traject loopt, is afgerond of is gearchiveerd."))
    operations.set_status(plan, PlanStatus(wanted))
    db.flush()
    flash(_("Dit traject staat nu op “%(status)s”.", status=plan.status_name), "success")
    return redirect(url_for("evidence.plan", plan_id=plan.id))


@bp.post("/trajecten/<uuid:plan_id>/voorop")
@requires(Permission.LEAD_PLAN)
def put_first(plan_id: UUID) -> ResponseReturnValue:
    """Choose the plan on the home page, in the menu and of the monitor."""
    plan = queries.readable_plan(plan_id)
    operations.put_first(plan)
    flash(
        _("“%(title)s” staat nu op de beginpagina en achter Monitor in het menu.", title=plan.title),
        "success",
    )
    return redirect(url_for("evidence.plan_list"))
