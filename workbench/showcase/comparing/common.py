"""What formats of several councils have in common and where they differ. Pure; never about figures, only about what was
chosen to look at.

Everything that is named alike is one thing: a value by its card in the library or else its name, a figure by its place in
the catalogue or else its name.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

LEAST, MOST = 2, 6


@dataclass(frozen=True)
class Value:
    name: str
    library_slug: str | None
    goals: tuple[str, ...]  # whole sentences


@dataclass(frozen=True)
class Figure:
    name: str
    indicator: str | None
    goals: tuple[str, ...]


@dataclass(frozen=True)
class Format:
    """One template, as far as it is compared."""

    values: tuple[Value, ...]
    figures: tuple[Figure, ...]
    questions: tuple[str, ...]


Item = TypeVar("Item", Value, Figure)


@dataclass(frozen=True)
class Row(Generic[Item]):
    """One thing, and for every format how it stands there; None where it does not."""

    name: str
    cells: tuple[Item | None, ...]

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
    values: tuple[Row[Value], ...]
    figures: tuple[Row[Figure], ...]
    questions: tuple[tuple[str, ...], ...]

    @property
    def shared_values(self) -> list[Row[Value]]:
        return [row for row in self.values if row.is_shared]

    @property
    def shared_figures(self) -> list[Row[Figure]]:
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
        values=_rows([item.values for item in formats], lambda value: value.library_slug),
        figures=_rows([item.figures for item in formats], lambda figure: figure.indicator),
        questions=tuple(item.questions for item in formats),
    )


def _plain(name: str) -> str:
    return " ".join(name.casefold().split()).rstrip(".")


def _rows(columns: list[tuple[Item, ...]], slug: Callable[[Item], str | None]) -> tuple[Row[Item], ...]:
    """What most have stands first, then by name."""
    found: dict[Hashable, list[Item | None]] = {}
    for number, column in enumerate(columns):
        for item in column:
            cells = found.setdefault(
                (slug(item),) if slug(item) else _plain(item.name), [None] * len(columns)
            )
            cells[number] = _joined(cells[number], item)
    rows = [Row(_name(cells), tuple(cells)) for cells in found.values()]
    return tuple(sorted(rows, key=lambda row: (-len(row.where), _plain(row.name), row.where)))


def _name(cells: Iterable[Item | None]) -> str:
    return next(cell.name for cell in cells if cell)


def _joined(before: Item | None, item: Item) -> Item:
    """Named twice in one format: the goals of both."""
    if before is None:
        return item
    own = tuple(dict.fromkeys((*before.goals, *item.goals)))
    return type(item)(
        before.name, *([item.library_slug] if isinstance(item, Value) else [item.indicator]), own
    )
