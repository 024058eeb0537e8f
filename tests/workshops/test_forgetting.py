"""Forgetting a workshop: who took part and what may not be kept goes; numbers, plan and report stay."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tasks import worker
from tasks import workshops as tasks
from tests.client import Client
from tests.factories import Cast, make_plan, make_value
from tests.servers import Servers
from tests.workshops.making_results import (
    activity,
    answer,
    attendee,
    card,
    counted,
    device,
    held,
    people,
    sign_up,
)
from workbench.core import jobs
from workbench.core.audit import AuditEntry
from workbench.core.db import Base, db, make_engine
from workbench.core.jobs import Job
from workbench.core.tenancy import act_for
from workbench.knowledge.calendar.models import today
from workbench.rounds import operations as rounds
from workbench.rounds.methods import Method
from workbench.rounds.models import Option, Round
from workbench.rounds.models import State as RoundState
from workbench.rounds.operations import Reply
from workbench.rounds.wall import revealing
from workbench.vision.models import Value
from workbench.workshops.harvest import operations, words
from workbench.workshops.harvest.queries import outcome_of, workshop_or_404
from workbench.workshops.kinds import Kind
from workbench.workshops.models import (
    ActivityState,
    Attendee,
    Contribution,
    Harvest,
    SignUp,
    State,
    Workshop,
)

MARK = "klokkenspel"


@pytest.fixture(autouse=True)
def _worker(app: Flask, session: Session, sent_jobs: list[tuple[str, dict[str, str]]]) -> None:
    """Tasks run in this process; the jobs they send land in `sent_jobs`."""
    keep = jobs._sender[:]
    worker.init_app(app)
    jobs._sender[:] = keep


@pytest.fixture
def evening(cast: Cast) -> Workshop:
    """With a mark in everything that people gave of themselves; its time has come."""
    plan = make_plan()
    workshop = held(plan, councils=["Almere", "Breda"], forget_on=today())
    came = [
        attendee(workshop, number, council, first_name=f"{MARK}naam", faction=f"{MARK}fractie")
        for number, council in enumerate(["Almere"] * 4 + ["Breda"] * 3)
    ]
    reply = Reply({"dots": {"a": 3, "b": 1}}, f"{MARK}reden", True, f"{MARK}minderheid")
    counted(workshop, Kind.DOTS, [(who, reply) for who in came])
    storm = activity(workshop, position=1, title="Brainstorm", note=f"{MARK}notitie")
    card(storm, f"{MARK}tekst", came[0], cluster="Afstand")
    card(storm, f"{MARK}verborgen", came[1], hidden_at=datetime.now(UTC), shared_at=datetime.now(UTC))
    card(storm, f"{MARK}opgeschreven")
    card(storm, "Er is geen bus", came[2], shared_at=datetime.now(UTC))
    alone = activity(workshop, Kind.WRITE_ALONE, 2, state=ActivityState.CLOSED)
    card(alone, f"{MARK}alleen", came[3])
    sign_up(workshop, f"{MARK}bea", f"{MARK}@voorbeeld.example")
    value = make_value(plan, "Dichtbij")
    db.add(
        Harvest(workshop_id=workshop.id, activity_id=storm.id, source="een", kind="value", object_id=value.id)
    )
    db.commit()
    return workshop


def everywhere() -> Iterator[tuple[str, str]]:
    """Every row of this council; those behind the wall of rounds as the reveal reads them."""
    for table in Base.metadata.sorted_tables:
        if "council_id" in table.c and table.name not in ("ballot", "participant"):
            yield table.name, as_text(table.name)
    for round_id in db.scalars(sa.select(Round.id)).all():
        savepoint = db.begin_nested()
        db.execute(sa.update(Round).where(Round.id == round_id).values(state=RoundState.CLOSED))
        with revealing(round_id):
            found = [(name, as_text(name)) for name in ("ballot", "participant")]
        savepoint.rollback()
        assert all(text for _name, text in found), "there are answers behind the wall"
        yield from found


def as_text(table: str) -> str:
    return "\n".join(db.scalars(sa.text(f"SELECT whole::text FROM {table} whole")))


def where(*marks: str) -> set[str]:
    db.flush()
    return {name for name, text in everywhere() if any(mark in text for mark in marks)}


def test_nothing_of_anybody_is_left_in_any_table(evening: Workshop, cast: Cast) -> None:
    devices = [device(number) for number in range(7)]
    assert where(MARK) == {"activity", "attendee", "ballot", "contribution", "round", "sign_up"}
    assert where(*devices) == {"attendee", "participant"}
    tasks.forget_workshops(council_id=str(cast.almere.id))
    act_for(db, cast.almere.id)
    assert where(MARK) == set()
    assert where(*devices) == set()


def test_what_may_stay_stays_without_from_whom_and_when(evening: Workshop, cast: Cast) -> None:
    tasks.forget_workshops(council_id=str(cast.almere.id))
    act_for(db, cast.almere.id)
    db.expire_all()
    kept = db.scalars(sa.select(Contribution)).one()
    assert (kept.text, kept.attendee_id) == ("Er is geen bus", None)
    assert kept.saved_at == db.get_one(Workshop, evening.id).ended_at
    assert db.scalars(sa.select(Value.name)).all() == ["Dichtbij"]
    assert db.scalars(sa.select(Harvest.kind)).all() == ["value"]


def test_the_numbers_are_the_same_before_and_after(evening: Workshop, cast: Cast) -> None:
    before = outcome_of(workshop_or_404(evening.id))
    db.commit()
    tasks.forget_workshops(council_id=str(cast.almere.id))
    act_for(db, cast.almere.id)
    db.expire_all()
    after = outcome_of(workshop_or_404(evening.id))
    assert (after.people, after.groups) == (7, {"Almere": 4, "Breda": 3}) == (before.people, before.groups)
    assert (
        [item.count for item in after.activities] == [7, 3, 1] == [item.count for item in before.activities]
    )
    one, other = after.activities[0].counted, before.activities[0].counted
    assert one
    assert other
    assert one.result["summary"] == other.result["summary"]
    assert (one.result["reasons"], one.result["minority"]) == ([], [])


def test_the_report_says_the_same_but_for_the_day_of_forgetting(
    client: Client, evening: Workshop, cast: Cast
) -> None:
    address = f"/almere/ateliers/{evening.id}/verslag"
    before = client.as_(cast.clerk).page(address).words
    tasks.forget_workshops(council_id=str(cast.almere.id))
    after = client.page(address).words
    there, gone = (text.split("Wat we bewaren") for text in (before, after))
    assert " ".join(there[:-1]) == " ".join(gone[:-1])
    assert "is gewist wat mensen in deze sessie schreven" in gone[-1]
    assert (
        "Al deze kaarten mogen blijven" not in client.page(f"/almere/ateliers/{evening.id}/uitkomsten").words
    )


def test_the_audit_trail_holds_numbers_only(evening: Workshop, cast: Cast) -> None:
    tasks.forget_workshops(council_id=str(cast.almere.id))
    act_for(db, cast.almere.id)
    entry = db.scalars(sa.select(AuditEntry).where(AuditEntry.action == "workshop_forgotten")).one()
    assert entry.facts == {"people": 7, "cards": 4, "sign_ups": 1, "voters": 7}


def test_once_is_enough_and_twice_changes_nothing(evening: Workshop, cast: Cast) -> None:
    assert operations.forget_what_is_over(today()) == 1
    at = evening.forgotten_at
    assert operations.forget_what_is_over(today()) == 0
    assert evening.forgotten_at == at


def test_before_its_day_nothing_is_forgotten(cast: Cast) -> None:
    workshop = held(forget_on=today() + timedelta(days=1))
    card(activity(workshop), "Nog even", attendee(workshop))
    assert operations.forget_what_is_over(today()) == 0
    assert db.scalar(sa.select(sa.func.count()).select_from(Contribution)) == 1
    assert operations.forget_what_is_over(today() + timedelta(days=1)) == 1
    assert db.scalar(sa.select(sa.func.count()).select_from(Contribution)) == 0


def test_a_session_that_nobody_ended_is_ended_and_forgotten_in_time(cast: Cast) -> None:
    begun = datetime.now(UTC) - timedelta(days=31)
    workshop = held(
        state=State.RUNNING, opened_at=begun, ended_at=None, forget_on=None, keeps_days=30, code="ABC234"
    )
    asked = rounds.start_round("?", Method.DOTS, [Option("a", "A"), Option("b", "B")], by=None)
    rounds.open_round(asked)
    activity(workshop, Kind.DOTS, state=ActivityState.OPEN, round_id=asked.id)
    someone = attendee(workshop)
    answer(asked, [(someone, Reply({"dots": {"a": 1}}, f"{MARK}reden"))])
    assert operations.forget_what_is_over(today()) == 1
    assert (workshop.state, workshop.code) == (State.ENDED, None)
    assert db.get_one(Round, asked.id).state is RoundState.CLOSED
    assert where(MARK, someone.device_hash) == set()


def test_who_signed_up_for_a_session_that_never_was_is_forgotten_too(cast: Cast) -> None:
    past, coming = datetime.now(UTC) - timedelta(days=91), datetime.now(UTC) + timedelta(days=1)
    facts = {"state": State.ANNOUNCED, "opened_at": None, "ended_at": None, "forget_on": None}
    old, new = held(starts_at=past, **facts), held(starts_at=coming, **facts)
    for workshop in (old, new):
        sign_up(workshop)
    operations.forget_what_is_over(today())
    assert db.scalars(sa.select(SignUp.workshop_id)).all() == [new.id]


def test_nobody_can_cut_the_ballots_of_a_round_that_is_not_of_a_forgotten_session(cast: Cast) -> None:
    workshop = held(forget_on=today() + timedelta(days=1))
    [who] = people(workshop, [""])
    dots = counted(workshop, Kind.DOTS, [(who, Reply({"dots": {"a": 1}}, "Mijn reden"))])
    alone = rounds.start_round("?", Method.DOTS, [Option("a", "A"), Option("b", "B")], by=None)
    rounds.open_round(alone)
    answer(alone, [(who, Reply({"dots": {"a": 1}}, "Mijn reden"))])
    for round_id in (dots.round_id, alone.id):
        assert db.scalar(sa.text("SELECT forget_voters(:id)"), {"id": round_id}) == 0
    assert where("Mijn reden") == {"ballot"}


def test_nor_those_of_another_council(evening: Workshop, cast: Cast) -> None:
    round_id = evening_round(evening)
    act_for(db, cast.breda.id)
    assert db.scalar(sa.text("SELECT forget_voters(:id)"), {"id": round_id}) == 0


def evening_round(workshop: Workshop):  # type: ignore[no-untyped-def]
    return workshop_or_404(workshop.id).activities[0].round_id


def test_the_web_itself_can_still_not_write_in_a_ballot(evening: Workshop, cast: Cast) -> None:
    for statement in (
        "UPDATE ballot SET reason = ''",
        "UPDATE participant SET device_hash = 'x'",
    ):
        assert db.execute(sa.text(statement)).rowcount == 0  # type: ignore[attr-defined]
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        db.execute(sa.text("DELETE FROM ballot"))


def test_of_another_council_nothing_is_forgotten(evening: Workshop, cast: Cast) -> None:
    tasks.forget_workshops(council_id=str(cast.breda.id))
    act_for(db, cast.almere.id)
    assert db.scalar(sa.select(sa.func.count()).select_from(Attendee)) == 7


def test_every_council_gets_its_job(cast: Cast, sent_jobs: list[tuple[str, dict[str, str]]]) -> None:
    db.commit()
    tasks.forget_workshops_everywhere()
    assert {payload["council_id"] for name, payload in sent_jobs if name == Job.FORGET_WORKSHOPS} == {
        str(cast.almere.id),
        str(cast.breda.id),
    }


def test_everybody_reads_when_it_is_forgotten(client: Client, cast: Cast) -> None:
    coming = held(state=State.RUNNING, ended_at=None, forget_on=None, keeps_days=30)
    assert words.forgetting(coming).startswith("30 dagen na de sessie wissen we namen, telefoons en teksten")
    ended = held()
    db.commit()
    shown = client.as_(cast.clerk).page(f"/almere/ateliers/{ended.id}/uitkomsten").words
    assert words.forgetting(ended) in shown
    assert words.forgetting(ended).startswith("Op ")


def test_the_functions_are_for_the_web_alone(servers: Servers) -> None:
    with make_engine(servers.url("platform"), poolclass=sa.NullPool).connect() as connection:
        for call in ("forget_voters(gen_random_uuid())", "take_handover()"):
            with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
                connection.execute(sa.text(f"SELECT {call}"))
            connection.rollback()
