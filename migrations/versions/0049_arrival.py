"""Where what an example asks for comes from, who copied an example, and notes between the two councils."""

import sqlalchemy as sa
from alembic import op

from workbench.core.tenancy import ACTING_COUNCIL, isolation_ddl

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
# Of a note or an answer: is the acting council the one that shared the example, and is it the one that copied it?
SHARED_BY_US = (
    "EXISTS (SELECT 1 FROM shared_template shared"
    f" WHERE shared.id = {{template}} AND shared.council_id = {ACTING_COUNCIL})"
)
COPIED_BY_US = (
    f"EXISTS (SELECT 1 FROM adopter WHERE adopter.council_id = {ACTING_COUNCIL}"
    " AND adopter.template_id = {template}{more})"
)
OUR_PLACE = COPIED_BY_US.format(
    template="template_use.template_id", more=" AND adopter.use_id = template_use.id"
)
OURS = f"{OUR_PLACE} AND (named_id IS NULL OR named_id = {ACTING_COUNCIL})"
READABLE = "EXISTS (SELECT 1 FROM shared_template shared WHERE shared.id = template_use.template_id)"


def _owned(table: str, *, unique: list[str] | None = None) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f(f"fk_{table}_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *([sa.UniqueConstraint(*unique, name=op.f(f"uq_{table}_{'_'.join(unique)}"))] if unique else []),
    ]


def _reference(column: str, target: str) -> list[sa.schema.SchemaItem]:
    """Of an arrived card; when what it points at goes, the choice goes."""
    return [
        sa.Column(column, sa.Uuid(), nullable=column != "plan_id"),
        sa.ForeignKeyConstraint(
            [column], [f"{target}.id"], name=op.f(f"fk_arrived_card_{column}"), ondelete="CASCADE"
        ),
    ]


def _indexes(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _run(statements: list[str]) -> None:
    for statement in statements:
        op.execute(statement)


def upgrade() -> None:
    # A plan may hold several examples, each once.
    op.drop_constraint("uq_adoption_plan_id", "adoption")
    op.create_unique_constraint("uq_adoption_plan_id_template_id", "adoption", ["plan_id", "template_id"])

    op.create_table(
        "arrived_card",
        *_owned("arrived_card", unique=["plan_id", "key"]),
        *_reference("plan_id", "plan"),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum("national", "own", "request", "left_out", name="arrival_origin"),
            nullable=True,
        ),
        *_reference("indicator_id", "indicator"),
        *_reference("own_indicator_id", "own_indicator"),
        *_reference("story_source_id", "story_source"),
        sa.Column("moment", sa.Text(), nullable=True),
        sa.Column("taken_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(indicator_id, own_indicator_id, story_source_id, moment) <= 1",
            name=op.f("ck_arrived_card_one_origin"),
        ),
    )
    _indexes("arrived_card", "council_id")
    references = {"plan_id": "plan", "own_indicator_id": "own_indicator", "story_source_id": "story_source"}
    _run(isolation_ddl("arrived_card", references))

    op.create_table(
        "adopter",
        *_owned("adopter", unique=["council_id", "template_id"]),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("use_id", sa.Uuid(), nullable=False),
        sa.UniqueConstraint("use_id", name=op.f("uq_adopter_use_id")),
    )
    _indexes("adopter", "council_id", "template_id")
    _run(isolation_ddl("adopter", append_only=True))

    op.create_table(
        "template_use",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("named_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["named_id"], ["council.id"], name=op.f("fk_template_use_named_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_use")),
    )
    _indexes("template_use", "template_id")
    _run(
        [
            "ALTER TABLE template_use ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE template_use FORCE ROW LEVEL SECURITY",
            # Counted by who reads the example; each council writes its own one place, with no name but its own.
            f"CREATE POLICY counted ON template_use FOR SELECT USING ({READABLE} OR {OUR_PLACE})",
            f"CREATE POLICY own_place ON template_use FOR INSERT TO web WITH CHECK ({OURS})",
            f"CREATE POLICY own_name ON template_use FOR UPDATE TO web USING ({OUR_PLACE}) WITH CHECK ({OURS})",
            "GRANT SELECT, INSERT, UPDATE (named_id) ON template_use TO web",
            "GRANT SELECT ON template_use TO backup",
        ]
    )

    op.create_table(
        "template_note",
        *_owned("template_note"),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Enum("thanks", "remark", name="template_note_kind"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
    )
    _indexes("template_note", "council_id", "template_id")
    shared_by_us = SHARED_BY_US.format(template="template_note.template_id")
    copied_by_us = COPIED_BY_US.format(template="template_note.template_id", more="")
    _run(isolation_ddl("template_note", also_visible=shared_by_us, append_only=True))
    _run(
        [
            f"CREATE POLICY copied ON template_note AS RESTRICTIVE FOR INSERT TO web WITH CHECK ({copied_by_us})",
            "GRANT DELETE ON template_note TO web",
        ]
    )

    op.create_table(
        "template_answer",
        *_owned("template_answer"),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.UniqueConstraint("note_id", name=op.f("uq_template_answer_note_id")),
    )
    _indexes("template_answer", "council_id")
    ours = (
        "EXISTS (SELECT 1 FROM template_note note WHERE note.id = template_answer.note_id"
        f" AND note.council_id = {ACTING_COUNCIL})"
    )
    to_us = (
        "EXISTS (SELECT 1 FROM template_note note WHERE note.id = template_answer.note_id"
        f" AND {SHARED_BY_US.format(template='note.template_id')})"
    )
    _run(isolation_ddl("template_answer", also_visible=ours, append_only=True))
    _run([f"CREATE POLICY to_us ON template_answer AS RESTRICTIVE FOR INSERT TO web WITH CHECK ({to_us})"])


def downgrade() -> None:
    for table in ("template_answer", "template_note", "template_use", "adopter", "arrived_card"):
        op.drop_table(table)
    for kind in ("template_note_kind", "arrival_origin"):
        op.execute(f"DROP TYPE {kind}")
    op.drop_constraint("uq_adoption_plan_id_template_id", "adoption")
    op.create_unique_constraint("uq_adoption_plan_id", "adoption", ["plan_id"])
