"""The page of a table: what changed at each refresh, how complete it is, what waits and what may be expected."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from tests.client import Client, Page
from tests.factories import Cast
from tests.servers import Servers
from tests.sources.refreshing import run_refresh
from tests.sources.replay import Replay
from workbench.core.db import as_platform, db
from workbench.indicators.models import Area
from workbench.sources import suspects
from workbench.sources.models import RefreshRun, SourceTable
from workbench.sources.publication import Expected, expected
from workbench.sources.schedule import next_nightly

pytestmark = pytest.mark.usefixtures("no_bundled_figures")


def table_page(client: Client) -> Page:
    table_id = db.scalars(sa.select(SourceTable.id).where(SourceTable.table == "03759ned")).one()
    db.commit()
    return client.page(f"/almere/bronnen/{table_id}")


def rows_of(page: Page, heading: str) -> list[str]:
    """The rows of the first table in the section with this heading id."""
    assert page.soup is not None
    found = page.soup.select(f"section[aria-labelledby={heading}] tbody tr")
    return [" ".join(row.get_text(" ").split()) for row in found]


def test_before_the_first_refresh_the_table_bears_the_title_of_the_bundled_figures(
    client: Client, cast: Cast
) -> None:
    page = table_page(client.as_(cast["reader"]))
    assert page.title == "Gemiddelde bevolking; Inwoners op 1 januari"
    assert "Tabel 03759ned" not in client.page("/almere/bronnen").words


def test_a_revision_of_our_own_figure_shows_old_and_new_and_no_other_municipality(
    client: Client, cast: Cast, servers: Servers, replay: Replay
) -> None:
    run_refresh(servers, replay)
    replay.revise("03759ned", "M000352", "GM0034", "2024JJ00", 777)
    replay.revise("03759ned", "M000352", "GM0003", "2024JJ00", 888)
    run_id = run_refresh(servers, replay).id
    page = table_page(client.as_(cast["reader"]))
    [row] = rows_of(page, f"run-{run_id}")
    assert row.startswith("Inwoners op 1 januari 2024 ")
    assert row.endswith(" 777 definitief")
    assert (
        "2 cijfers herzien, over alle gebieden samen. Van de herziene cijfers waren er 2 al definitief."
        in page.words
    )
    assert "888" not in page.words


def test_a_figure_of_ours_that_vanished_or_came_is_told(
    client: Client, cast: Cast, servers: Servers, replay: Replay
) -> None:
    replay.table("03759ned")
    first = run_refresh(servers, replay).id
    replay.remove("03759ned", "M000352", "GM0034", "2023JJ00")
    second = run_refresh(servers, replay).id
    page = table_page(client.as_(cast["reader"]))
    assert [row for row in rows_of(page, f"run-{first}") if "2023 nog geen cijfer" in row]
    [row] = rows_of(page, f"run-{second}")
    assert "vervallen" in row
    assert "1 cijfer staat niet meer in de bron." in page.words


def test_new_names_and_statuses_are_told_in_words(
    client: Client, cast: Cast, servers: Servers, replay: Replay
) -> None:
    run_refresh(servers, replay)
    replay.table("03759ned").properties["Title"] = "Inwoners; nieuwe naam"
    replay.patch("03759ned", "PeriodenCodes", "2024JJ00", Status="Voorlopig")
    run_id = run_refresh(servers, replay).id
    page = table_page(client.as_(cast["reader"]))
    assert page.title == "Inwoners; nieuwe naam"
    assert 'De tabel heet nu "Inwoners; nieuwe naam". Eerst was dat "Bevolking op 1 januari' in page.words
    assert "bleven gelijk en kregen een andere status" in page.words
    assert any("was definitief, nu voorlopig" in row for row in rows_of(page, f"run-{run_id}"))
    assert "alleen titels, uitleg en status gelezen" in page.words


def test_a_refresh_without_changes_for_us_says_so(
    client: Client, cast: Cast, servers: Servers, replay: Replay
) -> None:
    run_refresh(servers, replay)
    replay.revise("03759ned", "M000352", "GM0003", "2024JJ00", 888)
    run_refresh(servers, replay)
    page = table_page(client.as_(cast["reader"]))
    assert "Over Almere veranderde er niets." in page.words


def test_coverage_counts_municipalities_of_that_time_and_names_what_is_missing(
    client: Client, cast: Cast, servers: Servers, replay: Replay
) -> None:
    db.execute(sa.text("SET LOCAL ROLE platform"))
    db.execute(sa.update(Area).where(Area.type == "gemeente").values(valid_until=date(1990, 1, 1)))
    there = Area.code.in_(["GM0034", "GM0171", "GM0758"])
    db.execute(sa.update(Area).where(there).values(valid_from=None, valid_until=None))
    db.execute(sa.text("SET LOCAL ROLE web"))
    db.commit()
    replay.table("03759ned")
    run_refresh(servers, replay)
    page = table_page(client.as_(cast["reader"]))
    rows = [row for row in rows_of(page, "coverage") if row.startswith("Inwoners op 1 januari 2024")]
    assert rows == ["Inwoners op 1 januari 2024 2 van 3 1 niet in de bron"]


def test_a_suspect_load_waits_for_the_operator_and_the_page_says_why(
    client: Client, cast: Cast, servers: Servers, replay: Replay
) -> None:
    run_refresh(servers, replay)
    for year in range(2019, 2025):
        for area in ("NL01", "PV24", "GM0003", "GM0034", "GM0171"):
            replay.remove("03759ned", "M000352", area, f"{year}JJ00")
    run_id = run_refresh(servers, replay).id
    page = table_page(client.as_(cast.officer))
    assert "wacht op de beheerder" in page.words
    assert "gelden voor alle gemeenten, daarom beslist een gemeente dat niet alleen" in page.words
    assert "wacht op de beheerder" in client.page("/almere/bronnen").words
    db.commit()
    with as_platform():
        suspects.accept(run_id)
    page = table_page(client)
    assert "overgenomen door de beheerder" in page.words
    assert "wacht op" not in page.words


def test_a_table_page_takes_few_questions_however_many_runs_it_has(
    client: Client, cast: Cast, servers: Servers, replay: Replay, query_count: list[str]
) -> None:
    run_refresh(servers, replay)
    for value in range(4):
        replay.revise("03759ned", "M000352", "GM0034", "2024JJ00", value)
        run_refresh(servers, replay)
    client.as_(cast.officer)
    table_id = db.scalars(sa.select(SourceTable.id).where(SourceTable.table == "03759ned")).one()
    db.commit()
    query_count.clear()
    assert client.page(f"/almere/bronnen/{table_id}").status == 200
    assert len(query_count) <= 12
    query_count.clear()
    client.page("/almere/bronnen")
    assert len(query_count) <= 12


# --- When new figures may be expected --------------------------------------------------------------------------------


def days(*texts: str) -> list[date]:
    return [date.fromisoformat(text) for text in texts]


@pytest.mark.parametrize(
    ("seen", "frequency", "month", "is_habit"),
    [
        (days("2026-06-23"), "Per jaar", date(2027, 6, 1), False),
        (days("2026-06-23", "2025-06-20"), "Per jaar", date(2027, 6, 1), True),
        (days("2025-12-19"), "Per kwartaal", date(2026, 3, 1), False),
        (days("2025-12-19"), "Per maand", date(2026, 1, 1), False),
        (days("2024-06-01", "2025-05-30", "2026-06-23"), None, date(2027, 6, 1), True),
        (days("2024-06-01", "2025-05-30", "2026-06-23"), "Onregelmatig", date(2027, 6, 1), True),
    ],
)
def test_new_figures_are_expected_from_habit_or_from_what_the_source_says(
    seen: list[date], frequency: str | None, month: date, is_habit: bool
) -> None:
    assert expected(seen, frequency) == Expected(month, max(seen), is_habit)


@pytest.mark.parametrize(
    ("seen", "frequency", "status"),
    [
        ([], "Per jaar", "Regulier"),
        (days("2026-06-23"), None, None),
        (days("2026-06-23"), "Per week", "Regulier"),
        (days("2025-06-23", "2026-06-23"), "Onregelmatig", "Regulier"),
        (days("2024-01-01", "2025-06-23", "2026-06-23"), None, "Regulier"),
        (days("2026-06-23"), "Per jaar", "Gediscontinueerd"),
        (days("2026-06-23"), "Stopgezet", "Regulier"),
    ],
)
def test_where_nothing_can_be_derived_nothing_is_expected(
    seen: list[date], frequency: str | None, status: str | None
) -> None:
    assert expected(seen, frequency, status) is None


def test_a_month_that_has_passed_is_late() -> None:
    found = expected(days("2026-06-23"), "Per jaar")
    assert found is not None
    assert not found.is_late(date(2027, 6, 30))
    assert found.is_late(date(2027, 7, 1))


def test_the_page_says_when_new_figures_may_come(
    client: Client, cast: Cast, servers: Servers, replay: Replay
) -> None:
    assert "Nieuwe cijfers niet bekend" in table_page(client.as_(cast["reader"])).words
    run_refresh(servers, replay)
    page = table_page(client)
    assert (
        'Verwacht rond juni 2027. Volgens de bron verschijnt dit "Per jaar", de laatste keer in juni 2026.'
        in page.words
    )
    db.commit()
    with as_platform():
        run = db.scalars(sa.select(RefreshRun)).one()
        db.add(
            RefreshRun(
                source_table_id=run.source_table_id,
                state="done",
                source_modified_at=datetime(2025, 6, 20, tzinfo=UTC),
                queued_at=datetime(2025, 6, 21, tzinfo=UTC),
            )
        )
    assert "Verwacht rond juni 2027, naar eerdere jaren." in table_page(client).words


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-07-02T00:00+02:00", "2026-07-02T03:17+02:00"),
        ("2026-07-02T03:17+02:00", "2026-07-03T03:17+02:00"),
        ("2026-07-02T22:30+00:00", "2026-07-03T03:17+02:00"),
        ("2026-10-24T12:00+02:00", "2026-10-25T03:17+01:00"),
    ],
)
def test_the_nightly_refresh_is_in_dutch_time(now: str, then: str) -> None:
    assert next_nightly(datetime.fromisoformat(now)) == datetime.fromisoformat(then)
