"""A group says of a step with cards, or of one goal in it, that it does not know, or will look at it later."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ENUM

from workbench.core.tenancy import ACTING_COUNCIL, isolation_ddl

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "left_open",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=True),
        sa.Column("state", ENUM(name="answer_state", create_type=False), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state <> 'given'", name=op.f("ck_left_open_is_no_answer")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_left_open_council_id")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["person.id"], name=op.f("fk_left_open_edited_by_id")),
        sa.ForeignKeyConstraint(
            ["goal_id"], ["goal.id"], name=op.f("fk_left_open_goal_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_left_open_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_left_open")),
        sa.UniqueConstraint(
            "plan_id",
            "number",
            "goal_id",
            name=op.f("uq_left_open_plan_id_number_goal_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("ix_left_open_council_id"), "left_open", ["council_id"])
    op.create_index(op.f("ix_left_open_goal_id"), "left_open", ["goal_id"])
    for statement in isolation_ddl("left_open", {"plan_id": "plan", "goal_id": "goal"}):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("left_open")
