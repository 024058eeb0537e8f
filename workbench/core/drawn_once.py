"""Pages that this process drew before: the one way in which a whole page is remembered.

A view marked `@drawn_once` is called again only after something changed that its page may be made from. What it gave
is kept under the address, the council, the language and what `standing` of the application says: which readers see the
same, and how everything stands that they may read. So no page grows old, and nobody gets one that was not drawn for
such a reader.

What belongs to one reader is not kept. While a page is drawn, slots stand where the name of the reader, the token of
the forms and the nonce come; they are filled for each who asks. A page that also tells how an action went, and one
that answers a question in its address, is drawn as if there were no memory.

The words of a narrator are not kept either: they are nowhere but where the narrator can take them back. A page leaves
places open for them (`leave_open`), which are filled with what may be read at that moment. Whoever reads such words says
so (`not_to_keep`): a page in which they stand nevertheless is drawn anew for each who asks.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, has_request_context, request, session
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from workbench.core.remembered import Fleeting, newest
from workbench.core.slots import SLOTS, fill, late_place
from workbench.core.web import csp_nonce

F = TypeVar("F", bound=Callable[..., Any])
Standing = Callable[[], tuple[Hashable, Hashable]]

LEFT_OPEN = "workbench.left_open"  # in the WSGI environment of a request


@dataclass(frozen=True)
class _Drawn:
    """A page with its open places. `late`: from what each place that is filled at every request is made."""

    html: str
    late: dict[str, Hashable]


class _NotKept(_Drawn, Fleeting):
    """A page that is drawn anew for each who asks."""


@dataclass
class LeftOpen:
    """The door before Flask puts it there to fill the slots itself. `standing`: as it was just before; `is_done`: there are
    slots; `late`: from what each place that is filled at every request is made.
    """

    standing: tuple[Hashable, Hashable]
    is_done: bool = False
    late: Mapping[str, Hashable] = field(default_factory=dict)


def drawn_once(view: F) -> F:
    """Mark a view that reads only, and gives a whole page or refuses. For the door before Flask it leaves the slots open."""

    @wraps(view)
    def shown(**values: Any) -> str:
        if request.query_string or "_flashes" in session:
            return _html(view(**values))
        left_open: LeftOpen | None = request.environ.get(LEFT_OPEN)
        if left_open is None:
            readers, version = cast("Standing", current_app.extensions["standing"])()
        else:
            readers, version = left_open.standing
        drawn = newest(lambda: _draw(view, values), version, "page", request.path, readers)
        if left_open is not None and not isinstance(drawn, Fleeting):
            left_open.is_done, left_open.late = True, drawn.late
            g.csp_nonce = SLOTS["csp_nonce"]  # in the header too
            return drawn.html
        return fill(_with_late_parts(drawn), own_facts(current_user.name, generate_csrf(), csp_nonce()))

    shown.is_drawn_once = True  # type: ignore[attr-defined]
    return cast("F", shown)


def _with_late_parts(drawn: _Drawn) -> str:
    html, now = drawn.html, g.pop("late_now", {})
    if not drawn.late:
        return html
    if now:  # it was drawn at this very moment
        made = [now[place]() for place in drawn.late]
    else:
        made = current_app.extensions["late"](list(drawn.late.values()))
    for place, part in zip(drawn.late, made, strict=True):
        html = html.replace(place, part)
    return html


def _draw(view: Callable[..., Any], values: dict[str, Any]) -> _Drawn:
    for name, slot in SLOTS.items():
        setattr(g, name, slot)
    g.late, g.late_now, g.not_to_keep = {}, {}, []
    try:
        html = _html(view(**values))
        holds_words = any(words in html for words in g.not_to_keep)
        return (_NotKept if holds_words else _Drawn)(html, g.late)
    finally:
        for name in (*SLOTS, "late", "not_to_keep"):
            g.pop(name)


def leave_open(fact: Hashable, now: Callable[[], str]) -> str | None:
    """A place that is filled from this fact whenever the page is given, and by `now` this time; None when the page that is
    drawn is not kept.
    """
    if "late" not in g:
        return None
    place = late_place(len(g.late))
    g.late[place], g.late_now[place] = fact, now
    return place


def not_to_keep(words: Iterable[str]) -> None:
    """No page in which these words stand is remembered."""
    if has_request_context() and "not_to_keep" in g:
        g.not_to_keep += [str(escape(text)) for text in words]


def _html(answer: tuple[str, int]) -> str:
    html, status = answer
    if status != 200:
        raise TypeError("A view that is drawn once gives a whole page.")
    return html


def own_facts(name: str, token: str, nonce: str) -> dict[str, str]:
    """What stands in the slots for one reader."""
    return {"reader_name": str(escape(name)), "csrf_token": token, "csp_nonce": nonce}


def addresses(app: Flask) -> list[str]:
    """The rules of the views that are drawn once."""
    rules = app.url_map.iter_rules()
    return sorted(rule.rule for rule in rules if hasattr(app.view_functions[rule.endpoint], "is_drawn_once"))


def init_app(app: Flask, standing: Standing, late: Callable[[list[Hashable]], list[str]]) -> None:
    """`standing`: which readers see the same as the one who asks, and a version of all that pages are made from. `late`:
    HTML for each of the facts that a page left open.
    """
    app.extensions["standing"], app.extensions["late"] = standing, late
    app.jinja_env.globals["reader_name"] = lambda: g.get("reader_name", current_user.name)
