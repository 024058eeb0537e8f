"""Which other figures stand beside that of a block: the money, the parts of its whole, the others of its goal or plan."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workbench.core.db import db
from workbench.evidence.models import Link
from workbench.figures.options import (
    BlockOptions,
    CompositionOptions,
    HeatOptions,
    MoneyOptions,
    RelationOptions,
    TrendOptions,
)
from workbench.indicators import queries as catalogue
from workbench.indicators.models import Indicator
from workbench.indicators.parts import AGES, ALL_SPENDING, SPENDING, whole_of
from workbench.monitors.format import Drawn, Figure
from workbench.vision.models import Goal


@dataclass(frozen=True)
class Company:
    """`links`: by goal, those of its whole plan that are in view and have public figures, in the order they were made.
    `catalogue`: by slug, what may stand beside a figure without being chosen by the group.
    """

    links: dict[UUID, list[Link]]
    catalogue: dict[str, Indicator]

    def of_goal(self, link: Link) -> list[Link]:
        """The figures of the same goal, itself included."""
        return [other for other in self.links.get(link.goal_id, []) if other.goal_id == link.goal_id]

    def candidates(self, link: Link) -> list[Link]:
        """What the figure may be related to: the other figures of the plan, those of its own goal first."""
        found: dict[UUID | None, Link] = {}
        for other in sorted(self.links.get(link.goal_id, []), key=lambda one: one.goal_id != link.goal_id):
            if other.indicator_id != link.indicator_id:
                found.setdefault(other.indicator_id, other)
        return list(found.values())

    def related(self, view: BlockOptions, link: Link) -> Indicator | None:
        """The second figure: the chosen one while it is there, else the first."""
        found = self.candidates(link)
        chosen = view.other if isinstance(view, RelationOptions) else ""
        wanted = [other for other in found if str(other.id) == chosen] or found
        return wanted[0].indicator if wanted else None

    def spent(self, view: BlockOptions, link: Link) -> Indicator | None:
        """The money: what was chosen, else what the goal has, else all of the social domain."""
        chosen = view.spending if isinstance(view, MoneyOptions) else ""
        beside = [other.indicator.slug for other in self.of_goal(link) if other.indicator]
        for slug in (chosen, *beside, ALL_SPENDING):
            if slug in SPENDING and slug in self.catalogue and self.catalogue[slug].series:
                return self.catalogue[slug]
        return None

    def parts(self, link: Link) -> list[Indicator]:
        """All parts of the whole that the figure is, or is a part of; empty when it is no such figure."""
        whole = whole_of(link.indicator.slug) if link.indicator else None
        found = [self.catalogue[slug] for slug in (whole.parts if whole else ()) if slug in self.catalogue]
        return found if whole and len(found) == len(whole.parts) else []

    def beside(self, view: BlockOptions, link: Link) -> list[Indicator]:
        """What a view shows besides the figure itself."""
        found: list[Indicator | None] = []
        if isinstance(view, HeatOptions) and view.rows == "goal":
            found = [other.indicator for other in self.of_goal(link)]
        elif isinstance(view, RelationOptions):
            found = [self.related(view, link)]
        elif isinstance(view, MoneyOptions):
            found = [self.spent(view, link)]
        elif isinstance(view, CompositionOptions):
            found = [*self.parts(link)]
        return [other for other in found if other is not None and other.id != link.indicator_id]

    def possible(self, view: BlockOptions, link: Link) -> list[Indicator]:
        """What any view would show besides the figure, so that each can say whether it suits."""
        views = (view, HeatOptions(rows="goal"), RelationOptions(), MoneyOptions(), CompositionOptions())
        return [other for one in views for other in self.beside(one, link)]


def chosen_view(block: Drawn) -> BlockOptions:
    """A table shows the line."""
    return block.view if isinstance(block, Figure) else TrendOptions()


def company_of(links: Iterable[Link]) -> Company:
    """In three queries, whatever the number of links."""
    goals = {link.goal_id for link in links}
    plans = sa.select(Goal.plan_id).where(Goal.id.in_(goals))
    by_plan: dict[UUID, list[Link]] = defaultdict(list)
    plan_of: dict[UUID, UUID] = {}
    for goal_id, plan_id, link in db.execute(
        sa.select(Goal.id, Goal.plan_id, Link)
        .outerjoin(
            Link,
            sa.and_(Link.goal_id == Goal.id, Link.rests_until.is_(None), Link.indicator_id.is_not(None)),
        )
        .where(Goal.plan_id.in_(plans))
        .options(joinedload(Link.indicator).selectinload(Indicator.series))
        .order_by(Link.created_at, Link.id)
    ):
        plan_of[goal_id] = plan_id
        if link is not None and link.indicator and link.indicator.series:
            by_plan[plan_id].append(link)
    return Company(
        {goal_id: by_plan[plan_id] for goal_id, plan_id in plan_of.items()},
        catalogue.find_indicators([*SPENDING, *AGES]),
    )
