"""Reading plans, values and goals; a step that was not opened is hidden from those outside the working group."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from flask import abort, g
from flask_babel import gettext, lazy_gettext
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from workbench.accounts.models import Membership, Person
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.web import get_or_404
from workbench.vision.choosing.queries import chosen_values
from workbench.vision.models import (
    WORKING_GROUP,
    Answer,
    Goal,
    GoalValue,
    LeftOpen,
    Plan,
    PlanQuestion,
    PlanStatus,
    PlanStep,
    Step,
    StepSkip,
    Value,
)
from workbench.vision.operations import copy_questions
from workbench.vision.steps import (
    COSTS,
    FIRST,
    FRICTION,
    GOALS,
    LAST,
    NEEDS,
    STAYS_IN_FRONT,
    STEERING,
    VALUES,
    WAITS_FOR,
    AnswerState,
    Facts,
    Piece,
    moved,
    out_of_order,
    waits_for,
)

CardOfPlan = TypeVar("CardOfPlan", Value, Goal)

# The steps to which cards belong: who may read one of these may read the card.
VALUE_STEPS = (VALUES, FRICTION)
LOOKING_BACK = "vastleggen-evaluatie"  # the question with the day on which the group looks back
STEPS_OF: dict[type[Value] | type[Goal], tuple[int, ...]] = {Value: VALUE_STEPS, Goal: (GOALS,)}
CLOSED = {
    PlanStatus.FINISHED: lazy_gettext(
        "Dit traject is afgerond. De griffier of begeleider kan het weer openen."
    ),
    PlanStatus.ARCHIVED: lazy_gettext(
        "Dit traject is gearchiveerd. De griffier of begeleider kan het weer openen."
    ),
}
# Tables whose models stand in a slice above this one: cards under a goal, and the step that they fill.
_LINK = sa.table("link", sa.column("goal_id"))
_UNDER_GOAL = {
    NEEDS: sa.table("need", sa.column("goal_id")),
    COSTS: sa.table("cost_line", sa.column("goal_id")),
    STEERING: sa.table("steering", sa.column("goal_id")),
}

# --- Who may read and write what ------------------------------------------------------------------------------------


def readable_plan(plan_id: UUID, *numbers: int) -> Plan:
    """The plan, when this member may see one of these steps (none named: anything); else 404 or 403."""
    plan = db.get(Plan, plan_id, options=[joinedload(Plan.steps)]) or abort(404)
    if not plan.may_be_read_by(g.membership, *numbers):
        abort(403)
    copy_questions(plan)
    return plan


def readable(model: type[CardOfPlan], card_id: UUID) -> CardOfPlan:
    """A card of a plan this member may see; else 404 or 403."""
    card = get_or_404(model, card_id)
    readable_plan(card.plan_id, *STEPS_OF[model])
    return card


def may_read(plan: Plan, *numbers: int) -> bool:
    """May the member of this request see one of these steps?"""
    return plan.may_be_read_by(g.membership, *numbers)


def check_step(plan: Plan, number: int) -> Facts:
    """The values lock; gives what there is in the plan. Raises: Conflict, naming what must come before this step."""
    facts = facts_of(plan)
    if missing := missing_for(plan, number, facts):
        raise Conflict(missing)
    return facts


def missing_for(plan: Plan, number: int, facts: Facts) -> str | None:
    """What must exist before this step may be filled in, in words; None when it may."""
    needed = waits_for(number, facts)
    return None if needed is None else str(WAITS_FOR[needed]) % {"step": plan.step(needed).named}


def check_running(plan: Plan) -> None:
    """Raises: Conflict when the plan is finished or archived."""
    if plan.status is not PlanStatus.RUNNING:
        raise Conflict(str(CLOSED[plan.status]))


def plan_at_work(plan_id: UUID, number: int) -> Plan:
    """The plan, to work on this step of it. Raises: Conflict; see check_step and check_running."""
    plan = readable_plan(plan_id, number)
    if number not in range(FIRST, LAST + 1):
        abort(404)
    check_running(plan)
    check_step(plan, number)
    return plan


def plans(reader: Membership | None = None) -> list[Plan]:
    """Plans that this reader (no one named: the member of this request) may see. The first is the one on the home page
    and in the menu: the one that was put first, else running ones before finished ones, the newest first.
    """
    order = (
        Plan.status == PlanStatus.ARCHIVED,
        Plan.put_first_at.desc().nulls_last(),
        Plan.status != PlanStatus.RUNNING,
        Plan.created_at.desc(),
    )
    found = db.scalars(sa.select(Plan).order_by(*order).options(joinedload(Plan.steps))).unique()
    reader = reader or g.membership
    return [plan for plan in found if plan.may_be_read_by(reader)]


# --- Where a plan stands --------------------------------------------------------------------------------------------


def facts_of(plan: Plan) -> Facts:
    """What there is in a plan so far, in one query."""
    row = db.execute(_facts(), {"plan": plan.id}).one()
    values, goals_there, links = row[:3]
    written, finished_at_all, later, passed, put_off, not_known, of_goals = (
        frozenset(found or ()) for found in row[3:10]
    )
    with_cards = {number for number, has in zip(_UNDER_GOAL, row[11:], strict=True) if has}
    return Facts(
        values=values,
        goals=goals_there,
        links=links,
        written=written | with_cards | of_goals,
        finished=finished_at_all,
        later=later | put_off,
        unknown=not_known,
        skipped=passed,
        order=tuple(row[10]),
    )


@cache
def _facts() -> sa.Select[Any]:
    """Made once: most pages of a plan ask this."""
    plan_id = sa.bindparam("plan", type_=sa.Uuid())

    def count(table: sa.FromClause, where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
        return sa.select(sa.func.count()).select_from(table).where(where).scalar_subquery()

    def numbers(query: sa.Select[Any]) -> sa.ScalarSelect[list[int]]:
        return sa.select(sa.func.array_agg(query.subquery().c[0])).scalar_subquery()

    goals = sa.select(Goal.id).where(Goal.plan_id == plan_id)
    given = sa.and_(
        Answer.state == AnswerState.GIVEN, sa.not_(sa.cast(Answer.value, sa.Text).in_(['""', "{}", "null"]))
    )
    is_open = sa.and_(
        PlanQuestion.required,
        sa.or_(Answer.id.is_(None), sa.and_(Answer.state == AnswerState.GIVEN, sa.not_(given))),
    )
    asked = (
        sa.select(PlanQuestion.number)
        .outerjoin(Answer, Answer.question_id == PlanQuestion.id)
        .where(PlanQuestion.plan_id == plan_id, PlanQuestion.left_out.is_(False))
        .group_by(PlanQuestion.number)
    )
    said = sa.select(LeftOpen.number).where(LeftOpen.plan_id == plan_id)
    unknown = said.where(LeftOpen.state == AnswerState.UNKNOWN)
    finished = sa.select(PlanStep.number).where(
        PlanStep.plan_id == plan_id, PlanStep.finished_at.is_not(None)
    )
    skipped = sa.select(StepSkip.number).where(StepSkip.plan_id == plan_id, StepSkip.undone_at.is_(None))
    order = sa.func.array_agg(aggregate_order_by(PlanStep.number, PlanStep.position))
    columns: list[sa.ColumnElement[Any]] = [
        count(Value.__table__, Value.plan_id == plan_id),
        count(Goal.__table__, Goal.plan_id == plan_id),
        count(_LINK, _LINK.c.goal_id.in_(goals)),
        numbers(asked.having(sa.func.bool_or(given))),
        numbers(finished),
        numbers(
            asked.having(
                sa.func.bool_or(Answer.state == AnswerState.LATER), sa.not_(sa.func.bool_or(is_open))
            )
        ),
        numbers(skipped),
        numbers(said.where(LeftOpen.state == AnswerState.LATER, LeftOpen.goal_id.is_(None))),
        numbers(unknown.where(LeftOpen.goal_id.is_(None))),
        numbers(unknown.where(LeftOpen.goal_id.is_not(None)).distinct()),
        sa.select(order).where(PlanStep.plan_id == plan_id).scalar_subquery(),
        *(
            sa.exists().where(table.c.goal_id.in_(goals)).select().scalar_subquery()
            for table in _UNDER_GOAL.values()
        ),
    ]
    return sa.select(*columns)


@dataclass(frozen=True)
class StepText:
    """A step in the language of this request: the step plan is content, and its texts are in the catalogue too."""

    number: int
    position: int  # the number that people see
    title: str
    question: str
    why: str
    example: str
    fills: str
    minutes: int
    piece: Piece


def said(text: str) -> str:
    """Content in the language of this request; what a council wrote itself is shown as it is."""
    return gettext(text) if text else ""


def _spoken(step: Step, own: PlanStep) -> StepText:
    return StepText(
        number=step.number,
        position=own.position,
        title=said(own.title),
        question=said(step.question),
        why=said(step.why),
        example=said(step.example),
        fills=said(step.fills),
        minutes=own.minutes,
        piece=step.piece,
    )


def steps(plan: Plan) -> list[StepText]:
    """The steps of a plan, with the names and in the order that it gave them."""
    content = {step.number: step for step in db.scalars(sa.select(Step))}
    return [_spoken(content[own.number], own) for own in plan.steps]


def step(plan: Plan, number: int) -> StepText:
    """One step of a plan; 404 when there is none."""
    row = db.execute(
        sa.select(Step, PlanStep)
        .join(PlanStep, sa.and_(PlanStep.number == Step.number, PlanStep.plan_id == plan.id))
        .where(Step.number == sa.cast(number, sa.Numeric))
    ).one_or_none()
    return _spoken(*(row or abort(404)))


@dataclass(frozen=True)
class Movable:
    """A step with the places before and after it where it may stand; None: it cannot go that way. `why` says so."""

    step: StepText
    up: int | None
    down: int | None
    why: str


def pieces_of(plan: Plan) -> list[tuple[Piece, list[Movable]]]:
    """The steps of a plan by piece of the puzzle, in its order."""
    found = steps(plan)
    of_piece = {step.number: step.piece for step in found}
    order = [step.number for step in found]
    groups: dict[Piece, list[StepText]] = {}
    for step in found:
        groups.setdefault(step.piece, []).append(step)
    return [
        (piece, [_movable(order, of_piece, group, index) for index in range(len(group))])
        for piece, group in groups.items()
    ]


def _movable(order: list[int], pieces: dict[int, Piece], group: list[StepText], index: int) -> Movable:
    """The neighbours of its piece are where a step can go, unless the order would be wrong then."""
    reasons = []
    ways: list[int | None] = []
    for neighbour in (index - 1, index + 1):
        ways.append(None)
        if neighbour not in range(len(group)):
            continue
        place = group[neighbour].position
        wrong = out_of_order(moved(order, pieces, group[index].number, place) or order)
        if wrong is None:
            ways[-1] = place
        else:
            reasons.append(str(STAYS_IN_FRONT[wrong]))
    return Movable(group[index], ways[0], ways[1], " ".join(dict.fromkeys(reasons)))


def own_step(plan: Plan, number: int) -> PlanStep:
    """A plan's copy of a step; 404 when there is none."""
    return next((item for item in plan.steps if item.number == number), None) or abort(404)


@dataclass(frozen=True)
class Skipped:
    skip: StepSkip
    person: str | None


def skips_of(plan: Plan) -> dict[int, Skipped]:
    """Step number -> why it was skipped, and by whom."""
    rows = db.execute(
        sa.select(StepSkip, Person.name)
        .outerjoin(Person, Person.id == StepSkip.skipped_by_id)
        .where(StepSkip.plan_id == plan.id, StepSkip.undone_at.is_(None))
        .order_by(StepSkip.number)
    )
    return {skip.number: Skipped(skip, name) for skip, name in rows}


# --- Questions and answers ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """A question with its answer, and who gave that."""

    question: PlanQuestion
    answer: Answer | None
    person: str | None
    text: str = field(init=False)
    help: str = field(init=False)
    example: str = field(init=False)

    def __post_init__(self) -> None:
        for name in ("text", "help", "example"):
            object.__setattr__(self, name, said(getattr(self.question, name)))

    @property
    def is_given(self) -> bool:
        return self.answer is not None and self.answer.is_given

    @property
    def is_open(self) -> bool:
        """Nobody answered, and nobody said that we do not know."""
        return not self.is_given and (self.answer is None or self.answer.state is not AnswerState.UNKNOWN)

    @property
    def state(self) -> str:
        """given, unknown, later or open."""
        if self.answer is None or (self.answer.state is AnswerState.GIVEN and not self.is_given):
            return "open"
        return self.answer.state.value


def asked_of(plan: Plan, *numbers: int, left_out: bool = False) -> list[Asked]:
    """The questions of these steps (none named: all), in order, with their answers."""
    query = (
        sa.select(PlanQuestion, Answer, Person.name)
        .join(
            PlanStep,
            sa.and_(PlanStep.plan_id == PlanQuestion.plan_id, PlanStep.number == PlanQuestion.number),
        )
        .outerjoin(Answer, Answer.question_id == PlanQuestion.id)
        .outerjoin(Person, Person.id == Answer.edited_by_id)
        .where(PlanQuestion.plan_id == plan.id)
        .order_by(PlanStep.position, PlanQuestion.position, PlanQuestion.id)
    )
    if numbers:
        query = query.where(PlanQuestion.number.in_(numbers))
    if not left_out:
        query = query.where(PlanQuestion.left_out.is_(False))
    return [Asked(*row) for row in db.execute(query)]


@dataclass(frozen=True)
class SaidSo:
    """What a group said for want of a card, and who said it; shown as the answer to a question is."""

    answer: LeftOpen
    person: str | None

    @property
    def state(self) -> str:
        """As of an answer: unknown or later."""
        return self.answer.state.value

    @property
    def is_unknown(self) -> bool:
        return self.answer.state is AnswerState.UNKNOWN


def left_open_of(plan: Plan, *numbers: int) -> dict[tuple[int, UUID | None], SaidSo]:
    """(step, goal id; None: the whole step) -> what the group said for want of a card; no steps named: all."""
    query = (
        sa.select(LeftOpen, Person.name)
        .outerjoin(Person, Person.id == LeftOpen.edited_by_id)
        .where(LeftOpen.plan_id == plan.id)
    )
    if numbers:
        query = query.where(LeftOpen.number.in_(numbers))
    return {(said.number, said.goal_id): SaidSo(said, name) for said, name in db.execute(query)}


def goals_with_left_open(plan: Plan, *numbers: int) -> tuple[list[Goal], dict[tuple[int, UUID], SaidSo]]:
    """Goals of a plan with their values, in the order they were made, and (step, goal id) -> what the group said of them
    for want of a card; in one query.
    """
    rows = db.execute(
        sa.select(Goal, LeftOpen, Person.name)
        .outerjoin(LeftOpen, sa.and_(LeftOpen.goal_id == Goal.id, LeftOpen.number.in_(numbers)))
        .outerjoin(Person, Person.id == LeftOpen.edited_by_id)
        .where(Goal.plan_id == plan.id)
        .options(joinedload(Goal.values))
        .order_by(Goal.created_at, Goal.id)
    ).unique()
    found = [(goal, said, name) for goal, said, name in rows]
    said_so = {(said.number, goal.id): SaidSo(said, name) for goal, said, name in found if said}
    return list(dict.fromkeys(goal for goal, _said, _name in found)), said_so


def question_of_plan(question_id: UUID) -> tuple[PlanQuestion, Plan]:
    """A question to work on, with its plan; 404 or 403. Raises: Conflict; see check_step and check_running."""
    question = get_or_404(PlanQuestion, question_id)
    return question, plan_at_work(question.plan_id, question.number)


def answer_to(question: PlanQuestion) -> Answer | None:
    return db.scalar(sa.select(Answer).where(Answer.question_id == question.id))


def looks_back_on(plan: Plan) -> date | None:
    """The day on which the group looks back at this way of working; None when it chose none, or for who may not know."""
    if not may_read(plan, LAST):
        return None
    day = db.scalar(
        sa.select(Answer.value)
        .join(PlanQuestion, PlanQuestion.id == Answer.question_id)
        .where(
            PlanQuestion.plan_id == plan.id,
            PlanQuestion.key == LOOKING_BACK,
            PlanQuestion.left_out.is_(False),
            Answer.state == AnswerState.GIVEN,
        )
    )
    return date.fromisoformat(day) if day else None


def group_candidates() -> dict[str, str]:
    """Person id -> name, of the members of this council who can be in a working group, by name."""
    rows = db.execute(
        sa.select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.council_id == db.info["council_id"], Membership.role.in_(WORKING_GROUP))
        .order_by(Person.name, Person.id)
    )
    return {str(person_id): name for person_id, name in rows}


def names_of(people: Iterable[UUID | None]) -> dict[UUID, str]:
    """Person id -> name."""
    wanted = {person for person in people if person}
    if not wanted:
        return {}
    rows = db.execute(sa.select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {person_id: name for person_id, name in rows}  # noqa: C416 - rows are no tuples to the type checker


# --- Values and goals -----------------------------------------------------------------------------------------------


def values_of(plan: Plan, *, with_goals: bool = False) -> list[Value]:
    """Values of a plan that stand on their own, in the order they were made."""
    query = (
        sa.select(Value)
        .where(Value.plan_id == plan.id, Value.merged_into_id.is_(None))
        .order_by(Value.created_at, Value.id)
    )
    return list(db.scalars(query.options(selectinload(Value.goals)) if with_goals else query))


def values_on_offer(plan: Plan, present: Sequence[Value] = ()) -> list[Value]:
    """The values a goal can stand under: once the group has decided, only those it holds on to, and its present ones."""
    chosen, kept = chosen_values(plan), {value.id for value in present}
    every = values_of(plan)
    return [value for value in every if not chosen or value.id in chosen or value.id in kept]


def goals_of(plan: Plan, *, with_values: bool = True) -> list[Goal]:
    """Goals of a plan, in the order they were made."""
    query = sa.select(Goal).where(Goal.plan_id == plan.id).order_by(Goal.created_at, Goal.id)
    return list(db.scalars(query.options(joinedload(Goal.values)) if with_values else query).unique())


def goal_of(plan: Plan, typed: str) -> UUID | None:
    """The goal of this plan with the id that a form sent; None when it named none. Aborts with a 404 for another one."""
    if not typed:
        return None
    found = db.scalars(sa.select(Goal.id).where(Goal.plan_id == plan.id))
    return next((goal_id for goal_id in found if str(goal_id) == typed), None) or abort(404)


def next_open_goal(plan: Plan, number: int, goal_id: UUID) -> UUID | None:
    """The goal, in the order that they were made, after this one about which nothing is said in this step; else the first."""
    filled = sa.select(_UNDER_GOAL[number].c.goal_id)
    left = sa.select(LeftOpen.goal_id).where(
        LeftOpen.plan_id == plan.id, LeftOpen.number == number, LeftOpen.goal_id.is_not(None)
    )
    kept = sa.or_(Goal.id == goal_id, sa.and_(Goal.id.not_in(filled), Goal.id.not_in(left)))
    query = sa.select(Goal.id).where(Goal.plan_id == plan.id, kept).order_by(Goal.created_at, Goal.id)
    found = list(db.scalars(query))
    place = found.index(goal_id)
    return next(iter([*found[place + 1 :], *found[:place]]), None)


def goals_under_values(plan: Plan) -> tuple[list[Goal], list[Value]]:
    """Goals and values of a plan, in the order they were made; every value knows its goals."""
    serving, values = goals_serving(plan), values_of(plan)
    for value in values:
        under = [goal for goal, value_ids in serving if value.id in value_ids]
        set_committed_value(value, "goals", under)
    return [goal for goal, _value_ids in serving], values


def goals_serving(plan: Plan) -> list[tuple[Goal, list[UUID]]]:
    """Goals of a plan, in the order they were made, each with the ids of its values; in one query."""
    served = sa.select(sa.func.array_agg(GoalValue.value_id)).where(GoalValue.goal_id == Goal.id)
    rows = db.execute(
        sa.select(Goal, served.scalar_subquery())
        .where(Goal.plan_id == plan.id)
        .order_by(Goal.created_at, Goal.id)
    )
    return [(goal, value_ids or []) for goal, value_ids in rows]


def goal_with_values(goal_id: UUID) -> Goal:
    """A goal of a plan this member may see, with its values loaded."""
    query = sa.select(Goal).where(Goal.id == goal_id).options(joinedload(Goal.values), joinedload(Goal.plan))
    goal = db.scalars(query).unique().one_or_none() or abort(404)
    readable_plan(goal.plan_id, *STEPS_OF[Goal])
    return goal


def goal_at_work(goal_id: UUID, number: int = GOALS) -> Goal:
    """A goal to work on. Raises: Conflict; see check_step and check_running."""
    goal = goal_with_values(goal_id)
    plan_at_work(goal.plan_id, number)
    return goal


def value_at_work(value_id: UUID) -> Value:
    """A value to work on. Raises: Conflict; see check_step and check_running."""
    value = get_or_404(Value, value_id)
    plan_at_work(value.plan_id, VALUES)
    return value
