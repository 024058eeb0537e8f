"""Statistics Netherlands (CBS), OData version 4: {base}/{table}/Observations and its code lists."""

import hashlib
import time
from collections.abc import Callable, Iterator

from pydantic import BaseModel

from workbench.sources.connectors import (
    NATIONAL,
    Batch,
    Measure,
    Request,
    TableCodes,
    TableState,
    register,
)
from workbench.sources.connectors.cbs import (
    area_code,
    bounds,
    check_code,
    check_dimensions,
    check_unit,
    known_form,
    known_table,
    moment,
    moment_of_change,
    period_status,
    table_not_found,
    text,
    unknown_measure,
)
from workbench.sources.connectors.http import Conversation, HttpSettings
from workbench.sources.connectors.odata import Row, any_of, pages, quoted
from workbench.sources.connectors.tidy import Tidy


class CbsSettings(HttpSettings):
    base_url: str = "https://datasets.cbs.nl/odata/v1/CBS"


@register("cbs-v4")
class CbsV4:
    label = "CBS"
    Settings: type[BaseModel] = CbsSettings
    is_recorded = True

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
        with self._talk(settings) as talk, known_table(table):
            properties = talk.get(f"{settings.base_url}/{table}/Properties")
        if properties.get("Identifier") != table:
            raise table_not_found(table)
        modified = moment_of_change(table, properties.get("Modified"))
        observations_modified = moment(table, properties.get("ObservationsModified"))
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
        with self._talk(settings) as talk, known_table(request.table), known_form(request.table):

            def listed(name: str) -> dict[str, Row]:
                address = f"{settings.base_url}/{request.table}/{name}"
                return {text(row["Identifier"]): row for page in pages(talk, address) for row in page}

            check_dimensions(request, listed("Dimensions"))
            for dimension, code in request.filter.items():
                check_code(request, dimension, code, listed(f"{dimension}Codes"))
            measures = {
                code: Measure(
                    text(row["Title"]),
                    text(row["Unit"]),
                    int(row["Decimals"] or 0),
                    text(row.get("Description") or ""),
                )
                for code, row in listed("MeasureCodes").items()
            }
            regions = listed(f"{request.region}Codes") if request.region else {}
            areas = {area_code(code): text(row["Title"]) for code, row in regions.items()}
            if request.only_period:
                status = {request.only_period: "unknown"}
            else:
                status = {code: period_status(row) for code, row in listed(f"{request.period}Codes").items()}
        for code in request.measures:
            if code not in measures:
                raise unknown_measure(request, code, measures)
            check_unit(request, code, measures[code])
        return TableCodes(measures, areas or {NATIONAL: "Nederland"}, status)

    def fetch(
        self, settings: CbsSettings, request: Request, codes: TableCodes, progress: Callable[[int], None]
    ) -> Iterator[Batch]:
        tidy, read = Tidy(request, codes), 0
        address = f"{settings.base_url}/{request.table}/Observations"
        with self._talk(settings) as talk, known_table(request.table):
            for rows in pages(talk, address, {"$filter": observations_filter(request, codes)}):
                batch = tidy.page(rows)
                read += batch.read
                progress(read)
                yield batch
        if request.summed:
            yield tidy.sums()
        tidy.finish()

    def _talk(self, settings: CbsSettings) -> Conversation:
        return Conversation(settings, self.label, self.sleep)


def observations_filter(request: Request, codes: TableCodes) -> str:
    """The $filter that bounds the request at the server."""
    return " and ".join(
        [*bounds(request, codes), any_of([f"Measure eq {quoted(measure)}" for measure in request.measures])]
    )
