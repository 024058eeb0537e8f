"""Nobody sees another member's answer before the reveal, and nothing of a group under three after it.

Over all roles, all states and all ways to ask that there are: pages, fragments, the API, the audit trail, logs, and the
database itself, asked as role `web`. What people wrote is marked with words that stand nowhere else.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
import structlog
from flask import Flask
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import Session

import workbench
from tests.client import Client
from tests.factories import Cast, cast_ballot, make_councillors, make_round
from tests.servers import Servers
from workbench.accounts.models import Council, Membership, Person, Role
from workbench.core.audit import AuditEntry
from workbench.core.db import db, make_engine, web_session
from workbench.core.tenancy import act_as, act_for, open_door
from workbench.rounds import operations
from workbench.rounds.methods import Method
from workbench.rounds.models import Ballot, Participant, Round, State
from workbench.rounds.operations import Reply

MARKS = ("zonnewijzer", "waterrad", "vuurtoren", "klokkenspel")


def marked_reply(place: int) -> Reply:
    """An answer with marks of its own in every text; the reason is not to be shared."""
    marks = [f"{word}-{place}" for word in MARKS]
    return Reply({"text": marks[0]}, reason=marks[1], minority=marks[2], faction=marks[3])


def found_marks(text: str, place: int | None = None) -> set[str]:
    return {f"{word}-{n}" for word in MARKS for n in range(9) if f"{word}-{n}" in text and n != place}


def addresses(app: Flask, found: Round) -> list[str]:
    """Every page and every part of the API that could know of a round, with rounds' own addresses by rule."""
    own = [
        rule.rule.replace("<council>", "almere").replace("<uuid:round_id>", str(found.id))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("rounds.") and "GET" in (rule.methods or ())
    ]
    api = [
        rule.rule.replace("<council>", "almere")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and set(rule.arguments) <= {"council"}
    ]
    return [
        *own,
        *api,
        "/almere/",
        "/almere/trajecten",
        "/almere/logboek",
        "/almere/logboek?alles=1",
        "/mijn",
    ]


@pytest.mark.parametrize("state", [State.OPEN, State.CLOSED])
def test_before_the_reveal_no_answer_holds_anything_of_another_member(
    app: Flask, client: Client, cast: Cast, state: State, sent_jobs: list[tuple[str, dict[str, str]]]
) -> None:
    found = make_round(Method.SENTENCE, "")
    operations.open_round(found)
    voters = [cast.councillor, *make_councillors(cast, 3)]
    looked = 0
    with structlog.testing.capture_logs() as logged:
        for place, person in enumerate(voters):
            cast_ballot(found, person, marked_reply(place))
        if state == State.CLOSED:
            operations.close_round(found)
        db.commit()
        for role in Role:
            client.as_(cast[role])
            for address in addresses(app, found):
                body = client.get(address).get_data(as_text=True)
                assert found_marks(body, 0 if role == Role.COUNCILLOR else None) == set(), (role, address)
                looked += 1
    assert looked > 100
    own = client.as_(cast.councillor).get(f"/almere/rondes/{found.id}").get_data(as_text=True)
    assert "zonnewijzer-0" in own, "the marks can be found where they may stand"
    assert found_marks(str(logged)) == set()
    assert found_marks(str(sent_jobs)) == set()
    entries = db.scalars(sa.select(AuditEntry)).all()
    assert {entry.action for entry in entries} >= {"round_made", "round_opened"}
    assert found_marks(str([entry.facts for entry in entries])) == set()
    assert not [entry for entry in entries if entry.person_id in {person.id for person in voters}]


def test_after_the_reveal_only_what_was_shared_is_there_and_no_name(
    app: Flask, client: Client, cast: Cast
) -> None:
    found = make_round(Method.CONSENT, "")
    operations.open_round(found)
    voters = make_councillors(cast, 4)
    for place, person in enumerate(voters):
        reply = Reply({"choice": "remark"}, f"waterrad-{place}", share_reason=place == 1, minority="")
        cast_ballot(found, person, reply)
    operations.close_round(found)
    operations.reveal_round(found)
    db.commit()
    for role in Role:
        for address in addresses(app, found):
            body = client.as_(cast[role]).get(address).get_data(as_text=True)
            assert found_marks(body) <= {"waterrad-1"}, (role, address)
            if address.startswith("/almere/rondes"):
                assert not [person.name for person in voters if person.name in body], (role, address)
    shown = client.as_(cast.clerk).get(f"/almere/rondes/{found.id}").get_data(as_text=True)
    assert "waterrad-1" in shown


def test_a_crash_while_answering_logs_nothing_of_the_answer(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = make_round(Method.SENTENCE, "")
    operations.open_round(found)
    db.commit()

    def crash(_content: Any, *_rest: Any) -> None:
        db.execute(sa.text("SELECT * FROM no_such_table WHERE text = :text"), {"text": str(_content)})

    monkeypatch.setattr("workbench.rounds.methods.sentence.check", crash)
    client.as_(cast.councillor)
    with structlog.testing.capture_logs() as logged:
        answer = client.post(f"/almere/rondes/{found.id}/antwoord", data={"answer": "zonnewijzer-7"})
    assert answer.status_code == 500
    assert [entry["event"] for entry in logged] == ["request_crashed"]
    assert "zonnewijzer" not in str(logged) + answer.get_data(as_text=True)


# --- The database, asked as role web --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hall:
    """A database of its own with one council, five members, and a round in each state, answered by all members."""

    web: sa.Engine
    council: UUID
    people: list[UUID]
    rounds: dict[State, UUID]


def _session(hall_or_engine: sa.Engine, council: UUID, person: UUID | None = None) -> Session:
    session = Session(hall_or_engine)
    act_for(session, council)
    act_as(session, person)
    return session


@pytest.fixture(scope="module")
def hall(servers: Servers) -> Iterator[Hall]:
    servers.create_database("rounds")
    web, platform = (make_engine(servers.url(role, "rounds"), pool_size=8) for role in ("web", "platform"))
    council = Council(slug="hier", name="Hier")
    people = [Person(email=f"lid-{n}@example.org", name=f"Lid {n}", password_hash="x") for n in range(5)]
    council_id, person_ids = council.id, [person.id for person in people]
    with Session(platform) as session:
        session.add_all([council, *people])
        session.commit()
    rounds = {
        state: Round(question="Wat?", method=Method.SENTENCE, state=State.OPEN)
        for state in (State.OPEN, State.CLOSED, State.REVEALED)
    }
    ids = {state: found.id for state, found in rounds.items()}
    with _session(web, council_id) as session:
        session.add_all(
            [*rounds.values(), *(Membership(person_id=p, role=Role.COUNCILLOR) for p in person_ids)]
        )
        session.commit()
    for place, person_id in enumerate(person_ids):
        with _session(web, council_id, person_id) as session:
            for round_id in ids.values():
                _answer(session, round_id, f"zonnewijzer-{place}", person_id=person_id)
            session.commit()
    with _session(web, council_id) as session:
        for state, round_id in ids.items():
            session.get_one(Round, round_id).state = state
        session.commit()
    yield Hall(web, council_id, person_ids, ids)
    web.dispose()
    platform.dispose()


def _answer(session: Session, round_id: UUID, text: str, **who: Any) -> Ballot:
    participant = Participant(round_id=round_id, **who)
    session.add(participant)
    session.flush()
    ballot = Ballot(round_id=round_id, participant_id=participant.id, content={"text": text})
    session.add(ballot)
    session.flush()
    return ballot


QUESTIONS = (
    "SELECT content::text FROM ballot",
    "SELECT ballot::text FROM ballot",
    "SELECT string_agg(b.content::text, ' ') FROM round r LEFT JOIN ballot b ON b.round_id = r.id",
    "WITH x AS (SELECT * FROM ballot) SELECT x.content::text FROM x",
    "SELECT content::text FROM ballot UNION ALL SELECT faction FROM participant",
    "SELECT (SELECT string_agg(content::text, ' ') FROM ballot WHERE participant_id = p.id) FROM participant p",
    "UPDATE ballot SET version = version + 1 RETURNING content::text",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_query_of_a_member_gives_that_members_answers_only(hall: Hall, question: str) -> None:
    for place, person in enumerate(hall.people):
        with _session(hall.web, hall.council, person) as session:
            seen = " ".join(str(text) for text in session.scalars(sa.text(question)))
            assert found_marks(seen) == {f"zonnewijzer-{place}"}
    for nobody in (None, uuid4()):
        with _session(hall.web, hall.council, nobody) as session:
            assert found_marks(str(session.scalars(sa.text(question)).all())) == set()
    with _session(hall.web, uuid4(), hall.people[0]) as session:
        assert found_marks(str(session.scalars(sa.text(question)).all())) == set(), "in another council"


@pytest.mark.parametrize("state", [State.OPEN, State.CLOSED, State.REVEALED])
def test_the_setting_of_the_reveal_opens_a_closed_round_only(hall: Hall, state: State) -> None:
    with _session(hall.web, hall.council) as session:
        tell = sa.text("SELECT set_config('app.revealing_round', :id, true)")
        session.execute(tell, {"id": str(hall.rounds[state])})
        seen = session.scalars(sa.text("SELECT round_id FROM ballot")).all()
        assert set(seen) == ({hall.rounds[state]} if state == State.CLOSED else set())
        session.rollback()
        assert session.scalars(sa.text("SELECT round_id FROM ballot")).all() == [], (
            "it ends with the transaction"
        )


def test_the_counter_tells_a_number_and_only_within_the_council(hall: Hall) -> None:
    count = sa.select(sa.func.round_ready(hall.rounds[State.OPEN]))
    with _session(hall.web, hall.council) as session:
        assert session.scalar(count) == 5
    with _session(hall.web, uuid4()) as session:
        assert session.scalar(count) == 0


@pytest.mark.parametrize("state", [State.CLOSED, State.REVEALED])
def test_a_ballot_is_written_while_its_round_is_open_only(hall: Hall, state: State) -> None:
    with _session(hall.web, hall.council, hall.people[0]) as session:
        change = sa.text("UPDATE ballot SET reason = 'later' WHERE round_id = :id")
        assert session.execute(change, {"id": hall.rounds[state]}).rowcount == 0  # type: ignore[attr-defined]
        with pytest.raises(ProgrammingError, match="row-level security"):
            _answer(session, hall.rounds[state], "te laat", device_hash="x")


def test_nobody_writes_for_another_and_nobody_deletes(hall: Hall) -> None:
    open_round = hall.rounds[State.OPEN]
    with _session(hall.web, hall.council, hall.people[0]) as session:
        with pytest.raises(DBAPIError, match="row-level security"):
            _answer(session, open_round, "voor een ander", person_id=uuid4())
        session.rollback()
        with pytest.raises(ProgrammingError, match="permission denied"):
            session.execute(sa.text("DELETE FROM ballot"))


def test_a_device_without_account_sees_its_own_answer_only(hall: Hall) -> None:
    with _session(hall.web, hall.council) as session:
        open_door(session, "toestel")
        _answer(session, hall.rounds[State.OPEN], "klokkenspel-8", device_hash="toestel")
        assert session.scalars(sa.text("SELECT content->>'text' FROM ballot")).all() == ["klokkenspel-8"]
        open_door(session, "ander toestel")
        assert session.scalars(sa.text("SELECT content->>'text' FROM ballot")).all() == []
        session.rollback()


@pytest.mark.parametrize("role", ["platform"])
def test_the_platform_cannot_read_answers_at_all(servers: Servers, hall: Hall, role: str) -> None:
    engine = make_engine(servers.url(role, "rounds"), poolclass=sa.NullPool)
    with engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(sa.text("SELECT * FROM ballot"))


def test_the_wall_opens_in_one_place_of_the_code() -> None:
    root = Path(workbench.__file__).parent.parent
    sources = {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for folder in ("workbench", "tasks", "seeds")
        for path in (root / folder).rglob("*.py")
    }
    assert [name for name, text in sources.items() if "revealing_round" in text] == [
        "workbench/rounds/wall.py"
    ]
    uses = {name: text.count("wall.revealing(") for name, text in sources.items() if "wall.revealing" in text}
    assert uses == {"workbench/rounds/operations.py": 1}


# --- At the same moment ---------------------------------------------------------------------------------------------


def _cast_at_once(app: Flask, hall: Hall, jobs: list[tuple[UUID, str]], round_id: UUID) -> list[str]:
    """Cast these answers at one moment, each in a session of its own; what became of each."""
    start = Barrier(len(jobs))

    def one(job: tuple[UUID, str]) -> str:
        person_id, text = job
        with app.app_context():
            from flask import g

            g.db = session = web_session(bind=hall.web)
            act_for(session, hall.council)
            act_as(session, person_id)
            found = session.get_one(Round, round_id)
            start.wait()
            try:
                operations.cast(found, Reply({"text": text}), base_version=0, person_id=person_id)
                session.commit()
            except operations.ChangedElsewhere as changed:
                return f"shows {changed.theirs.ballot.content['text']}"  # type: ignore[index]
            return "kept"

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(one, jobs))


def _new_round(hall: Hall) -> UUID:
    found = Round(question="Wat?", method=Method.SENTENCE, state=State.OPEN)
    round_id = found.id
    with _session(hall.web, hall.council) as session:
        session.add(found)
        session.commit()
    return round_id


def test_three_members_who_answer_at_once_are_all_kept(app: Flask, hall: Hall) -> None:
    round_id = _new_round(hall)
    jobs = [(person, f"zin {place}") for place, person in enumerate(hall.people[:3])]
    assert _cast_at_once(app, hall, jobs, round_id) == ["kept"] * 3
    with _session(hall.web, hall.council) as session:
        assert session.scalar(sa.select(sa.func.round_ready(round_id))) == 3


def test_two_windows_of_one_member_at_once_keep_one_and_show_it_to_the_other(app: Flask, hall: Hall) -> None:
    round_id, person = _new_round(hall), hall.people[0]
    results = _cast_at_once(app, hall, [(person, "links"), (person, "rechts")], round_id)
    assert sorted(results) in (["kept", "shows links"], ["kept", "shows rechts"])
    with _session(hall.web, hall.council, person) as session:
        texts = session.scalars(sa.select(Ballot.content).where(Ballot.round_id == round_id)).all()
        assert len(texts) == 1
        assert f"shows {texts[0]['text']}" in results  # type: ignore[index]
