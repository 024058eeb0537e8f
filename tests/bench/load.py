"""How fast figures get from a source into the merged, indexed table: 1.4 million rows of 100,000 neighbourhoods.

Prints observations per second of whole refreshes against a local source: the first, one in which nothing changed, one
in which a twentieth did; each also as a share of three limits measured here on the same rows: reading the JSON, COPY
into a plain table, COPY into an indexed one. And the most memory the worker took, for few rows and for all of them.
"""

import json
import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.synchronize import Event
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests import servers as test_servers
from tests.bench.network import free_port
from workbench.app import create_app
from workbench.core.db import as_platform, db
from workbench.core.settings import Settings
from workbench.indicators.catalogue import parse_catalogue
from workbench.sources import operations, refresh
from workbench.sources.models import RefreshRun, RunState

AREAS, FIRST = 100_000, 2010
FEW, ALL = 2, 14  # years
TABLE = "99999NED"
ENTRY = f"""
- slug: proef
  name: Proef
  definition: Verzonnen rijen om de snelheid te meten.
  unit: aantal
  decimals: 0
  themes: [bevolking]
  direction: context
  reading_up: Verzonnen.
  reading_down: Verzonnen.
  caveats: []
  bbv: null
  verified: false
  series:
    - {{source: cbs-v4, table: {TABLE}, measure: M000352, region: RegioS, period: Perioden, levels: [buurt], from: "{FIRST}"}}
"""
# Editions of the table: in the third, one value in twenty is another.
EDITIONS = {"first load": 1, "nothing changed": 2, "1 in 20 revised": 3}


@cache
def _first_page(*, is_revised: bool) -> bytes:
    rows = [
        {
            "Id": number,
            "Measure": "M000352",
            "ValueAttribute": "None",
            "Value": (number * 7919) % 10_007 + int(is_revised and number % 20 == 0),
            "StringValue": None,
            "RegioS": f"BU{number:08d}",
            "Perioden": f"{FIRST}JJ00",
        }
        for number in range(AREAS)
    ]
    return json.dumps({"value": rows}).encode()


def page(year: int, edition: int = 1) -> bytes:
    """The observations of one year, as the source writes them. The pages are alike but for the year."""
    return _first_page(is_revised=edition == 3).replace(b"%dJJ00" % FIRST, b"%dJJ00" % year)


class Source(BaseHTTPRequestHandler):
    """A table in the shape of CBS OData 4, a page per year, at /{years}/{edition}/{table}/{name}[/{year}]."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        years, edition, _table, name, *rest = path.strip("/").split("/")
        if name == "Observations":
            year = int(rest[0]) if rest else FIRST
            body = page(year, int(edition))
            if year + 1 < FIRST + int(years):
                address = f"http://{self.headers['Host']}/{years}/{edition}/{TABLE}/{name}/{year + 1}"
                body = body[:-1] + b', "@odata.nextLink": ' + json.dumps(address).encode() + b"}"
        else:
            body = json.dumps(self.lists(name, int(years), int(edition))).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def lists(self, name: str, years: int, edition: int) -> Any:
        moment = f"2026-06-{edition:02}T00:00:00+02:00"
        rows: list[dict[str, object]]
        match name:
            case "Dimensions":
                rows = [{"Identifier": "RegioS"}, {"Identifier": "Perioden"}]
            case "MeasureCodes":
                rows = [{"Identifier": "M000352", "Title": "Proef", "Unit": "aantal", "Decimals": 0}]
            case "RegioSCodes":
                rows = [
                    {"Identifier": f"BU{number:08d}", "Title": f"Buurt {number}"} for number in range(AREAS)
                ]
            case "PeriodenCodes":
                rows = [
                    {"Identifier": f"{year}JJ00", "Title": str(year), "Status": "Definitief"}
                    for year in range(FIRST, FIRST + years)
                ]
            case _:
                return {
                    "Identifier": TABLE,
                    "Title": "Proef",
                    "Modified": moment,
                    "ObservationsModified": moment,
                }
        return {"value": rows}

    def log_message(self, *_facts: object) -> None:
        """Quiet."""


def _serve(port: int, is_ready: Event) -> None:
    for edition in EDITIONS.values():
        page(FIRST, edition)
    server = ThreadingHTTPServer(("127.0.0.1", port), Source)
    is_ready.set()
    server.serve_forever()


@contextmanager
def source() -> Iterator[str]:
    """The source in a process of its own: its address."""
    port, spawn = free_port(), multiprocessing.get_context("spawn")
    is_ready = spawn.Event()
    process = spawn.Process(target=_serve, args=(port, is_ready), daemon=True)
    process.start()
    try:
        assert is_ready.wait(60), "the source does not start"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.join()


@dataclass(frozen=True)
class Measured:
    """One refresh: its rows, seconds, of which the worker computed so many, and the worker's peak so far in MB."""

    rows: int
    seconds: float
    computing: float
    peak: float
    outcome: str

    @property
    def speed(self) -> float:
        return self.rows / self.seconds


def refresh_all(values: dict[str, object], address: str, years: int) -> tuple[float, dict[str, Measured]]:
    """Every edition in turn, in this process: MB before the first, and what each took."""
    app = create_app(Settings.load(**values, cbs_v4_url=address))
    with app.app_context(), as_platform():
        operations.import_entries(parse_catalogue(ENTRY))
        db.commit()
        [table_id] = [table.id for table in operations.tables_to_refresh(table=TABLE)]
        db.commit()
        before = peak()
        return before, {
            name: _refresh(table_id, Settings.load(**values, cbs_v4_url=f"{address}/{years}/{edition}"))
            for name, edition in EDITIONS.items()
        }


def _refresh(table_id: Any, settings: Settings) -> Measured:
    run_id = operations.queue_refresh(table_id).id
    db.commit()
    begun, computed = time.perf_counter(), time.process_time()
    refresh.carry_out(run_id, settings, keep_trying=False)
    db.commit()
    spent, computing = time.perf_counter() - begun, time.process_time() - computed
    run = db.get_one(RefreshRun, run_id)
    assert run.state is RunState.DONE, run.message
    counts = f"inserted {run.inserted:,}, revised {run.revised:,}, unchanged {run.unchanged:,}"
    return Measured(run.rows_read or 0, spent, computing, peak(), counts)


def peak() -> float:
    """The most memory this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def limits(url: str) -> dict[str, float]:
    """Rows per second of what cannot be left out, alone: on the same bytes, and on the rows as they were loaded."""
    pages = [page(year) for year in range(FIRST, FIRST + ALL)]
    found = {"reading the JSON": sum(seconds(partial(json.loads, text)) for text in pages)}
    with psycopg.connect(url.replace("+psycopg", "")) as connection, connection.cursor() as cursor:
        with cursor.copy("COPY (SELECT * FROM observation WHERE loaded_until IS NULL) TO STDOUT") as rows:
            lines = b"".join(rows)
        cursor.execute("CREATE TABLE plain (LIKE observation)")
        cursor.execute("CREATE TABLE indexed (LIKE observation INCLUDING ALL)")

        def copy(table: str) -> None:
            with cursor.copy(f"COPY {table} FROM STDIN") as target:
                target.write(lines)
            connection.commit()

        for name, table in (("COPY, plain", "plain"), ("COPY, indexed", "indexed")):
            found[name] = seconds(partial(copy, table))
    return {name: AREAS * ALL / spent for name, spent in found.items()}


def _in_a_new_process(*facts: Any) -> tuple[float, dict[str, Measured]]:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(refresh_all, *facts).result()


def main() -> None:
    with test_servers.start() as servers, source() as address:
        found = {}
        for years in (FEW, ALL):
            name = f"load_{years}"
            servers.create_database(name)
            values = {
                f"{role}database_url": servers.url(role.strip("_") or "web", name)
                for role in ("", "platform_", "owner_")
            }
            settings = servers.settings(source_pause=0, **values).model_dump(exclude={"cbs_v4_url"})
            found[years] = _in_a_new_process(settings, address, years)
        bounds = limits(servers.url("owner", f"load_{ALL}"))
    print("limits on the same rows, each alone")
    for name, bound in bounds.items():
        print(f"  {name}: {bound:,.0f} rows/s")
    for name, run in found[ALL][1].items():
        shares = ", ".join(f"{run.speed / bound:.0%} of {what}" for what, bound in bounds.items())
        print(
            f"{name}: {run.rows:,} rows in {run.seconds:.1f} s ({run.computing:.1f} s computing in the worker)"
        )
        print(f"  {run.speed:,.0f} observations/s: {shares}; {run.outcome}")
    print("memory of the worker")
    for years, (before, runs) in found.items():
        first, last = runs["first load"].peak, max(run.peak for run in runs.values())
        print(
            f"  {AREAS * years:,} rows: {before:.0f} MB before, {first:.0f} MB at most in the first load, {last:.0f} in all"
        )


if __name__ == "__main__":
    main()
