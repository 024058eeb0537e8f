"""Pages and downloads of the documents of a plan. What was not opened to a member is not in it."""

import io
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, g, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workbench.accounts.access import Permission, requires
from workbench.core.drawn_once import drawn_once
from workbench.core.web import page
from workbench.documents import docx, queries, writing
from workbench.documents.measuring import paragraph_of
from workbench.documents.parts import Document, Part, plain
from workbench.knowledge.calendar.models import today
from workbench.knowledge.calendar.queries import upcoming
from workbench.vision.steps import GOALS

bp = Blueprint("documents", __name__, url_prefix="/<council>/trajecten/<uuid:plan_id>")


@bp.get("/invulschema")
@requires(Permission.READ_PLAN)
@drawn_once
def form(plan_id: UUID) -> ResponseReturnValue:
    return _shown(_form(plan_id), plan_id, "documents.form_file")


@bp.get("/invulschema.docx")
@requires(Permission.READ_PLAN)
def form_file(plan_id: UUID) -> ResponseReturnValue:
    return _sent(_form(plan_id), _("invulschema"))


def _form(plan_id: UUID) -> Document:
    return writing.form(queries.material(plan_id, with_rounds=True), g.council, today())


@bp.get("/overdracht")
@requires(Permission.READ_PLAN)
@drawn_once
def handover(plan_id: UUID) -> ResponseReturnValue:
    return _shown(_handover(plan_id), plan_id, "documents.handover_file")


@bp.get("/overdracht.docx")
@requires(Permission.READ_PLAN)
def handover_file(plan_id: UUID) -> ResponseReturnValue:
    return _sent(_handover(plan_id), _("overdracht"))


def _handover(plan_id: UUID) -> Document:
    return writing.handover(queries.material(plan_id), g.council, today(), upcoming())


@bp.get("/meetparagraaf")
@requires(Permission.READ_PLAN)
@drawn_once
def measurement(plan_id: UUID) -> ResponseReturnValue:
    """Per law the text that it wants in a plan, to read and to copy."""
    title, paragraphs = _paragraphs(plan_id)
    return page("documents/measurement.html", plan={"id": plan_id, "title": title}, paragraphs=paragraphs)


@dataclass(frozen=True)
class _Law:
    slug: str
    name: str


def _paragraphs(plan_id: UUID) -> tuple[str, list[tuple[_Law, list[Part], str]]]:
    """The title of the plan; per law what the page shows, and the same as text to copy."""
    material = queries.material(plan_id, GOALS, with_laws=True)
    return material.plan.title, [
        (_Law(law.slug, law.name), parts[1:], plain(tuple(parts)))
        for law in material.laws
        if law.measures
        for parts in [paragraph_of(law, material)]
    ]


def _shown(document: Document, plan_id: UUID, download: str) -> ResponseReturnValue:
    return page("documents/document.html", plan_id=plan_id, document=document, download=download)


@bp.get("/meetparagraaf.docx")
@requires(Permission.READ_PLAN)
def measurement_file(plan_id: UUID) -> ResponseReturnValue:
    material = queries.material(plan_id, GOALS, with_laws=True)
    return _sent(writing.measurement_paper(material, g.council, today()), _("meetparagraaf"))


def _sent(document: Document, name: str) -> ResponseReturnValue:
    """As a file; its name says what it is, of which council and of which day, so that two do not get mixed up."""
    return send_file(
        io.BytesIO(docx.write(document)),
        mimetype=docx.MIMETYPE,
        as_attachment=True,
        download_name=f"{name}-{g.council.slug}-{document.written_on.isoformat()}.docx",
    )
