"""Reading stories with what was marked in them, never more than the narrator and the reader's role allow."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import abort
from flask_login import current_user
from markupsafe import Markup, escape
from sqlalchemy.orm import contains_eager

from workbench.accounts.access import PERMISSIONS, Permission, may
from workbench.accounts.models import Membership, Person, Role
from workbench.core.db import db
from workbench.stories.coding import tags as codebook
from workbench.stories.coding.agreement import CodedText
from workbench.stories.coding.agreement import Marked as MarkedBy
from workbench.stories.coding.comparing import Passage
from workbench.stories.coding.layout import Mark, Paragraph, paragraphs
from workbench.stories.coding.models import CoderReading, Coding, Memo, TagGoal
from workbench.stories.coding.operations import readers_of, turn_of
from workbench.stories.coding.turns import MARKS, Turn
from workbench.stories.kept.models import Excerpt, Leaning, Story, StoryWords
from workbench.stories.kept.operations import opened_notes
from workbench.stories.kept.queries import audience, has_words, readable
from workbench.stories.kept.visibility import Audience, may_read
from workbench.stories.models import StorySource
from workbench.vision.queries import names_of

PAGE_SIZE = 10
MOST_COMPARED = 300  # stories, of the newest: more tell no more about how alike a group reads
MOST_RANKED = (
    200  # of the newest hits: a word that stands in more stories than this tells little about which is best
)
FIRST_PART = 2_000  # characters of a text in which passages are looked for first
BEGINNING = 240  # characters of a text in a list
MOST_QUOTES = 3  # of a story in a list
# Around a hit; no text holds these characters.
START, STOP = "\x02", "\x03"
HEADLINE = (
    f"StartSel={START}, StopSel={STOP}, MaxFragments=2, MaxWords=28, MinWords=12, FragmentDelimiter= … "
)


# --- The list -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filters:
    text: str = ""
    source_id: UUID | None = None
    tag_id: UUID | None = None
    goal_id: UUID | None = None
    leaning: Leaning | None = None
    state: str = ""  # "los": not coded yet; "mijn": my blind readings that are still open

    @property
    def any(self) -> bool:
        return self != Filters()


@dataclass
class Listed:
    """A story in the list: its beginning or what was found in it, or only quotes of it."""

    story: Story
    teller: str
    is_whole: bool
    marks: int
    is_mine: bool  # a blind reading of mine that is still open
    passages: list[Markup] = field(default_factory=list)


@dataclass(frozen=True)
class Found:
    stories: list[Listed]
    count: int
    pages: int


def found(filters: Filters, who: Audience, today: date, number: int) -> Found:
    """One page of the stories that this reader may read, the newest first; with words to find, the best first."""
    query, order = _matching(filters, who, today)
    total = sa.func.count().over().label("total")
    rows = db.execute(
        query.add_columns(total)
        .order_by(*order, Story.number.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    stories = [row[0] for row in rows]
    count = rows[0].total if rows else 0
    texts = _texts([story.id for story in stories if _is_whole(story, who, today)], filters.text)
    quotes = _quotes([story.id for story in stories if story.id not in texts], filters)
    marks = _marks_of([story.id for story in stories])
    mine = _my_open_readings([story.id for story in stories])
    listed = []
    for story in stories:
        teller, passage = texts.get(story.id, ("", Markup("")))
        listed.append(
            Listed(
                story,
                teller or quotes.get(story.id, ("", []))[0],
                story.id in texts,
                marks.get(story.id, 0),
                story.id in mine,
                [passage] if passage else quotes.get(story.id, ("", []))[1],
            )
        )
    return Found(listed, count, max(1, -(-count // PAGE_SIZE)))


def _is_whole(story: Story, who: Audience, today: date) -> bool:
    return may_read(who, story.state, story.allowed, today, whole=True)


def _seen_marks() -> sa.ColumnElement[bool]:
    """Which marks count for this reader: who does not code sees the reading that was agreed on."""
    return sa.true() if may(Permission.CODE_STORIES) else Excerpt.coder_id.is_(None)


def _matching(
    filters: Filters, who: Audience, today: date
) -> tuple[sa.Select[Any], list[sa.ColumnElement[Any]]]:
    query = (
        sa.select(Story)
        .join(StorySource, StorySource.id == Story.source_id)
        .options(contains_eager(Story.source))
        .where(readable(who, today), has_words(who))
    )
    marked = sa.select(Excerpt.id).where(Excerpt.story_id == Story.id, _seen_marks())
    if filters.source_id:
        query = query.where(Story.source_id == filters.source_id)
    labelled = None
    if filters.tag_id:
        labelled = sa.select(Coding.excerpt_id).where(Coding.tag_id == filters.tag_id)
    if filters.goal_id:
        of_goal = sa.select(TagGoal.tag_id).where(TagGoal.goal_id == filters.goal_id)
        about_goal = sa.select(Coding.excerpt_id).where(Coding.tag_id.in_(of_goal))
        labelled = about_goal if labelled is None else labelled.where(Coding.excerpt_id.in_(about_goal))
    if labelled is not None or filters.leaning:
        which = sa.select(Excerpt.story_id).where(_seen_marks())
        if labelled is not None:
            which = which.where(Excerpt.id.in_(labelled))
        if filters.leaning:
            which = which.where(Excerpt.leaning == filters.leaning)
        query = query.where(Story.id.in_(which))
    if filters.state == "los":
        query = query.where(~marked.exists())
    if filters.state == "mijn":
        query = query.where(Story.id.in_(_open_readings()))
    if filters.text:
        return _with_words(query, filters.text, who, today)
    return query, []


def _with_words(
    query: sa.Select[Any], text: str, who: Audience, today: date
) -> tuple[sa.Select[Any], list[sa.ColumnElement[Any]]]:
    """Only stories with these words, and how to put the best first."""
    asked = _asked(text)
    query = query.join(StoryWords, StoryWords.story_id == Story.id)
    hit = StoryWords.search.bool_op("@@")(asked)
    is_recent = sa.func.row_number().over(order_by=Story.number.desc()) <= MOST_RANKED
    rank = sa.case((is_recent, sa.func.ts_rank(StoryWords.search, asked)), else_=0)
    if _reads_all_whole(who):
        return query.where(hit), [rank.desc()]
    # Nobody learns from a search what stands in the part that is not for them.
    only_quoted = sa.select(Story.id).where(readable(who, today), Story.quotes_only.is_(True))
    in_quotes = sa.select(Excerpt.story_id).where(
        Excerpt.coder_id.is_(None),
        sa.func.to_tsvector(_dutch(), Excerpt.words).bool_op("@@")(asked),
        Excerpt.story_id.in_(only_quoted),
    )
    is_whole = Story.quotes_only.is_(False)
    query = query.where(sa.or_(sa.and_(is_whole, hit), Story.id.in_(in_quotes)))
    return query, [sa.case((is_whole, rank), else_=0).desc()]


def _reads_all_whole(who: Audience) -> bool:
    """Does this reader read whole also what others may only quote?"""
    return who is Audience.MAKER


def _dutch() -> sa.ColumnElement[Any]:
    return sa.literal_column("'dutch'::regconfig")


def _asked(text: str) -> sa.ColumnElement[Any]:
    """As people type in a search box: words, "a phrase", -without."""
    return sa.func.websearch_to_tsquery(_dutch(), text)


def asks_nothing(text: str) -> bool:
    """Are these only words that stand in nearly every text, such as "de"?"""
    return bool(text) and db.scalar(sa.select(sa.func.numnode(_asked(text)))) == 0


def _texts(story_ids: Sequence[UUID], asked: str) -> dict[UUID, tuple[str, Markup]]:
    """Story -> who told it, and its beginning or what was found in it."""
    if not story_ids:
        return {}
    passage: sa.ColumnElement[str] = sa.func.left(StoryWords.text, BEGINNING + 1)
    if asked:
        passage = sa.func.ts_headline(_dutch(), _near(_asked(asked)), _asked(asked), HEADLINE)
    rows = db.execute(
        sa.select(StoryWords.story_id, StoryWords.teller, passage).where(StoryWords.story_id.in_(story_ids))
    )
    return {story_id: (teller, _shown(text if asked else _cut(text))) for story_id, teller, text in rows}


def _near(asked: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """The first part of a text when that holds what is asked, else all of it: looking for passages takes time per word."""
    first: sa.ColumnElement[str] = sa.func.left(StoryWords.text, FIRST_PART)
    return sa.case((sa.func.to_tsvector(_dutch(), first).bool_op("@@")(asked), first), else_=StoryWords.text)


def _cut(text: str) -> str:
    """At a word."""
    return text if len(text) <= BEGINNING else f"{text[:BEGINNING].rsplit(None, 1)[0]} …"


def _shown(text: str) -> Markup:
    """Text with hits, as HTML in which only the hits are marked."""
    marked = str(escape(text)).replace(START, "<mark>").replace(STOP, "</mark>")
    return Markup(marked)  # noqa: S704 - escaped, but for our own marks


def _quotes(story_ids: Sequence[UUID], filters: Filters) -> dict[UUID, tuple[str, list[Markup]]]:
    """Story -> who told it and some quotes of the reading that was agreed on, those with the words first."""
    if not story_ids:
        return {}
    order: list[sa.ColumnElement[Any]] = [Excerpt.start_at.asc()]
    shown: sa.ColumnElement[str] = Excerpt.words.expression
    if filters.text:
        asked = _asked(filters.text)
        order.insert(0, sa.func.to_tsvector(_dutch(), Excerpt.words).bool_op("@@")(asked).desc())
        shown = sa.func.ts_headline(
            _dutch(), Excerpt.words, asked, f"StartSel={START}, StopSel={STOP}, HighlightAll=true"
        )
    place = sa.func.row_number().over(partition_by=Excerpt.story_id, order_by=order).label("place")
    some = (
        sa.select(Excerpt.story_id, shown.label("shown"), place)
        .where(Excerpt.story_id.in_(story_ids), Excerpt.coder_id.is_(None))
        .subquery()
    )
    rows = db.execute(
        sa.select(some.c.story_id, StoryWords.teller, some.c.shown)
        .join(StoryWords, StoryWords.story_id == some.c.story_id)
        .where(some.c.place <= MOST_QUOTES)
        .order_by(some.c.story_id, some.c.place)
    )
    found: dict[UUID, tuple[str, list[Markup]]] = {}
    for story_id, teller, text in rows:
        found.setdefault(story_id, (teller, []))[1].append(_shown(text))
    return found


def _marks_of(story_ids: Sequence[UUID]) -> dict[UUID, int]:
    if not story_ids:
        return {}
    rows = db.execute(
        sa.select(Excerpt.story_id, sa.func.count())
        .where(Excerpt.story_id.in_(story_ids), _seen_marks())
        .group_by(Excerpt.story_id)
    )
    return {story_id: count for story_id, count in rows}  # noqa: C416 - rows are no tuples to the type checker


def _open_readings() -> sa.Select[Any]:
    return sa.select(CoderReading.story_id).where(
        CoderReading.coder_id == current_user.id, CoderReading.is_blind, CoderReading.done_at.is_(None)
    )


def _my_open_readings(story_ids: Sequence[UUID]) -> set[UUID]:
    if not story_ids:
        return set()
    return set(db.scalars(_open_readings().where(CoderReading.story_id.in_(story_ids))))


def sources_to_filter() -> list[StorySource]:
    return list(db.scalars(sa.select(StorySource).order_by(sa.func.lower(StorySource.name), StorySource.id)))


# --- One story ------------------------------------------------------------------------------------------------------


def readable_story(story_id: UUID, today: date) -> tuple[Story, bool]:
    """A story this reader may read, and whether as a whole. Aborts with a 404 for every other one."""
    who = audience()
    story = db.scalar(
        sa.select(Story)
        .join(StorySource, StorySource.id == Story.source_id)
        .options(contains_eager(Story.source))
        .where(Story.id == story_id, readable(who, today))
    )
    if story is None:
        abort(404)
    return story, _is_whole(story, who, today)


def story_to_code(story_id: UUID, today: date) -> Story:
    """Aborts with a 404 for a story that this person may not read as a whole."""
    story, is_whole = readable_story(story_id, today)
    return story if is_whole else abort(404)


@dataclass(frozen=True)
class Note:
    memo_id: UUID
    excerpt_id: UUID | None
    text: str
    author: str
    made_at: datetime
    is_mine: bool


@dataclass
class Marked:
    """A passage with everything that was said of it. `number`: its place in the text."""

    excerpt: Excerpt
    number: int
    tags: list[codebook.Placed]
    coder: str
    can_change: bool
    notes: list[Note]


@dataclass(frozen=True)
class ReaderOf:
    reading: CoderReading
    name: str


@dataclass(frozen=True)
class Desk:
    """All that the coding view of a story shows."""

    story: Story
    words: StoryWords
    turn: Turn
    paragraphs: list[Paragraph]
    marked: list[Marked]
    notes: list[Note]  # on the story as a whole
    readers: list[ReaderOf]
    tags: list[codebook.Placed]  # all on offer
    recent: list[codebook.Placed]

    @property
    def can_mark(self) -> bool:
        return self.turn in MARKS

    @property
    def blind(self) -> list[ReaderOf]:
        return [reader for reader in self.readers if reader.reading.is_blind]

    def reading_of(self, person_id: UUID) -> CoderReading | None:
        return next((r.reading for r in self.readers if r.reading.coder_id == person_id), None)


def words_of(story_id: UUID) -> StoryWords:
    return db.scalars(sa.select(StoryWords).where(StoryWords.story_id == story_id)).one()


def desk(story: Story, *, codes: bool, recent: Sequence[str] = ()) -> Desk:
    """A story with its marks. Who does not code sees the reading that was agreed on, without notes."""
    words = words_of(story.id)
    readings = readers_of(story.id) if codes else []
    me: UUID = current_user.id
    now = turn_of(story, readings, me)
    wanted = sa.select(Excerpt).where(Excerpt.story_id == story.id)
    if now is Turn.SETTLED or not codes:
        wanted = wanted.where(Excerpt.coder_id.is_(None))
    else:
        wanted = wanted.where(Excerpt.coder_id.is_not(None))
    if now in (Turn.BLIND, Turn.WAITING):
        wanted = wanted.where(Excerpt.coder_id == me)
    excerpts = list(db.scalars(wanted.order_by(Excerpt.start_at, Excerpt.end_at, Excerpt.id)))
    every = codebook.tree(with_retired=True)
    labels = _labels([excerpt.id for excerpt in excerpts], every)
    memos = _memos(story.id) if codes else []
    names = names_of(
        [
            *(excerpt.coder_id for excerpt in excerpts),
            *(memo.author_id for memo in memos),
            *(reading.coder_id for reading in readings),
        ]
    )
    notes = _notes(memos, names, me)
    can_mark = codes and now in MARKS
    marked = [
        Marked(
            excerpt,
            number,
            labels.get(excerpt.id, []),
            names.get(excerpt.coder_id, "") if excerpt.coder_id else "",
            can_mark and excerpt.coder_id == (None if now is Turn.SETTLED else me),
            [note for note in notes if note.excerpt_id == excerpt.id],
        )
        for number, excerpt in enumerate(excerpts, 1)
    ]
    offered = [item for item in every if item.tag.retired_at is None]
    return Desk(
        story,
        words,
        now,
        paragraphs(
            words.text,
            [
                Mark(
                    item.excerpt.start_at,
                    item.excerpt.end_at,
                    item.number,
                    tuple(label.tag.look for label in item.tags),
                )
                for item in marked
            ],
        ),
        marked,
        [note for note in notes if note.excerpt_id is None],
        [ReaderOf(reading, names.get(reading.coder_id, "")) for reading in readings],
        offered,
        _recent(offered, recent, marked),
    )


def _labels(
    excerpt_ids: Sequence[UUID], every: Iterable[codebook.Placed]
) -> dict[UUID, list[codebook.Placed]]:
    if not excerpt_ids:
        return {}
    rows = db.execute(sa.select(Coding.excerpt_id, Coding.tag_id).where(Coding.excerpt_id.in_(excerpt_ids)))
    given: dict[UUID, list[UUID]] = defaultdict(list)
    for excerpt_id, tag_id in rows:
        given[tag_id].append(excerpt_id)
    found: dict[UUID, list[codebook.Placed]] = defaultdict(list)
    for placed in every:  # in the order of the codebook
        for excerpt_id in given[placed.tag.id]:
            found[excerpt_id].append(placed)
    return found


def _memos(story_id: UUID) -> list[Memo]:
    return list(db.scalars(sa.select(Memo).where(Memo.story_id == story_id).order_by(Memo.made_at, Memo.id)))


def _notes(memos: Sequence[Memo], names: dict[UUID, str], me: UUID) -> list[Note]:
    texts = opened_notes([(memo.story_id, memo.box) for memo in memos])
    return [
        Note(
            memo.id,
            memo.excerpt_id,
            text,
            names.get(memo.author_id, "") if memo.author_id else "",
            memo.made_at,
            memo.author_id == me,
        )
        for memo, text in zip(memos, texts, strict=True)
    ]


def _recent(
    offered: Sequence[codebook.Placed], used: Sequence[str], marked: Sequence[Marked]
) -> list[codebook.Placed]:
    """What this person used last, then what stands in this story."""
    there = {str(item.tag.id): item for item in offered}
    of_story = [str(label.tag.id) for item in reversed(marked) for label in item.tags]
    order = dict.fromkeys([*used, *of_story])
    return [there[tag_id] for tag_id in order if tag_id in there][:6]


def neighbours(story: Story, who: Audience, today: date) -> tuple[UUID | None, UUID | None]:
    """The stories before and after this one of the same source that this reader may read as a whole."""

    def one(condition: sa.ColumnElement[bool], order: sa.ColumnElement[Any]) -> sa.ScalarSelect[UUID]:
        query = sa.select(Story.id).where(
            condition, Story.source_id == story.source_id, readable(who, today, whole=True)
        )
        return query.order_by(order).limit(1).scalar_subquery()

    before = one(Story.number < story.number, Story.number.desc())
    after = one(Story.number > story.number, Story.number.asc())
    found = db.execute(sa.select(before, after)).one()
    return found[0], found[1]


def people_to_ask(story: Story, today: date) -> dict[UUID, str]:
    """Members who code and may read this story as a whole, by name."""
    rows = db.execute(
        sa.select(Person.id, Person.name, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.council_id == db.info["council_id"])
        .order_by(Person.name, Person.id)
    )
    return {
        person_id: name
        for person_id, name, role in rows
        if Permission.CODE_STORIES in PERMISSIONS[role]
        and may_read(_audience_of(role), story.state, story.allowed, today, whole=True)
    }


def _audience_of(role: Role) -> Audience:
    makes = Permission.COLLECT_STORIES in PERMISSIONS[role]
    return Audience.MAKER if makes else Audience.WORKING_GROUP


def quotes_of(story: Story) -> list[Excerpt]:
    """What everyone who may read quotes of this story reads."""
    return list(
        db.scalars(
            sa.select(Excerpt)
            .where(Excerpt.story_id == story.id, Excerpt.coder_id.is_(None))
            .order_by(Excerpt.start_at)
        )
    )


@dataclass(frozen=True)
class BlindReading:
    name: str
    passages: list[Passage]


def blind_readings(story: Story) -> list[BlindReading]:
    """What each blind reader marked, once all are done and as long as it is not settled; else nothing."""
    readings = readers_of(story.id)
    if turn_of(story, readings, current_user.id) is not Turn.COMPARING:
        return []
    coders = [reading.coder_id for reading in readings if reading.is_blind]
    rows = db.execute(
        sa.select(Excerpt, sa.func.array_remove(sa.func.array_agg(Coding.tag_id), None))
        .outerjoin(Coding, Coding.excerpt_id == Excerpt.id)
        .where(Excerpt.story_id == story.id, Excerpt.coder_id.in_(coders))
        .group_by(Excerpt.id)
        .order_by(Excerpt.start_at, Excerpt.end_at)
    )
    passages: dict[UUID | None, list[Passage]] = defaultdict(list)
    for excerpt, tag_ids in rows:
        passages[excerpt.coder_id].append(
            Passage(excerpt.start_at, excerpt.end_at, frozenset(tag_ids), excerpt.leaning)
        )
    names = names_of(coders)
    return [BlindReading(names.get(coder, ""), passages[coder]) for coder in coders]


@dataclass(frozen=True)
class ReadBlind:
    """The stories that people read blind, all of them done. `tags`: those they gave, numbered as in the texts."""

    texts: list[CodedText]
    tags: list[codebook.Placed]


def read_blind(who: Audience, today: date) -> ReadBlind:
    """As far as this reader may read them as a whole, in three queries."""
    blind = sa.select(CoderReading.story_id).where(CoderReading.is_blind)
    busy = blind.where(CoderReading.done_at.is_(None))
    rows = db.execute(
        sa.select(Story.id, StoryWords.text, CoderReading.coder_id)
        .join(StoryWords, StoryWords.story_id == Story.id)
        .join(CoderReading, sa.and_(CoderReading.story_id == Story.id, CoderReading.is_blind))
        .where(
            Story.id.in_(
                sa.select(Story.id)
                .where(readable(who, today, whole=True), Story.id.in_(blind), Story.id.not_in(busy))
                .order_by(Story.number.desc())
                .limit(MOST_COMPARED)
            )
        )
    )
    texts: dict[UUID, str] = {}
    marks: dict[UUID, dict[str, list[MarkedBy]]] = defaultdict(dict)
    for story_id, text, coder_id in rows:
        texts[story_id] = text
        marks[story_id][str(coder_id)] = []
    every = codebook.tree(with_retired=True)
    number = {placed.tag.id: place for place, placed in enumerate(every)}
    given = db.execute(
        sa.select(Excerpt.story_id, Excerpt.coder_id, Excerpt.start_at, Excerpt.end_at, Coding.tag_id)
        .join(Coding, Coding.excerpt_id == Excerpt.id)
        .where(Excerpt.story_id.in_(texts), Excerpt.coder_id.is_not(None))
    )
    used = set()
    for story_id, marker_id, start, end, tag_id in given:
        if str(marker_id) in marks[story_id]:  # who marked before it was read blind is no reader
            marks[story_id][str(marker_id)].append(MarkedBy(start, end, number[tag_id]))
            used.add(number[tag_id])
    order = {place: at for at, place in enumerate(sorted(used))}
    return ReadBlind(
        [
            CodedText(
                text,
                {
                    coder: [MarkedBy(mark.start, mark.end, order[mark.tag_id]) for mark in of_coder]
                    for coder, of_coder in marks[story_id].items()
                },
            )
            for story_id, text in texts.items()
        ],
        [every[place] for place in sorted(used)],
    )


def whole_stories(who: Audience, today: date) -> int:
    return db.scalar(sa.select(sa.func.count()).where(readable(who, today, whole=True))) or 0
