"""Law cards, moments, instruments and choices; the calendar of a council."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ENUM, JSONB, TSVECTOR

from workbench.core.tenancy import ACTING_COUNCIL, isolation_ddl, public_ddl

revision = "0014"
down_revision = "0013"

LAW_KIND = ENUM("act", "bill", "treaty", name="law_kind", create_type=False)
WEIGHT = ENUM("light", "medium", "strong", "heavy", name="instrument_weight", create_type=False)
TYPES = (LAW_KIND, WEIGHT)
PUBLIC = ("law", "moment", "instrument", "choice_card")
SEARCH_WEIGHTS = """setweight(to_tsvector('dutch', name), 'A') ||
    setweight(to_tsvector('dutch', slug || ' ' || plain_words(search_words)), 'B') ||
    setweight(to_tsvector('dutch', body), 'C')"""
SEARCH_TEXT = """lower(name || ' ' || slug || ' ' || plain_words(search_words) || ' ' || body)"""


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _lists(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.ARRAY(sa.Text()), nullable=False) for name in names]


def _parts(*names: str) -> list[sa.Column]:
    return [sa.Column(name, JSONB(), nullable=False) for name in names]


def _cards(table: str, *columns: sa.Column | sa.Constraint) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *_texts("slug", "name", "summary"),
        *_lists("search_words"),
        *_texts("body", "source"),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        *_lists("open_points"),
        sa.Column("search", TSVECTOR(), sa.Computed(SEARCH_WEIGHTS, persisted=True), nullable=False),
        sa.Column("search_text", sa.Text(), sa.Computed(SEARCH_TEXT, persisted=True), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("slug", name=op.f(f"uq_{table}_slug")),
    )
    for statement in public_ddl(table):
        op.execute(statement)


def upgrade() -> None:
    for type_ in TYPES:
        type_.create(op.get_bind())
    _cards(
        "law",
        sa.Column("kind", LAW_KIND, nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        *_texts("purpose", "target_group", "money"),
        *_parts("decides", "duties", "measures", "changes"),
        *_lists("room", "related", "players"),
    )
    _cards(
        "moment",
        sa.Column("first_month", sa.Integer(), nullable=False),
        sa.Column("last_month", sa.Integer(), nullable=False),
        *_texts("question", "use"),
        sa.Column("deadline", sa.Text(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("by_council", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "first_month BETWEEN 1 AND 12 AND last_month BETWEEN 1 AND 12",
            name=op.f("ck_moment_months_of_the_year"),
        ),
    )
    _cards(
        "instrument",
        *_texts("basis", "good_for", "not_for"),
        sa.Column("weight", WEIGHT, nullable=False),
        *_parts("findings"),
    )
    _cards("choice_card", *_lists("laws"), *_parts("options"))
    op.create_table(
        "calendar_entry",
        *_texts("name"),
        sa.Column("moment_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("submit_by", sa.Date(), nullable=True),
        *_texts("who", "note"),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("origin_key", sa.Uuid(), nullable=True),
        sa.Column("origin_revision", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on > starts_on", name=op.f("ck_calendar_entry_ends_after_it_starts")
        ),
        sa.CheckConstraint(
            "submit_by IS NULL OR submit_by <= starts_on",
            name=op.f("ck_calendar_entry_submit_before_it_starts"),
        ),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_calendar_entry_council_id")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["person.id"], name=op.f("fk_calendar_entry_edited_by_id")),
        sa.ForeignKeyConstraint(
            ["moment_id"], ["moment.id"], name=op.f("fk_calendar_entry_moment_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_calendar_entry_key")),
    )
    for column in ("council_id", "moment_id", "starts_on"):
        op.create_index(op.f(f"ix_calendar_entry_{column}"), "calendar_entry", [column])
    op.execute("ALTER TYPE audience ADD VALUE IF NOT EXISTS 'calendar'")
    op.create_table(
        "calendar_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_calendar_link_council_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_link_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_link")),
        sa.UniqueConstraint("council_id", "person_id", name=op.f("uq_calendar_link_council_id_person_id")),
    )
    op.create_index(op.f("ix_calendar_link_council_id"), "calendar_link", ["council_id"])
    for table in ("calendar_entry", "calendar_link"):
        for statement in isolation_ddl(table):
            op.execute(statement)


def downgrade() -> None:
    for table in ("calendar_link", "calendar_entry", *reversed(PUBLIC)):
        op.drop_table(table)
    for type_ in TYPES:
        type_.drop(op.get_bind())
    # The word 'calendar' stays: PostgreSQL cannot take a word out of a type.
