"""The calendar of a council: written by the clerk, read by every member, and by the calendar programs they link."""

from datetime import date, datetime, timedelta
from typing import Any

import icalendar
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seeds import read
from seeds.demo import first_day
from tests.client import Client
from tests.factories import Cast, make_entry
from workbench.accounts.models import Door, Membership, Role
from workbench.accounts.operations import member_of_token
from workbench.core.audit import AuditEntry
from workbench.core.cards import revisions
from workbench.core.db import db
from workbench.core.forms import clean_text
from workbench.core.language import AMSTERDAM, Language
from workbench.core.tenancy import act_for
from workbench.knowledge import queries as knowledge
from workbench.knowledge.calendar import operations, queries
from workbench.knowledge.calendar.feed import as_ics
from workbench.knowledge.calendar.models import CalendarEntry, CalendarLink, today

PAGE = "/almere/kalender"
NEW = f"{PAGE}/nieuw"
YEAR = f"{PAGE}/raadsjaar"
FILLED = {
    "name": "Kadernota",
    "starts_on": "24-6-2027",
    "submit_by": "10-6-2027",
    "who": "De hele raad",
    "note": "In de raadzaal.",
}
EDITORS = {Role.CLERK, Role.FACILITATOR}


def the_entry() -> CalendarEntry:
    db.expire_all()
    return db.scalars(sa.select(CalendarEntry)).one()


def actions() -> list[str]:
    return list(db.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.at)))


def events(body: bytes) -> dict[str, Any]:
    """Identifier -> event, as a calendar program reads it."""
    calendar = icalendar.Calendar.from_ical(body)
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


# --- Writing --------------------------------------------------------------------------------------------------------


def test_a_clerk_puts_a_moment_in_the_calendar_and_everyone_reads_it(client: Client, cast: Cast) -> None:
    moment = next(moment for moment in knowledge.moments() if moment.slug == "kadernota")
    db.commit()
    page = client.as_(cast.clerk).submit(NEW, **FILLED, moment_id=str(moment.id))
    assert "Het moment staat in de kalender." in page.words
    for role in Role:
        page = client.as_(cast[role]).page(PAGE)
        assert "donderdag 24 juni 2027" in page.words
        assert "Wie: De hele raad" in page.words
        assert "In de raadzaal." in page.words
        assert ("Verander of verwijder" in page.words) is (role in EDITORS)
    assert page.link("Wat u bij dit moment kunt doen") == "/kennis/momenten#kadernota"
    entry = the_entry()
    assert (entry.starts_on, entry.submit_by, entry.ends_on) == (date(2027, 6, 24), date(2027, 6, 10), None)
    assert entry.edited_by_id == cast.clerk.id


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "  "}, "Schrijf op hoe het heet."),
        ({"name": "x" * 151}, "hooguit 150 tekens"),
        ({"starts_on": ""}, "Vul de dag in"),
        ({"starts_on": "31-6-2027"}, "Vul een datum in"),
        ({"starts_on": "1-1-1850", "submit_by": ""}, "tussen 2000 en 2100"),
        ({"ends_on": "23-6-2027"}, "Kies een dag na de eerste dag."),
        ({"ends_on": "31-12-9999"}, "tussen 2000 en 2100"),
        ({"submit_by": "25-6-2027"}, "Kies een dag die niet na het moment zelf ligt."),
        ({"submit_by": "straks"}, "Vul een datum in"),
        ({"moment_id": "nee"}, "Kies een van de mogelijkheden."),
        ({"moment_id": "00000000-0000-0000-0000-000000000000"}, "Kies een van de mogelijkheden."),
        ({"note": "x" * 1001}, "hooguit 1000 tekens"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_typed_is_lost(
    client: Client, cast: Cast, change: dict[str, str], said: str
) -> None:
    page = client.as_(cast.clerk).send(NEW, **{**FILLED, **change})
    assert page.status == 422
    assert said in page.words
    assert page.soup is not None
    for name in set(FILLED) - set(change):
        control = page.soup.select_one(f"[name={name}]")
        assert control is not None
        assert FILLED[name] in (control.get("value") or control.get_text())
    assert db.scalars(sa.select(CalendarEntry)).all() == []


def test_one_day_and_the_same_last_day_is_one_day(client: Client, cast: Cast) -> None:
    client.as_(cast.clerk).submit(NEW, **{**FILLED, "ends_on": "24-6-2027"})
    assert the_entry().ends_on is None
    client.submit(f"{PAGE}/{the_entry().id}", ends_on="25-6-2027")
    assert "donderdag 24 juni 2027 tot en met vrijdag 25 juni 2027" in client.page(PAGE).words


def test_two_people_on_one_moment_lose_nothing(client: Client, cast: Cast) -> None:
    moment = knowledge.moments()[0]
    entry = make_entry(note="Eerst.", starts_on=date(2027, 6, 24), moment_id=moment.id)
    db.commit()
    address = f"{PAGE}/{entry.id}"
    client.as_(cast.clerk).submit(address, starts_on="25-6-2027", note="Van de griffier.", moment_id="")
    fields = {**FILLED, "note": "Van de begeleider.", "moment_id": str(moment.id), "base_version": "1"}
    page = client.as_(cast["facilitator"]).send(address, **fields)
    assert page.status == 409
    assert "Een collega heeft dit intussen ook veranderd" in page.words
    assert "25 juni 2027" in page.words
    assert "Van de griffier." in page.words
    assert "Van de begeleider." in page.words
    assert the_entry().note == "Van de griffier."
    again = client.send(address, **{**fields, "base_version": "2"})
    assert again.status == 302
    assert the_entry().note == "Van de begeleider."
    assert len(revisions(the_entry())) == 3


def test_a_moment_that_is_removed_is_gone_and_the_audit_says_who(client: Client, cast: Cast) -> None:
    entry = make_entry()
    db.commit()
    page = client.as_(cast.clerk).submit(f"{PAGE}/{entry.id}", "/verwijderen")
    assert "Het moment staat niet meer in de kalender." in page.words
    assert db.scalars(sa.select(CalendarEntry)).all() == []
    assert actions()[-1] == "calendar_entry_removed"
    assert client.get(f"{PAGE}/{entry.id}").status_code == 404


# --- The usual year -------------------------------------------------------------------------------------------------


def test_the_usual_year_is_taken_over_with_the_days_that_are_known(client: Client, cast: Cast) -> None:
    page = client.as_(cast.clerk).page(YEAR)
    assert "Meestal in mei tot en met juli." in page.words
    assert "Nieuwe landelijke cijfers" not in page.words  # comes by itself
    page = client.submit(
        YEAR, day_kadernota="24-6-2027", submit_kadernota="10-6-2027", day_begroting="4-11-2027"
    )
    assert "De momenten staan in de kalender." in page.words
    found = {entry.name: entry for entry in queries.entries()}
    assert set(found) == {"Kadernota", "Programmabegroting vaststellen"}
    assert found["Kadernota"].submit_by == date(2027, 6, 10)
    assert found["Kadernota"].moment is not None
    assert found["Kadernota"].moment.slug == "kadernota"
    assert "Er staat er al een in de kalender, op 24 juni 2027." in client.page(YEAR).words


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Vul bij ten minste één moment een dag in."),
        ({"day_kadernota": "24 juni"}, "Vul een datum in"),
        ({"submit_kadernota": "10-6-2027"}, "Vul ook de dag van het moment zelf in."),
        ({"day_kadernota": "24-6-2027", "submit_kadernota": "25-6-2027"}, "niet na het moment zelf"),
    ],
)
def test_a_year_that_cannot_be_is_refused_whole(
    client: Client, cast: Cast, typed: dict[str, str], said: str
) -> None:
    page = client.as_(cast.clerk).send(YEAR, **{"day_begroting": "4-11-2027", **typed} if typed else {})
    assert page.status == 422
    assert said in page.words
    assert db.scalars(sa.select(CalendarEntry)).all() == []
    assert not typed or "4-11-2027" in page.text


# --- Reading --------------------------------------------------------------------------------------------------------


def test_what_comes_stands_first_and_what_is_past_is_folded_newest_first(client: Client, cast: Cast) -> None:
    for name, days in (("Later", 40), ("Vandaag", 0), ("Vorige maand", -30), ("Vorige week", -7)):
        make_entry(name, starts_on=today() + timedelta(days=days))
    make_entry("Loopt nog", starts_on=today() - timedelta(days=1), ends_on=today() + timedelta(days=1))
    db.commit()
    page = client.as_(cast.councillor).page(PAGE)
    assert page.soup is not None
    past = page.soup.select_one("details:has(.wb-plain-list)")
    assert past is not None
    assert [title.get_text() for title in past.find_all("h3")] == ["Vorige week", "Vorige maand"]
    assert "Voorbij: 2 momenten" in past.get_text()
    titles = [title.get_text() for title in page.soup.select("main h3")]
    assert titles[:3] == ["Loopt nog", "Vandaag", "Later"]


def test_an_empty_calendar_says_what_to_do(client: Client, cast: Cast) -> None:
    assert "Neem het gewone raadsjaar over" in client.as_(cast.clerk).page(PAGE).words
    assert "De griffier zet de momenten erin." in client.as_(cast.councillor).page(PAGE).words


def test_the_home_page_tells_the_next_moment_with_one_query(
    client: Client, cast: Cast, query_count: list[str]
) -> None:
    day, last = today() + timedelta(days=20), today() + timedelta(days=6)
    make_entry("Begroting", starts_on=day + timedelta(days=90))
    make_entry("Voorbij", starts_on=today() - timedelta(days=1))
    make_entry("Kadernota", starts_on=day, submit_by=last)
    db.commit()
    query_count.clear()
    page = client.as_(cast.councillor).page("/almere/")
    assert sum(sql.startswith("SELECT calendar_entry.") for sql in query_count) == 1
    assert len(query_count) <= 12
    said = Language()
    words = f"Kadernota , {said.short_date(day)}: indienen kan tot en met {said.short_date(last)}."
    assert words in page.words
    assert page.link("Kadernota").startswith("/almere/kalender#moment-")


def test_once_handing_in_is_over_the_home_page_only_tells_the_day(client: Client, cast: Cast) -> None:
    make_entry("Kadernota", starts_on=today() + timedelta(days=1), submit_by=today() - timedelta(days=1))
    db.commit()
    page = client.as_(cast.councillor).page("/almere/")
    assert f"Kadernota , {Language().short_date(today() + timedelta(days=1))}." in page.words
    assert "indienen" not in page.words


def test_a_full_calendar_takes_few_queries(client: Client, cast: Cast, query_count: list[str]) -> None:
    moments = knowledge.moments()
    for number in range(60):
        make_entry(f"Moment {number}", moment_id=moments[number % 12].id, submit_by=today())
    db.commit()
    client.as_(cast.clerk)
    for address, most in ((PAGE, 4), (f"{PAGE}.ics", 4), (NEW, 4), (YEAR, 4)):
        query_count.clear()
        assert client.get(address).status_code == 200
        assert len(query_count) <= most, (address, query_count)


# --- Calendar programs ----------------------------------------------------------------------------------------------


def test_the_file_opens_in_a_calendar_program(client: Client, cast: Cast) -> None:
    entry = make_entry(
        starts_on=date(2027, 11, 4),
        ends_on=date(2027, 11, 5),
        submit_by=date(2027, 10, 25),
        who="De hele raad",
        note="Twee avonden.",
    )
    db.commit()
    answer = client.as_(cast["reader"]).get(f"{PAGE}.ics")
    assert answer.mimetype == "text/calendar"
    calendar = icalendar.Calendar.from_ical(answer.data)
    assert calendar["version"] == "2.0"
    assert calendar["x-wr-calname"] == "Raad van Almere"
    found = events(answer.data)
    decided, handed_in = found[f"{entry.key}@monitorwerkbank"], found[f"{entry.key}-indienen@monitorwerkbank"]
    assert len(found) == 2
    assert decided["summary"] == "Kadernota (Almere)"
    assert (decided["dtstart"].dt, decided["dtend"].dt) == (date(2027, 11, 4), date(2027, 11, 6))
    assert decided["dtstart"].params["VALUE"] == "DATE"
    assert (
        "Twee avonden.\nWie: De hele raad\nIndienen kan tot en met 25 oktober 2027." in decided["description"]
    )
    assert decided["url"].endswith(f"/almere/kalender#moment-{entry.id}")
    assert decided["url"].startswith("http")
    assert handed_in["summary"] == "Laatste dag om in te dienen: Kadernota (Almere)"
    assert (handed_in["dtstart"].dt, handed_in["dtend"].dt) == (date(2027, 10, 25), date(2027, 10, 26))


def test_a_moment_that_moves_keeps_its_identifier_and_counts_up(client: Client, cast: Cast) -> None:
    entry = make_entry()
    db.commit()
    client.as_(cast.clerk)
    before = next(iter(events(client.get(f"{PAGE}.ics").data).items()))
    client.submit(f"{PAGE}/{entry.id}", starts_on="24-6-2027")
    after = next(iter(events(client.get(f"{PAGE}.ics").data).items()))
    assert before[0] == after[0]
    assert after[1]["sequence"] == before[1]["sequence"] + 1
    assert after[1]["dtstart"].dt == date(2027, 6, 24)


HOSTILE = st.text(max_size=80) | st.sampled_from(
    ["a,b;c\\d\nEND:VEVENT\nBEGIN:VEVENT", "x\r\nATTENDEE:mailto:a@b", "\\n,;:\"", "🙂" * 40, "é" * 75, "\u2028", "\x85"]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(name=HOSTILE, note=HOSTILE, who=HOSTILE)
def test_any_text_comes_out_as_it_went_in_and_adds_no_line(name: str, note: str, who: str) -> None:
    texts = {"name": clean_text(name) or "-", "note": clean_text(note) or "", "who": clean_text(who) or ""}
    entry = CalendarEntry(**texts, starts_on=date(2027, 6, 24), version=1)
    entry.edited_at = entry.created_at = datetime(2026, 11, 22, 12, tzinfo=AMSTERDAM)
    body = as_ics([entry], "Almere", lambda _entry: "https://werkbank.example/almere/kalender", Language())
    [event] = icalendar.Calendar.from_ical(body).walk("VEVENT")
    assert str(event["summary"]) == f"{texts['name']} (Almere)"
    lines = [texts["note"], f"Wie: {texts['who']}" if texts["who"] else ""]
    assert str(event["description"]) == "\n".join(
        [*filter(None, lines), "https://werkbank.example/almere/kalender"]
    )
    assert body.split(b"\r\n").count(b"BEGIN:VEVENT") == 1
    assert b"DTSTAMP:20261122T110000Z\r\n" in body
    assert "attendee" not in event
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))


# --- The secret address ---------------------------------------------------------------------------------------------


def secret_of(client: Client) -> str:
    """The address that the page shows once."""
    page = client.send(f"{PAGE}/koppeling")
    assert page.soup is not None
    code = page.soup.select_one("main code")
    assert code is not None
    address = code.get_text().strip()
    assert address.startswith("http")
    return "/" + address.split("/", 3)[3]


def test_a_member_links_a_calendar_program_that_then_reads_without_signing_in(
    client: Client, cast: Cast
) -> None:
    make_entry("Kadernota")
    act_for(db, cast.breda.id)
    make_entry("Van Breda")
    act_for(db, cast.almere.id)
    db.commit()
    address = secret_of(client.as_(cast.councillor))
    token = address.rsplit("/", 1)[1].removesuffix(".ics")
    answer = client.as_(None).get(address)
    assert answer.status_code == 200
    assert [str(event["summary"]) for event in events(answer.data).values()] == ["Kadernota (Almere)"]
    assert "Set-Cookie" not in answer.headers
    assert token not in client.as_(cast.councillor).page(PAGE).text
    act_for(db, cast.almere.id)
    assert token not in str(db.execute(sa.select(Door.token_hash)).all())
    assert actions()[-1] == "calendar_link_made"


def test_a_new_address_makes_the_old_one_worthless_and_withdrawing_does_so_too(
    client: Client, cast: Cast
) -> None:
    first = secret_of(client.as_(cast.councillor))
    second = secret_of(client)
    assert [client.get(address).status_code for address in (first, second)] == [404, 200]
    assert "U heeft een adres sinds" in client.page(PAGE).words
    client.send(f"{PAGE}/koppeling/intrekken")
    assert client.get(second).status_code == 404
    act_for(db, cast.almere.id)
    assert db.scalars(sa.select(CalendarLink)).all() == []
    assert client.send(f"{PAGE}/koppeling/intrekken").status == 302  # pressed twice


def test_one_members_address_is_not_touched_by_another(client: Client, cast: Cast) -> None:
    mine = secret_of(client.as_(cast.councillor))
    secret_of(client.as_(cast.clerk))
    client.send(f"{PAGE}/koppeling/intrekken")
    assert client.get(mine).status_code == 200


def test_who_left_the_council_reads_nothing_any_more(client: Client, cast: Cast) -> None:
    address = secret_of(client.as_(cast.councillor))
    act_for(db, cast.almere.id)
    db.execute(sa.delete(Membership).where(Membership.person_id == cast.councillor.id))
    db.commit()
    assert client.get(address).status_code == 404


def test_a_worthless_address_says_nothing(client: Client, cast: Cast) -> None:
    token = operations.make_link(cast.councillor.id)
    db.commit()
    wrong = ["x", token[:-1], token + "x", token.swapcase(), "%00", "a" * 3000, "é🙂"]
    answers = [client.as_(None).get(f"/mijn/kalender/{guess}.ics") for guess in wrong]
    assert {answer.status_code for answer in answers} == {404}
    assert all("Almere" not in answer.get_data(as_text=True) for answer in answers)
    assert client.get(f"/mijn/kalender/{token}.ics").status_code == 200
    assert member_of_token(token) is None  # it opens the calendar, not the API


def test_who_asks_too_often_must_wait(client: Client, cast: Cast) -> None:
    statuses = {client.get("/mijn/kalender/x.ics").status_code for _turn in range(61)}
    assert statuses == {404, 429}


def test_the_calendar_of_another_council_is_a_404(client: Client, cast: Cast) -> None:
    for address in (PAGE, f"{PAGE}.ics", NEW):
        assert client.as_(cast.of_breda("clerk")).get(address).status_code == 404


@pytest.mark.parametrize("role", Role)
def test_clerk_and_facilitator_write_and_every_member_reads(client: Client, cast: Cast, role: Role) -> None:
    client.as_(cast[role])
    assert client.get(f"{PAGE}.ics").status_code == 200
    expected = 200 if role in EDITORS else 403
    assert [client.get(address).status_code for address in (NEW, YEAR)] == [expected, expected]


# --- The demo -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 11, 22), date(2028, 2, 29), date(2027, 12, 31)])
def test_the_year_of_the_demo_has_something_to_come_on_any_day(day: date) -> None:
    moments = read.demo().councils[0].calendar
    known = {moment.slug for moment in read.moments()}
    assert {item.moment for item in moments if item.moment} <= known
    days = [first_day(item, day - timedelta(days=75)) for item in moments]
    assert all(found.weekday() == 3 for found in days)
    assert all(-75 <= (found - day).days <= 300 for found in days)
    assert max(days) > day + timedelta(days=100)
