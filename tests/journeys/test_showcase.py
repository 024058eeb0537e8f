"""The showcase from two sides: one council shares and renews, another adopts, keeps, takes and merges, until it is revoked."""

import re

import pytest

from tests.journeys.reader import Reader, Visit

pytestmark = pytest.mark.journey

SHARER, ADOPTER = "griffier@almere.example", "griffier@doesburg.example"
SHARED, OWN_TITLE = "Dichtbij en op tijd, om te delen", "Doesburg begint"
VALUES = ("Nabijheid", "Bestaanszekerheid", "Meedoen")


def share(clerk: Reader, changed: str = "") -> tuple[str, str]:
    """Look at what goes along and share it; gives the addresses of the plan and of the template."""
    clerk.open("/almere/etalage")
    clerk.follow("Deel een nieuwe versie", "delen als voorbeeld")
    plan = clerk.path.removesuffix("/delen")
    clerk.fill_in({"Onder welke naam deelt u dit?": SHARED, "Waar gaat het over?": "Zo doen wij het."})
    if changed:
        clerk.fill("Wat is er nieuw in deze versie?", changed)
    clerk.press("Deel de nieuwe versie", SHARED)
    return plan, clerk.path


def words_of(clerk: Reader, plan: str, name: str) -> str:
    """What the card of this value says."""
    clerk.open(f"{plan}/waarden")
    clerk.follow(re.compile(f"^{name}"), name)
    return clerk.main.inner_text()


def reword(clerk: Reader, plan: str, name: str, text: str) -> None:
    words_of(clerk, plan, name)
    clerk.follow("Waarde bewerken")
    clerk.write(clerk.page.locator("[name=own_words]"), text)
    clerk.press("Bewaren", name)


def adopt(clerk: Reader, template: str) -> str:
    """Copy, settle where things come from, and take the values over; gives the address of the plan."""
    clerk.open(template)
    clerk.follow("Bekijk het met de cijfers van uw gemeente", "met de cijfers van Doesburg")
    clerk.follow("Neem dit voorbeeld over", "overnemen")
    clerk.fill("Hoe heet het nieuwe traject?", OWN_TITLE)
    clerk.tick("Anderen mogen lezen dat onze raad dit voorbeeld overnam")
    clerk.press("Neem het voorbeeld over", OWN_TITLE)
    clerk.follow("Bekijk wat er klaarligt", "Het voorbeeld van Almere")
    plan = clerk.path.removesuffix("/voorbeeld")
    clerk.follow("Kies waar cijfers", "Waar komt het bij u vandaan?")
    clerk.press("Bewaar deze keuzes", "Het voorbeeld van Almere")
    for name in VALUES:
        clerk.follow(f"Bespreek {name}", name)
        clerk.press("Bewaar als onze waarde", "Het voorbeeld van Almere")
    clerk.follow("Bespreek dit doel")
    clerk.press("Neem dit doel over", "Het voorbeeld van Almere")
    card = clerk.page.locator("main input[name=card]").first
    clerk.activate(card)
    clerk.press("Neem over wat is aangevinkt", "Het voorbeeld van Almere")
    assert "Overgenomen: 1 kaart." in clerk.main.inner_text()
    return plan


def choose(clerk: Reader, name: str, button: str) -> None:
    """Keep or take what changed in the card with this name."""
    card = clerk.page.locator("main section", has=clerk.page.get_by_role("heading", name=f"Waarde: {name}"))
    clerk.go(card.get_by_role("button", name=button).click)


def test_a_council_adopts_a_template_and_updates_it_without_losing_a_word_of_its_own(visit: Visit) -> None:
    sharer, adopter, visitor = visit(SHARER), visit(ADOPTER), visit()
    plan, template = share(sharer)
    own = adopt(adopter, template)
    visitor.open(template)
    assert "Doesburg" in visitor.main.get_by_text("Overgenomen door").inner_text()

    reword(adopter, own, "Nabijheid", "In Doesburg kent u degene die helpt.")
    reword(adopter, own, "Meedoen", "In Doesburg doet iedereen mee.")
    for name in VALUES:
        reword(sharer, plan, name, f"{name} zoals Almere het nu zegt.")
    assert share(sharer, "Andere woorden bij de waarden.") == (plan, template)

    adopter.open(f"{own}/voorbeeld")
    adopter.follow("Bekijk wat er anders is", "Het voorbeeld is vernieuwd")
    update = adopter.path
    assert "3 kaarten om over te kiezen" in adopter.main.inner_text()
    choose(adopter, "Nabijheid", "Houd onze tekst")
    choose(adopter, "Bestaanszekerheid", "Neem de nieuwe tekst over")
    adopter.follow("Voeg samen: Meedoen", "Samenvoegen")
    adopter.press("Bewaren")
    adopter.open(update)
    assert "U hebt de nieuwste versie: 3." in adopter.main.inner_text()
    assert "In Doesburg kent u degene die helpt." in words_of(adopter, own, "Nabijheid")
    assert "Bestaanszekerheid zoals Almere het nu zegt." in words_of(adopter, own, "Bestaanszekerheid")
    both = words_of(adopter, own, "Meedoen")
    assert "In Doesburg doet iedereen mee." in both
    assert "Meedoen zoals Almere het nu zegt." in both

    sharer.open("/almere/etalage")
    sharer.go(sharer.main.get_by_role("button", name=f"Stop met delen van ‘{SHARED}’").click)
    assert "staat niet meer in de etalage" in sharer.page.locator("body").inner_text()
    for reader in (visitor, adopter):
        reader.open("/etalage")
        assert SHARED not in reader.main.inner_text()
        for address in (template, f"{template}/bekijken", f"{template}/pakket"):
            answer = reader.page.request.get(reader.address + address)
            assert answer.status == 404, address
    adopter.open(f"{own}/voorbeeld")
    assert "niet meer met u gedeeld" in adopter.page.locator("body").inner_text()
    assert "In Doesburg kent u degene die helpt." in words_of(adopter, own, "Nabijheid")
