"""Every command of docker-compose.yml runs outside a container, with the settings that file gives it and no others."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from workbench.embedded.postgres import EmbeddedPostgres
from workbench.embedded.valkey import EmbeddedValkey

ROOT = Path(__file__).parent.parent.parent
PROGRAMS = Path(sys.executable).parent
VARIABLE = re.compile(r"\$\{(\w+):\?\}")
ROLES = {"": "web", "PLATFORM_": "platform", "OWNER_": "owner", "BACKUP_": "backup"}
PATIENCE = 30  # seconds


class Installation:
    """The services of the compose file, each run as a process of its own in an empty folder."""

    def __init__(self, folder: Path, variables: dict[str, str]) -> None:
        self.services: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())[
            "services"
        ]
        self.variables = variables
        self.home = folder / "home"
        self.home.mkdir()
        self.empty = folder / "empty"
        self.empty.mkdir()
        self.log = folder / "services.log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def _here(self, text: str) -> str:
        """What stands for a place in the container, as a place on this machine."""
        text = text.replace("/var/lib/workbench", str(self.home))
        return text.replace("0.0.0.0:8000", f"127.0.0.1:{self.port}").replace(
            "127.0.0.1:8000", f"127.0.0.1:{self.port}"
        )

    def environment(self, service: str) -> dict[str, str]:
        given: dict[str, str | None] = self.services[service]["environment"]
        found = {name: self.variables.get(name) if value is None else value for name, value in given.items()}
        settings = {
            name: self._here(VARIABLE.sub(lambda match: self.variables[match[1]], value))
            for name, value in found.items()
            if value is not None
        }
        return settings | {"PATH": f"{PROGRAMS}:{os.environ['PATH']}", "HOME": "/nonexistent"}

    def run(self, service: str) -> None:
        command = [self._here(word) for word in self.services[service]["command"]]
        subprocess.run(command, env=self.environment(service), cwd=self.empty, check=True, timeout=PATIENCE)

    @contextmanager
    def running(self, service: str) -> Iterator[subprocess.Popen[bytes]]:
        """Start the command, stop it with SIGTERM as a container is stopped; it must end by itself."""
        command = [self._here(word) for word in self.services[service]["command"]]
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command,
                env=self.environment(service),
                cwd=self.empty,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            yield process
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=15) == 0, self.log.read_text()
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def is_healthy(self, service: str) -> bool:
        kind, *test = self.services[service]["healthcheck"]["test"]
        command = ["sh", "-c", *test] if kind == "CMD-SHELL" else test
        here = [self._here(word) for word in command]
        done = subprocess.run(
            here, env=self.environment(service), cwd=self.empty, capture_output=True, check=False
        )
        return done.returncode == 0

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with (
        EmbeddedPostgres(tmp_path / "postgres", durable=False) as postgres,
        EmbeddedValkey(None) as valkey,
    ):
        variables = {
            f"WORKBENCH_{name}DATABASE_URL": postgres.url(role, f"password-of-{role}", "workbench")
            for name, role in ROLES.items()
        } | {
            "WORKBENCH_SUPERUSER_DATABASE_URL": postgres.superuser_url(),
            "WORKBENCH_REDIS_URL": valkey.url,
            "WORKBENCH_SECRET_KEY": "a-key-of-this-test",
            "WORKBENCH_STORY_KEY": "a-story-key-of-this-test",
            "WORKBENCH_BASE_URL": "https://monitor.example",
            "WORKBENCH_SMTP_URL": "smtp://127.0.0.1:9",  # nothing answers there, nor at the source
            "WORKBENCH_MAIL_FROM": "monitor@monitor.example",
            "WORKBENCH_CONTACT": "beheer@monitor.example",
            "WORKBENCH_CBS_V4_URL": "http://127.0.0.1:9/odata/v1/CBS",
        }
        yield Installation(tmp_path, variables)


def until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.slow
def test_all_commands_of_the_compose_file_run_with_its_settings(installation: Installation) -> None:
    installation.run("migrate")
    assert not any(installation.is_healthy(service) for service in ("web", "worker", "beat"))
    with installation.running("web"), installation.running("worker"), installation.running("beat"):
        assert until(lambda: installation.status("/healthz") == 200), installation.log.read_text()
        for service in ("web", "worker", "beat"):
            assert until(partial(installation.is_healthy, service)), installation.log.read_text()
        installation.run("migrate")  # as at every start of the installation
    assert list(installation.empty.iterdir()) == [], "a read-only container could not write this"
    assert {path.name.partition(".")[0] for path in installation.home.iterdir()} == {"beat-schedule"}
