"""Monitors that quote stories, for tests."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from tasks import worker
from tests.factories import make_goal, make_link, make_plan, make_value
from tests.stories.making import excerpt, make_source, ready
from workbench.core.db import db
from workbench.core.jobs import Job
from workbench.evidence.telling.models import StoryLink
from workbench.evidence.telling.operations import link_stories
from workbench.monitors import operations
from workbench.monitors.building import build_blocks
from workbench.monitors.format import AnyBlock, Format, add_block
from workbench.monitors.models import Monitor
from workbench.stories.coding.models import Coding, Tag, TagGoal
from workbench.stories.kept.models import Excerpt, Leaning, Story
from workbench.stories.kept.visibility import Reach
from workbench.stories.models import StorySource
from workbench.vision.models import Goal, Plan


@dataclass
class Told:
    """A plan with one goal, a figure and a tag; and what was told about the goal."""

    plan: Plan
    goal: Goal
    tag: Tag
    source: StorySource
    stories: list[Story] = field(default_factory=list)
    excerpts: list[Excerpt] = field(default_factory=list)

    @property
    def monitor(self) -> Monitor:
        return db.scalars(sa.select(Monitor).where(Monitor.plan_id == self.plan.id)).one()

    def tell(
        self, words: str, reach: Reach = Reach.COUNCIL, leaning: Leaning | None = None, **facts: Any
    ) -> Excerpt:
        """One more story, with these words as its settled passage about the goal."""
        text = f"Ik vertel. {words} Dat was het."
        story = ready(text, reach, source=self.source, **facts)
        story.told_on = date(2026, 3, 2)
        made = excerpt(story, words, text, leaning=leaning)
        db.add(Coding(excerpt_id=made.id, tag_id=self.tag.id))
        db.flush()
        self.stories.append(story)
        self.excerpts.append(made)
        return made

    def show(self, *blocks: AnyBlock, publish: bool = True) -> None:
        """Put these last in the first section of the monitor of the council."""
        monitor = self.monitor

        def more(format_: Format) -> Format:
            for block in blocks:
                format_ = add_block(format_, block, format_.sections[0].id)
            return format_

        operations.shape(monitor, monitor.draft, more, {"what": "proposed"}, None)
        if publish:
            operations.publish(monitor, monitor.draft, None)
        build_blocks()
        db.commit()


def make_told() -> Told:
    plan = make_plan()
    goal = make_goal(make_value(plan))
    make_link(goal)
    tag = Tag(name="Wachten", description="", look=0, version=1, revision=1)
    db.add(tag)
    db.flush()
    db.add(TagGoal(tag_id=tag.id, goal_id=goal.id))
    source = make_source()
    link_stories(goal, source, None, reason="Zij merken het als eersten.")
    build_blocks()
    db.commit()
    return Told(plan, goal, tag, source)


def unlink(told: Told) -> None:
    db.execute(sa.delete(StoryLink).where(StoryLink.goal_id == told.goal.id))


def carry_out(sent: list[tuple[str, dict[str, str]]], *jobs: Job) -> None:
    """What the worker would do with these jobs, until none is left."""
    db.commit()
    while waiting := [item for item in sent if item[0] in jobs]:
        for name, payload in waiting:
            sent.remove((name, payload))
            worker.celery.tasks[name].apply(kwargs=payload, throw=True)
    db.expire_all()


def new_id() -> UUID:
    return uuid4()
