"""What a council asks of a member now, on the home page and by mail."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import current_app

from tests.client import Client
from tests.factories import (
    Cast,
    cast_ballot,
    make_answer,
    make_entry,
    make_goal,
    make_link,
    make_plan,
    make_round,
    make_value,
    question_of,
)
from tests.mailbox import Letter, waiting_mail
from tests.servers import Servers
from workbench.accounts.models import Person, Rhythm, Role
from workbench.accounts.operations import add_member
from workbench.core.db import as_platform, db
from workbench.core.tenancy import act_as, act_for
from workbench.evidence.focus.operations import rest
from workbench.evidence.follow_up.models import Part
from workbench.evidence.follow_up.operations import add
from workbench.knowledge.calendar.models import today
from workbench.monitors import reminder
from workbench.rounds.methods import Method
from workbench.rounds.models import Round
from workbench.rounds.operations import Reply
from workbench.vision import operations as vision
from workbench.vision.models import Plan, PlanStatus
from workbench.vision.queries import values_of
from workbench.vision.steps import AnswerState
from workbench.vision.together.operations import ask_weight

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def _busy() -> Plan:
    """A plan past its first steps, with something put off, a day to look at a goal, and an entry that closes soon."""
    plan = make_plan()
    goal = make_goal(make_value(plan))
    make_link(goal)
    vision.save_answer(question_of(plan, "beeld-ruimte"), AnswerState.LATER, None, None)
    add(goal, Part.STEERING, None, moment="kadernota", on=today() + 3 * DAY)
    make_entry("Kadernota", submit_by=today() + 5 * DAY)
    make_entry("Begroting", starts_on=today() + 90 * DAY, submit_by=today() + 60 * DAY)
    return plan


def _home(client: Client, person: Person) -> str:
    return client.as_(person).page("/almere/").words


def test_home_names_what_waits_each_in_one_sentence_with_its_time(
    client: Client, cast: Cast, query_count: list[str]
) -> None:
    plan = _busy()
    for number in (0, 1):
        db.refresh(plan, attribute_names=["steps"])
        plan.steps[number].finished_at = NOW
    make_round().open()
    make_answer(plan, "vastleggen-evaluatie", (today() - DAY).isoformat())
    db.commit()
    client.as_(cast.councillor)
    query_count.clear()
    words = client.page("/almere/").words
    assert len(query_count) <= 12, "\n".join(query_count)
    assert "Kijk samen terug op dit traject" in words
    assert "kijkt de raad naar 1 doel. Lees de monitor vast door: reken op 15 minuten." in words
    assert "Voor Kadernota kan de raad nog indienen tot en met" in words
    assert "Geef uw antwoord in de ronde ‘Wat staat voorop?’. Reken op 5 minuten." in words
    assert "Voor Begroting" not in words
    assert "Geef uw antwoord" not in _home(client, cast.clerk), "a clerk does not vote"
    reader = _home(client, cast.officer)
    assert "Voor Kadernota" in reader
    assert "Kijk samen terug" not in reader
    assert "kijkt de raad naar" not in reader


def test_a_round_that_was_answered_waits_no_more(client: Client, cast: Cast) -> None:
    made = make_round()
    made.open()
    db.commit()
    assert "Geef uw antwoord" in _home(client, cast.councillor)
    act_for(db, cast.almere.id)
    cast_ballot(made, cast.councillor, Reply({"picks": ["a", "b"]}, "Daarom."))
    assert "Geef uw antwoord" not in _home(client, cast.councillor)


def test_what_was_put_off_comes_back_once_the_group_is_further(client: Client, cast: Cast) -> None:
    plan = _busy()
    db.commit()
    later = "Stap 1: 1 vraag schoof u op naar later."
    assert later not in _home(client, cast.clerk), "the group is still there"
    act_for(db, cast.almere.id)
    for number in (0, 1):
        db.refresh(plan, attribute_names=["steps"])
        plan.steps[number].finished_at = NOW
    db.commit()
    assert later in _home(client, cast.clerk)


def test_the_day_to_look_back_comes_also_after_the_plan_was_finished_and_never_in_an_archived_one(
    client: Client, cast: Cast
) -> None:
    plan = make_plan()
    make_answer(plan, "vastleggen-evaluatie", (today() + DAY).isoformat())
    db.commit()
    back = "Kijk samen terug op dit traject"
    assert back not in _home(client, cast.clerk)
    act_for(db, cast.almere.id)
    make_answer(plan, "vastleggen-evaluatie", today().isoformat())
    plan.status = PlanStatus.FINISHED
    db.commit()
    assert back in _home(client, cast.clerk)
    act_for(db, cast.almere.id)
    db.get_one(Plan, plan.id).status = PlanStatus.ARCHIVED
    db.commit()
    assert back not in _home(client, cast.clerk)


def test_what_waits_for_a_person_now_comes_before_the_step_and_the_monitor(
    client: Client, cast: Cast
) -> None:
    plan = make_plan()
    goal = make_goal(make_value(plan))
    link = make_link(goal)
    rest(link, today() - DAY, None)
    make_round().open()
    db.commit()
    words = _home(client, cast.councillor)
    round_, rested, step = "Geef uw antwoord in de ronde", "rustte tot", "Verder met deze stap"
    assert words.index(rested) < words.index(round_) < words.index(step)
    clerk = _home(client, cast.clerk)
    assert round_ not in clerk
    assert clerk.index(rested) < clerk.index(step)
    assert rested not in _home(client, cast.officer)
    facilitator = _home(client, cast[Role.FACILITATOR])
    assert rested in facilitator
    for number in range(10):
        make_answer(plan, "nodig-notities")
        db.refresh(plan, attribute_names=["steps"])
        plan.step(number).finished_at = NOW
    db.commit()
    assert _home(client, cast.councillor).index(round_) < _home(client, cast.councillor).index(
        "Naar de monitor"
    )


def test_a_step_that_was_left_open_is_not_called_filled(client: Client, cast: Cast) -> None:
    plan = make_plan()
    for number in (0, 1):
        db.refresh(plan, attribute_names=["steps"])
        plan.step(number).finished_at = NOW
    vision.leave_open(plan, 2, AnswerState.LATER, None)
    db.commit()
    words = _home(client, cast.clerk)
    assert "Alle stappen zijn ingevuld" not in words
    assert "Wat nog open staat, schoof u op of weet u niet." in words
    assert "Stap 2: 1 vraag schoof u op naar later." in words


def test_never_more_than_five_things(client: Client, cast: Cast) -> None:
    for number in range(9):
        make_entry(f"Vergadering {number}", submit_by=today() + number * DAY)
    db.commit()
    page = client.as_(cast.officer).page("/almere/")
    assert page.words.count("kan de raad nog indienen") == 5
    assert "Voor Vergadering 0" in page.words


# --- By mail --------------------------------------------------------------------------------------------------------


def send(servers: Servers, now: datetime = NOW) -> list[Letter]:
    """The mails that this morning adds."""
    before = len(waiting_mail())
    with as_platform():
        readers = reminder.reader_ids()
    for person_id in readers:
        with current_app.app_context():  # as a job: with a session of its own
            act_as(db, person_id)
            reminder.send_reminder(person_id, servers.settings(), now)
            db.commit()
    return waiting_mail()[before:]


def _choose(person: Person, **facts: Any) -> None:
    db.execute(sa.update(Person).where(Person.id == person.id).values(**facts))
    db.commit()


def test_once_a_week_a_member_gets_one_mail_for_all_councils_with_the_way_to_switch_it_off(
    servers: Servers, cast: Cast
) -> None:
    _busy()
    make_round().open()
    person = cast.councillor
    db.commit()
    with as_platform():
        act_for(db, cast.breda.id)
        add_member(db.get_one(Person, person.id), Role.COUNCILLOR)
    act_for(db, cast.breda.id)
    make_round().open()
    db.commit()
    [letter] = [item for item in send(servers) if item.to == "councillor@almere.example"]
    body = " ".join(letter.body.split())
    assert letter.subject == "Wat wacht op u in uw raden"
    assert "Dit wacht op u in de raad van Almere." in body
    assert "Dit wacht op u in de raad van Breda." in body
    assert body.count("Geef uw antwoord in de ronde ‘Wat staat voorop?’.") == 2
    assert "Reken op" in body
    assert "/mijn" in body
    assert "/breda/rondes/" in body
    assert "Nabijheid" not in body, "no option, no value"
    assert not [item for item in send(servers, NOW + 6 * DAY) if item.to == letter.to]
    assert [item for item in send(servers, NOW + 7 * DAY) if item.to == letter.to]


def test_daily_comes_every_day_and_never_never_and_nothing_waiting_is_no_mail(
    servers: Servers, cast: Cast
) -> None:
    db.commit()
    assert send(servers) == []
    act_for(db, cast.almere.id)
    _busy()
    db.commit()
    _choose(cast.councillor, rhythm=Rhythm.NEVER)
    _choose(cast.clerk, rhythm=Rhythm.DAILY)
    first = {letter.to for letter in send(servers)}
    assert "councillor@almere.example" not in first
    assert {"clerk@almere.example", "facilitator@almere.example"} <= first
    assert {letter.to for letter in send(servers, NOW + DAY)} == {"clerk@almere.example"}


def test_the_mail_comes_in_the_language_of_who_reads_it(servers: Servers, cast: Cast) -> None:
    _busy()
    db.commit()
    _choose(cast.clerk, language="en")
    [letter] = [item for item in send(servers) if item.to == "clerk@almere.example"]
    assert "Dag " not in letter.body


@pytest.mark.parametrize(("sent", "kept"), [("daily", Rhythm.DAILY), ("never", Rhythm.NEVER)])
def test_the_rhythm_is_chosen_on_ones_own_page(client: Client, cast: Cast, sent: str, kept: Rhythm) -> None:
    person_id = cast.councillor.id
    client.as_(cast.councillor)
    page = client.page("/mijn")
    assert page.soup is not None
    [chosen] = page.soup.select("input[name=rhythm][checked]")
    assert chosen["value"] == "weekly"
    assert client.post("/mijn/herinneringen", data={"rhythm": sent}).status_code == 302
    assert client.post("/mijn/herinneringen", data={"rhythm": "elk uur"}).status_code == 400
    assert db.scalar(sa.select(Person.rhythm).where(Person.id == person_id)) is kept


# --- Nothing to read yet --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.OFFICER, Role.EXECUTIVE, Role.ADVISER, Role.AUDITOR, Role.READER])
def test_who_may_not_read_a_closed_plan_is_told_the_same_as_where_there_is_none(
    client: Client, cast: Cast, role: Role
) -> None:
    client.as_(cast[role])
    without = client.page("/almere/monitor").words
    assert "Er is nu geen monitor die u kunt lezen" in without
    assert "Er is nog geen monitor" not in without
    act_for(db, cast.almere.id)
    make_value(make_plan("Geheim traject"), "Geheime waarde")
    db.commit()
    assert client.page("/almere/monitor").words == without
    assert "Geheim" not in client.page("/almere/").text
    assert "Er is nog geen monitor" not in client.page("/almere/").words


def test_the_working_group_reads_that_there_is_none_yet(client: Client, cast: Cast) -> None:
    assert client.as_(cast.councillor).page("/almere/monitor").title == "Er is nog geen monitor"


def test_home_plan_and_list_show_the_same_rounds_that_wait(client: Client, cast: Cast) -> None:
    plan = make_plan()
    for name in ("Nabijheid", "Rust"):
        make_value(plan, name)
    asked = ask_weight(plan, values_of(plan), Method.CHOOSE, None)
    done, closed = make_round(), make_round()
    for item in (done, closed):
        item.open()
    db.commit()
    cast_ballot(done, cast.councillor, Reply({"picks": ["a"]}))
    act_for(db, cast.almere.id)
    db.get_one(Round, closed.id).close()
    db.commit()
    client.as_(cast.councillor)
    sentence = "Geef uw antwoord in de ronde ‘Welke waarden staan voorop?’. Reken op 5 minuten."
    pages = {
        name: client.page(address)
        for name, address in (("home", "/almere/"), ("plan", f"/almere/trajecten/{plan.id}"))
    }
    for page in pages.values():
        assert page.words.count("Geef uw antwoord") == 1
        assert page.link(sentence).endswith(str(asked.id))
    assert client.page("/almere/rondes").words.count("wacht op u") == 1
