"""One door for all outside rows: columns checked, codes trimmed, periods read, missing told apart from secret."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from workbench.sources.connectors import (
    LEVELS,
    NATIONAL,
    Batch,
    Request,
    SourceChanged,
    SuspectResult,
    TableCodes,
)
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


class Tidy:
    """Keeps the rows that one request asked for, each once, over all its pages.

    To recognise a repeated row it remembers the kept ones: some 300 bytes each.
    """

    def __init__(self, request: Request, codes: TableCodes) -> None:
        self.request, self.codes = request, codes
        self._prefixes = tuple(LEVELS[level] for level in request.levels)
        self._known_periods = {code for code in codes.period_status if request.wants_period(code)}
        dimensions = [request.period, *request.filter, *([request.region] if request.region else [])]
        self._columns = {*COLUMNS, *dimensions}
        self._kept: dict[tuple[str, str, str], tuple[float | None, str | None]] = {}

    def page(self, rows: Sequence[Row]) -> Batch:
        """Raises SourceChanged when a column is gone, SuspectResult when a row returns with another content."""
        batch, counts = Batch(read=len(rows)), Counter[str]()
        for row in rows:
            self._check_columns(row)
            key = self._key(row)
            if not self._asked(row, key):
                counts["outside"] += 1
            elif reason := self._objection(row, key):
                batch.rejected[reason] += 1
            else:
                value, missing = self._content(row, batch.strange)
                if key in self._kept:
                    self._check_same(key, (value, missing))
                    counts["repeated"] += 1
                    continue
                self._kept[key] = value, missing
                measure, area, period = key
                batch.measure.append(measure)
                batch.area.append(area)
                batch.period.append(period)
                batch.value.append(value)
                batch.status.append(self.codes.period_status[period])
                batch.missing.append(missing)
        return replace(batch, outside=counts["outside"], repeated=counts["repeated"])

    def finish(self) -> None:
        """After the last page. Raises SuspectResult when there was nothing to keep, or not one figure in it."""
        if not self._kept:
            raise SuspectResult(
                "Tabel %(table)s gaf voor onze vraag geen enkele rij.", table=self.request.table
            )
        if all(value is None for value, _missing in self._kept.values()):
            raise SuspectResult(
                "Tabel %(table)s gaf voor onze vraag alleen lege cellen: aangekondigd, maar nog niet gevuld.",
                table=self.request.table,
            )

    def _key(self, row: Row) -> tuple[str, str, str]:
        """(measure, area, period), trimmed: older tables pad their codes."""
        area = _text(row[self.request.region]) if self.request.region else NATIONAL
        return _text(row["Measure"]), area, _text(row[self.request.period])

    def _asked(self, row: Row, key: tuple[str, str, str]) -> bool:
        measure, area, period = key
        return (
            measure in self.request.measures
            and area.startswith(self._prefixes)
            and (period in self._known_periods or self.request.wants_period(period))
            and all(_text(row[dimension]) == code for dimension, code in self.request.filter.items())
        )

    def _objection(self, row: Row, key: tuple[str, str, str]) -> str | None:
        """Why a row that was asked for cannot be used; None when it can."""
        _measure, area, period = key
        if area not in self.codes.areas:
            return "unknown_area"
        if period not in self.codes.period_status:
            return "unknown_period"
        if row["Value"] is not None and not _is_number(row["Value"]):
            return "not_a_number"
        return None

    def _content(self, row: Row, strange: Counter[str]) -> tuple[float | None, str | None]:
        """(value, why missing). A word beside the value wins: what is marked secret is not shown, number or not."""
        word = _text(row["ValueAttribute"])
        if word in {"None", ""}:
            # No word and no number: the cell was not filled.
            return (None, "not_delivered") if row["Value"] is None else (float(row["Value"]), None)
        if word not in MISSING:
            strange[word] += 1
        return None, MISSING.get(word, "failed")

    def _check_columns(self, row: Row) -> None:
        if not self._columns <= row.keys():
            raise SourceChanged(
                "Tabel %(table)s heeft geen kolom %(missing)s. Wel: %(found)s.",
                table=self.request.table,
                missing=", ".join(sorted(self._columns - row.keys())),
                found=", ".join(sorted(row)),
            )

    def _check_same(self, key: tuple[str, str, str], content: tuple[float | None, str | None]) -> None:
        if self._kept[key] != content:
            measure, area, period = key
            raise SuspectResult(
                "Tabel %(table)s geeft twee verschillende cijfers voor %(measure)s, gebied %(area)s, periode %(period)s.",
                table=self.request.table,
                measure=measure,
                area=area,
                period=period,
            )


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _is_number(cell: object) -> bool:
    """Finite and small enough to keep; JSON readers also accept NaN and integers of any length."""
    try:
        return isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell)
    except OverflowError:
        return False
