"""One door for all outside rows: columns checked, codes trimmed, periods read, missing told apart from secret."""

import math
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import chain, repeat
from types import NoneType
from typing import Any, TypeVar

from workbench.sources.connectors import (
    LEVELS,
    NATIONAL,
    Batch,
    Request,
    SourceChanged,
    SuspectResult,
    TableCodes,
)
from workbench.sources.connectors.cbs import area_code, fits, text
from workbench.sources.connectors.odata import Row

# The source's word beside a value -> our word for why there is no value. CBS publishes no closed list: recordings hold
# only None (there is a value) and Impossible, the others are words in use at statistical offices. Any other word
# becomes "failed" and is counted as strange, so that a person sees it.
MISSING = {
    "Impossible": "impossible",
    "Confidential": "suppressed",
    "Secret": "suppressed",
    "Suppressed": "suppressed",
    "Unreliable": "suppressed",
    "NotAvailable": "not_delivered",
    "Missing": "not_delivered",
    "Unknown": "not_delivered",
}
COLUMNS = ("Measure", "ValueAttribute", "Value")

# The same for tables with a column per measure, where the mark stands in the place of the figure. CBS's own legend:
# a point is unknown, unreliable or secret (it does not say which), nothing cannot occur.
MARKS = {".": "unknown", "": "impossible", "x": "suppressed"}
NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")
NO_FIGURE = -99998.0  # in the finances of municipalities: not delivered

VALUE = 1  # the mark of a cell with a figure in it; every reason for having none gets a number after it
OUTSIDE, UNKNOWN = (
    -1,
    -2,
)  # in the place of an area's number: not asked for; asked for, but not in the code list


@dataclass(frozen=True, slots=True)
class _Why:
    """Why a cell has no figure; `strange`: the source's word for it, when we do not know it."""

    missing: str
    strange: str | None = None


NOT_FILLED = _Why("not_delivered")
NO_REASON = _Why("unknown")


Key = TypeVar("Key")
Found = TypeVar("Found")


class _Each(dict[Key, Found]):
    """Reads every distinct key once."""

    def __init__(self, read: Callable[[Key], Found]) -> None:
        self._read = read

    def __missing__(self, key: Key) -> Found:
        self[key] = found = self._read(key)
        return found


class _Kept:
    """What was kept of one measure and period, for every area: a mark (0: nothing yet) and a value.

    `part` tells which part of a sum it is; empty for figures by themselves. `status` None: the table's own code list
    does not have this period.
    """

    __slots__ = ("marks", "measure", "part", "period", "status", "values")

    def __init__(
        self, measure: str, period: str, part: tuple[str, ...], status: str | None, areas: int
    ) -> None:
        self.measure, self.period, self.part, self.status = measure, period, part, status
        self.marks, self.values = bytearray(areas), array("d", bytes(8 * areas))


class Tidy:
    """Keeps the figures that one request asked for, each once, over all its pages.

    A page has 100,000 rows, so it works by column: each distinct code is read once, and nothing is called per row.
    To recognise a repeated figure it remembers what it kept: nine bytes for each area, measure and period.
    """

    def __init__(self, request: Request, codes: TableCodes) -> None:
        self.request, self.codes = request, codes
        self.kept = self.rejected = 0
        self._prefixes = tuple(LEVELS[level] for level in request.levels)
        self._areas = [area for area in codes.areas if area.startswith(self._prefixes)]
        self._places = _Each(self._place)
        self._places.update((area, place) for place, area in enumerate(self._areas))
        self._only_period = request.only_period
        self._filter = list(request.filter.items())
        self._kept: dict[tuple[str, str], dict[tuple[str, ...], _Kept]] = {}
        self._found = _Each(self._find)
        self._found_wide = _Each(self._find_wide)
        self._marks: dict[str | None, int] = {None: VALUE}

    def page(self, rows: Sequence[Row]) -> Batch:
        """Rows of one figure each. Raises SourceChanged when a column is gone, SuspectResult when a row returns with
        another content.
        """
        with self._columns(rows, COLUMNS):
            measures, words = _texts(rows, "Measure"), _texts(rows, "ValueAttribute")
            values, keys, places = [row["Value"] for row in rows], self._keys(rows), self._places_of(rows)
        return self._keep(
            len(rows),
            map(self._found.__getitem__, zip(measures, *keys, strict=True)),
            places,
            _numbers(values),
            map(_Each(_from_word).__getitem__, words),
        )

    def wide_page(self, rows: Sequence[Row]) -> Batch:
        """Rows with a column for each measure. Raises as `page` does."""
        columns = tuple(self.codes.columns.values())
        with self._columns(rows, columns):
            cells = [_from_mark(row[column]) for row in rows for column in columns]
            keys, places = self._keys(rows), self._places_of(rows)
        return self._keep(
            len(cells),
            chain.from_iterable(map(self._found_wide.__getitem__, zip(*keys, strict=True))),
            chain.from_iterable(map(repeat, places, repeat(len(columns)))),
            [value for value, _why in cells],
            [why for _value, why in cells],
        )

    def sums(self) -> Batch:
        """After the last page: what the summed rows add up to. One part that is missing makes the sum missing."""
        batch = Batch()
        reasons = {mark: missing for missing, mark in self._marks.items()}
        for (measure, period), parts in self._kept.items():
            for place, area in enumerate(self._areas):
                found = [kept for kept in parts.values() if kept.marks[place]]
                if found:
                    missing = _reason(reasons[kept.marks[place]] for kept in found)
                    batch.measure.append(measure)
                    batch.area.append(area)
                    batch.period.append(period)
                    batch.value.append(None if missing else math.fsum(kept.values[place] for kept in found))
                    batch.status.append(self.codes.period_status[period])
                    batch.missing.append(missing)
        return self._close(batch)

    def finish(self) -> None:
        """After the last page. Raises SuspectResult when there was nothing to keep, not one figure in it, or less than
        the table holds.
        """
        if not self.kept:
            raise SuspectResult(
                "Tabel %(table)s gaf voor onze vraag geen enkele rij.", table=self.request.table
            )
        if not any(VALUE in kept.marks for parts in self._kept.values() for kept in parts.values()):
            raise SuspectResult(
                "Tabel %(table)s gaf voor onze vraag alleen lege cellen: aangekondigd, maar nog niet gevuld.",
                table=self.request.table,
            )
        expected = (self.codes.expected or 0) * len(self.request.measures)
        if self.kept + self.rejected < expected:
            raise SuspectResult(
                "Tabel %(table)s gaf %(got)s van de %(expected)s cijfers die erin staan. De rest kwam niet aan.",
                table=self.request.table,
                got=self.kept + self.rejected,
                expected=expected,
            )

    def _keys(self, rows: Sequence[Row]) -> list[list[str]]:
        """The columns that say, beside the area, which figure a row is about."""
        periods = [self._only_period] * len(rows) if self._only_period else _texts(rows, self.request.period)
        return [periods, *(_texts(rows, dimension) for dimension, _code in self._filter)]

    def _places_of(self, rows: Sequence[Row]) -> Iterator[int]:
        codes = _texts(rows, self.request.region) if self.request.region else repeat(NATIONAL, len(rows))
        return map(self._places.__getitem__, codes)

    def _place(self, cell: str) -> int:
        """The number of an area, spelled otherwise than in the code list."""
        code = area_code(cell)
        return self._places.get(code, UNKNOWN) if code.startswith(self._prefixes) else OUTSIDE

    def _find(self, key: tuple[str, ...]) -> _Kept | None:
        """Where to keep figures of this measure, period and other dimensions; None: nobody asked for them."""
        measure, period, *others = map(text, key)
        if measure not in self.request.measures or not self.request.wants_period(period):
            return None
        if not all(fits(code, wanted) for code, (_, wanted) in zip(others, self._filter, strict=True)):
            return None
        summed = self.request.summed
        part = tuple(code for code, (name, _) in zip(others, self._filter, strict=True) if name in summed)
        parts = self._kept.setdefault((measure, period), {})
        if part not in parts:
            status = self.codes.period_status.get(period)
            parts[part] = _Kept(measure, period, part, status, len(self._areas))
        return parts[part]

    def _find_wide(self, key: tuple[str, ...]) -> list[_Kept | None]:
        """The same for each measure that has a column."""
        return [self._find((measure, *key)) for measure in self.codes.columns]

    def _keep(
        self,
        read: int,
        found: Iterable[_Kept | None],
        places: Iterable[int],
        values: Iterable[float | None],
        whys: Iterable[_Why | None],
    ) -> Batch:
        """Equally long columns. A value that is NaN is no number; where there is a reason, the value is not shown."""
        batch = Batch()
        outside = repeated = summed = 0
        strange: list[str | None] = []
        areas, marks = self._areas, self._marks
        # Bound once: a page has 100,000 rows.
        add_measure, add_area, add_period = batch.measure.append, batch.area.append, batch.period.append
        add_value, add_status, add_missing = batch.value.append, batch.status.append, batch.missing.append
        for kept, place, given, why in zip(found, places, values, whys, strict=True):
            if kept is None or place == OUTSIDE:
                outside += 1
            elif place == UNKNOWN or kept.status is None:
                batch.rejected["unknown_area" if place == UNKNOWN else "unknown_period"] += 1
            elif given is not None and given != given:  # noqa: PLR0124 - only NaN differs from itself
                batch.rejected["not_a_number"] += 1
            else:
                if why is None and given is not None:
                    value, missing, mark, number = given, None, VALUE, given
                else:
                    value, missing = None, (why or NOT_FILLED).missing
                    mark, number = marks.setdefault(missing, len(marks) + 1), 0.0
                    strange.append(why.strange if why else None)
                if not kept.marks[place]:
                    kept.marks[place], kept.values[place] = mark, number
                    if kept.part:
                        summed += 1
                    else:
                        add_measure(kept.measure)
                        add_area(areas[place])
                        add_period(kept.period)
                        add_value(value)
                        add_status(kept.status)
                        add_missing(missing)
                elif kept.marks[place] == mark and kept.values[place] == number:
                    repeated += 1
                else:
                    raise self._contradiction(kept, areas[place])
        batch.strange.update(filter(None, strange))
        return self._close(replace(batch, read=read, outside=outside, repeated=repeated, summed=summed))

    def _contradiction(self, kept: _Kept, area: str) -> SuspectResult:
        return SuspectResult(
            "Tabel %(table)s geeft twee verschillende cijfers voor %(measure)s, gebied %(area)s, periode %(period)s.",
            table=self.request.table,
            measure=kept.measure,
            area=area,
            period=kept.period,
        )

    def _close(self, batch: Batch) -> Batch:
        self.kept += len(batch) + batch.summed
        self.rejected += batch.rejected.total()
        return batch

    @contextmanager
    def _columns(self, rows: Sequence[Row], names: Iterable[str]) -> Iterator[None]:
        """Inside, these columns and those of the dimensions are read."""
        try:
            yield
        except KeyError as error:
            columns = {*names, *self.request.dimensions}
            row = next(row for row in rows if not columns <= row.keys())
            raise SourceChanged(
                "Tabel %(table)s heeft geen kolom %(missing)s. Wel: %(found)s.",
                table=self.request.table,
                missing=", ".join(sorted(columns - row.keys())),
                found=", ".join(sorted(row)),
            ) from error


def _texts(rows: Sequence[Row], column: str) -> list[str]:
    """The cells of a column of codes or words, not yet trimmed."""
    cells = [row[column] for row in rows]
    return cells if set(map(type, cells)) <= {str} else [text(cell) for cell in cells]


def _numbers(cells: list[Any]) -> list[float | None]:
    """Each cell as a number; an empty one stays None; one that is no number is NaN."""
    if set(map(type, cells)) <= {float, int, NoneType}:
        # What overflows takes the slow road, like everything that is no number.
        with suppress(OverflowError):
            if all(map(math.isfinite, filter(None, cells))):
                return [None if cell is None else float(cell) for cell in cells]
    return [None if cell is None else float(cell) if _is_number(cell) else math.nan for cell in cells]


def _reason(parts: Iterable[str | None]) -> str | None:
    """Why a sum is missing; None: it is there. What cannot occur adds nothing."""
    found = set(parts)
    if found == {"impossible"}:
        return "impossible"
    return next((missing for missing in sorted(found - {None, "impossible"}, key=str)), None)


def _from_word(cell: str) -> _Why | None:
    """What the word beside a value says; None: nothing, the value counts. What is marked secret is not shown."""
    word = text(cell)
    if word in {"None", ""}:
        return None
    return _Why(MISSING[word]) if word in MISSING else _Why("failed", word)


def _from_mark(cell: Any) -> tuple[float | None, _Why | None]:
    """A figure, or the mark in its place. A typed column has only null: the reason is lost."""
    if cell is None:
        return None, NO_REASON
    if isinstance(cell, str):
        mark = cell.strip()
        if mark in MARKS:
            return None, _Why(MARKS[mark])
        if not NUMBER.fullmatch(mark):
            return None, _Why("failed", mark)
        value = float(mark)
    else:
        value = float(cell) if _is_number(cell) else math.nan
    return (None, NOT_FILLED) if value == NO_FIGURE else (value, None)


def _is_number(cell: object) -> bool:
    """Finite and small enough to keep; JSON readers also accept NaN and integers of any length."""
    try:
        return isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell)
    except OverflowError:
        return False
