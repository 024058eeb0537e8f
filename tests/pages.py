"""What every page owes its readers; checked on each page that a test opens."""

from collections import Counter
from itertools import pairwise
from typing import Any

import html5lib
from bs4 import BeautifulSoup, Tag
from bs4.builder import HTML5TreeBuilder


class _Builder(HTML5TreeBuilder):
    """Keeps what the parser found wrong, so that a page is read once; that is most of the time of a test."""

    errors: list[Any]

    def feed(self, markup: Any) -> None:
        parser = html5lib.HTMLParser(tree=self.create_treebuilder)
        parser.parse(markup)
        self.errors = parser.errors


def check_page(html: str) -> BeautifulSoup:
    """The page, read. Raises AssertionError when it is not well made."""
    builder = _Builder()
    soup = BeautifulSoup(html, builder=builder)
    wrong = [f"{code} {facts} at {place}" for place, code, facts in builder.errors]
    assert not wrong, f"HTML errors: {wrong[:3]}"
    tags = [tag for tag in soup.find_all(True) if isinstance(tag, Tag)]
    assert tags[0].get("lang") in ("nl", "en"), "the page says no language"
    headings = [tag for tag in tags if tag.name == "h1"]
    assert len(headings) == 1, f"{len(headings)} h1 elements"
    heading = " ".join(headings[0].get_text().split())
    title = " ".join(soup.title.get_text().split()) if soup.title else ""
    assert heading, "the h1 is empty"
    assert title.startswith(heading), f"title {title!r} does not begin with h1 {heading!r}"
    assert len([tag for tag in tags if tag.name == "main"]) == 1, "not one main"
    ids = Counter(str(tag["id"]) for tag in tags if "id" in tag.attrs)
    doubles = {name for name, count in ids.items() if count > 1}
    assert not doubles, f"ids used twice: {doubles}"
    styled = [tag for tag in tags if "style" in tag.attrs]
    assert not styled, f"style attribute: {styled[0]}"
    assert not [
        tag for tag in tags if tag.name == "script" and not tag.get("src") and not tag.get("nonce")
    ], "inline script"
    assert not [name for tag in tags for name in tag.attrs if name.startswith("on")], "inline handler"
    _check_fields(tags, set(ids))
    _check_levels(tags)
    return soup


def _check_fields(tags: list[Tag], ids: set[str]) -> None:
    labelled = {tag.get("for") for tag in tags if tag.name == "label"}
    for field in tags:
        if field.name not in ("input", "textarea", "select") or field.get("type") in (
            "hidden",
            "submit",
            "button",
        ):
            continue
        has_name = (
            field.get("id") in labelled
            or field.find_parent("label")
            or field.get("aria-label")
            or field.get("aria-labelledby")
        )
        assert has_name, f"field without label: {field}"
    for form in tags:
        if form.name != "form":
            continue
        method = str(form.get("method", "get")).lower()
        assert method in ("get", "post")
        if method == "post":
            assert form.find("input", attrs={"name": "csrf_token"}), (
                f"form without CSRF token: {form.get('action')}"
            )
    for tag in tags:
        for attribute in ("aria-describedby", "aria-labelledby", "aria-controls"):
            for name in str(tag.get(attribute, "")).split():
                assert name in ids, f"{attribute} points to {name}, which is not there"


def _check_levels(tags: list[Tag]) -> None:
    levels = [int(tag.name[1]) for tag in tags if tag.name in ("h1", "h2", "h3", "h4", "h5", "h6")]
    for before, after in pairwise(levels):
        assert after <= before + 1, f"heading level jumps from h{before} to h{after}"
