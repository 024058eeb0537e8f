"""The entry of stories in the register of processing as a Word file."""

import io

from flask import Blueprint, g, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workbench.accounts.access import Permission, requires
from workbench.core.text import current_language
from workbench.documents import docx
from workbench.documents.parts import Document, Heading, Lines, Paragraph, Part
from workbench.knowledge.calendar.models import today
from workbench.stories import queries as sources
from workbench.stories.taking_in import queries, register

bp = Blueprint("story_register", __name__, url_prefix="/<council>")


@bp.get("/verhalen/verwerkingsregister.docx")
@requires(Permission.SET_UP_COUNCIL)
def file() -> ResponseReturnValue:
    name = _("verwerkingsregister")
    return send_file(
        io.BytesIO(docx.write(_document())),
        mimetype=docx.MIMETYPE,
        as_attachment=True,
        download_name=f"{name}-{g.council.slug}-{today().isoformat()}.docx",
    )


def _document() -> Document:
    parts: list[Part] = []
    for entry in register.entries(
        g.council.name, sources.sources(), queries.settings(), queries.risks_looked_at()
    ):
        parts.append(Heading(entry.title))
        if entry.missing:
            parts.append(Paragraph(_("Dit mist nog: %(what)s.", what=", ".join(entry.missing)), is_note=True))
        parts.append(Lines(entry.lines))
    warning = _("Dit is een voorbeeld. De bronnen en de teksten zijn fictief.") if g.council.is_demo else ""
    return Document(
        _("Register van verwerkingen"),
        _("Verhalen van inwoners"),
        g.council.name,
        current_language().code,
        today(),
        Lines(((_("Raad"), g.council.name),)),
        warning,
        tuple(parts),
    )
