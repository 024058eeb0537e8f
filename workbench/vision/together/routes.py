"""Pages that start a round about the values of a plan, and that take over what it brought."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.cards import EditConflict
from workbench.core.db import db
from workbench.core.drawn_once import drawn_once
from workbench.core.errors import Conflict
from workbench.core.forms import Form
from workbench.core.web import get_or_404, page
from workbench.rounds.methods import Method
from workbench.rounds.models import Round
from workbench.vision import queries as vision
from workbench.vision.choosing.models import ValueDecision
from workbench.vision.choosing.operations import decision_of
from workbench.vision.models import Plan, Value
from workbench.vision.steps import VALUES
from workbench.vision.together import operations, queries
from workbench.vision.together.forms import ConsentForm, PositionsForm, WeightForm, statements_form
from workbench.vision.together.models import Purpose

bp = Blueprint("together", __name__, url_prefix="/<council>")


@bp.get("/trajecten/<uuid:plan_id>/rondes")
@requires(Permission.READ_ROUNDS)
@drawn_once
def index(plan_id: UUID) -> ResponseReturnValue:
    """All rounds about a plan, with what they said and the minority texts to take over."""
    plan = vision.readable_plan(plan_id)
    return page(
        "vision/rounds.html",
        plan=plan,
        asked=queries.rounds_of(plan),
        texts=queries.offered_texts,
        values=vision.values_of(plan),
        decision=decision_of(plan.id),
    )


@bp.route("/trajecten/<uuid:plan_id>/waarden/ronde", methods=["GET", "POST"])
@requires(Permission.RUN_ROUNDS)
def weight(plan_id: UUID) -> ResponseReturnValue:
    plan = vision.plan_at_work(plan_id, VALUES)
    values = vision.values_of(plan)
    form = WeightForm()
    form.offer(len(values))
    return _start(
        plan,
        Purpose.WEIGHT,
        form,
        lambda: operations.ask_weight(plan, values, Method(form.method.data), current_user.id),
        values=values,
    )


@bp.route("/trajecten/<uuid:plan_id>/waarden/plek", methods=["GET", "POST"])
@requires(Permission.RUN_ROUNDS)
def positions(plan_id: UUID) -> ResponseReturnValue:
    plan = vision.plan_at_work(plan_id, VALUES)
    values = {str(value.id): value for value in vision.values_of(plan) if value.counter_value}
    only = request.args.get("waarde", "")
    form = PositionsForm(values=[only] if only in values else list(values))
    form.offer(list(values.values()))
    return _start(
        plan,
        Purpose.POSITIONS,
        form,
        lambda: operations.ask_positions(
            plan, [values[value_id] for value_id in form.values.data or ()], current_user.id
        ),
        values=list(values.values()),
    )


@bp.route("/trajecten/<uuid:plan_id>/waarden/stellingen", methods=["GET", "POST"])
@requires(Permission.RUN_ROUNDS)
def statements(plan_id: UUID) -> ResponseReturnValue:
    plan = vision.plan_at_work(plan_id, VALUES)
    values = vision.values_of(plan)
    form = statements_form(values)
    return _start(
        plan,
        Purpose.STATEMENTS,
        form,
        lambda: operations.ask_statements(plan, form.chosen_options(), current_user.id),
        values=values,
    )


@bp.route("/trajecten/<uuid:plan_id>/waarden/besluit/ronde", methods=["GET", "POST"])
@requires(Permission.RUN_ROUNDS)
def consent(plan_id: UUID) -> ResponseReturnValue:
    plan = vision.plan_at_work(plan_id, VALUES)
    decision = decision_of(plan.id)
    if decision is None:
        raise Conflict(_("Er is nog niets besloten. Kies eerst samen drie tot vijf waarden."))
    chosen = [value for value in vision.values_of(plan) if value.id in decision.chosen]
    return _start(
        plan,
        Purpose.CONSENT,
        ConsentForm(),
        lambda: operations.ask_consent(plan, decision, [value.name for value in chosen], current_user.id),
        values=chosen,
        decision=decision,
    )


def _start(
    plan: Plan,
    purpose: Purpose,
    form: Form,
    ask: Callable[[], Round],
    *,
    values: list[Value],
    decision: ValueDecision | None = None,
) -> ResponseReturnValue:
    """The page with one button that opens the round; where one runs already, that one."""
    if found := queries.running(plan, purpose):
        return redirect(url_for("rounds.show", round_id=found.id))
    refused = ""
    if form.validate_on_submit():
        try:
            made = ask()
        except Conflict as conflict:
            refused = str(conflict)
        else:
            flash(_("De ronde is open. De groep kan nu antwoord geven."), "success")
            return redirect(url_for("rounds.show", round_id=made.id))
    names = vision.group_candidates()
    return page(
        "vision/round_form.html",
        form=form,
        plan=plan,
        purpose=purpose,
        Purpose=Purpose,
        values=values,
        decision=decision,
        refused=refused,
        members=sorted(names[str(person_id)] for person_id in queries.group_of(plan)),
    )


@bp.post("/waarden/<uuid:value_id>/plek/bevestigen")
@requires(Permission.EDIT_PLAN)
def confirm(value_id: UUID) -> ResponseReturnValue:
    """One press: the middle of the group becomes the position of the value, as a revision."""
    value = vision.value_at_work(value_id)
    plan = db.get_one(Plan, value.plan_id)
    spread = queries.spreads(queries.rounds_of(plan, Purpose.POSITIONS), [value]).get(value.id)
    if spread is None or str(spread.median) != request.form.get("place"):
        raise Conflict(_("De uitkomst is intussen anders. Bekijk de waarde opnieuw en bevestig dan."))
    try:
        operations.confirm_position(value, spread, current_user.id, request.form.get("version", 0, type=int))
    except EditConflict:
        raise Conflict(
            _("Iemand anders heeft deze waarde intussen veranderd. Bekijk de waarde opnieuw en bevestig dan.")
        ) from None
    flash(
        _("De plek van ‘%(name)s’ is bevestigd: %(place)s.", name=value.name, place=value.position), "success"
    )
    return redirect(url_for("vision.value", value_id=value.id))


@bp.post("/rondes/<uuid:round_id>/nieuwe-leden")
@requires(Permission.RUN_ROUNDS)
def ask_newcomers(round_id: UUID) -> ResponseReturnValue:
    """Who came into the working group after the round was opened may answer too."""
    found = get_or_404(Round, round_id)
    n = operations.ask_newcomers(found)
    flash(
        ngettext(
            "Ook het nieuwe lid kan nu antwoorden.", "Ook de %(num)s nieuwe leden kunnen nu antwoorden.", n
        ),
        "success",
    )
    return redirect(url_for("rounds.show", round_id=found.id))


@bp.post("/rondes/<uuid:round_id>/overnemen")
@requires(Permission.RUN_ROUNDS)
def take_over(round_id: UUID) -> ResponseReturnValue:
    """A minority text goes to a value or to the decision, in the words of who wrote it."""
    found = get_or_404(Round, round_id)
    asked = queries.about(found) or abort(404)
    plan = vision.plan_at_work(asked.plan_id, VALUES)
    cards: dict[str, Value | ValueDecision] = {str(value.id): value for value in vision.values_of(plan)}
    if decision := decision_of(plan.id):
        cards["besluit"] = decision
    card = cards.get(request.form.get("card", ""))
    if card is None:
        raise Conflict(_("Kies bij welke waarde deze tekst hoort, of bij het besluit."))
    texts = dict(enumerate(queries.offered_texts(found)))
    text = texts.get(request.form.get("text", -1, type=int), "")
    operations.take_over(asked, found, text, card, current_user.id)
    name = card.name if isinstance(card, Value) else _("het besluit")
    flash(_("De tekst staat nu bij het minderheidsstandpunt van: %(name)s.", name=name), "success")
    return redirect(url_for("together.index", plan_id=plan.id))
