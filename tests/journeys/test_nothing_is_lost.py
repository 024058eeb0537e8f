"""Two editors, two tabs, the back button, an expired session: what was typed is never lost."""

import pytest
from playwright.sync_api import expect

from tests.journeys.content import PASSWORD
from tests.journeys.reader import Reader, Visit

pytestmark = pytest.mark.journey

LONG = "\n".join(["Niet iedereen ziet dit zo. <b>Let op</b> {{ 7 * 7 }} 🌷 مرحبا بكم"] * 25)


def edit_first_value(person: Reader, council: str) -> str:
    """Walk to the form of the first value of the council's plan; gives the form's address."""
    person.open(f"/{council}/trajecten")
    person.follow("Wat is belangrijk")
    person.go(person.main.locator("h3").get_by_role("link").first.click)
    person.follow("Waarde bewerken", "Waarde bewerken")
    return person.path


def test_the_second_of_two_editors_sees_both_versions_and_chooses(visit: Visit) -> None:
    clerk, councillor = visit("griffier@breda.example"), visit("raadslid@breda.example")
    edit_first_value(clerk, "breda")
    edit_first_value(councillor, "breda")

    clerk.fill("Wat bedoelt u ermee", "Zo zegt de griffier het.")
    clerk.press("Bewaren")
    expect(clerk.main).to_contain_text("Zo zegt de griffier het.")

    councillor.fill("Wat bedoelt u ermee", "Zo zegt het raadslid het.")
    councillor.press("Bewaren", "Waarde bewerken")
    expect(councillor.main).to_contain_text("Een collega heeft dit intussen ook veranderd")
    expect(councillor.main.get_by_role("blockquote")).to_have_text("Zo zegt de griffier het.")
    expect(councillor.page.get_by_label("Wat bedoelt u ermee")).to_have_value("Zo zegt het raadslid het.")
    councillor.press("Mijn versie bewaren")
    expect(councillor.main).to_contain_text("Zo zegt het raadslid het.")


def test_a_text_typed_in_an_expired_session_is_shown_again_after_signing_in_and_can_be_saved(
    visit: Visit,
) -> None:
    clerk = visit("griffier@enschede.example")
    edit_first_value(clerk, "enschede")
    clerk.fill("Minderheidsstandpunt", LONG)
    clerk.context.clear_cookies()
    clerk.press("Bewaren", "Inloggen")
    expect(clerk.main).to_contain_text("Wat u invulde")

    clerk.fill("E-mailadres", "griffier@enschede.example")
    clerk.fill("Wachtwoord", PASSWORD)
    clerk.press("Inloggen", "U bent weer ingelogd")
    clerk.press("Laat zien wat ik had ingevuld", "Waarde bewerken")
    expect(clerk.page.get_by_label("Minderheidsstandpunt")).to_have_value(LONG)
    clerk.press("Bewaren")
    expect(clerk.main).to_contain_text("<b>Let op</b> {{ 7 * 7 }} 🌷 مرحبا بكم")


def test_a_second_tab_that_signed_in_again_costs_the_first_tab_nothing(visit: Visit) -> None:
    councillor = visit("raadslid@enschede.example")
    edit_first_value(councillor, "enschede")
    councillor.fill("Dit is het niet", "Een loket met een nummertje.")

    tab = councillor.another_tab()
    tab.open("/raden?kies")
    tab.go(tab.page.get_by_role("button", name="Uitloggen").click)
    tab.sign_in("raadslid@enschede.example", PASSWORD)

    councillor.press("Bewaren")
    councillor.press("Laat zien wat ik had ingevuld", "Waarde bewerken")
    expect(councillor.page.get_by_label("Dit is het niet")).to_have_value("Een loket met een nummertje.")
    councillor.press("Bewaren")
    expect(councillor.main).to_contain_text("Een loket met een nummertje.")


def test_a_second_tab_on_the_same_form_does_not_overwrite_what_the_first_saved(visit: Visit) -> None:
    councillor = visit("raadslid@borger-odoorn.example")
    form = edit_first_value(councillor, "borger-odoorn")
    tab = councillor.another_tab()
    tab.open(form)

    councillor.fill("Dit is het niet", "Wat het eerste tabblad zei.")
    councillor.press("Bewaren")
    tab.fill("Dit is het niet", "Wat het tweede tabblad zei.")
    tab.press("Bewaren", "Waarde bewerken")
    expect(tab.main.get_by_role("blockquote")).to_have_text("Wat het eerste tabblad zei.")


def test_the_back_button_brings_back_what_was_typed(visit: Visit) -> None:
    councillor = visit("raadslid2@borger-odoorn.example")
    edit_first_value(councillor, "borger-odoorn")
    councillor.fill("Wie kan tekortkomen?", "Wie net buiten de regeling valt.")
    councillor.go(councillor.page.get_by_role("link", name="Waarden").first.click)
    councillor.go(councillor.page.go_back, "Waarde bewerken")
    expect(councillor.page.get_by_label("Wie kan tekortkomen?")).to_have_value(
        "Wie net buiten de regeling valt."
    )
