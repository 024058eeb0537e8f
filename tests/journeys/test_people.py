"""People come in, and choose their language."""

import email
import email.policy
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.reader import Visit
from tests.journeys.running import Workbench

pytestmark = pytest.mark.journey


def mails_to(address: str, home: Path) -> list[str]:
    """The texts of the mail files to this address, once there is one; the worker writes them."""
    until = time.monotonic() + 15
    while time.monotonic() < until:
        mails = [
            email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            for file in (home / "mail").glob("*.eml")
        ]
        if found := [mail.get_content() for mail in mails if mail["To"] == address]:
            return found
        time.sleep(0.1)
    return []


def test_a_clerk_invites_a_councillor_who_joins_by_the_link(visit: Visit, workbench: Workbench) -> None:
    clerk = visit("griffier@heerenveen.example")
    clerk.open("/heerenveen/leden")
    clerk.fill("E-mailadres", "nieuw@heerenveen.example")
    clerk.page.get_by_role("radio", name="raadslid").check()
    clerk.press("Uitnodiging versturen", "Uitnodiging verstuurd")
    link = clerk.main.get_by_text(f"{workbench.address}/uitnodiging/").inner_text()
    (mail,) = mails_to("nieuw@heerenveen.example", workbench.home)
    assert link in mail
    assert "Heerenveen" in mail

    newcomer = visit()
    newcomer.open(link.removeprefix(workbench.address))
    newcomer.fill("Uw naam", "Fenna Bosma")
    newcomer.fill("Kies een wachtwoord", "een lang en nieuw wachtwoord")
    newcomer.press("Ik doe mee", "Raad van Heerenveen")
    expect(newcomer.page.get_by_role("link", name="Fenna Bosma")).to_be_visible()

    clerk.follow("Terug naar de leden", "Leden")
    row = clerk.page.get_by_role("row").filter(has_text="nieuw@heerenveen.example")
    expect(row).to_contain_text("Fenna Bosma")
    expect(row).to_contain_text("raadslid")


def test_the_language_switch_changes_the_page_one_is_on_and_back(visit: Visit) -> None:
    reader = visit("lezer@almere.example")
    reader.open("/almere/cijfers?q=inwoners")
    english = reader.page.get_by_role("button", name="English")
    expect(english).to_have_attribute("lang", "en")
    reader.go(english.click, "Figures")
    assert reader.page.url.endswith("/almere/cijfers?q=inwoners")
    expect(reader.page.locator("html")).to_have_attribute("lang", "en")
    reader.go(reader.page.get_by_role("button", name="Nederlands").click, "Cijfers")
    expect(reader.page.locator("html")).to_have_attribute("lang", "nl")
