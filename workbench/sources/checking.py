"""Reaching each source once, for the operator."""

from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from workbench.core.db import db
from workbench.core.settings import Settings
from workbench.sources.connectors import SourceError, SourceOff, SourceUnavailable, connector
from workbench.sources.models import Source
from workbench.sources.refresh import connector_settings


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
    """One line per connected source (or the named one), in order of name."""
    query = sa.select(Source).where(Source.kind.is_not(None)).order_by(Source.name)
    if name:
        query = query.where(Source.name == name)
    return [_check(source, settings) for source in db.scalars(query).all()]


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
