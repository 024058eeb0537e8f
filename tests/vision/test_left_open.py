"""“Dit weten we niet” and “later” where a step is filled with cards."""

from typing import Any

import pytest

from tests.client import Client, Page
from tests.factories import Cast, make_goal, make_link, make_need, make_plan, make_story, make_value
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.evidence.follow_up import operations as follow_up
from workbench.evidence.follow_up.models import Certainty, Part
from workbench.vision import queries
from workbench.vision.models import Goal, LeftOpen, Plan
from workbench.vision.operations import add_goal, add_value, leave_open, take_up
from workbench.vision.steps import AnswerState, StepState, states

PAGES = {5: "nodig", 7: "kosten", 8: "sturen"}


def _goals() -> tuple[Plan, Goal, Goal]:
    plan = make_plan()
    value = make_value(plan)
    first, second = make_goal(value), make_goal(value, "zij elkaar kennen")
    return plan, first, second


def _address(plan: Plan, number: int) -> str:
    return f"/almere/trajecten/{plan.id}/stappen/{number}/openlaten"


def _press(client: Client, plan: Plan, number: int, **form: str) -> Page:
    """Press a button, and see where that leads."""
    return client.page(client.send(_address(plan, number), **form).response.location)


def _kept() -> list[tuple[int, Any, str]]:
    return [(item.number, item.goal_id, item.state.value) for item in db.query(LeftOpen)]


@pytest.mark.parametrize(("number", "where"), PAGES.items())
def test_of_each_goal_a_group_can_say_that_it_does_not_know(
    client: Client, cast: Cast, number: int, where: str
) -> None:
    plan, goal, other = _goals()
    make_need(other)
    make_link(other)
    db.commit()
    client.as_(cast.councillor)
    said = _press(client, plan, number, goal=str(goal.id), state="unknown")
    assert "Opgeschreven: dit weten we niet." in said.words
    assert "Dit weten we niet, zei " in said.words
    assert _kept() == [(number, goal.id, "unknown")]
    document = client.page(f"/almere/trajecten/{plan.id}/invulschema").words
    assert f"{goal.whole_sentence} {plan.step(number).position} dit weten we niet" in document
    back = _press(client, plan, number, goal=str(goal.id), state="")
    assert "Dat is teruggenomen." in back.words
    assert _kept() == []
    assert "Dit weten we niet, zei" not in client.page(f"/almere/trajecten/{plan.id}/{where}").words


def test_later_leaves_a_goal_open_and_goes_on_to_the_next(client: Client, cast: Cast) -> None:
    plan, first, second = _goals()
    db.commit()
    client.as_(cast.councillor)
    sent = client.send(_address(plan, 5), goal=str(first.id), state="later")
    assert sent.response.location.endswith(f"#doel-{second.id}")
    last = client.send(_address(plan, 5), goal=str(second.id), state="later")
    assert last.response.location.endswith("/nodig"), "nothing is left that was not put off"
    assert client.page(f"/almere/trajecten/{plan.id}/nodig").words.count("Op “later” gezet door") == 2
    assert client.page(f"/almere/trajecten/{plan.id}/kosten").status == 409, "nothing is said of needs yet"


def test_money_may_follow_where_the_group_does_not_know_what_is_needed(client: Client, cast: Cast) -> None:
    plan, goal, other = _goals()
    leave_open(plan, 5, AnswerState.UNKNOWN, cast.clerk.id, goal.id)
    db.commit()
    costs = client.as_(cast.clerk).page(f"/almere/trajecten/{plan.id}/kosten")
    assert "Wat hiervoor nodig is, weet de groep niet." in costs.words
    follow_up.add(goal, Part.COST, None, name="Ruimte", yearly=1, certainty=Certainty.GUESS)
    with pytest.raises(Conflict, match="Zeg eerst wat voor dit doel nodig is"):
        follow_up.add(other, Part.COST, None, name="Ruimte", yearly=1, certainty=Certainty.GUESS)


@pytest.mark.parametrize(("state", "shown"), [("unknown", StepState.UNKNOWN), ("later", StepState.LATER)])
def test_a_whole_step_with_cards_can_be_left_open(
    client: Client, cast: Cast, state: str, shown: StepState
) -> None:
    plan = make_plan()
    db.commit()
    client.as_(cast.councillor)
    _press(client, plan, 2, state=state)
    assert states(queries.facts_of(plan))[2] is shown
    assert states(queries.facts_of(plan))[4] is StepState.BLOCKED, "a goal needs a value to stand under"
    value = add_value(plan, None, name="Nabijheid", counter_value="Rust")
    db.commit()
    assert _kept() == []
    assert "Later" in client.page(f"/almere/trajecten/{plan.id}/doelen").words
    _press(client, plan, 4, state=state)
    assert states(queries.facts_of(plan))[4] is shown
    goal = add_goal(plan, None, values=[value], sentence="zij elkaar kennen")
    db.commit()
    said = _press(client, plan, 6, state=state)
    assert said.status == 200
    assert states(queries.facts_of(plan))[6] is shown
    assert states(queries.facts_of(plan))[8] is (StepState.BLOCKED if state == "later" else StepState.TODO), (
        "who does not know goes on, and the monitor says so"
    )
    make_story(goal)
    db.commit()
    assert _kept() == []


def test_a_card_ends_what_was_left_open(cast: Cast) -> None:
    plan, goal, _other = _goals()
    for number in PAGES:
        leave_open(plan, number, AnswerState.LATER, None, goal.id)
        leave_open(plan, number, AnswerState.UNKNOWN, cast.clerk.id, goal.id)
    assert [state for _number, _goal, state in _kept()] == ["unknown"] * 3
    make_need(goal)
    follow_up.add(goal, Part.COST, None, name="Ruimte", yearly=1, certainty=Certainty.GUESS)
    follow_up.add(goal, Part.STEERING, None, moment="kadernota")
    assert _kept() == []
    take_up(plan.id, 5, goal.id)


def test_only_goals_of_the_plan_and_steps_with_cards_can_be_left_open(client: Client, cast: Cast) -> None:
    plan, goal, _other = _goals()
    elsewhere = make_goal(make_value(make_plan("Een ander traject")))
    db.commit()
    client.as_(cast.councillor)
    assert client.send(_address(plan, 5), goal=str(elsewhere.id), state="unknown").status == 404
    assert client.send(_address(plan, 5), goal="zo maar iets", state="unknown").status == 404
    for number, form in ((1, {}), (5, {}), (4, {"goal": str(goal.id)})):
        assert client.send(_address(plan, number), state="unknown", **form).status == 409
    client.as_(cast.officer)
    assert client.send(_address(plan, 5), goal=str(goal.id), state="unknown").status == 403
    assert _kept() == []
