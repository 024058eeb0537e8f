"""Real processes: a worker that is killed again and again, and the commands an operator types."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import redis
import sqlalchemy as sa
from celery import Celery

from tests import servers as test_servers
from tests.servers import Servers
from tests.sources.replay import PAYLOADS, RECORDED, Replay
from tests.sources.replay_v3 import DISTRICTS_ENTRY, ReplayV3
from tests.tasks import forked
from workbench.core.health import WORKER_KEY
from workbench.core.jobs import Job

pytestmark = pytest.mark.slow

TABLE = "03759ned"
# The recorded table where it is present (13,568 rows), else our own small one in the same shape.
FOLDER = RECORDED if RECORDED.exists() else PAYLOADS
PATIENCE = 60
REPORT = {
    "source", "table", "state", "rows_read", "inserted", "revised", "unchanged", "rejected", "suspect", "seconds",
}  # fmt: skip


@dataclass
class Stage:
    """An installation of its own: servers, seeds, and a source that we control."""

    servers: Servers
    replay: Replay
    database: sa.Engine

    @property
    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("WORKBENCH_")}
        return inherited | self.servers.environment(WORKBENCH_CBS_V4_URL=self.replay.base_url)

    def command(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return forked.command(*words, environment=self.environment | environment, timeout=PATIENCE)

    def refresh(self, *words: str, **environment: str) -> tuple[int, list[dict[str, Any]]]:
        """Exit code and the JSON lines of `workbench refresh`."""
        done = self.command("refresh", "--table", TABLE, *words, **environment)
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]

    def status(self) -> dict[str, Any]:
        """What `workbench sources status` says of our table."""
        lines = map(json.loads, self.command("sources", "status").stdout.splitlines())
        return next(line for line in lines if line["table"] == TABLE)

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        """A worker with its beat, in a process group of its own; killed at the end."""
        with self.redis() as client:
            client.delete(WORKER_KEY)
        process = subprocess.Popen(
            [sys.executable, "-m", "workbench.cli", "worker", "--with-beat"],
            env=self.environment,
            cwd=forked.ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):  # it stopped by itself
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def redis(self) -> redis.Redis:
        return redis.Redis.from_url(self.servers.valkey.url)

    def worker_is_alive(self) -> bool:
        with self.redis() as client:
            return bool(client.exists(WORKER_KEY))

    def send(self, job: Job) -> None:
        celery = Celery(broker=self.servers.settings().celery_redis_url, set_as_current=False)
        with celery.connection_for_write() as connection:
            celery.send_task(job, connection=connection, ignore_result=True)
        celery.close()

    def ask(self, statement: str) -> Any:
        with self.database.begin() as connection:
            return connection.scalar(sa.text(statement))

    def run(self) -> tuple[str, int]:
        """State and attempt of the newest run."""
        with self.database.begin() as connection:
            row = connection.execute(
                sa.text("SELECT state, attempt FROM refresh_run ORDER BY queued_at DESC LIMIT 1")
            ).one()
        return str(row.state), int(row.attempt)

    def let_it_look_silent(self) -> None:
        """What 30 seconds without a sign of life would do."""
        with self.database.begin() as connection:
            connection.execute(
                sa.text(
                    "UPDATE refresh_run SET heartbeat_at = heartbeat_at - interval '31 s' WHERE state = 'running'"
                )
            )

    def figures(self) -> dict[tuple[str, str, str], float]:
        """(measure, area, period) -> current value, of the refreshed table."""
        statement = (
            "SELECT s.measure, a.code, p.code, o.value FROM observation o JOIN series s ON s.id = o.series_id"
            " JOIN area a ON a.id = o.area_id JOIN period p ON p.id = o.period_id"
            f" WHERE s.\"table\" = '{TABLE}' AND o.loaded_until IS NULL AND o.value IS NOT NULL"
        )
        with self.database.begin() as connection:
            rows = connection.execute(sa.text(statement)).all()
        found = {(measure, area, period): value for measure, area, period, value in rows}
        assert len(found) == len(rows), "a figure stands twice"
        return found


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with test_servers.start() as servers, Replay(FOLDER) as replay:
        database = sa.create_engine(servers.url("owner"), poolclass=sa.NullPool)
        made = Stage(servers, replay, database)
        loaded = made.command("seeds", "load")
        assert loaded.returncode == 0, loaded.stderr
        if FOLDER == PAYLOADS:  # so much smaller than what is bundled that a load of it would be suspect
            with database.begin() as connection:
                bundled = sa.text(
                    'DELETE FROM observation USING series s WHERE s.id = series_id AND s."table" = :table'
                )
                connection.execute(bundled, {"table": TABLE})
        yield made


@pytest.fixture(autouse=True)
def _calm(stage: Stage) -> None:
    stage.replay.clear()
    stage.replay.set(page_size=100_000, delay=0)


def wait_for(happened: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, f"waited {PATIENCE} s for {what}"
        time.sleep(0.05)


def said_by(replay: Replay) -> dict[tuple[str, str, str], float]:
    """What the source itself says now, read without any of our code."""
    found = {}
    for row in replay.table(TABLE).lists["Observations"]:
        fixed = tuple(row[name].strip() for name in ("Geslacht", "Leeftijd", "BurgerlijkeStaat"))
        area, period = row["RegioS"].strip(), row["Perioden"].strip()
        is_asked = (
            fixed == ("T001038", "10000", "T001019") and area[:2] in ("NL", "PV", "GM") and period >= "2019"
        )
        if is_asked and row["Value"] is not None:
            found[row["Measure"].strip(), area, period] = row["Value"]
    return found


def test_a_worker_that_is_killed_ten_times_loses_nothing_and_doubles_nothing(stage: Stage) -> None:
    moments = random.Random(20260702)
    expected = said_by(stage.replay)
    assert len(expected) > 20
    pages = 25
    stage.replay.set(page_size=max(1, len(expected) // pages), delay=0.06)  # a run lasts about two seconds
    code, [line] = stage.refresh()
    assert (code, line["state"]) == (0, "queued")
    for _ in range(10):
        attempt = stage.run()[1]
        stage.let_it_look_silent()
        stage.send(Job.SWEEP)
        with stage.worker():
            wait_for(lambda: stage.run()[1] > attempt, "a new attempt")  # noqa: B023
            time.sleep(moments.uniform(0, 1.8))
        if stage.run()[0] == "done":
            stage.replay.move(TABLE)
            stage.refresh()
    stage.let_it_look_silent()
    stage.send(Job.SWEEP)
    with stage.worker():
        wait_for(lambda: stage.run()[0] == "done", "the end of the run")
    assert stage.ask("SELECT count(*) FROM refresh_run WHERE state IN ('queued', 'running')") == 0
    assert stage.figures() == expected
    assert (
        stage.ask(
            "SELECT count(*) FROM observation WHERE loaded_until IS NOT NULL AND loaded_until < loaded_from"
        )
        == 0
    )

    stage.replay.set(page_size=100_000, delay=0)
    stage.replay.move(TABLE)
    code, [line] = stage.refresh("--wait")
    assert (code, line["state"]) == (0, "done")
    assert (line["inserted"], line["revised"], line["rejected"]) == (0, 0, 0)
    assert line["rows_read"] == line["unchanged"] >= len(expected)
    with stage.worker():
        stage.send(Job.SWEEP)
        wait_for(
            lambda: stage.ask("SELECT count(*) FROM staged_observation") == 0,
            "staged rows of dead attempts to go",
        )


def test_refresh_prints_one_line_of_json_per_run_with_the_agreed_fields(stage: Stage) -> None:
    stage.replay.move(TABLE)
    code, lines = stage.refresh("--wait")
    assert code == 0
    [line] = lines
    assert set(line) >= REPORT
    assert (line["source"], line["table"], line["state"], line["suspect"]) == ("cbs-v4", TABLE, "done", False)
    assert line["rows_read"] == line["inserted"] + line["revised"] + line["unchanged"] + line["rejected"] > 0
    assert line["seconds"] > 0

    code, [line] = stage.refresh("--wait")
    assert (code, line["state"], line["rows_read"]) == (0, "unchanged", 0)

    before = stage.figures()["M000352", "GM0034", "2024JJ00"]
    stage.replay.revise(TABLE, "M000352", "GM0034", "2024JJ00", before + 3)
    code, [line] = stage.refresh("--wait")
    assert (code, line["state"], line["revised"], line["inserted"]) == (0, "done", 1, 0)
    assert stage.figures()["M000352", "GM0034", "2024JJ00"] == before + 3


def test_a_catalogue_file_with_a_table_of_version_3_is_refreshed_by_the_commands(
    stage: Stage, tmp_path: Path
) -> None:
    file = tmp_path / "catalogus.yaml"
    file.write_text(DISTRICTS_ENTRY, "utf-8")
    imported = stage.command("catalogue", "import", str(file))
    assert (imported.returncode, imported.stdout) == (0, "jeugdzorg-in-de-buurt\n")
    with ReplayV3() as replay:
        address = {"WORKBENCH_CBS_V3_URL": replay.base_url}
        done = stage.command("refresh", "--table", "90001NED", "--wait", **address)
        [line] = [json.loads(text) for text in done.stdout.splitlines()]
        assert (done.returncode, line["table"], line["state"]) == (0, "90001NED", "done")
        assert line["rows_read"] == line["inserted"] == 8
        checked = stage.command("sources", "check", "cbs-v3", **address)
        assert (checked.returncode, checked.stdout) == (0, "cbs-v3: ok\n")
    done = stage.command("refresh", "--table", "90001NED", "--wait")
    assert (done.returncode, json.loads(done.stdout)["state"]) == (1, "unreachable")


def test_a_source_that_is_down_is_exit_code_one_at_once_also_while_a_worker_runs(stage: Stage) -> None:
    before = stage.figures()
    stage.replay.fail("503", times=None)
    with stage.worker() as worker:
        wait_for(stage.worker_is_alive, "the worker")
        code, [line] = stage.refresh("--wait")
        assert (code, line["state"]) == (1, "unreachable")
        assert line["message"]
        assert stage.figures() == before
        assert worker.poll() is None


def test_a_worker_that_is_told_to_stop_stops_cleanly(stage: Stage) -> None:
    with stage.worker() as worker:
        wait_for(stage.worker_is_alive, "the worker")
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=15) == 0


def test_mistakes_of_the_operator_are_sentences(stage: Stage) -> None:
    for words, sentence in (
        (("refresh", "--table", "bestaat-niet"), "No connected table matches"),
        (("sources", "check", "bestaat-niet"), "no connected source"),
        (("user", "add", "--email", "a@b.example", "--council", "nergens", "--role", "clerk"), "no council"),
        (("council", "add", "--name", "Nergens", "--region", "GM0000", "--slug", "nergens"), "GM0000"),
        (("council", "add", "--name", "Haaren", "--region", "GM0788", "--slug", "haaren"), "Vught (GM0865)"),
        (
            ("council", "move", "--slug", "nergens", "--region", "GM0034", "--from", "2027-01-01"),
            "no council",
        ),
    ):
        done = stage.command(*words)
        assert done.returncode == 1, words
        assert sentence in done.stderr
        assert "Traceback" not in done.stderr
    assert stage.ask("SELECT count(*) FROM council WHERE kind = 'municipality'") == 0


def test_an_operator_sees_what_waits_and_decides(stage: Stage) -> None:
    stage.refresh("--wait")
    rows = stage.replay.table(TABLE).lists["Observations"]
    everything = rows[:]
    rows[:] = [row for row in rows if row["Measure"] == "M000352" or row["RegioS"].strip() == "GM0034"]
    stage.replay.move(TABLE)
    code, [line] = stage.refresh("--wait")
    assert (code, line["state"], line["suspect"]) == (1, "failed", True)
    before = stage.figures()

    status = stage.status()
    assert (status["table"], status["state"], status["expected"], status["age_days"]) == (
        TABLE,
        "failed",
        "2027-06",
        0,
    )
    assert status["coverage"]["valued"] > 0
    assert "veel minder" in status["waiting"]["message"]
    run_id = status["waiting"]["run"]
    assert stage.figures() == before

    accepted = stage.command("sources", "accept", run_id)
    assert accepted.returncode == 0, accepted.stderr
    assert json.loads(accepted.stdout)["state"] == "done"
    assert len(stage.figures()) < len(before)
    assert stage.status()["waiting"] is None
    for word in ("accept", "keep"):
        again = stage.command("sources", word, run_id)
        assert (again.returncode, "wacht niet" in again.stderr) == (1, True)
        assert "Traceback" not in again.stderr

    rows[:] = everything
    stage.replay.move(TABLE)
    stage.refresh("--wait")
    assert stage.figures() == before, "what was closed is opened again"


def test_a_wrong_catalogue_file_is_refused_by_line_and_changes_nothing(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "catalogue.yaml"
    exported = stage.command("catalogue", "export", str(file))
    assert exported.returncode == 0, exported.stderr
    again = stage.command("catalogue", "export")
    assert again.stdout == file.read_text()
    assert stage.command("catalogue", "import", str(file)).returncode == 0
    lines = file.read_text().replace("name: Inwoners op 1 januari", "name: Iets anders").splitlines()
    wrong = next(number for number, line in enumerate(lines) if line == "  decimals: 0")
    lines[wrong] = "  decimals: veel"
    file.write_text("\n".join(lines))
    refused = stage.command("catalogue", "import", str(file))
    assert refused.returncode == 1
    assert f"Regel {wrong + 1}, indicator " in refused.stderr
    assert "veld 'decimals': moet een heel getal zijn" in refused.stderr
    assert stage.ask("SELECT name FROM indicator WHERE slug = 'inwoners'") == "Inwoners op 1 januari"
    assert stage.command("catalogue", "export").stdout == again.stdout


def test_sources_check_says_ok(stage: Stage) -> None:
    checked = stage.command(
        "sources", "check", "cbs-v4"
    )  # others may have been added, and answer nothing here
    assert (checked.returncode, checked.stdout) == (0, "cbs-v4: ok\n"), checked.stderr


def test_a_connection_that_asks_nothing_keeps_nobody_waiting(stage: Stage) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "workbench.cli", "serve", f"--bind=127.0.0.1:{port}", "--workers=1"]
    server = subprocess.Popen(command, env=stage.environment, cwd=forked.ROOT)
    with ExitStack() as stack:
        stack.callback(server.wait, PATIENCE)
        stack.callback(server.terminate)
        wait_for(lambda: is_listening(port), "the server")
        for _ in range(5):
            stack.enter_context(socket.create_connection(("127.0.0.1", port)))
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/inloggen", timeout=PATIENCE / 3) as answer:
            assert answer.status == 200


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
