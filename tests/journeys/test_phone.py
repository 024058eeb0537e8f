"""A phone in a workshop: what somebody sends survives a lost network and a page that is loaded again, and is sent once."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.content import WORKSHOP_CODE
from tests.journeys.reader import PHONE, PhoneReader, Visit

pytestmark = pytest.mark.journey

SMALL_PHONE = PHONE | {"viewport": {"width": 360, "height": 740}}
QUESTION = "Wat hoort op straat thuis?"
HERE = f"/doe-mee/{WORKSHOP_CODE}"


def joined(visit: Visit) -> PhoneReader:
    phone = visit(None, PhoneReader, **SMALL_PHONE)
    assert isinstance(phone, PhoneReader)
    phone.open("/doe-mee")
    phone.fill("De code op het scherm", f"{WORKSHOP_CODE[:3]} {WORKSHOP_CODE[3:]}".lower())
    phone.press("Verder", "Doe mee")
    phone.press("Doe mee", QUESTION)
    return phone


def test_a_card_waits_for_the_network_and_is_then_sent_once(visit: Visit) -> None:
    phone = joined(visit)
    page = phone.page
    assert phone.fits()
    state = page.locator("[data-state]")
    phone.context.set_offline(True)
    phone.write(page.get_by_label("Uw kaart"), "Een boom voor elk huis")
    phone.activate(page.get_by_role("button", name="Verstuur"))
    expect(state).to_have_text(re.compile("Wacht op verbinding, niets kwijt"))
    expect(page.locator("[data-unsent]")).to_contain_text("Een boom voor elk huis")
    phone.write(page.get_by_label("Uw kaart"), "Nog niet verstuurd")
    phone.wrong.clear()  # the browser logs that there was no network
    phone.context.set_offline(False)
    expect(state).to_have_text("Verstuurd ✓", timeout=30_000)
    expect(page.locator("[data-unsent] li")).to_have_count(0)
    expect(page.get_by_label("Uw kaart")).to_have_value(
        "Nog niet verstuurd"
    )  # what was typed meanwhile is still there
    page.reload()
    phone.read(QUESTION)
    expect(page.get_by_label("Uw kaart")).to_have_value("Nog niet verstuurd")
    expect(page.locator("#nu .wb-phone__card")).to_have_count(1)
    phone.activate(page.get_by_role("button", name="Haal weg"))
    expect(page.locator("#nu .wb-phone__card")).to_have_count(0)


def test_without_scripts_a_card_is_sent_and_somebody_leaves(visit: Visit) -> None:
    phone = visit(None, PhoneReader, **SMALL_PHONE, java_script_enabled=False)
    phone.has_scripts = False
    phone.open(HERE)
    phone.press("Doe mee", QUESTION)
    phone.fill("Uw kaart", "Meer banken")
    phone.press("Verstuur", QUESTION)
    expect(phone.main).to_contain_text("Verstuurd ✓")
    expect(phone.main).to_contain_text("Meer banken")
    phone.page.get_by_role("link", name="Ververs").click()
    phone.read(QUESTION)
    phone.page.get_by_role("link", name="Ik doe niet meer mee").click()
    phone.read("Niet meer meedoen?")
    phone.press("Ik doe niet meer mee", "Doe mee")
