"""What both generations of open data of Statistics Netherlands (CBS) share: codes, bounds of a request, clear refusals."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from workbench.core.language import AMSTERDAM
from workbench.sources.connectors import (
    EVERY,
    LEVELS,
    NATIONAL,
    Measure,
    Request,
    SourceChanged,
    SuspectResult,
    TableCodes,
)
from workbench.sources.connectors.http import NotFound
from workbench.sources.connectors.odata import Row, any_of, quoted

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
PERIOD_STATUS = {"Definitief": "final", "Voorlopig": "provisional", "NaderVoorlopig": "further_provisional"}
# The country, in tables about districts and neighbourhoods -> in all others.
NATIONAL_TWIN = {"NL00": NATIONAL}
SHOWN = 8


def text(cell: object) -> str:
    """A code or a name without the padding of older tables."""
    if isinstance(cell, str):
        return cell.strip()
    return "" if cell is None else str(cell).strip()


def area_code(cell: object) -> str:
    code = text(cell)
    return NATIONAL_TWIN.get(code, code)


def period_status(row: Row) -> str:
    """Missing must not become final."""
    return PERIOD_STATUS.get(row.get("Status") or "", "unknown")


def bounds(request: Request, codes: TableCodes) -> list[str]:
    """The conditions of a $filter that fix the other dimensions, the levels and the first period.

    A code is spelled as the table does: one with the wrong padding finds nothing, without an error. Codes sort as
    text, so 'from 2019' is sent as the smallest code of that time in the table's own list.
    Raises SuspectResult when the table has no period in that time.
    """
    conditions = [
        f"startswith({dimension},{quoted(code.removesuffix(EVERY))})"
        if dimension in request.summed
        else f"{dimension} eq {quoted(codes.keys.get(dimension, {}).get(code, code))}"
        for dimension, code in request.filter.items()
    ]
    if request.region:
        conditions.append(
            any_of([f"startswith({request.region},{quoted(LEVELS[level])})" for level in request.levels])
        )
    if request.first_period:
        wanted = [code for code in codes.period_status if request.wants_period(code)]
        if not wanted:
            raise SuspectResult(
                "Tabel %(table)s heeft geen perioden vanaf %(first)s.",
                table=request.table,
                first=request.first_period,
            )
        if request.only_period is None:
            first = min(wanted)
            spelled = codes.keys.get(request.period, {}).get(first, first)
            conditions.append(f"{request.period} ge {quoted(spelled)}")
    return conditions


@contextmanager
def known_table(table: str) -> Iterator[None]:
    """Inside, an unknown address means an unknown table."""
    try:
        yield
    except NotFound as error:
        raise table_not_found(table) from error


def table_not_found(table: str) -> SourceChanged:
    return SourceChanged(
        "Tabel %(table)s is niet gevonden bij CBS. Let op hoofdletters en kleine letters in het tabelnummer.",
        table=table,
    )


def moment(table: str, value: Any) -> datetime | None:
    """A moment with its zone; one without is Dutch time."""
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise SourceChanged("Tabel %(table)s heeft een onleesbare wijzigingsdatum.", table=table) from error
    return found if found.tzinfo else found.replace(tzinfo=AMSTERDAM)


def moment_of_change(table: str, value: Any) -> datetime:
    """As `moment`, of a table that must say it."""
    found = moment(table, value)
    if found is None:
        raise SourceChanged("Tabel %(table)s zegt niet meer wanneer zij is gewijzigd.", table=table)
    return found


@contextmanager
def known_form(table: str) -> Iterator[None]:
    """Inside, a code list that cannot be read needs a person."""
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        raise SourceChanged(
            "De codelijsten van tabel %(table)s hebben een andere vorm dan we kennen.", table=table
        ) from error


def check_dimensions(request: Request, dimensions: Iterable[str]) -> None:
    """A dimension that is not named would multiply the rows: every one has its place in the request."""
    found = list(dimensions)
    if request.dimensions != set(found):
        raise SourceChanged(
            "De indeling van tabel %(table)s past niet bij de catalogus. In de tabel: %(found)s. In de catalogus: %(named)s.",
            table=request.table,
            found=", ".join(found),
            named=", ".join(sorted(request.dimensions)),
        )


def fits(code: str, wanted: str) -> bool:
    """Is this the code of a filter, or one that goes into its sum?"""
    return code.startswith(wanted.removesuffix(EVERY)) if wanted.endswith(EVERY) else code == wanted


def check_code(request: Request, dimension: str, code: str, known: Mapping[str, Row]) -> None:
    if not any(fits(known_code, code) for known_code in known):
        raise SourceChanged(
            "Tabel %(table)s kent bij %(dimension)s de code %(code)s niet. Wel: %(candidates)s.",
            table=request.table,
            dimension=dimension,
            code=code,
            candidates=candidates(code, {known_code: str(row["Title"]) for known_code, row in known.items()}),
        )


def unknown_measure(request: Request, code: str, measures: Mapping[str, Measure]) -> SourceChanged:
    return SourceChanged(
        "Tabel %(table)s kent het onderwerp %(code)s niet. Wel: %(candidates)s.",
        table=request.table,
        code=code,
        candidates=candidates(code, {known: measure.title for known, measure in measures.items()}),
    )


def check_unit(request: Request, code: str, measure: Measure) -> None:
    before, now = request.units.get(code), measure.unit
    if before is not None and _plain(before) != _plain(now):
        raise SourceChanged(
            "De eenheid van %(code)s in tabel %(table)s is veranderd van '%(before)s' in '%(now)s'.",
            code=code,
            table=request.table,
            before=before,
            now=now,
        )


def candidates(code: str, titles: Mapping[str, str]) -> str:
    """The most similar codes first, each with its title."""
    similar = get_close_matches(code, titles, n=SHOWN, cutoff=0)
    return ", ".join(f"{known} ({titles[known].strip()})" for known in similar)


def _plain(unit: str) -> str:
    """CBS writes 'x 1000' and 'x 1 000', 'Aantal' and 'aantal' for one unit."""
    return "".join(unit.casefold().split())
