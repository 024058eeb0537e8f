"""The house style: choosing it, looking before taking it into use, and its addresses for everybody."""

import base64
from uuid import UUID

import sqlalchemy as sa
from flask import Blueprint, Response, abort, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import undefer
from sqlalchemy.orm.interfaces import ORMOption

from workbench.accounts.access import PUBLIC, Permission, requires
from workbench.accounts.models import SLUG, Council
from workbench.accounts.theme import colours, operations
from workbench.accounts.theme.forms import StyleForm
from workbench.accounts.theme.models import HouseStyle
from workbench.core.db import db
from workbench.core.web import page, public
from workbench.figures.style import DEFAULT

bp = Blueprint("theme", __name__, url_prefix="/<council>")

CHECK_NAMES = {
    "text_on_white": lazy_gettext("Links en knoppen op wit"),
    "text_on_grey": lazy_gettext("Links op lichtgrijs"),
    "text_on_tint": lazy_gettext("Tekst in een gekleurd vak"),
    "white_on_button": lazy_gettext("Witte letters op een knop"),
    "white_on_hover": lazy_gettext("Witte letters als u een knop aanwijst"),
    "hover_on_tint": lazy_gettext("Een lichte knop die u aanwijst"),
    "focus": lazy_gettext("De rand om wat u met het toetsenbord kiest"),
}


@bp.route("/huisstijl", methods=["GET", "POST"])
@requires(Permission.SET_UP_COUNCIL)
def choose() -> ResponseReturnValue:
    shown, tried = operations.find(is_tried=False), operations.find(is_tried=True)
    present = tried or shown
    form = StyleForm(colour=present.colour if present else "")
    if offered := request.form.get("nearest"):
        form.colour.data = offered  # what was offered, in place of what was typed
    if form.validate_on_submit():
        keeps_logo = not form.without_logo.data
        if form.colour.text or form.read or (keeps_logo and present and present.logo):
            operations.try_out(form.colour.text, form.read, keeps_logo=keeps_logo)
            return redirect(url_for("theme.preview"))
        form.colour.errors = [_("Kies een kleur, een logo of allebei.")]
    return page("theme/choose.html", form=form, shown=shown, tried=tried, logo=_inline(present))


@bp.route("/huisstijl/voorbeeld", methods=["GET", "POST"])
@requires(Permission.SET_UP_COUNCIL)
def preview() -> ResponseReturnValue:
    """The page itself stands in the style that is tried out."""
    if request.method == "POST":
        operations.take_into_use(request.form.get("version", UUID(int=0), type=UUID), current_user.id)
        flash(_("De huisstijl is in gebruik. De figuren volgen binnen een paar minuten."), "success")
        return redirect(url_for("theme.choose"))
    tried = operations.find(is_tried=True)
    if tried is None:
        return redirect(url_for("theme.choose"))
    g.tried_style = {
        "stylesheet": url_for("theme.tried_stylesheet") if tried.colour else None,
        "logo": _inline(tried),
        "width": tried.logo_width,
        "height": tried.logo_height,
    }
    checks = list(colours.scale(tried.colour).checks()) if tried.colour else []
    return page(
        "theme/preview.html",
        tried=tried,
        version=operations.version_of(tried),
        checks=checks,
        names=CHECK_NAMES,
        figures_follow=bool(tried.colour) and colours.palette(tried.colour) != DEFAULT,
    )


@bp.get("/huisstijl/voorbeeld.css")
@requires(Permission.SET_UP_COUNCIL)
def tried_stylesheet() -> ResponseReturnValue:
    tried = operations.find(is_tried=True)
    if tried is None or not tried.colour:
        abort(404)
    return Response(colours.stylesheet(tried.colour), mimetype="text/css")


@bp.post("/huisstijl/gewoon")
@requires(Permission.SET_UP_COUNCIL)
def go_back() -> ResponseReturnValue:
    operations.go_back(current_user.id)
    flash(_("De gewone huisstijl is terug."), "success")
    return redirect(url_for("theme.choose"))


# --- For everybody --------------------------------------------------------------------------------------------------


@bp.get("/huisstijl-<uuid:version>.css")
@public
def stylesheet(version: UUID) -> ResponseReturnValue:
    style = _shown(g.get("council_slug"))
    if style is None or not style.colour:
        abort(404)
    answer = Response(colours.stylesheet(style.colour), mimetype="text/css")
    return _kept(answer, is_asked=style.stylesheet_version == version)


@bp.get("/logo-<uuid:version>.png")
@public
def logo(version: UUID) -> ResponseReturnValue:
    style = _shown(g.get("council_slug"), undefer(HouseStyle.logo))
    if style is None or style.logo is None:
        abort(404)
    return _kept(Response(style.logo, mimetype="image/png"), is_asked=style.logo_version == version)


def _shown(slug: str | None, *options: ORMOption) -> HouseStyle | None:
    """What everybody sees of the council with this address."""
    return db.scalar(
        sa.select(HouseStyle)
        .join(Council, Council.id == HouseStyle.council_id)
        .options(*options)
        .where(Council.slug == slug, HouseStyle.is_tried.is_(False))
    )


def _kept(answer: Response, *, is_asked: bool) -> Response:
    """For ever under its own address; under a former one not, since something else stood there. Nobody is followed by it."""
    g.without_cookies = True
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_asked else "no-cache"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _inline(style: HouseStyle | None) -> str | None:
    """A logo that has no address yet, in the page itself."""
    if style is None or style.logo is None:
        return None
    return f"data:image/png;base64,{base64.b64encode(style.logo).decode()}"


# --- On every page --------------------------------------------------------------------------------------------------


def house_style() -> dict[str, object] | None:
    """What a page is dressed in: addresses of its stylesheet and logo; None: as everywhere."""
    if "tried_style" in g:
        return dict(g.tried_style)
    if "council" in g:
        slug, style = g.council.slug, g.council.house_style
    else:
        slug = _slug_of_public_page()
        style = _shown(slug) if slug else None
    if style is None:
        return None
    dressed = {"logo": None, "stylesheet": None, "width": style.logo_width, "height": style.logo_height}
    if style.colour:
        dressed["stylesheet"] = url_for("theme.stylesheet", council=slug, version=style.stylesheet_version)
    if style.logo_version:
        dressed["logo"] = url_for("theme.logo", council=slug, version=style.logo_version)
    return dressed


def _slug_of_public_page() -> str | None:
    """The council in the address of a page for everybody, or the one that somebody signs in for."""
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "permission", None) != PUBLIC:
        return None
    if "council_slug" in g:
        return str(g.council_slug)
    if request.endpoint != "accounts.sign_in":
        return None
    first = request.args.get("next", "").strip("/").partition("/")[0]
    return first if SLUG.match(first) else None
