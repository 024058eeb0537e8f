"""The step plan in the browser: from a value to a goal, with wrong turns."""

import pytest

from tests.client import Client
from tests.factories import Cast, make_goal, make_plan, make_value
from workbench.core.cards import revisions
from workbench.core.db import db
from workbench.vision.models import Goal, Plan, Value

NASTY = [
    "<script>alert(1)</script>",
    "{{ 7 * 7 }} {% raw %}",
    "🌳 groen & <b>vet</b>",
    "\u202eomgekeerd\u202c \u05e9\u05dc\u05d5\u05dd",
    "a' OR 1=1; --",
]


def test_a_councillor_starts_a_plan_states_a_value_and_sets_a_goal(client: Client, cast: Cast) -> None:
    client.as_(cast.councillor)
    plan = client.submit("/almere/trajecten/nieuw", title="Samen leven", assignment="De raad vraagt dit.")
    assert "Samen leven" in plan.title
    value = client.submit(
        plan.response.request.path + "/waarden/nieuw",
        name="Nabijheid",
        own_words="Hulp dichtbij.",
        counter_value="Deskundigheid",
    )
    assert "Nabijheid" in value.title
    found = db.query(Value).one()
    goal = client.submit(
        f"/almere/trajecten/{found.plan_id}/doelen/nieuw",
        sentence="zij snel hulp vinden",
        values=[str(found.id)],
    )
    assert "zij snel hulp vinden" in goal.words
    assert db.query(Goal).one().revision == 1


def test_a_value_without_its_counter_value_is_refused_and_nothing_typed_is_lost(
    client: Client, cast: Cast
) -> None:
    plan = make_plan()
    db.commit()
    page = client.as_(cast.clerk).submit(
        f"/almere/trajecten/{plan.id}/waarden/nieuw", name="Nabijheid", own_words="Hulp dichtbij."
    )
    assert page.status == 422
    assert "keerzijde" in page.words
    assert "Hulp dichtbij." in page.text
    assert db.query(Value).count() == 0


def test_a_goal_cannot_be_set_before_a_value_not_even_by_a_direct_post(client: Client, cast: Cast) -> None:
    plan = make_plan()
    db.commit()
    address = f"/almere/trajecten/{plan.id}/doelen/nieuw"
    for page in (client.as_(cast.clerk).page(address), client.send(address, sentence="x")):
        assert page.status == 409
        assert "stap 2" in page.words


def test_a_goal_without_a_value_is_refused(client: Client, cast: Cast) -> None:
    value = make_value(make_plan())
    db.commit()
    page = client.as_(cast.clerk).submit(
        f"/almere/trajecten/{value.plan_id}/doelen/nieuw", sentence="zij iets merken"
    )
    assert page.status == 422
    assert "minstens één waarde" in page.words


def test_a_goal_cannot_borrow_a_value_of_another_plan(client: Client, cast: Cast) -> None:
    value, other = make_value(make_plan()), make_value(make_plan("Ander"), "Vrijheid")
    db.commit()
    page = client.as_(cast.clerk).send(
        f"/almere/trajecten/{value.plan_id}/doelen/nieuw", sentence="x", values=[str(other.id)]
    )
    assert page.status == 422


def test_two_people_edit_one_value_and_the_second_sees_both_versions(client: Client, cast: Cast) -> None:
    value = make_value(make_plan(), own_words="Eerste tekst.")
    db.commit()
    address = f"/almere/waarden/{value.id}/bewerken"
    opened = client.as_(cast.clerk).page(address).form()
    base = opened.find("input", attrs={"name": "base_version"})["value"]
    client.as_(cast.councillor).submit(address, own_words="Tekst van het raadslid.")

    fields = {
        "name": "Nabijheid",
        "own_words": "Tekst van de griffier.",
        "counter_value": "Deskundigheid",
        "position": "30",
    }
    page = client.as_(cast.clerk).send(address, base_version=base, **fields)
    assert page.status == 409
    assert "Tekst van het raadslid." in page.words
    assert "Tekst van de griffier." in page.text
    db.expire_all()
    assert db.get_one(Value, value.id).own_words == "Tekst van het raadslid."

    chosen = page.form().find("input", attrs={"name": "base_version"})["value"]
    assert client.send(address, base_version=chosen, **fields).status == 302
    db.expire_all()
    assert db.get_one(Value, value.id).own_words == "Tekst van de griffier."
    kept = [item.content["own_words"] for item in revisions(db.get_one(Value, value.id))]
    assert kept == ["Tekst van de griffier.", "Tekst van het raadslid.", "Eerste tekst."]


def test_a_spoiled_base_version_shows_a_conflict_and_not_a_crash(client: Client, cast: Cast) -> None:
    value = make_value(make_plan(), own_words="Eerste tekst.")
    db.commit()
    page = client.as_(cast.clerk).send(
        f"/almere/waarden/{value.id}/bewerken",
        base_version="x'1",
        name="Anders",
        own_words="Anders",
        counter_value="Iets",
    )
    assert page.status == 409


def test_saving_a_goal_that_a_colleague_changed_shows_both_versions_too(client: Client, cast: Cast) -> None:
    goal = make_goal(make_value(make_plan()))
    second = make_value(db.get_one(Plan, goal.plan_id), "Vrijheid")
    db.commit()
    page = client.as_(cast.clerk).send(
        f"/almere/doelen/{goal.id}/bewerken",
        base_version="0",
        sentence="iets anders",
        values=[str(second.id)],
    )
    assert page.status == 409
    assert "Nabijheid" in page.words


def test_saves_within_one_sitting_are_one_revision(client: Client, cast: Cast) -> None:
    value = make_value(make_plan())
    db.commit()
    for text in ("Een.", "Twee.", "Drie."):
        client.as_(cast.councillor).submit(f"/almere/waarden/{value.id}/bewerken", own_words=text)
    db.expire_all()
    found = db.get_one(Value, value.id)
    assert (found.version, found.revision) == (4, 2)
    assert revisions(found)[0].content["own_words"] == "Drie."


@pytest.mark.parametrize("text", NASTY)
def test_nasty_text_is_shown_as_it_was_typed(client: Client, cast: Cast, text: str) -> None:
    plan = make_plan()
    db.commit()
    page = client.as_(cast.clerk).submit(
        f"/almere/trajecten/{plan.id}/waarden/nieuw", name=text, own_words=text, counter_value="Iets"
    )
    assert page.status == 200
    assert " ".join(text.split()) in page.title
    assert page.soup is not None
    assert not page.soup.find("main").find("script")


def test_a_nul_byte_and_a_lonely_surrogate_do_no_harm(client: Client, cast: Cast) -> None:
    plan = make_plan()
    db.commit()
    page = client.as_(cast.clerk).submit(
        f"/almere/trajecten/{plan.id}/waarden/nieuw",
        name="Rust\x00",
        own_words="a\x07b",
        counter_value="Iets",
    )
    assert page.title == "Rust"


def test_a_text_that_is_too_long_says_how_long_it_may_be(client: Client, cast: Cast) -> None:
    plan = make_plan()
    db.commit()
    page = client.as_(cast.clerk).submit(
        f"/almere/trajecten/{plan.id}/waarden/nieuw", name="x", own_words="y" * 1001, counter_value="z"
    )
    assert page.status == 422
    assert "hooguit 1000 tekens, het zijn er nu 1001" in page.words


def test_ten_megabytes_of_text_are_refused_with_a_clear_page(client: Client, cast: Cast) -> None:
    plan = make_plan()
    db.commit()
    page = client.as_(cast.clerk).send(
        f"/almere/trajecten/{plan.id}/waarden/nieuw", own_words="y" * 10_000_000
    )
    assert page.status == 413
    assert "te veel tekst" in page.words


def test_those_outside_the_working_group_see_a_plan_only_after_the_clerk_opened_a_step(
    client: Client, cast: Cast
) -> None:
    value = make_value(make_plan())
    db.commit()
    addresses = [
        f"/almere/trajecten/{value.plan_id}",
        f"/almere/trajecten/{value.plan_id}/waarden",
        f"/almere/waarden/{value.id}",
    ]
    for role in ("officer", "executive", "adviser", "auditor", "reader"):
        assert [client.as_(cast[role]).page(address).status for address in addresses] == [403, 403, 403]
    assert "Nabijheid" not in client.as_(cast.officer).page("/almere").text
    client.as_(cast.clerk).send(f"/almere/trajecten/{value.plan_id}/stappen/2/openstellen")
    assert [client.as_(cast.officer).page(address).status for address in addresses] == [200, 200, 200]
    assert client.as_(cast.officer).page(f"/almere/waarden/{value.id}/bewerken").status == 403


def test_a_value_under_which_a_goal_stands_cannot_be_removed(client: Client, cast: Cast) -> None:
    goal = make_goal(make_value(make_plan()))
    db.commit()
    value = db.query(Value).one()
    assert client.as_(cast.clerk).send(f"/almere/waarden/{value.id}/verwijderen").status == 409
    assert client.send(f"/almere/doelen/{goal.id}/verwijderen").status == 302
    assert client.send(f"/almere/waarden/{value.id}/verwijderen").status == 302
    assert db.query(Value).count() == 0


def test_the_whole_card_of_a_goal_is_kept_and_shown(client: Client, cast: Cast) -> None:
    value = make_value(make_plan())
    db.commit()
    client.as_(cast.councillor)
    page = client.submit(
        f"/almere/trajecten/{value.plan_id}/doelen/nieuw",
        sentence="zij snel hulp vinden",
        values=[str(value.id)],
        aim="security",
        laws=["wmo", "wgs"],
        duty="choice",
        area="Almere Haven",
        actor="together",
        owner="De wethouder Zorg",
        horizon="2030",
    )
    for words in (
        "bestaanszekerheid",
        "de raad kiest dit zelf",
        "Almere Haven",
        "in 2030",
        "De wethouder Zorg",
    ):
        assert words in page.words
    assert page.link("Wmo").startswith("/kennis/wetten/wmo")
    assert "1 tip" in page.words or "Eén tip" in page.words
    again = client.submit(f"/almere/doelen/{db.query(Goal).one().id}/bewerken", aim="", actor="")
    assert "bestaanszekerheid" not in again.words
    goal = db.query(Goal).one()
    assert (goal.aim, goal.actor, goal.laws) == (None, None, ["wmo", "wgs"])


def test_a_law_that_has_no_card_is_refused(client: Client, cast: Cast) -> None:
    value = make_value(make_plan())
    db.commit()
    page = client.as_(cast.clerk).send(
        f"/almere/trajecten/{value.plan_id}/doelen/nieuw",
        sentence="x",
        values=[str(value.id)],
        laws=["verzonnen"],
    )
    assert page.status == 422
