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
from workbench.rounds.methods import Method
from workbench.rounds.operations import Reply
from workbench.showcase.arrival.models import Origin
from workbench.showcase.arrival.operations import settle
from workbench.showcase.content import KEPT_ANSWERS, SHARED_ANSWERS, PlanContent, SharedAnswer
from workbench.showcase.queries import content_of
from workbench.vision import operations as vision
from workbench.vision.choosing.operations import decide, merge_values
from workbench.vision.models import Plan, Value
from workbench.vision.together import operations as together

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
}
# Marked by hand below, per question; and what must keep its meaning for the plan to be found at all.
NOT_MARKED = {"answer.value", "plan_question.key", "link.rests_until"}
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
    given = {str(near.key): 60, str(trust.key): 40}
    cast_ballot(asked, cast.councillor, Reply({"points": given}, "Mijn reden.", True, "Mijn minderheid."))
    act_for(db, cast.almere.id)
    return plan


def touched() -> list[sa.Table]:
    """The tables of a council, but for its members and their ways in."""
    without = {"membership", "invitation", "door", "api_token", "shared_template", "adoption"}
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
    before = json.dumps(content_of(full).model_dump(mode="json"), ensure_ascii=False)
    assert "Daarom." in before
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
        if seen in json.dumps(content_of(full).model_dump(mode="json"), ensure_ascii=False):
            found.add(name)
        savepoint.rollback()
        db.expire_all()
    assert found == {name for name in GOES_ALONG if not name.endswith(".key")}
    assert set(refused) == STAYS_AS_IT_IS


def test_no_id_of_a_row_goes_along_but_the_keys_of_cards(full: Plan, cast: Cast) -> None:
    text = json.dumps(content_of(full).model_dump(mode="json"))
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
    for wrong in ({"version": 2}, {"members": ["Ilse"]}):
        with pytest.raises(ValidationError):
            PlanContent.model_validate({"values": [], "goals": [], "answers": [], **wrong})


def test_a_plan_of_another_council_has_nothing_to_share(full: Plan, cast: Cast) -> None:
    plan = db.get_one(Plan, full.id)
    act_as(db, None)
    act_for(db, cast.breda.id)
    content = content_of(plan)
    assert (content.values, content.goals, content.answers) == ((), (), ())
    assert db.scalars(sa.select(Value)).all() == []
