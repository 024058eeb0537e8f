"""What a register of processing must say of stories, and when the clearing of stories last looked."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

TEXTS = (("story_settings", "contact"), ("story_settings", "processor"), ("story_source", "special_why"))


def upgrade() -> None:
    for table, column in TEXTS:
        op.add_column(table, sa.Column(column, sa.Text(), server_default="", nullable=False))
        op.alter_column(table, column, server_default=None)
    op.add_column("story_settings", sa.Column("tended_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("story_settings", "tended_at")
    for table, column in reversed(TEXTS):
        op.drop_column(table, column)
