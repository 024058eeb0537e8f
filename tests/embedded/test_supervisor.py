"""The supervisor, run in a process of its own as the demo does."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from workbench.embedded.process import claimed

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes through /proc"),
]

DEMO = """
import sys
from contextlib import ExitStack
from pathlib import Path
from workbench.embedded.postgres import EmbeddedPostgres
from workbench.embedded.supervisor import Part, Supervisor
from workbench.embedded.valkey import EmbeddedValkey

home, servers, programs = Path(sys.argv[1]), sys.argv[2] == "servers", sys.argv[3:]
with ExitStack() as stack:
    if servers:
        stack.enter_context(EmbeddedPostgres(home / "postgres", durable=False))
        stack.enter_context(EmbeddedValkey(home / "valkey"))
    parts = [Part(f"part{i}", [sys.executable, "-c", program], {"HOME_OF_TEST": str(home)}) for i, program in enumerate(programs)]
    supervisor = stack.enter_context(Supervisor(parts, home / "log"))
    print("ready", flush=True)
    code = supervisor.run_until_signal()
sys.exit(code)
"""

SLEEPER = "import time; time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
WITH_STUBBORN_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {STUBBORN!r}])"

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def start(*programs: str, servers: bool = False) -> "subprocess.Popen[str]":
        demo = subprocess.Popen(
            [sys.executable, "-c", DEMO, str(tmp_path), "servers" if servers else "none", *programs],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(demo)
        assert demo.stdout
        assert demo.stdout.readline() == "ready\n"
        return demo

    yield start
    for demo in started:
        demo.kill()
        demo.wait()
        assert demo.stdout
        demo.stdout.close()
    for name in ("postgres.lock", "valkey.lock"):
        with suppress(FileNotFoundError), claimed(tmp_path / name, patience=5):
            shutil.rmtree((tmp_path / name).read_text(), ignore_errors=True)


def statuses() -> dict[int, tuple[int, str]]:
    """Parent and state of every process."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        found[int(path.parent.name)] = (int(parent), state)
    return found


def descendants(pid: int) -> set[int]:
    every, below, new = statuses(), set[int](), {pid}
    while new:
        new = {child for child, (parent, _) in every.items() if parent in new}
        below |= new
    return below


def alive(pids: set[int]) -> set[int]:
    return {pid for pid, (_, state) in statuses().items() if pid in pids and state != "Z"}


def wait_until(condition: Callable[[], object], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "took too long"
        time.sleep(0.02)


def log_has(tmp_path: Path, word: str, part: str = "part0") -> Callable[[], bool]:
    return lambda: word in (tmp_path / "log" / f"{part}.log").read_text()


def test_nothing_is_left_after_a_kill_of_the_parent(start: Start, tmp_path: Path) -> None:
    demo = start(SLEEPER, STUBBORN, WITH_STUBBORN_CHILD, servers=True)
    wait_until(log_has(tmp_path, "deaf", "part1"))
    wait_until(log_has(tmp_path, "deaf", "part2"))
    below = descendants(demo.pid)
    assert len(below) >= 10  # three parts, a child, the undertaker, valkey, postgres with its own processes

    demo.kill()
    demo.wait()

    wait_until(lambda: not alive(below))


def test_a_new_start_right_after_a_kill_of_the_parent_works_and_clears_its_sockets(
    start: Start, tmp_path: Path
) -> None:
    left_behind = []
    for _ in range(3):
        demo = start(SLEEPER, servers=True)
        left_behind += [Path((tmp_path / name).read_text()) for name in ("postgres.lock", "valkey.lock")]
        demo.kill()
        demo.wait()
    start(SLEEPER, servers=True)
    assert len(set(left_behind)) == 6
    assert not [path for path in left_behind if path.exists()]


def test_ctrl_c_stops_everything_within_five_seconds_and_leaves_no_sockets(
    start: Start, tmp_path: Path
) -> None:
    before = set(Path("/tmp").glob("workbench-*"))
    demo = start(SLEEPER, STUBBORN, WITH_STUBBORN_CHILD, servers=True)
    wait_until(log_has(tmp_path, "deaf", "part1"))
    wait_until(log_has(tmp_path, "deaf", "part2"))
    mine = set(Path("/tmp").glob("workbench-*")) - before
    assert mine
    below = descendants(demo.pid)

    demo.send_signal(signal.SIGINT)
    time.sleep(0.3)
    demo.send_signal(signal.SIGINT)  # the impatient second time

    assert demo.wait(5) == 0
    assert not alive(below)
    assert not [path for path in mine if path.exists()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_other_signals_stop_it_too(start: Start, number: signal.Signals) -> None:
    demo = start(SLEEPER)
    below = descendants(demo.pid)
    time.sleep(0.2)
    demo.send_signal(number)
    assert demo.wait(5) == 0
    assert not alive(below)


def test_a_part_may_finish_what_it_is_doing(start: Start, tmp_path: Path) -> None:
    demo = start(
        "import signal, sys, time\n"
        "def finish(*_): time.sleep(0.5); print('finished', flush=True); sys.exit()\n"
        "signal.signal(signal.SIGTERM, finish); print('working', flush=True); time.sleep(600)"
    )
    wait_until(log_has(tmp_path, "working"))
    demo.send_signal(signal.SIGINT)
    assert demo.wait(5) == 0
    assert log_has(tmp_path, "finished")()


def test_a_part_that_dies_is_started_again_with_one_line_about_it(start: Start, tmp_path: Path) -> None:
    demo = start("import os, time; print(os.environ['HOME_OF_TEST'], flush=True); time.sleep(600)", SLEEPER)
    wait_until(log_has(tmp_path, str(tmp_path)))
    before = descendants(demo.pid)
    first = sorted(before)[1]  # after the undertaker
    os.kill(first, signal.SIGKILL)

    assert demo.stdout
    assert "part0 is gestopt (code -9)" in demo.stdout.readline()
    wait_until(lambda: len(alive(descendants(demo.pid))) == len(before))
    assert alive(before) == before - {first}


def test_children_of_a_part_that_died_are_gone_before_it_starts_again(start: Start, tmp_path: Path) -> None:
    demo = start(WITH_STUBBORN_CHILD)
    wait_until(log_has(tmp_path, "deaf"))
    _undertaker, part, child = sorted(descendants(demo.pid))
    os.kill(part, signal.SIGKILL)
    wait_until(lambda: (tmp_path / "log" / "part0.log").read_text().count("deaf") == 2)
    assert not alive({child})


def test_children_of_a_part_that_was_started_again_die_with_the_parent_too(
    start: Start, tmp_path: Path
) -> None:
    demo = start(WITH_STUBBORN_CHILD)
    wait_until(log_has(tmp_path, "deaf"))
    os.kill(sorted(descendants(demo.pid))[1], signal.SIGKILL)
    wait_until(lambda: (tmp_path / "log" / "part0.log").read_text().count("deaf") == 2)
    below = descendants(demo.pid)
    assert len(below) == 3

    demo.kill()
    demo.wait()

    wait_until(lambda: not alive(below))


def test_without_its_undertaker_it_goes_on(start: Start, tmp_path: Path) -> None:
    demo = start(WITH_STUBBORN_CHILD)
    wait_until(log_has(tmp_path, "deaf"))
    undertaker, part, _child = sorted(descendants(demo.pid))
    os.kill(undertaker, signal.SIGKILL)
    os.kill(part, signal.SIGKILL)
    wait_until(lambda: (tmp_path / "log" / "part0.log").read_text().count("deaf") == 2)
    below = descendants(demo.pid)

    demo.send_signal(signal.SIGINT)

    assert demo.wait(5) == 0
    assert not alive(below)


def test_a_part_that_keeps_dying_ends_everything_with_the_end_of_its_log(start: Start) -> None:
    demo = start("print('no such table'); raise SystemExit(3)", SLEEPER, servers=True)
    below = descendants(demo.pid)
    output, _ = demo.communicate(timeout=30)
    assert demo.returncode == 1
    assert output.count("is gestopt (code 3)") == 4
    assert "5 keer binnen een minuut" in output
    assert output.rstrip().endswith("no such table")
    assert not alive(below)


def test_stopping_while_a_part_waits_to_be_started_again_works(start: Start) -> None:
    demo = start("raise SystemExit(3)")
    assert demo.stdout
    for _ in range(3):
        demo.stdout.readline()
    demo.send_signal(signal.SIGINT)
    assert demo.wait(2) == 0
