"""The archive of an adopted version opens from disk, without the workbench, for everyone."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.reader import Visit, axe

pytestmark = pytest.mark.journey


def test_the_archive_of_almere_opens_from_disk(visit: Visit, browser: Browser, tmp_path: Path) -> None:
    auditor = visit("rekenkamer@almere.example")
    auditor.open("/almere/monitor")
    auditor.follow("versie 1.0", "Vastgesteld: Dichtbij en op tijd, versie 1.0")
    with auditor.page.expect_download() as coming:
        auditor.main.get_by_role("link", name="Bewaar als archief").click()
    with ZipFile(coming.value.path()) as archive:
        archive.extractall(tmp_path)
    for width in (1280, 360):
        with browser.new_context(viewport={"width": width, "height": 800}, offline=True) as context:
            page = context.new_page()
            asked: list[str] = []
            said: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.on("console", lambda message, said=said: said.append(message.text))
            page.goto((tmp_path / "index.html").as_uri())
            expect(page.locator("h1")).to_have_text("Vastgesteld: Dichtbij en op tijd, versie 1.0")
            expect(page.get_by_text("Fictief voorbeeld").first).to_be_visible()
            assert page.locator("figure svg").count() > 3
            assert page.evaluate("document.scrollingElement.scrollWidth") <= width
            assert [url for url in asked if not url.startswith("file:")] == []
            found = axe.run(page)
            assert found.violations_count == 0, found.generate_report()
            page.locator("a[href$='.json']").first.click()
            expect(page.locator("body")).to_contain_text('"kind":')
            assert said == []
