"""Reading stories, never more than the narrator and the reader's role allow."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from flask_login import current_user

from workbench.accounts.access import Permission, may
from workbench.core.db import db
from workbench.core.drawn_once import not_to_keep
from workbench.stories.kept.models import Excerpt, Story, StoryWords
from workbench.stories.kept.visibility import Audience, State, reaches


def audience() -> Audience:
    """As what the person who is here reads the stories of the acting council."""
    if not current_user.is_authenticated:
        return Audience.PUBLIC
    if may(Permission.COLLECT_STORIES):
        return Audience.MAKER
    return Audience.WORKING_GROUP if may(Permission.CODE_STORIES) else Audience.COUNCIL


def readable(who: Audience, today: date, *, whole: bool = False) -> sa.ColumnElement[bool]:
    """`visibility.may_read` as a condition on Story."""
    conditions = [
        Story.state == State.READY,
        Story.reach.in_(reaches(who)),
        sa.or_(Story.ends_on.is_(None), Story.ends_on >= today),
    ]
    if whole and who is not Audience.MAKER:
        conditions.append(Story.quotes_only.is_(False))
    return sa.and_(*conditions)


def story(story_id: UUID) -> Story | None:
    """One story of the acting council with its source, in whatever state."""
    return db.scalar(sa.select(Story).where(Story.id == story_id).options(sa.orm.joinedload(Story.source)))


def quoted(excerpt_ids: list[UUID], who: Audience, today: date) -> dict[UUID, Excerpt]:
    """Of these excerpts those that this audience may read now, with their story, its source and its teller; the rest are
    gone or not for them. A visitor sees no source and no teller: PostgreSQL shows these to nobody outside the council.
    """
    return told(excerpt_ids, who, today)[0]


def told(excerpt_ids: list[UUID], who: Audience, today: date) -> tuple[dict[UUID, Excerpt], set[UUID]]:
    """The same, and which of the rest are still there but go less far; in one query."""
    if not excerpt_ids:
        return {}, set()
    rows = db.execute(
        _with_story()
        .add_columns(readable(who, today))
        .where(Excerpt.id.in_(excerpt_ids), readable(Audience.MAKER, today))
    ).all()
    heard = {excerpt.id: excerpt for excerpt, may_read in rows if may_read}
    not_to_keep(excerpt.words for excerpt in heard.values())
    return heard, {excerpt.id for excerpt, _may_read in rows} - set(heard)


def _with_story() -> sa.Select[Excerpt]:
    return (
        sa.select(Excerpt)
        .join(Story, Story.id == Excerpt.story_id)
        .options(
            sa.orm.contains_eager(Excerpt.story).options(
                sa.orm.joinedload(Story.source, innerjoin=False),
                sa.orm.joinedload(Story.safe).load_only(StoryWords.teller),
            )
        )
    )


def settled(
    conditions: Iterable[sa.ColumnElement[bool]], who: Audience, today: date, most: int
) -> list[Excerpt]:
    """Excerpts of settled readings that this audience may read, with their story, its source and its teller; the newest
    stories first.
    """
    query = _with_story().where(Excerpt.coder_id.is_(None), readable(who, today), *conditions)
    found = list(db.scalars(query.order_by(Story.number.desc(), Excerpt.start_at).limit(most)))
    not_to_keep(excerpt.words for excerpt in found)
    return found
