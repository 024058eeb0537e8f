"""Asking an outside server politely: one connection, time limits, a few tries with growing pauses, bounded answers."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from ssl import SSLContext
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlsplit

import httpx
from pydantic import BaseModel, ConfigDict, Field, field_validator
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from workbench.sources.connectors import SourceChanged, SourceUnavailable

TRIES = 4
# Longer than this we do not keep a worker waiting: the caller comes back after `retry_after`.
LONGEST_PAUSE = 60.0
ANY_IPV4 = "0.0.0.0"  # noqa: S104 - where we send from, not where we listen
UNQUOTED = "'(),"  # OData's own marks stay readable in addresses and logs.
GROWING = wait_exponential_jitter(initial=1, max=LONGEST_PAUSE, jitter=1)


class HttpSettings(BaseModel):
    """Where a source is and how gently to ask. Times in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str
    user_agent: str = "Monitorwerkbank"
    connect_seconds: float = Field(default=10, gt=0)
    read_seconds: float = Field(default=60, gt=0)
    total_seconds: float = Field(default=1800, gt=0)
    page_pause: float = Field(default=0, ge=0)
    max_page_bytes: int = Field(default=200_000_000, gt=0)
    force_ipv4: bool = False

    @field_validator("base_url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("an address begins with http:// or https:// and has no ? or #")
        return value.rstrip("/")


class NotFound(SourceChanged):
    """The server answers 404."""


class Conversation:
    """Requests to one source, one after another, within `total_seconds`. A context manager.

    `headers` go with every request and nowhere else: a redirect is not followed.
    """

    def __init__(
        self,
        settings: HttpSettings,
        source: str,
        sleep: Callable[[float], None] = time.sleep,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.settings, self.source, self.sleep = settings, source, sleep
        self._ends_at = time.monotonic() + settings.total_seconds
        self._client = httpx.Client(
            headers={
                "User-Agent": settings.user_agent,
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
                **(headers or {}),
            },
            timeout=httpx.Timeout(settings.read_seconds, connect=settings.connect_seconds),
            limits=httpx.Limits(max_connections=1),
            verify=_trusted(),
            transport=httpx.HTTPTransport(verify=_trusted(), local_address=ANY_IPV4)
            if settings.force_ipv4
            else None,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def get(self, url: str, options: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The JSON object at this address. `options` become the query, spelled as OData services expect it."""
        query = "&".join(f"{name}={quote(value, safe=UNQUOTED)}" for name, value in (options or {}).items())
        address = f"{url}?{query}" if query else url
        answer: dict[str, Any] = Retrying(
            retry=retry_if_exception(_worth_another_try),
            stop=lambda state: stop_after_attempt(TRIES)(state) or time.monotonic() > self._ends_at,
            wait=_pause,
            sleep=self.sleep,
            reraise=True,
        )(self._get_once, address)
        return answer

    def _get_once(self, address: str) -> dict[str, Any]:
        try:
            with self._client.stream("GET", address) as response:
                self._judge(response)
                body = self._body(response)
        except httpx.TimeoutException as error:
            raise SourceUnavailable("%(source)s antwoordt te langzaam.", source=self.source) from error
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise SourceUnavailable(
                "De verbinding met %(source)s lukt niet of brak af.", source=self.source
            ) from error
        try:
            answer = json.loads(body)
        except ValueError as error:
            raise SourceUnavailable(
                "Het antwoord van %(source)s is onvolledig of onleesbaar.", source=self.source
            ) from error
        if not isinstance(answer, dict):
            raise SourceChanged(
                "Het antwoord van %(source)s heeft een andere vorm dan we kennen.", source=self.source
            )
        return answer

    def _judge(self, response: httpx.Response) -> None:
        status = response.status_code
        if status == 429 or status >= 500:
            raise SourceUnavailable(
                "%(source)s is overbelast of heeft een storing (code %(status)s).",
                retry_after=_seconds(response.headers.get("Retry-After")),
                source=self.source,
                status=status,
            )
        if status == 404:
            raise NotFound(
                "%(source)s kent dit adres niet. Controleer het adres van de bron.", source=self.source
            )
        if status != 200:
            raise SourceChanged(
                "%(source)s weigert onze vraag (code %(status)s). Controleer de instellingen van de bron.",
                source=self.source,
                status=status,
            )

    def _body(self, response: httpx.Response) -> bytearray:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > self.settings.max_page_bytes:
                raise SourceChanged(
                    "Het antwoord van %(source)s is veel groter dan we verwachten. Vraag om minder gegevens.",
                    source=self.source,
                )
            if time.monotonic() > self._ends_at:
                raise SourceUnavailable("%(source)s antwoordt te langzaam.", source=self.source)
        return body


@cache
def _trusted() -> SSLContext:
    """The certificates we trust. Reading them takes 20 ms: once a process."""
    return httpx.create_ssl_context()


def _worth_another_try(error: BaseException) -> bool:
    return isinstance(error, SourceUnavailable) and (error.retry_after or 0) <= LONGEST_PAUSE


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, SourceUnavailable) else None
    return max(GROWING(state), asked or 0)


def _seconds(retry_after: str | None) -> float | None:
    """The header Retry-After, in seconds or as a moment; None when absent or unreadable."""
    if retry_after is None:
        return None
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
