"""What a signal asks in English, for who reads the workbench in English."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("figure_question", sa.Column("in_english", sa.Text(), server_default="", nullable=False))
    op.alter_column("figure_question", "in_english", server_default=None)


def downgrade() -> None:
    op.drop_column("figure_question", "in_english")
