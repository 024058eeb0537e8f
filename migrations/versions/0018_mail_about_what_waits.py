"""How often somebody wants a mail about what waits, and when the last one was written."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ENUM

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

RHYTHM = ENUM("never", "weekly", "daily", name="mail_rhythm", create_type=False)


def upgrade() -> None:
    RHYTHM.create(op.get_bind())
    op.add_column("person", sa.Column("rhythm", RHYTHM, nullable=False, server_default="weekly"))
    op.alter_column("person", "rhythm", server_default=None)
    op.add_column("person", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "reminded_at")
    op.drop_column("person", "rhythm")
    RHYTHM.drop(op.get_bind())
