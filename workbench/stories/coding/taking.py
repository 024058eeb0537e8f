"""Stories with their marks as other programs know them; see the package exchange, and `bringing` for the way back."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from workbench.core.db import db
from workbench.stories.coding import tags as codebook
from workbench.stories.coding.exchange.project import (
    Codebook,
    Coder,
    Coding,
    Group,
    Project,
    Source,
    Tag,
)
from workbench.stories.coding.exchange.project import Memo as MemoOut
from workbench.stories.coding.models import Coding as CodingRow
from workbench.stories.coding.models import Memo, TagGoal
from workbench.stories.kept.models import LEANING_NAMES, Excerpt, Story, StoryWords
from workbench.stories.kept.operations import opened_notes
from workbench.stories.kept.queries import readable
from workbench.stories.kept.visibility import Audience
from workbench.stories.models import StorySource

AT_ONCE = 100  # stories fetched together
# Of the twelve looks; see styles/coding.css.
COLOURS = (
    "#2f5f9e",
    "#3a6e3e",
    "#6f4f96",
    "#7a5a3a",
    "#1b7073",
    "#96446f",
    "#526070",
    "#62652a",
    "#0b3c6f",
    "#8a3b12",
    "#1d2733",
    "#6b2358",
)


def labels() -> tuple[Tag, ...]:
    """The whole codebook; what is no longer offered can be read, not given."""
    return tuple(
        Tag(
            str(item.tag.id),
            item.tag.name,
            item.tag.description,
            COLOURS[item.tag.look],
            str(item.tag.parent_id) if item.tag.parent_id else None,
            codable=item.tag.retired_at is None,
        )
        for item in codebook.tree(with_retired=True)
    )


def groups() -> tuple[Group, ...]:
    """The labels of each goal."""
    goals = {goal.id: goal for goal in codebook.goals()}
    of_goal: dict[UUID, list[str]] = defaultdict(list)
    for tag_id, goal_id in db.execute(sa.select(TagGoal.tag_id, TagGoal.goal_id).order_by(TagGoal.tag_id)):
        if goal_id in goals:
            of_goal[goal_id].append(str(tag_id))
    return tuple(
        Group(str(goal_id), goals[goal_id].whole_sentence, tags=tuple(tag_ids))
        for goal_id, tag_ids in of_goal.items()
    )


def whole_codebook() -> Codebook:
    return Codebook(labels(), groups())


def coders(who: Audience, today: date) -> tuple[Coder, ...]:
    """Everyone who marked or noted something in these stories, by number."""
    marked = sa.select(Excerpt.coder_id.label("person")).where(
        Excerpt.coder_id.is_not(None), Excerpt.story_id.in_(_whole(who, today))
    )
    noted = sa.select(Memo.author_id).where(
        Memo.author_id.is_not(None), Memo.story_id.in_(_whole(who, today))
    )
    people = db.scalars(marked.union(noted).order_by("person"))
    return tuple(
        Coder(str(person), _("lezer %(number)s", number=number)) for number, person in enumerate(people, 1)
    )


def _whole(who: Audience, today: date) -> sa.Select[Any]:
    return sa.select(Story.id).where(readable(who, today, whole=True))


def count(who: Audience, today: date) -> int:
    return db.scalar(sa.select(sa.func.count()).select_from(_whole(who, today).subquery())) or 0


def project(name: str, who: Audience, today: date) -> Project:
    """Its sources are fetched while they are written."""
    return Project(
        name, coders(who, today), labels(), sources(who, today), memos=notes(who, today), groups=groups()
    )


def notes(who: Audience, today: date) -> tuple[MemoOut, ...]:
    """What coders noted on these stories: at a passage with labels, else at the story."""
    at_labels = (
        sa.select(sa.func.array_agg(CodingRow.id))
        .where(CodingRow.excerpt_id == Memo.excerpt_id)
        .scalar_subquery()
    )
    rows = db.execute(
        sa.select(Memo, at_labels)
        .where(Memo.story_id.in_(_whole(who, today)))
        .order_by(Memo.story_id, Memo.made_at, Memo.id)
    ).all()
    texts = opened_notes([(memo.story_id, memo.box) for memo, _codings in rows])
    return tuple(
        MemoOut(
            str(memo.id),
            _("Notitie"),
            text,
            tuple(sorted(map(str, codings or ()))) or (str(memo.story_id),),
            str(memo.author_id) if memo.author_id else None,
            memo.made_at,
        )
        for (memo, codings), text in zip(rows, texts, strict=True)
    )


def sources(who: Audience, today: date) -> Iterator[Source]:
    """The stories that this reader may read as a whole, with the marks that this reader sees."""
    story_ids = list(db.scalars(_whole(who, today).order_by(Story.number)))
    for at in range(0, len(story_ids), AT_ONCE):
        some = story_ids[at : at + AT_ONCE]
        codings = _codings(some)
        rows = db.execute(
            sa.select(Story.id, Story.number, Story.received_at, StorySource.name, StoryWords.text)
            .join(StoryWords, StoryWords.story_id == Story.id)
            .join(StorySource, StorySource.id == Story.source_id)
            .where(
                Story.id.in_(some), readable(who, today, whole=True)
            )  # it may have been withdrawn meanwhile
            .order_by(Story.number)
        )
        for story_id, number, received_at, source, text in rows:
            name = _("Verhaal %(number)s", number=number)
            yield Source(str(story_id), name, text, source, received_at, tuple(codings[story_id]))


def _codings(story_ids: Sequence[UUID]) -> dict[UUID, list[Coding]]:
    rows = db.execute(
        sa.select(CodingRow, Excerpt)
        .join(Excerpt, Excerpt.id == CodingRow.excerpt_id)
        .where(Excerpt.story_id.in_(story_ids))
        .order_by(Excerpt.story_id, Excerpt.start_at, Excerpt.end_at, CodingRow.id)
    )
    found: dict[UUID, list[Coding]] = defaultdict(list)
    for coding, excerpt in rows:
        coder = str(excerpt.coder_id) if excerpt.coder_id else None
        found[excerpt.story_id].append(
            Coding(
                str(coding.id),
                excerpt.start_at,
                excerpt.end_at,
                str(coding.tag_id),
                coder,
                coding.made_at,
                str(LEANING_NAMES[excerpt.leaning]) if excerpt.leaning else "",
            )
        )
    return found
