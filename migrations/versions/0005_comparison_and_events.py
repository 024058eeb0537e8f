"""comparison and events"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ENUM

from workbench.core.tenancy import ACTING_COUNCIL, isolation_ddl

revision = "0005"
down_revision = "0004"

COMPARISON_KIND = ENUM(
    "size", "province", "urbanity", "profile", "chosen", name="comparison_kind", create_type=False
)
EVENT_KIND = ENUM(
    "contract", "definition", "policy", "registration", "other", name="event_kind", create_type=False
)
TYPES = (COMPARISON_KIND, EVENT_KIND)


def upgrade() -> None:
    for type_ in TYPES:
        type_.create(op.get_bind())
    op.create_table(
        "comparison_group",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", COMPARISON_KIND, nullable=False),
        sa.Column("chosen", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'chosen') = (cardinality(chosen) > 0)", name=op.f("ck_comparison_group_chosen_by_hand")
        ),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_comparison_group_council_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_comparison_group_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparison_group")),
        sa.UniqueConstraint("council_id", "number", name=op.f("uq_comparison_group_council_id_number")),
    )
    op.create_index(op.f("ix_comparison_group_council_id"), "comparison_group", ["council_id"])
    op.create_index(
        "ix_comparison_group_present",
        "comparison_group",
        ["council_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "series_event",
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("kind", EVENT_KIND, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
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
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_series_event_council_id")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["person.id"], name=op.f("fk_series_event_edited_by_id")),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_series_event_indicator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series_event")),
        sa.UniqueConstraint("key", name=op.f("uq_series_event_key")),
    )
    op.create_index(op.f("ix_series_event_council_id"), "series_event", ["council_id"])
    op.create_index(op.f("ix_series_event_indicator_id"), "series_event", ["indicator_id"])
    for table in ("comparison_group", "series_event"):
        for statement in isolation_ddl(table):
            op.execute(statement)
    op.add_column(
        "block_document", sa.Column("context_changed_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("block_document", "context_changed_at")
    op.drop_index(op.f("ix_series_event_indicator_id"), table_name="series_event")
    op.drop_index(op.f("ix_series_event_council_id"), table_name="series_event")
    op.drop_table("series_event")
    op.drop_index("ix_comparison_group_present", table_name="comparison_group")
    op.drop_index(op.f("ix_comparison_group_council_id"), table_name="comparison_group")
    op.drop_table("comparison_group")
    for type_ in TYPES:
        type_.drop(op.get_bind())
