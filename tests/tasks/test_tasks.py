"""The wrappers around operations: one council, one role, one transaction."""

import ast
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
import structlog
from flask import Flask
from sqlalchemy.orm import Session

import tasks.digest
import tasks.exports
import tasks.figures
import tasks.mail
import tasks.schedule
import tasks.sources
import tasks.uploads
from tasks import worker
from tests.client import Client
from tests.factories import Cast, make_goal, make_link, make_own_draft, make_plan, make_value
from tests.mailbox import waiting_mail
from workbench.core import jobs
from workbench.core.db import as_platform, db
from workbench.core.jobs import Job
from workbench.core.mail import MailMessage, send_mail
from workbench.core.tenancy import act_for
from workbench.evidence.models import Link
from workbench.monitors.models import BlockDocument, Monitor
from workbench.sources import operations
from workbench.sources.connectors import connector
from workbench.sources.models import RefreshRequest, RefreshRun, RunState
from workbench.uploads.models import OwnUpload
from workbench.uploads.queries import DRAFTS_LAST
from workbench.vision.models import Plan

Sent = list[tuple[str, dict[str, str]]]


@pytest.fixture(autouse=True)
def _worker(app: Flask, session: Session, sent_jobs: Sent) -> None:
    """Tasks run in this process; the jobs they send land in `sent_jobs`."""
    keep = jobs._sender[:]
    worker.init_app(app)
    jobs._sender[:] = keep


def test_the_worker_knows_every_task() -> None:
    """A job without its task in the worker would wait for ever."""
    started = ast.parse((Path(tasks.__file__).parent / "run.py").read_text(encoding="utf-8"))
    imported = {
        alias.name for node in ast.walk(started) if isinstance(node, ast.Import) for alias in node.names
    }
    with_tasks = {
        f"tasks.{path.stem}"
        for path in Path(tasks.__file__).parent.glob("*.py")
        if "@celery.task" in path.read_text(encoding="utf-8")
    }
    assert with_tasks <= imported


def carry_out(job: Job, **payload: object) -> None:
    """As the worker would: by name, with text for ids. Raises what the task raises."""
    db.commit()
    worker.celery.tasks[job].apply(kwargs={name: str(value) for name, value in payload.items()}, throw=True)
    db.expire_all()


def test_blocks_are_built_for_the_council_of_the_job_only(cast: Cast) -> None:
    here, there = cast.almere.id, cast.breda.id
    make_link(make_goal(make_value(make_plan())))
    db.commit()
    act_for(db, there)
    make_link(make_goal(make_value(make_plan("Breda"))), "stedelijkheid")
    carry_out(Job.BUILD_BLOCKS, council_id=there)
    assert db.scalar(sa.select(sa.func.count()).select_from(BlockDocument)) == 2
    act_for(db, here)
    assert db.scalar(sa.select(sa.func.count()).select_from(BlockDocument)) == 0
    carry_out(Job.BUILD_BLOCKS, council_id=here)
    assert db.scalar(sa.select(sa.func.count()).select_from(Monitor)) == 1


def test_a_job_for_a_council_that_does_not_exist_touches_nothing(cast: Cast) -> None:
    make_link(make_goal(make_value(make_plan())))
    carry_out(Job.BUILD_BLOCKS, council_id=uuid4())
    assert db.scalar(sa.select(sa.func.count()).select_from(Monitor)) == 0


@pytest.mark.parametrize("payload", [{"council_id": "geen id"}, {}])
def test_a_spoiled_job_does_nothing(cast: Cast, payload: dict[str, str]) -> None:
    with pytest.raises((ValueError, TypeError)):
        carry_out(Job.BUILD_BLOCKS, **payload)


def test_a_council_job_acts_as_the_web_and_a_platform_job_cannot_read_councils(cast: Cast) -> None:
    roles = []

    @worker.celery.task(name="test.council", base=worker.CouncilTask)
    def in_council() -> None:
        roles.append((db.scalar(sa.text("SELECT current_user")), db.info["council_id"]))

    @worker.celery.task(name="test.platform", base=worker.PlatformTask)
    def as_platform_() -> None:
        roles.append((db.scalar(sa.text("SELECT current_user")), db.info["council_id"]))

    council_id = cast.almere.id
    try:
        for name in ("test.council", "test.platform"):
            carry_out(name, council_id=council_id)  # type: ignore[arg-type]
        carry_out("test.platform")  # type: ignore[arg-type]
    finally:
        for name in ("test.council", "test.platform"):
            worker.celery.tasks.pop(name)
    assert roles == [("web", council_id), ("platform", council_id), ("platform", None)]


def test_a_job_that_crashes_leaves_nothing_and_logs_only_where(
    cast: Cast, sent_jobs: Sent, caplog: pytest.LogCaptureFixture
) -> None:
    @worker.celery.task(name="test.crash", base=worker.CouncilTask)
    def crash() -> None:
        make_plan("Half")
        jobs.enqueue(Job.SWEEP)
        db.flush()
        raise ValueError("Wat mijn buurvrouw vertelde")

    council_id = cast.almere.id
    db.commit()
    sent_jobs.clear()
    try:
        with structlog.testing.capture_logs() as logged:
            worker._leave_logging()
            worker.celery.tasks["test.crash"].apply(kwargs={"council_id": str(council_id)}, throw=False)
    finally:
        worker.celery.tasks.pop("test.crash")
    db.expire_all()
    assert db.query(Plan).count() == 0
    assert sent_jobs == []
    [event] = [entry for entry in logged if entry["event"] == "task_crashed"]
    assert (event["task"], event["error"]) == ("test.crash", "ValueError")
    assert "buurvrouw" not in repr(logged) + caplog.text


def test_new_figures_are_a_job_for_every_council(cast: Cast, sent_jobs: Sent) -> None:
    sent_jobs.clear()
    councils = {str(cast.almere.id), str(cast.breda.id)}
    carry_out(Job.BUILD_EVERYWHERE)
    assert [job for job, _ in sent_jobs] == [Job.BUILD_BLOCKS, Job.DRAW_PUBLIC_PICTURES] * 2
    assert {payload["council_id"] for _, payload in sent_jobs} == councils


def test_telling_about_sources_is_a_job_for_every_clerk_and_officer(cast: Cast, sent_jobs: Sent) -> None:
    officer_id = str(cast.officer.id)
    sent_jobs.clear()
    carry_out(Job.SEND_DIGESTS_EVERYWHERE)
    asked = [payload for job, payload in sent_jobs if job == Job.SEND_DIGEST]
    assert {"person_id": officer_id} in asked
    assert len(asked) == 4, "two roles in two councils"
    for payload in asked:
        carry_out(Job.SEND_DIGEST, **payload)
    assert waiting_mail() == [], "nothing happened"


def test_every_night_files_that_nobody_went_on_with_are_removed_for_every_council(
    cast: Cast, sent_jobs: Sent
) -> None:
    here, there = cast.almere.id, cast.breda.id
    for council_id in (here, there):
        act_for(db, council_id)
        make_own_draft().uploaded_at = datetime.now(UTC) - 2 * DRAFTS_LAST
        db.commit()
    sent_jobs.clear()
    carry_out(Job.REMOVE_OLD_DRAFTS_EVERYWHERE)
    assert {(job, ids["council_id"]) for job, ids in sent_jobs} >= {
        (Job.REMOVE_OLD_DRAFTS, str(here)),
        (Job.REMOVE_OLD_DRAFTS, str(there)),
    }
    carry_out(Job.REMOVE_OLD_DRAFTS, council_id=here)
    left = []
    for council_id in (here, there):
        act_for(db, council_id)
        left.append(db.scalar(sa.select(sa.func.count()).select_from(OwnUpload)))
    assert left == [0, 1]


def test_a_mail_is_sent_by_its_number(session: Session, app: Flask) -> None:
    send_mail("noor@almere.example", "Onderwerp", "Tekst")
    db.commit()
    with as_platform():
        mail_id = db.scalars(sa.select(MailMessage.id)).one()
    carry_out(Job.SEND_MAIL, mail_id=mail_id)
    assert waiting_mail() == []
    assert list((app.extensions["settings"].home / "mail").glob(f"*{mail_id}.eml"))


def ask(council_id: UUID, person_id: UUID) -> UUID:
    act_for(db, council_id)
    [table] = operations.tables_to_refresh(table="03759ned")
    operations.ask_refresh(table.id, person_id)
    db.commit()
    return table.id


def test_wishes_of_one_council_become_a_run_and_those_of_another_wait(cast: Cast, sent_jobs: Sent) -> None:
    here, there = cast.almere.id, cast.breda.id
    officers = cast.officer.id, cast.of_breda("officer").id
    ask(there, officers[1])
    ask(here, officers[0])
    sent_jobs.clear()
    carry_out(Job.PICK_UP_REQUESTS, council_id=here)
    run = db.scalars(sa.select(RefreshRun)).one()
    assert sent_jobs == [(Job.REFRESH_TABLE, {"run_id": str(run.id), "council_id": str(here)})]
    assert db.scalars(sa.select(RefreshRequest.picked_up_at)).one() is not None
    act_for(db, there)
    assert db.scalars(sa.select(RefreshRequest.picked_up_at)).one() is None


def test_every_night_every_connected_table_is_queued_once(session: Session, sent_jobs: Sent) -> None:
    tables = {table.id for table in operations.tables_to_refresh()}
    carry_out(Job.REFRESH_ALL)
    carry_out(Job.REFRESH_ALL)
    runs = list(db.scalars(sa.select(RefreshRun)))
    assert sorted(run.source_table_id for run in runs) == sorted(tables)
    assert {payload["run_id"] for job, payload in sent_jobs if job == Job.REFRESH_TABLE} == {
        str(run.id) for run in runs
    }


def test_a_table_whose_source_is_silent_is_tried_again_later(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connector("cbs-v4"), "sleep", lambda _seconds: None)
    [table] = operations.tables_to_refresh(table="03759ned")
    table_id = table.id
    db.commit()
    with as_platform():
        run_id = operations.queue_refresh(table_id).id
    carry_out(Job.REFRESH_TABLE, run_id=run_id)
    run = db.get_one(RefreshRun, run_id)
    assert (run.state, run.attempt) == (RunState.QUEUED, 1)
    assert run.next_attempt_at is not None
    carry_out(Job.REFRESH_TABLE, run_id=run_id)
    assert db.get_one(RefreshRun, run_id).attempt == 1, "it is not due yet"


def test_the_sweeper_finds_every_job_that_was_lost(cast: Cast, sent_jobs: Sent) -> None:
    council_id, officer_id = cast.almere.id, cast.officer.id
    ask(council_id, officer_id)
    send_mail("noor@almere.example", "Onderwerp", "Tekst")
    db.commit()
    with as_platform():
        db.execute(sa.update(MailMessage).values(created_at=sa.func.now() - sa.text("interval '1 minute'")))
    sent_jobs.clear()
    act_for(db, None)
    carry_out(Job.SWEEP)
    assert {job for job, _ in sent_jobs} == {Job.REFRESH_TABLE, Job.SEND_MAIL}
    sent_jobs.clear()
    carry_out(Job.SWEEP)
    assert {job for job, _ in sent_jobs} == {Job.REFRESH_TABLE, Job.SEND_MAIL}, (
        "until it is done, it is sent again"
    )
    assert db.scalar(sa.select(sa.func.count()).select_from(RefreshRun)) == 1


def test_linking_a_figure_in_the_browser_ends_as_a_figure_in_the_monitor(
    client: Client, cast: Cast, sent_jobs: Sent
) -> None:
    goal = make_goal(make_value(make_plan()))
    plan_id, goal_id = goal.plan_id, goal.id
    db.commit()
    sent_jobs.clear()
    client.as_(cast.councillor).submit(
        f"/almere/doelen/{goal_id}/cijfers/inwoners/koppelen",
        reason="Daarom.",
        quality="direct",
        not_saying="Iets.",
    )
    [(job, payload)] = sent_jobs
    carry_out(Job(job), **payload)
    page = client.page(f"/almere/trajecten/{plan_id}/monitor")
    assert page.soup is not None
    assert page.soup.select("figure svg")
    assert db.query(Link).count() == 1


def test_what_runs_when_names_jobs_that_exist() -> None:
    scheduled = {entry["task"] for entry in worker.celery.conf.beat_schedule.values()}
    assert scheduled == {
        Job.SWEEP,
        Job.BUILD_EVERYWHERE,
        Job.REFRESH_ALL,
        Job.SEND_DIGESTS_EVERYWHERE,
        Job.SEND_REMINDERS_EVERYWHERE,
        Job.REMIND_SIGN_UPS_EVERYWHERE,
        Job.REMOVE_OLD_DRAFTS_EVERYWHERE,
        Job.TEND_EXPORTS_EVERYWHERE,
        Job.END_STORIES_EVERYWHERE,
        Job.TEND_STORIES_EVERYWHERE,
        Job.FORGET_WORKSHOPS_EVERYWHERE,
    }
