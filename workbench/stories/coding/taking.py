"""Stories with their marks as other programs know them, out and in; see the package exchange."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from workbench.core import audit
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.stories.coding import tags as codebook
from workbench.stories.coding.exchange.project import (
    Codebook,
    Coder,
    Coding,
    Group,
    Project,
    Source,
    Tag,
    tree_order,
)
from workbench.stories.coding.models import Coding as CodingRow
from workbench.stories.coding.models import Tag as TagRow
from workbench.stories.coding.models import TagGoal
from workbench.stories.coding.operations import LONGEST, mark
from workbench.stories.kept.models import Excerpt, Story, StoryWords
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


# --- Out ------------------------------------------------------------------------------------------------------------


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
    """Everyone who marked something in these stories, by number."""
    people = db.scalars(
        sa.select(Excerpt.coder_id)
        .where(Excerpt.coder_id.is_not(None), Excerpt.story_id.in_(_whole(who, today)))
        .distinct()
        .order_by(Excerpt.coder_id)
    )
    return tuple(
        Coder(str(person), _("lezer %(number)s", number=number)) for number, person in enumerate(people, 1)
    )


def _whole(who: Audience, today: date) -> sa.Select[Any]:
    return sa.select(Story.id).where(readable(who, today, whole=True))


def count(who: Audience, today: date) -> int:
    return db.scalar(sa.select(sa.func.count()).select_from(_whole(who, today).subquery())) or 0


def project(name: str, who: Audience, today: date) -> Project:
    """Its sources are fetched while they are written."""
    return Project(name, coders(who, today), labels(), sources(who, today), groups=groups())


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
                str(coding.id), excerpt.start_at, excerpt.end_at, str(coding.tag_id), coder, coding.made_at
            )
        )
    return found


# --- In -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Brought:
    """What came in, and in sentences what did not."""

    tags: int
    codings: int
    stories: int
    remarks: tuple[str, ...]


def bring_labels(brought: Codebook, *, by: UUID) -> Brought:
    """Labels that are not here yet. Raises: Conflict, and then nothing may be kept."""
    _found, made = _labels_of(brought.tags, by)
    audit.record("codings_brought", by=by, tags=made, codings=0)
    return Brought(made, 0, 0, brought.remarks)


def bring(brought: Project, who: Audience, today: date, *, by: UUID) -> Brought:
    """Labels, and marks on stories that are here, as the reading of who brings them.

    Raises: Conflict, and then nothing may be kept.
    """
    found, made = _labels_of(brought.tags, by)
    there = {source.guid: source for source in brought.sources}
    guids = [UUID(guid) for guid in there]
    rows = db.execute(
        sa.select(Story, StoryWords.text, StoryWords.edition)
        .join(StoryWords, StoryWords.story_id == Story.id)
        .where(Story.id.in_(guids), readable(who, today, whole=True))
        .order_by(Story.number)
    ).all()
    remarks = list(brought.remarks)
    if unknown := len(there) - len(rows):
        remarks.append(_("Teksten die hier niet zijn of die u niet mag lezen: %(count)s.", count=unknown))
    codings = stories = 0
    for story, text, edition in rows:
        source = there[str(story.id)]
        name = _("Verhaal %(number)s", number=story.number)
        if source.text != text:
            remarks.append(_("%(story)s: de tekst is hier anders. Overgeslagen.", story=name))
            continue
        try:
            codings += _mark_all(story, source, found, edition, by)
        except Conflict as problem:
            remarks.append(f"{name}: {problem}")
            continue
        stories += 1
    audit.record("codings_brought", by=by, tags=made, codings=codings)
    return Brought(made, codings, stories, tuple(remarks))


def _mark_all(story: Story, source: Source, found: dict[str, UUID], edition: int, by: UUID) -> int:
    passages: dict[tuple[int, int], set[UUID]] = defaultdict(set)
    for coding in source.codings:
        if coding.end - coding.start <= LONGEST:
            passages[coding.start, coding.end].add(found[coding.tag])
    with db.begin_nested():
        mark(story, passages, edition=edition, by=by)
    return sum(len(tag_ids) for tag_ids in passages.values())


def _labels_of(brought: Sequence[Tag], by: UUID) -> tuple[dict[str, UUID], int]:
    """Guid in the file -> label here: with this id, else with this name in this place, else a new one.

    Raises: Conflict when the tree becomes too deep.
    """
    everything = list(db.scalars(sa.select(TagRow)))
    by_id = {str(tag.id): tag for tag in everything}
    by_name = {(tag.parent_id, tag.name.casefold()): tag for tag in everything}
    found: dict[str, UUID] = {}
    made = 0
    for tag in tree_order(brought):
        parent = found[tag.parent] if tag.parent else None
        known = by_id.get(tag.guid) or by_name.get((parent, tag.name.strip()[:80].casefold()))
        if known is None:
            known = codebook.save(
                None,
                {"name": tag.name.strip()[:80], "description": tag.description[:1500], "parent_id": parent},
                by=by,
            )
            made += 1
            by_name[parent, known.name.casefold()] = known
        elif known.retired_at is not None:
            raise Conflict(
                _("Label „%(name)s” wordt niet meer gebruikt. Zet het eerst terug.", name=known.name)
            )
        found[tag.guid] = known.id
    return found, made
