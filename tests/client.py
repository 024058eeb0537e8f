"""A test client that reads pages as a person would, and checks each of them."""

from contextvars import Context
from typing import Any, Self

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.pages import check_page
from workbench.accounts.models import Person


class Page:
    """An answer: status, and when it is HTML the parsed page, checked."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.text = response.get_data(as_text=True)
        self.location = response.headers.get("Location", "")
        is_html = response.mimetype == "text/html" and self.text and not response.headers.get("Location")
        self.soup = None
        if is_html:
            is_whole = "<html" in self.text
            self.soup = check_page(self.text) if is_whole else BeautifulSoup(self.text, "html5lib")

    @property
    def title(self) -> str:
        """The text of the h1."""
        assert self.soup is not None, self.response
        heading = self.soup.find("h1")
        assert heading is not None
        return " ".join(heading.get_text().split())

    @property
    def words(self) -> str:
        """All visible text, with single spaces."""
        assert self.soup is not None, self.response
        return " ".join(self.soup.get_text(" ").split())

    def link(self, text: str) -> str:
        """The address of the link with these words."""
        assert self.soup is not None
        for anchor in self.soup.find_all("a"):
            if text in " ".join(anchor.get_text(" ").split()):
                return str(anchor["href"])
        raise AssertionError(f"no link {text!r} in {self.title!r}")

    def form(self, action: str | None = None) -> Tag:
        """The form in main; with `action`, the one whose address ends so."""
        assert self.soup is not None
        main = self.soup.find("main")
        assert isinstance(main, Tag)
        for form in main.find_all("form"):
            if form.get("method", "get").lower() == "post" and (
                action is None or form.get("action", "").endswith(action)
            ):
                return form
        raise AssertionError(f"no form {action!r} in {self.title!r}")


def form_values(form: Tag) -> dict[str, list[str]]:
    """What a browser would send for this form, untouched."""
    values: dict[str, list[str]] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name = field.get("name")
        if not name or field.has_attr("disabled"):
            continue
        if field.name == "select":
            chosen = [
                option.get("value", option.get_text())
                for option in field.find_all("option")
                if option.has_attr("selected")
            ]
            values.setdefault(name, []).extend(chosen)
        elif field.get("type") in ("checkbox", "radio"):
            if field.has_attr("checked"):
                values.setdefault(name, []).append(field.get("value", "on"))
        elif field.get("type") not in ("submit", "button"):
            text = field.get_text() if field.name == "textarea" else field.get("value", "")
            values.setdefault(name, []).append(text.removeprefix("\n") if field.name == "textarea" else text)
    return values


class Client(FlaskClient):
    """Every request starts with no application context, as in production, and is answered whole, also when streamed."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return Context().run(super().open, *args, **{"buffered": True, **kwargs})

    def as_(self, person: Person | None) -> Self:
        """Sign in as this person (None: sign out), without the sign-in page."""
        key = person.get_id() if person else None
        with self.session_transaction() as session:
            session.clear()
            if key:
                session["_user_id"] = key
                session["_fresh"] = True
        return self

    def page(self, address: str, **kwargs: Any) -> Page:
        return Page(self.get(address, **kwargs))

    def send(self, address: str, **fields: Any) -> Page:
        """POST these fields, without looking at the page first."""
        return Page(self.post(address, data=fields))

    def submit(self, address: str, _action: str | None = None, **fields: Any) -> Page:
        """Open the page, fill in its form, send it, and follow where it leads."""
        page = self.page(address)
        assert page.status in (200, 409, 422), (page.status, address)
        form = page.form(_action)
        values: dict[str, Any] = form_values(form)
        names = {field.get("name") for field in form.find_all(["input", "textarea", "select"])}
        unknown = set(fields) - names
        assert not unknown, f"the form has no fields {unknown}, but {names}"
        values.update(fields)
        response = self.post(form.get("action") or address, data=values)
        return Page(response) if response.status_code != 302 else self.page(response.headers["Location"])
