"""Pages that this process drew before: the one way in which a whole page is remembered.

A view marked `@drawn_once` is called again only after something changed that its page may be made from. What it gave
is kept under the address, the council, the language and what `standing` of the application says: which readers see the
same, and how everything stands that they may read. So no page grows old, and nobody gets one that was not drawn for
such a reader.

What belongs to one reader is not kept. While a page is drawn, slots stand where the name of the reader, the token of
the forms and the nonce come; they are filled for each who asks. A page that also tells how an action went, and one
that answers a question in its address, is drawn as if there were no memory. So is a page with words of a narrator
(`g.holds_words`): these are nowhere but where the narrator can take them back.
"""

import secrets
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, request, session
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from workbench.core.remembered import Fleeting, newest
from workbench.core.web import csp_nonce

F = TypeVar("F", bound=Callable[..., Any])
Standing = Callable[[], tuple[Hashable, Hashable]]

# Where these stand in `g`, a page shows them instead of the reader's own. Nobody can guess them, so no text holds one.
_SLOTS = {name: f"{name}-{secrets.token_hex(16)}" for name in ("reader_name", "csrf_token", "csp_nonce")}


def drawn_once(view: F) -> F:
    """Mark a view that reads only, and gives a whole page or refuses."""

    @wraps(view)
    def shown(**values: Any) -> str:
        if request.query_string or "_flashes" in session:
            return _html(view(**values))
        readers, version = cast("Standing", current_app.extensions["standing"])()
        return _filled(newest(lambda: _draw(view, values), version, "page", request.path, readers))

    return cast("F", shown)


def _draw(view: Callable[..., Any], values: dict[str, Any]) -> str:
    for name, slot in _SLOTS.items():
        setattr(g, name, slot)
    try:
        html = _html(view(**values))
        return Fleeting(html) if g.pop("holds_words", False) else html
    finally:
        for name in _SLOTS:
            g.pop(name)


def _html(answer: tuple[str, int]) -> str:
    html, status = answer
    if status != 200:
        raise TypeError("A view that is drawn once gives a whole page.")
    return html


def _filled(html: str) -> str:
    own = {
        "reader_name": str(escape(current_user.name)),
        "csrf_token": generate_csrf(),
        "csp_nonce": csp_nonce(),
    }
    for name, slot in _SLOTS.items():
        html = html.replace(slot, own[name])
    return html


def init_app(app: Flask, standing: Standing) -> None:
    """`standing`: which readers see the same as the one who asks, and a version of all that pages are made from."""
    app.extensions["standing"] = standing
    app.jinja_env.globals["reader_name"] = lambda: g.get("reader_name", current_user.name)
