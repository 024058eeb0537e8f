"""regions and switches"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ENUM

from workbench.core.tenancy import public_ddl

revision = "0010"
down_revision = "0009"

AREA_TYPE = ENUM(name="area_type", create_type=False)


def upgrade() -> None:
    op.add_column("source", sa.Column("is_off", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "region_membership",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("kind", AREA_TYPE, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_region_membership_area_id")),
        sa.ForeignKeyConstraint(["region_id"], ["area.id"], name=op.f("fk_region_membership_region_id")),
        sa.PrimaryKeyConstraint("area_id", "kind", "valid_from", name=op.f("pk_region_membership")),
    )
    op.create_index(op.f("ix_region_membership_region_id"), "region_membership", ["region_id"])
    for statement in public_ddl("region_membership"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("region_membership")
    op.drop_column("source", "is_off")
