"""Export: a monitor that a member takes along, frozen when it was asked for, and the file that is made of it."""

import uuid
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from workbench.core.db import Model, words
from workbench.core.tenancy import CouncilOwned

KEPT = timedelta(hours=24)
MOST_BYTES = 30_000_000  # of a file


class Form(StrEnum):
    """What a monitor, or one figure of it, is taken along as."""

    PDF = "pdf"
    WORD = "docx"
    WORKBOOK = "xlsx"
    CSV = "csv"
    SHEET = "blad"
    SHEET_PICTURE = "blad-png"
    FIGURE_PNG = "figuur-png"
    FIGURE_SVG = "figuur-svg"
    FIGURE_CSV = "figuur-csv"


FORM_NAMES = {
    Form.PDF: _("PDF, om te lezen en te printen"),
    Form.WORD: _("Word, om zelf aan verder te schrijven"),
    Form.WORKBOOK: _("Excel, met een blad per figuur"),
    Form.CSV: _("CSV, een bestand per figuur in één zip"),
    Form.SHEET: _("Eén blad (A3), om op te hangen of uit te delen"),
    Form.SHEET_PICTURE: _("Eén blad als afbeelding (PNG), voor een presentatie of bericht"),
    Form.FIGURE_PNG: _("PNG, voor een presentatie of een bericht"),
    Form.FIGURE_SVG: _("SVG, om scherp te vergroten"),
    Form.FIGURE_CSV: _("CSV, de tabel om mee te rekenen"),
}
WITH_QUOTES = (Form.PDF, Form.WORD)
OF_A_FIGURE = (Form.FIGURE_PNG, Form.FIGURE_SVG, Form.FIGURE_CSV)
OF_A_MONITOR = tuple(form for form in Form if form not in OF_A_FIGURE)
ON_ONE_SHEET = (Form.SHEET, Form.SHEET_PICTURE)


class State(StrEnum):
    WAITING = "waiting"
    WRITING = "writing"
    READY = "ready"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"  # a narrator takes back words that stood in it


class Export(CouncilOwned, Model):
    """Of one person: nobody else may see it. It goes after a day, with its file."""

    __tablename__ = "monitor_export"
    __table_args__ = (
        sa.CheckConstraint("(state = 'ready') = (file IS NOT NULL)", name="only_what_is_ready_has_a_file"),
        sa.CheckConstraint(f"octet_length(file) <= {MOST_BYTES}", name="file_not_too_large"),
    )
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    asked_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    form: Mapped[Form] = mapped_column(words(Form, "export_form"))
    block_id: Mapped[uuid.UUID | None]  # of the figure, for the forms of a figure
    title: Mapped[str]
    language: Mapped[str]
    # What the file is made of; of quotes their ids, whose words come in when the file is made.
    content: Mapped[dict[str, Any]] = mapped_column(JSONB, deferred=True)
    excerpt_ids: Mapped[list[uuid.UUID]] = mapped_column(sa.ARRAY(sa.Uuid), default=list)
    fingerprint: Mapped[str]  # of this content
    state: Mapped[State] = mapped_column(words(State, "export_state"), default=State.WAITING)
    file: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    asked_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    started_at: Mapped[datetime | None]
    expires_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC) + KEPT, index=True)

    @property
    def form_name(self) -> str:
        return str(FORM_NAMES[self.form])

    @property
    def is_running(self) -> bool:
        return self.state in (State.WAITING, State.WRITING)

    @property
    def step(self) -> int:
        """How far: of STEPS."""
        return {State.WAITING: 1, State.WRITING: 2}.get(self.state, STEPS)


STEPS = 3
