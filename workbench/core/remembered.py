"""Parts of pages that this process drew before.

A part is found again only under everything it was made from, so nothing has to be thrown away when something changes:
the facts are then others. The council and the language always count among them; the caller gives the rest. What
depends on the person who reads, on a permission, a nonce or a form's token is not for here.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar, cast

from workbench.core.db import db
from workbench.core.text import current_language

MOST = 300  # parts; the ones that were asked for longest ago go first

T = TypeVar("T")


class Fleeting:
    """A part that is never kept: it holds what may have to be gone at once."""


_parts: OrderedDict[tuple[Hashable, ...], object] = OrderedDict()
_lock = Lock()


def remembered(make: Callable[[], T], name: str, *facts: Hashable) -> T:
    """The part `name` made from these facts for the acting council, made now if it was not made before."""
    key = (db.info.get("council_id"), current_language().code, name, *facts)
    with _lock:
        if key in _parts:
            _parts.move_to_end(key)
            return cast("T", _parts[key])
    made = make()
    _keep(key, made)
    return made


def newest(make: Callable[[], T], version: Hashable, name: str, *facts: Hashable) -> T:
    """As `remembered`, but only the newest version of each part is kept: for parts that are large."""
    key = (db.info.get("council_id"), current_language().code, name, *facts)
    with _lock:
        kept = cast("tuple[Hashable, T] | None", _parts.get(key))
        if kept is not None and kept[0] == version:
            _parts.move_to_end(key)
            return kept[1]
    made = make()
    if not isinstance(made, Fleeting):
        _keep(key, (version, made))
    return made


def _keep(key: tuple[Hashable, ...], part: object) -> None:
    with _lock:
        _parts[key] = part
        _parts.move_to_end(key)
        while len(_parts) > MOST:
            _parts.popitem(last=False)


def forget() -> None:
    """Begin with an empty memory, as a process that just started."""
    with _lock:
        _parts.clear()
