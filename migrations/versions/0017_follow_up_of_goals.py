"""What a goal asks for: needs, costs, steering."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ENUM

from workbench.core.tenancy import ACTING_COUNCIL, isolation_ddl

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TASK = ENUM("do", "buy", "enable", "leave", name="need_task", create_type=False)
CERTAINTY = ENUM("known", "estimate", "guess", name="cost_certainty", create_type=False)
TYPES = (TASK, CERTAINTY)
TABLES = ("need", "cost_line", "steering")


def _card(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("origin_key", sa.Uuid(), nullable=True),
        sa.Column("origin_revision", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f(f"fk_{table}_council_id")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["person.id"], name=op.f(f"fk_{table}_edited_by_id")),
        sa.ForeignKeyConstraint(
            ["goal_id"], ["goal.id"], name=op.f(f"fk_{table}_goal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("key", name=op.f(f"uq_{table}_key")),
    ]


def upgrade() -> None:
    for type_ in TYPES:
        type_.create(op.get_bind())
    op.create_table(
        "need",
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("task", TASK, nullable=False),
        sa.Column("players", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("not_doing", sa.Text(), nullable=False),
        *_card("need"),
    )
    op.create_table(
        "cost_line",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("once", sa.BigInteger(), nullable=True),
        sa.Column("yearly", sa.BigInteger(), nullable=True),
        sa.Column("cover", sa.Text(), nullable=False),
        sa.Column("certainty", CERTAINTY, nullable=False),
        sa.Column("spending", sa.Text(), nullable=False),
        sa.CheckConstraint("once IS NOT NULL OR yearly IS NOT NULL", name=op.f("ck_cost_line_some_amount")),
        sa.CheckConstraint("once >= 0 AND yearly >= 0", name=op.f("ck_cost_line_no_negative_amount")),
        *_card("cost_line"),
    )
    op.create_table(
        "steering",
        sa.Column("moment", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        *_card("steering"),
    )
    for table in TABLES:
        op.create_index(op.f(f"ix_{table}_council_id"), table, ["council_id"])
        op.create_index(op.f(f"ix_{table}_goal_id"), table, ["goal_id"])
        for statement in isolation_ddl(table, {"goal_id": "goal"}):
            op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    for type_ in TYPES:
        type_.drop(op.get_bind())
