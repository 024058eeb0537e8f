"""Publication, with its pages, charts and pictures; PublicationSettings.

A visitor reads these through the door of one council (`published_door`), and PostgreSQL shows only what stands open on
that day: published, not revoked, within its dates, and not hidden before elections. See migration 0035.
"""

import uuid
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from workbench.core.db import Model
from workbench.core.tenancy import CouncilOwned


class Publication(CouncilOwned, Model):
    """What the clerk ticked of a monitor: first a draft, then published, and revoked or replaced at last.

    A monitor has at most one draft, and a council at most one that stands. What was published once never changes.
    """

    __tablename__ = "publication"
    __table_args__ = (
        sa.Index(
            "uq_publication_draft",
            "monitor_id",
            unique=True,
            postgresql_where=sa.text("published_at IS NULL"),
        ),
        sa.Index(
            "uq_publication_standing",
            "council_id",
            unique=True,
            postgresql_where=sa.text("published_at IS NOT NULL AND revoked_at IS NULL"),
        ),
    )
    monitor_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("monitor.id", ondelete="CASCADE"), index=True)
    ticked: Mapped[list[uuid.UUID]] = mapped_column(
        sa.ARRAY(sa.Uuid())
    )  # ids of blocks, and of sections for the words
    own_figures: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)  # block id -> own indicator id
    made_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    published_at: Mapped[datetime | None]
    starts_on: Mapped[date | None]  # the first day it can be read; set when published
    ends_on: Mapped[date | None]  # the last day; None: until it is revoked
    revoked_at: Mapped[datetime | None]

    def is_open(self, day: date) -> bool:
        """Within its dates, and not revoked?"""
        return (
            self.revoked_at is None
            and self.starts_on is not None
            and self.starts_on <= day
            and (self.ends_on is None or day <= self.ends_on)
        )


class PublicationPage(CouncilOwned, Model):
    """What residents read in one language, for good. The role `web` may add pages, not change or remove them."""

    __tablename__ = "publication_page"
    __table_args__ = (sa.UniqueConstraint("publication_id", "language"),)
    publication_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("publication.id", ondelete="CASCADE"))
    language: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)  # MonitorWords, of contents.py


class PublicationChart(CouncilOwned, Model):
    """The chart of a figure as it was on that day. The role `web` may add charts, not change or remove them."""

    __tablename__ = "publication_chart"
    __table_args__ = (sa.UniqueConstraint("publication_id", "block_id", "language"),)
    publication_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("publication.id", ondelete="CASCADE"))
    block_id: Mapped[uuid.UUID]
    language: Mapped[str]
    version: Mapped[str]
    chart: Mapped[bytes]  # gzipped JSON


class PublicationPicture(CouncilOwned, Model):
    """The picture that stands beside a link to the page elsewhere. The worker draws it."""

    __tablename__ = "publication_picture"
    __table_args__ = (sa.UniqueConstraint("publication_id", "language"),)
    publication_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("publication.id", ondelete="CASCADE"))
    language: Mapped[str]
    png: Mapped[bytes]


class PublicationSettings(CouncilOwned, Model):
    """The quiet weeks before elections, and the websites that may show a block. Visitors' requests read these too."""

    __tablename__ = "publication_settings"
    __table_args__ = (
        sa.UniqueConstraint("council_id"),
        sa.CheckConstraint(
            "(quiet_from IS NULL) = (quiet_until IS NULL) AND quiet_from <= quiet_until", name="quiet_days"
        ),
    )
    quiet_from: Mapped[date | None]
    quiet_until: Mapped[date | None]
    quiet_hides: Mapped[bool] = mapped_column(default=False)  # the page is away in those weeks
    hosts: Mapped[list[str]] = mapped_column(default=list)  # see hosts.py

    def is_quiet(self, day: date) -> bool:
        return (
            self.quiet_from is not None
            and self.quiet_until is not None
            and self.quiet_from <= day <= self.quiet_until
        )
