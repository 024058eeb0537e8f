"""SharedTemplate, Adoption."""

import uuid
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from workbench.core.db import Model, words
from workbench.core.tenancy import CouncilOwned
from workbench.showcase.circles.models import CIRCLE_NAMES, Circle


class TemplateKind(StrEnum):
    """What is shared: a whole plan, or one part of it."""

    PLAN = "plan"
    VALUES = "values"  # a set of values
    GOAL = "goal"  # one goal with what it is measured by
    FORMAT = "format"  # of a monitor
    STEPS = "steps"  # the step plan, with the questions of the council's own
    SCRIPT = "script"  # of a workshop


KIND_NAMES = {
    TemplateKind.PLAN: _("heel traject"),
    TemplateKind.VALUES: _("waarden"),
    TemplateKind.GOAL: _("doel met cijfers"),
    TemplateKind.FORMAT: _("opzet van een monitor"),
    TemplateKind.STEPS: _("stappenplan met eigen vragen"),
    TemplateKind.SCRIPT: _("draaiboek van een werksessie"),
}


class Licence(StrEnum):
    """What others may do with the words."""

    CC_BY = "cc-by-4.0"
    CC0 = "cc0-1.0"


LICENCE_NAMES = {
    Licence.CC_BY: _("CC BY 4.0: anderen mogen het gebruiken en veranderen, en noemen uw raad"),
    Licence.CC0: _("CC0: anderen mogen alles, zonder uw raad te noemen"),
}
WORKBENCH = "Monitorwerkbank"  # shares the templates that come along with it, and reads no notes
SEARCH = "setweight(to_tsvector('dutch', search_name), 'A') || to_tsvector('dutch', search_text)"


class SharedTemplate(CouncilOwned, Model):
    """What a council shares of one of its plans, monitors or workshops, until it is revoked. `circle` and the days say
    who reads it; PostgreSQL holds to that.

    Sharing again replaces `content` (see content.py) and counts up `number`; the address stays. Names nobody: who
    shared it stands in the audit trail.
    """

    __tablename__ = "shared_template"
    __table_args__ = (
        sa.UniqueConstraint("kind", "subject_id"),
        sa.Index("ix_shared_template_shared_at", "shared_at", postgresql_where=sa.text("revoked_at IS NULL")),
        sa.Index(None, "search", postgresql_using="gin"),
    )
    plan_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("plan.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[TemplateKind] = mapped_column(words(TemplateKind, "template_kind"))
    # Of the plan, goal, monitor or workshop. No reference: it is of several kinds.
    subject_id: Mapped[uuid.UUID]
    number: Mapped[int]
    title: Mapped[str]
    description: Mapped[str]
    context: Mapped[str]
    differently: Mapped[str]  # what we would do differently next time
    contact: Mapped[str] = mapped_column(default="")  # address of an office, never of a person
    licence: Mapped[Licence | None] = mapped_column(words(Licence, "template_licence"))  # None: nobody said
    history: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)  # number, day and what changed
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    fictitious: Mapped[bool]
    shared_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    circle: Mapped[Circle] = mapped_column(words(Circle, "template_circle"))
    visible_from: Mapped[date]
    visible_until: Mapped[date | None]  # the last day
    # What it is found by; made from the content when it is shared.
    themes: Mapped[list[str]]
    laws: Mapped[list[str]]
    value_names: Mapped[list[str]]
    figures: Mapped[int]
    stories: Mapped[int]
    size: Mapped[int | None]  # lower bound of the size class of the municipality; None: not known
    search_name: Mapped[str] = mapped_column(deferred=True)  # plain words, without accents
    search_text: Mapped[str] = mapped_column(deferred=True)
    search: Mapped[str] = mapped_column(TSVECTOR, sa.Computed(SEARCH, persisted=True), deferred=True)

    @property
    def is_shared(self) -> bool:
        return self.revoked_at is None

    @property
    def kind_name(self) -> str:
        return str(KIND_NAMES[self.kind])

    @property
    def licence_name(self) -> str:
        return str(LICENCE_NAMES[self.licence]) if self.licence else ""

    @property
    def circle_name(self) -> str:
        return str(CIRCLE_NAMES[self.circle])

    def is_open_on(self, day: date) -> bool:
        """Do readers of its circle see it on this day?"""
        return (
            self.is_shared
            and self.visible_from <= day
            and (self.visible_until is None or day <= self.visible_until)
        )


class Adoption(CouncilOwned, Model):
    """An example that lies ready in a plan, or a script that became a workshop: of what it is a copy, and all that came
    along. `in_package`: it came from another workbench, whose council reads nothing here.

    Nothing of the content is the council's own until the group takes a card over, which then has the key of the card
    here as its origin. The content is as it was copied; when the example is renewed, card by card as the group chose,
    and `template_number` when nothing is left to choose.
    """

    __tablename__ = "adoption"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "template_id"),
        sa.CheckConstraint("num_nonnulls(plan_id, workshop_id) = 1", name="one_place"),
    )
    plan_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"))
    workshop_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("workshop.id", ondelete="CASCADE"), unique=True
    )
    # No reference: it is of another council, which may revoke it.
    template_id: Mapped[uuid.UUID] = mapped_column(index=True)
    template_number: Mapped[int]
    title: Mapped[str]
    shared_by: Mapped[str]  # name of the council
    in_package: Mapped[bool] = mapped_column(default=False)
    fictitious: Mapped[bool]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    copied_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))

    @property
    def is_answerable(self) -> bool:
        """Is there a council that reads notes about this?"""
        return not self.in_package and self.shared_by != WORKBENCH
