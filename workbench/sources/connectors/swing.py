"""Waarstaatjegemeente.nl and other sites on ABF Swing: {base}/Variables('x')/GeoLevels('gemeente')/PeriodLevels('year')/….

Made after the manual of the Open Data Service: no real answer was at hand. Of a variable the service is asked what it
is, for which years it has figures at a level, which areas that level has, and then the values, a year at a time.
In the catalogue `table` and `measure` are both the code of the variable, `region` is GeoLevels, `period` PeriodLevels.
"""

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import httpx
from pydantic import BaseModel, SecretStr

from workbench.core.language import AMSTERDAM
from workbench.indicators.periods import PeriodType
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
from workbench.sources.connectors.cbs import check_dimensions, check_unit, known_form, text
from workbench.sources.connectors.http import Conversation, HttpSettings, NotFound
from workbench.sources.connectors.odata import Row, pages, quoted
from workbench.sources.connectors.tidy import Tidy

AREAS, PERIODS = "GeoLevels", "PeriodLevels"
VALUE = "ValueString"
YEARS = "year"
YEAR = re.compile(r"[12][0-9]{3}")
# Level of the catalogue -> what the service calls it, and the number of digits in a code of Statistics Netherlands.
GEO_LEVELS = {
    "nl": ("nederland", 2),
    "provincie": ("provincie", 2),
    "gemeente": ("gemeente", 4),
    "wijk": ("wijk", 6),
    "buurt": ("buurt", 8),
}
# The service's marks, and the numbers it keeps for them -> those that the reader of wide pages knows.
UNKNOWN, HIDDEN, EMPTY, NOT_APPLICABLE = ".", "x", "-99998", ""
MARKS = {
    "?": UNKNOWN,
    "-99999": UNKNOWN,
    "": UNKNOWN,
    "x": HIDDEN,
    "-99997": HIDDEN,
    "-": EMPTY,
    "-99996": EMPTY,
    "-99998": NOT_APPLICABLE,
}


class SwingSettings(HttpSettings):
    api_key: SecretStr


class _Talk(Conversation):
    def _judge(self, response: httpx.Response) -> None:
        if response.status_code in (401, 403):
            raise SourceChanged(
                "%(source)s neemt onze sleutel niet aan. Vraag een nieuwe sleutel aan en zet die in de instellingen.",
                source=self.source,
            )
        super()._judge(response)


@register("swing")
class Swing:
    label = "Waarstaatjegemeente"
    Settings: type[BaseModel] = SwingSettings
    is_recorded = False

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self.sleep = sleep

    def check(self, settings: SwingSettings) -> list[str]:
        with self._talk(settings) as talk:
            next(pages(talk, f"{settings.base_url}/{PERIODS}"))
        return []

    def state(self, settings: SwingSettings, table: str) -> TableState:
        """The service does not say when a variable changed: every day counts as a new edition."""
        with self._talk(settings) as talk, self._known(table):
            about = talk.get(_variable(settings, table))
        said = json.dumps(about, sort_keys=True)
        today = datetime.now(AMSTERDAM).date().isoformat()
        return TableState(
            table,
            text(about.get("Name")) or table,
            None,
            None,
            None,
            None,
            None,
            hashlib.sha256(f"{table}|{today}|{said}".encode()).hexdigest(),
        )

    def codes(self, settings: SwingSettings, request: Request) -> TableCodes:
        check_dimensions(request, [AREAS, PERIODS])
        _check_possible(request)
        areas: dict[str, str] = {}
        spelled: dict[str, str] = {}
        years: set[str] = set()
        with self._talk(settings) as talk, known_form(request.table):
            with self._known(request.table):
                about = talk.get(_variable(settings, request.table))
            for level in request.levels:
                with self._published(request.table, level):
                    address = f"{_level(settings, request.table, level)}/Periods"
                    years |= {text(row["Period"]) for page in pages(talk, address) for row in page}
                    for page in pages(talk, f"{settings.base_url}/{_geo_level(level)}/GeoItems"):
                        for row in page:
                            code = area_of(level, text(row["ExternalCode"]))
                            areas[code], spelled[code] = text(row["Name"]), text(row["ExternalCode"])
        measure = Measure(text(about.get("Name")), text(about.get("Unit")), 0, text(about.get("Description")))
        check_unit(request, request.table, measure)
        known = {f"{year}JJ00": year for year in sorted(years) if YEAR.fullmatch(year)}
        return TableCodes(
            measures={request.table: measure},
            areas=areas,
            period_status=dict.fromkeys(known, "unknown"),
            columns={request.table: VALUE},
            keys={AREAS: spelled, PERIODS: known},
        )

    def fetch(
        self, settings: SwingSettings, request: Request, codes: TableCodes, progress: Callable[[int], None]
    ) -> Iterator[Batch]:
        """A level and a year at a time: an answer stays small, and what breaks off is one year."""
        tidy, read = Tidy(request, codes), 0
        wanted = [year for code, year in codes.keys[PERIODS].items() if request.wants_period(code)]
        if not wanted:
            raise SuspectResult(
                "%(source)s heeft van %(variable)s geen jaren die wij zoeken.",
                source=self.label,
                variable=request.table,
            )
        with self._talk(settings) as talk:
            for level in request.levels:
                known = {
                    external: code
                    for code, external in codes.keys[AREAS].items()
                    if code.startswith(LEVELS[level])
                }
                for year in wanted:
                    address = f"{_level(settings, request.table, level)}/Periods({quoted(year)})/Values"
                    try:
                        for rows in pages(talk, address):
                            batch = tidy.wide_page([_as_wide(row, level, known) for row in rows])
                            read += len(rows)
                            progress(read)
                            yield batch
                    except NotFound:
                        continue  # this level has no figures over this year
        tidy.finish()

    def _talk(self, settings: SwingSettings) -> Conversation:
        return _Talk(settings, self.label, self.sleep, {"apikey": settings.api_key.get_secret_value()})

    @contextmanager
    def _known(self, variable: str) -> Iterator[None]:
        try:
            yield
        except NotFound as error:
            raise SourceChanged(
                "%(source)s kent de variabele %(variable)s niet.", source=self.label, variable=variable
            ) from error

    @contextmanager
    def _published(self, variable: str, level: str) -> Iterator[None]:
        try:
            yield
        except NotFound as error:
            raise SourceChanged(
                "%(source)s geeft %(variable)s niet voor het niveau %(level)s.",
                source=self.label,
                variable=variable,
                level=level,
            ) from error


def area_of(level: str, external: str) -> str:
    """Our code of an area: 'gemeente_106', '106' and 'GM0106' are all GM0106. Raises ValueError for a code without number."""
    if level == "nl":
        return NATIONAL
    number = re.search(r"[0-9]+$", external)
    if number is None:
        raise ValueError(f"{external!r} holds no number")
    return LEVELS[level] + number[0].zfill(GEO_LEVELS[level][1])


def _check_possible(request: Request) -> None:
    if request.measures != (request.table,):
        raise SourceChanged(
            "Bij Swing is het onderwerp de variabele zelf: zet bij 'measure' ook %(variable)s.",
            variable=request.table,
        )
    if request.period_type not in (None, PeriodType.YEAR):
        raise SourceChanged("Van Swing lezen wij alleen jaarcijfers. Zet bij 'period_type' year.")
    if unknown := [level for level in request.levels if level not in GEO_LEVELS]:
        raise SourceChanged(
            "Van Swing lezen wij het niveau %(level)s niet. Wel: %(known)s.",
            level=", ".join(unknown),
            known=", ".join(GEO_LEVELS),
        )


def _variable(settings: SwingSettings, variable: str) -> str:
    return f"{settings.base_url}/Variables({quoted(variable)})"


def _geo_level(level: str) -> str:
    return f"{AREAS}({quoted(GEO_LEVELS[level][0])})"


def _level(settings: SwingSettings, variable: str, level: str) -> str:
    return f"{_variable(settings, variable)}/{_geo_level(level)}/{PERIODS}({quoted(YEARS)})"


def _as_wide(row: Row, level: str, known: Mapping[str, str]) -> Row:
    """A row of values as the reader of wide pages takes it. An area that is on no list is refused there."""
    external, wide = text(row.get("ExternalCode")), dict(row)
    wide[AREAS] = known.get(external, LEVELS[level] + external)
    wide[PERIODS] = f"{text(row.get('Period'))}JJ00"
    if VALUE in row:
        cell = text(row[VALUE])
        wide[VALUE] = MARKS.get(cell, cell.replace(",", "."))
    return wide
