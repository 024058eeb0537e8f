"""Spawning, stopping and locking."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.embedded.process import claimed, last_lines, spawn, stop

ENVIRONMENT = {"LC_ALL": "C.UTF-8"}


def run(program: str, log: Path, **options: object) -> "subprocess.Popen[bytes]":
    return spawn([sys.executable, "-c", program], env=ENVIRONMENT, log=log, **options)  # type: ignore[arg-type]


def test_output_and_errors_are_appended_to_the_log(tmp_path: Path) -> None:
    log = tmp_path / "new" / "part.log"
    assert run("print('one')", log).wait() == 0
    assert run("import sys; print('two', file=sys.stderr)", log).wait() == 0
    assert log.read_text().split() == ["one", "two"]


def test_a_program_gets_exactly_the_environment_given_and_no_terminal(tmp_path: Path) -> None:
    log = tmp_path / "log"
    program = "import os, sys; print(os.environ.get('HOME'), os.getsid(0) == os.getpid(), sys.stdin.read())"
    assert run(program, log).wait() == 0
    assert log.read_text() == "None True \n"


def test_stopping_asks_first_and_kills_after_the_patience(tmp_path: Path) -> None:
    polite = run("import time; time.sleep(60)", tmp_path / "log")
    stop(polite, patience=5)
    assert polite.returncode == -signal.SIGTERM

    deaf = run(
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)",
        tmp_path / "deaf",
    )
    while not last_lines(tmp_path / "deaf"):
        assert deaf.poll() is None
    stop(deaf, patience=0.1)
    assert deaf.returncode == -signal.SIGKILL


def test_stopping_what_has_ended_keeps_its_exit_code(tmp_path: Path) -> None:
    ended = run("raise SystemExit(7)", tmp_path / "log")
    ended.wait()
    stop(ended, patience=1)
    assert ended.returncode == 7


def test_a_lock_is_held_by_the_child_that_inherited_it_until_it_ends(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with claimed(lock, patience=0) as descriptor:
        child = run("import time; time.sleep(60)", tmp_path / "log", keep=[descriptor])
    with pytest.raises(BlockingIOError), claimed(lock, patience=0.1):
        pass
    stop(child, patience=5)
    with claimed(lock, patience=0):
        pass


def test_a_child_that_did_not_inherit_the_lock_does_not_hold_it(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with claimed(lock, patience=0):
        child = run("import time; time.sleep(60)", tmp_path / "log")
    with claimed(lock, patience=0):
        pass
    stop(child, patience=5)


def test_the_last_lines_of_a_log_survive_strange_bytes_and_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"first\n\xff second\nthird\n")
    assert last_lines(tmp_path / "log", 2) == "\ufffd second\nthird"
    assert last_lines(tmp_path / "missing") == ""
