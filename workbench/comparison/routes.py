"""With whom the council compares itself: the list without figures, and choosing another."""

from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.comparison import operations, queries
from workbench.comparison.forms import DecisionForm
from workbench.comparison.models import KIND_NAMES
from workbench.comparison.queries import Comparables
from workbench.core.language import AMSTERDAM
from workbench.core.text import current_language
from workbench.core.web import page
from workbench.indicators import queries as catalogue
from workbench.indicators.compare import FEWEST, NEAREST, Kind
from workbench.indicators.models import Area

bp = Blueprint("comparison", __name__, url_prefix="/<council>")


@bp.get("/vergelijking")
@requires(Permission.READ_MONITOR)
def show() -> ResponseReturnValue:
    """The present group; with `groep` and `stand` the list of a figure, with `dag` the list of a day."""
    area = catalogue.own_area()
    asked, wrong_day = request.args.get("dag", "").strip()[:20], False
    found: Comparables | None = None
    day: date | None = None
    if area and "groep" in request.args:
        found = _of_figure(area) or abort(404)
    elif area and asked:
        day = _day(asked)
        wrong_day = day is None
        if day is not None:
            end = datetime.combine(day + timedelta(days=1), time.min, AMSTERDAM)
            group = queries.group_in_force(end)
            found = queries.recall(area, group.number if group else 0, end.astimezone(UTC))
    if area and found is None:
        found = queries.comparables(area)
    return page(
        "comparison/show.html",
        area=area,
        found=found,
        names=found.names() if found else [],
        day=day,
        asked=asked,
        wrong_day=wrong_day,
        is_present=found is None or (not day and "groep" not in request.args),
        groups=queries.groups(),
        kinds=KIND_NAMES,
        spoken=current_language(),
        fewest=FEWEST,
        nearest=NEAREST,
    )


def _of_figure(area: Area) -> Comparables | None:
    number = request.args.get("groep", -1, type=int)
    try:
        known_at = datetime.fromisoformat(request.args.get("stand", ""))
    except ValueError:
        return None
    if known_at.tzinfo is None or not 0 <= number < 1_000_000:
        return None
    return queries.recall(area, number, known_at)


def _day(text: str) -> date | None:
    """A day up to today, as people write it or as an address has it."""
    for pattern in ("%d-%m-%Y", "%Y-%m-%d"):
        try:
            day = datetime.strptime(text, pattern).replace(tzinfo=UTC).date()
        except ValueError:
            continue
        return day if date(1900, 1, 1) <= day <= datetime.now(AMSTERDAM).date() else None
    return None


@bp.route("/vergelijking/kiezen", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def choose() -> ResponseReturnValue:
    """First a kind of group, then its names, then the decision with a reason."""
    area = catalogue.own_area()
    kind = next((kind for kind in Kind if kind.value == request.args.get("soort")), None)
    present = queries.present_group()
    if area is None or kind is None:
        return page("comparison/choose.html", area=area, kind=None, kinds=KIND_NAMES, present=present)
    by_hand = kind is Kind.CHOSEN
    chosen = list(present.chosen) if present else []
    form = DecisionForm(
        base=str(present.number if present else 0),
        reason=present.reason if present and present.kind is kind else "",
        chosen=chosen,
    )
    form.offer(queries.municipality_names(area) if by_hand else {})
    meanwhile = False
    if form.validate_on_submit():
        try:
            operations.decide(
                kind, form.reason.text, current_user.id, base=form.base_number(), chosen=form.codes()
            )
        except operations.DecidedMeanwhile as other:
            present, meanwhile = other.present, True
            form.base.data = str(present.number if present else 0)
        else:
            flash(_("Dit is voortaan de vergelijking. De figuren worden opnieuw gemaakt."), "success")
            return redirect(url_for("comparison.show"))
    found = queries.candidates(kind, form.codes())
    return page(
        "comparison/choose.html",
        status=409 if meanwhile else 200,
        area=area,
        kind=kind,
        kinds=KIND_NAMES,
        present=present,
        meanwhile=meanwhile,
        form=form,
        found=found,
        names=found.names() if found and not by_hand else [],
        spoken=current_language(),
        nearest=NEAREST,
    )
