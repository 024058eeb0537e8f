"""The fictitious stories of the demo, kept the way real ones are: sealed, made safe, allowed, approved, coded, settled."""

from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa

from seeds.story_content import (
    DemoInsight,
    DemoSettled,
    DemoStories,
    DemoStorySource,
    DemoTag,
    DemoTold,
    Ends,
)
from workbench.accounts.models import Audience
from workbench.accounts.operations import find_door, make_door
from workbench.core.cards import save_card
from workbench.core.db import db
from workbench.evidence.insight.operations import add_finding, write_lines
from workbench.evidence.telling.models import StoryLink
from workbench.evidence.telling.operations import add_source, link_stories
from workbench.stories.coding.models import MOST_LOOKS, Coding, Tag, TagGoal
from workbench.stories.kept import operations
from workbench.stories.kept.models import Excerpt, GivenBy, Sealing, Story, Way
from workbench.stories.kept.visibility import Allowed, State
from workbench.stories.models import StoryKind, StorySource
from workbench.stories.narrator import operations as narrator
from workbench.stories.taking_in import settling
from workbench.stories.taking_in.operations import take_text
from workbench.vision.models import Goal

PLAN = (
    *(
        "stage",
        "how_many",
        "spread",
        "purpose",
        "basis",
        "basis_why",
        "special_data",
        "special_why",
        "topics",
    ),
    *("starts_on", "ends_on", "keep_until"),
)
WAYS = {StoryKind.TABLE_TALK: Way.TALK, StoryKind.MIRROR_TALK: Way.TALK, StoryKind.OTHER: Way.NARRATOR}
FORM = "demo"  # no form was ever explained to these narrators


def add_stories(content: DemoStories, goals: dict[str, Goal], second_reader: UUID) -> None:
    """`goals`: by key of the demo; `second_reader`: who looks at sensitive stories."""
    _settle(content.settled, second_reader)
    tags = _add_tags(content.tags, goals)
    for item in content.sources:
        source = _source(item, goals[item.goal])
        for told in item.stories:
            _add_story(source, told, tags, second_reader)
    for insight in content.insights:
        _add_insight(insight, goals[insight.goal])


def _settle(item: DemoSettled, clerk: UUID) -> None:
    settling.settle(item.model_dump(include=set(settling.TEXTS)), by=clerk)
    answers = {question: {"answer": answer, "note": ""} for question, answer in item.risks.items()}
    settling.weigh(None, answers, item.looked_on, by=clerk)


def _add_insight(item: DemoInsight, goal: Goal) -> None:
    """What the group made of the stories; refused, as from people, when it repeats their words."""
    lines = item.model_dump(include={"figures", "stories", "difference"})
    write_lines(goal, None, 0, **lines)
    for finding in item.findings:
        found = db.scalars(sa.select(Excerpt.id).where(Excerpt.words.in_(finding.marked)))
        add_finding(goal, None, text=finding.text, says=finding.says, excerpt_ids=list(found))


def _add_tags(items: tuple[DemoTag, ...], goals: dict[str, Goal]) -> dict[str, Tag]:
    tags: dict[str, Tag] = {}
    for look, item in enumerate(items):
        tag = tags[item.slug] = Tag()
        db.add(tag)
        parent = tags[item.parent].id if item.parent else None
        about = {
            "name": item.name,
            "description": item.description,
            "parent_id": parent,
            "look": look % MOST_LOOKS,
        }
        save_card(tag, about, by=None)
        db.flush()
        db.add_all(TagGoal(tag_id=tag.id, goal_id=goals[key].id) for key in item.goals)
    return tags


def _source(item: DemoStorySource, goal: Goal) -> StorySource:
    plan = item.model_dump(include=set(PLAN))
    if item.name is not None:
        about = ("name", "kind", "from_whom", "collector", "collected_on", "next_on")
        source = add_source(None, **item.model_dump(include=set(about)), **plan)
        link_stories(goal, source, None, reason=item.reason, not_saying=item.not_saying)
        return source
    source = db.scalars(
        sa.select(StorySource)
        .join(StoryLink, StoryLink.story_source_id == StorySource.id)
        .where(StoryLink.goal_id == goal.id)
    ).one()
    save_card(source, plan, by=None)
    return source


def _add_story(source: StorySource, told: DemoTold, tags: dict[str, Tag], second_reader: UUID) -> None:
    if told.ends is Ends.AT_THE_DOOR:
        take_text(source, told.plain, by=second_reader, told_on=told.told_on)
        return
    way = WAYS.get(source.kind, Way.FILE)
    sealed = {Sealing.RAW: told.plain.encode()}
    story = operations.receive(source, way, by=None, told_on=told.told_on, sealed=sealed)
    story.state = State.TO_CHECK
    traits = dict.fromkeys(told.groups, "ja")
    # Wherever words of this story go, who told them goes along; so does that nobody did.
    operations.make_safe(story, told.plain, by=None, teller=f"{told.teller} (fictief)", traits=traits)
    if told.ends is Ends.SECOND_LOOK:
        return
    if story.is_sensitive:
        operations.second(story, told.plain, by=second_reader)
    allowed = Allowed(told.reach, told.quotes_only)
    operations.consent(story, allowed, form_version=FORM, given_by=GivenBy.NARRATOR)
    if story.asks_narrator:
        operations.approve(story)
    if told.ends is Ends.WITHDRAWN:
        operations.end(story, State.WITHDRAWN)
        return
    for mark in told.marked:
        words = told.plain[mark.start : mark.end]
        excerpt = Excerpt(
            story_id=story.id, start_at=mark.start, end_at=mark.end, words=words, leaning=mark.leaning
        )
        db.add(excerpt)
        db.flush()
        db.add_all(Coding(excerpt_id=excerpt.id, tag_id=tags[slug].id) for slug in mark.tags)
    if told.marked:
        story.settled_at = datetime.now(UTC)
    if told.own:
        _read_it_oneself(story, told.own)


def _read_it_oneself(story: Story, places: tuple[int, int, int]) -> None:
    """Only a narrator says what a story is about; so the seeds go through the narrator's door as well."""
    find_door(make_door(Audience.NARRATOR, story.id), Audience.NARRATOR)
    narrator.place(story, list(places))
    db.flush()
