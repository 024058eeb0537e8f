"""What goes along when a plan is shared, and what never does: a mark in every column, and only the listed ones arrive."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.orm import Session

from seeds import read
from tests.factories import (
    Cast,
    cast_ballot,
    load_own_figures,
    make_answer,
    make_event,
    make_goal,
    make_link,
    make_need,
    make_plan,
    make_question,
    make_request,
    make_story,
    make_value,
    question_of,
)
from workbench.core.db import Base, db
from workbench.core.tenancy import act_as, act_for
from workbench.evidence.asking.operations import pass_over
from workbench.evidence.focus.operations import set_size
from workbench.evidence.follow_up.models import Certainty, Part
from workbench.evidence.follow_up.operations import add
from workbench.evidence.measuring.models import Aiming, Side
from workbench.evidence.measuring.operations import measure
from workbench.indicators.catalogue import Direction
from workbench.indicators.queries import find_indicator
from workbench.monitors import operations as monitors
from workbench.monitors.format import Question, Quote, Section, Text, add_block, add_section, to_json
from workbench.monitors.models import Monitor, MonitorFormat
from workbench.rounds.methods import Method
from workbench.rounds.operations import Reply
from workbench.showcase import parts
from workbench.showcase.arrival.models import Origin
from workbench.showcase.arrival.operations import settle
from workbench.showcase.content import KEPT_ANSWERS, SHARED_ANSWERS, PlanContent, SharedAnswer
from workbench.showcase.models import TemplateKind
from workbench.showcase.parts import Subject
from workbench.showcase.queries import content_of
from workbench.vision import operations as vision
from workbench.vision.choosing.operations import decide, merge_values
from workbench.vision.models import Goal, Plan, Value
from workbench.vision.together import operations as together
from workbench.workshops.kinds import Kind
from workbench.workshops.models import Activity, Attendee, Contribution, SignUp, Workshop

QUOTED = UUID("5f0c3a52-7a4e-4d5e-9d41-0b6a4f7f0a11")  # of a passage in a monitor

# The columns whose content goes along, of the cards of a plan. A new column is not here, so it must not arrive.
GOES_ALONG = {
    *(f"value.{name}" for name in ("name", "own_words", "seen_when", "not_this", "short_changed")),
    *("value.counter_value", "value.bottom_line", "value.mark", "value.revision", "value.key"),
    *(f"goal.{name}" for name in ("sentence", "target_group", "horizon", "laws", "revision", "key")),
    *(f"need.{name}" for name in ("change", "players", "room", "not_doing", "revision", "key")),
    *(f"information_question.{name}" for name in ("text", "revision", "key")),
    *(f"link.{name}" for name in ("reason", "not_saying", "revision", "key")),
    *(f"measuring.{name}" for name in ("direction_reason", "reading_up", "reading_down", "revision", "key")),
    *(f"story_link.{name}" for name in ("reason", "not_saying", "revision", "key")),
    *(f"steering.{name}" for name in ("moment", "instrument", "revision", "key")),
    "own_indicator.name",
    # Of the questions that a council added to its steps, and of the activities of a workshop.
    *(f"plan_question.{name}" for name in ("number", "text", "help", "example")),
    *(f"activity.{name}" for name in ("title", "question", "explanation", "minutes", "materials")),
}
# Marked by hand below, per question; and what must keep its meaning for the plan to be found at all.
NOT_MARKED = {"answer.value", "plan_question.key", "link.rests_until", "monitor.published"}
# PostgreSQL refuses these marks: what is only added to, what is unique or has bounds. No text of a plan is among them.
STAYS_AS_IT_IS = {
    *(f"audit_entry.{name}" for name in ("at", "action", "object_type", "facts")),
    *(f"monitor_format.{name}" for name in ("number", "tree", "change", "made_at", "follows")),
    *(f"question_step.{name}" for name in ("at", "text", "due_on")),
    *(f"question_snapshot.{name}" for name in ("language", "content")),
    *(f"adopted_version.{name}" for name in ("major", "minor", "format_number", "adopted_on", "decided_by")),
    *(f"adopted_version.{name}" for name in ("frozen_at", "hash")),
    *(f"adopted_part.{name}" for name in ("position", "key", "hash", "withdrawn_at")),
    *(f"publication_chart.{name}" for name in ("language", "version")),
    *(f"publication_page.{name}" for name in ("language", "content")),
    *("consent.given_at", "consent.form_version", "consent.ends_on"),
    *("publication_picture.language", "figure_signal.day", "figure_signal.period"),
    *("focus_set.size", "plan_step.number", "own_observation.period", "measuring.band_low"),
}
# Constraints that tie columns together.
PAIRED = {"measuring.signal_side", "measuring.aiming"}


@pytest.fixture
def full(cast: Cast) -> Plan:
    """A plan with a row in every table that it touches."""
    plan = make_plan(werkgroep={str(cast.councillor.id): "Groen"})
    near, trust, choice = (make_value(plan, name) for name in ("Nabijheid", "Vertrouwen", "Keuze"))
    for value in (near, trust, choice):
        vision.save_card(value, {"minority_view": "Twee leden zien dit anders."}, by=None)
    merge_values(make_value(plan, "Dichtbij"), near)
    decide(plan, None, [near, trust, choice], reasons="Hierom.", minority_view="Toch anders.")
    goal = make_goal(near, owner="De wethouder Zorg", area="Haven", laws=["wmo"], horizon=2030)
    make_need(goal, players="huisartsen", room="Veel.", not_doing="Geen loket.")
    add(goal, Part.COST, None, name="Team", once=5, yearly=6, cover="pot", certainty=Certainty.GUESS)
    add(goal, Part.STEERING, None, moment="kadernota", instrument="motie", on=date(2027, 1, 1), owner="Griffie", note="?")  # fmt: skip
    link = make_link(goal)
    measure(
        link,
        [],
        None,
        baseline_period="",
        aiming=Aiming.AIM,
        aims="2030: 5",
        signal_side=Side.ABOVE,
        signal_limit=7.5,
        direction=Direction.BAND,
        direction_reason="Daarom.",
        band_low=1.5,
        band_high=2.5,
        reading_up="Op.",
        reading_down="Neer.",
    )
    make_link(goal, load_own_figures())
    make_story(goal, collected_on=date(2026, 3, 3), collector="Wijkteam")
    make_question(goal)
    make_request(goal)
    make_event()
    indicator = find_indicator("huishoudensgrootte")
    assert indicator
    pass_over(goal, indicator, date(2027, 5, 5))
    settle(plan.id, uuid4(), Origin.OWN, moment="kadernota")
    set_size(plan.id, 9)
    vision.skip_step(plan, 3, "Overgeslagen.", None)
    vision.add_question(plan, 5, {"text": "Eigen?", "help": "", "example": "", "kind": "long"})
    asked = together.ask_weight(plan, [near, trust], Method.POINTS, None)
    db.flush()
    publish_monitor(plan, goal)
    make_workshop(plan)
    given = {str(near.key): 60, str(trust.key): 40}
    cast_ballot(asked, cast.councillor, Reply({"points": given}, "Mijn reden.", True, "Mijn minderheid."))
    act_for(db, cast.almere.id)
    return plan


def publish_monitor(plan: Plan, goal: Goal) -> Monitor:
    """With a text and a question for readers, a quote, and what is hidden from them."""
    db.flush()
    monitors.propose_monitors()
    db.flush()
    monitor = db.scalars(sa.select(Monitor).where(Monitor.plan_id == plan.id)).one()
    made = monitors.format_of(monitor, monitor.draft)
    section = made.sections[0].id
    for block in (
        Text(id=uuid4(), text="Lees dit samen."),
        Question(id=uuid4(), text="Wat valt op?"),
        Text(id=uuid4(), text="Verborgen tekst.", hidden=True),
        Quote(id=uuid4(), goal_id=goal.id, excerpt_id=QUOTED),
    ):
        made = add_block(made, block, section)
    hidden = Section(
        id=uuid4(),
        title="Verborgen deel",
        hidden=True,
        blocks=(Text(id=uuid4(), text="Ook verborgen."),),
    )
    number = monitor.draft + 1
    db.add(
        MonitorFormat(
            monitor_id=monitor.id,
            number=number,
            follows=monitor.draft,
            tree=to_json(add_section(made, hidden)),
            change={"what": "proposed"},
        )
    )
    monitor.draft = monitor.published = number
    db.flush()
    return monitor


def make_workshop(plan: Plan) -> Workshop:
    """That was held: somebody signed up, joined and sent a card."""
    workshop = Workshop(
        title="Leeratelier", purpose="Leren.", place="Zaal 3", size=12, plan_id=plan.id,
        starts_at=datetime(2027, 1, 1, tzinfo=UTC), code="BOOM12", factions=["Groen"], councils=["Almere"],
    )  # fmt: skip
    activity = Activity(
        workshop_id=workshop.id, position=1, kind=Kind.DOTS, title="Stippen", question="Wat eerst?",
        explanation="Plak drie stippen.", note="Let op Ilse.", materials="Stickers", minutes=15,
        settings={"dots": 3, "options": [{"key": str(uuid4()), "label": "Nabijheid", "counter": "Keuze"}], "block_id": str(uuid4())},
    )  # fmt: skip
    attendee = Attendee(workshop_id=workshop.id, device_hash="x", first_name="Ilse", faction="Groen", council="Almere")  # fmt: skip
    for thing in (workshop, activity, attendee):
        db.add(thing)
        db.flush()
    db.add_all(
        [
            Contribution(activity_id=activity.id, attendee_id=attendee.id, part="", text="Mijn inbreng."),
            SignUp(workshop_id=workshop.id, name="Ilse", email="ilse@example.org"),
        ]
    )
    db.flush()
    return workshop


def every_content(plan: Plan) -> dict[TemplateKind, PlanContent]:
    """Of every kind of template: what goes along of this plan, its monitor and its workshop."""
    monitor = db.scalars(sa.select(Monitor)).one()
    workshop = db.scalars(sa.select(Workshop)).one()
    things = {
        TemplateKind.PLAN: (plan, plan),
        TemplateKind.VALUES: (plan, plan),
        TemplateKind.GOAL: (plan, db.scalars(sa.select(Goal)).one()),
        TemplateKind.FORMAT: (plan, monitor),
        TemplateKind.STEPS: (plan, plan),
        TemplateKind.SCRIPT: (None, workshop),
    }
    return {
        kind: parts.content_of(Subject(kind, thing.id, of, "", thing)) for kind, (of, thing) in things.items()
    }


def everything(plan: Plan) -> str:
    found = every_content(plan).values()
    return json.dumps([content.model_dump(mode="json") for content in found], ensure_ascii=False)


def touched() -> list[sa.Table]:
    """The tables of a council, but for its members and their ways in."""
    without = {
        "membership",
        "invitation",
        "door",
        "api_token",
        "shared_template",
        "template_grant",
        "adoption",
    }
    without |= {"adopter", "template_note", "template_answer"}  # of sharing itself
    tables = Base.metadata.sorted_tables
    return [table for table in tables if "council_id" in table.c and table.name not in without]


def marks() -> Iterator[tuple[str, sa.Column[Any], Any, str]]:
    """Every plain column, with something to put there that stands nowhere else, and how that looks in JSON."""
    for number, column in enumerate(column for table in touched() for column in table.c):
        name = f"{column.table.name}.{column.name}"
        if column.primary_key or column.foreign_keys or name in NOT_MARKED | PAIRED:
            continue
        word = f"⟦{name}⟧"
        kind = column.type
        if isinstance(kind, sa.Enum | sa.Boolean | sa.Uuid) or column.computed is not None:
            continue  # too few words to tell apart; the fields are named in content.py
        if isinstance(kind, sa.ARRAY):
            if isinstance(kind.item_type, sa.Text):
                yield name, column, [word], word
        elif isinstance(kind, sa.JSON):
            yield name, column, {"marked": word}, word
        elif isinstance(kind, sa.Text):
            yield name, column, word, word
        elif isinstance(kind, sa.DateTime):
            moment = datetime(2150, 1, 1, tzinfo=UTC) + timedelta(days=number)
            yield name, column, moment, moment.date().isoformat()
        elif isinstance(kind, sa.Date):
            day = date(2160, 1, 1) + timedelta(days=number)
            yield name, column, day, day.isoformat()
        elif isinstance(kind, sa.Integer | sa.Double | sa.Numeric):
            yield name, column, 700_000 + number, str(700_000 + number)


def test_of_every_column_of_every_table_only_what_is_listed_goes_along(full: Plan, session: Session) -> None:
    """Each column in turn gets its mark everywhere, in a savepoint; then we look for it in what would be shared."""
    before = everything(full)
    for there in ("Daarom.", "Lees dit samen.", "Wat valt op?", "Eigen?", "Stippen", "Nabijheid"):
        assert there in before
    for never in ("Ilse", "Mijn inbreng", "BOOM12", "Verborgen", "Ook verborgen", "Zaal 3", str(QUOTED)):
        assert never not in before
    refused, found = [], set()
    tried = list(marks())
    assert len(tried) > 150
    for name, column, value, seen in tried:
        savepoint = db.begin_nested()
        try:
            db.execute(sa.update(column.table).values({column: value}))
        except sa.exc.DBAPIError:
            savepoint.rollback()
            refused.append(name)
            continue
        db.expire_all()
        if seen in everything(full):
            found.add(name)
        savepoint.rollback()
        db.expire_all()
    assert found == {name for name in GOES_ALONG if not name.endswith(".key")}
    assert set(refused) == STAYS_AS_IT_IS


def test_no_id_of_a_row_goes_along_but_the_keys_of_cards(full: Plan, cast: Cast) -> None:
    text = everything(full)
    ids: set[UUID] = {cast.almere.id, cast.councillor.id, cast.clerk.id}
    shared, kept = set(), set()
    for table in touched():
        for row in db.execute(sa.select(table)).mappings():
            ids |= {value for name, value in row.items() if isinstance(value, UUID) and "key" not in name}
            if isinstance(row.get("key"), UUID):
                (shared if f"{table.name}.key" in GOES_ALONG else kept).add(row["key"])
    assert len(ids) > 50
    assert len(kept) > 5
    assert [value for value in ids | kept if str(value) in text] == []
    assert len([key for key in shared if str(key) in text]) >= 11


def test_every_question_of_the_step_plan_says_whether_its_answer_goes_along() -> None:
    asked = {question.key for step in read.stepplan() for question in step.questions}
    assert asked == SHARED_ANSWERS | KEPT_ANSWERS
    assert not SHARED_ANSWERS & KEPT_ANSWERS


def test_nothing_about_people_days_and_money_is_among_the_answers_that_go_along() -> None:
    for step in read.stepplan():
        for question in step.questions:
            if question.kind in ("people", "date", "number"):
                assert question.key in KEPT_ANSWERS, question.key


def test_of_the_answers_only_the_listed_go_along(full: Plan) -> None:
    for key in SHARED_ANSWERS | KEPT_ANSWERS:
        make_answer(full, key, f"⟦{key}⟧")
    found = content_of(full).answers
    assert {answer.question for answer in found} == SHARED_ANSWERS
    assert {answer.text for answer in found} == {f"⟦{key}⟧" for key in SHARED_ANSWERS}


def test_an_answer_to_a_question_that_was_left_out_stays_at_home(cast: Cast) -> None:
    plan = make_plan()
    make_answer(plan, "nodig-niet", "Geen loket.")
    assert SharedAnswer(question="nodig-niet", text="Geen loket.") in content_of(plan).answers
    vision.leave_out(question_of(plan, "nodig-niet"))
    db.flush()
    assert not [answer for answer in content_of(plan).answers if answer.question == "nodig-niet"]


def test_what_rests_what_merged_and_what_was_not_chosen_stays_at_home(full: Plan) -> None:
    thought = make_value(full, "Zuinigheid")
    names = {value.name for value in content_of(full).values}
    assert names == {"Nabijheid", "Vertrouwen", "Keuze"}
    make_goal(thought, "er iets overblijft")
    assert "Zuinigheid" in {value.name for value in content_of(full).values}, "a goal stands under it"


def test_a_content_of_an_unknown_form_is_refused() -> None:
    for wrong in ({"version": 2}, {"members": ["Ilse"]}, {"script": [{"note": "Voor mij"}]}):
        with pytest.raises(ValidationError):
            PlanContent.model_validate({"values": [], "goals": [], "answers": [], **wrong})


def test_a_plan_of_another_council_has_nothing_to_share(full: Plan, cast: Cast) -> None:
    plan = db.get_one(Plan, full.id)
    act_as(db, None)
    act_for(db, cast.breda.id)
    content = content_of(plan)
    assert (content.values, content.goals, content.answers) == ((), (), ())
    assert db.scalars(sa.select(Value)).all() == []


def test_a_part_holds_no_more_than_that_part(full: Plan) -> None:
    found = every_content(full)
    whole = found[TemplateKind.PLAN]
    values, goal, format_ = (
        found[kind] for kind in (TemplateKind.VALUES, TemplateKind.GOAL, TemplateKind.FORMAT)
    )
    assert values == PlanContent(values=whole.values)
    assert goal.goals == whole.goals
    assert {value.key for value in goal.values} == set(whole.goals[0].values)
    assert format_.answers == ()
    assert {item.key for item in format_.goals} <= {item.key for item in whole.goals}
    for section in format_.sections:
        for block in section.blocks:
            assert block.goal is None or format_.goal(block.goal)
            assert block.figure is None or format_.figure(block.figure)
    assert found[TemplateKind.STEPS] == PlanContent(own_questions=found[TemplateKind.STEPS].own_questions)
    assert [(item.step, item.text) for item in found[TemplateKind.STEPS].own_questions] == [(5, "Eigen?")]
    [activity] = found[TemplateKind.SCRIPT].script
    assert activity.settings.dots == 3
    assert [(option.label, option.counter) for option in activity.settings.options] == [
        ("Nabijheid", "Keuze")
    ]


def test_a_monitor_that_is_not_published_has_nothing_to_share(full: Plan) -> None:
    monitor = db.scalars(sa.select(Monitor)).one()
    monitor.published = None
    assert parts.content_of(Subject(TemplateKind.FORMAT, monitor.id, full, "", monitor)).is_empty
