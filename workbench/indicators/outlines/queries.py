"""Reading outlines. Tells codes and shapes, no figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import sqlalchemy as sa

from workbench.core.db import db
from workbench.figures.shapes import Shape
from workbench.indicators.catalogue import AreaType
from workbench.indicators.models import Area
from workbench.indicators.outlines.models import AreaOutline, OutlineEdition


@dataclass(frozen=True)
class Outlines:
    """The shapes of an edition by code of their area."""

    year: int
    is_schematic: bool
    source: str
    shapes: Mapping[str, Shape]


def outlines_for(level: AreaType, year: int, beginning: str = "") -> Outlines | None:
    """The edition that suits figures of a year best, of the areas whose codes begin so; None: there is none.

    Real outlines go before schematic ones; among those the year itself, else the year nearest to it.
    """
    editions = db.scalars(sa.select(OutlineEdition).where(OutlineEdition.level == level)).all()
    for edition in in_order(editions, year):
        if shapes := _shapes(edition.id, edition.fetched_at, beginning):
            return Outlines(edition.year, edition.is_schematic, edition.source, shapes)
    return None


@lru_cache(maxsize=16)
def _shapes(edition_id: int, _fetched_at: datetime, beginning: str) -> dict[str, Shape]:
    """The same for every council, until the edition changes."""
    rows = db.execute(
        sa.select(AreaOutline.code, AreaOutline.polygons)
        .where(AreaOutline.edition_id == edition_id, AreaOutline.code.startswith(beginning, autoescape=True))
        .order_by(AreaOutline.code)
    )
    return {
        code: tuple(tuple(tuple(ring) for ring in polygon) for polygon in polygons) for code, polygons in rows
    }


def in_order(editions: Sequence[OutlineEdition], year: int) -> list[OutlineEdition]:
    """The one that suits figures of this year best comes first; of two as near the later one."""
    return sorted(editions, key=lambda item: (item.is_schematic, abs(item.year - year), -item.year))


def known_codes(level: AreaType, year: int) -> set[str]:
    """The areas of a level that we know to have existed during a year. None of districts, whose years nobody told us."""
    if level is not AreaType.GEMEENTE:
        return set()
    rows = db.scalars(
        sa.select(Area.code).where(
            Area.type == level,
            sa.or_(Area.valid_from.is_(None), Area.valid_from <= date(year, 1, 1)),
            sa.or_(Area.valid_until.is_(None), Area.valid_until > date(year, 1, 1)),
        )
    )
    return set(rows)


def outlines_changed_at() -> datetime | None:
    """When any outline last changed: a map is drawn again then."""
    return db.scalar(sa.select(sa.func.max(OutlineEdition.fetched_at)))
