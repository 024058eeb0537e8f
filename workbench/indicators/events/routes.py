"""Writing down what happened to a figure."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.web import page
from workbench.indicators import queries as catalogue
from workbench.indicators.events import operations, queries
from workbench.indicators.events.forms import EventForm
from workbench.indicators.events.models import SeriesEvent

bp = Blueprint("events", __name__, url_prefix="/<council>")


@bp.route("/cijfers/<slug>/gebeurtenissen/nieuw", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
def new_event(slug: str) -> ResponseReturnValue:
    indicator = catalogue.find_indicator(slug) or abort(404)
    form = EventForm()
    if form.validate_on_submit():
        operations.add_event(indicator, current_user.id, **form.changes())
        flash(_("De gebeurtenis staat voortaan bij elke figuur met dit cijfer."), "success")
        return redirect(url_for("indicators.show", slug=slug))
    return page("indicators/event_form.html", form=form, indicator=indicator, event=None)


@bp.route("/gebeurtenissen/<uuid:event_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
def edit_event(event_id: UUID) -> ResponseReturnValue:
    event = _find(event_id)
    form = EventForm(obj=event)
    form.start_from(event)
    if form.validate_on_submit():
        if not form.saved(
            lambda: operations.change_event(event, current_user.id, form.base(), **form.changes())
        ):
            return page(
                "indicators/event_form.html", status=409, form=form, indicator=event.indicator, event=event
            )
        flash(_("De gebeurtenis is bewaard. De figuren worden opnieuw gemaakt."), "success")
        return redirect(url_for("indicators.show", slug=event.indicator.slug))
    return page("indicators/event_form.html", form=form, indicator=event.indicator, event=event)


@bp.post("/gebeurtenissen/<uuid:event_id>/intrekken")
@requires(Permission.EDIT_EVENTS)
def withdraw_event(event_id: UUID) -> ResponseReturnValue:
    event = _find(event_id)
    operations.withdraw_event(event, current_user.id)
    flash(_("De gebeurtenis staat bij geen enkele figuur meer."), "success")
    return redirect(url_for("indicators.show", slug=event.indicator.slug))


@bp.post("/gebeurtenissen/<uuid:event_id>/terugzetten")
@requires(Permission.EDIT_EVENTS)
def restore_event(event_id: UUID) -> ResponseReturnValue:
    event = _find(event_id)
    operations.withdraw_event(event, current_user.id, withdrawn=False)
    flash(_("De gebeurtenis staat weer bij elke figuur met dit cijfer."), "success")
    return redirect(url_for("indicators.show", slug=event.indicator.slug))


def _find(event_id: UUID) -> SeriesEvent:
    return queries.event_with_indicator(event_id) or abort(404)
