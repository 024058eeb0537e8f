"""What formats of several councils have in common and where they differ. Pure; never about figures, only about what was
chosen to look at.

Everything that is named alike is one thing: a value by its card in the library or else its name, a figure by its place in
the catalogue or else its name.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

LEAST, MOST = 2, 6


@dataclass(frozen=True)
class Thing:
    """A value or a figure; `slug`: its card in the library, its place in the catalogue; `goals`: whole sentences."""

    name: str
    slug: str | None
    goals: tuple[str, ...]


@dataclass(frozen=True)
class Format:
    """One template, as far as it is compared."""

    values: tuple[Thing, ...]
    figures: tuple[Thing, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One thing, and for every format how it stands there; None where it does not."""

    name: str
    cells: tuple[Thing | None, ...]

    @property
    def where(self) -> tuple[int, ...]:
        return tuple(number for number, cell in enumerate(self.cells) if cell)

    @property
    def is_shared(self) -> bool:
        return len(self.where) > 1

    @property
    def is_everywhere(self) -> bool:
        return all(self.cells)


@dataclass(frozen=True)
class Common:
    values: tuple[Row, ...]
    figures: tuple[Row, ...]
    questions: tuple[tuple[str, ...], ...]

    @property
    def shared_values(self) -> list[Row]:
        return [row for row in self.values if row.is_shared]

    @property
    def shared_figures(self) -> list[Row]:
        return [row for row in self.figures if row.is_shared]

    def only_values(self, number: int) -> list[str]:
        return [row.name for row in self.values if row.where == (number,)]

    def only_figures(self, number: int) -> list[str]:
        return [row.name for row in self.figures if row.where == (number,)]


def compare(formats: Sequence[Format]) -> Common:
    """Raises: ValueError unless there are two to six."""
    if not LEAST <= len(formats) <= MOST:
        raise ValueError("two to six formats are compared")
    return Common(
        values=_rows([item.values for item in formats]),
        figures=_rows([item.figures for item in formats]),
        questions=tuple(item.questions for item in formats),
    )


def _plain(name: str) -> str:
    return " ".join(name.casefold().split()).rstrip(".")


def _rows(columns: list[tuple[Thing, ...]]) -> tuple[Row, ...]:
    """What most have stands first, then by name."""
    found: dict[tuple[bool, str], list[Thing | None]] = {}
    for number, column in enumerate(columns):
        for item in column:
            key = (True, item.slug) if item.slug else (False, _plain(item.name))
            cells = found.setdefault(key, [None] * len(columns))
            before = cells[number]
            if before:  # named twice in one format: the goals of both
                goals = tuple(dict.fromkeys((*before.goals, *item.goals)))
                cells[number] = replace(before, goals=goals)
            else:
                cells[number] = item
    rows = [Row(next(cell.name for cell in cells if cell), tuple(cells)) for cells in found.values()]
    return tuple(sorted(rows, key=lambda row: (-len(row.where), _plain(row.name), row.where)))
