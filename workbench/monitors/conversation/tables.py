"""The table of a stored figure, read back from its HTML. Pure."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

NUMERIC = "numeric-column"


@dataclass(frozen=True)
class Table:
    """What stood in the table of a figure, as texts.

    The first column names the period, the second has our own figure; of three or more columns the last says how sure
    it is, and between them stands the comparison.
    """

    caption: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    numeric: tuple[bool, ...] = field(default=(), compare=False)

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Table":
        """From JSON."""
        return cls(
            kept["caption"],
            tuple(kept["columns"]),
            tuple(tuple(row) for row in kept["rows"]),
            tuple(kept["numeric"]),
        )

    def as_json(self) -> dict[str, Any]:
        """What `of` reads back, in the types of JSON."""
        return {
            "caption": self.caption,
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
            "numeric": list(self.numeric),
        }

    @property
    def periods(self) -> list[str]:
        return [row[0] for row in self.rows if row]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.caption = ""
        self.columns: list[str] = []
        self.numeric: list[bool] = []
        self.rows: list[list[str]] = []
        self._texts: list[str] | None = None
        self._in_head = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("thead", "tbody"):
            self._in_head = tag == "thead"
        elif tag == "tr" and not self._in_head:
            self.rows.append([])
        elif tag in ("caption", "th", "td"):
            self._texts = []
            if self._in_head:
                self.numeric.append(NUMERIC in (dict(attrs).get("class") or ""))

    def handle_endtag(self, tag: str) -> None:
        if self._texts is None or tag not in ("caption", "th", "td"):
            return
        text = " ".join("".join(self._texts).split())
        if tag == "caption":
            self.caption = text
        elif self._in_head:
            self.columns.append(text)
        elif self.rows:
            self.rows[-1].append(text)
        self._texts = None

    def handle_data(self, data: str) -> None:
        if self._texts is not None:
            self._texts.append(data)


def read(html: str) -> Table | None:
    """The first table in this HTML; None where there is none."""
    reader = _Reader()
    reader.feed(html)
    if not reader.columns:
        return None
    return Table(
        reader.caption,
        tuple(reader.columns),
        tuple(tuple(row) for row in reader.rows if row),
        tuple(reader.numeric),
    )
