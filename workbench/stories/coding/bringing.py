"""Labels, marks and notes that come back from another program, or from a spreadsheet; see `taking` for the way out.

A text never comes in this way: what is not here already has not been made safe. Programs give texts and labels ids of
their own, so a text is known by its id or by its words, and a label by its id or by its name and place.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import md5
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from workbench.core import audit
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.stories.coding import tags as codebook
from workbench.stories.coding.exchange.places import AROUND, Moved, plain
from workbench.stories.coding.exchange.project import Codebook, Memo, Project, Source, Tag, tree_order
from workbench.stories.coding.models import Coding
from workbench.stories.coding.models import Memo as MemoRow
from workbench.stories.coding.models import Tag as TagRow
from workbench.stories.coding.operations import LONGEST, LONGEST_NOTE, mark, write_note
from workbench.stories.kept.models import Excerpt, Story, StoryWords
from workbench.stories.kept.operations import opened_notes
from workbench.stories.kept.queries import readable
from workbench.stories.kept.visibility import Audience


@dataclass(frozen=True)
class Brought:
    """What came in, and in sentences what did not."""

    tags: int
    codings: int
    notes: int
    stories: int
    remarks: tuple[str, ...]


def bring_labels(brought: Codebook, *, by: UUID) -> Brought:
    """Labels that are not here yet. Raises: Conflict, and then nothing may be kept."""
    _found, made = _labels_of(brought.tags, by)
    audit.record("codings_brought", by=by, tags=made, codings=0)
    return Brought(made, 0, 0, 0, brought.remarks)


@dataclass
class _Bringing:
    """A project on its way in. `found`: label in the file -> label here; `retired`: labels that are offered no more."""

    by: UUID
    found: Mapping[str, UUID]
    retired: Mapping[UUID, str]
    notes: Mapping[str, Sequence[Memo]]  # text or coding -> what was noted about it
    codings: int = 0
    noted: int = 0
    stories: int = 0
    settled: int = 0
    too_long: int = 0
    left_out: Counter[str] = field(default_factory=Counter)  # retired label -> passages

    def story(self, story: Story, source: Source, moved: Moved, edition: int) -> None:
        """Raises: Conflict."""
        here = set(db.scalars(_codings_of(story.id)))
        passages: dict[tuple[int, int], set[UUID]] = defaultdict(set)
        notes: dict[tuple[int, int] | None, list[Memo]] = defaultdict(list)
        notes[None] += self.notes.get(source.guid, [])
        for coding in source.codings:
            place, tag_id = moved.place(coding.start, coding.end), self.found[coding.tag]
            if UUID(coding.guid) in here:  # also of others: these do not become mine
                continue
            if place[1] - place[0] > LONGEST:
                self.too_long += 1
            elif tag_id in self.retired:
                self.left_out[self.retired[tag_id]] += 1
            else:
                passages[place].add(tag_id)
                notes[place] += self.notes.get(coding.guid, [])
        made = mark(story, passages, edition=edition, by=self.by) if passages else []
        excerpts = dict(zip(sorted(passages), made, strict=True))
        noted = self.noted
        self._note(story, {excerpts[place].id if place else None: notes[place] for place in notes})
        self.codings += sum(len(tag_ids) for tag_ids in passages.values())
        self.stories += bool(passages or self.noted > noted)

    def _note(self, story: Story, notes: Mapping[UUID | None, Sequence[Memo]]) -> None:
        """Raises: Conflict."""
        if not any(notes.values()):
            return
        there = _notes_of(story.id)
        for excerpt_id, memos in notes.items():
            for memo in memos:
                note = (excerpt_id, memo.text.strip()[:LONGEST_NOTE])
                if note[1] and UUID(memo.guid) not in there and note not in there.values():
                    write_note(story, note[1], excerpt_id=excerpt_id, by=self.by)
                    there[UUID(memo.guid)] = note  # about more than one thing: it stands at the first
                    self.noted += 1

    def told(self) -> list[str]:
        """What did not come in."""
        told = []
        if self.settled:
            told.append(
                ngettext(
                    "%(num)s verhaal is al samen gelezen. Daar veranderde niets.",
                    "%(num)s verhalen zijn al samen gelezen. Daar veranderde niets.",
                    self.settled,
                )
            )
        if self.too_long:
            told.append(
                ngettext(
                    "Weggelaten: %(num)s citaat van meer dan %(most)s tekens.",
                    "Weggelaten: %(num)s citaten van meer dan %(most)s tekens.",
                    self.too_long,
                    most=LONGEST,
                )
            )
        told += [
            ngettext(
                "Label „%(name)s” wordt niet meer gebruikt. Weggelaten: %(num)s citaat.",
                "Label „%(name)s” wordt niet meer gebruikt. Weggelaten: %(num)s citaten.",
                count,
                name=name,
            )
            for name, count in sorted(self.left_out.items())
        ]
        return told


def bring(brought: Project, who: Audience, today: date, *, by: UUID) -> Brought:
    """Labels, and marks and notes on stories that are here, as the reading of who brings them.

    Raises: Conflict, and then nothing may be kept.
    """
    found, made = _labels_of(brought.tags, by)
    gone = db.scalars(sa.select(TagRow).where(TagRow.retired_at.is_not(None)))
    bringing = _Bringing(by, found, {tag.id: tag.name for tag in gone}, _by_what(brought.memos))
    sources, remarks = list(brought.sources), list(brought.remarks)
    matched = _matched(sources, who, today)
    if unknown := len(sources) - len(matched):
        remarks.append(_("Teksten die hier niet zijn of die u niet mag lezen: %(count)s.", count=unknown))
    for story, text, edition, source in matched:
        name = _("Verhaal %(number)s", number=story.number)
        if plain(source.text) != plain(text):
            remarks.append(_("%(story)s: de tekst is hier anders. Overgeslagen.", story=name))
        elif story.settled_at is not None:
            bringing.settled += 1
        else:
            try:
                with db.begin_nested():
                    bringing.story(story, source, Moved(source.text, text), edition)
            except Conflict as problem:
                remarks.append(f"{name}: {problem}")
    audit.record("codings_brought", by=by, tags=made, codings=bringing.codings)
    return Brought(made, bringing.codings, bringing.noted, bringing.stories, (*remarks, *bringing.told()))


# --- Which story ----------------------------------------------------------------------------------------------------


def _matched(sources: Sequence[Source], who: Audience, today: date) -> list[tuple[Story, str, int, Source]]:
    """Each text with the story that it is: by id, else by its words."""
    by_id = {UUID(source.guid): source for source in sources}
    query = (
        sa.select(Story, StoryWords.text, StoryWords.edition)
        .join(StoryWords, StoryWords.story_id == Story.id)
        .where(readable(who, today, whole=True))
        .order_by(Story.number)
    )
    matched = [
        (story, text, edition, by_id.pop(story.id))
        for story, text, edition in db.execute(query.where(Story.id.in_(by_id)))
    ]
    by_words = {_print(source.text): source for source in by_id.values()}
    known = [story.id for story, _text, _edition, _source in matched]
    words = sa.func.md5(sa.func.btrim(StoryWords.text, AROUND))
    rows = db.execute(query.add_columns(words).where(words.in_(by_words), Story.id.not_in(known)))
    matched += [
        (story, text, edition, by_words.pop(key)) for story, text, edition, key in rows if key in by_words
    ]
    return matched


def _print(text: str) -> str:
    return md5(plain(text).encode(errors="replace"), usedforsecurity=False).hexdigest()


# --- What is here already ---------------------------------------------------------------------------------------------


def _codings_of(story_id: UUID) -> sa.Select[Any]:
    return (
        sa.select(Coding.id)
        .join(Excerpt, Excerpt.id == Coding.excerpt_id)
        .where(Excerpt.story_id == story_id)
    )


def _notes_of(story_id: UUID) -> dict[UUID, tuple[UUID | None, str]]:
    memos = list(db.scalars(sa.select(MemoRow).where(MemoRow.story_id == story_id)))
    texts = opened_notes([(memo.story_id, memo.box) for memo in memos])
    return {memo.id: (memo.excerpt_id, text) for memo, text in zip(memos, texts, strict=True)}


def _by_what(memos: Iterable[Memo]) -> dict[str, list[Memo]]:
    """Text or coding -> the notes about it."""
    found: dict[str, list[Memo]] = defaultdict(list)
    for memo in memos:
        for about in memo.about:
            found[about].append(memo)
    return found


# --- Labels ---------------------------------------------------------------------------------------------------------


def _labels_of(brought: Sequence[Tag], by: UUID) -> tuple[dict[str, UUID], int]:
    """Guid in the file -> label here: with this id, else with this name in this place, else a new one.

    Raises: Conflict when the tree becomes too deep.
    """
    everything = list(db.scalars(sa.select(TagRow)))
    by_id = {str(tag.id): tag for tag in everything}
    by_name = {(tag.parent_id, tag.name.casefold()): tag for tag in everything}
    found: dict[str, UUID] = {}
    made = 0
    for tag in tree_order(brought):
        parent = found[tag.parent] if tag.parent else None
        known = by_id.get(tag.guid) or by_name.get((parent, tag.name.strip()[:80].casefold()))
        if known is None:
            known = codebook.save(
                None,
                {"name": tag.name.strip()[:80], "description": tag.description[:1500], "parent_id": parent},
                by=by,
            )
            made += 1
            by_name[parent, known.name.casefold()] = known
        found[tag.guid] = known.id
    return found, made
