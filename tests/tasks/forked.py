"""`workbench` commands, each in a process of its own, forked from one that has read the program: reading takes seconds."""

import os
import sys
import tempfile
from multiprocessing import get_context
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired

from sqlalchemy.orm import configure_mappers

import seeds  # noqa: F401 - read before the fork
import tasks.worker  # noqa: F401
import workbench.app  # noqa: F401
from workbench import cli

ROOT = Path(__file__).parents[2]

configure_mappers()
_context = get_context("forkserver")
_context.set_forkserver_preload([__name__])


def command(*words: str, environment: dict[str, str], timeout: float) -> CompletedProcess[str]:
    """What `subprocess.run` gives for `workbench …`."""
    with tempfile.TemporaryDirectory(prefix="workbench-said-") as folder:
        said = [Path(folder, name) for name in ("out", "err")]
        process = _context.Process(target=_carry_out, args=(words, environment, said))
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise TimeoutExpired(words, timeout)
        return CompletedProcess(words, process.exitcode, *(file.read_text("utf-8") for file in said))


def _carry_out(words: tuple[str, ...], environment: dict[str, str], said: list[Path]) -> None:
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    for descriptor, file in zip((1, 2), said, strict=True):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), descriptor)
    sys.argv = ["workbench", *words]
    cli.main()
