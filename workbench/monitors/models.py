"""Monitor, MonitorFormat, BlockDocument."""

import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from workbench.core.cards import Card
from workbench.core.db import Model, words
from workbench.core.tenancy import CouncilOwned


class MonitorKind(StrEnum):
    """For whom a monitor is."""

    COUNCIL = "council"
    PUBLIC = "public"
    THEME = "theme"


KIND_NAMES = {
    MonitorKind.COUNCIL: _("voor de raad"),
    MonitorKind.PUBLIC: _("voor inwoners"),
    MonitorKind.THEME: _("over één onderwerp"),
}


class Monitor(Card, Model):
    """A monitor of a plan. Its format is that of the number it points to: one to work on, one that is published."""

    __tablename__ = "monitor"
    __table_args__ = (
        sa.Index(
            "uq_monitor_of_the_council",
            "plan_id",
            unique=True,
            postgresql_where=sa.text("kind = 'council'"),
        ),
    )
    CONTENT: ClassVar = ("title", "kind")
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(default="")  # empty: that of the plan
    kind: Mapped[MonitorKind] = mapped_column(words(MonitorKind, "monitor_kind"), default=MonitorKind.COUNCIL)
    draft: Mapped[int] = mapped_column(default=0)  # 0: nothing was made yet
    published: Mapped[int | None]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    # Did a person shape it? Until then it follows the plan by itself.
    shaped: Mapped[bool] = mapped_column(default=False)

    @property
    def kind_name(self) -> str:
        return str(KIND_NAMES[self.kind])

    @property
    def shown(self) -> int:
        """The number of the format that its page shows."""
        return self.published or self.draft

    @property
    def read(self) -> int | None:
        """The number of the format that its readers see; None: it is the working group's alone."""
        return self.shown if self.kind is MonitorKind.COUNCIL else self.published


class MonitorFormat(CouncilOwned, Model):
    """One format of a monitor, whole and for good. The role `web` may add formats, not change or remove them."""

    __tablename__ = "monitor_format"
    __table_args__ = (sa.UniqueConstraint("monitor_id", "number"),)
    monitor_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("monitor.id", ondelete="CASCADE"))
    number: Mapped[int]
    follows: Mapped[int | None]  # the number it was made from; None: the first
    tree: Mapped[dict[str, Any]] = mapped_column(JSONB)  # see format.py
    change: Mapped[dict[str, Any]] = mapped_column(JSONB)  # what was done, and to what; see change_words.py
    made_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))


# Raise this when the code makes other documents from the same figures: every block is then built anew.
DOCUMENT_FORMAT = 8


class BlockDocument(CouncilOwned, Model):
    """A built block in one language, as the web serves it: words, table and SVG; Bokeh JSON gzipped apart.

    One for each key: what the block is made from. So a draft and what is published may differ in their options.
    """

    __tablename__ = "block_document"
    __table_args__ = (sa.UniqueConstraint("block_id", "language", "key"),)
    monitor_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("monitor.id", ondelete="CASCADE"), index=True)
    link_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("link.id", ondelete="CASCADE"), index=True)
    block_id: Mapped[uuid.UUID]  # in a format of the monitor
    key: Mapped[str]  # see format.key_of
    language: Mapped[str]
    version: Mapped[str]  # of data, options, theme and language
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    chart: Mapped[bytes | None]  # gzipped JSON; None where there is nothing to draw
    built_at: Mapped[datetime]
    data_changed_at: Mapped[datetime | None]  # of the figures it was built from
    data_fetched_at: Mapped[datetime | None]  # the day that its source line tells
    context_changed_at: Mapped[datetime | None]  # of the comparison and the events it was built with
    area_id: Mapped[int | None] = mapped_column(sa.ForeignKey("area.id"))  # whom it is about
    format: Mapped[int]  # DOCUMENT_FORMAT of the code that built it
    theme: Mapped[str] = mapped_column(default="")  # with which colours; see queries.theme_of
