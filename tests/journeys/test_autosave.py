"""A form that saves while somebody types: a lost connection, and two people on one answer."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.reader import Reader, Visit

pytestmark = pytest.mark.journey

PATIENCE = 20_000  # the first attempts after a lost connection come after two and five seconds


def open_question(person: Reader, council: str, question: str) -> None:
    person.open(f"/{council}/trajecten")
    person.follow("Opdracht")
    person.follow(question, question)


def test_a_lost_connection_costs_nothing_and_the_page_says_so(visit: Visit) -> None:
    councillor = visit("raadslid@heerenveen.example")
    open_question(councillor, "heerenveen", "Waarom wil de raad dit nu?")
    state = councillor.page.locator("[data-autosave-state]")
    councillor.fill("Uw antwoord", "Bewegen is voor veel mensen te duur.")
    expect(state).to_contain_text("Bewaard om")

    councillor.context.set_offline(True)
    councillor.fill("Uw antwoord", "Bewegen is voor veel mensen te duur, ook in de dorpen.")
    expect(state).to_contain_text("Niet bewaard: geen verbinding")
    councillor.page.get_by_role("button", name="Verder").click()
    expect(councillor.page.get_by_label("Uw antwoord")).to_have_value(
        "Bewegen is voor veel mensen te duur, ook in de dorpen."
    )
    councillor.check()
    councillor.context.set_offline(False)
    expect(state).to_contain_text("Bewaard om", timeout=PATIENCE)

    councillor.go(councillor.page.reload)
    expect(councillor.page.get_by_label("Uw antwoord")).to_have_value(
        "Bewegen is voor veel mensen te duur, ook in de dorpen."
    )


def open_need(person: Reader, council: str) -> None:
    """The first thing that the goals of this council need."""
    person.open(f"/{council}/trajecten")
    person.open(f"{urlsplit(person.page.url).path}/nodig")
    person.go(person.main.get_by_role("link", name="Veranderen").first.click, "Wat is er nodig?")


def test_a_lost_connection_on_a_card_under_a_goal_costs_nothing_either(visit: Visit) -> None:
    councillor = visit("raadslid@almere.example")
    open_need(councillor, "almere")
    state = councillor.page.locator("[data-autosave-state]")
    councillor.context.set_offline(True)
    councillor.fill("Wie zijn er nog meer nodig?", "Huisartsen en de bibliotheek.")
    expect(state).to_contain_text("Niet bewaard: geen verbinding")
    councillor.context.set_offline(False)
    expect(state).to_contain_text("Bewaard om", timeout=PATIENCE)
    councillor.go(councillor.page.reload)
    expect(councillor.page.get_by_label("Wie zijn er nog meer nodig?")).to_have_value(
        "Huisartsen en de bibliotheek."
    )


def test_two_people_on_one_answer_see_both_and_choose(visit: Visit) -> None:
    clerk, councillor = visit("griffier@heerenveen.example"), visit("raadslid2@heerenveen.example")
    question = "Wat hoort er niet bij?"
    open_question(clerk, "heerenveen", question)
    open_question(councillor, "heerenveen", question)
    clerk.fill("Uw antwoord", "De sporthal.")
    expect(clerk.page.locator("[data-autosave-state]")).to_contain_text("Bewaard om")

    councillor.fill("Uw antwoord", "Het zwembad.")
    expect(councillor.main.get_by_role("blockquote")).to_have_text("De sporthal.")
    expect(councillor.page.get_by_label("Uw antwoord")).to_have_value("Het zwembad.")
    councillor.check()
    councillor.main.get_by_role("button", name="Mijn versie houden").click()
    expect(councillor.page.locator("[data-autosave-state]")).to_contain_text("Bewaard om")

    clerk.go(clerk.page.reload)
    expect(clerk.page.get_by_label("Uw antwoord")).to_have_value("Het zwembad.")
    history = clerk.page.get_by_role("link", name="Eerdere versies van dit antwoord")
    clerk.go(history.click, "Eerdere versies")
    expect(clerk.main).to_contain_text("De sporthal.")
