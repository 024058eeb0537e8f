"""Does the database hold the wall that the models ask for? Used by `workbench db check` and by the tests."""

import sqlalchemy as sa

from workbench.core.db import Base

# Tables without a council that the web may write, and what for.
WEB_MAY_WRITE = {"person": {"INSERT", "UPDATE"}, "mail_message": {"INSERT"}, "template_use": {"INSERT"}}


def problems(engine: sa.Engine) -> list[str]:
    """One sentence per missing policy, composite key or misplaced grant; empty when the wall stands."""
    tables = Base.metadata.tables.values()
    owned = {table.name for table in tables if "council_id" in table.c}
    found = []
    with engine.connect() as connection:
        walled = set(
            connection.scalars(
                sa.text(
                    "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND EXISTS"
                    " (SELECT 1 FROM pg_policy WHERE polrelid = pg_class.oid AND polname = 'own_council'"
                    " AND polqual IS NOT NULL AND polwithcheck IS NOT NULL)"
                )
            )
        )
        constraints = set(connection.scalars(sa.text("SELECT conname FROM pg_constraint")))
        grants = connection.execute(
            sa.text(
                "SELECT grantee, table_name, privilege_type FROM information_schema.role_table_grants"
                " WHERE table_schema = 'public' AND grantee IN ('web', 'PUBLIC')"
            )
        ).all()
    found += [
        f"Table {name} has no row-level security with FORCE and WITH CHECK."
        for name in sorted(owned - walled)
    ]
    for table in tables:
        for key in table.foreign_keys:
            column, target = key.parent.name, key.column.table
            if table.name in owned and target.name in owned and column != "council_id":
                name = f"same_council_{table.name}_{column}"
                if name not in constraints:
                    found.append(f"Reference {table.name}.{column} has no composite key {name}.")
    for grantee, table_name, privilege in grants:
        if grantee == "PUBLIC":
            found.append(f"Everyone has {privilege} on {table_name}.")
        elif table_name not in owned and privilege not in {"SELECT"} | WEB_MAY_WRITE.get(table_name, set()):
            found.append(f"Role web has {privilege} on public table {table_name}.")
    return found
