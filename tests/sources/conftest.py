"""What the tests of sources share: the stand-in for version 4, and a table without bundled figures."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.sources.replay import PAYLOADS, Replay
from workbench.indicators.models import Observation
from workbench.sources.connectors import connector


@pytest.fixture
def replay(monkeypatch: pytest.MonkeyPatch) -> Iterator[Replay]:
    """It answers from the small payloads; the client waits for nothing between two attempts."""
    monkeypatch.setattr(connector("cbs-v4"), "sleep", lambda _seconds: None)
    with Replay(PAYLOADS) as started:
        yield started


@pytest.fixture
def no_bundled_figures(session: Session) -> None:
    """Start from an empty table of figures: the small payloads are not the bundled ones."""
    session.execute(sa.text("SET LOCAL ROLE platform"))
    session.execute(sa.delete(Observation))
    session.execute(sa.text("SET LOCAL ROLE web"))
    session.commit()
