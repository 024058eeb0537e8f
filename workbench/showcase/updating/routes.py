"""The page of an example that was renewed: part by part, keep, take or merge."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.errors import Conflict
from workbench.core.web import page
from workbench.showcase import queries as showcase
from workbench.showcase.updating import operations, queries
from workbench.showcase.updating.difference import Change
from workbench.showcase.updating.queries import Update
from workbench.vision import queries as plans
from workbench.vision.models import Plan

bp = Blueprint("updating", __name__, url_prefix="/<council>")

PLACE = "/trajecten/<uuid:plan_id>/voorbeeld/<uuid:adoption_id>/vernieuwd"


def _update(plan: Plan, adoption_id: UUID) -> Update | None:
    """None: it is not shared any more."""
    example = showcase.example_of(plan, adoption_id) or abort(404)
    shown = showcase.find_shown(example.adoption.template_id)
    return queries.update_of(plan, example, shown) if shown else None


def _update_at_work(plan: Plan, adoption_id: UUID) -> Update:
    """To write: the plan runs, one person at a time, and the example is the one that was on the page."""
    plans.check_running(plan)
    operations.one_at_a_time(plan)
    update = _update(plan, adoption_id)
    if update is None:
        raise Conflict(_("Het voorbeeld wordt niet meer gedeeld. Wat u overnam, blijft van u."))
    if request.form.get("seen") != str(update.shown.template.number):
        raise Conflict(
            _("Het voorbeeld is intussen weer vernieuwd. Er is niets veranderd. Kijk opnieuw en kies dan.")
        )
    return update


@bp.get(PLACE)
@requires(Permission.EDIT_PLAN)
def show(plan_id: UUID, adoption_id: UUID) -> ResponseReturnValue:
    plan = plans.readable_plan(plan_id)
    update = _update(plan, adoption_id)
    return page(
        "updating/show.html",
        plan=plan,
        adoption=(showcase.example_of(plan, adoption_id) or abort(404)).adoption,
        update=update,
        choices=queries.choices_of(update) if update else [],
        Change=Change,
    )


@bp.post(PLACE)
@requires(Permission.EDIT_PLAN)
def renew(plan_id: UUID, adoption_id: UUID) -> ResponseReturnValue:
    """Everything about which there is nothing to choose."""
    plan = plans.readable_plan(plan_id)
    operations.renew(_update_at_work(plan, adoption_id))
    flash(_("De lijst met voorbeelden is bijgewerkt. Aan uw eigen kaarten is niets veranderd."), "success")
    return redirect(url_for("showcase.arrived", plan_id=plan.id, voorbeeld=adoption_id))


@bp.post(f"{PLACE}/<uuid:card_key>")
@requires(Permission.EDIT_PLAN)
def choose(plan_id: UUID, adoption_id: UUID, card_key: UUID) -> ResponseReturnValue:
    """Keep or take one card; chosen already is as good as choosing."""
    plan = plans.readable_plan(plan_id)
    update = _update_at_work(plan, adoption_id)
    change = update.changes.get(card_key) or abort(404)
    if change.asks:
        plans.check_step(plan, update.own[card_key].kind.step)
        match request.form.get("choice"):
            case "keep":
                operations.keep(update, card_key)
                flash(_("Uw eigen tekst blijft zoals hij was."), "success")
            case "take" if not change.is_gone:
                operations.take(update, card_key, current_user.id, _version())
                flash(_("Overgenomen. Uw vorige tekst staat bij de eerdere versies van de kaart."), "success")
            case _unknown:
                raise Conflict(_("Kies wat u met deze kaart doet."))
    return redirect(url_for("updating.show", plan_id=plan.id, adoption_id=adoption_id))


def _version() -> int:
    typed_version = request.form.get("base_version", "")
    return int(typed_version) if typed_version.isdecimal() and len(typed_version) < 9 else 0


@bp.route(f"{PLACE}/<uuid:card_key>/samenvoegen", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def merge(plan_id: UUID, adoption_id: UUID, card_key: UUID) -> ResponseReturnValue:
    """Both texts in a form; whoever saves decides about every word."""
    plan = plans.readable_plan(plan_id)
    update = _update_at_work(plan, adoption_id) if request.method == "POST" else _update(plan, adoption_id)
    change = update.changes.get(card_key) if update else None
    if update is None or change is None:
        abort(404)
    if not change.asks or change.is_gone:
        return redirect(url_for("updating.show", plan_id=plan.id, adoption_id=adoption_id))
    own = update.own[card_key]
    plans.check_step(plan, own.kind.step)
    form = own.kind.form_for(change.asked, **own.kind.typed(change.merged()), base_version=str(own.version))
    status = 200
    if form.validate_on_submit():
        if form.saved(
            lambda: operations.write(update, card_key, current_user.id, form.base(), own.kind.typed_in(form))
        ):
            flash(_("Samengevoegd en bewaard."), "success")
            return redirect(url_for("updating.show", plan_id=plan.id, adoption_id=adoption_id))
        status = 409
    return page(
        "updating/merge.html",
        status=status,
        form=form,
        plan=plan,
        update=update,
        choice=next(item for item in queries.choices_of(update) if item.change.key == card_key),
        Change=Change,
    )
