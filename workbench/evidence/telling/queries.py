"""Reading which stories belong to which goals."""

from collections import defaultdict
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workbench.core.db import db
from workbench.evidence.telling.models import StoryLink
from workbench.vision.models import Goal, Plan


def _with_sources() -> sa.Select[StoryLink]:
    return (
        sa.select(StoryLink)
        .options(joinedload(StoryLink.source))
        .order_by(StoryLink.created_at, StoryLink.id)
    )


def of_goal(goal: Goal) -> list[StoryLink]:
    return list(db.scalars(_with_sources().where(StoryLink.goal_id == goal.id)))


def by_goal(plan: Plan) -> dict[UUID, list[StoryLink]]:
    """Goal id -> its stories with their sources, for a whole plan in one query."""
    found: dict[UUID, list[StoryLink]] = defaultdict(list)
    query = _with_sources().join(Goal, Goal.id == StoryLink.goal_id).where(Goal.plan_id == plan.id)
    for link in db.scalars(query):
        found[link.goal_id].append(link)
    return found


def story_link(link_id: UUID) -> StoryLink | None:
    return db.scalar(_with_sources().where(StoryLink.id == link_id))
