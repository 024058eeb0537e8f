"""Looking over the cards of a step before it is finished."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.client import Client, Page
from tests.factories import (
    Cast,
    make_goal,
    make_link,
    make_need,
    make_plan,
    make_request,
    make_story,
    make_value,
)
from workbench.core.db import db
from workbench.evidence.follow_up import operations as follow_up
from workbench.evidence.follow_up.models import Certainty, Part
from workbench.vision import queries
from workbench.vision.models import Goal, Plan
from workbench.vision.operations import leave_open, save_answer
from workbench.vision.steps import AnswerState


def _full_plan() -> tuple[Plan, Goal]:
    """Of every kind a card under one goal, and a second goal without any."""
    plan = make_plan()
    value = make_value(plan, own_words="Hulp dichtbij.", counter_value="Deskundigheid")
    goal = make_goal(value, target_group="ouderen", horizon=2030)
    make_goal(value, "zij elkaar kennen")
    make_link(goal, reason="Het telt wie er woont.")
    make_story(goal, "Gesprekken in de wijk")
    make_request(goal, wanted="Wachttijd per wijk")
    make_need(goal, change="Een vast gezicht")
    follow_up.add(goal, Part.COST, None, name="Ruimte", yearly=71018, certainty=Certainty.GUESS)
    follow_up.add(goal, Part.STEERING, None, moment="kadernota", owner="Commissie Sociaal")
    for asked in queries.asked_of(plan):
        if asked.question.required:
            save_answer(asked.question, AnswerState.UNKNOWN, "", None)
    db.commit()
    return plan, goal


def _check(plan: Plan, number: int) -> str:
    return f"/almere/trajecten/{plan.id}/stappen/{number}/nakijken"


def _changing(page: Page) -> list[str]:
    assert page.soup is not None
    return [str(link["href"]) for link in page.soup.select("main a[href*='terug=']")]


SHOWN = [
    (2, ["Nabijheid", "Schuurt met Deskundigheid. Hulp dichtbij."]),
    (4, ["Waarden: Nabijheid", "Om wie het vooral gaat: ouderen", "in 2030"]),
    (5, ["Een vast gezicht", "De gemeente: ", "Nog niets opgeschreven."]),
    (6, ["Het telt wie er woont.", "Verhalen: Gesprekken in de wijk.", "Wachttijd per wijk"]),
    (7, ["Ruimte", "Elk jaar 71.018 euro", "Hoe zeker: eerste inschatting"]),
    (8, ["Kadernota", "Commissie Sociaal"]),
]


@pytest.mark.parametrize(("number", "words"), SHOWN)
def test_the_cards_of_a_step_are_looked_over_then_the_step_is_finished(
    client: Client, cast: Cast, query_count: list[str], number: int, words: list[str]
) -> None:
    plan, _goal = _full_plan()
    client.as_(cast.councillor)
    query_count.clear()
    page = client.page(_check(plan, number))
    assert len(query_count) <= 12
    for expected in words:
        assert expected in page.words
    assert _changing(page)
    sent = client.send(f"/almere/trajecten/{plan.id}/stappen/{number}/afronden")
    assert sent.response.location == f"/almere/trajecten/{plan.id}"
    db.refresh(plan)
    assert plan.step(number).finished_at


@pytest.mark.parametrize("number", [2, 4, 5, 6, 7, 8])
def test_each_card_opens_to_be_changed_and_leads_back(client: Client, cast: Cast, number: int) -> None:
    plan, _goal = _full_plan()
    client.as_(cast.councillor)
    here = _check(plan, number)
    for address in _changing(client.page(here)):
        assert parse_qs(urlsplit(address).query)["terug"] == [here]
        form = client.page(address)
        assert "Terug naar het nakijken" in form.words, address
        assert client.submit(address).response.request.path == here, address


def test_a_card_leads_back_to_no_other_site(client: Client, cast: Cast) -> None:
    _plan, goal = _full_plan()
    client.as_(cast.councillor)
    form = client.page(f"/almere/doelen/{goal.id}/bewerken?terug=https://kwaad.example/")
    assert "Terug naar het nakijken" not in form.words


def test_what_was_left_open_stands_among_the_cards(client: Client, cast: Cast) -> None:
    plan, goal = _full_plan()
    other = db.query(Goal).filter(Goal.id != goal.id).one()
    leave_open(plan, 7, AnswerState.UNKNOWN, cast.clerk.id, other.id)
    empty = make_plan("Nog leeg")
    leave_open(empty, 2, AnswerState.LATER, None)
    db.commit()
    client.as_(cast.councillor)
    assert "Dit weten we niet, zei " in client.page(_check(plan, 7)).words
    assert "Op “later” gezet op" in client.page(_check(empty, 2)).words
