"""Pictures of the demo: `python -m tests.journeys.pictures` makes those of the README.

With a folder as argument it also puts the main screens there, on a desktop and on a phone, to look at.
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.journeys import running
from tests.journeys.content import PASSWORD
from tests.journeys.running import Workbench

README = Path(__file__).parents[2] / "workbench" / "static" / "images" / "readme"
MOST_BYTES = 200_000
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}


def picture(page: Page, file: Path) -> None:
    """What is in view. Raises: ValueError when the file is too large for a README."""
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, animations="disabled")
    if file.stat().st_size > MOST_BYTES:
        raise ValueError(f"{file.name} has {file.stat().st_size} bytes; {MOST_BYTES} is the most")


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/inloggen")
    page.get_by_label("E-mailadres").fill("griffier@almere.example")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Inloggen").click()
    expect(page.locator("h1")).to_contain_text("Raad van Almere")


def open_drawn_monitor(page: Page, address: str) -> None:
    """The monitor of Almere, with the first goal that has a figure at the top, and its chart drawn."""
    page.goto(f"{address}/almere/monitor")
    first = page.locator("figure[data-figure]:has(svg)").first
    expect(first).to_be_visible()
    first.scroll_into_view_if_needed()
    expect(page.locator("figure[data-drawn='true']").first).to_be_visible()
    first.evaluate("figure => figure.closest('section').scrollIntoView({behavior: 'instant'})")


def readme(browser: Browser, address: str) -> None:
    with browser.new_context(viewport=DESKTOP) as context:
        page = context.new_page()
        page.goto(address)
        picture(page, README / "start.png")
        sign_in(page, address)
        open_drawn_monitor(page, address)
        picture(page, README / "monitor.png")


def screens(browser: Browser, workbench: Workbench, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    paths = ["/", *workbench.pages]
    for name, viewport in (("1280", DESKTOP), ("360", PHONE)):
        with browser.new_context(viewport=viewport) as context:
            page = context.new_page()
            page.goto(workbench.address)
            page.screenshot(path=folder / f"visitor-{name}.png", full_page=True)
            sign_in(page, workbench.address)
            for number, path in enumerate(paths):
                page.goto(workbench.address + path)
                page.screenshot(path=folder / f"{number:02}-{name}.png", full_page=True)
    (folder / "index.txt").write_text("\n".join(f"{number:02} {path}" for number, path in enumerate(paths)))


def main() -> None:
    program = running.find_chromium()
    if program is None:
        sys.exit("No Chromium found.")
    with running.workbench() as workbench, running.browser(program) as browser:
        readme(browser, workbench.address)
        for folder in sys.argv[1:]:
            screens(browser, workbench, Path(folder))


if __name__ == "__main__":
    main()
