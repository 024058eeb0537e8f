"""Statistics Netherlands (CBS), OData version 4: {base}/{table}/Observations and its code lists."""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel

from workbench.core.language import AMSTERDAM
from workbench.sources.connectors import (
    LEVELS,
    NATIONAL,
    Batch,
    Measure,
    Request,
    SourceChanged,
    SuspectResult,
    TableCodes,
    TableState,
    register,
)
from workbench.sources.connectors.http import Conversation, HttpSettings, NotFound
from workbench.sources.connectors.odata import Row, any_of, pages, quoted
from workbench.sources.connectors.tidy import Tidy

PERIOD_STATUS = {"Definitief": "final", "Voorlopig": "provisional", "NaderVoorlopig": "further_provisional"}
SHOWN = 8


class CbsSettings(HttpSettings):
    base_url: str = "https://datasets.cbs.nl/odata/v1/CBS"


@register("cbs-v4")
class CbsV4:
    label = "CBS"
    Settings: type[BaseModel] = CbsSettings

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self.sleep = sleep

    def check(self, settings: CbsSettings) -> list[str]:
        with self._talk(settings) as talk:
            next(
                pages(talk, f"{settings.base_url}/Datasets", {"$select": "Identifier,Modified", "$top": "1"})
            )
        return []

    def state(self, settings: CbsSettings, table: str) -> TableState:
        """One request. The fingerprint covers both moments of change and the version, not the descriptions."""
        with self._talk(settings) as talk, _table(table):
            properties = talk.get(f"{settings.base_url}/{table}/Properties")
        if properties.get("Identifier") != table:
            raise _not_found(table)
        modified = _moment(table, properties.get("Modified"))
        if modified is None:
            raise SourceChanged("Tabel %(table)s zegt niet meer wanneer zij is gewijzigd.", table=table)
        observations_modified = _moment(table, properties.get("ObservationsModified"))
        version = properties.get("Version")
        edition = f"{table}|{modified.isoformat()}|{observations_modified}|{version}"
        return TableState(
            table,
            str(properties.get("Title") or table).strip(),
            modified,
            observations_modified,
            version,
            properties.get("Status"),
            properties.get("License"),
            hashlib.sha256(edition.encode()).hexdigest(),
            properties.get("Frequency"),
        )

    def codes(self, settings: CbsSettings, request: Request) -> TableCodes:
        """Also checks the request against the table: dimensions, codes of the filter, measures and their units."""
        with self._talk(settings) as talk, _table(request.table):

            def listed(name: str) -> dict[str, Row]:
                address = f"{settings.base_url}/{request.table}/{name}"
                return {str(row["Identifier"]).strip(): row for page in pages(talk, address) for row in page}

            try:
                _check_dimensions(request, listed("Dimensions"))
                for dimension, code in request.filter.items():
                    _check_code(request, dimension, code, listed(f"{dimension}Codes"))
                measures = {
                    code: Measure(
                        str(row["Title"]).strip(),
                        str(row["Unit"]).strip(),
                        int(row["Decimals"] or 0),
                        str(row.get("Description") or "").strip(),
                    )
                    for code, row in listed("MeasureCodes").items()
                }
                areas = {
                    code: str(row["Title"]).strip()
                    for code, row in (listed(f"{request.region}Codes") if request.region else {}).items()
                }
                periods = listed(f"{request.period}Codes")
            except (KeyError, TypeError, ValueError) as error:
                raise SourceChanged(
                    "De codelijsten van tabel %(table)s hebben een andere vorm dan we kennen.",
                    table=request.table,
                ) from error
        _check_measures(request, measures)
        return TableCodes(
            measures,
            areas or {NATIONAL: "Nederland"},
            {code: PERIOD_STATUS.get(row.get("Status") or "", "unknown") for code, row in periods.items()},
        )

    def fetch(
        self, settings: CbsSettings, request: Request, codes: TableCodes, progress: Callable[[int], None]
    ) -> Iterator[Batch]:
        tidy, read = Tidy(request, codes), 0
        address = f"{settings.base_url}/{request.table}/Observations"
        with self._talk(settings) as talk, _table(request.table):
            for rows in pages(talk, address, {"$filter": observations_filter(request, codes)}):
                batch = tidy.page(rows)
                read += batch.read
                progress(read)
                yield batch
        tidy.finish()

    def _talk(self, settings: CbsSettings) -> Conversation:
        return Conversation(settings, self.label, self.sleep)


def observations_filter(request: Request, codes: TableCodes) -> str:
    """The $filter that bounds the request at the server.

    Codes sort as text, so 'from 2019' is sent as the smallest code of that time in the table's own list.
    Raises SuspectResult when the table has no period in that time.
    """
    conditions = [f"{dimension} eq {quoted(code)}" for dimension, code in request.filter.items()]
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
        conditions.append(f"{request.period} ge {quoted(min(wanted))}")
    conditions.append(any_of([f"Measure eq {quoted(measure)}" for measure in request.measures]))
    return " and ".join(conditions)


@contextmanager
def _table(table: str) -> Iterator[None]:
    """Inside, an unknown address means an unknown table."""
    try:
        yield
    except NotFound as error:
        raise _not_found(table) from error


def _not_found(table: str) -> SourceChanged:
    return SourceChanged(
        "Tabel %(table)s is niet gevonden bij CBS. Let op hoofdletters en kleine letters in het tabelnummer.",
        table=table,
    )


def _moment(table: str, value: Any) -> datetime | None:
    """A moment with its zone; one without is Dutch time."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise SourceChanged("Tabel %(table)s heeft een onleesbare wijzigingsdatum.", table=table) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)


def _check_dimensions(request: Request, dimensions: dict[str, Row]) -> None:
    """A dimension that is not named would multiply the rows: every one has its place in the request."""
    named = {request.period, *request.filter, *([request.region] if request.region else [])}
    if named != set(dimensions):
        raise SourceChanged(
            "De indeling van tabel %(table)s past niet bij de catalogus. In de tabel: %(found)s. In de catalogus: %(named)s.",
            table=request.table,
            found=", ".join(dimensions),
            named=", ".join(sorted(named)),
        )


def _check_code(request: Request, dimension: str, code: str, known: dict[str, Row]) -> None:
    if code not in known:
        raise SourceChanged(
            "Tabel %(table)s kent bij %(dimension)s de code %(code)s niet. Wel: %(candidates)s.",
            table=request.table,
            dimension=dimension,
            code=code,
            candidates=_candidates(
                code, {known_code: str(row["Title"]) for known_code, row in known.items()}
            ),
        )


def _check_measures(request: Request, measures: dict[str, Measure]) -> None:
    for code in request.measures:
        if code not in measures:
            raise SourceChanged(
                "Tabel %(table)s kent het onderwerp %(code)s niet. Wel: %(candidates)s.",
                table=request.table,
                code=code,
                candidates=_candidates(code, {known: measure.title for known, measure in measures.items()}),
            )
        before, now = request.units.get(code), measures[code].unit
        if before is not None and _plain(before) != _plain(now):
            raise SourceChanged(
                "De eenheid van %(code)s in tabel %(table)s is veranderd van '%(before)s' in '%(now)s'.",
                code=code,
                table=request.table,
                before=before,
                now=now,
            )


def _candidates(code: str, titles: dict[str, str]) -> str:
    """The most similar codes first, each with its title."""
    similar = get_close_matches(code, titles, n=SHOWN, cutoff=0)
    return ", ".join(f"{known} ({titles[known].strip()})" for known in similar)


def _plain(unit: str) -> str:
    """CBS writes 'x 1000' and 'x 1 000', 'Aantal' and 'aantal' for one unit."""
    return "".join(unit.casefold().split())
