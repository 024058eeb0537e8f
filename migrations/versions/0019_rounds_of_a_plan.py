"""Rounds about the values of a plan."""

import sqlalchemy as sa
from alembic import op

from workbench.core.tenancy import ACTING_COUNCIL, isolation_ddl

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_round",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Enum("weight", "positions", "consent", name="round_purpose"), nullable=False),
        sa.Column("decision_version", sa.Integer(), nullable=True),
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_plan_round_council_id")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_plan_round_plan_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_plan_round_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_round")),
        sa.UniqueConstraint("round_id", name=op.f("uq_plan_round_round_id")),
    )
    op.create_index(op.f("ix_plan_round_council_id"), "plan_round", ["council_id"])
    op.create_index(op.f("ix_plan_round_plan_id"), "plan_round", ["plan_id"])
    for statement in isolation_ddl("plan_round", {"plan_id": "plan", "round_id": "round"}):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("plan_round")
    op.execute("DROP TYPE round_purpose")
