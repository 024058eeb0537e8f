"""Keeping an edition of outlines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from workbench.core.db import db
from workbench.indicators.catalogue import AreaType
from workbench.indicators.geometry import Outline
from workbench.indicators.outlines.models import AreaOutline, OutlineEdition, Polygons


@dataclass(frozen=True)
class OutlinesLoaded:
    """What loading an edition did, in areas."""

    added: int
    changed: int
    unchanged: int
    removed: int


def load_outlines(
    outlines: Sequence[Outline], level: AreaType, year: int, source: str, *, is_schematic: bool = False
) -> OutlinesLoaded:
    """Let these be the outlines of a level in a year; what is not among them goes. Doing it twice changes nothing."""
    edition = db.scalar(
        sa.select(OutlineEdition).where(
            OutlineEdition.level == level,
            OutlineEdition.year == year,
            OutlineEdition.is_schematic == is_schematic,
        )
    )
    now = datetime.now(UTC)
    if edition is None:
        edition = OutlineEdition(
            level=level, year=year, is_schematic=is_schematic, source=source, fetched_at=now
        )
        db.add(edition)
        db.flush()
    known = {
        item.code: item
        for item in db.scalars(sa.select(AreaOutline).where(AreaOutline.edition_id == edition.id))
    }
    added = changed = 0
    for outline in outlines:
        polygons = _plain(outline)
        item = known.pop(outline.code, None)
        if item is None:
            db.add(AreaOutline(edition_id=edition.id, code=outline.code, polygons=polygons))
            added += 1
        elif item.polygons != polygons:
            item.polygons = polygons
            changed += 1
    for gone in known.values():
        db.delete(gone)
    if added or changed or known or edition.source != source:
        edition.source, edition.fetched_at = source, now
    db.flush()
    return OutlinesLoaded(added, changed, len(outlines) - added - changed, len(known))


def _plain(outline: Outline) -> Polygons:
    return [[list(ring) for ring in polygon] for polygon in outline.polygons]
