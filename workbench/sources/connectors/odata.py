"""OData: lists that come in pages. See the JSON format of version 4.01, sections 4.6.5 and 13, and of version 3, section 4."""

from collections.abc import Callable, Iterator, Mapping
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


def same_origin(base_url: str, _url: str, link: str) -> str | None:
    """The next link, untouched, when it stays at the source."""
    return link if _origin(link) == _origin(base_url) else None


def same_path(base_url: str, url: str, link: str) -> str | None:
    """The next link, brought to the source we asked: behind a front, CBS names the server inside that answered.

    Only when its path is the one we asked.
    """
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    if parts.path.casefold() != urlsplit(url).path.casefold():
        return None
    base = urlsplit(base_url)
    return parts._replace(scheme=base.scheme, netloc=base.netloc).geturl()


def pages(
    talk: Conversation,
    url: str,
    options: Mapping[str, str] | None = None,
    *,
    link_name: str = "@odata.nextLink",
    follow: Callable[[str, str, str], str | None] = same_origin,
) -> Iterator[list[Row]]:
    """The rows at this address, a page at a time. `follow` makes of a next link what to ask; None: do not go there.

    A page is emptied before the next is asked: two of them in memory are one too many.
    """
    answer = talk.get(url, options)
    followed = set()
    while True:
        rows = _rows(talk, answer)
        yield rows
        rows.clear()
        link = answer.get(link_name)
        if link is None:
            return
        following = follow(talk.settings.base_url, url, link) if isinstance(link, str) else None
        if following is None:
            raise SourceChanged(
                "%(source)s verwijst voor de volgende bladzijde naar een ander adres. Dat volgen we niet.",
                source=talk.source,
            )
        if following in followed:
            raise SourceChanged("%(source)s stuurt steeds dezelfde bladzijde.", source=talk.source)
        followed.add(following)
        talk.sleep(talk.settings.page_pause)
        answer = talk.get(following)


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
