"""What was told about the goals of a plan: how many stories, from which sources, and which passages of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from workbench.core.db import db
from workbench.evidence.telling.models import StoryLink
from workbench.knowledge.calendar.models import today
from workbench.stories.coding.models import Coding, TagGoal
from workbench.stories.kept import queries as kept
from workbench.stories.kept.models import Excerpt, Leaning, Story
from workbench.stories.kept.visibility import Audience, Reach
from workbench.stories.models import StorySource
from workbench.vision.models import Goal, Plan

PER_LEANING = 3  # passages of a goal that a proposal chooses from, for each way they go


@dataclass(frozen=True)
class Stories:
    """The stories about one goal that may be used now, whoever may read them: a count says nothing of anybody.

    A story of which nobody wrote down when it was told, was told when it came in.
    """

    count: int = 0
    by_source: tuple[UUID, ...] = ()  # the sources they come from
    kinds: tuple[str, ...] = ()
    first_on: date | None = None
    last_on: date | None = None


def _about(*conditions: sa.ColumnElement[bool]) -> sa.CompoundSelect[UUID, UUID]:
    """(goal, story): of a source that was chosen for the goal, or with a settled passage under a tag of the goal."""
    by_source = (
        sa.select(StoryLink.goal_id, Story.id.label("story_id"))
        .join(Story, Story.source_id == StoryLink.story_source_id)
        .join(Goal, Goal.id == StoryLink.goal_id)
    )
    by_tag = (
        sa.select(TagGoal.goal_id, Excerpt.story_id)
        .join(Coding, Coding.tag_id == TagGoal.tag_id)
        .join(Excerpt, Excerpt.id == Coding.excerpt_id)
        .join(Goal, Goal.id == TagGoal.goal_id)
        .where(Excerpt.coder_id.is_(None))
    )
    return sa.union(by_source.where(*conditions), by_tag.where(*conditions))


def _counted(*conditions: sa.ColumnElement[bool]) -> sa.Subquery:
    """Per goal and source: how many stories may be used now, and between which days these were told."""
    about = _about(*conditions).subquery()
    day = sa.func.coalesce(Story.told_on, sa.cast(Story.received_at, sa.Date))
    return (
        sa.select(
            about.c.goal_id,
            Story.source_id,
            StorySource.kind,
            sa.func.count().label("stories"),
            sa.func.min(day).label("first_on"),
            sa.func.max(day).label("last_on"),
        )
        .join(Story, Story.id == about.c.story_id)
        .join(StorySource, StorySource.id == Story.source_id)
        .where(kept.readable(Audience.MAKER, today()))
        .group_by(about.c.goal_id, Story.source_id, StorySource.kind)
        .subquery()
    )


def stories_by_goal(*conditions: sa.ColumnElement[bool]) -> dict[UUID, Stories]:
    """Goal -> its stories, for the goals of the acting council that fit these conditions; in one query."""
    counted = _counted(*conditions)
    return _together(db.execute(sa.select(counted).order_by(counted.c.goal_id, counted.c.source_id)).all())


def told_of(plan: Plan) -> tuple[dict[UUID, list[StoryLink]], dict[UUID, Stories]]:
    """Goal -> the sources chosen for it, and goal -> its stories, for a whole plan; in one query."""
    of_plan = Goal.plan_id == plan.id
    counted = _counted(of_plan)
    link = sa.orm.aliased(StoryLink, sa.select(StoryLink).join(Goal).where(of_plan).subquery())
    is_same = sa.and_(link.goal_id == counted.c.goal_id, link.story_source_id == counted.c.source_id)
    rows = db.execute(
        sa.select(link, *counted.c)
        .select_from(sa.outerjoin(link, counted, is_same, full=True))
        .options(sa.orm.joinedload(link.source))
        .order_by(link.created_at, link.id, counted.c.goal_id, counted.c.source_id)
    ).all()
    links: dict[UUID, list[StoryLink]] = defaultdict(list)
    for row in rows:
        if row[0] is not None:
            links[row[0].goal_id].append(row[0])
    return links, _together([row for row in rows if row.goal_id is not None])


def _together(rows: Iterable[Any]) -> dict[UUID, Stories]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.goal_id].append(row)
    return {
        goal_id: Stories(
            sum(part.stories for part in parts),
            tuple(part.source_id for part in parts),
            tuple(dict.fromkeys(str(part.kind) for part in parts)),
            min(part.first_on for part in parts),
            max(part.last_on for part in parts),
        )
        for goal_id, parts in found.items()
    }


def told_days(linked: Iterable[StorySource], stories: Stories) -> list[date | None]:
    """Per source of stories about a goal the last day on which people told; None: nobody told yet."""
    days = {source.id: source.collected_on for source in linked}
    days |= {source_id: days.get(source_id) or stories.last_on for source_id in stories.by_source}
    return list(days.values())


# --- Passages -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Passage:
    """A settled passage about a goal, for a proposal: without its words."""

    id: UUID
    story_id: UUID
    leaning: str = ""
    is_public: bool = False


def passages_by_goal(*conditions: sa.ColumnElement[bool]) -> dict[UUID, list[Passage]]:
    """Goal -> a few passages that the council may read, at most one of a story; the same every time."""
    one_of_a_story = (
        sa.select(
            TagGoal.goal_id,
            Excerpt.id,
            Excerpt.story_id,
            Excerpt.leaning,
            Story.reach,
            Story.number,
        )
        .ext(distinct_on(TagGoal.goal_id, Excerpt.story_id))
        .join(Coding, Coding.tag_id == TagGoal.tag_id)
        .join(Excerpt, Excerpt.id == Coding.excerpt_id)
        .join(Story, Story.id == Excerpt.story_id)
        .join(Goal, Goal.id == TagGoal.goal_id)
        .where(Excerpt.coder_id.is_(None), kept.readable(Audience.COUNCIL, today()), *conditions)
        .order_by(TagGoal.goal_id, Excerpt.story_id, Excerpt.start_at, Excerpt.id)
        .subquery()
    )
    place = sa.func.row_number().over(
        partition_by=(one_of_a_story.c.goal_id, one_of_a_story.c.leaning),
        order_by=one_of_a_story.c.number,
    )
    placed = sa.select(one_of_a_story, place.label("place")).subquery()
    rows = db.execute(
        sa.select(placed).where(placed.c.place <= PER_LEANING).order_by(placed.c.goal_id, placed.c.number)
    )
    found: dict[UUID, list[Passage]] = defaultdict(list)
    for row in rows:
        leaning = row.leaning.value if isinstance(row.leaning, Leaning) else row.leaning or ""
        found[row.goal_id].append(Passage(row.id, row.story_id, leaning, row.reach == Reach.PUBLIC))
    return found


def passages_of(goal_id: UUID, who: Audience, most: int) -> list[Excerpt]:
    """The settled passages to choose from for a goal, that this audience may read."""
    under_a_tag = (
        sa.select(Coding.excerpt_id)
        .join(TagGoal, TagGoal.tag_id == Coding.tag_id)
        .where(TagGoal.goal_id == goal_id)
    )
    of_a_source = sa.select(StoryLink.story_source_id).where(StoryLink.goal_id == goal_id)
    about = sa.or_(Excerpt.id.in_(under_a_tag), Story.source_id.in_(of_a_source))
    return kept.settled([about], who, today(), most)
