"""The language in which the workbench speaks and writes to a person; empty: not chosen."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("language", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "language")
