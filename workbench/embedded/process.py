"""Child processes that do not outlive their parent, and locks that live exactly as long as their holders."""

import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

_PR_SET_PDEATHSIG = 1
_SOCKETS_PREFIX = "workbench-"
_LIBC = ctypes.CDLL(None)  # loaded here: the child between fork and exec should do as little as possible


class StartError(RuntimeError):
    """A server or part cannot run; the sentence is for the person who started it."""


class Account(NamedTuple):
    """An operating system account to run as; only root can use another than its own."""

    uid: int
    gid: int


def _die_with(parent: int, by: signal.Signals) -> None:
    """Ask the kernel to send this process `by` when the thread that forked it ends. Linux only.

    The request survives exec but does not reach what the program forks itself.
    """
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(by))
    if os.getppid() != parent:  # the parent died before the request was made
        os._exit(1)


def spawn(
    command: Sequence[str | Path],
    *,
    env: dict[str, str],
    log: Path,
    user: Account | None = None,
    cwd: Path | None = None,
    at_parents_death: signal.Signals = signal.SIGKILL,
    keep: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, so that Ctrl-C in the terminal does not reach it.

    Call it from the main thread: the kernel ties the parent's death to the thread that forked.
    `env` is the whole environment; output is appended to `log`; `keep` are descriptors the program inherits.
    `cwd` is entered before the privileges are dropped, so `user` need not be able to reach it.
    """
    parent = os.getpid()
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=keep,
            user=user.uid if user else None,
            group=user.gid if user else None,
            extra_groups=[] if user else None,
            # After the change of account, which clears the request.
            preexec_fn=(lambda: _die_with(parent, at_parents_death)) if sys.platform == "linux" else None,  # noqa: PLW1509
        )


def stop(process: subprocess.Popen[bytes], *, patience: float, by: signal.Signals = signal.SIGTERM) -> None:
    """Ask once with `by`, wait `patience` seconds, then kill the whole process group. Reaps the process."""
    if process.poll() is None:
        process.send_signal(by)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    kill_group(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL for a spawned process and for what it left behind in its group. Reaps the process."""
    with suppress(ProcessLookupError, PermissionError):  # macOS: not permitted on a group of zombies
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def last_lines(log: Path, count: int = 15) -> str:
    """The end of a log, for an error message; '' when there is no log."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    except FileNotFoundError:
        return ""


@contextmanager
def claimed(lock: Path, *, patience: float) -> Iterator[int]:
    """An exclusive lock on the file `lock`, made with its directories when missing; gives its descriptor.

    A program spawned with `keep=[descriptor]` holds the lock too, together with everything it forks, and goes on
    holding it when we are gone. Whoever gets the lock therefore knows that none of them is alive: process ids,
    which may be stale, reused or those of zombies, need not be looked at.

    Raises BlockingIOError when it is still held after `patience` seconds, StartError when we may not write there.
    """
    try:
        lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except (PermissionError, FileExistsError, NotADirectoryError):
        raise StartError(
            f"Kan niet schrijven in {lock.parent}. Kies een andere map, of start als de gebruiker van wie de map is."
        ) from None
    try:
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        yield descriptor
    finally:
        os.close(descriptor)


def make_socket_directory(lock: Path | None = None, owner: Account | None = None) -> Path:
    """A new directory only `owner` (default: we) can enter. In /tmp: a socket's path has at most 103 bytes.

    The file `lock`, which the caller has claimed, remembers the directory: one that a killed predecessor left
    behind is removed.
    """
    if lock and (left_behind := lock.read_text()):
        remove_socket_directory(Path(left_behind))
    directory = Path(tempfile.mkdtemp(prefix=_SOCKETS_PREFIX, dir="/tmp"))
    if owner:
        os.chown(directory, *owner)
    if lock:
        lock.write_text(str(directory))
    return directory


def remove_socket_directory(directory: Path) -> None:
    if directory.name.startswith(_SOCKETS_PREFIX):
        shutil.rmtree(directory, ignore_errors=True)
