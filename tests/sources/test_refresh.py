"""Refreshing a table: claim, fetch, one merge, and what stands when it goes wrong."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.factories import Cast
from tests.servers import Servers
from tests.sources.refreshing import run_refresh
from tests.sources.replay import PAYLOADS, RECORDED, Replay
from workbench.core.db import as_platform, db
from workbench.core.errors import Conflict
from workbench.core.jobs import Job
from workbench.indicators import queries as catalogue
from workbench.indicators import store
from workbench.indicators.models import Area, Observation, PeriodRow, Series, Status
from workbench.sources import operations, refresh, suspects
from workbench.sources.connectors import connector
from workbench.sources.models import Decision, MetadataChange, RefreshRequest, RefreshRun, RunState
from workbench.sources.reports import run_report

Sent = list[tuple[str, dict[str, str]]]


pytestmark = pytest.mark.usefixtures("no_bundled_figures")


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connector("cbs-v4"), "sleep", lambda _seconds: None)


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
        store.Staging(UUID(int=7)).add_rows([(series.id, "GM0034", "2024JJ00", 1.0, "final", None)])
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


# --- What is said about figures, and when they last changed ----------------------------------------------------------


def changes() -> list[tuple[str, str, str]]:
    return [(item.what.value, item.old, item.new) for item in db.scalars(sa.select(MetadataChange))]


def moments(measure: str = "M000352") -> tuple[datetime | None, datetime]:
    """When a series was fetched, and when it last changed."""
    db.expire_all()
    found = db.scalars(sa.select(Series).where(Series.measure == measure)).one()
    return found.fetched_at, found.changed_at


def test_a_new_title_name_or_definition_is_written_down_with_the_old_one(
    servers: Servers, replay: Replay
) -> None:
    first = run_refresh(servers, replay)
    assert changes() == []
    replay.table("03759ned").properties["Title"] = "Inwoners; nieuwe naam"
    replay.patch("03759ned", "MeasureCodes", "M000352", Title="Inwoners", Description="Anders uitgelegd.")
    run = run_refresh(servers, replay)
    assert set(changes()) == {
        (
            "title",
            "Bevolking op 1 januari en gemiddeld; verzonnen cijfers in drie gemeenten",
            "Inwoners; nieuwe naam",
        ),
        ("measure", "Bevolking op 1 januari", "Inwoners"),
        ("definition", "Verzonnen.", "Anders uitgelegd."),
    }
    assert run.source_table.title == "Inwoners; nieuwe naam"
    assert set(db.scalars(sa.select(MetadataChange.run_id))) == {run.id} != {first.id}


def test_when_only_the_texts_moved_code_lists_and_statuses_are_read_but_no_values(
    servers: Servers, replay: Replay
) -> None:
    run_refresh(servers, replay)
    fetched, changed = moments()
    before, asked = figures("GM0034"), len(replay.asked("Observations"))
    replay.patch("03759ned", "PeriodenCodes", "2024JJ00", Status="Voorlopig")
    run = run_refresh(servers, replay)
    assert len(replay.asked("Observations")) == asked
    assert (run.state, run.codes_only, run.rows_read, run.revised) == (RunState.DONE, True, 0, 0)
    assert run.restated > 0
    assert figures("GM0034") == before
    statuses = dict(
        db.execute(
            sa.select(PeriodRow.code, Observation.status)
            .join(PeriodRow, PeriodRow.id == Observation.period_id)
            .where(Observation.loaded_until.is_(None))
        ).all()
    )
    assert statuses["2024JJ00"] is Status.PROVISIONAL
    assert statuses["2023JJ00"] is Status.FINAL
    closed = db.scalar(sa.select(sa.func.count()).where(Observation.loaded_until == run.merged_at))
    assert closed == run.restated, "the old status is kept as history"
    now_fetched, now_changed = moments()
    assert now_fetched == fetched, "no value was fetched"
    assert now_changed > changed
    assert run_report(run_refresh(servers, replay))["state"] == "unchanged"


def test_a_unit_that_is_another_one_still_fails_when_only_the_texts_moved(
    servers: Servers, replay: Replay
) -> None:
    run_refresh(servers, replay)
    replay.patch("03759ned", "MeasureCodes", "M000352", Unit="%")
    run = run_refresh(servers, replay)
    assert (run.state, run.suspect) == (RunState.FAILED, False)
    assert "eenheid" in str(run_report(run)["message"])


def test_a_load_in_which_nothing_changed_moves_the_day_of_fetching_but_not_of_change(
    servers: Servers, replay: Replay
) -> None:
    run_refresh(servers, replay)
    fetched, changed = moments()
    replay.move("03759ned")
    run = run_refresh(servers, replay)
    assert (run.revised, run.inserted, run.unchanged) == (0, 0, run.rows_read)
    now_fetched, now_changed = moments()
    assert fetched is not None
    assert now_fetched is not None
    assert now_fetched > fetched
    assert now_changed == changed


def test_a_revision_counts_as_a_change_of_its_own_series_only(servers: Servers, replay: Replay) -> None:
    run_refresh(servers, replay)
    other = moments("M000365")[1]
    changed = moments()[1]
    replay.revise("03759ned", "M000352", "GM0034", "2024JJ00", 777)
    run_refresh(servers, replay)
    assert moments()[1] > changed
    assert moments("M000365")[1] == other


def test_a_final_figure_that_became_another_final_figure_is_counted_apart(
    servers: Servers, replay: Replay
) -> None:
    run_refresh(servers, replay)
    replay.revise("03759ned", "M000352", "GM0034", "2024JJ00", 777)
    run = run_refresh(servers, replay)
    assert (run.revised, run.final_revised, run.restated) == (1, 1, 0)
    assert run.source_modified_at is not None


# --- Suspect loads wait for an operator ------------------------------------------------------------------------------


def halve(replay: Replay) -> None:
    """Let the source forget most of its rows, and give one of those that stay another value."""
    replay.revise("03759ned", "M000352", "GM0034", "2025JJ00", 4711)
    for year in range(2019, 2025):
        for area in ("NL01", "PV24", "GM0003", "GM0034", "GM0171"):
            replay.remove("03759ned", "M000352", area, f"{year}JJ00")


def staged() -> int:
    db.commit()
    with as_platform():
        return db.scalar(sa.select(sa.func.count()).select_from(store.StagedObservation)) or 0


def decide(run: RefreshRun, how: str) -> RefreshRun:
    run_id = run.id
    db.commit()
    with as_platform():
        getattr(suspects, how)(run_id)
    db.expire_all()
    return db.get_one(RefreshRun, run_id)


@pytest.fixture
def suspect(servers: Servers, replay: Replay) -> RefreshRun:
    run_refresh(servers, replay)
    halve(replay)
    run = run_refresh(servers, replay)
    assert (run.state, run.suspect, run.waits_for_decision) == (RunState.FAILED, True, True)
    return run


def test_what_is_suspect_is_kept_apart_also_by_the_sweeper(suspect: RefreshRun) -> None:
    rows = staged()
    assert rows > 0
    with as_platform():
        store.Staging(UUID(int=9)).add_rows([(1, "GM0034", "2024JJ00", 1.0, "final", None)])
    with as_platform():
        refresh.sweep()
    assert staged() == rows


def test_an_operator_accepts_exactly_what_waits(suspect: RefreshRun, replay: Replay) -> None:
    asked = len(replay.requests)
    rows = staged()
    run = decide(suspect, "accept")
    assert len(replay.requests) == asked
    assert (run.state, run.decision, run.waits_for_decision) == (RunState.DONE, Decision.ACCEPTED, False)
    assert run.rows_read == rows == run.inserted + run.revised + run.unchanged + run.rejected
    assert (run.revised, run.closed) == (1, 30)
    assert figures("GM0034")["2025JJ00"] == 4711
    assert "2024JJ00" not in figures("GM0034")
    assert staged() == 0
    assert moments()[0] == run.finished_at, "they were fetched then, not when they were accepted"


def test_after_acceptance_the_table_is_up_to_date(
    suspect: RefreshRun, servers: Servers, replay: Replay
) -> None:
    decide(suspect, "accept")
    assert run_report(run_refresh(servers, replay))["state"] == "unchanged"


def test_accepting_twice_does_nothing_twice(suspect: RefreshRun) -> None:
    decide(suspect, "accept")
    before = db.scalar(sa.select(sa.func.count()).select_from(Observation))
    with pytest.raises(Conflict, match="wacht niet"):
        decide(suspect, "accept")
    db.rollback()
    assert db.scalar(sa.select(sa.func.count()).select_from(Observation)) == before


def test_an_acceptance_that_is_killed_half_way_leaves_everything_as_it_was(
    suspect: RefreshRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, rows, run_id = figures("GM0034"), staged(), suspect.id

    def killed(_load_id: UUID) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store, "forget", killed)
        with pytest.raises(KeyboardInterrupt):
            decide(suspect, "accept")
    db.expire_all()
    assert db.get_one(RefreshRun, run_id).waits_for_decision
    assert figures("GM0034") == before
    assert staged() == rows
    decide(db.get_one(RefreshRun, run_id), "accept")
    assert figures("GM0034")["2025JJ00"] == 4711


def test_an_operator_keeps_the_old_figures_until_the_source_has_another_edition(
    suspect: RefreshRun, servers: Servers, replay: Replay
) -> None:
    before = figures("GM0034")
    run = decide(suspect, "keep")
    assert (run.state, run.decision) == (RunState.FAILED, Decision.KEPT)
    assert staged() == 0
    asked = len(replay.asked("Observations"))
    again = run_refresh(servers, replay)
    assert (again.state, again.same_as_before) == (RunState.DONE, True)
    assert "aanhield" in str(run_report(again)["message"])
    assert len(replay.asked("Observations")) == asked
    assert figures("GM0034") == before
    replay.move("03759ned")
    assert run_refresh(servers, replay).waits_for_decision


def test_only_the_newest_suspect_run_can_be_accepted(
    suspect: RefreshRun, servers: Servers, replay: Replay
) -> None:
    rows = staged()
    newer = run_refresh(servers, replay)
    db.refresh(suspect)
    assert suspect.decision is Decision.REPLACED
    assert staged() == rows, "the rows of the older one are gone"
    with pytest.raises(Conflict, match="latere verversing"):
        decide(suspect, "accept")
    db.rollback()
    assert decide(newer, "accept").state is RunState.DONE


def test_a_source_that_recovers_makes_the_decision_needless(
    suspect: RefreshRun, servers: Servers, replay: Replay
) -> None:
    replay._tables.clear()  # as it was recorded
    replay.move("03759ned")
    run = run_refresh(servers, replay)
    assert (run.state, run.revised) == (RunState.DONE, 0)
    db.refresh(suspect)
    assert suspect.decision is Decision.REPLACED
    assert staged() == 0


def test_staged_rows_that_a_crash_of_the_database_took_are_not_accepted_as_nothing(
    suspect: RefreshRun,
) -> None:
    before = figures("GM0034")
    db.commit()
    with as_platform():
        db.execute(sa.delete(store.StagedObservation))
    with pytest.raises(Conflict, match="zijn er niet meer"):
        decide(suspect, "accept")
    db.rollback()
    assert figures("GM0034") == before


def test_an_answer_that_is_empty_cannot_be_accepted(servers: Servers, replay: Replay) -> None:
    run_refresh(servers, replay)
    replay.move("03759ned")
    replay.fail("empty", on="Observations", times=9)
    run = run_refresh(servers, replay)
    assert run.suspect
    with pytest.raises(Conflict, match=r"wacht niet|zijn er niet meer"):
        decide(run, "accept")
