"""Starting a round about the values of a plan, and taking over what it brought.

Nothing is taken over by itself: a person presses, and it becomes a revision of the card.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from workbench.core import audit
from workbench.core.cards import save_card
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.rounds import operations as rounds
from workbench.rounds.methods import Method
from workbench.rounds.models import Option, Round
from workbench.vision.choosing.models import MOST, ValueDecision
from workbench.vision.models import Plan, Value
from workbench.vision.together.models import PlanRound, Purpose
from workbench.vision.together.queries import Spread, group_of, newcomers, offered_texts, running

LONGEST = 2000  # letters of a minority view, as its form has it


def ask_weight(plan: Plan, values: Sequence[Value], method: Method, by: UUID | None) -> Round:
    """Which values come first? Raises: Conflict."""
    options = [Option(str(value.key), value.name) for value in values]
    return _ask(
        plan,
        Purpose.WEIGHT,
        _("Welke waarden staan voorop?"),
        method,
        options,
        by=by,
        settings={"most": MOST},
    )


def ask_positions(plan: Plan, values: Sequence[Value], by: UUID | None) -> Round:
    """Where do people stand between these values and their counter-values? Raises: Conflict."""
    options = [Option(str(value.key), value.name, value.counter_value) for value in values]
    if len(values) == 1:
        question = _(
            "Waar staat u tussen %(this)s en %(other)s?", this=options[0].label, other=options[0].counter
        )
    else:
        question = _("Waar staat u tussen waarden die schuren?")
    return _ask(plan, Purpose.POSITIONS, question, Method.POSITION, options, by=by)


def ask_statements(plan: Plan, options: Sequence[Option], by: UUID | None) -> Round:
    """Which sentences bind the group, and which divide it? Keys of values lead back to them. Raises: Conflict."""
    return _ask(
        plan,
        Purpose.STATEMENTS,
        _("Wat verbindt ons, en wat verdeelt ons?"),
        Method.STATEMENTS,
        options,
        by=by,
    )


def ask_consent(plan: Plan, decision: ValueDecision, names: Sequence[str], by: UUID | None) -> Round:
    """Can people live with this decision? Raises: Conflict."""
    return _ask(
        plan,
        Purpose.CONSENT,
        _("Kunt u hiermee leven?"),
        Method.CONSENT,
        by=by,
        explanation="\n\n".join(
            filter(None, [_("Het voorstel: %(names)s.", names=", ".join(names)), decision.reasons])
        ),
        decision_version=decision.version,
    )


def _ask(
    plan: Plan,
    purpose: Purpose,
    question: str,
    method: Method,
    options: Sequence[Option] = (),
    *,
    by: UUID | None,
    explanation: str = "",
    settings: dict[str, Any] | None = None,
    decision_version: int | None = None,
) -> Round:
    """Open a round at once for the working group, and keep that it is about this plan."""
    db.refresh(plan, attribute_names=["version"], with_for_update=True)  # two people at once: one waits
    if running(plan, purpose):
        raise Conflict(_("Deze ronde loopt al. Sluit en onthul haar eerst."))
    faction_of = {str(person_id): faction for person_id, faction in group_of(plan).items()}
    found = rounds.start_round(
        question,
        method,
        options,
        by=by,
        explanation=explanation,
        members=list(faction_of),
        faction_of=faction_of,
        **(settings or {}),
    )
    db.flush()
    rounds.open_round(found)
    db.add(PlanRound(plan_id=plan.id, round_id=found.id, purpose=purpose, decision_version=decision_version))
    db.flush()
    return found


def ask_newcomers(found: Round) -> int:
    """Ask those too who came into the working group after the round was opened; how many. Raises: Conflict."""
    new = newcomers(found)
    rounds.ask_also(found, new)
    return len(new)


def confirm_position(value: Value, spread: Spread, by: UUID | None, base_version: int) -> None:
    """The group says: this is where we stand. Raises: Conflict, EditConflict."""
    if spread.median is None:
        raise Conflict(_("Er is nog geen onthulde plek om te bevestigen."))
    if spread.median == value.position:
        raise Conflict(_("Deze plek staat al op de kaart."))
    save_card(value, {"position": spread.median}, by=by, base_version=base_version, new_sitting=True)


def take_over(
    asked: PlanRound, found: Round, text: str, card: Value | ValueDecision, by: UUID | None
) -> None:
    """Put a minority text from a revealed round on a card, word for word and without a name. Raises: Conflict."""
    if card.plan_id != asked.plan_id or text not in offered_texts(found):
        raise Conflict(_("Deze tekst hoort niet bij dit traject. Open de pagina opnieuw."))
    db.refresh(card, attribute_names=["minority_view", "version"], with_for_update=True)
    if text in card.minority_view:
        raise Conflict(_("Deze tekst staat er al."))
    whole = "\n\n".join(filter(None, [card.minority_view, text]))
    if len(whole) > LONGEST:
        raise Conflict(
            _("Samen wordt dit te lang, langer dan %(n)s tekens. Kort eerst in wat er staat.", n=LONGEST)
        )
    save_card(card, {"minority_view": whole}, by=by, new_sitting=True)
    audit.record("minority_taken_over", card, round=str(found.id))
