"""Signing in and out, passwords, invitations, members, audit trail."""

import hmac
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import UUID

import structlog
from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh as refresh_locale
from flask_login import current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import Unauthorized

from workbench.accounts import operations, queries
from workbench.accounts.access import Permission, requires, signed_in
from workbench.accounts.audit_words import in_words
from workbench.accounts.forms import (
    AcceptForm,
    ForgottenForm,
    InviteForm,
    JoinForm,
    NewPasswordForm,
    RhythmForm,
    RoleForm,
    SignInForm,
)
from workbench.accounts.models import DIGEST_READERS, Invitation, Membership, Person, Rhythm, Role
from workbench.core.db import db
from workbench.core.language import LANGUAGES
from workbench.core.mail import send_mail
from workbench.core.settings import Settings
from workbench.core.web import get_or_404, is_local, limiter, page, problem, public

log = structlog.get_logger()
bp = Blueprint("accounts", __name__)

NEVER_KEPT = {"csrf_token", "_reshow"}  # and any field whose name speaks of a password


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _absolute(address: str) -> str:
    return urljoin(_settings().base_url, address)


def _address_and_email() -> str:
    """What tries are counted by. It stands in Redis, so the e-mail address is made unreadable."""
    email = request.form.get("email", "").strip().lower()[:254].encode(errors="replace")
    key = _settings().secret_key.get_secret_value().encode()
    return f"{request.remote_addr}:{hmac.digest(key, email, 'sha256').hex()[:32]}"


def _typed() -> list[tuple[str, str]]:
    """What was typed in the form of this request, without secrets."""
    return [
        (name, text)
        for name, text in request.form.items(multi=True)
        if name not in NEVER_KEPT and "password" not in name
    ]


def _start(person: Person) -> None:
    chosen = person.language or session.get("language")
    session.clear()
    g.pop("csrf_token", None)  # Flask-WTF would go on with the token of the session that was
    session.permanent = True
    if chosen in LANGUAGES:
        session["language"] = chosen
    login_user(person)


@bp.get("/")
@public
def start() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for("accounts.councils"))
    return render_template("start.html", demo=_settings().demo)


@bp.route("/inloggen", methods=["GET", "POST"])
@public
@limiter.limit("10 per minute; 60 per hour", key_func=_address_and_email, methods=["POST"])
@limiter.limit("100 per minute", methods=["POST"])
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    wanted = form.next.data or request.args.get("next")
    form.next.data = wanted if is_local(wanted) else ""
    if form.validate_on_submit():
        person = operations.sign_in(form.email.text, form.password.text)
        if person is not None:
            _start(person)
            log.info("signed_in", person=str(person.id))
            return _after_sign_in(form)
        log.info("sign_in_refused")
        form.password.errors = [_("E-mailadres en wachtwoord horen niet bij elkaar. Controleer allebei.")]
    return page(
        "accounts/sign_in.html", form=form, typed=_kept(), keeps_text=bool(_kept()), demo=_settings().demo
    )


def _kept() -> list[tuple[str, str]]:
    """What was typed elsewhere before signing in; travels along in the sign-in form."""
    return [(name, text) for name, text in request.form.items(multi=True) if name.startswith("kept-")]


def _after_sign_in(form: SignInForm) -> ResponseReturnValue:
    target = form.next.data or url_for("accounts.councils")
    if kept := _kept():
        typed = [(name.removeprefix("kept-"), text) for name, text in kept]
        return render_template("accounts/resume.html", target=target, typed=typed)
    return redirect(target)


def ask_to_sign_in(_error: Unauthorized) -> ResponseReturnValue:
    """A visitor where a person is needed: sign in first; what was typed travels along and is shown again."""
    if request.path.startswith("/api/"):
        response = make_response(problem(401, "Unauthorized"))
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    if request.method != "POST":
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    if _can_show_again():
        target, kept = request.path, [(f"kept-{name}", text) for name, text in _typed()]
    else:
        target, kept = _came_from(), []
    form = SignInForm(formdata=None, next=target)
    return render_template(
        "accounts/sign_in.html", form=form, typed=kept, keeps_text=True, demo=_settings().demo
    ), 401


def _can_show_again() -> bool:
    """Does this address have a page with the form? A single button has not: it must be pressed again, knowingly."""
    return request.url_rule is not None and "GET" in (request.url_rule.methods or ())


def _came_from() -> str:
    """The page of the workbench that this request was sent from, or ''."""
    referrer = urlsplit(request.referrer or "")
    return referrer.path if referrer.netloc == request.host and is_local(referrer.path) else ""


def show_typed_again(_error: CSRFError) -> ResponseReturnValue:
    """The page was too old to trust (signed in again in another tab): show what was typed, do nothing."""
    if request.endpoint == "accounts.sign_in":
        target = request.form.get("next")
        form = SignInForm(formdata=None, next=target if is_local(target) else "")
        return render_template(
            "accounts/sign_in.html", form=form, typed=_kept(), keeps_text=True, demo=_settings().demo
        ), 400
    if not _can_show_again():
        return render_template("errors/expired.html"), 400
    return render_template("accounts/resume.html", target=request.path, typed=_typed()), 400


@bp.post("/uitloggen")
@public
def sign_out() -> ResponseReturnValue:
    logout_user()
    session.clear()
    return redirect(url_for("accounts.start"))


@bp.route("/mijn", methods=["GET", "POST"])
@signed_in
def account() -> ResponseReturnValue:
    """Own account: change the password, or sign out on every device."""
    form = NewPasswordForm()
    if form.validate_on_submit():
        operations.set_password(current_user, form.password.text)
        _start(db.get_one(Person, current_user.id))
        flash(_("Uw wachtwoord is veranderd. Op andere apparaten bent u uitgelogd."), "success")
        return redirect(url_for("accounts.account"))
    reads_digest = any(item.role in DIGEST_READERS for item in queries.own_memberships(current_user))
    return page(
        "accounts/account.html",
        form=form,
        reads_digest=reads_digest,
        rhythm=RhythmForm(formdata=None, rhythm=current_user.rhythm.value),
    )


@bp.post("/mijn/berichten")
@signed_in
def switch_digest() -> ResponseReturnValue:
    """Mail about sources, on or off."""
    current_user.wants_digest = request.form.get("digest") == "on"
    if current_user.wants_digest:
        flash(_("U krijgt weer bericht als er iets is met een bron."), "success")
    else:
        flash(_("U krijgt geen bericht meer over bronnen."), "success")
    return redirect(url_for("accounts.account"))


@bp.post("/mijn/herinneringen")
@signed_in
def choose_rhythm() -> ResponseReturnValue:
    """How often mail comes about what waits."""
    form = RhythmForm()
    if not form.validate_on_submit():
        abort(400)  # only a choice of the page can be sent
    current_user.rhythm = Rhythm(form.rhythm.data)
    flash(_("Bewaard."), "success")
    return redirect(url_for("accounts.account"))


@bp.post("/mijn/taal")
@signed_in
def switch_language() -> ResponseReturnValue:
    """The language of mail, and in which the workbench opens."""
    chosen = request.form.get("language")
    if chosen not in LANGUAGES:
        abort(400)
    current_user.language = session["language"] = chosen
    refresh_locale()  # the next sentence is in it already
    flash(_("Bewaard. Ook uw e-mail komt voortaan in deze taal."), "success")
    return redirect(url_for("accounts.account"))


@bp.post("/mijn/overal-uitloggen")
@signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    current_user.sign_out_everywhere()
    logout_user()
    session.clear()
    flash(_("U bent op alle apparaten uitgelogd."), "success")
    return redirect(url_for("accounts.sign_in"))


@bp.get("/raden")
@signed_in
def councils() -> ResponseReturnValue:
    memberships = queries.own_memberships(current_user)
    if len(memberships) == 1 and "kies" not in request.args:
        return redirect(url_for("monitors.home", council=memberships[0].council.slug))
    return render_template("accounts/councils.html", memberships=memberships)


@bp.route("/wachtwoord/vergeten", methods=["GET", "POST"])
@public
@limiter.limit("5 per minute; 20 per hour", key_func=_address_and_email, methods=["POST"])
def forgotten() -> ResponseReturnValue:
    form = ForgottenForm()
    if form.validate_on_submit():
        if person := operations.find_person(form.email.text):
            token = operations.reset_token(person, _settings().secret_key.get_secret_value())
            link = _absolute(url_for("accounts.reset", token=token))
            send_mail(
                person.email,
                _("Nieuw wachtwoord voor de Monitorwerkbank"),
                render_template("mail/reset.txt", person=person, link=link),
            )
        return render_template("accounts/forgotten_sent.html")
    return page("accounts/forgotten.html", form=form)


@bp.route("/wachtwoord/nieuw/<token>", methods=["GET", "POST"])
@public
@limiter.limit("30 per hour", methods=["POST"])
def reset(token: str) -> ResponseReturnValue:
    person = operations.person_of_reset_token(token, _settings().secret_key.get_secret_value())
    if person is None:
        return render_template("accounts/link_worn_out.html"), 404
    form = NewPasswordForm()
    if form.validate_on_submit():
        operations.set_password(person, form.password.text)
        flash(_("Uw wachtwoord is veranderd. U kunt nu inloggen."), "success")
        return redirect(url_for("accounts.sign_in"))
    return page("accounts/reset.html", form=form)


@bp.route("/uitnodiging/<token>", methods=["GET", "POST"])
@public
@limiter.limit("60 per hour", methods=["POST"])
def invitation(token: str) -> ResponseReturnValue:
    """Accept an invitation: a new person chooses a name and password, a known one signs in first."""
    found = operations.find_invitation(token)
    if found is None:
        return render_template("accounts/link_worn_out.html"), 404
    invited, council = found
    known = operations.find_person(invited.email)
    if known and (not current_user.is_authenticated or current_user.id != known.id):
        return render_template(
            "accounts/invitation_sign_in.html", invitation=invited, council_name=council.name
        )
    form: Any = AcceptForm() if known else JoinForm()
    if form.validate_on_submit():
        person = known or operations.add_person(invited.email, form.name.data, form.password.text)
        operations.accept_invitation(invited, person)
        if not known:
            _start(person)
        flash(_("Welkom. U doet nu mee in %(council)s.", council=council.name), "success")
        return redirect(url_for("monitors.home", council=council.slug))
    return page(
        "accounts/invitation.html", form=form, invitation=invited, council_name=council.name, known=known
    )


@bp.route("/<council>/leden", methods=["GET", "POST"])
@requires(Permission.MANAGE_MEMBERS)
def members() -> ResponseReturnValue:
    form = InviteForm()
    link = None
    if form.validate_on_submit():
        invited, token = operations.invite(form.email.text, Role(form.role.data), by=current_user.id)
        link = _absolute(url_for("accounts.invitation", token=token))
        send_mail(
            invited.email,
            _("Uitnodiging voor de Monitorwerkbank van %(council)s", council=g.council.name),
            render_template("mail/invitation.txt", council=g.council, invitation=invited, link=link),
        )
        return page("accounts/invited.html", invitation=invited, link=link)
    return page(
        "accounts/members.html", form=form, members=queries.members(), invitations=queries.open_invitations()
    )


@bp.post("/<council>/uitnodigingen/<uuid:invitation_id>/intrekken")
@requires(Permission.MANAGE_MEMBERS)
def withdraw_invitation(invitation_id: UUID) -> ResponseReturnValue:
    get_or_404(Invitation, invitation_id).withdraw()
    flash(_("De uitnodiging is ingetrokken."), "success")
    return redirect(url_for("accounts.members"))


@bp.route("/<council>/leden/<uuid:membership_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_MEMBERS)
def member(membership_id: UUID) -> ResponseReturnValue:
    membership = _member_or_404(membership_id)
    person = db.get_one(Person, membership.person_id)
    form = RoleForm(role=membership.role.value)
    if form.validate_on_submit():
        operations.change_role(membership, Role(form.role.data))
        flash(_("De rol is veranderd."), "success")
        return redirect(url_for("accounts.members"))
    return page("accounts/member.html", form=form, member=membership, person=person)


@bp.post("/<council>/leden/<uuid:membership_id>/verwijderen")
@requires(Permission.MANAGE_MEMBERS)
def remove_member(membership_id: UUID) -> ResponseReturnValue:
    operations.remove_member(_member_or_404(membership_id))
    flash(_("Deze persoon is geen lid meer van deze raad."), "success")
    return redirect(url_for("accounts.members"))


def _member_or_404(membership_id: UUID) -> Membership:
    """A member of this council; one's own membership elsewhere is visible to oneself, but not here."""
    membership = get_or_404(Membership, membership_id)
    return membership if membership.council_id == g.council.id else abort(404)


@bp.get("/<council>/logboek")
@requires(Permission.READ_AUDIT)
def audit_trail() -> ResponseReturnValue:
    number = max(1, request.args.get("pagina", 1, type=int))
    with_system = "alles" in request.args
    entries, pages = queries.audit_page(min(number, 10_000), with_system=with_system)
    return render_template(
        "accounts/audit.html",
        entries=entries,
        page=number,
        pages=pages,
        in_words=in_words,
        with_system=with_system,
    )


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.register_error_handler(Unauthorized, ask_to_sign_in)
    app.register_error_handler(CSRFError, show_typed_again)
