"""Taking stories in, reading them in the worker, and making them safe."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from workbench.core import audit
from workbench.core.db import db
from workbench.core.errors import Conflict, WorkbenchError
from workbench.core.files import Unreadable
from workbench.core.jobs import Job, enqueue
from workbench.core.language import Language
from workbench.core.tables import Limits
from workbench.core.tables import read as read_table
from workbench.stories.kept import operations as kept
from workbench.stories.kept.models import GivenBy, Sealing, Story, Way
from workbench.stories.kept.visibility import Allowed, Reach, State
from workbench.stories.models import StorySource
from workbench.stories.narrator.operations import told
from workbench.stories.pseudonyms import find, leftovers, sensitive
from workbench.stories.taking_in import drafts
from workbench.stories.taking_in.drafts import Draft
from workbench.stories.taking_in.models import PileState, StoryPile
from workbench.stories.transcripts import reading
from workbench.stories.transcripts.answers import gather, open_questions
from workbench.stories.transcripts.turns import turns

SURVEY = Limits(megabytes=5, text=20_000, lines=500)
MOST_STORIES = 2_000  # that one file or note may become
PILE_STAYS = timedelta(days=1)
TYPED = "verhaal.txt"  # typed text is read as a file would be
RULE = "---"  # alone on a line: here another story begins


class Split(StrEnum):
    """How a note of a talk with several people comes apart."""

    NOT = "not"
    MARKS = "marks"
    SPEAKERS = "speakers"


class Elsewhere(WorkbenchError):
    """The same text was changed in another tab or by a colleague since this page was opened."""


# --- Ways in --------------------------------------------------------------------------------------------------------


def take_file(source: StorySource, name: str, data: bytes, *, by: UUID, told_on: date | None) -> Story:
    """A transcript as somebody brings it; the worker reads it. Raises: Conflict, NoStoryKey."""
    sealed = {Sealing.FILE: name.replace("\n", " ").encode() + b"\n" + data}
    return _sent_to_worker(kept.receive(source, Way.FILE, by=by, told_on=told_on, sealed=sealed))


def take_text(source: StorySource, text: str, *, by: UUID, told_on: date | None) -> Story:
    """A transcript as somebody types or pastes it. Raises: Conflict, NoStoryKey."""
    sealed = {Sealing.RAW: text.encode()}
    return _sent_to_worker(kept.receive(source, Way.TYPED, by=by, told_on=told_on, sealed=sealed))


def _sent_to_worker(story: Story) -> Story:
    enqueue(Job.READ_STORY, story_id=story.id)
    return story


def take_pile(
    source: StorySource, way: Way, name: str, data: bytes, *, by: UUID, told_on: date | None, split: Split
) -> StoryPile:
    """A file or note that may become several stories. Raises: Conflict, NoStoryKey."""
    if source.basis is None:
        raise Conflict(_("Kies eerst op welke grond van de wet u deze verhalen mag bewaren."))
    pile = StoryPile(source_id=source.id, way=way, told_on=told_on, made_by_id=by)
    db.add(pile)
    db.flush()
    about = json.dumps({"name": name, "split": split}).encode()
    pile.box = kept.sealed_apart(pile.id, about + b"\n" + data)
    enqueue(Job.READ_PILE, story_pile_id=pile.id)
    return pile


def choose_answers(pile: StoryPile, questions: list[str]) -> None:
    """In which columns of a survey the stories stand. Raises: Conflict when that was said already."""
    db.refresh(pile, with_for_update=True)
    if pile.state != PileState.TO_CHOOSE or pile.box is None:
        raise Conflict(_("Van dit bestand zijn de kolommen al gekozen."))
    table = table_of(pile)
    table["chosen"] = questions
    pile.box, pile.state = kept.sealed_apart(pile.id, json.dumps(table).encode()), PileState.CHOSEN
    enqueue(Job.READ_PILE, story_pile_id=pile.id)


def table_of(pile: StoryPile) -> dict[str, list[str]]:
    """What the worker read in a survey: header, rows, open (columns that look like answers), notes."""
    read: dict[str, list[str]] = json.loads(kept.opened_apart(pile.id, pile.box or b""))
    return read


# --- In the worker --------------------------------------------------------------------------------------------------


def read_story(story_id: UUID, spoken: Language) -> None:
    """Read what came in and find who it is about; what goes wrong is said in a sentence without a word of the story."""
    story = db.scalar(sa.select(Story).where(Story.id == story_id).with_for_update())
    if story is None or story.state != State.RECEIVED:
        return
    raw, file = kept.unsealed(story_id, Sealing.RAW), kept.unsealed(story_id, Sealing.FILE)
    name, data = TYPED, raw or b""
    if raw is None and file is not None:
        told_name, _line, data = file.partition(b"\n")
        name = told_name.decode()
    if raw is None and file is None:
        draft = Draft("")  # only a recording: somebody writes it out
    else:
        try:
            read = reading.read(name, data, spoken)
        except Unreadable as problem:
            story.state, story.problem = State.FAILED, str(problem)
            return
        before = kept.unsealed(story_id, Sealing.DRAFT)
        known = drafts.opened(before) if before is not None else None
        draft = drafts.begun(read.text, find(read.text), read.notes, known)
    if story.way == Way.NARRATOR and not draft.teller:
        draft = replace(draft, teller=told(story).teller)
    kept.keep_sealed(story_id, Sealing.DRAFT, draft.sealed_form())
    story.state = State.TO_CHECK
    story.is_sensitive = story.is_sensitive or bool(sensitive(draft.text))


def read_pile(pile_id: UUID, spoken: Language) -> None:
    """A step further with what may become several stories."""
    pile = db.scalar(
        sa.select(StoryPile)
        .where(StoryPile.id == pile_id)
        .options(sa.orm.joinedload(StoryPile.source, innerjoin=True))
        .with_for_update()
    )
    if pile is None or pile.box is None or not pile.is_running:
        return
    try:
        if pile.state == PileState.CHOSEN:
            _make_answers(pile)
        elif pile.way == Way.ANSWER:
            _read_survey(pile, spoken)
        else:
            _read_talk(pile, spoken)
    except Unreadable as problem:
        pile.state, pile.problem, pile.box = PileState.FAILED, str(problem), None


def _split_box(pile: StoryPile) -> tuple[dict[str, str], bytes]:
    about, _line, data = kept.opened_apart(pile.id, pile.box or b"").partition(b"\n")
    return json.loads(about), data


def _read_survey(pile: StoryPile, spoken: Language) -> None:
    """Raises: Unreadable."""
    _about, data = _split_box(pile)
    table = read_table(data, spoken, SURVEY)
    rows = [dict(zip(table.header, row, strict=True)) for row in table.rows]
    kept_table = {
        "header": list(table.header),
        "rows": [list(row) for row in table.rows],
        "open": open_questions(rows),
        "notes": list(table.notes),
    }
    pile.box = kept.sealed_apart(pile.id, json.dumps(kept_table).encode())
    pile.state = PileState.TO_CHOOSE


def _make_answers(pile: StoryPile) -> None:
    """Of the chosen columns each answer becomes a story; of the other columns nothing comes along."""
    table = table_of(pile)
    rows = [dict(zip(table["header"], row, strict=True)) for row in table["rows"]]
    found = gather(rows, table["chosen"])
    said = [draft.text for draft in found.drafts]
    _lay_apart(pile, said[:MOST_STORIES])
    pile.counts = {
        "made": len(said[:MOST_STORIES]),
        "empty": found.empty,
        "skipped": sum(found.skipped.values()),
        "same": sum(draft.times - 1 for draft in found.drafts),
        "too_many": len(said[MOST_STORIES:]),
    }


def _read_talk(pile: StoryPile, spoken: Language) -> None:
    """Raises: Unreadable."""
    about, data = _split_box(pile)
    read = reading.read(about["name"], data, spoken)
    said = split(read.text, Split(about["split"]))
    _lay_apart(pile, said[:MOST_STORIES])
    pile.counts = {"made": len(said[:MOST_STORIES]), "too_many": len(said[MOST_STORIES:])}


def split(text: str, how: Split) -> list[str]:
    """The stories in a note: at the rules, or all that one speaker says as one."""
    if how is Split.MARKS:
        parts: list[list[str]] = [[]]
        for line in text.split("\n"):
            if len(line) >= len(RULE) and not line.strip("-–—"):
                parts.append([])
            else:
                parts[-1].append(line)
        return [part for lines in parts if (part := "\n".join(lines).strip())]
    if how is Split.SPEAKERS:
        said: dict[str | None, list[str]] = {}
        for turn in turns(text):
            said.setdefault(turn.speaker, []).append(text[turn.start : turn.end])
        return ["\n\n".join(part for part in parts if part) for parts in said.values() if any(parts)]
    return [text]


def _lay_apart(pile: StoryPile, texts: list[str]) -> None:
    """Each text becomes a story under a key of its own; the pile itself holds no words any more."""
    for text in texts:
        sealed = {Sealing.RAW: text.encode()}
        _sent_to_worker(
            kept.receive(pile.source, pile.way, by=pile.made_by_id, told_on=pile.told_on, sealed=sealed)
        )
    pile.box, pile.state = None, PileState.DONE


def tend(now: datetime) -> None:
    """Pick up what waits for a lost job, and remove what nobody went on with."""
    db.execute(sa.delete(StoryPile).where(StoryPile.made_at < now - PILE_STAYS))
    waits = Story.state == State.RECEIVED
    for story_id in db.scalars(
        sa.select(Story.id).where(waits, Story.received_at < now - timedelta(minutes=5))
    ):
        enqueue(Job.READ_STORY, story_id=story_id)
    for pile_id in db.scalars(
        sa.select(StoryPile.id).where(
            StoryPile.state.in_((PileState.RECEIVED, PileState.CHOSEN)),
            StoryPile.made_at < now - timedelta(minutes=5),
        )
    ):
        enqueue(Job.READ_PILE, story_pile_id=pile_id)


# --- Making safe ----------------------------------------------------------------------------------------------------


def draft_of(story: Story) -> Draft:
    """What is being made safe. Whoever asks has opened the story: that stands in the access log."""
    words = kept.unsealed(story.id, Sealing.DRAFT)
    if words is None:
        raise Conflict(_("Dit verhaal wacht niet meer op nakijken."))
    audit.record("story_opened", story)
    return drafts.opened(words)


def keep(story: Story, base: int, change: Callable[[Draft], Draft]) -> Draft:
    """Keep a change of the draft, sealed. Raises: Elsewhere when it was changed since `base`; Conflict."""
    draft = _locked_draft(story, base)
    changed = replace(change(draft), version=draft.version + 1)
    kept.keep_sealed(story.id, Sealing.DRAFT, changed.sealed_form())
    return changed


def _locked_draft(story: Story, base: int, state: State = State.TO_CHECK) -> Draft:
    kept.lock(story)
    words = kept.unsealed(story.id, Sealing.DRAFT)
    if story.state != state or words is None:
        raise Conflict(_("Dit verhaal is intussen al verder. Kijk bij de bron waar het nu is."))
    draft = drafts.opened(words)
    if draft.version != base:
        raise Elsewhere(_("Dit verhaal is intussen in een ander venster of door een collega bewaard."))
    return draft


def add_words(draft: Draft, words: str, replacement: str, *, is_name: bool) -> Draft:
    """Raises: drafts.NotThere."""
    also = [one for one in find(draft.text, [words]) if is_name and one.kind == "person"] if is_name else []
    parts = {part.casefold() for part in words.split()}
    near = [one for one in also if parts & {part.casefold() for part in one.words.split()}]
    return drafts.added(draft, words, replacement, near)


def write_out(story: Story, base: int, text: str) -> None:
    """Another text in place of what came in: a recording written out, or a passage taken away. Read again by the worker.

    Raises: Elsewhere, Conflict.
    """
    if story.state == State.FAILED:
        kept.lock(story)
        kept.drop_sealed(story.id, Sealing.FILE)
    else:
        _locked_draft(story, base)
    kept.keep_sealed(story.id, Sealing.RAW, text.encode())
    story.state, story.problem = State.RECEIVED, ""
    _sent_to_worker(story)


def confirm(story: Story, base: int, *, by: UUID, form_version: str) -> None:
    """Somebody read the whole text as others will, and confirms that nobody can be known from it.

    Raises: Elsewhere, Conflict.
    """
    draft = _locked_draft(story, base)
    text = drafts.safe_text(draft)
    if not text.strip():
        raise Conflict(_("Er staat nog geen tekst in dit verhaal. Schrijf eerst op wat er verteld is."))
    story.is_sensitive = story.is_sensitive or bool(sensitive(text))
    kept.make_safe(story, text, by=by, teller=draft.teller, traits=dict(draft.traits))
    kept.drop_sealed(story.id, Sealing.AUDIO, Sealing.FILE, Sealing.RAW)
    if draft.consent.get("how") and story.reach is None:  # what the narrator chose since goes before
        kept.consent(
            story,
            allowed_in(draft),
            form_version=f"{form_version} ({draft.consent['how']})",
            given_by=GivenBy.COLLECTOR,
        )


def allowed_in(draft: Draft) -> Allowed:
    """What the narrator allowed in the talk."""
    until = draft.consent.get("until")
    return Allowed(
        Reach(draft.consent["reach"]),
        draft.consent.get("quotes_only") == "yes",
        date.fromisoformat(until) if until else None,
    )


# --- The second look ------------------------------------------------------------------------------------------------


def to_second(story: Story) -> Draft:
    """The safe text that waits for a second person. It stands in the access log as well."""
    if story.state != State.SECOND_LOOK:
        raise Conflict(_("Dit verhaal wacht niet meer op een tweede lezer."))
    return draft_of(story)


def second(story: Story, base: int, *, by: UUID) -> None:
    """Raises: Elsewhere, Conflict."""
    draft = _locked_draft(story, base, State.SECOND_LOOK)
    kept.second(story, drafts.safe_text(draft), by=by)


def keep_second(story: Story, base: int, change: Callable[[Draft], Draft]) -> Draft:
    """The second person replaces more. Raises: Elsewhere, Conflict, drafts.NotThere."""
    draft = _locked_draft(story, base, State.SECOND_LOOK)
    changed = change(draft)
    changed = replace(changed, text=drafts.safe_text(changed), items=(), version=draft.version + 1)
    kept.keep_sealed(story.id, Sealing.DRAFT, changed.sealed_form())
    return changed


def send_back(story: Story, base: int, remark: str) -> None:
    """The first person looks again, at what the second one asks. Raises: Elsewhere, Conflict."""
    draft = _locked_draft(story, base, State.SECOND_LOOK)
    notes = (_("De tweede lezer vraagt: %(remark)s", remark=remark),) if remark else ()
    again = drafts.begun(draft.text, leftovers(draft.text), notes)
    again = replace(again, teller=draft.teller, traits=draft.traits, version=draft.version + 1)
    kept.keep_sealed(story.id, Sealing.DRAFT, again.sealed_form())
    story.state, story.confirmed_at, story.confirmed_by_id = State.TO_CHECK, None, None
    audit.record("story_sent_back", story)


def allow(story: Story, allowed: Allowed, *, form_version: str, how: str) -> None:
    """A consent that a narrator gave on paper or aloud after the story was made safe.

    Raises: Conflict once the narrator chooses on the own page.
    """
    kept.lock(story)
    if kept.is_the_narrators_own(story):
        raise Conflict(_("De verteller koos zelf wie het mag lezen. Alleen de verteller kan dat veranderen."))
    kept.consent(story, allowed, form_version=f"{form_version} ({how})", given_by=GivenBy.COLLECTOR)


NOT_SAFE = (State.RECEIVED, State.FAILED, State.TO_CHECK, State.SECOND_LOOK)


def remove(story: Story, *, by: UUID) -> None:
    """Away with a story that cannot be read or does not belong here. Raises: Conflict once it is safe."""
    kept.lock(story)
    if story.state not in NOT_SAFE:
        raise Conflict(_("Dit verhaal is al veilig. Het gaat alleen weg als de verteller dat wil."))
    kept.end(story, State.ENDED, by=by, rule=kept.Rule.COLLECTOR)


def withdraw_for_narrator(story: Story, *, how: str, by: UUID) -> None:
    """The narrator asked this member to take the story back, on paper or aloud."""
    kept.end(story, State.WITHDRAWN, by=by, how=how)


def now() -> datetime:
    return datetime.now(UTC)
