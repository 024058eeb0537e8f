"""Reaching each source once, for the operator."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sa

from workbench.core.db import db
from workbench.core.settings import Settings
from workbench.sources.connectors import SourceError, SourceOff, SourceUnavailable, connector
from workbench.sources.connectors.geo import GeoService
from workbench.sources.models import Source
from workbench.sources.outlines import geo_settings
from workbench.sources.refresh import connector_settings

GEO = "geo"  # how the operator calls the service of outlines, which has no figures and so is no Source


@dataclass(frozen=True)
class SourceLine:
    name: str
    state: str  # ok, off, unreachable, changed, not verified
    sentence: str = ""

    @property
    def is_fine(self) -> bool:
        """Is there nothing for the operator to do?"""
        return self.state in ("ok", "off", "not verified")

    @property
    def text(self) -> str:
        return f"{self.name}: {self.state}" + (f" ({self.sentence})" if self.sentence else "")


def check_sources(settings: Settings, name: str | None = None) -> list[SourceLine]:
    """One line per connected source (or the named one), in order of name; the geo service comes last."""
    query = sa.select(Source).where(Source.kind.is_not(None)).order_by(Source.name)
    if name:
        query = query.where(Source.name == name)
    found = [_check(source, settings) for source in db.scalars(query).all()]
    return [*found, _check_geo(settings)] if name in (None, GEO) else found


def _check_geo(settings: Settings) -> SourceLine:
    try:
        year = date.today().year - 1  # noqa: DTZ011 - a calendar year; the outlines of this one may not be out yet
        GeoService().check(geo_settings(settings), year)
    except SourceOff as error:
        return SourceLine(GEO, "off", str(error))
    except SourceUnavailable as error:
        return SourceLine(GEO, "unreachable", str(error))
    except SourceError as error:
        return SourceLine(GEO, "changed", str(error))
    return SourceLine(GEO, "not verified", _NOT_RECORDED)


def _check(source: Source, settings: Settings) -> SourceLine:
    kind = source.kind or ""
    try:
        remarks = connector(kind).check(connector_settings(kind, settings))
    except SourceOff as error:
        source.is_off = True
        return SourceLine(source.name, "off", str(error))
    except SourceUnavailable as error:
        source.unreachable_since = source.unreachable_since or datetime.now(UTC)
        return SourceLine(source.name, "unreachable", str(error))
    except SourceError as error:
        return SourceLine(source.name, "changed", str(error))
    source.checked_at, source.unreachable_since, source.is_off = datetime.now(UTC), None, False
    if remarks:
        return SourceLine(source.name, "changed", " ".join(remarks))
    if not connector(kind).is_recorded:
        return SourceLine(source.name, "not verified", _NOT_RECORDED)
    return SourceLine(source.name, "ok")


_NOT_RECORDED = (
    "De koppeling is gemaakt naar de handleiding en nog niet getoetst aan een opname van echte antwoorden."
)
