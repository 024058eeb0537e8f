"""`make bench`: how fast the demo answers with two million figures, and figures load. Loopback only, bounded; idle machine.

Prints per page the slowest first drawing, and after that p50 and p95 in milliseconds for 1 and 8 users, requests per second, the CPU share of the load
generator itself, the memory of every process, and how long a browser needs for eight figures as a ratio to the
same content from static files. Then workshops with hundreds of phones, and parts without a demo: files of a monitor,
pseudonyms, loading.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

import httpx
import psycopg
from bs4 import BeautifulSoup

from tests.bench import load, pseudonyms, stories, taking_along, workshops
from tests.bench.browser import measure_drawing
from tests.bench.documents import measure_documents
from tests.bench.network import free_port
from tests.filling import GOALS, MEMBERS, VALUES
from workbench.evidence.models import MOST_PER_GOAL

USER, PASSWORD = "griffier@almere.example", "werkbank-demo"
PER_USER = 40  # requests per user and page
FIRST = 60  # requests before that, so that each web process drew the page
PAGES = {
    "start": "/inloggen",
    "home": "/almere/",
    "monitor, 8 blocks": "/almere/monitor",
    "catalogue": "/almere/cijfers",
    "indicator": "/almere/cijfers/inwoners",
    "sources": "/almere/bronnen",
}

# Of a plan as full as a large council makes it; see tests/filling.py.
OF_A_PLAN = {
    "plan": "",
    "values": "/waarden",
    "goals": "/doelen",
    "coverage": "/dekking",
    "needs": "/nodig",
    "costs": "/kosten",
    "steering": "/sturen",
    "in view": "/in-beeld",
    "rounds": "/rondes",
    "decision": "/waarden/besluit",
    "invulschema": "/invulschema",
    "measurement": "/meetparagraaf",
    "hand-over": "/overdracht",
    "monitor": "/monitor",
}

FILL = [
    "CREATE TEMP TABLE place AS SELECT DISTINCT series_id, period_id FROM observation",
    """INSERT INTO area (code, name, type) SELECT 'WK9' || to_char(n, 'FM00000'), 'Wijk ' || n, 'wijk'
       FROM generate_series(1, (:wanted - (SELECT count(*) FROM observation)) / (SELECT count(*) FROM place) + 1) n""",
    """INSERT INTO observation (series_id, area_id, period_id, value, status, loaded_from)
       SELECT series_id, area.id, period_id, (area.id * 7919 + period_id) % 1000, 'final', now()
       FROM area, place WHERE area.code LIKE 'WK9%'""",
    "VACUUM ANALYZE observation",
    "ANALYZE area",
]


@contextmanager
def demo() -> Iterator[tuple[str, int, Path]]:
    """A demo of its own: its address, process id and home directory."""
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as home:
        Path(home).chmod(0o755)
        port = free_port()
        command = [sys.executable, "-m", "workbench.cli", "demo", "--port", str(port), "--home", home]
        environment = os.environ | {"WORKBENCH_CBS_V4_URL": "http://127.0.0.1:9/odata/v1/CBS"}
        begun = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(lambda: httpx.get(address + "/healthz").status_code == 200)
            print(f"start to healthy, first time: {time.perf_counter() - begun:.1f} s")
            yield address, process.pid, Path(home)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def _wait(is_true: "object", seconds: float = 180) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if is_true():  # type: ignore[operator]
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise TimeoutError("the demo does not answer")


def fill(home: Path, wanted: int = 2_000_000) -> str:
    """Invented figures about invented districts, until there are this many: in each period of each series."""
    environment = json.loads((home / "running.json").read_text())["environment"]
    url = environment["WORKBENCH_OWNER_DATABASE_URL"].replace("postgresql+psycopg", "postgresql")
    begun = time.perf_counter()
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in FILL:
            connection.execute(statement.replace(":wanted", str(wanted)))
        [[count]] = connection.execute("SELECT count(*) FROM observation").fetchall()
    assert count >= wanted, count
    return f"{count:,} figures, filled in {time.perf_counter() - begun:.0f} s"


def large_plan(home: Path) -> dict[str, str]:
    """Make it in the demo's Almere; gives the addresses of its pages."""
    environment = json.loads((home / "running.json").read_text())["environment"]
    made = subprocess.run(
        [sys.executable, "-m", "tests.bench.large"],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    *lines, found = made.stdout.splitlines()
    print("\n".join(lines))
    url = environment["WORKBENCH_OWNER_DATABASE_URL"].replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")  # as the database does by itself after a while
    addresses = json.loads(found)
    return {name: addresses["plan"] + path for name, path in OF_A_PLAN.items()} | addresses["cards"]


def sign_in(address: str) -> httpx.Client:
    client = httpx.Client(
        base_url=address, follow_redirects=True, headers={"Accept-Encoding": "gzip"}, timeout=30
    )
    form = BeautifulSoup(client.get("/inloggen").text, "html.parser")
    token = form.select_one("main input[name=csrf_token]")
    assert token is not None
    answer = client.post(
        "/inloggen", data={"email": USER, "password": PASSWORD, "csrf_token": str(token["value"]), "next": ""}
    )
    assert answer.url.path.startswith("/almere"), answer.url
    return client


def first_drawing(client: httpx.Client, path: str) -> float:
    """Milliseconds of the slowest of the first requests: each web process draws the page once after a change."""
    spent = []
    for _ in range(FIRST):
        begun = time.perf_counter()
        client.get(path).raise_for_status()
        spent.append(time.perf_counter() - begun)
    return max(spent) * 1000


def measure(clients: list[httpx.Client], path: str) -> str:
    """One line: p50, p95, requests/s, size and the generator's CPU."""
    spent: list[float] = []
    lock = threading.Lock()

    def visit(client: httpx.Client) -> None:
        own = []
        for _ in range(PER_USER):
            begun = time.perf_counter()
            answer = client.get(path)
            own.append(time.perf_counter() - begun)
            answer.raise_for_status()
        with lock:
            spent.extend(own)

    before, begun = _cpu(), time.perf_counter()
    threads = [threading.Thread(target=visit, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - begun
    cuts = quantiles(spent, n=20)
    return (
        f"p50 {cuts[9] * 1000:6.1f} ms  p95 {cuts[18] * 1000:6.1f} ms  {len(spent) / wall:6.0f} req/s"
        f"  generator CPU {100 * (_cpu() - before) / wall:3.0f} %"
    )


def show(clients: list[httpx.Client], pages: dict[str, str]) -> None:
    """Print the lines of these pages."""
    for name, path in pages.items():
        first = first_drawing(clients[0], path)
        print(f"\n{name} ({wire_size(clients[0], path) / 1024:.1f} kB gzipped, first drawing {first:.0f} ms)")
        for users in (1, 8):
            print(f"  {users} user{'s' if users > 1 else ' '}: {measure(clients[:users], path)}", flush=True)


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def wire_size(client: httpx.Client, path: str) -> int:
    """Bytes of the body as sent, gzipped."""
    with client.stream("GET", path) as answer:
        return sum(len(part) for part in answer.iter_raw())


def memory(pid: int) -> list[str]:
    """RSS per process below this one, in MB."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            facts = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        parents[int(facts["Pid"])] = (
            int(facts["PPid"]),
            facts["Name"].strip(),
            int(facts.get("VmRSS", "0").split()[0]) / 1024,
        )
    family = {pid}
    for _ in range(6):
        family |= {child for child, (parent, _name, _rss) in parents.items() if parent in family}
    rows = [
        (name, rss, _command(child))
        for child, (_parent, name, rss) in sorted(parents.items())
        if child in family
    ]
    total = sum(rss for _name, rss, _command in rows)
    return [f"{rss:6.0f} MB  {command or name}" for name, rss, command in rows] + [
        f"{total:6.0f} MB  together (shared pages counted twice)"
    ]


def _command(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return ""
    return " ".join(word.rsplit("/", 1)[-1] for word in words[:5] if word)[:60]


def main() -> None:
    with demo() as (address, pid, home):
        print(fill(home))
        clients = [sign_in(address) for _ in range(8)]
        monitor = str(clients[0].get("/almere/monitor").url.raw_path, "ascii")
        pages = {**PAGES, "monitor, 8 blocks": monitor}
        _wait(lambda: clients[0].get(monitor).text.count("data-src=") >= 8)
        soup = BeautifulSoup(clients[0].get(monitor).text, "html.parser")
        charts = [str(tag["data-src"]) for tag in soup.select("[data-src]")]
        show(clients, pages)
        print()
        for line in measure_documents(clients[0], address, charts[0]):
            print("  " + line, flush=True)
        demo_plan = monitor.rsplit("/", 1)[0]
        print("\npages of the demo's plan")
        show(clients, {name: demo_plan + path for name, path in OF_A_PLAN.items()})
        print(f"\n{MEMBERS} members, {VALUES} values, {GOALS} goals, {GOALS * MOST_PER_GOAL} figures chosen")
        show(clients, large_plan(home))
        print("\nreading and coding stories")
        show(clients, stories.pages(home))
        print("\nbrowser, from navigation until all eight figures …")
        for line in measure_drawing(address, clients[0], monitor, charts):
            print("  " + line)
        print("\nall figures of five full councils anew", flush=True)
        environment = json.loads((home / "running.json").read_text())["environment"]
        subprocess.run(
            [sys.executable, "-m", "tests.bench.refreshing"], env=os.environ | environment, check=True
        )
        print("\nmemory")
        for line in memory(pid):
            print("  " + line)
        print(
            "\nworkshops, with phones that lose their link; last with processes that are killed", flush=True
        )
        for line in workshops.measure(address, pid, home):
            print("  " + line, flush=True)
    print("\nfiles of a monitor with 40 figures")
    for line in taking_along.measure():
        print("  " + line)
    print("\nfinding what says who somebody is")
    for line in pseudonyms.measure():
        print("  " + line)
    print("\nloading figures")
    load.main()


if __name__ == "__main__":
    main()
