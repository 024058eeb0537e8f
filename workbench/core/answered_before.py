"""A door before Flask, for small answers that are asked for often: it gives what Flask gave before.

An answer is given again only to a request that is the same in all that Flask looks at, and only while nothing changed
that decides about it. What may be remembered is what Flask said; what must be true now is found out at each request:

- that the session is signed by us and not too old;
- who asks, whether that person may, and how every row stands that the answer was made from. PostgreSQL tells these
  together, in one question (`Documents.standing`). So who lost a right loses it here at the same moment.

The question is put before Flask answers, so what changes in between makes the remembered answer old, never wrong.
Whatever is not certain goes on to Flask, which knows nothing of this door; but that it leaves open, in a page that is
drawn once, what belongs to the reader alone (see drawn_once.py). The door fills that in for each who asks.
"""

import gzip
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from flask import Flask, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.http import parse_cookie

from workbench.core.drawn_once import LEFT_OPEN, LeftOpen, own_facts
from workbench.core.slots import Open, fill
from workbench.core.web import language_in

MOST_BYTES = 16 * 1024 * 1024  # of answers, in each process; the ones asked for longest ago go first
MOST_READERS = 5_000
LONGEST = 3_000  # characters of the headers that count; who sends more is served by Flask

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
K = TypeVar("K")
V = TypeVar("V")
Late = Callable[[list[Hashable]], list[str] | None]


class Standing(NamedTuple):
    """Which readers get the same, and a version of all that the answer is made from. `name`: of the reader, where answers
    may show it; `late`: gives HTML for each of the facts from which a page is filled at every request, as it may be read
    now, or None when Flask must tell.
    """

    readers: Hashable
    version: Hashable
    name: str | None = None
    late: Late = lambda _facts: None


class Documents(Protocol):
    """Which addresses this is about, and what decides about them."""

    methods: frozenset[str]
    address: re.Pattern[str]  # of the whole path
    question: re.Pattern[str]  # the whole of what may follow the question mark

    def open(self) -> None:
        """Connect and prepare now, not when somebody waits for it."""

    def standing(
        self, asked: Mapping[str, str], session: Mapping[str, Any], language: str
    ) -> Standing | None:
        """As it is now. `asked`: the named parts of the address. None: Flask must decide."""


class _Newest(Generic[K, V]):
    """A memory that forgets what was asked for longest ago when it holds more than fits."""

    def __init__(self, most: int, size: Callable[[V], int] = lambda _value: 1) -> None:
        self._most, self._size, self._held = most, size, 0
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        with self._lock:
            if (found := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
            return found

    def keep(self, key: K, value: V) -> None:
        with self._lock:
            if (before := self._kept.pop(key, None)) is not None:
                self._held -= self._size(before)
            self._kept[key] = value
            self._held += self._size(value)
            while self._held > self._most:
                _key, gone = self._kept.popitem(last=False)
                self._held -= self._size(gone)


@dataclass(frozen=True)
class _Session:
    """A cookie whose signature is ours."""

    text: str  # what was signed, without its moment: it stays the same when Flask renews the cookie
    facts: dict[str, Any]
    signed_at: int


@dataclass(frozen=True)
class _Answer:
    standing: Hashable
    status: str
    headers: tuple[tuple[str, str], ...]  # without the cookie
    cookie_at: int | None  # where among them Flask put it
    body: bytes | Open
    late: Mapping[str, Hashable]  # from what each place is filled at every request


class _Asked(NamedTuple):
    """Under what the answer is remembered, who asks, how everything stands, the session; what is this reader's own, and
    what is told at every request.
    """

    key: Hashable
    reader: Hashable
    readers: Hashable
    version: Hashable
    session: _Session
    own: dict[str, str] | None
    late: Late

    def filled(
        self, headers: list[tuple[str, str]], page: Open, late: Mapping[str, Hashable]
    ) -> tuple[list[tuple[str, str]], bytes] | None:
        """None: Flask must fill it."""
        told = self.late(list(late.values())) if late else []
        if told is None:
            return None
        own = (self.own or {}) | dict(zip(late, told, strict=True))
        is_packed = any(name.lower() == "content-encoding" for name, _value in headers)
        body = page.packed(own) if is_packed else page.filled(own)
        length = str(len(body))
        return [
            (name, length if name.lower() == "content-length" else fill(value, self.own or {}))
            for name, value in headers
        ], body


class AnsweredBefore:
    """WSGI: gives what `inner` answered before, or lets it answer."""

    def __init__(self, app: Flask, inner: Wsgi, *documents: Documents, most_bytes: int = MOST_BYTES) -> None:
        interface = app.session_interface
        if not isinstance(interface, SecureCookieSessionInterface):
            raise TypeError("This door reads the session from a signed cookie.")
        self._app, self._inner, self._documents, self._interface = app, inner, documents, interface
        self._answers: _Newest[Hashable, _Answer] = _Newest(most_bytes, lambda it: len(it.body) + 2_000)
        self._sessions: _Newest[str, _Session] = _Newest(MOST_READERS)
        self._readers: _Newest[Hashable, bool] = _Newest(MOST_READERS)
        self._cookies: _Newest[str, tuple[int, str | None]] = _Newest(MOST_READERS)

    def open(self) -> None:
        for documents in self._documents:
            documents.open()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        asked = self._find(environ)
        if asked is None:
            return self._inner(environ, start_response)
        answer = self._answers.get(asked.key)
        if answer is None or answer.standing != asked.version or not self._readers.get(asked.reader):
            return self._ask_flask(environ, start_response, asked)
        headers = list(answer.headers)
        if answer.cookie_at is not None:
            headers.insert(answer.cookie_at, ("Set-Cookie", self._renewed(asked.session) or ""))
        return self._give(environ, start_response, asked, answer, headers)

    def _find(self, environ: Environ) -> _Asked | None:
        """None: not for this door."""
        method, path, asked = environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"]
        if environ.get("SCRIPT_NAME"):
            return None
        for documents in self._documents:
            match = documents.address.fullmatch(path) if method in documents.methods else None
            if match and documents.question.fullmatch(asked):
                break
        else:
            return None
        # All that Flask looks at: for the answer, and (Flask-Login) to trust the session of this browser.
        request = tuple(
            environ.get(name)
            for name in ("HTTP_HOST", "wsgi.url_scheme", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH")
        )
        browser = tuple(
            environ.get(name) for name in ("HTTP_USER_AGENT", "HTTP_X_FORWARDED_FOR", "REMOTE_ADDR")
        )
        cookie = environ.get("HTTP_COOKIE", "")
        if sum(len(text or "") for text in (*request, *browser, cookie)) > LONGEST:
            return None
        session = self._session(cookie)
        if session is None:
            return None
        language = language_in(session.facts)
        found = documents.standing(match.groupdict(), session.facts, language)
        if found is None:
            return None
        renews = bool(session.facts.get("_permanent"))
        return _Asked(
            (method, path, asked, *request, language, renews, found.readers),
            (session.text, *browser),
            found.readers,
            found.version,
            session,
            None if found.name is None else self._own_facts(found.name, session),
            found.late,
        )

    def _own_facts(self, name: str, session: _Session) -> dict[str, str]:
        """As Flask would fill them in; the token as Flask-WTF signs it."""
        signer = URLSafeTimedSerializer(str(self._app.secret_key), salt="wtf-csrf-token")
        token = signer.dumps(session.facts["csrf_token"])
        return own_facts(name, str(token), secrets.token_urlsafe(16))

    def _session(self, header: str) -> _Session | None:
        """The session of this request; None: there is none, it is not ours, or it is too old."""
        session = self._sessions.get(header)
        if session is None:
            value = parse_cookie(header).get(self._interface.get_cookie_name(self._app))
            serializer = self._interface.get_signing_serializer(self._app)
            if not value or serializer is None:
                return None
            try:
                facts, moment = serializer.loads(value, max_age=self._lasts, return_timestamp=True)
            except BadSignature:
                return None
            session = _Session(value.rsplit(".", 2)[0], facts, int(moment.timestamp()))
            self._sessions.keep(header, session)
        return session if 0 <= int(time.time()) - session.signed_at <= self._lasts else None

    @property
    def _lasts(self) -> int:
        return int(self._app.permanent_session_lifetime.total_seconds())

    def _renewed(self, session: _Session) -> str | None:
        """The cookie as Flask sends it along with every answer, when nothing in the session changes."""
        now = int(time.time())
        kept = self._cookies.get(session.text)
        if kept is not None and kept[0] == now:
            return kept[1]
        response = Response()
        self._interface.save_session(self._app, SecureCookieSession(session.facts), response)
        cookie = response.headers.get("Set-Cookie")
        self._cookies.keep(session.text, (now, cookie))
        return cookie

    def _ask_flask(
        self, environ: Environ, start_response: Callable[..., Any], asked: _Asked
    ) -> Iterable[bytes]:
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def begin(status: str, headers: list[tuple[str, str]], *_error: Any) -> Any:
            begun[:] = [(status, list(headers))]

        renewed = {self._renewed(asked.session)}
        left_open = LeftOpen((asked.readers, asked.version))
        if asked.own is not None:
            environ[LEFT_OPEN] = left_open
        parts = self._inner(environ, begin)
        try:
            body: bytes | Open = b"".join(parts)
        finally:
            if close := getattr(parts, "close", None):
                close()
        [(status, headers)] = begun
        headers = [header for header in headers if header[0].lower() != "date"]  # the server tells it
        names = [name.lower() for name, _value in headers]
        if left_open.is_done and isinstance(body, bytes):
            body = Open(gzip.decompress(body) if "content-encoding" in names else body)
        at = names.index("set-cookie") if "set-cookie" in names else None
        renewed.add(self._renewed(asked.session))  # a second may have passed: it stands in the cookie
        kept = tuple(header for place, header in enumerate(headers) if place != at)
        answer = _Answer(asked.version, status, kept, at, body, left_open.late)
        # Another cookie than expected: Flask changed the session, so it must see this reader again.
        if (
            status[:3] in ("200", "304")
            and (asked.own is None or left_open.is_done)  # else a name and a token stand in it
            and names.count("set-cookie") < 2
            and (headers[at][1] if at is not None else None) in renewed
        ):
            self._answers.keep(asked.key, answer)
            self._readers.keep(asked.reader, True)
        return self._give(environ, start_response, asked, answer, headers)

    def _give(
        self,
        environ: Environ,
        start_response: Callable[..., Any],
        asked: _Asked,
        answer: _Answer,
        headers: list[tuple[str, str]],
    ) -> Iterable[bytes]:
        """`headers`: of the answer, with the cookie."""
        body = answer.body
        if isinstance(body, Open):
            filled = asked.filled(headers, body, answer.late)
            if filled is None:
                environ.pop(LEFT_OPEN, None)
                return self._inner(environ, start_response)
            headers, body = filled
        start_response(answer.status, headers)
        return [body]
