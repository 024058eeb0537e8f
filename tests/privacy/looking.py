"""Looking at the workbench as everyone who could look, in every form in which it answers.

Two worlds that differ only in what must stay private have to look the same to everybody: then nothing of it leaks, not
by a word, nor by an order, a count, a header or a letter. `undone` lets a test live one world after the other from the
same start, and `plain` takes out what differs between two visits anyway.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Flask, url_for
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from tests.client import Client
from tests.core.test_no_ranking import text_of
from tests.factories import Cast
from tests.mailbox import waiting_mail
from workbench.accounts import operations as accounts
from workbench.accounts.models import Person, Role, TokenScope
from workbench.core import remembered
from workbench.core.db import db, web_session
from workbench.core.tenancy import act_as, act_for
from workbench.monitors.reminder import send_reminder

# --- Who looks ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Observer:
    """Somebody with a browser, or a program with the token of a member."""

    name: str
    person: Person | None = field(repr=False)
    token: str = field(default="", repr=False)

    def asks(self, client: Client, address: str, **form: str) -> TestResponse:
        """Open this address; with fields: send them there."""
        client.as_(None if self.token else self.person)
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if form:
            return client.post(address, headers=headers, data=form)
        return client.get(address, headers=headers)


def observers(cast: Cast, **others: Person) -> list[Observer]:
    """Every role and `others`, with a browser and with a token; another council; nobody's member; a visitor."""
    act_for(db, cast.almere.id)
    here = {**{str(role): cast[role] for role in Role}, **others}
    found = [Observer(name, person) for name, person in here.items()]
    for name, person in here.items():
        _made, token = accounts.make_token(person, TokenScope.READ)
        found.append(Observer(f"program of {name}", person, token))
    found += [Observer(f"{role} of Breda", cast.of_breda(role)) for role in (Role.CLERK, Role.COUNCILLOR)]
    found += [Observer("outsider", cast.outsider), Observer("visitor", None)]
    db.commit()
    return found


# --- What they look at ----------------------------------------------------------------------------------------------


def addresses(app: Flask, ids: dict[str, object], rounds: Iterable[UUID] = ()) -> list[str]:
    """Every address that answers with GET, from the list of routes itself; those of a round for each of `rounds`."""
    found: dict[str, None] = {}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or set()) or rule.endpoint in ("static", "core.healthz"):
                continue
            names = set(rule.arguments) - {"council"}
            if not names <= set(ids) or rule.endpoint.startswith("styleguide."):
                continue
            for round_id in rounds if "round_id" in names else [None]:
                values = {name: ids[name] for name in names} | ({"round_id": round_id} if round_id else {})
                council = {"council": "almere"} if "council" in rule.arguments else {}
                found[url_for(rule.endpoint, **values, **council)] = None
    return list(found)


def for_programs(addresses: Iterable[str]) -> list[str]:
    return [address for address in addresses if address.startswith("/api/")]


CHANGING = (
    (r'(nonce="|\'nonce-|name="csp-nonce" content="|name="csrf_token" value=")[^"\']*', r"\1"),
    (r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)?", "MOMENT"),
    (r"\b\d{1,2}[:.]\d\d\b", "TIME"),
)


def plain(answer: TestResponse) -> tuple[int, str]:
    """Status, headers and text of an answer, without what differs between two visits anyway."""
    heads = "\n".join(
        f"{name}: {value}"
        for name, value in answer.headers.items()
        if name not in ("Date", "Set-Cookie", "Content-Length")
    )
    text = f"{heads}\n\n{text_of(answer)}"
    for pattern, instead in CHANGING:
        text = re.sub(pattern, instead, text)
    return answer.status_code, text


@contextmanager
def undone() -> Iterator[None]:
    """Within this block a world; afterwards nothing of it ever happened."""
    db.commit()
    connection = web_session.kw["bind"]
    before = connection.begin_nested()
    try:
        yield
    finally:
        db.rollback()
        db.expunge_all()
        before.rollback()


# --- What stays behind the pages ------------------------------------------------------------------------------------


def letters(app: Flask, people: Iterable[Person]) -> dict[str, str]:
    """Address -> the mail about what waits that this person gets now."""
    for person_id in [person.id for person in people]:
        act_for(db, None)
        act_as(db, person_id)
        send_reminder(person_id, app.extensions["settings"])
        db.commit()
    act_as(db, None)
    return {letter.to: f"{letter.subject}\n{letter.body}" for letter in waiting_mail()}


READABLE = sa.text(
    "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f', 'S') AND has_table_privilege(c.oid, 'SELECT')"
    " AND has_schema_privilege(n.oid, 'USAGE') ORDER BY 1"
)
PRIVATE = ("ballot", "participant", "round")


def tables(council: UUID, person: UUID | None, names: Sequence[str] = PRIVATE) -> Iterator[tuple[str, str]]:
    """These tables as role `web` may read them for this council and person; none named: all, those of PostgreSQL too."""
    db.commit()
    act_for(db, council)
    act_as(db, person)
    for name in names or db.scalars(READABLE).all():
        yield name, "\n".join(map(str, db.scalars(sa.text(f"SELECT whole::text FROM {name} whole"))))
    db.commit()
    act_as(db, None)


def in_redis(app: Flask) -> str:
    """All that stands in Redis."""
    redis: Any = app.extensions["redis"]
    read = {
        b"string": redis.get,
        b"list": lambda key: redis.lrange(key, 0, -1),
        b"set": redis.smembers,
        b"zset": lambda key: redis.zrange(key, 0, -1),
        b"hash": redis.hgetall,
    }
    return str([(key, read[redis.type(key)](key)) for key in redis.scan_iter()])


def memory(app: Flask) -> str:
    """All that stands in Redis and in the memory for parts of pages."""
    return f"{in_redis(app)}{remembered._parts}"


@contextmanager
def listening() -> Iterator[list[str]]:
    """Every event that our code logs within this block, whatever its level, with all its facts."""
    heard: list[str] = []
    with capture_logs() as events:
        yield heard
    heard += map(str, events)
