"""What every page owes its readers; checked on each page that a test opens."""

from itertools import pairwise

import html5lib
from bs4 import BeautifulSoup, Tag


def check_page(html: str) -> None:
    """Raises AssertionError when the page is not well made."""
    _check_nesting(html)
    soup = BeautifulSoup(html, "html5lib")
    root = soup.find("html")
    assert isinstance(root, Tag)
    assert root.get("lang") in ("nl", "en"), "the page says no language"
    headings = soup.find_all("h1")
    assert len(headings) == 1, f"{len(headings)} h1 elements"
    heading = " ".join(headings[0].get_text().split())
    title = " ".join(soup.title.get_text().split()) if soup.title else ""
    assert heading, "the h1 is empty"
    assert title.startswith(heading), f"title {title!r} does not begin with h1 {heading!r}"
    assert len(soup.find_all("main")) == 1, "not one main"
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    doubles = {name for name in ids if ids.count(name) > 1}
    assert not doubles, f"ids used twice: {doubles}"
    assert not soup.find_all(style=True), f"style attribute: {soup.find(style=True)}"
    assert not [tag for tag in soup.find_all("script") if not tag.get("src") and not tag.get("nonce")], (
        "inline script"
    )
    assert not [name for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on")], (
        "inline handler"
    )
    _check_fields(soup, set(ids))
    _check_levels(soup)


def _check_nesting(html: str) -> None:
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(html)
    wrong = [f"{code} {facts} at {place}" for place, code, facts in parser.errors]
    assert not wrong, f"HTML errors: {wrong[:3]}"


def _check_fields(soup: BeautifulSoup, ids: set[str]) -> None:
    labelled = {label.get("for") for label in soup.find_all("label")}
    for field in soup.find_all(["input", "textarea", "select"]):
        if field.get("type") in ("hidden", "submit", "button"):
            continue
        has_name = (
            field.get("id") in labelled
            or field.find_parent("label")
            or field.get("aria-label")
            or field.get("aria-labelledby")
        )
        assert has_name, f"field without label: {field}"
    for form in soup.find_all("form"):
        assert form.get("method", "get").lower() in ("get", "post")
        if form.get("method", "get").lower() == "post":
            assert form.find("input", attrs={"name": "csrf_token"}), (
                f"form without CSRF token: {form.get('action')}"
            )
    for tag in soup.find_all(True):
        for attribute in ("aria-describedby", "aria-labelledby", "aria-controls"):
            for name in str(tag.get(attribute, "")).split():
                assert name in ids, f"{attribute} points to {name}, which is not there"


def _check_levels(soup: BeautifulSoup) -> None:
    levels = [int(tag.name[1]) for tag in soup.find_all(["h1", "h2", "h3", "h4", "h5", "h6"])]
    for before, after in pairwise(levels):
        assert after <= before + 1, f"heading level jumps from h{before} to h{after}"
