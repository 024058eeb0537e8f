"""The live service: who may listen, what they hear and how often, and what happens when Redis or the service goes."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from uuid import UUID, uuid4

import pytest
import redis
from itsdangerous import URLSafeTimedSerializer

from tests.servers import Servers
from workbench.live.app import LiveApp
from workbench.live.channel import SECONDS, Listening, channel, make_token, read_token
from workbench.live.hub import MOST_OF_ONE, PAUSE, Full, Hub, Listener
from workbench.live.settings import LiveSettings

SECRET = "een geheim van de toets"
PAGES = "http://127.0.0.1:8000"


def news(shows: str = "a", **more: Any) -> str:
    return json.dumps({"shows": shows, **more})


def make_hub() -> Hub:
    hub = Hub(redis.Redis(port=1))
    hub.hears = True
    return hub


def listening(workshop_id: UUID, holder: str = "een") -> Listening:
    return Listening(workshop_id, holder)


def asked(
    live: LiveApp, query: str = "", path: str = "/live", **environ: str
) -> tuple[str, dict[str, str], Any]:
    told: list[Any] = []
    body = live(
        {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": "GET", **environ},
        lambda status, headers: told.extend((status, dict(headers))),
    )
    return told[0], told[1], body


@pytest.fixture
def live() -> LiveApp:
    return LiveApp(LiveSettings(redis_url="redis://", secret_key=SECRET, base_url=PAGES), make_hub())


# --- Who may listen -------------------------------------------------------------------------------------------------


def test_a_token_is_for_one_workshop_and_for_two_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    workshop_id = uuid4()
    token = make_token(SECRET, workshop_id, "toestel")
    found = read_token(SECRET, token)
    assert found is not None
    assert found.workshop_id == workshop_id
    assert "toestel" not in token
    assert read_token("een ander geheim", token) is None
    assert read_token(SECRET, f"{token}x") is None
    other = URLSafeTimedSerializer(SECRET, salt="password-reset").dumps([workshop_id.hex, "een"])
    assert read_token(SECRET, str(other)) is None
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + SECONDS + 2)
    assert read_token(SECRET, token) is None


@pytest.mark.parametrize("query", ["", "token=", "token=onzin", "token=a.b.c", "token=%00"])
def test_without_a_good_token_nobody_hears_anything(live: LiveApp, query: str) -> None:
    status, _headers, _body = asked(live, query)
    assert status == "403 Forbidden"
    assert len(live.hub) == 0


def test_only_pages_of_the_workbench_may_listen(live: LiveApp) -> None:
    query = f"token={make_token(SECRET, uuid4(), 'een')}"
    status, headers, _body = asked(live, query, HTTP_ORIGIN="https://elders.example")
    assert status == "403 Forbidden"
    assert headers["Access-Control-Allow-Origin"] == PAGES
    status, headers, body = asked(live, query, HTTP_ORIGIN=PAGES)
    assert status == "200 OK"
    assert headers["Content-Type"].startswith("text/event-stream")
    body.close()


def test_one_device_opens_a_few_streams_and_no_more(live: LiveApp) -> None:
    query = f"token={make_token(SECRET, uuid4(), 'een')}"
    bodies = [asked(live, query)[2] for _n in range(MOST_OF_ONE)]
    assert asked(live, query)[0] == "429 Too Many Requests"
    assert asked(live, f"token={make_token(SECRET, uuid4(), 'twee')}")[0] == "200 OK"
    bodies[0].close()
    bodies[0].close()  # twice is once
    assert asked(live, query)[0] == "200 OK"


def test_other_addresses_and_methods_are_refused(live: LiveApp) -> None:
    assert asked(live, path="/")[0] == "404 Not Found"
    assert asked(live, REQUEST_METHOD="POST")[0] == "405 Method Not Allowed"
    assert asked(live, path="/live/gezond")[0] == "200 OK"
    live.hub.hears = False
    assert asked(live, path="/live/gezond")[0] == "503 Service Unavailable"
    assert asked(live, f"token={make_token(SECRET, uuid4(), 'een')}")[0] == "503 Service Unavailable"


# --- What they hear -------------------------------------------------------------------------------------------------


def heard(listener: Listener) -> str | None:
    return listener.wait(0)


def test_everyone_of_a_workshop_hears_a_change_and_nobody_of_another() -> None:
    hub, here, there = make_hub(), uuid4(), uuid4()
    mine = [hub.join(listening(here, str(n))) for n in range(3)]
    other = hub.join(listening(there))
    hub.hear(here, news(), now=10)
    assert [heard(one) for one in mine] == [news()] * 3
    assert heard(other) is None
    assert heard(mine[0]) is None  # once


def test_a_storm_of_answers_is_two_messages_a_second_and_the_last_one_always_comes() -> None:
    hub, here = make_hub(), uuid4()
    listener = hub.join(listening(here))
    got = []
    for step in range(100):  # an answer every hundredth of a second
        now = 10 + step / 100
        hub.hear(here, news(n=step), now)
        hub.say_what_is_due(now)
        got.append(heard(listener))
    hub.say_what_is_due(11 + PAUSE)
    got.append(heard(listener))
    said = [json.loads(one)["n"] for one in got if one]
    assert 2 <= len(said) <= 4
    assert said[-1] == 99


def test_what_phones_draw_anew_is_said_at_once() -> None:
    hub, here = make_hub(), uuid4()
    listener = hub.join(listening(here))
    hub.hear(here, news("open"), now=10)
    assert heard(listener) == news("open")
    hub.hear(here, news("open"), now=10.1)
    assert heard(listener) is None
    hub.hear(here, news("onthuld"), now=10.2)
    assert heard(listener) == news("onthuld")


def test_a_slow_listener_gets_the_newest_only() -> None:
    hub, here = make_hub(), uuid4()
    listener = hub.join(listening(here))
    for step in range(50):
        hub.hear(here, news(str(step)), now=10 + step)
    assert heard(listener) == news("49")
    assert heard(listener) is None


def test_a_stream_lives_by_the_clock_and_not_by_what_is_said(
    live: LiveApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = uuid4()
    _status, _headers, body = asked(live, f"token={make_token(SECRET, here, 'een')}")
    stream = iter(body)
    assert next(stream).startswith(b"retry:")
    for step in range(300):
        live.hub.hear(here, news(str(step)), now=10 + step)
        assert next(stream) == f"data: {news(str(step))}\n\n".encode()
    monkeypatch.setattr("workbench.live.app.HEARTBEAT", 0.01)
    assert next(stream).startswith(b":")  # nothing new: the connection is kept
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 1300)
    assert list(stream) == []  # a device that went away is let go
    body.close()
    assert len(live.hub) == 0


def test_a_full_service_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.live.hub.MOST", 2)
    hub = make_hub()
    for name in ("een", "twee"):
        hub.join(listening(uuid4(), name))
    with pytest.raises(Full):
        hub.join(listening(uuid4(), "drie"))


def test_who_left_costs_nothing_any_more() -> None:
    hub = make_hub()
    for number in range(20):
        hub.leave(hub.join(listening(uuid4(), str(number))))
    assert (len(hub), len(hub._lines), len(hub._holders)) == (0, 0, 0)


def test_spoiled_news_stops_nobody() -> None:
    hub, here = make_hub(), uuid4()
    listener = hub.join(listening(here))
    for text in ("geen json", "[]", "3"):
        hub.hear(here, text, now=10)
    hub.hear(here, news(), now=20)
    assert heard(listener) == news()


def until(holds: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return False


def test_without_redis_every_stream_ends_and_later_it_hears_again() -> None:
    class Broken:
        is_up = False

        def pubsub(self, **_options: object) -> Any:
            if not self.is_up:
                raise redis.ConnectionError("gone")
            return Quiet(self)

    class Quiet:
        def __init__(self, source: Broken) -> None:
            self.source = source

        def __enter__(self) -> "Quiet":
            return self

        def __exit__(self, *_error: object) -> None:
            pass

        def psubscribe(self, _pattern: str) -> None:
            pass

        def get_message(self, timeout: float) -> None:
            time.sleep(min(timeout, 0.02))
            if not self.source.is_up:
                raise redis.ConnectionError("gone")

    source, alive = Broken(), [True]
    source.is_up = True
    hub = Hub(source)  # type: ignore[arg-type]
    thread = threading.Thread(target=hub.run, args=(lambda: alive[0],))
    thread.start()
    try:
        assert until(lambda: hub.hears)
        listener = hub.join(listening(uuid4()))
        source.is_up = False
        assert until(lambda: listener.is_over)
        assert not hub.hears
        source.is_up = True
        assert until(lambda: hub.hears)
    finally:
        alive[0] = False
        thread.join(10)
    assert not thread.is_alive()


# --- The process ----------------------------------------------------------------------------------------------------


@pytest.fixture
def service(servers: Servers) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("WORKBENCH_")},
        "WORKBENCH_REDIS_URL": servers.settings().redis_url,
        "WORKBENCH_SECRET_KEY": SECRET,
        "WORKBENCH_BASE_URL": PAGES,
    }
    command = [sys.executable, "-m", "workbench.cli", "live", f"--bind=127.0.0.1:{port}"]
    process = subprocess.Popen(command, env=environment)

    def is_ready() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/live/gezond", timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            return False

    try:
        assert until(is_ready, 30)
        yield port, process
    finally:
        process.kill()
        process.wait()


def opened(stack: ExitStack, port: int, workshop_id: UUID, holder: str) -> HTTPResponse:
    connection = stack.enter_context(closing(HTTPConnection("127.0.0.1", port, timeout=10)))
    connection.request(
        "GET", f"/live?token={make_token(SECRET, workshop_id, holder)}", headers={"Origin": PAGES}
    )
    return stack.enter_context(closing(connection.getresponse()))


def line_of(stream: HTTPResponse, kind: bytes) -> bytes:
    while not (line := stream.readline()).startswith(kind):
        assert line, "the stream ended"
    return line


def test_the_service_needs_no_database_and_tells_who_listens(
    servers: Servers, service: tuple[int, subprocess.Popen[bytes]]
) -> None:
    port, process = service
    workshop_id = uuid4()
    with ExitStack() as stack:
        streams = [opened(stack, port, workshop_id, str(number)) for number in range(20)]
        assert {stream.status for stream in streams} == {200}
        for stream in streams:
            line_of(stream, b"retry:")
        source = stack.enter_context(closing(redis.Redis.from_url(servers.settings().redis_url)))
        began = time.monotonic()
        source.publish(channel(workshop_id), news())
        assert {line_of(stream, b"data:") for stream in streams} == {f"data: {news()}\n".encode()}
        assert time.monotonic() - began < 2
        process.send_signal(signal.SIGTERM)  # streams end, and so does the process
        assert process.wait(10) == 0
        assert streams[0].read() in (b"", b"\n")


def test_the_live_service_loads_no_database_and_no_pages() -> None:
    code = (
        "import sys, workbench.live.app, workbench.live.hub, workbench.live.server\n"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in ('sqlalchemy', 'psycopg', 'flask', 'celery')))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert found.strip() == "[]"
