"""The library of values, the frames, merging and deciding; the whole card of a goal."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ENUM

from workbench.core.tenancy import ACTING_COUNCIL, isolation_ddl, public_ddl

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

AIM = ENUM("security", "chances", "health", name="goal_aim", create_type=False)
DUTY = ENUM("duty", "choice", name="goal_duty", create_type=False)
ACTOR = ENUM("municipality", "region", "others", "together", name="goal_actor", create_type=False)
TYPES = (AIM, DUTY, ACTOR)


def upgrade() -> None:
    op.create_table(
        "library_value",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("seen_when", sa.Text(), nullable=False),
        sa.Column("not_this", sa.Text(), nullable=False),
        sa.Column("short_changed", sa.Text(), nullable=False),
        sa.Column("counter_value", sa.Text(), nullable=False),
        sa.Column("parts", sa.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_library_value")),
    )
    op.create_table(
        "frame",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_frame")),
    )
    op.create_table(
        "frame_part",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("frame_slug", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["frame_slug"], ["frame.slug"], name=op.f("fk_frame_part_frame_slug"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_frame_part")),
    )
    op.create_index(op.f("ix_frame_part_frame_slug"), "frame_part", ["frame_slug"])
    for table in ("library_value", "frame", "frame_part"):
        for statement in public_ddl(table):
            op.execute(statement)
    op.create_table(
        "value_part",
        sa.Column("value_id", sa.Uuid(), nullable=False),
        sa.Column("part_slug", sa.Text(), nullable=False),
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_value_part_council_id")),
        sa.ForeignKeyConstraint(
            ["part_slug"], ["frame_part.slug"], name=op.f("fk_value_part_part_slug"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["value_id"], ["value.id"], name=op.f("fk_value_part_value_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_value_part")),
        sa.UniqueConstraint("value_id", "part_slug", name=op.f("uq_value_part_value_id_part_slug")),
    )
    op.create_index(op.f("ix_value_part_council_id"), "value_part", ["council_id"])
    op.create_table(
        "value_decision",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("chosen", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("minority_view", sa.Text(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("origin_key", sa.Uuid(), nullable=True),
        sa.Column("origin_revision", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_value_decision_council_id")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["person.id"], name=op.f("fk_value_decision_edited_by_id")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_value_decision_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_value_decision")),
        sa.UniqueConstraint("key", name=op.f("uq_value_decision_key")),
        sa.UniqueConstraint("plan_id", name=op.f("uq_value_decision_plan_id")),
    )
    op.create_index(op.f("ix_value_decision_council_id"), "value_decision", ["council_id"])
    for statement in isolation_ddl("value_part", {"value_id": "value"}):
        op.execute(statement)
    for statement in isolation_ddl("value_decision", {"plan_id": "plan"}):
        op.execute(statement)
    op.add_column("value", sa.Column("library_slug", sa.Text(), nullable=True))
    op.add_column("value", sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_value_library_slug"),
        "value",
        "library_value",
        ["library_slug"],
        ["slug"],
        ondelete="SET NULL",
    )
    op.create_foreign_key(
        op.f("fk_value_merged_into_id"), "value", "value", ["merged_into_id"], ["id"], ondelete="SET NULL"
    )
    op.create_index(op.f("ix_value_merged_into_id"), "value", ["merged_into_id"])
    for type_ in TYPES:
        type_.create(op.get_bind())
    op.add_column("goal", sa.Column("aim", AIM, nullable=True))
    op.add_column("goal", sa.Column("laws", sa.ARRAY(sa.Text()), nullable=False, server_default="{}"))
    op.alter_column("goal", "laws", server_default=None)
    op.add_column("goal", sa.Column("duty", DUTY, nullable=True))
    op.add_column("goal", sa.Column("area", sa.Text(), nullable=False, server_default=""))
    op.alter_column("goal", "area", server_default=None)
    op.add_column("goal", sa.Column("actor", ACTOR, nullable=True))
    op.add_column("goal", sa.Column("owner", sa.Text(), nullable=False, server_default=""))
    op.alter_column("goal", "owner", server_default=None)
    op.execute(
        "ALTER TABLE value ADD CONSTRAINT same_council_value_merged_into_id"
        " FOREIGN KEY (council_id, merged_into_id) REFERENCES value (council_id, id)"
    )


def downgrade() -> None:
    for column in ("owner", "actor", "area", "duty", "laws", "aim"):
        op.drop_column("goal", column)
    for type_ in TYPES:
        type_.drop(op.get_bind())
    op.drop_constraint("same_council_value_merged_into_id", "value")
    op.drop_index(op.f("ix_value_merged_into_id"), table_name="value")
    op.drop_column("value", "merged_into_id")
    op.drop_column("value", "library_slug")
    for table in ("value_decision", "value_part", "frame_part", "frame", "library_value"):
        op.drop_table(table)
