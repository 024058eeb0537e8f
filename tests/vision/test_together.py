"""Rounds about the values of a plan: started in two clicks, and brought back to the cards by a person."""

from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tests.client import Client
from tests.factories import (
    Cast,
    cast_ballot,
    make_answer,
    make_councillors,
    make_plan,
    make_round,
    make_value,
)
from workbench.accounts.models import Person, Role
from workbench.core.audit import AuditEntry
from workbench.core.cards import revisions
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.tenancy import act_for
from workbench.rounds import operations as rounds
from workbench.rounds.methods import Method
from workbench.rounds.models import Option, Round, State
from workbench.rounds.operations import Reply
from workbench.vision.choosing.operations import decide
from workbench.vision.models import Plan, Value
from workbench.vision.together import operations, queries
from workbench.vision.together.forms import first_words
from workbench.vision.together.models import PlanRound, Purpose

NAMES = {"Nabijheid": "Deskundigheid", "Bestaanszekerheid": "Eigen kracht", "Meedoen": "Bescherming"}


def make_values(plan: Plan, **content: object) -> list[Value]:
    return [
        make_value(plan, name, **{"counter_value": counter, "position": None, **content})
        for name, counter in NAMES.items()
    ]


def answer_all(found: Round, people: list[Person], *replies: Reply) -> None:
    for person, reply in zip(people, replies, strict=True):
        cast_ballot(found, person, reply)


def reveal(found: Round) -> None:
    rounds.close_round(found)
    rounds.reveal_round(found)
    db.commit()


def revealed_positions(cast: Cast, value: Value, *places: int) -> Round:
    found = operations.ask_positions(db.get_one(Plan, value.plan_id), [value], None)
    replies = [Reply({"places": {str(value.key): place}}) for place in places]
    answer_all(found, make_councillors(cast, len(places)), *replies)
    reveal(found)
    return found


def revealed_choice(cast: Cast, plan: Plan, values: list[Value], *minority: str) -> Round:
    """Four people: three choose the first value, all choose the second; each may see it differently."""
    found = operations.ask_weight(plan, values, Method.CHOOSE, None)
    first, second = str(values[0].key), str(values[1].key)
    texts = [*minority, "", "", "", ""]
    replies = [
        Reply({"picks": [first, second] if place else [second]}, minority=texts[place]) for place in range(4)
    ]
    answer_all(found, make_councillors(cast, 4), *replies)
    reveal(found)
    return found


# --- Starting -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["clerk", "facilitator"])
def test_two_clicks_from_the_values_page_open_a_round_over_the_values(
    client: Client, cast: Cast, role: str
) -> None:
    plan = make_plan()
    values = make_values(plan)
    db.commit()
    client.as_(cast[role])
    start = client.page(f"/almere/trajecten/{plan.id}/waarden").link("Welke waarden staan voorop?")
    page = client.submit(start)
    assert page.title == "Welke waarden staan voorop?"
    found = db.query(Round).one()
    assert (found.state, found.method, found.rules.most) == (State.OPEN, Method.CHOOSE, 5)
    assert found.keys == [str(value.key) for value in values]
    assert db.query(PlanRound).one().purpose == Purpose.WEIGHT


def test_two_clicks_from_step_3_ask_for_a_place_on_every_line(client: Client, cast: Cast) -> None:
    plan = make_plan()
    make_values(plan)
    db.commit()
    client.as_(cast.clerk)
    step = client.page(f"/almere/trajecten/{plan.id}/stappen/3")
    page = client.submit(step.link("Vraag de groep waar zij staat"))
    assert page.title == "Waar staat u tussen waarden die schuren?"
    options = db.query(Round).one().options
    assert {option.label: option.counter for option in options} == NAMES


def test_one_value_alone_can_be_asked_about(client: Client, cast: Cast) -> None:
    value = make_values(make_plan())[1]
    db.commit()
    client.as_(cast.clerk)
    page = client.submit(client.page(f"/almere/waarden/{value.id}").link("Vraag de groep"))
    assert page.title == "Waar staat u tussen Bestaanszekerheid en Eigen kracht?"
    assert db.query(Round).one().keys == [str(value.key)]


def test_the_decision_is_put_before_the_group_and_a_later_change_is_told(client: Client, cast: Cast) -> None:
    plan = make_plan()
    values = make_values(plan)
    decide(plan, None, values, reasons="Dit kwam steeds terug.", minority_view="")
    db.commit()
    client.as_(cast.clerk)
    address = f"/almere/trajecten/{plan.id}/waarden/besluit"
    page = client.submit(client.page(address).link("kunt u hiermee leven?"))
    assert page.title == "Kunt u hiermee leven?"
    assert "Nabijheid, Bestaanszekerheid, Meedoen" in page.words
    assert "Dit kwam steeds terug." in page.words
    shown = client.page(address).words
    assert "0 van 1 klaar" in shown
    assert "veranderd" not in shown
    client.submit(f"{address}/bewerken", reasons="Toch anders.")
    assert "het besluit is na het begin van deze ronde veranderd" in client.page(address).words


def test_without_a_decision_there_is_nothing_to_consent_to(client: Client, cast: Cast) -> None:
    plan = make_plan()
    make_values(plan)
    db.commit()
    page = client.as_(cast.clerk).page(f"/almere/trajecten/{plan.id}/waarden/besluit/ronde")
    assert page.status == 409
    assert "nog niets besloten" in page.words


def test_only_methods_that_fit_the_number_of_values_are_offered(client: Client, cast: Cast) -> None:
    plan = make_plan()
    for number in range(9):
        make_value(plan, f"Waarde {number}")
    db.commit()
    address = f"/almere/trajecten/{plan.id}/waarden/ronde"
    words = client.as_(cast.clerk).page(address).words
    assert "100 punten verdelen" in words
    assert "Twee aan twee" not in words
    assert "Op volgorde zetten" not in words
    assert client.submit(address, method="pairwise").status == 422


def test_two_values_with_the_same_name_are_refused_in_plain_words(client: Client, cast: Cast) -> None:
    plan = make_plan()
    make_value(plan, "Rust")
    make_value(plan, "Rust")
    db.commit()
    page = client.as_(cast.clerk).submit(f"/almere/trajecten/{plan.id}/waarden/ronde")
    assert page.status == 422
    assert "maar één keer in de lijst" in page.words
    assert db.query(Round).count() == 0


def test_a_round_that_runs_is_shown_instead_of_started_again(client: Client, cast: Cast) -> None:
    plan = make_plan()
    values = make_values(plan)
    found = operations.ask_weight(plan, values, Method.DOTS, None)
    db.commit()
    page = client.as_(cast.clerk).page(f"/almere/trajecten/{plan.id}/waarden/ronde")
    assert page.location.endswith(f"/rondes/{found.id}")
    with pytest.raises(Conflict, match="loopt al"):
        operations.ask_weight(plan, values, Method.DOTS, None)
    operations.ask_positions(plan, values, None)
    assert db.query(Round).count() == 2, "another question may run beside it"


# --- Who is asked ---------------------------------------------------------------------------------------------------


def test_the_councillors_in_the_working_group_are_asked_and_nobody_else(client: Client, cast: Cast) -> None:
    plan = make_plan()
    values = make_values(plan)
    inside, outside = make_councillors(cast, 2)
    plan = db.get_one(Plan, plan.id)
    make_answer(plan, "werkgroep", {str(cast.clerk.id): "", str(inside.id): "Lijst Noord"})
    found = operations.ask_weight(plan, values, Method.CHOOSE, None)
    db.commit()
    assert found.members == {inside.id}
    assert "0 van 1 klaar" in client.as_(cast.clerk).page(f"/almere/trajecten/{plan.id}/waarden").words
    client.as_(outside)
    page = client.page(f"/almere/rondes/{found.id}")
    assert "voor de leden die bij het openen in de werkgroep" in page.words
    assert "wacht op u" not in client.page("/almere/rondes").words
    assert "Wacht op u" not in client.page("/almere/").words
    assert client.send(f"/almere/rondes/{found.id}/antwoord", answer=["0"]).status == 409
    with pytest.raises(Conflict, match="werkgroep"):
        cast_ballot(found, outside, Reply({"picks": [str(values[0].key)]}))
    db.rollback()
    assert "wacht op u" in client.as_(inside).page("/almere/rondes").words
    assert client.submit(f"/almere/rondes/{found.id}", "/antwoord", answer=["0"]).status == 200
    assert "1 van 1 klaar" in client.page("/almere/rondes").words


def test_a_plan_that_names_no_councillor_asks_all_of_them(session: None, cast: Cast) -> None:
    plan = make_plan()
    assert queries.group_of(plan) == {}
    make_answer(plan, "werkgroep", {str(cast.clerk.id): ""})
    assert queries.group_of(plan) == {}


# --- What waits for me ----------------------------------------------------------------------------------------------


def test_home_and_plan_say_what_waits_for_a_councillor_until_the_answer_is_there(
    client: Client, cast: Cast
) -> None:
    plan = make_plan()
    found = operations.ask_weight(plan, make_values(plan), Method.CHOOSE, None)
    other = make_round()
    rounds.open_round(other)
    db.commit()
    client.as_(cast.councillor)
    home, own = client.page("/almere/"), client.page(f"/almere/trajecten/{plan.id}")
    assert home.link("Welke waarden staan voorop?").endswith(str(found.id))
    assert home.link("Wat staat voorop?").endswith(str(other.id))
    assert own.link("Welke waarden staan voorop?").endswith(str(found.id))
    assert "Wat staat voorop?" not in own.words, "that round is not about this plan"
    assert "wacht op u" in client.page(f"/almere/trajecten/{plan.id}/waarden").words
    client.submit(f"/almere/rondes/{found.id}", "/antwoord", answer=["0"])
    assert "Welke waarden staan voorop?" not in client.page("/almere/").words
    assert "Wacht op u" not in client.as_(cast.clerk).page("/almere/").words


# --- What the group said --------------------------------------------------------------------------------------------


def test_before_the_reveal_the_pages_know_no_more_than_how_many_are_ready(client: Client, cast: Cast) -> None:
    plan = make_plan()
    value = make_values(plan)[0]
    found = operations.ask_positions(plan, [value], None)
    people = make_councillors(cast, 4)
    replies = [
        Reply({"places": {str(value.key): 77}}, f"vuurtoren-{n}", share_reason=True, minority=f"waterrad-{n}")
        for n in range(4)
    ]
    answer_all(found, people, *replies)
    for role in ("clerk", "councillor", "facilitator"):
        client.as_(cast[role])
        for address in pages_of(plan, value):
            text = client.get(address).get_data(as_text=True)
            assert "waterrad" not in text
            assert "vuurtoren" not in text
            assert "77" not in BARE(text)
    assert "4 van 5 klaar" in client.page(f"/almere/trajecten/{plan.id}/waarden").words


def BARE(text: str) -> str:
    """The words of a page; ids and addresses may hold any number."""
    from bs4 import BeautifulSoup

    return BeautifulSoup(text, "html5lib").get_text(" ")


def pages_of(plan: Plan, value: Value) -> list[str]:
    return [
        f"/almere/trajecten/{plan.id}/waarden",
        f"/almere/trajecten/{plan.id}/stappen/3",
        f"/almere/trajecten/{plan.id}/waarden/besluit",
        f"/almere/waarden/{value.id}",
        f"/almere/trajecten/{plan.id}",
        "/almere/",
    ]


def test_after_the_reveal_the_card_shows_the_spread_and_one_press_confirms_the_middle(
    client: Client, cast: Cast
) -> None:
    value = make_values(make_plan())[0]
    revealed_positions(cast, value, 20, 30, 36, 38, 39)
    client.as_(cast.councillor)
    address = f"/almere/waarden/{value.id}"
    page = client.page(address)
    assert "Bijna iedereen staat dichter bij Nabijheid dan bij Deskundigheid." in page.words
    assert "Het middelste antwoord is 35" in page.words
    assert db.get_one(Value, value.id).position is None, "nothing is confirmed by itself"
    client.submit(address, "/bevestigen")
    card = db.get_one(Value, value.id)
    db.refresh(card)
    assert card.position == 35
    kept = revisions(card)
    assert [item.content["position"] for item in kept] == [35, None]
    assert kept[0].edited_by_id == cast.councillor.id
    assert "Bevestig de plek" not in client.page(address).words


def test_a_place_is_not_confirmed_over_a_card_that_was_changed_meanwhile(client: Client, cast: Cast) -> None:
    value = make_values(make_plan())[0]
    revealed_positions(cast, value, 20, 25, 30, 35, 40)
    client.as_(cast.councillor)
    address = f"/almere/waarden/{value.id}/plek/bevestigen"
    assert client.send(address, place="31", version="1").status == 409, "not what was shown"
    client.submit(f"/almere/waarden/{value.id}/bewerken", position="80")
    assert client.send(address, place="30", version="1").status == 409
    db.expire_all()
    assert db.get_one(Value, value.id).position == 80


def test_a_divided_group_is_asked_to_talk_first(client: Client, cast: Cast) -> None:
    value = make_values(make_plan())[0]
    revealed_positions(cast, value, 0, 5, 50, 95, 100)
    words = client.as_(cast.councillor).page(f"/almere/waarden/{value.id}").words
    assert "de groep verdeeld" in words
    assert "Praat eerst met elkaar" in words


def test_a_line_with_another_end_than_was_asked_about_shows_no_spread(session: None, cast: Cast) -> None:
    value = make_values(make_plan())[0]
    found = revealed_positions(cast, value, 20, 25, 30, 35, 40)
    asked = [queries.Asked(db.query(PlanRound).one(), found, queries.Ready(5, 5), waits_for_me=False)]
    assert queries.spreads(asked, [value])[value.id].median == 30
    value.counter_value = "Keuzevrijheid"
    assert queries.spreads(asked, [value]) == {}


def test_fewer_than_three_answers_give_no_spread_to_confirm(client: Client, cast: Cast) -> None:
    value = make_values(make_plan())[0]
    revealed_positions(cast, value, 20, 30)
    client.as_(cast.councillor)
    assert "te klein om spreiding te tonen" in client.page(f"/almere/trajecten/{value.plan_id}/waarden").words
    assert "Het middelste antwoord" not in client.page(f"/almere/waarden/{value.id}").words
    assert client.send(f"/almere/waarden/{value.id}/plek/bevestigen", place="25", version="1").status == 409


@pytest.mark.parametrize(
    ("method", "content", "sentence"),
    [
        (Method.CHOOSE, {"picks": 1}, "5 van 5 mensen kozen deze waarde."),
        (Method.DOTS, {"dots": 2}, "5 van 5 mensen plakten hier stippen."),
        (Method.POINTS, {"points": 100}, "Het middelste antwoord: ongeveer 100 van de 100 punten."),
        (Method.RANKING, {"ranks": 1}, "5 van 5 mensen zetten deze waarde bovenaan."),
        (Method.PAIRWISE, {"pairs": 1}, "5 van 5 keer gekozen boven een andere."),
    ],
)
def test_the_decision_form_says_beside_each_value_what_the_round_said(
    client: Client, cast: Cast, method: Method, content: dict[str, int], sentence: str
) -> None:
    plan = make_plan()
    values = make_values(plan)
    first, second = str(values[0].key), str(values[1].key)
    [(kind, number)] = content.items()
    filled = {
        "picks": {"picks": [first]},
        "pairs": {"pairs": [[first, second]]},
    }.get(kind, {kind: {first: number}})
    found = operations.ask_weight(plan, values, method, None)
    answer_all(found, make_councillors(cast, 5), *[Reply(filled)] * 5)
    reveal(found)
    make_value(db.get_one(Plan, plan.id), "Rust")
    db.commit()
    page = client.as_(cast.councillor).page(f"/almere/trajecten/{plan.id}/waarden/besluit/bewerken")
    assert sentence in page.words
    assert "Deze waarde was er nog niet toen de groep koos." in page.words
    names = [label.get_text() for label in page.form().select(".wb-option label")]
    assert names[:3] == list(NAMES), "in the order in which they were stated, never by outcome"


def test_points_are_told_with_their_spread(client: Client, cast: Cast) -> None:
    plan = make_plan()
    values = make_values(plan)
    first, second = str(values[0].key), str(values[1].key)
    found = operations.ask_weight(plan, values, Method.POINTS, None)
    replies = [Reply({"points": {first: n, second: 100 - n}}) for n in (20, 30, 40, 60, 80)]
    answer_all(found, make_councillors(cast, 5), *replies)
    reveal(found)
    page = client.as_(cast.clerk).page(f"/almere/trajecten/{plan.id}/waarden/besluit/bewerken")
    assert "ongeveer 40 van de 100 punten. De middelste helft gaf er 30 tot 60." in page.words


# --- Who sees it differently ----------------------------------------------------------------------------------------


def test_a_minority_text_is_taken_over_word_for_word_and_without_a_name(client: Client, cast: Cast) -> None:
    plan = make_plan()
    values = make_values(plan, minority_view="Er stond al iets.")
    revealed_choice(cast, plan, values, "Keuze telt ook.")
    address = f"/almere/trajecten/{plan.id}/rondes"
    assert "Overnemen" not in client.as_(cast.councillor).page(address).words
    client.as_(cast.clerk)
    page = client.submit(address, "/overnemen", card=str(values[2].id))
    assert "Staat al bij het minderheidsstandpunt van: Meedoen." in page.words
    db.expire_all()
    card = db.get_one(Value, values[2].id)
    assert card.minority_view == "Er stond al iets.\n\nKeuze telt ook."
    assert revisions(card)[0].content["minority_view"] == card.minority_view
    entry = db.scalars(sa.select(AuditEntry).where(AuditEntry.action == "minority_taken_over")).one()
    assert "Keuze" not in str(entry.facts)


def test_an_objection_that_was_shared_can_go_to_the_decision(client: Client, cast: Cast) -> None:
    plan = make_plan()
    values = make_values(plan)
    decision = decide(plan, None, values, reasons="Daarom.", minority_view="")
    found = operations.ask_consent(plan, decision, list(NAMES), None)
    replies = [
        Reply({"choice": "objection"}, "Te weinig keuze.", share_reason=True),
        Reply({"choice": "objection"}, "Dit blijft geheim.", share_reason=False),
        Reply({"choice": "remark"}, "Mooi werk.", share_reason=True),
        *[Reply({"choice": "agree"})] * 2,
    ]
    answer_all(found, make_councillors(cast, 5), *replies)
    reveal(found)
    assert queries.offered_texts(found) == ["Te weinig keuze."]
    client.as_(cast.clerk).submit(f"/almere/trajecten/{plan.id}/rondes", "/overnemen", card="besluit")
    page = client.page(f"/almere/trajecten/{plan.id}/waarden/besluit")
    assert "Te weinig keuze." in page.words
    assert "Er zijn 2 bezwaren." in page.words


def test_only_texts_of_a_revealed_round_of_this_plan_can_be_taken_over(client: Client, cast: Cast) -> None:
    plan, other = make_plan(), make_plan("Een ander traject")
    values, [foreign, *_rest] = make_values(plan), make_values(other)
    found = revealed_choice(cast, plan, values, "Keuze telt ook.")
    client.as_(cast.clerk)
    address = f"/almere/rondes/{found.id}/overnemen"
    for fields in (
        {"text": "0", "card": str(foreign.id)},
        {"text": "0", "card": ""},
        {"text": "7", "card": str(values[0].id)},
        {"card": str(values[0].id)},
    ):
        assert client.send(address, **fields).status == 409, fields
    assert client.send(address, text="0", card=str(values[0].id)).status == 302
    assert client.send(address, text="0", card=str(values[0].id)).status == 409, "it is there already"
    loose = make_round()
    db.commit()
    assert client.send(f"/almere/rondes/{loose.id}/overnemen", text="0", card="x").status == 404


def test_a_minority_view_that_would_become_too_long_is_refused(client: Client, cast: Cast) -> None:
    plan = make_plan()
    values = make_values(plan, minority_view="a" * 1990)
    found = revealed_choice(cast, plan, values, "Keuze telt ook.")
    page = client.as_(cast.clerk).send(
        f"/almere/rondes/{found.id}/overnemen", text="0", card=str(values[0].id)
    )
    assert page.status == 409
    assert "Samen wordt dit te lang" in page.words


# --- Walls ----------------------------------------------------------------------------------------------------------


def test_who_reads_along_with_opened_steps_sees_nothing_of_rounds(client: Client, cast: Cast) -> None:
    plan = make_plan()
    values = make_values(plan)
    decision = decide(plan, None, values, reasons="Daarom.", minority_view="")
    db.commit()
    revealed_positions(cast, values[0], 20, 30, 40)
    operations.ask_weight(db.get_one(Plan, plan.id), values, Method.CHOOSE, None)
    operations.ask_consent(db.get_one(Plan, plan.id), decision, list(NAMES), None)
    db.get_one(Plan, plan.id).open()
    db.commit()
    for role in (Role.OFFICER, Role.EXECUTIVE, Role.ADVISER, Role.AUDITOR, Role.READER):
        client.as_(cast[role])
        for address in pages_of(plan, values[0]):
            page = client.page(address)
            assert page.status == 200, (role, address)
            for told in (
                " van 1 klaar",
                "Het middelste antwoord",
                "Wat de groep zei",
                "/rondes/",
                "acht op u",
            ):
                assert told not in page.text, (role, address)
        assert client.page(f"/almere/trajecten/{plan.id}/rondes").status == 403


def test_a_round_of_another_council_cannot_be_tied_to_a_plan(session: None, cast: Cast) -> None:
    plan_id, here, there = make_plan().id, cast.almere.id, cast.breda.id
    db.commit()
    act_for(db, there)
    foreign: UUID = make_round().id
    db.commit()
    act_for(db, here)
    db.add(PlanRound(plan_id=plan_id, round_id=foreign, purpose=Purpose.WEIGHT))
    with pytest.raises(IntegrityError, match="same_council_plan_round_round_id"):
        db.flush()
    db.rollback()


def test_pages_with_rounds_stay_within_twelve_queries(
    client: Client, cast: Cast, query_count: list[str]
) -> None:
    plan = make_plan()
    values = make_values(plan)
    decision = decide(plan, None, values, reasons="Daarom.", minority_view="")
    db.commit()
    revealed_positions(cast, values[0], 20, 30, 40)
    plan = db.get_one(Plan, plan.id)
    operations.ask_positions(plan, values, None)
    operations.ask_weight(plan, values, Method.CHOOSE, None)
    operations.ask_consent(plan, decision, list(NAMES), None)
    db.commit()
    own = [f"/almere/trajecten/{plan.id}/{rest}" for rest in ("rondes", "waarden/besluit/bewerken")]
    for person in (cast.clerk, cast.councillor):
        client.as_(person)
        for address in [*pages_of(plan, values[0]), *own]:
            query_count.clear()
            assert client.page(address).status == 200, address
            more = "/waarden/" in address  # a value also tells from which workshop it came
            assert len(query_count) <= 12 + more, (address, len(query_count))


# --- What binds and what divides ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "link"),
    [("waarden", "Wat verbindt ons, en wat verdeelt ons?"), ("stappen/3", "Vraag wat de groep verbindt")],
)
def test_two_clicks_from_step_2_and_step_3_ask_about_the_words_of_the_values(
    client: Client, cast: Cast, start: str, link: str
) -> None:
    plan = make_plan()
    values = make_values(plan)
    db.get_one(Value, values[1].id).own_words = "Elk huishouden kan  de maand\ndoorkomen."
    db.get_one(Value, values[2].id).own_words = ""
    db.commit()
    client.as_(cast.clerk)
    page = client.submit(client.page(f"/almere/trajecten/{plan.id}/{start}").link(link))
    assert page.title == "Wat verbindt ons, en wat verdeelt ons?"
    found = db.query(Round).one()
    assert (found.state, found.method) == (State.OPEN, Method.STATEMENTS)
    assert [(option.key, option.label) for option in found.options] == [
        (str(values[0].key), "Hulp in de buurt."),
        (str(values[1].key), "Elk huishouden kan de maand doorkomen."),
        (str(values[2].key), "Meedoen gaat voor Bescherming."),
    ]
    assert db.query(PlanRound).one().purpose == Purpose.STATEMENTS
    again = client.page(f"/almere/trajecten/{plan.id}/waarden")
    assert "0 van 1 klaar" in again.words
    assert "/waarden/stellingen" not in again.text, "it runs already"


def test_who_starts_it_changes_leaves_out_and_adds_statements(client: Client, cast: Cast) -> None:
    plan = make_plan()
    values = make_values(plan)
    values[1].own_words = "Rust over geld."
    db.commit()
    client.as_(cast["facilitator"])
    first, second, third = (f"value-{value.key}" for value in values)
    fields = {
        first: "Hulp hoort om de hoek.",
        third: "",
        "own": "Eigen bijdragen gaan omlaag.\n\n Minder regels. ",
    }
    client.submit(f"/almere/trajecten/{plan.id}/waarden/stellingen", **fields)
    found = db.query(Round).one()
    assert {option.key: option.label for option in found.options} == {
        first.removeprefix("value-"): "Hulp hoort om de hoek.",
        second.removeprefix("value-"): "Rust over geld.",
        "own-1": "Eigen bijdragen gaan omlaag.",
        "own-2": "Minder regels.",
    }


@pytest.mark.parametrize(
    ("own", "sentence"),
    [("", "minstens één mogelijkheid"), ("a" * 301, "hooguit 300 tekens"), ("Zo.\nZo.", "maar één keer")],
)
def test_statements_that_do_not_fit_come_back_with_what_was_typed(
    client: Client, cast: Cast, own: str, sentence: str
) -> None:
    plan = make_plan()
    fields = {f"value-{value.key}": "" for value in make_values(plan)}
    db.commit()
    page = client.as_(cast.clerk).submit(f"/almere/trajecten/{plan.id}/waarden/stellingen", own=own, **fields)
    assert sentence in page.words
    assert own in page.text
    assert db.query(Round).count() == 0


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Kort.", "Kort."),
        ("Eerst dit. " + "b" * 300, "Eerst dit."),
        ("a" * 400, "a" * 299 + "…"),
    ],
)
def test_long_words_of_a_value_begin_as_whole_sentences(
    session: None, cast: Cast, text: str, first: str
) -> None:
    assert first_words(make_value(make_plan(), own_words=text)) == first


def test_the_factions_of_step_0_are_the_groups_and_none_under_three_is_shown(
    client: Client, cast: Cast
) -> None:
    plan = make_plan()
    values = make_values(plan)
    people = make_councillors(cast, 8)
    plan = db.get_one(Plan, plan.id)
    names = ["Noord"] * 3 + ["Zuid"] * 3 + ["Oost"] + [""]
    group = {str(person.id): name for person, name in zip(people, names, strict=True)}
    make_answer(plan, "werkgroep", {**group, str(cast.clerk.id): "Noord"})
    options = [Option(str(value.key), f"{value.name} telt.") for value in values]
    found = operations.ask_statements(plan, options, None)
    db.commit()
    votes = {"Noord": "+-+", "Zuid": "++-", "Oost": "+++", "": "+++"}
    kinds = {"+": "agree", "-": "disagree"}
    for person, name in zip(people, names, strict=True):
        given = {f"answer_{place}": kinds[sign] for place, sign in enumerate(votes[name])}
        client.as_(person).submit(f"/almere/rondes/{found.id}", "/antwoord", **given)
    client.as_(cast.clerk)
    for step in ("/sluiten", "/onthullen"):
        page = client.submit(f"/almere/rondes/{found.id}", step)
    # Oost and nobody's are two together, so Noord joins them.
    assert "Zuid (3 mensen), overige (5 mensen)" in page.words
    assert "Oost" not in page.text
    bridges, splits = page.words.split("Wat de groepen verdeelt")
    assert "Nabijheid telt." in bridges.split("Wat de groepen verbindt")[1]
    assert "Meedoen telt." in splits.split("Toon de tabel")[0]
    words = client.page(f"/almere/trajecten/{plan.id}/waarden").words
    assert "Alle groepen zijn het vooral eens met: ‘Nabijheid telt’." in words
    assert "De groepen staan tegenover elkaar bij: " in words
    assert "Verder: Waarden" in page.words


def test_a_line_shows_where_factions_lean(client: Client, cast: Cast) -> None:
    plan = make_plan()
    [value, *_rest] = make_values(plan)
    people = make_councillors(cast, 6)
    plan = db.get_one(Plan, plan.id)
    make_answer(plan, "werkgroep", {str(p.id): "Noord" if n < 3 else "Zuid" for n, p in enumerate(people)})
    found = operations.ask_positions(plan, [value], None)
    replies = [
        Reply({"places": {str(value.key): place}}, faction="Noord" if place < 50 else "Zuid")
        for place in (5, 10, 15, 85, 90, 95)
    ]
    answer_all(found, people, *replies)
    reveal(found)
    page = client.as_(cast.clerk).page(f"/almere/rondes/{found.id}")
    table = page.words.split("Waar de groepen staan", 1)[1]
    assert "Noord (3 mensen), Zuid (3 mensen)" in table
    assert "dichter bij Nabijheid dichter bij Deskundigheid" in table


def test_the_decision_form_says_how_many_agree_with_the_words_of_a_value(client: Client, cast: Cast) -> None:
    plan = make_plan()
    values = make_values(plan)
    options = [Option(str(values[0].key), "Hulp hoort om de hoek.")]
    found = operations.ask_statements(plan, options, None)
    votes = ["agree"] * 4 + ["disagree"]
    replies = [Reply({"votes": {str(values[0].key): vote}}) for vote in votes]
    answer_all(found, make_councillors(cast, 5), *replies)
    reveal(found)
    page = client.as_(cast.councillor).page(f"/almere/trajecten/{plan.id}/waarden/besluit/bewerken")
    assert "4 van 5 mensen zijn het eens met ‘Hulp hoort om de hoek.’" in page.words
    assert "was er nog niet" not in page.words


# --- Who comes later ------------------------------------------------------------------------------------------------


def test_who_joins_the_group_while_a_round_is_open_is_asked_by_one_press(client: Client, cast: Cast) -> None:
    plan = make_plan()
    values = make_values(plan)
    *first, one, other = make_councillors(cast, 5)
    plan = db.get_one(Plan, plan.id)
    group = {str(cast.councillor.id): "Zuid"} | {str(person.id): "Noord" for person in first}
    make_answer(plan, "werkgroep", group)
    found = operations.ask_positions(plan, values, None)
    newer = {str(one.id): "Zuid", str(other.id): "Zuid", str(cast.clerk.id): ""}
    make_answer(plan, "werkgroep", group | newer)
    db.commit()
    address = f"/almere/rondes/{found.id}"
    assert "Geef uw antwoord" not in client.as_(one).page("/almere/").words
    assert "niet gevraagd" not in client.as_(first[0]).page(address).words, (
        "only who runs the round does this"
    )
    page = client.as_(cast.clerk).page(address)
    assert "2 nieuwe leden van de werkgroep zijn niet gevraagd." in page.words
    assert "0 van 4 klaar" in page.words
    page = client.submit(address, "/nieuwe-leden")
    assert "Ook de 2 nieuwe leden kunnen nu antwoorden." in page.words
    assert "0 van 6 klaar" in page.words
    assert "niet gevraagd" not in page.words
    assert client.send(f"{address}/nieuwe-leden").status == 409
    assert "Geef uw antwoord" in client.as_(one).page("/almere/").words
    assert "Ja, bij Zuid" in client.page(address).words
    client.submit(address, "/antwoord", answer_0="10")
    assert "1 van 6 klaar" in client.page(address).words
    entry = db.scalars(sa.select(AuditEntry).where(AuditEntry.action == "round_asked_also")).one()
    assert entry.facts == {"people": 2}


def test_after_the_closing_nobody_is_asked_any_more(client: Client, cast: Cast) -> None:
    plan = make_plan()
    values = make_values(plan)
    first, later = make_councillors(cast, 2)
    plan = db.get_one(Plan, plan.id)
    make_answer(plan, "werkgroep", {str(first.id): ""})
    found = operations.ask_weight(plan, values, Method.CHOOSE, None)
    rounds.close_round(found)
    make_answer(plan, "werkgroep", {str(first.id): "", str(later.id): ""})
    db.commit()
    address = f"/almere/rondes/{found.id}"
    assert "niet gevraagd" not in client.as_(cast.clerk).page(address).words
    assert client.send(f"{address}/nieuwe-leden").status == 409


def test_a_round_for_all_councillors_asks_a_new_one_by_itself(client: Client, cast: Cast) -> None:
    plan = make_plan()
    found = operations.ask_weight(plan, make_values(plan), Method.CHOOSE, None)
    db.commit()
    [later] = make_councillors(cast, 1)
    assert queries.newcomers(db.get_one(Round, found.id)) == {}
    assert "0 van 2 klaar" in client.as_(later).page(f"/almere/rondes/{found.id}").words
    assert "Geef uw antwoord" in client.page("/almere/").words
