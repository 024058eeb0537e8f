"""Refreshing one table as a worker does, and what the list of sources then says of it."""

from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel

from tests.client import Client
from tests.servers import Servers
from tests.sources.replay import Replay
from workbench.core.db import as_platform, db
from workbench.sources import operations, refresh
from workbench.sources.models import RefreshRun

POPULATION = "03759ned"

# What stands on the card of a table.
UNREACHABLE = "bron niet bereikbaar, stand van"
FAILED = "mislukt De oude cijfers staan er nog."

# Faults of either version: kind, how it strikes, how the card begins and what it says.
SILENCES: list[tuple[str, dict[str, Any], str, str]] = [
    ("500", {"times": None}, UNREACHABLE, "CBS is overbelast of heeft een storing (code 500)."),
    ("503", {"times": None}, UNREACHABLE, "CBS is overbelast of heeft een storing (code 503)."),
    ("429", {"times": None, "retry_after": "3600"}, UNREACHABLE, "CBS is overbelast of heeft een storing (code 429)."),
    ("reset", {"times": None}, UNREACHABLE, "De verbinding met CBS lukt niet of brak af."),
    ("truncated", {"times": None}, UNREACHABLE, "De verbinding met CBS lukt niet of brak af."),
    ("not_json", {"times": None}, UNREACHABLE, "Het antwoord van CBS is onvolledig of onleesbaar."),
    ("slow", {"times": None, "seconds": 8}, UNREACHABLE, "CBS antwoordt te langzaam."),
]  # fmt: skip


def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client gives up on a slow answer after a second."""
    real = refresh.connector_settings

    def settings(*asked: Any) -> BaseModel:
        return real(*asked).model_copy(update={"total_seconds": 1.0})

    monkeypatch.setattr(refresh, "connector_settings", settings)


def run_refresh(
    servers: Servers,
    replay: Replay,
    table: str = POPULATION,
    *,
    source: str | None = None,
    keep_trying: bool = False,
) -> RefreshRun:
    address = replay.base_url
    settings = servers.settings(cbs_v4_url=address, cbs_v3_url=address, dataderden_url=address)
    db.commit()  # on the one connection of a test, an open savepoint would swallow what platform commits
    with as_platform():
        [found] = operations.tables_to_refresh(source=source, table=table)
        run_id = operations.queue_refresh(found.id).id
        db.commit()
        refresh.carry_out(run_id, settings, keep_trying=keep_trying)
    db.expire_all()
    return db.get_one(RefreshRun, run_id)


def card(client: Client, table_id: UUID) -> str:
    """What the list of a council says of this table."""
    page = client.page("/almere/bronnen")
    assert page.soup is not None
    found = page.soup.find("article", attrs={"aria-labelledby": f"table-{table_id}"})
    assert found is not None
    return " ".join(found.get_text(" ").split())
