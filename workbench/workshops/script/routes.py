"""Pages of workshops before the day: the list, the facts, the script, paper, and the announcement."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, may, requires
from workbench.core.web import page
from workbench.vision import queries as plans
from workbench.workshops.models import State, Workshop
from workbench.workshops.script import operations, queries, words
from workbench.workshops.script.forms import WorkshopForm

bp = Blueprint("workshops", __name__, url_prefix="/<council>/ateliers")


def readable(workshop_id: UUID) -> Workshop:
    """The workshop; only those who run workshops see a draft."""
    workshop = queries.find_workshop(workshop_id) or abort(404)
    if workshop.state is State.DRAFT and not may(Permission.RUN_WORKSHOPS):
        abort(403)
    return workshop


@bp.get("")
@requires(Permission.READ_WORKSHOPS)
def index() -> ResponseReturnValue:
    found = queries.workshops()
    if not may(Permission.RUN_WORKSHOPS):
        found = [workshop for workshop in found if workshop.state is not State.DRAFT]
    return page(
        "workshops/index.html",
        coming=[workshop for workshop in reversed(found) if workshop.state is not State.ENDED],
        past=[workshop for workshop in found if workshop.state is State.ENDED],
        words=words,
        State=State,
    )


@bp.route("/nieuw", methods=["GET", "POST"])
@requires(Permission.RUN_WORKSHOPS)
def new() -> ResponseReturnValue:
    form = WorkshopForm()
    form.offer(plans.plans())
    if form.validate_on_submit():
        workshop = operations.make_workshop(current_user.id, **form.facts())
        flash(_("Het leeratelier staat klaar. Kies nu wat u gaat doen."), "success")
        return redirect(url_for("workshops.show", workshop_id=workshop.id))
    return page("workshops/form.html", form=form, workshop=None)


@bp.route("/<uuid:workshop_id>/bewerken", methods=["GET", "POST"])
@requires(Permission.RUN_WORKSHOPS)
def edit(workshop_id: UUID) -> ResponseReturnValue:
    workshop = readable(workshop_id)
    form = WorkshopForm()
    form.offer(plans.plans())
    form.show(workshop)
    if form.validate_on_submit():
        if not form.saved(lambda: operations.change_workshop(workshop, form.base(), **form.facts())):
            return page("workshops/form.html", status=409, form=form, workshop=workshop)
        flash(_("Bewaard."), "success")
        return redirect(url_for("workshops.show", workshop_id=workshop.id))
    return page("workshops/form.html", form=form, workshop=workshop)


@bp.get("/<uuid:workshop_id>")
@requires(Permission.READ_WORKSHOPS)
def show(workshop_id: UUID) -> ResponseReturnValue:
    """The script for who runs it; what is planned for everyone else."""
    return page("workshops/show.html", workshop=readable(workshop_id), words=words, State=State)
