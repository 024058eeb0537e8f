"""Phones without a browser: they keep what they send until the server has it, as js/doe-mee.js does. One thread holds them all."""

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

SCRIPT = {"X-Doe-Mee": "1", "Accept": "application/json"}
PATIENCE = 15.0
MORE_TRIES = 60


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.body)
        return found


async def fetch(
    port: int,
    path: str,
    *,
    data: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    hang_up: bool = False,
) -> Answer | None:
    """One request on a connection of its own. `hang_up`: the link is lost before the answer came."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        body = urlencode(data).encode() if data is not None else b""
        lines = [
            f"{'GET' if data is None else 'POST'} {path} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "Connection: close",
        ]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if data is not None:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await writer.drain()
        if hang_up:
            return None
        raw = await asyncio.wait_for(reader.read(), PATIENCE)
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    head, _blank, rest = raw.partition(b"\r\n\r\n")
    if not head:
        raise ConnectionError("no answer")
    first, *more = head.decode("latin-1").split("\r\n")
    found = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in more)}
    cookies = [line.partition(":")[2].strip() for line in more if line.lower().startswith("set-cookie:")]
    own = [cookie.partition(";")[0] for cookie in cookies if cookie.startswith("toestel=")]
    return Answer(int(first.split()[1]), found | ({"cookie": own[0]} if own else {}), rest)


async def until_taken(send: Callable[[], Awaitable[Answer | None]]) -> Answer:
    """Again and again, with growing pauses, until the server says something that is no failure of its own."""
    for tries in range(MORE_TRIES):
        try:
            answer = await send()
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            answer = None
        if answer is not None and answer.status < 500 and answer.status != 429:
            return answer
        await asyncio.sleep(random.uniform(0.2, min(8.0, 0.5 * 2**tries)))
    raise TimeoutError("never taken")


@dataclass
class Phone:
    port: int
    code: str
    cookie: str = ""
    stream: asyncio.Task[None] | None = None
    news: int = 0
    asked: list[float] = field(default_factory=list)  # seconds per request that was answered
    refused: list[int] = field(default_factory=list)

    @property
    def here(self) -> str:
        return f"/doe-mee/{self.code}"

    def _headers(self) -> dict[str, str]:
        return SCRIPT | ({"Cookie": self.cookie} if self.cookie else {})

    async def get(self, path: str = "") -> Answer:
        async def send() -> Answer | None:
            begun = time.perf_counter()
            answer = await fetch(self.port, self.here + path, headers=self._headers())
            self.asked.append(time.perf_counter() - begun)
            return answer

        return await until_taken(send)

    async def post(self, path: str, data: dict[str, str], *, loses_link: bool = False) -> Answer:
        """Sent until it is taken. `loses_link`: the first time the answer never comes back, so it is sent again."""
        if loses_link:
            with suppress(OSError):
                await fetch(self.port, self.here + path, data=data, headers=self._headers(), hang_up=True)
            self.hang_up()
            await asyncio.sleep(random.uniform(0.5, 2))

        async def send() -> Answer | None:
            begun = time.perf_counter()
            answer = await fetch(self.port, self.here + path, data=data, headers=self._headers())
            self.asked.append(time.perf_counter() - begun)
            return answer

        answer = await until_taken(send)
        if answer.status >= 400:
            self.refused.append(answer.status)
        return answer

    async def join(self) -> None:
        await self.get()
        answer = await self.post("", {})
        self.cookie = answer.headers["cookie"]
        await self.load()

    async def load(self) -> None:
        """The page and what its script asks then; a page that is loaded again loses its stream first."""
        self.hang_up()
        await self.get()
        await self.get("/stand")
        self.listen()

    def listen(self) -> None:
        self.stream = asyncio.create_task(self._follow())

    def hang_up(self) -> None:
        if self.stream is not None:
            self.stream.cancel()
        self.stream = None

    async def _follow(self) -> None:
        """Hear of changes for as long as it lasts; then ask for another address."""
        while True:
            address = (await self.get("/stroom")).json().get("address")
            if not isinstance(address, str):
                return
            with suppress(OSError, ValueError):
                await listen(address, self._hear)
            await asyncio.sleep(random.uniform(1, 5))

    def _hear(self, _news: str) -> None:
        self.news += 1

    async def answer(self, activity: str, fields: dict[str, str], *, loses_link: bool = False) -> Answer:
        return await self.post(f"/antwoord/{activity}", fields, loses_link=loses_link)

    async def card(self, activity: str, text: str, *, loses_link: bool = False) -> Answer:
        return await self.answer(activity, {"card_id": str(uuid4()), "text": text}, loses_link=loses_link)


async def listen(
    address: str, hear: Callable[[str], object], opened: Callable[[], object] | None = None
) -> None:
    """Read a stream of server-sent events until it ends."""
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
        await writer.drain()
        if b" 200 " not in await reader.readline():
            raise ConnectionError("refused")
        while line := await reader.readline():
            if line.startswith(b"retry:") and opened is not None:
                opened()
            elif line.startswith(b"data: "):
                hear(line[6:].decode().strip())
    finally:
        writer.close()
