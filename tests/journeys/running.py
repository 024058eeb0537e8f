"""The whole workbench, running: servers, web, worker and beat as processes, a source that is replayed, a browser."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests import servers as test_servers
from tests.journeys import table
from tests.sources.replay import Replay
from workbench.embedded.process import last_lines, spawn, stop

PATIENCE = 30  # seconds for the first answer
WORKBENCH = [sys.executable, "-m", "workbench.cli"]


@dataclass(frozen=True)
class Workbench:
    address: str
    home: Path
    environment: dict[str, str]
    replay: Replay
    pages: list[str]  # the address of every page, for Almere

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Type a `workbench` command, as an operator does."""
        return subprocess.run(
            [*WORKBENCH, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@contextmanager
def workbench() -> Iterator[Workbench]:
    """Everything that the demo starts, on a database and a home of its own; nothing is left running."""
    with ExitStack() as stack:
        servers = stack.enter_context(test_servers.start())
        replay = stack.enter_context(Replay(table.record(servers.home / "cbs")))
        port = _free_port()
        environment = os.environ | servers.environment(
            WORKBENCH_DEMO="true",
            WORKBENCH_BASE_URL=f"http://127.0.0.1:{port}",
            WORKBENCH_CBS_V4_URL=replay.base_url,
            WORKBENCH_OPERATOR_PORT=str(_free_port()),
        )
        # The worker is there before the content, so that no job has to wait for a sweep. The schedule runs by itself:
        # as a child of the worker it would outlive tests that are killed.
        parts = {"worker": ["worker"], "beat": ["beat"], "web": ["serve", f"--bind=127.0.0.1:{port}"]}
        for name, arguments in parts.items():
            process = spawn(
                [*WORKBENCH, *arguments], env=environment, log=servers.home / "log" / f"{name}.log"
            )
            stack.callback(stop, process, patience=3)
        subprocess.run(
            [sys.executable, "-m", "tests.journeys.content"], env=environment, check=True, timeout=120
        )
        address = f"http://127.0.0.1:{port}"
        _wait_until_healthy(address, servers.home / "log")
        pages = json.loads((servers.home / "addresses.json").read_text())
        yield Workbench(address, servers.home, environment, replay, pages)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_until_healthy(address: str, logs: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError("\n".join(last_lines(log) for log in sorted(logs.iterdir())))


def find_chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def browser(program: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
        )
        yield started
        started.close()
