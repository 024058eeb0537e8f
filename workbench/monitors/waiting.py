"""What a council asks of one member now: at most five things, each in one sentence."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from workbench.accounts.access import PERMISSIONS, Permission
from workbench.accounts.models import Membership
from workbench.core.db import db
from workbench.core.text import current_language
from workbench.evidence.focus import queries as focus
from workbench.evidence.follow_up.models import Steering
from workbench.knowledge.calendar.models import CalendarEntry
from workbench.monitors.conversation.models import FigureQuestion, Kind
from workbench.monitors.conversation.queries import waits_for
from workbench.monitors.meeting import queries as duos
from workbench.rounds import queries as rounds
from workbench.rounds import words
from workbench.stories.taking_in import queries as stories
from workbench.vision import queries, steps
from workbench.vision.models import Answer, Goal, LeftOpen, Plan, PlanQuestion, PlanStatus, PlanStep
from workbench.vision.steps import AnswerState

MOST = 5
SOON = timedelta(days=14)
LOOK = "kijken"  # stands where the key of a question stands
EVALUATION = "vastleggen-evaluatie"  # the question of step 9 about when the group looks back


@dataclass(frozen=True)
class Waiting:
    """One thing to do, where that is done, and on which day at the latest. `comes_first`: it waits for this person now."""

    sentence: str
    endpoint: str
    values: dict[str, Any] = field(default_factory=dict)
    by: date | None = None
    comes_first: bool = False


Asker = Callable[[Membership], list[Waiting]]
_askers: list[Asker] = []


def offer(ask: Asker) -> None:
    """Register what a slice above this one asks of a member."""
    if ask not in _askers:
        _askers.append(ask)


def waiting_for(
    member: Membership, plan: Plan | None, current: int | None, day: date, entries: list[CalendarEntry]
) -> list[Waiting]:
    """What waits for this person now comes first, then what has a day, then what can wait. `current`: the place of the step where the group is; None: past them all.

    `entries`: what is to come in the calendar. The session acts as this member, who sees no ballot but the own one.
    """
    rights = PERMISSIONS[member.role]
    found = [
        Waiting(words.invitation(item), "rounds.show", {"round_id": item.id}, comes_first=True)
        for item in rounds.waiting_for(member)
    ]
    if Permission.VOTE in rights:  # of whom a pair of readers is made
        found += _to_read(member)
    found += _conversation(member, day)
    if Permission.COLLECT_STORIES in rights:
        found += _stories(member)
    found += _closing(entries, day)
    found += [item for ask in _askers for item in ask(member)]
    if plan is not None and Permission.EDIT_PLAN in rights:
        found += _rested(plan) + _questions(plan, current, day)
    return sorted(found, key=lambda item: (not item.comes_first, item.by or date.max))[:MOST]


def next_step(plan: Plan) -> queries.StepText | None:
    """The first step that can go on; None when there is none."""
    states = steps.states(queries.facts_of(plan))
    return next(
        (step for step in queries.steps(plan) if states[step.number] is steps.StepState.CURRENT), None
    )


def _rested(plan: Plan) -> list[Waiting]:
    """Figures that rested until now."""
    return [
        Waiting(
            _(
                "“%(name)s” rustte tot %(day)s. Komt dit cijfer weer in beeld? Reken op 5 minuten.",
                name=link.subject.name,
                day=current_language().short_date(link.rests_until),
            ),
            "focus.wake",
            {"link_id": link.id},
            link.rests_until,
            comes_first=True,
        )
        for link in focus.due(plan)
        if link.rests_until
    ]


def _questions(plan: Plan, current: int | None, day: date) -> list[Waiting]:
    """The evaluation whose day came, what was put off in steps that the group has left behind, and the days, soon, on
    which the council wanted to look at a goal; in one query.
    """
    asked = (
        sa.select(PlanStep.number, PlanStep.position, PlanQuestion.key, Answer.state, Answer.value)
        .join(Answer, Answer.question_id == PlanQuestion.id)
        .join(
            PlanStep,
            sa.and_(PlanStep.plan_id == PlanQuestion.plan_id, PlanStep.number == PlanQuestion.number),
        )
        .where(
            PlanQuestion.plan_id == plan.id,
            PlanQuestion.left_out.is_(False),
            sa.or_(Answer.state == AnswerState.LATER, PlanQuestion.key == EVALUATION),
        )
    )
    cards = (
        sa.select(PlanStep.number, PlanStep.position, sa.null(), LeftOpen.state, sa.null())
        .join(PlanStep, sa.and_(PlanStep.plan_id == LeftOpen.plan_id, PlanStep.number == LeftOpen.number))
        .where(LeftOpen.plan_id == plan.id, LeftOpen.state == AnswerState.LATER)
    )
    looks = (
        sa.select(
            sa.null(),
            sa.func.count(sa.distinct(Goal.id)),
            sa.literal(LOOK),
            sa.null(),
            sa.func.to_jsonb(Steering.on),
        )
        .join(Goal, Goal.id == Steering.goal_id)
        .where(Goal.plan_id == plan.id, Steering.on.between(day, day + SOON))
        .group_by(Steering.on)
    )
    found = []
    later: Counter[tuple[int, int]] = Counter()
    for number, position, key, state, value in db.execute(
        asked.union_all(cards, looks).order_by("position", "value")
    ):
        if key == LOOK:
            found.append(_look(plan, date.fromisoformat(value), position))
        elif plan.status is PlanStatus.ARCHIVED:
            continue
        elif state is AnswerState.LATER:
            later[number, position] += 1
        elif key == EVALUATION and state is AnswerState.GIVEN and value and date.fromisoformat(value) <= day:
            when = date.fromisoformat(value)
            sentence = _(
                "Kijk samen terug op dit traject: dat sprak u af voor %(day)s. Reken op een uur.",
                day=current_language().date(when),
            )
            found.append(Waiting(sentence, "documents.handover", {"plan_id": plan.id}, when))
    if plan.status is PlanStatus.RUNNING:
        found += [
            Waiting(
                ngettext(
                    "Stap %(number)s: %(num)s vraag schoof u op naar later. Weet u nu meer? Reken op 5 minuten.",
                    "Stap %(number)s: %(num)s vragen schoof u op naar later. Weet u nu meer? Reken op 5 minuten per vraag.",
                    count,
                    number=position,
                ),
                "steps.step",
                {"plan_id": plan.id, "number": number},
            )
            for (number, position), count in later.items()
            if current is None or position < current
        ]
    return found


def _stories(member: Membership) -> list[Waiting]:
    """Stories that came in and are not safe yet; a number, never a word of them."""
    waits = stories.waits_for(member.person_id)
    place = (
        ("taking_in.index", {"story_source_id": waits.source_id})
        if waits.source_id
        else ("stories.index", {})
    )
    found = []
    if waits.to_check:
        sentence = ngettext(
            "%(num)s verhaal wacht tot iemand nakijkt of het veilig is. Reken op 15 minuten.",
            "%(num)s verhalen wachten tot iemand nakijkt of ze veilig zijn. Reken op 15 minuten per verhaal.",
            waits.to_check,
        )
        found.append(Waiting(sentence, *place))
    if waits.to_second:
        sentence = ngettext(
            "%(num)s gevoelig verhaal wacht op een tweede lezer. Reken op 10 minuten.",
            "%(num)s gevoelige verhalen wachten op een tweede lezer. Reken op 10 minuten per verhaal.",
            waits.to_second,
        )
        found.append(Waiting(sentence, *place))
    return found


def _to_read(member: Membership) -> list[Waiting]:
    """Goals that this member looks at for one of two sides."""
    return [
        Waiting(
            _(
                "Duolezen: schrijf op wat u ziet bij het doel ‘%(title)s’. Reken op 10 minuten.",
                title=reading.title,
            ),
            "duo.write",
            {"duo_reading_id": reading.id},
            comes_first=True,
        )
        for reading in duos.waiting_anywhere(member)
    ]


def _conversation(member: Membership, day: date) -> list[Waiting]:
    """Questions that this member was asked to answer, answers to say something of, and for the clerk what is late.

    No text of anybody: the title of the figure, and a day.
    """
    waits = waits_for(member, day)
    found = [
        Waiting(
            _to_answer(asked, day),
            "conversation.show",
            {"figure_question_id": asked.id},
            asked.due_on,
        )
        for asked in waits.to_answer
    ]
    found += [
        Waiting(
            _("Lees het antwoord op uw vraag over ‘%(title)s’. Is het helder?", title=asked.title),
            "conversation.show",
            {"figure_question_id": asked.id},
        )
        for asked in waits.to_judge
    ]
    if waits.unowned:
        found.append(
            Waiting(
                ngettext(
                    "%(num)s signaal bij een cijfer wacht op de werkgroep. Spreek af wie het oppakt.",
                    "%(num)s signalen bij cijfers wachten op de werkgroep. Spreek af wie ze oppakt.",
                    waits.unowned,
                ),
                "conversation.index",
                {"toon": "signalen"},
            )
        )
    if waits.overdue:
        found.append(
            Waiting(
                ngettext(
                    "%(num)s vraag bij de monitor kreeg niet op tijd antwoord. Bel wie antwoorden zou.",
                    "%(num)s vragen bij de monitor kregen niet op tijd antwoord. Bel wie antwoorden zouden.",
                    waits.overdue,
                ),
                "conversation.index",
                {"toon": "te-laat"},
                day,
            )
        )
    return found


def _to_answer(asked: FigureQuestion, day: date) -> str:
    """By whom it was asked, a person or a figure, and whether its last day has passed."""
    in_time = asked.due_on is not None and asked.due_on >= day
    if asked.kind is Kind.SIGNAL and in_time:
        return str(_("Bekijk het signaal bij ‘%(title)s’. Reken op 15 minuten.", title=asked.title))
    if asked.kind is Kind.SIGNAL:
        return str(_("Bekijk het signaal bij ‘%(title)s’: de laatste dag is voorbij.", title=asked.title))
    if in_time:
        return str(_("Beantwoord de vraag over ‘%(title)s’. Reken op 15 minuten.", title=asked.title))
    return str(_("Beantwoord de vraag over ‘%(title)s’: de laatste dag is voorbij.", title=asked.title))


def _closing(entries: list[CalendarEntry], day: date) -> list[Waiting]:
    """Moments for which proposals can be handed in for two more weeks at most."""
    return [
        Waiting(
            _(
                "Voor %(moment)s kan de raad nog indienen tot en met %(day)s.",
                moment=entry.name,
                day=current_language().short_date(entry.submit_by),
            ),
            "calendar.index",
            {"_anchor": f"moment-{entry.id}"},
            entry.submit_by,
        )
        for entry in entries
        if entry.submit_by and day <= entry.submit_by <= day + SOON
    ]


def _look(plan: Plan, on: date, count: int) -> Waiting:
    sentence = ngettext(
        "Op %(day)s kijkt de raad naar %(num)s doel. Lees de monitor vast door: reken op 15 minuten.",
        "Op %(day)s kijkt de raad naar %(num)s doelen. Lees de monitor vast door: reken op 15 minuten.",
        count,
        day=current_language().short_date(on),
    )
    return Waiting(sentence, "monitors.plan_monitor", {"plan_id": plan.id}, on)
