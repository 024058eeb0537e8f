"""Quotes of stories in monitors: what is asked about them, and which of them a file holds."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

ADDRESS = op.f("ck_figure_question_a_figure_has_an_address")


def upgrade() -> None:
    op.execute("ALTER TYPE conversation_subject ADD VALUE IF NOT EXISTS 'quote'")
    op.execute("ALTER TYPE export_state ADD VALUE IF NOT EXISTS 'withdrawn'")
    op.drop_constraint(ADDRESS, "figure_question")
    op.create_check_constraint(
        ADDRESS, "figure_question", "(subject::text IN ('figure', 'quote')) = (block_id IS NOT NULL)"
    )
    op.add_column(
        "monitor_export",
        sa.Column("excerpt_ids", sa.ARRAY(sa.Uuid()), nullable=False, server_default="{}"),
    )
    op.alter_column("monitor_export", "excerpt_ids", server_default=None)


def downgrade() -> None:
    """The two words stay in their types: PostgreSQL takes none back."""
    op.drop_column("monitor_export", "excerpt_ids")
    op.execute("DELETE FROM monitor_export WHERE state::text = 'withdrawn'")
    op.execute("DELETE FROM figure_question WHERE subject::text = 'quote'")
    op.drop_constraint(ADDRESS, "figure_question")
    op.create_check_constraint(ADDRESS, "figure_question", "(subject = 'figure') = (block_id IS NOT NULL)")
