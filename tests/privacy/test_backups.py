"""A backup brings everything back but what was withdrawn after it was made, and says nothing of any story by itself."""

import io
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from flask import Flask

import seeds
from tests.factories import make_cast
from tests.servers import PASSWORD, Servers
from tests.stories.making import excerpt, label, ready, received
from workbench import backups
from workbench.accounts.models import Audience, Council, Person
from workbench.accounts.operations import find_door
from workbench.core import migrate, roles, schema
from workbench.core.db import as_platform, db, make_engine, platform_session, web_session
from workbench.core.errors import WorkbenchError
from workbench.core.settings import Settings
from workbench.core.tenancy import act_for
from workbench.embedded.postgres import program
from workbench.stories import backups as story_backups
from workbench.stories.coding.models import Coding, Memo
from workbench.stories.kept import operations
from workbench.stories.kept.models import Excerpt, OwnReading, Sealing, Story, StoryWords
from workbench.stories.kept.visibility import Reach, State
from workbench.stories.models import StorySource
from workbench.stories.narrator import operations as telling

pytestmark = pytest.mark.slow

STAYS = "Ik wachtte zeven weken op een zebrapad én kreeg het. 😀 Toen was ik blij."
GOES = "Mijn kwartelei viel van de brug. Niemand hielp."
WAITS = "Wilgentak is de naam die nog weg moet."
NOTE = "De vijgcactus staat in mijn notitie."
MARKERS = ("zebrapad", "kwartelei", "Wilgentak", "vijgcactus", "tuinvrouw", "nachtportier")


def settings_of(servers: Servers, database: str, **changes: str) -> Settings:
    urls = {
        "database_url": servers.url("web", database),
        "platform_database_url": servers.url("platform", database),
        "owner_database_url": servers.url("owner", database),
        "backup_database_url": servers.url("backup", database),
    }
    return servers.settings(**(urls | changes))


@contextmanager
def working_on(app: Flask, servers: Servers, database: str) -> Iterator[None]:
    """Sessions go to this database, and what they commit stays."""
    kept = {maker: maker.kw["bind"] for maker in (web_session, platform_session)}
    engines = {
        maker: make_engine(servers.url(role, database), poolclass=sa.NullPool)
        for maker, role in ((web_session, "web"), (platform_session, "platform"))
    }
    for maker, engine in engines.items():
        maker.configure(bind=engine)
    try:
        with app.app_context():
            yield
    finally:
        for maker, bind in kept.items():
            maker.configure(bind=bind)


def act_in(slug: str) -> None:
    act_for(db, db.scalars(sa.select(Council.id).where(Council.slug == slug)).one())


@dataclass(frozen=True)
class Told:
    """Two councils with a story each that stays; in Almere also one that goes, and one that waits at the door."""

    settings: Settings
    file: Path
    keys: Path
    goes: UUID
    stays: UUID
    quoted: UUID  # a passage of the one that goes


@pytest.fixture(scope="module")
def told(app: Flask, servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("backups")
    servers.create_database("told")
    settings = settings_of(servers, "told")
    with working_on(app, servers, "told"):
        with as_platform():
            seeds.load()
        make_cast()
        for slug in ("breda", "almere"):
            act_in(slug)
            coder = db.scalars(sa.select(Person.id).where(Person.email == f"officer@{slug}.example")).one()
            stays = ready(STAYS, Reach.PUBLIC, teller="een tuinvrouw")
            quote = excerpt(stays, "zebrapad én kreeg het. 😀", STAYS)
            db.add(Coding(excerpt_id=quote.id, tag_id=label().id))
            find_door(operations.narrator_link(stays), Audience.NARRATOR)
            telling.place(stays, [20, None, 80])
            db.add(Memo(story_id=stays.id, author_id=coder, box=operations.sealed_note(stays.id, NOTE)))
            db.commit()
        goes = ready(GOES, teller="een nachtportier")
        quoted = excerpt(goes, "kwartelei", GOES)
        received(text=WAITS)
        db.commit()
        ids = (goes.id, stays.id, quoted.id)
        db.rollback()
        backups.write(settings, folder / "first.zip", folder / "keys.json")
        operations.end(db.get_one(Story, goes.id), State.WITHDRAWN)
        db.commit()
        backups.write(settings, folder / "second.zip", folder / "keys.json")
    return Told(settings, folder / "first.zip", folder / "keys.json", *ids)


def new_database(servers: Servers) -> Settings:
    engine = servers.superuser()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("DROP DATABASE IF EXISTS put_back WITH (FORCE)"))
    roles.create_roles(engine, "put_back", dict.fromkeys(roles.ROLES, PASSWORD))
    return settings_of(servers, "put_back")


def everything(servers: Servers, database: str) -> dict[str, list[str]]:
    """Table -> its rows, as text."""
    with servers.superuser(database).connect() as connection:
        tables = connection.scalars(
            sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        ).all()
        return {
            table: sorted(connection.scalars(sa.text(f"SELECT t::text FROM {table} t"))) for table in tables
        }


def test_everything_comes_back_but_what_was_withdrawn_since(app: Flask, servers: Servers, told: Told) -> None:
    settings = new_database(servers)
    before = everything(servers, "told")
    assert backups.read(settings, told.file, told.keys) == 2
    with working_on(app, servers, "put_back"):
        assert story_backups.end_without_keys() == 1
        act_in("breda")
        assert db.scalars(sa.select(StoryWords.text)).all() == [STAYS]
        act_in("almere")
        assert db.scalars(sa.select(Excerpt.words)).all() == ["zebrapad én kreeg het. 😀"]
        assert [own.answers for own in db.scalars(sa.select(OwnReading))] == [[20, None, 80]]
        memo = db.scalars(sa.select(Memo)).one()
        assert operations.opened_notes([(memo.story_id, memo.box)]) == [NOTE]
        gone = db.get_one(Story, told.goes)
        assert gone.state == State.ENDED
        assert gone.gone == [told.quoted]  # the job clears what showed it
        waiting = db.scalars(sa.select(Story).where(Story.state == State.RECEIVED)).one()
        assert operations.unsealed(waiting.id, Sealing.RAW) == WAITS.encode()
        sequel = ready(STAYS, source=db.scalars(sa.select(StorySource).limit(1)).one())
        assert sequel.number == 4
        db.rollback()
    after = everything(servers, "put_back")
    other = {
        "story",
        "story_words",
        "story_key",
        "own_reading",
        "audit_entry",
        "consent",
        "write_mark",
        *backups.NOT_NEEDED,
    }
    assert {name for name in before if before[name] != after[name]} <= other
    assert "kwartelei" not in str(after)


def test_the_wall_stands_again(servers: Servers, told: Told) -> None:
    settings = new_database(servers)
    backups.read(settings, told.file, told.keys)
    migrate.check(settings.owner_database_url)
    engine = make_engine(settings.database_url, poolclass=sa.NullPool)
    assert schema.problems(engine) == []
    roles.check_role(engine)


def test_without_keys_nothing_can_be_read_and_all_stories_are_ended(
    app: Flask, servers: Servers, told: Told
) -> None:
    settings = new_database(servers)
    assert backups.read(settings, told.file, None) == 0
    with working_on(app, servers, "put_back"):
        assert story_backups.end_without_keys() == 4
    assert not any(marker in str(everything(servers, "put_back")) for marker in MARKERS)


def test_a_backup_by_itself_says_nothing_of_any_story(told: Told, tmp_path: Path) -> None:
    with ZipFile(told.file) as archive:
        archive.extractall(tmp_path)
    plain = [(tmp_path / name).read_bytes() for name in ("passages.csv", "about.json")]
    for name in ("schema", "data"):
        done = subprocess.run(
            [program("pg_restore"), "-f", "-", tmp_path / name], capture_output=True, check=True
        )
        plain.append(done.stdout)
    read = b"\n".join(plain)
    assert str(told.stays).encode() in read
    for marker in MARKERS:
        assert marker.encode() not in read
        assert marker.encode().hex().encode() not in read
    assert told.file.stat().st_mode & 0o077 == told.keys.stat().st_mode & 0o077 == 0


def test_the_keys_are_those_of_the_newest_backup(told: Told) -> None:
    keys = json.loads(told.keys.read_text())
    assert str(told.stays) in keys
    assert str(told.goes) not in keys


def test_the_role_for_backups_reads_all_but_what_stands_apart(servers: Servers) -> None:
    """Else a backup stops at the first table that it cannot read, on the day that somebody needs it."""
    with servers.superuser("empty").connect() as connection:
        closed = connection.scalars(
            sa.text(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                " AND relkind IN ('r', 'S') AND NOT has_table_privilege('backup', oid, 'SELECT')"
            )
        ).all()
        seen = connection.scalars(
            sa.text(
                "SELECT attname FROM pg_attribute WHERE attrelid = 'excerpt'::regclass AND attnum > 0"
                " AND NOT attisdropped AND has_column_privilege('backup', attrelid, attnum, 'SELECT')"
            )
        ).all()
    assert set(closed) == {*story_backups.APART, *backups.NOT_NEEDED}
    assert set(seen) == set(story_backups.PLACE)


def test_nothing_is_written_over(told: Told) -> None:
    before = told.file.read_bytes()
    with pytest.raises(WorkbenchError, match="already there"):
        backups.write(told.settings, told.file, None)
    assert told.file.read_bytes() == before
    with pytest.raises(WorkbenchError, match="not empty"):
        backups.read(told.settings, told.file, told.keys)


@pytest.mark.usefixtures("told")
def test_a_backup_that_fails_leaves_no_file(servers: Servers, tmp_path: Path) -> None:
    settings = settings_of(servers, "told", backup_database_url=servers.url("web", "told"))
    with pytest.raises(WorkbenchError, match="pg_dump failed"):
        backups.write(settings, tmp_path / "new.zip", None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("spoiled", ["no zip", "half", "other", "newer"])
def test_a_spoiled_file_is_refused_and_the_database_stays_empty(
    servers: Servers, told: Told, tmp_path: Path, spoiled: str
) -> None:
    whole, file = told.file.read_bytes(), tmp_path / "spoiled.zip"
    other = io.BytesIO()
    with ZipFile(other, "w") as archive:
        if spoiled == "newer":
            archive.writestr("about.json", json.dumps({"format": backups.FORMAT + 1}))
        else:
            archive.writestr("photo.jpg", b"")
    file.write_bytes({"no zip": b"no zip", "half": whole[: len(whole) // 2]}.get(spoiled, other.getvalue()))
    with pytest.raises(backups.NoBackup):
        backups.read(new_database(servers), file, told.keys)
    assert everything(servers, "put_back") == {}


def test_keys_of_another_installation_are_refused_in_one_sentence(servers: Servers, told: Told) -> None:
    new_database(servers)
    settings = settings_of(servers, "put_back", story_key="another")
    with pytest.raises(WorkbenchError, match="another WORKBENCH_STORY_KEY"):
        backups.read(settings, told.file, told.keys)
    with pytest.raises(WorkbenchError, match="no keys of stories"):
        backups.read(settings, told.file, told.file)
    assert everything(servers, "put_back") == {}
