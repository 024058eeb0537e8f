"""The page on which a group says how it measures a figure."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.forms import choices
from workbench.core.text import current_language
from workbench.core.web import page, saved
from workbench.evidence import queries as evidence
from workbench.evidence.measuring import operations, queries
from workbench.evidence.measuring.forms import MeasuringForm
from workbench.evidence.measuring.models import Aiming, Measuring
from workbench.evidence.models import Link
from workbench.indicators.catalogue import Direction
from workbench.uploads.words import period_label
from workbench.vision import queries as plans
from workbench.vision import steps
from workbench.vision.histories import History, form_words, offer

bp = Blueprint("measuring", __name__, url_prefix="/<council>")

PROVISIONAL = ("provisional", "further_provisional")


@bp.route("/koppelingen/<uuid:link_id>/meten", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def edit(link_id: UUID) -> ResponseReturnValue:
    link = evidence.link_with_indicator(link_id) or abort(404)
    plans.plan_at_work(link.goal.plan_id, steps.EVIDENCE)
    measuring, starts = queries.of_link(link), queries.starts_of(link)
    form = MeasuringForm(obj=measuring) if measuring else MeasuringForm(data=_proposal(link, starts))
    form.baseline_period.choices = choices(_starts(measuring, starts, link))
    if measuring:
        form.start_from(measuring)
    status = 200
    if form.validate_on_submit():
        if form.saved(
            lambda: operations.measure(link, starts, current_user.id, form.base(), **form.changes())
        ):
            card = measuring or queries.of_link(link)
            return saved(card, url_for("evidence.goal", goal_id=link.goal_id), _("Bewaard hoe u dit meet."))
        status = 409
    return page(
        "measuring/form.html",
        status=status,
        form=form,
        link=link,
        goal=link.goal,
        measuring=measuring,
        has_start=bool(starts),
    )


def _history(link_id: UUID) -> History:
    link = evidence.link_with_indicator(link_id) or abort(404)
    measuring = queries.of_link(link) or abort(404)
    form = MeasuringForm(formdata=None)
    form.baseline_period.choices = choices(_starts(measuring, queries.starts_of(link), link))
    back = url_for("measuring.edit", link_id=link.id)
    return History(measuring, link.goal.plan_id, steps.EVIDENCE, link.subject.name, back, form_words(form))


offer(bp, "/koppelingen/<uuid:link_id>/meten", "history", _history)


def _proposal(link: Link, starts: list[queries.Start]) -> dict[str, Any]:
    """Begin with the newest figure, follow it, and give it no direction: that is the council's to choose."""
    return {
        "baseline_period": starts[0].period if starts else "",
        "aiming": Aiming.FOLLOW,
        "direction": Direction.CONTEXT,
        "reading_up": link.subject.reading_up or "",
        "reading_down": link.subject.reading_down or "",
    }


def _starts(measuring: Measuring | None, starts: list[queries.Start], link: Link) -> dict[str, str]:
    """Period -> what it says; the start that was chosen before is offered with the value it had then."""
    found = {item.period: item for item in starts}
    if measuring and measuring.baseline_period and measuring.baseline_value is not None:
        found[measuring.baseline_period] = queries.Start(
            measuring.baseline_period, measuring.baseline_value, measuring.baseline_status
        )
    named = {
        period: _(
            "%(period)s: %(value)s (voorlopig)", period=period_label(period), value=_amount(item.value, link)
        )
        if item.status in PROVISIONAL
        else _("%(period)s: %(value)s", period=period_label(period), value=_amount(item.value, link))
        for period, item in found.items()
    }
    return {"": _("nog niet gekozen")} | named


def _amount(value: float, link: Link) -> str:
    text = current_language().number(value, link.subject.decimals)
    return f"{text} %" if link.subject.unit == "%" else text
