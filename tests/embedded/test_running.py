"""Finding the running demo from another process."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workbench.embedded import running
from workbench.embedded.process import StartError

READER = """
import sys
from pathlib import Path
from workbench.embedded import running

while True:
    running.read(Path(sys.argv[1]))
"""

DEMO = """
import sys, time
from pathlib import Path
from workbench.embedded import running

home = Path(sys.argv[1])
with running.lock(home):
    running.write(home, {"a": "b"})
    print("ready", flush=True)
    time.sleep(60)
"""


def test_what_a_demo_writes_is_read_back_while_it_lives(tmp_path: Path) -> None:
    with running.lock(tmp_path):
        running.write(tmp_path, {"DATABASE_URL": "postgresql+psycopg://u:é@/db"})
        assert running.read(tmp_path) == {"DATABASE_URL": "postgresql+psycopg://u:é@/db"}
    assert running.read(tmp_path) is None


def test_without_a_demo_there_is_nothing_to_read(tmp_path: Path) -> None:
    assert running.read(tmp_path) is None
    assert running.read(tmp_path / "missing") is None


def test_a_demo_that_is_still_starting_is_not_found_yet(tmp_path: Path) -> None:
    with running.lock(tmp_path):
        assert running.read(tmp_path) is None


def test_the_file_is_for_our_own_account_only_even_when_it_existed(tmp_path: Path) -> None:
    with running.lock(tmp_path):
        (tmp_path / "running.json").touch(mode=0o666)
        running.write(tmp_path, {})
        assert stat.S_IMODE((tmp_path / "running.json").stat().st_mode) == 0o600


def test_a_second_demo_in_the_same_home_is_told_so_and_changes_nothing(tmp_path: Path) -> None:
    with running.lock(tmp_path):
        running.write(tmp_path, {"a": "b"})
        with pytest.raises(running.AlreadyRunning, match=f"proces {os.getpid()}"), running.lock(tmp_path):
            pass
        assert running.read(tmp_path) == {"a": "b"}


def test_a_home_that_cannot_be_a_directory_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for home in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(StartError, match="Kan niet schrijven"), running.lock(home):
            pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_home_of_another_account_is_refused_with_a_sentence() -> None:
    with pytest.raises(StartError, match="Kan niet schrijven"), running.lock(Path("/no-such-home")):
        pass


def test_a_home_that_is_being_read_can_still_be_locked(tmp_path: Path) -> None:
    with running.lock(tmp_path):
        pass
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(tmp_path)],
        cwd=Path(__file__).parents[2],
    )
    try:
        time.sleep(0.3)
        for _ in range(5):
            with running.lock(tmp_path):
                pass
    finally:
        reader.kill()
        reader.wait()


def test_what_a_killed_demo_left_behind_is_not_read(tmp_path: Path) -> None:
    demo = subprocess.Popen(
        [sys.executable, "-c", DEMO, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert demo.stdout
    assert demo.stdout.readline() == "ready\n"
    assert running.read(tmp_path) == {"a": "b"}
    demo.send_signal(signal.SIGKILL)
    demo.wait()
    demo.stdout.close()

    assert (tmp_path / "running.json").exists()
    assert running.read(tmp_path) is None
    with running.lock(tmp_path):
        assert running.read(tmp_path) is None


def test_a_file_of_another_process_than_the_one_with_the_lock_is_not_read(tmp_path: Path) -> None:
    with running.lock(tmp_path):
        (tmp_path / "running.json").write_text(json.dumps({"pid": 1, "environment": {"a": "b"}}))
        assert running.read(tmp_path) is None


def test_an_error_of_the_demo_itself_is_not_taken_for_an_occupied_home(tmp_path: Path) -> None:
    with pytest.raises(BlockingIOError), running.lock(tmp_path):
        raise BlockingIOError
