"""What was drawn is remembered under marks: PostgreSQL gives a council a new one after every statement that writes.

Triggers make them, so no write, of whatever code, goes past these; and a mark is seen when what was written is seen. To
know whether anything changed, a page counts a few numbers, however much a council wrote.
"""

import sqlalchemy as sa

from workbench.core.db import Base, db

PUBLIC = "public"  # the scope of what every council reads; other scopes are ids of councils
MANY = 200  # marks of one scope; more are tidied up

write_mark = sa.Table(
    "write_mark",
    Base.metadata,
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("transaction", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column(
        "mark", sa.BigInteger, sa.Identity(), nullable=False
    ),  # never the same twice, also after a rollback
)

# They run as the owner of the table, which `web` cannot write in.
_NOTE = """
CREATE FUNCTION {name}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO write_mark (scope, transaction)
  SELECT scope, pg_current_xact_id()::text::bigint FROM ({scopes}) found
  ON CONFLICT (scope, transaction) DO UPDATE SET mark = excluded.mark;
  RETURN NULL;
END $$
"""
_EVENTS = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}


def note_ddl(name: str, scopes: str) -> list[str]:
    """SQL for a migration: a function for triggers. `scopes`: a query for scopes, each once, from the table `rows_written`."""
    return [_NOTE.format(name=name, scopes=scopes), f"REVOKE ALL ON FUNCTION {name}() FROM PUBLIC"]


def marked_ddl(table: str, note: str = "note_council", events: tuple[str, ...] = tuple(_EVENTS)) -> list[str]:
    """SQL for a migration: writing in this table gives a new mark. Every table that counts needs this (accounts/standing.py)."""
    return [
        f"CREATE TRIGGER marks_{event.lower()} AFTER {event} ON {table} REFERENCING {_EVENTS[event]} TABLE AS rows_written"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {note}()"
        for event in events
    ]


def marks(*, also_own: bool = True) -> sa.ColumnElement[str]:
    """For a query: a text that differs after every change of what every council reads, and of what the acting one wrote."""
    own = ", current_setting('app.council_id', true)" if also_own else ""
    return sa.literal_column(
        "(SELECT concat(count(*), ':', sum(hashint8extended(mark, 0))) FROM write_mark"  # noqa: S608 - put together from constants
        f" WHERE scope IN ('{PUBLIC}'{own}))",
        sa.Text,
    )


def tidy() -> None:
    """Of scopes with many marks, keep the newest. That gives another text too: pages are drawn once more."""
    newest = (
        sa.select(write_mark.c.scope, sa.func.max(write_mark.c.mark).label("mark"))
        .group_by(write_mark.c.scope)
        .having(sa.func.count() > MANY)
        .subquery()
    )
    db.execute(
        sa.delete(write_mark).where(write_mark.c.scope == newest.c.scope, write_mark.c.mark < newest.c.mark)
    )
