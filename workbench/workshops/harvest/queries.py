"""Reading what came out of a workshop, what of it went into a plan, and where a card of a plan came from."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import abort, g, url_for
from sqlalchemy.orm import joinedload

from workbench.core.db import db
from workbench.core.language import AMSTERDAM
from workbench.core.web import get_or_404
from workbench.evidence.asking.models import DataRequest, InformationQuestion
from workbench.rounds.models import Round
from workbench.vision import steps
from workbench.vision.models import Goal, Plan, PlanQuestion, Value
from workbench.vision.queries import VALUE_STEPS
from workbench.workshops.harvest.outcomes import (
    NOT_HELD,
    ActivityOutcome,
    Card,
    Choice,
    Counted,
    Outcome,
    told_apart,
)
from workbench.workshops.kinds import KEPT_TO_ONESELF
from workbench.workshops.models import (
    Activity,
    ActivityState,
    Attendee,
    Contribution,
    Handover,
    Harvest,
    ReceivedReport,
    State,
    Workshop,
)

# --- What came out --------------------------------------------------------------------------------------------------


def workshop_or_404(workshop_id: UUID) -> Workshop:
    """A workshop with its activities."""
    found = db.scalars(
        sa.select(Workshop).where(Workshop.id == workshop_id).options(joinedload(Workshop.activities))
    ).unique()
    return found.one_or_none() or abort(404)


def held_on(workshop: Workshop) -> date:
    return (workshop.opened_at or workshop.starts_at).astimezone(AMSTERDAM).date()


def is_shown(activity: Activity) -> bool:
    """May be read what people answered? After the reveal; cards that are shown at once, as long as they are on the screen."""
    if activity.state is ActivityState.REVEALED:
        return True
    return activity.shows_at_once and activity.state in (ActivityState.OPEN, ActivityState.CLOSED)


def outcome_of(workshop: Workshop, by: str = "") -> Outcome:
    """All that was shown in the room, without what was hidden or taken back. `by`: name of the council that held it."""
    cards, writers = _cards(workshop)
    found = db.scalars(sa.select(Round).where(Round.id.in_(item.round_id for item in workshop.activities)))
    rounds = {item.id: item for item in found}
    kept = workshop.summary
    people = list(db.scalars(sa.select(Attendee.council).where(Attendee.workshop_id == workshop.id)))
    return Outcome(
        title=workshop.title,
        purpose=workshop.purpose,
        place=workshop.place,
        by=by,
        held_on=held_on(workshop),
        people=kept["people"] if kept else len(people),
        groups=kept["groups"] if kept else told_apart(people),
        activities=tuple(
            _activity(
                item,
                cards[item.id],
                told_apart(list(writers[item.id].values())),
                rounds.get(item.round_id) if item.round_id else None,
                kept["cards"].get(str(item.id)) if kept else None,
                is_over=workshop.state is State.ENDED,
            )
            for item in workshop.activities
        ),
    )


def _cards(
    workshop: Workshop,
) -> tuple[dict[UUID, list[tuple[Contribution, str]]], dict[UUID, dict[UUID, str]]]:
    """Activity id -> its cards with the council of who wrote them; and -> its writers with their council."""
    cards: dict[UUID, list[tuple[Contribution, str]]] = defaultdict(list)
    writers: dict[UUID, dict[UUID, str]] = defaultdict(dict)
    rows = db.execute(
        sa.select(Contribution, Attendee.council)
        .join(Activity, Activity.id == Contribution.activity_id)
        .outerjoin(Attendee, Attendee.id == Contribution.attendee_id)
        .where(
            Activity.workshop_id == workshop.id,
            Contribution.hidden_at.is_(None),
            Contribution.withdrawn_at.is_(None),
        )
        # By id: in the order in which people wrote, it might be clear who wrote what.
        .order_by(Contribution.part, Contribution.cluster, Contribution.id)
    )
    for card, council in rows:
        cards[card.activity_id].append((card, council or ""))
        if card.attendee_id:
            writers[card.activity_id][card.attendee_id] = council or ""
    return cards, writers


def _activity(
    activity: Activity,
    cards: list[tuple[Contribution, str]],
    groups: dict[str, int],
    asked: Round | None,
    count: int | None,
    *,
    is_over: bool,
) -> ActivityOutcome:
    """`count`: of the cards, where they are forgotten."""
    shown, counted, own = is_shown(activity), None, activity.kind in KEPT_TO_ONESELF
    is_done = own and activity.state is ActivityState.CLOSED  # there is no reveal
    places = {part: place for place, part in enumerate(activity.settings.get("parts", []))}
    cards = sorted(cards, key=lambda item: places.get(item[0].part, len(places)))
    if activity.round_id:
        if asked and asked.result is not None:
            counted = Counted(
                method=asked.method,
                question=asked.question,
                options=tuple(Choice(**option) for option in asked.option_list),
                result=asked.result,
            )
            count = counted.result["n"] + counted.result["unknown"]
    elif (shown or is_done) and count is None:
        count = len(cards)
    return ActivityOutcome(
        id=activity.id,
        kind=activity.kind,
        title=activity.title,
        question=activity.question,
        minutes=activity.minutes,
        state=NOT_HELD if is_over and activity.state is ActivityState.WAITING else activity.state.value,
        skipped_why=activity.skipped_why,
        count=count,
        cards=tuple(
            Card(
                source=f"kaart {card.id}",
                text=card.text,
                part=card.part,
                pile=card.cluster,
                is_shared=card.shared_at is not None,
                of_council=council if council in groups else "",
            )
            for card, council in (cards if shown and not own else [])
        ),
        counted=counted,
    )


def summary_of(found: Outcome) -> dict[str, Any]:
    """The numbers that stay when what people wrote is forgotten."""
    cards = {str(item.id): item.count for item in found.activities if item.counted is None}
    return {"people": found.people, "groups": found.groups, "cards": cards}


def received(report_id: UUID) -> tuple[ReceivedReport, Outcome]:
    """A report of another council, or a 404."""
    report = get_or_404(ReceivedReport, report_id)
    return report, Outcome.model_validate(report.content)


def received_reports() -> list[ReceivedReport]:
    return list(db.scalars(sa.select(ReceivedReport).order_by(ReceivedReport.received_at.desc())))


def handovers(workshop: Workshop) -> list[Handover]:
    """The newest first."""
    of_workshop = Handover.workshop_id == workshop.id
    return list(db.scalars(sa.select(Handover).where(of_workshop).order_by(Handover.made_at.desc())))


# --- What went into a plan ------------------------------------------------------------------------------------------


class Becomes(StrEnum):
    """What a card of a workshop becomes in a plan. Names on screen: words.py."""

    VALUE = "value"
    GOAL = "goal"
    QUESTION = "question"
    REQUEST = "request"
    STEP_QUESTION = "step_question"


@dataclass(frozen=True)
class Harvested:
    """`text`: of the card in the plan as it is now; None when it was removed. `href`: for who may read it."""

    source: str
    becomes: Becomes
    text: str | None
    href: str | None


def harvested(origin: Workshop | ReceivedReport) -> dict[str, Harvested]:
    """Source -> what it became; in the order in which it went."""
    found = rows_of(origin)
    if not found:
        return {}
    there = _things([item.object_id for item in found])
    wanted = {plan_id for _text, plan_id, _goal_id, _number in there.values()}
    query = sa.select(Plan).where(Plan.id.in_(wanted)).options(joinedload(Plan.steps))
    plans = {plan.id: plan for plan in db.scalars(query).unique()}
    return {item.source: _harvested(item, there.get(item.object_id), plans) for item in found}


def rows_of(origin: Workshop | ReceivedReport) -> list[Harvest]:
    """What went, in that order."""
    mine = Harvest.workshop_id if isinstance(origin, Workshop) else Harvest.received_report_id
    query = sa.select(Harvest).where(mine == origin.id).order_by(Harvest.harvested_at, Harvest.id)
    return list(db.scalars(query))


def still_there(rows: list[Harvest]) -> set[UUID]:
    """Ids of the cards of a plan that were not removed since."""
    return set(_things([item.object_id for item in rows]))


_Thing = tuple[str, UUID, UUID | None, int | None]  # text, plan, goal, number of a step


def _things(ids: list[UUID]) -> dict[UUID, _Thing]:
    """Id -> card or question of a plan, of those that are still there."""
    no_goal, no_step = sa.cast(sa.null(), sa.Uuid), sa.cast(sa.null(), sa.Integer)
    under_goals = [
        sa.select(model.id, text, Goal.plan_id, Goal.id, no_step)
        .join(Goal, Goal.id == model.goal_id)
        .where(model.id.in_(ids))
        for model, text in (
            (InformationQuestion, InformationQuestion.text),
            (DataRequest, DataRequest.wanted),
        )
    ]
    rows = db.execute(
        sa.union_all(
            sa.select(Value.id, Value.name, Value.plan_id, no_goal, no_step).where(Value.id.in_(ids)),
            sa.select(Goal.id, Goal.sentence, Goal.plan_id, no_goal, no_step).where(Goal.id.in_(ids)),
            *under_goals,
            sa.select(
                PlanQuestion.id, PlanQuestion.text, PlanQuestion.plan_id, no_goal, PlanQuestion.number
            ).where(PlanQuestion.id.in_(ids)),
        )
    )
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in rows}


def _harvested(item: Harvest, thing: _Thing | None, plans: dict[UUID, Plan]) -> Harvested:
    becomes = Becomes(item.kind)
    if thing is None:
        return Harvested(item.source, becomes, None, None)
    text, plan_id, goal_id, number = thing
    numbers = {Becomes.VALUE: VALUE_STEPS, Becomes.GOAL: (steps.GOALS,)}.get(
        becomes, (number or steps.EVIDENCE,)
    )
    if not plans[plan_id].may_be_read_by(g.membership, *numbers):
        return Harvested(item.source, becomes, "", None)
    match becomes:
        case Becomes.VALUE:
            href = url_for("vision.value", value_id=item.object_id)
        case Becomes.GOAL:
            href = url_for("evidence.goal", goal_id=item.object_id)
        case Becomes.STEP_QUESTION:
            href = url_for("steps.step", plan_id=plan_id, number=number)
        case _:
            href = url_for("evidence.goal", goal_id=goal_id)
    return Harvested(item.source, becomes, text, href)


@dataclass(frozen=True)
class Born:
    """In which session a card of a plan came up."""

    title: str
    held_on: date
    href: str


def born_in(ids: Iterable[UUID]) -> dict[UUID, Born]:
    """Id of a card or question of a plan -> the session in which it came up."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = db.execute(
        sa.select(Harvest.object_id, Workshop, ReceivedReport)
        .outerjoin(Workshop, Workshop.id == Harvest.workshop_id)
        .outerjoin(ReceivedReport, ReceivedReport.id == Harvest.received_report_id)
        .where(Harvest.object_id.in_(wanted))
    )
    return {object_id: _born(workshop, report) for object_id, workshop, report in rows}


def _born(workshop: Workshop | None, report: ReceivedReport | None) -> Born:
    if workshop is not None:
        return Born(workshop.title, held_on(workshop), url_for("harvest.report", workshop_id=workshop.id))
    assert report is not None  # noqa: S101 - the database holds one of the two
    href = url_for("harvest.received", received_report_id=report.id)
    return Born(report.title, report.held_on, href)
