"""What every visitor may read: accessibility, privacy, and where to report a leak."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, Flask, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from workbench.core.settings import Settings
from workbench.core.web import public

bp = Blueprint("statements", __name__)

READ_UNTIL = timedelta(days=180)  # RFC 9116 asks for a moment after which the file is stale, within a year


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


@bp.get("/toegankelijkheid")
@public
def accessibility() -> ResponseReturnValue:
    return render_template("statements/accessibility.html", contact=_settings().contact)


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    return render_template("statements/privacy.html", contact=_settings().contact)


@bp.get("/.well-known/security.txt")
@public
def security() -> ResponseReturnValue:
    """RFC 9116."""
    settings = _settings()
    lines = [
        f"Contact: mailto:{settings.contact}",
        f"Expires: {(datetime.now(UTC) + READ_UNTIL).replace(hour=0, minute=0, second=0, microsecond=0):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.base_url.rstrip('/')}/.well-known/security.txt",
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
