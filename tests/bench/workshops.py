"""Five workshops with sixty phones each, then a thousand listeners in one, then processes that are killed in a vote.

Every phone is loaded again once and loses its link once while it sends. Afterwards each answer and each card is counted:
none lost, none doubled. Alone: `python -m tests.bench.workshops HOME [PHONES [LISTENERS]]`, with a demo that runs in HOME.
"""

import asyncio
import os
import random
import resource
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any

import sqlalchemy as sa

from tests.bench.phones import Phone, fetch, listen
from tests.workshops.making_phone import begun, running
from workbench.accounts.models import Council
from workbench.app import create_app
from workbench.core import db as database
from workbench.core.db import db
from workbench.core.settings import Settings
from workbench.core.tenancy import act_for
from workbench.embedded import running as demo_of
from workbench.live.channel import make_token
from workbench.workshops import standing
from workbench.workshops.kinds import Kind
from workbench.workshops.models import Activity, Attendee, Contribution, Workshop

SESSIONS, PHONES, LISTENERS = 5, 60, 1000
SECONDS = 40  # over which a room answers one question
LETTERS = "CDFGHJKMNPQRTVWXY34679"
PAGES = ("/almere/", "/almere/rondes", "/almere/kalender")


@dataclass
class Room:
    """One workshop, with its facilitator's eye on how many are ready."""

    code: str
    workshop_id: Any
    activity_id: str
    done: list[float] = field(default_factory=list)  # when an answer was taken
    seen: list[tuple[float, int]] = field(default_factory=list)  # when so many were ready on the screen


def _code() -> str:
    return "".join(random.choice(LETTERS) for _ in range(6))


@contextmanager
def _almere(home: Path) -> Iterator[Settings]:
    environment = demo_of.read(home)
    assert environment, f"no demo runs in {home}"
    settings = Settings.load(
        **{name.removeprefix("WORKBENCH_").lower(): v for name, v in environment.items()}
    )
    app = create_app(settings)
    with app.app_context():
        act_for(db, db.scalars(sa.select(Council.id).where(Council.slug == "almere")).one())
        yield settings
        database.web_session.kw["bind"].dispose()


def make_room(title: str) -> Room:
    workshop = running(_code(), title=title, size=PHONES)
    activity = begun(workshop, Kind.DOTS, "Nabijheid Vertrouwen Keuze Rust")
    room = Room(str(workshop.code), workshop.id, str(activity.id))
    db.commit()
    return room


def next_activity(room: Room, kind: Kind) -> None:
    workshop = db.get_one(Workshop, room.workshop_id)
    room.activity_id = str(begun(workshop, kind).id)
    standing.changed(workshop)
    db.commit()
    room.done.clear()
    room.seen.clear()


def counted(room: Room) -> tuple[int, int, int]:
    """Who joined, ballots of the last round, and cards, as PostgreSQL has them."""
    db.rollback()
    joined = db.scalar(sa.select(sa.func.count()).where(Attendee.workshop_id == room.workshop_id)) or 0
    activity = db.get_one(Activity, room.activity_id)
    if activity.round_id is not None:
        return joined, db.scalar(sa.select(sa.func.round_ready(activity.round_id))) or 0, 0
    cards = db.scalar(sa.select(sa.func.count()).where(Contribution.activity_id == activity.id)) or 0
    return joined, 0, cards


async def facilitate(port: int, room: Room, address: str) -> None:
    """Look whenever the stream says that something changed, as the screen of the facilitator does."""
    bell = asyncio.Event()

    async def look() -> None:
        while True:
            await bell.wait()
            bell.clear()
            with suppress(OSError, TimeoutError):
                answer = await fetch(port, f"/doe-mee/{room.code}/stand")
                if answer is not None and answer.status == 200:
                    room.seen.append((time.perf_counter(), int(str(answer.json()["ready"]))))

    looking = asyncio.create_task(look())
    try:
        await listen(address, lambda _news: bell.set(), bell.set)
    finally:
        looking.cancel()


def delays(room: Room) -> list[float]:
    """Seconds from an answer that was taken until the facilitator saw so many."""
    found = []
    for place, moment in enumerate(sorted(room.done), start=1):
        seen = [when for when, n in room.seen if n >= place]
        if seen:
            found.append(max(0.0, min(seen) - moment))
    return found


async def vote(phone: Phone, room: Room, pause: float) -> None:
    """Answer, load the page again, change the answer while the link is lost."""
    await asyncio.sleep(random.uniform(0, pause))
    activity = room.activity_id
    await phone.answer(activity, {"answer_0": "2"})
    room.done.append(time.perf_counter())
    await asyncio.sleep(random.uniform(0, pause / 4))
    await phone.load()
    await phone.answer(activity, {"answer_0": "1", "answer_1": "2"}, loses_link=True)
    phone.hang_up()
    phone.listen()


async def write(phone: Phone, room: Room, pause: float) -> None:
    """Two cards; the link is lost while the second is sent."""
    await asyncio.sleep(random.uniform(0, pause))
    await phone.card(room.activity_id, "Een bankje bij de school")
    room.done.append(time.perf_counter())
    await phone.card(room.activity_id, "Meer licht in het park", loses_link=True)


class Visitor(threading.Thread):
    """Somebody who reads other pages meanwhile."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        from tests.bench.__main__ import sign_in

        self.client = sign_in(address)
        self.spent: list[float] = []
        self.stopped = threading.Event()

    def run(self) -> None:
        place = 0
        while not self.stopped.wait(0.15):
            begun_at = time.perf_counter()
            self.client.get(PAGES[place % len(PAGES)], timeout=120).raise_for_status()
            self.spent.append(time.perf_counter() - begun_at)
            place += 1


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _said(name: str, spent: list[float]) -> str:
    cuts = quantiles(spent, n=20) if len(spent) > 1 else [float("nan")] * 19
    return f"{name}: p50 {1000 * cuts[9]:.0f} ms  p95 {1000 * cuts[18]:.0f} ms  most {1000 * max(spent, default=0):.0f} ms"


def _address(settings: Settings, room: Room, holder: str) -> str:
    token = make_token(settings.secret_key.get_secret_value(), room.workshop_id, holder)
    return f"{settings.live_url}?token={token}"


async def _many(phones: dict[str, list[Phone]], rooms: list[Room], act: Any, pause: float) -> None:
    work: list[Awaitable[None]] = [act(phone, room, pause) for room in rooms for phone in phones[room.code]]
    await asyncio.gather(*work)
    await asyncio.sleep(1.5)  # the last message is on its way


async def crowd(settings: Settings, port: int, visitor: Visitor | None) -> Iterator[str]:
    rooms = [make_room(f"Leeratelier {number}") for number in range(SESSIONS)]
    phones = {room.code: [Phone(port, room.code) for _ in range(PHONES)] for room in rooms}
    everyone = [phone for found in phones.values() for phone in found]
    before, begun_at = _cpu(), time.perf_counter()

    async def come(phone: Phone) -> None:
        await asyncio.sleep(random.uniform(0, SECONDS / 2))
        await phone.join()

    await asyncio.gather(*(come(phone) for phone in everyone))
    print(f"  {len(everyone)} phones came in, {time.perf_counter() - begun_at:.0f} s", flush=True)
    eyes = [
        asyncio.create_task(facilitate(port, room, _address(settings, room, room.code))) for room in rooms
    ]
    if visitor is not None:
        visitor.start()
    await _many(phones, rooms, vote, SECONDS)
    late = [delay for room in rooms for delay in delays(room)]
    found = [counted(room) for room in rooms]
    assert found == [(PHONES, PHONES, 0)] * SESSIONS, found
    answered = sum(len(room.done) for room in rooms)
    print(f"  {answered} answers were given and changed, {time.perf_counter() - begun_at:.0f} s", flush=True)
    for room in rooms:
        next_activity(room, Kind.BRAINSTORM)
    await _many(phones, rooms, write, SECONDS / 2)
    late += [delay for room in rooms for delay in delays(room)]
    found = [counted(room) for room in rooms]
    assert found == [(PHONES, 0, 2 * PHONES)] * SESSIONS, found
    if visitor is not None:
        visitor.stopped.set()
        visitor.join()
    wall = time.perf_counter() - begun_at
    for task in eyes:
        task.cancel()
    for phone in everyone:
        phone.hang_up()
    refused = [status for phone in everyone for status in phone.refused]
    asked = [seconds for phone in everyone for seconds in phone.asked]
    lines = [
        (
            f"{SESSIONS} sessions × {PHONES} phones, {wall:.0f} s: {answered} of {SESSIONS * PHONES} answers and"
            f" {2 * SESSIONS * PHONES} of {2 * SESSIONS * PHONES} cards are kept, none lost, none doubled; refused: {len(refused)}"
        ),
        _said(f"phones, {len(asked)} requests", asked),
        _said(f"facilitator sees progress ({len(late)} answers)", late),
        *([_said(f"other pages ({len(visitor.spent)})", visitor.spent)] if visitor is not None else []),
        f"messages heard by phones: {sum(phone.news for phone in everyone)}",
        f"generator CPU {100 * (_cpu() - before) / wall:.0f} %",
    ]
    return iter(lines)


async def thousand(settings: Settings, port: int) -> Iterator[str]:
    room = make_room("Leeratelier met duizend toehoorders")
    before, begun_at = _cpu(), time.perf_counter()
    heard: list[float] = []
    opened: list[float] = []

    async def one(number: int) -> None:
        await asyncio.sleep(number / LISTENERS * 5)
        await listen(
            _address(settings, room, str(number)),
            lambda _news: heard.append(time.perf_counter()),
            lambda: opened.append(time.perf_counter()),
        )

    tasks = [asyncio.create_task(one(number)) for number in range(LISTENERS)]
    while len(opened) < LISTENERS and time.perf_counter() < begun_at + 60:
        await asyncio.sleep(0.1)
    phone, spent, complete = Phone(port, room.code), [], []
    await phone.join()
    await asyncio.sleep(1)
    for dots in ("1", "2", "3", "1", "2"):
        heard.clear()
        await phone.answer(room.activity_id, {"answer_0": dots})
        sent = time.perf_counter()
        await asyncio.sleep(1.2)
        spent += [moment - sent for moment in heard]
        complete.append(len(heard))
    wall = time.perf_counter() - begun_at
    phone.hang_up()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return iter(
        [
            f"{len(opened)} of {LISTENERS} listeners in one session; heard 5 changes: {complete}",
            _said("from taken to heard", spent),
            f"generator CPU {100 * (_cpu() - before) / wall:.0f} %",
        ]
    )


# --- Killing --------------------------------------------------------------------------------------------------------


def _family(pid: int) -> dict[int, str]:
    """Every process below this one, with its command."""
    parents, words = {}, {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError, ValueError):
            parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            words[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
    family = {pid}
    for _ in range(6):
        family |= {child for child, parent in parents.items() if parent in family}
    return {child: words[child] for child in family if child in words}


PARTS = {
    "web": "workbench.wsgi:app",
    "live": "workbench.live.wsgi:app",
    "worker": "celery",
    "Valkey": "valkey-server",
}


def kill(demo_pid: int, part: str) -> int:
    """-9 to every process of this part; gives how many there were."""
    found = [pid for pid, command in _family(demo_pid).items() if PARTS[part] in command and pid != demo_pid]
    for pid in found:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(found)


async def killing(port: int, demo_pid: int) -> Iterator[str]:
    """A vote per part that is killed in the middle of it."""
    lines = []
    room = make_room("Leeratelier met tegenslag")
    phones = [Phone(port, room.code) for _ in range(PHONES)]
    await asyncio.gather(*(phone.join() for phone in phones))
    for part in PARTS:
        next_activity(room, Kind.DOTS)
        voting = [asyncio.create_task(vote(phone, room, 6)) for phone in phones]
        await asyncio.sleep(3)
        before = len(room.done)
        killed = kill(demo_pid, part)
        begun_at = time.perf_counter()
        await asyncio.gather(*voting)
        joined, ballots, _cards = counted(room)
        assert killed, f"{part} was not there"
        assert (joined, ballots) == (PHONES, PHONES), (part, joined, ballots)
        lines.append(
            f"{part}: {killed} processes killed after {before} answers; all {ballots} of {PHONES} are kept,"
            f" {time.perf_counter() - begun_at:.0f} s later"
        )
    for phone in phones:
        phone.hang_up()
    refused = [status for phone in phones for status in phone.refused]
    return iter([*lines, f"refused: {len(refused)}"])


def measure(address: str, demo_pid: int, home: Path) -> Iterator[str]:
    """Killing comes last: the demo does not start its Valkey again."""
    port = int(address.rpartition(":")[2])
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with _almere(home) as settings:
        for part in (
            crowd(settings, port, Visitor(address)),
            thousand(settings, port),
            killing(port, demo_pid),
        ):
            yield from asyncio.run(part)


def main() -> None:
    global PHONES, LISTENERS
    home = Path(sys.argv[1])
    PHONES, LISTENERS = [*map(int, sys.argv[2:]), *(PHONES, LISTENERS)[len(sys.argv) - 2 :]]
    environment = demo_of.read(home)
    assert environment, f"no demo runs in {home}"
    demo_pid = int((home / "running.lock").read_text())
    for line in measure(environment["WORKBENCH_BASE_URL"], demo_pid, home):
        print(line, flush=True)


if __name__ == "__main__":
    main()
