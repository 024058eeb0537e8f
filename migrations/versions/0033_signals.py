"""Signals: questions that a figure itself gives cause to, what was seen of each figure, and what a council wants."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ENUM, JSONB

from workbench.core.tenancy import ACTING_COUNCIL, isolation_ddl

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

KINDS = ("question", "remark", "reaction", "advice")
TERM, OWNER = "ck_figure_question_a_question_has_a_term", "ck_figure_question_a_question_has_an_owner"


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


def _kinds(kinds: tuple[str, ...], term: str, owner: str) -> None:
    """The kinds there can be. A type of its own, since a word that was just added to one cannot be used yet."""
    for name in (TERM, OWNER):
        op.drop_constraint(op.f(name), "figure_question")
    op.execute("ALTER TYPE conversation_kind RENAME TO former_kind")
    ENUM(*kinds, name="conversation_kind").create(op.get_bind())
    op.execute(
        "ALTER TABLE figure_question ALTER COLUMN kind TYPE conversation_kind USING kind::text::conversation_kind"
    )
    op.execute("DROP TYPE former_kind")
    op.create_check_constraint(op.f(TERM), "figure_question", term)
    op.create_check_constraint(op.f(OWNER), "figure_question", owner)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    _kinds(
        (*KINDS, "signal"),
        "(kind IN ('question', 'signal')) = (due_on IS NOT NULL)",
        "kind = 'signal' OR (kind = 'question') = (owner_id IS NOT NULL)",
    )
    op.create_table(
        "figure_signal",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.Enum("limit", "new", "revised", name="signal_cause"), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        _to("figure_signal", "link_id", "link", "CASCADE"),
        _to("figure_signal", "question_id", "figure_question", "CASCADE"),
        sa.UniqueConstraint(
            "link_id", "cause", "period", "day", name=op.f("uq_figure_signal_link_id_cause_period_day")
        ),
        *_owned("figure_signal"),
    )
    op.create_table(
        "figure_watch",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("seen", JSONB(), nullable=False),
        sa.Column("built_at", moment, nullable=False),
        _to("figure_watch", "link_id", "link", "CASCADE"),
        _to("figure_watch", "area_id", "area"),
        sa.UniqueConstraint("link_id", name=op.f("uq_figure_watch_link_id")),
        *_owned("figure_watch"),
    )
    op.create_table(
        "signal_choice",
        sa.Column("switched_off", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", moment, nullable=False),
        _to("signal_choice", "owner_id", "person"),
        sa.UniqueConstraint("council_id", name=op.f("uq_signal_choice_council_id")),
        *_owned("signal_choice"),
    )
    for table in ("figure_signal", "figure_watch", "signal_choice"):
        op.create_index(op.f(f"ix_{table}_council_id"), table, ["council_id"])
    op.create_index(op.f("ix_figure_signal_question_id"), "figure_signal", ["question_id"])
    for statement in [
        *isolation_ddl(
            "figure_signal", {"link_id": "link", "question_id": "figure_question"}, append_only=True
        ),
        *isolation_ddl("figure_watch", {"link_id": "link"}),
        *isolation_ddl("signal_choice"),
    ]:
        op.execute(statement)


def downgrade() -> None:
    for table in ("signal_choice", "figure_watch", "figure_signal"):
        op.drop_table(table)
    op.execute("DROP TYPE signal_cause")
    # Rows of every council: the owner of the tables looks over the wall for a moment.
    op.execute("ALTER TABLE figure_question NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM figure_question WHERE kind = 'signal'")
    op.execute("ALTER TABLE figure_question FORCE ROW LEVEL SECURITY")
    _kinds(
        KINDS,
        "(kind = 'question') = (due_on IS NOT NULL)",
        "(kind = 'question') = (owner_id IS NOT NULL)",
    )
