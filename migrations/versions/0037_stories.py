"""Stories: sealed until they are safe, read as far as the narrator allows, and gone when the narrator withdraws."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

from workbench.core.tenancy import ACTING_COUNCIL, ACTING_PERSON, OPENED_DOOR, isolation_ddl

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TODAY = "(now() AT TIME ZONE 'Europe/Amsterdam')::date"
BEHIND_THE_DOOR = f"{OPENED_DOOR} = 'published ' || council_id"
# What a visitor at this council's door may ever read of a story; which quote stands where, a publication says.
FOR_EVERYONE = (
    f"{BEHIND_THE_DOOR} AND state = 'ready' AND reach = 'public' AND (ends_on IS NULL OR {TODAY} <= ends_on)"
)
OF_ONE_FOR_EVERYONE = f"{BEHIND_THE_DOOR} AND EXISTS (SELECT FROM story s WHERE s.id = story_id)"
NEW_TYPES = {
    "story_basis": ("public_task", "consent"),
    "story_stage": ("planned", "collecting", "coding", "done"),
    "story_way": ("file", "typed", "narrator", "talk", "answer"),
    "story_state": (
        "received",
        "to_check",
        "second_look",
        "with_narrator",
        "ready",
        "failed",
        "withdrawn",
        "ended",
    ),
    "story_reach": ("working_group", "council", "public"),
    "story_sealing": ("file", "raw", "draft", "text", "audio"),
    "consent_by": ("narrator", "collector"),
    "leaning": ("well", "not_well", "both", "neither"),
}


def _type(name: str) -> sa.dialects.postgresql.ENUM:
    return sa.dialects.postgresql.ENUM(*NEW_TYPES[name], name=name, create_type=False)


def _column(name: str, kind: object, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, kind, nullable=empty)


def _owned(table: str, **references: tuple[str, bool, str | None]) -> list[sa.schema.SchemaItem]:
    """`references`: column=(table, may be empty, what happens when that row goes)."""
    items: list[sa.schema.SchemaItem] = [
        sa.Column("council_id", sa.Uuid(), server_default=sa.text(ACTING_COUNCIL), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f(f"fk_{table}_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]
    for column, (target, empty, then) in references.items():
        items.append(_column(column, sa.Uuid(), empty=empty))
        items.append(
            sa.ForeignKeyConstraint(
                [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=then
            )
        )
    return items


def _make(table: str, *columns: sa.schema.SchemaItem, indexed: tuple[str, ...] = ()) -> None:
    op.create_table(table, *columns)
    for column in ("council_id", *indexed):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _once(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f("_".join(("uq", table, *columns))))


OF_STORY = ("story", False, "CASCADE")
PERSON = ("person", True, None)


def upgrade() -> None:
    for word in ("story_source", "narrator"):
        op.execute(f"ALTER TYPE audience ADD VALUE IF NOT EXISTS '{word}'")
    for name in NEW_TYPES:
        _type(name).create(op.get_bind())
    _grow_sources()
    _stories()
    _coding()
    for statement in [*_walls(), *_not_in_backups(), *_blind(), *_only_the_narrator()]:
        op.execute(statement)


def _grow_sources() -> None:
    for column in (
        sa.Column("how_many", sa.Integer(), nullable=True),
        sa.Column("spread", sa.Text(), nullable=False, server_default=""),
        sa.Column("purpose", sa.Text(), nullable=False, server_default=""),
        sa.Column("basis", _type("story_basis"), nullable=True),
        sa.Column("basis_why", sa.Text(), nullable=False, server_default=""),
        sa.Column("topics", sa.Text(), nullable=False, server_default=""),
        sa.Column("stage", _type("story_stage"), nullable=False, server_default="planned"),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("keep_until", sa.Date(), nullable=True),
        sa.Column("special_data", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("asks_narrator", sa.Boolean(), nullable=False, server_default=sa.true()),
    ):
        op.add_column("story_source", column)
        if column.server_default is not None:
            op.alter_column("story_source", column.name, server_default=None)


def _stories() -> None:
    _make(
        "story",
        _column("number", sa.Integer()),
        _column("way", _type("story_way")),
        _column("state", _type("story_state")),
        _column("problem", sa.Text()),
        _column("told_on", sa.Date(), empty=True),
        _column("lang", sa.Text()),
        _column("asks_narrator", sa.Boolean()),
        _column("is_sensitive", sa.Boolean()),
        _column("received_at", MOMENT),
        _column("confirmed_at", MOMENT, empty=True),
        _column("approved_at", MOMENT, empty=True),
        _column("reach", _type("story_reach"), empty=True),
        _column("quotes_only", sa.Boolean(), empty=True),
        _column("ends_on", sa.Date(), empty=True),
        _column("settled_at", MOMENT, empty=True),
        _column("ended_at", MOMENT, empty=True),
        _column("gone", sa.ARRAY(sa.Uuid())),
        _column("cleared_at", MOMENT, empty=True),
        _once("story", "council_id", "number"),
        sa.CheckConstraint("(reach IS NULL) = (quotes_only IS NULL)", name=op.f("ck_story_consent_is_whole")),
        *_owned(
            "story",
            source_id=("story_source", False, None),
            received_by_id=PERSON,
            confirmed_by_id=PERSON,
            seconded_by_id=PERSON,
        ),
        indexed=("source_id",),
    )
    _make(
        "story_words",
        _column("text", sa.Text()),
        _column("teller", sa.Text()),
        _column("traits", JSONB()),
        _column("edition", sa.Integer()),
        sa.Column("search", TSVECTOR(), sa.Computed("to_tsvector('dutch', text)", persisted=True)),
        _once("story_words", "story_id"),
        *_owned("story_words", story_id=OF_STORY),
    )
    op.create_index("ix_story_words_search", "story_words", ["search"], postgresql_using="gin")
    _make(
        "story_key",
        _column("box", sa.LargeBinary()),
        _once("story_key", "story_id"),
        *_owned("story_key", story_id=OF_STORY),
    )
    _make(
        "story_sealed",
        _column("kind", _type("story_sealing")),
        _column("box", sa.LargeBinary()),
        _column("made_at", MOMENT),
        _once("story_sealed", "story_id", "kind"),
        *_owned("story_sealed", story_id=OF_STORY),
    )
    _make(
        "consent",
        _column("reach", _type("story_reach"), empty=True),
        _column("quotes_only", sa.Boolean()),
        _column("ends_on", sa.Date(), empty=True),
        _column("form_version", sa.Text()),
        _column("given_by", _type("consent_by")),
        _column("given_at", MOMENT),
        *_owned("consent", story_id=OF_STORY),
        indexed=("story_id",),
    )
    _make(
        "excerpt",
        _column("start_at", sa.Integer()),
        _column("end_at", sa.Integer()),
        _column("words", sa.Text()),
        _column("leaning", _type("leaning"), empty=True),
        _column("made_at", MOMENT),
        _once("excerpt", "story_id", "start_at", "end_at", "coder_id"),
        sa.CheckConstraint("0 <= start_at AND start_at < end_at", name=op.f("ck_excerpt_is_a_passage")),
        *_owned("excerpt", story_id=OF_STORY, coder_id=PERSON),
    )
    _make(
        "own_reading",
        _column("questions", JSONB()),
        _column("answers", sa.ARRAY(sa.SmallInteger())),
        _column("answered_at", MOMENT),
        _once("own_reading", "story_id"),
        *_owned("own_reading", story_id=OF_STORY),
    )


def _coding() -> None:
    _make(
        "tag",
        _column("name", sa.Text()),
        _column("description", sa.Text()),
        _column("look", sa.Integer()),
        _column("retired_at", MOMENT, empty=True),
        _column("key", sa.Uuid()),
        _column("version", sa.Integer()),
        _column("revision", sa.Integer()),
        _column("origin_key", sa.Uuid(), empty=True),
        _column("origin_revision", sa.Integer(), empty=True),
        _column("created_at", MOMENT),
        _column("edited_at", MOMENT),
        _once("tag", "key"),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name=op.f("ck_tag_not_its_own_parent")),
        *_owned("tag", parent_id=("tag", True, None), edited_by_id=PERSON),
        indexed=("parent_id",),
    )
    for what in ("goal", "value"):
        table = f"tag_{what}"
        _make(
            table,
            _once(table, "tag_id", f"{what}_id"),
            *_owned(table, tag_id=("tag", False, "CASCADE"), **{f"{what}_id": (what, False, "CASCADE")}),
            indexed=(f"{what}_id",),
        )
        op.alter_column(table, "id", server_default=sa.text("gen_random_uuid()"))
    _make(
        "coding",
        _column("made_at", MOMENT),
        _once("coding", "excerpt_id", "tag_id"),
        *_owned("coding", excerpt_id=("excerpt", False, "CASCADE"), tag_id=("tag", False, "CASCADE")),
        indexed=("tag_id",),
    )
    _make(
        "coder_reading",
        _column("is_blind", sa.Boolean()),
        _column("begun_at", MOMENT),
        _column("done_at", MOMENT, empty=True),
        _once("coder_reading", "story_id", "coder_id"),
        *_owned("coder_reading", story_id=OF_STORY, coder_id=("person", False, None)),
    )
    _make(
        "memo",
        _column("box", sa.LargeBinary()),
        _column("made_at", MOMENT),
        *_owned("memo", story_id=OF_STORY, excerpt_id=("excerpt", True, "CASCADE"), author_id=PERSON),
        indexed=("story_id", "excerpt_id"),
    )


def _walls() -> list[str]:
    story = {"story_id": "story"}
    return [
        *isolation_ddl("story", {"source_id": "story_source"}, also_visible=FOR_EVERYONE),
        *isolation_ddl("story_words", story),
        *isolation_ddl("story_key", story),
        *isolation_ddl("story_sealed", story),
        *isolation_ddl("consent", story, append_only=True),
        *isolation_ddl("excerpt", story, also_visible=OF_ONE_FOR_EVERYONE),
        *isolation_ddl("own_reading", story),
        *isolation_ddl("tag", {"parent_id": "tag"}),
        *isolation_ddl("tag_goal", {"tag_id": "tag", "goal_id": "goal"}),
        *isolation_ddl("tag_value", {"tag_id": "tag", "value_id": "value"}),
        *isolation_ddl("coding", {"excerpt_id": "excerpt", "tag_id": "tag"}),
        *isolation_ddl("coder_reading", story),
        *isolation_ddl("memo", {"story_id": "story", "excerpt_id": "excerpt"}),
    ]


def _not_in_backups() -> list[str]:
    """Who holds a backup and the key of the installation still cannot read a story that was withdrawn since."""
    return [f"REVOKE SELECT ON {table} FROM backup" for table in ("story_words", "story_key", "excerpt")]


def _blind() -> list[str]:
    """A coder sees what others marked in a story once nobody reads it blind any more."""
    busy = (
        "SELECT FROM coder_reading r WHERE r.story_id = excerpt.story_id AND r.is_blind AND r.done_at IS NULL"
    )
    own = f"coder_id IS NULL OR coder_id = {ACTING_PERSON}"
    seen = "EXISTS (SELECT FROM excerpt e WHERE e.id = excerpt_id)"  # as far as this same person sees it
    busy_on_it = busy.replace("excerpt.", "memo.")
    policies = {
        "excerpt": f"{own} OR NOT EXISTS ({busy})",
        "coding": seen,
        "memo": f"author_id = {ACTING_PERSON} OR NOT EXISTS ({busy_on_it})",
    }
    return [
        f"CREATE POLICY blind ON {table} AS RESTRICTIVE FOR SELECT TO web USING ({sees})"
        for table, sees in policies.items()
    ]


def _only_the_narrator() -> list[str]:
    """Nobody else says what a story is about, not even by SQL; the council can only remove it with the story."""
    own = (
        f"EXISTS (SELECT FROM door d WHERE d.token_hash = {OPENED_DOOR} AND d.audience::text = 'narrator'"
        " AND d.object_id = own_reading.story_id)"
    )
    return [
        f"CREATE POLICY told ON own_reading AS RESTRICTIVE FOR INSERT TO web WITH CHECK ({own})",
        f"CREATE POLICY retold ON own_reading AS RESTRICTIVE FOR UPDATE TO web USING ({own}) WITH CHECK ({own})",
    ]


def downgrade() -> None:
    for table in ("memo", "coding", "excerpt"):
        op.execute(f"DROP POLICY blind ON {table}")
    for table in (
        "memo",
        "coder_reading",
        "coding",
        "tag_value",
        "tag_goal",
        "tag",
        "own_reading",
        "excerpt",
        "consent",
        "story_sealed",
        "story_key",
        "story_words",
        "story",
    ):
        op.drop_table(table)
    for column in (
        "how_many",
        "spread",
        "purpose",
        "basis",
        "basis_why",
        "topics",
        "stage",
        "starts_on",
        "ends_on",
        "keep_until",
        "special_data",
        "asks_narrator",
    ):
        op.drop_column("story_source", column)
    for name in NEW_TYPES:
        op.execute(f"DROP TYPE {name}")
