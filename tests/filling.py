"""A plan as full as a large council makes it: 40 members, 30 values, 40 goals, 120 figures, rounds of 40 answers.

Written in bulk, past the operations that keep revisions: what a page reads is the same. Of the figures as many are in
view as a plan may have at most, the others rest.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import cycle, islice
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from workbench.core.cards import Card, CardRevision
from workbench.core.db import db
from workbench.core.tenancy import act_as
from workbench.evidence.asking.models import DataRequest, InformationQuestion
from workbench.evidence.focus.models import MOST, FocusSet
from workbench.evidence.follow_up.models import Certainty, CostLine, Need, Part, Steering, Task
from workbench.evidence.measuring.models import Aiming, Measuring
from workbench.evidence.models import MOST_PER_GOAL, Link, Quality
from workbench.evidence.telling.models import StoryLink
from workbench.indicators.catalogue import Direction
from workbench.indicators.models import Indicator
from workbench.rounds import operations as rounds
from workbench.rounds.methods import Method
from workbench.rounds.models import Round
from workbench.rounds.operations import Reply
from workbench.stories.models import StoryKind, StorySource
from workbench.vision import operations as vision
from workbench.vision.choosing.models import ValueDecision
from workbench.vision.models import Answer, Goal, Plan, PlanQuestion, Value
from workbench.vision.steps import AnswerState, QuestionKind
from workbench.vision.together import operations as together
from workbench.vision.together.models import PlanRound, Purpose

MEMBERS, VALUES, GOALS, CARDS = 40, 30, 40, 20
LONG = (
    "Wij spraken hierover met mensen in de wijk en met wie hen helpt. Zij zeggen dat het niet aan de regels ligt maar"
    " aan de tijd: wie haast heeft, vraagt niet door. Daarom willen wij dat iemand blijft, ook als het langer duurt."
)
LAWS = ["wmo", "jeugdwet", "participatiewet"]
AGAIN = date(2027, 6, 1)


def fill_plan(people: list[UUID], title: str = "Alles tegelijk") -> Plan:
    """A new plan of the acting council, in which these councillors answered. Afterwards the session acts for nobody."""
    plan = vision.start_plan(None, title=title, opdracht=LONG)
    _answer(plan, people)
    values = [
        Value(plan_id=plan.id, mark=n % 8, name=f"Waarde {n}", counter_value=f"Tegenwaarde {n}", position=n * 3,
              own_words=LONG, seen_when=LONG, not_this=LONG, short_changed=LONG, bottom_line=LONG, minority_view=LONG)
        for n in range(VALUES)
    ]  # fmt: skip
    goals = [
        Goal(plan_id=plan.id, values=[values[n % VALUES], values[(n + 7) % VALUES]], sentence=f"er iemand is die blijft, ook bij doel {n}", target_group="Gezinnen",
             area="De hele stad", horizon=2030, laws=LAWS[: 1 + n % 3], owner="De wethouder Jeugd")
        for n in range(GOALS)
    ]  # fmt: skip
    _add([*values, *goals])
    _add(
        [ValueDecision(plan_id=plan.id, chosen=[v.id for v in values[:5]], reasons=LONG, minority_view=LONG)]
    )
    _link(plan, goals)
    _tell(goals)
    _follow_up(goals)
    for step in plan.steps:
        step.open()
    _hold_rounds(plan, values, people)
    return plan


def _add(things: Iterable[Any]) -> None:
    """Write these; cards with their first revision."""
    things = list(things)
    db.add_all(things)
    db.flush()
    now = datetime.now(UTC)
    cards = [thing for thing in things if isinstance(thing, Card)]
    for card in cards:
        card.version = card.revision = 1
    db.add_all(
        CardRevision(card_type=card.__tablename__, card_key=card.key, number=1, content=card.content(),
                     started_at=now, saved_at=now)
        for card in cards
    )  # fmt: skip
    db.flush()


def _answer(plan: Plan, people: list[UUID]) -> None:
    """Every question of every step, apart from the assignment, which is there."""
    given = {
        QuestionKind.DATE: "2027-06-01",
        QuestionKind.NUMBER: 12,
        QuestionKind.PEOPLE: {str(person): "" for person in people},
    }
    questions = db.scalars(
        sa.select(PlanQuestion).where(PlanQuestion.plan_id == plan.id, PlanQuestion.key != "opdracht")
    )
    _add(
        Answer(
            question_id=item.id,
            state=AnswerState.GIVEN,
            value=item.choices[0] if item.choices else given.get(item.kind, LONG),
        )
        for item in questions.all()
    )


def _link(plan: Plan, goals: list[Goal]) -> None:
    """Three figures a goal, each worked out; those with figures of a municipality first."""
    with_figures = sa.exists().where(
        sa.table("series", sa.column("indicator_id")).c.indicator_id == Indicator.id
    )
    slugs = db.scalars(sa.select(Indicator.id).order_by(with_figures.desc(), Indicator.slug)).all()
    chosen = list(islice(cycle(slugs), GOALS * MOST_PER_GOAL))
    links = [
        Link(goal_id=goals[n // MOST_PER_GOAL].id, indicator_id=indicator, reason=LONG, not_saying=LONG,
             quality=Quality.PARTIAL, rests_until=None if n < MOST else AGAIN)
        for n, indicator in enumerate(chosen)
    ]  # fmt: skip
    _add([FocusSet(plan_id=plan.id, size=MOST), *links])
    _add(
        Measuring(link_id=link.id, aiming=Aiming.FOLLOW, direction=Direction.CONTEXT, reading_up=LONG, reading_down=LONG)
        for link in links
    )  # fmt: skip


def _tell(goals: list[Goal]) -> None:
    sources = [
        StorySource(name=f"Gesprekken {n}", kind=StoryKind.INTERVIEWS, from_whom="Ouders", collected_on=date(2026, 3, 1))
        for n in range(10)
    ]  # fmt: skip
    _add(sources)
    _add(
        StoryLink(goal_id=goal.id, story_source_id=sources[n % 10].id, reason=LONG, not_saying=LONG)
        for n, goal in enumerate(goals)
    )
    _add(InformationQuestion(goal_id=goal.id, text=LONG) for goal in goals)
    _add(
        DataRequest(goal_id=goal.id, wanted=LONG, from_whom="De toegang", due_on=AGAIN)
        for goal in goals[:CARDS]
    )


def _follow_up(goals: list[Goal]) -> None:
    for n, goal in enumerate(goals[:CARDS]):
        _add(
            [
                Need(goal_id=goal.id, change=LONG, task=Task.DO, players="Scholen", room=LONG, not_doing=LONG),
                CostLine(goal_id=goal.id, name=f"Tijd {n}", once=10_000, yearly=85_000, cover="Begroting 2027",
                         certainty=Certainty.ESTIMATE, spending="uitgaven-jeugd-rekening"),
                Steering(goal_id=goal.id, moment="kadernota", on=AGAIN + timedelta(days=n), instrument="motie",
                         owner="De commissie", note=LONG),
            ]
        )  # fmt: skip


def _hold_rounds(plan: Plan, values: list[Value], people: list[UUID]) -> None:
    """Five rounds that everybody answered; four of them revealed, the last one open."""
    few = values[:6]
    keys = [str(value.key) for value in few]
    for method, content in (
        (Method.CHOOSE, {"picks": keys[:3]}),
        (Method.DOTS, {"dots": {keys[0]: 2, keys[1]: 1}}),
        (Method.RANKING, {"ranks": {key: n + 1 for n, key in enumerate(keys)}}),
    ):
        answer_all(together.ask_weight(plan, few, method, None), content, people)
    places = {str(value.key): 20 + n for n, value in enumerate(values)}
    answer_all(together.ask_positions(plan, values, None), {"places": places}, people)
    answer_all(
        together.ask_weight(plan, few, Method.CHOOSE, None), {"picks": keys[:2]}, people, reveals=False
    )


def answer_all(found: Round, content: dict[str, Any], people: list[UUID], *, reveals: bool = True) -> None:
    """Everybody gives this answer, with a reason and a minority view; then the round is revealed."""
    for person in people:
        act_as(db, person)
        rounds.cast(found, Reply(content, LONG, share_reason=True, minority=LONG), person_id=person)
    act_as(db, None)
    if reveals:
        rounds.close_round(found)
        rounds.reveal_round(found)


def things_of(plan: Plan) -> dict[str, object]:
    """One object of this plan for each id that stands in an address: the fullest there is."""

    def first(model: Any) -> Any:
        of_plan = model.goal_id.in_(sa.select(Goal.id).where(Goal.plan_id == plan.id))
        return db.scalars(sa.select(model).where(of_plan).order_by(model.created_at, model.id)).first()

    link, need, story = first(Link), first(Need), first(StoryLink)
    question = db.scalars(sa.select(PlanQuestion.id).where(PlanQuestion.plan_id == plan.id)).first()
    last_round = (
        sa.select(PlanRound.round_id)
        .join(Round, Round.id == PlanRound.round_id)
        .where(PlanRound.plan_id == plan.id, PlanRound.purpose == Purpose.POSITIONS)
    )
    return {
        "plan_id": plan.id,
        "question_id": question,
        "value_id": db.scalars(sa.select(Value.id).where(Value.plan_id == plan.id)).first(),
        "goal_id": link.goal_id,
        "link_id": link.id,
        "card_id": need.id,
        "part": Part.NEED.value,
        "story_link_id": story.id,
        "story_source_id": story.story_source_id,
        "information_question_id": first(InformationQuestion).id,
        "data_request_id": first(DataRequest).id,
        "round_id": db.scalars(last_round).one(),
    }
