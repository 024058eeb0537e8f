"""Two people code one story without seeing each other, one of them with the keyboard only, and settle on one reading."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.reader import KEYBOARD, KeyboardReader, Visit

pytestmark = pytest.mark.journey

PLACES = """
([from, until]) => {
  const first = document.querySelector("[data-start]");
  const walker = document.createTreeWalker(first, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let at = 0;
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (text.parentElement.closest("[data-number]")) continue;
    for (const [place, set] of [[from, "setStart"], [until, "setEnd"]]) {
      if (place >= at && place <= at + text.length) range[set](text, place - at);
    }
    at += text.length;
  }
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}
"""


def choose_within(page: Page, *, from_letter: int, until_letter: int) -> None:
    """As with the handles on a phone: no pointer goes down on the text."""
    page.evaluate(PLACES, [from_letter, until_letter])
    expect(page.locator("[data-palette]")).to_be_visible()


def whole_words(page: Page, from_letter: int, until_letter: int) -> str:
    text = page.locator("[data-start]").first.evaluate(
        "p => { const c = p.cloneNode(true); c.querySelectorAll('[data-number]').forEach(n => n.remove()); return c.textContent }"
    )
    found = [m for m in re.finditer(r"\w+", text) if m.start() < until_letter and from_letter < m.end()]
    first = min(found[0].start(), from_letter)
    last = max(found[-1].end(), until_letter)
    return f"Gekozen: {' '.join(text[first:last].split())}"


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
    expect(officer.page.locator("[data-palette] [data-name]:visible")).to_have_count(0)
    officer.page.keyboard.press("Enter")
    expect(officer.page.locator("[data-excerpt]")).to_have_count(1)
    expect(officer.page.locator("[data-excerpt]")).to_contain_text("iets nieuws")
    # Half a word is taken whole, and the number of a mark is no part of what was said.
    choose_within(officer.page, from_letter=1, until_letter=25)
    expect(officer.page.locator("p[data-chosen]")).to_have_text(whole_words(officer.page, 1, 25))
    officer.page.keyboard.press("Escape")
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
