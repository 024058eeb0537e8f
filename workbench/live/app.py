"""The live service: GET /live?token=… is a stream of server-sent events about one workshop. No database, no session.

A stream tells screens to look again. It ends after a while, so that a device that went away is let go; the page then
asks the web for another token.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs

from workbench.live.channel import read_token
from workbench.live.hub import Full, Hub, Listener
from workbench.live.settings import LiveSettings

HEARTBEAT = 15.0  # seconds: keeps proxies from closing, and finds out who is gone
LASTS = 600.0  # seconds, to twice as many: not everybody comes back in the same one

Start = Callable[..., Any]


class LiveApp:
    def __init__(self, settings: LiveSettings, hub: Hub) -> None:
        self.hub = hub
        self._origin = settings.origin
        self._secret = settings.secret_key.get_secret_value()

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/live/gezond":
            return self._plain(start_response, "200 OK" if self.hub.hears else "503 Service Unavailable")
        if path != "/live":
            return self._plain(start_response, "404 Not Found")
        if environ.get("REQUEST_METHOD") != "GET":
            return self._plain(start_response, "405 Method Not Allowed")
        if environ.get("HTTP_ORIGIN", self._origin) != self._origin:
            return self._plain(start_response, "403 Forbidden")
        token = parse_qs(environ.get("QUERY_STRING", "")).get("token", [""])[0]
        listening = read_token(self._secret, token)
        if listening is None:
            return self._plain(start_response, "403 Forbidden")
        if not self.hub.hears:
            return self._plain(start_response, "503 Service Unavailable")
        try:
            listener = self.hub.join(listening)
        except Full:
            return self._plain(start_response, "429 Too Many Requests")
        start_response("200 OK", [*self._headers("text/event-stream"), ("X-Accel-Buffering", "no")])
        return _Stream(self.hub, listener)

    def _headers(self, kind: str) -> list[tuple[str, str]]:
        return [
            ("Content-Type", f"{kind}; charset=utf-8"),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("Access-Control-Allow-Origin", self._origin),
            ("Vary", "Origin"),
        ]

    def _plain(self, start_response: Start, status: str) -> Iterable[bytes]:
        start_response(status, self._headers("text/plain"))
        return [status.encode()]


class _Stream:
    """The body of an answer; the server closes it when the other side is gone."""

    def __init__(self, hub: Hub, listener: Listener) -> None:
        self._hub, self._listener = hub, listener

    def __iter__(self) -> Iterator[bytes]:
        ends_at = time.monotonic() + random.uniform(LASTS, 2 * LASTS)  # noqa: S311 - not a secret
        yield f"retry: {random.randint(1000, 5000)}\n\n".encode()  # noqa: S311 - not a secret
        while time.monotonic() < ends_at:
            news = self._listener.wait(HEARTBEAT)
            if self._listener.is_over:
                return
            yield f"data: {news}\n\n".encode() if news is not None else b": nog hier\n\n"

    def close(self) -> None:
        self._hub.leave(self._listener)
