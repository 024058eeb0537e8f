"""Backups hold no words of a story but under its key; the own reading of a narrator goes with the story only."""

import sqlalchemy as sa
from alembic import op

from workbench.core.tenancy import OPENED_DOOR

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

# A file of a day may quote; what a narrator says the own story is about stands in backups under the key of the story.
NOT_IN_BACKUPS = ("monitor_export", "own_reading")


def upgrade() -> None:
    op.execute("ALTER TYPE story_sealing ADD VALUE IF NOT EXISTS 'reading'")
    for table in NOT_IN_BACKUPS:
        op.execute(f"REVOKE SELECT ON {table} FROM backup")
    # Without these pg_dump gives up, whatever it is told to leave out.
    op.execute("GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO backup")
    op.execute("GRANT SELECT ON alembic_version TO backup")
    op.execute(f"CREATE POLICY gone ON own_reading AS RESTRICTIVE FOR DELETE TO web USING ({_gone()})")
    op.add_column("story_message", sa.Column("box", sa.LargeBinary(), nullable=True))
    op.alter_column("story_message", "text", nullable=True)
    op.create_check_constraint(
        op.f("ck_story_message_one_text"), "story_message", "num_nonnulls(text, box) = 1"
    )


def _gone() -> str:
    """Not even by removing it can somebody change what a narrator said: through the own door, or with the story."""
    own = f"d.token_hash = {OPENED_DOOR} AND d.audience::text = 'narrator' AND d.object_id = own_reading.story_id"
    ended = "s.id = own_reading.story_id AND s.ended_at IS NOT NULL"
    return f"EXISTS (SELECT FROM door d WHERE {own}) OR EXISTS (SELECT FROM story s WHERE {ended})"


def downgrade() -> None:
    # What is under a key has no place in the earlier version. The owner minds the walls as well.
    op.execute("ALTER TABLE story_message NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM story_message WHERE text IS NULL")
    op.execute("ALTER TABLE story_message FORCE ROW LEVEL SECURITY")
    op.drop_constraint("ck_story_message_one_text", "story_message")
    op.alter_column("story_message", "text", nullable=False)
    op.drop_column("story_message", "box")
    op.execute("DROP POLICY gone ON own_reading")
    op.execute("REVOKE SELECT ON alembic_version FROM backup")
    op.execute("REVOKE SELECT ON ALL SEQUENCES IN SCHEMA public FROM backup")
    for table in NOT_IN_BACKUPS:
        op.execute(f"GRANT SELECT ON {table} TO backup")
