"""Short answers of a survey, many on one page: somebody reads them all and ticks each one that is safe.

Nothing else is lighter than for one story: every text is opened in the access log, sealed until it is ticked, and
what is sensitive waits for a second person.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from uuid import UUID

import sqlalchemy as sa

from workbench.core import audit
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.stories.kept import operations as kept
from workbench.stories.kept.models import Sealing, Story, StorySealed, Way
from workbench.stories.kept.visibility import State
from workbench.stories.pseudonyms import leftovers, sensitive
from workbench.stories.taking_in import drafts, operations
from workbench.stories.taking_in.drafts import Draft, Piece
from workbench.stories.taking_in.operations import Elsewhere

STATES = (State.TO_CHECK, State.SECOND_LOOK)  # in which they wait for one person, and for another
ON_A_PAGE = 20
SHORT = 2_000  # bytes of a sealed draft: a text of a few hundred words at most, and what was found in it


@dataclass(frozen=True)
class Answer:
    """One answer as it was, with what takes the place of names. `left`: places that still ask for a look, one by one."""

    story: Story
    version: int
    pieces: list[Piece]
    left: int
    is_sensitive: bool


def _short(source_id: UUID, state: State, me: UUID) -> sa.Select[Story]:
    return (
        sa.select(Story)
        .join(StorySealed, sa.and_(StorySealed.story_id == Story.id, StorySealed.kind == Sealing.DRAFT))
        .where(
            Story.source_id == source_id,
            Story.way == Way.ANSWER,
            Story.state == state,
            sa.func.octet_length(StorySealed.box) <= SHORT,
            Story.confirmed_by_id.is_distinct_from(me) if state == State.SECOND_LOOK else sa.true(),
        )
    )


def count(source_id: UUID, state: State, me: UUID) -> int:
    """How many short answers wait here for this person."""
    return db.scalar(sa.select(sa.func.count()).select_from(_short(source_id, state, me).subquery())) or 0


def some(source_id: UUID, state: State, me: UUID) -> list[Answer]:
    """The first of those that wait for this person. Each one is opened: that stands in the access log."""
    stories = db.scalars(_short(source_id, state, me).order_by(Story.number).limit(ON_A_PAGE)).all()
    opened = kept.unsealed_of([story.id for story in stories], Sealing.DRAFT)
    found = []
    for story in stories:
        audit.record("story_opened", story)
        found.append(_answer(story, drafts.opened(opened[story.id])))
    return found


def _answer(story: Story, draft: Draft) -> Answer:
    text = drafts.safe_text(draft)
    return Answer(
        story,
        draft.version,
        drafts.pieces(draft),
        len(leftovers(text)),
        story.is_sensitive or bool(sensitive(text)),
    )


class ChangedMeanwhile(Conflict):
    """Somebody changed or confirmed some of them since they were shown; `numbers`: which."""

    def __init__(self, numbers: list[int]) -> None:
        super().__init__(", ".join(map(str, numbers)))
        self.numbers = numbers


def confirm(
    source_id: UUID,
    chosen: Iterable[tuple[UUID, int]],
    *,
    teller: str,
    consent: dict[str, str],
    by: UUID,
    form_version: str,
) -> int:
    """These answers are safe, each in the version that was shown; gives how many. Raises: ChangedMeanwhile."""

    def one(story: Story, version: int) -> None:
        changed = operations.keep(
            story, version, lambda draft: replace(draft, teller=teller, consent=consent)
        )
        operations.confirm(story, changed.version, by=by, form_version=form_version)

    return _each(source_id, chosen, one)


def second(source_id: UUID, chosen: Iterable[tuple[UUID, int]], *, by: UUID) -> int:
    """A second person says the same of sensitive answers. Raises: ChangedMeanwhile."""
    return _each(source_id, chosen, lambda story, version: operations.second(story, version, by=by))


def _each(source_id: UUID, chosen: Iterable[tuple[UUID, int]], do: Callable[[Story, int], None]) -> int:
    versions = dict(chosen)
    stories = db.scalars(
        sa.select(Story)
        .where(Story.source_id == source_id, Story.way == Way.ANSWER, Story.id.in_(versions))
        .order_by(Story.number)
    ).all()
    missed = []
    for story in stories:
        try:
            do(story, versions[story.id])
        except (Elsewhere, Conflict):
            missed.append(story.number)
    if missed:
        raise ChangedMeanwhile(missed)
    return len(stories)
