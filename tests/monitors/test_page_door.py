"""The door before Flask gives a page that was drawn before exactly as Flask does, and to nobody else."""

import gzip
import re
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask, session
from flask_login.utils import _create_identifier
from flask_wtf.csrf import validate_csrf
from werkzeug.test import TestResponse
from wtforms import ValidationError

from tests.client import Client
from tests.factories import Cast
from tests.monitors.quoting import make_told
from tests.monitors.test_figure_door import Doors, member_is_removed, signed_out_everywhere
from tests.monitors.test_figure_door import doors as figure_doors  # noqa: F401 - a fixture
from workbench.accounts.models import Membership, Person, Role
from workbench.core import drawn_once, remembered, slots
from workbench.core.db import db
from workbench.monitors import operations
from workbench.monitors.format import Quote
from workbench.monitors.page_door import Pages, Voices
from workbench.stories.kept import operations as kept
from workbench.stories.kept.visibility import State
from workbench.vision.models import Plan, Value

TOKEN = "a" * 40  # as it stands in the session
NONCE = re.compile(r"nonce-[\w-]+")


class PageDoors(Doors):
    @property
    def address(self) -> str:
        return f"/almere/trajecten/{db.scalars(sa.select(Plan.id)).one()}/monitor"

    def cookie(
        self, person: Person | None, language: str = "nl", *, permanent: bool = True, **more: Any
    ) -> str:
        facts: dict[str, Any] = {"language": language, "csrf_token": TOKEN, "_permanent": permanent}
        if person:
            with self.app.test_request_context(headers={"User-Agent": "browser"}):
                facts |= {"_user_id": person.get_id(), "_fresh": True, "_id": _create_identifier()}
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return str(serializer.dumps(facts | more))

    def same(self, cookie: str, address: str, method: str = "GET", **headers: str) -> TestResponse:
        """The answer, which is the same through both doors but for the nonce and the moment of the token."""
        remembered.forget()  # so that Flask draws the page anew
        flask, door = self.ask(cookie, address, method, **headers)
        assert door.status == flask.status
        assert told(door) == told(flask)
        assert not any(slot in told(door) for slot in slots.SLOTS.values())
        if door.status_code == 200 and method == "GET":
            assert self.plain(door) == self.plain(flask)
            [nonce] = NONCE.findall(door.headers["Content-Security-Policy"])[:1]
            assert nonce.removeprefix("nonce-") in text_of(door)
        return door

    def plain(self, answer: TestResponse) -> list[tuple[str, Any]]:
        """Its headers without the nonce; the door packs in pieces, and the server tells the date."""
        return [
            (name, NONCE.sub("nonce", value) if isinstance(value, str) else value)
            for name, value in self.facts_of(answer)
            if name not in ("Content-Length", "Date")
        ]


def text_of(answer: TestResponse) -> str:
    packed = answer.headers.get("Content-Encoding") == "gzip"
    return (gzip.decompress(answer.data) if packed else answer.data).decode()


def told(answer: TestResponse) -> str:
    soup = BeautifulSoup(text_of(answer), "html.parser")
    for tag in soup.select("[name=csrf_token]"):
        tag["value"] = ""
    for tag in soup.select("[nonce], [name=csp-nonce]"):
        tag["nonce"] = tag["content"] = ""
    return str(soup)


@pytest.fixture
def doors(figure_doors: Doors) -> PageDoors:  # noqa: F811
    connect = figure_doors.documents._question._connect
    voices = Voices(connect, figure_doors.app.jinja_env)
    pages = Pages(drawn_once.addresses(figure_doors.app), connect, voices)
    return PageDoors(figure_doors.app, figure_doors.cast, pages)  # type: ignore[arg-type]


def test_who_asks_again_is_answered_without_flask_and_gets_the_same(doors: PageDoors) -> None:
    cookie = doors.cookie(doors.cast.officer)
    for _ in range(3):
        assert doors.same(cookie, doors.address).status_code == 200
    assert doors.reached == 1


def test_each_look_has_a_nonce_of_its_own_and_the_token_of_the_session(doors: PageDoors, app: Flask) -> None:
    cookie = doors.cookie(doors.cast.clerk)
    answers = [doors.same(cookie, doors.address) for _ in range(3)]
    assert len({NONCE.findall(it.headers["Content-Security-Policy"])[0] for it in answers}) == 3
    token = BeautifulSoup(text_of(answers[-1]), "html.parser").select_one("[name=csrf_token]")
    assert token is not None
    with app.test_request_context():
        session["csrf_token"] = TOKEN
        validate_csrf(str(token["value"]))
        session["csrf_token"] = "b" * 40
        with pytest.raises(ValidationError):
            validate_csrf(str(token["value"]))


def test_a_colleague_in_the_same_role_gets_the_same_page_with_the_own_name(doors: PageDoors) -> None:
    first, second = doors.cast[Role.READER], doors.cast.officer
    db.execute(sa.update(Membership).where(Membership.person_id == second.id).values(role=Role.READER))
    second.name = "Ank <b>de Vries</b>"
    for person in (first, second, first, second):
        page = text_of(doors.same(doors.cookie(person), doors.address))
        assert ("Ank &lt;b&gt;de Vries" in page) is (person is second)
    assert doors.reached == 2


def test_without_gzip_it_is_the_same_page(doors: PageDoors) -> None:
    cookie = doors.cookie(doors.cast.clerk)
    for encoding in ("gzip", "identity"):
        for _ in range(2):
            doors.same(cookie, doors.address, **{"Accept-Encoding": encoding})
    assert doors.reached == 2


def test_what_is_asked_after_an_action_with_a_question_or_otherwise_is_for_flask(doors: PageDoors) -> None:
    told_once = doors.cookie(doors.cast.clerk, _flashes=[("success", "Opgeslagen.")])
    no_token = doors.cookie(doors.cast.clerk, csrf_token=None)
    for _ in range(2):
        assert "Opgeslagen." in text_of(doors.same(told_once, doors.address))
        doors.ask(no_token, doors.address)
        doors.same(doors.cookie(doors.cast.clerk), doors.address + "?terug=/")
        doors.same(doors.cookie(None), doors.address)
        doors.same(doors.cookie(doors.cast.clerk), doors.address, "HEAD")
        doors.same(doors.cookie(doors.cast.of_breda(Role.CLERK)), doors.address)
    assert doors.reached == 12


def a_value_gets_another_name(_doors: Doors) -> None:
    db.scalars(sa.select(Value)).one().name = "Nabijheid van buren"


def another_role(doors: Doors) -> None:
    db.execute(
        sa.update(Membership).where(Membership.person_id == doors.cast.officer.id).values(role=Role.READER)
    )


@pytest.mark.parametrize(
    ("happens", "status"),
    [
        (a_value_gets_another_name, 200),
        (another_role, 200),
        (member_is_removed, 404),
        (signed_out_everywhere, 302),
    ],
)
def test_what_happens_counts_at_the_next_request(doors: PageDoors, happens: Any, status: int) -> None:
    cookie = doors.cookie(doors.cast.officer)
    for _ in range(2):
        assert doors.same(cookie, doors.address).status_code == 200
    happens(doors)
    for _ in range(2):
        assert doors.same(cookie, doors.address).status_code == status


def test_no_page_is_given_in_the_council_of_another(doors: PageDoors, client: Client, cast: Cast) -> None:
    assert doors.same(doors.cookie(cast.clerk), "/almere/").status_code == 200
    assert doors.same(doors.cookie(cast.clerk), "/breda/").status_code == 404
    assert doors.same(doors.cookie(cast.of_breda(Role.CLERK)), "/breda/").status_code == 200


def test_a_door_that_was_opened_before_anyone_came_gives_the_same(
    doors: PageDoors,
    figure_doors: Doors,  # noqa: F811
) -> None:
    for opened in (doors, figure_doors):
        opened.door.open()
        cookie = opened.cookie(opened.cast.clerk)
        for _ in range(2):
            assert opened.same(cookie, opened.address).status_code == 200
        assert opened.reached == 1


# --- Words of narrators ---------------------------------------------------------------------------------------------


def test_the_words_of_narrators_are_told_by_the_door_as_they_may_be_heard_now(doors: PageDoors) -> None:
    told = make_told()
    block = Quote(id=uuid4(), goal_id=told.goal.id, excerpt_id=told.tell("Ik wachtte lang.").id)
    operations.first_monitor(told.plan.id).shaped = True
    told.show(block)
    address = f"/almere/trajecten/{told.plan.id}/monitor"
    cookie = doors.cookie(doors.cast.councillor)
    for _ in range(3):
        assert "Ik wachtte lang." in text_of(doors.same(cookie, address))
    assert doors.reached == 1
    [drawn] = [answer.body for answer in doors.door._answers._kept.values()]
    assert isinstance(drawn, slots.Open)
    assert b"wachtte" not in drawn.filled(dict.fromkeys((*slots.SLOTS, slots.late_place(0)), ""))

    kept.end(told.stories[0], State.WITHDRAWN)
    db.commit()
    for _ in range(2):
        page = text_of(doors.same(cookie, address))
        assert "Ik wachtte lang." not in page
        assert "Bron ingetrokken." in page
    assert doors.reached == 2


def test_a_door_whose_database_is_silent_lets_flask_tell_the_words(
    doors: PageDoors, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = make_told()
    block = Quote(id=uuid4(), goal_id=told.goal.id, excerpt_id=told.tell("Ik wachtte lang.").id)
    operations.first_monitor(told.plan.id).shaped = True
    told.show(block)
    monkeypatch.setattr(Voices, "told", lambda *_facts: None)
    cookie = doors.cookie(doors.cast.councillor)
    for _ in range(2):
        address = f"/almere/trajecten/{told.plan.id}/monitor"
        assert "Ik wachtte lang." in text_of(doors.same(cookie, address))
    assert doors.reached == 3
