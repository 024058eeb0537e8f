"""A round of statements can be about a plan; what was revealed of few answers, or of groups in numbers, is taken back."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# Of three or four answers no more stays than their number and the texts that people shared, under no heading: the
# ballots are out of reach, so what holds for all of them can no longer be told.
FEW = """
    UPDATE round SET result = result || jsonb_build_object(
        'shown', false, 'summary', '{}'::jsonb, 'reasons', coalesce((
            SELECT jsonb_build_array(jsonb_build_object('at', '', 'texts', jsonb_agg(shared ORDER BY shared #>> '{}')))
            FROM jsonb_array_elements(result -> 'reasons') part, jsonb_array_elements(part -> 'texts') shared
            HAVING count(*) > 0
        ), '[]'::jsonb))
    WHERE method <> 'sentence' AND (result ->> 'n')::int BETWEEN 3 AND 4
"""
LINES = """
    UPDATE round SET result = jsonb_set(result, '{summary,lines}', (
        SELECT jsonb_object_agg(key, CASE WHEN (line ->> 'n')::int < 5 THEN jsonb_build_object('n', line -> 'n') ELSE line END)
        FROM jsonb_each(result #> '{summary,lines}') AS lines (key, line)
    ))
    WHERE result #> '{summary,lines}' IS NOT NULL
"""
GROUPS = """UPDATE round SET result = result || '{"groups": null}' WHERE result ->> 'groups' IS NOT NULL"""


def upgrade() -> None:
    op.execute("ALTER TYPE round_purpose ADD VALUE IF NOT EXISTS 'statements'")
    op.execute("ALTER TABLE round NO FORCE ROW LEVEL SECURITY")
    for statement in (FEW, LINES, GROUPS):
        op.execute(statement)
    op.execute("ALTER TABLE round FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    """The older code knows no such purpose and no such groups: those rounds go on without a plan."""
    for table in ("round", "plan_round"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM plan_round WHERE purpose = 'statements'")
    op.execute(FEW)
    op.execute(LINES)
    op.execute(GROUPS)
    op.execute("ALTER TYPE round_purpose RENAME TO round_purpose_with_statements")
    op.execute("CREATE TYPE round_purpose AS ENUM ('weight', 'positions', 'consent')")
    op.execute(
        "ALTER TABLE plan_round ALTER COLUMN purpose TYPE round_purpose USING purpose::text::round_purpose"
    )
    op.execute("DROP TYPE round_purpose_with_statements")
    for table in ("round", "plan_round"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
