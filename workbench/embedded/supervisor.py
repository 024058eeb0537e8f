"""Keeps the parts of the demo (web, worker) running and stops them together."""

import os
import signal
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Self

from workbench.embedded import undertaker
from workbench.embedded.process import kill_group, last_lines, spawn

_STOP_SECONDS = 2.0  # leaves 3 of the promised 5 seconds for the servers
_MAX_DEATHS = 5
_WITHIN_SECONDS = 60
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Part:
    """A program to keep running; `env` is added to our own environment."""

    name: str
    command: list[str]
    env: dict[str, str]


@dataclass
class _Running:
    part: Part
    process: subprocess.Popen[bytes]
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=_MAX_DEATHS))
    start_again_at: float | None = None  # monotonic seconds; None while it runs


class Supervisor:
    """Runs `parts`, each with its output in `log_dir/<name>.log`. Use it from the main thread.

    When we are killed, the parts and all their children are killed outright, by the undertaker: what they were doing
    must be able to start again.
    """

    def __init__(self, parts: list[Part], log_dir: Path) -> None:
        self.parts = parts
        self.log_dir = log_dir
        self._running: list[_Running] = []
        self._stop_asked = False
        self._undertaker: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        self._undertaker = subprocess.Popen(
            [sys.executable, "-I", "-S", undertaker.__file__],
            stdin=subprocess.PIPE,
            start_new_session=True,  # out of reach of Ctrl-C
        )
        for part in self.parts:
            self._running.append(_Running(part, self._spawn(part)))
            self._tell_undertaker()
        return self

    def run_until_signal(self) -> int:
        """Block until SIGINT, SIGTERM or SIGHUP, restarting parts that die; gives the exit code for the program.

        0 after a signal; 1 when a part died 5 times within a minute. Nothing is stopped yet in either case: `stop`
        does that. The signals stay caught afterwards, so an impatient second Ctrl-C does not break off the stopping.
        """
        for number in _SIGNALS:
            signal.signal(number, self._ask_to_stop)
        while not self._stop_asked:
            for running in self._running:
                if not self._keep_alive(running):
                    return 1
            time.sleep(0.1)
        return 0

    def stop(self) -> None:
        """Ask all parts to stop, last started first; after 2 seconds kill what is left, children included."""
        for running in reversed(self._running):
            if running.process.poll() is None:
                running.process.terminate()
        deadline = time.monotonic() + _STOP_SECONDS
        while time.monotonic() < deadline and any(
            running.process.poll() is None for running in self._running
        ):
            time.sleep(0.02)
        for running in reversed(self._running):
            kill_group(running.process)
        self._running.clear()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _spawn(self, part: Part) -> subprocess.Popen[bytes]:
        return spawn(part.command, env={**os.environ, **part.env}, log=self._log(part))

    def _log(self, part: Part) -> Path:
        return self.log_dir / f"{part.name}.log"

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop_asked = True

    def _keep_alive(self, running: _Running) -> bool:
        """Look once: note a death, or start again when the pause is over. False when it is hopeless."""
        now = time.monotonic()
        if running.start_again_at is None:
            return running.process.poll() is None or self._note_death(running, now)
        if now >= running.start_again_at:
            running.process = self._spawn(running.part)
            running.start_again_at = None
            self._tell_undertaker()
        return True

    def _note_death(self, running: _Running, now: float) -> bool:
        name, log = running.part.name, self._log(running.part)
        kill_group(running.process)  # its children may still hold its port
        running.deaths.append(now)
        recent = [moment for moment in running.deaths if now - moment < _WITHIN_SECONDS]
        if len(recent) == _MAX_DEATHS:
            _say(f"{name} stopt steeds ({_MAX_DEATHS} keer binnen een minuut). Alles stopt nu. Uit {log}:")
            _say(last_lines(log))
            return False
        pause = 0.5 * 2 ** (len(recent) - 1)
        _say(
            f"{name} is gestopt (code {running.process.returncode}) en start over {pause:g} s opnieuw. Zie {log}."
        )
        running.start_again_at = now + pause
        self._tell_undertaker()
        return True

    def _tell_undertaker(self) -> None:
        groups = [str(running.process.pid) for running in self._running if running.start_again_at is None]
        if self._undertaker and self._undertaker.stdin:
            with suppress(BrokenPipeError):  # someone killed it; the parts themselves still die with us
                self._undertaker.stdin.write((" ".join(groups) + "\n").encode())
                self._undertaker.stdin.flush()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
