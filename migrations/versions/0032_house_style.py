"""The house style of a council, and with which colours a figure was drawn."""

import sqlalchemy as sa
from alembic import op

from workbench.core.tenancy import ACTING_COUNCIL, isolation_ddl

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "house_style",
        sa.Column("is_tried", sa.Boolean(), nullable=False),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("logo_version", sa.Uuid(), nullable=True),
        sa.Column("logo_width", sa.Integer(), nullable=True),
        sa.Column("logo_height", sa.Integer(), nullable=True),
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_house_style_council_id")),
        sa.UniqueConstraint("council_id", "is_tried", name=op.f("uq_house_style_council_id_is_tried")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_style")),
    )
    op.create_index(op.f("ix_house_style_council_id"), "house_style", ["council_id"])
    # What everybody sees of a council is no secret: sign-in and public pages are dressed in it.
    for statement in isolation_ddl("house_style", also_visible="NOT is_tried"):
        op.execute(statement)
    op.add_column("block_document", sa.Column("theme", sa.Text(), server_default="", nullable=False))
    op.alter_column("block_document", "theme", server_default=None)


def downgrade() -> None:
    op.drop_column("block_document", "theme")
    op.drop_table("house_style")
