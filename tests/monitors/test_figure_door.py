"""The door before Flask gives the document of a figure exactly as Flask does, and to nobody else.

Through both doors the same is asked, and the answers are laid side by side: status, headers, bytes.
"""

import gzip
import re
from collections.abc import Iterator
from contextvars import Context
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from flask_login.utils import _create_identifier
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.http import parse_cookie
from werkzeug.test import Client as Browser
from werkzeug.test import TestResponse

from tests.client import Client
from tests.factories import Cast, make_goal, make_link, make_plan, make_value
from workbench.accounts.models import Membership, Person, Role
from workbench.core import answered_before
from workbench.core.answered_before import AnsweredBefore
from workbench.core.db import db, web_session
from workbench.core.errors import Conflict
from workbench.monitors import figure_door, operations
from workbench.monitors.building import build_blocks
from workbench.monitors.figure_door import FigureDocuments
from workbench.monitors.models import BlockDocument, Monitor
from workbench.vision.models import Plan
from workbench.vision.steps import EVIDENCE


@dataclass
class Doors:
    """The same application with and without the door. `reached`: how often Flask was asked through the door."""

    app: Flask
    cast: Cast
    documents: FigureDocuments
    reached: int = 0
    most_bytes: int = answered_before.MOST_BYTES
    door: AnsweredBefore = field(init=False)

    def __post_init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        self.door = AnsweredBefore(self.app, self._flask, self.documents, most_bytes=self.most_bytes)

    def _flask(self, environ: Any, start_response: Any) -> Any:
        self.reached += 1
        return self.app.wsgi_app(environ, start_response)

    @property
    def address(self) -> str:
        return f"/almere/figuren/{db.scalars(sa.select(BlockDocument.block_id).distinct()).first()}.json"

    def cookie(self, person: Person | None, language: str = "nl", *, permanent: bool = True) -> str:
        """As the browser of somebody who signed in holds it."""
        facts: dict[str, Any] = {"language": language}
        if permanent:
            facts["_permanent"] = True
        if person:
            with self.app.test_request_context(headers={"User-Agent": "browser"}):
                facts |= {"_user_id": person.get_id(), "_fresh": True, "_id": _create_identifier()}
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return str(serializer.dumps(facts))

    def ask(self, cookie: str, address: str, method: str = "GET", **headers: str) -> list[TestResponse]:
        """Both answers: of Flask and through the door."""
        db.commit()
        sent = {"User-Agent": "browser", "Accept-Encoding": "gzip"} | headers
        found = []
        for wsgi in (self.app.wsgi_app, self.door):
            browser = Browser(wsgi, use_cookies=False)
            found.append(
                Context().run(
                    browser.open, address, method=method, headers={**sent, "Cookie": f"werkbank={cookie}"}
                )
            )
        return found

    def same(self, cookie: str, address: str, method: str = "GET", **headers: str) -> TestResponse:
        """The answer, which is the same through both doors."""
        flask, door = self.ask(cookie, address, method, **headers)
        assert door.status == flask.status
        if door.status_code in (200, 304):
            assert door.data == flask.data
            assert self.facts_of(door) == self.facts_of(flask)
        else:  # an error page, with a nonce of its own
            assert [name for name, _value in door.headers] == [name for name, _value in flask.headers]
        return door

    def facts_of(self, answer: TestResponse) -> list[tuple[str, Any]]:
        """Its headers; of the cookie what stands in it, because the moment of signing differs."""
        found: list[tuple[str, Any]] = []
        for name, value in answer.headers:
            if name == "Set-Cookie":
                text = parse_cookie(value)["werkbank"]
                serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
                rest = re.sub("Expires=[^;]+", "", value.partition(";")[2])
                found.append((name, (serializer.loads(text), rest)))
            else:
                found.append((name, value))
        return found


@pytest.fixture
def doors(app: Flask, cast: Cast, client: Client) -> Doors:
    """One figure in the monitor of Almere, built, published and open to all."""
    make_link(make_goal(make_value(make_plan())))
    build_blocks()
    db.get_one(Plan, monitor().plan_id).open()
    operations.publish(monitor(), monitor().draft, None)
    db.commit()

    seen: list[bool] = []

    def connect() -> "psycopg.Connection[Any]":
        """That of the test, as `web`: what the test wrote is not seen through another."""
        bind: sa.Connection = web_session.kw["bind"]
        bind.exec_driver_sql("SET LOCAL ROLE web")
        connection: psycopg.Connection[Any] = bind.connection.driver_connection  # type: ignore[assignment]
        connection.prepare_threshold = (
            None  # at each rollback of a test psycopg would forget what is prepared
        )
        if not seen:  # once in a test: what another test prepared
            connection.execute("DEALLOCATE ALL")
        seen.append(True)
        return connection

    return Doors(app, cast, FigureDocuments(connect))


def monitor() -> Monitor:
    return db.scalars(sa.select(Monitor)).one()


def version(language: str = "nl") -> str:
    return db.scalars(sa.select(BlockDocument.version).where(BlockDocument.language == language)).one()


def test_who_asks_again_is_answered_without_flask_and_gets_the_same(doors: Doors) -> None:
    cookie, address = doors.cookie(doors.cast.officer), f"{doors.address}?v={version()}"
    first = doors.same(cookie, address)
    assert (first.status_code, doors.reached) == (200, 1)
    again = doors.same(cookie, address)
    assert (again.status_code, doors.reached) == (200, 1)
    assert again.headers["Content-Encoding"] == "gzip"
    assert "immutable" in again.headers["Cache-Control"]
    assert gzip.decompress(again.data)


def test_a_cookie_that_flask_renewed_counts_as_the_same_reader(doors: Doors) -> None:
    address = f"{doors.address}?v={version()}"
    answer = doors.same(doors.cookie(doors.cast.officer), address)
    renewed = parse_cookie(answer.headers["Set-Cookie"])["werkbank"]
    assert doors.same(renewed, address).status_code == 200
    assert doors.reached == 1


def test_without_gzip_with_an_etag_and_with_head_the_answers_are_the_same_too(doors: Doors) -> None:
    cookie, address = doors.cookie(doors.cast.clerk, permanent=False), f"{doors.address}?v={version()}"
    for _ in range(2):
        plain = doors.same(cookie, address, **{"Accept-Encoding": "identity"})
        assert "Content-Encoding" not in plain.headers
        assert plain.data.startswith(b'{"version"')
        assert doors.same(cookie, address, **{"If-None-Match": f'"{version()}"'}).status_code == 304
        assert doors.same(cookie, address, **{"If-None-Match": '"oud"'}).status_code == 200
        assert doors.same(cookie, address, "HEAD").data == b""
        assert "Set-Cookie" not in plain.headers
    assert doors.reached == 4


def test_a_colleague_in_the_same_role_is_seen_by_flask_once(doors: Doors) -> None:
    address = f"{doors.address}?v={version()}"
    doors.same(doors.cookie(doors.cast.clerk), address)
    other = doors.cast[Role.FACILITATOR]
    member(other).role = Role.CLERK
    for _ in range(3):
        assert doors.same(doors.cookie(other), address).status_code == 200
    assert doors.reached == 2


def member(person: Person) -> Membership:
    return db.scalars(sa.select(Membership).where(Membership.person_id == person.id)).one()


def step_closes(doors: Doors) -> None:
    plan = db.get_one(Plan, monitor().plan_id, options=[sa.orm.joinedload(Plan.steps)])
    plan.step(EVIDENCE).opened_at = None


def figure_is_rebuilt(doors: Doors) -> None:
    for document in db.scalars(sa.select(BlockDocument)):
        document.version = uuid4().hex[:16]
        document.chart = gzip.compress(f'{{"version":"{document.version}"}}'.encode(), mtime=0)


def member_is_removed(doors: Doors) -> None:
    db.execute(sa.delete(Membership).where(Membership.person_id == doors.cast.officer.id))


def signed_out_everywhere(doors: Doors) -> None:
    db.get_one(Person, doors.cast.officer.id).sign_out_everywhere()


def publication_is_drawn_back_to_an_empty_format(doors: Doors) -> None:
    found = monitor()
    operations.shape(
        found, found.draft, lambda it: it.model_copy(update={"sections": ()}), {"what": "emptied"}, None
    )
    operations.publish(found, found.draft, None)


def figure_is_gone(doors: Doors) -> None:
    db.execute(sa.delete(BlockDocument))


@pytest.mark.parametrize(
    ("happens", "status"),
    [
        (step_closes, 403),
        (figure_is_rebuilt, 200),
        (member_is_removed, 404),
        (signed_out_everywhere, 302),
        (publication_is_drawn_back_to_an_empty_format, 404),
        (figure_is_gone, 404),
    ],
)
def test_what_happens_counts_at_the_next_request(doors: Doors, happens: Any, status: int) -> None:
    cookie, address = doors.cookie(doors.cast.officer), f"{doors.address}?v={version()}"
    for _ in range(2):
        assert doors.same(cookie, address).status_code == 200
    assert doors.reached == 1
    happens(doors)
    assert doors.same(cookie, address).status_code == status
    assert doors.same(cookie, address).status_code == status
    assert doors.reached >= 2


def test_an_answer_during_which_something_changed_is_not_given_again(doors: Doors, app: Flask) -> None:
    """The question is put before Flask answers: here a figure is made anew in between."""
    cookie, address = doors.cookie(doors.cast.officer), doors.address
    db.commit()

    def slow(environ: Any, start_response: Any) -> Any:
        answer = list(app.wsgi_app(environ, start_response))
        with app.app_context():
            db.info["council_id"] = doors.cast.almere.id
            figure_is_rebuilt(doors)
            db.commit()
        return answer

    doors.door = AnsweredBefore(app, slow, doors.documents)
    before = doors.ask(cookie, address)[1]
    doors.door._inner = app.wsgi_app
    after = doors.same(cookie, address)
    assert after.headers["ETag"] != before.headers["ETag"]


@pytest.mark.parametrize("way", ["forged", "tampered", "other key", "too old", "none", "from the future"])
def test_a_cookie_that_is_not_ours_or_too_old_opens_nothing(
    doors: Doors, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie, address = doors.cookie(doors.cast.clerk), f"{doors.address}?v={version()}"
    doors.same(cookie, address)
    doors.same(cookie, address)
    text, moment, signature = cookie.rsplit(".", 2)
    other = SimpleNamespace(secret_key="another", config={"SECRET_KEY_FALLBACKS": None})
    bad = {
        "forged": f"{text}.{moment}.{signature[::-1]}",
        "tampered": f"{doors.cookie(doors.cast.officer).rsplit('.', 2)[0]}.{moment}.{signature}",
        "other key": doors.app.session_interface.get_signing_serializer(other).dumps(  # type: ignore
            {"_user_id": doors.cast.clerk.get_id()}
        ),
        "none": "",
    }.get(way, cookie)
    if way in ("too old", "from the future"):
        now = __import__("time").time()
        shift = 8 * 3600 + 2 if way == "too old" else -60
        monkeypatch.setattr("time.time", lambda: now + shift)
    answer = doors.same(bad, address)
    assert answer.status_code == 302
    assert "/inloggen" in answer.headers["Location"]


def test_another_council_its_members_and_other_addresses_get_what_flask_says(doors: Doors) -> None:
    address = f"{doors.address}?v={version()}"
    doors.same(doors.cookie(doors.cast.clerk), address)
    for person in (doors.cast.of_breda(Role.CLERK), doors.cast.outsider):
        assert doors.same(doors.cookie(person), address).status_code == 404
        assert doors.same(doors.cookie(person), address.replace("almere", "breda")).status_code == 404
    clerk = doors.cookie(doors.cast.clerk)
    assert doors.same(clerk, address.replace("almere", "breda")).status_code == 404
    assert doors.same(clerk, f"/almere/figuren/{uuid4()}.json").status_code == 404
    assert doors.same(clerk, address, "POST").status_code == 405
    for _ in range(2):
        assert doors.same(clerk, f"{doors.address}?v={version()}&v=x").status_code == 200
        assert doors.same(clerk, f"{doors.address}?v=zzz").headers["Cache-Control"] == "private, no-cache"


def test_from_another_browser_flask_changes_the_session_so_the_door_stays_shut(doors: Doors) -> None:
    cookie, address = doors.cookie(doors.cast.clerk), f"{doors.address}?v={version()}"
    for _ in range(2):
        answer = doors.same(cookie, address, **{"User-Agent": "another"})
        assert dict(doors.facts_of(answer))["Set-Cookie"][0]["_fresh"] is False
    assert doors.reached == 2


def test_the_door_asks_after_every_table_that_flask_reads_for_this_answer(
    doors: Doors, client: Client, query_count: list[str]
) -> None:
    address = f"{doors.address}?v={version()}"
    cookies = [doors.cookie(person) for person in (doors.cast.clerk, doors.cast.officer)]
    query_count.clear()
    for cookie in cookies:
        assert doors.ask(cookie, address)[0].status_code == 200
    read = {table for sql in query_count for table in re.findall(r"(?:FROM|JOIN) (\w+)", sql)}
    assert {"person", "membership", "block_document", "plan_step", "monitor_format"} <= read
    read -= {"house_style"}  # its colours are in the document already, with a version of their own
    assert read <= set(re.findall(r"(?:FROM|JOIN) (\w+)", figure_door._PREPARE))


def test_the_memory_stays_within_its_bounds(doors: Doors) -> None:
    doors.most_bytes = 6_000
    doors.begin_anew()
    cookie = doors.cookie(doors.cast.clerk)
    for number in range(12):
        assert doors.same(cookie, f"{doors.address}?v={number:016x}").status_code == 200
        assert sum(len(it.body) + 2_000 for it in doors.door._answers._kept.values()) <= 6_000


def test_a_database_that_does_not_answer_leaves_it_to_flask(doors: Doors) -> None:
    def broken() -> "psycopg.Connection[Any]":
        raise psycopg.OperationalError("gone")

    doors.documents = FigureDocuments(broken)
    doors.begin_anew()
    for _ in range(2):
        assert doors.same(doors.cookie(doors.cast.clerk), doors.address).status_code == 200
    assert doors.reached == 2


# --- Whatever happens, in whatever order ----------------------------------------------------------------------------


def role_changes(doors: Doors, role: Role) -> None:
    db.execute(sa.update(Membership).where(Membership.person_id == doors.cast.officer.id).values(role=role))


CHANGES: dict[str, Any] = {
    "step closes": step_closes,
    "step opens": lambda _doors: db.get_one(
        Plan, monitor().plan_id, options=[sa.orm.joinedload(Plan.steps)]
    ).open(),
    "rebuilt": figure_is_rebuilt,
    "removed": member_is_removed,
    "role councillor": lambda doors: role_changes(doors, Role.COUNCILLOR),
    "role officer": lambda doors: role_changes(doors, Role.OFFICER),
    "signed out": signed_out_everywhere,
    "emptied": publication_is_drawn_back_to_an_empty_format,
    "draft published": lambda _doors: operations.publish(monitor(), monitor().draft, None),
    "not published": lambda _doors: setattr(monitor(), "published", None),
}
ASKS = st.fixed_dictionaries(
    {
        "who": st.sampled_from(["clerk", "officer", "reader", "breda", "nobody"]),
        "council": st.sampled_from(["almere"] * 5 + ["breda"]),
        "language": st.sampled_from(["nl", "nl", "en"]),
        "encoding": st.sampled_from(["gzip", "gzip, br", "identity"]),
        "match": st.sampled_from([None, None, "newest", "oud"]),
        "v": st.sampled_from(["newest", "newest", "first", None]),
        "method": st.sampled_from(["GET", "GET", "HEAD"]),
    }
)


@pytest.fixture
def rolled_back(doors: Doors) -> Iterator[Any]:
    """Makes what an example did undone, in the connection of the test."""

    def begin() -> Any:
        db.commit()
        return web_session.kw["bind"].begin_nested()

    return begin


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.one_of(st.sampled_from(sorted(CHANGES)), ASKS), min_size=4, max_size=14),
    most_bytes=st.sampled_from([9_000, answered_before.MOST_BYTES]),
)
def test_both_doors_say_the_same_whatever_happens_in_whatever_order(
    doors: Doors, rolled_back: Any, steps: list[Any], most_bytes: int
) -> None:
    people = {
        "clerk": doors.cast.clerk,
        "officer": doors.cast.officer,
        "reader": doors.cast[Role.READER],
        "breda": doors.cast.of_breda(Role.CLERK),
        "nobody": None,
    }
    cookies = {
        (name, language): doors.cookie(person, language)
        for name, person in people.items()
        for language in ("nl", "en")
    }
    address, first = doors.address, {language: version(language) for language in ("nl", "en")}
    doors.most_bytes = most_bytes
    doors.begin_anew()
    savepoint = rolled_back()
    try:
        for step in steps:
            if isinstance(step, str):
                try:
                    CHANGES[step](doors)
                    db.commit()
                except Conflict:
                    db.rollback()
                continue
            newest = version(step["language"])
            wanted = {"newest": newest, "first": first[step["language"]], None: None}[step["v"]]
            headers = {"Accept-Encoding": step["encoding"]}
            if step["match"]:
                headers["If-None-Match"] = f'"{newest if step["match"] == "newest" else "oud"}"'
            to = address.replace("almere", step["council"]) + (f"?v={wanted}" if wanted else "")
            cookie = cookies[step["who"], step["language"]]
            for _ in range(2):
                doors.same(cookie, to, step["method"], **headers)
    finally:
        db.rollback()
        savepoint.rollback()
        db.expire_all()
