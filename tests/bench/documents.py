"""How many documents of figures a second: all connections from one thread, so that the generator takes little itself."""

import selectors
import socket
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

SECONDS, ROUNDS = 3, 3


@dataclass(frozen=True)
class Speed:
    per_second: float
    generator: float  # share of one core


def measure_documents(client: httpx.Client, address: str, path: str) -> list[str]:
    """Through the door and, by a question that the door leaves to Flask, without it; the best of a few rounds."""
    host, _, port = urlsplit(address).netloc.partition(":")
    lines = []
    for name, asked in (("figure document", path), ("the same, from Flask", f"{path}&flask=1")):
        request = client.build_request("GET", asked, headers={"Host": f"{host}:{port}"})
        head = "".join(f"{key}: {value}\r\n" for key, value in request.headers.items())
        sent = f"GET {asked} HTTP/1.1\r\n{head}\r\n".encode()
        for users in (1, 8):
            best = max(
                (_ask(host, int(port), sent, users) for _ in range(ROUNDS)), key=lambda it: it.per_second
            )
            lines.append(
                f"{name}, {users} at once: {best.per_second:,.0f} requests/s, generator CPU {best.generator:.0%}"
            )
    return lines


def _ask(host: str, port: int, request: bytes, users: int) -> Speed:
    """Ask again and again for some seconds; the server ends each connection after its answer."""
    answered = 0
    with selectors.DefaultSelector() as open_:
        for _ in range(users):
            _connect(open_, host, port)
        begun, spent = time.perf_counter(), time.process_time()
        while time.perf_counter() < begun + SECONDS:
            for key, events in open_.select(SECONDS):
                connection: socket.socket = key.fileobj  # type: ignore[assignment]
                if events & selectors.EVENT_WRITE:
                    connection.sendall(request)
                    open_.modify(connection, selectors.EVENT_READ, key.data)
                elif part := connection.recv(262_144):
                    key.data.extend(part)
                else:
                    assert key.data.startswith(b"HTTP/1.1 200"), bytes(key.data[:80])
                    answered += 1
                    open_.unregister(connection)
                    connection.close()
                    _connect(open_, host, port)
        wall, cpu = time.perf_counter() - begun, time.process_time() - spent
        for key in list(open_.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
    return Speed(answered / wall, cpu / wall)


def _connect(open_: selectors.BaseSelector, host: str, port: int) -> None:
    connection = socket.socket()
    connection.setblocking(False)
    connection.connect_ex((host, port))
    open_.register(connection, selectors.EVENT_WRITE, bytearray())
