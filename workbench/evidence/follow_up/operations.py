"""Writing what a goal asks for. Money comes after what is needed."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from workbench.core import audit
from workbench.core.cards import save_card
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.evidence.follow_up.models import MODELS, CostLine, Need, Part, Steering
from workbench.vision.models import Goal, LeftOpen, Plan
from workbench.vision.operations import take_up
from workbench.vision.steps import COSTS, NEEDS, STEERING, AnswerState

STEPS = {Part.NEED: NEEDS, Part.COST: COSTS, Part.STEERING: STEERING}


def check_order(goal: Goal, part: Part) -> None:
    """Raises: Conflict for money under a goal of which nobody said yet what it needs, or that this is not known."""
    needs = sa.exists().where(Need.goal_id == goal.id)
    unknown = sa.exists().where(
        LeftOpen.goal_id == goal.id, LeftOpen.number == NEEDS, LeftOpen.state == AnswerState.UNKNOWN
    )
    if part is Part.COST and not db.scalar(sa.select(needs | unknown)):
        step = db.get_one(Plan, goal.plan_id).step(NEEDS).named
        raise Conflict(_("Zeg eerst wat voor dit doel nodig is: %(step)s. Dan pas komt het geld.", step=step))


def add(goal: Goal, part: Part, by: UUID | None, **content: Any) -> Need | CostLine | Steering:
    """Put a card under a goal. Raises: Conflict; see check_order."""
    check_order(goal, part)
    card = MODELS[part](goal_id=goal.id)
    db.add(card)
    save_card(card, content, by=by)
    take_up(goal.plan_id, STEPS[part], goal.id)
    return card


def remove(card: Need | CostLine | Steering) -> None:
    """Raises: Conflict for the last need of a goal that has costs."""
    if isinstance(card, Need):
        others = sa.exists().where(Need.goal_id == card.goal_id, Need.id != card.id)
        costs = sa.exists().where(CostLine.goal_id == card.goal_id)
        if db.scalar(sa.select(costs & ~others)):
            raise Conflict(
                _("Bij dit doel staan kosten. Haal die eerst weg, of zeg eerst wat er anders nodig is.")
            )
    audit.record(f"{card.__tablename__}_removed", card)
    db.delete(card)
