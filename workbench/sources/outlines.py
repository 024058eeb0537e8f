"""Loading outlines of areas: from the national geo service or from a file."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import structlog

from workbench.core.errors import WorkbenchError
from workbench.core.jobs import Job, enqueue
from workbench.core.settings import Settings
from workbench.indicators.catalogue import AreaType
from workbench.indicators.geometry import GeometryError, Outline, read_outlines
from workbench.indicators.outlines.operations import load_outlines
from workbench.indicators.outlines.queries import known_codes
from workbench.sources.connectors import SourceOff
from workbench.sources.connectors.geo import CREDIT, LABEL, GeoService, GeoSettings

log = structlog.get_logger()

LARGEST_FILE = 200_000_000  # bytes
# A map that lacks more than this part of the areas of that year is half a map.
FEWEST = 0.9


class OutlinesError(WorkbenchError):
    """These outlines cannot be taken over; what we had stays."""


def geo_settings(settings: Settings) -> GeoSettings:
    """Raises SourceOff when the operator left the address empty."""
    if not settings.geo_url:
        raise SourceOff("%(source)s staat uit: er is geen adres ingesteld.", source=LABEL)
    return GeoSettings(
        base_url=settings.geo_url,
        user_agent=f"Monitorwerkbank ({settings.contact})",
        page_pause=settings.source_pause,
        force_ipv4=settings.force_ipv4,
    )


def outlines_from_service(
    level: AreaType, year: int, settings: Settings, service: GeoService | None = None
) -> dict[str, int]:
    """Take over the outlines of a year. Raises: SourceError and OutlinesError; what we had stays then."""
    pages = (service or GeoService()).fetch(geo_settings(settings), level.value, year)
    outlines = together(outline for page in pages for outline in page.outlines)
    return _take_over(outlines, level, year, CREDIT)


def outlines_from_file(path: Path, level: AreaType, year: int, source: str) -> dict[str, int]:
    """Take over a GeoJSON or TopoJSON file of the operator. Raises: OutlinesError."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise OutlinesError(f"{path.name}: het bestand is groter dan 200 MB. Kies een grovere kaart.")
        outlines = read_outlines(json.loads(path.read_text(encoding="utf-8-sig")), level.value)
    except OSError as error:
        raise OutlinesError(f"{path.name}: het bestand is niet te lezen ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:
        raise OutlinesError(f"{path.name}: het bestand is onvolledig of is geen JSON.") from error
    except GeometryError as error:
        raise OutlinesError(f"{path.name}: {error}") from error
    return _take_over(outlines, level, year, source)


def together(outlines: Iterable[Outline]) -> list[Outline]:
    """An area whose pieces came in several answers is one again."""
    found: dict[str, Outline] = {}
    for outline in outlines:
        known = found.get(outline.code)
        pieces = (*known.polygons, *outline.polygons) if known else outline.polygons
        found[outline.code] = Outline(outline.code, pieces)
    return [found[code] for code in sorted(found)]


def _take_over(outlines: list[Outline], level: AreaType, year: int, source: str) -> dict[str, int]:
    wanted = known_codes(level, year)
    there = wanted & {outline.code for outline in outlines}
    if len(there) < FEWEST * len(wanted):
        raise OutlinesError(
            f"Van de {len(wanted)} gebieden die er in {year} waren, hebben er maar {len(there)} een omtrek."
            " Klopt het jaar? De oude kaart blijft staan."
        )
    done = asdict(load_outlines(outlines, level, year, source))
    enqueue(Job.BUILD_EVERYWHERE)
    log.info("outlines_loaded", level=level.value, year=year, **done)
    return done
