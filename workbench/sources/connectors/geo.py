"""The national geo service (PDOK): outlines of municipalities and districts of a year, by WFS 2.0 as GeoJSON.

{base}/{year}/wfs/v1_0 with the layer of a level. Of a layer a page of features is asked at a time; the service says how
many there are. It has no figures, so it is no source in the catalogue.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workbench.indicators.geometry import GeometryError, Outline, read_outlines
from workbench.sources.connectors import SourceChanged, SuspectResult
from workbench.sources.connectors.http import Conversation, HttpSettings

LABEL = "PDOK"
# Whom a map names as the maker of its outlines.
CREDIT = "CBS en Kadaster, via PDOK"
LAYERS = {
    "gemeente": "gebiedsindelingen:gemeente_gegeneraliseerd",
    "wijk": "gebiedsindelingen:wijk_gegeneraliseerd",
}
PAGE = 1000  # features; the service gives no more at once
MOST_PAGES = 50


class GeoSettings(HttpSettings):
    max_page_bytes: int = 50_000_000


@dataclass(frozen=True)
class Page:
    """The outlines of one answer. `total`: so many features the layer has; None: the service does not say."""

    outlines: list[Outline]
    features: int
    total: int | None


class GeoService:
    """Every method raises SourceUnavailable or SourceChanged."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self.sleep = sleep

    def check(self, settings: GeoSettings, year: int) -> None:
        """Ask for one municipality."""
        with Conversation(settings, LABEL, self.sleep) as talk:
            _page(talk.get(_address(settings, year), _options("gemeente", 0, 1)), "gemeente")

    def fetch(self, settings: GeoSettings, level: str, year: int) -> Iterator[Page]:
        """The outlines of a level, a page at a time; may still raise, also SuspectResult, after the last one."""
        read, total = 0, None
        with Conversation(settings, LABEL, self.sleep) as talk:
            for number in range(MOST_PAGES):
                if number:
                    self.sleep(settings.page_pause)
                page = _page(talk.get(_address(settings, year), _options(level, read, PAGE)), level)
                read, total = read + page.features, page.total
                yield page
                if page.features < PAGE or read == total:
                    break
        if total is not None and read != total:
            raise SuspectResult(
                "%(source)s zegt dat er %(total)s omtrekken zijn, maar stuurde er %(read)s.",
                source=LABEL,
                total=total,
                read=read,
            )


def _address(settings: GeoSettings, year: int) -> str:
    return f"{settings.base_url}/{year}/wfs/v1_0"


def _options(level: str, start: int, count: int) -> dict[str, str]:
    return {
        "service": "WFS",
        "version": "2.0.0",
        "request": "GetFeature",
        "typeNames": LAYERS[level],
        "outputFormat": "application/json",
        "srsName": "EPSG:28992",
        "startIndex": str(start),
        "count": str(count),
    }


def _page(answer: Mapping[str, Any], level: str) -> Page:
    features, total = answer.get("features"), answer.get("numberMatched")
    if not isinstance(features, list):
        raise SourceChanged("Het antwoord van %(source)s heeft een andere vorm dan we kennen.", source=LABEL)
    known = total if isinstance(total, int) and not isinstance(total, bool) else None
    if not features and known:
        return Page([], 0, known)
    try:
        return Page(read_outlines(answer, level), len(features), known)
    except GeometryError as error:
        raise SourceChanged(error.msgid, **error.values) from error
