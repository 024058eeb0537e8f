"""Reading stories, never more than the narrator and the reader's role allow."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask_login import current_user

from workbench.accounts.access import Permission, may
from workbench.core.db import db
from workbench.core.drawn_once import not_to_keep
from workbench.stories.kept.models import Excerpt, Leaning, Story, StoryWords
from workbench.stories.kept.visibility import Audience, Reach, State, reaches
from workbench.stories.models import StoryKind, StorySource


def audience() -> Audience:
    """As what the person who is here reads the stories of the acting council."""
    if not current_user.is_authenticated:
        return Audience.PUBLIC
    if may(Permission.COLLECT_STORIES):
        return Audience.MAKER
    return Audience.WORKING_GROUP if may(Permission.CODE_STORIES) else Audience.COUNCIL


def readable(
    who: Audience, today: date | sa.ColumnElement[date], *, whole: bool = False
) -> sa.ColumnElement[bool]:
    """`visibility.may_read` as a condition on Story."""
    conditions = [
        Story.state == State.READY,
        Story.reach.in_(reaches(who)),
        sa.or_(Story.ends_on.is_(None), Story.ends_on >= today),
    ]
    if whole and who is not Audience.MAKER:
        conditions.append(Story.quotes_only.is_(False))
    return sa.and_(*conditions)


def has_words(who: Audience) -> sa.ColumnElement[bool]:
    """As a condition on Story: is there anything to read? Of a story that is quoted only, its quotes are all there is."""
    if who is Audience.MAKER:
        return sa.true()
    quotes = sa.select(Excerpt.id).where(Excerpt.story_id == Story.id, Excerpt.coder_id.is_(None))
    return sa.or_(Story.quotes_only.is_(False), quotes.exists())


def story(story_id: UUID) -> Story | None:
    """One story of the acting council with its source, in whatever state."""
    return db.scalar(sa.select(Story).where(Story.id == story_id).options(sa.orm.joinedload(Story.source)))


class Told(NamedTuple):
    """An excerpt as `telling` gives it. A visitor sees no source and no teller: PostgreSQL shows these to nobody outside the
    council.
    """

    excerpt_id: UUID
    words: str
    teller: str | None
    source: str | None  # its kind
    told_on: date | None
    leaning: str | None
    reach: str | None  # whoever this includes may read it


def telling(
    excerpt_ids: sa.ColumnElement[Sequence[UUID]], day: sa.ColumnElement[date]
) -> sa.Select[UUID, str, str, StoryKind, date | None, Leaning | None, Reach | None]:
    """Of these excerpts those whose story is there on this day, each as a `Told`."""
    return (
        sa.select(
            Excerpt.id,
            Excerpt.words,
            StoryWords.teller,
            StorySource.kind,
            Story.told_on,
            Excerpt.leaning,
            Story.reach,
        )
        .join(Story, Story.id == Excerpt.story_id)
        .outerjoin(StoryWords, StoryWords.story_id == Story.id)
        .outerjoin(StorySource, StorySource.id == Story.source_id)
        .where(Excerpt.id == sa.any_(excerpt_ids), readable(Audience.MAKER, day))
    )


def told(excerpt_ids: Iterable[UUID], today: date) -> list[Told]:
    """The excerpts of these that are there; for whom each is, its reach says."""
    wanted = list(excerpt_ids)
    if not wanted:
        return []
    ids = sa.literal(wanted, sa.ARRAY(sa.Uuid()))
    found = [Told(*row) for row in db.execute(telling(ids, sa.literal(today)))]
    not_to_keep(one.words for one in found)
    return found


def quoted(excerpt_ids: Iterable[UUID], who: Audience, today: date) -> set[UUID]:
    """Which of these excerpts this audience may read now."""
    allowed = reaches(who)
    return {one.excerpt_id for one in told(excerpt_ids, today) if one.reach in allowed}


def listed(who: Audience, today: date, most: int, skip: int) -> tuple[list[Story], int]:
    """The stories that this audience may read or quote, the newest first, with their source and teller; and how many there
    are. Of a story that is quoted only, its quotes are all there is.
    """
    counts = readable(who, today), has_words(who)
    rows = db.scalars(
        sa.select(Story)
        .where(*counts)
        .options(sa.orm.joinedload(Story.source), sa.orm.joinedload(Story.safe).load_only(StoryWords.teller))
        .order_by(Story.number.desc())
        .limit(most)
        .offset(skip)
    )
    return list(rows), db.scalar(sa.select(sa.func.count()).select_from(Story).where(*counts)) or 0


def quotes_of(story_ids: Collection[UUID], who: Audience, today: date) -> dict[UUID, list[Excerpt]]:
    """By story: the excerpts of its settled reading that this audience may read, in the order of the text."""
    query = _with_story().where(
        Excerpt.coder_id.is_(None), readable(who, today), Excerpt.story_id.in_(story_ids)
    )
    found: dict[UUID, list[Excerpt]] = {}
    for excerpt in db.scalars(query.order_by(Excerpt.story_id, Excerpt.start_at)):
        found.setdefault(excerpt.story_id, []).append(excerpt)
    return found


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
