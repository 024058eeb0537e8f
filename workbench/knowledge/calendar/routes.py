"""The calendar of a council, and the same for calendar programs."""

from urllib.parse import urljoin
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.accounts.models import Council
from workbench.core.settings import Settings
from workbench.core.text import current_language
from workbench.core.web import get_or_404, limiter, page, public
from workbench.knowledge import queries as knowledge
from workbench.knowledge.calendar import operations, queries
from workbench.knowledge.calendar.feed import as_ics
from workbench.knowledge.calendar.forms import EntryForm, year_form
from workbench.knowledge.calendar.models import CalendarEntry, today
from workbench.knowledge.routes import months_in_words

bp = Blueprint("calendar", __name__, url_prefix="/<council>")
feed_bp = Blueprint("calendar_feed", __name__)  # without a council in its address: who guesses learns nothing


@bp.get("/kalender")
@requires(Permission.READ_CALENDAR)
def index() -> ResponseReturnValue:
    return _index()


def _index(secret: str | None = None) -> ResponseReturnValue:
    found = queries.entries()
    return page(
        "calendar/index.html",
        coming=[entry for entry in found if entry.last_day >= today()],
        past=[entry for entry in reversed(found) if entry.last_day < today()],
        link=queries.link_of(current_user.id),
        secret=secret,
    )


@bp.route("/kalender/nieuw", methods=["GET", "POST"])
@requires(Permission.EDIT_CALENDAR)
def new_entry() -> ResponseReturnValue:
    form = EntryForm()
    form.offer(knowledge.moments())
    if form.validate_on_submit():
        entry = operations.add_entry(current_user.id, **form.changes())
        flash(_("Het moment staat in de kalender."), "success")
        return redirect(_address(entry))
    return page("calendar/form.html", form=form, entry=None)


@bp.route("/kalender/<uuid:entry_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_CALENDAR)
def edit_entry(entry_id: UUID) -> ResponseReturnValue:
    entry = get_or_404(CalendarEntry, entry_id)
    form = EntryForm(obj=entry)
    form.offer(knowledge.moments())
    form.start_from(entry)
    if form.validate_on_submit():
        if not form.saved(
            lambda: operations.change_entry(entry, current_user.id, form.base(), **form.changes())
        ):
            return page("calendar/form.html", status=409, form=form, entry=entry)
        flash(_("Het moment is bewaard."), "success")
        return redirect(_address(entry))
    return page("calendar/form.html", form=form, entry=entry)


@bp.post("/kalender/<uuid:entry_id>/verwijderen")
@requires(Permission.EDIT_CALENDAR)
def remove_entry(entry_id: UUID) -> ResponseReturnValue:
    operations.remove_entry(get_or_404(CalendarEntry, entry_id))
    flash(_("Het moment staat niet meer in de kalender."), "success")
    return redirect(url_for("calendar.index"))


@bp.route("/kalender/raadsjaar", methods=["GET", "POST"])
@requires(Permission.EDIT_CALENDAR)
def council_year() -> ResponseReturnValue:
    """Take over the usual year: fill in the days that are known, leave the others."""
    form = year_form(moment for moment in knowledge.moments() if moment.by_council)
    if form.validate_on_submit():
        operations.take_over_year(form.dates(), current_user.id)
        flash(_("De momenten staan in de kalender."), "success")
        return redirect(url_for("calendar.index"))
    there = {entry.moment_id: entry for entry in reversed(queries.entries()) if entry.last_day >= today()}
    return page("calendar/year.html", form=form, there=there, months=months_in_words)


@bp.get("/kalender.ics")
@requires(Permission.READ_CALENDAR)
def download() -> ResponseReturnValue:
    return _as_ics(g.council)


@bp.post("/kalender/koppeling")
@requires(Permission.READ_CALENDAR)
def make_link() -> ResponseReturnValue:
    """Show the secret address, this once: only its hash is kept."""
    token = operations.make_link(current_user.id)
    return _index(secret=_absolute(url_for("calendar_feed.read", token=token)))


@bp.post("/kalender/koppeling/intrekken")
@requires(Permission.READ_CALENDAR)
def remove_link() -> ResponseReturnValue:
    if link := queries.link_of(current_user.id):
        operations.remove_link(link)
    flash(_("Het geheime adres werkt niet meer."), "success")
    return redirect(url_for("calendar.index"))


@feed_bp.get("/mijn/kalender/<token>.ics")
@public
@limiter.limit("60 per minute")
def read(token: str) -> ResponseReturnValue:
    """What the calendar program of a member reads; a worthless token is a 404, whatever is wrong with it."""
    return _as_ics(queries.council_of_token(token) or abort(404))


def _as_ics(council: Council) -> ResponseReturnValue:
    body = as_ics(
        queries.entries(),
        council.name,
        lambda entry: _absolute(_address(entry, council)),
        current_language(),
    )
    headers = {"Content-Disposition": f'inline; filename="kalender-{council.slug}.ics"'}
    return Response(body, mimetype="text/calendar", headers=headers)


def _address(entry: CalendarEntry, council: Council | None = None) -> str:
    return url_for("calendar.index", council=(council or g.council).slug, _anchor=f"moment-{entry.id}")


def _absolute(address: str) -> str:
    settings: Settings = current_app.extensions["settings"]
    return urljoin(settings.base_url, address)
