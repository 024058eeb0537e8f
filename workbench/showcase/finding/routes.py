"""A template with the figures of one's own municipality, and two templates side by side; for everyone who may read them."""

from uuid import UUID

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from workbench.core.text import current_language
from workbench.core.web import page, public
from workbench.indicators.catalogue import AreaType
from workbench.indicators.queries import find_area, own_area
from workbench.showcase import queries
from workbench.showcase.finding import queries as finding
from workbench.showcase.finding.preview import rows
from workbench.showcase.finding.side_by_side import compare
from workbench.showcase.queries import Shown

bp = Blueprint("finding", __name__, url_prefix="/etalage")


def _shown(template_id: UUID) -> Shown:
    return queries.find_shown(template_id) or abort(404)


@bp.get("/<uuid:template_id>/bekijken")
@public
def preview(template_id: UUID) -> ResponseReturnValue:
    """As it would look here: a plan or monitor with our own national figures."""
    shown = _shown(template_id)
    code = request.args.get("gemeente", "")[:10]
    area = find_area(code) if code else None
    if area is None and current_user.is_authenticated:
        area = own_area()
    if area is not None and area.type is not AreaType.GEMEENTE:
        area = None
    spoken = current_language()
    return page(
        "showcase/finding/preview.html",
        shown=shown,
        area=area,
        rows=rows(shown.content, area, spoken) if area else {},
        municipalities=finding.municipalities(),
        spoken=spoken,
    )


@bp.get("/<uuid:template_id>/naast")
@public
def choose_other(template_id: UUID) -> ResponseReturnValue:
    shown = _shown(template_id)
    others = [item for item in queries.shown() if item.template.id != template_id]
    return page("showcase/finding/choose_other.html", shown=shown, others=others)


@bp.get("/<uuid:template_id>/naast/<uuid:other_id>")
@public
def side_by_side(template_id: UUID, other_id: UUID) -> ResponseReturnValue:
    left, right = _shown(template_id), _shown(other_id)
    return page(
        "showcase/finding/side_by_side.html",
        left=left,
        right=right,
        difference=compare(left.content, right.content),
    )
