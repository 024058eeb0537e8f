"""OutlineEdition and AreaOutline (public)."""

from datetime import datetime
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from workbench.core.db import Base, words
from workbench.indicators.catalogue import AreaType

Polygons: TypeAlias = list[list[list[int]]]  # as in `workbench.indicators.geometry`


class OutlineEdition(Base):
    """The outlines of all areas of one level in one year: real ones, or tiles of one size (schematic)."""

    __tablename__ = "outline_edition"
    __table_args__ = (sa.UniqueConstraint("level", "year", "is_schematic"),)
    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    level: Mapped[AreaType] = mapped_column(words(AreaType, "area_type"))
    year: Mapped[int]
    is_schematic: Mapped[bool]
    source: Mapped[str]  # who made them, as readers see it
    fetched_at: Mapped[datetime]


class AreaOutline(Base):
    """The shape of one area. By code, because outlines may come before the first figure of a district does."""

    __tablename__ = "area_outline"
    edition_id: Mapped[int] = mapped_column(
        sa.ForeignKey("outline_edition.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(primary_key=True)
    polygons: Mapped[Polygons] = mapped_column(JSONB)
