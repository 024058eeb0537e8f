"""What the page of a revealed round is made of: sentences, and drawings with the table that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from workbench.rounds import pictures
from workbench.rounds.models import Option
from workbench.rounds.words.speech import _, number


@dataclass(frozen=True)
class Row:
    """One small drawing; its name stands above it."""

    name: str
    text: str
    svg: Markup


@dataclass(frozen=True)
class Picture:
    """Drawings with the table that says the same."""

    rows: list[Row]
    table: dict[str, Any]
    key: str = ""  # how to read the drawings
    ends: tuple[str, str] | None = None  # the names of the two ends under a line


def row(name: str, text: str, svg: str) -> Row:
    return Row(name, text, Markup(svg))  # noqa: S704 - pictures.py writes numbers only


def table(caption: str, columns: list[str], rows: list[list[str]], *, numeric: bool = True) -> dict[str, Any]:
    return {
        "caption": caption,
        "columns": columns,
        "rows": rows,
        "numeric": list(range(1, len(columns))) if numeric else [],
    }


def stacked(
    columns: list[str],
    options: Sequence[Option],
    counts: dict[str, dict[str, Any]],
    *,
    caption: str,
    kinds: dict[str, str],
    more: Sequence[str] = (),
) -> Picture:
    """Per option a divided bar and a row of numbers. `kinds`: key of a count -> its name; `more`: a last column."""
    given = {option.key: [counts[option.key][kind] for kind in kinds] for option in options}
    rows = [[option.label, *map(number, given[option.key])] for option in options]
    if more:
        rows = [[*cells, last] for cells, last in zip(rows, more, strict=True)]
    first, *last_names = columns
    return Picture(
        [row(option.label, "", pictures.stack(given[option.key])) for option in options],
        table(caption, [first, *kinds.values(), *last_names], rows),
        _("Van links naar rechts: %(names)s", names=" · ".join(kinds.values())),
    )
