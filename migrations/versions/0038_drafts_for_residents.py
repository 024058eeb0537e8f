"""A draft for residents per monitor: beginning with another one leaves it as it is."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

DRAFTS = sa.text("published_at IS NULL")


def upgrade() -> None:
    op.drop_index("uq_publication_draft", "publication")
    op.create_index(
        "uq_publication_draft", "publication", ["monitor_id"], unique=True, postgresql_where=DRAFTS
    )


def downgrade() -> None:
    op.drop_index("uq_publication_draft", "publication")
    # Formerly a council had one; the newest stays.
    op.execute(
        "DELETE FROM publication WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER"
        " (PARTITION BY council_id ORDER BY made_at DESC, id) AS place FROM publication"
        " WHERE published_at IS NULL) AS drafts WHERE place > 1)"
    )
    op.create_index(
        "uq_publication_draft", "publication", ["council_id"], unique=True, postgresql_where=DRAFTS
    )
