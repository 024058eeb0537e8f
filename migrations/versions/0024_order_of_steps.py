"""A council puts the steps of a plan in its own order, and chooses which of its plans comes first."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plan_step", sa.Column("position", sa.Integer(), nullable=True))
    # Councils own these rows; the owner of the tables is let in for one statement.
    op.execute("ALTER TABLE plan_step NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE plan_step SET position = number")
    op.execute("ALTER TABLE plan_step FORCE ROW LEVEL SECURITY")
    op.alter_column("plan_step", "position", nullable=False)
    op.add_column("plan", sa.Column("put_first_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("plan", "put_first_at")
    op.drop_column("plan_step", "position")
