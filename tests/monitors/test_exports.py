"""A monitor taken along: frozen in a request, written by a job, of one person, for a day."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask, get_template_attribute
from sqlalchemy.orm import Session

import tasks.exports  # noqa: F401 - its tasks
from tasks import worker
from tests.client import Client
from tests.factories import (
    Cast,
    make_export,
    make_goal,
    make_link,
    make_need,
    make_plan,
    make_story,
    make_value,
)
from tests.monitors.test_read_out import SLUGS
from workbench.accounts.models import Role
from workbench.core import jobs
from workbench.core.audit import AuditEntry
from workbench.core.db import db
from workbench.core.jobs import Job
from workbench.core.tenancy import act_for
from workbench.documents.parts import PageBreak, Picture
from workbench.monitors.building import build_blocks
from workbench.monitors.exports import operations, queries
from workbench.monitors.exports.models import KEPT, OF_A_FIGURE, OF_A_MONITOR, Export, Form, State
from workbench.vision.models import Plan
from workbench.vision.queries import VALUE_STEPS

Sent = list[tuple[str, dict[str, str]]]


@pytest.fixture(autouse=True)
def _worker(app: Flask, session: Session, sent_jobs: Sent) -> None:
    """Tasks run in this process; the jobs they send land in `sent_jobs`."""
    keep = jobs._sender[:]
    worker.init_app(app)
    jobs._sender[:] = keep


@pytest.fixture
def plan(cast: Cast) -> Plan:
    plan = make_plan()
    goal = make_goal(make_value(plan))
    for slug in SLUGS:
        make_link(goal, slug)
    make_need(goal)
    make_story(goal)
    build_blocks()
    db.commit()
    return plan


def carry_out(sent: Sent) -> None:
    """What the worker would do with the jobs for files, until none is left."""
    while sent:
        name, payload = sent.pop()
        if name in (Job.WRITE_EXPORT, Job.TEND_EXPORTS):
            worker.celery.tasks[name].apply(kwargs=payload, throw=True)
    db.expire_all()


def address(plan: Plan, block_id: UUID | None = None) -> str:
    figure = f"figuren/{block_id}/" if block_id else ""
    return f"/almere/trajecten/{plan.id}/monitor/{figure}meenemen"


def ask(client: Client, where: str, form: Form | str) -> str:
    """The address of the page where one waits for it."""
    return str(client.submit(where, form=str(form)).response.request.path)


def newest() -> Export:
    return db.scalars(sa.select(Export).order_by(Export.asked_at.desc()).limit(1)).one()


SIGNS = {
    Form.PDF: b"%PDF",
    Form.SHEET: b"%PDF",
    Form.WORD: b"PK",
    Form.WORKBOOK: b"PK",
    Form.CSV: b"PK",
    Form.SHEET_PICTURE: b"\x89PNG",
    Form.FIGURE_PNG: b"\x89PNG",
    Form.FIGURE_SVG: b"<svg",
    Form.FIGURE_CSV: b"\xef\xbb\xbf",
}


@pytest.mark.parametrize("form", [*OF_A_MONITOR, *OF_A_FIGURE])
def test_a_member_asks_waits_and_fetches(
    client: Client, cast: Cast, plan: Plan, sent_jobs: Sent, form: Form
) -> None:
    client.as_(cast.councillor)
    monitor = client.page(f"/almere/trajecten/{plan.id}/monitor")
    words = "Neem deze figuur mee" if form in OF_A_FIGURE else "Meenemen als bestand"
    waiting = client.submit(monitor.link(words), form=form.value)
    assert "in de rij" in waiting.words
    mine = waiting.link("Kijk of het klaar is")
    export = newest()
    assert [payload for name, payload in sent_jobs if name == Job.WRITE_EXPORT] == [
        {"export_id": str(export.id), "council_id": str(cast.almere.id)}
    ], "the job knows an id, and nothing of what it is about"
    carry_out(sent_jobs)
    ready = client.page(f"{mine}/stand")
    assert "klaar" in ready.words
    file = client.get(ready.link("Download het bestand"))
    assert file.status_code == 200
    assert file.data.startswith(SIGNS[form])
    assert "attachment" in file.headers["Content-Disposition"]
    assert "almere" in file.headers["Content-Disposition"]
    assert file.headers["Cache-Control"] == "no-store"


def test_asking_twice_gives_the_same_and_working_twice_changes_nothing(
    client: Client, cast: Cast, plan: Plan, sent_jobs: Sent
) -> None:
    client.as_(cast.councillor)
    first = ask(client, address(plan), "csv")
    assert ask(client, address(plan), "csv") == first
    job = sent_jobs[-1]
    carry_out([job])
    before = db.scalar(sa.select(Export.file))
    carry_out([job])
    assert db.scalar(sa.select(Export.file)) == before
    assert db.scalar(sa.select(sa.func.count()).select_from(Export)) == 1
    assert ask(client, address(plan), "xlsx") != first


def test_nobody_else_sees_it_and_after_a_day_nobody_does(
    client: Client, cast: Cast, plan: Plan, sent_jobs: Sent
) -> None:
    client.as_(cast.councillor)
    mine = ask(client, address(plan), "csv")
    carry_out(sent_jobs)
    addresses = [mine, f"{mine}/stand", f"{mine}/bestand"]
    assert [client.get(found).status_code for found in addresses] == [200, 200, 200]
    for person in (cast.clerk, cast.officer, cast.of_breda(Role.COUNCILLOR), cast.outsider):
        client.as_(person)
        assert [client.get(found).status_code for found in addresses] == [404, 404, 404]
        assert client.post(f"{mine}/opnieuw").status_code == 404
        if person in (cast.clerk, cast.officer):
            assert "Wat u eerder meenam" not in client.page(address(plan)).words
    client.as_(cast.councillor)
    assert "Wat u eerder meenam" in client.page(address(plan)).words
    newest().expires_at = datetime.now(UTC)
    db.commit()
    assert [client.get(found).status_code for found in addresses] == [404, 404, 404]
    assert "Wat u eerder meenam" not in client.page(address(plan)).words


def test_what_is_not_kept_any_more_goes_with_its_file(cast: Cast, plan: Plan, sent_jobs: Sent) -> None:
    make_export(plan, cast.clerk)
    db.commit()
    carry_out(sent_jobs)
    operations.tend(datetime.now(UTC) + KEPT - timedelta(minutes=1))
    assert db.scalar(sa.select(sa.func.octet_length(Export.file)))
    operations.tend(datetime.now(UTC) + KEPT)
    assert db.scalar(sa.select(sa.func.count()).select_from(Export)) == 0


def test_a_job_that_was_killed_halfway_or_lost_is_picked_up_again(
    client: Client, cast: Cast, plan: Plan, sent_jobs: Sent
) -> None:
    lost, killed = make_export(plan, cast.clerk), make_export(plan, cast.clerk, Form.CSV)
    db.commit()
    assert operations.start(killed.id)  # and then the worker died
    db.commit()
    sent_jobs.clear()
    operations.tend(datetime.now(UTC))
    db.commit()
    assert sent_jobs == [], "a job that was only just sent is left in peace"
    assert "wordt gemaakt" in client.as_(cast.clerk).page(f"/almere/meenemen/{killed.id}").words
    operations.tend(datetime.now(UTC) + queries.SILENT)
    db.commit()
    assert {payload["export_id"] for _name, payload in sent_jobs} == {str(lost.id), str(killed.id)}
    carry_out(sent_jobs)
    assert {db.get_one(Export, made).state for made in (lost.id, killed.id)} == {State.READY}


def test_a_failure_says_so_and_can_be_tried_again(
    client: Client, cast: Cast, plan: Plan, sent_jobs: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = ask(client.as_(cast.councillor), address(plan), "csv")

    def fail(*_args: Any) -> bytes:
        raise ValueError("geheime tekst")

    with monkeypatch.context() as broken:
        broken.setattr(operations, "write", fail)
        carry_out(sent_jobs)
    assert newest().state is State.FAILED
    page = client.page(mine)
    assert "niet gelukt" in page.words
    assert "geheime tekst" not in page.text
    assert client.get(f"{mine}/bestand").status_code == 404
    assert "nog een keer" in client.submit(mine, "opnieuw").words
    carry_out(sent_jobs)
    assert newest().state is State.READY
    assert client.post(f"{mine}/opnieuw").status_code == 409


def test_a_file_that_is_too_large_is_not_kept(
    cast: Cast, plan: Plan, sent_jobs: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_export(plan, cast.clerk, Form.CSV)
    db.commit()
    monkeypatch.setattr(operations, "MOST_BYTES", 10)
    carry_out(sent_jobs)
    assert newest().state is State.FAILED


def test_the_file_holds_what_was_read_when_it_was_asked_for(
    client: Client, cast: Cast, plan: Plan, sent_jobs: Sent
) -> None:
    client.as_(cast.councillor).submit(address(plan), form="xlsx")
    plan.title = "Een andere naam"
    db.commit()
    carry_out(sent_jobs)
    assert newest().title == "Sociaal domein 2026-2030"
    kept = db.scalars(sa.select(Export.content)).one()
    assert kept["title"] == "Sociaal domein 2026-2030"


def test_what_is_not_open_to_a_reader_is_not_frozen(
    client: Client, cast: Cast, plan: Plan, sent_jobs: Sent
) -> None:
    for step in plan.steps:
        step.opened_at = None
    plan.open(*VALUE_STEPS)
    db.commit()
    client.as_(cast[Role.READER])
    for form in (Form.PDF, Form.SHEET):
        ask(client, address(plan), form)
        words = str(newest_words())
        assert "Nabijheid" in words
        assert "inwoners" not in words.lower().replace("wat inwoners", "")
    for step in plan.steps:
        step.opened_at = None
    db.commit()
    assert client.get(address(plan)).status_code == 403


def newest_words() -> dict[str, Any]:
    return db.scalars(sa.select(Export.content).order_by(Export.asked_at.desc()).limit(1)).one()


def test_no_name_of_a_person_and_no_text_in_the_trail(
    client: Client, cast: Cast, plan: Plan, sent_jobs: Sent
) -> None:
    client.as_(cast.councillor)
    for form in (Form.PDF, Form.SHEET):
        client.submit(address(plan), form=form.value)
        assert not any(person.name in str(newest_words()) for person in cast.people.values())
    taken = sa.select(AuditEntry).where(AuditEntry.action == "monitor_taken_along").order_by(AuditEntry.at)
    assert [line.facts for line in db.scalars(taken)] == [{"form": "pdf"}, {"form": "blad"}]


def test_a_figure_that_is_not_in_this_monitor_is_a_404(client: Client, cast: Cast, plan: Plan) -> None:
    assert client.as_(cast.councillor).get(address(plan, plan.id)).status_code == 404


def test_who_chooses_nothing_is_told_so(client: Client, cast: Cast, plan: Plan) -> None:
    page = client.as_(cast.councillor).submit(address(plan), form="exe")
    assert page.status == 422
    assert db.scalar(sa.select(Export.id)) is None


def test_the_pages_ask_little_of_the_database(
    client: Client, cast: Cast, plan: Plan, sent_jobs: Sent, query_count: list[str]
) -> None:
    client.as_(cast.councillor)
    mine = ask(client, address(plan), "csv")
    block = newest_figure(plan, client)
    client.page(address(plan))
    for page in (address(plan), address(plan, block), mine, f"{mine}/stand"):
        query_count.clear()
        client.page(page)
        assert len(query_count) <= 12, (page, len(query_count))


def newest_figure(plan: Plan, client: Client) -> UUID:
    link = client.page(f"/almere/trajecten/{plan.id}/monitor").link("Neem deze figuur mee")
    return UUID(link.split("/")[-2])


def test_who_keeps_asking_is_asked_to_wait(client: Client, cast: Cast, plan: Plan) -> None:
    client.as_(cast.councillor)
    answers = [client.send(address(plan), form="exe").status for _time in range(41)]
    assert answers == [422] * 40 + [429]
    assert client.as_(cast.clerk).send(address(plan), form="exe").status == 422, "others may still ask"


def test_a_page_draws_the_parts_of_a_document_that_only_files_hold_now(app: Flask) -> None:
    with app.test_request_context():
        draw = get_template_attribute("documents/_parts.html", "parts")
        drawn = draw((Picture("<svg></svg>", 'Een "lijn"'), PageBreak()))
    assert 'aria-label="Een &#34;lijn&#34;"><svg></svg></div>' in drawn
    assert "<hr" in drawn


def test_other_councils_keep_what_is_theirs(cast: Cast, plan: Plan, sent_jobs: Sent) -> None:
    make_export(plan, cast.clerk)
    db.commit()
    here, there = cast.almere.id, cast.breda.id
    act_for(db, there)
    operations.tend(datetime.now(UTC) + KEPT)
    db.commit()
    act_for(db, here)
    assert db.scalar(sa.select(sa.func.count()).select_from(Export)) == 1


def test_the_worker_tends_every_council(cast: Cast, sent_jobs: Sent) -> None:
    db.commit()
    worker.celery.tasks[Job.TEND_EXPORTS_EVERYWHERE].apply(throw=True)
    assert {payload["council_id"] for _name, payload in sent_jobs} == {
        str(cast.almere.id),
        str(cast.breda.id),
    }
