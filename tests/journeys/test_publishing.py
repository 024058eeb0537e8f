"""By keyboard only: the clerk chooses what residents read, looks as one of them, publishes, and revokes it at once."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.reader import Visit

pytestmark = pytest.mark.journey

PAGE = "/almere/monitor/openbaar"


def test_the_clerk_publishes_a_block_for_residents_and_revokes_it(visit: Visit) -> None:
    clerk, resident = visit("griffier@almere.example"), visit(viewport={"width": 360, "height": 740})
    index = "/almere/inwoners"

    clerk.open(index)
    clerk.enter(
        clerk.main.get_by_role("link", name="Zo gaat het", exact=False).first, "Kies wat inwoners lezen"
    )
    boxes = clerk.main.get_by_role("checkbox")
    figures = clerk.main.get_by_role("checkbox", name=re.compile("^Cijfer"), disabled=False)
    name = str(figures.first.get_attribute("value"))
    before = [str(box.get_attribute("id")) for box in boxes.all() if box.is_checked()]
    for id_ in before:  # those of the demo
        if id_ != f"blok-{name}":
            clerk.tab_to(clerk.page.locator(f"[id='{id_}']"))
            clerk.page.keyboard.press("Space")
    box = clerk.page.locator(f"[id='blok-{name}']")
    expect(box).to_be_checked()
    clerk.enter(clerk.main.get_by_role("button", name="Verder: eerst bekijken"), "Bekijken en publiceren")
    clerk.enter(clerk.main.get_by_role("link", name="Bekijk het als inwoner"), "Zo gaat het")
    expect(clerk.page.get_by_text("Alleen u ziet dit nu.")).to_be_visible()
    clerk.enter(clerk.page.get_by_role("link", name="Verder naar publiceren"), "Bekijken en publiceren")
    clerk.enter(clerk.main.get_by_role("button", name="Publiceren"), "Naar inwoners")
    expect(clerk.main).to_contain_text("Gepubliceerd.")

    resident.open(PAGE)
    expect(resident.main.locator("figure")).to_have_count(1)
    assert resident.fits()
    assert resident.context.cookies() == []
    resident.page.locator("figure").scroll_into_view_if_needed()
    expect(resident.page.locator("figure[data-drawn]")).to_have_count(1)
    block = f"{PAGE}/blok/{name}"
    resident.open(block)
    assert resident.context.cookies() == [], "also not by what the browser asks by itself"

    clerk.enter(clerk.main.get_by_role("link", name="Intrekken"), "Monitor voor inwoners intrekken")
    clerk.enter(clerk.main.get_by_role("button", name="Ja, nu intrekken"), "Naar inwoners")
    for address in (PAGE, block, f"{PAGE}/figuren/{name}.json", f"{PAGE}/beeld.png"):
        assert resident.context.request.get(resident.address + address).status == 404

    # Others read the page of the demo too.
    clerk.follow("Zo gaat het", "Kies wat inwoners lezen")
    for id_ in before:
        clerk.page.locator(f"[id='{id_}']").check()
    clerk.press("Verder: eerst bekijken", "Bekijken en publiceren")
    clerk.press("Publiceren", "Naar inwoners")
