"""How fast figures get from a source into the merged, indexed table: 1.4 million rows of 100,000 neighbourhoods.

Prints observations per second of a whole refresh against a local source, as a share of three limits measured here on
the same rows: reading the JSON, COPY into a plain table, COPY into an indexed one. And how much memory it took.
"""

import json
import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg

from tests import servers as test_servers
from tests.bench.network import free_port
from workbench.app import create_app
from workbench.core.db import as_platform, db
from workbench.indicators.catalogue import parse_catalogue
from workbench.sources import operations, refresh
from workbench.sources.models import RefreshRun

AREAS, YEARS = 100_000, range(2010, 2024)
ROWS = AREAS * len(YEARS)
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
    - {{source: cbs-v4, table: {TABLE}, measure: M000352, region: RegioS, period: Perioden, levels: [buurt], from: "2010"}}
"""


def page(year: int) -> bytes:
    """The observations of one year, as the source writes them."""
    rows = [
        {
            "Id": number,
            "Measure": "M000352",
            "ValueAttribute": "None",
            "Value": (number * 7919 + year) % 10_007,
            "StringValue": None,
            "RegioS": f"BU{number:08d}",
            "Perioden": f"{year}JJ00",
        }
        for number in range(AREAS)
    ]
    return json.dumps({"value": rows}).encode()


class Source(BaseHTTPRequestHandler):
    """A table in the shape of CBS OData 4; a page per year. The pages are alike but for the year."""

    template = b""
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        name = parts.path.rpartition("/")[2]
        if name == "Observations":
            [year] = parse_qs(parts.query).get("page", [str(YEARS[0])])
            body = self.template.replace(f"{YEARS[0]}JJ00".encode(), f"{year}JJ00".encode())
            if int(year) < YEARS[-1]:
                address = f"http://{self.headers['Host']}{parts.path}?page={int(year) + 1}"
                body = body[:-1] + b', "@odata.nextLink": ' + json.dumps(address).encode() + b"}"
        else:
            body = json.dumps(self.lists(name)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def lists(self, name: str) -> Any:
        moment = "2026-06-23T00:00:00+02:00"
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
                    for year in YEARS
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
        pass


def _serve(port: int) -> None:
    Source.template = page(YEARS[0])
    ThreadingHTTPServer(("127.0.0.1", port), Source).serve_forever()


@contextmanager
def source() -> Iterator[str]:
    """The source in a process of its own: its address."""
    port = free_port()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(port,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{port}/odata/v1/CBS"
    finally:
        process.kill()
        process.join()


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def memory() -> float:
    """The most memory this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def limits(connection: "psycopg.Connection[Any]") -> dict[str, float]:
    """Rows per second of what cannot be left out, alone."""
    text = page(YEARS[0])
    found = {"reading the JSON": AREAS / seconds(lambda: json.loads(text))}
    lines = "".join(f"1\t{number}\t1\t{number % 10_007}\tfinal\n" for number in range(AREAS)).encode()
    connection.execute(
        "CREATE TEMP TABLE plain (series int, area int, period int, value float8, status text)"
    )
    connection.execute("CREATE TEMP TABLE indexed (LIKE plain)")
    connection.execute("CREATE UNIQUE INDEX ON indexed (series, area, period)")
    connection.execute("CREATE INDEX ON indexed (series, area, period, value)")

    def copy(table: str) -> None:
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as target:
            target.write(lines)

    found["COPY, plain"] = AREAS / seconds(lambda: copy("plain"))
    found["COPY, indexed"] = AREAS / seconds(lambda: copy("indexed"))
    return found


def main() -> None:
    with test_servers.start() as servers, source() as address:
        settings = servers.settings(cbs_v4_url=address, source_pause=0)
        app = create_app(settings)
        with app.app_context(), as_platform():
            operations.import_entries(parse_catalogue(ENTRY))
            db.commit()
            [table] = operations.tables_to_refresh(table=TABLE)

            def load() -> RefreshRun:
                run_id = operations.queue_refresh(table.id).id
                db.commit()
                refresh.carry_out(run_id, settings, keep_trying=False)
                return db.get_one(RefreshRun, run_id)

            before = memory()
            for name in ("first load", "same rows again"):
                table.fingerprint = None
                begun = time.perf_counter()
                run = load()
                spent = time.perf_counter() - begun
                print(
                    f"{name}: {ROWS:,} rows in {spent:.1f} s, {ROWS / spent:,.0f} observations/s; {run.state},"
                    f" inserted {run.inserted:,}, unchanged {run.unchanged:,}"
                )
                if name == "first load":
                    speed = ROWS / spent
            print(f"memory: {before:.0f} MB before, {memory():.0f} MB at most")
        with psycopg.connect(servers.url("owner").replace("+psycopg", "")) as connection:
            for name, limit in limits(connection).items():
                print(f"limit, {name}: {limit:,.0f} rows/s; the first load is {speed / limit:.0%} of it")


if __name__ == "__main__":
    main()
