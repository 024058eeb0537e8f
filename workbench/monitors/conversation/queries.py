"""Reading questions: what can be asked about, what was asked, and what is to be seen by whom.

Who may read the step of the plan that something belongs to, may read what is said about it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import abort, g
from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import joinedload, selectinload

from workbench.accounts.access import PERMISSIONS, Permission
from workbench.accounts.models import Membership
from workbench.accounts.queries import members
from workbench.core.db import db
from workbench.core.web import get_or_404
from workbench.evidence.models import Link
from workbench.monitors.conversation import tables
from workbench.monitors.conversation.models import (
    FigureQuestion,
    Interpretation,
    Kind,
    QuestionSnapshot,
    QuestionStep,
    Subject,
)
from workbench.monitors.conversation.states import REPLIED, WAITING, State
from workbench.monitors.format import DRAWN, TOLD, key_of, options_of
from workbench.monitors.hearing import audience_of, hear
from workbench.monitors.models import BlockDocument, Monitor
from workbench.monitors.queries import read_block
from workbench.monitors.voices import Voice, from_all, mark_of
from workbench.stories.kept.visibility import Audience
from workbench.vision.models import Goal, Plan, Value
from workbench.vision.queries import VALUE_STEPS
from workbench.vision.steps import EVIDENCE, GOALS

STEPS_OF = {
    Subject.FIGURE: (EVIDENCE,),
    Subject.QUOTE: (EVIDENCE,),
    Subject.GOAL: (GOALS,),
    Subject.VALUE: VALUE_STEPS,
}

# --- What can be asked about ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class About:
    """A figure or a text as it stands now. `contents`: language -> what it shows; empty: it is still being made."""

    subject: Subject
    plan_id: UUID
    title: str
    contents: dict[str, dict[str, Any]]
    block_id: UUID | None = None
    link_id: UUID | None = None
    goal_id: UUID | None = None
    value_id: UUID | None = None
    monitor: Monitor | None = None  # where a figure stands

    @property
    def steps(self) -> tuple[int, ...]:
        return STEPS_OF[self.subject]

    def content(self, language: str) -> dict[str, Any]:
        """In this language, or in another when there is no such one."""
        return self.contents.get(language) or next(iter(self.contents.values()), {})

    def periods(self, language: str) -> list[str]:
        table = self.content(language).get("table")
        return tables.Table.of(table).periods if table else []


def block(block_id: UUID) -> About | None:
    """A figure or a voice that stands in a monitor now; None: it does not."""
    found = read_block(block_id)
    if found is None:
        return None
    monitor, told = found
    if not isinstance(told, TOLD):
        return figure(block_id)
    sentence = get_or_404(Goal, told.goal_id).whole_sentence
    heard = hear(told.excerpt_ids, audience_of(monitor))
    content = {
        "title": _("Wat inwoners vertellen: %(goal)s", goal=sentence),
        "text": "",
        "voices": [
            {"excerpt_id": str(one), "mark": mark_of(heard[one]), "source": heard[one].source}
            for one in told.excerpt_ids
        ],
    }
    return About(
        Subject.QUOTE,
        monitor.plan_id,
        str(content["title"]),
        {"nl": content},
        block_id,
        goal_id=told.goal_id,
        monitor=monitor,
    )


def voices_in(content: dict[str, Any], who: Audience) -> list[Voice]:
    """Who spoke there: their words as they may be read now, not as they were."""
    kept = content.get("voices", [])
    heard = hear([UUID(one["excerpt_id"]) for one in kept], who)
    return [from_all(heard, UUID(one["excerpt_id"]), one["mark"], one["source"]) for one in kept]


def figure(block_id: UUID) -> About | None:
    """A figure that stands in a monitor now; None: it does not."""
    found = read_block(block_id)
    if found is None:
        return None
    monitor, block = found
    if not isinstance(block, DRAWN):
        return None
    link = db.scalars(
        sa.select(Link)
        .options(joinedload(Link.indicator), joinedload(Link.own_indicator))
        .where(Link.id == block.link_id, Link.rests_until.is_(None))
    ).one_or_none()
    if link is None:
        return None
    documents = db.scalars(
        sa.select(BlockDocument)
        .options(sa.orm.defer(BlockDocument.chart, raiseload=True))
        .where(BlockDocument.block_id == block_id, BlockDocument.key == key_of(block))
        .order_by(BlockDocument.language.desc())
    )
    contents = {
        document.language: _content(document, link.subject.definition, options_of(block))
        for document in documents
    }
    return About(
        Subject.FIGURE,
        monitor.plan_id,
        link.subject.name,
        contents,
        block_id,
        link.id,
        link.goal_id,
        monitor=monitor,
    )


def _content(document: BlockDocument, definition: str, options: dict[str, Any]) -> dict[str, Any]:
    """What a figure shows, as JSON that can be kept and compared."""
    shown = document.content
    table = tables.read(shown.get("table_html", ""))
    return {
        **{name: shown.get(name, "") for name in ("state", "state_text", "title", "sentence", "alt", "svg")},
        "notes": [note["text"] for note in shown.get("notes", [])],
        "source": shown.get("source", ""),
        "comparison": shown.get("comparison"),
        "table": table.as_json() if table else None,
        "definition": definition,
        "options": options,
        "version": document.version,
        "fetched_at": document.data_fetched_at.isoformat() if document.data_fetched_at else None,
    }


def goal(goal_id: UUID) -> About:
    found = get_or_404(Goal, goal_id)
    texts = [found.whole_sentence, *(f"{question}: {answer}" for question, answer in found.lines())]
    return _text(Subject.GOAL, found.plan_id, found.whole_sentence, texts, goal_id=found.id)


def value(value_id: UUID) -> About:
    found = get_or_404(Value, value_id)
    texts = [found.name, found.own_words, found.seen_when, found.not_this, found.short_changed]
    texts += [found.counter_value, found.bottom_line, found.minority_view]
    return _text(Subject.VALUE, found.plan_id, found.name, texts, value_id=found.id)


def _text(
    subject: Subject,
    plan_id: UUID,
    title: str,
    texts: list[str],
    *,
    goal_id: UUID | None = None,
    value_id: UUID | None = None,
) -> About:
    content = {"title": title, "text": "\n".join(text for text in texts if text)}
    return About(subject, plan_id, title, {"nl": content}, goal_id=goal_id, value_id=value_id)


def present(question: FigureQuestion) -> About | None:
    """What a question is about as it stands now; None: it is gone."""
    if question.block_id:
        return block(question.block_id)
    if question.goal_id:
        return goal(question.goal_id)
    return value(question.value_id) if question.value_id else None


def may_read(about: About) -> bool:
    """May the member of this request read what this is about?"""
    return get_or_404(Plan, about.plan_id).may_be_read_by(g.membership, *about.steps)


def owners(plan: Plan, steps: tuple[int, ...]) -> list[Membership]:
    """Whom a question can be put to: who answers questions and may read what this one is about."""
    return [
        member
        for member in members()
        if Permission.ANSWER_QUESTIONS in PERMISSIONS[member.role] and plan.may_be_read_by(member, *steps)
    ]


def proposed_owner(about: About, found: list[Membership]) -> UUID | None:
    """Who was asked last about this same thing; else the first who explains figures, else the first there is."""
    last = db.scalar(
        sa.select(FigureQuestion.owner_id)
        .where(
            FigureQuestion.owner_id.in_([member.person_id for member in found]),
            FigureQuestion.subject == about.subject,
            FigureQuestion.block_id.is_not_distinct_from(about.block_id),
            FigureQuestion.goal_id.is_not_distinct_from(about.goal_id),
            FigureQuestion.value_id.is_not_distinct_from(about.value_id),
        )
        .order_by(FigureQuestion.asked_at.desc())
        .limit(1)
    )
    explains = [
        member.person_id
        for member in found
        if Permission.ANSWER_ALL_QUESTIONS in PERMISSIONS[member.role]
        and Permission.LEAD_CONVERSATION not in PERMISSIONS[member.role]
    ]
    return last or next(iter([*explains, *(member.person_id for member in found)]), None)


# --- What was asked -------------------------------------------------------------------------------------------------


class View(StrEnum):
    """Which questions a list shows."""

    MINE = "aan-mij"
    OPEN = "open"
    OVERDUE = "te-laat"
    ANSWERED = "beantwoord"
    SIGNALS = "signalen"
    ALL = "alles"


@dataclass(frozen=True)
class Choice:
    """What somebody wants to see of the conversation of a council."""

    view: View = View.OPEN
    plan_id: UUID | None = None
    block_id: UUID | None = None


def readable(reader: Membership, found: Iterable[Plan]) -> sa.ColumnElement[bool]:
    """The questions that this reader may see, among those of these plans."""
    found = list(found)
    return sa.or_(
        sa.false(),
        *(
            sa.and_(
                FigureQuestion.subject == subject,
                FigureQuestion.plan_id.in_(
                    [plan.id for plan in found if plan.may_be_read_by(reader, *steps)]
                ),
            )
            for subject, steps in STEPS_OF.items()
        ),
    )


def _wanted(choice: Choice, reader: Membership, day: date) -> list[sa.ColumnElement[bool]]:
    waiting = FigureQuestion.state.in_(WAITING)
    wanted: list[sa.ColumnElement[bool]] = []
    match choice.view:
        case View.MINE:
            wanted = [waiting, FigureQuestion.owner_id == reader.person_id]
        case View.OPEN:
            wanted = [waiting]
        case View.OVERDUE:
            wanted = [waiting, FigureQuestion.due_on < day]
        case View.ANSWERED:
            wanted = [FigureQuestion.state.in_(REPLIED)]
        case View.SIGNALS:
            wanted = [FigureQuestion.kind == Kind.SIGNAL]
    if choice.plan_id:
        wanted.append(FigureQuestion.plan_id == choice.plan_id)
    if choice.block_id:
        wanted.append(FigureQuestion.block_id == choice.block_id)
    return wanted


def listed(
    choice: Choice, found: list[Plan], day: date, most: int | None = None, skip: int = 0
) -> tuple[list[FigureQuestion], int]:
    """Questions for the member of this request, with their steps and people; and how many there are in all.

    What is late comes first, then what waits by its last day, then the newest.
    """
    conditions = [readable(g.membership, found), *_wanted(choice, g.membership, day)]
    waits = sa.case((FigureQuestion.state.in_(WAITING), 0), else_=1)
    last_day = sa.case((FigureQuestion.state.in_(WAITING), FigureQuestion.due_on), else_=None)
    rows = db.execute(
        sa.select(FigureQuestion, sa.func.count().over())
        .options(
            joinedload(FigureQuestion.asked_by),
            joinedload(FigureQuestion.owner),
            selectinload(FigureQuestion.steps),
        )
        .where(*conditions)
        .order_by(waits, last_day, FigureQuestion.asked_at.desc(), FigureQuestion.id)
        .limit(most)
        .offset(skip)
    ).all()
    if rows:
        return [question for question, _total in rows], int(rows[0][1])
    if not skip:
        return [], 0
    total = db.scalar(sa.select(sa.func.count()).select_from(FigureQuestion).where(*conditions))
    return [], total or 0


def question(question_id: UUID) -> FigureQuestion:
    """A question that this member may read, with its steps and people; else 404 or 403."""
    found = db.scalars(
        sa.select(FigureQuestion)
        .where(FigureQuestion.id == question_id)
        .options(
            joinedload(FigureQuestion.plan).selectinload(Plan.steps),
            joinedload(FigureQuestion.asked_by),
            joinedload(FigureQuestion.owner),
            selectinload(FigureQuestion.steps).options(
                joinedload(QuestionStep.by), joinedload(QuestionStep.to)
            ),
        )
    ).one_or_none()
    if found is None:
        abort(404)
    if not found.plan.may_be_read_by(g.membership, *STEPS_OF[found.subject]):
        abort(403)
    return found


def as_of(asked: FigureQuestion, language: str) -> tuple[str, dict[str, Any]]:
    """What was shown on the day of the question: its language (this one, if it was kept in it) and content."""
    kept = {
        snapshot.language: snapshot.content
        for snapshot in db.scalars(
            sa.select(QuestionSnapshot)
            .where(QuestionSnapshot.question_id == asked.id)
            .order_by(QuestionSnapshot.language.desc())
        )
    }
    code = language if language in kept else next(iter(kept))
    return code, kept[code]


def contents_as_of(ids: Collection[UUID], language: str = "nl") -> dict[UUID, dict[str, Any]]:
    """Question id -> what was shown then, without the drawing; in this language, if it was kept in it."""
    names = ("title", "sentence", "version", "fetched_at")
    rows = db.execute(
        sa.select(
            QuestionSnapshot.question_id,
            *(QuestionSnapshot.content[name].astext.label(name) for name in names),
        )
        .where(QuestionSnapshot.question_id.in_(ids))
        .order_by(QuestionSnapshot.language == language)  # last, so that it stays
    )
    return {row.question_id: {name: getattr(row, name) for name in names} for row in rows}


# --- Beside a figure ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Talk:
    """What is said about one figure."""

    waiting: int = 0
    total: int = 0
    meaning: Interpretation | None = None


def talk_of(plan: Plan) -> dict[UUID, Talk]:
    """Figure -> what is said about it, in one query."""
    counts = (
        sa.select(
            FigureQuestion.block_id,
            sa.func.count().label("total"),
            sa.func.count().filter(FigureQuestion.state.in_(WAITING)).label("waiting"),
        )
        .where(
            FigureQuestion.plan_id == plan.id,
            FigureQuestion.block_id.is_not(None),
            FigureQuestion.state != State.WITHDRAWN,
        )
        .group_by(FigureQuestion.block_id)
        .subquery()
    )
    meaning = sa.orm.aliased(
        Interpretation,
        sa.select(Interpretation).where(Interpretation.plan_id == plan.id).subquery(),
    )
    rows = db.execute(
        sa.select(sa.func.coalesce(counts.c.block_id, meaning.block_id), counts, meaning).select_from(
            sa.outerjoin(counts, meaning, counts.c.block_id == meaning.block_id, full=True)
        )
    )
    return {row[0]: Talk(row.waiting or 0, row.total or 0, row[-1]) for row in rows}


def about_links(links: Collection[UUID]) -> list[FigureQuestion]:
    """What is said about the figures of these links, the newest first, for the page about an indicator."""
    if not links:
        return []
    return list(
        db.scalars(
            sa.select(FigureQuestion)
            .where(FigureQuestion.link_id.in_(links), FigureQuestion.state != State.WITHDRAWN)
            .options(joinedload(FigureQuestion.asked_by))
            .order_by(FigureQuestion.asked_at.desc(), FigureQuestion.id)
            .limit(20)
        )
    )


def meaning_of(block_id: UUID) -> Interpretation | None:
    return db.scalar(sa.select(Interpretation).where(Interpretation.block_id == block_id))


# --- What waits -----------------------------------------------------------------------------------------------------


@dataclass
class Waits:
    """What the conversation asks of one member."""

    to_answer: list[FigureQuestion] = field(default_factory=list)
    to_judge: list[FigureQuestion] = field(default_factory=list)  # an answer came: is it clear?
    overdue: int = 0  # of others, for who leads the conversation
    unowned: int = 0  # signals that nobody took up, for the working group and who explains figures


def _asks(person_id: UUID | sa.ColumnElement[UUID]) -> list[sa.ColumnElement[bool]]:
    """What waits for this person alone: a question to answer, and an answer to say something of."""
    return [
        sa.and_(FigureQuestion.state.in_(WAITING), FigureQuestion.owner_id == person_id),
        sa.and_(FigureQuestion.state == State.ANSWERED, FigureQuestion.asked_by_id == person_id),
    ]


def waiting_of(person_id: sa.ColumnElement[UUID]) -> sa.ColumnElement[str]:
    """For a query: which questions wait for this person alone, in one text."""
    every = sa.func.string_agg(
        sa.cast(FigureQuestion.id, sa.Text), aggregate_order_by(sa.literal(" "), FigureQuestion.id)
    )
    return sa.select(every).where(sa.or_(*_asks(person_id))).scalar_subquery()


def count_signals(member: Membership, plans: Iterable[Plan], since: datetime, until: datetime) -> int:
    """How many figures gave cause to ask in this time, of those that this member may see."""
    return (
        db.scalar(
            sa.select(sa.func.count()).where(
                FigureQuestion.kind == Kind.SIGNAL,
                FigureQuestion.asked_at > since,
                FigureQuestion.asked_at <= until,
                readable(member, plans),
            )
        )
        or 0
    )


def waits_for(member: Membership, day: date) -> Waits:
    """In one query; only what this member may read. The session acts for the council of this member."""
    mine = member.person_id
    waiting = FigureQuestion.state.in_(WAITING)
    wanted = _asks(mine)
    if Permission.LEAD_CONVERSATION in PERMISSIONS[member.role]:
        wanted.append(sa.and_(waiting, FigureQuestion.due_on < day))
    if PERMISSIONS[member.role] & {Permission.EDIT_PLAN, Permission.ANSWER_ALL_QUESTIONS}:
        wanted.append(sa.and_(waiting, FigureQuestion.owner_id.is_(None)))
    found = Waits()
    for asked in db.scalars(
        sa.select(FigureQuestion)
        .where(FigureQuestion.kind.in_([Kind.QUESTION, Kind.SIGNAL]), sa.or_(*wanted))
        .options(joinedload(FigureQuestion.plan).joinedload(Plan.steps))
        .order_by(FigureQuestion.due_on, FigureQuestion.id)
    ).unique():
        if not asked.plan.may_be_read_by(member, *STEPS_OF[asked.subject]):
            continue
        if asked.is_waiting and asked.owner_id == mine:
            found.to_answer.append(asked)
        elif asked.is_waiting and asked.owner_id is None:
            found.unowned += 1
        elif asked.is_waiting:
            found.overdue += 1
        else:
            found.to_judge.append(asked)
    return found
