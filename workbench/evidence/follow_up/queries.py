"""Reading what the goals of a plan ask for."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workbench.comparison.queries import Comparables
from workbench.core.db import db
from workbench.evidence.follow_up.models import MODELS, CostLine, Part
from workbench.indicators import queries as catalogue
from workbench.indicators.compare import Quartiles, band
from workbench.indicators.models import Area, Indicator
from workbench.indicators.queries import Figure
from workbench.vision.models import Goal, Plan

RECENT = 6  # years of spending beside the costs
SPENDING = "uitgaven-"  # how the indicators begin that hold what a municipality spends


def by_goal(plan: Plan, part: Part) -> dict[UUID, list[Any]]:
    """Goal id -> its cards of this kind, in the order they were made, in one query."""
    [found] = kinds_by_goal(plan, part)
    return found


def kinds_by_goal(plan: Plan, *parts: Part) -> list[dict[UUID, list[Any]]]:
    """`by_goal` for each of these kinds, together in one query."""
    models: list[Any] = [MODELS[part] for part in parts]
    under = sa.union_all(
        *(sa.select(model.id, model.goal_id, model.created_at) for model in models)
    ).subquery()
    query = sa.select(*models).select_from(under).join(Goal, Goal.id == under.c.goal_id)
    for model in models:
        query = query.outerjoin(model, model.id == under.c.id)
    found: list[dict[UUID, list[Any]]] = [defaultdict(list) for _model in models]
    for row in db.execute(query.where(Goal.plan_id == plan.id).order_by(under.c.created_at, under.c.id)):
        for cards, card in zip(found, row, strict=True):
            if card is not None:
                cards[card.goal_id].append(card)
    return found


@dataclass(frozen=True)
class Sums:
    """What the lines of one goal add up to, in euros; `unsure` counts the lines that are no more than a guess."""

    once: int
    yearly: int
    unsure: int


def sums(lines: list[CostLine]) -> Sums:
    return Sums(
        sum(line.once or 0 for line in lines),
        sum(line.yearly or 0 for line in lines),
        sum(line.certainty.value == "guess" for line in lines),
    )


def spending_choices() -> list[tuple[str, str]]:
    """(slug, name) of the indicators with what a municipality spends, by name."""
    rows = db.execute(
        sa.select(Indicator.slug, Indicator.name)
        .where(Indicator.slug.startswith(SPENDING))
        .order_by(sa.func.lower(Indicator.name))
    )
    return [(slug, name) for slug, name in rows]


@dataclass(frozen=True)
class Spent:
    """What our municipality spent in one year, beside the middle half of comparable municipalities; None: not known."""

    figure: Figure
    others: Quartiles | None


@dataclass(frozen=True)
class Spending:
    """What our municipality spends on one task field: its recent years."""

    indicator: Indicator
    years: list[Spent]

    @property
    def compared(self) -> Spent | None:
        """The newest year with a figure of ours and of the others."""
        return next(
            (item for item in self.years[::-1] if item.others and item.figure.value is not None), None
        )


def spending_of(lines: list[CostLine], area: Area | None, group: Comparables | None) -> list[Spending]:
    """The municipality's real spending beside these lines, in three queries; empty without an area."""
    slugs = {line.spending for line in lines} - {""}
    if not slugs or area is None:
        return []
    indicators = list(
        db.scalars(
            sa.select(Indicator)
            .where(Indicator.slug.in_(slugs))
            .options(joinedload(Indicator.series))
            .order_by(sa.func.lower(Indicator.name))
        ).unique()
    )
    own = catalogue.lines_of(indicators, area)
    others = catalogue.group_values_of(indicators, group.area_ids) if group and group.area_ids else {}
    return [
        Spending(
            item,
            [
                Spent(figure, band(others.get(item.slug, {}).get(figure.period.code, ())))
                for figure in own.get(item.slug, [])[-RECENT:]
            ],
        )
        for item in indicators
    ]
