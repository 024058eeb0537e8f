"""OData version 4: lists that come in pages. See the OData JSON format 4.01, sections 4.6.5 and 13."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from workbench.sources.connectors import SourceChanged
from workbench.sources.connectors.http import Conversation

Row = Mapping[str, Any]


def quoted(text: str) -> str:
    """A string in a $filter: in single quotes, a quote inside doubled."""
    return "'" + text.replace("'", "''") + "'"


def any_of(conditions: list[str]) -> str:
    return conditions[0] if len(conditions) == 1 else f"({' or '.join(conditions)})"


def pages(talk: Conversation, url: str, options: Mapping[str, str] | None = None) -> Iterator[list[Row]]:
    """The rows at this address, a page at a time. A next link is followed untouched, and only to the same host."""
    answer = talk.get(url, options)
    followed = set()
    while True:
        yield _rows(talk, answer)
        link = answer.get("@odata.nextLink")
        if link is None:
            return
        if not isinstance(link, str) or _origin(link) != _origin(talk.settings.base_url):
            raise SourceChanged(
                "%(source)s verwijst voor de volgende bladzijde naar een ander adres. Dat volgen we niet.",
                source=talk.source,
            )
        if link in followed:
            raise SourceChanged("%(source)s stuurt steeds dezelfde bladzijde.", source=talk.source)
        followed.add(link)
        talk.sleep(talk.settings.page_pause)
        answer = talk.get(link)


def _rows(talk: Conversation, answer: Mapping[str, Any]) -> list[Row]:
    rows = answer.get("value")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SourceChanged(
            "Het antwoord van %(source)s heeft een andere vorm dan we kennen.", source=talk.source
        )
    return rows


def _origin(url: str) -> tuple[str, str | None, int | None] | None:
    """Scheme, host and port; None for an address that cannot be read."""
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return None
