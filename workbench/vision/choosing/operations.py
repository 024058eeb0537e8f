"""What a working group does to get from many values to a few."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from workbench.core import audit
from workbench.core.cards import save_card
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.vision.choosing.models import FEWEST, MOST, LibraryValue, ValueDecision, ValuePart
from workbench.vision.models import GoalValue, Plan, Value


def start_from_library(value: Value, example: LibraryValue) -> None:
    """Remember where a new value began, and take over which parts of the frames it probably serves."""
    value.library_slug = example.slug
    set_parts(value, set(example.parts))


def set_parts(value: Value, slugs: set[str]) -> None:
    """Say which parts of the frames this value serves."""
    known = {
        part.part_slug: part
        for part in db.scalars(sa.select(ValuePart).where(ValuePart.value_id == value.id))
    }
    for slug in known.keys() - slugs:
        db.delete(known[slug])
    db.add_all(ValuePart(value_id=value.id, part_slug=slug) for slug in sorted(slugs - known.keys()))


def merge_values(value: Value, into: Value) -> None:
    """Let one value become part of another: its goals and frame parts go along, its card stays to be taken out again.

    Raises: Conflict for a value of another plan, with itself, or one that was merged already.
    """
    if value.id == into.id or value.plan_id != into.plan_id:
        raise Conflict(_("Kies twee verschillende waarden van dit traject."))
    if value.merged_into_id or into.merged_into_id:
        raise Conflict(_("Een van deze waarden is al opgegaan in een andere."))
    _hand_over(GoalValue, GoalValue.goal_id, value, into)
    _hand_over(ValuePart, ValuePart.part_slug, value, into)
    # A value that others went into takes them along, so that no card hangs under one that is hidden.
    db.execute(sa.update(Value).where(Value.merged_into_id == value.id).values(merged_into_id=into.id))
    value.merged_into_id = into.id
    decision = decision_of(value.plan_id)
    if decision is not None and value.id in decision.chosen:
        chosen = [into.id if item == value.id else item for item in decision.chosen]
        save_card(decision, {"chosen": list(dict.fromkeys(chosen))}, by=None)
    audit.record("value_merged", value, into=str(into.id))


def _hand_over(table: type[GoalValue] | type[ValuePart], other_key: Any, value: Value, into: Value) -> None:
    """Give what hangs under one value to another, except what hangs there already."""
    there = sa.select(other_key).where(table.value_id == into.id).scalar_subquery()
    db.execute(
        sa.update(table).where(table.value_id == value.id, other_key.not_in(there)).values(value_id=into.id)
    )
    db.execute(sa.delete(table).where(table.value_id == value.id))


def take_out(value: Value) -> None:
    """Make a merged value a card of its own again; goals stay where they are. Raises: Conflict."""
    if value.merged_into_id is None:
        raise Conflict(_("Deze waarde staat al op zichzelf."))
    value.merged_into_id = None
    audit.record("value_taken_out", value)


def decision_of(plan_id: UUID) -> ValueDecision | None:
    return db.scalar(sa.select(ValueDecision).where(ValueDecision.plan_id == plan_id))


def decide(
    plan: Plan, by: UUID | None, chosen: list[Value], *, base_version: int | None = None, **texts: str
) -> ValueDecision:
    """Hold on to three to five values of this plan; `texts`: reasons, minority_view. Raises: Conflict, EditConflict."""
    if not FEWEST <= len(chosen) <= MOST:
        raise Conflict(_("Kies drie, vier of vijf waarden."))
    if any(value.plan_id != plan.id or value.merged_into_id for value in chosen):
        raise Conflict(_("Kies alleen waarden van dit traject."))
    if any(not value.counter_value for value in chosen):
        raise Conflict(_("Elke gekozen waarde heeft een waarde nodig die ermee schuurt."))
    db.refresh(plan, attribute_names=["version"], with_for_update=True)  # two people at once: one waits
    decision = decision_of(plan.id)
    if decision is None:
        decision, base_version = ValueDecision(plan_id=plan.id, chosen=[]), None
        db.add(decision)
    save_card(decision, {"chosen": [value.id for value in chosen], **texts}, by=by, base_version=base_version)
    return decision
