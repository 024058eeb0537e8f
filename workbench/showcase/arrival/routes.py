"""The map of arrival: where what an example asks for comes from here."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workbench.accounts.access import Permission, requires
from workbench.core.web import page
from workbench.indicators.queries import find_indicators
from workbench.showcase import queries as showcase
from workbench.showcase.arrival import queries
from workbench.showcase.arrival.forms import map_form
from workbench.showcase.arrival.models import Origin
from workbench.showcase.arrival.operations import settle
from workbench.showcase.arrival.queries import Slot
from workbench.showcase.content import SharedFigure, SharedStories
from workbench.vision import queries as plans
from workbench.vision.models import Plan

bp = Blueprint("arrival", __name__, url_prefix="/<council>")


@bp.route("/trajecten/<uuid:plan_id>/voorbeeld/<uuid:adoption_id>/waar-vandaan", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def arrival_map(plan_id: UUID, adoption_id: UUID) -> ResponseReturnValue:
    """Choose for every figure, kind of story and moment; what was taken over already stands fast."""
    plan = plans.readable_plan(plan_id)
    example = showcase.example_of(plan, adoption_id) or abort(404)
    taken = showcase.taken_over(plan)
    offers = queries.offers(plan, example.content)
    form = map_form([offer for offer in offers if offer.slot.key not in taken])
    if form.validate_on_submit():
        plans.check_running(plan)
        _keep(
            plan,
            [
                (offer.slot, form.field_of(offer.slot.key).data)
                for offer in offers
                if offer.slot.key not in taken
            ],
        )
        flash(_("Bewaard. U kunt dit veranderen tot u de kaart overneemt."), "success")
        return redirect(url_for("showcase.arrived", plan_id=plan.id, voorbeeld=adoption_id))
    return page(
        "arrival/map.html",
        plan=plan,
        example=example,
        form=form,
        parts=_parts(offers),
        taken=taken,
    )


def _parts(offers: list[queries.Offer]) -> list[tuple[str, list[queries.Offer]]]:
    """The offers under a heading of their kind; a kind without any has no heading."""
    kinds: dict[str, list[queries.Offer]] = {}
    for offer in offers:
        if isinstance(offer.slot, SharedFigure):
            kind = _("Cijfers")
        else:
            kind = _("Verhalen") if isinstance(offer.slot, SharedStories) else _("Momenten")
        kinds.setdefault(kind, []).append(offer)
    return list(kinds.items())


def _keep(plan: Plan, chosen: list[tuple[Slot, str]]) -> None:
    national = find_indicators([which for _slot, choice in chosen if (which := _split(choice)[1])])
    for slot, choice in chosen:
        origin, which = _split(choice)
        if origin is Origin.NATIONAL:
            settle(plan.id, slot.key, origin, indicator_id=national[which].id)
        elif not which:
            settle(plan.id, slot.key, origin)
        elif isinstance(slot, SharedFigure):
            settle(plan.id, slot.key, origin, own_indicator_id=UUID(which))
        elif isinstance(slot, SharedStories):
            settle(plan.id, slot.key, origin, story_source_id=UUID(which))
        else:
            settle(plan.id, slot.key, origin, moment=which)


def _split(choice: str) -> tuple[Origin, str]:
    origin, _colon, which = choice.partition(":")
    return Origin(origin), which
