"""Everything that a document needs of a plan, in a fixed number of queries whatever its size."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import joinedload

from workbench.core.db import db
from workbench.core.text import current_language
from workbench.evidence.follow_up.models import MODELS, CostLine, Need, Steering
from workbench.evidence.models import Link
from workbench.figures.words import missing_text, status_text, value_text
from workbench.indicators import queries as catalogue
from workbench.indicators.models import Area, Indicator
from workbench.indicators.periods import PeriodType
from workbench.indicators.queries import Figure
from workbench.knowledge.models import Instrument, Law, Moment
from workbench.uploads import queries as uploads
from workbench.uploads.models import OwnIndicator, OwnObservation
from workbench.uploads.words import figure_text, period_label
from workbench.vision import queries as plans
from workbench.vision.choosing.models import ValueDecision
from workbench.vision.models import Goal, GoalValue, Plan, StepSkip, Value
from workbench.vision.queries import Asked, StepText

RHYTHMS = {
    PeriodType.YEAR: lazy_gettext("elk jaar"),
    PeriodType.SCHOOL_YEAR: lazy_gettext("elk schooljaar"),
    PeriodType.HALF_YEAR: lazy_gettext("elk half jaar"),
    PeriodType.QUARTER: lazy_gettext("elk kwartaal"),
    PeriodType.MONTH: lazy_gettext("elke maand"),
}


@dataclass(frozen=True)
class Chosen:
    """A figure under a goal: its newest value in words (or why there is none), where it comes from and how often."""

    link: Link
    value: str
    has_value: bool
    source: str
    rhythm: str


@dataclass(frozen=True)
class Cost:
    line: CostLine
    spending: str  # name of the municipality's spending that it belongs to


@dataclass(frozen=True)
class Steered:
    steering: Steering
    moment: str
    instrument: str


@dataclass(frozen=True)
class GoalCard:
    """A goal with everything under it."""

    goal: Goal
    values: list[Value]
    laws: list[Law] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)
    steering: list[Steered] = field(default_factory=list)
    figures: list[Chosen] = field(default_factory=list)


@dataclass(frozen=True)
class Material:
    plan: Plan
    skips: Mapping[int, str]  # step -> why
    steps: list[StepText]
    asked: list[Asked]
    people: dict[str, str]
    values: list[Value]
    merged: dict[UUID, list[Value]]
    decision: ValueDecision | None
    goals: list[GoalCard]

    def sees(self, *numbers: int) -> bool:
        """May the member of this request see one of these steps?"""
        return plans.may_read(self.plan, *numbers)

    @property
    def laws(self) -> list[Law]:
        """The laws of the goals, in the order of the cards."""
        found = {law.slug: law for card in self.goals for law in card.laws}
        return sorted(found.values(), key=lambda law: law.position)


def material(plan_id: UUID, *numbers: int, with_laws: bool = True) -> Material:
    """404 or 403 when this member may not see one of these steps of the plan (none named: anything)."""
    skipped = (
        sa.select(sa.func.jsonb_object_agg(StepSkip.number, StepSkip.reason))
        .where(StepSkip.plan_id == Plan.id, StepSkip.undone_at.is_(None))
        .scalar_subquery()
    )
    query = sa.select(Plan, skipped).where(Plan.id == plan_id).options(joinedload(Plan.steps))
    row = db.execute(query).unique(lambda row: row[0]).one_or_none()
    plan = plans.readable_plan(plan_id, *numbers)
    values, merged, decision = _values(plan)
    return Material(
        plan,
        {int(number): reason for number, reason in ((row and row[1]) or {}).items()},
        plans.steps(plan),
        plans.asked_of(plan),
        plans.group_candidates(),
        values,
        merged,
        decision,
        _goals(plan, values, with_laws=with_laws),
    )


def _values(plan: Plan) -> tuple[list[Value], dict[UUID, list[Value]], ValueDecision | None]:
    """The values that stand on their own, those that went into them, and the decision."""
    rows = db.execute(
        sa.select(Value, ValueDecision)
        .outerjoin(ValueDecision, ValueDecision.plan_id == Value.plan_id)
        .where(Value.plan_id == plan.id)
        .order_by(Value.created_at, Value.id)
    ).all()
    merged: dict[UUID, list[Value]] = {}
    for value, _decision in rows:
        if value.merged_into_id:
            merged.setdefault(value.merged_into_id, []).append(value)
    own = [value for value, _decision in rows if value.merged_into_id is None]
    return own, merged, rows[0][1] if rows else None


def _goals(plan: Plan, values: list[Value], *, with_laws: bool) -> list[GoalCard]:
    """Goals with what they need, cost and when they are looked at in one query; then their figures and their laws."""
    under = sa.union_all(
        *(sa.select(model.id, model.goal_id, model.created_at) for model in MODELS.values())
    ).subquery()
    served = (
        sa.select(sa.func.array_agg(GoalValue.value_id)).where(GoalValue.goal_id == Goal.id).scalar_subquery()
    )
    rows = db.execute(
        sa.select(Goal, served, Need, CostLine, Indicator.name, Steering, Moment.name, Instrument.name)
        .outerjoin(under, under.c.goal_id == Goal.id)
        .outerjoin(Need, Need.id == under.c.id)
        .outerjoin(CostLine, CostLine.id == under.c.id)
        .outerjoin(Indicator, Indicator.slug == CostLine.spending)
        .outerjoin(Steering, Steering.id == under.c.id)
        .outerjoin(Moment, Moment.slug == Steering.moment)
        .outerjoin(Instrument, Instrument.slug == Steering.instrument)
        .where(Goal.plan_id == plan.id)
        .order_by(Goal.created_at, Goal.id, under.c.created_at, under.c.id)
    )
    found: dict[UUID, GoalCard] = {}
    for goal, value_ids, need, cost, spending, steering, moment, instrument in rows:
        own = [value for value in values if value.id in (value_ids or ())]
        card = found.setdefault(goal.id, GoalCard(goal, own))
        if need:
            card.needs.append(need)
        if cost:
            card.costs.append(Cost(cost, spending or ""))
        if steering:
            card.steering.append(Steered(steering, moment or "", instrument or ""))
    _add_figures(plan, found)
    if with_laws:
        _add_laws(found)
    return list(found.values())


def _add_laws(cards: Mapping[UUID, GoalCard]) -> None:
    slugs = {slug for card in cards.values() for slug in card.goal.laws}
    known = {law.slug: law for law in db.scalars(sa.select(Law).where(Law.slug.in_(slugs)))} if slugs else {}
    for card in cards.values():
        card.laws.extend(known[slug] for slug in card.goal.laws if slug in known)


def _add_figures(plan: Plan, cards: Mapping[UUID, GoalCard]) -> None:
    links = (
        db.scalars(
            sa.select(Link)
            .join(Goal, Goal.id == Link.goal_id)
            .where(Goal.plan_id == plan.id)
            .options(joinedload(Link.indicator).joinedload(Indicator.series), joinedload(Link.own_indicator))
            .order_by(Link.created_at, Link.id)
        )
        .unique()
        .all()
    )
    if not links:
        return
    area = catalogue.own_area()
    public = {link.indicator.id: link.indicator for link in links if link.indicator}
    own = {link.own_indicator.id: link.own_indicator for link in links if link.own_indicator}
    lines = catalogue.lines_of(public.values(), area) if area and public else {}
    newest = uploads.newest(list(own.values()), area.code if area else None) if own else {}
    for link in links:
        if link.own_indicator:
            chosen = _own(link, link.own_indicator, newest.get(link.own_indicator.id))
        else:
            indicator: Any = link.indicator
            chosen = _public(link, indicator, lines.get(indicator.slug, []), area)
        cards[link.goal_id].figures.append(chosen)


def _own(link: Link, indicator: OwnIndicator, newest: OwnObservation | None) -> Chosen:
    if newest is None:
        value = _("Nog geen: de gemeente leverde dit cijfer nog niet aan.")
    else:
        value = f"{figure_text(newest, indicator)} ({period_label(newest.period)})"
    return Chosen(
        link,
        value,
        newest is not None,
        indicator.source,
        _("zo vaak als de gemeente een nieuw cijfer aanlevert"),
    )


def _public(link: Link, indicator: Indicator, line: list[Figure], area: Area | None) -> Chosen:
    if not indicator.series:
        value = _("Nog geen: dit cijfer is nog niet aan een bron gekoppeld.")
        return Chosen(link, value, has_value=False, source="", rhythm="")
    series = indicator.series[-1]
    source = _("%(source)s, tabel %(table)s", source=series.source_name, table=series.table)
    if series.fetched_at:
        day = current_language().date(series.fetched_at)
        source = _("%(source)s, opgehaald op %(day)s", source=source, day=day)
    figure = catalogue.newest(line)
    return Chosen(
        link,
        _value(figure, indicator) if figure else _why_none(line, area),
        figure is not None,
        source,
        str(RHYTHMS[series.period_type]),
    )


def _value(figure: Figure, indicator: Indicator) -> str:
    spoken = current_language()
    number = value_text(figure.value or 0.0, indicator.unit, indicator.decimals, spoken)
    if indicator.unit == "euro per inwoner":
        number = _("%(number)s per inwoner", number=number)
    return f"{number} ({figure.period.label(spoken)}, {status_text(figure.status, spoken)})"


def _why_none(line: list[Figure], area: Area | None) -> str:
    if area is None:
        return str(_("Geen: het gebied van deze raad is nog niet ingesteld."))
    if line:
        reason = missing_text(line[-1].missing or "unknown", current_language())
        return str(_("Geen: %(reason)s.", reason=reason))
    return str(_("Geen: de bron heeft geen cijfer over %(area)s.", area=area.short_name))
