"""Everything that a document needs of a plan, in a fixed number of queries whatever its size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased, joinedload

from workbench.accounts.models import Membership, Person
from workbench.comparison.models import KIND_NAMES, ComparisonGroup
from workbench.core.db import db
from workbench.core.text import current_language
from workbench.evidence.asking.models import Candidate, DataRequest, InformationQuestion
from workbench.evidence.focus.models import USUAL, FocusSet
from workbench.evidence.follow_up.models import MODELS, CostLine, Need, Steering
from workbench.evidence.insight.models import Finding, GoalLines
from workbench.evidence.models import Link
from workbench.evidence.telling.models import StoryLink
from workbench.figures.words import missing_text, status_text, value_text
from workbench.indicators import queries as catalogue
from workbench.indicators.compare import Kind
from workbench.indicators.models import Area, Indicator
from workbench.indicators.periods import PeriodType
from workbench.indicators.queries import Figure
from workbench.knowledge.models import Instrument, Law, Moment
from workbench.stories.models import StorySource
from workbench.uploads import queries as uploads
from workbench.uploads.models import OwnIndicator, OwnObservation
from workbench.uploads.words import figure_text, period_label
from workbench.vision import queries as plans
from workbench.vision.choosing.models import FramePart, ValueDecision, ValuePart
from workbench.vision.models import WORKING_GROUP, Goal, GoalValue, LeftOpen, Plan, StepSkip, Value
from workbench.vision.queries import Asked, StepText
from workbench.vision.together.models import Purpose
from workbench.vision.together.queries import revealed

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
class Told:
    """Stories under a goal, with the source that they come from."""

    link: StoryLink
    source: StorySource


@dataclass(frozen=True)
class PassedOver:
    """A suggested figure that the group did not choose."""

    candidate: Candidate
    name: str


@dataclass(frozen=True)
class GoalCard:
    """A goal with everything under it. `number`: how the rest of a document refers to it."""

    number: int
    goal: Goal
    values: list[Value]
    law_names: list[str]
    laws: list[Law] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)
    steering: list[Steered] = field(default_factory=list)
    figures: list[Chosen] = field(default_factory=list)
    questions: list[InformationQuestion] = field(default_factory=list)
    requests: list[DataRequest] = field(default_factory=list)
    stories: list[Told] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    lines: list[GoalLines] = field(default_factory=list)  # one, or none yet
    passed_over: list[PassedOver] = field(default_factory=list)

    @property
    def in_view(self) -> list[Chosen]:
        return [item for item in self.figures if item.link.rests_until is None]

    @property
    def resting(self) -> list[Chosen]:
        return [item for item in self.figures if item.link.rests_until]


@dataclass(frozen=True)
class Comparison:
    """With which municipalities the council compares its figures; without a reason it chose nothing."""

    kind: Kind = Kind.SIZE
    reason: str = ""
    names: tuple[str, ...] = ()  # in alphabetical order, when chosen by hand

    @property
    def kind_name(self) -> str:
        return str(KIND_NAMES[self.kind])


@dataclass(frozen=True)
class Material:
    plan: Plan
    skips: Mapping[int, str]  # step -> why
    steps: list[StepText]
    asked: list[Asked]
    people: dict[str, str]
    values: list[Value]
    merged: dict[UUID, list[Value]]
    contributions: dict[UUID, list[str]]  # value id -> the parts of known frames that it serves
    decision: ValueDecision | None
    rounds: dict[Purpose, list[str]]  # what the newest revealed round of each purpose said
    goals: list[GoalCard]
    focus_size: int
    comparison: Comparison
    left_open: list[
        tuple[int, UUID | None, str]
    ]  # for want of a card: step, goal (None: the whole step), state

    def sees(self, *numbers: int) -> bool:
        """May the member of this request see one of these steps?"""
        return plans.may_read(self.plan, *numbers)

    @property
    def laws(self) -> list[Law]:
        """The laws of the goals, in the order of the cards."""
        found = {law.slug: law for card in self.goals for law in card.laws}
        return sorted(found.values(), key=lambda law: law.position)


def material(plan_id: UUID, *numbers: int, with_laws: bool = False, with_rounds: bool = False) -> Material:
    """404 or 403 when this member may not see one of these steps of the plan (none named: anything)."""
    query = (
        sa.select(Plan, _skips(), _people(), _focus_size(), _comparison(), _left_open())
        .where(Plan.id == plan_id)
        .options(joinedload(Plan.steps))
    )
    row = db.execute(query).unique(lambda row: row[0]).one_or_none()
    plan = plans.readable_plan(plan_id, *numbers)
    _plan, skips, people, focus_size, comparison, left_open = row or (None,) * 6
    rows = _value_rows(plan)
    values = [value for value, _decision, _serves in rows if value.merged_into_id is None]
    merged: dict[UUID, list[Value]] = {}
    for value, _decision, _serves in rows:
        if value.merged_into_id:
            merged.setdefault(value.merged_into_id, []).append(value)
    return Material(
        plan=plan,
        skips={int(number): reason for number, reason in (skips or {}).items()},
        steps=plans.steps(plan),
        asked=plans.asked_of(plan),
        left_open=[
            (number, UUID(goal_id) if goal_id else None, state) for number, goal_id, state in left_open or ()
        ],
        people=people or {},
        values=values,
        merged=merged,
        contributions={value.id: serves or [] for value, _decision, serves in rows},
        decision=rows[0][1] if rows else None,
        rounds=revealed(plan) if with_rounds else {},
        goals=_goals(plan, values, with_laws=with_laws),
        focus_size=focus_size or USUAL,
        comparison=Comparison(
            Kind(comparison["kind"]), comparison["reason"], tuple(comparison["names"] or ())
        )
        if comparison
        else Comparison(),
    )


def _skips() -> sa.ScalarSelect[Any]:
    return (
        sa.select(sa.func.jsonb_object_agg(StepSkip.number, StepSkip.reason))
        .where(StepSkip.plan_id == Plan.id, StepSkip.undone_at.is_(None))
        .scalar_subquery()
    )


def _people() -> sa.ScalarSelect[Any]:
    """As `plans.group_candidates`."""
    return (
        sa.select(sa.func.jsonb_object_agg(Person.id, Person.name))
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.council_id == db.info["council_id"], Membership.role.in_(WORKING_GROUP))
        .scalar_subquery()
    )


def _left_open() -> sa.ScalarSelect[Any]:
    said = sa.func.jsonb_build_array(LeftOpen.number, LeftOpen.goal_id, LeftOpen.state)
    return sa.select(sa.func.jsonb_agg(said)).where(LeftOpen.plan_id == Plan.id).scalar_subquery()


def _focus_size() -> sa.ScalarSelect[int]:
    return sa.select(FocusSet.size).where(FocusSet.plan_id == Plan.id).scalar_subquery()


def _comparison() -> sa.ScalarSelect[Any]:
    names = (
        sa.select(sa.func.jsonb_agg(aggregate_order_by(Area.name, sa.func.lower(Area.name))))
        .where(Area.code == sa.any_(ComparisonGroup.chosen))
        .scalar_subquery()
    )
    facts = ("kind", ComparisonGroup.kind, "reason", ComparisonGroup.reason, "names", names)
    return (
        sa.select(sa.func.jsonb_build_object(*facts))
        .where(ComparisonGroup.closed_at.is_(None))
        .scalar_subquery()
    )


def _value_rows(plan: Plan) -> Sequence[Any]:
    """Per value, also one that went into another: the card, the decision, and the parts of known frames it serves."""
    serves = (
        sa.select(sa.func.array_agg(aggregate_order_by(FramePart.name, FramePart.slug)))
        .join(ValuePart, ValuePart.part_slug == FramePart.slug)
        .where(ValuePart.value_id == Value.id)
        .scalar_subquery()
    )
    return db.execute(
        sa.select(Value, ValueDecision, serves)
        .outerjoin(ValueDecision, ValueDecision.plan_id == Value.plan_id)
        .where(Value.plan_id == plan.id)
        .order_by(Value.created_at, Value.id)
    ).all()


# Cards and other rows under a goal, each read in its own columns of one row.
UNDER_GOAL: tuple[Any, ...] = (
    *MODELS.values(),
    InformationQuestion,
    DataRequest,
    StoryLink,
    Candidate,
    Finding,
    GoalLines,
)


def _goals(plan: Plan, values: list[Value], *, with_laws: bool) -> list[GoalCard]:
    """Goals with all that stands under them, without their figures, in one query; then their figures and their laws."""
    under = sa.union_all(
        *(
            sa.select(
                model.id,
                model.goal_id,
                model.created_at if hasattr(model, "created_at") else sa.null().label("created_at"),
            )
            for model in UNDER_GOAL
        )
    ).subquery()
    served = (
        sa.select(sa.func.array_agg(GoalValue.value_id)).where(GoalValue.goal_id == Goal.id).scalar_subquery()
    )
    laws = (
        sa.select(sa.func.array_agg(aggregate_order_by(Law.name, Law.position)))
        .where(Law.slug == sa.any_(Goal.laws))
        .scalar_subquery()
    )
    spending, passed = aliased(Indicator), aliased(Indicator)
    query = sa.select(
        Goal, served, laws, *UNDER_GOAL, spending.name, Moment.name, Instrument.name, StorySource, passed.name
    ).outerjoin(under, under.c.goal_id == Goal.id)
    for model in UNDER_GOAL:
        query = query.outerjoin(model, model.id == under.c.id)
    rows = db.execute(
        query.outerjoin(spending, spending.slug == CostLine.spending)
        .outerjoin(Moment, Moment.slug == Steering.moment)
        .outerjoin(Instrument, Instrument.slug == Steering.instrument)
        .outerjoin(StorySource, StorySource.id == StoryLink.story_source_id)
        .outerjoin(passed, passed.id == Candidate.indicator_id)
        .where(Goal.plan_id == plan.id)
        .order_by(
            Goal.created_at, Goal.id, Finding.place, under.c.created_at, Candidate.review_on, under.c.id
        )
    )
    found: dict[UUID, GoalCard] = {}
    for goal, value_ids, law_names, *cards, spent_on, moment, instrument, source, name in rows:
        need, cost, steering, question, request, story, candidate, finding, lines = cards
        card = found.get(goal.id)
        if card is None:
            own = [value for value in values if value.id in (value_ids or ())]
            card = found[goal.id] = GoalCard(len(found) + 1, goal, own, law_names or [])
        as_they_are: tuple[tuple[list[Any], Any], ...] = (
            (card.needs, need),
            (card.questions, question),
            (card.requests, request),
            (card.findings, finding),
            (card.lines, lines),
        )
        for there, item in as_they_are:
            if item:
                there.append(item)
        if cost:
            card.costs.append(Cost(cost, spent_on or ""))
        if steering:
            card.steering.append(Steered(steering, moment or "", instrument or ""))
        if story:
            card.stories.append(Told(story, source))
        if candidate:
            card.passed_over.append(PassedOver(candidate, name))
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
            .options(
                joinedload(Link.indicator).joinedload(Indicator.series),
                joinedload(Link.own_indicator),
                joinedload(Link.measuring),
            )
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


def amount(value: float, subject: Indicator | OwnIndicator) -> str:
    """A number of this figure in words: '€ 168 per inwoner', '12,3 %'."""
    number = value_text(value, subject.unit, subject.decimals, current_language())
    return _("%(number)s per inwoner", number=number) if subject.unit == "euro per inwoner" else number


def _value(figure: Figure, indicator: Indicator) -> str:
    spoken = current_language()
    number = amount(figure.value or 0.0, indicator)
    return f"{number} ({figure.period.label(spoken)}, {status_text(figure.status, spoken)})"


def _why_none(line: list[Figure], area: Area | None) -> str:
    if area is None:
        return str(_("Geen: het gebied van deze raad is nog niet ingesteld."))
    if line:
        reason = missing_text(line[-1].missing or "unknown", current_language())
        return str(_("Geen: %(reason)s.", reason=reason))
    return str(_("Geen: de bron heeft geen cijfer over %(area)s.", area=area.short_name))
