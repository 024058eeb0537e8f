"""Pages between many values and a few."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.db import db
from workbench.core.web import page, saved
from workbench.vision import queries as vision
from workbench.vision.choosing import operations, queries
from workbench.vision.choosing.forms import DecisionForm, MergeForm
from workbench.vision.choosing.models import FEWEST
from workbench.vision.histories import History, form_words, offer
from workbench.vision.models import Plan
from workbench.vision.steps import VALUES
from workbench.vision.together import queries as together
from workbench.vision.together.models import Purpose

bp = Blueprint("choosing", __name__, url_prefix="/<council>")


@bp.get("/trajecten/<uuid:plan_id>/waarden/voorbeelden")
@requires(Permission.READ_PLAN)
def library(plan_id: UUID) -> ResponseReturnValue:
    plan = vision.readable_plan(plan_id, *vision.VALUE_STEPS)
    used = {value.library_slug for value in vision.values_of(plan)}
    return page("vision/library.html", plan=plan, cards=queries.library(), used=used)


@bp.get("/trajecten/<uuid:plan_id>/waarden/brillen", defaults={"slug": None})
@bp.get("/trajecten/<uuid:plan_id>/waarden/brillen/<slug>")
@requires(Permission.READ_PLAN)
def frames(plan_id: UUID, slug: str | None) -> ResponseReturnValue:
    plan = vision.readable_plan(plan_id, *vision.VALUE_STEPS)
    every = queries.frames()
    chosen = queries.frame(slug or every[0].slug, every)
    return page(
        "vision/frames.html", plan=plan, frames=every, frame=chosen, covered=queries.coverage(plan, chosen)
    )


@bp.route("/waarden/<uuid:value_id>/brillen", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def parts(value_id: UUID) -> ResponseReturnValue:
    value = vision.value_at_work(value_id)
    every = queries.frames()
    if request.method == "POST":
        known = {part.slug for frame in every for part in frame.parts}
        operations.set_parts(value, known & set(request.form.getlist("parts")))
        flash(_("Bewaard."), "success")
        return redirect(url_for("choosing.frames", plan_id=value.plan_id))
    return page(
        "vision/parts.html",
        value=value,
        plan=db.get_one(Plan, value.plan_id),
        frames=every,
        chosen=queries.parts_of(value),
    )


@bp.route("/trajecten/<uuid:plan_id>/waarden/samenvoegen", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def merge(plan_id: UUID) -> ResponseReturnValue:
    plan = vision.plan_at_work(plan_id, VALUES)
    values = {str(value.id): value for value in vision.values_of(plan)}
    form = MergeForm()
    form.offer(list(values.values()))
    if form.validate_on_submit():
        value, into = values[form.value.data], values[form.into.data]
        operations.merge_values(value, into)
        flash(_("‘%(a)s’ is opgegaan in ‘%(b)s’.", a=value.name, b=into.name), "success")
        return redirect(url_for("vision.value", value_id=into.id))
    return page("vision/merge.html", form=form, plan=plan, values=list(values.values()))


@bp.post("/waarden/<uuid:value_id>/losmaken")
@requires(Permission.EDIT_PLAN)
def take_out(value_id: UUID) -> ResponseReturnValue:
    value = vision.value_at_work(value_id)
    operations.take_out(value)
    flash(_("‘%(name)s’ staat weer op zichzelf.", name=value.name), "success")
    return redirect(url_for("vision.value", value_id=value.id))


@bp.get("/trajecten/<uuid:plan_id>/waarden/besluit")
@requires(Permission.READ_PLAN)
def decision(plan_id: UUID) -> ResponseReturnValue:
    plan = vision.readable_plan(plan_id, *vision.VALUE_STEPS)
    decided = operations.decision_of(plan.id)
    return page(
        "vision/decision.html",
        plan=plan,
        decision=decided,
        values=vision.values_of(plan),
        changes=queries.changes(decided) if decided else [],
        fewest=FEWEST,
        rounds=together.newest(together.rounds_of(plan, Purpose.CONSENT), Purpose.CONSENT),
    )


@bp.route("/trajecten/<uuid:plan_id>/waarden/besluit/bewerken", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def edit_decision(plan_id: UUID) -> ResponseReturnValue:
    plan = vision.plan_at_work(plan_id, VALUES)
    values = {str(value.id): value for value in vision.values_of(plan)}
    decided = operations.decision_of(plan.id)
    form = DecisionForm(obj=decided)
    form.offer(list(values.values()))
    form.chosen.hints = together.beside(together.rounds_of(plan), list(values.values()))
    if decided and not form.is_submitted():
        form.chosen.data = [str(value_id) for value_id in decided.chosen]
        form.start_from(decided)
    if form.validate_on_submit():
        chosen = [values[value_id] for value_id in form.chosen.data or ()]
        texts = {"reasons": form.reasons.text, "minority_view": form.minority_view.text}
        if not form.saved(
            lambda: operations.decide(plan, current_user.id, chosen, base_version=form.base(), **texts)
        ):
            return page("vision/decision_form.html", status=409, form=form, plan=plan, decision=decided)
        kept = decided or operations.decision_of(plan.id)
        return saved(kept, url_for("choosing.decision", plan_id=plan.id), _("Het besluit is bewaard."))
    return page("vision/decision_form.html", form=form, plan=plan, decision=decided)


def _history(plan_id: UUID) -> History:
    plan = vision.readable_plan(plan_id, VALUES)
    decided = operations.decision_of(plan.id) or abort(404)
    form = DecisionForm(formdata=None)
    form.offer(vision.values_of(plan))
    back = url_for("choosing.decision", plan_id=plan.id)
    return History(decided, plan.id, VALUES, _("Welke waarden houden we vast?"), back, form_words(form))


offer(bp, "/trajecten/<uuid:plan_id>/waarden/besluit", "decision_history", _history)
