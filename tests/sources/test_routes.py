"""The pages about sources: how fresh the figures are, what went wrong, and asking for a refresh."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from tests.client import Client
from tests.factories import Cast
from tests.sources.refreshing import card
from workbench.core.db import as_platform, db
from workbench.core.jobs import Job
from workbench.indicators.models import Series
from workbench.sources import operations
from workbench.sources.models import RefreshRequest, RefreshRun, RunState, SourceTable

ADDRESS = "/almere/bronnen"
NOW = datetime(2026, 7, 2, 12, tzinfo=UTC)


@pytest.fixture
def table_id(cast: Cast) -> UUID:
    """Table 03759ned."""
    [table] = operations.tables_to_refresh(table="03759ned")
    found = table.id
    db.commit()
    return found


def add_run(table_id: UUID, **facts: object) -> None:
    db.commit()
    with as_platform():
        run = {"queued_at": NOW, "started_at": NOW, "finished_at": NOW + timedelta(seconds=90), **facts}
        db.add(RefreshRun(source_table_id=table_id, **run))


def loaded(table_id: UUID, at: datetime) -> None:
    db.commit()
    with as_platform():
        db.execute(
            sa.update(SourceTable)
            .where(SourceTable.id == table_id)
            .values(loaded_at=at, title="Bevolking op 1 januari")
        )
        db.execute(sa.update(Series).where(Series.table == "03759ned").values(fetched_at=at))


def test_the_list_names_tables_figures_and_bundled_sources(
    client: Client, cast: Cast, table_id: UUID
) -> None:
    page = client.as_(cast["reader"]).page(ADDRESS)
    assert "03759ned" in page.words
    assert "Inwoners op 1 januari" in page.words
    assert "Meegeleverd met de werkbank" in page.words
    assert "nog niet opgehaald" in card(client, table_id)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            {"state": RunState.DONE, "rows_read": 1200, "inserted": 3, "unchanged": 1197},
            ["klaar", "1.200 regels gelezen", "3 nieuw"],
        ),
        ({"state": RunState.DONE, "same_as_before": True}, ["niets veranderd"]),
        ({"state": RunState.RUNNING, "progress": 4711, "finished_at": None}, ["bezig: 4.711 regels"]),
        ({"state": RunState.QUEUED, "started_at": None, "finished_at": None}, ["wacht op zijn beurt"]),
        (
            {"state": RunState.FAILED, "message": "De tabel heeft geen kolom meer."},
            ["mislukt", "oude cijfers staan er nog", "geen kolom meer"],
        ),
        ({"state": RunState.FAILED, "suspect": True}, ["verdacht resultaat"]),
        (
            {"state": RunState.UNREACHABLE, "message": "De bron gaf geen antwoord."},
            ["bron niet bereikbaar, stand van 1 mei 2026", "geen antwoord"],
        ),
        (
            {"state": RunState.QUEUED, "attempt": 1, "next_attempt_at": NOW, "finished_at": None},
            ["bron niet bereikbaar, stand van 1 mei 2026", "opnieuw op 2 juli 2026 14:00"],
        ),
    ],
)
def test_the_list_says_in_words_how_it_went(
    client: Client, cast: Cast, table_id: UUID, facts: dict[str, object], words: list[str]
) -> None:
    loaded(table_id, datetime(2026, 5, 1, 12, tzinfo=UTC))
    add_run(table_id, **facts)
    found = card(client.as_(cast.officer), table_id)
    for text in words:
        assert text in found
    is_active = facts["state"] in (RunState.QUEUED, RunState.RUNNING) and "next_attempt_at" not in facts
    assert ("data-running" in client.page(f"{ADDRESS}/stand").text) is is_active


def test_the_newest_run_counts(client: Client, cast: Cast, table_id: UUID) -> None:
    add_run(table_id, state=RunState.DONE)
    add_run(table_id, state=RunState.FAILED, queued_at=NOW + timedelta(days=1))
    assert "mislukt" in card(client.as_(cast.officer), table_id)


def test_an_officer_asks_for_a_refresh_and_sees_that_it_waits(
    client: Client, cast: Cast, table_id: UUID, sent_jobs: list[tuple[str, dict[str, str]]]
) -> None:
    client.as_(cast.officer)
    assert "Nu verversen" in card(client, table_id)
    assert client.send(f"{ADDRESS}/{table_id}/verversen").status == 302
    assert sent_jobs == [(Job.PICK_UP_REQUESTS, {"council_id": str(cast.almere.id)})]
    found = card(client, table_id)
    assert "wacht op zijn beurt" in found
    assert "Nu verversen" not in found
    assert db.scalars(sa.select(RefreshRequest.asked_by_id)).one() == cast.officer.id


@pytest.mark.parametrize("role", ["councillor", "executive", "adviser", "auditor", "facilitator", "reader"])
def test_others_read_and_do_not_ask(client: Client, cast: Cast, table_id: UUID, role: str) -> None:
    assert "verversen" not in card(client.as_(cast[role]), table_id)
    assert client.send(f"{ADDRESS}/{table_id}/verversen").status == 403
    assert db.query(RefreshRequest).count() == 0


def test_a_wish_of_another_council_is_not_seen_here(client: Client, cast: Cast, table_id: UUID) -> None:
    client.as_(cast.of_breda("officer")).send(f"/breda/bronnen/{table_id}/verversen")
    assert "wacht op zijn beurt" not in card(client.as_(cast.officer), table_id)


def test_the_page_of_a_table_tells_its_runs_newest_first(client: Client, cast: Cast, table_id: UUID) -> None:
    assert "nog nooit ververst" in client.as_(cast["reader"]).page(f"{ADDRESS}/{table_id}").words
    add_run(table_id, state=RunState.DONE, rows_read=5, revised=2, unchanged=3)
    add_run(
        table_id,
        state=RunState.UNREACHABLE,
        queued_at=NOW + timedelta(days=1),
        message="De bron gaf geen antwoord.",
    )
    page = client.page(f"{ADDRESS}/{table_id}")
    assert page.soup is not None
    rows = [" ".join(row.get_text(" ").split()) for row in page.soup.select("#runs ~ div tbody tr")]
    assert "bron niet bereikbaar" in rows[0]
    assert "5 regels gelezen, 2 herzien, 3 hetzelfde" in rows[1]
    assert "90,0" in rows[1]


def test_an_unknown_table_is_a_404(client: Client, cast: Cast) -> None:
    client.as_(cast.officer)
    assert client.page(f"{ADDRESS}/{uuid4()}").status == 404
    assert client.send(f"{ADDRESS}/{uuid4()}/verversen").status == 404


def test_asking_again_makes_a_run_that_waits_for_a_silent_source_due_at_once(
    cast: Cast, table_id: UUID
) -> None:
    add_run(
        table_id,
        state=RunState.QUEUED,
        attempt=1,
        next_attempt_at=datetime.now(UTC) + timedelta(minutes=9),
        finished_at=None,
    )
    with as_platform():
        operations.queue_refresh(table_id)
    db.expire_all()
    run = db.scalars(sa.select(RefreshRun)).one()
    assert (run.state, run.attempt, run.next_attempt_at) == (RunState.QUEUED, 1, None)


def test_a_wish_that_becomes_a_run_while_the_list_is_read_is_not_overlooked(
    client: Client, cast: Cast, table_id: UUID
) -> None:
    add_run(table_id, state=RunState.FAILED, message="De tabel heeft geen kolom meer.")
    client.as_(cast.officer).send(f"{ADDRESS}/{table_id}/verversen")
    run = RefreshRun(source_table_id=table_id)
    read: list[str] = []

    def pick_up(connection: sa.Connection, _cursor: object, statement: str, *_rest: object) -> None:
        """A worker, right after the first of the two tables was read."""
        is_first = not read and ("FROM refresh_request" in statement or "FROM refresh_run" in statement)
        if not is_first:
            return
        read.append(statement)
        connection.exec_driver_sql("SET LOCAL ROLE platform")
        columns = {column.key: getattr(run, column.key) for column in sa.inspect(RefreshRun).column_attrs}
        connection.execute(sa.insert(RefreshRun).values(columns | {"queued_at": datetime.now(UTC)}))
        connection.execute(sa.update(RefreshRequest).values(picked_up_at=NOW))
        connection.exec_driver_sql("SET LOCAL ROLE web")

    sa.event.listen(sa.Engine, "after_cursor_execute", pick_up)
    try:
        assert "wacht op zijn beurt" in card(client, table_id)
    finally:
        sa.event.remove(sa.Engine, "after_cursor_execute", pick_up)
    assert db.scalar(sa.select(RefreshRequest.picked_up_at)) == NOW
