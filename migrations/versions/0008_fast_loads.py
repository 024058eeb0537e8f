"""Figures load faster: one index less to keep, and a staging table without any.

The key of an observation becomes what it is about and since when, which also serves the history.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_observation_history", table_name="observation")
    op.drop_constraint("pk_observation", "observation")
    op.drop_column("observation", "id")
    op.create_primary_key(
        "pk_observation", "observation", ["series_id", "area_id", "period_id", "loaded_from"]
    )
    op.drop_index("ix_staged_observation_load_id", table_name="staged_observation")
    op.drop_column("staged_observation", "id")


def downgrade() -> None:
    op.add_column("staged_observation", sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False))
    op.create_primary_key("pk_staged_observation", "staged_observation", ["id"])
    op.create_index("ix_staged_observation_load_id", "staged_observation", ["load_id"])
    op.drop_constraint("pk_observation", "observation")
    op.add_column("observation", sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False))
    op.create_primary_key("pk_observation", "observation", ["id"])
    op.create_index(
        "ix_observation_history", "observation", ["series_id", "area_id", "period_id", "loaded_from"]
    )
