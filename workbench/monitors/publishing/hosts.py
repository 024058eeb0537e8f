"""The websites that may show a block: how they are written down. Pure."""

import re

MOST = 20
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"^https://(?:{_LABEL}\.)+[a-z]{{2,63}}(?::\d{{2,5}})?$")


class NoHost(ValueError):
    """A line that is no address of a website."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


def read_hosts(text: str) -> list[str]:
    """One address a line, `https://www.almere.nl`, each once and in lower case. Raises: NoHost."""
    found = []
    for line in text.split("\n"):
        host = line.strip().lower().rstrip("/")
        if not host:
            continue
        if "://" not in host:
            host = f"https://{host}"
        if not _HOST.match(host) or len(host) > 200:
            raise NoHost(line.strip())
        found.append(host)
    return list(dict.fromkeys(found))
