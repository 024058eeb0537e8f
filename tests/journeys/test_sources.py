"""A source that fails, and an officer who starts it again."""

import json
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.reader import Reader, Visit
from tests.journeys.running import Workbench
from tests.journeys.table import TABLE
from tests.sources.replay import Replay

pytestmark = pytest.mark.journey

REFRESH = ("refresh", "--source", "cbs-v4", "--table", TABLE, "--wait")
OFFICER = "beleid@almere.example"


@pytest.fixture
def replay(workbench: Workbench) -> Iterator[Replay]:
    """The source, with a new edition of the table that takes a few seconds to fetch."""
    workbench.replay.move(TABLE)
    workbench.replay.set(page_size=1000, delay=0.8)
    yield workbench.replay
    workbench.replay.clear()
    workbench.replay.set(page_size=100_000, delay=0.0)


def card_of(officer: Reader) -> Locator:
    """The table that fails here, among all connected tables."""
    return officer.main.get_by_role("article").filter(has_text=TABLE)


def restart_and_watch(officer: Reader) -> None:
    """Press the button; progress and success show without loading the page again."""
    officer.press("Opnieuw proberen", "Bronnen")
    card = card_of(officer)
    expect(card).to_contain_text("bezig", timeout=15_000)
    expect(card).to_contain_text("klaar", timeout=30_000)
    expect(card.get_by_role("button", name="Nu verversen")).to_be_visible()
    officer.check()


def test_an_officer_restarts_a_refresh_of_a_source_that_did_not_answer(
    visit: Visit, workbench: Workbench, replay: Replay
) -> None:
    replay.fail("500", times=None)
    typed = workbench.command(*REFRESH)
    assert typed.returncode == 1, typed.stderr
    assert json.loads(typed.stdout)["state"] == "unreachable"

    officer = visit(OFFICER)
    officer.open("/almere/bronnen")
    expect(card_of(officer)).to_contain_text("bron niet bereikbaar")
    officer.open("/almere/cijfers/inwoners")
    expect(officer.page.get_by_role("row").filter(has_text="2026")).to_be_visible()

    replay.clear()
    officer.open("/almere/bronnen")
    restart_and_watch(officer)


def test_an_officer_restarts_a_refresh_that_failed_and_a_revised_figure_shows_in_the_monitor(
    visit: Visit, workbench: Workbench, replay: Replay
) -> None:
    replay.fail("lost_column", times=None, on="Observations")
    typed = workbench.command(*REFRESH)
    assert typed.returncode == 1, typed.stderr
    assert json.loads(typed.stdout)["state"] == "failed"

    officer = visit(OFFICER)
    officer.open("/almere/bronnen")
    expect(card_of(officer)).to_contain_text("De oude cijfers staan er nog.")

    replay.clear()
    replay.revise(TABLE, "M000352", "GM0034", "2026JJ00", 234_567)
    restart_and_watch(officer)
    officer.open("/almere/cijfers/inwoners")
    expect(officer.page.get_by_role("row").filter(has_text="234.567")).to_contain_text("herzien op")

    clerk = visit("griffier@almere.example")
    until = time.monotonic() + 30
    clerk.open("/almere/monitor")
    while not clerk.page.get_by_text("234.567").count():
        assert time.monotonic() < until, "the revised figure did not reach the monitor"
        clerk.open("/almere/monitor")
