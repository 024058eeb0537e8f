"""The conversation of a council: asking about a figure or a text, answering, and everything in one list."""

import io
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, may, requires
from workbench.accounts.models import Role
from workbench.core.errors import Conflict
from workbench.core.forms import Form
from workbench.core.language import Language
from workbench.core.web import language, page, saved
from workbench.documents import docx
from workbench.evidence.insight.operations import TakenOver
from workbench.evidence.insight.queries import findings_of
from workbench.knowledge.calendar.models import today
from workbench.monitors.conversation import agenda, difference, operations, queries, states, words
from workbench.monitors.conversation.forms import (
    AnswerForm,
    AskForm,
    MeaningForm,
    ReasonForm,
    ReassignForm,
    SayForm,
    TermForm,
    UnclearForm,
)
from workbench.monitors.conversation.models import FigureQuestion, Kind, Subject
from workbench.monitors.conversation.queries import About, Choice, View
from workbench.monitors.conversation.states import Act, Standing
from workbench.monitors.conversation.tables import Table
from workbench.monitors.hearing import audience_of
from workbench.monitors.models import MonitorKind
from workbench.stories.kept.visibility import Audience
from workbench.vision import queries as plans
from workbench.vision import steps
from workbench.vision.models import Plan

bp = Blueprint("conversation", __name__, url_prefix="/<council>")

PAGE_SIZE = 25
# What the eye sees of a figure or text; when it was fetched and with whom it was compared stand apart.
COLOUR = re.compile(r"#[0-9a-f]{6}\b")
SEEN = ("state", "title", "text", "voices", "sentence", "table", "svg", "definition")

# --- The list -------------------------------------------------------------------------------------------------------


@bp.get("/gesprek")
@requires(Permission.READ_CONVERSATION)
def index() -> ResponseReturnValue:
    found, choice = plans.plans(), _choice()
    number = max(1, min(request.args.get("pagina", 1, type=int), 10_000))
    questions, total = queries.listed(choice, found, today(), PAGE_SIZE, (number - 1) * PAGE_SIZE)
    return page(
        "conversation/index.html",
        questions=questions,
        then=queries.contents_as_of([question.id for question in questions], language()),
        number=number,
        pages=max(1, -(-total // PAGE_SIZE)),
        choice=choice,
        plans=found,
        View=View,
        day=today(),
    )


@bp.get("/gesprek.docx")
@requires(Permission.READ_CONVERSATION)
def agenda_file() -> ResponseReturnValue:
    """What the list shows, all of it, as a Word file for the agenda."""
    found, choice = plans.plans(), _choice()
    questions, _total = queries.listed(choice, found, today())
    then = queries.contents_as_of([question.id for question in questions], language())
    document = agenda.document(questions, then, choice.view, g.council, today())
    return send_file(
        io.BytesIO(docx.write(document)),
        mimetype=docx.MIMETYPE,
        as_attachment=True,
        download_name=f"{_('gesprek')}-{g.council.slug}-{today().isoformat()}.docx",
    )


def _choice() -> Choice:
    """What was asked for in the address; what is not understood, is left out."""
    view = request.args.get("toon", "")
    default = View.ALL if "figuur" in request.args else View.OPEN
    return Choice(
        View(view) if view in set(View) else default,
        request.args.get("traject", type=UUID),
        request.args.get("figuur", type=UUID),
    )


# --- Asking ---------------------------------------------------------------------------------------------------------


@bp.route("/figuren/<uuid:block_id>/vraag", methods=["GET", "POST"])
@requires(Permission.ASK_QUESTIONS)
def ask_figure(block_id: UUID) -> ResponseReturnValue:
    return _ask(queries.block(block_id) or abort(404))


@bp.route("/doelen/<uuid:goal_id>/vraag", methods=["GET", "POST"])
@requires(Permission.ASK_QUESTIONS)
def ask_goal(goal_id: UUID) -> ResponseReturnValue:
    about = queries.goal(goal_id)
    return _ask(about, _about_finding(_plan_of(about), goal_id))


def _about_finding(plan: Plan, goal_id: UUID) -> str:
    """The beginning of a question about the finding of this goal that the address names; empty without one."""
    found = request.args.get("bevinding", type=UUID)
    if found is None or not plans.may_read(plan, steps.EVIDENCE):
        return ""
    texts = {finding.id: finding.text for finding in findings_of(goal_id)}
    return _("Over de bevinding “%(text)s”: ", text=texts[found]) if found in texts else ""


@bp.route("/waarden/<uuid:value_id>/vraag", methods=["GET", "POST"])
@requires(Permission.ASK_QUESTIONS)
def ask_value(value_id: UUID) -> ResponseReturnValue:
    return _ask(queries.value(value_id))


@bp.route("/figuren/<uuid:block_id>/opmerking", methods=["GET", "POST"])
@requires(Permission.SPEAK)
def say_figure(block_id: UUID) -> ResponseReturnValue:
    return _say(queries.block(block_id) or abort(404))


@bp.route("/doelen/<uuid:goal_id>/opmerking", methods=["GET", "POST"])
@requires(Permission.SPEAK)
def say_goal(goal_id: UUID) -> ResponseReturnValue:
    return _say(queries.goal(goal_id))


@bp.route("/waarden/<uuid:value_id>/opmerking", methods=["GET", "POST"])
@requires(Permission.SPEAK)
def say_value(value_id: UUID) -> ResponseReturnValue:
    return _say(queries.value(value_id))


def _plan_of(about: About) -> Plan:
    return plans.readable_plan(about.plan_id, *about.steps)


def _ask(about: About, begins: str = "") -> ResponseReturnValue:
    found = queries.owners(_plan_of(about), about.steps)
    form = AskForm(
        period=request.args.get("periode", ""),
        owner=str(queries.proposed_owner(about, found)),
        text=begins,
    )
    form.owner.choices = [(str(member.person_id), _named(member)) for member in found]
    form.offer(about.periods(language()))
    if form.validate_on_submit():
        try:
            made = operations.ask(
                about, form.text.text, UUID(form.owner.data), current_user.id, period=_period(form)
            )
        except TakenOver as refusal:
            form.text.errors = [str(refusal)]
        else:
            flash(_("Uw vraag is gesteld. %(kept)s", kept=_kept(about)), "success")
            return redirect(url_for("conversation.show", figure_question_id=made.id))
    return _asking(about, form, Kind.QUESTION)


def _say(about: About) -> ResponseReturnValue:
    _plan_of(about)
    kind = {Role.EXECUTIVE: Kind.REACTION, Role.ADVISER: Kind.ADVICE}.get(g.membership.role, Kind.REMARK)
    form = SayForm(period=request.args.get("periode", ""))
    form.offer(about.periods(language()))
    if form.validate_on_submit():
        try:
            made = operations.say(about, kind, form.text.text, current_user.id, period=_period(form))
        except TakenOver as refusal:
            form.text.errors = [str(refusal)]
        else:
            flash(_("Het staat erbij. %(kept)s", kept=_kept(about)), "success")
            return redirect(url_for("conversation.show", figure_question_id=made.id))
    return _asking(about, form, kind)


def _kept(about: About) -> str:
    """What stays with what somebody writes: words of a story never do."""
    if about.subject is Subject.QUOTE:
        return str(_("Wie er sprak, blijft erbij bewaard; de woorden zelf niet."))
    if about.subject is Subject.FIGURE:
        return str(_("Het cijfer van vandaag blijft erbij bewaard."))
    return str(_("De tekst van vandaag blijft erbij bewaard."))


def _asking(about: About, form: Form, kind: Kind) -> ResponseReturnValue:
    return page(
        "conversation/ask.html",
        about=about,
        shown=about.content(language()),
        form=form,
        kind=kind,
        Kind=Kind,
        last_day=today() + states.TERM,
        back=_place(about),
        voices=queries.voices_in(about.content(language()), audience_of(about.monitor)),
    )


def _period(form: SayForm) -> str:
    return str(form.period.data or "") if form.period else ""


def _named(member: Any) -> str:
    return f"{member.person.name}, {member.role_name}"


def _place(about: About) -> str:
    """Where this stands."""
    if about.subject is Subject.GOAL:
        return url_for("evidence.goal", goal_id=about.goal_id)
    if about.subject is Subject.VALUE:
        return url_for("vision.value", value_id=about.value_id)
    anchor = f"cijfer-{about.link_id}" if about.subject is Subject.FIGURE else f"blok-{about.block_id}"
    if about.monitor and about.monitor.kind is not MonitorKind.COUNCIL:
        return url_for("shaping.show", monitor_id=about.monitor.id, _anchor=anchor)
    return url_for("monitors.plan_monitor", plan_id=about.plan_id, _anchor=anchor)


# --- One question ---------------------------------------------------------------------------------------------------


@bp.get("/gesprek/<uuid:figure_question_id>")
@requires(Permission.READ_CONVERSATION)
def show(figure_question_id: UUID) -> ResponseReturnValue:
    question = queries.question(figure_question_id)
    code, then = queries.as_of(question, language())
    present = queries.present(question)
    now = present.contents.get(code) if present else None
    return page(
        "conversation/show.html",
        question=question,
        then=then,
        now=now,
        present=present,
        then_language=code,
        changed=_difference(question, then, now, Language(code)),
        voices=queries.voices_in(then, _audience(present)),
        voices_now=queries.voices_in(now or {}, _audience(present)),
        is_same=now is not None and all(_seen(then, name) == _seen(now, name) for name in SEEN),
        place=_place(present) if present else "",
        acts=states.open_acts(question.state, _standing(question)),
        Act=Act,
        Kind=Kind,
        Subject=Subject,
        words=words,
        day=today(),
    )


def _audience(present: About | None) -> Audience:
    """Of a block that is gone: as the council may hear it."""
    return audience_of(present.monitor if present else None)


def _seen(content: dict[str, Any], name: str) -> Any:
    """A drawing in another house style shows the same."""
    shown = content.get(name)
    return COLOUR.sub("", shown) if name == "svg" and shown else shown


def _difference(
    question: FigureQuestion, then: dict[str, Any], now: dict[str, Any] | None, spoken: Language
) -> str:
    if question.subject is Subject.FIGURE:
        return difference.between(_shown(then), _shown(now) if now else None, spoken, question.period)
    if question.subject is Subject.QUOTE:
        return difference.of_voices(then["voices"], now["voices"] if now else None, spoken)
    return difference.of_text(then["text"], now["text"] if now else None, spoken)


def _shown(content: dict[str, Any]) -> difference.Shown:
    group = content["comparison"]
    return difference.Shown(
        Table.of(content["table"]) if content["table"] else None,
        content["definition"],
        (group["kind"], group["number"]) if group else None,
        content["options"],
    )


def _standing(question: FigureQuestion) -> Standing:
    return Standing(
        asked=question.asked_by_id == current_user.id,
        owns=question.owner_id == current_user.id,
        answers=may(Permission.ANSWER_ALL_QUESTIONS),
        leads=may(Permission.LEAD_CONVERSATION),
    )


@bp.route("/gesprek/<uuid:figure_question_id>/antwoord", methods=["GET", "POST"])
@requires(Permission.ANSWER_QUESTIONS)
def answer(figure_question_id: UUID) -> ResponseReturnValue:
    return _act(
        figure_question_id, Act.ANSWER, AnswerForm(), _("Antwoorden"), _("Uw antwoord staat bij de vraag.")
    )


@bp.post("/gesprek/<uuid:figure_question_id>/helder")
@requires(Permission.SPEAK)
def clear(figure_question_id: UUID) -> ResponseReturnValue:
    question = _to_act(figure_question_id, Act.CLEAR)
    operations.act(question, Act.CLEAR, current_user.id)
    return _done(question, _("Fijn dat het helder is. Dat staat nu bij de vraag."))


@bp.route("/gesprek/<uuid:figure_question_id>/niet-helder", methods=["GET", "POST"])
@requires(Permission.SPEAK)
def unclear(figure_question_id: UUID) -> ResponseReturnValue:
    return _act(
        figure_question_id, Act.UNCLEAR, UnclearForm(), _("Niet helder"), _("Uw vraag is opnieuw gesteld.")
    )


@bp.route("/gesprek/<uuid:figure_question_id>/intrekken", methods=["GET", "POST"])
@requires(Permission.SPEAK)
def withdraw(figure_question_id: UUID) -> ResponseReturnValue:
    return _act(figure_question_id, Act.WITHDRAW, ReasonForm(), _("Intrekken"), _("Ingetrokken."))


@bp.route("/gesprek/<uuid:figure_question_id>/doorgeven", methods=["GET", "POST"])
@requires(Permission.ANSWER_QUESTIONS)
def reassign(figure_question_id: UUID) -> ResponseReturnValue:
    question = _to_act(figure_question_id, Act.REASSIGN)
    form = ReassignForm()
    form.to.choices = [
        (str(member.person_id), _named(member))
        for member in queries.owners(question.plan, queries.STEPS_OF[question.subject])
        if member.person_id != question.owner_id
    ]
    return _act(
        figure_question_id,
        Act.REASSIGN,
        form,
        _("Vraag doorgeven"),
        _("De vraag is doorgegeven."),
        facts=lambda: {"to": UUID(form.to.data)},
    )


@bp.route("/gesprek/<uuid:figure_question_id>/termijn", methods=["GET", "POST"])
@requires(Permission.LEAD_CONVERSATION)
def set_term(figure_question_id: UUID) -> ResponseReturnValue:
    form = TermForm(due_on=_to_act(figure_question_id, Act.SET_TERM).due_on)
    return _act(
        figure_question_id,
        Act.SET_TERM,
        form,
        _("Laatste dag veranderen"),
        _("De laatste dag is veranderd."),
        facts=lambda: {"due_on": form.due_on.data},
    )


@bp.route("/gesprek/<uuid:figure_question_id>/sluiten", methods=["GET", "POST"])
@requires(Permission.LEAD_CONVERSATION)
def close(figure_question_id: UUID) -> ResponseReturnValue:
    question = _to_act(figure_question_id, Act.CLOSE)
    form = ReasonForm()
    if not states.needs_reason(question.state, Act.CLOSE):
        form.text.validators, form.text.flags.required = [], False
    return _act(figure_question_id, Act.CLOSE, form, _("Vraag sluiten"), _("De vraag is gesloten."))


def _to_act(question_id: UUID, what: Act) -> FigureQuestion:
    """The question, for somebody who may take this step with it; else 403 or 404."""
    question = queries.question(question_id)
    if not states.may(what, _standing(question)):
        abort(403)
    return question


def _act(
    question_id: UUID,
    what: Act,
    form: Form,
    title: str,
    message: str,
    *,
    facts: Callable[[], dict[str, Any]] = dict,
) -> ResponseReturnValue:
    """A page for one step. What was typed stays there when the step turns out not to go any more."""
    question = _to_act(question_id, what)
    refused = "" if question.state in states.LEADS_TO[what] else words.refusal(question.state, what)
    if not refused and form.validate_on_submit():
        try:
            operations.act(question, what, current_user.id, form["text"].data or "", **facts())
            return _done(question, message)
        except TakenOver as error:
            form["text"].errors = [str(error)]
        except Conflict as error:
            refused = str(error)
    return page(
        "conversation/act.html",
        status=409 if refused else 422 if form.errors else 200,
        question=question,
        form=form,
        title=title,
        refused=refused,
        what=what,
        Act=Act,
    )


def _done(question: FigureQuestion, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("conversation.show", figure_question_id=question.id))


# --- What it means --------------------------------------------------------------------------------------------------


@bp.route("/figuren/<uuid:block_id>/duiding", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def meaning(block_id: UUID) -> ResponseReturnValue:
    about = queries.block(block_id) or abort(404)
    _plan_of(about)
    card = queries.meaning_of(block_id)
    form = MeaningForm(obj=card)
    if card:
        form.start_from(card)
    status = 200
    if form.validate_on_submit():
        kept: list[Any] = []
        try:
            is_saved = form.saved(
                lambda: kept.append(operations.interpret(about, current_user.id, form.changes(), form.base()))
            )
        except TakenOver as refusal:
            form.recognise.errors, status = [str(refusal)], 422
        else:
            if is_saved:
                return saved(kept[0], _place(about), _("Bewaard. Het staat eronder."))
            status = 409
    return page(
        "conversation/meaning.html",
        status=status,
        form=form,
        about=about,
        shown=about.content(language()),
        voices=queries.voices_in(about.content(language()), audience_of(about.monitor)),
        back=_place(about),
    )
