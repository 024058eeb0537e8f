"""What holds for every page: well made, narrow or wide, without scripts, on paper."""

import pytest
from playwright.sync_api import expect

from tests.journeys.reader import Visit
from tests.journeys.running import Workbench

pytestmark = pytest.mark.journey

CLERK = "griffier@almere.example"
DESKTOP, PHONE = 1280, 360
ZOOMED = 320  # what is left of 1280 pixels at 400 %


@pytest.mark.parametrize("width", [DESKTOP, PHONE, ZOOMED])
def test_every_page_is_accessible_and_needs_no_scrolling_sideways(
    visit: Visit, workbench: Workbench, width: int
) -> None:
    clerk = visit(CLERK, viewport={"width": width, "height": 800})
    assert len(workbench.pages) > 25
    too_wide = []
    for path in workbench.pages:
        clerk.open(path)
        if not clerk.fits():
            too_wide.append(path)
    assert too_wide == []


@pytest.mark.parametrize("width", [DESKTOP, ZOOMED])
def test_what_a_visitor_sees_is_accessible_and_needs_no_scrolling_sideways(visit: Visit, width: int) -> None:
    visitor = visit(viewport={"width": width, "height": 800})
    for path in ("/", "/inloggen", "/wachtwoord/vergeten"):
        visitor.open(path)
        assert visitor.fits(), path


def test_without_scripts_the_monitor_shows_sentence_table_and_drawing(visit: Visit) -> None:
    clerk = visit(CLERK, java_script_enabled=False)
    clerk.open("/almere/monitor")
    figures = clerk.page.locator("figure[data-figure]")
    assert figures.count() >= 8
    first = figures.first
    expect(first.locator("figcaption p")).to_contain_text("Almere")
    expect(first.locator("svg").first).to_be_visible()
    first.locator("summary").click()
    expect(first.get_by_role("table")).to_be_visible()


def test_on_paper_every_table_of_the_monitor_is_open(visit: Visit) -> None:
    clerk = visit(CLERK)
    clerk.open("/almere/monitor")
    clerk.page.emulate_media(media="print")
    tables = clerk.page.locator("figure[data-figure] table")
    assert tables.count() >= 8
    for table in tables.all():
        expect(table).to_be_visible()
    expect(clerk.page.get_by_role("button", name="Uitloggen")).to_be_hidden()


def test_on_the_demo_monitor_every_chart_is_drawn(visit: Visit) -> None:
    clerk = visit(CLERK)
    clerk.open("/almere/monitor")
    figures = clerk.page.locator("figure[data-figure]")
    ready = clerk.page.locator("figure[data-figure]:has(svg)").count()
    for figure in figures.all():
        figure.scroll_into_view_if_needed()
    expect(clerk.page.locator("figure[data-drawn='true']")).to_have_count(ready)
    clerk.check()
