"""Jobs are sent after the commit, once, and never otherwise."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from tests.client import Client
from tests.factories import Cast, make_goal, make_plan, make_value
from workbench.accounts.models import Person
from workbench.core import jobs
from workbench.core.db import as_platform, db
from workbench.core.jobs import Job, enqueue
from workbench.core.tenancy import act_for
from workbench.evidence.models import Link
from workbench.vision.models import Plan

Sent = list[tuple[str, dict[str, str]]]


@pytest.fixture
def broken_sender() -> Iterator[None]:
    def send(_name: str, _payload: dict[str, str]) -> None:
        raise ConnectionError("redis://geheim@host")

    jobs.connect(send)
    yield
    jobs.connect(lambda _name, _payload: None)


def test_a_job_waits_for_the_commit(session: Session, sent_jobs: Sent) -> None:
    enqueue(Job.SWEEP)
    db.flush()
    assert sent_jobs == []
    db.commit()
    assert sent_jobs == [(Job.SWEEP, {})]
    db.commit()
    assert len(sent_jobs) == 1


def test_a_job_carries_the_acting_council_and_ids_as_text(
    session: Session, cast: Cast, sent_jobs: Sent
) -> None:
    plan = make_plan()
    enqueue(Job.BUILD_BLOCKS, plan_id=plan.id)
    db.commit()
    assert sent_jobs == [(Job.BUILD_BLOCKS, {"plan_id": str(plan.id), "council_id": str(cast.almere.id)})]


def test_the_council_that_a_job_names_counts(session: Session, cast: Cast, sent_jobs: Sent) -> None:
    enqueue(Job.BUILD_BLOCKS, council_id=cast.breda.id)
    db.commit()
    assert sent_jobs == [(Job.BUILD_BLOCKS, {"council_id": str(cast.breda.id)})]


def test_after_a_rollback_nothing_is_sent_not_even_later(session: Session, sent_jobs: Sent) -> None:
    db.execute(sa.text("SELECT 1"))
    enqueue(Job.SWEEP)
    db.rollback()
    db.commit()
    assert sent_jobs == []


def test_the_same_job_twice_is_one_job(session: Session, sent_jobs: Sent) -> None:
    enqueue(Job.SWEEP)
    enqueue(Job.SWEEP)
    db.commit()
    assert len(sent_jobs) == 1


def test_releasing_a_savepoint_is_no_commit(session: Session, sent_jobs: Sent) -> None:
    enqueue(Job.SWEEP)
    with db.begin_nested():
        enqueue(Job.REFRESH_ALL)
    assert sent_jobs == []
    db.rollback()
    assert sent_jobs == []


def test_rolling_back_to_a_savepoint_keeps_the_jobs_of_the_transaction(
    session: Session, sent_jobs: Sent
) -> None:
    enqueue(Job.SWEEP)
    db.begin_nested().rollback()
    db.commit()
    assert sent_jobs == [(Job.SWEEP, {})]


def test_an_error_as_platform_sends_nothing(session: Session, sent_jobs: Sent) -> None:
    def break_down() -> None:
        with as_platform():
            enqueue(Job.SWEEP)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_down()
    with as_platform():
        enqueue(Job.REFRESH_ALL)
    assert sent_jobs == [(Job.REFRESH_ALL, {})]


def test_a_sender_that_fails_does_not_break_the_request(
    client: Client, cast: Cast, broken_sender: None
) -> None:
    goal = make_goal(make_value(make_plan()))
    db.commit()
    with structlog.testing.capture_logs() as logged:
        page = client.as_(cast.clerk).send(
            f"/almere/doelen/{goal.id}/cijfers/inwoners/koppelen",
            reason="Daarom.",
            quality="direct",
            not_saying="Iets.",
        )
    assert page.status == 302
    assert db.query(Link).count() == 1
    [event] = [entry for entry in logged if entry["event"] == "job_not_sent"]
    assert event["error"] == "ConnectionError"
    assert "geheim" not in str(logged)


def test_a_request_that_is_refused_sends_nothing(client: Client, cast: Cast, sent_jobs: Sent) -> None:
    goal = make_goal(make_value(make_plan()))
    db.commit()
    sent_jobs.clear()
    client.as_(cast.clerk).send(f"/almere/doelen/{goal.id}/cijfers/inwoners/koppelen", quality="direct")
    assert sent_jobs == []


def test_a_request_that_crashes_leaves_no_row_and_sends_no_job(
    client: Client, cast: Cast, sent_jobs: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def view() -> str:
        act_for(db, cast.almere.id)
        make_plan("Half bewaard")
        enqueue(Job.SWEEP)
        db.flush()
        raise RuntimeError

    view.permission = "public"  # type: ignore[attr-defined]
    monkeypatch.setitem(client.application.view_functions, "accounts.start", view)
    db.commit()
    sent_jobs.clear()
    assert client.page("/").status == 500
    assert sent_jobs == []
    assert db.query(Plan).count() == 0
    assert db.query(Person).count() > 0
