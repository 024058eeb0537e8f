"""The area that a council is about: where it came from, and for which areas around it there are figures."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from workbench.accounts.access import Permission, requires
from workbench.core.text import current_language
from workbench.core.web import page
from workbench.indicators import areas, queries

bp = Blueprint("areas", __name__, url_prefix="/<council>/gebied")


@bp.get("/")
@requires(Permission.READ_CATALOGUE)
def show() -> ResponseReturnValue:
    area = queries.own_area()
    return page(
        "indicators/area.html",
        portrait=areas.portrait(area) if area else None,
        spoken=current_language(),
    )
