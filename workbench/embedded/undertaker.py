"""A program that kills what a killed supervisor leaves behind; it imports nothing of ours, so it starts at once.

A part asks the kernel to die with its parent, but a part's own children do not: of a web server or worker killed
outright, some live on. They stay in the part's process group, and that is what this program kills.
"""

import os
import signal
import sys
from contextlib import suppress


def main() -> None:
    """Read lines of process group ids, the last one counts, until the writer is gone. Then kill these groups."""
    groups: list[str] = []
    for line in sys.stdin:
        groups = line.split()
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(int(group), signal.SIGKILL)


if __name__ == "__main__":
    main()
