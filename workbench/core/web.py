"""What every request shares: one transaction, a strict security policy, errors a person can read.

Answering commits, failing rolls back: a status under 400 commits, anything else leaves nothing behind. So a form
that did not go through is 422 and a refused action is 409. Never "flash an error and redirect".
"""

import hashlib
import io
import secrets
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import IO, Any, TypeVar
from urllib.parse import urlsplit

import structlog
from flask import (
    Blueprint,
    Flask,
    Request,
    Response,
    abort,
    current_app,
    flash,
    g,
    has_request_context,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_babel import gettext as _
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from workbench.core import health
from workbench.core.db import Model, db
from workbench.core.errors import WorkbenchError
from workbench.core.forms import CardForm, Form
from workbench.core.language import LANGUAGES, TRANSLATIONS
from workbench.core.logging import places
from workbench.core.settings import Settings

log = structlog.get_logger()
bp = Blueprint("core", __name__)
csrf = CSRFProtect()
limiter = Limiter(get_remote_address)
babel = Babel()

MEGABYTES = 2  # that a form may bring
ROOM = (
    3  # times what a view takes: a file that is too large by this much is refused at its field, by the form
)
STATIC = Path(__file__).parent.parent / "static"
M = TypeVar("M", bound=Model)
F = TypeVar("F")


class _Request(Request):
    """What somebody sends stays in memory: a file with a story in it never lies on a disk, not even for a moment."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return io.BytesIO()


def takes_files(megabytes: int) -> Callable[[F], F]:
    """Mark a view that takes larger files than others; its form refuses what is larger, at the field."""

    def mark(view: F) -> F:
        view.most_megabytes = megabytes  # type: ignore[attr-defined]
        return view

    return mark


def _most_megabytes() -> int:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "most_megabytes", MEGABYTES)


def public(view: F) -> F:
    """Mark a view as open to everyone."""
    view.permission = "public"  # type: ignore[attr-defined]
    return view


def get_or_404(model: type[M], id_: uuid.UUID) -> M:
    """Another council's row does not exist here, so it is a 404, never a 403."""
    return db.get(model, id_) or abort(404)


def page(template: str, *, status: int = 200, **values: Any) -> ResponseReturnValue:
    """Render a page; a form that was submitted and did not go through makes it 422."""
    form = values.get("form")
    if status == 200 and isinstance(form, Form) and form.is_submitted() and not form.is_reshown:
        status = 422
    if isinstance(form, CardForm) and saves_itself():
        return form.problems(), status
    return render_template(template, **values), status


def saves_itself() -> bool:
    """Is this the script of a form that saves while somebody types? It wants an answer, not a page."""
    return request.method == "POST" and request.accept_mimetypes.best == "application/json"


def back_to() -> str | None:
    """The page of the workbench from which a card was opened to change it, to go back there; None: no one in particular."""
    target = request.args.get("terug")
    return target if is_local(target) else None


def saved(card: Any, address: str, message: str | None = None) -> ResponseReturnValue:
    """A card was saved: back to where it was opened from, else on to `address`; the script of the form hears of which version and when."""
    if saves_itself():
        return {"version": card.version, "saved_at": datetime.now(UTC).isoformat()}
    if message:
        flash(message, "success")
    return redirect(back_to() or address)


def is_local(target: str | None) -> bool:
    """Is this an address within the workbench? (No open redirects.)"""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc and "\\" not in target and target.isprintable()


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def static_url(name: str) -> str:
    """Address of a static file with its fingerprint, so that it may be kept for a year."""
    return url_for("static", filename=name, v=_fingerprint(name))


def csp_nonce() -> str:
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


class _Sessions(SecureCookieSessionInterface):
    """A page for everyone sets no cookie and does not hang on one, also not for who is signed in."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not (has_request_context() and g.get("without_cookies")):
            super().save_session(app, session, response)


def language() -> str:
    if not has_request_context():
        return language_in({})
    if "language" in g:  # it stands in the address
        return str(g.language)
    return language_in(session)


def language_in(session: Mapping[str, Any]) -> str:
    """The language that was chosen in this session."""
    chosen = session.get("language")
    return chosen if chosen in LANGUAGES else "nl"


@bp.post("/taal")
@public
def choose_language() -> ResponseReturnValue:
    if (chosen := request.form.get("language")) in LANGUAGES:
        session["language"] = chosen
        session.permanent = True
    target = request.form.get("next")
    return redirect(target if target is not None and is_local(target) else "/")


@bp.get("/healthz")
@public
@limiter.exempt
def healthz() -> ResponseReturnValue:
    """200 when web, database, redis and worker answer; 503 with the failing parts otherwise."""
    failing = health.failing_parts()
    if failing:
        return {"status": "failing", "failing": failing}, 503
    return {"status": "ok"}


def init_app(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="werkbank",
        PERMANENT_SESSION_LIFETIME=8 * 3600,
        WTF_CSRF_TIME_LIMIT=None,  # a form may lie open for a whole evening; the token lives as long as the session
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=MEGABYTES * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=MEGABYTES * 1024 * 1024,
        BABEL_DEFAULT_LOCALE="nl",
        BABEL_TRANSLATION_DIRECTORIES=str(TRANSLATIONS),
        RATELIMIT_STORAGE_URI=settings.limits_redis_url,
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        RATELIMIT_HEADERS_ENABLED=False,
        COMPRESS_ALGORITHM=["gzip"],
        COMPRESS_LEVEL=5,
        COMPRESS_MIN_SIZE=800,
        COMPRESS_MIMETYPES=["text/html", "application/json", "application/problem+json", "text/plain"],
    )
    app.session_interface = _Sessions()
    app.request_class = _Request
    app.json.sort_keys = False  # type: ignore[attr-defined]
    csrf.init_app(app)
    limiter.init_app(app)
    babel.init_app(app, locale_selector=language)
    Compress(app)
    app.register_blueprint(bp)
    app.jinja_env.globals.update(csp_nonce=csp_nonce, static_url=static_url, back_to=back_to)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(lambda: {"language": language()})
    app.after_request(_finish)
    app.log_exception = lambda exc_info: None  # type: ignore[method-assign]
    app.register_error_handler(WorkbenchError, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _crashed)


def begin_requests(app: Flask) -> None:
    """What comes before everything else, also before it is decided who is here. Register first."""

    @app.before_request
    def begin() -> None:
        g.request_id = uuid.uuid4().hex[:12]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=g.request_id)
        g.here = request.path  # where a form leads back to
        if (most := _most_megabytes()) > MEGABYTES:
            request.max_content_length = ROOM * most * 1024 * 1024
        if "\x00" in request.path:
            abort(404)  # PostgreSQL knows no NUL, so nothing has such an address
        if _wants_json():
            return  # the API names the wrong parameter itself
        try:
            is_text = not any("\x00" in text for pair in request.args.items(multi=True) for text in pair)
            here = request.full_path.rstrip("?")
        except UnicodeDecodeError:
            is_text, here = False, request.path
        if not is_text:
            request.args = MultiDict()  # the error page must be able to read it
            abort(400)
        g.here = here if request.method == "GET" else request.path


def _finish(response: Response) -> Response:
    """Commit or roll back, then the headers that every answer carries."""
    if "db" in g:
        if response.status_code < 400:
            try:
                db.commit()
            except Exception as error:  # noqa: BLE001 - writing fails at the end as often as on the way
                response = make_response(_crashed(error))
        else:
            db.rollback()
    nonce = f" 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
    live = f" {origin}" if (origin := current_app.extensions["settings"].live_origin) else ""
    response.headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'none'; script-src 'self'{nonce}; style-src 'self'{nonce}; img-src 'self' data:;"
        f" font-src 'self'; media-src 'self'; connect-src 'self'{live}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    # Flask lets caches keep a file that is sent; a file of a signed-in reader is as much that reader's as a page.
    for_caches = response.headers.get("Cache-Control")
    if request.endpoint != "static" and (
        for_caches is None or (for_caches == "no-cache" and "without_cookies" not in g)
    ):
        response.headers["Cache-Control"] = "no-store"
    return response


def _wants_json() -> bool:
    return request.path.startswith("/api/")


def problem(status: int, title: str) -> ResponseReturnValue:
    """An error for a program (RFC 9457)."""
    return (
        {"type": "about:blank", "title": title, "status": status},
        status,
        {"Content-Type": "application/problem+json"},
    )


def _refused(error: WorkbenchError) -> ResponseReturnValue:
    if _wants_json() or saves_itself():
        return problem(409, str(error))
    return render_template("errors/409.html", message=str(error)), 409


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    if _wants_json():
        return problem(status, error.name)
    if status == 413:
        return render_template(
            "errors/409.html",
            message=_(
                "Dit is te veel tekst of een te groot bestand: hooguit %(size)s MB. Maak het korter of kleiner.",
                size=_most_megabytes(),
            ),
        ), 413
    if status in (403, 404, 429):
        return render_template(f"errors/{status}.html"), status
    if status == 500:
        return _crashed(error)
    return render_template(
        "errors/409.html", message=_("Dit verzoek is niet geldig. Ga terug en probeer het opnieuw.")
    ), status


def _crashed(error: Exception) -> ResponseReturnValue:
    if "db" in g:
        db.rollback()
    error = getattr(error, "original_exception", None) or error
    log.error("request_crashed", error=type(error).__name__, at=places(error), endpoint=request.endpoint)
    if _wants_json():
        return problem(500, "Internal Server Error")
    return render_template("errors/500.html", reference=g.get("request_id", "")), 500
