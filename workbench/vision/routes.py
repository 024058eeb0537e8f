"""Pages of the step plan that need values and goals only."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.cards import save_card
from workbench.core.db import db
from workbench.core.drawn_once import drawn_once
from workbench.core.web import page, saved
from workbench.knowledge.queries import law_names
from workbench.vision import operations, queries, steps
from workbench.vision.choosing.operations import start_from_library
from workbench.vision.choosing.queries import chosen_values, library_value, merged_into
from workbench.vision.forms import GoalForm, NewPlanForm, PlanForm, ValueForm
from workbench.vision.models import Plan, Value
from workbench.vision.together import queries as together
from workbench.vision.together.models import Purpose

bp = Blueprint("vision", __name__, url_prefix="/<council>")


@bp.route("/trajecten/nieuw", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def new_plan() -> ResponseReturnValue:
    form = NewPlanForm()
    others = {str(plan.id): plan for plan in queries.plans()}
    form.offer(list(others.values()))
    if form.validate_on_submit():
        answers = {"opdracht": form.assignment.text} if form.assignment.text else {}
        like = others.get(form.like.data) if form.like else None
        plan = operations.start_plan(current_user.id, title=form.title.text, like=like, **answers)
        return redirect(url_for("evidence.plan", plan_id=plan.id))
    return page("vision/plan_form.html", form=form, plan=None)


@bp.route("/trajecten/<uuid:plan_id>/naam", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def edit_plan(plan_id: UUID) -> ResponseReturnValue:
    """The name of a plan; what it is about is asked in step 0."""
    plan = queries.plan_at_work(plan_id, steps.ASSIGNMENT)
    form = PlanForm(obj=plan)
    form.start_from(plan)
    if form.validate_on_submit():
        if not form.saved(
            lambda: save_card(plan, form.changes(), by=current_user.id, base_version=form.base())
        ):
            return page("vision/plan_form.html", status=409, form=form, plan=plan)
        return saved(plan, url_for("evidence.plan", plan_id=plan.id), _("De naam is bewaard."))
    return page("vision/plan_form.html", form=form, plan=plan)


@bp.get("/trajecten/<uuid:plan_id>/waarden")
@requires(Permission.READ_PLAN)
@drawn_once
def values(plan_id: UUID) -> ResponseReturnValue:
    plan = queries.readable_plan(plan_id, *queries.VALUE_STEPS)
    found = queries.values_of(plan, with_goals=True)
    asked = together.rounds_of(plan)
    return page(
        "vision/values.html",
        plan=plan,
        values=found,
        rounds=together.newest(asked, Purpose.WEIGHT, Purpose.POSITIONS, Purpose.STATEMENTS),
        spreads=together.spreads(asked, found),
        chosen=chosen_values(plan),
        step=queries.step(plan, steps.VALUES),
        asked=queries.asked_of(plan, steps.VALUES),
        sees_goals=queries.may_read(plan, steps.GOALS),
        said=None if found else queries.left_open_of(plan, steps.VALUES).get((steps.VALUES, None)),
    )


@bp.route("/trajecten/<uuid:plan_id>/waarden/nieuw", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def new_value(plan_id: UUID) -> ResponseReturnValue:
    plan = queries.plan_at_work(plan_id, steps.VALUES)
    example = library_value(request.args.get("voorbeeld"))
    form = ValueForm(obj=example)
    if form.validate_on_submit():
        value = operations.add_value(plan, current_user.id, **form.changes())
        if example:
            start_from_library(value, example)
        flash(
            _("De waarde staat erbij. Noem er nog een, of lees bij Waarden wat de anderen noemen."), "success"
        )
        return redirect(url_for("vision.value", value_id=value.id))
    return page("vision/value_form.html", form=form, plan=plan, value=None, example=example)


@bp.get("/waarden/<uuid:value_id>")
@requires(Permission.READ_PLAN)
@drawn_once
def value(value_id: UUID) -> ResponseReturnValue:
    found = queries.readable(Value, value_id)
    db.refresh(found, attribute_names=["goals"])
    plan = db.get_one(Plan, found.plan_id)
    return page(
        "vision/value.html",
        value=found,
        plan=plan,
        sees_goals=queries.may_read(plan, steps.GOALS),
        spread=together.spreads(together.rounds_of(plan, Purpose.POSITIONS), [found]).get(found.id),
        merged=merged_into([found]).get(found.id, []),
        into=db.get(Value, found.merged_into_id) if found.merged_into_id else None,
    )


@bp.route("/waarden/<uuid:value_id>/bewerken", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def edit_value(value_id: UUID) -> ResponseReturnValue:
    found = queries.value_at_work(value_id)
    plan = db.get_one(Plan, found.plan_id)
    form = ValueForm(obj=found)
    form.start_from(found)
    if form.validate_on_submit():
        if not form.saved(
            lambda: save_card(found, form.changes(), by=current_user.id, base_version=form.base())
        ):
            return page("vision/value_form.html", status=409, form=form, plan=plan, value=found)
        return saved(found, url_for("vision.value", value_id=found.id), _("De waarde is bewaard."))
    return page("vision/value_form.html", form=form, plan=plan, value=found)


@bp.post("/waarden/<uuid:value_id>/verwijderen")
@requires(Permission.EDIT_PLAN)
def remove_value(value_id: UUID) -> ResponseReturnValue:
    found = queries.value_at_work(value_id)
    operations.remove_value(found)
    flash(_("De waarde is verwijderd."), "success")
    return redirect(url_for("vision.values", plan_id=found.plan_id))


@bp.route("/trajecten/<uuid:plan_id>/doelen/nieuw", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def new_goal(plan_id: UUID) -> ResponseReturnValue:
    plan = queries.plan_at_work(plan_id, steps.GOALS)
    available = queries.values_on_offer(plan)
    form = GoalForm()
    form.offer(available, law_names())
    if form.validate_on_submit():
        goal = operations.add_goal(plan, current_user.id, **_goal_changes(form, available))
        flash(_("Het doel staat erbij. Kies hieronder hoe u het merkt, of doe dat later."), "success")
        return redirect(url_for("evidence.goal", goal_id=goal.id))
    return page("vision/goal_form.html", form=form, plan=plan, goal=None)


@bp.route("/doelen/<uuid:goal_id>/bewerken", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def edit_goal(goal_id: UUID) -> ResponseReturnValue:
    goal = queries.goal_at_work(goal_id)
    plan = db.get_one(Plan, goal.plan_id)
    available = queries.values_on_offer(plan, goal.values)
    form = GoalForm(
        **{name: getattr(goal, name) for name in goal.CONTENT if name != "values"},
        values=[str(value.id) for value in goal.values],
    )
    form.offer(available, law_names())
    form.start_from(goal)
    if form.validate_on_submit():
        changes = _goal_changes(form, available)
        if not form.saved(lambda: operations.change_goal(goal, current_user.id, form.base(), **changes)):
            return page("vision/goal_form.html", status=409, form=form, plan=plan, goal=goal)
        return saved(goal, url_for("evidence.goal", goal_id=goal.id), _("Het doel is bewaard."))
    return page("vision/goal_form.html", form=form, plan=plan, goal=goal)


def _goal_changes(form: GoalForm, available: list[Value]) -> dict[str, Any]:
    chosen = [value for value in available if str(value.id) in (form.values.data or [])]
    empty = {name: form[name].data or None for name in ("aim", "duty", "actor")}
    return {**form.changes(), **empty, "values": chosen}


@bp.post("/doelen/<uuid:goal_id>/verwijderen")
@requires(Permission.EDIT_PLAN)
def remove_goal(goal_id: UUID) -> ResponseReturnValue:
    goal = queries.goal_at_work(goal_id)
    operations.remove_goal(goal)
    flash(_("Het doel is verwijderd, met zijn koppelingen."), "success")
    return redirect(url_for("evidence.goals", plan_id=goal.plan_id))
