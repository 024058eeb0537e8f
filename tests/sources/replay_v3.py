"""A stand-in for the CBS OData v3 service and its twin for others' tables. See replay.py for its use and its controls.

In a shell: python -m tests.sources.replay_v3 --port 8101 [--recorded]

A data folder holds a folder per table with TableInfos.json (one row), DataProperties.json, <Dimension>.json and
UntypedDataSet.json. As the real one: a page of the feed is 10,000 rows, the other address refuses more than that with
an error 500, codes are padded, an answer is Atom unless JSON is asked, and any casing of a table id will do.
"""

import argparse
import contextlib
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from tests.sources.parquet import read_columns, read_rows
from tests.sources.replay import FAULTS, BadQueryError, Fault, Handler, Replay, Row, parse_filter

PAYLOADS_V3 = Path(__file__).parent / "payloads_v3"
SHARED = Path(__file__).parents[3] / "shared" / "data"
RECORDED_V3 = SHARED / "cbs-v3"
MOST = 10_000
# In a catalogue file: the table of districts and neighbourhoods.
DISTRICTS_ENTRY = """
- slug: jeugdzorg-in-de-buurt
  name: Jongeren met jeugdzorg, per buurt
  definition: Aandeel van de jongeren tot 23 jaar dat jeugdzorg krijgt.
  unit: '%'
  decimals: 1
  themes: [jeugd]
  direction: context
  reading_up: Meer jongeren krijgen hulp.
  reading_down: Minder jongeren krijgen hulp.
  series:
    - {source: cbs-v3, table: 90001NED, measure: PercentageJongerenMetJeugdzorg, region: WijkenEnBuurten,
       period: 2023JJ00, levels: [nl, gemeente, wijk, buurt]}
"""
ADDRESS = re.compile(r"/OData(?P<door>Api|Feed)/OData/(?P<table>\w+)/(?P<name>\w+)", re.IGNORECASE)
DATA = ("UntypedDataSet", "TypedDataSet")
INSIDE = "http://dataderden.prod.cbsp.invalid"  # the name of a server inside, which nobody can reach

FAULTS |= {
    "too_many",  # error 500 with the text about more than 10,000 records
    "atom",  # XML, though JSON is asked
    "inside_host",  # the next link names a server inside, with the same path
    "other_path",  # ... and another path
    "lost_page",  # a page without the link to the next one
}


@dataclass
class TableV3:
    """One table: TableInfos and the rows of its sets."""

    about: Row
    sets: dict[str, list[Row]]

    @classmethod
    def read(cls, folder: Path) -> "TableV3":
        sets = {
            path.stem: json.loads(path.read_text("utf-8"))["value"] for path in folder.glob("[A-Z]*.json")
        }
        return cls(sets.pop("TableInfos")[0], sets)

    @property
    def topics(self) -> list[str]:
        return [row.get("Key", "") for row in self.sets["DataProperties"] if row.get("Type") == "Topic"]

    def rows(self, name: str) -> list[Row]:
        """Raises KeyError for a set that there is not."""
        return [self.about] if name == "TableInfos" else self.sets[name]

    def move(self, *, observations: bool = True) -> None:
        """A new edition: of the figures, or of the texts alone."""
        name = "Modified" if observations else "MetaDataModified"
        self.about[name] = (datetime.fromisoformat(self.about[name]) + timedelta(days=1)).isoformat()

    def only_typed(self) -> None:
        """As an old table: figures with null for whatever is missing."""
        self.sets["TypedDataSet"] = [
            row | {name: _typed(row[name]) for name in self.topics} for row in self.sets.pop("UntypedDataSet")
        ]


def _typed(cell: str) -> float | None:
    with contextlib.suppress(ValueError):
        return float(cell)
    return None


def untyped(value: float | str | None, decimals: int = 0, width: int = 8) -> str:
    """A cell as the untyped set writes it: a figure at the right, a point where there is none."""
    if isinstance(value, str):
        return value
    return ("." if value is None else f"{value:.{decimals}f}").rjust(width)


class ReplayV3(Replay):
    payloads = PAYLOADS_V3
    marker = "TableInfos.json"

    def __init__(self, *folders: Path, port: int = 0, page_size: int = MOST, delay: float = 0.0) -> None:
        super().__init__(*folders, port=port, page_size=page_size, delay=delay)
        self._read: dict[str, TableV3] = {}

    @classmethod
    def handler(cls) -> type[Handler]:
        return HandlerV3

    @property
    def base_url(self) -> str:
        return self.origin

    def add(self, table: TableV3) -> None:
        self._read[table.about["Identifier"].casefold()] = table

    def table_v3(self, name: str) -> TableV3:
        """In any casing. Raises KeyError for an unknown id."""
        with self._lock:
            folders = {folder.casefold(): path for folder, path in self._folders.items()}
            if name.casefold() not in self._read:
                self.add(TableV3.read(folders[name.casefold()]))
            return self._read[name.casefold()]

    def move(self, table: str, *, observations: bool = True) -> None:
        with self._lock:
            self.table_v3(table).move(observations=observations)

    def revise(  # type: ignore[override]  # a cell may hold a mark
        self, table: str, measure: str, area: str | None, period: str | None, value: str | float, **other: str
    ) -> int:
        """Put another figure or mark in the column `measure`, and give the table a new edition."""
        with self._lock:
            found = list(self._cells(table, area, period, other))
            if not found:
                raise LookupError(f"{table} has no row {area}, {period}")
            for row in found:
                row[measure] = untyped(value, 1)
            self.move(table)
            return len(found)

    def remove(self, table: str, measure: str, area: str | None, period: str | None, **other: str) -> int:
        """Let rows vanish, with every measure in them."""
        with self._lock:
            gone = [id(row) for row in self._cells(table, area, period, other)]
            if not gone:
                raise LookupError(f"{table} has no row {area}, {period}")
            rows = self.table_v3(table).sets["UntypedDataSet"]
            rows[:] = [row for row in rows if id(row) not in gone]
            self.move(table)
            return len(gone)

    def patch(self, table: str, entity_set: str, code: str, **fields: Any) -> None:
        """Change one row of a code list or of DataProperties. The table gets a new edition of its texts."""
        with self._lock:
            row = next(row for row in self.table_v3(table).sets[entity_set] if row["Key"].strip() == code)
            row.update(fields)
            self.move(table, observations=False)

    def _cells(
        self, table: str, area: str | None, period: str | None, other: dict[str, str]
    ) -> Iterator[Row]:
        recorded = self.table_v3(table)
        kinds = {row["Type"]: row["Key"] for row in recorded.sets["DataProperties"]}
        region = kinds.get("GeoDimension") or kinds.get("GeoDetail")
        wanted = {region: area, kinds.get("TimeDimension"): period, **other}
        for row in recorded.sets["UntypedDataSet"]:
            if all(row[name].strip() == code for name, code in wanted.items() if name and code):
                yield row

    def page(self, path: str, query: str, fault: str) -> Row:
        """One page of a set. Raises KeyError, BadQueryError and TooManyRowsError."""
        repeated = [name for name, values in parse_qs(query).items() if len(values) > 1]
        if repeated:
            raise BadQueryError(f"{repeated[0]} stands there twice")
        options = {name: values[-1] for name, values in parse_qs(query).items()}
        if path.casefold() == "/odatacatalog/tables":
            rows = [self.table_v3(name).about for name in self._folders]
            return {"value": _selected(rows[: int(options.get("$top", MOST))], options)}
        where = ADDRESS.fullmatch(path)
        if where is None:
            raise KeyError(path)
        with self._lock:
            table, name = self.table_v3(where["table"]), where["name"]
            rows = table.rows(name)
            condition = options.get("$filter", "")
            if condition and fault != "unfiltered":
                if name in DATA and set(re.findall(r"\w+", condition)) & set(table.topics):
                    raise TooManyRowsError
                rows = _where(rows, condition)
        is_feed = where["door"].casefold() == "feed"
        if fault == "too_many" or (not is_feed and len(rows) > MOST):
            raise TooManyRowsError
        start = int(options.get("$skip", 0))
        end = min(start + self.page_size, len(rows)) if is_feed else len(rows)
        answer: Row = {"odata.metadata": f"{self.origin}/ODataApi/OData/{where['table']}/$metadata#{name}"}
        answer["value"] = _selected(_spoiled(rows, start, end, fault, table.topics), options)
        if fault not in ("lost_page", "empty") and (end < len(rows) or fault == "loop"):
            rest = re.sub(r"&?\$skip=[0-9]+", "", query)
            host = {"inside_host": INSIDE, "wrong_host": "http://elsewhere.invalid"}.get(fault, self.origin)
            target = "/elsewhere" if fault in ("other_path", "wrong_host") else path
            answer["odata.nextLink"] = f"{host}{target}?{rest}&$skip={start if fault == 'loop' else end}"
        return answer


class TooManyRowsError(Exception):
    """More than the address gives; also the answer to a filter on a column of figures."""


def _where(rows: list[Row], condition: str) -> list[Row]:
    wanted = parse_filter(condition)
    try:
        return [row for row in rows if wanted(row)]
    except KeyError as error:
        raise BadQueryError(f"there is no column {error}") from error


def _spoiled(rows: list[Row], start: int, end: int, fault: str, topics: list[str]) -> list[Row]:
    page = rows[start:end]
    match fault:
        case "empty":
            return []
        case "duplicate":
            return [*page, rows[0]]
        case "contradiction":
            return [*page, rows[0] | dict.fromkeys(topics, "  987654")]
        case "nonsense":
            return [page[0] | dict.fromkeys(topics, "veel"), *page[1:]]
        case "lost_column":
            return [{name: cell for name, cell in row.items() if name not in topics} for row in page]
    return page


def _selected(rows: list[Row], options: dict[str, str]) -> list[Row]:
    names = options.get("$select", "").replace(" ", "").split(",")
    return [{name: row[name] for name in names if name in row} for row in rows] if names[0] else rows


def atom(rows: list[Row]) -> str:
    """The form an answer has when nobody asks for another."""
    entries = (
        "<entry><content type='application/xml'><m:properties>"
        + "".join(f"<d:{name}>{escape(str(cell))}</d:{name}>" for name, cell in row.items())
        + "</m:properties></content></entry>"
        for row in rows
    )
    spaces = "xmlns='http://www.w3.org/2005/Atom' xmlns:d='urn:d' xmlns:m='urn:m'"
    return f"<?xml version='1.0' encoding='utf-8'?><feed {spaces}>{''.join(entries)}</feed>"


class HandlerV3(Handler):
    def respond(self, path: str, query: str, fault: Fault) -> None:
        replay = self.server.replay
        assert isinstance(replay, ReplayV3)
        if path.endswith(DATA):
            time.sleep(replay.delay)
        try:
            answer = replay.page(path, query, fault.kind)
        except TooManyRowsError:
            words = "The query results in more than 10000 records."
            return self._send(500, {"odata.error": {"code": "", "message": {"value": words}}})
        wants_json = "$format=json" in query or "application/json" in self.headers.get("Accept", "")
        if fault.kind == "atom" or not wants_json:
            headers = {"Content-Type": "application/atom+xml;type=feed;charset=utf-8"}
            return self._send(200, atom(answer["value"]), headers, fault)
        return self._send(200, answer, fault=fault)


# -- recordings -------------------------------------------------------------------------------------------------------
# They hold the typed set. The untyped one is made from it: every null becomes a point, because which nulls were points
# and which were empty is not in the recording.


@cache
def _recorded(prefix: str, dimensions: tuple[str, ...]) -> tuple[Row, dict[str, list[Row]]]:
    folder = RECORDED_V3
    about = json.loads((folder / f"{prefix}_Metadata.json").read_text("utf-8"))
    names = ("DataProperties", *dimensions)
    sets = {name: read_rows(folder / f"{prefix}_{name}.parquet") for name in names}
    columns = read_columns(folder / f"{prefix}_TypedDataSet.parquet")
    for topic in sets["DataProperties"]:
        if topic["Type"] == "Topic":
            cells = columns[topic["Key"]]
            columns[topic["Key"]] = [untyped(cell, topic["Decimals"] or 0) for cell in cells]
    sets["UntypedDataSet"] = [
        dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)
    ]
    return about, sets


def recorded_districts() -> TableV3:
    """84799NED, key figures of all 17,341 municipalities, districts and neighbourhoods in 2020."""
    about, sets = _recorded("cbs.v3.84799NED", ("WijkenEnBuurten",))
    return TableV3(dict(about), dict(sets))


def recorded_provinces() -> TableV3:
    """45012NED, finances of the provinces in 2013 (Iv3), 435,456 rows."""
    dimensions = ("FunctieKostenplaatsBalanspost", "Categorie", "Provincies", "Verslagsoort")
    about, sets = _recorded("iv3.v3.45012NED", dimensions)
    return TableV3(dict(about), dict(sets))


def finances(table: str, report: str, costs: dict[str, dict[str, float]], names: dict[str, str]) -> TableV3:
    """A table of municipal finances in the recorded form, from municipality -> task -> costs x 1,000 euro.

    All costs stand under one category, since the sums at hand are over all of them. A municipality of which every sum
    is zero delivered nothing: in the tables themselves it has a point in every cell.
    """
    tasks = sorted({task for one in costs.values() for task in one})
    lists = {
        "TaakveldBalanspost": [_code(task, f"{task} taakveld", 6) for task in tasks],
        "Categorie": [_code("L1.1", "L1.1 Lasten", 8)],
        "Gemeenten": [_code(area, names.get(area, area), 9) for area in sorted(costs)],
        "Verslagsoort": [_code(report, "Verslag", 8)],
    }
    properties: list[Row] = [
        {"Key": name, "Type": "GeoDimension" if name == "Gemeenten" else "Dimension", "Title": name}
        for name in lists
    ]
    properties.append(
        {
            "Key": "k_2ePlaatsing_2",
            "Type": "Topic",
            "Title": "2e plaatsing",
            "Datatype": "Double",
            "Unit": "1 000 euro",
            "Decimals": 3,
        }
    )
    rows = [
        {name: row["Key"] for name, row in zip(lists, combination, strict=True)}
        for combination in product(*lists.values())
    ]
    for row in rows:
        area = costs[row["Gemeenten"].strip()]
        cell = area.get(row["TaakveldBalanspost"].strip()) if any(area.values()) else None
        row["k_2ePlaatsing_2"] = untyped(cell, 3)
    about = {
        "Identifier": table,
        "Title": f"Gemeenten {report[:4]} onbewerkte Iv3-data",
        "Modified": "2025-01-15T02:00:00",
        "MetaDataModified": "2025-01-15T02:00:00",
        "OutputStatus": "Regulier",
        "Period": report[:4],
        "RecordCount": len(rows),
    }
    return TableV3(about, {"DataProperties": properties, "UntypedDataSet": rows, **lists})


def _code(code: str, title: str, width: int) -> Row:
    return {"Key": code.ljust(width), "Title": title, "Description": "", "CategoryGroupID": None}


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve CBS OData v3 tables.")
    parser.add_argument("--port", type=int, default=8101)
    parser.add_argument("--recorded", action="store_true", help="the recorded tables as well")
    chosen = parser.parse_args()
    replay = ReplayV3(port=chosen.port)
    if chosen.recorded:
        replay.add(recorded_districts())
        replay.add(recorded_provinces())
    print(replay.base_url, flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        replay.serve()


if __name__ == "__main__":
    main()
