"""Reading what stories say about a goal, never more than this reader may read."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from workbench.accounts.access import Permission, may
from workbench.core.db import db
from workbench.core.drawn_once import not_to_keep
from workbench.core.text import current_language
from workbench.evidence.insight import places
from workbench.evidence.insight.models import Finding, GoalLines, StoryRound
from workbench.evidence.telling.models import StoryLink
from workbench.indicators.disclosure import Rules
from workbench.knowledge.calendar.models import today
from workbench.rounds import queries as rounds
from workbench.rounds import words as spoken_rounds
from workbench.rounds.methods import Method
from workbench.rounds.models import Round
from workbench.rounds.queries import Result
from workbench.stories.coding import patterns
from workbench.stories.coding.models import Coding, Tag, TagGoal
from workbench.stories.coding.patterns import Patterns, Way
from workbench.stories.groups import told_by
from workbench.stories.kept.models import LEANING_NAMES, Excerpt, Leaning, OwnReading, Story, StoryWords
from workbench.stories.kept.queries import audience, readable
from workbench.stories.kept.visibility import Audience
from workbench.stories.models import KIND_NAMES, StorySource
from workbench.stories.narrator.lines import in_words
from workbench.vision.models import Goal, Plan, Value
from workbench.vision.together.queries import RUNNING

YES = "ja"  # the answer that says: this person is one of them
# A story is about several goals: with exact counts the difference between two pages would tell of one person.
ROUNDED_TO = 5
OF_SOURCE = 0  # stands for: no label of any goal, but the source belongs to this one

# --- Which stories are about a goal ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mark:
    """A settled excerpt that is about the goal. `number`: of its story."""

    id: UUID
    number: int
    way: Way
    told_on: date | None


@dataclass(frozen=True)
class Heard:
    """What the stories that a reader may read say about a goal. `stories`: the id of each that is about it."""

    found: Patterns
    sentences: list[str]
    marks: list[Mark]
    stories: dict[int, UUID]

    @property
    def is_enough(self) -> bool:
        """One or two stories make no pattern."""
        return self.found.stories >= patterns.FEWEST

    def of_way(self, way: Way) -> list[Mark]:
        return [mark for mark in self.marks if mark.way is way]

    def few(self, way: Way, most: int, without: Collection[Mark | None] = ()) -> list[Mark]:
        """Some excerpts that go this way, each of another story, newest story first."""
        others = [mark for mark in self.of_way(way) if mark not in without]
        first = {mark.number: mark for mark in reversed(others)}
        return [first[number] for number in sorted(first, reverse=True)[:most]]

    @property
    def majority(self) -> Mark | None:
        """A voice of the larger side: of the story there with the most excerpts that say so, the first."""
        if self.found.majority is None:
            return None
        side = self.found.majority
        marks = [mark for mark in self.of_way(side) if self.found.sides[mark.number] is side]
        counts: defaultdict[int, int] = defaultdict(int)
        for mark in marks:
            counts[mark.number] += 1
        return max(marks, key=lambda mark: (counts[mark.number], -mark.number)) if marks else None

    @property
    def dissent(self) -> Mark | None:
        """A voice of the story that says otherwise; see `patterns`."""
        if self.found.majority is None or not self.found.dissent:
            return None
        other = patterns.OTHER_WAY[self.found.majority]
        own = [mark for mark in self.marks if mark.number == self.found.dissent[0]]
        return next((mark for mark in own if mark.way in (other, Way.BOTH)), None)


def heard(goal_id: UUID, who: Audience, day: date) -> Heard:
    """In three queries. An excerpt is about a goal when a label of it belongs to the goal; or when no label of it belongs
    to any goal, and its source does to this one.
    """
    tags = _tags(goal_id)
    stories = _stories(goal_id, who, day)
    read = {number for number, story in stories.items() if story.is_settled}
    excerpts: list[patterns.Excerpt] = []
    marks: list[Mark] = []
    for number, excerpt_id, leaning, tag_ids in _settled(who, day):
        story = stories[number]
        read.add(number)
        way = Way(leaning or Leaning.NEITHER)
        month = story.told_on.replace(day=1) if story.told_on else None
        given = [tags[tag_id] for tag_id in tag_ids]
        is_about = any(tag.of_goal for tag in given)
        labels = [tag.place for tag in given]
        if story.of_source and not any(tag.of_any for tag in given):
            is_about = True
            labels.append(OF_SOURCE)
        excerpts += [patterns.Excerpt(number, place, story.kind, way, month) for place in labels]
        if is_about:
            marks.append(Mark(excerpt_id, number, way, story.told_on))
    goal_tags = {OF_SOURCE} | {tag.place for tag in tags.values() if tag.of_goal}
    found = patterns.patterns(excerpts, goal_tags, len(read))
    names = {tag.place: tag.name for tag in tags.values()}
    kinds = {str(kind): str(name) for kind, name in KIND_NAMES.items()}
    unread = len(stories) - len(read)
    sentences = patterns.sentences(found, kinds, names, current_language(), unread)
    return Heard(found, sentences, marks, {mark.number: stories[mark.number].id for mark in marks})


class _Tag(NamedTuple):
    """`place`: a number to know it by."""

    place: int
    name: str
    of_goal: bool
    of_any: bool


def _tags(goal_id: UUID) -> dict[UUID, _Tag]:
    of_goal = sa.select(TagGoal.tag_id).where(TagGoal.goal_id == goal_id)
    rows = db.execute(
        sa.select(Tag.id, Tag.name, Tag.id.in_(of_goal), Tag.id.in_(sa.select(TagGoal.tag_id))).order_by(
            Tag.id
        )
    )
    return {
        tag_id: _Tag(place, name, here, anywhere)
        for place, (tag_id, name, here, anywhere) in enumerate(rows, start=1)
    }


class _Story(NamedTuple):
    id: UUID
    told_on: date | None
    kind: str
    of_source: bool
    is_settled: bool


def _stories(goal_id: UUID, who: Audience, day: date) -> dict[int, _Story]:
    """Every story that may be read, by number."""
    sources = sa.select(StoryLink.story_source_id).where(StoryLink.goal_id == goal_id)
    rows = db.execute(
        sa.select(
            Story.number,
            Story.id,
            Story.told_on,
            StorySource.kind,
            Story.source_id.in_(sources),
            Story.settled_at.is_not(None),
        )
        .join(StorySource, StorySource.id == Story.source_id)
        .where(readable(who, day))
    )
    return {
        number: _Story(story_id, told_on, kind, of_source, is_settled)
        for number, story_id, told_on, kind, of_source, is_settled in rows
        if number is not None
    }


def _settled(who: Audience, day: date) -> Iterator[tuple[int, UUID, Leaning | None, list[UUID]]]:
    """Settled excerpts of stories that may be read, each with its labels, in the order of the stories."""
    rows = db.execute(
        sa.select(Story.number, Excerpt.id, Excerpt.leaning, Coding.tag_id)
        .join(Story, Story.id == Excerpt.story_id)
        .outerjoin(Coding, Coding.excerpt_id == Excerpt.id)
        .where(readable(who, day), Excerpt.coder_id.is_(None))
        .order_by(Story.number, Excerpt.start_at, Excerpt.id, Coding.tag_id)
    )
    for excerpt, of_one in groupby(rows, key=lambda row: row[:3]):
        yield *excerpt, [row[3] for row in of_one if row[3]]


def spared(excerpt_ids: Iterable[UUID]) -> list[str]:
    """Whose words a text of the group may not repeat: the stories of these excerpts, whole."""
    story_ids = sa.select(Excerpt.story_id).where(Excerpt.id.in_(list(excerpt_ids)))
    return list(db.scalars(sa.select(StoryWords.text).where(StoryWords.story_id.in_(story_ids))))


# --- Excerpts -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Quote:
    """An excerpt that is there. `words` None: not for this reader."""

    id: UUID
    number: int
    words: str | None
    teller: str
    source: str
    kind_name: str
    told_on: date | None
    leaning_name: str


def quotes(excerpt_ids: Collection[UUID], who: Audience, day: date) -> dict[UUID, Quote]:
    """Of these excerpts those that are there; what is not in it, is gone. In one query."""
    if not excerpt_ids:
        return {}
    may_read = readable(who, day)
    rows = db.execute(
        sa.select(
            Excerpt.id,
            Excerpt.leaning,
            sa.case((may_read, Excerpt.words)).label("words"),
            sa.case((may_read, StoryWords.teller), else_="").label("teller"),
            Story.number,
            Story.told_on,
            StorySource.name,
            StorySource.kind,
        )
        .join(Story, Story.id == Excerpt.story_id)
        .join(StorySource, StorySource.id == Story.source_id)
        .outerjoin(StoryWords, StoryWords.story_id == Story.id)
        .where(Excerpt.id.in_(excerpt_ids))
    ).all()
    not_to_keep(row.words for row in rows if row.words is not None)
    return {
        row.id: Quote(
            row.id,
            row.number,
            row.words,
            row.teller or "",
            row.name,
            str(KIND_NAMES[row.kind]),
            row.told_on,
            str(LEANING_NAMES[row.leaning]) if row.leaning else "",
        )
        for row in rows
    }


def goals_of(excerpt_id: UUID) -> list[Goal]:
    """The goals that a label of this excerpt belongs to."""
    query = (
        sa.select(Goal)
        .join(TagGoal, TagGoal.goal_id == Goal.id)
        .join(Coding, Coding.tag_id == TagGoal.tag_id)
        .where(Coding.excerpt_id == excerpt_id)
        .options(sa.orm.joinedload(Goal.plan).joinedload(Plan.steps))
        .order_by(Goal.created_at, Goal.id)
    )
    return list(db.scalars(query).unique())


# --- What the group concluded ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Claim:
    """A finding with the excerpts that are there; `gone`: how many are not any more."""

    finding: Finding
    quotes: list[Quote]

    @property
    def gone(self) -> int:
        return len(self.finding.excerpt_ids) - len(self.quotes)

    @property
    def is_bare(self) -> bool:
        """Nothing is left that it stands on."""
        return not self.quotes


def findings_of(goal_id: UUID) -> list[Finding]:
    query = sa.select(Finding).where(Finding.goal_id == goal_id).order_by(Finding.place, Finding.id)
    return list(db.scalars(query))


def claims(findings: Iterable[Finding], there: Mapping[UUID, Quote]) -> list[Claim]:
    return [
        Claim(finding, [there[excerpt_id] for excerpt_id in finding.excerpt_ids if excerpt_id in there])
        for finding in findings
    ]


def citing(excerpt_id: UUID) -> list[Finding]:
    """The findings that stand on this excerpt."""
    query = (
        sa.select(Finding)
        .where(sa.literal(excerpt_id) == sa.any_(Finding.excerpt_ids))
        .order_by(Finding.place, Finding.id)
    )
    return list(db.scalars(query))


def lines_of(goal_id: UUID) -> GoalLines | None:
    return db.scalar(sa.select(GoalLines).where(GoalLines.goal_id == goal_id))


def lines_by_goal(plan: Plan) -> dict[UUID, GoalLines]:
    """Goal id -> what the group wrote at its head, for a whole plan in one query."""
    query = sa.select(GoalLines).join(Goal, Goal.id == GoalLines.goal_id).where(Goal.plan_id == plan.id)
    return {lines.goal_id: lines for lines in db.scalars(query)}


# --- Who told, and what they say themselves -------------------------------------------------------------------------


@dataclass(frozen=True)
class OwnLine:
    """One question to the narrators. `spread` None: too few answered. `council`: the places of values on this very line."""

    question: str
    left: str
    right: str
    spread: places.Spread | None
    dots: list[tuple[float, float]]
    council: list[tuple[str, float]]


@dataclass(frozen=True)
class Narrators:
    """`groups`: how many stories each kind of people told, in fives; None where so few are easily recognised."""

    own_lines: list[OwnLine]
    groups: dict[str, int | None]


def narrators(stories: Mapping[int, UUID], values: Sequence[Value]) -> Narrators:
    """Of stories that the reader may read, in one query."""
    if not stories:
        return Narrators([], {})
    numbers = {story_id: number for number, story_id in stories.items()}
    rows = db.execute(
        sa.select(StoryWords.story_id, StoryWords.traits, OwnReading.questions, OwnReading.answers)
        .outerjoin(OwnReading, OwnReading.story_id == StoryWords.story_id)
        .where(StoryWords.story_id.in_(list(numbers)))
        .order_by(OwnReading.answered_at.desc().nulls_last(), StoryWords.story_id)
    ).all()
    asked: dict[str, Mapping[str, str]] = {}
    answered: defaultdict[str, list[int]] = defaultdict(list)
    traits: dict[Hashable, list[str]] = {}
    for row in rows:
        traits[row.story_id] = [
            name if value == YES else f"{name}: {value}" for name, value in row.traits.items()
        ]
        for question, answer in zip(row.questions or (), row.answers or (), strict=False):
            asked.setdefault(question["key"], in_words(question))
            if answer is not None:
                answered[question["key"]].append(answer)
    groups = told_by(traits, Rules(rounding=ROUNDED_TO)) if any(traits.values()) else {}
    return Narrators([_own_line(question, answered[key], values) for key, question in asked.items()], groups)


def _own_line(question: Mapping[str, str], answers: list[int], values: Sequence[Value]) -> OwnLine:
    left, right = question["left"], question["right"]
    found = places.spread(answers)
    council = []
    for value in values:
        ends = (value.name.casefold(), value.counter_value.casefold())
        if value.position is not None and {left.casefold(), right.casefold()} == set(ends):
            place = value.position if ends[0] == left.casefold() else 100 - value.position
            council.append((value.position_sentence, places.across(place)))
    return OwnLine(question["question"], left, right, found, places.dots(answers) if found else [], council)


# --- The most significant change ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AskedStories:
    """A round about stories of a goal. `options`: name and excerpt, None when that is gone."""

    round: Round
    goal_id: UUID
    options: list[tuple[str, Quote | None]]

    @property
    def is_running(self) -> bool:
        return self.round.state in RUNNING

    @property
    def result(self) -> Result | None:
        return rounds.result(self.round)

    @property
    def sentences(self) -> list[str]:
        return spoken_rounds.told(self.round, self.result).sentences if self.result else []

    @property
    def chosen(self) -> list[tuple[str, Quote | None]]:
        """What most people chose; several when these are equal, none before the reveal or when there is too little to tell."""
        keys = most_chosen(self.round.method, self.result) if self.result else []
        names = {option.key: option.label for option in self.round.options}
        by_name = dict(self.options)
        return [(names[key], by_name[names[key]]) for key in keys]

    @property
    def reasons(self) -> list[str]:
        found = spoken_rounds.reason_lists(self.round, self.result) if self.result else []
        return [text for _heading, texts in found for text in texts]


def most_chosen(method: Method, result: Result) -> list[str]:
    """The keys that stand out in what a group said."""
    if not result.shown:
        return []
    if result.is_few:
        return list(result.summary["all"])
    if method == Method.RANKING:
        scores = {key: option["borda"] or 0 for key, option in result.summary["options"].items()}
    else:
        scores = result.summary["totals" if method == Method.DOTS else "counts"]
    most = max(scores.values(), default=0)
    return [key for key, score in scores.items() if most and score == most]


def rounds_of(goal_id: UUID) -> list[Round]:
    """The rounds about stories of a goal, newest first; none for those who may not read rounds."""
    if not may(Permission.READ_ROUNDS):
        return []
    query = (
        sa.select(Round)
        .join(StoryRound, StoryRound.round_id == Round.id)
        .where(StoryRound.goal_id == goal_id)
        .order_by(Round.made_at.desc(), Round.id)
    )
    return list(db.scalars(query))


def running(goal_id: UUID) -> Round | None:
    """The round about stories of a goal that was not revealed yet."""
    return db.scalar(
        sa.select(Round)
        .join(StoryRound, StoryRound.round_id == Round.id)
        .where(StoryRound.goal_id == goal_id, Round.state.in_(RUNNING))
    )


def asked(found: Round, goal_id: UUID, there: Mapping[UUID, Quote]) -> AskedStories:
    return AskedStories(
        found, goal_id, [(option.label, there.get(UUID(option.key))) for option in found.options]
    )


def stories_of_round(found: Round) -> AskedStories | None:
    """What this round is about, for its own pages; None when it is not about stories."""
    goal_id = db.scalar(sa.select(StoryRound.goal_id).where(StoryRound.round_id == found.id))
    if goal_id is None:
        return None
    return asked(found, goal_id, quotes([UUID(key) for key in found.keys], audience(), today()))
