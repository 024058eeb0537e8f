"""Scripts of workshops: the library of working forms, what an announcement says, and who saved last."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from workbench.core.tenancy import public_ddl

revision = "0051"
down_revision = "0049"
branch_labels = None
depends_on = None

LIBRARY = ("working_form", "ready_script")
TEXTS = {"workshop": ("for_whom", "accessibility"), "activity": ("form",)}


def upgrade() -> None:
    op.execute("ALTER TYPE audience ADD VALUE IF NOT EXISTS 'announcement'")
    for table in LIBRARY:
        op.create_table(
            table,
            sa.Column("position", sa.Integer(), nullable=False),
            sa.Column("slug", sa.Text(), nullable=False),
            sa.Column("content", JSONB(), nullable=False),
            sa.Column("id", sa.Uuid(), nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
            sa.UniqueConstraint("slug", name=op.f(f"uq_{table}_slug")),
        )
        for statement in public_ddl(table):
            op.execute(statement)
    op.add_column("workshop", sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("workshop", sa.Column("announcement", sa.Text(), nullable=True))
    for table, names in TEXTS.items():
        op.add_column(table, sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        op.alter_column(table, "version", server_default=None)
        for name in names:
            op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default=""))
            op.alter_column(table, name, server_default=None)


def downgrade() -> None:
    """The word of the audience stays in its type: PostgreSQL takes none back."""
    for table, names in TEXTS.items():
        for name in (*names, "version"):
            op.drop_column(table, name)
    op.drop_column("workshop", "announcement")
    op.drop_column("workshop", "ends_at")
    for table in LIBRARY:
        op.drop_table(table)
