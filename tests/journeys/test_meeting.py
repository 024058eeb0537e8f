"""A meeting by keyboard: the screen goes from card to card, a phone follows and asks; and two readers of a goal."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.reader import PHONE, KeyboardReader, PhoneReader, Reader, Visit

pytestmark = pytest.mark.journey

SCREEN = {"viewport": {"width": 1280, "height": 720}}
OF_ALL = re.compile(r"(\d+) van (\d+)")


def place(person: Reader) -> tuple[int, int]:
    found = OF_ALL.search(person.page.locator(".wb-screen__place").inner_text())
    assert found is not None
    return int(found[1]), int(found[2])


def press(person: Reader, key: str) -> None:
    person.go(lambda: person.page.keyboard.press(key))


def choose(person: Reader, question: str, answer: str) -> None:
    person.activate(person.main.get_by_role("group", name=question).get_by_label(answer, exact=True))


def test_the_screen_goes_by_keyboard_and_a_phone_follows_and_asks(visit: Visit) -> None:
    clerk = visit("griffier@almere.example", KeyboardReader, **SCREEN)
    phone = visit("raadslid@almere.example", PhoneReader, **PHONE)
    phone.open("/almere/vergaderen")
    expect(phone.main).to_contain_text("Het scherm laat nu niets zien.")

    clerk.open("/almere/monitor")
    clerk.follow("Vergaderen", "In de vergadering")
    clerk.enter(clerk.page.get_by_role("button", name="Begin op het scherm"), "Dichtbij en op tijd")
    number, last = place(clerk)
    assert number == 1
    small = """() => [...document.querySelectorAll("main *:not(svg *), nav *")]
      .filter((e) => e.children.length === 0 && e.textContent.trim() && parseFloat(getComputedStyle(e).fontSize) < 28)
      .map((e) => e.outerHTML.slice(0, 80))"""
    for number in range(2, last + 1):
        press(clerk, "ArrowRight" if number % 2 else "PageDown")
        assert place(clerk) == (number, last)
        height = clerk.page.evaluate("document.scrollingElement.scrollHeight")
        assert height <= 720, f"card {number} needs scrolling: {height}"
        assert clerk.page.evaluate(small) == [], f"card {number} has small letters"
        assert clerk.page.evaluate("document.activeElement.tagName") == "H1", "the focus is on what is new"
    press(clerk, "Home")
    assert place(clerk)[0] == 1
    press(clerk, "End")
    assert place(clerk)[0] == last
    press(clerk, "ArrowLeft")
    assert place(clerk)[0] == last - 1
    press(clerk, "Home")
    press(clerk, "ArrowRight")

    value = clerk.page.locator("h1").inner_text()
    expect(phone.page.locator(".wb-meeting__now")).to_have_text(value)
    phone.follow("Stel hierover een vraag", "Stel een vraag")
    expect(phone.main).to_contain_text(value)
    phone.fill("Wat wilt u weten?", "Hoe merken wij dit volgend jaar?")
    phone.press("Vraag stellen")

    press(clerk, "Escape")
    assert clerk.path.endswith("/vergaderen")
    phone.open("/almere/vergaderen")
    expect(phone.main).to_contain_text("Het scherm laat nu niets zien.")


def test_without_scripts_every_card_has_its_own_address(visit: Visit) -> None:
    clerk = visit("griffier@almere.example", java_script_enabled=False, **SCREEN)
    clerk.open("/almere/vergaderen")
    clerk.go(lambda: clerk.page.get_by_role("button", name="Begin op het scherm").click())
    clerk.go(lambda: clerk.page.get_by_role("button", name="Volgende").click())
    assert clerk.page.url.endswith("?kaart=2")
    phone = visit("raadslid2@almere.example", java_script_enabled=False, **PHONE)
    phone.open("/almere/vergaderen")
    expect(phone.page.locator(".wb-meeting__now")).to_have_text(clerk.page.locator("h1").inner_text())
    clerk.go(lambda: clerk.page.get_by_role("button", name="Sluiten").click())
    phone.go(lambda: phone.page.get_by_role("link", name="Laad opnieuw").click())
    expect(phone.main).to_contain_text("Het scherm laat nu niets zien.")


def test_the_second_reader_fills_in_by_keyboard_and_then_both_lie_beside_each_other(visit: Visit) -> None:
    first = visit("raadslid6@almere.example")
    second = visit("raadslid5@almere.example", KeyboardReader)
    first.open("/almere/vergaderen")
    first.follow("Naar de duolezers", "Duolezers")
    first.follow("geldzorgen")
    second.open(first.path)
    own = first.main.locator("dd").nth(1).inner_text()
    assert own
    expect(second.main).not_to_contain_text(own)
    second.follow("Vul mijn antwoord in", "Wat ziet u bij dit doel?")
    choose(second, "Is het doel bereikt?", "nee")
    second.fill("Wat ziet u?", "De rij is langer geworden.")
    choose(second, "Is het zijn geld waard?", "ja")
    second.press("Bewaren en ik ben klaar")
    expect(second.main).to_contain_text(own)
    expect(second.main).to_contain_text("Waar zij verschillen")
    first.page.reload()
    first.read()
    expect(first.main).to_contain_text("De rij is langer geworden.")
