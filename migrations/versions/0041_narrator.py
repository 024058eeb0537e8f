"""Stories that their narrators are still writing, seen by no member; and messages to narrators."""

import sqlalchemy as sa
from alembic import op

from workbench.core.tenancy import ACTING_COUNCIL, ACTING_PERSON, isolation_ddl

revision = "0041"
down_revision = "0039"
branch_labels = None
depends_on = None

OF_A_STORY = ("story_key", "story_sealed", "own_reading")


def upgrade() -> None:
    op.execute("ALTER TYPE story_state ADD VALUE IF NOT EXISTS 'telling' BEFORE 'received'")
    op.execute("ALTER TYPE story_sealing ADD VALUE IF NOT EXISTS 'told'")
    op.alter_column("story", "number", nullable=True)
    # A member sees a story from the moment that it is sent; the narrator and the worker are no member.
    sent = f"number IS NOT NULL OR {ACTING_PERSON} IS NULL"
    op.execute(f"CREATE POLICY untold ON story AS RESTRICTIVE FOR SELECT TO web USING ({sent})")
    for table in OF_A_STORY:
        seen = f"EXISTS (SELECT FROM story s WHERE s.id = {table}.story_id)"
        op.execute(f"CREATE POLICY untold ON {table} AS RESTRICTIVE FOR SELECT TO web USING ({seen})")
    op.create_table(
        "story_message",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("story_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["story_source.id"], name=op.f("fk_story_message_source_id")),
        sa.ForeignKeyConstraint(
            ["story_id"], ["story.id"], name=op.f("fk_story_message_story_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["person.id"], name=op.f("fk_story_message_written_by_id")
        ),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_story_message_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_message")),
    )
    for column in ("council_id", "source_id", "story_id"):
        op.create_index(op.f(f"ix_story_message_{column}"), "story_message", [column])
    references = {"source_id": "story_source", "story_id": "story"}
    for statement in isolation_ddl("story_message", references):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("story_message")
    for table in ("story", *OF_A_STORY):
        op.execute(f"DROP POLICY untold ON {table}")
    # What was never sent has no place in the earlier version. The owner of a table minds its walls as well.
    op.execute("ALTER TABLE story NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM story WHERE number IS NULL")
    op.execute("ALTER TABLE story FORCE ROW LEVEL SECURITY")
    op.alter_column("story", "number", nullable=False)
