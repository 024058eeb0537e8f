"""The plan as a task list, a goal with its figures, and choosing a figure."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, may, requires
from workbench.core.db import db
from workbench.core.drawn_once import drawn_once
from workbench.core.forms import choices
from workbench.core.text import current_language
from workbench.core.web import get_or_404, page, saved
from workbench.evidence import operations, queries
from workbench.evidence.asking import queries as asking
from workbench.evidence.asking.models import InformationQuestion
from workbench.evidence.coverage.balance import Balance, balance
from workbench.evidence.coverage.queries import newest_ends
from workbench.evidence.coverage.words import balance_words, invitation, told_words
from workbench.evidence.focus import queries as focus
from workbench.evidence.focus.forms import FullLinkForm
from workbench.evidence.focus.routes import named
from workbench.evidence.forms import LinkForm, not_saying_of
from workbench.evidence.insight import queries as insight
from workbench.evidence.models import MOST_PER_GOAL, Link
from workbench.evidence.telling import queries as telling
from workbench.evidence.telling.hearing import Stories, stories_by_goal, told_days, told_of
from workbench.evidence.telling.models import StoryLink
from workbench.figures.spark import Spark, spark
from workbench.indicators import queries as catalogue
from workbench.indicators.levels import not_ours
from workbench.indicators.models import Indicator
from workbench.knowledge.queries import names_of_laws
from workbench.uploads import queries as uploads
from workbench.uploads.models import OwnIndicator
from workbench.uploads.words import period_label
from workbench.vision import queries as plans
from workbench.vision import steps
from workbench.vision.hints import hints
from workbench.vision.histories import History, form_words, offer
from workbench.vision.models import Goal, Plan
from workbench.vision.task_list import task_list
from workbench.vision.together import queries as together

bp = Blueprint("evidence", __name__, url_prefix="/<council>")

CHOICES = 20  # indicators on one page of candidates
SUGGESTIONS = 6


@bp.get("/trajecten")
@requires(Permission.READ_PLAN)
def plan_list() -> ResponseReturnValue:
    found = plans.plans()
    if len(found) == 1:
        return redirect(url_for("evidence.plan", plan_id=found[0].id))
    return page("evidence/plan_list.html", plans=found)


@bp.get("/trajecten/<uuid:plan_id>")
@requires(Permission.READ_PLAN)
@drawn_once
def plan(plan_id: UUID) -> ResponseReturnValue:
    found = plans.readable_plan(plan_id)
    return page(
        "evidence/plan.html",
        plan=found,
        tasks=task_list(found),
        skips=plans.skips_of(found),
        waiting=together.waiting(found),
        due=focus.due(found) if may(Permission.EDIT_PLAN) else [],
        looks_back_on=plans.looks_back_on(found),
    )


@bp.get("/trajecten/<uuid:plan_id>/doelen")
@requires(Permission.READ_PLAN)
@drawn_once
def goals(plan_id: UUID) -> ResponseReturnValue:
    """Steps 4 and 6: from value to goal to figure."""
    found = plans.readable_plan(plan_id, steps.GOALS)
    facts = plans.check_step(found, steps.GOALS)
    left_open = {steps.GOALS, steps.EVIDENCE} & (facts.unknown | facts.later)
    sees_links = plans.may_read(found, steps.EVIDENCE)
    goals, values = plans.goals_under_values(found)
    links = queries.in_view_by_goal(found) if sees_links else {}
    stories, told = told_of(found) if sees_links else ({}, {})
    return page(
        "evidence/goals.html",
        plan=found,
        goals=goals,
        said={} if links or stories or not left_open else plans.left_open_of(found, *left_open),
        values=values if plans.may_read(found, *plans.VALUE_STEPS) else [],
        links=links,
        stories=stories,
        balances=_balances(links, stories, told),
        balance_words=balance_words,
        invitation=invitation,
        wishes=asking.requests_by_goal(found) if sees_links else {},
        sees_links=sees_links,
        step=plans.step(found, steps.GOALS),
        asked=plans.asked_of(found, steps.GOALS, steps.EVIDENCE),
    )


def _balances(
    links: dict[UUID, list[Link]], stories: dict[UUID, list[StoryLink]], told: dict[UUID, Stories]
) -> dict[UUID, Balance]:
    """Goal -> its balance; of goals that have anything. How old its figures are stands elsewhere."""
    found = {}
    for goal_id in {*links, *stories, *told}:
        heard = told.get(goal_id, Stories())
        days = told_days([link.source for link in stories.get(goal_id, [])], heard)
        found[goal_id] = balance([None for _link in links.get(goal_id, [])], days, stories=heard.count)
    return found


@bp.get("/doelen/<uuid:goal_id>")
@requires(Permission.READ_PLAN)
@drawn_once
def goal(goal_id: UUID) -> ResponseReturnValue:
    found = plans.goal_with_values(goal_id)
    plan = db.get_one(Plan, found.plan_id)
    sees_links = plans.may_read(plan, steps.EVIDENCE)
    links = queries.links_of(found) if sees_links else []
    in_view = [link for link in links if link.rests_until is None]
    stories = telling.of_goal(found) if sees_links else []
    told = stories_by_goal(Goal.id == found.id).get(found.id, Stories()) if sees_links else Stories()
    requests = asking.requests_of(found) if sees_links else []
    ends = newest_ends(in_view)
    return page(
        "evidence/goal.html",
        goal=found,
        plan=plan,
        laws=names_of_laws(found.laws),
        hints=hints(found.sentence, found.target_group, found.horizon) if may(Permission.EDIT_PLAN) else [],
        links=in_view,
        resting=[link for link in links if link.rests_until],
        label=period_label,
        stories=stories,
        lines=insight.lines_of(found.id) if sees_links else None,
        requests=requests,
        questions=asking.questions_of(found) if sees_links else [],
        balance=balance(
            [ends.get(link.id) for link in in_view],
            told_days([link.source for link in stories], told),
            sum(not request.delivered for request in requests),
            told.count,
        ),
        told_words=told_words,
        invitation=invitation,
        sees_links=sees_links,
        sees_values=plans.may_read(plan, *plans.VALUE_STEPS),
        room=MOST_PER_GOAL - len(in_view),
    )


@bp.get("/doelen/<uuid:goal_id>/cijfers/kiezen")
@requires(Permission.EDIT_PLAN)
@drawn_once
def choose(goal_id: UUID) -> ResponseReturnValue:
    """Begins at the question: what may fit with it and the goal; with words, or on demand, the whole catalogue."""
    found = plans.goal_at_work(goal_id, steps.EVIDENCE)
    words = request.args.get("q", "").strip()[:100]
    number = max(1, min(request.args.get("pagina", 1, type=int), 1000))
    links = queries.links_of(found)
    searches = bool(words or number > 1 or request.args.get("alle"))
    questions = [] if searches else asking.questions_of(found)
    suggested = [] if searches else _suggested(found, questions)
    candidates = catalogue.Found(0, [], False)
    if not suggested:
        candidates = catalogue.find(catalogue.Choice(words), most=CHOICES, skip=(number - 1) * CHOICES)
    area = catalogue.own_area()
    shown = suggested or candidates.indicators
    lines = catalogue.lines_around(shown, area) if area else catalogue.Lines({}, {})
    own = uploads.own_indicators(words, withdrawn=False) if number == 1 else []
    in_view = sum(link.rests_until is None for link in links)
    return page(
        "evidence/choose.html",
        goal=found,
        words=words,
        searches=searches,
        questions=questions,
        suggested=suggested,
        candidates=candidates.indicators,
        count=candidates.total,
        is_alike=candidates.is_alike,
        number=number,
        pages=max(1, -(-candidates.total // CHOICES)),
        newest={slug: figure for slug, line in lines.own.items() if (figure := catalogue.newest(line))},
        lines=lines.own,
        trends={slug: _trend(line) for slug, line in lines.own.items()},
        instead=lines.instead,
        not_saying_of=not_saying_of,
        not_ours=not_ours,
        own=own,
        own_newest=uploads.newest(own, area.code if area else None) if own else {},
        label=period_label,
        linked={link.subject_id for link in links},
        full=in_view >= MOST_PER_GOAL,
        chosen=in_view,
        area=area,
        spoken=current_language(),
    )


def _trend(line: list[catalogue.Figure]) -> Spark | None:
    return spark([(item.period.position, item.value, item.series.id) for item in line])


def _suggested(goal: Goal, questions: list[InformationQuestion]) -> list[Indicator]:
    """What may fit with the questions and the words of a goal, its laws and its aim; never what was passed over."""
    return catalogue.related(
        " ".join([goal.sentence, *(question.text for question in questions)]),
        goal.laws,
        [goal.aim.value] if goal.aim else [],
        leave_out=asking.left_out(goal),
        most=SUGGESTIONS,
    )


@bp.route("/doelen/<uuid:goal_id>/cijfers/<slug>/koppelen", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def new_link(goal_id: UUID, slug: str) -> ResponseReturnValue:
    goal = plans.goal_at_work(goal_id, steps.EVIDENCE)
    return _choose(goal, catalogue.find_indicator(slug) or abort(404))


@bp.route("/doelen/<uuid:goal_id>/eigen-cijfers/<uuid:own_indicator_id>/koppelen", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def new_own_link(goal_id: UUID, own_indicator_id: UUID) -> ResponseReturnValue:
    goal = plans.goal_at_work(goal_id, steps.EVIDENCE)
    return _choose(goal, get_or_404(OwnIndicator, own_indicator_id))


def _choose(goal: Goal, indicator: Indicator | OwnIndicator) -> ResponseReturnValue:
    """Link this figure, with the reason."""
    operations.check_room(goal, indicator)
    in_view = focus.in_view(goal.plan_id)
    proposed = {"not_saying": not_saying_of(indicator)}
    form = LinkForm(data=proposed)
    if len(in_view) >= focus.size_of(goal.plan_id):
        form = FullLinkForm(data=proposed)
        form.replaces.choices = choices(named(in_view))
    if form.validate_on_submit():
        typed = form.changes()
        if "replaces" in typed:
            typed["replaces"] = focus.may_choose(typed["replaces"], in_view)
        operations.link_indicator(goal, indicator, current_user.id, **typed)
        flash(_("Het cijfer hoort nu bij dit doel. De monitor maakt er een figuur van."), "success")
        return redirect(url_for("evidence.goal", goal_id=goal.id))
    return page("evidence/link_form.html", form=form, goal=goal, indicator=indicator, link=None)


@bp.route("/koppelingen/<uuid:link_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def edit_link(link_id: UUID) -> ResponseReturnValue:
    link = queries.link_with_indicator(link_id) or abort(404)
    plans.plan_at_work(link.goal.plan_id, steps.EVIDENCE)
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
        return saved(link, url_for("evidence.goal", goal_id=link.goal_id), _("De koppeling is bewaard."))
    return page("evidence/link_form.html", form=form, goal=link.goal, indicator=link.subject, link=link)


def _history(link_id: UUID) -> History:
    """Resting is not part of the text: putting a reason back brings no figure into view."""
    link = queries.link_with_indicator(link_id) or abort(404)
    back = url_for("evidence.edit_link", link_id=link.id)
    words = form_words(LinkForm(formdata=None))
    return History(
        link, link.goal.plan_id, steps.EVIDENCE, link.subject.name, back, words, stays=("rests_until",)
    )


offer(bp, "/koppelingen/<uuid:link_id>", "link_history", _history)


@bp.post("/koppelingen/<uuid:link_id>/verwijderen")
@requires(Permission.EDIT_PLAN)
def remove_link(link_id: UUID) -> ResponseReturnValue:
    link = get_or_404(Link, link_id)
    plans.goal_at_work(link.goal_id, steps.EVIDENCE)
    operations.remove_link(link)
    flash(_("Het cijfer hoort niet meer bij dit doel."), "success")
    return redirect(url_for("evidence.goal", goal_id=link.goal_id))
