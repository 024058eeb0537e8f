"""An example that was copied as the script of a workshop, and whether it came in a package."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "adoption", sa.Column("in_package", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.alter_column("adoption", "in_package", server_default=None)
    op.add_column("adoption", sa.Column("workshop_id", sa.Uuid(), nullable=True))
    op.alter_column("adoption", "plan_id", nullable=True)
    op.create_foreign_key(
        op.f("fk_adoption_workshop_id"), "adoption", "workshop", ["workshop_id"], ["id"], ondelete="CASCADE"
    )
    op.execute(
        "ALTER TABLE adoption ADD CONSTRAINT same_council_adoption_workshop_id"
        " FOREIGN KEY (council_id, workshop_id) REFERENCES workshop (council_id, id) ON DELETE CASCADE"
    )
    op.create_unique_constraint(op.f("uq_adoption_workshop_id"), "adoption", ["workshop_id"])
    op.create_check_constraint(
        op.f("ck_adoption_one_place"), "adoption", "num_nonnulls(plan_id, workshop_id) = 1"
    )


def downgrade() -> None:
    # A copied script has no place in the earlier version; its workshop stays. The owner minds the walls as well.
    op.execute("ALTER TABLE adoption NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM adoption WHERE plan_id IS NULL")
    op.execute("ALTER TABLE adoption FORCE ROW LEVEL SECURITY")
    op.drop_constraint("ck_adoption_one_place", "adoption")
    op.drop_column("adoption", "workshop_id")
    op.alter_column("adoption", "plan_id", nullable=False)
    op.drop_column("adoption", "in_package")
