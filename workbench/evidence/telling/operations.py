"""Linking stories to goals."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from workbench.core import audit
from workbench.core.cards import save_card
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.evidence.telling.models import StoryLink
from workbench.stories.models import StorySource
from workbench.vision.models import Goal
from workbench.vision.operations import take_up
from workbench.vision.steps import EVIDENCE


def add_source(by: UUID | None, **content: Any) -> StorySource:
    source = StorySource()
    db.add(source)
    save_card(source, content, by=by)
    db.flush()
    return source


def link_stories(goal: Goal, source: StorySource, by: UUID | None, **content: Any) -> StoryLink:
    """Raises: Conflict when these stories belong to the goal already."""
    db.refresh(goal, attribute_names=["version"], with_for_update=True)  # two people at once: one waits
    there = sa.exists().where(StoryLink.goal_id == goal.id, StoryLink.story_source_id == source.id)
    if db.scalar(sa.select(there)):
        raise Conflict(_("Deze verhalen horen al bij dit doel."))
    link = StoryLink(goal_id=goal.id, story_source_id=source.id)
    db.add(link)
    save_card(link, content, by=by)
    take_up(goal.plan_id, EVIDENCE)
    return link


def remove_stories(link: StoryLink) -> None:
    """Take stories away from a goal; the source stays for other goals."""
    audit.record("story_link_removed", link)
    db.delete(link)
