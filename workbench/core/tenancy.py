"""Council isolation, all of it.

PostgreSQL refuses rows of another council (row-level security, FORCEd, with WITH CHECK). Python only tells
PostgreSQL, at the start of every transaction, for which council this session acts. A session that was told
nothing sees no rows of any council and can write none. Foreign keys between council-owned tables carry the
council as well (`same_council_…`), because PostgreSQL's own key check looks past row-level security.

Public tables (catalogue, areas, figures) have no council_id and are written by the role `platform` only.
"""

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, mapped_column

ACTING_COUNCIL = "nullif(current_setting('app.council_id', true), '')::uuid"
ACTING_PERSON = "nullif(current_setting('app.person_id', true), '')::uuid"
OPENED_DOOR = "nullif(current_setting('app.door', true), '')"


class CouncilOwned:
    """Mixin for every table whose rows belong to one council."""

    council_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("council.id"), server_default=sa.text(ACTING_COUNCIL), index=True
    )


def act_for(session: Session, council_id: uuid.UUID | None) -> None:
    """Let this session read and write the rows of one council only."""
    if session.info.get("council_id") not in (None, council_id):
        session.expunge_all()  # nothing of the previous council stays in memory
    _tell(session, council_id=council_id)


def act_as(session: Session, person_id: uuid.UUID | None) -> None:
    """Let this session see this person's own memberships, in whatever council."""
    _tell(session, person_id=person_id)


def open_door(session: Session, token_hash: str) -> None:
    """Let this session see the one door this token opens (invitation, what a council published, later: narrator)."""
    _tell(session, door=token_hash)


def published_door(council_id: uuid.UUID) -> str:
    """What opens the door to what this council lets everyone read; no secret."""
    return f"published {council_id}"


def _tell(session: Session, **facts: object) -> None:
    if (
        session.in_nested_transaction()
    ):  # a rollback to the savepoint would take back what PostgreSQL was told
        raise RuntimeError("Say for whom a session acts before the savepoint, not within it.")
    session.info.update(facts)
    if session.in_transaction():
        _tell_postgres(session, None, session.connection())


_TELL = (
    "SELECT set_config('app.council_id', %s, true), set_config('app.person_id', %s, true),"
    " set_config('app.door', %s, true)"
)


@event.listens_for(Session, "after_begin")
def _tell_postgres(session: Session, _transaction: Any, connection: sa.Connection) -> None:
    facts = tuple(str(session.info.get(name) or "") for name in ("council_id", "person_id", "door"))
    connection.exec_driver_sql(_TELL, facts)


def isolation_ddl(
    table: str, references: dict[str, str] | None = None, *, also_visible: str = "", append_only: bool = False
) -> list[str]:
    """SQL for a migration: isolate a table, its references to other council-owned tables, and its grants.

    `also_visible` widens only what may be read (own memberships, the opened door), never what may be written.
    """
    own = f"council_id = {ACTING_COUNCIL}"
    writes = "INSERT" if append_only else "INSERT, UPDATE, DELETE"
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY own_council ON {table} USING ({own}) WITH CHECK ({own})",
        f"ALTER TABLE {table} ADD CONSTRAINT same_council_{table} UNIQUE (council_id, id)",
        f"GRANT SELECT, {writes} ON {table} TO web",
        f"GRANT SELECT ON {table} TO backup",
    ]
    if also_visible:
        statements.append(f"CREATE POLICY also_visible ON {table} FOR SELECT USING ({also_visible})")
    for column, target in (references or {}).items():
        statements.append(
            f"ALTER TABLE {table} ADD CONSTRAINT same_council_{table}_{column} "
            f"FOREIGN KEY (council_id, {column}) REFERENCES {target} (council_id, id)"
        )
    return statements


def public_ddl(table: str) -> list[str]:
    """SQL for a migration: everyone reads, only `platform` writes."""
    return [
        f"GRANT SELECT ON {table} TO web, backup",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO platform",
    ]
