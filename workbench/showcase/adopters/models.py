"""Adopter, TemplateUse, TemplateNote, TemplateAnswer.

These cross councils, so what each side reads is settled by policies in PostgreSQL (migration 0049): a count says
nothing of who, a note is read by who wrote it and by the council that shared the example, and by nobody else.
"""

import uuid
from datetime import UTC, datetime
from enum import StrEnum

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Mapped, mapped_column

from workbench.core.db import Model, words
from workbench.core.tenancy import CouncilOwned


class Adopter(CouncilOwned, Model):
    """That this council copied an example; nobody else reads it. `use_id`: its nameless place in the count."""

    __tablename__ = "adopter"
    __table_args__ = (sa.UniqueConstraint("council_id", "template_id"),)
    # No reference: it is of another council, which may revoke it.
    template_id: Mapped[uuid.UUID] = mapped_column(index=True)
    use_id: Mapped[uuid.UUID] = mapped_column(unique=True)


class TemplateUse(Model):
    """One council copied this example: a place in the count, which names the council only when it wants that."""

    __tablename__ = "template_use"
    template_id: Mapped[uuid.UUID] = mapped_column(index=True)
    named_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("council.id"))


class NoteKind(StrEnum):
    THANKS = "thanks"
    REMARK = "remark"


NOTE_NAMES = {NoteKind.THANKS: _("een bedankje"), NoteKind.REMARK: _("een opmerking of tip")}


class TemplateNote(CouncilOwned, Model):
    """A thank-you or a remark of who copied an example, for the council that shared it."""

    __tablename__ = "template_note"
    template_id: Mapped[uuid.UUID] = mapped_column(index=True)
    kind: Mapped[NoteKind] = mapped_column(words(NoteKind, "template_note_kind"))
    text: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))


class TemplateAnswer(CouncilOwned, Model):
    """What the council that shared an example says back to a note, once; an empty text: it was read."""

    __tablename__ = "template_answer"
    note_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    text: Mapped[str]
    answered_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
