"""From a file as it lies in a folder to a figure in the monitor, and out of it again."""

import time

import pytest
from playwright.sync_api import expect

from tests.journeys.reader import Reader, Visit
from tests.uploads.test_routes import EXPORTS

pytestmark = pytest.mark.journey

EXPORT = EXPORTS / "laag_inkomen_2011_2014_2017.csv"
NAME = "Huishoudens met een laag inkomen"
PATIENCE = 60  # seconds until the worker has built the figure


def monitor_with(person: Reader, text: str) -> None:
    """Open the monitor until the worker has put this in it."""
    until = time.monotonic() + PATIENCE
    while True:
        person.open("/almere/monitor")
        if person.main.get_by_text(text).count():
            return
        assert time.monotonic() < until, f"the monitor does not say {text!r}"
        time.sleep(1)


def publish_what_is_new(clerk: Reader) -> None:
    """What readers see changes only when the clerk says so."""
    clerk.open("/almere/monitor")
    clerk.follow("Monitor bouwen", "Monitor bouwen")
    clerk.press("Overnemen in de indeling", "Monitor bouwen")
    clerk.press("Publiceer dit concept", "Monitor:")


@pytest.mark.skipif(not EXPORT.exists(), reason="the recorded StatLine exports are not here")
def test_an_officer_brings_an_export_and_a_councillor_sees_it_under_a_goal_until_it_is_withdrawn(
    visit: Visit,
) -> None:
    officer, councillor = visit("beleid@almere.example"), visit("raadslid@almere.example")

    officer.open("/almere/eigen-cijfers/")
    officer.follow("Cijfers toevoegen", "Cijfers toevoegen")
    officer.page.get_by_label("Bestand met cijfers").set_input_files(EXPORT)
    officer.press("Verder", "Wat is het voor cijfer?")
    officer.fill("Hoe heet het cijfer?", NAME)
    officer.fill("Wat telt u precies?", "Huishoudens onder de lage-inkomensgrens.")
    officer.fill("Waar komt het vandaan?", "CBS StatLine")
    officer.page.get_by_label("een aandeel van mensen").check()
    officer.fill("In welke eenheid?", "%")
    officer.fill("Hoeveel cijfers achter de komma?", "1")
    officer.press("Verder", "Kijk na")

    column = officer.page.get_by_label("In welke kolom staan de cijfers?")
    column.select_option(label="Particuliere huishoudens relatief (%)")
    officer.press("Opnieuw nakijken", "Kijk na")
    expect(officer.main).to_contain_text("Wij weten niet over hoeveel mensen elk aandeel gaat.")
    officer.press("Cijfers opslaan", "Kijk na")
    expect(officer.main).to_contain_text("Schrijf op waarom de opvallende cijfers kloppen")
    officer.fill("Waarom kloppen deze cijfers toch?", "Het CBS toont geen aandeel van weinig mensen.")
    officer.press("Cijfers opslaan", NAME)
    expect(officer.main).to_contain_text("De cijfers staan erin.")
    figures = officer.path

    councillor.open("/almere/trajecten")
    councillor.follow("Doelen")
    councillor.go(councillor.main.get_by_role("link", name="geldzorgen").first.click)
    councillor.follow("Nog een cijfer kiezen", "Hoe merken we dit?")
    councillor.fill("Zoek in de cijfers", "laag inkomen")
    councillor.press("Zoek")
    councillor.follow(f"Kiezen: {NAME}", f"Waarom dit cijfer: {NAME}")
    expect(councillor.main).to_contain_text("eigen cijfer van de gemeente")
    councillor.fill("Waarom hoort dit cijfer bij dit doel?", "Wie weinig heeft, heeft eerder zorgen.")
    councillor.page.get_by_label("laat een deel van het doel zien").check()
    councillor.fill("Wat zegt dit cijfer niet?", "Of mensen hulp vragen.")
    councillor.press("Cijfer koppelen", "In vier jaar merken inwoners met geldzorgen")
    publish_what_is_new(visit("griffier@almere.example"))
    monitor_with(councillor, f"{NAME}, 7,5")
    figure = councillor.main.locator("figure", has_text=NAME)
    expect(figure.locator("svg").first).to_be_attached()
    expect(figure).to_contain_text("Bron: gemeente Almere, eigen cijfer (CBS StatLine)")
    figure.scroll_into_view_if_needed()
    expect(figure.and_(councillor.page.locator("[data-drawn='true']"))).to_be_visible()
    councillor.check()

    officer.open(f"{figures}/intrekken")
    officer.fill("Waarom trekt u deze cijfers in?", "De tabel is verouderd.")
    officer.press("Cijfers intrekken", NAME)
    monitor_with(councillor, "Reden: De tabel is verouderd.")
    expect(councillor.main).not_to_contain_text(f"{NAME}, 7,5")
