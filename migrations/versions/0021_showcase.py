"""What councils share with everyone, and plans that began as a copy."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from workbench.core.tenancy import ACTING_COUNCIL, isolation_ddl

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# Whoever asks, of whatever council or of none; only as long as it is shared.
SHARED = "revoked_at IS NULL"


def _owned(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f(f"fk_{table}_council_id")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f(f"fk_{table}_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("plan_id", name=op.f(f"uq_{table}_plan_id")),
    ]


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "shared_template",
        sa.Column("kind", sa.Enum("plan", name="template_kind"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("differently", sa.Text(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("fictitious", sa.Boolean(), nullable=False),
        sa.Column("shared_at", moment, nullable=False),
        sa.Column("revoked_at", moment, nullable=True),
        *_owned("shared_template"),
    )
    op.create_index(op.f("ix_shared_template_council_id"), "shared_template", ["council_id"])
    op.create_index(
        "ix_shared_template_shared_at", "shared_template", ["shared_at"], postgresql_where=sa.text(SHARED)
    )
    for statement in isolation_ddl("shared_template", {"plan_id": "plan"}, also_visible=SHARED):
        op.execute(statement)
    op.create_table(
        "adoption",
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("template_number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("shared_by", sa.Text(), nullable=False),
        sa.Column("fictitious", sa.Boolean(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("copied_at", moment, nullable=False),
        *_owned("adoption"),
    )
    op.create_index(op.f("ix_adoption_council_id"), "adoption", ["council_id"])
    op.create_index(op.f("ix_adoption_template_id"), "adoption", ["template_id"])
    for statement in isolation_ddl("adoption", {"plan_id": "plan"}):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("adoption")
    op.drop_table("shared_template")
    op.execute("DROP TYPE template_kind")
