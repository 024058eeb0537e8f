"""The screen of the facilitator: one button for what comes next, time, cards, tables, and who may not be here."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.client import Client, Page
from tests.factories import Cast
from tests.workshops.making_running import add_activity, join, make_workshop, running, say, vote
from workbench.accounts.models import Role
from workbench.core.db import db
from workbench.knowledge.calendar.models import today
from workbench.workshops.harvest.operations import forget
from workbench.workshops.kinds import Kind
from workbench.workshops.models import Activity, ActivityState, Contribution, State, Workshop
from workbench.workshops.running import operations
from workbench.workshops.running.timing import Slot, minutes_left, programme
from workbench.workshops.script.queries import library_form

ADDRESSES = (
    "openen",
    "afsluiten",
    "stap",
    "overslaan",
    "notitie",
    "kaart",
    "kaarten",
    "stapel",
    "tafels",
    "tafel",
)


@pytest.fixture(autouse=True)
def _here(cast: Cast) -> None:
    """In Almere."""


def address(workshop: Workshop, act: str = "") -> str:
    return f"/almere/ateliers/{workshop.id}/leiden" + (f"/{act}" if act else "")


def screen(client: Client, workshop: Workshop) -> Page:
    db.commit()
    return client.page(address(workshop))


def big_button(page: Page) -> str:
    assert page.soup is not None
    found = page.soup.select_one("#nu .utrecht-button--primary-action")
    return found.get_text().strip() if found else ""


def press(client: Client, workshop: Workshop) -> Page:
    """Press the big button, and follow."""
    page = screen(client, workshop)
    assert page.soup is not None
    button = page.soup.select_one("#nu .utrecht-button--primary-action")
    assert button is not None
    form = button.find_parent("form")
    assert form is not None
    values = {field["name"]: field["value"] for field in form.select("input")}
    answer = client.send(str(form["action"]), **values)
    assert answer.status == 302
    return client.page(answer.location)


# --- The one button -------------------------------------------------------------------------------------------------


def test_one_button_leads_through_the_whole_evening(client: Client, cast: Cast) -> None:
    made = make_workshop(Kind.CHECK_IN, Kind.WRITE_ALONE, Kind.DOTS)
    client.as_(cast[Role.FACILITATOR])
    pressed = []
    while label := big_button(page := screen(client, made)):
        pressed.append(label.partition(":")[0])
        page = press(client, made)
    of_all, of_one = ["Openen", "Antwoorden sluiten", "De uitkomst tonen"], ["Openen", "Antwoorden sluiten"]
    assert pressed == ["Het leeratelier beginnen", *of_all, "Volgende", *of_one, "Volgende", *of_all]
    assert "het laatste onderdeel" in page.words
    client.send(address(made, "afsluiten"))
    assert "voorbij" in screen(client, made).words


def test_pressing_the_same_button_twice_does_it_once_and_scolds_nobody(client: Client, cast: Cast) -> None:
    workshop, (first, second) = running(Kind.BRAINSTORM, Kind.DOTS)
    client.as_(cast.clerk)
    for do, state in (
        ("open", ActivityState.OPEN),
        ("sluit", ActivityState.CLOSED),
        ("toon", ActivityState.REVEALED),
    ):
        for _ in range(2):
            answer = client.send(address(workshop, "stap"), onderdeel=first.id, doe=do)
            assert answer.status == 302, do
        db.expire_all()
        assert db.get_one(Activity, first.id).state == state
    for _ in range(2):
        client.send(address(workshop, "stap"), onderdeel=first.id, doe="volgende")
    db.expire_all()
    assert db.get_one(Workshop, workshop.id).current_id == second.id
    for _ in range(2):
        assert client.send(address(workshop, "afsluiten")).status == 302
    assert client.send(address(workshop, "openen")).status == 409


def test_who_leads_reads_what_to_say_before_and_what_the_group_said_after(client: Client, cast: Cast) -> None:
    workshop, (activity,) = running(Kind.DOTS)
    activity.form = "stippen"
    form = library_form("stippen")
    assert form is not None
    client.as_(cast.clerk)
    db.commit()
    assert f"Zeg hardop: {form.say}" in screen(client, workshop).words
    operations.begin(activity)
    for _ in range(5):
        vote(activity, join(workshop), {"dots": {"a": 3, "b": 1}})
    assert "De meeste stippen" not in screen(client, workshop).words
    operations.reveal(activity)
    db.commit()
    page = screen(client, workshop)
    assert "De meeste stippen staan bij: Nabijheid." in page.words
    assert "Zeg hardop" not in page.words


def test_going_back_shows_an_earlier_one_as_it_was(client: Client, cast: Cast) -> None:
    workshop, (first, second) = running(Kind.CHECK_IN, Kind.BRAINSTORM)
    operations.begin(first)
    operations.reveal(first)
    operations.go_on(workshop, first.id)
    client.as_(cast.clerk)
    db.commit()
    client.send(address(workshop, "stap"), onderdeel=first.id, doe="laat-zien")
    page = screen(client, workshop)
    assert "Nu: onderdeel 1 van 2" in page.words
    assert "uitkomst getoond" in page.words
    assert big_button(page) == f"Volgende: {second.title}"


def test_going_on_while_one_is_open_is_refused_in_words(client: Client, cast: Cast) -> None:
    workshop, (first, second) = running(Kind.CHECK_IN, Kind.BRAINSTORM)
    operations.begin(first)
    db.commit()
    page = client.as_(cast.clerk).send(address(workshop, "stap"), onderdeel=second.id, doe="laat-zien")
    assert page.status == 409
    assert "nog open" in page.words


def test_without_tonen_one_may_go_on_after_closing(client: Client, cast: Cast) -> None:
    workshop, (first, second) = running(Kind.CHECK_IN, Kind.BRAINSTORM)
    operations.begin(first)
    operations.close(first)
    assert f"Zonder tonen verder: {second.title}" in screen(client.as_(cast.clerk), workshop).words


def test_a_skip_without_reason_is_refused_and_a_reason_that_is_too_long_is_kept_in_the_field(
    client: Client, cast: Cast
) -> None:
    workshop, (first, _second) = running(Kind.CHECK_IN, Kind.BRAINSTORM)
    db.commit()
    client.as_(cast.clerk)
    page = client.send(address(workshop, "overslaan"), onderdeel=first.id, waarom=" ")
    assert page.status == 409
    assert "waarom" in page.words
    long = "Geen tijd. " * 40
    page = client.send(address(workshop, "overslaan"), onderdeel=first.id, waarom=long)
    assert page.status == 409
    assert page.soup is not None
    field = page.soup.select_one("#waarom")
    assert field is not None
    assert field["value"].strip() == long.strip()
    assert client.send(address(workshop, "overslaan"), onderdeel=first.id, waarom="Geen tijd.").status == 302
    assert "Geen tijd." in screen(client, workshop).words


def test_a_note_is_kept_and_stands_on_no_other_screen(client: Client, cast: Cast) -> None:
    workshop, (first,) = running(Kind.CHECK_IN)
    db.commit()
    client.as_(cast.clerk).send(address(workshop, "notitie"), onderdeel=first.id, notitie="Let op tafel 3")
    assert "Let op tafel 3" in screen(client, workshop).text
    assert "Let op tafel 3" not in client.page(f"/almere/ateliers/{workshop.id}/scherm").text


# --- Who is ready ---------------------------------------------------------------------------------------------------


def test_how_many_are_ready_busy_and_late_are_numbers_without_names(client: Client, cast: Cast) -> None:
    workshop, (activity,) = running(Kind.BRAINSTORM)
    people = [join(workshop, first_name=name) for name in ("Anna", "Bilal")]
    operations.begin(activity)
    say(activity, "Meer bankjes", people[0])
    join(workshop, joined_at=datetime.now(UTC) + timedelta(seconds=5))
    page = screen(client.as_(cast.clerk), workshop)
    assert "1 van 3 klaar. 2 zijn nog bezig. 1 kwam binnen na het openen." in page.words
    answer = client.get(address(workshop, "stand")).get_json()
    assert (answer["ready"], answer["of"], answer["ready_text"]) == (1, 3, "1 van 3 klaar")
    assert "Anna" not in str(answer)


def test_the_version_changes_when_something_changes_and_only_then(client: Client, cast: Cast) -> None:
    workshop, (activity,) = running(Kind.BRAINSTORM)
    operations.begin(activity)
    db.commit()
    client.as_(cast.clerk)

    def version() -> str:
        db.commit()
        return str(client.get(address(workshop, "stand")).get_json()["version"])

    before = version()
    assert version() == before
    card = say(activity, "Meer bankjes", join(workshop))
    assert (after := version()) != before
    operations.hide(activity, [card.id])
    assert version() not in (before, after)


# --- Cards ----------------------------------------------------------------------------------------------------------


def test_a_facilitator_reads_cards_after_closing_and_hides_one_before_it_is_shown(
    client: Client, cast: Cast
) -> None:
    workshop, (activity,) = running(Kind.BRAINSTORM)
    operations.begin(activity)
    wrong, right = say(activity, "Een naam", join(workshop)), say(activity, "Meer bankjes", join(workshop))
    client.as_(cast.clerk)
    assert "Meer bankjes" not in screen(client, workshop).text
    operations.close(activity)
    assert "Meer bankjes" in screen(client, workshop).words
    client.send(address(workshop, "kaarten"), onderdeel=activity.id, kaart=[wrong.id], doe="verberg")
    assert "1 verborgen kaart" in screen(client, workshop).words
    client.send(
        address(workshop, "kaarten"), onderdeel=activity.id, kaart=[right.id], doe="stapel", stapel="Buiten"
    )
    operations.reveal(activity)
    db.commit()
    wall = client.page(f"/almere/ateliers/{workshop.id}/scherm").words
    assert "Buiten Meer bankjes" in wall
    assert "Een naam" not in wall
    client.send(address(workshop, "kaarten"), onderdeel=activity.id, kaart=[wrong.id], doe="laat-zien")
    client.send(address(workshop, "stapel"), onderdeel=activity.id, stapel="Buiten", naam="In het park")
    wall = client.page(f"/almere/ateliers/{workshop.id}/scherm").words
    assert "In het park Meer bankjes" in wall
    assert "Een naam" in wall


def test_what_goes_wrong_with_cards_is_said_and_keeps_what_was_typed(client: Client, cast: Cast) -> None:
    workshop, (activity,) = running(Kind.BRAINSTORM)
    operations.begin(activity)
    card = say(activity, "Meer bankjes", join(workshop))
    operations.close(activity)
    db.commit()
    client.as_(cast.clerk)
    none = client.send(address(workshop, "kaarten"), onderdeel=activity.id, doe="stapel", stapel="Buiten")
    assert none.status == 409
    assert "Kies eerst" in none.words
    assert 'value="Buiten"' in none.text
    unnamed = client.send(address(workshop, "kaarten"), onderdeel=activity.id, kaart=card.id, doe="stapel")
    assert "Geef de stapel een naam" in unnamed.words
    long = client.send(address(workshop, "kaart"), onderdeel=activity.id, kaart=uuid4(), tekst="woord " * 100)
    assert long.status == 409
    assert "woord woord" in long.text


def test_a_card_for_somebody_without_a_phone_comes_once_however_often_it_is_sent(
    client: Client, cast: Cast
) -> None:
    workshop, _script = running()
    activity = add_activity(workshop, Kind.MEANING, settings={"parts": ["Wat zien we?"]})
    operations.begin(activity)
    db.commit()
    client.as_(cast.clerk)
    fields = {"onderdeel": activity.id, "kaart": uuid4(), "tekst": "Meer bankjes", "vraag": "Wat zien we?"}
    for _ in range(2):
        assert client.send(address(workshop, "kaart"), **fields).status == 302
    found = db.query(Contribution).filter_by(activity_id=activity.id).one()
    assert (found.text, found.part) == ("Meer bankjes", "Wat zien we?")


# --- Tables ---------------------------------------------------------------------------------------------------------


def test_people_get_tables_and_one_is_moved(client: Client, cast: Cast) -> None:
    workshop, _script = running(Kind.CHECK_IN, tables=2)
    people = [join(workshop, first_name=name) for name in ("Anna", "Bilal", "Chris")]
    db.commit()
    client.as_(cast.clerk).send(address(workshop, "tafels"), wie="iedereen")
    assert "3 deelnemers kregen een tafel" in screen(client, workshop).words
    client.send(address(workshop, "tafel"), deelnemer=people[0].id, tafel="2")
    db.expire_all()
    assert people[0].table_number == 2
    assert client.send(address(workshop, "tafel"), deelnemer=people[0].id, tafel="9").status == 409
    client.send(address(workshop, "tafel"), deelnemer=people[0].id, tafel="")
    assert "nog geen tafel" in screen(client, workshop).words


# --- Who may not be here --------------------------------------------------------------------------------------------


def test_another_council_finds_nothing_here(client: Client, cast: Cast) -> None:
    workshop, (activity,) = running(Kind.CHECK_IN)
    db.commit()
    client.as_(cast.of_breda(Role.CLERK))
    there = address(workshop).replace("/almere/", "/breda/")
    assert client.page(there).status == 404
    assert client.page(there.replace("/leiden", "/scherm")).status == 404
    for act in ADDRESSES:
        assert client.send(f"{there}/{act}", onderdeel=activity.id, deelnemer=uuid4()).status == 404


def test_who_does_not_lead_looks_at_the_wall_and_presses_nothing(client: Client, cast: Cast) -> None:
    workshop, (activity,) = running(Kind.CHECK_IN)
    db.commit()
    client.as_(cast.councillor)
    assert client.page(address(workshop)).status == 403
    assert client.page(f"/almere/ateliers/{workshop.id}/scherm").status == 200
    for act in ADDRESSES:
        assert client.send(address(workshop, act), onderdeel=activity.id, doe="open").status == 403
    db.expire_all()
    assert activity.state == ActivityState.WAITING


def test_an_activity_or_person_of_another_workshop_is_not_found(client: Client, cast: Cast) -> None:
    workshop, _script = running(Kind.CHECK_IN)
    _other, (elsewhere,) = running(Kind.CHECK_IN)
    stranger = join(_other)
    db.commit()
    client.as_(cast.clerk)
    for act in ("stap", "overslaan", "notitie", "kaart", "kaarten", "stapel"):
        assert client.send(address(workshop, act), onderdeel=elsewhere.id, doe="open").status == 404
    assert client.send(address(workshop, "tafel"), deelnemer=stranger.id, tafel="1").status == 404
    assert client.send(address(workshop, "stap"), onderdeel="onzin", doe="open").status == 400
    assert client.send(address(workshop, "stap"), onderdeel=elsewhere.id, doe="onzin").status == 400


def test_after_the_end_an_outcome_that_was_not_shown_may_still_be_looked_at(
    client: Client, cast: Cast
) -> None:
    workshop, (activity,) = running(Kind.DOTS)
    operations.begin(activity)
    operations.end_workshop(workshop)
    page = screen(client.as_(cast.clerk), workshop)
    assert "De uitkomst alsnog bekijken" in page.words
    assert client.send(address(workshop, "stap"), onderdeel=activity.id, doe="toon").status == 302
    db.expire_all()
    assert (workshop.state, activity.state) == (State.ENDED, ActivityState.REVEALED)


def test_the_screen_takes_few_queries(client: Client, cast: Cast, query_count: list[str]) -> None:
    workshop, (activity, *_rest) = running(Kind.BRAINSTORM, Kind.DOTS, Kind.CHECK_IN, tables=3)
    operations.begin(activity)
    for number in range(12):
        attendee = join(workshop, first_name=f"Naam {number}")
        for card in range(4):
            say(activity, f"Kaart {number} {card}", attendee)
    operations.close(activity)
    screen(client.as_(cast.clerk), workshop)
    query_count.clear()
    screen(client, workshop)
    assert len(query_count) <= 12, "\n".join(query_count)


# --- Time -----------------------------------------------------------------------------------------------------------

NOW = datetime(2027, 3, 4, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(61, 2), (60, 1), (1, 1), (0, 0), (-1, 0), (-59, 0), (-60, -1), (-121, -2)]
)
def test_minutes_left_are_those_that_began(seconds: int, minutes: int) -> None:
    assert minutes_left(NOW + timedelta(seconds=seconds), NOW) == minutes


@given(st.lists(st.tuples(st.integers(1, 60), st.booleans()), max_size=20), st.integers(-120, 120))
def test_a_programme_that_starts_late_ends_as_much_later(slots: list[tuple[int, bool]], late: int) -> None:
    waiting = [Slot(minutes, waits=True) for minutes, _ in slots]
    found = programme(waiting, NOW, NOW + timedelta(minutes=late))
    assert found.late == late
    done = [Slot(minutes, waits) for minutes, waits in slots]
    saved = sum(minutes for minutes, waits in slots if not waits)
    assert programme(done, NOW, NOW + timedelta(minutes=late)).late == late - saved


def test_time_over_makes_the_end_no_earlier() -> None:
    over = [Slot(10, ends_at=NOW - timedelta(minutes=7)), Slot(20, waits=True)]
    found = programme(over, NOW - timedelta(minutes=17), NOW)
    assert (found.ends_at, found.late) == (NOW + timedelta(minutes=20), 7)


def test_after_forgetting_nothing_is_written_down_any_more(client: Client, cast: Cast) -> None:
    workshop, (activity,) = running(Kind.DOTS)
    operations.end_workshop(workshop)
    client.as_(cast.clerk)
    db.commit()
    assert (
        client.send(address(workshop, "notitie"), onderdeel=activity.id, notitie="Wie zei wat").status == 302
    )
    db.expire_all()
    assert db.get_one(Activity, activity.id).note == "Wie zei wat"
    forget(workshop, today())
    db.commit()
    assert "Uw notitie bij" not in screen(client, workshop).words
    assert client.send(address(workshop, "notitie"), onderdeel=activity.id, notitie="Nog iets").status == 409
    db.expire_all()
    assert db.get_one(Activity, activity.id).note == ""
