"""A phone in a workshop: joining with a code, answering every working form, nothing lost and nothing doubled."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.client import Client
from tests.factories import Cast
from tests.workshops.making_figure import plan_with_figure
from tests.workshops.making_phone import CODE, attendee, begun, cards, running
from workbench.core.db import db
from workbench.core.tenancy import act_for, open_door
from workbench.evidence.models import Link
from workbench.rounds import operations as rounds
from workbench.rounds.models import Participant, Round
from workbench.rounds.operations import Reply
from workbench.workshops import standing
from workbench.workshops.evidence import figures_of
from workbench.workshops.kinds import METHODS, Kind
from workbench.workshops.models import (
    Activity,
    ActivityState,
    Attendee,
    Contribution,
    Naming,
    State,
    Workshop,
)

HERE = f"/doe-mee/{CODE}"
SCRIPT = {"X-Doe-Mee": "1", "Accept": "application/json"}


@pytest.fixture
def phone(client: Client, cast: Cast) -> Client:
    """A phone in a running workshop that did not join yet."""
    running()
    db.commit()
    return client


def joined(client: Client, **fields: str) -> str:
    """The hash of the device that joined now."""
    assert client.submit(HERE, **fields).status == 200
    cookie = client.get_cookie("toestel", path=HERE)
    assert cookie is not None
    return str(db.scalars(sa.select(Attendee.device_hash).order_by(Attendee.joined_at.desc()).limit(1)).one())


def another(app: Flask) -> Client:
    made = app.test_client()
    assert isinstance(made, Client)
    return made


def workshop() -> Workshop:
    return db.scalars(sa.select(Workshop)).one()


def ask(kind: Kind, labels: str = "Nabijheid Vertrouwen Keuze", **settings: Any) -> Activity:
    made = begun(workshop(), kind, labels, **settings)
    db.commit()
    return made


def close(activity: Activity, *, reveal: bool = False) -> None:
    open_door(db, "")
    activity = db.get_one(Activity, activity.id)
    activity.state = ActivityState.CLOSED
    if activity.round_id is not None:
        found = db.get_one(Round, activity.round_id)
        rounds.close_round(found)
        if reveal:
            rounds.reveal_round(found)
    if reveal:
        activity.state = ActivityState.REVEALED
    db.commit()


def kept(activity: Activity) -> list[str]:
    found = (
        sa.select(Contribution.text)
        .where(Contribution.activity_id == activity.id)
        .order_by(Contribution.text)
    )
    return list(db.scalars(found.where(Contribution.withdrawn_at.is_(None))))


def ready(activity: Activity) -> int:
    return int(standing.stand(db.get_one(Workshop, activity.workshop_id))["ready"])


# --- Joining --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["KMT4R7", "kmt4r7", " kmt 4r7 ", "KMT-4R7"])
def test_a_code_opens_the_workshop_however_it_is_typed(phone: Client, typed: str) -> None:
    page = phone.submit("/doe-mee", code=typed)
    assert page.title == "Doe mee"
    assert "Wat telt in de wijk?" in page.text


def test_a_wrong_code_gets_a_sentence_that_helps(phone: Client) -> None:
    page = phone.submit("/doe-mee", code="AAAAAA")
    assert page.status == 422
    assert "Deze code werkt niet. Kijk nog eens op het scherm" in page.words
    assert phone.page("/doe-mee/AAAAAA").status == 404
    assert phone.submit("/doe-mee", code="").status == 422


def test_a_link_in_small_letters_leads_to_the_same_place(phone: Client) -> None:
    assert phone.get(HERE.replace("KMT4R7", "kmt4r7")).headers["Location"] == HERE


def test_somebody_joins_with_one_press_and_without_saying_who(phone: Client) -> None:
    page = phone.submit(HERE)
    assert page.title == "U doet mee"
    [found] = db.scalars(sa.select(Attendee))
    assert (found.first_name, found.faction, found.council) == ("", "", "")
    cookie = phone.get_cookie("toestel", path=HERE)
    assert cookie is not None
    assert (cookie.path, cookie.http_only, cookie.same_site, cookie.max_age) == (HERE, True, "Lax", 86400)
    assert cookie.value not in found.device_hash


def test_a_name_is_asked_only_where_the_workshop_asks_it_and_never_demanded(
    client: Client, cast: Cast
) -> None:
    running(naming=Naming.FIRST_NAME)
    db.commit()
    joined(client, first_name="Anneke")
    assert db.scalars(sa.select(Attendee.first_name)).one() == "Anneke"
    assert "Bij welke fractie" not in client.as_(None).page(HERE).text


def test_people_of_several_councils_say_of_which_they_are(client: Client, cast: Cast) -> None:
    running(naming=Naming.FACTION, factions=["Lokaal"], councils=["Almere", "Breda"])
    db.commit()
    joined(client, council="Breda", faction="Lokaal")
    [found] = db.scalars(sa.select(Attendee))
    assert (found.council, found.faction) == ("Breda", "Lokaal")


def test_joining_twice_is_joining_once(phone: Client) -> None:
    joined(phone)
    assert phone.send(HERE).status == 302
    assert len(db.scalars(sa.select(Attendee)).all()) == 1


def test_who_leaves_is_gone_and_may_come_back(phone: Client) -> None:
    joined(phone)
    page = phone.submit(f"{HERE}/stoppen")
    assert page.title == "Doe mee"
    assert standing.stand(workshop())["of"] == 0
    db.commit()
    joined(phone)
    assert standing.stand(workshop())["of"] == 1


def test_a_full_workshop_takes_no_more(phone: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.workshops.phone.operations.FULL", 0)
    page = phone.submit(HERE)
    assert page.status == 409
    assert "Vraag het de begeleider" in page.words


@pytest.mark.parametrize("state", [State.DRAFT, State.ANNOUNCED, State.ENDED])
def test_a_code_works_only_while_the_workshop_runs(phone: Client, state: State) -> None:
    joined(phone)
    workshop().state = state
    db.commit()
    assert phone.page(HERE).status == 404
    answer = phone.get(f"{HERE}/nu", headers=SCRIPT)
    assert answer.status_code == 404
    assert answer.json is not None
    assert "afgelopen" in answer.json["title"]


def test_a_member_is_a_visitor_here(phone: Client, cast: Cast) -> None:
    page = phone.as_(cast.clerk).page(HERE)
    assert "Griffier van Almere" not in page.text
    assert "Uitloggen" not in page.text


def test_too_many_wrong_codes_stop_guessing_but_not_the_room(phone: Client, app: Flask) -> None:
    joined(phone)
    guesser = another(app)
    answers = [guesser.get(f"/doe-mee/AAA{number:03}").status_code for number in range(70)]
    assert (answers[0], answers[-1]) == (404, 429)
    assert guesser.get(HERE).status_code == 429  # the same address, and not in yet: a minute's patience
    assert phone.get(HERE).status_code == 200


def test_a_room_behind_one_address_joins_at_once(phone: Client, app: Flask) -> None:
    for _number in range(80):
        assert another(app).submit(HERE).status == 200
    assert standing.stand(workshop())["of"] == 80


def test_one_device_that_keeps_sending_is_slowed_down(phone: Client, app: Flask) -> None:
    joined(phone)
    activity = ask(Kind.BRAINSTORM)
    address = f"{HERE}/antwoord/{activity.id}"
    statuses = [phone.post(address, data={"text": ""}, headers=SCRIPT).status_code for _n in range(125)]
    assert statuses[-1] == 429
    other = another(app)
    joined(other)
    assert other.post(address, data={"text": "kaart"}, headers=SCRIPT).status_code == 200


# --- Answering rounds -----------------------------------------------------------------------------------------------

ANSWERS: dict[Kind, dict[str, Any]] = {
    Kind.DOTS: {"answer_0": "2", "answer_1": "1"},
    Kind.POINTS: {"answer_0": "60", "answer_1": "40"},
    Kind.RANKING: {"answer_0": "2", "answer_1": "1", "answer_2": "3"},
    Kind.PAIRWISE: {"answer_0": "0", "answer_1": "1", "answer_2": "0"},
    Kind.POSITION: {"answer_0": "30"},
    Kind.CONSENT: {"answer": "agree"},
    Kind.STATEMENTS: {"answer_0": "agree", "answer_1": "disagree"},
    Kind.DILEMMA: {"answer": ["1"]},
}


@pytest.mark.parametrize("kind", sorted(METHODS))
def test_every_working_form_of_a_round_is_answered_changed_and_shown(
    kind: Kind, phone: Client, app: Flask
) -> None:
    device = joined(phone)
    activity = ask(kind)
    address = f"antwoord/{activity.id}"
    assert phone.submit(HERE, address, **ANSWERS[kind]).status == 200
    page = phone.submit(HERE, address, **ANSWERS[kind])
    assert "U kunt uw antwoord veranderen" in page.words
    assert ready(activity) == 1
    for number in range(5):
        name = f"toestel {number}"
        attendee(workshop(), name)
        db.commit()
        other = another(app)
        other.set_cookie("toestel", name, path=HERE)
        assert other.submit(HERE, address, **ANSWERS[kind]).status == 200
    open_door(db, device)
    assert db.scalars(sa.select(Participant.device_hash)).all() == [device]
    assert ready(activity) == 6
    close(activity)
    page = phone.page(HERE)
    assert "Deze vraag is gesloten. Kijk naar het scherm." in page.words
    assert "Uw eigen antwoord" in page.words
    reopen = db.get_one(Round, activity.round_id)
    rounds.reveal_round(reopen)
    db.get_one(Activity, activity.id).state = ActivityState.REVEALED
    db.commit()
    page = phone.page(HERE)
    assert page.title == "Wat staat voorop?"
    assert "Uw eigen antwoord" in page.words
    assert page.soup is not None
    assert page.soup.select("figure.wb-figure"), page.words


def test_an_answer_that_does_not_fit_is_told_and_stays_as_it_was_filled_in(phone: Client) -> None:
    joined(phone)
    activity = ask(Kind.POINTS)
    page = phone.submit(HERE, answer_0="60", answer_1="20", minority="Ik zie het anders.")
    assert page.status == 422
    assert "Er moet nog iets worden aangepast" in page.words
    assert 'value="60"' in page.text
    assert "Ik zie het anders." in page.text
    assert ready(activity) == 0


def test_an_answer_that_comes_too_late_is_told_and_can_still_be_read(phone: Client) -> None:
    joined(phone)
    activity = ask(Kind.CONSENT)
    address = f"{HERE}/antwoord/{activity.id}"
    close(activity)
    page = phone.send(address, answer="objection", reason="Dit is te vroeg.")
    assert page.status == 409
    assert "Dit is te vroeg." in page.words
    answer = phone.post(address, data={"answer": "agree"}, headers=SCRIPT)
    assert answer.status_code == 409
    assert ready(activity) == 0


def test_who_joins_late_sees_what_is_asked_now(phone: Client) -> None:
    ask(Kind.DOTS)
    page = phone.submit(HERE)
    assert page.title == "Wat staat voorop?"


def test_councils_count_as_groups_in_the_outcome(client: Client, cast: Cast) -> None:
    made = running(councils=["Almere", "Breda"])
    db.commit()
    device = joined(client, council="Breda")
    activity = begun(made, Kind.STATEMENTS)
    found = db.get_one(Round, activity.round_id)
    found.settings = {**found.settings, "factions": ["Almere", "Breda"]}
    db.commit()
    page = client.submit(HERE, answer_0="agree")
    assert "Bij welke fractie hoort u?" not in page.text  # said when joining
    open_door(db, device)
    assert db.scalars(sa.select(Participant.faction)).one() == "Breda"


def test_nobody_sees_anything_of_another_before_the_reveal(phone: Client, app: Flask) -> None:
    joined(phone)
    other = another(app)
    joined(other)
    activity = ask(Kind.CONSENT)
    told = {"answer": "objection", "reason": "zonnewijzer", "share_reason": "y", "minority": "vuurtoren"}
    assert other.submit(HERE, **told).status == 200
    for _state in ("open", "closed"):
        seen = [phone.page(f"{HERE}{part}").text for part in ("", "/nu", "/stand")]
        assert not [text for text in seen if "zonnewijzer" in text or "vuurtoren" in text]
        if _state == "open":
            close(activity)


# --- Sending cards --------------------------------------------------------------------------------------------------


def test_a_card_is_sent_listed_and_taken_back(phone: Client) -> None:
    joined(phone)
    activity = ask(Kind.BRAINSTORM)
    page = phone.submit(HERE, text="Een bankje bij de school")
    assert "Een bankje bij de school" in page.words
    page = phone.submit(HERE, f"antwoord/{activity.id}", text="Meer licht")
    assert kept(activity) == ["Een bankje bij de school", "Meer licht"]
    page = phone.submit(HERE, "/weg")
    assert len(kept(activity)) == 1
    gone = db.scalars(sa.select(Contribution).where(Contribution.withdrawn_at.is_not(None))).one()
    assert gone.text == ""


def test_a_card_sent_twice_is_kept_once_also_after_it_was_taken_back(phone: Client) -> None:
    joined(phone)
    activity = ask(Kind.BRAINSTORM)
    card = str(uuid4())
    sending = {"card_id": card, "text": "Meer licht"}
    address = f"{HERE}/antwoord/{activity.id}"
    assert [phone.post(address, data=sending, headers=SCRIPT).status_code for _n in range(3)] == [200] * 3
    assert kept(activity) == ["Meer licht"]
    assert phone.send(f"{HERE}/kaart/{activity.id}/{card}/weg").status == 302
    assert phone.post(address, data=sending, headers=SCRIPT).status_code == 200
    assert kept(activity) == []


def test_one_card_is_asked_at_a_check_in_and_can_be_changed(phone: Client) -> None:
    joined(phone)
    activity = ask(Kind.CHECK_IN)
    phone.submit(HERE, text="nieuwsgierig")
    page = phone.submit(HERE, f"antwoord/{activity.id}", text="een beetje moe")
    assert kept(activity) == ["een beetje moe"]
    assert "U kunt uw tekst veranderen" in page.words
    answer = phone.post(f"{HERE}/antwoord/{activity.id}", data={"text": "tweede"}, headers=SCRIPT)
    assert answer.status_code == 409
    assert kept(activity) == ["een beetje moe"]


def test_an_activity_with_parts_asks_each_of_them(phone: Client) -> None:
    joined(phone)
    activity = ask(Kind.MEANING, parts=["Wat zien we?", "Wat verrast ons?"], per_person=2)
    page = phone.page(HERE)
    assert page.soup is not None
    assert [heading.get_text() for heading in page.soup.find_all("h2")] == [
        "Wat zien we?",
        "Wat verrast ons?",
    ]
    address = f"{HERE}/antwoord/{activity.id}"
    for text in ("minder bijstand", "meer wachten"):
        assert phone.send(address, part="Wat zien we?", text=text).status == 302
    assert phone.send(address, part="Wat zien we?", text="te veel").status == 409
    assert phone.send(address, part="Wat verrast ons?", text="de sprong").status == 302
    assert phone.send(address, part="Een andere vraag", text="verzonnen").status == 409
    assert kept(activity) == ["de sprong", "meer wachten", "minder bijstand"]


def test_an_empty_or_endless_card_is_told_and_stays(phone: Client) -> None:
    joined(phone)
    activity = ask(Kind.BRAINSTORM)
    assert "Schrijf eerst iets op de kaart." in phone.submit(HERE, text="  ").words
    page = phone.submit(HERE, text="a" * 501)
    assert page.status == 422
    assert "hooguit 500 tekens" in page.words
    assert "a" * 501 in page.text
    assert kept(activity) == []


def test_cards_are_seen_by_the_group_only_after_the_reveal_and_without_the_hidden_ones(
    phone: Client, app: Flask
) -> None:
    joined(phone)
    other = attendee(workshop(), "een ander", first_name="Bep")
    activity = ask(Kind.EXIT_QUESTION)
    cards(activity, other, ["zonnewijzer"], cluster="Tijd")
    cards(activity, other, ["vuurtoren"], hidden_at=workshop().made_at)
    db.commit()
    assert "zonnewijzer" not in phone.page(HERE).text
    close(activity, reveal=True)
    page = phone.page(HERE)
    assert "zonnewijzer" in page.words
    assert "Tijd" in page.words
    assert "vuurtoren" not in page.text
    assert "Bep" not in page.text


def test_what_somebody_writes_alone_nobody_else_ever_sees(phone: Client) -> None:
    joined(phone)
    activity = ask(Kind.WRITE_ALONE)
    assert "alleen voor uzelf" in phone.page(HERE).words
    cards(activity, attendee(workshop(), "een ander"), ["zonnewijzer"])
    db.commit()
    phone.submit(HERE, text="mijn eigen gedachte")
    close(activity, reveal=True)
    page = phone.page(HERE)
    assert "mijn eigen gedachte" in page.words
    assert "zonnewijzer" not in page.text


def test_nobody_takes_back_the_card_of_another(phone: Client) -> None:
    joined(phone)
    activity = ask(Kind.BRAINSTORM)
    [card] = cards(activity, attendee(workshop(), "een ander"), ["van een ander"])
    db.commit()
    phone.send(f"{HERE}/kaart/{activity.id}/{card.id}/weg")
    assert phone.send(f"{HERE}/antwoord/{activity.id}", card_id=str(card.id), text="gekaapt").status == 409
    assert kept(activity) == ["van een ander"]


# --- The script of the page -----------------------------------------------------------------------------------------


def test_the_stand_is_cheap_and_says_when_nothing_changed(phone: Client, query_count: list[str]) -> None:
    joined(phone)
    ask(Kind.DOTS)
    query_count.clear()
    first = phone.get(f"{HERE}/stand")
    assert first.status_code == 200
    assert len(query_count) <= 5
    again = phone.get(f"{HERE}/stand", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")


def test_a_page_of_a_phone_asks_few_queries(phone: Client, query_count: list[str]) -> None:
    joined(phone)
    for kind in (Kind.DOTS, Kind.MEANING):
        ask(kind, **({"parts": ["Een", "Twee", "Drie"]} if kind is Kind.MEANING else {}))
        query_count.clear()
        assert phone.page(HERE).status == 200
        assert len(query_count) <= 9, query_count


def test_the_script_gets_the_new_part_of_the_page_with_the_mark_of_what_it_shows(phone: Client) -> None:
    joined(phone)
    ask(Kind.DOTS)
    found = phone.get(f"{HERE}/nu", headers=SCRIPT).json
    assert found is not None
    assert found["shows"] == standing.stand(workshop())["shows"]
    assert found["heading"] == "Wat staat voorop?"
    assert "<form" in found["html"]
    assert "<html" not in found["html"]


def test_the_script_hears_that_this_device_does_not_take_part(phone: Client) -> None:
    answer = phone.post(f"{HERE}/antwoord/{uuid4()}", data={"text": "kaart"}, headers=SCRIPT)
    assert answer.status_code == 401
    assert phone.send(f"{HERE}/antwoord/{uuid4()}", text="kaart").location == HERE


def test_the_script_may_send_when_the_token_of_the_form_is_long_gone_and_no_other_site_may(
    phone: Client, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined(phone)
    activity = ask(Kind.BRAINSTORM)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    address = f"{HERE}/antwoord/{activity.id}"
    assert phone.send(address, text="van een andere site").status == 422
    assert phone.post(address, data={"text": "bewaard"}, headers=SCRIPT).status_code == 200
    assert kept(activity) == ["bewaard"]


def test_an_activity_of_another_workshop_is_not_there(phone: Client, cast: Cast) -> None:
    joined(phone)
    elsewhere = running("ZZZZ22")
    activity: UUID = begun(elsewhere, Kind.BRAINSTORM).id
    db.commit()
    assert phone.send(f"{HERE}/antwoord/{activity}", text="kaart").status == 404
    act_for(db, cast.breda.id)
    far = running("ZZZZ33")
    activity = begun(far, Kind.BRAINSTORM).id
    db.commit()
    assert phone.send(f"{HERE}/antwoord/{activity}", text="kaart").status == 404


def test_an_answer_does_not_run_into_the_one_of_a_colleague(phone: Client) -> None:
    joined(phone)
    activity = ask(Kind.DOTS)
    open_door(db, "een ander")
    found = db.get_one(Round, activity.round_id)
    rounds.cast(found, Reply({"dots": {"a": 1}}), device_hash="een ander")
    db.commit()
    phone.submit(HERE, answer_1="1")
    assert ready(activity) == 2


# --- About a figure -------------------------------------------------------------------------------------------------


def test_a_phone_has_the_sentence_and_the_table_of_the_figure_that_is_talked_about(
    client: Client, cast: Cast, query_count: list[str]
) -> None:
    plan, block_id = plan_with_figure()
    made = running(plan_id=plan.id)
    activity = begun(made, Kind.FIGURE_AND_STORY, block_id=block_id)
    activity.state = ActivityState.WAITING
    db.commit()
    joined(client)
    assert "226.500" not in client.page(HERE).text  # not before who leads opens it
    open_door(db, "")
    act_for(db, cast.almere.id)
    db.get_one(Activity, activity.id).state = ActivityState.OPEN
    db.commit()
    client.page(HERE)
    query_count.clear()
    page = client.page(HERE)
    assert len(query_count) <= 12, "\n".join(query_count)
    assert page.soup is not None
    assert "226.500" in page.soup.select_one("#nu details table").get_text()  # type: ignore[union-attr]
    assert "Wat dit cijfer niet zegt: Wie hulp krijgt." in page.words
    assert "226.500" in client.get(f"{HERE}/nu", headers=SCRIPT).json["html"]  # type: ignore[index]
    assert "<svg" not in str(page.soup.select_one("#nu"))


def test_a_figure_that_rests_is_not_on_the_phones_and_cannot_be_chosen(client: Client, cast: Cast) -> None:
    plan, block_id = plan_with_figure()
    assert list(figures_of(plan)) == [block_id]
    db.execute(sa.update(Link).values(rests_until=date(2030, 1, 1)))
    db.commit()
    assert figures_of(plan) == {}
    begun(running(plan_id=plan.id), Kind.FIGURE_AND_STORY, block_id=block_id)
    db.commit()
    joined(client)
    page = client.page(HERE)
    assert "Dit cijfer staat niet meer in de monitor." in page.words
    assert "226.500" not in page.text


# --- What a phone shows and takes ----------------------------------------------------------------------------------


def test_cards_on_no_pile_stand_under_a_heading_of_their_own(phone: Client) -> None:
    activity = ask(Kind.BRAINSTORM)
    someone = attendee(workshop(), "ander")
    cards(activity, someone, ["Korte lijnen"], cluster="Dichtbij")
    cards(activity, someone, ["Geen wachttijd"])
    joined(phone)
    close(activity, reveal=True)
    assert "Dichtbij Korte lijnen Verder genoemd Geen wachttijd" in phone.page(HERE).words


def test_a_card_under_no_question_is_refused_where_there_are_questions(phone: Client) -> None:
    activity = ask(Kind.MEANING, parts=["Wat zien wij?"])
    joined(phone)
    answer = phone.post(f"{HERE}/antwoord/{activity.id}", data={"text": "Zomaar", "part": ""}, headers=SCRIPT)
    assert answer.status_code == 409
    assert kept(activity) == []


def test_who_joins_reads_first_when_it_is_forgotten(phone: Client) -> None:
    assert "90 dagen na de sessie wissen we namen, telefoons en teksten" in phone.page(HERE).words


@pytest.mark.parametrize("way", ["antwoord/{id}", "kaart/{id}/{id}/weg"])
def test_an_activity_of_another_workshop_or_council_is_not_there(phone: Client, cast: Cast, way: str) -> None:
    ids = cast.almere.id, cast.breda.id
    ask(Kind.BRAINSTORM)
    joined(phone)
    open_door(db, "")
    other_id = begun(running("AAAAA7"), Kind.BRAINSTORM).id
    db.commit()
    almere, breda = ids
    act_for(db, breda)
    far_id = begun(running("BBBBB7"), Kind.BRAINSTORM).id
    db.commit()
    act_for(db, almere)
    for id_ in (other_id, far_id):
        answer = phone.post(f"{HERE}/{way.format(id=id_)}", data={"text": "Van elders"}, headers=SCRIPT)
        assert answer.status_code == 404
