"""A narrator on a phone: tells, sends, comes back with a code, says yes, reads what was done, and stops."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.content import OWN_CODE, TELLING
from tests.journeys.reader import PHONE, PhoneReader, Reader, Visit

pytestmark = pytest.mark.journey

SMALL_PHONE = PHONE | {"viewport": {"width": 360, "height": 740}}
STORY = "Ik wachtte vier maanden. Toen belde er iemand die luisterde."


def open_door(clerk: Reader) -> str:
    """The clerk opens the page where people tell; gives its path, as on the card."""
    clerk.open("/almere/verhaalbronnen")
    clerk.follow(TELLING)
    clerk.follow("Vertelpagina", "Vertelpagina")
    make = clerk.main.get_by_role("button", name=re.compile("Vertelpagina openen|Nieuwe link"))
    clerk.go(lambda: clerk.activate(make))
    address = clerk.main.get_by_role("link", name="/vertel/").first.get_attribute("href")
    clerk.follow("Kaart om te printen", "Vertel hoe het voor u is")
    assert address is not None
    return urlsplit(address).path


def choose(phone: Reader, answer: str, heading: str) -> None:
    phone.activate(phone.main.get_by_label(answer))
    phone.press("Verder", heading)


def test_a_narrator_tells_on_a_phone_and_sends(visit: Visit) -> None:
    path = open_door(visit("griffier@almere.example"))
    phone = visit(None, PhoneReader, **SMALL_PHONE)
    phone.open(path)
    phone.press("Ik wil vertellen", "Vertel")
    phone.fill("Uw verhaal", STORY)
    expect(phone.page.locator("[data-autosave-state]")).to_contain_text("Bewaard om")
    phone.page.reload()
    phone.read("Vertel")
    expect(phone.page.get_by_label("Uw verhaal")).to_have_value(STORY)
    phone.press("Bewaar en verder", "Bewaar deze code")
    code = phone.main.locator(".wb-narrator__code").inner_text()
    phone.press("Ik heb de code bewaard", "Wie mag uw verhaal lezen?")
    choose(phone, "De hele gemeenteraad, en wie voor de raad werkt", "Mag uw hele verhaal gelezen worden?")
    choose(phone, "Nee, alleen stukjes", "Hoe lang mag uw verhaal bewaard worden?")
    choose(phone, "Een jaar", "Wat betekent het voor u?")
    phone.write(phone.page.get_by_role("spinbutton", name="Ging het zoals u wilde?"), "30")
    expect(phone.page.get_by_role("slider", name="Ging het zoals u wilde?")).to_have_value("30")
    phone.press("Verder", "Hoe mogen we u noemen?")
    phone.press("Verder", "Hoe oud bent u?")
    choose(phone, "Ik ben 16 jaar of ouder", "Klopt het zo?")
    expect(phone.main).to_contain_text(STORY)
    phone.press("Verstuur mijn verhaal", "Uw verhaal, nummer")
    expect(phone.main).to_contain_text("Iemand haalt er nu namen en adressen uit.")

    later = visit(None, PhoneReader, **SMALL_PHONE)
    later.open("/vertel")
    later.fill("Wat is uw code?", code.lower().replace("-", " "))
    later.press("Verder", "Uw verhaal, nummer")


def test_a_narrator_says_yes_reads_what_was_done_and_stops(visit: Visit) -> None:
    clerk = visit("griffier@almere.example")
    phone = visit(None, PhoneReader, **SMALL_PHONE)
    phone.open(f"/verteller/{OWN_CODE}")
    phone.follow("Lees uw verhaal", "Zo lezen anderen uw verhaal")
    expect(phone.main.locator("mark")).to_have_text("[mijn buurvrouw]")
    phone.press("Ja, zo mag het", "Uw verhaal, nummer")
    expect(phone.main).to_contain_text("Uw verhaal doet mee.")

    clerk.open("/almere/verhaalbronnen")
    clerk.follow(TELLING)
    clerk.follow("Berichten aan vertellers", "Berichten aan vertellers")
    clerk.fill("Uw bericht", "Dank u wel. De raad sprak over uw verhaal.")
    clerk.press("Bericht plaatsen")

    phone.open(f"/verteller/{OWN_CODE}")
    expect(phone.main).to_contain_text("De raad sprak over uw verhaal.")
    phone.follow("Stop en verwijder mijn verhaal", "Wilt u uw verhaal verwijderen?")
    phone.press("Ja, verwijder alles", "Uw verhaal is verwijderd")
    expect(phone.main).not_to_contain_text("buurvrouw")
    phone.open(f"/verteller/{OWN_CODE}/lezen")
    phone.read("Uw verhaal is verwijderd")


A_VOICE = """navigator.mediaDevices.getUserMedia = async () => {
  const sound = new AudioContext(), voice = sound.createOscillator(), heard = sound.createMediaStreamDestination();
  voice.connect(heard);
  voice.start();
  return heard.stream;
};"""


def test_a_narrator_talks_into_the_page_and_it_is_kept(visit: Visit) -> None:
    path = open_door(visit("griffier@almere.example"))
    phone = visit(None, PhoneReader, **SMALL_PHONE)
    phone.page.add_init_script(A_VOICE)
    phone.open(path)
    phone.press("Ik wil vertellen", "Vertel")
    phone.follow("Liever praten? Neem uw verhaal op", "Neem uw verhaal op")
    begin = phone.main.get_by_role("button", name="Begin met praten")
    done = phone.main.get_by_role("button", name="Klaar met praten")
    expect(done).to_be_hidden()
    phone.activate(begin)
    expect(begin).to_be_hidden()
    expect(phone.main).to_contain_text("U wordt nu opgenomen.")
    expect(phone.main).to_contain_text("0:01")
    phone.activate(done)
    expect(phone.main).to_contain_text("Uw opname duurt 0:0")
    phone.press("Bewaar de opname", "Vertel")
    expect(phone.main).to_contain_text("Uw opname is bewaard.")
    phone.follow("Bekijk of vervang de opname", "Neem uw verhaal op")
    phone.press("Gooi de opname weg", "Neem uw verhaal op")
    expect(phone.main).to_contain_text("De opname is weggegooid.")


def test_without_scripts_a_narrator_tells_as_well(visit: Visit) -> None:
    path = open_door(visit("griffier@almere.example"))
    phone = visit(None, PhoneReader, java_script_enabled=False, **SMALL_PHONE)
    phone.open(path)
    phone.press("Ik wil vertellen", "Vertel")
    phone.fill("Uw verhaal", STORY)
    phone.press("Bewaar en verder", "Bewaar deze code")
    phone.press("Ik heb de code bewaard", "Wie mag uw verhaal lezen?")
    expect(phone.page.get_by_text("Stop en verwijder")).to_be_visible()
