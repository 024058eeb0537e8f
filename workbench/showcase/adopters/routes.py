"""Telling the council that shared an example something back, and reading what others told."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workbench.accounts.access import Permission, requires
from workbench.core.web import page
from workbench.showcase import queries as showcase
from workbench.showcase.adopters import operations, queries
from workbench.showcase.adopters.forms import AnswerForm, ConsentForm, NoteForm
from workbench.showcase.models import SharedTemplate
from workbench.showcase.queries import Example
from workbench.vision import queries as plans
from workbench.vision.models import Plan

bp = Blueprint("adopters", __name__, url_prefix="/<council>")

COPY = "/trajecten/<uuid:plan_id>/voorbeeld/<uuid:adoption_id>/reactie"
OWN = "/trajecten/<uuid:plan_id>/delen/reacties"


# --- Who copied an example ------------------------------------------------------------------------------------------


def _copied(plan_id: UUID, adoption_id: UUID) -> tuple[Plan, Example]:
    plan = plans.readable_plan(plan_id)
    return plan, showcase.example_of(plan, adoption_id) or abort(404)


@bp.route(COPY, methods=["GET", "POST"])
@requires(Permission.COPY_TEMPLATE)
def tell(plan_id: UUID, adoption_id: UUID) -> ResponseReturnValue:
    """A thank-you or a remark, for the council speaks by its clerk."""
    plan, example = _copied(plan_id, adoption_id)
    template_id = example.adoption.template_id
    form = NoteForm()
    if form.validate_on_submit():
        operations.write(template_id, form.kind.data, form.text.text)
        flash(_("Verstuurd aan de raad van %(name)s.", name=example.adoption.shared_by), "success")
        return redirect(url_for("adopters.tell", plan_id=plan.id, adoption_id=adoption_id))
    return page(
        "adopters/tell.html",
        form=form,
        consent=ConsentForm(formdata=None, named=queries.is_named(template_id)),
        plan=plan,
        adoption=example.adoption,
        is_shared=example.newest is not None,
        told=queries.told(template_id),
    )


@bp.post(f"{COPY}/naam")
@requires(Permission.COPY_TEMPLATE)
def name(plan_id: UUID, adoption_id: UUID) -> ResponseReturnValue:
    plan, example = _copied(plan_id, adoption_id)
    named = bool(ConsentForm().named.data)
    operations.change_consent(example.adoption.template_id, named=named)
    flash(
        _("Bij het voorbeeld staat nu de naam van uw raad.")
        if named
        else _("Bij het voorbeeld staat uw raad nu zonder naam."),
        "success",
    )
    return redirect(url_for("adopters.tell", plan_id=plan.id, adoption_id=adoption_id))


@bp.post(f"{COPY}/<uuid:note_id>/terughalen")
@requires(Permission.COPY_TEMPLATE)
def take_back(plan_id: UUID, adoption_id: UUID, note_id: UUID) -> ResponseReturnValue:
    plan, example = _copied(plan_id, adoption_id)
    found = queries.find_told(example.adoption.template_id, note_id) or abort(404)
    operations.take_back(found.note, found.answer)
    flash(_("Uw bericht is weg. Niemand kan het nog lezen."), "success")
    return redirect(url_for("adopters.tell", plan_id=plan.id, adoption_id=adoption_id))


# --- Who shared it --------------------------------------------------------------------------------------------------


def _shared(plan_id: UUID) -> tuple[Plan, SharedTemplate]:
    plan = plans.readable_plan(plan_id)
    return plan, showcase.template_of(plan) or abort(404)


@bp.get(OWN)
@requires(Permission.SHARE_PLAN)
def received(plan_id: UUID) -> ResponseReturnValue:
    """Also after it was revoked: who copied it may still say something."""
    plan, template = _shared(plan_id)
    return page(
        "adopters/received.html",
        plan=plan,
        shared=template,
        adopted=queries.adopted_by(template.id),
        told=queries.told(template.id),
    )


@bp.route(f"{OWN}/<uuid:note_id>", methods=["GET", "POST"])
@requires(Permission.SHARE_PLAN)
def answer(plan_id: UUID, note_id: UUID) -> ResponseReturnValue:
    plan, template = _shared(plan_id)
    found = queries.find_told(template.id, note_id) or abort(404)
    form = AnswerForm()
    if form.validate_on_submit():
        operations.answer(found.note, found.answer, form.text.text)
        flash(_("Uw antwoord is verstuurd."), "success")
        return redirect(url_for("adopters.received", plan_id=plan.id))
    return page("adopters/answer.html", form=form, plan=plan, shared=template, item=found)


@bp.post(f"{OWN}/<uuid:note_id>/gelezen")
@requires(Permission.SHARE_PLAN)
def mark_read(plan_id: UUID, note_id: UUID) -> ResponseReturnValue:
    plan, template = _shared(plan_id)
    found = queries.find_told(template.id, note_id) or abort(404)
    operations.answer(found.note, found.answer, "")
    flash(_("Gelezen. Dit bericht wacht niet meer op u."), "success")
    return redirect(url_for("adopters.received", plan_id=plan.id))
