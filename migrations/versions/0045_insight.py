"""From story to insight: findings that stand on excerpts, three lines per goal, and rounds about stories."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ENUM

from workbench.core.tenancy import ACTING_COUNCIL, isolation_ddl

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
SAYS = ("confirms", "adds", "contradicts")


def _owned(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["goal_id"], ["goal.id"], name=op.f(f"fk_{table}_goal_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f(f"fk_{table}_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _card(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("origin_key", sa.Uuid(), nullable=True),
        sa.Column("origin_revision", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("edited_at", MOMENT, nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["edited_by_id"], ["person.id"], name=op.f(f"fk_{table}_edited_by_id")),
        sa.UniqueConstraint("key", name=op.f(f"uq_{table}_key")),
        *_owned(table),
    ]


def upgrade() -> None:
    op.create_table(
        "finding",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("says", sa.Enum(*SAYS, name="finding_says"), nullable=False),
        sa.Column("excerpt_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.CheckConstraint("cardinality(excerpt_ids) > 0", name=op.f("ck_finding_stands_on_an_excerpt")),
        *_card("finding"),
    )
    op.create_table(
        "goal_lines",
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("stories", sa.Text(), nullable=False),
        sa.Column("difference", sa.Text(), nullable=False),
        sa.UniqueConstraint("goal_id", name=op.f("uq_goal_lines_goal_id")),
        *_card("goal_lines"),
    )
    op.create_table(
        "story_round",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_story_round_round_id"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("round_id", name=op.f("uq_story_round_round_id")),
        *_owned("story_round"),
    )
    for table in ("finding", "goal_lines", "story_round"):
        op.create_index(op.f(f"ix_{table}_council_id"), table, ["council_id"])
    for table in ("finding", "story_round"):
        op.create_index(op.f(f"ix_{table}_goal_id"), table, ["goal_id"])
    for statement in (
        *isolation_ddl("finding", {"goal_id": "goal"}),
        *isolation_ddl("goal_lines", {"goal_id": "goal"}),
        *isolation_ddl("story_round", {"goal_id": "goal", "round_id": "round"}),
    ):
        op.execute(statement)


def downgrade() -> None:
    for table in ("story_round", "goal_lines", "finding"):
        op.drop_table(table)
    ENUM(name="finding_says").drop(op.get_bind())
