"""A backup of the whole installation in one file, and an installation from a backup.

The file is a zip: `schema` and `data` as pg_dump writes them, `passages.csv` (see workbench.stories.backups) and
`about.json`, all of one moment. The keys of stories are a file of their own, written over at every backup and kept
elsewhere: what was withdrawn after a backup was made can then not be read from it, whoever holds it.
"""

import json
import os
import shutil
import subprocess
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import psycopg
from sqlalchemy import make_url

from workbench.core import migrate
from workbench.core.errors import WorkbenchError
from workbench.core.settings import Settings
from workbench.embedded.postgres import program
from workbench.stories import backups as stories
from workbench.stories.kept.seal import Unreadable

# Beside what stories keep apart: letters that wait to be sent, files with quotes that are there for a day, and what a
# refresh has in hand.
NOT_NEEDED = ("mail_message", "monitor_export", "staged_observation", "staged_area", "staged_period")
FORMAT = 1


class NoBackup(WorkbenchError):
    """The backup cannot be made or read; the sentence says why."""


# --- Making one -----------------------------------------------------------------------------------------------------


def write(settings: Settings, file: Path, keys: Path | None) -> None:
    """Raises: NoBackup."""
    owner, backup = (
        _address(settings.owner_database_url, "OWNER"),
        _address(settings.backup_database_url, "BACKUP"),
    )
    if file.exists():
        raise NoBackup(f"{file} is already there.")
    with _private(file) as draft, psycopg.connect(backup) as connection, ZipFile(draft, "w") as archive:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        [moment] = connection.execute("SELECT pg_export_snapshot()").fetchone() or [""]
        without = [f"--exclude-table=public.{table}" for table in (*stories.APART, *NOT_NEEDED)]
        _dump(archive, "schema", owner, moment, "--schema-only", "--no-comments")
        _dump(archive, "data", backup, moment, "--data-only", *without)
        with archive.open("passages.csv", "w", force_zip64=True) as passages:
            stories.write_passages(connection, passages)
        about = {"format": FORMAT, "made_at": datetime.now(UTC).isoformat(timespec="seconds")}
        archive.writestr("about.json", json.dumps(about))
    if keys:
        with psycopg.connect(owner) as connection, _private(keys) as draft:
            found = {story_id: b64encode(box).decode() for story_id, box in stories.keys(connection).items()}
            draft.write_text(json.dumps(found), "utf-8")


def _address(url: str | None, role: str) -> str:
    """As PostgreSQL's own programs take it."""
    if not url:
        raise NoBackup(f"Set WORKBENCH_{role}_DATABASE_URL: a backup needs the roles 'owner' and 'backup'.")
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


@contextmanager
def _private(file: Path) -> Iterator[Path]:
    """A file beside this one that only we read; it takes the name of this one when it is whole."""
    handle, name = tempfile.mkstemp(dir=file.absolute().parent, prefix=f".{file.name}.")
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _dump(archive: ZipFile, name: str, address: str, moment: str, *options: str) -> None:
    command = ["--format=custom", f"--snapshot={moment}", *options]
    with tempfile.TemporaryFile() as errors, archive.open(name, "w", force_zip64=True) as member:
        with subprocess.Popen(
            _command("pg_dump", address, *command),
            env=_environment(address),
            stdout=subprocess.PIPE,
            stderr=errors,
        ) as process:
            shutil.copyfileobj(process.stdout, member)  # type: ignore[arg-type]
        if process.returncode:
            errors.seek(0)
            raise NoBackup(f"pg_dump failed: {errors.read().decode().strip()}")


def _command(name: str, address: str, *options: str) -> list[str]:
    """Without the password, which every other account of the machine could read."""
    shown = make_url(address)._replace(password=None).render_as_string()
    return [str(program(name)), *options, f"--dbname={shown}"]


def _environment(address: str) -> dict[str, str]:
    return {"LC_ALL": "C", "PGPASSWORD": make_url(address).password or ""}


# --- An installation from one ---------------------------------------------------------------------------------------


def read(settings: Settings, file: Path, keys: Path | None) -> int:
    """Fill an empty database whose roles are there; gives how many stories can be read again.

    Stories without a key still have to be ended: `workbench.stories.backups.end_without_keys`. Raises: NoBackup.
    """
    owner = _address(settings.owner_database_url, "OWNER")
    if settings.story_key is None:
        raise NoBackup("Set WORKBENCH_STORY_KEY, the one of the installation that the backup was made of.")
    with tempfile.TemporaryDirectory() as folder, psycopg.connect(owner) as connection:
        if connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchone():
            raise NoBackup("This database is not empty. Make a new one: `workbench db roles`.")
        boxes = _keys(keys, settings.story_key.get_secret_value()) if keys else {}
        archive = _unpacked(file, Path(folder))
        _restore(owner, archive / "schema", "--section=pre-data")
        _restore(owner, archive / "data")
        with (archive / "passages.csv").open("rb") as passages:
            readable = stories.put_back(connection, passages, boxes, settings.story_key.get_secret_value())
        connection.commit()
        _restore(owner, archive / "schema", "--section=post-data")
    migrate.upgrade(settings.owner_database_url)
    return readable


def _keys(file: Path, secret: str) -> dict[str, bytes]:
    """Story -> its wrapped key."""
    try:
        found = {story_id: b64decode(box) for story_id, box in json.loads(file.read_bytes()).items()}
        stories.check_keys(found, secret)
    except Unreadable:
        raise NoBackup(f"{file} is of an installation with another WORKBENCH_STORY_KEY.") from None
    except (ValueError, AttributeError, TypeError):
        raise NoBackup(f"{file} holds no keys of stories.") from None
    return found


def _unpacked(file: Path, folder: Path) -> Path:
    try:
        with ZipFile(file) as archive:
            about = json.loads(archive.read("about.json"))
            if about["format"] != FORMAT:
                raise NoBackup("This backup was made by a newer workbench.")
            for name in ("schema", "data", "passages.csv"):
                archive.extract(name, folder)
    except (BadZipFile, KeyError, ValueError, OSError):
        raise NoBackup(f"{file} is not a whole backup of a workbench.") from None
    return folder


def _restore(address: str, dump: Path, *options: str) -> None:
    command = ["--exit-on-error", "--single-transaction", "--no-owner", *options]
    done = subprocess.run(
        [*_command("pg_restore", address, *command), str(dump)],
        env=_environment(address),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NoBackup(f"pg_restore failed: {done.stderr.strip()}")
