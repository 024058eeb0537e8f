"""The embedded Valkey, with real processes."""

import os
import signal
import stat
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis

from workbench.embedded import valkey
from workbench.embedded.process import StartError
from workbench.embedded.valkey import EmbeddedValkey

pytestmark = pytest.mark.slow


def connect(server: EmbeddedValkey) -> "redis.Redis":
    return redis.Redis.from_url(server.url, decode_responses=True)


def test_waiting_tickets_survive_a_restart(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path / "valkey") as server, connect(server) as client:
        client.rpush("tickets", "one", "two")
    with EmbeddedValkey(tmp_path / "valkey") as again, connect(again) as client:
        assert client.lrange("tickets", 0, -1) == ["one", "two"]


def test_tickets_survive_a_kill_of_the_server(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path / "valkey") as server, connect(server) as client:
        client.rpush("tickets", "one")
        os.kill(client.info("server")["process_id"], signal.SIGKILL)
        with EmbeddedValkey(tmp_path / "valkey") as again, connect(again) as other:
            assert other.lrange("tickets", 0, -1) == ["one"]


def test_without_a_directory_nothing_is_kept() -> None:
    server = EmbeddedValkey(None)
    with server, connect(server) as client:
        client.set("a", "b")
        directory = Path(urlsplit(server.url).path).parent
    assert not directory.exists()
    with server, connect(server) as client:
        assert client.get("a") is None


def test_it_listens_on_a_closed_unix_socket_only() -> None:
    with EmbeddedValkey(None) as server, connect(server) as client:
        assert client.config_get("port") == {"port": "0"}
        assert stat.S_IMODE(Path(urlsplit(server.url).path).parent.stat().st_mode) == 0o700


def test_both_addresses_name_the_same_socket() -> None:
    with EmbeddedValkey(None) as server:
        assert server.url.startswith("unix:///")
        assert server.celery_url.startswith("redis+socket:///")
        assert urlsplit(server.url).path == urlsplit(server.celery_url).path


def test_two_servers_on_the_same_data_is_an_error_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(valkey, "_PREDECESSOR_SECONDS", 0.2)
    with EmbeddedValkey(tmp_path / "valkey") as server:
        with pytest.raises(StartError, match="draait al"):
            EmbeddedValkey(tmp_path / "valkey").start()
        with connect(server) as client:
            assert client.ping()


def test_a_damaged_journal_gives_an_error_with_the_end_of_the_log(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path / "valkey"):
        pass
    (manifest,) = tmp_path.glob("valkey/appendonlydir/*.manifest")
    manifest.write_text("nonsense")
    before = set(Path("/tmp").glob("workbench-*"))
    with pytest.raises(StartError, match="manifest"):
        EmbeddedValkey(tmp_path / "valkey").start()
    assert set(Path("/tmp").glob("workbench-*")) <= before
