"""What decides about the document of a figure, for the door before Flask; see `routes.chart`, which answers the first time."""

import re
from collections.abc import Callable, Hashable, Mapping
from threading import Lock
from typing import Any
from uuid import UUID

import psycopg
import structlog

from workbench.core.tenancy import ACTING_COUNCIL
from workbench.vision.steps import EVIDENCE

log = structlog.get_logger()

_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

# Who asks must be a member now, with this very session; row-level security leaves the rows of this council. Of each row
# that `routes.chart` reads: by which transaction it came and where it stands (see accounts/standing.py).
_PREPARE = f"""
PREPARE figure_door (text, uuid, uuid, uuid, text, integer) AS
SELECT membership.role, concat(council.xmin, council.ctid, '/') || (
  SELECT string_agg(
    concat_ws(
      ' ', made.xmin, made.ctid, monitor.xmin, monitor.ctid, plan.xmin, plan.ctid, step.xmin, step.ctid,
      format.xmin, format.ctid
    ), ',' ORDER BY made.id
  )
  FROM block_document AS made
  JOIN monitor ON monitor.id = made.monitor_id
  JOIN plan ON plan.id = monitor.plan_id
  LEFT JOIN plan_step AS step ON step.plan_id = plan.id AND step.number = $6
  LEFT JOIN monitor_format AS format ON format.monitor_id = monitor.id AND format.number = monitor.published
  WHERE made.block_id = $4 AND made.language = $5
)
FROM council
JOIN membership ON membership.council_id = council.id
JOIN person ON person.id = membership.person_id
WHERE council.slug = $1 AND council.id = {ACTING_COUNCIL} AND person.id = $2 AND person.session_key = $3
"""  # noqa: S608 - put together from constants of the code
_PREPARE_COUNCIL = """
PREPARE figure_door_council (text) AS
SELECT set_config('app.council_id', coalesce((SELECT id::text FROM council WHERE slug = $1), ''), true),
  set_config('app.person_id', '', true), set_config('app.door', '', true)
"""
# One message to PostgreSQL, so one transaction: for which council it is, and the question.
_ASK = """
EXECUTE figure_door_council (%(council)s);
EXECUTE figure_door (%(council)s, %(person)s, %(key)s, %(block)s, %(language)s, %(step)s)
"""


class FigureDocuments:
    """`/<council>/figuren/<block>.json`, for members. Keeps a connection of its own, made when it is first needed."""

    address = re.compile(rf"/(?P<council>[a-z][a-z0-9-]*)/figuren/(?P<block>{_UUID})\.json")
    question = re.compile("(v=[0-9a-f]{16})?")

    def __init__(self, connect: Callable[[], "psycopg.Connection[Any]"]) -> None:
        self._connect = connect
        self._cursor: psycopg.ClientCursor[tuple[str, str | None]] | None = None
        self._lock = Lock()

    def standing(
        self, asked: Mapping[str, str], session: Mapping[str, Any], language: str
    ) -> tuple[Hashable, Hashable] | None:
        """Readers: those of one role. None: no member of this council, or no such figure."""
        try:
            person, key = (UUID(part) for part in session["_user_id"].split("."))
        except (KeyError, ValueError):
            return None
        facts = {**asked, "person": person, "key": key, "language": language, "step": EVIDENCE}
        with self._lock:
            try:
                row = self._ask(facts)
            except psycopg.Error as error:
                log.warning("figure_door_closed", error=type(error).__name__)
                if self._cursor is not None:
                    self._cursor.connection.close()
                self._cursor = None
                return None
        role, rows = row or (None, None)
        return (role, rows) if rows and rows != "," else None

    def _ask(self, facts: Mapping[str, Any]) -> tuple[str, str | None] | None:
        if self._cursor is None:
            connection = self._connect()
            connection.execute("SET plan_cache_mode = force_generic_plan")
            connection.execute(_PREPARE_COUNCIL)
            connection.execute(_PREPARE)
            self._cursor = psycopg.ClientCursor(connection)
        self._cursor.execute(_ASK, facts)
        self._cursor.nextset()
        return self._cursor.fetchone()
