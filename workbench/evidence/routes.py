"""The plan as a task list, its steps, a goal with its figures, and choosing a figure."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.text import current_language
from workbench.core.web import get_or_404, page
from workbench.evidence import operations, queries
from workbench.evidence.forms import LinkForm
from workbench.evidence.models import MOST_PER_GOAL, Link
from workbench.indicators import queries as catalogue
from workbench.indicators.levels import not_ours
from workbench.indicators.models import Indicator
from workbench.uploads import queries as uploads
from workbench.uploads.models import OwnIndicator
from workbench.uploads.words import period_label
from workbench.vision import operations as vision
from workbench.vision import queries as plans
from workbench.vision import steps
from workbench.vision.forms import NoteForm
from workbench.vision.models import Goal, Plan

bp = Blueprint("evidence", __name__, url_prefix="/<council>")

CHOICES = 20  # indicators on one page of candidates


@bp.get("/trajecten")
@requires(Permission.READ_PLAN)
def plan_list() -> ResponseReturnValue:
    found = plans.plans()
    if len(found) == 1:
        return redirect(url_for("evidence.plan", plan_id=found[0].id))
    return page("evidence/plan_list.html", plans=found)


@bp.get("/trajecten/<uuid:plan_id>")
@requires(Permission.READ_PLAN)
def plan(plan_id: UUID) -> ResponseReturnValue:
    found = plans.readable_plan(plan_id)
    return page("evidence/plan.html", plan=found, tasks=task_list(found))


def task_list(plan: Plan) -> list[dict[str, object]]:
    """The steps of a plan as items for the task list component."""
    facts = queries.facts_of(plan)
    states = steps.states(facts)
    return [
        {
            "title": step.title,
            "hint": steps.missing_for(step.number, facts) or step.question,
            "href": None
            if states[step.number] is steps.StepState.BLOCKED
            else step_address(plan, step.number),
            "status": states[step.number].value,
            "status_text": str(steps.STATE_NAMES[states[step.number]]),
            "minutes": step.minutes,
            "number": step.number,
        }
        for step in plans.steps()
    ]


def step_address(plan: Plan, number: int) -> str:
    """Where a step is filled in."""
    if number == steps.ASSIGNMENT:
        return url_for("vision.edit_plan", plan_id=plan.id)
    if number == steps.VALUES:
        return url_for("vision.values", plan_id=plan.id)
    if number in (steps.GOALS, steps.EVIDENCE):
        return url_for("evidence.goals", plan_id=plan.id)
    return url_for("evidence.step", plan_id=plan.id, number=number)


@bp.route("/trajecten/<uuid:plan_id>/stappen/<int:number>", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def step(plan_id: UUID, number: int) -> ResponseReturnValue:
    """A step that is filled with a text. A locked step answers 409 and names what is missing."""
    found = get_or_404(Plan, plan_id)
    if number not in steps.WITH_NOTES:
        abort(404)
    content = plans.step(number)
    if missing := steps.missing_for(number, queries.facts_of(found)):
        raise Conflict(missing)
    note = plans.note_of(found, number)
    form = NoteForm(obj=note)
    if note:
        form.start_from(note)
    if form.validate_on_submit():
        if not form.saved(
            lambda: vision.write_note(found, number, form.text.text, current_user.id, form.base())
        ):
            return page("evidence/step.html", status=409, form=form, plan=found, step=content)
        flash(_("Bewaard."), "success")
        return redirect(url_for("evidence.plan", plan_id=found.id))
    return page("evidence/step.html", form=form, plan=found, step=content)


@bp.get("/trajecten/<uuid:plan_id>/doelen")
@requires(Permission.READ_PLAN)
def goals(plan_id: UUID) -> ResponseReturnValue:
    """Steps 4 and 6: from value to goal to figure."""
    found = plans.readable_plan(plan_id)
    return page(
        "evidence/goals.html",
        plan=found,
        goals=plans.goals_of(found),
        values=plans.values_of(found, with_goals=True),
        links=queries.links_by_goal(found),
        step=plans.step(steps.GOALS),
    )


@bp.get("/doelen/<uuid:goal_id>")
@requires(Permission.READ_PLAN)
def goal(goal_id: UUID) -> ResponseReturnValue:
    found = plans.goal_with_values(goal_id)
    links = queries.links_of(found)
    return page(
        "evidence/goal.html",
        goal=found,
        plan=db.get_one(Plan, found.plan_id),
        links=links,
        room=MOST_PER_GOAL - len(links),
    )


@bp.get("/doelen/<uuid:goal_id>/cijfers/kiezen")
@requires(Permission.EDIT_PLAN)
def choose(goal_id: UUID) -> ResponseReturnValue:
    """Candidates for a goal, each with our own newest value: the municipality's own figures, then the catalogue."""
    found = plans.goal_with_values(goal_id)
    words = request.args.get("q", "").strip()[:100]
    number = max(1, min(request.args.get("pagina", 1, type=int), 1000))
    candidates = catalogue.find(catalogue.Choice(words), most=CHOICES, skip=(number - 1) * CHOICES)
    area = catalogue.own_area()
    lines = catalogue.lines_of(candidates.indicators, area) if area else catalogue.Lines({}, {})
    own = uploads.own_indicators(words, withdrawn=False) if number == 1 else []
    return page(
        "evidence/choose.html",
        goal=found,
        words=words,
        candidates=candidates.indicators,
        count=candidates.total,
        is_alike=candidates.is_alike,
        number=number,
        pages=max(1, -(-candidates.total // CHOICES)),
        newest={slug: figure for slug, line in lines.own.items() if (figure := catalogue.newest(line))},
        instead=lines.instead,
        not_ours=not_ours,
        own=own,
        own_newest=uploads.newest(own, area.code if area else None),
        label=period_label,
        linked={link.subject_id for link in queries.links_of(found)},
        area=area,
        spoken=current_language(),
    )


@bp.route("/doelen/<uuid:goal_id>/cijfers/<slug>/koppelen", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def new_link(goal_id: UUID, slug: str) -> ResponseReturnValue:
    goal = plans.goal_with_values(goal_id)
    return _choose(goal, catalogue.find_indicator(slug) or abort(404))


@bp.route("/doelen/<uuid:goal_id>/eigen-cijfers/<uuid:own_indicator_id>/koppelen", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def new_own_link(goal_id: UUID, own_indicator_id: UUID) -> ResponseReturnValue:
    goal = plans.goal_with_values(goal_id)
    return _choose(goal, get_or_404(OwnIndicator, own_indicator_id))


def _choose(goal: Goal, indicator: Indicator | OwnIndicator) -> ResponseReturnValue:
    """Link this figure, with the reason."""
    operations.check_room(goal, indicator)
    form = LinkForm()
    if form.validate_on_submit():
        operations.link_indicator(goal, indicator, current_user.id, **form.changes())
        flash(_("Het cijfer hoort nu bij dit doel. De monitor maakt er een figuur van."), "success")
        return redirect(url_for("evidence.goal", goal_id=goal.id))
    return page("evidence/link_form.html", form=form, goal=goal, indicator=indicator, link=None)


@bp.route("/koppelingen/<uuid:link_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def edit_link(link_id: UUID) -> ResponseReturnValue:
    link = queries.link_with_indicator(link_id) or abort(404)
    form = LinkForm(obj=link)
    form.start_from(link)
    if form.validate_on_submit():
        if not form.saved(
            lambda: operations.change_link(link, current_user.id, form.base(), **form.changes())
        ):
            return page(
                "evidence/link_form.html",
                status=409,
                form=form,
                goal=link.goal,
                indicator=link.subject,
                link=link,
            )
        flash(_("De koppeling is bewaard."), "success")
        return redirect(url_for("evidence.goal", goal_id=link.goal_id))
    return page("evidence/link_form.html", form=form, goal=link.goal, indicator=link.subject, link=link)


@bp.post("/koppelingen/<uuid:link_id>/verwijderen")
@requires(Permission.EDIT_PLAN)
def remove_link(link_id: UUID) -> ResponseReturnValue:
    link = get_or_404(Link, link_id)
    operations.remove_link(link)
    flash(_("Het cijfer hoort niet meer bij dit doel."), "success")
    return redirect(url_for("evidence.goal", goal_id=link.goal_id))
