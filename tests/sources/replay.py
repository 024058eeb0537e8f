"""A stand-in for the CBS OData v4 service: answers from folders of recorded tables, and misbehaves on request.

In a test:  with Replay(PAYLOADS) as replay: ... replay.base_url ... replay.fail("503", times=2) ... replay.requests
In a shell: python tests/sources/replay.py --port 8100 --data FOLDER [--data FOLDER2]
            curl -d '{"do": "revise", "table": "00001ned", ...}' http://127.0.0.1:8100/_control

A data folder holds a folder per table (its name is the table id, case-sensitive) with properties.json,
dimensions.json, measure-codes.json, codes-<Dimension>.json and observations-page-<n>.json. Where two folders hold one
table, the first counts. Files are only read; revisions live in memory.
"""

import argparse
import base64
import contextlib
import gzip
import json
import re
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

ROOT = "/odata/v1/CBS"
PAYLOADS = Path(__file__).parent / "payloads"
# The recordings of the workspace, next to the repository; absent elsewhere.
RECORDED = Path(__file__).parents[3] / "shared" / "data" / "cbs-v4"

Row = dict[str, Any]


# -- $filter ----------------------------------------------------------------------------------------------------------

TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?[0-9]+(?:\.[0-9]+)?)(?![\w])|(?P<word>[A-Za-z_]\w*)|(?P<mark>[(),]))"
)
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "ge": lambda a, b: a is not None and a >= b,
    "gt": lambda a, b: a is not None and a > b,
    "le": lambda a, b: a is not None and a <= b,
    "lt": lambda a, b: a is not None and a < b,
}
FUNCTIONS: dict[str, Callable[[str, str], bool]] = {
    "startswith": str.startswith,
    "endswith": str.endswith,
    "contains": str.__contains__,
    "substringof": lambda needle, text: needle in text,  # version 3, the other way round
}


class BadQueryError(ValueError):
    pass


def parse_filter(text: str) -> Callable[[Row], bool]:
    """The condition that a $filter of OData v4 states, for eq, ne, ge, gt, le, lt, and, or, not and three functions."""
    tokens = _tokens(text)
    condition, rest = _either(tokens)
    if rest:
        raise BadQueryError(f"unexpected {rest[0][1]!r} in $filter")
    return condition


Tokens = list[tuple[str, str]]


def _tokens(text: str) -> Tokens:
    found, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = TOKEN.match(text, at)
        if match is None:
            raise BadQueryError(f"$filter cannot be read from {text[at : at + 20]!r}")
        found.append((match.lastgroup or "", match[match.lastgroup or 0]))
        at = match.end()
    return found


def _take(tokens: Tokens, *wanted: str) -> Tokens:
    if not tokens or (wanted and tokens[0][1] not in wanted):
        raise BadQueryError(f"$filter lacks {' or '.join(wanted) or 'an operand'}")
    return tokens[1:]


def _either(tokens: Tokens) -> tuple[Callable[[Row], bool], Tokens]:
    first, rest = _both(tokens)
    conditions = [first]
    while rest and rest[0] == ("word", "or"):
        following, rest = _both(rest[1:])
        conditions.append(following)
    return (first if len(conditions) == 1 else lambda row: any(one(row) for one in conditions)), rest


def _both(tokens: Tokens) -> tuple[Callable[[Row], bool], Tokens]:
    first, rest = _single(tokens)
    conditions = [first]
    while rest and rest[0] == ("word", "and"):
        following, rest = _single(rest[1:])
        conditions.append(following)
    return (first if len(conditions) == 1 else lambda row: all(one(row) for one in conditions)), rest


def _single(tokens: Tokens) -> tuple[Callable[[Row], bool], Tokens]:
    kind, token = (tokens or [("", "")])[0]
    if token == "(":
        inner, rest = _either(tokens[1:])
        return inner, _take(rest, ")")
    if (kind, token) == ("word", "not"):
        denied, rest = _single(tokens[1:])
        return lambda row: not denied(row), rest
    if kind == "word" and token in FUNCTIONS and tokens[1:2] == [("mark", "(")]:
        function = FUNCTIONS[token]
        left, rest = _operand(tokens[2:])
        right, rest = _operand(_take(rest, ","))
        return lambda row: function(left(row) or "", right(row)), _take(rest, ")")
    left, rest = _operand(tokens)
    after = _take(rest, *COMPARISONS)
    compare = COMPARISONS[rest[0][1]]
    right, rest = _operand(after)
    return lambda row: compare(left(row), right(row)), rest


def _operand(tokens: Tokens) -> tuple[Callable[[Row], Any], Tokens]:
    rest = _take(tokens)
    match tokens[0]:
        case ("word", "null"):
            return lambda _row: None, rest
        case ("word", name):
            return lambda row: row[name], rest
        case ("text", text):
            meant = text[1:-1].replace("''", "'")
            return lambda _row: meant, rest
        case ("number", digits):
            number = float(digits)
            return lambda _row: number, rest
        case (_, mark):
            raise BadQueryError(f"$filter has {mark!r} where a name or a value belongs")


# -- tables -----------------------------------------------------------------------------------------------------------


@dataclass
class Table:
    """One recorded table. `lists` is entity set -> rows."""

    properties: Row
    lists: dict[str, list[Row]]
    answers: dict[str, list[Row]] = field(default_factory=dict)  # $filter -> rows, until the table changes

    @classmethod
    def read(cls, folder: Path) -> "Table":
        def rows(path: Path) -> list[Row]:
            return json.loads(path.read_text("utf-8"))["value"] if path.exists() else []

        def page_number(path: Path) -> int:
            return int(re.sub(r"\D", "", path.stem))

        lists = {
            "Dimensions": rows(folder / "dimensions.json"),
            "MeasureCodes": rows(folder / "measure-codes.json"),
        }
        for path in folder.glob("codes-*.json"):
            lists[path.stem.removeprefix("codes-") + "Codes"] = rows(path)
        pages = sorted(folder.glob("observations-page-*.json"), key=page_number)
        lists["Observations"] = [row for path in pages for row in rows(path)]
        return cls(json.loads((folder / "properties.json").read_text("utf-8")), lists)

    def select(self, entity_set: str, condition: str | None) -> list[Row]:
        rows = self.lists[entity_set]
        if not condition:
            return rows
        if entity_set != "Observations":
            return _where(rows, condition)
        if condition not in self.answers:
            self.answers[condition] = _where(rows, condition)
        return self.answers[condition]

    def dimension(self, kind: str) -> str | None:
        names = [row["Identifier"] for row in self.lists["Dimensions"] if row.get("Kind") == kind]
        return names[0] if names else None

    def move(self, *, observations: bool) -> None:
        """As CBS does at a new edition: both moments and the version; only the first for a change in the texts."""
        later = datetime.fromisoformat(self.properties["Modified"]) + timedelta(days=1)
        self.properties["Modified"] = later.isoformat()
        self.properties["Version"] = later.strftime("%Y%m%d%H%M")
        if observations:
            self.properties["ObservationsModified"] = later.isoformat()
        self.answers.clear()


def _where(rows: list[Row], condition: str) -> list[Row]:
    wanted = parse_filter(condition)
    try:
        return [row for row in rows if wanted(row)]
    except KeyError as error:
        raise BadQueryError(f"there is no column {error}") from error


# -- the server -------------------------------------------------------------------------------------------------------

STATUS_FAULTS = {"400": 400, "403": 403, "404": 404, "429": 429, "500": 500, "503": 503}
FAULTS = {
    *STATUS_FAULTS,  # that status; with retry_after the header Retry-After
    "reset",  # the connection is reset before any answer
    "truncated",  # half of the body, then the connection closes
    "not_json",  # a page for people instead of data
    "slow",  # the body drips out over `seconds`
    "wrong_host",  # the next link points to another server
    "loop",  # the next link points to the page itself
    "empty",  # a well-formed page without rows and without next link
    "duplicate",  # the page ends with a row already sent
    "contradiction",  # ... and with another value in it
    "unfiltered",  # the filter is ignored
    "lost_column",  # rows without their Value
    "nonsense",  # the first row has text where a number belongs
}


@dataclass
class Fault:
    """Strikes `times` requests (None: all) whose address contains `on`, after letting `after` of them pass."""

    kind: str
    times: int | None = 1
    on: str = ""
    after: int = 0
    seconds: float = 1.0
    retry_after: str | None = None


@dataclass(frozen=True)
class Asked:
    path: str
    query: str
    user_agent: str
    accept: str


class Replay:
    """The server and its controls. Every control is safe to call while requests are being answered."""

    payloads = PAYLOADS
    marker = "properties.json"  # a folder that holds this file is a table

    def __init__(self, *folders: Path, port: int = 0, page_size: int = 100_000, delay: float = 0.0) -> None:
        self.page_size, self.delay = page_size, delay
        self.requests: list[Asked] = []
        self._lock = threading.RLock()
        self._faults: list[Fault] = []
        self._tables: dict[str, Table] = {}
        self._catalogue: list[Row] = []
        self._folders: dict[str, Path] = {}
        for folder in folders or (self.payloads,):
            for path in sorted(folder.iterdir()):
                if (path / self.marker).exists():
                    self._folders.setdefault(path.name, path)
            if (folder / "_catalog.json").exists():
                self._catalogue += json.loads((folder / "_catalog.json").read_text("utf-8"))["value"]
        self._server = _Server(self, port, self.handler())
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, name="replay", daemon=True
        )

    @classmethod
    def handler(cls) -> type["Handler"]:
        return Handler

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def base_url(self) -> str:
        return self.origin + ROOT

    def __enter__(self) -> "Replay":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def serve(self) -> None:
        self._server.serve_forever()

    def asked(self, part: str = "") -> list[Asked]:
        """The requests so far whose path contains this part."""
        return [one for one in self.requests if part in one.path]

    # Controls, also by POST /_control with {"do": <name>, ...}.

    def fail(self, kind: str, **details: Any) -> None:
        if kind not in FAULTS:
            raise ValueError(f"no fault is called {kind!r}; known: {', '.join(sorted(FAULTS))}")
        with self._lock:
            self._faults.append(Fault(kind, **details))

    def clear(self) -> None:
        """Forget faults and the request log; revisions stay."""
        with self._lock:
            self._faults.clear()
            self.requests.clear()

    def set(self, *, page_size: int | None = None, delay: float | None = None) -> None:
        """`delay`: seconds before each page of observations."""
        self.page_size = page_size or self.page_size
        self.delay = self.delay if delay is None else delay

    def move(self, table: str, *, observations: bool = True) -> None:
        with self._lock:
            self.table(table).move(observations=observations)

    def revise(
        self, table: str, measure: str, area: str | None, period: str, value: float | None, **other: str
    ) -> int:
        """Give an observation another value (None: it becomes impossible) and the table a new edition.

        `other` is dimension=code, for a table with more dimensions. Returns how many rows changed, at least one.
        """
        with self._lock:
            found = list(self._observations(table, measure, area, period, other))
            if not found:
                raise LookupError(f"{table} has no observation {measure}, {area}, {period}")
            for row in found:
                row["Value"], row["ValueAttribute"] = value, "Impossible" if value is None else "None"
            self.table(table).move(observations=True)
            return len(found)

    def remove(self, table: str, measure: str, area: str | None, period: str, **other: str) -> int:
        """Let an observation vanish. Returns how many rows went, at least one."""
        with self._lock:
            gone = [id(row) for row in self._observations(table, measure, area, period, other)]
            if not gone:
                raise LookupError(f"{table} has no observation {measure}, {area}, {period}")
            rows = self.table(table).lists["Observations"]
            rows[:] = [row for row in rows if id(row) not in gone]
            self.table(table).move(observations=True)
            return len(gone)

    def patch(self, table: str, entity_set: str, code: str, **fields: Any) -> None:
        """Change one row of a code list: a unit, a title, the status of a period. The table gets a new edition."""
        with self._lock:
            row = next(
                row for row in self.table(table).lists[entity_set] if row["Identifier"].strip() == code
            )
            row.update(fields)
            self.table(table).move(observations=False)

    def _observations(
        self, table: str, measure: str, area: str | None, period: str, other: dict[str, str]
    ) -> Iterator[Row]:
        recorded = self.table(table)
        wanted = {"Measure": measure, recorded.dimension("TimeDimension"): period, **other}
        if region := recorded.dimension("GeoDimension"):
            wanted[region] = area
        for row in recorded.lists["Observations"]:
            if all(row[name].strip() == code for name, code in wanted.items()):
                yield row

    # Answers.

    def table(self, name: str) -> Table:
        """Raises KeyError for an unknown id; 03759NED is not 03759ned."""
        with self._lock:
            if name not in self._tables:
                self._tables[name] = Table.read(self._folders[name])
            return self._tables[name]

    def datasets(self) -> list[Row]:
        fields = ("Identifier", "Title", "Description", "Status", "DatasetType", "Language", "Modified")
        rows = {row["Identifier"]: row for row in self._catalogue}
        for name in self._folders:
            rows[name] = {one: self.table(name).properties.get(one) for one in fields}
        return [rows[name] for name in sorted(rows)]

    def fault_for(self, address: str) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if fault.on not in address:
                    continue
                if fault.after:
                    fault.after -= 1
                    continue
                if fault.times is not None:
                    fault.times -= 1
                    if not fault.times:
                        self._faults.remove(fault)
                return fault
        return None

    def answer(self, path: str, options: dict[str, str], fault: str | None) -> Row | str:
        """Raises KeyError for an unknown address and BadQueryError for options that cannot be read."""
        with self._lock:
            if path == "/Datasets":
                rows = self.datasets()
                wanted = rows if "$filter" not in options else _where(rows, options["$filter"])
                return self._page(path, options, wanted, fault, rows)
            table_id, _, entity_set = path.strip("/").partition("/")
            table = self.table(table_id)
            if entity_set == "Properties":
                return table.properties
            if entity_set == "Observations/$count":
                return str(len(table.select("Observations", options.get("$filter"))))
            if token := options.get("$skiptoken"):
                options = json.loads(base64.urlsafe_b64decode(token))
            everything = table.lists[entity_set]
            rows = everything if fault == "unfiltered" else table.select(entity_set, options.get("$filter"))
            return self._page(path, options, rows, fault, everything)

    def _page(
        self, path: str, options: dict[str, str], rows: list[Row], fault: str | None, everything: list[Row]
    ) -> Row:
        try:
            start, top = int(options.get("$skip", 0)), int(options.get("$top", len(rows)))
        except ValueError as error:
            raise BadQueryError("$skip and $top are whole numbers") from error
        end = min(start + self.page_size, start + top, len(rows))
        page = rows[start:end]
        answer: Row = {"@odata.context": f"{self.base_url}/$metadata#{path.strip('/')}"}
        if options.get("$count") == "true":
            answer["@odata.count"] = len(rows)
        if fault == "empty":
            return answer | {"value": []}
        if fault in {"duplicate", "contradiction"}:
            page = [
                *page,
                rows[0] if fault == "duplicate" else rows[0] | {"Value": (rows[0]["Value"] or 0) + 1},
            ]
        if fault == "nonsense":
            page = [page[0] | {"ValueAttribute": "None", "Value": "veel"}, *page[1:]]
        if fault == "lost_column":
            page = [{name: cell for name, cell in row.items() if name != "Value"} for row in page]
        if names := options.get("$select"):
            page = [{name: row.get(name) for name in names.split(",")} for row in page]
        answer["value"] = page
        at = start if fault == "loop" else end
        if fault == "loop" or end < min(start + top, len(rows)):
            rest = (
                options
                | {"$skip": str(at)}
                | ({"$top": str(top - (at - start))} if "$top" in options else {})
            )
            token = base64.urlsafe_b64encode(json.dumps(rest).encode()).decode()
            host = "http://elsewhere.invalid" if fault == "wrong_host" else self.origin
            answer["@odata.nextLink"] = f"{host}{ROOT}{quote(path)}?$skiptoken={quote(token)}"
        return answer


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, replay: Replay, port: int, handler: type["Handler"]) -> None:
        self.replay = replay
        super().__init__(("127.0.0.1", port), handler)

    def server_bind(self) -> None:
        # The base class looks its own name up, which is a network question.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news here."""


class Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else every answer waits 40 ms for the client's acknowledgement

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class calls it so
        pass

    def do_GET(self) -> None:
        replay, parts = self.server.replay, urlsplit(self.path)
        if parts.path == "/_control":
            asked = [vars(one) for one in replay.requests]
            return self._send(200, {"count": len(asked), "requests": asked})
        replay.requests.append(
            Asked(parts.path, parts.query, self.headers.get("User-Agent", ""), self.headers.get("Accept", ""))
        )
        fault = replay.fault_for(self.path) or Fault("")
        if fault.kind == "reset":
            return self._reset()
        if fault.kind in STATUS_FAULTS:
            headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
            return self._send(STATUS_FAULTS[fault.kind], {"error": {"message": "on request"}}, headers)
        try:
            if fault.kind == "not_json":
                return self._send(200, "<html><body>Onderhoud</body></html>")
            return self.respond(parts.path, parts.query, fault)
        except KeyError:
            return self._send(404, {"error": {"message": "Not found"}})
        except BadQueryError as error:
            return self._send(400, {"error": {"message": str(error)}})

    def respond(self, path: str, query: str, fault: Fault) -> None:
        """Raises KeyError and BadQueryError as `Replay.answer` does."""
        if path.endswith("/Observations"):
            time.sleep(self.server.replay.delay)
        options = {name: values[-1] for name, values in parse_qs(query).items()}
        if not path.startswith(ROOT + "/"):
            raise KeyError(path)
        answer = self.server.replay.answer(path.removeprefix(ROOT), options, fault.kind)
        self._send(200, answer, fault=fault)

    def do_POST(self) -> None:
        replay = self.server.replay
        length = int(self.headers.get("Content-Length", 0))
        controls = {
            one.__name__: one
            for one in (
                replay.fail,
                replay.clear,
                replay.set,
                replay.move,
                replay.revise,
                replay.remove,
                replay.patch,
            )
        }
        try:
            wish = json.loads(self.rfile.read(length))
            done = controls[wish.pop("do")](**wish)
        except (ValueError, LookupError, TypeError, AttributeError, StopIteration) as error:
            return self._send(400, {"error": {"message": f"{type(error).__name__}: {error}"}})
        return self._send(200, {"done": done})

    def _send(
        self,
        status: int,
        answer: Row | str,
        headers: dict[str, str] | None = None,
        fault: Fault | None = None,
    ) -> None:
        body = answer.encode() if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "text/plain" if isinstance(answer, str) else "application/json",
            **(headers or {}),
        }
        if len(body) > 1000 and "gzip" in self.headers.get("Accept-Encoding", ""):
            body, headers["Content-Encoding"] = gzip.compress(body, compresslevel=1), "gzip"
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        kind = fault.kind if fault else ""
        if kind == "truncated":
            body, self.close_connection = body[: len(body) // 2], True
        steps = 20 if kind == "slow" else 1
        size = max(1, -(-len(body) // steps))
        for at in range(0, len(body), size):
            if kind == "slow":
                time.sleep(fault.seconds / steps)
            self.wfile.write(body[at : at + size])

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.rfile.close()
        self.connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve recorded CBS OData v4 tables.")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument(
        "--data", type=Path, action="append", help="folder with a folder per table; may be repeated"
    )
    parser.add_argument("--page-size", type=int, default=100_000)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each page of observations")
    chosen = parser.parse_args()
    replay = Replay(*(chosen.data or ()), port=chosen.port, page_size=chosen.page_size, delay=chosen.delay)
    print(replay.base_url, flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        replay.serve()


if __name__ == "__main__":
    main()
