"""Mail about the sources of a monitor: to clerk and officers, once a day at most, and only when there is news."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
import structlog
from flask import current_app
from sqlalchemy.orm import Session

from tests.client import Client
from tests.factories import Cast, make_goal, make_link, make_plan, make_value
from tests.mailbox import Letter, waiting_mail
from tests.servers import Servers
from workbench.accounts.models import Membership, Person, Role
from workbench.accounts.operations import add_member
from workbench.core.db import as_platform, db
from workbench.core.tenancy import act_as, act_for
from workbench.monitors import digest
from workbench.sources import operations
from workbench.sources.models import Decision, MetadataChange, MetadataKind, RefreshRun, RunState

NOW = datetime(2026, 7, 2, 7, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def table_id(cast: Cast) -> UUID:
    """Table 03759ned, which the monitor of Almere uses and that of Breda does not."""
    make_link(make_goal(make_value(make_plan())))
    db.execute(sa.update(Membership).values(joined_at=NOW - 30 * DAY))
    [table] = operations.tables_to_refresh(table="03759ned")
    found = table.id
    db.commit()
    return found


def add_run(table_id: UUID, at: datetime, **facts: object) -> UUID:
    db.commit()
    with as_platform():
        run = RefreshRun(source_table_id=table_id, queued_at=at, finished_at=at, **facts)
        db.add(run)
        return run.id


def send(servers: Servers, now: datetime = NOW) -> list[Letter]:
    """The mails that this round adds."""
    before = len(waiting_mail())
    with as_platform():
        readers = digest.reader_ids()
    for person_id in readers:
        with current_app.app_context():  # as a job: with a session of its own
            act_as(db, person_id)
            digest.send_digest(person_id, servers.settings(), now)
            db.commit()
    return waiting_mail()[before:]


def texts(servers: Servers, now: datetime = NOW) -> str:
    letters = send(servers, now)
    return " ".join(letters[0].body.split()) if letters else ""


def test_a_failure_is_told_to_clerk_and_officer_with_the_reason_and_the_way_to_switch_it_off(
    servers: Servers, cast: Cast, table_id: UUID
) -> None:
    add_run(table_id, NOW - DAY, state=RunState.FAILED, message="De tabel heeft geen kolom meer.")
    letters = send(servers)
    assert {letter.to for letter in letters} == {"clerk@almere.example", "officer@almere.example"}
    assert "nieuws over 1 tabel" in letters[0].subject
    body = " ".join(letters[0].body.split())
    assert "Ophalen lukte niet. De oude cijfers staan er nog. De tabel heeft geen kolom meer." in body
    assert f"/almere/bronnen/{table_id}" in body
    assert "Zet het uit op uw eigen pagina: http" in body
    assert "/mijn" in body


def test_nothing_is_told_twice(servers: Servers, table_id: UUID) -> None:
    add_run(table_id, NOW - DAY, state=RunState.FAILED)
    assert len(send(servers)) == 2
    assert send(servers) == []
    add_run(table_id, NOW + timedelta(hours=1), state=RunState.FAILED)
    assert send(servers, NOW + DAY) == [], "it still fails: that was told"


def test_at_most_one_mail_a_day(servers: Servers, table_id: UUID) -> None:
    add_run(table_id, NOW - DAY, state=RunState.FAILED)
    send(servers)
    add_run(table_id, NOW + timedelta(hours=1), state=RunState.DONE)
    assert send(servers, NOW + timedelta(hours=2)) == []
    assert "Ophalen lukt weer." in texts(servers, NOW + DAY)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"state": RunState.UNREACHABLE, "message": "De bron gaf geen antwoord."}, "geen antwoord"),
        ({"state": RunState.FAILED, "suspect": True}, "wachten op de beheerder"),
        (
            {"state": RunState.DONE, "inserted": 375, "revised": 2, "closed": 1},
            "Over alle gebieden samen: 375 nieuw, 2 herzien, 1 vervallen.",
        ),
        ({"state": RunState.DONE, "codes_only": True, "restated": 3}, "3 cijfers kregen een andere status"),
        (
            {"state": RunState.DONE, "suspect": True, "decision": Decision.ACCEPTED, "decided_at": NOW - DAY},
            "nam de nieuwe cijfers over",
        ),
        (
            {"state": RunState.FAILED, "suspect": True, "decision": Decision.KEPT, "decided_at": NOW - DAY},
            "houdt de oude cijfers aan",
        ),
    ],
)
def test_what_happened_is_told_in_words(
    servers: Servers, table_id: UUID, facts: dict[str, object], words: str
) -> None:
    add_run(table_id, NOW - DAY, **facts)
    assert words in texts(servers)


def test_a_new_title_is_news(servers: Servers, table_id: UUID) -> None:
    run_id = add_run(table_id, NOW - DAY, state=RunState.DONE, codes_only=True)
    with as_platform():
        db.add(MetadataChange(run_id=run_id, what=MetadataKind.TITLE, old="Oud", new="Nieuw", at=NOW - DAY))
    assert 'De tabel heet nu "Nieuw". Eerst was dat "Oud".' in texts(servers)


def test_more_than_five_new_names_are_counted(servers: Servers, table_id: UUID) -> None:
    run_id = add_run(table_id, NOW - DAY, state=RunState.DONE, codes_only=True)
    with as_platform():
        for number in range(7):
            change = {"old": "Oud", "new": f"Nieuw {number}", "at": NOW - DAY}
            db.add(MetadataChange(run_id=run_id, what=MetadataKind.TITLE, **change))
    body = texts(servers)
    assert body.count("De tabel heet nu") == 5
    assert "En nog 2 veranderingen in woorden." in body


def test_who_works_for_two_councils_gets_one_mail_about_both(
    servers: Servers, cast: Cast, table_id: UUID
) -> None:
    officer_id = cast.officer.id
    act_for(db, cast.breda.id)
    make_link(make_goal(make_value(make_plan("Breda"))))
    add_member(db.get_one(Person, officer_id), Role.OFFICER)
    db.execute(sa.update(Membership).values(joined_at=NOW - 30 * DAY))
    add_run(table_id, NOW - DAY, state=RunState.FAILED)
    [letter] = [item for item in send(servers) if item.to == "officer@almere.example"]
    assert letter.subject == "Bronnen van uw monitors: nieuws over 1 tabel"
    assert "de monitor van Almere" in letter.body
    assert "de monitor van Breda" in letter.body
    add_run(table_id, NOW + timedelta(hours=1), state=RunState.DONE)
    assert send(servers, NOW + timedelta(hours=2)) == []


def test_a_final_figure_that_was_revised_is_told_apart(servers: Servers, table_id: UUID) -> None:
    add_run(table_id, NOW - DAY, state=RunState.DONE, revised=3, final_revised=2)
    assert "Van de herziene cijfers waren er 2 al definitief." in texts(servers)


def test_the_mail_is_in_the_language_of_who_reads_it(
    client: Client, servers: Servers, cast: Cast, table_id: UUID
) -> None:
    council_id = cast.almere.id
    page = client.as_(cast.officer).submit("/mijn", "taal")
    assert "My account" in page.words, "from now on this page is in English"
    act_for(db, council_id)
    add_run(table_id, NOW - DAY, state=RunState.FAILED)
    letters = {letter.to: letter.body for letter in send(servers)}
    assert "Ophalen lukte niet." in letters["clerk@almere.example"]
    assert "Ophalen lukte niet." not in letters["officer@almere.example"]
    assert "The old figures still stand." in letters["officer@almere.example"]


@pytest.mark.parametrize(
    "facts",
    [
        [{"state": RunState.DONE, "same_as_before": True}],
        [{"state": RunState.DONE, "rows_read": 9, "unchanged": 9}],
        [{"state": RunState.UNREACHABLE}, {"state": RunState.DONE, "same_as_before": True}],
        [{"state": RunState.RUNNING, "finished_at": None}],
    ],
)
def test_without_news_there_is_no_mail(
    servers: Servers, table_id: UUID, facts: list[dict[str, object]]
) -> None:
    for hours, fact in enumerate(facts):
        db.commit()
        with as_platform():
            moment = NOW - DAY + timedelta(hours=hours)
            run = {"queued_at": moment, "finished_at": moment, **fact}
            db.add(RefreshRun(source_table_id=table_id, **run))
    assert send(servers) == []


def test_a_suspect_run_that_a_later_one_replaced_does_not_hide_the_recovery(
    servers: Servers, table_id: UUID
) -> None:
    replaced = {
        "suspect": True,
        "decision": Decision.REPLACED,
        "decided_at": NOW - DAY + timedelta(seconds=1),
    }
    add_run(table_id, NOW - 9 * DAY, state=RunState.FAILED, **replaced)
    add_run(table_id, NOW - DAY, state=RunState.DONE, same_as_before=True)
    assert "Ophalen lukt weer." in texts(servers)


def test_a_council_that_does_not_use_the_table_hears_nothing(
    servers: Servers, cast: Cast, table_id: UUID
) -> None:
    add_run(table_id, NOW - DAY, state=RunState.FAILED)
    act_for(db, cast.breda.id)
    db.execute(sa.update(Membership).values(joined_at=NOW - 30 * DAY))
    goal = make_goal(make_value(make_plan("Breda")))
    make_link(goal, "stedelijkheid")
    assert not [letter for letter in send(servers) if letter.to.endswith("@breda.example")]
    make_link(goal)
    assert {letter.to for letter in send(servers)} == {"clerk@breda.example", "officer@breda.example"}


def test_who_switched_it_off_hears_nothing_and_may_switch_it_on_again(
    client: Client, servers: Servers, cast: Cast, table_id: UUID
) -> None:
    council_id = cast.almere.id
    add_run(table_id, NOW - DAY, state=RunState.FAILED)
    page = client.as_(cast.officer).submit("/mijn", "berichten")
    assert "U krijgt geen bericht meer over bronnen." in page.words
    assert "Dit staat nu uit." in page.words
    act_for(db, council_id)
    assert [letter.to for letter in send(servers)] == ["clerk@almere.example"]
    page = client.as_(cast.officer).submit("/mijn", "berichten")
    assert "Dit staat nu aan." in page.words
    act_for(db, council_id)
    assert [letter.to for letter in send(servers)] == ["officer@almere.example"]


def test_others_are_not_asked_about_it(client: Client, cast: Cast) -> None:
    assert "Bericht over bronnen" not in client.as_(cast.councillor).page("/mijn").words


def test_no_address_stands_in_the_log(servers: Servers, table_id: UUID, session: Session) -> None:
    add_run(table_id, NOW - DAY, state=RunState.FAILED)
    with structlog.testing.capture_logs() as logged:
        assert send(servers)
    assert "example" not in repr(logged)
