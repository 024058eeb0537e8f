"""Monitors that members take along: frozen words, and the file that is made of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from workbench.core.tenancy import ACTING_COUNCIL, isolation_ddl

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

FORMS = (
    "pdf",
    "docx",
    "xlsx",
    "csv",
    "blad",
    "blad-png",
    "figuur-png",
    "figuur-svg",
    "figuur-csv",
)
STATES = ("waiting", "writing", "ready", "failed")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "monitor_export",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.Enum(*FORMS, name="export_form"), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="export_state"), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("started_at", moment, nullable=True),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'ready') = (file IS NOT NULL)",
            name=op.f("ck_monitor_export_only_what_is_ready_has_a_file"),
        ),
        sa.CheckConstraint(
            "octet_length(file) <= 30000000", name=op.f("ck_monitor_export_file_not_too_large")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_monitor_export_plan_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_monitor_export_asked_by_id")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_monitor_export_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monitor_export")),
    )
    for column in ("council_id", "plan_id", "asked_by_id", "expires_at"):
        op.create_index(op.f(f"ix_monitor_export_{column}"), "monitor_export", [column])
    for statement in isolation_ddl("monitor_export", {"plan_id": "plan"}):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("monitor_export")
    for name in ("form", "state"):
        op.execute(f"DROP TYPE export_{name}")
