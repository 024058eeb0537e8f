"""Tokens with which a member's program reads the API."""

import sqlalchemy as sa
from alembic import op

from workbench.core.tenancy import ACTING_COUNCIL, isolation_ddl

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TYPE audience ADD VALUE IF NOT EXISTS 'api_token'")
    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.Enum("read", name="token_scope"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_api_token_council_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_api_token_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
    )
    op.create_index(op.f("ix_api_token_council_id"), "api_token", ["council_id"])
    for statement in isolation_ddl("api_token"):
        op.execute(statement)
    op.execute("GRANT SELECT, INSERT, UPDATE ON api_token TO platform")  # the operator makes and revokes them


def downgrade() -> None:
    op.drop_table("api_token")
    op.execute("DROP TYPE token_scope")
    # The word 'api_token' stays: PostgreSQL cannot take a word out of a type.
