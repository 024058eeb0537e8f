"""Opening the door of a source, telling, sending, and messages to narrators."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast
from uuid import UUID, uuid4

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from workbench.accounts.models import Audience, Door
from workbench.accounts.operations import doors_of, find_door, fits, is_taken, make_door, shut_doors
from workbench.core import audit
from workbench.core.cards import EditConflict
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.settings import Settings
from workbench.stories.coding.models import CoderReading
from workbench.stories.kept import operations as kept
from workbench.stories.kept.codes import derived_code, read_code
from workbench.stories.kept.models import (
    Excerpt,
    GivenBy,
    OwnReading,
    Sealing,
    Story,
    StorySealed,
    StoryWords,
)
from workbench.stories.kept.visibility import Allowed, State
from workbench.stories.models import Stage, StorySource
from workbench.stories.narrator import news
from workbench.stories.narrator.lines import LINES
from workbench.stories.narrator.models import StoryMessage
from workbench.stories.narrator.queries import consents
from workbench.stories.narrator.told import BY_PARENT, FORM_VERSION, Told, read_told
from workbench.stories.pseudonyms import leftovers

NOT_SAFE_YET = (State.RECEIVED, State.TO_CHECK, State.SECOND_LOOK)


# --- The door of a source -------------------------------------------------------------------------------------------


def asks_now(source: StorySource, day: date) -> bool:
    """May people tell now? While stories are collected, on a chosen ground of the law, within the days of the plan."""
    return (
        source.stage == Stage.COLLECTING
        and source.basis is not None
        and (source.ends_on is None or day <= source.ends_on)
        and (source.keep_until is None or day <= source.keep_until)
    )


def open_source(source: StorySource, day: date) -> None:
    """Give a source a code by which people can tell; an earlier one is worthless from now on. Raises: Conflict."""
    if not asks_now(source, day):
        raise Conflict(_("Dit kan als de verhalen worden opgehaald en er een grond van de wet gekozen is."))
    shut_doors(source.id)
    door_id = uuid4()
    make_door(Audience.STORY_SOURCE, source.id, token=_code_of(door_id), door_id=door_id)
    audit.record("narrator_door_opened", source)


def close_source(source: StorySource) -> None:
    shut_doors(source.id)
    audit.record("narrator_door_closed", source)


def code_of_source(source: StorySource) -> str | None:
    """The code that is open now. None: there is none, or the secret of the installation changed since."""
    return next((code for door in doors_of(source.id) if fits(door, code := _code_of(door.id))), None)


def _code_of(door_id: UUID) -> str:
    settings: Settings = current_app.extensions["settings"]
    return derived_code(settings.secret_key.get_secret_value(), f"door of a story source {door_id}")


# --- Through a door -------------------------------------------------------------------------------------------------


def enter_source(typed: str, day: date) -> StorySource | None:
    """The source where somebody may tell with this code; the session then acts for its council."""
    door = _found(typed, Audience.STORY_SOURCE)
    source = db.get(StorySource, door.object_id) if door else None
    return source if source and asks_now(source, day) else None


def enter_story(typed: str) -> Story | None:
    """The story of this code, and no other; the session then acts for its council."""
    door = _found(typed, Audience.NARRATOR)
    if door is None:
        return None
    return db.scalar(
        sa.select(Story)
        .where(Story.id == door.object_id)
        .options(sa.orm.joinedload(Story.source), sa.orm.joinedload(Story.safe))
    )


def leads_to(typed: str, day: date) -> Audience | None:
    """Behind which kind of door this code leads."""
    if enter_story(typed) is not None:
        return Audience.NARRATOR
    return Audience.STORY_SOURCE if enter_source(typed, day) is not None else None


def _found(typed: str, audience: Audience) -> Door | None:
    code = read_code(typed)
    return find_door(code, audience) if code else None


# --- Telling --------------------------------------------------------------------------------------------------------


def begin(source: StorySource, typed: str) -> str:
    """A story under this code, that the form brought along: sent twice, it is begun once. Gives the code.

    Raises: Conflict when it is no code, or one that leads elsewhere.
    """
    code = read_code(typed)
    if code is None:
        raise Conflict(_("Deze pagina was verlopen. Probeer het nog eens."))
    db.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(f"narrator {source.id} {code}"))))
    if find_door(code, Audience.NARRATOR) is not None:
        return code  # whose it is, the page of that story finds out
    if is_taken(code):
        raise Conflict(_("Deze pagina was verlopen. Probeer het nog eens."))
    story = kept.begin_telling(source)
    make_door(Audience.NARRATOR, story.id, token=code)
    return code


def told(story: Story) -> Told:
    """What the narrator chose until now; nothing when it is no longer kept."""
    return read_told(kept.unsealed(story.id, Sealing.TOLD))


def written(story: Story) -> str:
    """The text until now, as long as the narrator is telling."""
    return (kept.unsealed(story.id, Sealing.RAW) or b"").decode()


@dataclass(frozen=True)
class _Draft:
    """What a form needs to know of a text that somebody saved in another window."""

    version: int


def write(story: Story, text: str, base_version: int) -> None:
    """Save the text of a story that is being told. Raises: EditConflict, Conflict."""
    _still_telling(story)
    now, before = told(story), written(story)
    if base_version != now.version and text != before:
        raise EditConflict(cast("Any", _Draft(now.version)), {"text": before})
    if text != before:
        now = now.with_answers(version=now.version + 1)
        kept.keep_sealed(story.id, Sealing.RAW, text.encode())
        _keep(story, now)


def names_in(story: Story, text: str) -> list[str]:
    """What in this new text may say who somebody is, and stood not in the safe text: nobody looks at it after the narrator."""
    before = story.safe.text if story.safe else ""
    return list(dict.fromkeys(found.words for found in leftovers(text) if found.words not in before))


def rewrite(story: Story, text: str, edition: int) -> None:
    """The narrator changes the safe text. Raises: EditConflict, Conflict."""
    kept.lock(story)
    safe = db.scalar(
        sa.select(StoryWords).where(StoryWords.story_id == story.id).execution_options(populate_existing=True)
    )
    if safe is None or text == safe.text:
        return
    if safe.edition != edition:
        raise EditConflict(cast("Any", _Draft(safe.edition)), {"text": safe.text})
    kept.change_words(story, text)


def choose(story: Story, **answers: Any) -> None:
    """Keep answers of a narrator who is still telling. Raises: Conflict."""
    _still_telling(story)
    _keep(story, told(story).with_answers(**answers))


def _still_telling(story: Story) -> None:
    kept.lock(story)
    if story.state != State.TELLING:
        raise Conflict(_("Dit verhaal is al verstuurd of verwijderd. Kijk op de pagina van uw verhaal."))


def _keep(story: Story, now: Told) -> None:
    kept.keep_sealed(story.id, Sealing.TOLD, now.as_bytes())
    if story.state == State.TELLING:
        story.received_at = datetime.now(UTC)  # what is left unsent goes after a while; see kept.UNSENT_STAYS


def place(story: Story, answers: list[int | None]) -> None:
    """What the narrator says the story is about, with the questions as they are asked now."""
    kept.lock(story)
    if story.state in kept.GONE:
        raise Conflict(_("Dit verhaal is er niet meer."))
    reading = own_reading(story)
    if reading is None:
        reading = OwnReading(story_id=story.id)
        db.add(reading)
    reading.questions = [line.as_asked() for line in LINES]
    reading.answers, reading.answered_at = answers, datetime.now(UTC)
    said = {"questions": reading.questions, "answers": answers}
    kept.keep_sealed(story.id, Sealing.READING, json.dumps(said).encode())


def own_reading(story: Story) -> OwnReading | None:
    return db.scalar(sa.select(OwnReading).where(OwnReading.story_id == story.id))


def has_sound(story: Story) -> bool:
    found = sa.select(StorySealed.id).where(
        StorySealed.story_id == story.id, StorySealed.kind == Sealing.AUDIO
    )
    return db.scalar(found) is not None


def keep_sound(story: Story, sound: bytes | None) -> None:
    """Keep a recording in place of an earlier one; None: throw it away. Raises: Conflict."""
    _still_telling(story)
    if sound is None:
        kept.drop_sealed(story.id, Sealing.AUDIO)
    else:
        kept.keep_sealed(story.id, Sealing.AUDIO, sound)


def send(story: Story, day: date) -> None:
    """Send the story, with what its narrator allows. A second time does nothing. Raises: Conflict."""
    kept.lock(story)
    if story.state != State.TELLING:
        return
    now = told(story)
    has_words = bool(written(story)) or has_sound(story)
    if now.allowed is None or now.gaps(has_words=has_words):
        raise Conflict(_("Er mist nog een antwoord. Kijk uw antwoorden na."))
    kept.sent(story, day)
    kept.consent(story, now.allowed, form_version=now.form_version, given_by=GivenBy.NARRATOR)


def allow(story: Story, allowed: Allowed) -> None:
    """The narrator chooses again who may see a story that was sent; it holds at once. Raises: Conflict."""
    if allowed != story.allowed:
        before = next(iter(consents(story)), None)
        parent = BY_PARENT if before and before.form_version.endswith(BY_PARENT) else ""
        kept.consent(story, allowed, form_version=FORM_VERSION + parent, given_by=GivenBy.NARRATOR)


def remark(story: Story, text: str) -> None:
    """What the narrator asks of those who make the story safe. Raises: Conflict when that was done."""
    kept.lock(story)
    if story.state not in NOT_SAFE_YET:
        raise Conflict(_("Uw verhaal is al veilig gemaakt. U kunt de tekst nu zelf veranderen."))
    _keep(story, told(story).with_answers(remark=text))


def withdraw(story: Story) -> None:
    kept.end(story, State.WITHDRAWN)


# --- What was done --------------------------------------------------------------------------------------------------


def tell(source: StorySource, text: str, *, story: Story | None, by: UUID) -> StoryMessage:
    """A message to the narrators of a source, or to one of them. Raises: Conflict when that story is gone."""
    if story is not None and (story.source_id != source.id or story.state in kept.GONE):
        raise Conflict(_("Dit verhaal is er niet meer."))
    message = StoryMessage(source_id=source.id, written_by_id=by)
    if story is None:
        message.text = text
    else:
        message.story_id, message.box = story.id, kept.sealed_note(story.id, text)
    db.add(message)
    audit.record("narrators_told", source)
    return message


@news.offer
def _read_by_the_working_group(story: Story) -> list[news.Line]:
    done = [
        day.date()
        for day in db.scalars(
            sa.select(CoderReading.done_at).where(
                CoderReading.story_id == story.id, CoderReading.done_at.is_not(None)
            )
        )
        if day
    ]
    passages = db.scalar(
        sa.select(sa.func.count()).where(Excerpt.story_id == story.id, Excerpt.coder_id.is_(None))
    )
    lines = [news.Line(_("De werkgroep heeft uw verhaal gelezen."), min(done))] if done else []
    if passages == 1:
        lines.append(news.Line(_("Uit uw verhaal is 1 stukje gekozen om over te praten.")))
    elif passages:
        lines.append(news.Line(_("Uit uw verhaal zijn %(n)s stukjes gekozen om over te praten.", n=passages)))
    return lines
