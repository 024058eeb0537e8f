"""A narrator who changes a story reaches all its marks, also those of a blind reading: their words go or move along."""

from alembic import op

from workbench.core.tenancy import ACTING_PERSON, OPENED_DOOR

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

OWN = f"coder_id IS NULL OR coder_id = {ACTING_PERSON}"
BUSY = "SELECT FROM coder_reading r WHERE r.story_id = excerpt.story_id AND r.is_blind AND r.done_at IS NULL"
BLIND = f"{OWN} OR NOT EXISTS ({BUSY})"
NARRATOR = (
    f"EXISTS (SELECT FROM door d WHERE d.token_hash = {OPENED_DOOR} AND d.audience::text = 'narrator'"
    " AND d.object_id = excerpt.story_id)"
)


def upgrade() -> None:
    op.execute(f"ALTER POLICY blind ON excerpt USING ({BLIND} OR {NARRATOR})")


def downgrade() -> None:
    op.execute(f"ALTER POLICY blind ON excerpt USING ({BLIND})")
