"""Refreshing a table: claim, fetch, one merge, and what stands when it goes wrong."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.factories import Cast
from tests.servers import Servers
from tests.sources.replay import PAYLOADS, RECORDED, Replay
from workbench.core.db import as_platform, db
from workbench.core.jobs import Job
from workbench.indicators import queries as catalogue
from workbench.indicators import store
from workbench.indicators.models import Area, Observation, PeriodRow, Series
from workbench.sources import operations, refresh
from workbench.sources.connectors import connector
from workbench.sources.models import RefreshRequest, RefreshRun, RunState
from workbench.sources.reports import run_report

Sent = list[tuple[str, dict[str, str]]]


@pytest.fixture
def replay() -> Iterator[Replay]:
    with Replay(PAYLOADS) as started:
        yield started


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connector("cbs-v4"), "sleep", lambda _seconds: None)


@pytest.fixture(autouse=True)
def _no_bundled_figures(session: Session) -> None:
    """Start from an empty table of figures: the small payloads are not the bundled ones."""
    session.execute(sa.text("SET LOCAL ROLE platform"))
    session.execute(sa.delete(Observation))
    session.execute(sa.text("SET LOCAL ROLE web"))
    session.commit()


def run_refresh(servers: Servers, replay: Replay, *, keep_trying: bool = False) -> RefreshRun:
    settings = servers.settings(cbs_v4_url=replay.base_url)
    db.commit()  # on the one connection of a test, an open savepoint would swallow what platform commits
    with as_platform():
        [table] = operations.tables_to_refresh(table="03759ned")
        run_id = operations.queue_refresh(table.id).id
        db.commit()
        refresh.carry_out(run_id, settings, keep_trying=keep_trying)
    return db.get_one(RefreshRun, run_id)


def figures(area: str, measure: str = "M000352") -> dict[str, float | None]:
    """Period -> current value."""
    rows = db.execute(
        sa.select(PeriodRow.code, Observation.value)
        .join(PeriodRow, PeriodRow.id == Observation.period_id)
        .join(Series, Series.id == Observation.series_id)
        .join(Area, Area.id == Observation.area_id)
        .where(Area.code == area, Series.measure == measure, Observation.loaded_until.is_(None))
    )
    return dict(rows.all())


def test_the_first_refresh_reads_every_row_and_the_counts_add_up(
    servers: Servers, replay: Replay, sent_jobs: Sent
) -> None:
    run = run_refresh(servers, replay)
    assert run.state is RunState.DONE
    assert run.rows_read == run.inserted > 0
    assert (run.revised, run.unchanged, run.rejected) == (0, 0, 0)
    assert figures("NL01")["2019JJ00"] == 1518
    assert (Job.BUILD_EVERYWHERE, {}) in sent_jobs


def test_the_second_refresh_is_one_small_request_and_says_unchanged(servers: Servers, replay: Replay) -> None:
    run_refresh(servers, replay)
    asked = len(replay.requests)
    run = run_refresh(servers, replay)
    assert len(replay.requests) == asked + 1
    assert run_report(run)["state"] == "unchanged"
    assert run.rows_read == 0


def test_one_revised_value_gives_one_revision_and_the_old_value_is_kept(
    servers: Servers, replay: Replay, cast: Cast
) -> None:
    run_refresh(servers, replay)
    before = figures("GM0034")["2024JJ00"]
    replay.revise("03759ned", "M000352", "GM0034", "2024JJ00", 777)
    run = run_refresh(servers, replay)
    assert (run.inserted, run.revised) == (0, 1)
    assert run.rows_read == run.inserted + run.revised + run.unchanged + run.rejected
    indicator = catalogue.find_indicator("inwoners")
    area = catalogue.own_area()
    assert indicator
    assert area
    [figure] = [item for item in catalogue.figures_of(indicator, area) if item.period.code == "2024JJ00"]
    assert (figure.value, figure.revised_from) == (777, before)
    assert figure.revised_at is not None
    assert db.scalar(sa.select(sa.func.count()).where(Observation.loaded_until.is_not(None))) == 1


def test_a_value_that_vanishes_is_closed_not_deleted(servers: Servers, replay: Replay) -> None:
    run_refresh(servers, replay)
    replay.remove("03759ned", "M000352", "GM0034", "2024JJ00")
    run = run_refresh(servers, replay)
    assert run.closed == 1
    assert "2024JJ00" not in figures("GM0034")
    assert db.scalar(sa.select(sa.func.count()).where(Observation.loaded_until.is_not(None))) == 1


def test_a_half_answer_is_suspect_and_the_old_figures_stand(servers: Servers, replay: Replay) -> None:
    run_refresh(servers, replay)
    before = figures("GM0034")
    for year in range(2019, 2025):
        for area in ("NL01", "PV24", "GM0003", "GM0034", "GM0171"):
            replay.remove("03759ned", "M000352", area, f"{year}JJ00")
    run = run_refresh(servers, replay)
    assert (run.state, run.suspect) == (RunState.FAILED, True)
    assert figures("GM0034") == before
    assert "veel minder" in str(run_report(run)["message"])


def test_an_empty_answer_is_suspect_and_the_old_figures_stand(servers: Servers, replay: Replay) -> None:
    run_refresh(servers, replay)
    before = figures("GM0034")
    replay.move("03759ned")
    replay.fail("empty", on="Observations", times=9)
    run = run_refresh(servers, replay)
    assert (run.state, run.suspect) == (RunState.FAILED, True)
    assert figures("GM0034") == before


def test_a_source_that_does_not_answer_leaves_the_figures_and_says_so(servers: Servers) -> None:
    with Replay(PAYLOADS) as replay:
        run_refresh(servers, replay)
        before = figures("GM0034")
    run = run_refresh(servers, replay)
    assert run.state is RunState.UNREACHABLE
    assert run.source_table.source.unreachable_since is not None
    assert figures("GM0034") == before


def test_a_silent_source_is_tried_again_later_three_times_at_most(servers: Servers) -> None:
    with Replay(PAYLOADS) as replay:
        pass
    for attempt in (1, 2):
        run = run_refresh(servers, replay, keep_trying=True)
        assert (run.state, run.attempt) == (RunState.QUEUED, attempt)
        assert run.next_attempt_at is not None
        _set_run(run.id, next_attempt_at=datetime.now(UTC) - timedelta(seconds=1))
    run = run_refresh(servers, replay, keep_trying=True)
    assert (run.state, run.attempt) == (RunState.UNREACHABLE, 3)


def _set_run(run_id: UUID, **facts: object) -> None:
    db.commit()
    with as_platform():
        db.execute(sa.update(RefreshRun).where(RefreshRun.id == run_id).values(**facts))


def test_a_run_is_carried_out_once_however_often_its_job_arrives(servers: Servers, replay: Replay) -> None:
    run = run_refresh(servers, replay)
    asked = len(replay.requests)
    with as_platform():
        refresh.carry_out(run.id, servers.settings(cbs_v4_url=replay.base_url))
    assert len(replay.requests) == asked


def test_a_run_whose_worker_died_is_queued_again_and_its_staged_rows_count_for_nothing(
    servers: Servers, replay: Replay, sent_jobs: Sent
) -> None:
    with as_platform():
        [table] = operations.tables_to_refresh(table="03759ned")
        run_id = operations.queue_refresh(table.id).id
        series = db.scalars(sa.select(Series).where(Series.measure == "M000352")).one()
        store.stage(UUID(int=7), [(series.id, "GM0034", "2024JJ00", 1.0, "final", None)])
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    _set_run(run_id, state=RunState.RUNNING, attempt=1, heartbeat_at=long_ago)
    sent_jobs.clear()
    with as_platform():
        refresh.sweep()
    assert (Job.REFRESH_TABLE, {"run_id": str(run_id)}) in sent_jobs
    run = run_refresh(servers, replay)
    assert (run.id, run.state, run.attempt) == (run_id, RunState.DONE, 2)
    assert figures("GM0034")["2024JJ00"] != 1.0


def test_two_wishes_for_one_table_become_one_run(cast: Cast, sent_jobs: Sent) -> None:
    [table] = operations.tables_to_refresh(table="03759ned")
    operations.ask_refresh(table.id, cast.officer.id)
    operations.ask_refresh(table.id, cast.officer.id)
    db.commit()
    assert [job for job, _ids in sent_jobs].count(Job.PICK_UP_REQUESTS) >= 1
    assert db.scalar(sa.select(sa.func.count()).select_from(RefreshRequest)) == 1
    with as_platform():
        operations.pick_up_all_requests()
    with as_platform():
        operations.pick_up_all_requests()
    assert db.scalar(sa.select(sa.func.count()).select_from(RefreshRun)) == 1


@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded data are not on this machine")
def test_the_recorded_table_loads_every_possible_municipal_value_and_adds_up_to_the_country(
    servers: Servers,
) -> None:
    with Replay(RECORDED) as replay:
        run = run_refresh(servers, replay)
    assert (run.state, run.rows_read, run.inserted) == (RunState.DONE, 13_568, 13_568)
    for year in range(2019, 2027):
        code = f"{year}JJ00"
        total = db.scalar(
            sa.select(sa.func.sum(Observation.value))
            .join(PeriodRow, PeriodRow.id == Observation.period_id)
            .join(Series, Series.id == Observation.series_id)
            .join(Area, Area.id == Observation.area_id)
            .where(Series.measure == "M000352", PeriodRow.code == code, Area.type == "gemeente")
        )
        assert total == figures("NL01")[code], year


def test_a_new_wish_does_not_wait_for_the_planned_later_attempt(servers: Servers) -> None:
    with Replay(PAYLOADS) as replay:
        pass
    run = run_refresh(servers, replay, keep_trying=True)
    assert run.next_attempt_at is not None
    db.commit()
    with as_platform():
        operations.queue_refresh(run.source_table_id)
    db.refresh(run)
    assert (run.state, run.next_attempt_at) == (RunState.QUEUED, None)
