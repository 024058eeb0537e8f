"""How long a browser needs for the monitor, beside the same content from static files."""

import functools
import gzip
import http.server
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import BrowserContext, sync_playwright

ROUNDS = 5
TALL = {"width": 1280, "height": 14_000}  # all eight figures in view at once


def measure_drawing(address: str, client: httpx.Client, monitor: str, charts: list[str]) -> list[str]:
    chromium = shutil.which("chromium")
    if chromium is None:
        return ["no Chromium found: not measured"]
    with sync_playwright() as playwright, _static_copy(address, client, monitor, charts) as copy:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        live = _times(browser.new_context(viewport=TALL), address + monitor, _cookies(address, client))
        still = _times(browser.new_context(viewport=TALL), copy, [])
        browser.close()
    names = ("are readable (sentence, table, SVG)", "are drawn by Bokeh")
    return [
        f"{name}: {a * 1000:.0f} ms; from static files {b * 1000:.0f} ms; ratio {a / b:.2f}"
        for name, a, b in zip(names, live, still, strict=True)
    ]


def _cookies(address: str, client: httpx.Client) -> list[dict[str, str]]:
    return [
        {"name": cookie.name, "value": str(cookie.value), "url": address} for cookie in client.cookies.jar
    ]


def _times(context: BrowserContext, address: str, cookies: list[dict[str, str]]) -> tuple[float, float]:
    """Median seconds until the eight figures are readable, and until they are drawn; caches empty each time."""
    readable, drawn = [], []
    context.add_cookies(cookies)  # type: ignore[arg-type]
    for _ in range(ROUNDS):
        page = context.new_page()
        context.clear_permissions()
        page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        begun = time.perf_counter()
        page.goto(address, wait_until="domcontentloaded")
        assert page.locator("figure[data-figure] svg").count() >= 8
        readable.append(time.perf_counter() - begun)
        page.locator("figure[data-drawn=true]").nth(7).wait_for(state="attached")
        drawn.append(time.perf_counter() - begun)
        page.close()
    return median(readable), median(drawn)


@contextmanager
def _static_copy(address: str, client: httpx.Client, monitor: str, charts: list[str]) -> Iterator[str]:
    """The same page, figure documents and files, gzipped beforehand and served from a folder."""
    html = client.get(monitor).text
    assets = {part.split('"')[0] for part in html.split('"') if part.startswith("/static/")}
    with tempfile.TemporaryDirectory(prefix="workbench-static-") as folder:
        for path in {*assets, *charts, monitor}:
            target = Path(folder) / (urlsplit(path).path.lstrip("/"))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.with_name(target.name + "._").write_bytes(gzip.compress(client.get(path).content, 9))
            target.with_name(target.name + "._type").write_text(client.get(path).headers["content-type"])
        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(_Gzipped, directory=folder)
        )
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{monitor}"
        finally:
            server.shutdown()
            server.server_close()


class _Gzipped(http.server.SimpleHTTPRequestHandler):
    """Sends the gzipped twin of a file."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        file = Path(self.directory) / (urlsplit(self.path).path.lstrip("/") + "._")
        if not file.is_file():
            self.send_error(404)
            return
        body = file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", file.with_name(file.name + "type").read_text())
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_facts: object) -> None:
        """Quiet."""
