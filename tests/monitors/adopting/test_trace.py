"""The trace shows an auditor how each figure came into a decision, and nothing that is not open."""

import pytest
import sqlalchemy as sa

from tests.client import Client
from tests.factories import Cast, make_figure_question, make_goal, make_link, make_plan, make_value
from workbench.accounts.models import Role
from workbench.core.db import db
from workbench.monitors import operations as monitors
from workbench.monitors.building import build_blocks
from workbench.monitors.conversation import operations as conversation
from workbench.monitors.conversation.states import Act
from workbench.monitors.models import Monitor
from workbench.vision.models import Plan
from workbench.vision.steps import EVIDENCE, GOALS

REASON = "Om te weten om hoeveel mensen het gaat."


@pytest.fixture
def plan(client: Client, cast: Cast) -> Plan:
    plan = make_plan()
    value = make_value(plan)
    goal = make_goal(value)
    make_link(goal)
    build_blocks()
    monitor = db.scalars(sa.select(Monitor)).one()
    monitors.publish(monitor, monitor.draft, None)
    asked = make_figure_question(goal, cast.councillor, cast.clerk)
    conversation.act(asked, Act.ANSWER, cast.clerk.id, "Dat komt door de nieuwe wijk.")
    db.commit()
    client.as_(cast.clerk).submit(f"/almere/trajecten/{plan.id}/vaststellen", confirmed="y")
    make_goal(value, "kinderen een plek vinden")
    db.commit()
    return plan


def trace(plan: Plan) -> str:
    return f"/almere/trajecten/{plan.id}/spoor"


def test_from_goal_to_decision_everything_stands_in_order(client: Client, cast: Cast, plan: Plan) -> None:
    page = client.as_(cast.councillor).page(trace(plan))
    said = (
        "vastgesteld door de gemeenteraad van Almere op",
        "In vier jaar merken inwoners dat zij in de buurt hulp vinden",
        "Nabijheid",
        "Inwoners op 1 januari",
        REASON,
        "CBS",
        "versie 1.0",
        "Antwoord: Dat komt door de nieuwe wijk.",
        "kinderen een plek vinden",
        "nog in geen enkele vastgestelde versie",
    )
    places = [page.words.find(words, page.words.find("Besluiten van de raad")) for words in said]
    assert -1 not in places, dict(zip(said, places, strict=True))


def test_one_goal_can_be_chosen(client: Client, cast: Cast, plan: Plan) -> None:
    page = client.as_(cast.councillor).page(trace(plan))
    one = client.page(page.link("kinderen een plek vinden"))
    assert REASON not in one.words
    assert client.page(one.link("Alle doelen")).words.count(REASON) == 1
    assert client.get(f"{trace(plan)}?doel=x").status_code == 404


def test_what_is_not_open_to_a_reader_is_not_in_the_trace(client: Client, cast: Cast, plan: Plan) -> None:
    client.as_(cast[Role.AUDITOR])
    assert client.page(trace(plan)).status == 403
    plan.open(GOALS)
    db.commit()
    page = client.page(trace(plan))
    assert REASON not in page.words
    assert "nog niet opengesteld" in page.words
    plan.open(EVIDENCE)
    db.commit()
    assert REASON in client.page(trace(plan)).words
