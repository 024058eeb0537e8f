"""Two readers of a goal: each alone, then both beside each other; and the wall that keeps them apart until then."""

import io
from typing import Any
from uuid import uuid4

import docx
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from tests.client import Client
from tests.factories import Cast, make_councillors, make_duo, make_goal, make_link, make_plan, make_value
from workbench.accounts.models import Person, Role
from workbench.core.audit import AuditEntry
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.tenancy import act_as, act_for
from workbench.monitors.meeting import operations, queries
from workbench.monitors.meeting.differences import Verdict
from workbench.monitors.meeting.models import DuoNote, DuoReader, DuoReading
from workbench.vision.models import Goal

SECRET = "Aan de balie zag ik vooral haast, zonnewijzer."
OTHER = "In de wijk hoor ik het tegendeel, waterrad."
ROLES_THAT_READ = (Role.CLERK, Role.COUNCILLOR, Role.FACILITATOR)


@pytest.fixture
def goal(cast: Cast) -> Goal:
    plan = make_plan()
    goal = make_goal(make_value(plan))
    make_link(goal)
    plan.open()
    db.commit()
    return goal


@pytest.fixture
def pair(cast: Cast, goal: Goal) -> tuple[Person, Person]:
    """Beside the councillor of the cast, who sees no more than the others."""
    one, other = make_councillors(cast, 2)
    return one, other


@pytest.fixture
def reading(goal: Goal, pair: tuple[Person, Person]) -> DuoReading:
    made = make_duo(goal, *pair)
    db.commit()
    return made


def fill_in(client: Client, reading: DuoReading, text: str, *, ready: bool = False, **other: str) -> Any:
    """Send the form of the reader who is signed in, as the page offers it."""
    address = f"/almere/duolezers/{reading.id}/invullen"
    fields: dict[str, Any] = {"reached": "yes", "seen": text, "worth": "partly", "why": "", **other}
    page = client.page(address)
    version = page.form().find("input", attrs={"name": "version"})
    fields["version"] = other.get("version", version["value"])  # type: ignore[index]
    return client.send(address, **fields, **({"klaar": "ja"} if ready else {}))


def pages(client: Client, reading: DuoReading) -> str:
    """Everything that can be opened about this reading, as the one who is signed in gets it."""
    addresses = [
        f"/almere/trajecten/{reading.plan_id}/duolezers",
        f"/almere/duolezers/{reading.id}",
        f"/almere/duolezers/{reading.id}.docx",
        f"/almere/duolezers/{reading.id}/invullen",
        f"/almere/duolezers/{reading.id}/opheffen",
        f"/almere/duolezers/{reading.id}/wissen",
        f"/almere/trajecten/{reading.plan_id}/vergaderen",
        f"/almere/trajecten/{reading.plan_id}/monitor",
        f"/almere/doelen/{reading.goal_id}",
        "/almere/",
        "/almere/gesprek",
        "/almere/logboek",
    ]
    return "\n".join(
        client.get(address, follow_redirects=True).get_data(as_text=True) for address in addresses
    )


def test_what_is_still_to_be_filled_in_waits_for_its_readers_and_for_nobody_else(
    client: Client, cast: Cast, goal: Goal, pair: tuple[Person, Person], reading: DuoReading
) -> None:
    one, other = pair
    address, title = f"/almere/duolezers/{reading.id}/invullen", reading.title
    waits = f"Duolezen: schrijf op wat u ziet bij het doel ‘{title}’."
    for person in pair:
        assert waits in client.as_(person).page("/almere/").words
        assert client.page("/almere/").link("Duolezen") == address
    for person in (cast.councillor, cast.clerk, cast.officer):
        assert waits not in client.as_(person).page("/almere/").words
    fill_in(client.as_(one), reading, SECRET, ready=True)
    assert waits not in client.page("/almere/").words
    assert waits in client.as_(other).page("/almere/").words


# --- From forming a pair to the talk --------------------------------------------------------------------------------


def test_a_pair_reads_apart_and_then_sees_where_it_differs(
    client: Client, cast: Cast, goal: Goal, pair: tuple[Person, Person]
) -> None:
    one, other = pair
    page = client.as_(cast.clerk).submit(
        f"/almere/trajecten/{goal.plan_id}/duolezers/nieuw",
        goal=str(goal.id),
        coalition=str(one.id),
        opposition=str(other.id),
    )
    assert page.title == goal.whole_sentence
    assert "nog bezig" in page.words
    reading = db.scalars(sa.select(DuoReading)).one()
    hub = client.as_(one).page(f"/almere/trajecten/{goal.plan_id}/vergaderen")
    assert "Uw antwoord wacht" in hub.words
    fill_in(client, reading, SECRET, ready=True)
    assert "Uw antwoord wacht" not in client.page(f"/almere/trajecten/{goal.plan_id}/vergaderen").words
    page = client.page(f"/almere/duolezers/{reading.id}")
    assert "U bent klaar." in page.words
    assert SECRET in page.words
    fill_in(client.as_(other), reading, OTHER, ready=True, reached="no")
    for person in (one, other, cast.clerk, cast[Role.FACILITATOR]):
        page = client.as_(person).page(f"/almere/duolezers/{reading.id}")
        assert SECRET in page.words
        assert OTHER in page.words
        assert "Is het doel bereikt? Coalitie: ja. Oppositie: nee. Dat staat tegenover elkaar." in page.words
        assert "Over het geld zeggen beide lezers hetzelfde: deels." in page.words
    file = client.get(page.link("Word-bestand"))
    text = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(file.data)).paragraphs)
    assert all(part in text for part in (SECRET, OTHER, "Dat staat tegenover elkaar."))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"reached": ""}, "Kies een antwoord."),
        ({"reached": "misschien"}, "Kies een van de mogelijkheden."),
        ({"seen": "  "}, "Schrijf op wat u ziet."),
        ({"seen": "x" * 1501}, "Maak de tekst korter"),
    ],
)
def test_what_was_typed_stays_when_something_must_be_mended(
    client: Client, reading: DuoReading, pair: tuple[Person, Person], fields: dict[str, str], message: str
) -> None:
    page = fill_in(client.as_(pair[0]), reading, **{"text": SECRET, "why": "Om de rij.", **fields})
    assert page.status == 422
    assert message in page.words
    assert "Om de rij." in page.words


def test_a_note_saved_in_another_window_is_shown_and_nothing_is_lost(
    client: Client, reading: DuoReading, pair: tuple[Person, Person]
) -> None:
    fill_in(client.as_(pair[0]), reading, SECRET)
    page = fill_in(client, reading, "Nu iets anders.", version="0")
    assert page.status == 409
    assert SECRET in page.words
    assert "Nu iets anders." in page.words
    values = page.form().find("input", attrs={"name": "version"})
    assert fill_in(client, reading, "Nu iets anders.", version=values["value"]).status == 302
    assert "Nu iets anders." in client.page(f"/almere/duolezers/{reading.id}").words


# --- Taking back ----------------------------------------------------------------------------------------------------


def test_an_answer_can_be_taken_back_and_erased_until_both_are_ready(
    client: Client, reading: DuoReading, pair: tuple[Person, Person]
) -> None:
    one, other = pair
    address = f"/almere/duolezers/{reading.id}"
    fill_in(client.as_(one), reading, SECRET, ready=True)
    assert client.page(f"{address}/invullen").location == address, "who is ready takes it back first"
    assert client.send(f"{address}/terugnemen").location == f"{address}/invullen"
    fill_in(client.as_(other), reading, OTHER, ready=True)
    assert SECRET not in client.page(address).words, "one of the two went back"
    page = client.as_(one).submit(f"{address}/wissen")
    assert "Uw antwoord is weg." in page.words
    act_as(db, one.id)
    assert queries.own_note(reading, one.id) is None
    fill_in(client.as_(one), reading, SECRET, ready=True)
    for step in ("terugnemen", "wissen"):
        answer = client.send(f"{address}/{step}")
        assert answer.status == 409
        assert "niet terug te draaien" in answer.words
    assert SECRET in client.as_(other).page(address).words


def test_who_leads_takes_a_pair_apart_until_both_are_ready(
    client: Client, cast: Cast, reading: DuoReading, pair: tuple[Person, Person]
) -> None:
    address = f"/almere/duolezers/{reading.id}/opheffen"
    fill_in(client.as_(pair[0]), reading, SECRET, ready=True)
    assert client.as_(pair[0]).page(address).status == 403
    page = client.as_(cast.clerk).submit(address)
    assert "Het duo is opgeheven." in page.words
    act_as(db, pair[0].id)
    assert db.scalar(sa.select(sa.func.count()).select_from(DuoNote)) == 0
    again = make_duo(db.get_one(Goal, reading.goal_id), *pair)
    db.commit()
    for person, text in zip(pair, (SECRET, OTHER), strict=True):
        fill_in(client.as_(person), again, text, ready=True)
    assert client.as_(cast.clerk).send(f"/almere/duolezers/{again.id}/opheffen").status == 409


@pytest.mark.parametrize("same", [True, False])
def test_a_pair_is_two_people_and_one_at_a_time(
    client: Client, cast: Cast, goal: Goal, pair: tuple[Person, Person], same: bool
) -> None:
    if not same:
        make_duo(goal, *pair)
        db.commit()
    page = client.as_(cast.clerk).submit(
        f"/almere/trajecten/{goal.plan_id}/duolezers/nieuw",
        goal=str(goal.id),
        coalition=str(pair[0].id),
        opposition=str(pair[0 if same else 1].id),
    )
    assert page.status == 409
    assert ("twee verschillende mensen" if same else "Er leest al een duo mee") in page.words


def test_without_goals_or_councillors_there_is_no_pair_to_form(client: Client, cast: Cast) -> None:
    plan = make_plan()
    db.commit()
    page = client.as_(cast.clerk).page(f"/almere/trajecten/{plan.id}/duolezers/nieuw")
    assert "een doel en twee raadsleden nodig" in page.words


# --- The wall -------------------------------------------------------------------------------------------------------


def test_before_both_are_ready_nobody_sees_what_the_other_wrote(
    client: Client, cast: Cast, reading: DuoReading, pair: tuple[Person, Person]
) -> None:
    one, other = pair
    with capture_logs() as logs:
        fill_in(client.as_(one), reading, SECRET, ready=True)
        fill_in(client.as_(other), reading, OTHER)
        for person in (other, *(cast[role] for role in Role)):
            assert SECRET not in pages(client.as_(person), reading), person.name
        assert SECRET in pages(client.as_(one), reading), "the text is there to be found"
        assert OTHER not in pages(client, reading)
    assert SECRET not in str(logs)
    assert OTHER not in str(logs)
    act_for(db, cast.almere.id)
    kept = [(entry.action, entry.facts) for entry in db.scalars(sa.select(AuditEntry))]
    assert ("duo_ready", {}) in kept
    assert "zonnewijzer" not in str(kept)


def notes_seen_by(person: Person | None) -> list[str]:
    """By any query of the web, acting as this person."""
    db.commit()
    act_as(db, person.id if person else None)
    return list(db.scalars(sa.select(DuoNote.seen).order_by(DuoNote.seen)))


def written(reading: DuoReading, person: Person, text: str, *, ready: bool) -> None:
    db.commit()
    act_as(db, person.id)
    content = {"reached": Verdict.YES, "seen": text, "worth": Verdict.NO, "why": ""}
    operations.write(reading, person.id, content, 0, is_ready=ready)
    db.commit()


def test_postgresql_shows_a_note_to_its_writer_alone_until_both_are_ready(
    cast: Cast, reading: DuoReading, pair: tuple[Person, Person]
) -> None:
    one, other = pair
    written(reading, one, SECRET, ready=True)
    written(reading, other, OTHER, ready=False)
    assert notes_seen_by(one) == [SECRET]
    assert notes_seen_by(other) == [OTHER]
    assert notes_seen_by(cast.clerk) == notes_seen_by(None) == []
    act_as(db, other.id)
    db.execute(sa.update(DuoReader).where(DuoReader.person_id == other.id).values(ready_at=sa.func.now()))
    assert notes_seen_by(one) == notes_seen_by(cast.clerk) == sorted([SECRET, OTHER])
    elsewhere = cast.of_breda(Role.CLERK).id, cast.breda.id
    db.commit()
    act_for(db, elsewhere[1])
    act_as(db, elsewhere[0])
    assert db.scalars(sa.select(DuoNote.seen)).all() == []


def test_nobody_says_for_another_to_be_ready_or_writes_under_another_name(
    cast: Cast, reading: DuoReading, pair: tuple[Person, Person]
) -> None:
    one, other = pair
    written(reading, one, SECRET, ready=True)
    act_as(db, cast.clerk.id)
    ready = sa.update(DuoReader).where(DuoReader.person_id == other.id).values(ready_at=sa.func.now())
    assert db.execute(ready).rowcount == 0  # type: ignore[attr-defined]
    forbidden: list[sa.Executable] = [
        sa.update(DuoReader).values(person_id=cast.clerk.id),
        sa.delete(DuoReader),
    ]
    for statement in forbidden:
        with pytest.raises(DBAPIError, match="permission denied"), db.begin_nested():
            db.execute(statement)
    note = {
        "id": uuid4(),
        "reading_id": reading.id,
        "reached": "yes",
        "seen": "x",
        "worth": "yes",
        "why": "",
        "version": 1,
    }
    false = {"id": uuid4(), "reading_id": reading.id, "side": "coalition", "person_id": cast.clerk.id}
    for statement in (
        sa.insert(DuoNote).values(**note, person_id=other.id),
        sa.insert(DuoNote).values(**note, person_id=cast.clerk.id),
        sa.insert(DuoReader).values(**false, ready_at=sa.func.now()),
    ):
        with pytest.raises(DBAPIError, match="row-level security"), db.begin_nested():
            db.execute(statement)


def test_after_both_are_ready_nobody_changes_a_note(
    cast: Cast, reading: DuoReading, pair: tuple[Person, Person]
) -> None:
    for person, text in zip(pair, (SECRET, OTHER), strict=True):
        written(reading, person, text, ready=True)
    act_as(db, pair[0].id)
    assert db.execute(sa.update(DuoNote).values(seen="Toch niet.")).rowcount == 0  # type: ignore[attr-defined]
    assert db.execute(sa.delete(DuoNote)).rowcount == 0  # type: ignore[attr-defined]
    with pytest.raises(Conflict, match="niet terug te draaien"):
        operations.take_back(reading, pair[0].id)


def test_only_the_working_group_reads_and_only_the_pair_writes(
    client: Client, cast: Cast, reading: DuoReading, pair: tuple[Person, Person]
) -> None:
    for role in Role:
        status = client.as_(cast[role]).get(f"/almere/duolezers/{reading.id}").status_code
        assert status == (200 if role in ROLES_THAT_READ else 403), role
    for address in ("invullen", "wissen"):
        assert client.as_(cast.councillor).get(f"/almere/duolezers/{reading.id}/{address}").status_code == 403
    assert client.as_(cast.councillor).send(f"/almere/duolezers/{reading.id}/terugnemen").status == 403
    assert client.as_(pair[0]).get(f"/almere/duolezers/{reading.id}.docx").status_code == 404


def test_each_page_asks_little_of_the_database(
    client: Client, reading: DuoReading, pair: tuple[Person, Person], query_count: list[str]
) -> None:
    for person, text in zip(pair, (SECRET, OTHER), strict=True):
        fill_in(client.as_(person), reading, text, ready=True)
    for address in (f"trajecten/{reading.plan_id}/duolezers", f"duolezers/{reading.id}"):
        query_count.clear()
        assert client.page(f"/almere/{address}").status == 200
        assert len(query_count) <= 12
