"""The workbench and a browser, once per run; people who come and go, per test."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.journeys import running
from tests.journeys.content import PASSWORD
from tests.journeys.reader import Reader, Visit
from tests.journeys.running import Workbench

expect.set_options(timeout=15_000)  # a shared machine has slow moments


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = running.find_chromium()
    if program is None and os.environ.get("CI", "").lower() == "true":
        pytest.fail("CI has no Chromium")
    if program is None:
        pytest.skip("no Chromium on this machine")
    with running.browser(program) as started:
        yield started


@pytest.fixture(scope="session")
def workbench(browser: Browser) -> Iterator[Workbench]:  # no browser, nothing to start
    with running.workbench() as started:
        yield started


@pytest.fixture(scope="session")
def signed_in() -> dict[str, Any]:
    """E-mail address -> cookies, so that not every test has to sign in (which is limited to ten times a minute)."""
    return {}


@pytest.fixture
def visit(browser: Browser, workbench: Workbench, signed_in: dict[str, Any]) -> Iterator[Visit]:
    """`visit(email)` gives that person at a browser of their own, signed in; without an address a visitor."""
    with ExitStack() as stack:

        def come(
            email: str | None = None,
            kind: type[Reader] = Reader,
            checked: set[Any] | None = None,
            **options: Any,
        ) -> Reader:
            if email is not None and email not in signed_in:
                with browser.new_context() as context:
                    person = Reader(context, workbench.address)
                    person.sign_in(email, PASSWORD)
                    person.finish()
                    signed_in[email] = context.storage_state()
            state = signed_in[email] if email is not None else None
            context: BrowserContext = browser.new_context(storage_state=state, **options)
            stack.callback(context.close)
            reader = kind(context, workbench.address, has_scripts=options.get("java_script_enabled", True))
            reader.checked = checked
            readers.append(reader)
            return reader

        readers: list[Reader] = []
        yield come
        for reader in readers:
            reader.finish()
