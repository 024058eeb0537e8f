"""first tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ENUM

from workbench.core.tenancy import ACTING_PERSON, OPENED_DOOR, isolation_ddl, public_ddl

revision = "0001"
down_revision = None

AREA_TYPE = ENUM(
    "nl",
    "provincie",
    "gemeente",
    "ggd-regio",
    "jeugdregio",
    "arbeidsmarktregio",
    "wijk",
    "buurt",
    name="area_type",
    create_type=False,
)
COUNCIL_KIND = ENUM("municipality", "region", "pilot_group", name="council_kind", create_type=False)
DIRECTION = ENUM("up", "down", "band", "context", name="direction", create_type=False)
PERIOD_TYPE = ENUM(
    "year", "half_year", "quarter", "month", "school_year", name="period_type", create_type=False
)
AUDIENCE = ENUM("invitation", name="audience", create_type=False)
ROLE = ENUM(
    "clerk",
    "councillor",
    "officer",
    "executive",
    "adviser",
    "auditor",
    "facilitator",
    "reader",
    name="role",
    create_type=False,
)
OBSERVATION_STATUS = ENUM(
    "final", "provisional", "further_provisional", "unknown", name="observation_status", create_type=False
)
OBSERVATION_MISSING = ENUM(
    "not_delivered",
    "suppressed",
    "impossible",
    "not_asked",
    "failed",
    "unknown",
    name="observation_missing",
    create_type=False,
)
RUN_STATE = ENUM("queued", "running", "done", "failed", "unreachable", name="run_state", create_type=False)
QUALITY = ENUM("direct", "partial", "proxy", name="quality", create_type=False)
TYPES = (
    AREA_TYPE,
    COUNCIL_KIND,
    DIRECTION,
    PERIOD_TYPE,
    AUDIENCE,
    ROLE,
    OBSERVATION_STATUS,
    OBSERVATION_MISSING,
    RUN_STATE,
    QUALITY,
)

# Council-owned tables with their references to other council-owned tables.
OWNED: dict[str, dict[str, str]] = {
    "audit_entry": {},
    "card_revision": {},
    "council_area": {},
    "door": {},
    "invitation": {},
    "membership": {},
    "plan": {},
    "goal": {"plan_id": "plan"},
    "refresh_request": {},
    "step_note": {"plan_id": "plan"},
    "value": {"plan_id": "plan"},
    "goal_value": {"goal_id": "goal", "value_id": "value"},
    "link": {"goal_id": "goal"},
    "section": {"plan_id": "plan", "value_id": "value"},
    "block": {"link_id": "link", "section_id": "section"},
    "block_document": {"block_id": "block"},
}
APPEND_ONLY = {"audit_entry"}
ALSO_VISIBLE = {
    "membership": f"person_id = {ACTING_PERSON}",
    "door": f"token_hash = {OPENED_DOOR}",
}
PUBLIC = (
    "area",
    "indicator",
    "period",
    "source",
    "step",
    "series",
    "source_table",
    "observation",
    "refresh_run",
    "table_series",
)

GRANTS = (
    # Accounts: the web signs people in and up, but makes no councils and removes nobody.
    "GRANT SELECT ON council TO web, backup",
    "GRANT SELECT, INSERT, UPDATE ON person TO web",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON council, person TO platform",
    "GRANT SELECT ON person TO backup",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON membership, council_area TO platform",
    "GRANT SELECT, INSERT, UPDATE ON invitation TO platform",
    "GRANT SELECT, INSERT ON door TO platform",
    "GRANT INSERT, SELECT (council_id) ON audit_entry TO platform",
    # Mail waits in a table the web can write but not read: its links open accounts.
    "GRANT INSERT ON mail_message TO web",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON mail_message TO platform",
    # An officer's wish is the council's; turning it into a run is the platform's.
    "GRANT SELECT, UPDATE ON refresh_request TO platform",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON staged_observation TO platform",
    "GRANT MAINTAIN ON staged_observation TO platform",
)


def upgrade() -> None:
    for type_ in TYPES:
        type_.create(op.get_bind())
    op.create_table(
        "area",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", AREA_TYPE, nullable=False),
        sa.Column("province_code", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
        sa.UniqueConstraint("code", name=op.f("uq_area_code")),
    )
    op.create_index(op.f("ix_area_type"), "area", ["type"], unique=False)
    op.create_table(
        "council",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", COUNCIL_KIND, nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council")),
        sa.UniqueConstraint("slug", name=op.f("uq_council_slug")),
    )
    op.create_table(
        "indicator",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("themes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("direction", DIRECTION, nullable=False),
        sa.Column("reading_up", sa.Text(), nullable=True),
        sa.Column("reading_down", sa.Text(), nullable=True),
        sa.Column("caveats", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("breaks", sa.JSON(), nullable=False),
        sa.Column("bbv", sa.Integer(), nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("slug", name=op.f("uq_indicator_slug")),
    )
    op.create_table(
        "mail_message",
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_message")),
    )
    op.create_table(
        "period",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("type", PERIOD_TYPE, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period")),
        sa.UniqueConstraint("code", name=op.f("uq_period_code")),
    )
    op.create_index(op.f("ix_period_starts_on"), "period", ["starts_on"], unique=False)
    op.create_table(
        "person",
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("session_key", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("session_key", name=op.f("uq_person_session_key")),
    )
    op.create_table(
        "source",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unreachable_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("name", name=op.f("uq_source_name")),
    )
    op.create_table(
        "step",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("example", sa.Text(), nullable=False),
        sa.Column("fills", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_step")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object_type", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "council_id",
            sa.Uuid(),
            server_default=sa.text("nullif(current_setting('app.council_id', true), '')::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_audit_entry_council_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_audit_entry_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"], unique=False)
    op.create_index(op.f("ix_audit_entry_council_id"), "audit_entry", ["council_id"], unique=False)
    op.create_table(
        "card_revision",
        sa.Column("card_type", sa.Text(), nullable=False),
        sa.Column("card_key", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "council_id",
            sa.Uuid(),
            server_default=sa.text("nullif(current_setting('app.council_id', true), '')::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_card_revision_council_id")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["person.id"], name=op.f("fk_card_revision_edited_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_revision")),
        sa.UniqueConstraint("card_key", "number", name=op.f("uq_card_revision_card_key_number")),
    )
    op.create_index(op.f("ix_card_revision_council_id"), "card_revision", ["council_id"], unique=False)
    op.create_table(
        "council_area",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column(
            "council_id",
            sa.Uuid(),
            server_default=sa.text("nullif(current_setting('app.council_id', true), '')::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_council_area_area_id")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_council_area_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_area")),
    )
    op.create_index(op.f("ix_council_area_council_id"), "council_area", ["council_id"], unique=False)
    op.create_table(
        "door",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("audience", AUDIENCE, nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column(
            "council_id",
            sa.Uuid(),
            server_default=sa.text("nullif(current_setting('app.council_id', true), '')::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_door_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_door_token_hash")),
    )
    op.create_index(op.f("ix_door_council_id"), "door", ["council_id"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", ROLE, nullable=False),
        sa.Column("invited_by_id", sa.Uuid(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "council_id",
            sa.Uuid(),
            server_default=sa.text("nullif(current_setting('app.council_id', true), '')::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_invitation_council_id")),
        sa.ForeignKeyConstraint(["invited_by_id"], ["person.id"], name=op.f("fk_invitation_invited_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_council_id"), "invitation", ["council_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", ROLE, nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "council_id",
            sa.Uuid(),
            server_default=sa.text("nullif(current_setting('app.council_id', true), '')::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_membership_council_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("council_id", "person_id", name=op.f("uq_membership_council_id_person_id")),
    )
    op.create_index(op.f("ix_membership_council_id"), "membership", ["council_id"], unique=False)
    op.create_index(op.f("ix_membership_person_id"), "membership", ["person_id"], unique=False)
    op.create_table(
        "plan",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("assignment", sa.Text(), nullable=False),
        sa.Column("out_of_scope", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("origin_key", sa.Uuid(), nullable=True),
        sa.Column("origin_revision", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "council_id",
            sa.Uuid(),
            server_default=sa.text("nullif(current_setting('app.council_id', true), '')::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_plan_council_id")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["person.id"], name=op.f("fk_plan_edited_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("key", name=op.f("uq_plan_key")),
    )
    op.create_index(op.f("ix_plan_council_id"), "plan", ["council_id"], unique=False)
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("table", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("period_type", PERIOD_TYPE, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("source_line", sa.Text(), nullable=False),
        sa.Column("computed", sa.Text(), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"], name=op.f("fk_series_indicator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint(
            "indicator_id",
            "source",
            "table",
            "measure",
            name=op.f("uq_series_indicator_id_source_table_measure"),
        ),
    )
    op.create_index(op.f("ix_series_indicator_id"), "series", ["indicator_id"], unique=False)
    op.create_table(
        "source_table",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("table", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("modified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_source_table_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_table")),
        sa.UniqueConstraint("source_id", "table", name=op.f("uq_source_table_source_id_table")),
    )
    op.create_table(
        "goal",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("target_group", sa.Text(), nullable=False),
        sa.Column("horizon", sa.Integer(), nullable=True),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("origin_key", sa.Uuid(), nullable=True),
        sa.Column("origin_revision", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "council_id",
            sa.Uuid(),
            server_default=sa.text("nullif(current_setting('app.council_id', true), '')::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_goal_council_id")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["person.id"], name=op.f("fk_goal_edited_by_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_goal_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
        sa.UniqueConstraint("key", name=op.f("uq_goal_key")),
    )
    op.create_index(op.f("ix_goal_council_id"), "goal", ["council_id"], unique=False)
    op.create_index(op.f("ix_goal_plan_id"), "goal", ["plan_id"], unique=False)
    op.create_table(
        "observation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("status", OBSERVATION_STATUS, nullable=False),
        sa.Column("missing", OBSERVATION_MISSING, nullable=True),
        sa.Column("loaded_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(value IS NULL) = (missing IS NOT NULL)", name=op.f("ck_observation_value_or_reason")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_observation_area_id")),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_observation_period_id")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_observation_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
    )
    op.create_index(
        "ix_observation_current",
        "observation",
        ["series_id", "area_id", "period_id"],
        unique=True,
        postgresql_where=sa.text("loaded_until IS NULL"),
    )
    op.create_index(
        "ix_observation_history",
        "observation",
        ["series_id", "area_id", "period_id", "loaded_from"],
        unique=False,
    )
    op.create_table(
        "refresh_request",
        sa.Column("source_table_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("picked_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "council_id",
            sa.Uuid(),
            server_default=sa.text("nullif(current_setting('app.council_id', true), '')::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_refresh_request_asked_by_id")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_refresh_request_council_id")),
        sa.ForeignKeyConstraint(
            ["source_table_id"], ["source_table.id"], name=op.f("fk_refresh_request_source_table_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_request")),
    )
    op.create_index(op.f("ix_refresh_request_council_id"), "refresh_request", ["council_id"], unique=False)
    op.create_table(
        "refresh_run",
        sa.Column("source_table_id", sa.Uuid(), nullable=False),
        sa.Column("state", RUN_STATE, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("inserted", sa.Integer(), nullable=False),
        sa.Column("revised", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.Column("same_as_before", sa.Boolean(), nullable=False),
        sa.Column("suspect", sa.Boolean(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("message_values", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_table_id"], ["source_table.id"], name=op.f("fk_refresh_run_source_table_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_run")),
    )
    op.create_index(
        "ix_refresh_run_active",
        "refresh_run",
        ["source_table_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_index(op.f("ix_refresh_run_queued_at"), "refresh_run", ["queued_at"], unique=False)
    op.create_index(op.f("ix_refresh_run_source_table_id"), "refresh_run", ["source_table_id"], unique=False)
    op.create_table(
        "step_note",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("origin_key", sa.Uuid(), nullable=True),
        sa.Column("origin_revision", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "council_id",
            sa.Uuid(),
            server_default=sa.text("nullif(current_setting('app.council_id', true), '')::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_step_note_council_id")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["person.id"], name=op.f("fk_step_note_edited_by_id")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_step_note_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_note")),
        sa.UniqueConstraint("key", name=op.f("uq_step_note_key")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_step_note_plan_id_number")),
    )
    op.create_index(op.f("ix_step_note_council_id"), "step_note", ["council_id"], unique=False)
    op.create_table(
        "table_series",
        sa.Column("source_table_id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("levels", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("first_year", sa.Text(), nullable=True),
        sa.Column("filter", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_table_series_series_id")),
        sa.ForeignKeyConstraint(
            ["source_table_id"], ["source_table.id"], name=op.f("fk_table_series_source_table_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_series")),
        sa.UniqueConstraint("series_id", name=op.f("uq_table_series_series_id")),
    )
    op.create_index(
        op.f("ix_table_series_source_table_id"), "table_series", ["source_table_id"], unique=False
    )
    op.create_table(
        "value",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("own_words", sa.Text(), nullable=False),
        sa.Column("seen_when", sa.Text(), nullable=False),
        sa.Column("not_this", sa.Text(), nullable=False),
        sa.Column("short_changed", sa.Text(), nullable=False),
        sa.Column("counter_value", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("bottom_line", sa.Text(), nullable=False),
        sa.Column("minority_view", sa.Text(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("origin_key", sa.Uuid(), nullable=True),
        sa.Column("origin_revision", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "council_id",
            sa.Uuid(),
            server_default=sa.text("nullif(current_setting('app.council_id', true), '')::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_value_council_id")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["person.id"], name=op.f("fk_value_edited_by_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_value_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_value")),
        sa.UniqueConstraint("key", name=op.f("uq_value_key")),
    )
    op.create_index(op.f("ix_value_council_id"), "value", ["council_id"], unique=False)
    op.create_index(op.f("ix_value_plan_id"), "value", ["plan_id"], unique=False)
    op.create_table(
        "goal_value",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("value_id", sa.Uuid(), nullable=False),
        sa.Column(
            "council_id",
            sa.Uuid(),
            server_default=sa.text("nullif(current_setting('app.council_id', true), '')::uuid"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_goal_value_council_id")),
        sa.ForeignKeyConstraint(
            ["goal_id"], ["goal.id"], name=op.f("fk_goal_value_goal_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["value_id"], ["value.id"], name=op.f("fk_goal_value_value_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_value")),
        sa.UniqueConstraint("goal_id", "value_id", name=op.f("uq_goal_value_goal_id_value_id")),
    )
    op.create_index(op.f("ix_goal_value_council_id"), "goal_value", ["council_id"], unique=False)
    op.create_index(op.f("ix_goal_value_value_id"), "goal_value", ["value_id"], unique=False)
    op.create_table(
        "link",
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("quality", QUALITY, nullable=False),
        sa.Column("not_saying", sa.Text(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("origin_key", sa.Uuid(), nullable=True),
        sa.Column("origin_revision", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "council_id",
            sa.Uuid(),
            server_default=sa.text("nullif(current_setting('app.council_id', true), '')::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_link_council_id")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["person.id"], name=op.f("fk_link_edited_by_id")),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_link_goal_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"], name=op.f("fk_link_indicator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("goal_id", "indicator_id", name=op.f("uq_link_goal_id_indicator_id")),
        sa.UniqueConstraint("key", name=op.f("uq_link_key")),
    )
    op.create_index(op.f("ix_link_council_id"), "link", ["council_id"], unique=False)
    op.create_index(op.f("ix_link_goal_id"), "link", ["goal_id"], unique=False)
    op.create_table(
        "section",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("value_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("origin_key", sa.Uuid(), nullable=True),
        sa.Column("origin_revision", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "council_id",
            sa.Uuid(),
            server_default=sa.text("nullif(current_setting('app.council_id', true), '')::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_section_council_id")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["person.id"], name=op.f("fk_section_edited_by_id")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_section_plan_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["value_id"], ["value.id"], name=op.f("fk_section_value_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section")),
        sa.UniqueConstraint("key", name=op.f("uq_section_key")),
        sa.UniqueConstraint("value_id", name=op.f("uq_section_value_id")),
    )
    op.create_index(op.f("ix_section_council_id"), "section", ["council_id"], unique=False)
    op.create_index(op.f("ix_section_plan_id"), "section", ["plan_id"], unique=False)
    op.create_table(
        "block",
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("origin_key", sa.Uuid(), nullable=True),
        sa.Column("origin_revision", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "council_id",
            sa.Uuid(),
            server_default=sa.text("nullif(current_setting('app.council_id', true), '')::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_block_council_id")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["person.id"], name=op.f("fk_block_edited_by_id")),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_block_link_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_block_section_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
        sa.UniqueConstraint("key", name=op.f("uq_block_key")),
        sa.UniqueConstraint("link_id", name=op.f("uq_block_link_id")),
    )
    op.create_index(op.f("ix_block_council_id"), "block", ["council_id"], unique=False)
    op.create_index(op.f("ix_block_section_id"), "block", ["section_id"], unique=False)
    op.create_table(
        "block_document",
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("chart", sa.LargeBinary(), nullable=True),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("block_version", sa.Integer(), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column(
            "council_id",
            sa.Uuid(),
            server_default=sa.text("nullif(current_setting('app.council_id', true), '')::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["block_id"], ["block.id"], name=op.f("fk_block_document_block_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_block_document_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block_document")),
        sa.UniqueConstraint("block_id", "language", name=op.f("uq_block_document_block_id_language")),
    )
    op.create_index(op.f("ix_block_document_council_id"), "block_document", ["council_id"], unique=False)
    op.create_table(
        "staged_observation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("load_id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staged_observation")),
        prefixes=["UNLOGGED"],
    )
    op.create_index(op.f("ix_staged_observation_load_id"), "staged_observation", ["load_id"], unique=False)
    for table, references in OWNED.items():
        for statement in isolation_ddl(
            table, references, also_visible=ALSO_VISIBLE.get(table, ""), append_only=table in APPEND_ONLY
        ):
            op.execute(statement)
    for table in PUBLIC:
        for statement in public_ddl(table):
            op.execute(statement)
    for statement in GRANTS:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("staged_observation")
    op.drop_index(op.f("ix_block_document_council_id"), table_name="block_document")
    op.drop_table("block_document")
    op.drop_index(op.f("ix_block_section_id"), table_name="block")
    op.drop_index(op.f("ix_block_council_id"), table_name="block")
    op.drop_table("block")
    op.drop_index(op.f("ix_section_plan_id"), table_name="section")
    op.drop_index(op.f("ix_section_council_id"), table_name="section")
    op.drop_table("section")
    op.drop_index(op.f("ix_link_goal_id"), table_name="link")
    op.drop_index(op.f("ix_link_council_id"), table_name="link")
    op.drop_table("link")
    op.drop_index(op.f("ix_goal_value_value_id"), table_name="goal_value")
    op.drop_index(op.f("ix_goal_value_council_id"), table_name="goal_value")
    op.drop_table("goal_value")
    op.drop_index(op.f("ix_value_plan_id"), table_name="value")
    op.drop_index(op.f("ix_value_council_id"), table_name="value")
    op.drop_table("value")
    op.drop_index(op.f("ix_table_series_source_table_id"), table_name="table_series")
    op.drop_table("table_series")
    op.drop_index(op.f("ix_step_note_council_id"), table_name="step_note")
    op.drop_table("step_note")
    op.drop_index(op.f("ix_refresh_run_source_table_id"), table_name="refresh_run")
    op.drop_index(op.f("ix_refresh_run_queued_at"), table_name="refresh_run")
    op.drop_index(
        "ix_refresh_run_active",
        table_name="refresh_run",
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.drop_table("refresh_run")
    op.drop_index(op.f("ix_refresh_request_council_id"), table_name="refresh_request")
    op.drop_table("refresh_request")
    op.drop_index("ix_observation_history", table_name="observation")
    op.drop_index(
        "ix_observation_current", table_name="observation", postgresql_where=sa.text("loaded_until IS NULL")
    )
    op.drop_table("observation")
    op.drop_index(op.f("ix_goal_plan_id"), table_name="goal")
    op.drop_index(op.f("ix_goal_council_id"), table_name="goal")
    op.drop_table("goal")
    op.drop_table("source_table")
    op.drop_index(op.f("ix_series_indicator_id"), table_name="series")
    op.drop_table("series")
    op.drop_index(op.f("ix_plan_council_id"), table_name="plan")
    op.drop_table("plan")
    op.drop_index(op.f("ix_membership_person_id"), table_name="membership")
    op.drop_index(op.f("ix_membership_council_id"), table_name="membership")
    op.drop_table("membership")
    op.drop_index(op.f("ix_invitation_council_id"), table_name="invitation")
    op.drop_table("invitation")
    op.drop_index(op.f("ix_door_council_id"), table_name="door")
    op.drop_table("door")
    op.drop_index(op.f("ix_council_area_council_id"), table_name="council_area")
    op.drop_table("council_area")
    op.drop_index(op.f("ix_card_revision_council_id"), table_name="card_revision")
    op.drop_table("card_revision")
    op.drop_index(op.f("ix_audit_entry_council_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_at"), table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_table("step")
    op.drop_table("source")
    op.drop_table("person")
    op.drop_index(op.f("ix_period_starts_on"), table_name="period")
    op.drop_table("period")
    op.drop_table("mail_message")
    op.drop_table("indicator")
    op.drop_table("council")
    op.drop_index(op.f("ix_area_type"), table_name="area")
    op.drop_table("area")
    for type_ in TYPES:
        type_.drop(op.get_bind())
