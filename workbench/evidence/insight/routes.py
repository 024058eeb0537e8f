"""What stories say about a goal: patterns, excerpts, findings of the group, and the round about what matters most.

These pages show words of stories, so none of them is remembered.
"""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.web import get_or_404, page, saved
from workbench.evidence.insight import operations, queries
from workbench.evidence.insight.forms import FindingForm, StoryRoundForm
from workbench.evidence.insight.models import Finding
from workbench.evidence.insight.queries import Heard, Quote
from workbench.evidence.telling import queries as telling
from workbench.knowledge.calendar.models import today
from workbench.rounds.methods import Method
from workbench.stories.coding.patterns import Way
from workbench.stories.kept.queries import audience
from workbench.stories.kept.visibility import Audience
from workbench.vision import queries as plans
from workbench.vision import steps
from workbench.vision.histories import History, form_words, offer
from workbench.vision.models import Goal, Plan
from workbench.vision.queries import VALUE_STEPS
from workbench.vision.together.queries import group_of

bp = Blueprint("insight", __name__, url_prefix="/<council>")

FEW = 2  # excerpts per side on the page of a goal
PAGE_SIZE = 25
MOST_TO_CHOOSE = 150  # excerpts offered in a form
SIDES = (Way.WELL, Way.NOT_WELL, Way.BOTH, Way.NEITHER)


def _readable_goal(goal_id: UUID) -> tuple[Goal, Plan]:
    goal = plans.goal_with_values(goal_id)
    plan = db.get_one(Plan, goal.plan_id)
    if not plans.may_read(plan, steps.EVIDENCE):
        abort(403)
    return goal, plan


@bp.get("/doelen/<uuid:goal_id>/verhalen")
@requires(Permission.READ_STORIES)
def show(goal_id: UUID) -> ResponseReturnValue:
    goal, plan = _readable_goal(goal_id)
    who, day = audience(), today()
    heard = queries.heard(goal.id, who, day)
    voices = [heard.majority, heard.dissent] if heard.is_enough and heard.dissent else []
    few = {way: heard.few(way, FEW, voices) for way in SIDES}
    findings, asked = queries.findings_of(goal.id), queries.rounds_of(goal.id)
    wanted = {mark.id for marks in few.values() for mark in marks}
    wanted |= {mark.id for mark in voices if mark}
    wanted |= {excerpt_id for finding in findings for excerpt_id in finding.excerpt_ids}
    wanted |= {UUID(key) for found in asked for key in found.keys}
    quotes = queries.quotes(wanted, who, day)
    values = goal.values if plans.may_read(plan, *VALUE_STEPS) else []
    return page(
        "insight/show.html",
        goal=goal,
        plan=plan,
        heard=heard,
        voices=voices,
        few=few,
        quotes=quotes,
        values=values,
        narrators=queries.narrators(heard.stories, values),
        claims=queries.claims(findings, quotes),
        lines=queries.lines_of(goal.id),
        rounds=[queries.asked(found, goal.id, quotes) for found in asked],
        sources=telling.of_goal(goal),
    )


@bp.get("/doelen/<uuid:goal_id>/verhalen/citaten")
@requires(Permission.READ_STORIES)
def excerpts(goal_id: UUID) -> ResponseReturnValue:
    """All excerpts about a goal, in the order of the stories."""
    goal, plan = _readable_goal(goal_id)
    who, day = audience(), today()
    marks = queries.heard(goal.id, who, day).marks
    pages = max(1, -(-len(marks) // PAGE_SIZE))
    number = max(1, min(request.args.get("pagina", 1, type=int), pages))
    shown = [mark.id for mark in marks[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]]
    quotes = queries.quotes(shown, who, day)
    return page(
        "insight/excerpts.html",
        goal=goal,
        plan=plan,
        quotes=[quotes[excerpt_id] for excerpt_id in shown],
        count=len(marks),
        number=number,
        pages=pages,
    )


@bp.get("/citaten/<uuid:excerpt_id>")
@requires(Permission.READ_STORIES)
def excerpt(excerpt_id: UUID) -> ResponseReturnValue:
    """One excerpt, where it comes from and what the group concludes from it."""
    quote = queries.quotes([excerpt_id], audience(), today()).get(excerpt_id)
    if quote is None or quote.words is None:
        abort(404)
    goals = [
        goal
        for goal in queries.goals_of(excerpt_id)
        if plans.may_read(goal.plan, steps.GOALS, steps.EVIDENCE)
    ]
    readable = {goal.id for goal in goals if plans.may_read(goal.plan, steps.EVIDENCE)}
    findings = [finding for finding in queries.citing(excerpt_id) if finding.goal_id in readable]
    return page("insight/excerpt.html", quote=quote, goals=goals, findings=findings)


# --- Findings -------------------------------------------------------------------------------------------------------


def _offered(heard: Heard, *first: UUID) -> list[Quote]:
    """Excerpts to choose from, beginning with those that were chosen."""
    ids = list(dict.fromkeys([*first, *(mark.id for mark in heard.marks)]))[:MOST_TO_CHOOSE]
    found = queries.quotes(ids, audience(), today())
    return [found[excerpt_id] for excerpt_id in ids if excerpt_id in found]


@bp.route("/doelen/<uuid:goal_id>/bevindingen/nieuw", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def new_finding(goal_id: UUID) -> ResponseReturnValue:
    goal = plans.goal_at_work(goal_id, steps.EVIDENCE)
    form = FindingForm(excerpt_ids=request.args.getlist("citaat"))
    form.offer(_offered(queries.heard(goal.id, audience(), today())))
    if form.validate_on_submit():
        try:
            operations.add_finding(goal, current_user.id, **form.changes())
        except Conflict as conflict:
            form.text.errors = [str(conflict)]
        else:
            flash(_("De bevinding staat erbij."), "success")
            return redirect(_place(goal.id))
    return page("insight/finding.html", form=form, goal=goal, finding=None)


@bp.route("/bevindingen/<uuid:finding_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def edit_finding(finding_id: UUID) -> ResponseReturnValue:
    finding, goal = _finding(finding_id)
    offered = _offered(queries.heard(goal.id, audience(), today()), *finding.excerpt_ids)
    form = FindingForm(obj=finding)
    form.offer(offered)
    form.start_from(finding)
    status = 200
    if form.validate_on_submit():
        try:
            is_saved = form.saved(
                lambda: operations.change_finding(finding, current_user.id, form.base(), **form.changes())
            )
        except Conflict as conflict:
            form.text.errors, status = [str(conflict)], 422
        else:
            if is_saved:
                return saved(finding, _place(goal.id), _("De bevinding is bewaard."))
            status = 409
    gone = len(set(finding.excerpt_ids) - {quote.id for quote in offered})
    return page("insight/finding.html", status=status, form=form, goal=goal, finding=finding, gone=gone)


def _finding(finding_id: UUID) -> tuple[Finding, Goal]:
    finding = get_or_404(Finding, finding_id)
    return finding, plans.goal_at_work(finding.goal_id, steps.EVIDENCE)


def _place(goal_id: UUID) -> str:
    return url_for("insight.show", goal_id=goal_id, _anchor="bevindingen")


def _history(finding_id: UUID) -> History:
    finding = get_or_404(Finding, finding_id)
    goal = plans.goal_with_values(finding.goal_id)
    form = FindingForm(formdata=None)
    form.offer(_offered(queries.heard(goal.id, audience(), today()), *finding.excerpt_ids))
    back = url_for("insight.edit_finding", finding_id=finding.id)
    return History(finding, goal.plan_id, steps.EVIDENCE, finding.text, back, form_words(form))


offer(bp, "/bevindingen/<uuid:finding_id>", "finding_history", _history)


@bp.post("/bevindingen/<uuid:finding_id>/omhoog")
@requires(Permission.EDIT_PLAN)
def move_finding(finding_id: UUID) -> ResponseReturnValue:
    finding, goal = _finding(finding_id)
    operations.move_up(finding)
    return redirect(_place(goal.id))


@bp.post("/bevindingen/<uuid:finding_id>/verwijderen")
@requires(Permission.EDIT_PLAN)
def remove_finding(finding_id: UUID) -> ResponseReturnValue:
    finding, goal = _finding(finding_id)
    operations.remove_finding(finding)
    flash(_("De bevinding is weg."), "success")
    return redirect(_place(goal.id))


# --- The most significant change ------------------------------------------------------------------------------------


@bp.route("/doelen/<uuid:goal_id>/verhalen/ronde", methods=["GET", "POST"])
@requires(Permission.RUN_ROUNDS)
def ask(goal_id: UUID) -> ResponseReturnValue:
    """Choose stories and open the round; where one runs already, that one."""
    goal = plans.goal_with_values(goal_id)
    plan = plans.plan_at_work(goal.plan_id, steps.EVIDENCE)
    if running := queries.running(goal.id):
        return redirect(url_for("rounds.show", round_id=running.id))
    heard = queries.heard(goal.id, Audience.COUNCIL, today())
    form = StoryRoundForm()
    form.offer(_offered(heard))
    if form.validate_on_submit():
        chosen = {UUID(excerpt_id) for excerpt_id in form.excerpt_ids.data or ()}
        marks = [mark for mark in heard.marks if mark.id in chosen]
        try:
            made = operations.ask_most_telling(goal, marks, Method(form.method.data), current_user.id)
        except Conflict as conflict:
            form.excerpt_ids.errors = [str(conflict)]
        else:
            flash(_("De ronde is open. De groep kan nu antwoord geven."), "success")
            return redirect(url_for("rounds.show", round_id=made.id))
    names = plans.group_candidates()
    return page(
        "insight/round_form.html",
        form=form,
        goal=goal,
        enough=len(heard.marks) >= operations.FEWEST_STORIES,
        members=sorted(names[str(person_id)] for person_id in group_of(plan)),
    )
