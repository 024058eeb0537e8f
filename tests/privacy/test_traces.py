"""What people type reaches the pages and the tables that are made for it, and leaves no trace anywhere else.

Every form of the workbench is filled with words that stand nowhere else and sent; then all that runs along with the
pages is read: logs, job arguments, the audit trail and Redis.
"""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from inspect import signature
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup, Tag
from flask import Flask

import workbench
from tests.client import Client, form_values
from tests.core.test_rules import things_of_almere
from tests.factories import Cast, make_plan
from tests.privacy.looking import addresses, in_redis, listening, tables
from tests.servers import Servers
from workbench.accounts.models import Person, Role
from workbench.core import mail
from workbench.core.audit import AuditEntry
from workbench.core.db import as_platform, db
from workbench.core.jobs import Job, enqueue
from workbench.core.tenancy import act_for
from workbench.monitors.building import build_blocks

MARK = re.compile(r"klokkenspel\d+x")
TEXTS = ("text", "search", "email", "tel", "url", "password")


def filled(form: Tag, numbers: Iterator[int]) -> dict[str, Any]:
    """What a browser sends for this form when somebody writes a marked text wherever texts go; empty: it takes none."""
    values: dict[str, Any] = form_values(form)
    texts = 0
    for field in form.find_all(["input", "textarea"]):
        name, kind = str(field.get("name", "")), str(field.get("type", "text"))
        mark = f"klokkenspel{next(numbers)}x"
        if field.name == "textarea" or kind in TEXTS:
            values[name] = (
                f"{mark}@voorbeeld.example" if kind == "email" or "mail" in name else f"{mark} tekst"
            )
        elif kind == "file":
            file = f"gemeente;jaar;aantal;{mark}\nAlmere;2024;120;{mark}\n".encode()
            values[name] = (BytesIO(file), f"{mark}.csv")
        elif kind == "radio" and not values.get(name):
            values[name] = field.get("value", "on")
            continue
        else:
            continue
        texts += 1
    return values if texts else {}


def walk(client: Client, addresses: list[str], numbers: Iterator[int]) -> list[tuple[str, int]]:
    """Send every form with texts on these pages; to where, and how each was answered."""
    sent = []
    for address in addresses:
        page = client.get(address)
        if page.mimetype != "text/html" or page.status_code != 200:
            continue
        main = BeautifulSoup(page.data, "html.parser").find("main")
        for form in main.find_all("form") if isinstance(main, Tag) else []:
            if form.get("method", "get").lower() == "post" and (values := filled(form, numbers)):
                answer = client.post(form.get("action") or address, data=values)
                sent.append((address, answer.status_code))
            elif form.get("method", "get").lower() == "get" and (values := filled(form, numbers)):
                sent.append(
                    (address, client.get(form.get("action") or address, query_string=values).status_code)
                )
    return sent


def test_a_walk_through_every_form_leaves_nothing_in_logs_jobs_audit_or_redis(
    app: Flask,
    client: Client,
    cast: Cast,
    servers: Servers,
    *,
    sent_jobs: list[tuple[str, dict[str, str]]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    ids = things_of_almere(cast)
    make_plan("Een traject dat nog dicht is")
    db.commit()
    everywhere = [address for address in addresses(app, ids) if not address.startswith("/api/")]
    walkers: list[Person | None] = [None, cast[Role.CLERK], cast[Role.COUNCILLOR], cast[Role.OFFICER]]
    council = cast.almere.id
    numbers, sent = count(), []
    caplog.set_level("DEBUG")
    with listening() as heard:
        for walker in walkers:
            client.as_(walker)
            sent += walk(client, everywhere, numbers)
            db.expire_all()
        act_for(db, council)
        build_blocks()
        db.commit()
        with as_platform():
            for mail_id in db.scalars(sa.select(mail.MailMessage.id)).all():
                mail.deliver(mail_id, servers.settings(smtp_url="smtp://127.0.0.1:9"))
    statuses = [status for _address, status in sent]
    assert not [place for place in sent if place[1] >= 500]
    assert statuses.count(302) > 25, "forms that were kept"
    assert statuses.count(422) > 5, "forms with something to mend"
    kept = {mark for _name, text in tables(council, cast.clerk.id, ()) for mark in MARK.findall(text)}
    assert len(kept) > 50, "the texts did come in"
    assert not MARK.findall(str(sent_jobs))
    assert not MARK.findall(str(heard))
    assert "mail_not_sent" in str(heard)
    assert not MARK.findall(caplog.text)
    assert not MARK.findall(in_redis(app))
    act_for(db, council)
    assert not MARK.findall(str(db.scalars(sa.select(AuditEntry.facts)).all()))


# --- Jobs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["een tekst", "iemand@almere.example", 7, {"reden": "omdat"}])
def test_a_job_carries_ids_only(cast: Cast, sent_jobs: list[Any], value: Any) -> None:
    with pytest.raises(TypeError, match="ids only"):
        enqueue(Job.SEND_MAIL, mail_id=value)
    db.commit()
    assert sent_jobs == []


def test_every_task_takes_ids_only() -> None:
    from tasks.worker import celery

    for path in (Path(workbench.__file__).parent.parent / "tasks").glob("*.py"):
        if path.stem != "run":  # starts a worker's application
            import_module(f"tasks.{path.stem}")
    for job in Job:
        for name, parameter in signature(celery.tasks[job].run).parameters.items():
            assert name.endswith("_id"), job
            assert parameter.annotation is UUID, job


# --- Logs -----------------------------------------------------------------------------------------------------------

# What a line in the log may tell beside its event: ids, kinds, numbers, and places in the code.
FACTS = {
    "at", "attempt", "attempts", "councils", "count", "decision", "endpoint", "error", "job", "level", "mail", "marks", "person",
    "port", "run", "suspect", "table", "task", "inserted", "read", "rejected", "revised", "same", "unchanged",
    "done", "form", "pictures", "problem", "year",  # numbers by kind, the form of a file, the class of an error
}  # fmt: skip
LEVELS = ("debug", "info", "warning", "error", "exception", "critical")


def test_every_line_in_the_log_has_a_fixed_event_and_known_facts() -> None:
    """A new kind of fact is a decision: is it never something that a person wrote, nor a name or an address?"""
    root = Path(workbench.__file__).parent.parent
    seen = 0
    for path in [path for folder in ("workbench", "tasks") for path in (root / folder).rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in LEVELS
                and ast.unparse(node.func.value) == "log"
            ):
                seen += 1
                where = f"{path.name}:{node.lineno}"
                assert [type(item) for item in node.args] == [ast.Constant], where
                names = {keyword.arg or ast.unparse(keyword.value) for keyword in node.keywords}
                assert names <= FACTS, (where, names - FACTS)
    assert seen > 10
