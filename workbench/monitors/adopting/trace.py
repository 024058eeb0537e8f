"""The trace of a plan: from goal to link, figure, question, answer and decision, through the adopted versions."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import g
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload

from workbench.accounts.models import Membership
from workbench.core.cards import CardRevision
from workbench.core.db import db
from workbench.evidence.models import Link
from workbench.indicators.models import Indicator
from workbench.monitors.adopting.document import Part
from workbench.monitors.adopting.models import AdoptedPart, AdoptedVersion
from workbench.monitors.adopting.queries import adopted as adopted_of
from workbench.monitors.conversation.models import FigureQuestion
from workbench.monitors.conversation.queries import readable
from workbench.monitors.conversation.states import State
from workbench.monitors.models import BlockDocument
from workbench.vision.models import Goal, Plan, Value
from workbench.vision.queries import goals_serving, values_of
from workbench.vision.steps import EVIDENCE


@dataclass(frozen=True)
class Made:
    """When a card was made, and by somebody in which role; no role: the workbench, or somebody who left."""

    at: datetime
    role: str = ""


@dataclass(frozen=True)
class FigureTrace:
    """A figure under a goal. `link` None: it was taken away, and an adopted version still tells of it."""

    name: str
    reason: str
    source: str
    link: Link | None = None
    made: Made | None = None
    fetched_at: datetime | None = None
    editions: tuple[str, ...] = ()  # the versions that it stands in
    questions: tuple[FigureQuestion, ...] = ()

    @property
    def rests_until(self) -> Any:
        return self.link.rests_until if self.link else None


@dataclass
class GoalTrace:
    """`goal` None: it is gone from the plan, and an adopted version still tells of it."""

    id: UUID
    sentence: str
    goal: Goal | None = None
    values: list[Value] = field(default_factory=list)
    made: Made | None = None
    editions: tuple[str, ...] = ()
    figures: list[FigureTrace] = field(default_factory=list)
    questions: tuple[FigureQuestion, ...] = ()


@dataclass(frozen=True)
class Trace:
    versions: list[AdoptedVersion]
    goals: list[GoalTrace]
    sees_figures: bool


def trace_of(plan: Plan) -> Trace:
    """What the member of this request may see of it, in a fixed number of queries."""
    sees_figures = plan.may_be_read_by(g.membership, EVIDENCE)
    values = {value.id: value for value in values_of(plan)}
    goals = goals_serving(plan)
    links = _links(plan) if sees_figures else []
    versions = adopted_of(plan.id).versions
    adopted = _adopted(versions, [goal.id for goal, _ids in goals] + [link.id for link, _at in links])
    made = _made([goal.key for goal, _ids in goals] + [link.key for link, _at in links])
    asked = _asked(plan)
    found = {
        goal.id: GoalTrace(
            goal.id,
            goal.whole_sentence,
            goal,
            [values[value_id] for value_id in ids if value_id in values],
            made.get(goal.key),
            adopted.editions(goal.id),
            questions=tuple(asked[goal.id]),
        )
        for goal, ids in goals
    }
    for link, fetched_at in links:
        found[link.goal_id].figures.append(
            FigureTrace(
                link.subject.name,
                link.reason,
                _source(link),
                link,
                made.get(link.key),
                fetched_at,
                adopted.editions(link.id),
                tuple(asked[link.id]),
            )
        )
    _add_gone(found, adopted, sees_figures=sees_figures)
    return Trace(versions, list(found.values()), sees_figures)


def _links(plan: Plan) -> list[tuple[Link, datetime | None]]:
    """With the day on which the figures that the monitor shows were fetched."""
    fetched = (
        sa.select(sa.func.max(BlockDocument.data_fetched_at))
        .where(BlockDocument.link_id == Link.id)
        .scalar_subquery()
    )
    rows = db.execute(
        sa.select(Link, fetched)
        .join(Goal, Goal.id == Link.goal_id)
        .options(joinedload(Link.indicator).joinedload(Indicator.series), joinedload(Link.own_indicator))
        .where(Goal.plan_id == plan.id)
        .order_by(Link.created_at, Link.id)
    ).unique()
    return [(link, moment) for link, moment in rows]


def _source(link: Link) -> str:
    if link.own_indicator:
        return link.own_indicator.source or str(_("eigen cijfer van de gemeente"))
    if link.indicator and link.indicator.series:
        newest = link.indicator.series[-1]
        return f"{newest.source_name}, {_('tabel %(table)s', table=newest.table)}"
    return str(_("nog niet gekoppeld"))


def _made(keys: list[UUID]) -> dict[UUID, Made]:
    rows = db.execute(
        sa.select(CardRevision.card_key, CardRevision.started_at, Membership)
        .outerjoin(
            Membership,
            sa.and_(
                Membership.person_id == CardRevision.edited_by_id,
                Membership.council_id == CardRevision.council_id,
            ),
        )
        .where(CardRevision.number == 1, CardRevision.card_key.in_(keys))
    )
    return {key: Made(at, member.role_name if member else "") for key, at, member in rows}


def _asked(plan: Plan) -> dict[UUID, list[FigureQuestion]]:
    """Link or goal -> what was asked and said about it, the oldest first."""
    found: dict[UUID, list[FigureQuestion]] = defaultdict(list)
    for question in db.scalars(
        sa.select(FigureQuestion)
        .options(selectinload(FigureQuestion.steps))
        .where(
            FigureQuestion.plan_id == plan.id,
            FigureQuestion.state != State.WITHDRAWN,
            readable(g.membership, [plan]),
        )
        .order_by(FigureQuestion.asked_at, FigureQuestion.id)
    ):
        if about := question.link_id or question.goal_id:
            found[about].append(question)
    return found


@dataclass
class _Adopted:
    """In which versions something stands; of what went from the plan since, the newest part about it."""

    by_subject: dict[UUID, list[str]] = field(default_factory=lambda: defaultdict(list))
    gone: dict[UUID, Part] = field(default_factory=dict)

    def editions(self, about_id: UUID) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.by_subject.get(about_id, ())))


def _adopted(versions: list[AdoptedVersion], present: list[UUID]) -> _Adopted:
    """The contents are read only of what is gone."""
    found = _Adopted()
    place = {version.id: version for version in versions}
    content = sa.case((AdoptedPart.about_id.in_(present), None), else_=AdoptedPart.content)
    rows = db.execute(
        sa.select(
            AdoptedPart.version_id,
            AdoptedPart.key,
            AdoptedPart.about_id,
            content,
            AdoptedPart.hash,
        )
        .join(AdoptedVersion, AdoptedVersion.id == AdoptedPart.version_id)
        .where(
            AdoptedPart.version_id.in_(place),
            AdoptedPart.about_id.is_not(None),
            sa.or_(AdoptedPart.key.like("goal-%"), AdoptedPart.key.like("block-%")),
        )
        .order_by(AdoptedVersion.major, AdoptedVersion.minor, AdoptedPart.position)
    )
    for version_id, key, about_id, kept, hash_ in rows:
        found.by_subject[about_id].append(place[version_id].edition)
        if kept is not None:
            part = Part(key, kept, hash_, about_id)
            if part.kind in ("figure", "goal_card"):
                found.gone[about_id] = part
    return found


def _add_gone(found: dict[UUID, GoalTrace], adopted: _Adopted, *, sees_figures: bool) -> None:
    """What stands in a version and no longer in the plan."""
    for about_id, part in adopted.gone.items():
        if part.kind == "goal_card":
            found[about_id] = GoalTrace(about_id, part.data["sentence"], editions=adopted.editions(about_id))
    for about_id, part in adopted.gone.items():
        goal = found.get(UUID(part.data["goal_id"])) if part.kind == "figure" else None
        if goal and sees_figures:
            source = " ".join(part.data["source"])
            goal.figures.append(
                FigureTrace(
                    part.data["subject"], part.data["reason"], source, editions=adopted.editions(about_id)
                )
            )
