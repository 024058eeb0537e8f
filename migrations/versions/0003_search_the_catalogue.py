"""search the catalogue"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

revision = "0003"
down_revision = "0002"

LISTS = ("laws", "priorities", "synonyms", "search_words")
SEARCH_WEIGHTS = """setweight(to_tsvector('dutch', name), 'A') ||
    setweight(to_tsvector('dutch', slug || ' ' || plain_words(search_words)), 'B') ||
    setweight(to_tsvector('dutch', definition), 'C') ||
    setweight(to_tsvector('dutch', plain_words(themes) || ' ' || plain_words(laws)), 'D')"""
SEARCH_TEXT = """lower(name || ' ' || slug || ' ' || plain_words(search_words) || ' ' || definition)"""


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")  # trusted: the owner of the database may
    # array_to_string is only "stable" because of lists of other things than text.
    op.execute(
        "CREATE FUNCTION plain_words(words text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE"
        " RETURN array_to_string(words, ' ')"
    )
    for name in LISTS:
        op.add_column("indicator", sa.Column(name, sa.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.add_column("indicator", sa.Column("table_hint", sa.Text(), nullable=True))
    op.add_column(
        "indicator",
        sa.Column("search", TSVECTOR(), sa.Computed(SEARCH_WEIGHTS, persisted=True), nullable=False),
    )
    op.add_column(
        "indicator",
        sa.Column("search_text", sa.Text(), sa.Computed(SEARCH_TEXT, persisted=True), nullable=False),
    )
    op.create_index(op.f("ix_indicator_search"), "indicator", ["search"], postgresql_using="gin")
    op.create_index(
        op.f("ix_indicator_search_text"),
        "indicator",
        ["search_text"],
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.add_column("series", sa.Column("levels", sa.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.add_column("series", sa.Column("asked", JSONB(), server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("series", "asked")
    op.drop_column("series", "levels")
    for name in ("search_text", "search", "table_hint", *reversed(LISTS)):
        op.drop_column("indicator", name)
    op.execute("DROP FUNCTION plain_words(text[])")
    op.execute("DROP EXTENSION pg_trgm")
