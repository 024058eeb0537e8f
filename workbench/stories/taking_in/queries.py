"""Reading where the stories of a source are, as numbers; never their text."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from workbench.accounts.models import Person
from workbench.core.audit import AuditEntry
from workbench.core.db import db
from workbench.indicators.disclosure import Rules
from workbench.stories.groups import told_by
from workbench.stories.kept.models import Sealing, Story, StorySealed, StoryWords
from workbench.stories.kept.operations import GONE
from workbench.stories.kept.visibility import State
from workbench.stories.models import StorySource
from workbench.stories.taking_in.models import PileState, StoryPile, StoryRisks, StorySettings

ON_A_PAGE = 50
NOT_HERE = (*GONE, State.FAILED, State.TELLING)
LONG_SEALED = timedelta(weeks=4)  # after which a story should have been made safe, or removed
FEW = 5  # a count below it is not told: it might point at one person
UNDER_WAY = (State.RECEIVED, State.FAILED, State.TO_CHECK, State.SECOND_LOOK, State.WITH_NARRATOR)


@dataclass(frozen=True)
class Spread:
    """One of the different people that a source wants to hear; `count` None: not told, so that nobody is recognised."""

    who: str
    count: int | None


def counts(source_id: UUID) -> Counter[State]:
    """How many stories of this source are where."""
    rows = db.execute(
        sa.select(Story.state, sa.func.count().label("number"))
        .where(Story.source_id == source_id)
        .group_by(Story.state)
    )
    return Counter({row.state: row.number for row in rows})


def here(found: Counter[State]) -> int:
    """How many stories came in and are still there."""
    return sum(count for state, count in found.items() if state not in NOT_HERE)


def under_way(source_id: UUID, page: int) -> tuple[list[Story], int]:
    """Stories that wait for somebody, the longest waiting first; and how many pages there are."""
    waits = sa.and_(Story.source_id == source_id, Story.state.in_(UNDER_WAY))
    total = db.scalar(sa.select(sa.func.count()).select_from(Story).where(waits)) or 0
    found = db.scalars(
        sa.select(Story).where(waits).order_by(Story.number).limit(ON_A_PAGE).offset((page - 1) * ON_A_PAGE)
    )
    return list(found), max(1, -(-total // ON_A_PAGE))


def next_to_check(source_id: UUID, after: int) -> Story | None:
    """The next story of this source that waits to be checked."""
    return db.scalar(
        sa.select(Story)
        .where(Story.source_id == source_id, Story.state == State.TO_CHECK)
        .order_by(Story.number <= after, Story.number)
        .limit(1)
    )


def spread(source: StorySource) -> list[Spread]:
    """Of the people that one wants to hear, how many told; past the guard for small numbers."""
    wanted = wanted_of(source)
    if not wanted:
        return []
    rows = db.execute(
        sa.select(StoryWords.story_id, StoryWords.traits)
        .join(Story, Story.id == StoryWords.story_id)
        .where(Story.source_id == source.id)
    )
    told = told_by({story_id: traits.keys() for story_id, traits in rows}, Rules(threshold=FEW))
    return [Spread(who, told.get(who, 0)) for who in wanted]


def wanted_of(source: StorySource) -> list[str]:
    """The different people that a source wants to hear, as its plan lists them."""
    parts = source.spread.replace(";", "\n").split("\n")
    return list(dict.fromkeys(part.strip(" -•.") for part in parts if part.strip(" -•.")))[:12]


def piles(source_id: UUID) -> list[StoryPile]:
    """Files and notes of this source of the last day, the newest first; without what is in them."""
    return list(
        db.scalars(
            sa.select(StoryPile)
            .where(StoryPile.source_id == source_id)
            .options(sa.orm.defer(StoryPile.box))
            .order_by(StoryPile.made_at.desc())
            .limit(10)
        )
    )


def pile(pile_id: UUID) -> StoryPile | None:
    return db.scalar(
        sa.select(StoryPile)
        .where(StoryPile.id == pile_id)
        .options(sa.orm.joinedload(StoryPile.source, innerjoin=True))
    )


def has_sound(story_id: UUID) -> bool:
    """Is there a recording that somebody may write out?"""
    sound = sa.select(StorySealed.id).where(
        StorySealed.story_id == story_id, StorySealed.kind == Sealing.AUDIO
    )
    return bool(db.scalar(sa.select(sound.exists())))


@dataclass(frozen=True)
class Waits:
    """How many stories wait for this person; `source_id` when all of them are of one source."""

    to_check: int = 0
    to_second: int = 0
    source_id: UUID | None = None


def waits_for(person_id: UUID) -> Waits:
    """Stories that this collector can go on with now. One query."""
    second = sa.and_(Story.state == State.SECOND_LOOK, Story.confirmed_by_id.is_distinct_from(person_id))
    to_check, to_second, sources, source_id = db.execute(
        sa.select(
            sa.func.count().filter(Story.state == State.TO_CHECK),
            sa.func.count().filter(second),
            sa.func.count(sa.distinct(Story.source_id)),
            sa.cast(sa.func.min(sa.cast(Story.source_id, sa.Text)), sa.Uuid),
        ).where(sa.or_(Story.state == State.TO_CHECK, second))
    ).one()
    return Waits(to_check, to_second, source_id if sources == 1 else None)


# --- The council ----------------------------------------------------------------------------------------------------


def settings() -> StorySettings:
    """What this council settled; an empty one when it did not yet."""
    return db.scalar(sa.select(StorySettings)) or StorySettings(
        officer_name="",
        officer_email="",
        contact="",
        processor="",
        receivers="",
        safety="",
        form_text="",
        form_version=1,
    )


def risks(source_id: UUID | None) -> StoryRisks | None:
    of_source = StoryRisks.source_id.is_(None) if source_id is None else StoryRisks.source_id == source_id
    return db.scalar(sa.select(StoryRisks).where(of_source))


def risks_looked_at() -> dict[UUID | None, StoryRisks]:
    """Per source, and None for the council as a whole."""
    return {found.source_id: found for found in db.scalars(sa.select(StoryRisks))}


@dataclass(frozen=True)
class Ended:
    """A story that is gone, by which rule, and who took it away where somebody did."""

    story: Story
    rule: str | None
    who: str | None


def ended(page: int) -> tuple[list[Ended], int]:
    """Stories that are gone, the last first, with their source; and how many pages."""
    gone = Story.state.in_(GONE)
    of_it = sa.and_(AuditEntry.object_id == Story.id, AuditEntry.action == "story_ended")
    total = db.scalar(sa.select(sa.func.count()).select_from(Story).where(gone)) or 0
    found = db.execute(
        sa.select(Story, AuditEntry.facts["rule"].astext, Person.name)
        .outerjoin(AuditEntry, of_it)
        .outerjoin(Person, Person.id == AuditEntry.person_id)
        .where(gone)
        .options(sa.orm.joinedload(Story.source, innerjoin=True))
        .order_by(Story.ended_at.desc(), Story.number)
        .limit(ON_A_PAGE)
        .offset((page - 1) * ON_A_PAGE)
    )
    return [Ended(*row) for row in found], max(1, -(-total // ON_A_PAGE))


@dataclass(frozen=True)
class Kept:
    """Until when the stories of a source stay, and how many there are."""

    source: StorySource
    count: int
    sooner: int  # of them that their narrator lets go before the source does
    long_sealed: int  # of them that came in weeks ago and that nobody made safe yet


def kept_until(day: date) -> list[Kept]:
    """Per source with stories, the first to go first; sources without a last day before all."""
    sealed_long = sa.and_(
        Story.state.in_((State.RECEIVED, State.FAILED, State.TO_CHECK, State.SECOND_LOOK)),
        Story.received_at < day - LONG_SEALED,
    )
    sooner = sa.or_(
        sa.and_(Story.ends_on.is_not(None), StorySource.keep_until.is_(None)),
        Story.ends_on < StorySource.keep_until,
    )
    rows = db.execute(
        sa.select(
            StorySource,
            sa.func.count(),
            sa.func.count().filter(sooner),
            sa.func.count().filter(sealed_long),
        )
        .join(Story, Story.source_id == StorySource.id)
        .where(Story.state.not_in((*GONE, State.TELLING)))
        .group_by(StorySource.id)
        .order_by(StorySource.keep_until.asc().nulls_first(), StorySource.name)
    )
    return [Kept(*row) for row in rows]


@dataclass(frozen=True)
class Opened:
    """Somebody read a story that was not safe yet."""

    at: datetime
    who: str | None
    number: int | None


def opened(page: int) -> tuple[list[Opened], int]:
    """Who read a story that was not safe yet, the last first; and how many pages."""
    is_opening = AuditEntry.action == "story_opened"
    total = db.scalar(sa.select(sa.func.count()).select_from(AuditEntry).where(is_opening)) or 0
    rows = db.execute(
        sa.select(AuditEntry.at, Person.name, Story.number)
        .where(is_opening)
        .outerjoin(Person, Person.id == AuditEntry.person_id)
        .outerjoin(Story, Story.id == AuditEntry.object_id)
        .order_by(AuditEntry.at.desc(), AuditEntry.id)
        .limit(ON_A_PAGE)
        .offset((page - 1) * ON_A_PAGE)
    )
    return [Opened(at, name, number) for at, name, number in rows], max(1, -(-total // ON_A_PAGE))


def to_choose(found: list[StoryPile]) -> list[StoryPile]:
    """Piles that are worth a line: not those whose stories lie apart already."""
    return [pile for pile in found if pile.state != PileState.DONE]
