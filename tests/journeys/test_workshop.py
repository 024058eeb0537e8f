"""A workshop from its script to the plan: the facilitator, the wall and six phones at once."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.reader import PHONE, PhoneReader, Reader, Visit

pytestmark = pytest.mark.journey

CLERK = "griffier@almere.example"
SMALL_PHONE = PHONE | {"viewport": {"width": 360, "height": 740}}
WALL = {"viewport": {"width": 1280, "height": 720}}
TITLE = "Wat telt bij ons om de hoek?"
WORDS = ["Nabijheid", "Iemand kennen", "Zelf kiezen", "Zelf beslissen", "Eerlijk delen", "Vertrouwen"]
COLLECTING = "Woorden verzamelen en bundelen"


def prepare(clerk: Reader) -> str:
    """The clerk makes a workshop with a ready script; gives its address."""
    clerk.open("/almere/ateliers/nieuw")
    clerk.fill_in(
        {
            "Hoe heet het leeratelier?": TITLE,
            "Op welke dag?": "1-12-2027",
            "Hoe laat begint het?": "19:30",
            "Hoe laat moet het klaar zijn?": "21:30",
            "Waar?": "Stadhuis, zaal 3",
            "Hoeveel mensen verwacht u?": "6",
        }
    )
    clerk.main.get_by_label("Bij welk traject hoort het?").select_option(index=1)
    clerk.press("Bewaren en het draaiboek maken", TITLE)
    address = clerk.path
    clerk.follow("Een draaiboek overnemen", "Een draaiboek overnemen")
    clerk.go(clerk.main.get_by_role("button", name=re.compile("Neem over")).first.click, TITLE)
    return address


def press_now(clerk: Reader, button: str) -> None:
    """A button of what stands on the screens now."""
    clerk.go(clerk.page.locator("#nu").get_by_role("button", name=re.compile(button)).first.click)


def put_on_pile(clerk: Reader, words: list[str], pile: str) -> None:
    for word in words:
        clerk.main.get_by_label(word).check()
    clerk.write(clerk.page.locator("#stapel"), pile)
    clerk.go(clerk.main.get_by_role("button", name=re.compile("stapel")).first.click)


def collect(clerk: Reader, wall: Reader, phones: list[Reader]) -> None:
    """Each phone sends a word; the facilitator puts them on piles."""
    part = clerk.page.locator("#programma li", has_text=COLLECTING)
    clerk.go(part.get_by_role("button", name=re.compile("Naar dit onderdeel")).click)
    press_now(clerk, "Openen")
    for phone, word in zip(phones, WORDS, strict=True):
        phone.page.get_by_label("Uw kaart").fill(word)  # it came by itself
        phone.page.get_by_role("button", name="Verstuur").click()
        expect(phone.page.locator("#nu .wb-phone__card")).to_contain_text(word)
    phones[0].check()
    expect(wall.page.locator("body")).to_contain_text("6 van 6 klaar")
    for word in WORDS:
        expect(wall.page.locator("main")).to_contain_text(word)
    press_now(clerk, "Antwoorden sluiten")
    put_on_pile(clerk, WORDS[:2], "Dichtbij")
    put_on_pile(clerk, WORDS[2:4], "Eigen regie")
    press_now(clerk, "uitkomst tonen")


def choose(clerk: Reader, wall: Reader, phones: list[Reader]) -> None:
    """The piles are what the phones choose from; nobody sees anything before the reveal."""
    press_now(clerk, "Volgende")
    press_now(clerk, "Laat kiezen uit")
    press_now(clerk, "Openen")
    for number, phone in enumerate(phones):
        phone.page.get_by_role("spinbutton").nth(0 if number < 4 else 1).fill("2")
        phone.page.get_by_role("button", name="Verstuur").click()
        expect(phone.main).to_contain_text("Verstuurd ✓")
    expect(wall.page.locator("body")).to_contain_text("6 van 6 klaar")
    expect(wall.main).not_to_contain_text("mensen)")
    press_now(clerk, "Antwoorden sluiten")
    press_now(clerk, "uitkomst tonen")
    for reader in (wall, phones[0]):
        expect(reader.main).to_contain_text("4 van 6 mensen")
        reader.check()


def test_what_six_phones_send_becomes_a_value_in_the_plan(visit: Visit) -> None:
    clerk, wall = visit(CLERK), visit(CLERK, **WALL)
    address = prepare(clerk)
    clerk.follow(re.compile("^Leiden"), f"Leiden: {TITLE}")
    press_now(clerk, "Het leeratelier beginnen")
    wall.open(f"{address}/scherm")
    code = re.findall(r"^([A-Z0-9]{3}) ([A-Z0-9]{3})$", wall.page.inner_text("body"), re.M)[0]
    phones: list[Reader] = [visit(None, PhoneReader, **SMALL_PHONE) for _ in WORDS]
    for phone in phones:
        phone.open(f"/doe-mee/{''.join(code)}")
        phone.press("Doe mee", "U doet mee")
    collect(clerk, wall, phones)
    choose(clerk, wall, phones)

    clerk.activate(clerk.main.get_by_text("Het leeratelier afsluiten"))
    clerk.press("Ja, sluit af")
    for phone in phones:
        expect(phone.main).to_contain_text("afgelopen")
        phone.wrong.clear()  # the code is worthless at once, so what a phone asks with it is refused
    clerk.open(f"{address}/uitkomsten")
    clerk.main.get_by_label("Vertrouwen").check()
    clerk.press("Naar het traject", "Dit gaat naar het traject")
    clerk.main.get_by_label("Dit wordt").select_option(label="een nieuwe waarde")
    clerk.press("Dit gaat naar het traject")
    expect(clerk.main).to_contain_text("nu waarde")
    clerk.follow("Vertrouwen")
    expect(clerk.main).to_contain_text(f"in de sessie {TITLE}")
