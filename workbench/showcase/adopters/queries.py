"""Who copied an example, and the notes that the acting council may read: PostgreSQL decides which."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from workbench.accounts.access import PERMISSIONS, Permission
from workbench.accounts.models import Council, Membership
from workbench.core.db import db
from workbench.monitors.waiting import Waiting
from workbench.showcase.adopters.models import Adopter, TemplateAnswer, TemplateNote, TemplateUse
from workbench.showcase.models import SharedTemplate


def adopter_of(template_id: UUID) -> Adopter | None:
    """The acting council as one that copied this."""
    return db.scalar(sa.select(Adopter).where(Adopter.template_id == template_id))


def is_named(template_id: UUID) -> bool:
    """May others read that the acting council copied this?"""
    place = sa.select(Adopter.use_id).where(Adopter.template_id == template_id)
    return db.scalar(sa.select(TemplateUse.named_id).where(TemplateUse.id.in_(place))) is not None


@dataclass(frozen=True)
class Adopted:
    """How many councils copied an example, and the names of those that want to be named, by alphabet."""

    count: int
    names: list[str]

    def __str__(self) -> str:
        if not self.count:
            return ""
        counted = ngettext("Overgenomen door %(num)s raad", "Overgenomen door %(num)s raden", self.count)
        if not self.names:
            return f"{counted}."
        if len(self.names) == self.count:
            return f"{counted}: {', '.join(self.names)}."
        return str(_("%(counted)s, waaronder %(names)s.", counted=counted, names=", ".join(self.names)))


def adopted_by(template_id: UUID) -> Adopted:
    rows = db.scalars(
        sa.select(Council.name)
        .select_from(TemplateUse)
        .outerjoin(Council, Council.id == TemplateUse.named_id)
        .where(TemplateUse.template_id == template_id)
    ).all()
    return Adopted(len(rows), sorted((name for name in rows if name), key=str.casefold))


@dataclass(frozen=True)
class Told:
    """A note with its answer. `sender`: the name of the council that wrote it, if that wants to be named."""

    note: TemplateNote
    answer: TemplateAnswer | None
    sender: str | None


def told(template_id: UUID) -> list[Told]:
    """What was told about an example, as far as the acting council may read it; what was not read yet comes first."""
    rows = db.execute(
        sa.select(TemplateNote, TemplateAnswer, Council.name)
        .outerjoin(TemplateAnswer, TemplateAnswer.note_id == TemplateNote.id)
        .outerjoin(
            TemplateUse,
            sa.and_(
                TemplateUse.template_id == TemplateNote.template_id,
                TemplateUse.named_id == TemplateNote.council_id,
            ),
        )
        .outerjoin(Council, Council.id == TemplateUse.named_id)
        .where(TemplateNote.template_id == template_id)
        .order_by(TemplateAnswer.id.is_not(None), TemplateNote.written_at.desc())
    )
    return [Told(*row) for row in rows]


def find_told(template_id: UUID, note_id: UUID) -> Told | None:
    return next((item for item in told(template_id) if item.note.id == note_id), None)


def unread(member: Membership) -> list[Waiting]:
    """Notes about examples of this council that nobody there has read: per example one line, without a word of them."""
    if Permission.SHARE_PLAN not in PERMISSIONS[member.role]:
        return []
    rows = db.execute(
        sa.select(SharedTemplate.id, SharedTemplate.title, sa.func.count())
        .join(TemplateNote, TemplateNote.template_id == SharedTemplate.id)
        .where(
            SharedTemplate.council_id == member.council_id,
            ~sa.exists().where(TemplateAnswer.note_id == TemplateNote.id),
        )
        .group_by(SharedTemplate.id)
        .order_by(SharedTemplate.title)
    )
    return [
        Waiting(
            ngettext(
                "%(num)s bericht over uw voorbeeld ‘%(title)s’ wacht op u. Reken op 5 minuten.",
                "%(num)s berichten over uw voorbeeld ‘%(title)s’ wachten op u. Reken op 5 minuten per bericht.",
                count,
                title=title,
            ),
            "adopters.received",
            {"template_id": template_id},
        )
        for template_id, title, count in rows
    ]
