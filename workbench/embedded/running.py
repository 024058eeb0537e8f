"""How a command typed in another terminal finds the demo that is running in a home directory.

`running.lock` is locked by the demo for as long as it lives and holds its process id; `running.json` holds the
environment to use. A file that a killed demo left behind is recognised by the lock being free, or by its process id.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from workbench.embedded.process import StartError, claimed

_LOCK = "running.lock"
_FACTS = "running.json"


class AlreadyRunning(StartError):
    """Another demo uses this home directory; the sentence is for the person who started this one."""


@contextmanager
def lock(home: Path) -> Iterator[None]:
    """Be the one demo in `home` (made when missing). Raises StartError, or its kind AlreadyRunning."""
    with ExitStack() as stack:
        try:
            # A little patience: `read` takes the lock for a moment too.
            descriptor = stack.enter_context(claimed(home / _LOCK, patience=0.5))
        except BlockingIOError:
            raise AlreadyRunning(
                f"Er draait al een demo in {home} (proces {(home / _LOCK).read_text()}). "
                "Stop die eerst, of kies een andere map met --home."
            ) from None
        (home / _FACTS).unlink(missing_ok=True)
        stack.callback((home / _FACTS).unlink, missing_ok=True)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        yield


def write(home: Path, environment: dict[str, str]) -> None:
    """Publish the environment of the demo that holds the lock on `home`; only for our own account (mode 0600)."""
    draft = home / f"{_FACTS}.new"
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:  # noqa: PTH123
        json.dump({"pid": os.getpid(), "environment": environment}, out)
    draft.rename(home / _FACTS)


def read(home: Path) -> dict[str, str] | None:
    """The environment of the demo running in `home`; None when none is alive or it is not ready yet."""
    try:
        with (home / _LOCK).open() as lock_file:
            if not _is_held(lock_file.fileno()):
                return None
            holder = lock_file.read()
        facts = json.loads((home / _FACTS).read_text())
    except FileNotFoundError:
        return None
    if str(facts["pid"]) != holder:
        return None
    environment: dict[str, str] = facts["environment"]
    return environment


def _is_held(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
