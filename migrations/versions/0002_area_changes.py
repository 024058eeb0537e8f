"""area changes"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ENUM

from workbench.core.tenancy import public_ddl

revision = "0002"
down_revision = "0001"

AREA_CHANGE_KIND = ENUM("merged", "split", "renamed", "border", name="area_change_kind", create_type=False)


def upgrade() -> None:
    AREA_CHANGE_KIND.create(op.get_bind())
    op.create_table(
        "area_change",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("heir_id", sa.Integer(), nullable=False),
        sa.Column("kind", AREA_CHANGE_KIND, nullable=False),
        sa.Column("inhabitants", sa.Integer(), nullable=True),
        sa.Column("dwellings", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["heir_id"], ["area.id"], name=op.f("fk_area_change_heir_id")),
        sa.ForeignKeyConstraint(["origin_id"], ["area.id"], name=op.f("fk_area_change_origin_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_change")),
        sa.UniqueConstraint("origin_id", "heir_id", "day", name=op.f("uq_area_change_origin_id_heir_id_day")),
    )
    op.create_index(op.f("ix_area_change_heir_id"), "area_change", ["heir_id"], unique=False)
    op.add_column("block_document", sa.Column("area_id", sa.Integer(), nullable=True))
    op.create_foreign_key(op.f("fk_block_document_area_id"), "block_document", "area", ["area_id"], ["id"])
    for statement in public_ddl("area_change"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_constraint(op.f("fk_block_document_area_id"), "block_document", type_="foreignkey")
    op.drop_column("block_document", "area_id")
    op.drop_index(op.f("ix_area_change_heir_id"), table_name="area_change")
    op.drop_table("area_change")
    AREA_CHANGE_KIND.drop(op.get_bind())
