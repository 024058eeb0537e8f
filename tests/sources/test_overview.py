"""What everybody who is signed in may see of every source; and what waits, is complete and is expected, in words."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from typing import cast as as_type
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from tests.client import Client
from tests.factories import Cast
from workbench.core.db import as_platform, db
from workbench.indicators.periods import parse_period
from workbench.sources import operations, queries
from workbench.sources.history import Coverage, completeness
from workbench.sources.models import RefreshRun, RunState, Source, SourceTable
from workbench.sources.publication import Expected
from workbench.sources.queries import TableView

NOW = datetime(2026, 7, 2, 12, tzinfo=UTC)
PAGES = ("/bronnen", "/almere/bronnen")


@pytest.fixture
def table_id(cast: Cast) -> UUID:
    [table] = operations.tables_to_refresh(table="03759ned")
    found = table.id
    db.commit()
    return found


def change(model: Any, **facts: object) -> None:
    db.commit()
    with as_platform():
        db.execute(sa.update(model).values(**facts))


def hold(table_id: UUID) -> None:
    """A suspect result that waits."""
    db.commit()
    with as_platform():
        db.add(
            RefreshRun(
                source_table_id=table_id,
                state=RunState.FAILED,
                suspect=True,
                message="De bron gaf veel minder cijfers dan er stonden.",
                queued_at=NOW,
                finished_at=NOW,
                held_load_id=uuid4(),
                held={},
            )
        )


def test_who_is_signed_in_sees_every_source_and_table_also_without_a_council(
    client: Client, cast: Cast, table_id: UUID, query_count: list[str]
) -> None:
    client.as_(cast["reader"])
    query_count.clear()
    page = client.page("/bronnen")
    assert len(query_count) <= 12
    for words in (
        "CBS StatLine (OData 4)",
        "Inwoners op 1 januari",
        "nog niet bevraagd",
        "Meegeleverde tabellen",
    ):
        assert words in page.words, words
    assert page.soup is not None
    assert page.soup.main is not None
    assert "Almere" not in page.soup.main.get_text(), "nothing here is of one council"
    assert client.page(f"/bronnen/{table_id}").status == 200
    assert client.page(f"/bronnen/{uuid4()}").status == 404


def test_a_stranger_signs_in_first(client: Client, table_id: UUID) -> None:
    assert client.page("/bronnen").status in (302, 401)


def test_nobody_asks_a_refresh_from_the_page_for_all(client: Client, cast: Cast, table_id: UUID) -> None:
    assert "Nu verversen" not in client.as_(cast.officer).page("/bronnen").words


@pytest.mark.parametrize("address", PAGES)
def test_what_waits_says_why_since_when_and_whom_to_ask(
    client: Client, cast: Cast, table_id: UUID, address: str
) -> None:
    client.as_(cast.officer)
    assert "Niets: er liggen geen verdachte cijfers klaar." in client.page(address).words
    hold(table_id)
    page = client.page(address)
    assert "De bron gaf veel minder cijfers dan er stonden. Wacht sinds 2 juli 2026 14:00." in page.words
    assert "daarom beslist een gemeente dat niet alleen" in page.words
    assert 'href="mailto:beheer@monitorwerkbank.example"' in page.text


@pytest.mark.parametrize("address", PAGES)
def test_the_calendar_tells_month_ground_and_what_is_late(
    client: Client, cast: Cast, table_id: UUID, address: str
) -> None:
    client.as_(cast["reader"])
    assert "Niet bekend wanneer:" in client.page(address).words
    change(SourceTable, frequency="Per jaar", observations_modified_at=datetime(2024, 6, 20, tzinfo=UTC))
    words = client.page(address).words
    assert "juni 2025 ze zijn er nog niet" in words
    assert "naar wat de bron zegt: Per jaar" in words
    change(SourceTable, status="Gediscontinueerd")
    assert "Hier komt niets meer bij, want de bron is ermee gestopt:" in client.page(address).words


@pytest.mark.parametrize("address", PAGES)
def test_a_card_says_how_complete_the_newest_period_is(
    client: Client, cast: Cast, table_id: UUID, address: str
) -> None:
    assert (
        "342 van 342 gemeenten over 2026; 8 perioden, vanaf 2019"
        in client.as_(cast["reader"]).page(address).words
    )


def test_a_source_that_is_silent_is_said_to_be_so_since_when(
    client: Client, cast: Cast, table_id: UUID
) -> None:
    client.as_(cast["reader"])
    change(Source, unreachable_since=NOW)
    assert "geeft geen antwoord sinds 2 juli 2026 14:00" in client.page("/bronnen").words
    change(Source, unreachable_since=None, checked_at=NOW)
    assert "bereikbaar 2 juli 2026 14:00" in client.page("/bronnen").words


def view(*, month: date | None = None, ended: bool = False) -> TableView:
    table = SimpleNamespace(status="Stopgezet" if ended else None, frequency=None)
    awaited = Expected(month, date(2024, 1, 1), is_habit=True) if month else None
    return TableView(as_type("SourceTable", table), "", None, [], False, None, None, awaited, NOW)


def test_the_calendar_is_in_order_of_time() -> None:
    later, sooner, never, unknown = (
        view(month=date(2027, 2, 1)),
        view(month=date(2026, 1, 1)),
        view(ended=True),
        view(),
    )
    found = queries.agenda([later, sooner, never, unknown])
    assert found.months == [(date(2026, 1, 1), [sooner]), (date(2027, 2, 1), [later])]
    assert (found.ended, found.unknown) == ([never], [unknown])


def test_completeness_is_that_of_the_emptiest_indicator_in_the_newest_period_with_figures() -> None:
    def covered(name: str, period: str, valued: int) -> Coverage:
        return Coverage(name, parse_period(period), 342, valued, {})

    rows = [
        covered("a", "2024JJ00", 300),
        covered("b", "2024JJ00", 200),
        covered("a", "2023JJ00", 5),
        covered("a", "2025JJ00", 0),
    ]
    found = completeness(rows)
    assert found
    assert (found.newest.indicator, found.newest.valued, found.periods, found.first.code) == (
        "b",
        200,
        2,
        "2023JJ00",
    )
    assert completeness([covered("a", "2025JJ00", 0)]) is None
