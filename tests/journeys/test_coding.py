"""Two people code one story without seeing each other, one of them with the keyboard only, and settle on one reading."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.reader import KEYBOARD, KeyboardReader, Visit

pytestmark = pytest.mark.journey

CLERK, OFFICER = "griffier@almere.example", "beleid@almere.example"


def test_two_coders_read_blind_and_settle(visit: Visit) -> None:
    clerk = visit(CLERK, KeyboardReader, **KEYBOARD)
    clerk.open("/almere/verhalen?q=luisterde")
    clerk.enter(clerk.main.get_by_role("link", name=re.compile("^Verhaal ")).first, "Verhaal")
    address = clerk.path
    clerk.unfold(clerk.main.get_by_text("Twee of meer mensen los van elkaar laten lezen"))
    for name in ("Ilse van Dongeren", "Wen Li de Groot"):
        clerk.activate(clerk.main.get_by_label(name, exact=True))
    clerk.enter(clerk.main.get_by_role("button", name="Vraag hen los te lezen"))
    expect(clerk.main).to_contain_text("U leest los van anderen")

    # With the keyboard: two sentences, and the label that was used last.
    text = clerk.page.get_by_role("group", name="De tekst van het verhaal")
    clerk.tab_to(text)
    before = clerk.page.locator("[data-excerpt]").count()
    for key in ("z", "z", "t"):
        clerk.page.keyboard.press(key)
    palette = clerk.page.locator("[data-palette]")
    expect(palette).to_be_visible()
    clerk.check()
    clerk.page.keyboard.press("Enter")
    expect(clerk.page.locator("[data-coding-state]")).to_have_text("Gemarkeerd en bewaard.")
    expect(clerk.page.locator("[data-excerpt]")).to_have_count(before + 1)

    # The other sees nothing of it, selects words with the mouse and makes a label.
    officer = visit(OFFICER)
    officer.open(address)
    expect(officer.page.locator("[data-excerpt]")).to_have_count(0)
    officer.page.locator("[data-start]").first.dblclick(position={"x": 40, "y": 15})
    expect(officer.page.locator("[data-palette]")).to_be_visible()
    if not officer.page.locator("[data-find]").is_visible():
        officer.page.locator("[data-more] summary").click()
    officer.page.locator("[data-find]").fill("iets nieuws")
    officer.page.keyboard.press("Enter")
    expect(officer.page.locator("[data-excerpt]")).to_have_count(1)
    expect(officer.page.locator("[data-excerpt]")).to_contain_text("iets nieuws")
    officer.check()
    officer.press("Mijn lezing is klaar", "Verhaal")

    clerk.enter(clerk.main.get_by_role("button", name="Mijn lezing is klaar"), "Verhaal")
    clerk.enter(clerk.main.get_by_role("link", name="Lezingen vergelijken"), "lezingen vergelijken")
    expect(clerk.main).to_contain_text("kozen alle lezers hetzelfde")
    for number in range(clerk.page.locator(".wb-difference").count()):
        clerk.activate(clerk.page.locator(f"[name=keuze-{number}]").first)
    clerk.enter(clerk.main.get_by_role("button", name="Dit is onze gezamenlijke lezing"), "Verhaal")
    expect(clerk.main).to_contain_text("Er is nu één lezing van dit verhaal.")
    expect(clerk.main).to_contain_text("Samen gelezen")
