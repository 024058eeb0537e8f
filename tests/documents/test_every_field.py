"""Whatever a person can fill in in a plan stands in the invulschema once: read from the columns of the models themselves."""

import io
from datetime import date
from typing import Any
from uuid import UUID

import docx
import pytest
import sqlalchemy as sa

from tests.client import Client
from tests.factories import Cast, make_answer, make_goal, make_link, make_plan, make_value, question_of
from workbench.comparison.models import ComparisonGroup
from workbench.core.cards import Card
from workbench.core.db import Base, Model, db
from workbench.core.tenancy import CouncilOwned
from workbench.evidence.asking.models import Candidate, DataRequest, InformationQuestion, Verdict
from workbench.evidence.focus.models import FocusSet
from workbench.evidence.follow_up.models import Certainty, CostLine, Need, Steering, Task
from workbench.evidence.insight.models import Finding, GoalLines, Says, StoryRound
from workbench.evidence.measuring.models import Aiming, Measuring, Side
from workbench.evidence.models import Link, Quality
from workbench.evidence.telling.models import StoryLink
from workbench.indicators.catalogue import Direction
from workbench.indicators.compare import Kind
from workbench.indicators.queries import find_indicator
from workbench.stories.models import Basis, Stage, StoryKind, StorySource
from workbench.vision import operations as vision
from workbench.vision.choosing.models import FramePart, ValueDecision, ValuePart
from workbench.vision.models import (
    Actor,
    Aim,
    Answer,
    Duty,
    Goal,
    GoalValue,
    LeftOpen,
    Plan,
    PlanQuestion,
    PlanStatus,
    PlanStep,
    StepSkip,
    Value,
)
from workbench.vision.steps import AnswerState
from workbench.vision.together.models import PlanRound

SLICES = ("workbench.vision", "workbench.evidence", "workbench.stories.models", "workbench.comparison")

# What is filled in -> what a reader finds. A text column needs no line here: it is filled with its own name.
CHOSEN: dict[str, tuple[Any, str]] = {
    "plan.status": (PlanStatus.FINISHED, "afgerond"),
    "plan_step.opened_at": (None, "de andere leden van deze raad stap 7"),
    "plan_step.finished_at": (None, "Afgeronde stappen 1"),
    "value.position": (31, "Dat is 31 op een lijn"),
    "value_part.part_slug": (None, "Ouders en buurt versterken"),
    "goal.horizon": (2037, "in 2037"),
    "goal.aim": (Aim.CHANCES, "kansengelijkheid"),
    "goal.laws": (["leerplichtwet"], "Leerplichtwet"),
    "goal.duty": (Duty.CHOICE, "de raad kiest dit zelf"),
    "goal.actor": (Actor.REGION, "gemeenten samen in de regio"),
    "link.quality": (Quality.PROXY, "is een aanwijzing, meer niet"),
    "link.rests_until": (date(2031, 1, 3), "3 januari 2031"),
    "measuring.baseline_period": ("2021JJ00", "(2021, nader voorlopig)"),
    "measuring.baseline_value": (1021.0, "1.021"),
    "measuring.baseline_status": ("further_provisional", "nader voorlopig"),
    "measuring.aiming": (Aiming.AIM, "1.022 in 2029"),
    "measuring.aims": ("2029: 1022\n2033: 1023", "1.023 in 2033"),
    "measuring.signal_side": (Side.BELOW, "als het cijfer lager is dan"),
    "measuring.signal_limit": (1024.0, "1.024"),
    "measuring.direction": (Direction.BAND, "tussen 1.025 en"),
    "measuring.band_low": (1025.0, "1.025"),
    "measuring.band_high": (1026.0, "1.026"),
    "data_request.due_on": (date(2031, 1, 4), "4 januari 2031"),
    "data_request.delivered": (True, "geleverd"),
    "candidate.verdict": (Verdict.LATER, "Nog niet gekozen cijfers"),
    "candidate.review_on": (date(2031, 1, 5), "5 januari 2031"),
    "focus_set.size": (13, "hooguit in beeld zijn 13"),
    "need.task": (Task.ENABLE, "mogelijk maken dat anderen het doen"),
    "cost_line.once": (71017, "€\u00a071.017"),
    "cost_line.yearly": (71018, "€\u00a071.018"),
    "cost_line.certainty": (Certainty.GUESS, "eerste inschatting"),
    "cost_line.spending": ("uitgaven-jeugd-rekening", "Uitgaven: jeugdhulp (jaarrekening)"),
    "steering.moment": ("jaarstukken", "Jaarstukken vaststellen"),
    "steering.on": (date(2031, 1, 6), "6 januari 2031"),
    "steering.instrument": ("motie", "Motie"),
    "finding.says": (Says.CONTRADICTS, "spreekt de cijfers tegen"),
    "story_source.kind": (StoryKind.TABLE_TALK, "tafelgesprek met een groep"),
    "story_source.collected_on": (date(2026, 1, 7), "7 januari 2026"),
    "story_source.next_on": (date(2031, 1, 8), "8 januari 2031"),
    "story_source.how_many": (43, "Hoeveel verhalen 43"),
    "story_source.basis": (Basis.PUBLIC_TASK, "publieke taak"),
    "story_source.stage": (Stage.CODING, "verhalen worden gelezen"),
    "story_source.starts_on": (date(2031, 1, 9), "9 januari 2031"),
    "story_source.ends_on": (date(2031, 1, 10), "10 januari 2031"),
    "story_source.keep_until": (date(2031, 1, 11), "11 januari 2031"),
    "story_source.special_data": (True, "een tweede persoon kijkt mee"),
    "story_source.asks_narrator": (True, "leest het eigen verhaal eerst terug"),
    "comparison_group.kind": (Kind.CHOSEN, "zelf gekozen gemeenten"),
    "comparison_group.chosen": (["GM0758", "GM0106"], "Assen, Breda"),
    "answer.state": (AnswerState.LATER, "hier kijken we later naar"),
    "left_open.state": (AnswerState.UNKNOWN, "dit weten we niet"),
    "answer.value": ("«answer.value»", "«answer.value»"),
}
# Names by which the rest of a document refers to something: more than once, but always there.
REFERRED = {
    "goal.sentence": "what was left open under a goal names it",
    "value.name": "goals and rounds name their values",
    "value.counter_value": "the sentence about the position names both ends",
    "story_source.name": "goals name their sources",
}
# Columns that nobody fills in, or that are no part of the plan; each with its reason.
LEFT_OUT = {
    "plan.copied_at": "when the plan got its copy of the questions",
    "plan_step.minutes": "how long a step takes: a help while working, no answer",
    "plan_step.finished_by_id": "the group finishes a step; who pressed the button is in the audit trail",
    "step_skip.skipped_at": "in the audit trail, and on the page of the plan",
    "step_skip.skipped_by_id": "as skipped_at",
    "step_skip.undone_at": "an undone skip is no skip",
    "step_skip.undone_by_id": "as undone_at",
    "step_skip.number": "stands before the reason",
    "plan.put_first_at": "which plan of the council comes first: on the list of plans",
    "plan_step.position": "the number that stands before the title",
    "left_open.number": "the step stands beside it",
    "left_open.edited_at": "in the audit trail, and on the page of the step",
    "left_open.edited_by_id": "as edited_at",
    "plan_step.number": "stands before the title",
    "plan_question.number": "the step under which the question stands",
    "plan_question.key": "from which question it was copied",
    "plan_question.position": "the order in which questions stand",
    "plan_question.help": "a help while answering, no answer",
    "plan_question.example": "as help",
    "plan_question.kind": "how it is asked",
    "plan_question.choices": "what could be answered; what was answered stands there",
    "plan_question.required": "how it is asked",
    "plan_question.left_out": "what the council left out of its plan",
    "answer.question_id": "the question that it answers: plan_question.text",
    "value.mark": "shape and colour on pages",
    "value.library_slug": "the example that it began as; the council's own words stand there",
    "value.merged_into_id": "the name of what went into a value stands with that value; see test_documents",
    "value_decision.chosen": "the names of the chosen values; see REFERRED",
    "plan_round.purpose": "what a round says stands under a heading of its purpose; see test_documents",
    "plan_round.decision_version": "which wording of the decision was asked about; on the page of the round",
    "finding.place": "the order in which findings stand",
    "finding.excerpt_ids": "words of stories stand in no document; the page of the goal shows them",
    "comparison_group.number": "counts the decisions of the council",
    "comparison_group.decided_at": "on the page of the comparison",
    "comparison_group.decided_by_id": "as decided_at",
    "comparison_group.closed_at": "an earlier comparison is on its own page",
}


SHARED = {base: {*vars(base), *base.__annotations__} for base in (Card, CouncilOwned, Model)}


def _mapped() -> list[type[Any]]:
    """The models in which a council fills in a plan."""
    return sorted(
        (
            mapper.class_
            for mapper in Base.registry.mappers
            if mapper.class_.__module__.startswith(SLICES) and issubclass(mapper.class_, CouncilOwned)
        ),
        key=lambda model: str(model.__tablename__),
    )


def _columns(model: type[Any]) -> list[sa.Column[Any]]:
    """Those of the model itself: not what every card or row of a council has, and not under what it hangs."""
    shared = {
        name for base in (Card, CouncilOwned, Model) if issubclass(model, base) for name in SHARED[base]
    }
    return [
        column
        for column in sa.inspect(model).columns
        if column.key not in shared
        and not any(column.key == f"{key.column.table.name}_id" for key in column.foreign_keys)
    ]


def _name(column: sa.Column[Any]) -> str:
    return f"{column.table.name}.{column.key}"


def _filled_in() -> dict[str, str]:
    """Every column that is filled in -> what a reader must find."""
    return {
        _name(column): CHOSEN[_name(column)][1] if _name(column) in CHOSEN else f"«{_name(column)}»"
        for model in _mapped()
        for column in _columns(model)
        if _name(column) not in LEFT_OUT
    }


def _content(model: type[Any]) -> dict[str, Any]:
    return {
        column.key: CHOSEN[_name(column)][0] if _name(column) in CHOSEN else f"«{_name(column)}»"
        for column in _columns(model)
        if _name(column) not in LEFT_OUT
    }


def _fill(cast: Cast) -> UUID:
    """A plan in which each of these columns is filled, every text with the name of its column."""
    plan = make_plan()
    step = next(item for item in plan.steps if item.number == 7)
    step.title = "«plan_step.title»"
    step.open()
    vision.finish_step(next(item for item in plan.steps if item.number == 1), [], None)
    value = make_value(plan, **_content(Value))
    for other in ("Vertrouwen", "Keuze"):
        make_value(plan, other)
    goal = make_goal(value, **_content(Goal))
    texts = _content(Link)
    resting = make_link(goal, "gemiddelde-bevolking")
    resting.rests_until = texts.pop("rests_until")
    link = make_link(goal, **texts)
    source = StorySource(**_content(StorySource))
    fits_later = find_indicator("huishoudensgrootte")
    assert fits_later is not None
    served, name = db.execute(sa.select(FramePart.slug, FramePart.name).order_by(FramePart.slug)).first() or (
        "",
        "",
    )
    assert name == CHOSEN["value_part.part_slug"][1]
    question = question_of(plan, "kosten-notities")
    question.text = "«plan_question.text»"
    db.add_all(
        [
            Measuring(link_id=link.id, **_content(Measuring)),
            source,
            StoryLink(goal_id=goal.id, story_source_id=source.id, **_content(StoryLink)),
            Candidate(goal_id=goal.id, indicator_id=fits_later.id, **_content(Candidate)),
            *(
                model(goal_id=goal.id, **_content(model))
                for model in (InformationQuestion, DataRequest, Need, CostLine, Steering)
            ),
            Finding(goal_id=goal.id, place=1, excerpt_ids=[goal.id], **_content(Finding)),
            GoalLines(goal_id=goal.id, **_content(GoalLines)),
            ValuePart(value_id=value.id, part_slug=served),
            FocusSet(plan_id=plan.id, **_content(FocusSet)),
            StepSkip(plan_id=plan.id, number=3, **_content(StepSkip)),
            LeftOpen(plan_id=plan.id, number=8, goal_id=goal.id, **_content(LeftOpen)),
            ValueDecision(plan_id=plan.id, chosen=[value.id], **_content(ValueDecision)),
            Answer(question_id=question.id, **_content(Answer)),
            ComparisonGroup(number=1, **_content(ComparisonGroup)),
        ]
    )
    make_answer(plan, "werkgroep", {str(cast.councillor.id): ""})
    for name, content in _content(Plan).items():
        setattr(plan, name, content)
    plan_id = plan.id
    db.commit()
    return plan_id


MODELS_FILLED = {
    Plan, PlanStep, StepSkip, PlanQuestion, Answer, LeftOpen, Value, ValuePart, Goal, GoalValue, ValueDecision, PlanRound, Link, Measuring,
    InformationQuestion, DataRequest, Candidate, StoryLink, StorySource, Need, CostLine, Steering, FocusSet,
    ComparisonGroup, Finding, GoalLines, StoryRound,
}  # fmt: skip


def test_no_model_or_column_of_a_plan_was_forgotten_here() -> None:
    assert set(_mapped()) == MODELS_FILLED, (
        "a new table: fill it in `_fill`, so that the invulschema must show it"
    )
    columns = {_name(column) for model in _mapped() for column in _columns(model)}
    assert columns >= {*CHOSEN, *REFERRED, *LEFT_OUT}
    assert not set(CHOSEN) & set(LEFT_OUT)
    texts = {
        _name(column)
        for model in _mapped()
        for column in _columns(model)
        if isinstance(column.type, sa.Text | sa.String) and not isinstance(column.type, sa.Enum)
    }
    forgotten = columns - texts - set(CHOSEN) - set(LEFT_OUT)
    assert not forgotten, f"a new column: say how it reads, or why it is left out: {forgotten}"


def _in_page(client: Client, address: str) -> str:
    """What a reader finds, without the contents."""
    page = client.page(address)
    assert page.soup is not None
    main = page.soup.find("main")
    assert main is not None
    for part in main.find_all("nav"):
        part.decompose()
    return " ".join(main.get_text(" ").split())


def _in_file(client: Client, address: str) -> str:
    """The same of the Word file."""
    file = docx.Document(io.BytesIO(client.get(address).data))
    texts = [item.text for item in file.paragraphs if not item.style.name.startswith("toc")]
    texts += [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join(texts).split())


@pytest.mark.parametrize("form", ["page", "file"])
def test_every_field_that_a_person_fills_in_stands_in_the_invulschema_once(
    client: Client, cast: Cast, form: str
) -> None:
    plan_id = _fill(cast)
    client.as_(cast.clerk)
    address = f"/almere/trajecten/{plan_id}/invulschema"
    words = _in_page(client, address) if form == "page" else _in_file(client, f"{address}.docx")
    wrong = {}
    for name, wanted in _filled_in().items():
        count = words.replace(":", "").count(" ".join(wanted.replace(":", "").split()))
        if (name in REFERRED and count < 1) or (name not in REFERRED and count != 1):
            wrong[name] = count
    assert not wrong, words
