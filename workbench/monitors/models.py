"""Section, Block, BlockDocument. A plan has one monitor, so the plan is the monitor's key."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workbench.core.cards import Card
from workbench.core.db import Model
from workbench.core.tenancy import CouncilOwned
from workbench.evidence.models import Link
from workbench.vision.models import Value


class Section(Card, Model):
    """The part of a monitor about one value."""

    __tablename__ = "section"
    __table_args__ = (sa.UniqueConstraint("value_id"),)
    CONTENT: ClassVar = ("value_id",)
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    value_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("value.id", ondelete="CASCADE"))
    value: Mapped[Value] = relationship(lazy="raise")


class Block(Card, Model):
    """One figure in a section, made for a link. Its id is its address, also after a link is changed."""

    __tablename__ = "block"
    __table_args__ = (sa.UniqueConstraint("link_id"),)
    CONTENT: ClassVar = ("link_id", "section_id", "options")
    section_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("section.id", ondelete="CASCADE"), index=True)
    link_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("link.id", ondelete="CASCADE"))
    options: Mapped[dict[str, Any]] = mapped_column(JSONB)
    section: Mapped[Section] = relationship(lazy="raise")
    link: Mapped[Link] = relationship(lazy="raise")


# Raise this when the code makes other documents from the same figures: every block is then built anew.
DOCUMENT_FORMAT = 6


class BlockDocument(CouncilOwned, Model):
    """A built block in one language, as the web serves it: words, table and SVG; Bokeh JSON gzipped apart."""

    __tablename__ = "block_document"
    __table_args__ = (sa.UniqueConstraint("block_id", "language"),)
    block_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("block.id", ondelete="CASCADE"))
    language: Mapped[str]
    version: Mapped[str]  # of data, options, theme and language
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    chart: Mapped[bytes | None]  # gzipped JSON; None where there is nothing to draw
    built_at: Mapped[datetime]
    data_changed_at: Mapped[datetime | None]  # of the figures it was built from
    data_fetched_at: Mapped[datetime | None]  # the day that its source line tells
    context_changed_at: Mapped[datetime | None]  # of the comparison and the events it was built with
    block_version: Mapped[int]
    area_id: Mapped[int | None] = mapped_column(sa.ForeignKey("area.id"))  # whom it is about
    format: Mapped[int]  # DOCUMENT_FORMAT of the code that built it
