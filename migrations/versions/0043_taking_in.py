"""Piles of stories that just came in, and what a council settles about stories."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ENUM, JSONB

from workbench.core.tenancy import ACTING_COUNCIL, isolation_ddl

revision = "0043"
down_revision = "0041"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STATES = ("received", "to_choose", "chosen", "done", "failed")


def _person(table: str, column: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column(column, sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}")),
    ]


def _make(table: str, *columns: sa.schema.SchemaItem, indexed: tuple[str, ...] = ()) -> None:
    op.create_table(
        table,
        *columns,
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f(f"fk_{table}_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    for column in ("council_id", *indexed):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _source(table: str, *, nullable: bool) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("source_id", sa.Uuid(), nullable=nullable),
        sa.ForeignKeyConstraint(["source_id"], ["story_source.id"], name=op.f(f"fk_{table}_source_id")),
    ]


def upgrade() -> None:
    ENUM(*STATES, name="pile_state").create(op.get_bind())
    way = ENUM("file", "typed", "narrator", "talk", "answer", name="story_way", create_type=False)
    _make(
        "story_pile",
        sa.Column("way", way, nullable=False),
        sa.Column("state", ENUM(*STATES, name="pile_state", create_type=False), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("box", sa.LargeBinary(), nullable=True),
        sa.Column("counts", JSONB(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        *_person("story_pile", "made_by_id"),
        *_source("story_pile", nullable=False),
        indexed=("source_id",),
    )
    _make(
        "story_settings",
        sa.Column("officer_name", sa.Text(), nullable=False),
        sa.Column("officer_email", sa.Text(), nullable=False),
        sa.Column("receivers", sa.Text(), nullable=False),
        sa.Column("safety", sa.Text(), nullable=False),
        sa.Column("form_text", sa.Text(), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("edited_at", MOMENT, nullable=False),
        *_person("story_settings", "edited_by_id"),
        sa.UniqueConstraint("council_id", name=op.f("uq_story_settings_council_id")),
    )
    _make(
        "story_risks",
        sa.Column("answers", JSONB(), nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=True),
        sa.Column("edited_at", MOMENT, nullable=False),
        *_person("story_risks", "edited_by_id"),
        *_source("story_risks", nullable=True),
        sa.UniqueConstraint(
            "council_id",
            "source_id",
            name=op.f("uq_story_risks_council_id_source_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    source = {"source_id": "story_source"}
    for statement in (
        *isolation_ddl("story_pile", source),
        *isolation_ddl("story_settings"),
        *isolation_ddl("story_risks", source),
        "REVOKE SELECT ON story_pile FROM backup",  # it may hold anybody's words, under no key of their own
    ):
        op.execute(statement)


def downgrade() -> None:
    for table in ("story_risks", "story_settings", "story_pile"):
        op.drop_table(table)
    op.execute("DROP TYPE pile_state")
