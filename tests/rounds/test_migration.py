"""What older versions kept of few answers, and of groups in numbers, is taken back."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from tests.servers import Servers
from workbench.core import migrate
from workbench.core.db import make_engine

COUNCIL = "00000000-0000-0000-0000-000000000000"


def result(n: int, **told: Any) -> dict[str, Any]:
    return {
        "n": n,
        "unknown": 0,
        "shown": True,
        "summary": {},
        "groups": None,
        "reasons": [],
        "minority": ["Anders."],
    } | told


LINE = {"n": 3, "parts": [1, 1, 1, 0, 0], "low": 12, "median": 25, "high": 40, "agreement": 0.5}
WIDE = {**LINE, "n": 6}
REASONS = [{"at": "0", "texts": ["Zeker."]}, {"at": "2", "texts": ["Daarom."]}]
ROUNDS: dict[str, tuple[dict[str, Any] | None, dict[str, Any] | None]] = {  # method -> before, after
    "choose": (
        result(4, summary={"counts": {"a": 1}}, reasons=REASONS),
        result(4, shown=False, reasons=[{"at": "", "texts": ["Daarom.", "Zeker."]}]),
    ),
    "points": (result(3, summary={"options": {}}), result(3, shown=False)),
    "sentence": (result(3, summary={"texts": ["Zin."]}), result(3, summary={"texts": ["Zin."]})),
    "position": (
        result(6, summary={"lines": {"a": LINE, "b": WIDE}}, reasons=REASONS),
        result(6, summary={"lines": {"a": {"n": 3}, "b": WIDE}}, reasons=REASONS),
    ),
    "statements": (
        result(6, summary={"statements": {}}, groups={"sizes": {"Rood": 3, "": 3}}),
        result(6, summary={"statements": {}}),
    ),
    "dots": (None, None),
}


@pytest.mark.parametrize("way", ["up", "down"])
def test_results_lose_what_could_be_brought_back_to_one_person(servers: Servers, way: str) -> None:
    """Going back too: the older code would show what it does not know how to read."""
    database = f"revealed_{way}"
    servers.create_database(database)
    url = servers.url("owner", database)
    if way == "up":
        command.downgrade(migrate.config(url), "0021")
    engine = make_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"SELECT set_config('app.council_id', '{COUNCIL}', true)")
        connection.exec_driver_sql(
            "INSERT INTO council (id, slug, name, kind, is_demo, created_at)"
            f" VALUES ('{COUNCIL}', 'x', 'X', 'municipality', false, now())"
        )
        for method, (before, _after) in ROUNDS.items():
            connection.execute(
                sa.text(
                    "INSERT INTO round (id, question, explanation, method, options, settings, state, made_at, result)"
                    " VALUES (gen_random_uuid(), 'Wat?', '', CAST(:method AS round_method), '[]', '{}', 'revealed',"
                    " now(), CAST(:result AS jsonb))"
                ),
                {"method": method, "result": None if before is None else json.dumps(before)},
            )
    if way == "up":
        migrate.upgrade(url)
    else:
        command.downgrade(migrate.config(url), "0021")
    with engine.begin() as connection:
        connection.exec_driver_sql(f"SELECT set_config('app.council_id', '{COUNCIL}', true)")
        rows = connection.exec_driver_sql("SELECT method::text, result FROM round")
        kept = {row[0]: row[1] for row in rows}
        assert kept == {method: after for method, (_before, after) in ROUNDS.items()}
    engine.dispose()
