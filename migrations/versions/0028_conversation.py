"""Questions about figures and texts, with what was shown on that day; and what a group says a figure means."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from workbench.core.tenancy import ACTING_COUNCIL, isolation_ddl

revision = "0028"
down_revision = "0026"
branch_labels = None
depends_on = None

STATES = ("asked", "answered", "unclear", "clear", "closed", "withdrawn", "said")
ACTS = ("answer", "clear", "unclear", "withdraw", "reassign", "set_term", "close")
TABLES = ("interpretation", "question_snapshot", "question_step", "figure_question")


def _owned(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f(f"fk_{table}_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _to(table: str, column: str, target: str, then: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=then
    )


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "figure_question",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("question", "remark", "reaction", "advice", name="conversation_kind"),
            nullable=False,
        ),
        sa.Column("subject", sa.Enum("figure", "goal", "value", name="conversation_subject"), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=True),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("goal_id", sa.Uuid(), nullable=True),
        sa.Column("value_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="conversation_state"), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'question') = (due_on IS NOT NULL)",
            name=op.f("ck_figure_question_a_question_has_a_term"),
        ),
        sa.CheckConstraint(
            "(kind = 'question') = (owner_id IS NOT NULL)",
            name=op.f("ck_figure_question_a_question_has_an_owner"),
        ),
        sa.CheckConstraint(
            "(subject = 'figure') = (block_id IS NOT NULL)",
            name=op.f("ck_figure_question_a_figure_has_an_address"),
        ),
        _to("figure_question", "plan_id", "plan", "CASCADE"),
        _to("figure_question", "link_id", "link", "SET NULL"),
        _to("figure_question", "goal_id", "goal", "SET NULL"),
        _to("figure_question", "value_id", "value", "SET NULL"),
        _to("figure_question", "asked_by_id", "person"),
        _to("figure_question", "owner_id", "person"),
        *_owned("figure_question"),
    )
    for column in ("council_id", "block_id", "link_id", "goal_id", "value_id"):
        op.create_index(op.f(f"ix_figure_question_{column}"), "figure_question", [column])
    op.create_index("ix_figure_question_plan_id_state", "figure_question", ["plan_id", "state"])
    op.create_table(
        "question_step",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.Enum(*ACTS, name="conversation_act"), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        _to("question_step", "question_id", "figure_question", "CASCADE"),
        _to("question_step", "by_id", "person"),
        _to("question_step", "to_id", "person"),
        *_owned("question_step"),
    )
    for column in ("council_id", "question_id"):
        op.create_index(op.f(f"ix_question_step_{column}"), "question_step", [column])
    op.create_table(
        "question_snapshot",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        _to("question_snapshot", "question_id", "figure_question", "CASCADE"),
        sa.UniqueConstraint(
            "question_id", "language", name=op.f("uq_question_snapshot_question_id_language")
        ),
        *_owned("question_snapshot"),
    )
    op.create_index(op.f("ix_question_snapshot_council_id"), "question_snapshot", ["council_id"])
    op.create_table(
        "interpretation",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("recognise", "explain", "judge", "improve")
        ),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("origin_key", sa.Uuid(), nullable=True),
        sa.Column("origin_revision", sa.Integer(), nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("edited_at", moment, nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        _to("interpretation", "plan_id", "plan", "CASCADE"),
        _to("interpretation", "link_id", "link", "SET NULL"),
        _to("interpretation", "edited_by_id", "person"),
        sa.UniqueConstraint("key", name=op.f("uq_interpretation_key")),
        sa.UniqueConstraint("block_id", name=op.f("uq_interpretation_block_id")),
        *_owned("interpretation"),
    )
    for column in ("council_id", "plan_id", "link_id"):
        op.create_index(op.f(f"ix_interpretation_{column}"), "interpretation", [column])
    about = {"plan_id": "plan", "link_id": "link"}
    for statement in [
        *isolation_ddl("figure_question", {**about, "goal_id": "goal", "value_id": "value"}),
        *isolation_ddl("question_step", {"question_id": "figure_question"}, append_only=True),
        *isolation_ddl("question_snapshot", {"question_id": "figure_question"}, append_only=True),
        *isolation_ddl("interpretation", about),
    ]:
        op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    for name in ("kind", "subject", "state", "act"):
        op.execute(f"DROP TYPE conversation_{name}")
