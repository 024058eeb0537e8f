"""Every kind of card in a plan saves itself, keeps its earlier versions, and shows two people each other's text."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from tests.client import Client, Page, form_values
from tests.factories import (
    Cast,
    make_goal,
    make_link,
    make_measuring,
    make_need,
    make_plan,
    make_question,
    make_request,
    make_story,
    make_value,
)
from workbench.core.cards import Card, revisions
from workbench.core.db import db
from workbench.evidence.focus.operations import rest
from workbench.evidence.follow_up.models import Certainty, Part
from workbench.evidence.follow_up.operations import add
from workbench.evidence.models import Link
from workbench.stories.models import StorySource
from workbench.vision.choosing.models import ValueDecision
from workbench.vision.choosing.operations import decide
from workbench.vision.models import Goal, Plan, PlanStatus, Value

JSON = {"Accept": "application/json"}


@dataclass(frozen=True)
class Kind:
    """A card to make, where it is changed, and one of its fields with a first and a second new value."""

    make: Callable[[Goal], tuple[Any, str]]
    field: str
    first: str
    second: str
    words: str = ""  # how the first reads, when it is not as it was typed

    @property
    def reads(self) -> str:
        return self.words or self.first


def _link(goal: Goal) -> tuple[Any, str]:
    link = make_link(goal)
    return link, f"koppelingen/{link.id}"


def _measuring(goal: Goal) -> tuple[Any, str]:
    link = make_link(goal)
    return make_measuring(link), f"koppelingen/{link.id}/meten"


def _cost(goal: Goal) -> tuple[Any, str]:
    make_need(goal)
    content = {"name": "Een vast gezicht", "once": None, "yearly": 50_000, "certainty": Certainty.GUESS}
    card = add(goal, Part.COST, None, **content)
    return card, f"kosten/{card.id}/bewerken"


def _steering(goal: Goal) -> tuple[Any, str]:
    make_link(goal)
    card = add(goal, Part.STEERING, None, moment="kadernota", on=date(2027, 6, 10))
    return card, f"sturing/{card.id}/bewerken"


def _need(goal: Goal) -> tuple[Any, str]:
    card = make_need(goal)
    return card, f"nodig/{card.id}/bewerken"


def _question(goal: Goal) -> tuple[Any, str]:
    card = make_question(goal)
    return card, f"informatievragen/{card.id}"


def _request(goal: Goal) -> tuple[Any, str]:
    card = make_request(goal)
    return card, f"verzoeken/{card.id}"


def _story_link(goal: Goal) -> tuple[Any, str]:
    card = make_story(goal)
    return card, f"verhaalkoppelingen/{card.id}"


def _story_source(goal: Goal) -> tuple[Any, str]:
    card = db.get_one(StorySource, make_story(goal).story_source_id)
    return card, f"verhaalbronnen/{card.id}"


def _decision(goal: Goal) -> tuple[Any, str]:
    plan = db.get_one(Plan, goal.plan_id)
    values = [*db.query(Value), make_value(plan, "Vertrouwen"), make_value(plan, "Vrijheid")]
    decision = decide(plan, None, values, reasons="Omdat wij dit het vaakst noemden.")
    return decision, f"trajecten/{plan.id}/waarden/besluit/bewerken"


def _plan(goal: Goal) -> tuple[Any, str]:
    return db.get_one(Plan, goal.plan_id), f"trajecten/{goal.plan_id}/naam"


def _value(_goal: Goal) -> tuple[Any, str]:
    value = db.query(Value).one()
    return value, f"waarden/{value.id}/bewerken"


def _goal(goal: Goal) -> tuple[Any, str]:
    return goal, f"doelen/{goal.id}/bewerken"


KINDS = {
    "plan": Kind(_plan, "title", "Jeugd in de wijk", "Ouderen in de wijk"),
    "value": Kind(_value, "own_words", "Hulp om de hoek.", "Hulp in elke buurt."),
    "decision": Kind(_decision, "reasons", "Omdat dit het vaakst schuurt.", "Omdat de wet het vraagt."),
    "goal": Kind(_goal, "actor", "region", "others", "gemeenten samen in de regio"),
    "link": Kind(_link, "quality", "proxy", "direct", "is een aanwijzing, meer niet"),
    "measuring": Kind(_measuring, "reading_up", "Er komen gezinnen bij.", "Er komen ouderen bij."),
    "information question": Kind(_question, "text", "Wie wacht het langst?", "Wie wacht op wie?"),
    "request": Kind(_request, "due_on", "1-9-2027", "1-10-2027", "1 september 2027"),
    "story link": Kind(_story_link, "reason", "Zij weten het.", "Zij horen het."),
    "story source": Kind(_story_source, "kind", "visits", "complaints", "werkbezoeken"),
    "need": Kind(_need, "task", "buy", "leave", "laten doen en betalen"),
    "cost": Kind(_cost, "certainty", "known", "estimate", "staat vast"),
    "steering": Kind(_steering, "note", "Hoeveel mensen wachten er?", "Wat kost het nu?"),
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


@pytest.fixture
def card(cast: Cast, kind: Kind) -> tuple[Any, str]:
    """A card that nobody touched for an hour, and the address of its form."""
    made, address = kind.make(make_goal(make_value(make_plan())))
    db.flush()
    made.edited_at -= timedelta(hours=1)
    db.commit()
    return made, f"/almere/{address}"


def typed(page: Page, **fields: str) -> dict[str, Any]:
    """What a browser sends for the form on this page, with these fields changed."""
    return {**form_values(page.form()), **fields}


def history_of(page: Page) -> str:
    return page.link("Bekijk eerdere versies")


def test_it_saves_while_somebody_types_as_one_version_a_sitting(
    client: Client, cast: Cast, kind: Kind, card: tuple[Card, str]
) -> None:
    made, address = card
    page = client.as_(cast.councillor).page(address)
    assert page.form().has_attr("data-autosave")
    for text in (kind.first, kind.second):
        fields = typed(page, **{kind.field: text}) | {"base_version": str(made.version)}
        answer = client.post(address, data=fields, headers=JSON)
        assert answer.status_code == 200, answer.text
        db.expire_all()
        assert answer.json == {"version": made.version, "saved_at": answer.json["saved_at"]}
    assert (made.version, made.revision) == (3, 2)
    assert len(revisions(made)) == 2


def test_two_people_on_it_each_see_the_other_in_words_and_nothing_is_lost(
    client: Client, cast: Cast, kind: Kind, card: tuple[Card, str]
) -> None:
    address = card[1]
    mine = typed(client.as_(cast.clerk).page(address), **{kind.field: kind.second})
    theirs = typed(client.as_(cast.councillor).page(address), **{kind.field: kind.first})
    assert client.post(address, data=theirs).status_code == 302

    answer = client.as_(cast.clerk).post(address, data=mine, headers=JSON)
    assert answer.status_code == 409
    assert [item["text"] for item in answer.json["theirs"]] == [kind.reads]
    page = client.send(address, **mine)
    assert page.status == 409
    assert page.soup is not None
    assert [quote.get_text(strip=True) for quote in page.soup.select("blockquote")] == [kind.reads]
    assert typed(page)[kind.field] == [kind.second]

    assert client.post(address, data=typed(page)).status_code == 302
    words = client.page(history_of(client.page(address))).words
    assert "Councillor van Almere" in words
    assert "Clerk van Almere" in words


def test_its_earlier_versions_show_what_changed_and_one_comes_back(
    client: Client, cast: Cast, kind: Kind, card: tuple[Card, str]
) -> None:
    made, address = card
    before = revisions(made)[0].content
    page = client.as_(cast.councillor).page(address)
    assert client.post(address, data=typed(page, **{kind.field: kind.first})).status_code == 302
    address = history_of(client.page(address))
    page = client.page(address)
    assert page.soup is not None
    changed = page.soup.select("section.wb-card")[0].select("dd")
    assert len(changed) == 1
    for gone in changed[0].select("del, .wb-visually-hidden"):
        gone.decompose()
    assert changed[0].get_text().split() == kind.reads.split()
    assert client.send(f"{address}/1").status == 302
    assert client.send(f"{address}/9").status == 409
    db.expire_all()
    newest, *_rest = revisions(made)
    assert (newest.content, newest.number) == (before, 3)


def test_who_may_not_write_sees_no_earlier_versions(
    client: Client, cast: Cast, card: tuple[Card, str]
) -> None:
    address = history_of(client.as_(cast.clerk).page(card[1]))
    assert client.as_(cast.officer).page(address).status == 403
    assert client.send(f"{address}/1").status == 403


def test_of_a_finished_plan_versions_are_read_and_none_is_put_back(
    client: Client, cast: Cast, kind: Kind, card: tuple[Card, str]
) -> None:
    address = history_of(client.as_(cast.clerk).page(card[1]))
    db.query(Plan).one().status = PlanStatus.FINISHED
    db.commit()
    assert client.page(address).status == 200
    belongs_to_no_plan = kind is KINDS["story source"]
    assert client.send(f"{address}/1").status == (302 if belongs_to_no_plan else 409)


def test_no_page_of_versions_asks_more_than_twelve_times(
    client: Client, cast: Cast, card: tuple[Card, str], query_count: list[str]
) -> None:
    address = history_of(client.as_(cast.clerk).page(card[1]))
    query_count.clear()
    assert client.page(address).status == 200
    assert len(query_count) <= 12


def test_a_reason_comes_back_and_what_rests_goes_on_resting(client: Client, cast: Cast) -> None:
    link = make_link(make_goal(make_value(make_plan())))
    link.edited_at -= timedelta(hours=1)
    rest(link, date(2027, 1, 4), cast.clerk.id)
    db.commit()
    address = f"/almere/koppelingen/{link.id}/geschiedenis"
    assert client.as_(cast.clerk).send(f"{address}/1").status == 302
    db.expire_all()
    assert db.query(Link).one().rests_until == date(2027, 1, 4)


def test_a_decision_does_not_come_back_with_a_value_that_is_gone(client: Client, cast: Cast) -> None:
    plan = make_plan()
    values = [make_value(plan, name) for name in ("Nabijheid", "Vertrouwen", "Vrijheid", "Zorg")]
    decision = decide(plan, None, values[:3], reasons="Omdat.")
    decision.edited_at -= timedelta(hours=1)
    decide(plan, cast.clerk.id, values[1:], reasons="Bij nader inzien.")
    db.flush()
    db.delete(values[0])
    db.commit()
    address = f"/almere/trajecten/{plan.id}/waarden/besluit/geschiedenis"
    page = client.as_(cast.clerk).page(address)
    assert "iets wat er niet meer is" in page.words
    refused = client.send(f"{address}/1")
    assert refused.status == 409
    assert "Kies opnieuw in het besluit zelf." in refused.words
    db.expire_all()
    assert len(db.query(ValueDecision).one().chosen) == 3


def test_a_card_that_was_never_written_has_no_versions(client: Client, cast: Cast) -> None:
    link = make_link(make_goal(make_value(make_plan())))
    db.commit()
    client.as_(cast.clerk)
    assert client.page(f"/almere/koppelingen/{link.id}/meten/geschiedenis").status == 404
    plan = db.query(Plan).one()
    assert client.page(f"/almere/trajecten/{plan.id}/waarden/besluit/geschiedenis").status == 404
