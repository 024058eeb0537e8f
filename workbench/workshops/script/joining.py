"""How people join: the address to type, and the code to scan."""

import io
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

import segno
from flask import current_app
from markupsafe import Markup

JOIN = "/doe-mee"


def full_address(path: str) -> str:
    """With the name of this installation; also where there is no request to take it from."""
    base: str = current_app.extensions["settings"].base_url
    return urljoin(base, path)


def short_address() -> str:
    """As people type it over from a wall or a sheet."""
    parts = urlsplit(full_address(JOIN))
    return f"{parts.netloc}{parts.path}"


def picture(code: str) -> Markup:
    """The QR code that leads straight into this workshop."""
    return _drawn(full_address(f"{JOIN}/{code}"))


@lru_cache(maxsize=200)
def _drawn(address: str) -> Markup:
    file = io.BytesIO()
    segno.make_qr(address, error="m").save(
        file, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=2, svgclass=None, lineclass=None
    )
    return Markup(file.getvalue().decode())  # noqa: S704 - drawn by segno from our own address
