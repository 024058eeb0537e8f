"""Reaching each source once, for the operator."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.servers import Servers
from tests.sources.replay import PAYLOADS, Replay
from workbench.core.db import as_platform, db
from workbench.sources.checking import SourceLine, check_sources
from workbench.sources.connectors import connector
from workbench.sources.models import Source


@pytest.fixture(autouse=True)
def _no_pauses(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connector("cbs-v4"), "sleep", lambda _seconds: None)


def check(servers: Servers, url: str, name: str | None = "cbs-v4") -> list[SourceLine]:
    db.commit()
    with as_platform():
        return check_sources(servers.settings(cbs_v4_url=url), name)


def source() -> Source:
    db.expire_all()
    return db.scalars(sa.select(Source).where(Source.name == "cbs-v4")).one()


def test_a_source_that_answers_is_ok_and_its_moment_is_kept(servers: Servers) -> None:
    with Replay(PAYLOADS) as replay:
        [line] = check(servers, replay.base_url)
    assert line.text == "cbs-v4: ok"
    assert source().checked_at is not None


def test_a_silent_source_is_unreachable_since_the_first_time(servers: Servers) -> None:
    with Replay(PAYLOADS) as replay:
        address = replay.base_url
    [line] = check(servers, address)
    assert line.state == "unreachable"
    assert line.sentence
    since = source().unreachable_since
    check(servers, address)
    assert source().unreachable_since == since is not None
    with Replay(PAYLOADS) as replay:
        check(servers, replay.base_url)
    assert source().unreachable_since is None


@pytest.mark.parametrize("fault", ["not_json", "404"])
def test_a_source_that_answers_something_else_is_not_ok(servers: Servers, fault: str) -> None:
    with Replay(PAYLOADS) as replay:
        replay.fail(fault, times=None)
        [line] = check(servers, replay.base_url)
    assert line.state in ("changed", "unreachable")


def test_only_connected_sources_are_checked_and_an_unknown_one_gives_no_line(servers: Servers) -> None:
    with Replay(PAYLOADS) as replay:
        assert check(servers, replay.base_url, "bestaat-niet") == []
        assert check(servers, replay.base_url, "cbs-export") == []
        assert len(check(servers, replay.base_url, "cbs-v4")) == 1


def test_without_a_name_every_connected_source_has_its_line(servers: Servers) -> None:
    with Replay(PAYLOADS) as replay:
        lines = {line.name: line for line in check(servers, replay.base_url, None)}
    assert lines["cbs-v4"].state == "ok"
    assert lines["swing"].state == "off"
    assert lines["swing"].is_fine
