"""Quotes and stories in a monitor: chosen, heard as far as their narrators allow, and silent everywhere when they go."""

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

import tasks.exports
import tasks.stories  # noqa: F401 - its tasks
from tasks import worker
from tests.client import Client
from tests.factories import Cast, make_adopted
from tests.monitors.publishing.stage import PAGE
from tests.monitors.quoting import Told, carry_out, make_told
from workbench.accounts.models import Role
from workbench.core import jobs
from workbench.core.db import db
from workbench.core.jobs import Job
from workbench.evidence.models import Link
from workbench.knowledge.calendar.models import today
from workbench.monitors import operations, quoting
from workbench.monitors.adopting.models import AdoptedPart
from workbench.monitors.conversation.models import FigureQuestion, QuestionSnapshot
from workbench.monitors.exports.models import Export, State
from workbench.monitors.format import Quote, Stories
from workbench.monitors.models import MonitorFormat, MonitorKind
from workbench.monitors.quoting import Where
from workbench.stories.kept import operations as kept
from workbench.stories.kept.models import GivenBy, Leaning
from workbench.stories.kept.visibility import Allowed, Reach
from workbench.stories.kept.visibility import State as StoryState

Sent = list[tuple[str, dict[str, str]]]
WORDS = "Ik wachtte vier maanden op een zilverbrasem."
OTHER = "Bij ons ging het meteen goed met de koperwiek."


@pytest.fixture(autouse=True)
def _worker(app: Flask, session: Session, sent_jobs: Sent) -> None:
    """Tasks run in this process; the jobs they send land in `sent_jobs`."""
    keep = jobs._sender[:]
    worker.init_app(app)
    jobs._sender[:] = keep


@pytest.fixture
def told(cast: Cast) -> Told:
    return make_told()


def show_quote(told: Told, reach: Reach = Reach.COUNCIL, **facts: Any) -> Quote:
    made = told.tell(WORDS, reach, teller="moeder van twee", **facts)
    figure = db.scalars(sa.select(Link.id).where(Link.goal_id == told.goal.id)).one()
    block = Quote(id=uuid4(), goal_id=told.goal.id, excerpt_id=made.id, beside=figure, period="2024")
    operations.first_monitor(told.plan.id).shaped = True
    told.show(block)
    return block


def monitor_page(told: Told) -> str:
    return f"/almere/trajecten/{told.plan.id}/monitor"


def withdraw(told: Told, sent: Sent) -> None:
    kept.end(told.stories[0], StoryState.WITHDRAWN)
    carry_out(sent, Job.FORGET_STORY)


# --- The proposal and the builder -----------------------------------------------------------------------------------


def test_the_proposal_lets_people_speak_beside_the_figures_also_one_who_sees_it_otherwise(
    client: Client, cast: Cast, told: Told, query_count: list[str]
) -> None:
    for number in range(4):
        told.tell(f"{WORDS} Keer {number}.", leaning=Leaning.NOT_WELL)
    told.tell(OTHER, leaning=Leaning.WELL)
    told.tell("Alleen voor ons.", Reach.WORKING_GROUP)
    operations.propose_monitors()
    db.commit()
    client.as_(cast.councillor)
    address = monitor_page(told)
    query_count.clear()
    page = client.page(address)
    assert len(query_count) <= 13, "\n".join(
        [
            q[:30].replace("\n", " ") + " … " + q[q.find("FROM") :][:100].replace("\n", " ")
            for q in query_count
        ]
    )
    assert OTHER in page.words
    assert page.words.count("zilverbrasem") == 2
    assert "Over dit doel zijn 6 verhalen verteld, in een gesprek, maart 2026." in page.words
    assert "1 cijfer · 1 verhaalbron, 6 verhalen, het laatst op 2 maart 2026." in page.words
    assert "In een gesprek, maart 2026" in page.words
    assert "staat nog niet in deze monitor" not in page.words


def test_a_quote_is_chosen_from_what_all_readers_may_read(client: Client, cast: Cast, told: Told) -> None:
    for words, reach in ((WORDS, Reach.COUNCIL), (OTHER, Reach.PUBLIC), ("Geheim.", Reach.WORKING_GROUP)):
        told.tell(words, reach)
    told.show()
    monitor = told.monitor
    section = operations.format_of(monitor, monitor.draft).sections[0]
    add = f"/almere/monitors/{monitor.id}/delen/{section.id}/nieuw-blok"
    client.as_(cast.clerk)
    answer = client.submit(add, kind="quote", goal_id=str(told.goal.id))
    assert WORDS in answer.words
    assert OTHER in answer.words
    assert "Geheim." not in answer.words
    place = f"/almere/monitors/{monitor.id}/delen/{section.id}/doelen/{told.goal.id}/citaat"
    page = client.submit(place, excerpt=str(told.excerpts[0].id), period="2024")
    assert "Toegevoegd: Citaat" in page.words
    db.expire_all()
    assert "Hoort bij: 2024" in client.page(f"/almere/monitors/{monitor.id}/concept").words
    refused = client.send(place, base=str(monitor.draft), excerpt=str(told.excerpts[2].id))
    assert refused.status == 422
    for_residents = operations.add_monitor(
        told.plan.id, "Voor inwoners", MonitorKind.PUBLIC, operations.facts_by_plan()[told.plan.id], None
    )
    assert operations.format_of(for_residents, 1).excerpt_ids == [told.excerpts[1].id]
    db.commit()
    section = operations.format_of(for_residents, 1).sections[0]
    offered = client.page(
        f"/almere/monitors/{for_residents.id}/delen/{section.id}/doelen/{told.goal.id}/citaat"
    )
    assert OTHER in offered.words
    assert WORDS not in offered.words


def test_stories_hold_a_voice_that_sounds_different_where_there_is_one(
    client: Client, cast: Cast, told: Told
) -> None:
    same = [told.tell(f"{WORDS} {number}", leaning=Leaning.NOT_WELL) for number in range(2)]
    other = told.tell(OTHER, leaning=Leaning.WELL)
    told.show()
    monitor = told.monitor
    section = operations.format_of(monitor, monitor.draft).sections[0]
    place = f"/almere/monitors/{monitor.id}/delen/{section.id}/doelen/{told.goal.id}/verhalen"
    client.as_(cast.councillor)

    def choose(*excerpts: Any) -> Any:
        db.expire_all()
        return client.send(place, base=str(monitor.draft), excerpts=[str(one.id) for one in excerpts])

    assert "Kies 2 tot 5 fragmenten." in choose(same[0]).words
    assert "Kies ook een fragment dat anders klinkt" in choose(*same).words
    assert choose(*same, other).status == 302
    db.expire_all()
    block = operations.format_of(monitor, monitor.draft).sections[0].blocks[-1]
    assert isinstance(block, Stories)
    assert len(block.excerpt_ids) == 3
    change = client.page(f"/almere/monitors/{monitor.id}/blokken/{block.id}")
    assert OTHER in change.words


def test_a_goal_about_which_nothing_was_told_says_where_to_begin(
    client: Client, cast: Cast, told: Told
) -> None:
    told.show()
    monitor = told.monitor
    section = operations.format_of(monitor, monitor.draft).sections[0]
    page = client.as_(cast.clerk).page(
        f"/almere/monitors/{monitor.id}/delen/{section.id}/doelen/{told.goal.id}/verhalen"
    )
    assert "Bij dit doel is er nog geen fragment" in page.words


# --- Who hears ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reach", Reach)
def test_every_reader_of_the_monitor_hears_the_same_also_who_may_read_more(
    client: Client, cast: Cast, told: Told, reach: Reach
) -> None:
    show_quote(told, reach)
    told.plan.open()
    db.commit()
    for role in Role:
        page = client.as_(cast[role]).page(monitor_page(told))
        may_hear = reach is not Reach.WORKING_GROUP
        assert ("zilverbrasem" in page.words) == may_hear, role
    clerk = client.as_(cast.clerk).page(monitor_page(told))
    assert ("zilverbrasem" in clerk.words) == (reach is not Reach.WORKING_GROUP)
    if reach is Reach.WORKING_GROUP:
        assert "De verteller deelt deze woorden niet zo ver." in clerk.words


def test_words_whose_time_is_over_are_not_heard_the_day_after(client: Client, cast: Cast, told: Told) -> None:
    show_quote(told, ends_on=today())
    assert WORDS in client.as_(cast.clerk).page(monitor_page(told)).words
    told.stories[0].ends_on = today() - timedelta(days=1)
    db.commit()
    page = client.page(monitor_page(told))
    assert WORDS not in page.words
    assert "Bron ingetrokken." in page.words


# --- In the other forms ---------------------------------------------------------------------------------------------


def test_a_screen_shows_a_voice_and_the_database_only_that_one_speaks(
    client: Client, cast: Cast, told: Told
) -> None:
    block = show_quote(told)
    client.as_(cast.clerk)
    screen = f"/almere/trajecten/{told.plan.id}/vergaderen/scherm"
    found = [client.page(f"{screen}?kaart={number}") for number in range(1, 9)]
    number, page = next((n, page) for n, page in enumerate(found, 1) if WORDS in page.words)
    assert "Moeder van twee, in een gesprek, maart 2026" in page.words
    assert "Hoort bij: Inwoners op 1 januari, 2024" in page.words
    client.send(screen, kaart=str(number))
    stored = str(db.scalars(sa.text("SELECT meeting::text FROM meeting")).all())
    assert "Wat inwoners vertellen" in stored
    assert "zilverbrasem" not in stored
    phone = client.as_(cast.councillor).page(f"/almere/trajecten/{told.plan.id}/vergaderen")
    assert WORDS in phone.words
    assert phone.soup is not None
    asks = [link["href"] for link in phone.soup.select("a.wb-meeting__ask")]
    assert asks.count(f"/almere/figuren/{block.id}/vraag") == 2, (
        "about what is on the screen, and at the voice"
    )


def test_a_question_about_a_voice_keeps_who_spoke_and_not_what_was_said(
    client: Client, cast: Cast, told: Told, sent_jobs: Sent
) -> None:
    block = show_quote(told)
    page = client.as_(cast.councillor).submit(
        f"/almere/figuren/{block.id}/vraag", text="Waarom duurde dit zo lang?", owner=str(cast.clerk.id)
    )
    assert WORDS in page.words
    assert "Er is niets veranderd." in page.words
    question = db.scalars(sa.select(FigureQuestion)).one()
    assert (question.subject.value, question.goal_id) == ("quote", told.goal.id)
    assert "zilverbrasem" not in str(db.scalars(sa.select(QuestionSnapshot.content)).all())
    address = f"/almere/gesprek/{question.id}"
    assert client.page("/almere/gesprek").status == 200
    client.as_(cast.clerk).submit(f"/almere/figuren/{block.id}/duiding", recognise="Ja, helaas.")
    assert "Ja, helaas." in client.page(monitor_page(told)).words
    withdraw(told, sent_jobs)
    page = client.as_(cast.councillor).page(address)
    assert WORDS not in page.words
    assert "Bron ingetrokken." in page.words
    assert "iemand deelt zijn woorden niet meer" in page.words


LONG = "Ik stond met mijn twee kinderen bij het loket en niemand keek op van zijn scherm."


def test_what_people_write_beside_a_voice_may_not_repeat_the_story(
    client: Client, cast: Cast, told: Told, sent_jobs: Sent
) -> None:
    """It would stay when the narrator withdraws; so it is refused, with what was typed still there."""
    made = told.tell(LONG)
    block = Quote(id=uuid4(), goal_id=told.goal.id, excerpt_id=made.id)
    told.show(block)
    beside = f"/almere/figuren/{block.id}"
    monitor = told.monitor
    section = operations.format_of(monitor, monitor.draft).sections[0]
    client.as_(cast.clerk)
    question = client.submit(f"{beside}/vraag", text="Was het loket toen open?", owner=str(cast.clerk.id))
    assert "de woorden zelf niet" in question.words
    asked = db.scalars(sa.select(FigureQuestion)).one()
    asked_of_me = f"/almere/gesprek/{asked.id}/antwoord"
    copied = f"Daar staat: {LONG.lower()}"
    for address, fields in {
        f"{beside}/vraag": {"text": copied, "owner": str(cast.clerk.id)},
        f"{beside}/opmerking": {"text": copied},
        f"{beside}/duiding": {"explain": copied},
        asked_of_me: {"text": copied},
        f"/almere/monitors/{monitor.id}/delen/{section.id}/nieuw-blok": {
            "kind": "text",
            "text": copied,
            "base": str(monitor.draft),
        },
    }.items():
        answer = client.send(address, **fields)
        assert answer.status == 422, address
        assert "Schrijf het in eigen woorden." in answer.words, address
        assert "Daar staat:" in answer.text, "nothing that was typed is lost"
        db.expire_all()
    assert db.query(FigureQuestion).count() == 1
    assert "niemand keek op" not in str(db.scalars(sa.select(MonitorFormat.tree)).all())
    assert client.submit(asked_of_me, text="Ja, maar er zat één mens.").status == 200


def test_a_file_holds_the_words_of_the_day_it_was_made_and_goes_with_the_story(
    client: Client, cast: Cast, told: Told, sent_jobs: Sent
) -> None:
    show_quote(told)
    client.as_(cast.councillor).submit(f"/almere/trajecten/{told.plan.id}/monitor/meenemen", form="docx")
    export = db.scalars(sa.select(Export)).one()
    address = f"/almere/meenemen/{export.id}"
    assert export.excerpt_ids == [told.excerpts[0].id]
    assert "zilverbrasem" not in str(db.scalars(sa.select(Export.content)).all())
    carry_out(sent_jobs, Job.WRITE_EXPORT)
    with ZipFile(io.BytesIO(client.get(f"{address}/bestand").data)) as file:
        assert "zilverbrasem" in file.read("word/document.xml").decode()
    withdraw(told, sent_jobs)
    export = db.scalars(sa.select(Export)).one()
    assert (export.state, export.file, export.content) == (State.WITHDRAWN, None, {})
    assert client.get(f"{address}/bestand").status_code == 404
    assert "Dit bestand is weggehaald." in client.page(address).words


def test_a_file_with_words_whose_time_is_over_is_not_given_any_more(
    client: Client, cast: Cast, told: Told, sent_jobs: Sent
) -> None:
    show_quote(told, ends_on=today())
    client.as_(cast.councillor).submit(f"/almere/trajecten/{told.plan.id}/monitor/meenemen", form="docx")
    carry_out(sent_jobs, Job.WRITE_EXPORT)
    export = db.scalars(sa.select(Export)).one()
    told.stories[0].ends_on = today() - timedelta(days=1)
    db.commit()
    assert client.get(f"/almere/meenemen/{export.id}/bestand").status_code == 302
    assert "Dit bestand is weggehaald." in client.page(f"/almere/meenemen/{export.id}").words
    db.expire_all()
    assert export.file is None


def test_a_story_that_goes_less_far_takes_back_the_files_that_hold_it_and_no_adopted_part(
    client: Client, cast: Cast, told: Told, sent_jobs: Sent
) -> None:
    show_quote(told, Reach.PUBLIC)
    client.as_(cast.councillor).submit(f"/almere/trajecten/{told.plan.id}/monitor/meenemen", form="docx")
    carry_out(sent_jobs, Job.WRITE_EXPORT)
    for reach, state in ((Reach.COUNCIL, State.READY), (Reach.WORKING_GROUP, State.WITHDRAWN)):
        kept.consent(told.stories[0], Allowed(reach, False), form_version="1", given_by=GivenBy.NARRATOR)
        carry_out(sent_jobs, Job.FORGET_STORY)
        assert db.scalars(sa.select(Export.state)).one() == state
    assert told.stories[0].cleared_at is not None


# --- What the council adopted ---------------------------------------------------------------------------------------


def test_of_an_adopted_version_the_voice_goes_and_every_other_part_keeps_its_bytes(
    client: Client, cast: Cast, told: Told, sent_jobs: Sent
) -> None:
    for words, leaning in ((WORDS, Leaning.NOT_WELL), (OTHER, Leaning.WELL)):
        told.tell(words, leaning=leaning)
    block = Stories(id=uuid4(), goal_id=told.goal.id, excerpt_ids=tuple(one.id for one in told.excerpts))
    operations.first_monitor(told.plan.id).shaped = True
    told.show(block, publish=False)
    version = make_adopted(told.plan)
    db.commit()
    before = {part.key: (part.content, part.hash) for part in db.scalars(sa.select(AdoptedPart))}
    assert "zilverbrasem" not in str(before)
    shown = f"/almere/vastgesteld/{told.plan.id}/{version.edition}"
    client.as_(cast.councillor)
    assert WORDS in client.page(shown).words
    archive = client.get(f"{shown}/archief.zip").data
    with ZipFile(io.BytesIO(archive)) as files:
        assert "zilverbrasem" in files.read("index.html").decode()
        assert "Gooi ze dan weg." in files.read("README.txt").decode()
        assert all(b"zilverbrasem" not in files.read(name) for name in files.namelist() if "delen/" in name)

    assert [place.where for place in quoting.quoted_in(told.stories[0].id)] == [Where.MONITOR, Where.ADOPTED]
    withdraw(told, sent_jobs)
    assert quoting.quoted_in(told.stories[0].id) == []
    after = {part.key: part for part in db.scalars(sa.select(AdoptedPart))}
    changed = [key for key, part in after.items() if (part.content, part.hash) != before[key]]
    assert len(changed) == 1
    assert after[changed[0]].content == b'{"kind":"withdrawn","text":"bron ingetrokken"}'
    assert after[changed[0]].hash == before[changed[0]][1]
    page = client.page(shown)
    assert WORDS not in page.words
    assert OTHER in page.words
    assert "De bron van dit deel is ingetrokken." in page.words
    assert client.page(f"/almere/trajecten/{told.plan.id}/spoor").status == 200
    assert client.page(f"/almere/vastgesteld/{told.plan.id}/verschil").status == 200
    with ZipFile(io.BytesIO(client.get(f"{shown}/archief.zip").data)) as files:
        assert all(b"zilverbrasem" not in files.read(name) for name in files.namelist())
    carry_out([(Job.FORGET_STORY, job) for job in [_job(told, cast)]], Job.FORGET_STORY)
    again = {part.key: part.withdrawn_at for part in db.scalars(sa.select(AdoptedPart))}
    assert again == {key: part.withdrawn_at for key, part in after.items()}, "twice does no more than once"


def _job(told: Told, cast: Cast) -> dict[str, str]:
    return {"story_id": str(told.stories[0].id), "council_id": str(cast.almere.id)}


def test_words_that_a_coder_changed_later_are_not_shown_as_adopted(
    client: Client, cast: Cast, told: Told
) -> None:
    show_quote(told)
    version = make_adopted_of(told)
    told.excerpts[0].words = "Andere woorden."
    db.commit()
    page = client.as_(cast.clerk).page(f"/almere/vastgesteld/{told.plan.id}/{version}")
    assert "Andere woorden." not in page.words
    assert "Deze woorden zijn later veranderd." in page.words
    assert "Andere woorden." in client.page(monitor_page(told)).words


def make_adopted_of(told: Told) -> str:
    """What is published already, adopted."""
    operations.first_monitor(told.plan.id).published = None
    edition = make_adopted(told.plan).edition
    db.commit()
    return edition


# --- Residents ------------------------------------------------------------------------------------------------------


def test_residents_read_what_was_ticked_and_is_shared_with_everyone(
    client: Client, cast: Cast, told: Told, sent_jobs: Sent
) -> None:
    block = show_quote(told, Reach.PUBLIC)
    hidden = told.tell(OTHER)
    closed = Quote(id=uuid4(), goal_id=told.goal.id, excerpt_id=hidden.id)
    told.show(closed)
    choose = f"/almere/inwoners/monitors/{told.monitor.id}"
    client.as_(cast.clerk)
    page = client.page(choose)
    assert WORDS in page.words
    assert OTHER not in page.words
    assert "Niet elke verteller deelt deze woorden met iedereen." in page.words
    client.send(choose, blok=[str(block.id), str(closed.id)])
    assert WORDS in client.page(f"{choose}/voorbeeld").words
    assert "Gepubliceerd" in client.submit(f"{choose}/publiceren").words
    stored = str(db.scalars(sa.text("SELECT content::text FROM publication_page")).all())
    assert str(told.excerpts[0].id) in stored
    assert "zilverbrasem" not in stored
    client.as_(None)
    for address in (PAGE, f"{PAGE}/blok/{block.id}"):
        text = client.get(address).text
        assert WORDS in text
        assert "In een gesprek, maart 2026" in text
        assert "moeder van twee" not in text.lower(), "a visitor does not read who somebody is"
        assert OTHER not in text
        assert "Inwoners op 1 januari" not in text, "a figure that stays behind is not named"
    assert Where.RESIDENTS in {place.where for place in _quoted(told, cast)}
    kept.consent(told.stories[0], Allowed(Reach.COUNCIL, False), form_version="1", given_by=GivenBy.NARRATOR)
    carry_out(sent_jobs, Job.FORGET_STORY)
    for address in (PAGE, f"{PAGE}/blok/{block.id}"):
        assert "zilverbrasem" not in client.get(address).text
    assert WORDS in client.as_(cast.clerk).page(monitor_page(told)).words


def test_the_narrator_reads_where_the_own_words_stand_and_nothing_of_others(
    client: Client, cast: Cast, told: Told
) -> None:
    made = told.tell(WORDS, teller="moeder van twee")
    operations.first_monitor(told.plan.id).shaped = True
    told.show(Quote(id=uuid4(), goal_id=told.goal.id, excerpt_id=made.id), publish=False)
    version = make_adopted(told.plan)
    told.tell(OTHER)
    own, others = (f"/verteller/{kept.narrator_link(story)}" for story in told.stories)
    db.commit()
    assert "in de monitor" not in client.page(others).words
    words = client.page(own).words
    assert "Een stukje van uw verhaal staat in de monitor" in words
    assert f"vastgesteld, versie {version.edition}. Een stukje van uw verhaal staat erin." in words
    assert "die iedereen kan lezen" not in words


def _quoted(told: Told, cast: Cast) -> list[quoting.Quoted]:
    from workbench.core.tenancy import act_for

    act_for(db, cast.almere.id)
    return quoting.quoted_in(told.stories[0].id)


# --- The balance ----------------------------------------------------------------------------------------------------


def test_the_balance_counts_stories_on_plan_matrix_and_monitor_until_they_go(
    client: Client, cast: Cast, told: Told, sent_jobs: Sent
) -> None:
    for number in range(2):
        told.tell(f"{WORDS} {number}", Reach.WORKING_GROUP)
    db.commit()
    client.as_(cast.councillor)
    places = [
        f"/almere/trajecten/{told.plan.id}/doelen",
        f"/almere/trajecten/{told.plan.id}/dekking",
        f"/almere/doelen/{told.goal.id}",
        monitor_page(told),
    ]
    for address in places:
        words = client.page(address).words
        assert "1 verhaalbron, 2 verhalen, het laatst op 2 maart 2026" in words, address
        assert "1 cijfer" in words or "één cijfer" in words, address
        assert "verhalen zijn" not in words
        assert "nog niet gedaan" not in words, "somebody told, though nobody wrote down when"
        assert "Wie kan hierover vertellen?" not in words
    withdraw(told, sent_jobs)
    for address in places:
        words = client.page(address).words
        assert "2 verhalen" not in words, address
        assert "1 verhaalbron, 1 verhaal, het laatst op 2 maart 2026" in words, address
        assert "Eén verhaal is één stem. Wie ziet het anders?" in words, address
    kept.end(told.stories[1], StoryState.WITHDRAWN)
    carry_out(sent_jobs, Job.FORGET_STORY)
    for address in places:
        assert "Wie kan hierover vertellen?" in client.page(address).words, address


def test_no_format_holds_words(client: Client, cast: Cast, told: Told) -> None:
    show_quote(told)
    assert "zilverbrasem" not in str(db.scalars(sa.select(MonitorFormat.tree)).all())
