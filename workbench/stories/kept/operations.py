"""Taking a story in, making it readable, what its narrator allows, and ending it."""

import json
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import cast
from uuid import UUID

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from workbench.accounts.models import Audience as DoorAudience
from workbench.accounts.operations import make_door
from workbench.core import audit
from workbench.core.db import Model, db
from workbench.core.errors import Conflict, WorkbenchError
from workbench.core.jobs import Job, enqueue
from workbench.stories.kept import seal
from workbench.stories.kept.codes import new_code
from workbench.stories.kept.models import (
    Consent,
    Excerpt,
    GivenBy,
    OwnReading,
    Sealing,
    Story,
    StoryKey,
    StorySealed,
    StoryWords,
    Way,
)
from workbench.stories.kept.visibility import Allowed, Audience, Reach, State, reaches
from workbench.stories.models import StorySource

GONE = (State.WITHDRAWN, State.ENDED)
UNSENT_STAYS = timedelta(days=30)  # after the last time that its narrator saved something


class NoStoryKey(WorkbenchError):
    """The installation has no key for stories yet."""


def receive(
    source: StorySource,
    way: Way,
    *,
    by: UUID | None,
    told_on: date | None = None,
    sealed: dict[Sealing, bytes],
) -> Story:
    """A new story, of which everything stays sealed until it is safe.

    Raises: Conflict when the source says not yet on which ground of the law; NoStoryKey.
    """
    story = Story(way=way, number=_next_number(), told_on=told_on, received_by_id=by)
    _take_in(story, source)
    for kind, words in sealed.items():
        keep_sealed(story.id, kind, words)
    audit.record("story_received", story, by=by, way=way)
    return story


def begin_telling(source: StorySource) -> Story:
    """A story that its narrator starts to write; nobody of the council knows of it until `sent`.

    Raises: Conflict when the source says not yet on which ground of the law; NoStoryKey.
    """
    story = Story(way=Way.NARRATOR, state=State.TELLING)
    _take_in(story, source)
    return story


def sent(story: Story, day: date) -> None:
    """The narrator sends the story: now it has a number, and somebody will make it safe. A second time does nothing."""
    lock(story)
    if story.state != State.TELLING:
        return
    story.number, story.told_on = _next_number(), day
    story.state, story.received_at = State.RECEIVED, datetime.now(UTC)
    enqueue(Job.READ_STORY, story_id=story.id)
    audit.record("story_received", story, way=story.way)


def _take_in(story: Story, source: StorySource) -> None:
    """With a key of its own, and what the source asks. Raises: Conflict, NoStoryKey."""
    if source.basis is None:
        raise Conflict(_("Kies eerst op welke grond van de wet u deze verhalen mag bewaren."))
    story.source_id = source.id
    # Who filled in a survey cannot be asked again.
    story.asks_narrator = source.asks_narrator and story.way != Way.ANSWER
    story.is_sensitive = source.special_data
    db.add(story)
    db.flush()
    key = seal.new_key()
    db.add(StoryKey(story_id=story.id, box=seal.wrapped(_secret(), key, purpose(story.id, "key"))))
    db.flush()


def _next_number() -> int:
    """One at a time per council, so that two at once get two numbers."""
    db.execute(
        sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext("story " + str(db.info["council_id"]))))
    )
    return (db.scalar(sa.select(sa.func.max(Story.number))) or 0) + 1


def _secret() -> str:
    secret = current_app.extensions["settings"].story_key
    if secret is None:
        raise NoStoryKey(_("De beheerder van deze werkbank heeft nog geen sleutel voor verhalen ingesteld."))
    return str(secret.get_secret_value())


def purpose(story_id: UUID, what: str) -> str:
    """What a seal is for; see `seal`."""
    return f"{story_id} {what}"


def key_of(story_id: UUID) -> bytes:
    """The key of a story. Raises: seal.Unreadable when it is gone."""
    box = db.scalar(sa.select(StoryKey.box).where(StoryKey.story_id == story_id))
    if box is None:
        raise seal.Unreadable("The key of this story is gone.")
    return _unwrapped(story_id, box)


def _unwrapped(story_id: UUID, box: bytes) -> bytes:
    return seal.unwrapped(_secret(), box, purpose(story_id, "key"))


def keep_sealed(story_id: UUID, kind: Sealing, words: bytes) -> None:
    """Seal something of a story, in place of what was sealed of this kind before."""
    drop_sealed(story_id, kind)
    box = seal.sealed(key_of(story_id), words, purpose(story_id, kind))
    db.add(StorySealed(story_id=story_id, kind=kind, box=box))
    db.flush()


def unsealed(story_id: UUID, kind: Sealing) -> bytes | None:
    """What was sealed; None when there is nothing of this kind. Raises: seal.Unreadable."""
    box = db.scalar(
        sa.select(StorySealed.box).where(StorySealed.story_id == story_id, StorySealed.kind == kind)
    )
    return None if box is None else seal.opened(key_of(story_id), box, purpose(story_id, kind))


def unsealed_of(story_ids: Collection[UUID], kind: Sealing) -> dict[UUID, bytes]:
    """Story -> what was sealed of this kind, for those that have it. Raises: seal.Unreadable."""
    rows = db.execute(
        sa.select(StorySealed.story_id, StorySealed.box, StoryKey.box)
        .join(StoryKey, StoryKey.story_id == StorySealed.story_id)
        .where(StorySealed.kind == kind, StorySealed.story_id.in_(story_ids))
    )
    return {
        story_id: seal.opened(_unwrapped(story_id, key), box, purpose(story_id, kind))
        for story_id, box, key in rows
    }


def drop_sealed(story_id: UUID, *kinds: Sealing) -> None:
    db.execute(sa.delete(StorySealed).where(StorySealed.story_id == story_id, StorySealed.kind.in_(kinds)))


def sealed_note(story_id: UUID, words: str) -> bytes:
    """A note that may repeat words of a story, under its key."""
    return seal.sealed(key_of(story_id), words.encode(), purpose(story_id, "note"))


def opened_notes(notes: Sequence[tuple[UUID, bytes]]) -> list[str]:
    """Sealed notes, each with its story. Raises: seal.Unreadable."""
    story_ids = {story_id for story_id, _box in notes}
    if not story_ids:
        return []
    rows = db.execute(sa.select(StoryKey.story_id, StoryKey.box).where(StoryKey.story_id.in_(story_ids)))
    keys = {story_id: _unwrapped(story_id, box) for story_id, box in rows}
    if story_ids - keys.keys():
        raise seal.Unreadable("The key of this story is gone.")
    return [seal.opened(keys[story_id], box, purpose(story_id, "note")).decode() for story_id, box in notes]


def sealed_apart(thing_id: UUID, words: bytes) -> bytes:
    """What belongs to no story yet, under the key of the installation: only for what is gone within a day."""
    return seal.wrapped(_secret(), words, purpose(thing_id, "apart"))


def opened_apart(thing_id: UUID, box: bytes) -> bytes:
    """Raises: seal.Unreadable."""
    return seal.unwrapped(_secret(), box, purpose(thing_id, "apart"))


def lock(story: Story) -> None:
    """Nobody else changes this story until the transaction ends; refreshes where it is."""
    db.flush()
    db.refresh(story, ["state", "reach", "quotes_only", "ends_on"], with_for_update=True)


def make_safe(
    story: Story, text: str, *, by: UUID | None, teller: str = "", traits: dict[str, str] | None = None
) -> None:
    """Somebody went through the text and confirmed that nobody can be known from it.

    A sensitive story stays sealed until a second person looked (`second`). Raises: Conflict.
    """
    lock(story)
    if story.state != State.TO_CHECK:
        raise Conflict(_("Dit verhaal is al nagekeken."))
    story.confirmed_at, story.confirmed_by_id = datetime.now(UTC), by
    if story.is_sensitive:
        draft = {"text": text, "teller": teller, "traits": traits or {}}
        keep_sealed(story.id, Sealing.DRAFT, json.dumps(draft).encode())
        story.state = State.SECOND_LOOK
    else:
        _make_readable(story, text, teller, traits or {})
    audit.record("story_made_safe", story, by=by)


def second(story: Story, text: str, *, by: UUID) -> None:
    """A second person looked at a sensitive story. Raises: Conflict, also when it is the same person."""
    lock(story)
    if story.state != State.SECOND_LOOK:
        raise Conflict(_("Dit verhaal wacht niet meer op een tweede lezer."))
    if story.confirmed_by_id == by:
        raise Conflict(_("U keek dit verhaal zelf na. Een ander moet nu kijken."))
    draft = json.loads(unsealed(story.id, Sealing.DRAFT) or b"{}")
    story.seconded_by_id = by
    _make_readable(story, text, draft["teller"], draft["traits"])
    audit.record("story_seconded", story, by=by)


def _make_readable(story: Story, text: str, teller: str, traits: dict[str, str]) -> None:
    db.add(StoryWords(story_id=story.id, text=text, teller=teller, traits=traits))
    _keep_for_backups(story.id, text, teller, traits)
    drop_sealed(story.id, Sealing.FILE, Sealing.RAW, Sealing.DRAFT, Sealing.AUDIO, Sealing.TOLD)
    story.state = State.WITH_NARRATOR
    _settle_state(story)


def _keep_for_backups(story_id: UUID, text: str, teller: str, traits: dict[str, str]) -> None:
    words = {"text": text, "teller": teller, "traits": traits}
    keep_sealed(story_id, Sealing.TEXT, json.dumps(words).encode())


def consent(story: Story, allowed: Allowed, *, form_version: str, given_by: GivenBy) -> None:
    """What the narrator allows from now on. Raises: Conflict when the story is gone."""
    lock(story)
    if story.state in GONE:
        raise Conflict(_("Dit verhaal is er niet meer."))
    db.add(
        Consent(
            story_id=story.id,
            reach=allowed.reach,
            quotes_only=allowed.quotes_only,
            ends_on=allowed.ends_on,
            form_version=form_version,
            given_by=given_by,
        )
    )
    narrows = story.reach is not None and not set(_audiences(story.reach)) <= set(_audiences(allowed.reach))
    story.reach, story.quotes_only, story.ends_on = allowed.reach, allowed.quotes_only, allowed.ends_on
    _settle_state(story)
    if narrows:
        _to_clear(story, [])
    audit.record("consent_given", story, reach=allowed.reach, quotes_only=allowed.quotes_only)


def _audiences(reach: Reach) -> list[Audience]:
    return [audience for audience in Audience if reach in reaches(audience)]


def approve(story: Story) -> None:
    """The narrator read the safe text and says that it may be used. Raises: Conflict."""
    lock(story)
    if story.state != State.WITH_NARRATOR:
        raise Conflict(_("Dit verhaal wacht niet op uw akkoord."))
    story.approved_at = datetime.now(UTC)
    _settle_state(story)
    audit.record("story_approved", story)


def _settle_state(story: Story) -> None:
    """A safe story may be used once its narrator allows it, and said so where the narrator is asked."""
    said_so = story.approved_at is not None or not story.asks_narrator
    if story.state == State.WITH_NARRATOR and story.reach is not None and said_so:
        story.state = State.READY


def change_words(story: Story, text: str) -> list[UUID]:
    """The narrator changes the safe text. Gives the excerpts that went: their words are no longer there.

    An excerpt whose words still stand once in the text moves along. Raises: Conflict.
    """
    lock(story)
    safe = db.scalar(sa.select(StoryWords).where(StoryWords.story_id == story.id))
    if safe is None:
        raise Conflict(_("Dit verhaal is er niet meer."))
    gone = []
    for excerpt in db.scalars(sa.select(Excerpt).where(Excerpt.story_id == story.id)).all():
        if text.count(excerpt.words) == 1:
            excerpt.start_at = text.index(excerpt.words)
            excerpt.end_at = excerpt.start_at + len(excerpt.words)
        else:
            gone.append(excerpt.id)
            db.delete(excerpt)
    safe.text = text
    safe.edition += 1
    _keep_for_backups(story.id, text, safe.teller, safe.traits)
    _to_clear(story, gone)
    audit.record("story_changed_by_narrator", story, excerpts_gone=len(gone))
    return gone


class Rule(StrEnum):
    """By which rule a story ended; it stands in the audit trail."""

    NARRATOR = "narrator"  # the last day that its narrator chose
    SOURCE = "source"  # the last day of its source
    UNSENT = "unsent"  # its narrator never sent it
    RESTORED = "restored"  # its key was gone when a backup was put back
    COLLECTOR = "collector"  # somebody who collects stories took it away before it was safe


def end(
    story: Story, state: State, *, by: UUID | None = None, how: str = "", rule: Rule | None = None
) -> None:
    """Remove a story: its words, quotes, notes and key are gone at once, also for who holds a backup.

    What showed its quotes (pages, adopted versions, exports) is cleared by one job; see `Story.gone`. `how`: the narrator
    asked it of this member, on paper or aloud.
    """
    lock(story)
    if story.state in GONE:
        return
    gone = list(db.scalars(sa.select(Excerpt.id).where(Excerpt.story_id == story.id)))
    if state == State.WITHDRAWN:
        given_by = GivenBy.COLLECTOR if how else GivenBy.NARRATOR
        db.add(Consent(story_id=story.id, reach=None, form_version=how, given_by=given_by))
    story.state, story.ended_at, story.problem = state, datetime.now(UTC), ""
    story.reach = story.quotes_only = story.ends_on = None
    db.flush()  # PostgreSQL lets go of the narrator's own reading only when the story is gone
    for table in tables_with_words():
        db.execute(sa.delete(table).where(table.c.story_id == story.id))
    _to_clear(story, gone)
    if story.number is not None:  # else nobody of the council knows of it
        facts = {"rule": str(rule)} if rule else {}
        audit.record(f"story_{state}", story, by=by, **facts)


def tables_with_words() -> list[sa.Table]:
    """Everything that belongs to one story and may hold words of it or about its narrator; consents hold none."""
    mappers = (mapper for mapper in Model.registry.mappers if "story_id" in mapper.columns)
    return sorted(
        (cast("sa.Table", mapper.local_table) for mapper in mappers if mapper.class_ is not Consent),
        key=lambda table: table.name,
    )


def _to_clear(story: Story, gone: list[UUID]) -> None:
    story.gone, story.cleared_at = [*story.gone, *gone], None
    enqueue(Job.FORGET_STORY, story_id=story.id)


def cleared(story_id: UUID, excerpt_ids: Collection[UUID]) -> None:
    """Everything that showed these excerpts is cleared; what went meanwhile waits for a job of its own."""
    story = db.scalar(
        sa.select(Story)
        .where(Story.id == story_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if story is not None:
        story.gone = [excerpt_id for excerpt_id in story.gone if excerpt_id not in excerpt_ids]
        story.cleared_at = None if story.gone else datetime.now(UTC)


def waiting_to_be_cleared() -> list[UUID]:
    """Stories of which something went that may still be shown."""
    return list(db.scalars(sa.select(Story.id).where(sa.func.cardinality(Story.gone) > 0)))


def end_what_is_over(day: date) -> int:
    """End every story whose consent ended before this day, whose source is kept no longer, or that was left unsent;
    gives how many.
    """
    left = sa.and_(Story.state == State.TELLING, Story.received_at < day - UNSENT_STAYS)
    of_narrator, of_source = Story.ends_on < day, StorySource.keep_until < day
    rule = sa.case((of_narrator, Rule.NARRATOR), (of_source, Rule.SOURCE), else_=Rule.UNSENT)
    over = db.execute(
        sa.select(Story, rule)
        .join(StorySource, StorySource.id == Story.source_id)
        .where(Story.state.not_in(GONE), sa.or_(of_narrator, of_source, left))
    ).all()
    for story, by_rule in over:
        end(story, State.ENDED, rule=Rule(by_rule))
    return len(over)


def is_the_narrators_own(story: Story) -> bool:
    """Did the narrator use the own page? Then nobody else gets a way in: there one speaks for the narrator."""
    if story.way == Way.NARRATOR or story.approved_at is not None:
        return True
    spoke = sa.union_all(
        sa.select(OwnReading.id).where(OwnReading.story_id == story.id),
        sa.select(Consent.id).where(Consent.story_id == story.id, Consent.given_by == GivenBy.NARRATOR),
    )
    return db.scalar(sa.select(spoke.exists())) is True


def narrator_link(story: Story) -> str:
    """A new code for the narrator's own page, which is also its token; earlier ones keep working.

    Raises: Conflict once the narrator used that page.
    """
    if is_the_narrators_own(story):
        raise Conflict(_("De verteller gebruikt de eigen bladzijde al. Alleen de verteller heeft de code."))
    return make_door(DoorAudience.NARRATOR, story.id, token=new_code())
