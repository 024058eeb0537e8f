"""The four database roles, and the check that this process holds the right one.

owner     migrations; owns every table
web       requests and council jobs; owns nothing, no superuser, no BYPASSRLS
platform  writes the public tables (refresh, content, accounts); no BYPASSRLS
backup    reads all councils (BYPASSRLS), but not what stories keep apart; held by `workbench backup` alone
"""

import sqlalchemy as sa
from psycopg import sql

from workbench.core.errors import WorkbenchError

ROLES = {"owner": "NOBYPASSRLS", "web": "NOBYPASSRLS", "platform": "NOBYPASSRLS", "backup": "BYPASSRLS"}


class WrongRole(WorkbenchError):
    """The given database role makes council isolation air."""


def create_roles(superuser: sa.Engine, database: str, passwords: dict[str, str]) -> None:
    """Make the roles (or renew their passwords) and the database; needs a superuser. Idempotent."""
    with superuser.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        raw = connection.connection.cursor()
        for role, bypass in ROLES.items():
            exists = connection.scalar(
                sa.text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}
            )
            verb = "ALTER" if exists else "CREATE"
            raw.execute(
                sql.SQL(
                    f"{verb} ROLE {{}} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE {bypass} PASSWORD {{}}"
                ).format(sql.Identifier(role), sql.Literal(passwords[role]))
            )
        known = connection.scalar(
            sa.text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": database}
        )
        if not known:
            raw.execute(sql.SQL("CREATE DATABASE {} OWNER owner").format(sql.Identifier(database)))
        raw.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database)))
        raw.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO owner, web, platform, backup").format(
                sql.Identifier(database)
            )
        )
        raw.execute(sql.SQL("GRANT TEMPORARY ON DATABASE {} TO platform").format(sql.Identifier(database)))


def check_role(engine: sa.Engine) -> None:
    """Refuse to start with a role that can walk through the wall.

    Raises: WrongRole.
    """
    with engine.connect() as connection:
        role, is_super, bypasses, owns = connection.execute(
            sa.text(
                "SELECT current_user, rolsuper, rolbypassrls, (SELECT count(*) FROM pg_tables"
                " WHERE schemaname = 'public' AND pg_has_role(current_user, tableowner, 'USAGE'))"
                " FROM pg_roles WHERE rolname = current_user"
            )
        ).one()
    if is_super or bypasses or owns:
        raise WrongRole(
            f"Database role {role!r} owns tables or may bypass row-level security. Use the role 'web' or 'platform'."
        )
