"""By keyboard, from proposal to revoking: what a clerk, a councillor and a resident do with one monitor."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.reader import KEYBOARD, KeyboardReader, Reader, Visit

pytestmark = pytest.mark.journey

PUBLIC = "/almere/monitor/openbaar"


def propose_build_and_publish(clerk: Reader) -> str:
    """A second monitor, for residents: the proposal without its first figure. Gives its title."""
    title = "Thuis in Almere"
    clerk.open("/almere/monitor")
    clerk.follow("Monitor bouwen", "Monitor bouwen")
    clerk.follow("Alle monitors van dit traject", "Monitors van")
    clerk.follow("Nog een monitor maken", "Nog een monitor maken")
    clerk.fill("Hoe heet deze monitor?", title)
    clerk.tick("voor inwoners")
    clerk.press("Maak deze monitor", f"Monitor bouwen: {title}")
    figures = clerk.page.locator("ol[data-section] strong").filter(has_text=re.compile("^Figuur"))
    before = figures.count()
    assert before > 3
    clerk.press(f"Weghalen: {figures.first.inner_text()}", "Monitor bouwen")
    expect(figures).to_have_count(before - 1)
    clerk.follow("Bekijk het concept als lezer", title)
    clerk.follow("Monitor bouwen", "Monitor bouwen")
    clerk.open("/almere/monitor")
    clerk.follow("Monitor bouwen", "Monitor bouwen")
    clerk.follow("Alle monitors van dit traject", "Monitors van")
    clerk.follow(title, f"Monitor bouwen: {title}")
    clerk.press("Publiceer dit concept", title)
    return title


def adopt_again(clerk: Reader) -> None:
    clerk.open("/almere/monitor")
    clerk.follow("Opnieuw vaststellen", "vaststellen")
    clerk.fill("Waarom stelt de raad opnieuw vast?", "De tekst bij Nabijheid is erbij gekomen.")
    clerk.fill("Minderheidsstandpunten", "Fractie Groen: wij willen ook cijfers over wijken.")
    clerk.press("Vaststellen")
    expect(clerk.main).to_contain_text("Zet een vinkje als u het hebt nagekeken.")
    expect(clerk.page.get_by_label("Minderheidsstandpunten")).to_have_value(re.compile("Fractie Groen"))
    clerk.tick("Ik heb dit nagekeken. Ik weet dat vaststellen niet ongedaan te maken is.")
    clerk.press("Vaststellen", "1.1")
    expect(clerk.main).to_contain_text("Fractie Groen")


def ask_and_answer(clerk: Reader, councillor: Reader) -> None:
    councillor.open("/almere/monitor")
    councillor.follow(re.compile("^Stel een vraag over Inwoners op 1 januari"), "vraag")
    councillor.fill("Wat wilt u weten?", "Telt dit ook studenten mee die hier niet wonen?")
    owner = councillor.page.get_by_label("Aan wie vraagt u het?")
    councillor.tab_to(owner)
    councillor.page.keyboard.type("Ilse")
    councillor.press("Vraag stellen", "Vraag over Inwoners op 1 januari")
    question = councillor.path
    clerk.open(question)
    clerk.follow("Antwoorden", "Antwoorden")
    clerk.fill("Uw antwoord", "Nee. Het gaat om wie hier staat ingeschreven.")
    clerk.press("Antwoorden", "Vraag over Inwoners op 1 januari")
    councillor.open(question)
    expect(councillor.main).to_contain_text("Het gaat om wie hier staat ingeschreven.")
    expect(councillor.main.get_by_role("heading", name="Toen en nu")).to_be_visible()
    expect(councillor.main.locator("table").first).to_be_attached()
    councillor.press("Helder", "Vraag over Inwoners op 1 januari")


def publish_and_revoke(clerk: Reader, resident: Reader, title: str) -> None:
    clerk.open("/almere/inwoners")
    clerk.follow(title, "Kies wat inwoners lezen")
    box = clerk.main.get_by_role("checkbox", name=re.compile("^Cijfer"), disabled=False).first
    clerk.activate(box)
    clerk.press("Verder: eerst bekijken", "Bekijken en publiceren")
    clerk.follow("Bekijk het als inwoner", title)
    clerk.go(lambda: clerk.activate(clerk.page.get_by_role("link", name="Verder naar publiceren")))
    clerk.press("Publiceren", "Naar inwoners")
    resident.open(PUBLIC)
    expect(resident.page.locator("h1")).to_contain_text(title)
    expect(resident.main.locator("figure")).to_have_count(1)
    clerk.follow("Intrekken", "Monitor voor inwoners intrekken")
    clerk.press("Ja, nu intrekken", "Naar inwoners")
    assert resident.context.request.get(resident.address + PUBLIC).status == 404


def test_from_proposal_to_revoking_by_keyboard(visit: Visit) -> None:
    clerk = visit("griffier@almere.example", KeyboardReader, checked=set(), **KEYBOARD)
    councillor = visit("raadslid@almere.example", KeyboardReader, checked=set(), **KEYBOARD)
    title = propose_build_and_publish(clerk)
    adopt_again(clerk)
    ask_and_answer(clerk, councillor)
    publish_and_revoke(clerk, visit(viewport={"width": 360, "height": 740}), title)
    # Others read the page of the demo too.
    clerk.open("/almere/inwoners")
    clerk.page.get_by_role("link", name="Zo gaat het", exact=False).first.click()
    clerk.read("Kies wat inwoners lezen")
    for box in clerk.main.get_by_role("checkbox", name=re.compile("^Cijfer"), disabled=False).all():
        box.check()
    clerk.page.get_by_role("button", name="Verder: eerst bekijken").click()
    clerk.read("Bekijken en publiceren")
    clerk.page.get_by_role("button", name="Publiceren").click()
    clerk.read("Naar inwoners")
