"""From many values to three to five: library, frames, merging, decision."""

import pytest

from seeds import read
from tests.client import Client
from tests.factories import Cast, make_goal, make_plan, make_value
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.vision.choosing import operations, queries
from workbench.vision.choosing.models import Frame, LibraryValue
from workbench.vision.models import Goal, Plan, Value


def _values(plan: Plan, *names: str) -> list[Value]:
    return [make_value(plan, name) for name in names]


def test_the_library_holds_fifteen_cards_that_all_rub(session: None) -> None:
    cards = queries.library()
    assert len(cards) == 15
    assert all(card.counter_value and card.short_changed for card in cards)
    assert {frame.slug for frame in queries.frames()} == {item.slug for item in read.value_library().frames}


def test_a_councillor_starts_from_an_example_and_says_it_in_own_words(client: Client, cast: Cast) -> None:
    plan = make_plan()
    db.commit()
    client.as_(cast.councillor)
    library = client.page(f"/almere/trajecten/{plan.id}/waarden/voorbeelden")
    begin = library.link("Met Nabijheid beginnen")
    refused = client.submit(begin)
    assert refused.status == 422, "the own words are not given along"
    page = client.submit(begin, own_words="In onze wijken kent men elkaar.")
    assert page.title == "Nabijheid"
    value = db.query(Value).one()
    assert value.library_slug == "nabijheid"
    assert "positieve-gezondheid/meedoen" in queries.parts_of(value)
    assert "gebruikt in dit traject" in client.page(f"/almere/trajecten/{plan.id}/waarden/voorbeelden").words


def test_an_example_that_does_not_exist_is_an_empty_form(client: Client, cast: Cast) -> None:
    plan = make_plan()
    db.commit()
    page = client.as_(cast.clerk).page(f"/almere/trajecten/{plan.id}/waarden/nieuw?voorbeeld=geluk")
    assert page.status == 200
    assert "voorbeeldkaart" not in page.words


def test_a_frame_shows_the_blank_spots_first(client: Client, cast: Cast) -> None:
    plan = make_plan()
    value = make_value(plan)
    db.commit()
    client.as_(cast.councillor)
    client.submit(f"/almere/waarden/{value.id}/brillen", parts=["vn-verdrag/inclusie"])
    frame = db.get_one(Frame, "vn-verdrag")
    db.refresh(frame, attribute_names=["parts"])
    covered = queries.coverage(plan, frame)
    assert [len(item.values) for item in covered] == [0, 0, 0, 1]
    page = client.page(f"/almere/trajecten/{plan.id}/waarden/brillen/vn-verdrag")
    assert page.words.count("Nog geen waarde van u raakt dit.") == 3
    assert client.page(f"/almere/trajecten/{plan.id}/waarden/brillen/roze").status == 404


def test_parts_that_do_not_exist_are_left_out(client: Client, cast: Cast) -> None:
    value = make_value(make_plan())
    db.commit()
    client.as_(cast.clerk).send(
        f"/almere/waarden/{value.id}/brillen", parts=["vn-verdrag/x", "jeugdwet/zelf"]
    )
    assert queries.parts_of(value) == {"jeugdwet/zelf"}


def test_a_merged_value_gives_its_goals_along_and_can_be_taken_out_again(client: Client, cast: Cast) -> None:
    plan = make_plan()
    near, close = _values(plan, "Nabijheid", "Dichtbij")
    make_goal(near, "iets merken")
    both = make_goal(near, "meer merken")
    db.refresh(both, attribute_names=["values"])
    both.values = [near, close]
    db.commit()
    page = client.as_(cast.councillor).submit(
        f"/almere/trajecten/{plan.id}/waarden/samenvoegen", value=str(close.id), into=str(near.id)
    )
    assert page.title == "Nabijheid"
    assert "Hierin opgegaan" in page.words
    assert [value.name for value in db.query(Value).where(Value.merged_into_id.is_(None))] == ["Nabijheid"]
    for goal in db.query(Goal):
        db.refresh(goal, attribute_names=["values"])
        assert [value.name for value in goal.values] == ["Nabijheid"]
    assert "Dichtbij" not in client.page(f"/almere/trajecten/{plan.id}/waarden").words
    apart = client.submit(f"/almere/waarden/{close.id}", "/losmaken")
    assert apart.title == "Dichtbij"
    assert "Dichtbij" in client.page(f"/almere/trajecten/{plan.id}/waarden").words


def test_a_value_cannot_go_into_itself_or_into_another_plan(client: Client, cast: Cast) -> None:
    mine, other = make_value(make_plan()), make_value(make_plan("Ander"), "Vrijheid")
    for into in (mine, other):
        with pytest.raises(Conflict):
            operations.merge_values(mine, into)
    db.commit()
    address = f"/almere/trajecten/{mine.plan_id}/waarden/samenvoegen"
    assert client.as_(cast.clerk).send(address, value=str(mine.id), into=str(other.id)).status == 422


def test_removing_a_value_sets_free_what_went_into_it(client: Client, cast: Cast) -> None:
    plan = make_plan()
    near, close = _values(plan, "Nabijheid", "Dichtbij")
    operations.merge_values(close, near)
    db.commit()
    client.as_(cast.clerk).submit(f"/almere/waarden/{near.id}", "/verwijderen")
    assert [value.name for value in db.query(Value)] == ["Dichtbij"]
    assert db.query(Value).one().merged_into_id is None


def test_the_group_holds_on_to_three_to_five_values_with_reasons(client: Client, cast: Cast) -> None:
    plan = make_plan()
    values = _values(plan, "Nabijheid", "Vertrouwen", "Meedoen", "Rust")
    db.commit()
    client.as_(cast.councillor)
    address = f"/almere/trajecten/{plan.id}/waarden/besluit/bewerken"
    ids = [str(value.id) for value in values]
    few = client.submit(address, chosen=ids[:2], reasons="Omdat.")
    assert few.status == 422
    assert "U koos er 2" in few.words
    page = client.submit(
        address, chosen=ids[:3], reasons="Hier gaat het om.", minority_view="Twee wilden rust."
    )
    assert "Hier gaat het om." in page.words
    assert "Ook genoemd" in page.words
    changed = client.as_(cast.clerk).submit(address, chosen=ids[1:])
    assert "Erbij: Rust. Eraf: Nabijheid." in changed.words
    assert "Twee wilden rust." in changed.words
    goal_form = client.page(f"/almere/trajecten/{plan.id}/doelen/nieuw")
    assert "Nabijheid" not in goal_form.words
    refused = client.submit(f"/almere/waarden/{values[1].id}", "/verwijderen")
    assert refused.status == 409


def test_two_people_deciding_at_once_lose_nothing(client: Client, cast: Cast) -> None:
    plan = make_plan()
    values = _values(plan, "Nabijheid", "Vertrouwen", "Meedoen", "Rust")
    db.commit()
    ids = [str(value.id) for value in values]
    address = f"/almere/trajecten/{plan.id}/waarden/besluit/bewerken"
    client.as_(cast.councillor).submit(address, chosen=ids[:3], reasons="De eerste.")
    late = client.as_(cast.clerk).send(address, chosen=ids[1:], reasons="De tweede.")
    assert late.status == 409
    assert "De eerste." in late.words
    assert "Nabijheid, Vertrouwen, Meedoen" in late.words
    assert "De tweede." in late.text


def test_a_merged_value_leaves_the_decision_to_the_one_it_went_into(session: None, cast: Cast) -> None:
    plan = make_plan()
    values = _values(plan, "Nabijheid", "Vertrouwen", "Meedoen", "Dichtbij")
    decision = operations.decide(plan, None, values, reasons="Omdat.")
    operations.merge_values(values[3], values[0])
    assert decision.chosen == [value.id for value in values[:3]]
    assert queries.changes(decision)[0].sentences == ["Gekozen: Meedoen, Nabijheid, Vertrouwen."]


def test_pages_of_choosing_ask_few_questions(client: Client, cast: Cast, query_count: list[str]) -> None:
    plan = make_plan()
    values = _values(plan, *(f"Waarde {n}" for n in range(30)))
    operations.decide(plan, None, values[:5], reasons="Omdat.")
    for value in values:
        operations.set_parts(value, {"vn-verdrag/inclusie", "jeugdwet/zelf"})
    db.commit()
    client.as_(cast.councillor)
    base = f"/almere/trajecten/{plan.id}/waarden"
    paths = (
        "",
        "/voorbeelden",
        "/brillen",
        "/brillen/jeugdwet",
        "/samenvoegen",
        "/besluit",
        "/besluit/bewerken",
    )
    for address in (*(base + path for path in paths), f"/almere/waarden/{values[0].id}/brillen"):
        query_count.clear()
        assert client.page(address).status == 200
        assert len(query_count) <= 12, (address, len(query_count))


def test_the_seeds_refuse_a_card_with_a_part_that_does_not_exist() -> None:
    library = read.value_library().model_dump()
    library["values"][0]["parts"] = ("vn-verdrag/x",)
    with pytest.raises(ValueError, match="unknown parts"):
        type(read.value_library()).model_validate(library)


def test_loading_the_library_twice_changes_nothing(session: None) -> None:
    assert db.query(LibraryValue).count() == len(read.value_library().values)
