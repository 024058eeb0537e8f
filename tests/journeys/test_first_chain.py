"""The main journey, by keyboard only: from signing in to a living monitor."""

import time

import pytest
from playwright.sync_api import expect

from tests.journeys.content import NEW_CLERK, PASSWORD
from tests.journeys.reader import Reader, Visit

pytestmark = pytest.mark.journey

SECONDS_FROM_LINK_TO_CHART = 30


def wait_for_figure(clerk: Reader, until: float) -> None:
    """The page says itself when a figure is ready, and gives a link to load again."""
    figure = clerk.page.locator("figure[data-figure]")
    again = clerk.page.get_by_role("link", name="Laad de pagina opnieuw")
    while not figure.locator("svg").count():
        assert time.monotonic() < until, "the figure was not ready in time"
        expect(again).to_be_visible(timeout=1000 * max(1, until - time.monotonic()))
        clerk.enter(again)


def test_a_clerk_goes_by_keyboard_from_an_empty_council_to_a_monitor_with_a_drawn_chart(visit: Visit) -> None:
    clerk = visit()
    page = clerk.page
    main = clerk.main

    clerk.open("/")
    clerk.enter(main.get_by_role("link", name="Inloggen"), "Inloggen")
    clerk.type("E-mailadres", NEW_CLERK)
    clerk.type("Wachtwoord", PASSWORD)
    clerk.enter(heading="Raad van Zutphen")

    clerk.enter(main.get_by_role("link", name="Begin met de opdracht"))
    clerk.type("Hoe heet dit traject?", "Zorg dichtbij")
    clerk.type("Wat is de opdracht?", "De raad vraagt een monitor, vóór de kadernota.")
    clerk.enter(main.get_by_role("button", name="Bewaren"), "Zorg dichtbij")

    clerk.enter(main.get_by_role("link", name="Wat is belangrijk"))
    clerk.enter(main.get_by_role("link", name="De eerste waarde noemen"), "Welke waarde vindt u belangrijk?")
    clerk.type("Hoe heet deze waarde?", "Nabijheid")
    clerk.type("Wat bedoelt u ermee", "Hulp in de buurt, van iemand die blijft.")
    clerk.type("Welke waarde schuurt hiermee?", "Deskundigheid")
    clerk.type("Waar staat u tussen die twee?", "30")
    clerk.enter(main.get_by_role("button", name="Bewaren"), "Nabijheid")

    clerk.enter(main.get_by_role("link", name="Naar stap 4, Doelen"))
    clerk.enter(
        main.get_by_role("link", name="Het eerste doel stellen"), "Wat merken inwoners over vier jaar?"
    )
    clerk.type("In vier jaar merken inwoners dat", "zij in de buurt hulp vinden")
    clerk.tab_to(page.get_by_role("checkbox", name="Nabijheid"))
    page.keyboard.press("Space")
    clerk.enter(
        main.get_by_role("button", name="Bewaren"),
        "In vier jaar merken inwoners dat zij in de buurt hulp vinden",
    )

    clerk.enter(main.get_by_role("link", name="Cijfer kiezen"), "Hoe merken we dit?")
    clerk.type("Zoek in de cijfers", "inwoners")
    clerk.enter(heading="Hoe merken we dit?")
    clerk.enter(main.get_by_role("link", name="Kiezen: Inwoners op 1 januari"), "Waarom dit cijfer")
    clerk.type("Waarom hoort dit cijfer bij dit doel?", "Om te weten om hoeveel mensen het gaat.")
    clerk.tab_to(page.get_by_role("radio").first)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="laat een deel van het doel zien")).to_be_checked()
    clerk.type("Wat zegt dit cijfer niet?", "Of mensen hulp vinden.")
    clerk.enter(main.get_by_role("button", name="Cijfer koppelen"), "In vier jaar merken inwoners dat")
    until = time.monotonic() + SECONDS_FROM_LINK_TO_CHART

    clerk.enter(main.get_by_role("link", name="Bekijk deze cijfers in de monitor"), "Monitor: Zorg dichtbij")
    wait_for_figure(clerk, until)
    figure = page.locator("figure[data-figure]")
    expect(figure.get_by_role("heading")).to_contain_text("Inwoners")
    expect(figure.locator("figcaption")).to_contain_text("Zutphen")
    expect(figure.locator("svg").first).to_be_attached()
    clerk.unfold(figure.get_by_text("Toon de tabel"))
    expect(figure.get_by_role("table")).to_contain_text("2026")
    figure.locator(".figure-chart").scroll_into_view_if_needed()
    expect(page.locator("figure[data-drawn='true']")).to_be_visible(
        timeout=1000 * max(1, until - time.monotonic())
    )
    clerk.check()
