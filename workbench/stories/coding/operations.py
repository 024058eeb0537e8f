"""Marking passages, writing notes, reading blind and agreeing on one reading. Each holds the story's lock."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert

from workbench.core import audit
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.stories.coding.comparing import Settled
from workbench.stories.coding.models import CoderReading, Coding, Memo, Tag
from workbench.stories.coding.turns import MARKS, Reader, Turn, turn
from workbench.stories.kept.models import Excerpt, Leaning, Story, StoryWords
from workbench.stories.kept.operations import lock, sealed_note
from workbench.stories.kept.visibility import State

LONGEST = 5_000  # characters of a passage
LONGEST_NOTE = 4_000
MOST_READERS = 6


# --- Whose turn -----------------------------------------------------------------------------------------------------


def readers_of(story_id: UUID) -> list[CoderReading]:
    """In the order in which they began."""
    return list(
        db.scalars(
            sa.select(CoderReading)
            .where(CoderReading.story_id == story_id)
            .order_by(CoderReading.begun_at, CoderReading.id)
        )
    )


def turn_of(story: Story, readings: Iterable[CoderReading], person_id: UUID) -> Turn:
    readers = [Reader(r.coder_id, r.is_blind, r.done_at is not None) for r in readings]
    return turn(readers, person_id, is_settled=story.settled_at is not None)


def why_not(now: Turn) -> str:
    """Why this person marks nothing now."""
    words: dict[Turn, str] = {
        Turn.WAITING: _("Uw lezing is klaar. Wacht tot de anderen klaar zijn, of open uw lezing weer."),
        Turn.CLOSED: _("Anderen lezen dit verhaal nu los van elkaar. Daarna kunt u weer meedoen."),
        Turn.COMPARING: _("De lezers zijn klaar. Vergelijk nu samen wat zij markeerden."),
    }
    return words[now]


@dataclass(frozen=True)
class _Desk:
    """A locked story, its text, and under whose name marks go: None: in the settled reading."""

    text: str
    coder_id: UUID | None


def _at_work(story: Story, edition: int | None, by: UUID) -> _Desk:
    """Raises: Conflict when the story is gone, its text changed since the page was opened, or it is not this person's turn."""
    lock(story)
    db.refresh(story, ["settled_at"])
    words = db.execute(
        sa.select(StoryWords.text, StoryWords.edition).where(StoryWords.story_id == story.id)
    ).one_or_none()
    if story.state != State.READY or words is None:
        raise Conflict(_("Dit verhaal is er niet meer."))
    if edition is not None and words.edition != edition:
        raise Conflict(
            _("De verteller veranderde de tekst intussen. Laad de pagina opnieuw en markeer het nog eens.")
        )
    now = turn_of(story, readers_of(story.id), by)
    if now not in MARKS:
        raise Conflict(why_not(now))
    return _Desk(words.text, None if now is Turn.SETTLED else by)


def _excerpt_of(desk: _Desk, story: Story, excerpt_id: UUID) -> Excerpt:
    """Raises: Conflict when it is gone, or somebody else's."""
    excerpt = db.scalar(sa.select(Excerpt).where(Excerpt.id == excerpt_id, Excerpt.story_id == story.id))
    if excerpt is None:
        raise Conflict(_("Dit citaat is er niet meer. Iemand haalde het intussen weg."))
    if excerpt.coder_id != desk.coder_id:
        raise Conflict(_("Dit citaat is van een ander. Markeer de woorden zelf om er iets bij te zetten."))
    return excerpt


# --- Marking --------------------------------------------------------------------------------------------------------


Passages = Mapping[tuple[int, int], Collection[UUID]]  # where -> labels


def mark(
    story: Story, passages: Passages, *, leaning: Leaning | None = None, edition: int | None, by: UUID
) -> list[Excerpt]:
    """Mark passages; one that is there already gets the labels that it did not have. Raises: Conflict."""
    desk = _at_work(story, edition, by)
    _check_offered({tag_id for tag_ids in passages.values() for tag_id in tag_ids})
    marked = [
        _mark_one(desk, story.id, place, tag_ids, leaning) for place, tag_ids in sorted(passages.items())
    ]
    if desk.coder_id is not None:
        _take_part(story.id, by)
    return marked


def _mark_one(
    desk: _Desk,
    story_id: UUID,
    place: tuple[int, int],
    tag_ids: Collection[UUID],
    leaning: Leaning | None,
) -> Excerpt:
    start, end = _passage(desk.text, *place)
    excerpt = _same_passage(story_id, start, end, desk.coder_id)
    if excerpt is None:
        excerpt = Excerpt(
            story_id=story_id,
            start_at=start,
            end_at=end,
            words=desk.text[start:end],
            leaning=leaning,
            coder_id=desk.coder_id,
        )
        db.add(excerpt)
        db.flush()
    elif leaning is not None:
        excerpt.leaning = leaning
    _give(excerpt.id, tag_ids)
    return excerpt


def _passage(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the blanks around it. Raises: Conflict."""
    start, end = max(start, 0), min(end, len(text))
    chosen = text[start:end] if start < end else ""
    if not chosen.strip():
        raise Conflict(_("Kies eerst woorden in de tekst."))
    start += len(chosen) - len(chosen.lstrip())
    end -= len(chosen) - len(chosen.rstrip())
    if end - start > LONGEST:
        raise Conflict(_("Dit stuk is te lang: hooguit %(most)s tekens. Markeer het in delen.", most=LONGEST))
    return start, end


def _check_offered(tag_ids: Collection[UUID]) -> None:
    offered = sa.select(sa.func.count()).where(Tag.id.in_(tag_ids), Tag.retired_at.is_(None))
    if tag_ids and db.scalar(offered) != len(set(tag_ids)):
        raise Conflict(_("Dit label is er niet meer. Kies een ander label."))


def _same_passage(story_id: UUID, start: int, end: int, coder_id: UUID | None) -> Excerpt | None:
    return db.scalar(
        sa.select(Excerpt).where(
            Excerpt.story_id == story_id,
            Excerpt.start_at == start,
            Excerpt.end_at == end,
            Excerpt.coder_id.is_(None) if coder_id is None else Excerpt.coder_id == coder_id,
        )
    )


def _give(excerpt_id: UUID, tag_ids: Iterable[UUID]) -> None:
    for tag_id in tag_ids:
        made = Coding(excerpt_id=excerpt_id, tag_id=tag_id)
        values = {"id": made.id, "excerpt_id": excerpt_id, "tag_id": tag_id, "made_at": made.made_at}
        db.execute(insert(Coding).values(values).on_conflict_do_nothing())


def _take_part(story_id: UUID, by: UUID) -> None:
    made = CoderReading(story_id=story_id, coder_id=by)
    values = {name: getattr(made, name) for name in ("id", "story_id", "coder_id", "is_blind", "begun_at")}
    db.execute(insert(CoderReading).values(values).on_conflict_do_nothing())


def change(
    story: Story,
    excerpt_id: UUID,
    *,
    add: Collection[UUID] = (),
    remove: Collection[UUID] = (),
    leaning: Leaning | str | None = None,
    borders: tuple[int, int] | None = None,
    edition: int | None,
    by: UUID,
) -> Excerpt:
    """Other labels, another leaning ("": none), or other borders for a passage. Raises: Conflict."""
    desk = _at_work(story, edition, by)
    excerpt = _excerpt_of(desk, story, excerpt_id)
    _check_offered(add)
    _give(excerpt.id, add)
    if remove:
        db.execute(sa.delete(Coding).where(Coding.excerpt_id == excerpt.id, Coding.tag_id.in_(remove)))
    if leaning is not None:
        excerpt.leaning = Leaning(leaning) if leaning else None
    if borders is not None:
        start, end = _passage(desk.text, *borders)
        other = _same_passage(story.id, start, end, desk.coder_id)
        if other is not None and other.id != excerpt.id:
            raise Conflict(_("Die woorden hebt u al gemarkeerd. Zet het label bij dat citaat."))
        excerpt.start_at, excerpt.end_at, excerpt.words = start, end, desk.text[start:end]
    db.flush()
    return excerpt


def remove(story: Story, excerpt_id: UUID, *, edition: int | None, by: UUID) -> None:
    """Take a mark away, with its labels and notes. Raises: Conflict."""
    desk = _at_work(story, edition, by)
    db.delete(_excerpt_of(desk, story, excerpt_id))
    db.flush()


def write_note(story: Story, text: str, *, excerpt_id: UUID | None, by: UUID) -> Memo:
    """On a passage, or on the whole story. Raises: Conflict."""
    lock(story)
    if story.state != State.READY:
        raise Conflict(_("Dit verhaal is er niet meer."))
    if not text:
        raise Conflict(_("Schrijf eerst iets op."))
    if len(text) > LONGEST_NOTE:
        raise Conflict(_("Maak uw notitie korter: hooguit %(most)s tekens.", most=LONGEST_NOTE))
    if excerpt_id is not None and not db.scalar(
        sa.select(sa.exists().where(Excerpt.id == excerpt_id, Excerpt.story_id == story.id))
    ):
        raise Conflict(_("Dit citaat is er niet meer. Iemand haalde het intussen weg."))
    memo = Memo(story_id=story.id, excerpt_id=excerpt_id, author_id=by, box=sealed_note(story.id, text))
    db.add(memo)
    db.flush()
    return memo


def remove_note(story: Story, memo_id: UUID, *, by: UUID) -> None:
    """One's own only; one that is gone already is fine."""
    db.execute(sa.delete(Memo).where(Memo.id == memo_id, Memo.story_id == story.id, Memo.author_id == by))


# --- Reading blind --------------------------------------------------------------------------------------------------


def ask_blind(story: Story, people: Collection[UUID], *, by: UUID) -> None:
    """From now on each of these people marks without seeing the others, until all are done. Raises: Conflict."""
    _at_rest(story)
    wanted = set(people)
    if not 2 <= len(wanted) <= MOST_READERS:
        raise Conflict(_("Kies twee tot %(most)s mensen die los van elkaar lezen.", most=MOST_READERS))
    there = {reading.coder_id: reading for reading in readers_of(story.id)}
    if any(reading.is_blind for reading in there.values()):
        raise Conflict(_("Dit verhaal wordt al los van elkaar gelezen."))
    for person in sorted(wanted, key=str):
        reading = there.get(person)
        if reading is None:
            db.add(CoderReading(story_id=story.id, coder_id=person, is_blind=True))
        else:
            reading.is_blind = True
    db.flush()
    audit.record("story_read_blind", story, by=by, readers=len(wanted))


def _at_rest(story: Story) -> None:
    lock(story)
    db.refresh(story, ["settled_at"])
    if story.state != State.READY:
        raise Conflict(_("Dit verhaal is er niet meer."))
    if story.settled_at is not None:
        raise Conflict(_("Van dit verhaal is er al een gezamenlijke lezing."))


def finish(story: Story, *, by: UUID) -> None:
    """A blind reader is done. Raises: Conflict."""
    _at_rest(story)
    reading = _blind_reading(story, by)
    reading.done_at = datetime.now(UTC)
    db.flush()
    audit.record("blind_reading_done", story, by=by)


def take_up(story: Story, *, by: UUID) -> None:
    """Go on reading, as long as not everybody is done: then the marks of the others are seen. Raises: Conflict."""
    _at_rest(story)
    reading = _blind_reading(story, by)
    if turn_of(story, readers_of(story.id), by) is Turn.COMPARING:
        raise Conflict(_("Alle lezers zijn klaar en zien elkaars werk. Vergelijk het nu samen."))
    reading.done_at = None
    db.flush()


def _blind_reading(story: Story, person_id: UUID) -> CoderReading:
    for reading in readers_of(story.id):
        if reading.coder_id == person_id and reading.is_blind:
            return reading
    raise Conflict(_("U bent niet gevraagd om dit verhaal los van de anderen te lezen."))


def stop_blind(story: Story, *, by: UUID) -> None:
    """Read together again: somebody who was asked cannot. Raises: Conflict."""
    _at_rest(story)
    blind = [reading for reading in readers_of(story.id) if reading.is_blind]
    if not blind:
        raise Conflict(_("Dit verhaal wordt niet los van elkaar gelezen."))
    for reading in blind:
        reading.is_blind, reading.done_at = False, None
    db.flush()
    audit.record("blind_reading_stopped", story, by=by)


# --- One reading ----------------------------------------------------------------------------------------------------


def settle_together(story: Story, *, by: UUID) -> None:
    """What everybody marked together becomes the reading of all. Raises: Conflict."""
    _at_rest(story)
    if turn_of(story, readers_of(story.id), by) is not Turn.TOGETHER:
        raise Conflict(_("Vergelijk eerst wat de lezers markeerden."))
    rows = db.execute(
        sa.select(Excerpt.start_at, Excerpt.end_at, Excerpt.leaning, Coding.tag_id)
        .outerjoin(Coding, Coding.excerpt_id == Excerpt.id)
        .where(Excerpt.story_id == story.id, Excerpt.coder_id.is_not(None))
    ).all()
    if not rows:
        raise Conflict(_("Markeer eerst iets in de tekst."))
    labels: dict[tuple[int, int], set[UUID]] = defaultdict(set)
    leanings: dict[tuple[int, int], set[Leaning]] = defaultdict(set)
    for start, end, leaning, tag_id in rows:
        labels[start, end] |= {tag_id} if tag_id else set()
        leanings[start, end] |= {leaning} if leaning else set()
    _keep_settled(
        story,
        [
            Settled(start, end, frozenset(tags), _one(leanings[start, end]))
            for (start, end), tags in labels.items()
        ],
        by,
    )


def _one(leanings: set[Leaning]) -> Leaning | None:
    return next(iter(leanings)) if len(leanings) == 1 else None


def settle(story: Story, reading: Collection[Settled], *, edition: int, by: UUID) -> None:
    """What the blind readers agreed on becomes the reading of all. Raises: Conflict."""
    _at_rest(story)
    if turn_of(story, readers_of(story.id), by) is not Turn.COMPARING:
        raise Conflict(_("Niet alle lezers zijn klaar."))
    now = db.scalar(sa.select(StoryWords.edition).where(StoryWords.story_id == story.id))
    if now != edition:
        raise Conflict(_("De verteller veranderde de tekst intussen. Vergelijk nog eens."))
    _keep_settled(story, reading, by)


def _keep_settled(story: Story, reading: Collection[Settled], by: UUID) -> None:
    text = db.scalars(sa.select(StoryWords.text).where(StoryWords.story_id == story.id)).one()
    for passage in sorted(reading, key=lambda item: (item.start, item.end)):
        excerpt = Excerpt(
            story_id=story.id,
            start_at=passage.start,
            end_at=passage.end,
            words=text[passage.start : passage.end],
            leaning=passage.leaning,
        )
        db.add(excerpt)
        db.flush()
        _give(excerpt.id, sorted(passage.tag_ids, key=str))
    story.settled_at = datetime.now(UTC)
    db.flush()
    audit.record("story_settled", story, by=by)
