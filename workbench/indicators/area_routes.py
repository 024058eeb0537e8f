"""The area that a council is about: where it came from, for which areas around it there are figures, its districts."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from workbench.accounts.access import Permission, requires
from workbench.core.text import current_language
from workbench.core.web import page
from workbench.indicators import areas, queries
from workbench.indicators.levels import plain_name

bp = Blueprint("areas", __name__, url_prefix="/<council>/gebied")


@bp.get("/")
@requires(Permission.READ_CATALOGUE)
def show() -> ResponseReturnValue:
    area = queries.own_area()
    return page(
        "indicators/area.html",
        portrait=areas.portrait(area) if area else None,
        plain_name=plain_name,
        spoken=current_language(),
    )


@bp.get("/wijken")
@requires(Permission.READ_CATALOGUE)
def districts() -> ResponseReturnValue:
    """Our districts and neighbourhoods, each with how many figures it has."""
    area = queries.own_area()
    return page("indicators/districts.html", area=area, districts=areas.districts(area) if area else [])
