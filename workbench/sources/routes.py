"""Where the figures come from, how fresh they are, and asking for a refresh."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.text import current_language
from workbench.core.web import get_or_404, page
from workbench.figures.words import missing_text, short_text, status_text
from workbench.indicators.queries import own_area
from workbench.sources import history, operations, queries
from workbench.sources.models import SourceTable

bp = Blueprint("sources", __name__, url_prefix="/<council>/bronnen")


@bp.get("/")
@requires(Permission.READ_SOURCES)
def index() -> ResponseReturnValue:
    return page(
        "sources/index.html",
        tables=queries.connected_tables(),
        bundled=queries.bundled_sources(),
        untried=queries.untried_sources(),
        spoken=current_language(),
    )


@bp.get("/stand")
@requires(Permission.READ_SOURCES)
def progress() -> ResponseReturnValue:
    """The list of tables as a fragment; the page asks for it every 2 seconds while something runs."""
    return page("sources/_tables.html", tables=queries.connected_tables(), spoken=current_language())


@bp.get("/<uuid:table_id>")
@requires(Permission.READ_SOURCES)
def table(table_id: UUID) -> ResponseReturnValue:
    """One table: how it stands, what changed at each refresh, how complete it is, and how each refresh went."""
    views = queries.connected_tables(table_id)
    if not views:
        abort(404)
    area = own_area()
    return page(
        "sources/table.html",
        view=views[0],
        runs=history.run_views(table_id, queries.runs_of(views[0].table), area),
        coverage=history.coverage_of(table_id),
        area=area,
        spoken=current_language(),
        missing_text=missing_text,
        short_text=short_text,
        status_text=status_text,
    )


@bp.post("/<uuid:table_id>/verversen")
@requires(Permission.REFRESH_SOURCES)
def refresh(table_id: UUID) -> ResponseReturnValue:
    found = get_or_404(SourceTable, table_id)
    operations.ask_refresh(found.id, current_user.id)
    flash(_("De verversing is gevraagd. Op deze pagina ziet u hoe het gaat."), "success")
    return redirect(url_for("sources.index"))
