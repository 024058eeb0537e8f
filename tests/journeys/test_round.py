"""One round, three browsers: nobody sees another's answer before the reveal, everybody sees the spread after it."""

import pytest
from playwright.sync_api import expect

from tests.journeys.reader import Reader, Visit

pytestmark = pytest.mark.journey

PHONE = {"width": 360, "height": 740}
MARKERS = ("zonnewijzer", "waterrad", "vuurtoren")
QUESTION = "Waar staat u tussen waarden die schuren?"


def open_values(person: Reader) -> None:
    person.open("/almere/trajecten")
    person.follow("Wat is belangrijk")


def texts_of(person: Reader, paths: list[str]) -> str:
    """All these pages as they come, hidden parts too."""
    found = []
    for path in paths:
        person.open(path)
        found.append(person.page.content())
    return "\n".join(found)


def test_three_councillors_take_a_place_and_the_group_confirms_its_middle(visit: Visit) -> None:
    clerk = visit("griffier@almere.example")
    phone = visit("raadslid@almere.example", viewport=PHONE)
    others = [visit("raadslid2@almere.example"), visit("raadslid3@almere.example")]
    councillors = [phone, *others]

    for councillor, marker, place in zip(councillors, MARKERS, ("20", "25", "20"), strict=True):
        councillor.open("/almere/")
        expect(councillor.main).to_contain_text("Geef uw antwoord in de ronde")
        councillor.follow(QUESTION, QUESTION)
        round_page = councillor.path
        councillor.page.locator("input[name=answer_0]").fill(place)
        councillor.fill("Minderheidsstandpunt", f"Denk aan de {marker}.")
        councillor.press("Antwoord bewaren", QUESTION)
        expect(councillor.main).to_contain_text("Uw antwoord is bewaard.")
        councillor.open("/almere/")
        expect(councillor.main).not_to_contain_text("Geef uw antwoord in de ronde")

    open_values(clerk)
    values_page = clerk.path
    expect(clerk.main).to_contain_text("5 van 6 klaar")
    clerk.follow("Alle rondes")
    pages = ["/almere/", "/almere/rondes", round_page, values_page, clerk.path]
    for person, own in ((clerk, ""), *zip(councillors, MARKERS, strict=True)):
        text = texts_of(person, pages)
        assert [marker for marker in MARKERS if marker in text and marker != own] == [], own
        assert phone.fits()
    assert MARKERS[0] in texts_of(phone, [round_page]), "the marks are there to be found"

    clerk.open(round_page)
    clerk.press("De ronde sluiten", QUESTION)
    clerk.press("De uitkomst onthullen", QUESTION)
    expect(clerk.main).to_contain_text("Denk aan de waterrad.")
    clerk.follow("Verder: Waarden")

    open_values(phone)
    expect(phone.main).to_contain_text("Het middelste antwoord is 25")
    assert phone.fits()
    phone.press("Bevestig de plek van Nabijheid: 25", "Nabijheid")
    expect(phone.main).to_contain_text("Dat is 25 op een lijn van 0")
    history = phone.page.get_by_role("link", name="Bekijk eerdere versies")
    phone.go(history.click, "Eerdere versies")
    expect(phone.main).to_contain_text("Versie 2")

    clerk.follow("Alle rondes", "Wat de groep zei")
    clerk.main.get_by_label("Waar hoort deze tekst bij?").first.select_option(label="Nabijheid")
    clerk.press("Overnemen als minderheidsstandpunt", "Wat de groep zei")
    open_values(others[0])
    others[0].follow("Nabijheid", "Nabijheid")
    expect(others[0].main).to_contain_text("Denk aan de")


def test_the_clerk_starts_a_round_over_the_values_in_two_clicks(visit: Visit) -> None:
    clerk = visit("griffier@almere.example")
    open_values(clerk)
    link = clerk.page.get_by_role("link", name="Welke waarden staan voorop?").last
    clerk.go(link.click, "Welke waarden staan voorop?")
    clerk.press("De ronde openen", "Welke waarden staan voorop?")
    expect(clerk.main).to_contain_text("0 van 6 klaar")
