"""In view and later: the focus set of a plan, letting a figure rest, and looking again."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, may, requires
from workbench.core.drawn_once import drawn_once
from workbench.core.forms import choices
from workbench.core.web import page
from workbench.evidence import queries as evidence
from workbench.evidence.asking.models import Verdict
from workbench.evidence.asking.queries import passed_over
from workbench.evidence.focus import operations, queries
from workbench.evidence.focus.forms import ReplaceForm, RestForm, SizeForm
from workbench.evidence.models import Link
from workbench.vision import queries as plans
from workbench.vision import steps
from workbench.vision.models import Plan

bp = Blueprint("focus", __name__, url_prefix="/<council>")


@bp.get("/trajecten/<uuid:plan_id>/in-beeld")
@requires(Permission.READ_PLAN)
@drawn_once
def show(plan_id: UUID) -> ResponseReturnValue:
    plan = plans.readable_plan(plan_id, steps.EVIDENCE)
    return _page(plan, SizeForm(data={"size": queries.size_of(plan.id)}))


@bp.post("/trajecten/<uuid:plan_id>/in-beeld")
@requires(Permission.LEAD_PLAN)
def set_size(plan_id: UUID) -> ResponseReturnValue:
    plan = plans.plan_at_work(plan_id, steps.EVIDENCE)
    form = SizeForm()
    if form.validate_on_submit():
        operations.set_size(plan.id, form.size.data or 0)
        flash(_("Bewaard."), "success")
        return redirect(url_for("focus.show", plan_id=plan.id))
    return _page(plan, form, status=422)


def _page(plan: Plan, form: SizeForm, status: int = 200) -> ResponseReturnValue:
    works = may(Permission.EDIT_PLAN)
    return page(
        "focus/show.html",
        status=status,
        plan=plan,
        form=form,
        size=queries.size_of(plan.id),
        in_view=queries.in_view(plan.id),
        resting=queries.resting(plan.id),
        postponed=passed_over(plan, Verdict.LATER) if works else [],
        unfit=passed_over(plan, Verdict.UNFIT) if works else [],
    )


@bp.route("/koppelingen/<uuid:link_id>/rusten", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def rest(link_id: UUID) -> ResponseReturnValue:
    """Let a figure rest; of one that rests already: look again on another day."""
    link = _link(link_id)
    form = RestForm()
    if form.validate_on_submit() and form.review_on.data:
        operations.rest(link, form.review_on.data, current_user.id)
        flash(_("Dit cijfer rust nu. Het staat bij Later."), "success")
        return redirect(url_for("focus.show", plan_id=link.goal.plan_id))
    return page("focus/rest.html", form=form, link=link, goal=link.goal, wakes=False)


@bp.route("/koppelingen/<uuid:link_id>/wekken", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def wake(link_id: UUID) -> ResponseReturnValue:
    """Bring a figure into view again; when the focus set is full: which one rests now?"""
    link = _link(link_id)
    plan_id = link.goal.plan_id
    in_view = queries.in_view(plan_id)
    if link.rests_until is None:
        return redirect(url_for("focus.show", plan_id=plan_id))
    form = ReplaceForm()
    is_full = len(in_view) >= queries.size_of(plan_id)
    if is_full:
        form.replaces.choices = choices(named(in_view))
    else:
        del form.replaces, form.review_on
    if form.validate_on_submit():
        replaces = queries.may_choose(form.replaces.data, in_view) if is_full else None
        review_on = form.review_on.data if is_full else None
        operations.wake(link, current_user.id, replaces=replaces, review_on=review_on)
        flash(_("Dit cijfer is weer in beeld. De monitor maakt er een figuur van."), "success")
        return redirect(url_for("focus.show", plan_id=plan_id))
    return page("focus/rest.html", form=form, link=link, goal=link.goal, wakes=True)


def named(links: list[Link]) -> dict[str, str]:
    """Link id -> figure and goal, to choose one that rests."""
    return {
        str(link.id): _("%(figure)s, bij: %(goal)s", figure=link.subject.name, goal=link.goal.sentence)
        for link in links
    }


def _link(link_id: UUID) -> Link:
    link = evidence.link_with_indicator(link_id) or abort(404)
    plans.plan_at_work(link.goal.plan_id, steps.EVIDENCE)
    return link
