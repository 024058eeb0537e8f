"""What a narrator tells is read by nobody whom the narrator did not allow, and by nobody at all after a withdrawal.

Held for stories that go each way, in every state that matters, for all roles and in every form in which the workbench
answers: pages, the API, files, adopted versions, what residents read, mail, logs, jobs, memory and the tables themselves.
"""

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile

import pypdf
import pytest
import sqlalchemy as sa
from flask import Flask

import tasks.exports
import tasks.figures
import tasks.publishing
import tasks.stories  # noqa: F401 - its tasks
from tasks import worker
from tests.client import Client
from tests.core.test_no_ranking import text_of
from tests.core.test_rules import things_of_almere
from tests.factories import Cast, make_adopted
from tests.monitors.publishing.stage import PAGE
from tests.monitors.quoting import Told, carry_out, make_told
from tests.privacy.looking import Observer, addresses, letters, listening, memory, observers
from tests.servers import Servers
from tests.stories.making import received
from tests.workshops.making_phone import CODE, begun, running
from workbench.accounts.access import PERMISSIONS, Permission
from workbench.accounts.models import Role
from workbench.core import jobs
from workbench.core.db import db
from workbench.core.jobs import Job
from workbench.core.language import Language
from workbench.core.tenancy import act_as, act_for
from workbench.knowledge.calendar.models import today
from workbench.monitors import operations
from workbench.monitors.conversation import operations as conversation
from workbench.monitors.conversation import queries as conversations
from workbench.monitors.exports.models import OF_A_MONITOR, Export
from workbench.monitors.format import AnyBlock, Quote, Stories
from workbench.monitors.hearing import hear
from workbench.stories.coding import operations as coding
from workbench.stories.kept import operations as kept
from workbench.stories.kept import seal
from workbench.stories.kept.models import Sealing, Story
from workbench.stories.kept.visibility import Audience, Reach, State, may_read
from workbench.stories.narrator import operations as narrator
from workbench.stories.narrator.told import Told as RemarkOf
from workbench.stories.taking_in import operations as taking_in
from workbench.workshops.evidence import figures_of
from workbench.workshops.kinds import Kind

MARK = re.compile(r"(?:zilverbrasem|koperwiek|appelvink|kramsvogel|goudvink|roodborst)\d+x")
YESTERDAY = timedelta(days=-1)
# How far each narrator lets it go, and what became of it after it was put in the monitor.
CASES = (
    (Reach.WORKING_GROUP, {}),
    (Reach.COUNCIL, {}),
    (Reach.PUBLIC, {}),
    (Reach.PUBLIC, {"state": State.WITH_NARRATOR}),
    (Reach.PUBLIC, {"ends_on": today() + YESTERDAY}),
)


# Addresses where words stand, when they may.
FORMS = (
    *("/monitor", "/vastgesteld/", "/archief.zip", "/openbaar", "/blok/", "/bestand"),
    *("/scherm", "/vergaderen", "/gesprek/", "/vraag", "/concept", "/citaat", "/blokken/"),
    *("/verhalen/", "?q=vertel", "/nakijken", "/geluid", ".qdpx", ".csv", "/doe-mee/"),
    *("/api/v1/councils/almere/monitor", "/api/v1/councils/almere/stories", "/api/v1/public-monitor"),
)
AFTERWARDS = (Job.FORGET_STORY, Job.BUILD_BLOCKS, Job.DRAW_PUBLIC_PICTURES)


def marks(said: object) -> set[str]:
    return set(MARK.findall(str(said)))


@pytest.mark.parametrize("reach", Reach)
@pytest.mark.parametrize("quotes_only", [False, True])
def test_a_voice_is_heard_by_exactly_those_whom_the_rule_allows(
    cast: Cast, reach: Reach, quotes_only: bool
) -> None:
    told = make_told()
    made = told.tell("zilverbrasem1x", reach, quotes_only=quotes_only)
    [story] = told.stories
    for state in State:
        for ends_on in (None, today(), today() + YESTERDAY):
            story.state, story.ends_on = state, ends_on
            db.flush()
            for audience in Audience:
                voice = hear([made.id], audience)[made.id]
                assert voice.is_heard == may_read(audience, state, story.allowed, today())
                assert bool(marks(voice)) == voice.is_heard


@dataclass
class World:
    """A monitor that quotes a story of each case, in every form there is."""

    told: Told
    marks: dict[str, Story]
    addresses: list[str]
    codes: list[str]  # of the narrators

    def allowed(self, observer: Observer, role: Role | None) -> set[str]:
        """What this observer may read anywhere: who makes stories safe, also what is not ready."""
        rights = PERMISSIONS[role] if role else set()
        if Permission.COLLECT_STORIES in rights:
            return {mark for mark, story in self.marks.items() if story.state is not State.WITHDRAWN}
        audience = Audience.COUNCIL if role else Audience.PUBLIC
        if Permission.CODE_STORIES in rights:
            audience = Audience.WORKING_GROUP
        return {
            mark
            for mark, story in self.marks.items()
            if may_read(audience, story.state, story.allowed, today())
            if mark.startswith("zilver")
            or (mark.startswith("koper") and audience is not Audience.PUBLIC)
            or (mark.startswith("krams") and audience is Audience.WORKING_GROUP)
        }


@pytest.fixture
def world(app: Flask, client: Client, cast: Cast, sent_jobs: list[Any]) -> World:
    keep = jobs._sender[:]
    worker.init_app(app)
    jobs._sender[:] = keep
    ids = things_of_almere(cast)
    told, planted = make_told(), dict[str, Story]()
    told.plan.open()
    blocks: list[AnyBlock] = []
    for number, (reach, _later) in enumerate(CASES):
        made = told.tell(f"zilverbrasem{number}x", reach, teller=f"koperwiek{number}x")
        blocks.append(Quote(id=uuid4(), goal_id=told.goal.id, excerpt_id=made.id))
        planted |= dict.fromkeys((f"zilverbrasem{number}x", f"koperwiek{number}x"), told.stories[-1])
    excerpt_ids = tuple(one.id for one in told.excerpts)
    together = Stories(id=uuid4(), goal_id=told.goal.id, excerpt_ids=excerpt_ids)
    operations.first_monitor(told.plan.id).shaped = True
    told.show(*blocks, together)
    adopt(told)
    ticked = [str(block.id) for block in (*blocks, together)]
    client.as_(cast.clerk).send(f"/almere/inwoners/monitors/{told.monitor.id}", blok=ticked)
    assert "Gepubliceerd" in client.submit(f"/almere/inwoners/monitors/{told.monitor.id}/publiceren").words
    act_for(db, cast.almere.id)
    planted |= written_about(told, cast.clerk.id)
    codes = [kept.narrator_link(story) for story in told.stories]
    sealed = in_a_seal(told)
    planted |= dict.fromkeys(("appelvink9x", "roodborst9x"), sealed)
    workshop = running(plan_id=told.plan.id)
    begun(workshop, Kind.FIGURE_AND_STORY, block_id=next(iter(figures_of(told.plan))))
    about = conversations.block(blocks[1].id)
    assert about is not None
    question = conversation.ask(about, "Hoe kan dit?", cast.officer.id, cast.councillor.id)
    db.commit()
    for story, (_reach, later) in zip(told.stories, CASES, strict=True):
        for name, value in later.items():
            setattr(story, name, value)
    db.commit()
    client.as_(cast.councillor)
    for form in OF_A_MONITOR:
        client.submit(f"/almere/trajecten/{told.plan.id}/monitor/meenemen", form=form)
    carry_out(sent_jobs, Job.WRITE_EXPORT)
    act_for(db, cast.almere.id)
    monitor = told.monitor
    ids |= {
        "plan_id": told.plan.id,
        "goal_id": told.goal.id,
        "monitor_id": monitor.id,
        "section_id": operations.format_of(monitor, monitor.draft).sections[0].id,
        "block_id": together.id,
        "figure_question_id": question.id,
        "story_source_id": told.source.id,
        "workshop_id": workshop.id,
        "major": 1,
    }
    db.commit()
    found = addresses(app, ids)
    found += [address.replace(str(together.id), str(blocks[2].id)) for address in found if "blok/" in address]
    found += [f"/almere/meenemen/{export_id}/bestand" for export_id in db.scalars(sa.select(Export.id)).all()]
    found += [f"/almere/trajecten/{told.plan.id}/vergaderen/scherm?kaart={n}" for n in range(1, 18)]
    of_stories = [address for address in found if str(ids["story_id"]) in address]
    for story in (*told.stories, sealed):
        found += [address.replace(str(ids["story_id"]), str(story.id)) for address in of_stories]
    found += ["/almere/verhalen?q=vertel"]  # a word of every story
    found += ["/api/v1/public-monitor?council=almere", f"/doe-mee/{CODE}", f"/doe-mee/{CODE}/nu"]
    found += [f"{PAGE}?taal=en", f"/almere/vastgesteld/{told.plan.id}/verschil?van=1.0&tot=nu"]
    assert client.as_(None).submit(f"/doe-mee/{CODE}").status == 200  # this phone joins the workshop
    return World(told, planted, list(dict.fromkeys(found)), codes)


def written_about(told: Told, by: UUID) -> dict[str, Story]:
    """A note of a coder on each story, and a message to its narrator; gives their marks."""
    found = {}
    act_as(db, by)
    for number, story in enumerate(told.stories):
        note, message = f"kramsvogel{number}x", f"goudvink{number}x"
        coding.write_note(story, note, excerpt_id=told.excerpts[number].id, by=by)
        narrator.tell(told.source, message, story=story, by=by)
        found |= {note: story, message: story}
    act_as(db, None)
    return found


def in_a_seal(told: Told) -> Story:
    """A story that came in and is not safe yet, with a recording and a remark of its narrator."""
    story = received(told.source, "Ik heet appelvink9x.")
    taking_in.read_story(story.id, Language("nl"))
    kept.keep_sealed(story.id, Sealing.AUDIO, b"OggS\0 roodborst9x")
    kept.keep_sealed(story.id, Sealing.FILE, b"roodborst9x")
    kept.keep_sealed(story.id, Sealing.TOLD, RemarkOf(remark="roodborst9x").as_bytes())
    db.flush()
    return story


def adopt(told: Told) -> None:
    operations.first_monitor(told.plan.id).published = None
    make_adopted(told.plan)
    db.commit()


def test_every_address_tells_everybody_only_what_the_narrator_allows_and_nothing_after_that(
    app: Flask,
    client: Client,
    cast: Cast,
    world: World,
    superuser: str,
    *,
    servers: Servers,
    sent_jobs: list[Any],
) -> None:
    roles, council = {str(role): role for role in Role}, cast.almere.id
    everybody = {observer.name: observer for observer in observers(cast)}
    again = [everybody[name] for name in ("clerk", "visitor", "program of clerk")]
    hot: set[str] = set()
    with listening() as heard:
        for name in ("clerk", "councillor", "visitor"):
            hot |= look(client, world, everybody.pop(name), roles.get(name), world.addresses)
        for name, observer in everybody.items():
            role = roles.get(name.removeprefix("program of ")) if "Breda" not in name else None
            look(client, world, observer, role, sorted(hot))
        assert marks(letters(app, [cast.clerk, cast.councillor])) == set()
    assert marks(heard) | marks(sent_jobs) | marks(memory(app)) == set()
    assert [part for part in FORMS if not any(part in address for address in hot)] == []

    with acting_as(superuser):
        assert marks(everything()) >= {"zilverbrasem1x", "koperwiek1x"}, (
            "words stand in the tables of stories"
        )
        assert marks(everything("monitor_export")) >= {"zilverbrasem1x"}, (
            "and in files, which can be opened here"
        )
        backup, keys = in_a_backup(), keys_of_stories()
    assert marks(backup.opened_with({})) == set()
    assert {mark[:6] for mark in marks(backup.opened_with(keys))} == {
        mark[:6] for mark in ("zilverbrasem", "koperwiek", "kramsvogel", "goudvink", "appelvink", "roodborst")
    }, "a backup with the keys holds it all"
    over = {mark for mark, story in world.marks.items() if story.ends_on == today() + YESTERDAY}
    worker.celery.tasks[Job.END_STORIES].apply(kwargs={"council_id": str(council)}, throw=True)
    carry_out(sent_jobs, *AFTERWARDS)
    with acting_as(superuser):
        left = marks(everything())
        assert (over & left, "zilverbrasem1x" in left) == (set(), True), "what is over is gone, and only that"
    act_for(db, council)
    for story in db.scalars(sa.select(Story)).all():
        kept.end(story, State.WITHDRAWN)
    with listening() as heard:
        carry_out(sent_jobs, *AFTERWARDS)
    with acting_as(superuser):
        assert marks(everything()) == set()
        assert marks(backup.opened_with(keys_of_stories())) == set(), "a backup forgets too"
    assert marks(heard) | marks(sent_jobs) | marks(memory(app)) == set()
    # The database itself goes on holding rows that were removed until it cleans up; what it answers is checked above.
    for path in servers.home.rglob("*"):
        if path.is_file() and "postgres" not in path.relative_to(servers.home).parts:
            assert not MARK.search(path.read_bytes().decode("latin-1")), path
    for observer in again:
        assert look(client, world, observer, roles["clerk"], sorted(hot)) == set(), observer
    for code in world.codes:
        for page in ("", "/lezen", "/tekst", "/bewijs", "/bewijs.txt"):
            assert marks(text_of(client.as_(None).get(f"/verteller/{code}{page}"))) == set()


def look(client: Client, world: World, observer: Observer, role: Role | None, where: list[str]) -> set[str]:
    """Where this observer found words; it never finds more than it may."""
    allowed, found = world.allowed(observer, role), set()
    for address in where:
        if observer.token and not address.startswith("/api/"):
            continue
        answered = observer.asks(client, address)
        assert answered.status_code not in (429, 500), (observer, address)
        caches = answered.headers["Cache-Control"]
        assert caches in ("no-store", "private, no-cache", "public, no-cache"), (address, caches)
        told = marks(pdf_text(answered.data) if answered.mimetype == "application/pdf" else text_of(answered))
        assert told <= allowed, (observer, address, told - allowed)
        if told:
            found.add(address)
    client.application.extensions["redis"].flushall()  # programs may ask 120 times a minute
    return found


def pdf_text(file: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(file)).pages)


@pytest.fixture
def superuser(servers: Servers) -> Iterator[str]:
    """A role that reads every row of every table, past all walls; the session of this test may take it."""
    with servers.superuser().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        name = str(connection.scalar(sa.text("SELECT current_user")))
        connection.execute(sa.text(f'GRANT "{name}" TO tester'))
        try:
            yield name
        finally:
            connection.execute(sa.text(f'REVOKE "{name}" FROM tester'))


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """Within this block the session reads as this role."""
    db.commit()
    db.connection().exec_driver_sql(f'SET LOCAL ROLE "{role}"')
    yield
    db.connection().exec_driver_sql("SET LOCAL ROLE web")
    db.commit()


def everything(only: str = "") -> str:
    """All that stands in all tables, files unpacked; what is sealed, as bytes that nobody can read."""
    names = db.scalars(sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
    assert "story_words" in names
    return "\n".join(_rows(name) for name in names if not only or name == only)


def _rows(table: str) -> str:
    rows = db.execute(sa.text(f'SELECT * FROM "{table}"'))
    return "\n".join(
        unpacked(bytes(value)) if isinstance(value, (bytes, memoryview)) else str(value)
        for row in rows
        for value in row
    )


def unpacked(data: bytes) -> str:
    if data.startswith(b"%PDF"):
        return pdf_text(data)
    if data.startswith(b"PK"):
        with ZipFile(BytesIO(data)) as packed:
            return "\n".join(packed.read(name).decode("latin-1") for name in packed.namelist())
    return (gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data).decode("latin-1")


# --- Backups --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Backup:
    """All that role `backup` may read, and with it who holds a dump. `boxes`: story, box."""

    text: str
    boxes: list[tuple[UUID, bytes]]

    def opened_with(self, keys: dict[UUID, bytes]) -> str:
        """The dump, and of what is sealed in it all that opens with one of these keys."""
        found = [self.text]
        for story_id, box in self.boxes:
            for purpose in ("note", *Sealing):
                with suppress(KeyError, seal.Unreadable):
                    found.append(seal.opened(keys[story_id], box, f"{story_id} {purpose}").decode("latin-1"))
        return "\n".join(found)


def in_a_backup() -> Backup:
    names = db.scalars(
        sa.text(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND has_table_privilege('backup', oid, 'SELECT')"
        )
    ).all()
    assert set(names).isdisjoint({"story_words", "story_key", "excerpt", "own_reading", "monitor_export"})
    boxes = [
        (story_id, bytes(box))
        for table in ("story_sealed", "memo", "story_message")
        for story_id, box in db.execute(sa.text(f"SELECT story_id, box FROM {table}"))
        if box
    ]
    return Backup("\n".join(_rows(name) for name in names), boxes)


def keys_of_stories() -> dict[UUID, bytes]:
    """Those that are left: the table of keys is kept apart, its newest copy only."""
    return {
        story_id: seal.unwrapped("test-only-story-key", bytes(box), f"{story_id} key")
        for story_id, box in db.execute(sa.text("SELECT story_id, box FROM story_key"))
    }
