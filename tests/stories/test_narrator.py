"""A narrator tells without an account, is asked one thing at a time, and can always see, change and stop."""

import hashlib
import io
import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from tests.client import Client, Page
from tests.factories import Cast
from tests.privacy.looking import in_redis
from tests.stories.making import excerpt, make_source
from workbench.accounts import operations as accounts
from workbench.accounts.models import Audience, Person
from workbench.core.audit import AuditEntry
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.language import Language
from workbench.core.tenancy import act_as, act_for, open_door
from workbench.knowledge.calendar.models import today
from workbench.stories.kept import operations as kept
from workbench.stories.kept.codes import LETTERS, derived_code, new_code, read_code
from workbench.stories.kept.models import (
    Consent,
    GivenBy,
    OwnReading,
    Sealing,
    Story,
    StoryKey,
    StorySealed,
    StoryWords,
)
from workbench.stories.kept.visibility import Allowed, Reach, State
from workbench.stories.models import Basis, Stage, StorySource
from workbench.stories.narrator import operations, queries
from workbench.stories.narrator.forms import PARTS_CHOICES, REACH_CHOICES, UNTIL_CHOICES
from workbench.stories.narrator.lines import LINES
from workbench.stories.narrator.models import StoryMessage
from workbench.stories.narrator.told import FORM_VERSION, Age, Gap, Told, read_told
from workbench.stories.taking_in.operations import read_story
from workbench.stories.taking_in.queries import settings

WORDS = "Ik wachtte vier maanden op hulp. Mijn buurvrouw zilverbrasem hielp."
SAFE = "Ik wachtte vier maanden op hulp. [mijn buurvrouw] hielp."
MARK = "zilverbrasem"
M4A = b"\x00\x00\x00\x18ftypM4A " + bytes(400)


# --- Codes and choices ----------------------------------------------------------------------------------------------


@given(st.sampled_from(["", "-", " ", ". "]), st.booleans())
def test_a_code_is_read_however_it_is_typed(between: str, lower: bool) -> None:
    code = new_code()
    typed = code.replace("-", between).replace("1", "l").replace("0", "o")
    assert read_code(typed.lower() if lower else typed) == code


@pytest.mark.parametrize(
    "typed", ["", "ABCD", "K7QD-9XYZ-K7QD-9XY", "K7QD-9XYZ-K7QD-9XYU", "é" * 16, "\x00" * 16]
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_a_code_holds_eighty_bits_and_one_of_a_source_needs_the_secret() -> None:
    assert len(LETTERS) == 32
    assert len(new_code().replace("-", "")) == 16
    assert derived_code("geheim", "a") == derived_code("geheim", "a")
    assert len({derived_code("geheim", "a"), derived_code("ander", "a"), derived_code("geheim", "b")}) == 3


told = st.builds(
    Told,
    version=st.integers(0, 9),
    reach=st.none() | st.sampled_from(Reach),
    quotes_only=st.none() | st.booleans(),
    ends_on=st.none() | st.dates(),
    teller=st.text(max_size=9),
    age=st.none() | st.sampled_from(Age),
    remark=st.text(max_size=9),
)


@given(told)
def test_what_was_chosen_comes_back_from_its_seal(chosen: Told) -> None:
    assert read_told(chosen.as_bytes()) == chosen
    assert read_told(None) == Told()


@given(told, st.booleans())
def test_a_story_can_be_sent_only_with_words_a_reach_and_an_age(chosen: Told, has_words: bool) -> None:
    gaps = chosen.gaps(has_words=has_words)
    assert (Gap.WORDS in gaps) == (not has_words)
    assert (Gap.REACH in gaps) == (chosen.reach is None)
    assert (Gap.PARENT in gaps) == (chosen.age is Age.ALONE)
    assert (gaps == []) == (
        has_words and chosen.reach is not None and chosen.age in (Age.GROWN, Age.WITH_PARENT)
    )


# --- Making ---------------------------------------------------------------------------------------------------------


def asking(**facts: Any) -> StorySource:
    """A source that asks for stories now."""
    return make_source(
        **{
            "stage": Stage.COLLECTING,
            "topics": "Wachten\n\nWie hielp u?",
            "purpose": "Zo weet de raad hoe het echt gaat.",
            "collector": "Team Onderzoek",
            "asks_narrator": True,
            "keep_until": today() + timedelta(days=400),
            **facts,
        }
    )


@pytest.fixture
def code(cast: Cast) -> str:
    """The code of a source of Almere that asks for stories."""
    source = asking()
    operations.open_source(source, today())
    db.flush()
    made = operations.code_of_source(source)
    assert made
    db.commit()
    return made


@pytest.fixture
def phone(client: Client) -> Client:
    return client.as_(None)


def begin(phone: Client, code: str) -> str:
    """The own code, after 'Ik wil vertellen'."""
    page = phone.submit(f"/vertel/{code}")
    assert page.title == "Vertel"
    return str(page.form().get("action")).split("/")[2]


def tell(phone: Client, code: str, words: str = WORDS, **answers: str) -> str:
    """Tell and answer everything, up to sending."""
    own = begin(phone, code)
    path = f"/verteller/{own}"
    page = phone.submit(f"{path}/tekst", text=words)
    assert page.title == "Bewaar deze code"
    assert own in page.words
    assert phone.submit(f"{path}/code").title == "Wie mag uw verhaal lezen?"
    phone.submit(f"{path}/vraag/lezers", reach=answers.get("reach", "council"))
    phone.submit(f"{path}/vraag/deel", parts=answers.get("parts", "whole"))
    phone.submit(f"{path}/vraag/tijd", until="year")
    phone.submit(f"{path}/vraag/betekenis", line0="20", line1="", line2="100")
    phone.submit(f"{path}/vraag/verteller", teller="moeder van twee kinderen")
    page = phone.submit(f"{path}/vraag/leeftijd", age=answers.get("age", "grown"))
    assert page.title == "Klopt het zo?"
    return own


def tell_and_send(phone: Client, code: str, **answers: str) -> str:
    own = tell(phone, code, **answers)
    page = phone.submit(f"/verteller/{own}/versturen")
    assert "nummer 1" in page.title
    return own


def story_of(own: str) -> Story:
    db.expire_all()
    story = operations.enter_story(own)
    assert story is not None
    return story


def make_safe(cast: Cast, own: str, text: str = SAFE) -> Story:
    """What collectors do between sending and reading back."""
    story = story_of(own)
    story.state = State.TO_CHECK
    db.flush()
    kept.make_safe(story, text, by=cast.officer.id, teller="moeder")
    db.commit()
    return story_of(own)


def everything() -> str:
    """All that stands in tables this session reads, as text."""
    names = db.scalars(
        sa.text(
            "SELECT DISTINCT table_name FROM information_schema.role_table_grants WHERE grantee = 'web'"
            " AND privilege_type = 'SELECT' AND table_schema = 'public'"
        )
    ).all()
    return "".join(
        str(db.scalar(sa.text(f"SELECT string_agg(t::text, ' ') FROM {name} t"))) for name in names
    )


# --- The door of a source -------------------------------------------------------------------------------------------


def test_a_collector_opens_renews_and_closes_the_door_and_prints_a_card(client: Client, cast: Cast) -> None:
    source = asking(name="Verhalen over wachten")
    db.commit()
    at = f"/almere/verhaalbronnen/{source.id}"
    officer = client.as_(cast.officer)
    assert officer.page(f"{at}/vertelkaart").location.endswith("/vertelpagina")
    opened = follow(officer, officer.send(f"{at}/vertelpagina", doe="open"))
    address = urlsplit(opened.link("/vertel/")).path
    card = officer.page(f"{at}/vertelkaart")
    assert address.rpartition("/")[2] in card.words
    assert "<svg" in card.text
    assert client.as_(None).page(address).status == 200
    renewed = follow(client.as_(cast.officer), officer.send(f"{at}/vertelpagina", doe="open"))
    assert urlsplit(renewed.link("/vertel/")).path != address
    assert client.as_(None).page(address).status == 404
    client.as_(cast.officer).send(f"{at}/vertelpagina", doe="sluit")
    assert client.as_(None).page(urlsplit(renewed.link("/vertel/")).path).status == 404


def follow(client: Client, page: Page) -> Page:
    assert page.status == 302, page.text
    return client.page(page.location)


@pytest.mark.parametrize(
    "facts",
    [
        {"stage": Stage.PLANNED},
        {"stage": Stage.DONE},
        {"basis": None},
        {"ends_on": today() - timedelta(days=1)},
        {"keep_until": today() - timedelta(days=1)},
    ],
)
def test_a_door_opens_only_while_stories_are_collected_on_a_ground_of_the_law(
    client: Client, cast: Cast, facts: dict[str, Any]
) -> None:
    source = asking()
    operations.open_source(source, today())
    code = operations.code_of_source(source)
    for name, value in facts.items():
        setattr(source, name, value)
    db.commit()
    assert client.as_(None).page(f"/vertel/{code}").status == 404
    with pytest.raises(Conflict, match="grond van de wet"):
        operations.open_source(source, today())


def test_readers_and_councillors_have_no_door_to_open(client: Client, cast: Cast) -> None:
    source = asking()
    db.commit()
    for role in ("councillor", "reader", "executive"):
        assert (
            client.as_(cast[role]).get(f"/almere/verhaalbronnen/{source.id}/vertelpagina").status_code == 403
        )


# --- Telling --------------------------------------------------------------------------------------------------------


def test_the_first_page_says_who_what_and_until_when_before_it_asks(phone: Client, code: str) -> None:
    page = phone.page(f"/vertel/{code.lower()}")
    for fact in (
        "Zo weet de raad hoe het echt gaat.",
        "Team Onderzoek",
        "toestemming",
        "Autoriteit Persoonsgegevens",
        "functionaris gegevensbescherming",
        "112",
        "0800-2000",
        "huisarts",
        "het hoeft niet",
        "Almere",
    ):
        assert fact in page.words, fact


def test_the_first_page_gives_the_address_of_the_data_protection_officer_once_it_is_known(
    phone: Client, code: str, cast: Cast
) -> None:
    assert "Vraag bij de gemeente Almere" in phone.page(f"/vertel/{code}").words
    db.add(settings())
    db.scalars(sa.select(type(settings()))).one().officer_email = "fg@almere.example"
    db.commit()
    assert "fg@almere.example" in phone.page(f"/vertel/{code}").words


def test_a_narrator_tells_answers_and_sends(phone: Client, code: str, cast: Cast) -> None:
    own = tell_and_send(phone, code)
    story = story_of(own)
    assert (story.state, story.number, story.reach, story.quotes_only) == (
        State.RECEIVED,
        1,
        Reach.COUNCIL,
        False,
    )
    assert story.ends_on is not None
    assert kept.unsealed(story.id, Sealing.RAW) == WORDS.encode()
    assert operations.told(story).teller == "moeder van twee kinderen"
    reading = operations.own_reading(story)
    assert reading is not None
    assert reading.answers == [20, None, 100]
    assert [item["question"] for item in reading.questions] == [str(line.question) for line in LINES]
    given = db.scalars(sa.select(Consent).where(Consent.story_id == story.id)).one()
    assert (given.given_by, given.form_version) == (GivenBy.NARRATOR, "verteller-2")


def test_until_it_is_sent_no_member_sees_that_there_is_a_story(phone: Client, code: str, cast: Cast) -> None:
    own = tell(phone, code)
    story = story_of(own)
    story_id = story.id
    assert MARK not in everything()
    db.commit()
    for role in ("officer", "clerk"):
        open_door(db, "")
        act_as(db, cast[role].id)
        for model in (Story, StoryKey, StorySealed, OwnReading, Consent):
            column = Story.id if model is Story else model.story_id  # type: ignore[attr-defined]
            assert db.scalars(sa.select(model).where(column == story_id)).all() == [], model
        db.commit()
    assert db.scalar(sa.select(sa.func.count()).where(AuditEntry.action.like("story%"))) == 0
    act_as(db, None)
    phone.submit(f"/verteller/{own}/versturen")
    act_as(db, cast.officer.id)
    assert db.scalar(sa.select(Story.number).where(Story.id == story_id)) == 1
    act_as(db, None)


def test_pressing_begin_or_send_twice_makes_one_story(phone: Client, code: str, cast: Cast) -> None:
    fresh = new_code()
    for _ in range(2):
        assert phone.send(f"/vertel/{code}", code=fresh).location.endswith(f"/{fresh}/tekst")
    assert db.scalar(sa.select(sa.func.count()).select_from(Story)) == 1
    own = tell(phone, code)
    for _ in range(2):
        assert phone.send(f"/verteller/{own}/versturen").location.endswith(own)
    assert db.scalar(sa.select(sa.func.count()).select_from(Consent)) == 1
    assert story_of(own).number == 1


def test_a_story_is_begun_with_a_real_code_only(phone: Client, code: str) -> None:
    for wrong in ("", "1234", "x" * 500):
        page = phone.send(f"/vertel/{code}", code=wrong)
        assert (page.status, page.title) == (409, "Dit kan nu niet")
    assert phone.send(f"/vertel/{code}", code=code).status == 409, (
        "the code of a source is no code of a story"
    )


def test_what_is_typed_is_saved_on_the_way_and_two_windows_lose_nothing(phone: Client, code: str) -> None:
    own = begin(phone, code)
    at = f"/verteller/{own}/tekst"
    asks = {"Accept": "application/json"}
    first = phone.post(at, data={"text": "Eerst dit.", "base_version": "0"}, headers=asks)
    assert first.get_json()["version"] == 1
    again = phone.post(at, data={"text": "Eerst dit.", "base_version": "0"}, headers=asks)
    assert again.get_json()["version"] == 1, "heard before"
    other = phone.post(at, data={"text": "Iets anders.", "base_version": "0"}, headers=asks)
    assert other.status_code == 409
    assert other.get_json()["theirs"] == [{"label": "Uw verhaal", "text": "Eerst dit."}]
    page = phone.send(at, text="Iets anders.", base_version="0")
    assert page.status == 409
    assert "Eerst dit." in page.words
    assert page.form().find("textarea").get_text().strip() == "Iets anders."  # type: ignore[union-attr]
    assert phone.page(at).form().find("textarea").get_text().strip() == "Eerst dit."  # type: ignore[union-attr]


def test_twenty_thousand_characters_fit_and_one_more_is_kept_in_the_field(phone: Client, code: str) -> None:
    own = begin(phone, code)
    at = f"/verteller/{own}/tekst"
    assert phone.send(at, text="a" * 20_000, base_version="0").status == 302
    page = phone.send(at, text="b" * 20_001, base_version="1")
    assert page.status == 422
    assert "20001" in page.words
    assert "b" * 20_001 in page.text


def test_html_in_a_story_is_text(phone: Client, code: str, cast: Cast) -> None:
    own = tell(phone, code, words='<script>alert("x")</script><b>dik</b>')
    assert "&lt;script&gt;" in phone.page(f"/verteller/{own}/versturen").text
    phone.send(f"/verteller/{own}/versturen")
    make_safe(cast, own, "<script>alert(1)</script> [<b>mijn zoon</b>]")
    page = phone.page(f"/verteller/{own}/lezen")
    assert "<script>alert" not in page.text
    assert "<b>" not in page.text


def test_an_empty_story_or_one_without_answers_is_not_sent(phone: Client, code: str) -> None:
    own = begin(phone, code)
    page = phone.send(f"/verteller/{own}/versturen")
    assert page.status == 422
    for gap in ("Vertel eerst iets", "Kies wie het mag lezen", "Zeg hoe oud u bent"):
        assert gap in page.words
    assert story_of(own).state == State.TELLING


def test_under_sixteen_a_parent_is_asked_first(phone: Client, code: str) -> None:
    own = tell(phone, code)
    page = phone.submit(f"/verteller/{own}/vraag/leeftijd", age="alone")
    assert page.title == "Vraag het eerst thuis"
    assert phone.send(f"/verteller/{own}/versturen").status == 422
    phone.submit(f"/verteller/{own}/vraag/leeftijd", age="with_parent")
    phone.submit(f"/verteller/{own}/versturen")
    assert db.scalar(sa.select(Consent.form_version)) == "verteller-2 met ouder"
    phone.submit(f"/verteller/{own}/toestemming", reach="working_group")
    versions = db.scalars(sa.select(Consent.form_version)).all()
    assert versions == ["verteller-2 met ouder"] * 2


def test_a_day_that_is_past_is_refused_and_one_to_come_is_kept(phone: Client, code: str) -> None:
    own = begin(phone, code)
    at = f"/verteller/{own}/vraag/tijd"
    assert "al voorbij" in phone.send(at, until="day", ends_on="1-1-2020").words
    assert "Vul hieronder de dag in" in phone.send(at, until="day", ends_on="").words
    later = today() + timedelta(days=30)
    assert phone.send(at, until="day", ends_on=f"{later:%d-%m-%Y}").status == 302
    assert operations.told(story_of(own)).ends_on == later


@pytest.mark.parametrize("typed", ["101", "-1", "veel"])
def test_a_place_off_the_line_is_refused(phone: Client, code: str, typed: str) -> None:
    own = begin(phone, code)
    page = phone.send(f"/verteller/{own}/vraag/betekenis", line0=typed, line1="5", line2="")
    assert page.status == 422
    assert operations.own_reading(story_of(own)) is None


def post_sound(phone: Client, address: str, sound: bytes) -> TestResponse:
    """As a browser sends a file; the client of the tests would put a large one in a file that it leaves open."""
    head = b'--grens\r\nContent-Disposition: form-data; name="file"; filename="a.m4a"\r\n\r\n'
    body = head + sound + b"\r\n--grens--\r\n"
    return phone.post(address, data=body, content_type="multipart/form-data; boundary=grens")


def test_a_recording_comes_in_sealed_and_is_gone_once_it_is_written_out(
    client: Client, code: str, cast: Cast
) -> None:
    phone = client.as_(None)
    own = begin(phone, code)
    at = f"/verteller/{own}/opname"
    wrong = Page(phone.post(at, data={"file": (io.BytesIO(b"gewone tekst"), "a.mp3")}))
    assert wrong.status == 422
    assert "geen geluid" in wrong.words
    assert Page(phone.post(at, data={})).status == 422
    large = Page(post_sound(phone, at, M4A + bytes(10 * 1024 * 1024)))
    assert (large.status, "10 MB" in large.words) == (422, True)
    brought = M4A + MARK.encode() + bytes(3 * 1024 * 1024)
    assert post_sound(phone, at, brought).status_code == 302
    story = story_of(own)
    assert kept.unsealed(story.id, Sealing.AUDIO) == brought
    assert MARK not in everything()
    operations.choose(story, reach=Reach.COUNCIL, quotes_only=True, age=Age.GROWN)
    db.commit()
    phone.submit(f"/verteller/{own}/versturen")
    officer = client.as_(cast.officer)
    read_story(story.id, Language("nl"))
    db.commit()
    place = f"/almere/verhalen/{story.id}"
    assert officer.get(f"{place}/geluid").data == brought
    assert db.scalar(sa.select(AuditEntry.person_id).where(AuditEntry.action == "story_opened"))
    officer.submit(f"{place}/uitschrijven", text="Wat zij zei.")
    read_story(story.id, Language("nl"))
    db.commit()
    read_story(story_of(own).id, Language("nl"))
    db.commit()
    officer.submit(f"{place}/bevestiging", is_read="y")
    assert kept.unsealed(story.id, Sealing.AUDIO) is None
    assert officer.get(f"{place}/geluid").status_code == 404


def test_a_recording_that_is_much_too_large_is_refused_on_its_own_page(phone: Client, code: str) -> None:
    at = f"/verteller/{begin(phone, code)}/opname"
    page = Page(post_sound(phone, at, M4A + bytes(11 * 1024 * 1024)))
    assert (page.status, page.title) == (413, "Neem uw verhaal op")
    assert "hooguit 10 MB" in page.words
    assert "2 MB" not in page.words


@pytest.mark.parametrize(
    "start",
    [M4A, b"\0\0\0\x20ftyp3gp4", b"ID3\x04", b"\xff\xfb\x90", b"\xff\xf2\x40", b"\xff\xe3\x18", b"OggS\0",
     b"\x1aE\xdf\xa3", b"RIFF0000WAVE", b"fLaC\0", b"caff\0\1", b"#!AMR\n"],
)  # fmt: skip
def test_what_phones_record_is_known_as_sound(phone: Client, code: str, start: bytes) -> None:
    at = f"/verteller/{begin(phone, code)}/opname"
    assert phone.post(at, data={"file": (io.BytesIO(start + bytes(200)), "opname")}).status_code == 302


def test_a_recording_that_is_not_sent_can_be_thrown_away(phone: Client, code: str) -> None:
    own = begin(phone, code)
    at = f"/verteller/{own}/opname"
    phone.post(at, data={"file": (io.BytesIO(M4A), "a.m4a")})
    phone.send(at, weg="ja")
    assert not operations.has_sound(story_of(own))


def test_what_is_left_unsent_goes_after_thirty_days(phone: Client, code: str) -> None:
    own = tell(phone, code)
    story = story_of(own)
    assert kept.end_what_is_over(today() + timedelta(days=29)) == 0
    assert kept.end_what_is_over(today() + timedelta(days=32)) == 1
    assert (story.state, kept.unsealed(story.id, Sealing.RAW)) == (State.ENDED, None)


# --- Coming back ----------------------------------------------------------------------------------------------------


def test_one_comes_back_with_a_code_and_a_wrong_one_is_answered_as_none(phone: Client, code: str) -> None:
    own = tell(phone, code)
    typed = own.lower().replace("-", " ")
    assert follow(phone, phone.submit("/vertel", code=typed)).title == "Vertel"
    assert phone.submit("/vertel", code=code).title.startswith("Wilt u vertellen")
    answers = {
        plain(phone.page(f"/verteller/{wrong}").text) for wrong in (new_code(), "ABCD", code, "x" * 200, "é")
    }
    assert len(answers) == 1
    assert phone.page(f"/verteller/{new_code()}").status == 404
    assert phone.page(f"/vertel/{own}").status == 404, "the code of a story opens no source"
    assert phone.send("/vertel", code=new_code()).status == 422


def plain(html: str) -> str:
    """Without what differs between two visits anyway."""
    return re.sub(r'name="next" value="[^"]*"|/verteller/[^"]*', "", html)


def test_guessing_codes_is_limited(phone: Client, code: str) -> None:
    statuses = [phone.send("/vertel", code=new_code()).status for _ in range(25)]
    assert 429 in statuses
    assert set(statuses) == {422, 429}


def test_a_code_stands_in_addresses_and_on_the_page_as_on_paper(phone: Client, code: str) -> None:
    own = tell(phone, code)
    typed = own.lower().replace("-", " ")
    assert phone.submit("/vertel", code=typed).location.endswith(f"/verteller/{own}/tekst")
    assert own in phone.page(f"/verteller/{own.lower()}/code").words
    typed = f" {code.lower().replace('-', '')}."
    assert phone.send("/vertel", code=typed).location.endswith(f"/vertel/{code}")


def test_the_door_of_one_story_shows_no_other(phone: Client, code: str, cast: Cast) -> None:
    first, second = tell(phone, code, words="Verhaal een."), tell(phone, code, words="Verhaal twee.")
    assert "Verhaal twee." not in phone.page(f"/verteller/{first}/versturen").text
    assert story_of(first).id != story_of(second).id
    other = story_of(second)
    story_of(first)  # its door is open now
    other_reading = sa.update(OwnReading).where(OwnReading.story_id == other.id).values(answers=[1, 2, 3])
    assert db.execute(other_reading).rowcount == 0  # type: ignore[attr-defined]


def test_who_is_signed_in_tells_as_a_visitor(client: Client, code: str, cast: Cast) -> None:
    own = tell_and_send(client.as_(cast.officer), code)
    assert db.scalars(sa.select(AuditEntry.person_id).where(AuditEntry.action == "story_received")).all() == [
        None
    ]
    assert story_of(own).received_by_id is None
    assert "Officer van Almere" not in client.page(f"/verteller/{own}").text


def test_a_story_of_another_council_keeps_its_own_walls(client: Client, cast: Cast, code: str) -> None:
    own = tell_and_send(client.as_(None), code)
    story_id, person_id = story_of(own).id, cast.of_breda("officer").id
    act_for(db, cast.breda.id)
    assert db.get(Story, story_id) is None
    db.commit()
    breda = client.as_(db.get(Person, person_id))
    assert breda.get(f"/breda/verhalen/{story_id}/opname").status_code == 404


# --- After sending --------------------------------------------------------------------------------------------------


def test_the_narrator_reads_back_sees_what_was_replaced_and_says_yes(
    phone: Client, code: str, cast: Cast
) -> None:
    own = tell_and_send(phone, code)
    at = f"/verteller/{own}"
    assert "haalt er nu namen en adressen uit" in phone.page(at).words
    assert phone.page(f"{at}/lezen").location.endswith(own), "nothing to read yet"
    make_safe(cast, own)
    assert "Lees het en zeg of het zo mag" in phone.page(at).words
    page = phone.page(f"{at}/lezen")
    assert page.soup is not None
    assert [mark.get_text() for mark in page.soup.find_all("mark")] == ["[mijn buurvrouw]"]
    assert "moeder" in page.words
    assert story_of(own).state == State.WITH_NARRATOR
    done = phone.submit(f"{at}/lezen")
    assert "Uw verhaal doet mee." in done.words
    assert story_of(own).state == State.READY
    assert phone.send(f"{at}/lezen").status == 302, "in another window: the same answer"


def test_a_remark_reaches_who_makes_it_safe_and_is_gone_after_that(
    phone: Client, code: str, cast: Cast
) -> None:
    own = tell_and_send(phone, code)
    phone.submit(f"/verteller/{own}", _action="/opmerking", remark=f"Haal {MARK} weg.")
    story = story_of(own)
    assert operations.told(story).remark == f"Haal {MARK} weg."
    assert MARK not in everything()
    assert phone.send(f"/verteller/{own}/opmerking", remark="").status == 422
    story = make_safe(cast, own)
    assert kept.unsealed(story.id, Sealing.TOLD) is None
    assert phone.send(f"/verteller/{own}/opmerking", remark="Te laat.").status == 409


def test_the_narrator_changes_the_words_and_quotes_of_lost_words_go(
    phone: Client, code: str, cast: Cast
) -> None:
    own = tell_and_send(phone, code)
    story = make_safe(cast, own)
    gone = excerpt(story, "vier maanden", SAFE)
    gone_id = gone.id
    db.commit()
    at = f"/verteller/{own}/tekst"
    assert phone.send(at, text="", base_version="1").status == 422
    assert phone.submit(at, text="Ik wachtte lang op hulp.").title == "Zo lezen anderen uw verhaal"
    story = story_of(own)
    assert story.gone == [gone_id]
    assert db.scalar(sa.select(StoryWords.text)) == "Ik wachtte lang op hulp."
    page = phone.send(at, text="Uit een oud venster.", base_version="1")
    assert page.status == 409
    assert "Ik wachtte lang op hulp." in page.words


def test_a_name_in_a_changed_text_is_asked_about_before_anybody_reads_it(
    phone: Client, code: str, cast: Cast
) -> None:
    own = tell_and_send(phone, code)
    make_safe(cast, own)
    at, changed = f"/verteller/{own}/tekst", f"{SAFE} Fatima el Idrissi belde, vanaf 06-12345678."
    page = phone.submit(at, text=changed)
    assert page.status == 422
    assert "Fatima el Idrissi" in page.words
    assert "06-12345678" in page.words
    assert "Idrissi" not in everything()
    assert page.form(at).find("textarea").get_text().strip() == changed  # type: ignore[union-attr]
    version = str(page.form(at).find(attrs={"name": "base_version"})["value"])  # type: ignore[index]
    assert phone.send(at, text=changed, base_version=version, toch="ja").status == 302
    assert "Idrissi" in everything(), "it is up to the narrator"
    phone.submit(at, text=f"{changed} En toen was het goed.")
    assert "toen was het goed" in everything(), "what stays is not asked again"


def test_allowing_less_holds_at_once_and_is_written_down(phone: Client, code: str, cast: Cast) -> None:
    own = tell_and_send(phone, code, reach="public")
    make_safe(cast, own)
    phone.submit(f"/verteller/{own}/lezen")
    page = phone.submit(
        f"/verteller/{own}/toestemming", reach="working_group", parts="quotes", until="as-long"
    )
    assert "alleen de werkgroep" in page.words
    story = story_of(own)
    assert story.allowed == Allowed(Reach.WORKING_GROUP, True, None)
    assert db.scalar(sa.select(sa.func.count()).select_from(Consent)) == 2
    phone.submit(f"/verteller/{own}/toestemming")
    assert db.scalar(sa.select(sa.func.count()).select_from(Consent)) == 2, "nothing changed"


def test_the_narrator_reads_when_what_was_allowed_and_until_when(
    phone: Client, code: str, cast: Cast
) -> None:
    own = tell(phone, code, age="with_parent")
    page = phone.page(f"/verteller/{own}/versturen")
    assert "je ouder of verzorger vindt het goed" in page.words
    last = page.words.split("Tot en met ")[1].split(".")[0]
    assert f"Het blijft tot en met {last}." in page.words, "also while it is told"
    phone.submit(f"/verteller/{own}/versturen")
    words = phone.page(f"/verteller/{own}").words
    assert f"Dat mag tot en met {last}." in words
    assert "U koos dit zelf op" in words
    assert "versie 2. Je ouder of verzorger vond het goed." in words


def test_each_reads_the_three_questions_in_ones_own_language(phone: Client, code: str, cast: Cast) -> None:
    own = tell(phone, code)
    phone.send("/taal", language="en", next="/vertel")
    phone.submit(f"/verteller/{own}/vraag/betekenis", line0="30", line1="60", line2="")
    assert "Who decided? 60" in phone.page(f"/verteller/{own}/versturen").words
    reading = operations.own_reading(story_of(own))
    assert reading is not None
    assert reading.questions[1]["question"] == "Wie besliste?", (
        "kept in one language, so that stories lie side by side"
    )
    phone.send("/taal", language="nl", next="/vertel")
    assert "Wie besliste? 60" in phone.page(f"/verteller/{own}/versturen").words


def test_who_changes_the_explanation_gives_it_a_new_version() -> None:
    """A consent says by its version what was explained; earlier explanations stand in the history of forms.py."""
    explained = [
        str(text) for texts in (REACH_CHOICES, PARTS_CHOICES, UNTIL_CHOICES) for text in texts.values()
    ]
    digest = hashlib.sha256("\n".join(explained).encode()).hexdigest()[:12]
    assert (FORM_VERSION, digest) == ("verteller-2", "5616d5cee6f1")


def test_a_collector_neither_allows_nor_speaks_for_a_narrator_with_a_page_of_ones_own(
    client: Client, code: str, cast: Cast
) -> None:
    own = tell_and_send(client.as_(None), code, reach="working_group")
    story = make_safe(cast, own)
    officer = client.as_(cast.officer)
    at = f"/almere/verhalen/{story.id}"
    assert "een code die niemand anders kent" in officer.page(f"{at}/verwerking").words
    assert officer.post(f"{at}/eigen-link").status_code == 409
    wider = officer.post(f"{at}/toestemming", data={"how": "hardop", "reach": "public"})
    assert (wider.status_code, story_of(own).reach) == (409, Reach.WORKING_GROUP)


def test_an_interviewed_narrator_who_used_the_page_keeps_it_alone(
    client: Client, code: str, cast: Cast
) -> None:
    story = kept.receive(
        db.scalars(sa.select(StorySource)).one(),
        kept.Way.TYPED,
        by=None,
        sealed={Sealing.RAW: b"Een gesprek."},
    )
    own = kept.narrator_link(story)
    kept.narrator_link(story)  # the paper got lost before it was used
    db.commit()
    client.as_(None).submit(f"/verteller/{own}/betekenis", line0="50")
    with pytest.raises(Conflict, match="eigen bladzijde"):
        kept.narrator_link(story_of(own))


def test_a_narrator_without_a_code_asks_a_member_to_take_it_back(
    client: Client, code: str, cast: Cast
) -> None:
    own = tell_and_send(client.as_(None), code)
    story = make_safe(cast, own)
    clerk = client.as_(cast.clerk)
    at = f"/almere/verhalen/{story.id}"
    assert clerk.post(f"{at}/verwijdering").status_code == 422, "how was it asked?"
    assert story_of(own).state is State.WITH_NARRATOR
    act_for(db, cast.almere.id)
    assert clerk.send(f"{at}/verwijdering", asked="papier").status == 302
    assert story_of(own).state is State.WITHDRAWN
    newest = db.scalars(sa.select(Consent).order_by(Consent.given_at.desc())).first()
    assert newest is not None
    assert (newest.reach, newest.form_version, newest.given_by) == (None, "papier", GivenBy.COLLECTOR)
    written = db.scalars(sa.select(AuditEntry).where(AuditEntry.action == "story_withdrawn")).one()
    assert written.person_id == cast.clerk.id
    assert "Uw verhaal is verwijderd" in client.as_(None).page(f"/verteller/{own}/bewijs").title


def test_nobody_removes_what_a_narrator_said_but_with_the_story(phone: Client, code: str, cast: Cast) -> None:
    own = tell_and_send(phone, code)
    story = story_of(own)
    db.commit()
    open_door(db, "")
    act_for(db, cast.almere.id)
    act_as(db, cast.officer.id)
    for change in (sa.delete(OwnReading), sa.update(OwnReading).values(answers=[50, 50, 50])):
        db.execute(change)
        db.commit()
    act_as(db, None)
    assert db.scalars(sa.select(OwnReading.answers)).one() == [20, None, 100]
    kept.end(db.get_one(Story, story.id), State.ENDED)
    assert db.scalars(sa.select(OwnReading)).all() == []


def test_an_interviewed_narrator_gets_a_code_too_and_places_the_story(
    phone: Client, cast: Cast, code: str
) -> None:
    source = db.scalars(sa.select(StorySource)).one()
    story = kept.receive(
        source, kept.Way.TYPED, by=cast.officer.id, sealed={Sealing.RAW: b"Uit een gesprek."}
    )
    own = kept.narrator_link(story)
    db.commit()
    page = phone.page(f"/verteller/{own}")
    assert "U koos nog niet" in page.words
    phone.submit(f"/verteller/{own}/betekenis", line0="50")
    phone.submit(f"/verteller/{own}/toestemming", reach="council", parts="quotes", until="as-long")
    story = story_of(own)
    reading = operations.own_reading(story)
    assert reading is not None
    assert reading.answers == [50, None, None]
    assert story.reach == Reach.COUNCIL


def test_the_narrator_is_thanked_and_told_what_was_done(client: Client, code: str, cast: Cast) -> None:
    phone = client.as_(None)
    own, other = tell(phone, code), tell(phone, code)
    for path in (own, other):
        phone.submit(f"/verteller/{path}/versturen")
    make_safe(cast, own)
    story = story_of(own)
    excerpt(story, "vier maanden", SAFE)
    db.commit()
    officer = client.as_(cast.officer)
    at = f"/almere/verhaalbronnen/{story.source_id}/berichten"
    officer.submit(at, text="Dank u wel allemaal.", to="allen")
    officer.submit(at, text="Uw zin staat in de monitor.", to=str(story.id))
    client.as_(None)
    mine, theirs = phone.page(f"/verteller/{own}").words, phone.page(f"/verteller/{other}").words
    assert "Dank u wel allemaal." in mine
    assert "Dank u wel allemaal." in theirs
    assert "Uw zin staat in de monitor." in mine
    assert "Uw zin staat in de monitor." not in theirs
    assert "1 stukje gekozen" in mine
    phone.submit(f"/verteller/{own}/stop")
    assert db.scalars(sa.select(StoryMessage.text)).all() == ["Dank u wel allemaal."]


def test_a_message_to_one_narrator_stands_under_the_key_of_the_story(
    phone: Client, code: str, cast: Cast
) -> None:
    story = story_of(tell_and_send(phone, code))
    source = story.source
    operations.tell(source, f"Wij lazen over uw {MARK}.", story=story, by=cast.officer.id)
    db.commit()
    assert MARK not in everything()
    assert [message.text for message in queries.messages_of(source)] == [f"Wij lazen over uw {MARK}."]


def test_a_message_goes_to_a_story_of_its_own_source_only(cast: Cast, code: str, phone: Client) -> None:
    own = tell_and_send(phone, code)
    with pytest.raises(Conflict):
        operations.tell(asking(name="Een andere"), "Hallo", story=story_of(own), by=cast.officer.id)


# --- Stop -----------------------------------------------------------------------------------------------------------


def test_stop_asks_once_removes_everything_and_leaves_a_proof(
    phone: Client, code: str, cast: Cast, sent_jobs: list[tuple[str, dict[str, str]]]
) -> None:
    own = tell_and_send(phone, code)
    make_safe(cast, own, f"{SAFE} {MARK}")
    phone.submit(f"/verteller/{own}/lezen")
    assert MARK in everything()
    at = f"/verteller/{own}"
    assert "verwijderen?" in phone.page(f"{at}/stop").title
    page = phone.submit(f"{at}/stop")
    assert page.title == "Uw verhaal is verwijderd"
    for fact in ("Nummer van het verhaal 1", "alle woorden", "sleutel", "hier wordt nu aan gewerkt"):
        assert fact in page.words, fact
    assert MARK not in everything()
    story = story_of(own)
    assert story.state == State.WITHDRAWN
    assert [name for name, _payload in sent_jobs] == ["stories.read_story", "stories.forget_story"]
    kept.cleared(story.id, story.gone)
    db.commit()
    proof = phone.get(f"{at}/bewijs.txt")
    assert proof.mimetype == "text/plain"
    assert "hier wordt nu aan gewerkt" not in proof.get_data(as_text=True)
    for path in ("", "/tekst", "/lezen", "/stop", "/toestemming", "/betekenis"):
        assert phone.page(f"{at}{path}").location.rpartition("/")[2] in ("bewijs", own), path
    assert phone.send(f"{at}/tekst", text="Toch weer.", base_version="0").status == 302
    assert phone.send(f"{at}/opmerking", remark="Hallo").status == 409


def test_who_stops_before_sending_leaves_nothing_that_a_member_sees(
    phone: Client, code: str, cast: Cast
) -> None:
    own = tell(phone, code)
    page = phone.submit(f"/verteller/{own}/stop")
    assert "het was nog niet verstuurd" in page.words
    db.commit()
    open_door(db, "")
    act_as(db, cast.clerk.id)
    assert db.scalars(sa.select(Story)).all() == []
    assert db.scalars(sa.select(AuditEntry.action).where(AuditEntry.action.like("story%"))).all() == []
    act_as(db, None)


# --- No traces ------------------------------------------------------------------------------------------------------


def test_words_and_codes_stand_in_no_log_job_audit_line_or_redis(
    app: Flask,
    phone: Client,
    code: str,
    cast: Cast,
    *,
    sent_jobs: list[Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    with capture_logs() as heard:
        own = tell_and_send(phone, code)
        phone.page(f"/verteller/{own}?x=%00")
        make_safe(cast, own)
        phone.submit(f"/verteller/{own}/stop")
    bare = own.replace("-", "")
    traces = json.dumps(
        [str(heard), caplog.text, str(sent_jobs), in_redis(app)]
        + [str(entry) for entry in db.scalars(sa.select(AuditEntry.facts))]
    )
    for secret in (MARK, own, bare, code, WORDS[:20]):
        assert secret not in traces
    assert own not in everything()


def test_pages_of_narrators_are_kept_by_nobody(phone: Client, code: str) -> None:
    own = tell(phone, code)
    for path in ("/vertel", f"/vertel/{code}", f"/verteller/{own}/tekst", f"/verteller/{new_code()}"):
        answer = phone.get(path)
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert own not in answer.headers.get("Set-Cookie", "")


def test_a_page_asks_little_of_the_database(
    phone: Client, code: str, cast: Cast, query_count: list[str]
) -> None:
    own = tell_and_send(phone, code)
    make_safe(cast, own)
    telling = tell(phone, code)
    for path in (
        f"/vertel/{code}",
        f"/verteller/{telling}/tekst",
        f"/verteller/{telling}/vraag/betekenis",
        f"/verteller/{telling}/versturen",
        f"/verteller/{own}",
        f"/verteller/{own}/lezen",
        f"/verteller/{own}/toestemming",
    ):
        query_count.clear()
        assert phone.get(path).status_code == 200
        assert len(query_count) <= 12, (path, len(query_count))


def test_every_ground_of_the_law_reads_as_a_sentence(phone: Client, cast: Cast) -> None:
    for basis in Basis:
        source = asking(name=f"Bron {basis}", basis=basis)
        operations.open_source(source, today())
        code = operations.code_of_source(source)
        db.commit()
        assert source.basis_name in phone.page(f"/vertel/{code}").words
    assert db.scalar(
        sa.select(sa.func.count())
        .select_from(accounts.Door)
        .where(accounts.Door.audience == Audience.STORY_SOURCE)
    ) == len(Basis)
