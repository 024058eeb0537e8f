"""What goes along of one part of a council's work: its values, a goal, a monitor, its step plan, a workshop."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from workbench.core.db import db
from workbench.core.web import get_or_404
from workbench.evidence.models import Link
from workbench.figures.options import BlockOptions, RelationOptions
from workbench.monitors import format as formats
from workbench.monitors.models import Monitor
from workbench.monitors.operations import format_of
from workbench.showcase import queries
from workbench.showcase.content import (
    PlanContent,
    SharedActivity,
    SharedBlock,
    SharedGoal,
    SharedOption,
    SharedSection,
    SharedSettings,
    SharedStepQuestion,
)
from workbench.showcase.models import TemplateKind
from workbench.vision import queries as plans
from workbench.vision.models import Goal, Plan, PlanQuestion, Value, whole_sentence
from workbench.workshops.models import Activity, Workshop

# Of the settings of an activity: what says how people answer. Not: which block of a monitor it is about.
SETTINGS = ("parts", "most", "dots", "per_option", "per_person", "ask_reason", "shows_at_once")


@dataclass(frozen=True)
class Subject:
    """Something of the acting council that can be shared. `plan` None: it belongs to no plan."""

    kind: TemplateKind
    id: UUID
    plan: Plan | None
    title: str
    thing: Any


def find_subject(kind: TemplateKind, subject_id: UUID) -> Subject:
    """What this member may see of it; else 404 or 403."""
    match kind:
        case TemplateKind.PLAN | TemplateKind.VALUES | TemplateKind.STEPS:
            plan = plans.readable_plan(subject_id)
            titles = {
                TemplateKind.PLAN: plan.title,
                TemplateKind.VALUES: _("Waarden: %(title)s", title=plan.title),
                TemplateKind.STEPS: _("Eigen vragen: %(title)s", title=plan.title),
            }
            return Subject(kind, plan.id, plan, titles[kind], plan)
        case TemplateKind.GOAL:
            goal = plans.goal_with_values(subject_id)
            return Subject(kind, goal.id, goal.plan, goal.whole_sentence[:200], goal)
        case TemplateKind.FORMAT:
            monitor = get_or_404(Monitor, subject_id)
            plan = plans.readable_plan(monitor.plan_id)
            title = monitor.title or _("Monitor: %(title)s", title=plan.title)
            return Subject(kind, monitor.id, plan, title, monitor)
        case TemplateKind.SCRIPT:
            workshop = get_or_404(Workshop, subject_id)
            return Subject(kind, workshop.id, None, workshop.title, workshop)


def content_of(subject: Subject) -> PlanContent:
    """What goes along; see content.py. Empty parts are left empty: the checking page says what is missing."""
    if subject.kind is TemplateKind.SCRIPT:
        return PlanContent(script=_script(subject.thing))
    if subject.plan is None:
        raise TypeError(subject.kind)
    if subject.kind is TemplateKind.STEPS:
        return PlanContent(own_questions=_own_questions(subject.plan))
    whole = queries.content_of(subject.plan, with_answers=subject.kind is TemplateKind.PLAN)
    match subject.kind:
        case TemplateKind.VALUES:
            return PlanContent(values=whole.values)
        case TemplateKind.GOAL:
            return _only(whole, [subject.thing.key])
        case TemplateKind.FORMAT:
            return _format(subject.thing, whole)
    return whole


def _only(whole: PlanContent, keys: Iterable[UUID], values: Iterable[UUID] = ()) -> PlanContent:
    """These goals, with the values they serve and these values, by key."""
    wanted = set(keys)
    goals = tuple(goal for goal in whole.goals if goal.key in wanted)
    served = {key for goal in goals for key in goal.values} | set(values)
    return PlanContent(values=tuple(value for value in whole.values if value.key in served), goals=goals)


def _own_questions(plan: Plan) -> tuple[SharedStepQuestion, ...]:
    rows = queries.own_questions(plan)
    return tuple(
        SharedStepQuestion(
            step=item.number, text=item.text, hint=item.help, example=item.example, kind=item.kind
        )
        for item in rows
        if not item.left_out
    )


def _script(workshop: Workshop) -> tuple[SharedActivity, ...]:
    rows = db.scalars(
        sa.select(Activity).where(Activity.workshop_id == workshop.id).order_by(Activity.position)
    )
    return tuple(
        SharedActivity(
            kind=item.kind,
            title=item.title,
            question=item.question,
            explanation=item.explanation,
            minutes=item.minutes,
            materials=item.materials,
            settings=SharedSettings(
                options=tuple(
                    SharedOption(label=option["label"], counter=option.get("counter", ""))
                    for option in item.settings.get("options") or ()
                ),
                **{name: item.settings[name] for name in SETTINGS if name in item.settings},
            ),
        )
        for item in rows
    )


# --- The format of a monitor ----------------------------------------------------------------------------------------


def _format(monitor: Monitor, whole: PlanContent) -> PlanContent:
    """What readers of the published monitor see, without passages of stories, with the goals and figures it is about."""
    if not monitor.published:
        return PlanContent()
    shown = format_of(monitor, monitor.published)
    keys = _keys_of(monitor.plan_id)
    sections = tuple(
        SharedSection(
            title=section.title,
            value=keys.get(section.value_id) if section.value_id else None,
            blocks=tuple(
                block for item in section.blocks if not item.hidden and (block := _block(item, keys, whole))
            ),
        )
        for section in shown.sections
        if not section.hidden
    )
    blocks = [block for section in sections for block in section.blocks]
    figures = {block.figure for block in blocks}
    goals = {
        goal.key
        for goal in whole.goals
        if goal.key in {block.goal for block in blocks} or figures & {figure.key for figure in goal.figures}
    }
    needed = _only(whole, goals, [section.value for section in sections if section.value])
    known = {value.key for value in needed.values}
    return PlanContent(
        values=needed.values,
        goals=tuple(_as_counted(goal) for goal in needed.goals),
        sections=tuple(
            section if section.value in known else section.model_copy(update={"value": None})
            for section in sections
            if section.blocks
        ),
    )


def _as_counted(goal: SharedGoal) -> SharedGoal:
    """A goal with what a monitor shows of it: how it is noticed."""
    return goal.model_copy(update={"needs": (), "moments": ()})


def _keys_of(plan_id: UUID) -> dict[UUID, UUID]:
    """Id of a row -> key of its card: the values, goals and figures of a plan; in one query."""
    rows = db.execute(
        sa.union_all(
            sa.select(Value.id, Value.key).where(Value.plan_id == plan_id),
            sa.select(Goal.id, Goal.key).where(Goal.plan_id == plan_id),
            sa.select(Link.id, Link.key).join(Goal, Goal.id == Link.goal_id).where(Goal.plan_id == plan_id),
        )
    )
    return {id_: key for id_, key in rows}  # noqa: C416 - rows are no tuples to the type checker


def _block(block: formats.AnyBlock, keys: dict[UUID, UUID], whole: PlanContent) -> SharedBlock | None:
    """None: it stays at home, or what it is about does."""
    if isinstance(block, formats.TOLD):
        return None
    goal = keys.get(block.goal_id) if isinstance(block, formats.GoalHead | formats.Money) else None
    figure = keys.get(block.link_id) if isinstance(block, formats.DRAWN) else None
    if isinstance(block, formats.GoalHead | formats.Money) and not (goal and whole.goal(goal)):
        return None
    if isinstance(block, formats.DRAWN) and not (figure and whole.figure(figure)):
        return None
    return SharedBlock(
        kind=block.kind,
        goal=goal,
        figure=figure,
        view=_view(block.view) if isinstance(block, formats.Figure) else None,
        text=block.text if isinstance(block, formats.Text | formats.Question) else "",
    )


def _view(view: BlockOptions) -> BlockOptions:
    """Without the row of the second figure: the plan that takes this over has rows of its own."""
    return RelationOptions() if isinstance(view, RelationOptions) else view


# --- Choosing a part ------------------------------------------------------------------------------------------------


def parts_of(plan: Plan) -> list[tuple[TemplateKind, UUID, str]]:
    """(kind, id, title) of what of a plan can be shared apart: values, its step plan, monitors, goals; in one query."""
    place = sa.func.row_number().over(order_by=[Goal.created_at, Goal.id]).label("place")
    rows = db.execute(
        sa.union_all(
            sa.select(sa.literal("goal"), Goal.id, Goal.sentence, place).where(Goal.plan_id == plan.id),
            sa.select(sa.literal("format"), Monitor.id, Monitor.title, sa.literal(0)).where(
                Monitor.plan_id == plan.id, Monitor.published.is_not(None)
            ),
            sa.select(sa.literal("steps"), sa.literal(plan.id), sa.literal(""), sa.literal(0)).where(
                sa.exists().where(*_is_own_question(plan))
            ),
        ).order_by("place")
    )
    found = [(TemplateKind(kind), id_, title) for kind, id_, title, _place in rows]
    return [
        (TemplateKind.VALUES, plan.id, _("Alleen de waarden")),
        *(
            (kind, id_, _("De eigen vragen bij de stappen"))
            for kind, id_, title in found
            if kind is TemplateKind.STEPS
        ),
        *(
            (kind, id_, title or _("Monitor: %(title)s", title=plan.title))
            for kind, id_, title in found
            if kind is TemplateKind.FORMAT
        ),
        *((kind, id_, whole_sentence(title)) for kind, id_, title in found if kind is TemplateKind.GOAL),
    ]


def _is_own_question(plan: Plan) -> tuple[sa.ColumnElement[bool], ...]:
    return (PlanQuestion.plan_id == plan.id, PlanQuestion.key.is_(None), PlanQuestion.left_out.is_(False))
