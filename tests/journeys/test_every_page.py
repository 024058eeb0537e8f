"""What holds for every page: well made, narrow or wide, without scripts, on paper."""

import pytest
from playwright.sync_api import expect

from tests.journeys.reader import Reader, Visit
from tests.journeys.running import Workbench

pytestmark = [pytest.mark.journey, pytest.mark.slow]

CLERK = "griffier@almere.example"
DESKTOP, PHONE = 1280, 360
ZOOMED = 320  # what 1280 pixels are at 400 %

# Pages that look different in another state.
OTHER_STATES = (
    "/raden?kies",
    "/almere/cijfers?q=niets-hiervan",
    "/almere/cijfers?thema=jeugd",
    "/almere/logboek?pagina=2",
)


def read_at_every_width(reader: Reader, path: str) -> list[str]:
    """Open a page, check it wide and narrow; gives every problem, also something to scroll to sideways."""
    problems = []
    for width in (DESKTOP, PHONE, ZOOMED):
        reader.page.set_viewport_size({"width": width, "height": 800})
        try:
            if width == DESKTOP:
                reader.open(path)
            elif width == PHONE:
                reader.check()
        except AssertionError as problem:
            problems.append(f"{path} at {width}: {problem}")
        if not reader.fits():
            problems.append(f"{path} at {width} is too narrow")
    return problems


def test_every_page_is_accessible_wide_and_narrow_and_needs_no_scrolling_sideways(
    visit: Visit, workbench: Workbench
) -> None:
    clerk = visit(CLERK)
    assert len(workbench.pages) > 25
    pages = [*workbench.pages, *OTHER_STATES]
    assert [problem for path in pages for problem in read_at_every_width(clerk, path)] == []


def test_the_same_holds_for_what_a_visitor_sees(visit: Visit) -> None:
    visitor = visit()
    pages = ("/", "/inloggen", "/wachtwoord/vergeten", "/etalage")
    assert [problem for path in pages for problem in read_at_every_width(visitor, path)] == []


def test_without_scripts_the_monitor_shows_sentence_table_and_drawing(visit: Visit) -> None:
    clerk = visit(CLERK, java_script_enabled=False)
    clerk.open("/almere/monitor")
    figures = clerk.page.locator("figure[data-figure]")
    assert figures.count() >= 8
    first = figures.first
    expect(first.locator("figcaption")).to_contain_text("Inwoners")
    expect(first.locator("svg").first).to_be_visible()
    first.locator("summary").first.click()
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
