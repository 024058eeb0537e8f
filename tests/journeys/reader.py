"""A person at a browser. Every page that this person meets is checked: accessibility, console, security policy."""

from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response, expect

from tests.pages import check_page

REFUSALS = (400, 401, 409, 422)  # answers that are pages to read; a browser logs them as failed
MOST_TABS = 150

axe = Axe()


class Reader:
    """One context with one page (a second tab: `another_tab`). `finish` fails on anything that went wrong unseen."""

    def __init__(self, context: BrowserContext, address: str, *, has_scripts: bool = True) -> None:
        self.context = context
        self.address = address
        self.has_scripts = has_scripts  # the accessibility check is itself a script
        self.page: Page = context.new_page()
        self.wrong: list[str] = []
        self.refused: set[str] = set()
        self.unread: str | None = None
        self.tabs: list[Reader] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.wrong.append(f"script failed: {error}"))
        self.page.on("response", self._note_refusal)
        self.page.on("requestfailed", self._note_failure)
        self.page.on("domcontentloaded", self._note_page)

    def open(self, path: str) -> None:
        """Type an address, and read the page that comes."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        check_page(answer.text())
        self.read()

    def read(self, heading: str | None = None) -> None:
        """Wait for the page with this h1, then check it."""
        if heading is not None:
            expect(self.page.locator("h1")).to_contain_text(heading)
        self.page.wait_for_load_state("load")
        self.check()

    def check(self) -> None:
        """No accessibility problem on the page as it stands."""
        self.unread = None
        if self.has_scripts:
            found = axe.run(self.page)
            assert found.violations_count == 0, f"{self.path}\n{found.generate_report()}"

    def another_tab(self) -> "Reader":
        self.tabs.append(Reader(self.context, self.address))
        return self.tabs[-1]

    def finish(self) -> None:
        for tab in self.tabs:
            tab.finish()
        assert not self.wrong, "\n".join(self.wrong)
        assert self.unread is None, f"nobody read {self.unread}"

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def fits(self) -> bool:
        """Is there nothing to scroll to sideways?"""
        width = self.page.evaluate("() => [document.scrollingElement.scrollWidth, window.innerWidth]")
        return bool(width[0] <= width[1])

    def go(self, action: Callable[[], object], heading: str | None = None) -> None:
        """Do what leads to another page, and read that page."""
        with self.page.expect_navigation():
            action()
        self.read(heading)

    # By mouse.

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def follow(self, link: str, heading: str | None = None) -> None:
        self.go(self.main.get_by_role("link", name=link).first.click, heading)

    def press(self, button: str, heading: str | None = None) -> None:
        self.go(self.main.get_by_role("button", name=button).first.click, heading)

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label).fill(text)

    def sign_in(self, email: str, password: str) -> None:
        self.open("/inloggen")
        self.fill("E-mailadres", email)
        self.fill("Wachtwoord", password)
        self.press("Inloggen")

    # By keyboard.

    def tab_to(self, target: Locator) -> None:
        """Press Tab until this element has the focus, and see that it shows."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if target.evaluate("element => element === document.activeElement"):
                assert target.evaluate("element => element.matches(':focus-visible')")
                return
        raise AssertionError(f"{target} on {self.path} cannot be reached with Tab")

    def enter(self, target: Locator | None = None, heading: str | None = None) -> None:
        """Go to a link or button with Tab, and press Enter; without a target, in the field that has the focus."""
        if target is not None:
            self.tab_to(target)
        self.go(lambda: self.page.keyboard.press("Enter"), heading)

    def unfold(self, summary: Locator) -> None:
        self.tab_to(summary)
        self.page.keyboard.press("Enter")

    def type(self, label: str, text: str) -> None:
        """Go to a field with Tab, and type."""
        self.tab_to(self.page.get_by_label(label))
        self.page.keyboard.type(text)

    # What goes wrong without anyone asking.

    def _hear(self, message: ConsoleMessage) -> None:
        is_refusal = (
            message.text.startswith("Failed to load resource") and message.location["url"] in self.refused
        )
        is_offline = "ERR_INTERNET_DISCONNECTED" in message.text  # only where a test pulls the plug
        if message.type in ("error", "warning") and not is_refusal and not is_offline:
            self.wrong.append(f"{message.type}: {message.text} at {message.location}")

    def _note_refusal(self, response: Response) -> None:
        request = response.request
        saves_itself = request.headers.get("accept") == "application/json"  # a form that says so itself
        if response.status in REFUSALS and (request.is_navigation_request() or saves_itself):
            self.refused.add(response.url)

    def _note_failure(self, request: Request) -> None:
        # A page that is left takes its running questions with it.
        if request.failure not in ("net::ERR_ABORTED", "net::ERR_INTERNET_DISCONNECTED"):
            self.wrong.append(f"{request.url} {request.failure}")

    def _note_page(self, _page: Page) -> None:
        if self.unread is not None:
            self.wrong.append(f"nobody read {self.unread}")
        self.unread = self.path


class Visit(Protocol):
    """Somebody sits down at a browser of their own: signed in as this address, or as a visitor."""

    def __call__(self, email: str | None = None, **options: Any) -> Reader: ...
