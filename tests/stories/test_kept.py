"""A story is sealed until it is safe, read as far as its narrator allows, and gone for good after that."""

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import ProgrammingError

from tests.factories import Cast
from tests.servers import Servers
from tests.stories.making import excerpt, make_source, ready, received
from workbench.core.db import db, make_engine
from workbench.core.errors import Conflict
from workbench.core.jobs import Job
from workbench.core.tenancy import act_as, act_for
from workbench.stories.coding.models import CoderReading
from workbench.stories.kept import operations, queries, seal
from workbench.stories.kept.models import (
    Consent,
    Excerpt,
    GivenBy,
    OwnReading,
    Sealing,
    Story,
    StoryWords,
)
from workbench.stories.kept.visibility import Allowed, Audience, Reach, State, may_read

TODAY = date(2026, 11, 22)
TEXT = "Ik wachtte vier maanden op hulp. Toen kwam er iemand die luisterde."
MARK = "zilverbrasem"


# --- Sealing --------------------------------------------------------------------------------------------------------


@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_is_sealed_opens_with_the_same_key_and_purpose_only(words: bytes, purpose: str) -> None:
    key = seal.new_key()
    box = seal.sealed(key, words, purpose)
    assert seal.opened(key, box, purpose) == words
    for other_key, other_purpose in ((seal.new_key(), purpose), (key, purpose + "x")):
        with pytest.raises(seal.Unreadable):
            seal.opened(other_key, box, other_purpose)
    with pytest.raises(seal.Unreadable):
        seal.opened(key, box[:-1] + bytes([box[-1] ^ 1]), purpose)


def test_a_key_is_worth_nothing_without_the_secret_of_the_installation() -> None:
    box = seal.wrapped("een geheim", seal.new_key(), "verhaal")
    with pytest.raises(seal.Unreadable):
        seal.unwrapped("een ander geheim", box, "verhaal")


def test_a_story_that_comes_in_stands_nowhere_readable(cast: Cast) -> None:
    story = received(text=f"Ik heet {MARK}.")
    db.commit()
    assert MARK not in everything()
    assert operations.unsealed(story.id, Sealing.RAW) == f"Ik heet {MARK}.".encode()
    assert story.state == State.RECEIVED


def everything() -> str:
    """All that stands in tables this session reads, as text."""
    names = db.scalars(
        sa.text(
            "SELECT table_name FROM information_schema.role_table_grants WHERE grantee = 'web'"
            " AND privilege_type = 'SELECT' AND table_schema = 'public'"
        )
    ).all()
    return "".join(
        str(db.scalar(sa.text(f"SELECT string_agg(t::text, ' ') FROM {name} t"))) for name in set(names)
    )


def test_no_story_comes_in_before_the_ground_of_the_law_is_chosen(cast: Cast) -> None:
    with pytest.raises(Conflict, match="grond van de wet"):
        received(make_source(basis=None))


def test_stories_are_numbered_within_the_council(cast: Cast) -> None:
    assert [received().number for _ in range(3)] == [1, 2, 3]


# --- From sealed to readable ----------------------------------------------------------------------------------------


def test_a_story_is_readable_once_it_is_safe_allowed_and_approved(cast: Cast) -> None:
    story = received(make_source(asks_narrator=True))
    story.state = State.TO_CHECK
    operations.make_safe(story, TEXT, by=cast.officer.id)
    assert story.state == State.WITH_NARRATOR
    operations.consent(
        story, Allowed(Reach.COUNCIL, quotes_only=False), form_version="1", given_by=GivenBy.NARRATOR
    )
    assert story.state == State.WITH_NARRATOR, "the narrator did not read it yet"
    operations.approve(story)
    assert story.state == State.READY
    assert operations.unsealed(story.id, Sealing.RAW) is None
    kept = json.loads(operations.unsealed(story.id, Sealing.TEXT) or b"")
    assert kept["text"] == TEXT, "a sealed copy for backups"


def test_a_sensitive_story_stays_sealed_until_another_person_looked(cast: Cast) -> None:
    story = received(make_source(special_data=True))
    story.state = State.TO_CHECK
    operations.make_safe(story, f"{TEXT} {MARK}", by=cast.officer.id)
    db.commit()
    assert story.state == State.SECOND_LOOK
    assert MARK not in everything()
    with pytest.raises(Conflict, match="Een ander"):
        operations.second(story, TEXT, by=cast.officer.id)
    operations.second(story, TEXT, by=cast.clerk.id)
    assert db.scalar(sa.select(StoryWords.text).where(StoryWords.story_id == story.id)) == TEXT


def test_a_story_is_made_safe_once(cast: Cast) -> None:
    story = ready(TEXT)
    with pytest.raises(Conflict):
        operations.make_safe(story, "Iets anders.", by=None)


# --- Who reads ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("reach", Reach)
@pytest.mark.parametrize("quotes_only", [False, True])
@pytest.mark.parametrize("ends_on", [None, TODAY, TODAY - timedelta(days=1)])
def test_the_database_and_the_rule_give_the_same_readers(
    cast: Cast, state: State, reach: Reach, quotes_only: bool, ends_on: date | None
) -> None:
    story = ready(TEXT, reach, quotes_only=quotes_only, ends_on=ends_on)
    story.state = state
    db.flush()
    for audience in Audience:
        for whole in (False, True):
            found = db.scalar(
                sa.select(Story.id).where(
                    Story.id == story.id, queries.readable(audience, TODAY, whole=whole)
                )
            )
            assert (found is not None) == may_read(audience, state, story.allowed, TODAY, whole=whole)


def test_nobody_reads_more_than_the_narrator_allows() -> None:
    ready_, ended = (
        Allowed(Reach.COUNCIL, quotes_only=True),
        Allowed(Reach.PUBLIC, False, TODAY - timedelta(days=1)),
    )
    assert may_read(Audience.COUNCIL, State.READY, ready_, TODAY)
    assert not may_read(Audience.COUNCIL, State.READY, ready_, TODAY, whole=True)
    assert may_read(Audience.MAKER, State.READY, ready_, TODAY, whole=True)
    assert not may_read(Audience.PUBLIC, State.READY, ready_, TODAY)
    assert not any(may_read(audience, State.READY, ended, TODAY) for audience in Audience)
    assert not any(may_read(audience, State.READY, None, TODAY) for audience in Audience)


def test_a_blind_coder_sees_nothing_of_another_until_both_are_done(cast: Cast) -> None:
    story = ready(TEXT)
    first, second = cast.officer.id, cast.clerk.id
    readings = [CoderReading(story_id=story.id, coder_id=coder, is_blind=True) for coder in (first, second)]
    db.add_all(readings)
    db.commit()
    act_as(db, first)
    mine = excerpt(story, "vier maanden", TEXT, coder_id=first)
    db.commit()
    mine_id, story_id = mine.id, story.id

    def seen_by(person: object) -> list[object]:
        act_as(db, person)  # type: ignore[arg-type]
        return list(db.scalars(sa.select(Excerpt.id).where(Excerpt.story_id == story_id)))

    assert seen_by(first) == [mine_id]
    assert seen_by(second) == []
    db.execute(sa.update(CoderReading).values(done_at=sa.func.now()))
    db.commit()
    assert seen_by(second) == [mine_id]


def test_nobody_of_the_council_says_what_a_story_is_about_not_even_by_sql(cast: Cast) -> None:
    story = ready(TEXT)
    db.commit()
    db.add(OwnReading(story_id=story.id, questions=[], answers=[50, None, 10]))
    with pytest.raises(ProgrammingError, match="row-level security"):
        db.flush()


# --- The end --------------------------------------------------------------------------------------------------------


def test_a_withdrawn_story_is_gone_with_its_key_and_quotes(cast: Cast, sent_jobs: list[object]) -> None:
    text = f"{TEXT} {MARK}"
    story = ready(text, teller=f"{MARK} van twee")
    quote_id = excerpt(story, MARK, text).id
    db.commit()
    assert MARK in everything()
    operations.end(story, State.WITHDRAWN)
    db.commit()
    assert MARK not in everything()
    assert story.gone == [quote_id]
    assert (Job.FORGET_STORY, {"story_id": str(story.id), "council_id": str(cast.almere.id)}) in sent_jobs
    with pytest.raises(seal.Unreadable):
        operations.key_of(story.id)
    newest = db.scalars(
        sa.select(Consent).where(Consent.story_id == story.id).order_by(Consent.given_at.desc())
    ).first()
    assert newest is not None
    assert newest.reach is None


def test_whatever_belongs_to_one_story_goes_with_it() -> None:
    names = {table.name for table in operations.tables_with_words()}
    assert {
        "story_words",
        "story_key",
        "story_sealed",
        "excerpt",
        "own_reading",
        "memo",
        "coder_reading",
    } <= names
    assert "consent" not in names


def test_a_backup_holds_no_readable_story_and_no_key(cast: Cast, servers: Servers) -> None:
    backup = make_engine(servers.url("backup"), poolclass=sa.NullPool)
    for table in ("story_words", "story_key", "excerpt"):
        with backup.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(sa.text(f"SELECT * FROM {table}"))


def test_stories_end_when_their_consent_or_their_source_does(cast: Cast) -> None:
    over = ready(TEXT, ends_on=TODAY - timedelta(days=1))
    until_today = ready(TEXT, ends_on=TODAY)
    of_an_old_source = ready(TEXT, source=make_source(keep_until=TODAY - timedelta(days=1)))
    assert operations.end_what_is_over(TODAY) == 2
    assert (over.state, of_an_old_source.state) == (State.ENDED, State.ENDED)
    assert until_today.state == State.READY


def test_a_narrator_who_changes_the_text_takes_back_the_words_that_went(cast: Cast) -> None:
    story = ready(TEXT)
    stays, goes = excerpt(story, "die luisterde", TEXT), excerpt(story, "vier maanden", TEXT)
    operations.change_words(story, "Ik wachtte lang. Toen kwam er iemand die luisterde.")
    assert story.gone == [goes.id]
    assert (stays.start_at, stays.words) == (37, "die luisterde")


def test_a_story_of_another_council_does_not_exist(cast: Cast) -> None:
    story_id = ready(TEXT, Reach.PUBLIC).id
    breda = cast.breda.id
    db.commit()
    act_for(db, breda)
    assert queries.story(story_id) is None
    assert queries.quoted([uuid4()], Audience.PUBLIC, TODAY) == set()
