"""Pages and downloads of the documents of a plan. What was not opened to a member is not in it."""

import io
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from uuid import UUID

from flask import Blueprint, g, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from workbench.accounts.access import Permission, requires
from workbench.accounts.standing import written
from workbench.core.components import drawn
from workbench.core.remembered import newest
from workbench.core.web import page
from workbench.documents import docx, queries, writing
from workbench.documents.measuring import paragraph_of
from workbench.documents.parts import Document, Part, plain
from workbench.indicators.queries import own_area_and_version
from workbench.knowledge.calendar.models import today
from workbench.knowledge.calendar.queries import upcoming
from workbench.vision.steps import GOALS

bp = Blueprint("documents", __name__, url_prefix="/<council>/trajecten/<uuid:plan_id>")


@bp.get("/invulschema")
@requires(Permission.READ_PLAN)
def form(plan_id: UUID) -> ResponseReturnValue:
    return _shown(plan_id, _form, "documents.form_file")


@bp.get("/invulschema.docx")
@requires(Permission.READ_PLAN)
def form_file(plan_id: UUID) -> ResponseReturnValue:
    return _sent(_form(plan_id), _("invulschema"))


def _form(plan_id: UUID) -> Document:
    return writing.form(queries.material(plan_id, with_rounds=True), g.council, today())


@bp.get("/overdracht")
@requires(Permission.READ_PLAN)
def handover(plan_id: UUID) -> ResponseReturnValue:
    return _shown(plan_id, _handover, "documents.handover_file")


@bp.get("/overdracht.docx")
@requires(Permission.READ_PLAN)
def handover_file(plan_id: UUID) -> ResponseReturnValue:
    return _sent(_handover(plan_id), _("overdracht"))


def _handover(plan_id: UUID) -> Document:
    return writing.handover(queries.material(plan_id), g.council, today(), upcoming())


@bp.get("/meetparagraaf")
@requires(Permission.READ_PLAN)
def measurement(plan_id: UUID) -> ResponseReturnValue:
    """Per law the text that it wants in a plan, to read and to copy."""
    title, paragraphs = newest(
        lambda: _paragraphs(plan_id), _version(), "measurement", plan_id, g.membership.role
    )
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


def _shown(plan_id: UUID, write: Callable[[UUID], Document], download: str) -> ResponseReturnValue:
    """A document as a page, written and drawn again only after something changed that it may be made from.

    Writing it checks who may read it; that hangs on the role, and on the steps that are open, which count as written.
    """

    def draw() -> tuple[Document, Markup]:
        document = write(plan_id)
        return replace(document, parts=()), drawn("documents/_document.html", document=document)

    cover, body = newest(draw, _version(), download, plan_id, g.membership.role)
    return page("documents/document.html", plan_id=plan_id, document=cover, body=body, download=download)


def _version() -> tuple[Hashable, ...]:
    """Differs when a document may: other texts, other figures, another day. Who reads it counts apart."""
    area, version = own_area_and_version(*written())
    return area and area.id, version, today()


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
