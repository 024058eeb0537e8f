"""The home page of an atelier, which has no municipality: it begins with workshops, not with a plan."""

from datetime import UTC, datetime

import pytest

from tests.client import Client
from tests.factories import Cast
from tests.workshops.making_results import held
from workbench.accounts.models import Council, CouncilKind, Role
from workbench.core.db import as_platform, db
from workbench.workshops.models import State

HERE = "/almere/"


@pytest.fixture
def atelier(cast: Cast) -> Cast:
    council_id = cast.almere.id
    db.commit()
    with as_platform() as session:
        session.get_one(Council, council_id).kind = CouncilKind.ATELIER
    db.expire_all()
    return cast


def test_it_begins_with_preparing_a_workshop(client: Client, atelier: Cast) -> None:
    page = client.as_(atelier[Role.FACILITATOR]).page(HERE)
    assert "Een leeratelier voorbereiden" in page.words
    for of_a_municipality in ("Begin met de opdracht", "Ons gebied", "Raad van"):
        assert of_a_municipality not in page.words


def test_what_runs_comes_before_what_is_still_to_come(client: Client, atelier: Cast) -> None:
    held(title="Over een maand", state=State.DRAFT, opened_at=None, ended_at=None, forget_on=None)
    held(title="Geweest")
    now = held(title="Bezig", state=State.RUNNING, ended_at=None, starts_at=datetime.now(UTC))
    db.commit()
    page = client.as_(atelier[Role.FACILITATOR]).page(HERE)
    assert "Verder met leiden" in page.words
    assert f"/almere/ateliers/{now.id}/leiden" in page.text
    assert "Over een maand" not in page.words  # it waits in the list
    assert "Uitkomsten van Geweest" in page.words


def test_who_only_reads_hears_nothing_of_a_draft(client: Client, atelier: Cast) -> None:
    held(title="Nog geheim", state=State.DRAFT, opened_at=None, ended_at=None, forget_on=None)
    db.commit()
    page = client.as_(atelier[Role.READER]).page(HERE)
    assert "Nog geheim" not in page.text
    assert "Er is nog geen leeratelier gepland" in page.words


def test_a_municipality_still_begins_with_its_plan(client: Client, cast: Cast) -> None:
    page = client.as_(cast.clerk).page(HERE)
    assert "Begin met de opdracht" in page.words
    assert "Een leeratelier voorbereiden" not in page.words


def test_the_page_asks_the_database_little(client: Client, atelier: Cast, query_count: list[str]) -> None:
    held(title="Geweest")
    db.commit()
    client.as_(atelier[Role.FACILITATOR]).page(HERE)
    query_count.clear()
    client.page(f"{HERE}?opnieuw=1")
    assert len(query_count) <= 12, "\n".join(query_count)
