"""What a working group does with its plan: answers, steps, values and goals."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import Insert, insert

from workbench.core import audit
from workbench.core.cards import revisions, save_card, typed
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.jobs import Job, enqueue
from workbench.vision.choosing.models import ValueDecision
from workbench.vision.models import (
    MARKS,
    Answer,
    Goal,
    LeftOpen,
    Plan,
    PlanQuestion,
    PlanStatus,
    PlanStep,
    Step,
    StepQuestion,
    StepSkip,
    Value,
)
from workbench.vision.steps import (
    GOALS,
    NEVER_SKIPPED,
    PIECE_NAMES,
    STAYS_IN_FRONT,
    VALUES,
    AnswerState,
    moved,
    out_of_order,
)


def start_plan(by: UUID | None, *, title: str, like: Plan | None = None, **answers: Any) -> Plan:
    """Begin a plan, with its own copy of the steps and questions; `answers` by the key of their question.

    `like`: another plan of this council, of which it takes over names, order and questions, and no answer.
    """
    plan = Plan()
    db.add(plan)
    save_card(plan, {"title": title}, by=by)
    db.flush()
    if like:
        _copy_plan(like, plan)
    copy_questions(plan)
    if answers:
        questions = {
            item.key: item
            for item in db.scalars(sa.select(PlanQuestion).where(PlanQuestion.plan_id == plan.id))
        }
        for key, value in answers.items():
            save_answer(questions[key], AnswerState.GIVEN, value, by)
    return plan


def copy_questions(plan: Plan) -> None:
    """Give a plan its own copy of the steps and questions, once. What it has already keeps its answers."""
    if plan.copied_at:
        return
    steps = _copy(PlanStep, Step, plan, ["number", "title", "minutes"], position=Step.number)
    db.execute(steps.on_conflict_do_nothing())
    columns = ["number", "key", "position", "text", "help", "example", "kind", "choices", "required"]
    copied = _copy(PlanQuestion, StepQuestion, plan, columns, left_out=sa.false())
    fresh = {name: copied.excluded[name] for name in columns if name != "key"}
    db.execute(copied.on_conflict_do_update(index_elements=["plan_id", "key"], set_=fresh))
    plan.copied_at = datetime.now(UTC)
    db.flush()
    db.expire(plan, ["steps"])


def _copy_plan(like: Plan, plan: Plan) -> None:
    columns = [
        "number",
        "key",
        "position",
        "text",
        "help",
        "example",
        "kind",
        "choices",
        "required",
        "left_out",
    ]
    steps = ["number", "title", "minutes", "position"]
    for model, names in ((PlanStep, steps), (PlanQuestion, columns)):
        db.execute(_copy(model, model, plan, names, of=model.plan_id == like.id))
    plan.copied_at = datetime.now(UTC)
    db.expire(plan, ["steps"])


def _copy(
    own: type[Any], content: type[Any], plan: Plan, columns: list[str], of: Any = None, **more: Any
) -> Insert:
    """An insert of all rows of a content table (or those that `of` names) into the plan's own."""
    owned = {"id": sa.func.gen_random_uuid(), "plan_id": sa.literal(plan.id), **more}
    rows = sa.select(*owned.values(), *(getattr(content, name) for name in columns))
    if of is not None:
        rows = rows.where(of)
    return insert(own).from_select([*owned, *columns], rows)


def save_answer(
    question: PlanQuestion, state: AnswerState, value: Any, by: UUID | None, base_version: int | None = None
) -> Answer:
    """Keep an answer, or that the group does not know or will look at it later. Raises: EditConflict."""
    db.refresh(
        question, attribute_names=["position"], with_for_update=True
    )  # two first answers at once: one waits
    answer = db.scalar(sa.select(Answer).where(Answer.question_id == question.id))
    if answer is None:
        answer = Answer(question_id=question.id)
        db.add(answer)
        base_version = None
    save_card(answer, {"state": state, "value": value}, by=by, base_version=base_version)
    return answer


def leave_open(
    plan: Plan, number: int, state: AnswerState, by: UUID | None, goal_id: UUID | None = None
) -> LeftOpen:
    """Keep that the group does not know what to put in a step with cards, or under a goal in it; or will look later."""
    db.refresh(plan, attribute_names=["status"], with_for_update=True)  # two people at once: one waits
    found = left_open(plan.id, number, goal_id)
    if found is None:
        found = LeftOpen(plan_id=plan.id, number=number, goal_id=goal_id)
        db.add(found)
    found.state, found.edited_by_id = state, by
    db.flush()
    audit.record(f"left_open_{state}", found, step=_shown(plan.id, number))
    return found


def take_up(plan_id: UUID, number: int, goal_id: UUID | None = None) -> None:
    """Forget that it was left open: there is a card now, or the group takes it back."""
    if found := left_open(plan_id, number, goal_id):
        audit.record("left_open_taken_up", found, step=_shown(plan_id, number))
        db.delete(found)


def left_open(plan_id: UUID, number: int, goal_id: UUID | None = None) -> LeftOpen | None:
    return db.scalar(
        sa.select(LeftOpen).where(
            LeftOpen.plan_id == plan_id,
            LeftOpen.number == number,
            LeftOpen.goal_id.is_not_distinct_from(goal_id),
        )
    )


def finish_step(step: PlanStep, unanswered: list[str], by: UUID | None) -> None:
    """Raises: Conflict when a question that must be answered is still open; it names them."""
    if step.finished_at:
        raise Conflict(_("Deze stap is al afgerond."))
    if unanswered:
        raise Conflict(_("Nog niet beantwoord: %(questions)s", questions=" ".join(unanswered)))
    step.finished_at, step.finished_by_id = datetime.now(UTC), by
    audit.record("step_finished", step, step=step.position)


def resume_step(step: PlanStep) -> None:
    """Raises: Conflict when the step was not finished."""
    if not step.finished_at:
        raise Conflict(_("Deze stap was niet afgerond."))
    step.finished_at = step.finished_by_id = None
    audit.record("step_resumed", step, step=step.position)


def skip_step(plan: Plan, number: int, reason: str, by: UUID | None) -> StepSkip:
    """Raises: Conflict for a step that the others stand on, and for one that was skipped already."""
    if number in NEVER_SKIPPED:
        raise Conflict(
            _(
                "Deze stap kunt u niet overslaan: zonder opdracht, waarden, doelen en besluit is er geen monitor."
            )
        )
    db.refresh(plan, attribute_names=["status"], with_for_update=True)  # two people at once: one waits
    if standing_skip(plan, number):
        raise Conflict(_("Deze stap is al overgeslagen."))
    skip = StepSkip(plan_id=plan.id, number=number, reason=reason, skipped_by_id=by)
    db.add(skip)
    audit.record("step_skipped", skip, step=_shown(plan.id, number))
    return skip


def undo_skip(plan: Plan, number: int, by: UUID | None) -> None:
    """Raises: Conflict when the step was not skipped."""
    skip = standing_skip(plan, number)
    if skip is None:
        raise Conflict(_("Deze stap was niet overgeslagen."))
    skip.undone_at, skip.undone_by_id = datetime.now(UTC), by
    audit.record("step_skip_undone", skip, step=_shown(plan.id, number))


def _shown(plan_id: UUID, number: int) -> int | None:
    """The number of a step as people see it in this plan."""
    return db.scalar(
        sa.select(PlanStep.position).where(PlanStep.plan_id == plan_id, PlanStep.number == number)
    )


def move_step(plan: Plan, number: int, place: int) -> None:
    """Put a step at another place of its piece. Raises: Conflict, with the reason why it cannot stand there."""
    db.refresh(plan, attribute_names=["status"], with_for_update=True)  # two people at once: one waits
    db.refresh(plan, attribute_names=["steps"])
    own = {step.number: step for step in plan.steps}
    pieces = {step.number: step.piece for step in db.scalars(sa.select(Step))}
    order = moved(list(own), pieces, number, place)
    if order is None:
        raise Conflict(
            _(
                "Een stap blijft bij zijn puzzelstuk, %(piece)s. Plek %(place)s is van een ander.",
                piece=PIECE_NAMES[pieces[number]],
                place=place,
            )
        )
    if (wrong := out_of_order(order)) is not None:
        raise Conflict(str(STAYS_IN_FRONT[wrong]))
    for position, moved_number in enumerate(order):
        own[moved_number].position = position
    audit.record("step_moved", own[number], step=own[number].position)
    db.flush()
    db.expire(plan, ["steps"])


def standing_skip(plan: Plan, number: int) -> StepSkip | None:
    return db.scalar(
        sa.select(StepSkip).where(
            StepSkip.plan_id == plan.id, StepSkip.number == number, StepSkip.undone_at.is_(None)
        )
    )


def put_first(plan: Plan) -> None:
    """Let this plan stand on the home page and feed the monitor in the menu. Raises: Conflict for an archived one."""
    if plan.status is PlanStatus.ARCHIVED:
        raise Conflict(_("Dit traject is gearchiveerd. Open het eerst weer."))
    plan.put_first_at = datetime.now(UTC)
    audit.record("plan_put_first", plan)


def set_status(plan: Plan, status: PlanStatus) -> None:
    """Raises: Conflict when it is that already."""
    if plan.status is status:
        raise Conflict(_("Dit traject staat al op “%(status)s”.", status=plan.status_name))
    plan.status = status
    audit.record(f"plan_{status}", plan)


def add_question(plan: Plan, number: int, content: dict[str, Any]) -> PlanQuestion:
    """A question of the council's own, at the end of a step."""
    last = db.scalar(
        sa.select(sa.func.max(PlanQuestion.position)).where(
            PlanQuestion.plan_id == plan.id, PlanQuestion.number == number
        )
    )
    question = PlanQuestion(
        plan_id=plan.id, number=number, position=0 if last is None else last + 1, choices=[], required=False
    )
    for name, value in content.items():
        setattr(question, name, value)
    db.add(question)
    audit.record("question_added", question, step=_shown(plan.id, number))
    return question


def move_question(question: PlanQuestion, place: int) -> None:
    """Put a question at this place of its step, counted from 1; beyond the ends is at the end."""
    others = list(
        db.scalars(
            sa.select(PlanQuestion)
            .where(PlanQuestion.plan_id == question.plan_id, PlanQuestion.number == question.number)
            .order_by(PlanQuestion.position, PlanQuestion.id)
            .with_for_update()
        )
    )
    others.remove(question)
    others.insert(min(max(place - 1, 0), len(others)), question)
    for position, item in enumerate(others):
        item.position = position
    audit.record("question_moved", question, step=_shown(question.plan_id, question.number))


def leave_out(question: PlanQuestion) -> None:
    """Raises: Conflict for a question that every plan must answer."""
    if question.required:
        raise Conflict(
            _("Deze vraag hoort bij elk traject. Weet u het antwoord niet, zeg dat dan bij de vraag.")
        )
    question.left_out = True
    audit.record("question_left_out", question, step=_shown(question.plan_id, question.number))


def take_back(question: PlanQuestion) -> None:
    question.left_out = False
    audit.record("question_taken_back", question, step=_shown(question.plan_id, question.number))


def put_back(card: Any, number: int, by: UUID | None, stays: Collection[str] = ()) -> None:
    """Make an earlier revision the present text again, as a new revision. Raises: Conflict.

    `stays`: what is not part of the text that people put back, and keeps its present value.
    """
    db.refresh(card, attribute_names=["version"], with_for_update=True)  # somebody may be typing in it
    kept = next((item for item in revisions(card) if item.number == number), None)
    if kept is None:
        raise Conflict(_("Die versie is er niet."))
    content = {name: value for name, value in typed(card, kept.content).items() if name not in stays}
    if isinstance(card, Goal):
        content["values"] = list(db.scalars(sa.select(Value).where(Value.id.in_(content["values"]))))
        if not content["values"]:
            raise Conflict(_("De waarden van toen zijn er niet meer. Kies in het doel zelf een waarde."))
    if isinstance(card, ValueDecision):
        there = sa.select(Value.id).where(Value.id.in_(content["chosen"]), Value.merged_into_id.is_(None))
        if len(db.scalars(there).all()) < len(content["chosen"]):
            raise Conflict(
                _("Een van de waarden van toen is er niet meer. Kies opnieuw in het besluit zelf.")
            )
    save_card(card, content, by=by, new_sitting=True)
    enqueue(Job.BUILD_BLOCKS)  # a figure may show what was put back, or move to the section of another value


def add_value(plan: Plan, by: UUID | None, **content: Any) -> Value:
    """State a value. It gets the shape and colour that is used least in this plan."""
    used = list(db.scalars(sa.select(Value.mark).where(Value.plan_id == plan.id)))
    value = Value(plan_id=plan.id, mark=min(range(MARKS), key=lambda mark: (used.count(mark), mark)))
    db.add(value)
    save_card(value, content, by=by)
    take_up(plan.id, VALUES)
    return value


def remove_value(value: Value) -> None:
    """Raises: Conflict when a goal stands under this value alone."""
    lonely = db.scalars(sa.select(Goal).where(Goal.values.any(Value.id == value.id))).unique().all()
    for goal in lonely:
        db.refresh(goal, attribute_names=["values"])
        if len(goal.values) == 1:
            raise Conflict(
                _(
                    "Onder deze waarde staat nog een doel. Geef dat doel eerst een andere waarde, of verwijder het."
                )
            )
    chosen = db.scalar(sa.select(ValueDecision.chosen).where(ValueDecision.plan_id == value.plan_id))
    if chosen and value.id in chosen:
        raise Conflict(_("De groep koos deze waarde. Verander eerst dat besluit."))
    audit.record("value_removed", value)
    db.delete(value)


def add_goal(plan: Plan, by: UUID | None, *, values: list[Value], **content: Any) -> Goal:
    """Set a goal under one or more values of the same plan. Raises: Conflict without a value."""
    if not values or any(value.plan_id != plan.id for value in values):
        raise Conflict(_("Een doel hoort bij minstens één waarde van dit traject."))
    goal = Goal(plan_id=plan.id)
    db.add(goal)
    save_card(goal, {**content, "values": values}, by=by)
    take_up(plan.id, GOALS)
    return goal


def change_goal(goal: Goal, by: UUID | None, base_version: int, **content: Any) -> None:
    """Raises: EditConflict, or Conflict without a value."""
    if not content["values"]:
        raise Conflict(_("Een doel hoort bij minstens één waarde van dit traject."))
    save_card(goal, content, by=by, base_version=base_version)
    enqueue(Job.BUILD_BLOCKS)  # its figures may move to the section of another value


def remove_goal(goal: Goal) -> None:
    audit.record("goal_removed", goal)
    db.delete(goal)
