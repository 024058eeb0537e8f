"""Where the figures come from, how fresh they are, and asking for a refresh: for one council, and for everybody."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires, signed_in
from workbench.core.remembered import remembered
from workbench.core.settings import Settings
from workbench.core.text import current_language
from workbench.core.web import get_or_404, page
from workbench.figures.words import missing_text, short_text, status_text
from workbench.indicators.models import Area
from workbench.indicators.queries import own_area
from workbench.sources import history, operations, queries
from workbench.sources.models import SourceTable

bp = Blueprint("sources", __name__, url_prefix="/<council>/bronnen")
everywhere = Blueprint("all_sources", __name__, url_prefix="/bronnen")


@bp.get("/")
@requires(Permission.READ_SOURCES)
def index() -> ResponseReturnValue:
    return page(
        "sources/index.html",
        bundled=queries.bundled_sources(),
        untried=queries.untried_sources(),
        **_standing("sources.table"),
    )


@bp.get("/stand")
@requires(Permission.READ_SOURCES)
def progress() -> ResponseReturnValue:
    """The list of tables as a fragment; the page asks for it every 2 seconds while something runs."""
    return page("sources/_tables.html", **_standing("sources.table"))


@bp.get("/<uuid:table_id>")
@requires(Permission.READ_SOURCES)
def table(table_id: UUID) -> ResponseReturnValue:
    """One table: how it stands, what changed at each refresh, how complete it is, and how each refresh went."""
    return _table_page(table_id, own_area(), {"label": _("Bronnen"), "href": url_for("sources.index")})


@bp.post("/<uuid:table_id>/verversen")
@requires(Permission.REFRESH_SOURCES)
def refresh(table_id: UUID) -> ResponseReturnValue:
    found = get_or_404(SourceTable, table_id)
    operations.ask_refresh(found.id, current_user.id)
    flash(_("De verversing is gevraagd. Op deze pagina ziet u hoe het gaat."), "success")
    return redirect(url_for("sources.index"))


@everywhere.get("/")
@signed_in
def overview() -> ResponseReturnValue:
    """Every source and table of the installation. Nothing here is of one council, so no council needs to be chosen."""
    standing = _standing("all_sources.table")
    return page(
        "sources/overview.html",
        sources=queries.sources_of(standing["tables"]),
        bundled=queries.bundled_tables(),
        **standing,
    )


@everywhere.get("/<uuid:table_id>", endpoint="table")
@signed_in
def table_for_all(table_id: UUID) -> ResponseReturnValue:
    """One table as everybody may see it: without figures of a municipality."""
    home = {"label": _("Alle bronnen van de werkbank"), "href": url_for("all_sources.overview")}
    return _table_page(table_id, None, home)


def _standing(table_endpoint: str) -> dict[str, Any]:
    """What the lists of tables show; `table_endpoint` is the page of one table."""
    tables = queries.connected_tables()
    coverage = remembered(
        lambda: history.coverage_by_table([view.table.id for view in tables]),
        "coverage of the tables",
        # Counting goes over all figures: only again after a load, with another series, or on another day.
        *(
            (view.table.id, view.table.loaded_at, view.table.fingerprint, view.as_of, *view.indicators)
            for view in tables
        ),
        date.today(),  # noqa: DTZ011 - municipalities begin and end on a calendar day
    )
    return {
        "tables": tables,
        "complete": {table_id: history.completeness(found) for table_id, found in coverage.items()},
        "agenda": queries.agenda(tables),
        "table_address": lambda table_id: url_for(table_endpoint, table_id=table_id),
        "contact": _contact(),
        "spoken": current_language(),
    }


def _table_page(table_id: UUID, area: Area | None, home: dict[str, str]) -> ResponseReturnValue:
    """`home`: the list that the page belongs to."""
    views = queries.connected_tables(table_id)
    if not views:
        abort(404)
    return page(
        "sources/table.html",
        view=views[0],
        home=home,
        runs=history.run_views(table_id, queries.runs_of(views[0].table), area),
        coverage=history.coverage_of(table_id),
        area=area,
        contact=_contact(),
        spoken=current_language(),
        missing_text=missing_text,
        short_text=short_text,
        status_text=status_text,
    )


def _contact() -> str:
    """Whom to ask: the operator of this installation."""
    settings: Settings = current_app.extensions["settings"]
    return settings.contact
