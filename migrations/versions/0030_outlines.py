"""outlines of areas"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ENUM, JSONB

from workbench.core.tenancy import public_ddl

revision = "0030"
down_revision = "0028"

AREA_TYPE = ENUM(name="area_type", create_type=False)


def upgrade() -> None:
    op.create_table(
        "outline_edition",
        sa.Column("id", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("level", AREA_TYPE, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("is_schematic", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outline_edition")),
        sa.UniqueConstraint(
            "level", "year", "is_schematic", name=op.f("uq_outline_edition_level_year_is_schematic")
        ),
    )
    op.create_table(
        "area_outline",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("polygons", JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["outline_edition.id"],
            name=op.f("fk_area_outline_edition_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("edition_id", "code", name=op.f("pk_area_outline")),
    )
    for table in ("outline_edition", "area_outline"):
        for statement in public_ddl(table):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("area_outline")
    op.drop_table("outline_edition")
