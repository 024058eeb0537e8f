"""Statistics Netherlands (CBS), OData version 3: {base}/ODataFeed/odata/{table} and its sets, a column per measure.

The same service at another host carries the tables of others: municipal finances (Iv3), health (RIVM), crime (police).
Everything is asked of the feed, which gives pages; the other address refuses answers of more than 10,000 rows.
"""

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from math import prod
from typing import Any

import httpx
from pydantic import BaseModel

from workbench.indicators.catalogue import AreaType
from workbench.indicators.regions import KINDS, Belonging
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
from workbench.sources.connectors.cbs import (
    LICENCE,
    area_code,
    bounds,
    candidates,
    check_code,
    check_dimensions,
    check_unit,
    fits,
    known_form,
    known_table,
    moment_of_change,
    period_status,
    table_not_found,
    text,
    unknown_measure,
)
from workbench.sources.connectors.http import Conversation, HttpSettings, NotFound
from workbench.sources.connectors.odata import Row, pages, same_path
from workbench.sources.connectors.tidy import Tidy

JSON = {"$format": "json"}  # on the first request of a list only: a next link repeats it
ABOUT = "Identifier,Title,Modified,MetaDataModified,OutputStatus,Period,RecordCount"
NO_DIMENSION = {"Topic", "TopicGroup"}
STEM = re.compile(r"(.+)_[0-9]+")  # the number is a column's place, and shifts from one edition to the next
YEAR = re.compile(r"\b[12][0-9]{3}\b")
# How the title of a group of columns begins, without hyphens.
REGION_WORDS: dict[AreaType, tuple[str, ...]] = {
    AreaType.GGD_REGIO: ("ggdregio",),
    AreaType.JEUGDREGIO: ("jeugdregio", "jeugdzorgregio"),
    AreaType.ARBEIDSMARKTREGIO: ("arbeidsmarktregio",),
}
FEWEST_MUNICIPALITIES = 300  # there were 342 in 2026; fewer than this is half an answer
TOO_MANY = re.compile(rb"10[.,]?000")


class CbsV3Settings(HttpSettings):
    base_url: str = "https://opendata.cbs.nl"


class DataderdenSettings(HttpSettings):
    base_url: str = "https://dataderden.cbs.nl"


class _Talk(Conversation):
    """Knows the two answers of this service that look like a passing fault and are none."""

    def _judge(self, response: httpx.Response) -> None:
        if response.status_code == 500 and TOO_MANY.search(next(response.iter_bytes(), b"")):
            raise SourceChanged(
                "%(source)s geeft op deze vraag meer dan 10.000 rijen en weigert dat. Vraag in de catalogus om minder niveaus of een later eerste jaar.",
                source=self.source,
            )
        super()._judge(response)
        if "atom+xml" in response.headers.get("Content-Type", ""):
            raise SourceChanged("%(source)s antwoordt in XML. Wij lezen alleen JSON.", source=self.source)


@register("cbs-v3")
class CbsV3:
    label = "CBS"
    Settings: type[BaseModel] = CbsV3Settings
    licence: str | None = LICENCE
    is_recorded = True

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self.sleep = sleep

    def check(self, settings: HttpSettings) -> list[str]:
        with self._talk(settings) as talk:
            options = {"$select": "Identifier", "$top": "1"}
            next(_listed(talk, f"{settings.base_url}/ODataCatalog/Tables", options))
        return []

    def state(self, settings: HttpSettings, table: str) -> TableState:
        """One request. The fingerprint covers the moments of change of figures and of texts."""
        with self._talk(settings) as talk, known_table(table):
            about = _about(talk, settings, table)
        figures = moment_of_change(table, about.get("Modified"))
        texts = moment_of_change(table, about.get("MetaDataModified"))
        edition = f"{table}|{figures.isoformat()}|{texts.isoformat()}"
        return TableState(
            table,
            text(about.get("Title")) or table,
            max(figures, texts),
            figures,
            None,
            about.get("OutputStatus"),
            self.licence,
            hashlib.sha256(edition.encode()).hexdigest(),
        )

    def codes(self, settings: HttpSettings, request: Request) -> TableCodes:
        """Also checks the request against the table: dimensions, codes of the filter, measures, units and the year."""
        with self._talk(settings) as talk, known_table(request.table), known_form(request.table):

            def listed(name: str, fields: str = "") -> list[Row]:
                options = {"$select": fields} if fields else {}
                return [
                    row for page in _listed(talk, _address(settings, request, name), options) for row in page
                ]

            about, properties = _about(talk, settings, request.table), listed("DataProperties")
            dimensions = [text(row["Key"]) for row in properties if row["Type"] not in NO_DIMENSION]
            check_dimensions(request, dimensions)
            lists = {name: listed(name, "Key,Title" if name == request.region else "") for name in dimensions}
            for dimension, code in request.filter.items():
                check_code(request, dimension, code, {text(row["Key"]): row for row in lists[dimension]})
            measures = {
                text(row["Key"]): Measure(text(row["Title"]), text(row["Unit"]), int(row["Decimals"] or 0))
                for row in properties
                if row["Type"] == "Topic" and row["Datatype"] != "String"
            }
            areas = {area_code(row["Key"]): text(row["Title"]) for row in lists.get(request.region or "", ())}
            status = {text(row["Key"]): period_status(row) for row in lists.get(request.period, ())}
            is_full = about["RecordCount"] == prod(len(rows) for rows in lists.values())
        if request.only_period:
            _check_year(request, text(about.get("Period")))
            status = {request.only_period: "unknown"}
        columns = {measure: column_of(request, measure, measures) for measure in request.measures}
        for measure, column in columns.items():
            check_unit(request, measure, measures[column])
        areas = areas or {NATIONAL: "Nederland"}
        return TableCodes(
            {measure: measures[column] for measure, column in columns.items()},
            areas,
            status,
            columns,
            {name: {text(row["Key"]): row["Key"] for row in rows} for name, rows in lists.items()},
            _asked_of(request, areas, status, lists) if is_full else None,
        )

    def fetch(
        self, settings: HttpSettings, request: Request, codes: TableCodes, progress: Callable[[int], None]
    ) -> Iterator[Batch]:
        tidy, read = Tidy(request, codes), 0
        options = {
            "$filter": " and ".join(bounds(request, codes)),
            "$select": ",".join([*sorted(request.dimensions), *codes.columns.values()]),
        }
        wanted = {name: option for name, option in options.items() if option}
        with self._talk(settings) as talk, known_table(request.table):
            for rows in _figures(talk, settings, request, wanted):
                batch = tidy.wide_page(rows)
                read += len(rows)
                progress(read)
                yield batch
        if request.summed:
            yield tidy.sums()
        tidy.finish()

    def division(self, settings: HttpSettings, table: str) -> list[Belonging]:
        """Which municipality lies in which region, from a table that has both as texts: 'Gebieden in Nederland'.

        Such a table is about one year. It has a group of columns for each kind of region, with a code and a name in
        it; groups are found by their title, columns by theirs, since their numbers shift from year to year.
        """
        with self._talk(settings) as talk, known_table(table), known_form(table):
            about = _about(talk, settings, table)
            address = f"{settings.base_url}/ODataFeed/odata/{table}"
            properties = [row for page in _listed(talk, f"{address}/DataProperties", {}) for row in page]
            [year] = set(YEAR.findall(text(about.get("Period")))) or {""}
            columns = _region_columns(table, properties)
            areas = [text(row["Key"]) for row in properties if row["Type"] in ("GeoDetail", "GeoDimension")]
            if len(areas) != 1 or not year:
                raise SourceChanged(
                    "Tabel %(table)s is geen lijst van gemeenten en hun regio's over één jaar.", table=table
                )
            options = {"$select": ",".join([*areas, *(name for pair in columns.values() for name in pair)])}
            rows = [row for page in _listed(talk, f"{address}/TypedDataSet", options) for row in page]
        day = date(int(year), 1, 1)
        found = [
            Belonging(text(row[areas[0]]), kind, text(row[code]), text(row[name]), day)
            for row in rows
            for kind, (code, name) in columns.items()
            if text(row[areas[0]]).startswith("GM") and text(row[code]).startswith(KINDS[kind])
        ]
        if len({item.municipality for item in found}) < FEWEST_MUNICIPALITIES:
            raise SuspectResult(
                "Tabel %(table)s noemt maar %(count)s gemeenten met een regio. De oude indeling blijft staan.",
                table=table,
                count=len({item.municipality for item in found}),
            )
        return found

    def _talk(self, settings: HttpSettings) -> Conversation:
        return _Talk(settings, self.label, self.sleep)


@register("dataderden")
class Dataderden(CbsV3):
    label = "CBS Dataderden"
    Settings: type[BaseModel] = DataderdenSettings
    licence = None  # of whoever made the table


def column_of(request: Request, measure: str, measures: Mapping[str, Measure]) -> str:
    """The column of a measure, whatever number stands behind its name. Raises SourceChanged, naming the candidates."""
    found = [key for key in measures if key == measure or _stem(key) == measure]
    if not found:
        raise unknown_measure(request, measure, measures)
    if len(found) > 1:
        raise SourceChanged(
            "Het onderwerp %(measure)s komt in tabel %(table)s vaker voor: %(candidates)s. Zet de hele naam in de catalogus.",
            measure=measure,
            table=request.table,
            candidates=candidates(measure, {key: measures[key].title for key in found}),
        )
    return found[0]


def _region_columns(table: str, properties: list[Row]) -> dict[AreaType, tuple[str, str]]:
    """Kind of region -> its column of codes and its column of names."""
    groups = {row["ID"]: text(row["Title"]) for row in properties if row["Type"] == "TopicGroup"}
    columns: dict[AreaType, dict[str, str]] = {}
    for row in properties:
        kind = _kind_of(groups.get(row["ParentID"], "")) if row["Type"] == "Topic" else None
        if kind:
            columns.setdefault(kind, {})[text(row["Title"]).casefold()] = text(row["Key"])
    pairs = {
        kind: (found["code"], found["naam"])
        for kind, found in columns.items()
        if {"code", "naam"} <= found.keys()
    }
    if absent := [kind.value for kind in REGION_WORDS if kind not in pairs]:
        raise SourceChanged(
            "Tabel %(table)s heeft geen kolommen Code en Naam voor %(absent)s. Wel in de tabel: %(groups)s.",
            table=table,
            absent=", ".join(absent),
            groups=", ".join(groups.values()),
        )
    return pairs


def _kind_of(title: str) -> AreaType | None:
    plain = title.casefold().replace("-", "").replace(" ", "")
    return next((kind for kind, words in REGION_WORDS.items() if plain.startswith(words)), None)


def _stem(key: str) -> str:
    numbered = STEM.fullmatch(key)
    return numbered[1] if numbered else key


def _address(settings: HttpSettings, request: Request, name: str) -> str:
    return f"{settings.base_url}/ODataFeed/odata/{request.table}/{name}"


def _listed(talk: Conversation, address: str, options: Mapping[str, str]) -> Iterator[list[Row]]:
    return pages(talk, address, {**JSON, **options}, link_name="odata.nextLink", follow=same_path)


def _about(talk: Conversation, settings: HttpSettings, table: str) -> Mapping[str, Any]:
    """What the table says of itself. This service takes any casing; we keep to the table's own: one id, one table."""
    address = f"{settings.base_url}/ODataFeed/odata/{table}/TableInfos"
    [*rows] = next(_listed(talk, address, {"$select": ABOUT}))
    if len(rows) != 1 or text(rows[0].get("Identifier")) != table:
        raise table_not_found(table)
    return rows[0]


def _figures(
    talk: Conversation, settings: HttpSettings, request: Request, options: Mapping[str, str]
) -> Iterator[list[Row]]:
    """The untyped set, which keeps why a figure is missing; of a table without it the typed set."""
    untyped = _listed(talk, _address(settings, request, "UntypedDataSet"), options)
    try:
        first = next(untyped)
    except NotFound:
        yield from _listed(talk, _address(settings, request, "TypedDataSet"), options)
        return
    yield first
    yield from untyped


def _check_year(request: Request, about: str) -> None:
    """The period that the catalogue gives a table without a dimension of time is one that the table names."""
    years = YEAR.findall(about)
    year = (request.only_period or "")[:4]
    if years and not min(years) <= year <= max(years):
        raise SourceChanged(
            "Tabel %(table)s gaat over %(found)s, niet over %(year)s. Verbeter de periode in de catalogus.",
            table=request.table,
            found=about,
            year=year,
        )


def _asked_of(
    request: Request, areas: Mapping[str, str], periods: Mapping[str, str], lists: Mapping[str, list[Row]]
) -> int:
    """How many rows a table without holes has for this request."""
    prefixes = tuple(LEVELS[level] for level in request.levels)
    chosen = [
        sum(fits(text(row["Key"]), code) for row in lists[name]) for name, code in request.filter.items()
    ]
    return prod(
        [
            sum(area.startswith(prefixes) for area in areas),
            sum(map(request.wants_period, periods)),
            *chosen,
        ]
    )
