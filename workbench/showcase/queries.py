"""Reading what is shared, what would be shared of a plan, and what a copied plan still has to talk about."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from flask import has_request_context
from flask_login import current_user

from workbench.accounts.models import Council
from workbench.core.db import db
from workbench.evidence.asking.models import DataRequest, InformationQuestion
from workbench.evidence.follow_up.models import Need, Steering
from workbench.evidence.models import Link
from workbench.evidence.queries import in_view_by_goal
from workbench.evidence.telling.models import StoryLink
from workbench.knowledge.models import Instrument, Law, Moment
from workbench.monitors.models import Monitor
from workbench.showcase.adopters.models import TemplateUse
from workbench.showcase.circles.models import Circle
from workbench.showcase.content import (
    SHARED_ANSWERS,
    PlanContent,
    SharedAnswer,
    SharedCard,
    SharedFigure,
    SharedGoal,
    SharedMoment,
    SharedNeed,
    SharedQuestion,
    SharedReading,
    SharedStories,
    SharedValue,
)
from workbench.showcase.models import Adoption, SharedTemplate, TemplateKind
from workbench.stories.models import StorySource
from workbench.vision.choosing.models import ValueDecision
from workbench.vision.models import Answer, Goal, Plan, PlanQuestion, Step, StepQuestion, Value
from workbench.vision.queries import goals_serving, said
from workbench.workshops.models import Workshop

Part = TypeVar("Part", bound=SharedCard)

# --- What everyone may read -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A template that this reader may read now, and by whom it is shared."""

    template: SharedTemplate
    council: str
    content: PlanContent


def know_reader() -> None:
    """Let PostgreSQL know who reads, also on a page for everyone, where nobody asked yet who is here."""
    if has_request_context():
        current_user._get_current_object()


def is_open() -> sa.ColumnElement[bool]:
    """PostgreSQL shows what others open to us. Of our own we also see what was revoked or is not open today."""
    today = sa.literal_column("(now() AT TIME ZONE 'Europe/Amsterdam')::date", sa.Date)
    return sa.and_(
        SharedTemplate.revoked_at.is_(None),
        SharedTemplate.visible_from <= today,
        sa.or_(SharedTemplate.visible_until.is_(None), SharedTemplate.visible_until >= today),
    )


def _shown() -> sa.Select[SharedTemplate, str]:
    return (
        sa.select(SharedTemplate, Council.name)
        .join(Council, Council.id == SharedTemplate.council_id)
        .where(is_open())
        .order_by(SharedTemplate.shared_at.desc(), SharedTemplate.id)
    )


def shown(most: int = 100) -> list[Shown]:
    """What is shared now, the newest first."""
    know_reader()
    return [_read(*row) for row in db.execute(_shown().limit(most))]


def find_shown(template_id: UUID) -> Shown | None:
    know_reader()
    row = db.execute(_shown().where(SharedTemplate.id == template_id)).one_or_none()
    return _read(*row) if row else None


def _read(template: SharedTemplate, council: str) -> Shown:
    return Shown(template, council, PlanContent.model_validate(template.content))


def example() -> tuple[UUID, str] | None:
    """(id, council) of the newest fictitious plan that everyone may read, to look at before anything else."""
    for_all = (SharedTemplate.kind == TemplateKind.PLAN, SharedTemplate.circle == Circle.PUBLIC)
    found = db.execute(_shown().where(SharedTemplate.fictitious, *for_all).limit(1)).one_or_none()
    return (found[0].id, found[1]) if found else None


@dataclass(frozen=True)
class Names:
    """What slugs, keys and numbers in a content are called: laws, moments, instruments, questions, steps."""

    laws: dict[str, str]
    moments: dict[str, str]
    instruments: dict[str, str]
    questions: dict[str, str]
    steps: dict[int, str]


def names_in(content: PlanContent) -> Names:
    """In one query."""
    wanted: dict[str, set[str]] = {
        "laws": {slug for goal in content.goals for slug in goal.laws},
        "moments": {item.moment for goal in content.goals for item in goal.moments},
        "instruments": {item.instrument for goal in content.goals for item in goal.moments},
        "questions": {answer.question for answer in content.answers},
        "steps": {str(question.step) for question in content.own_questions},
    }
    columns = {
        "laws": (Law.slug, Law.name),
        "moments": (Moment.slug, Moment.name),
        "instruments": (Instrument.slug, Instrument.name),
        "questions": (StepQuestion.key, StepQuestion.text),
        "steps": (sa.cast(Step.number, sa.Text), Step.title),
    }
    found: dict[str, dict[Any, str]] = {kind: {} for kind in columns}
    parts = [
        sa.select(sa.literal(kind), slug, name).where(slug.in_(wanted[kind]))
        for kind, (slug, name) in columns.items()
    ]
    for kind, slug, name in db.execute(sa.union_all(*parts)):
        key = int(slug) if kind == "steps" else slug
        found[kind][key] = said(name) if kind in ("questions", "steps") else name
    return Names(**found)


# --- What would go along --------------------------------------------------------------------------------------------


def find_template(kind: TemplateKind, subject_id: UUID) -> SharedTemplate | None:
    """The acting council's own template of this, also when it was revoked."""
    return db.scalar(
        _own_templates().where(SharedTemplate.kind == kind, SharedTemplate.subject_id == subject_id)
    )


def template_of(plan: Plan) -> SharedTemplate | None:
    """Of the whole plan; see find_template."""
    return find_template(TemplateKind.PLAN, plan.id)


def own_templates() -> list[SharedTemplate]:
    """All that the acting council shares or shared, the newest first."""
    return list(db.scalars(_own_templates().order_by(SharedTemplate.shared_at.desc(), SharedTemplate.id)))


def own_template(template_id: UUID) -> SharedTemplate | None:
    return db.scalar(_own_templates().where(SharedTemplate.id == template_id))


def _own_templates() -> sa.Select[SharedTemplate]:
    return sa.select(SharedTemplate).where(SharedTemplate.council_id == db.info["council_id"])


def used_by(template_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Template id -> how many councils copied it."""
    rows = db.execute(
        sa.select(TemplateUse.template_id, sa.func.count())
        .where(TemplateUse.template_id.in_(list(template_ids)))
        .group_by(TemplateUse.template_id)
    )
    return {template_id: councils for template_id, councils in rows}  # noqa: C416 - rows are no tuples to the type checker


def _part(kind: type[Part], card: Any, /, **other: Any) -> Part:
    """The fields that this kind names, of this card, unless they are given."""
    own = {name: getattr(card, name) for name in kind.model_fields if name not in other}
    return kind(**own, **other)


def content_of(plan: Plan, *, with_answers: bool = True) -> PlanContent:
    """What goes along of a plan; see content.py."""
    goals = goals_serving(plan)
    values = _values(plan, {value_id for _goal, value_ids in goals for value_id in value_ids})
    keys = {value.id: value.key for value in values}
    figures = in_view_by_goal(plan)
    under = _under_goals(plan)
    return PlanContent(
        values=tuple(_part(SharedValue, value) for value in values),
        goals=tuple(
            _part(
                SharedGoal,
                goal,
                values=tuple(key for value_id, key in keys.items() if value_id in value_ids),
                laws=tuple(goal.laws),
                figures=tuple(_figure(link) for link in figures.get(goal.id, [])),
                **under[goal.id],
            )
            for goal, value_ids in goals
        ),
        answers=_answers(plan) if with_answers else (),
    )


def _values(plan: Plan, serving: Iterable[UUID]) -> list[Value]:
    """Once the group decided: the values that it holds on to, and those under which a goal stands. Before: all."""
    rows = db.execute(
        sa.select(Value, ValueDecision.chosen)
        .outerjoin(ValueDecision, ValueDecision.plan_id == Value.plan_id)
        .where(Value.plan_id == plan.id, Value.merged_into_id.is_(None))
        .order_by(Value.created_at, Value.id)
    )
    return [value for value, chosen in rows if not chosen or value.id in {*chosen, *serving}]


def _figure(link: Link) -> SharedFigure:
    return _part(
        SharedFigure,
        link,
        indicator=link.indicator.slug if link.indicator else None,
        name=link.subject.name,
        reading=_part(SharedReading, link.measuring) if link.measuring else None,
    )


def _under_goals(plan: Plan) -> dict[UUID, dict[str, tuple[Any, ...]]]:
    """Goal id -> what stands under it beside figures, in the order it was made; in one query."""
    models = (Need, InformationQuestion, StoryLink, Steering)
    every = sa.union_all(*(sa.select(model.id, model.goal_id, model.created_at) for model in models))
    under = every.subquery()
    rows = db.execute(
        sa.select(under.c.goal_id, Need, InformationQuestion, StoryLink, StorySource.kind, Steering)
        .join(Goal, Goal.id == under.c.goal_id)
        .outerjoin(Need, Need.id == under.c.id)
        .outerjoin(InformationQuestion, InformationQuestion.id == under.c.id)
        .outerjoin(StoryLink, StoryLink.id == under.c.id)
        .outerjoin(StorySource, StorySource.id == StoryLink.story_source_id)
        .outerjoin(Steering, Steering.id == under.c.id)
        .where(Goal.plan_id == plan.id)
        .order_by(under.c.created_at, under.c.id)
    )
    found: dict[UUID, dict[str, tuple[Any, ...]]] = defaultdict(
        lambda: {"needs": (), "questions": (), "stories": (), "moments": ()}
    )
    for goal_id, need, question, stories, kind, steering in rows:
        parts = found[goal_id]
        if need:
            parts["needs"] += (_part(SharedNeed, need),)
        elif question:
            parts["questions"] += (_part(SharedQuestion, question),)
        elif stories:
            parts["stories"] += (_part(SharedStories, stories, kind=kind),)
        elif steering:
            parts["moments"] += (_part(SharedMoment, steering),)
    return found


def _answers(plan: Plan) -> tuple[SharedAnswer, ...]:
    rows = db.execute(
        sa.select(PlanQuestion.key, Answer)
        .join(Answer, Answer.question_id == PlanQuestion.id)
        .where(
            PlanQuestion.plan_id == plan.id,
            PlanQuestion.left_out.is_(False),
            PlanQuestion.key.in_(SHARED_ANSWERS),
        )
        .order_by(PlanQuestion.number, PlanQuestion.position)
    )
    return tuple(SharedAnswer(question=key, text=answer.value) for key, answer in rows if answer.is_given)


def fingerprint(content: PlanContent) -> str:
    """Tells whether what was looked at is what is shared."""
    return hashlib.sha256(json.dumps(content.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()


# --- A plan that began as a copy ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Example:
    """A copy in a plan. `newest`: the number of the template as it is shared now; None: it is not shared (any more)."""

    adoption: Adoption
    newest: int | None

    @property
    def is_renewed(self) -> bool:
        return self.newest is not None and self.newest > self.adoption.template_number

    @property
    def content(self) -> PlanContent:
        return PlanContent.model_validate(self.adoption.content)


def examples_of(plan: Plan) -> list[Example]:
    """What lies ready in a plan, the first copy first."""
    rows = db.execute(
        sa.select(Adoption, SharedTemplate.number)
        .outerjoin(
            SharedTemplate,
            sa.and_(SharedTemplate.id == Adoption.template_id, SharedTemplate.revoked_at.is_(None)),
        )
        .where(Adoption.plan_id == plan.id)
        .order_by(Adoption.copied_at, Adoption.id)
    )
    return [Example(adoption, number) for adoption, number in rows]


def example_of(plan: Plan, adoption_id: UUID) -> Example | None:
    return next((item for item in examples_of(plan) if item.adoption.id == adoption_id), None)


def adoption_of(plan: Plan) -> Adoption | None:
    """The first copy in a plan."""
    return next((example.adoption for example in examples_of(plan)), None)


@dataclass(frozen=True)
class Copy:
    """A copy of a template in a plan, or a script that became a workshop."""

    adoption: Adoption
    title: str


def _copies() -> sa.Select[Adoption, str]:
    return (
        sa.select(Adoption, sa.func.coalesce(Plan.title, Workshop.title))
        .outerjoin(Plan, Plan.id == Adoption.plan_id)
        .outerjoin(Workshop, Workshop.id == Adoption.workshop_id)
        .order_by(Adoption.copied_at.desc(), Adoption.id)
    )


def earlier_copies(template_id: UUID) -> list[Copy]:
    """Where this council has a copy of this template, the newest copy first."""
    return [Copy(*row) for row in db.execute(_copies().where(Adoption.template_id == template_id))]


def find_copy(adoption_id: UUID) -> Copy | None:
    row = db.execute(_copies().where(Adoption.id == adoption_id)).one_or_none()
    return Copy(*row) if row else None


def script_origin(workshop_id: UUID) -> Adoption | None:
    """Of what the script of this workshop is a copy."""
    return db.scalar(sa.select(Adoption).where(Adoption.workshop_id == workshop_id))


def subjects_here(templates: Iterable[SharedTemplate]) -> set[UUID]:
    """Of these own templates: the ids of what they are of, as far as that is (still) here. A template that came in a
    package is of nothing here.
    """
    wanted = [template.subject_id for template in templates]
    models = (Plan, Goal, Monitor, Workshop)
    return set(
        db.scalars(sa.union_all(*(sa.select(model.id).where(model.id.in_(wanted)) for model in models)))
    )


def own_questions(plan: Plan) -> list[PlanQuestion]:
    """The questions that the council added to the steps of a plan itself, also those it left out again."""
    rows = db.scalars(
        sa.select(PlanQuestion)
        .where(PlanQuestion.plan_id == plan.id, PlanQuestion.key.is_(None))
        .order_by(PlanQuestion.number, PlanQuestion.position)
    )
    return list(rows)


def taken_over(plan: Plan) -> dict[UUID, UUID]:
    """Key of a card of the example -> id of the plan's own card that came from it."""
    of_plan = [
        sa.select(model.origin_key, model.id).where(model.plan_id == plan.id, model.origin_key.is_not(None))
        for model in (Value, Goal)
    ]
    under_goals = [
        sa.select(model.origin_key, model.id)
        .join(Goal, Goal.id == model.goal_id)
        .where(Goal.plan_id == plan.id, model.origin_key.is_not(None))
        for model in (Need, InformationQuestion, Link, StoryLink, DataRequest, Steering)
    ]
    rows = db.execute(sa.union_all(*of_plan, *under_goals))
    return {key: card_id for key, card_id in rows if key}
