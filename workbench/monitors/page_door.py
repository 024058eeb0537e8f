"""What decides about a page that is drawn once, for the door before Flask; see `standing.standing`, which says the same."""

import re
from collections.abc import Hashable, Iterable, Mapping
from functools import cache, partial
from typing import Any, cast

import sqlalchemy as sa
from jinja2 import Environment
from sqlalchemy.dialects import postgresql

from workbench.accounts.access import PERMISSIONS, Permission
from workbench.accounts.models import Role
from workbench.core.answered_before import Standing
from workbench.core.door import UUID_PATTERN, Connect, Question, who_asks
from workbench.core.language import Language
from workbench.core.tenancy import ACTING_COUNCIL
from workbench.knowledge.calendar.models import today
from workbench.monitors.hearing import LeftOpen, all_spoken
from workbench.monitors.standing import how_all_stands
from workbench.stories.kept.queries import Told, telling

_COUNCIL = "[a-z][a-z0-9-]*"
_PREPARE_COUNCIL = """
PREPARE %s (text, uuid) AS
SELECT set_config('app.council_id', coalesce((SELECT id::text FROM council WHERE slug = $1), ''), true),
  set_config('app.person_id', $2::text, true), set_config('app.door', '', true)
"""
_ASK = """
EXECUTE page_door_council (%(council)s, %(person)s);
EXECUTE page_door (%(council)s, %(person)s, %(key)s)
"""


_ASK_VOICES = """
EXECUTE voices_council (%(council)s, %(person)s);
EXECUTE voices (%(ids)s, %(day)s)
"""


def _prepare_voices() -> str:
    ids, day = sa.literal_column("$1", sa.ARRAY(sa.Uuid())), sa.literal_column("$2", sa.Date())
    return f"PREPARE voices (uuid[], date) AS {_compiled(telling(ids, day))}"


def _compiled(what: sa.ClauseElement) -> str:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    return str(what.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


@cache
def _prepare() -> str:
    """Who asks must be a member now, with this very session; the rest as any page asks it."""
    stands = how_all_stands(sa.literal_column("$2", sa.Uuid()))
    columns = [f"({_compiled(column)})" for column in stands]
    return f"""
PREPARE page_door (text, uuid, uuid) AS
SELECT membership.role, person.name, {", ".join(columns)}
FROM council
JOIN membership ON membership.council_id = council.id
JOIN person ON person.id = membership.person_id
WHERE council.slug = $1 AND council.id = {ACTING_COUNCIL} AND person.id = $2 AND person.session_key = $3
"""  # noqa: S608 - put together from constants of the code


class Voices:
    """What pages leave open for the words of narrators, told by PostgreSQL at the moment that a page is given."""

    def __init__(self, connect: Connect, templates: Environment) -> None:
        self._question = Question(
            connect, _ASK_VOICES, _PREPARE_COUNCIL % "voices_council", _prepare_voices()
        )
        self._templates = templates

    def open(self) -> None:
        self._question.put({"council": None, "person": None, "ids": [], "day": None})

    def told(self, asked: Mapping[str, Any], language: str, facts: list[Hashable]) -> list[str] | None:
        """HTML for each of these facts. None: the database does not answer."""
        left_open = cast("list[LeftOpen]", facts)
        ids = list({fact.excerpt_id for fact in left_open})
        rows = self._question.put({**asked, "ids": ids, "day": today()})
        if rows is None:
            return None
        return all_spoken(self._templates, left_open, [Told(*row) for row in rows], Language(language))


class Pages:
    """The pages of a council that are drawn once, for members. `rules`: their addresses as Flask writes them."""

    methods = frozenset({"GET"})
    question = re.compile("")

    def __init__(self, rules: Iterable[str], connect: Connect, voices: Voices) -> None:
        self._voices = voices
        self.address = re.compile(rf"/(?P<council>{_COUNCIL})(?:{'|'.join(map(_rest, rules))})")
        self._question = Question(connect, _ASK, _PREPARE_COUNCIL % "page_door_council", _prepare())

    def open(self) -> None:
        self._question.put(dict.fromkeys(("council", "person", "key")))  # of nobody
        self._voices.open()

    def standing(
        self, asked: Mapping[str, str], session: Mapping[str, Any], language: str
    ) -> Standing | None:
        """None: no member of this council, or a page that also tells how an action went."""
        facts = who_asks(session)
        if facts is None or "_flashes" in session or not isinstance(session.get("csrf_token"), str):
            return None
        who = {**facts, **asked}
        found = self._question.put(who)
        if not found:
            return None
        [(role, name, version, unanswered, asked_of, to_read)] = found
        votes = Permission.VOTE in PERMISSIONS[Role(role)]
        readers = (role, unanswered if votes else None, asked_of, to_read)
        return Standing(readers, (version, today()), name, partial(self._voices.told, who, language))


def _rest(rule: str) -> str:
    """Of `/<council>/doelen/<uuid:goal_id>` what comes after the council, as a pattern."""
    parts = re.split(r"(<[^>]+>)", rule.removeprefix("/<council>"))
    return "".join(
        re.escape(part)
        if not part.startswith("<")
        else UUID_PATTERN
        if part.startswith("<uuid:")
        else "[^/]+"
        for part in parts
    )
