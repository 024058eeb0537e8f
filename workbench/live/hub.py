"""One subscriber to Redis per process, and everybody who listens here.

Messages of one workshop are sent on at most twice a second, the newest only: they say that something changed, not what.
A change of what phones draw goes at once. When Redis is gone every stream ends: a screen that cannot hear asks by itself.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Callable
from threading import Event, Lock
from uuid import UUID

import redis
import structlog

from workbench.live.channel import PREFIX, Listening, workshop_of

log = structlog.get_logger()
PAUSE = 0.5  # seconds between two messages about the same workshop
MOST = 2500  # listeners of this process
MOST_OF_ONE = 4  # of one device: windows, and streams that the network has not let go of yet


class Full(Exception):
    """There are too many listeners, here or of this device."""


class Listener:
    """One open stream. Only the newest message waits in it, so a slow reader costs nothing."""

    def __init__(self, listening: Listening) -> None:
        self.listening = listening
        self.is_over = False
        self._news: str | None = None
        self._bell = Event()

    def tell(self, news: str) -> None:
        self._news = news
        self._bell.set()

    def end(self) -> None:
        self.is_over = True
        self._bell.set()

    def wait(self, seconds: float) -> str | None:
        """The newest message that this listener did not have; None: nothing came, or it is over."""
        if not self._bell.wait(seconds):
            return None
        self._bell.clear()
        news, self._news = self._news, None
        return news


class _Line:
    """What is to be said about one workshop, and when it was last said."""

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self.waiting: str | None = None
        self.said_at = 0.0
        self.shows: object = None

    def due(self, now: float) -> bool:
        return self.waiting is not None and now >= self.said_at + PAUSE


class Hub:
    def __init__(self, client: "redis.Redis") -> None:
        self._redis = client
        self._lines: dict[UUID, _Line] = {}
        self._holders: Counter[str] = Counter()
        self._lock = Lock()
        self.hears = False  # is there a connection with Redis?

    def __len__(self) -> int:
        return self._holders.total()

    def join(self, listening: Listening) -> Listener:
        """Raises: Full."""
        with self._lock:
            if len(self) >= MOST or self._holders[listening.holder] >= MOST_OF_ONE:
                raise Full
            listener = Listener(listening)
            self._lines.setdefault(listening.workshop_id, _Line()).listeners.add(listener)
            self._holders[listening.holder] += 1
            return listener

    def leave(self, listener: Listener) -> None:
        with self._lock:
            line = self._lines.get(listener.listening.workshop_id)
            if line is None or listener not in line.listeners:
                return
            line.listeners.remove(listener)
            self._holders -= Counter([listener.listening.holder])
            if not line.listeners:
                del self._lines[listener.listening.workshop_id]

    def end_all(self) -> None:
        for listener in self._everyone():
            listener.end()

    def _everyone(self) -> list[Listener]:
        with self._lock:
            return [listener for line in self._lines.values() for listener in line.listeners]

    def hear(self, workshop_id: UUID, news: str, now: float) -> None:
        """A message came in."""
        line = self._lines.get(workshop_id)
        if line is None:
            return
        line.waiting = news
        shows = _shows(news)
        if shows != line.shows or line.due(now):
            line.shows = shows
            self._say(line, now)

    def say_what_is_due(self, now: float) -> float:
        """Send on what waited long enough; gives after how many seconds to come back."""
        with self._lock:
            lines = list(self._lines.values())
        for line in lines:
            if line.due(now):
                self._say(line, now)
        soon = [line.said_at + PAUSE - now for line in lines if line.waiting is not None]
        return max(0.01, min([PAUSE, *soon]))

    def _say(self, line: _Line, now: float) -> None:
        with self._lock:
            listeners, news = list(line.listeners), line.waiting
        line.waiting, line.said_at = None, now
        for listener in listeners:
            listener.tell(news or "")

    def run(self, is_alive: Callable[[], bool]) -> None:
        """Hear Redis for as long as this process lives; then end all streams."""
        tries = 0
        while is_alive():
            try:
                self._subscribe(is_alive)
                tries = 0
            except redis.RedisError as error:
                if self.hears:
                    log.warning("live_hears_nothing", error=type(error).__name__)
                    tries = 0
                self.hears = False
                self.end_all()
                tries += 1
                time.sleep(random.uniform(0.1, min(5.0, 0.25 * 2 ** min(tries, 5))))  # noqa: S311 - not a secret
        self.end_all()

    def _subscribe(self, is_alive: Callable[[], bool]) -> None:
        with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:  # type: ignore[no-untyped-call]
            pubsub.psubscribe(f"{PREFIX}*")
            self.hears = True
            seconds = PAUSE
            while is_alive():
                message = pubsub.get_message(timeout=seconds)
                now = time.monotonic()
                if message is not None:
                    self.hear(workshop_of(message["channel"].decode()), message["data"].decode(), now)
                seconds = self.say_what_is_due(now)


def _shows(news: str) -> object:
    try:
        return json.loads(news).get("shows")
    except (ValueError, AttributeError):
        return None
