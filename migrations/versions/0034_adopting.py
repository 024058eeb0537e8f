"""Versions of a monitor that the council adopted: documents in parts that nobody changes."""

import sqlalchemy as sa
from alembic import op

from workbench.core.tenancy import ACTING_COUNCIL, isolation_ddl

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

FITS = (
    "CASE WHEN withdrawn_at IS NULL THEN hash = encode(sha256(content), 'hex')"
    ' ELSE content = convert_to(\'{"kind":"withdrawn","text":"bron ingetrokken"}\', \'UTF8\') END'
)
# Who withdraws a part finds it and writes the stub; what the others say is not to be read.
WITHDRAWS = (
    "GRANT SELECT (id, council_id, version_id, key, about_id, hash, withdrawn_at) ON adopted_part TO platform",
    "GRANT UPDATE (content, withdrawn_at) ON adopted_part TO platform",
)


def _owned(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f(f"fk_{table}_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "adopted_version",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("major", sa.Integer(), nullable=False),
        sa.Column("minor", sa.Integer(), nullable=False),
        sa.Column("format_number", sa.Integer(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_by_id", sa.Uuid(), nullable=True),
        _reference("adopted_version", "plan_id", "plan"),
        _reference("adopted_version", "frozen_by_id", "person"),
        *_owned("adopted_version"),
        sa.UniqueConstraint("plan_id", "major", "minor", name=op.f("uq_adopted_version_plan_id_major_minor")),
    )
    op.create_table(
        "adopted_part",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        _reference("adopted_part", "version_id", "adopted_version"),
        *_owned("adopted_part"),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_adopted_part_version_id_key")),
        sa.CheckConstraint(FITS, name=op.f("ck_adopted_part_is_what_was_adopted")),
    )
    for table in ("adopted_version", "adopted_part"):
        op.create_index(op.f(f"ix_{table}_council_id"), table, ["council_id"])
    for statement in (
        *isolation_ddl("adopted_version", {"plan_id": "plan"}, append_only=True),
        *isolation_ddl("adopted_part", {"version_id": "adopted_version"}, append_only=True),
        *WITHDRAWS,
    ):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("adopted_part")
    op.drop_table("adopted_version")
