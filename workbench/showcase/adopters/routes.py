"""Telling the council that shared an example something back, and reading what others told."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workbench.accounts.access import Permission, requires
from workbench.core.errors import Conflict
from workbench.core.web import page
from workbench.showcase import queries as showcase
from workbench.showcase.adopters import operations, queries
from workbench.showcase.adopters.forms import AnswerForm, ConsentForm, NoteForm
from workbench.showcase.models import SharedTemplate
from workbench.showcase.queries import Copy
from workbench.vision import queries as plans

bp = Blueprint("adopters", __name__, url_prefix="/<council>")

COPY = "/etalage/overgenomen/<uuid:adoption_id>/reactie"
OWN = "/etalage/<uuid:template_id>/reacties"


# --- Who copied an example ------------------------------------------------------------------------------------------


def _copied(adoption_id: UUID) -> Copy:
    """Of a plan or workshop that this member may read."""
    copy = showcase.find_copy(adoption_id) or abort(404)
    if copy.adoption.plan_id:
        plans.readable_plan(copy.adoption.plan_id)
    return copy


@bp.route(COPY, methods=["GET", "POST"])
@requires(Permission.COPY_TEMPLATE)
def tell(adoption_id: UUID) -> ResponseReturnValue:
    """A thank-you or a remark, for the council speaks by its clerk."""
    copy = _copied(adoption_id)
    adoption = copy.adoption
    template_id = adoption.template_id
    form = NoteForm()
    if form.validate_on_submit():
        if not adoption.is_answerable:
            raise Conflict(_("Bij dit voorbeeld leest geen raad mee. Uw bericht is niet verstuurd."))
        operations.write(template_id, form.kind.data, form.text.text)
        flash(_("Verstuurd aan de raad van %(name)s.", name=adoption.shared_by), "success")
        return redirect(url_for("adopters.tell", adoption_id=adoption_id))
    return page(
        "adopters/tell.html",
        form=form,
        consent=ConsentForm(formdata=None, named=queries.is_named(template_id)),
        copy=copy,
        adoption=adoption,
        is_shared=showcase.find_shown(template_id) is not None,
        told=queries.told(template_id),
    )


@bp.post(f"{COPY}/naam")
@requires(Permission.COPY_TEMPLATE)
def name(adoption_id: UUID) -> ResponseReturnValue:
    adoption = _copied(adoption_id).adoption
    named = bool(ConsentForm().named.data)
    operations.change_consent(adoption.template_id, named=named)
    flash(
        _("Bij het voorbeeld staat nu de naam van uw raad.")
        if named
        else _("Bij het voorbeeld staat uw raad nu zonder naam."),
        "success",
    )
    return redirect(url_for("adopters.tell", adoption_id=adoption_id))


@bp.post(f"{COPY}/<uuid:note_id>/terughalen")
@requires(Permission.COPY_TEMPLATE)
def take_back(adoption_id: UUID, note_id: UUID) -> ResponseReturnValue:
    adoption = _copied(adoption_id).adoption
    found = queries.find_told(adoption.template_id, note_id) or abort(404)
    operations.take_back(found.note, found.answer)
    flash(_("Uw bericht is weg. Niemand kan het nog lezen."), "success")
    return redirect(url_for("adopters.tell", adoption_id=adoption_id))


# --- Who shared it --------------------------------------------------------------------------------------------------


def _shared(template_id: UUID) -> SharedTemplate:
    return showcase.own_template(template_id) or abort(404)


@bp.get(OWN)
@requires(Permission.SHARE_PLAN)
def received(template_id: UUID) -> ResponseReturnValue:
    """Also after it was revoked: who copied it may still say something."""
    template = _shared(template_id)
    return page(
        "adopters/received.html",
        shared=template,
        adopted=queries.adopted_by(template.id),
        told=queries.told(template.id),
    )


@bp.route(f"{OWN}/<uuid:note_id>", methods=["GET", "POST"])
@requires(Permission.SHARE_PLAN)
def answer(template_id: UUID, note_id: UUID) -> ResponseReturnValue:
    template = _shared(template_id)
    found = queries.find_told(template.id, note_id) or abort(404)
    form = AnswerForm()
    if form.validate_on_submit():
        operations.answer(found.note, found.answer, form.text.text)
        flash(_("Uw antwoord is verstuurd."), "success")
        return redirect(url_for("adopters.received", template_id=template.id))
    return page("adopters/answer.html", form=form, shared=template, item=found)


@bp.post(f"{OWN}/<uuid:note_id>/gelezen")
@requires(Permission.SHARE_PLAN)
def mark_read(template_id: UUID, note_id: UUID) -> ResponseReturnValue:
    template = _shared(template_id)
    found = queries.find_told(template.id, note_id) or abort(404)
    operations.answer(found.note, found.answer, "")
    flash(_("Gelezen. Dit bericht wacht niet meer op u."), "success")
    return redirect(url_for("adopters.received", template_id=template.id))
