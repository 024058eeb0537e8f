"""Refreshing one table as a worker does, and what the list of sources then says of it."""

from uuid import UUID

from tests.client import Client
from tests.servers import Servers
from tests.sources.replay import Replay
from workbench.core.db import as_platform, db
from workbench.sources import operations, refresh
from workbench.sources.models import RefreshRun

POPULATION = "03759ned"


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
