"""What the doors before Flask share: a connection of their own, and one question on it at every request."""

import time
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, TypeAlias
from uuid import UUID

import psycopg
import structlog

log = structlog.get_logger()

UUID_PATTERN = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
PLAN_LASTS = 20  # seconds: a plan that was made when tables were small is slow when they have grown
Connect: TypeAlias = Callable[[], "psycopg.Connection[Any]"]


def who_asks(session: Mapping[str, Any]) -> dict[str, UUID] | None:
    """The person and the key of the session; None: nobody is signed in."""
    try:
        person, key = (UUID(part) for part in session["_user_id"].split("."))
    except (KeyError, ValueError):
        return None
    return {"person": person, "key": key}


class Question:
    """Statements that are prepared on a connection of their own, which is made when it is first needed.

    They are put in one message, so in one transaction; the last of them answers.
    """

    def __init__(self, connect: Connect, ask: str, *prepare: str) -> None:
        self._connect, self._ask, self._prepare = connect, ask, prepare
        self._statements = ask.count(";") + 1
        self._cursor: psycopg.ClientCursor[tuple[Any, ...]] | None = None
        self._planned_at = 0.0
        self._lock = Lock()

    def put(self, facts: Mapping[str, Any]) -> list[tuple[Any, ...]] | None:
        """The rows that answer. None: the database does not answer."""
        with self._lock:
            try:
                return self._put(facts)
            except psycopg.Error as error:
                log.warning("door_closed", error=type(error).__name__)
                if self._cursor is not None:
                    self._cursor.connection.close()
                self._cursor = None
                return None

    def _put(self, facts: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        if self._cursor is None:
            connection = self._connect()
            connection.execute("SET plan_cache_mode = force_generic_plan")
            for statement in self._prepare:
                connection.execute(statement)
            self._cursor = psycopg.ClientCursor(connection)
        if time.monotonic() > self._planned_at + PLAN_LASTS:
            self._cursor.execute("DISCARD PLANS")
            self._planned_at = time.monotonic()
        self._cursor.execute(self._ask, facts)
        for _ in range(self._statements - 1):
            self._cursor.nextset()
        return self._cursor.fetchall()
