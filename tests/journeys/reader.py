"""A person at a browser. Every page that this person meets is checked: accessibility, console, security policy."""

import re
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response, expect

from tests.pages import check_page

REFUSALS = (400, 401, 409, 422)  # answers that are pages to read; a browser logs them as failed
MOST_TABS = 150

# Where the focus is, as somebody without a mouse sees it: on the element that is looked for, and if not, why it is lost.
FOCUS = """target => {
  const found = document.activeElement;
  if (!found || found === document.body) return {there: false, lost: ""};
  const box = found.getBoundingClientRect(), style = getComputedStyle(found);
  const name = found.outerHTML.slice(0, 120);
  const isInView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const isMarked = style.outlineStyle !== "none" || style.boxShadow !== "none";
  const lost = !box.width || !box.height || !isInView ? `outside of the view: ${name}`
    : !found.matches(":focus-visible") || !isMarked ? `unmarked: ${name}` : "";
  return {there: found === target, lost};
}"""

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
        self.checked: set[tuple[object, ...]] | None = (
            None  # in a long journey: what need not be checked again
        )
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
        if self.checked is None or self._kind_of_page() not in self.checked:
            self.check()
        if self.checked is not None:
            self.checked.add(self._kind_of_page())
        self.unread = None

    def check(self) -> None:
        """No accessibility problem on the page as it stands."""
        self.unread = None
        if self.has_scripts:
            found = axe.run(self.page)
            assert found.violations_count == 0, f"{self.path}\n{found.generate_report()}"

    def _kind_of_page(self) -> tuple[object, ...]:
        """The same for pages that differ in their content only, to people who use them in the same way."""
        has_errors = self.page.locator("#error-summary").count() > 0
        return type(self), re.sub(r"[0-9a-f-]{36}", "…", self.path), has_errors

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

    # By mouse; others do the same in their own way.

    def activate(self, target: Locator) -> None:
        target.click()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def follow(self, link: str | re.Pattern[str], heading: str | None = None) -> None:
        """The first link with this name, on the page itself or in what stands beside it."""
        found = self.page.locator("main, aside").get_by_role("link", name=link).first
        self.go(lambda: self.activate(found), heading)

    def press(self, button: str, heading: str | None = None) -> None:
        found = self.main.get_by_role("button", name=button).first
        self.go(lambda: self.activate(found), heading)

    def fill(self, label: str, text: str) -> None:
        self.write(self.page.get_by_label(label), text)

    def fill_in(self, texts: dict[str, str]) -> None:
        for label, text in texts.items():
            self.fill(label, text)

    def tick(self, *labels: str) -> None:
        """Put a mark at these checkboxes or radio buttons."""
        for label in labels:
            box = self.main.get_by_label(label, exact=True)
            self.activate(box)
            expect(box).to_be_checked()

    def open_step(self, council: str, step: str) -> None:
        """Go to a step of the only plan of this council, by its name."""
        self.open(f"/{council}/trajecten")
        self.follow(step)

    def sign_in(self, email: str, password: str) -> None:
        self.open("/inloggen")
        self.fill("E-mailadres", email)
        self.fill("Wachtwoord", password)
        self.press("Inloggen")

    # By keyboard.

    def tab_to(self, target: Locator) -> None:
        """Press Tab until this element has the focus; at every stop on the way it shows where one is."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            focus = target.evaluate(FOCUS)
            assert not focus["lost"], f"focus {focus['lost']} on {self.path}"
            if focus["there"]:
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


class PhoneReader(Reader):
    """Somebody with a phone: fingers, no mouse. Every page fits its width."""

    def activate(self, target: Locator) -> None:
        target.tap()

    def check(self) -> None:
        super().check()
        assert self.fits(), f"{self.path} is wider than the phone"


class KeyboardReader(Reader):
    """Somebody without a mouse: Tab, Enter, Space and arrows do everything."""

    def activate(self, target: Locator) -> None:
        kind = target.get_attribute("type")
        if kind == "radio":
            self._choose(target)
        else:
            self.tab_to(target)
            self.page.keyboard.press("Space" if kind == "checkbox" else "Enter")

    def write(self, field: Locator, text: str) -> None:
        self.tab_to(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def _choose(self, radio: Locator) -> None:
        """Tab goes to a group of radio buttons once; within it go the arrows."""
        group = self.main.locator(f"input[type=radio][name='{radio.get_attribute('name')}']")
        self.tab_to(
            group.and_(self.page.locator(":checked"))
            if group.and_(self.page.locator(":checked")).count()
            else group.first
        )
        self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if radio.is_checked():
                return
            self.page.keyboard.press("ArrowDown")


KEYBOARD = {"reduced_motion": "reduce"}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


class Visit(Protocol):
    """Somebody sits down at a browser of their own: signed in as this address, or as a visitor."""

    def __call__(
        self,
        email: str | None = None,
        kind: type[Reader] = Reader,
        checked: set[Any] | None = None,
        **options: Any,
    ) -> Reader: ...
