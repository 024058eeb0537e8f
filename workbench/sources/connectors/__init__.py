"""Connectors: from an outside source to observations. They know HTTP and files; they know no database.

A new kind of source is one module in this package with `@register("kind")` on its class. Nothing else is touched.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel

from workbench.core.errors import WorkbenchError
from workbench.core.language import Language
from workbench.indicators.periods import PeriodType, parse_period


class SourceError(WorkbenchError):
    """Something is wrong with a source. Takes a Dutch msgid and its values; never an address with a key in it."""

    def __init__(self, msgid: str, **values: object) -> None:
        self.msgid, self.values = msgid, values
        super().__init__(self.sentence())

    def sentence(self, language: Language = Language()) -> str:  # noqa: B008 - a frozen value
        return language.gettext(self.msgid, **self.values)


class SourceUnavailable(SourceError):
    """Try again later; after `retry_after` seconds if the source said so."""

    def __init__(self, msgid: str, *, retry_after: float | None = None, **values: object) -> None:
        super().__init__(msgid, **values)
        self.retry_after = retry_after


class SourceOff(SourceUnavailable):
    """The operator has not switched this source on. Nothing was asked."""


class SourceChanged(SourceError):
    """Trying again does not help: a person must look at the source or at the catalogue."""


class SuspectResult(SourceError):
    """The answer is well-formed but empty, half or in contradiction with itself: keep the old figures and say so."""


# Area type of the catalogue -> the letters with which its codes begin at CBS.
LEVELS = {
    "nl": "NL",
    "provincie": "PV",
    "gemeente": "GM",
    "ggd-regio": "GG",
    "jeugdregio": "JZ",
    "arbeidsmarktregio": "AM",
    "wijk": "WK",
    "buurt": "BU",
}
# The one area of a table that has no region dimension.
NATIONAL = "NL01"
# After the beginning of a code in a filter: the sum over all codes that begin so.
EVERY = "*"
# A report of Iv3 that covers a whole year: the budget (X000) or the accounts (X005). X001-X004 add up during the year.
YEAR_REPORT = re.compile(r"([12][0-9]{3})X00[05]")


@dataclass(frozen=True)
class Request:
    """The part of a table to fetch. Raises ValueError for a request that could never be sent.

    `region` and `period` name dimensions (region None: a table about the country as a whole). A table without a
    dimension of time has its one period written out: '2020JJ00'. A measure is a code or, where every measure has a
    column of its own, the name of that column with or without its number.
    `levels` are keys of LEVELS. `first_period` is a year ('2019') or a period code ('2019KW02', then only periods of that
    type). `period_type` keeps one type. `filter` fixes each other dimension to one code; 'L*' is the sum over all codes
    that begin with L. `units` is measure -> the unit we last saw.
    """

    table: str
    measures: tuple[str, ...]
    region: str | None
    period: str
    levels: tuple[str, ...]
    first_period: str | None = None
    period_type: PeriodType | None = None
    filter: Mapping[str, str] = field(default_factory=dict, hash=False)
    units: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\w+", self.table, re.ASCII):
            raise ValueError(f"{self.table!r} is not a table id")
        for name in self.dimensions:
            if not name.isidentifier() or not name.isascii():
                raise ValueError(f"{name!r} is not a dimension name")
        if not self.measures or not self.levels:
            raise ValueError("a request names at least one measure and one level")
        if unknown := set(self.levels) - set(LEVELS):
            raise ValueError(f"unknown levels: {', '.join(sorted(unknown))}; known: {', '.join(LEVELS)}")
        if self.first_period and not re.fullmatch(r"[12][0-9]{3}", self.first_period):
            parse_period(self.first_period)

    @property
    def summed(self) -> tuple[str, ...]:
        """The dimensions over which a figure is a sum."""
        return tuple(name for name, code in self.filter.items() if code.endswith(EVERY))

    @property
    def only_period(self) -> str | None:
        """The one period of a table without a dimension of time: written out, or the year of the report asked for."""
        report = YEAR_REPORT.fullmatch(self.filter.get(self.period, ""))
        return f"{report[1]}JJ00" if report else self.period if is_period(self.period) else None

    @property
    def dimensions(self) -> set[str]:
        """Every dimension that the request names."""
        time = set() if is_period(self.period) else {self.period}
        return time | {*self.filter} | ({self.region} if self.region else set())

    def wants_period(self, code: str) -> bool:
        """Is this a period we can read, of the type and time that were asked?"""
        try:
            period = parse_period(code)
        except ValueError:
            return False
        if self.period_type and period.type is not self.period_type:
            return False
        if self.first_period is None or len(self.first_period) == 4:
            return period.year >= int(self.first_period or 0)
        first = parse_period(self.first_period)
        return period.type is first.type and period.starts_on >= first.starts_on


def is_period(text: str) -> bool:
    try:
        parse_period(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class TableState:
    """What a table says about itself, from one small request. Equal fingerprints: the figures have not moved."""

    table: str
    title: str
    modified: datetime | None  # None: the source does not say
    observations_modified: datetime | None
    version: str | None
    status: str | None
    licence: str | None
    fingerprint: str
    frequency: str | None = None


@dataclass(frozen=True)
class Measure:
    title: str
    unit: str
    decimals: int
    description: str = ""


@dataclass(frozen=True)
class TableCodes:
    """The code lists of a table that a request needs; every code trimmed.

    `areas` is code -> name. `period_status` is code -> final, provisional, further_provisional or unknown. `columns` is
    measure -> column, for a table with a column per measure. `keys` is dimension -> code -> the code as the table
    spells it, with its padding; a code that is not there has none. `expected`: so many rows the table holds for this
    request; None: the source does not say.
    """

    measures: Mapping[str, Measure]
    areas: Mapping[str, str]
    period_status: Mapping[str, str]
    columns: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    expected: int | None = None


@dataclass(frozen=True)
class Batch:
    """One page of observations as equally long columns, and what became of the rows that are not in them.

    `status` is a value of TableCodes.period_status. Exactly one of `value` and `missing` is given per row; `missing` is
    not_delivered, suppressed, impossible, failed or unknown (the source does not say why). `read` counts the rows
    received (of a table with a column per measure: the cells); `outside` those nobody asked for; `summed` those that
    went into a sum, which the last batch holds;
    `repeated` those seen before with the same content; `rejected` is reason -> count; `strange` counts the source's
    words for a missing value that we do not know (those rows are kept, as failed).
    """

    measure: list[str] = field(default_factory=list)
    area: list[str] = field(default_factory=list)
    period: list[str] = field(default_factory=list)
    value: list[float | None] = field(default_factory=list)
    status: list[str] = field(default_factory=list)
    missing: list[str | None] = field(default_factory=list)
    read: int = 0
    outside: int = 0
    repeated: int = 0
    summed: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    strange: Counter[str] = field(default_factory=Counter)

    def __len__(self) -> int:
        return len(self.measure)


class Connector(Protocol):
    """Turns a source's settings and a request into observations. `settings` is an instance of `Settings`.

    Every method raises SourceUnavailable or SourceChanged. `fetch` yields a batch per page and may still raise, also
    SuspectResult, after the last one: store nothing before it has ended.
    """

    label: str
    Settings: type[BaseModel]
    is_recorded: bool  # was it tested against real answers of this source, or only made after its manual?

    def check(self, settings: Any) -> list[str]:
        """Sentences for the administrator; empty when all is well."""

    def state(self, settings: Any, table: str) -> TableState: ...

    def codes(self, settings: Any, request: Request) -> TableCodes: ...

    def fetch(
        self, settings: Any, request: Request, codes: TableCodes, progress: Callable[[int], None]
    ) -> Iterator[Batch]:
        """`progress` hears the number of rows read so far, after each page."""


C = TypeVar("C", bound=Connector)
_connectors: dict[str, Connector] = {}


def register(kind: str) -> Callable[[type[C]], type[C]]:
    """Make a connector known under the word that stands in Source.kind. A second one of that name stops the app."""

    def add(cls: type[C]) -> type[C]:
        if kind in _connectors:
            raise ValueError(f"two connectors are called {kind!r}")
        _connectors[kind] = cls()
        return cls

    return add


def is_connected(kind: str) -> bool:
    """Is there a connector of this name?"""
    return kind in _connectors


def connector(kind: str) -> Connector:
    if kind not in _connectors:
        raise LookupError(f"no connector is called {kind!r}; known: {', '.join(sorted(_connectors))}")
    return _connectors[kind]


# Last, because the modules need the names above.
for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
