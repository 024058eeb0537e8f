"""Loading which municipality lies in which region: from a table of Statistics Netherlands or from a file."""

from dataclasses import asdict
from pathlib import Path

import structlog

from workbench.core.jobs import Job, enqueue
from workbench.core.settings import Settings
from workbench.indicators.operations import load_regions
from workbench.indicators.regions import Belonging, RegionsError, parse_regions
from workbench.sources.connectors.cbs_v3 import CbsV3
from workbench.sources.refresh import connector_settings

log = structlog.get_logger()


def regions_from_table(table: str, settings: Settings, source: CbsV3 | None = None) -> dict[str, int]:
    """Take over a yearly table; of that year it is the whole truth.

    Raises: SourceError and RegionsError; what we had stays then.
    """
    if not table.isalnum() or not table.isascii():
        raise RegionsError([f"{table[:40]!r} is geen tabelnummer. Een tabelnummer heeft letters en cijfers."])
    connection = connector_settings("cbs-v3", settings)
    found = (source or CbsV3()).division(connection, table)  # type: ignore[arg-type]  # settings of this very kind
    return _take_over(found, f"CBS {table}", is_whole=True)


def regions_from_file(path: Path) -> dict[str, int]:
    """Take over a file of the operator. Raises: RegionsError."""
    try:
        content = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RegionsError(
            [f"{path.name}: het bestand is geen UTF-8. Bewaar het opnieuw als UTF-8."]
        ) from error
    except OSError as error:
        raise RegionsError([f"{path.name}: het bestand is niet te lezen ({error.strerror})."]) from error
    return _take_over(parse_regions(content), path.name, is_whole=False)


def _take_over(found: list[Belonging], source: str, *, is_whole: bool) -> dict[str, int]:
    done = asdict(load_regions(found, source, is_whole=is_whole))
    enqueue(Job.BUILD_EVERYWHERE)
    log.info("regions_loaded", **done)
    return done
