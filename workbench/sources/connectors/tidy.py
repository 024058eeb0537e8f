"""One door for all outside rows: columns checked, codes trimmed, periods read, missing told apart from secret."""

import math
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

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
Content = tuple[float | None, str | None]  # value, why missing


@dataclass
class _Kept:
    """What was kept of one measure and period, for every area: a mark (0: nothing yet) and a value."""

    areas: int
    marks: bytearray = field(init=False)
    values: "array[float]" = field(init=False)

    def __post_init__(self) -> None:
        self.marks, self.values = bytearray(self.areas), array("d", bytes(8 * self.areas))


class Tidy:
    """Keeps the figures that one request asked for, each once, over all its pages.

    To recognise a repeated one it remembers what it kept: nine bytes for each area, measure and period.
    """

    def __init__(self, request: Request, codes: TableCodes) -> None:
        self.request, self.codes = request, codes
        self.kept = self.rejected = 0
        self._prefixes = tuple(LEVELS[level] for level in request.levels)
        self._known_periods = {code for code in codes.period_status if request.wants_period(code)}
        self._places = {
            area: place
            for place, area in enumerate(area for area in codes.areas if area.startswith(self._prefixes))
        }
        # Read once: a page has 100,000 rows.
        self._only_period, self._summed = request.only_period, request.summed
        self._exact = [(name, code) for name, code in request.filter.items() if name not in self._summed]
        self._kept: dict[tuple[str, str], dict[tuple[str, ...], _Kept]] = {}
        self._marks: dict[str | None, int] = {None: VALUE}

    def page(self, rows: Sequence[Row]) -> Batch:
        """Rows of one figure each. Raises SourceChanged when a column is gone, SuspectResult when a row returns with
        another content.
        """
        batch, counts = Batch(read=len(rows)), Counter[str]()
        columns = {*COLUMNS, *self.request.dimensions}
        for row in rows:
            self._check_columns(row, columns)
            measure, area, period = text(row["Measure"]), self._area(row), self._period(row)
            if measure not in self.request.measures or not self._asked(row, area, period):
                counts["outside"] += 1
            elif reason := self._objection(area, period):
                batch.rejected[reason] += 1
            elif row["Value"] is not None and not _is_number(row["Value"]):
                batch.rejected["not_a_number"] += 1
            else:
                self._keep(batch, counts, (measure, area, period), row, _from_word(row, batch.strange))
        return self._close(batch, counts)

    def wide_page(self, rows: Sequence[Row]) -> Batch:
        """Rows with a column for each measure. Raises as `page` does."""
        batch, counts = Batch(read=len(rows) * len(self.codes.columns)), Counter[str]()
        columns = {*self.codes.columns.values(), *self.request.dimensions}
        for row in rows:
            self._check_columns(row, columns)
            area, period = self._area(row), self._period(row)
            if not self._asked(row, area, period):
                counts["outside"] += len(self.codes.columns)
            elif reason := self._objection(area, period):
                batch.rejected[reason] += len(self.codes.columns)
            else:
                for measure, column in self.codes.columns.items():
                    cell = row[column]
                    if isinstance(cell, str) or cell is None or _is_number(cell):
                        content = _from_mark(cell, batch.strange)
                        self._keep(batch, counts, (measure, area, period), row, content)
                    else:
                        batch.rejected["not_a_number"] += 1
        return self._close(batch, counts)

    def sums(self) -> Batch:
        """After the last page: what the summed rows add up to. One part that is missing makes the sum missing."""
        batch = Batch()
        reasons = {mark: missing for missing, mark in self._marks.items()}
        for (measure, period), parts in self._kept.items():
            for area, place in self._places.items():
                found = [kept for kept in parts.values() if kept.marks[place]]
                if found:
                    missing = _reason(reasons[kept.marks[place]] for kept in found)
                    value = None if missing else math.fsum(kept.values[place] for kept in found)
                    self._add(batch, (measure, area, period), value, missing)
        return batch

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

    def _area(self, row: Row) -> str:
        return area_code(row[self.request.region]) if self.request.region else NATIONAL

    def _period(self, row: Row) -> str:
        return self._only_period or text(row[self.request.period])

    def _asked(self, row: Row, area: str, period: str) -> bool:
        for dimension, code in self._exact:
            if text(row[dimension]) != code:
                return False
        return (
            area.startswith(self._prefixes)
            and (period in self._known_periods or self.request.wants_period(period))
            and all(fits(text(row[dimension]), self.request.filter[dimension]) for dimension in self._summed)
        )

    def _objection(self, area: str, period: str) -> str | None:
        """Why a row that was asked for cannot be used; None when it can."""
        if area not in self._places:
            return "unknown_area"
        return None if period in self.codes.period_status else "unknown_period"

    def _keep(
        self, batch: Batch, counts: Counter[str], key: tuple[str, str, str], row: Row, content: Content
    ) -> None:
        measure, area, period = key
        value, missing = content
        # Which part of a sum a row is; empty for a figure by itself.
        part = tuple([text(row[dimension]) for dimension in self._summed]) if self._summed else ()
        parts = self._kept.get((measure, period))
        if parts is None:
            parts = self._kept[measure, period] = {}
        kept = parts.get(part)
        if kept is None:
            kept = parts[part] = _Kept(len(self._places))
        mark = self._marks.get(missing)
        if mark is None:
            mark = self._marks[missing] = len(self._marks) + 1
        place, number = self._places[area], value or 0.0
        if not kept.marks[place]:
            kept.marks[place], kept.values[place] = mark, number
            if part:
                counts["summed"] += 1
            else:
                self._add(batch, key, value, missing)
        elif kept.marks[place] == mark and kept.values[place] == number:
            counts["repeated"] += 1
        else:
            raise SuspectResult(
                "Tabel %(table)s geeft twee verschillende cijfers voor %(measure)s, gebied %(area)s, periode %(period)s.",
                table=self.request.table,
                measure=measure,
                area=area,
                period=period,
            )

    def _add(self, batch: Batch, key: tuple[str, str, str], value: float | None, missing: str | None) -> None:
        measure, area, period = key
        batch.measure.append(measure)
        batch.area.append(area)
        batch.period.append(period)
        batch.value.append(value)
        batch.status.append(self.codes.period_status[period])
        batch.missing.append(missing)

    def _close(self, batch: Batch, counts: Counter[str]) -> Batch:
        self.kept += len(batch) + counts["summed"]
        self.rejected += batch.rejected.total()
        return replace(batch, outside=counts["outside"], repeated=counts["repeated"], summed=counts["summed"])

    def _check_columns(self, row: Row, columns: set[str]) -> None:
        if not columns <= row.keys():
            raise SourceChanged(
                "Tabel %(table)s heeft geen kolom %(missing)s. Wel: %(found)s.",
                table=self.request.table,
                missing=", ".join(sorted(columns - row.keys())),
                found=", ".join(sorted(row)),
            )


def _reason(parts: Iterable[str | None]) -> str | None:
    """Why a sum is missing; None: it is there. What cannot occur adds nothing."""
    found = set(parts)
    if found == {"impossible"}:
        return "impossible"
    return next((missing for missing in sorted(found - {None, "impossible"}, key=str)), None)


def _from_word(row: Row, strange: Counter[str]) -> Content:
    """A word beside the value wins: what is marked secret is not shown, number or not."""
    word = text(row["ValueAttribute"])
    if word in {"None", ""}:
        # No word and no number: the cell was not filled.
        return (None, "not_delivered") if row["Value"] is None else (float(row["Value"]), None)
    if word not in MISSING:
        strange[word] += 1
    return None, MISSING.get(word, "failed")


def _from_mark(cell: str | float | None, strange: Counter[str]) -> Content:
    """A figure, or the mark in its place. A typed column has only null: the reason is lost."""
    if cell is None:
        return None, "unknown"
    if isinstance(cell, str):
        mark = cell.strip()
        if mark in MARKS:
            return None, MARKS[mark]
        if not NUMBER.fullmatch(mark):
            strange[mark] += 1
            return None, "failed"
        cell = mark
    value = float(cell)
    return (None, "not_delivered") if value == NO_FIGURE else (value, None)


def _is_number(cell: object) -> bool:
    """Finite and small enough to keep; JSON readers also accept NaN and integers of any length."""
    try:
        return isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell)
    except OverflowError:
        return False
