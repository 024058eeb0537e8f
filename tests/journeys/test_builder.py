"""Shaping a monitor: by keyboard, by mouse, with a preview that follows, and what a colleague did meanwhile."""

import pytest
from playwright.sync_api import expect

from tests.journeys.reader import KEYBOARD, PHONE, KeyboardReader, PhoneReader, Reader, Visit

pytestmark = pytest.mark.journey

CLERK, COLLEAGUE = "griffier@almere.example", "raadslid@almere.example"


def blocks(reader: Reader) -> list[str]:
    """The names of the blocks of the first section, in order."""
    return reader.page.locator("ol[data-section]").first.locator("li > p > strong").all_inner_texts()


def build(reader: Reader) -> None:
    reader.open("/almere/monitor")
    reader.follow("Monitor bouwen", "Monitor bouwen")


def test_by_keyboard_a_block_is_moved_hidden_shown_again_and_all_of_it_undone(visit: Visit) -> None:
    clerk = visit(CLERK, KeyboardReader, **KEYBOARD)
    build(clerk)
    start = blocks(clerk)
    figure = start[1]
    clerk.press(f"Omlaag: {figure}", "Monitor bouwen")
    assert blocks(clerk)[:3] == [start[0], start[2], start[1]]
    expect(clerk.page.get_by_text("Blok verplaatst naar plek 3 van")).to_be_visible()
    moved = clerk.page.locator("ol[data-section] > li").filter(has_text=figure).first
    expect(moved).to_be_focused()
    clerk.activate(moved.locator("summary"))
    clerk.write(moved.get_by_label("Op welke plek daar?"), "1")
    clerk.go(
        lambda: clerk.activate(moved.get_by_role("button", name=f"Verplaats: {figure}")), "Monitor bouwen"
    )
    assert blocks(clerk)[0] == figure
    clerk.press(f"Verbergen: {figure}", "Monitor bouwen")
    clerk.press(f"Tonen: {figure}", "Monitor bouwen")
    clerk.press(f"Maak ongedaan: {figure}", "Monitor bouwen")
    for _ in range(3):
        clerk.press("Maak ongedaan", "Monitor bouwen")
    assert blocks(clerk) == start
    clerk.press("Doe opnieuw", "Monitor bouwen")
    assert blocks(clerk)[:3] == [start[0], start[2], start[1]]
    clerk.press("Maak ongedaan", "Monitor bouwen")


def test_a_block_can_be_dragged_to_another_place_and_into_another_section(visit: Visit) -> None:
    clerk = visit(CLERK)
    build(clerk)
    start = blocks(clerk)
    handles = clerk.page.locator(".wb-handle")

    def drag(by: int, onto: int) -> None:
        taken, there = handles.nth(by), handles.nth(onto)
        taken.scroll_into_view_if_needed()
        first, last = taken.bounding_box(), there.bounding_box()
        assert first is not None and last is not None  # noqa: PT018
        mouse = clerk.page.mouse
        mouse.move(first["x"] + 20, first["y"] + 20)
        mouse.down()
        mouse.move(first["x"] + 20, first["y"] + 30, steps=4)
        mouse.move(last["x"] + 20, last["y"] + 40, steps=12)
        mouse.up()

    clerk.go(lambda: drag(0, 1), "Monitor bouwen")
    assert blocks(clerk)[:2] == [start[1], start[0]]
    expect(clerk.page.get_by_text("Blok verplaatst naar plek 2 van")).to_be_visible()
    clerk.press("Maak ongedaan", "Monitor bouwen")
    assert blocks(clerk) == start


def test_what_is_chosen_for_a_figure_shows_at_once_and_readers_see_it_after_publishing(visit: Visit) -> None:
    clerk, colleague = visit(CLERK), visit(COLLEAGUE)
    build(clerk)
    figure = next(name for name in blocks(clerk) if name.startswith("Figuur"))
    clerk.follow(f"Aanpassen: {figure}", figure)
    colleague.open(clerk.path)
    clerk.tick("Toon de tabel meteen, zonder eerst te klikken")
    state = clerk.page.locator("[data-live-state]")
    expect(state).to_contain_text("Bewaard in het concept")
    preview = clerk.page.locator("#voorbeeld")
    expect(preview.get_by_role("table")).to_be_visible(timeout=15_000)
    clerk.check()
    # A colleague with the old page is told, and loses nothing.
    colleague.refused.add(colleague.page.url)  # what is kept by itself may be refused
    colleague.page.get_by_label("Vanaf welk jaar?").fill("2021")
    colleague.page.get_by_label("Vanaf welk jaar?").press("Tab")
    expect(colleague.page.locator("[data-live-state]")).to_contain_text("Nog niet bewaard")
    colleague.press("Bewaren en bekijken")
    expect(colleague.main).to_contain_text("Een collega heeft dit intussen ook veranderd")
    expect(colleague.page.get_by_label("Vanaf welk jaar?")).to_have_value("2021")
    clerk.open("/almere/monitor")
    clerk.follow("Monitor bouwen", "Monitor bouwen")
    clerk.press("Publiceer dit concept", "Monitor:")
    expect(clerk.main).to_contain_text("Gepubliceerd. Lezers van dit traject zien nu deze versie.")
    clerk.open("/almere/monitor")
    clerk.follow("Monitor bouwen", "Monitor bouwen")
    clerk.press("Maak ongedaan", "Monitor bouwen")
    clerk.press("Publiceer dit concept", "Monitor:")  # others read this monitor too


def test_on_a_phone_a_block_is_moved_with_a_finger_on_a_button(visit: Visit) -> None:
    clerk = visit(CLERK, PhoneReader, **PHONE)
    build(clerk)
    start = blocks(clerk)
    clerk.press(f"Omlaag: {start[0]}", "Monitor bouwen")
    assert blocks(clerk)[:2] == [start[1], start[0]]
    clerk.press("Maak ongedaan", "Monitor bouwen")
    assert blocks(clerk) == start
