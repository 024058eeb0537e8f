"""Pages of the announcement: for who runs the workshop, and, by its own address, for everyone."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workbench.accounts.access import Permission, requires
from workbench.core.errors import Conflict, WorkbenchError
from workbench.core.forms import Form
from workbench.core.web import limiter, page, public
from workbench.workshops.models import State, Workshop
from workbench.workshops.script import announcing, joining, operations, queries
from workbench.workshops.script.calendar_file import as_ics
from workbench.workshops.script.forms import AnnouncementForm, SignUpForm
from workbench.workshops.script.routes import readable

bp = Blueprint("announcing", __name__, url_prefix="/<council>/ateliers/<uuid:workshop_id>/aankondiging")
public_bp = Blueprint("announced", __name__, url_prefix="/doe-mee/aankondiging/<token>")
limiter.limit("300 per minute")(public_bp)  # several people may sit behind one address

ANNOUNCE = "aankondigen"  # the name of the button that also announces

# --- For who runs it ------------------------------------------------------------------------------------------------


@bp.route("", methods=["GET", "POST"])
@requires(Permission.RUN_WORKSHOPS)
def show(workshop_id: UUID) -> ResponseReturnValue:
    """What the announcement says, its address, and who will come."""
    workshop = readable(workshop_id)
    form = AnnouncementForm()
    form.show(workshop)
    status, refused = 200, ""
    if form.validate_on_submit():
        if form.saved(lambda: operations.change_workshop(workshop, form.base(), **form.facts())):
            try:
                if ANNOUNCE in request.form:
                    announcing.announce(workshop)
            except Conflict as conflict:
                status, refused = 409, str(conflict)
            else:
                flash(
                    _("Aangekondigd. Verspreid het adres.") if ANNOUNCE in request.form else _("Bewaard."),
                    "success",
                )
                return redirect(request.path)
        else:
            status = 409
    return page(
        "workshops/announcement.html",
        status=status,
        form=form,
        refused=refused,
        workshop=workshop,
        address=announcing.address_of(workshop) if workshop.announcement else None,
        sign_ups=queries.sign_ups_of(workshop),
        also=[(_("Bewaren en aankondigen"), ANNOUNCE, "ja")] if workshop.state is State.DRAFT else [],
        State=State,
    )


@bp.post("/intrekken")
@requires(Permission.RUN_WORKSHOPS)
def withdraw(workshop_id: UUID) -> ResponseReturnValue:
    announcing.withdraw_announcement(readable(workshop_id))
    flash(_("De aankondiging is ingetrokken. Wie zich aanmeldde, krijgt daar bericht van."), "success")
    return redirect(url_for("announcing.show", workshop_id=workshop_id))


@bp.post("/aanmeldingen/<uuid:sign_up_id>/wissen")
@requires(Permission.RUN_WORKSHOPS)
def erase(workshop_id: UUID, sign_up_id: UUID) -> ResponseReturnValue:
    found = announcing.find_sign_up(readable(workshop_id), sign_up_id) or abort(404)
    announcing.cancel(found)
    flash(_("De aanmelding is gewist."), "success")
    return redirect(url_for("announcing.show", workshop_id=workshop_id))


# --- For everyone who has the address -------------------------------------------------------------------------------


@public_bp.before_request
def as_a_visitor() -> None:
    """Nobody's account is looked up: who signs up is nobody to us but a name and an address."""
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]


@public_bp.after_request
def quietly(response: Response) -> Response:
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@public_bp.errorhandler(WorkbenchError)
def refused(error: WorkbenchError) -> ResponseReturnValue:
    """In the frame of visitors, without a menu of the workbench."""
    return page("workshops/announced_refused.html", status=409, message=str(error))


def _announced(token: str) -> Workshop:
    """What this address announces, in the style of its council; a worthless address is a 404."""
    workshop, council = announcing.find_announced(token) or abort(404)
    g.council, g.council_slug = council, council.slug
    return workshop


@public_bp.route("", methods=["GET", "POST"], endpoint="show")
@public
@limiter.limit("10 per minute; 60 per hour", methods=["POST"])
def announced(token: str) -> ResponseReturnValue:
    """What, when, where and for whom; and signing up."""
    workshop = _announced(token)
    form = SignUpForm()
    if form.validate_on_submit():
        announcing.sign_up(workshop, form.name.text, form.email.text)
        # The same, also when the address was on the list: who asks must not learn that of somebody else.
        flash(
            _(
                "U staat op de lijst. U krijgt een bevestiging per e-mail. Had u zich al aangemeld? Dan blijft dat zo."
            ),
            "success",
        )
        return redirect(request.path)
    return page(
        "workshops/announced.html",
        form=form,
        workshop=workshop,
        token=token,
        may_sign_up=announcing.may_sign_up(workshop),
        join=joining.short_address(),
        State=State,
    )


@public_bp.get("/agenda.ics")
@public
def agenda(token: str) -> ResponseReturnValue:
    workshop = _announced(token)
    body = as_ics(workshop, announcing.address_of(workshop), datetime.now(UTC))
    headers = {"Content-Disposition": 'attachment; filename="leeratelier.ics"'}
    return Response(body, mimetype="text/calendar", headers=headers)


@public_bp.route("/afmelden/<uuid:sign_up_id>", methods=["GET", "POST"])
@public
@limiter.limit("30 per minute", methods=["POST"])
def cancel(token: str, sign_up_id: UUID) -> ResponseReturnValue:
    """From the mail: opening the page does nothing yet, since mail programs do that by themselves."""
    workshop = _announced(token)
    found = announcing.find_sign_up(workshop, sign_up_id)
    form = Form()
    if found is not None and form.validate_on_submit():
        announcing.cancel(found)
        flash(_("U bent afgemeld. Uw naam en e-mailadres zijn gewist."), "success")
        return redirect(url_for("announced.show", token=token))
    return page("workshops/announced_cancel.html", form=form, workshop=workshop, token=token, found=found)
