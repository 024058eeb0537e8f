"""Reading what stands at the door of narrators."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from workbench.accounts.models import Council
from workbench.core.db import db
from workbench.stories.kept import operations as kept
from workbench.stories.kept.models import Consent, Story
from workbench.stories.models import StorySource
from workbench.stories.narrator.models import StoryMessage
from workbench.stories.narrator.told import Told


def council(council_id: UUID) -> Council:
    """With the style of its pages."""
    return db.scalars(
        sa.select(Council).where(Council.id == council_id).options(sa.orm.joinedload(Council.house_style))
    ).one()


@dataclass(frozen=True)
class Written:
    """A message that can be read; `number` of the story, None: to all."""

    text: str
    written_at: datetime
    number: int | None = None


def messages_for(story: Story) -> list[Written]:
    """To the narrator of this story alone, and to all of its source since it came in; the newest first."""
    to_all = sa.and_(StoryMessage.story_id.is_(None), StoryMessage.written_at >= story.received_at)
    return _read(sa.or_(StoryMessage.story_id == story.id, to_all), StoryMessage.source_id == story.source_id)


def messages_of(source: StorySource) -> list[Written]:
    """As those who wrote them see them."""
    return _read(StoryMessage.source_id == source.id)


def _read(*conditions: sa.ColumnElement[bool]) -> list[Written]:
    rows = db.execute(
        sa.select(StoryMessage, Story.number)
        .outerjoin(Story, Story.id == StoryMessage.story_id)
        .where(*conditions)
        .order_by(StoryMessage.written_at.desc(), StoryMessage.id)
    ).all()
    sealed = {
        message.id: (message.story_id, message.box)
        for message, _number in rows
        if message.story_id and message.box
    }
    opened = dict(zip(sealed, kept.opened_notes(list(sealed.values())), strict=True))
    return [
        Written(opened.get(message.id) or message.text or "", message.written_at, number)
        for message, number in rows
    ]


def stories_to_tell(source: StorySource) -> list[Story]:
    """Stories of a source whose narrator can be told something, by number."""
    return list(
        db.scalars(
            sa.select(Story)
            .where(Story.source_id == source.id, Story.number.is_not(None), Story.state.not_in(kept.GONE))
            .order_by(Story.number)
        )
    )


def consents(story: Story) -> list[Consent]:
    """What the narrator allowed, the newest first."""
    return list(
        db.scalars(
            sa.select(Consent)
            .where(Consent.story_id == story.id)
            .order_by(Consent.given_at.desc(), Consent.id)
        )
    )


def last_day(story: Story, told: Told | None = None) -> date | None:
    """The day after which the story goes by itself; `told`: what was chosen before it was sent."""
    days = [day for day in (story.ends_on, told and told.ends_on, story.source.keep_until) if day]
    return min(days, default=None)
