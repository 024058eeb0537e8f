"""Being counted among who copied an example, by name or not; and notes between the two councils."""

import uuid
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from workbench.core import audit
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.showcase.adopters import queries
from workbench.showcase.adopters.models import Adopter, NoteKind, TemplateAnswer, TemplateNote, TemplateUse


def count_in(template_id: UUID, *, named: bool) -> None:
    """Count the acting council among who copied this, once, however often it copies; `named`: by name from now on."""
    adopter = queries.adopter_of(template_id)
    name = db.info["council_id"] if named else None
    if adopter is None:
        adopter = Adopter(template_id=template_id, use_id=uuid.uuid4())
        db.add(adopter)
        db.flush()  # the place in the count is written only by who holds it
        db.add(TemplateUse(id=adopter.use_id, template_id=template_id, named_id=name))
    else:
        db.execute(sa.update(TemplateUse).where(TemplateUse.id == adopter.use_id).values(named_id=name))
    db.flush()


def change_consent(template_id: UUID, *, named: bool) -> None:
    count_in(template_id, named=named)
    adopter = queries.adopter_of(template_id)
    audit.record("adopter_named" if named else "adopter_unnamed", adopter)


def write(template_id: UUID, kind: NoteKind, text: str) -> TemplateNote:
    note = TemplateNote(template_id=template_id, kind=kind, text=text)
    db.add(note)
    audit.record("template_note_sent", note)
    return note


def take_back(note: TemplateNote, answer: TemplateAnswer | None) -> None:
    """Raises: Conflict once it was read or answered."""
    if answer:
        raise Conflict(_("Dit bericht is al gelezen. U kunt het niet meer terughalen."))
    audit.record("template_note_taken_back", note)
    db.delete(note)


def answer(note: TemplateNote, before: TemplateAnswer | None, text: str) -> TemplateAnswer:
    """Say something back, or with an empty text only that it was read. Raises: Conflict the second time."""
    if before:
        raise Conflict(_("Uw raad reageerde al op dit bericht. Dat kan één keer."))
    given = TemplateAnswer(note_id=note.id, text=text)
    db.add(given)
    audit.record("template_note_answered", note)
    return given
