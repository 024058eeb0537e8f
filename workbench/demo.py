"""`workbench demo`: embedded servers, content and all parts of the workbench in one supervised command."""

import json
import os
import secrets
import shutil
import socket
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

import click
import sqlalchemy as sa

from workbench.core.settings import Settings
from workbench.embedded import running
from workbench.embedded.postgres import EmbeddedPostgres
from workbench.embedded.supervisor import Part, Supervisor
from workbench.embedded.valkey import EmbeddedValkey

DATABASE = "workbench"
PATIENCE = 60  # seconds for the first page
CONTENT = ("postgres", "valkey", "mail", "secrets.json", "beat-schedule")


def run_demo(port: int, home: Path, *, reset: bool) -> int:
    """Run until Ctrl-C; gives the exit code. A second start on the same home keeps the data."""
    begun = time.monotonic()
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stack.enter_context(running.lock(home))
        if reset:
            _throw_away(home)
        click.echo("De demo start. De eerste keer duurt dat iets langer.")
        Thread(target=_load_application, daemon=True).start()  # while the servers start
        postgres = stack.enter_context(EmbeddedPostgres(home / "postgres"))
        valkey = stack.enter_context(EmbeddedValkey(home / "valkey"))
        live_port = _free_port()
        environment = _environment(home, port, live_port, postgres, valkey)
        os.environ.update(environment)
        accounts = _prepare(postgres, environment)
        running.write(home, environment)
        program = [sys.executable, "-m", "workbench.cli"]
        parts = [
            Part("web", [*program, "serve", f"--bind=127.0.0.1:{port}"], environment),
            Part("live", [*program, "live", f"--bind=127.0.0.1:{live_port}"], environment),
            Part("worker", [*program, "worker", "--with-beat"], environment),
        ]
        supervisor = stack.enter_context(Supervisor(parts, home / "log"))
        if _wait_for_page(environment["WORKBENCH_BASE_URL"]):
            _greet(environment["WORKBENCH_BASE_URL"], accounts, time.monotonic() - begun)
        else:
            click.echo(f"De demo antwoordt nog niet. Kijk in {home / 'log'}.")
        return supervisor.run_until_signal()


def _load_application() -> None:
    import seeds.demo  # noqa: F401, PLC0415


def _throw_away(home: Path) -> None:
    for name in CONTENT:
        path = home / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(
    home: Path, port: int, live_port: int, postgres: EmbeddedPostgres, valkey: EmbeddedValkey
) -> dict[str, str]:
    """Settings of the parts; what the operator set in the environment (sources, mail) goes before ours."""
    kept = _secrets(home)
    urls = {role: postgres.url(role, kept[role], DATABASE) for role in ("web", "platform", "owner", "backup")}
    return {
        "WORKBENCH_DATABASE_URL": urls["web"],
        "WORKBENCH_PLATFORM_DATABASE_URL": urls["platform"],
        "WORKBENCH_OWNER_DATABASE_URL": urls["owner"],
        "WORKBENCH_BACKUP_DATABASE_URL": urls["backup"],
        "WORKBENCH_REDIS_URL": valkey.url,
        "WORKBENCH_SECRET_KEY": kept["secret_key"],
        "WORKBENCH_STORY_KEY": kept["story_key"],
        "WORKBENCH_BASE_URL": f"http://127.0.0.1:{port}",
        "WORKBENCH_LIVE_URL": f"http://127.0.0.1:{live_port}/live",
        "WORKBENCH_HOME": str(home),
        "WORKBENCH_DEMO": "true",
    } | {
        name: value
        for name, value in os.environ.items()
        if name.startswith(
            (
                "WORKBENCH_CBS",
                "WORKBENCH_DATADERDEN",
                "WORKBENCH_SMTP",
                "WORKBENCH_SOURCE",
                "WORKBENCH_CONTACT",
            )
        )
    }


def _secrets(home: Path) -> dict[str, str]:
    """Passwords of the roles, the key of the sessions and that of the stories; made once, readable by the owner alone."""
    file = home / "secrets.json"
    if not file.exists():
        names = ("web", "platform", "owner", "backup", "secret_key", "story_key")
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            json.dump({name: secrets.token_urlsafe(32) for name in names}, handle)
    kept: dict[str, str] = json.loads(file.read_text())
    return kept


def _prepare(postgres: EmbeddedPostgres, environment: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """Roles, migrations and content; gives the table of demo accounts."""
    import seeds  # noqa: PLC0415 - loads the whole application
    import seeds.demo  # noqa: PLC0415
    import seeds.starters  # noqa: PLC0415
    from tasks import worker  # noqa: PLC0415
    from workbench.app import create_app  # noqa: PLC0415
    from workbench.core import db, migrate, roles  # noqa: PLC0415
    from workbench.core.jobs import Job, enqueue  # noqa: PLC0415

    settings = Settings.load()
    superuser = db.make_engine(postgres.superuser_url(), poolclass=sa.NullPool)
    names = ("web", "platform", "owner", "backup")
    passwords = {name: str(sa.make_url(environment[_url_name(name)]).password) for name in names}
    roles.create_roles(superuser, DATABASE, passwords)
    migrate.upgrade(settings.owner_database_url)
    app = create_app(settings)
    worker.init_app(app)
    with app.app_context():
        with db.as_platform():
            seeds.load()
        seeds.starters.load()
        seeds.demo.load()
        with db.as_platform():
            enqueue(Job.REFRESH_ALL)
    db.web_session.kw["bind"].dispose()
    db.platform_session.kw["bind"].dispose()
    return seeds.demo.accounts_table()


def _url_name(role: str) -> str:
    return "WORKBENCH_DATABASE_URL" if role == "web" else f"WORKBENCH_{role.upper()}_DATABASE_URL"


def _wait_for_page(address: str) -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own loopback address
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def _greet(address: str, accounts: list[tuple[str, str, str, str]], seconds: float) -> None:
    from seeds import read  # noqa: PLC0415

    content = read.demo()
    click.echo(f"\nDe Monitorwerkbank draait op {address} (na {seconds:.1f} seconden). Stoppen: Ctrl-C.")
    click.echo(f"{content.notice}\n\nWachtwoord van elk account: {content.password}\n")
    widths = [max(len(row[column]) for row in accounts) for column in range(4)]
    for row in accounts:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    sys.stdout.flush()
