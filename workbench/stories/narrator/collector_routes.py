"""The collectors' side: the door of a source with its card, messages to narrators, and recordings to write out."""

import io
from functools import lru_cache
from uuid import UUID

import segno
from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from wtforms import SelectChoice  # type: ignore[attr-defined]

from workbench.accounts.access import Permission, requires
from workbench.core.settings import Settings
from workbench.core.web import get_or_404, page
from workbench.knowledge.calendar.models import today
from workbench.stories.models import StorySource
from workbench.stories.narrator import operations, queries
from workbench.stories.narrator.forms import MessageForm

bp = Blueprint("narrator_doors", __name__, url_prefix="/<council>")

TO_ALL = "allen"


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _base() -> str:
    return _settings().base_url.rstrip("/")


@lru_cache(maxsize=50)
def _picture(address: str) -> Markup:
    """A QR code, as a picture that needs no other file."""
    file = io.BytesIO()
    segno.make_qr(address, error="m").save(
        file, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=2, svgclass=None, lineclass=None
    )
    return Markup(file.getvalue().decode())  # noqa: S704 - drawn by segno from our own address


@bp.route("/verhaalbronnen/<uuid:story_source_id>/vertelpagina", methods=["GET", "POST"])
@requires(Permission.COLLECT_STORIES)
def door(story_source_id: UUID) -> ResponseReturnValue:
    """The link and code by which people tell: make, renew, close."""
    source = get_or_404(StorySource, story_source_id)
    if request.method == "POST":
        if request.form.get("doe") == "sluit":
            operations.close_source(source)
            flash(_("Gesloten. Met de oude link en code kan niemand meer beginnen."), "success")
        else:
            operations.open_source(source, today())
            flash(_("De vertelpagina is open."), "success")
        return redirect(url_for("narrator_doors.door", story_source_id=source.id))
    code = operations.code_of_source(source)
    address = _base() + url_for("narrator.start", token=code) if code else ""
    return page(
        "narrator/source_door.html",
        source=source,
        asks_now=operations.asks_now(source, today()),
        has_key=_settings().story_key is not None,
        code=code,
        address=address,
        short=_base() + url_for("narrator.door"),
        picture=_picture(address) if code else "",
    )


@bp.get("/verhaalbronnen/<uuid:story_source_id>/vertelkaart")
@requires(Permission.COLLECT_STORIES)
def card(story_source_id: UUID) -> ResponseReturnValue:
    """A card of half a page to hand out or hang up."""
    source = get_or_404(StorySource, story_source_id)
    code = operations.code_of_source(source)
    if code is None or not operations.asks_now(source, today()):
        return redirect(url_for("narrator_doors.door", story_source_id=source.id))
    address = _base() + url_for("narrator.start", token=code)
    short = _base() + url_for("narrator.door")
    return page(
        "narrator/card.html", source=source, code=code, short=short.split("://")[1], picture=_picture(address)
    )


@bp.route("/verhaalbronnen/<uuid:story_source_id>/berichten", methods=["GET", "POST"])
@requires(Permission.COLLECT_STORIES)
def messages(story_source_id: UUID) -> ResponseReturnValue:
    """Thank the narrators, and tell what was done with what they told."""
    source = get_or_404(StorySource, story_source_id)
    there = {str(story.id): story for story in queries.stories_to_tell(source)}
    form = MessageForm()
    form.to.choices = [
        SelectChoice(value=TO_ALL, label=_("Alle vertellers van deze verhalen")),
        *(
            SelectChoice(value=story_id, label=_("De verteller van verhaal %(n)s", n=story.number))
            for story_id, story in there.items()
        ),
    ]
    if form.validate_on_submit():
        operations.tell(source, form.text.text, story=there.get(form.to.data), by=current_user.id)
        flash(_("Het bericht staat op de pagina van de verteller."), "success")
        return redirect(url_for("narrator_doors.messages", story_source_id=source.id))
    return page("narrator/messages.html", form=form, source=source, written=queries.messages_of(source))
