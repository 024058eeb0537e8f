"""The `workbench` command. Each command calls an operation; `demo` lives in workbench.demo."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

import click

from workbench.core.errors import WorkbenchError
from workbench.core.settings import Settings
from workbench.embedded import running
from workbench.embedded.process import StartError

P = ParamSpec("P")
R = TypeVar("R")


def _home() -> Path:
    return Path(os.environ.get("WORKBENCH_HOME", "var"))


def load_settings() -> Settings:
    """Settings of the environment; without a database there, those of the demo that runs in WORKBENCH_HOME."""
    if "WORKBENCH_DATABASE_URL" not in os.environ and (demo := running.read(_home())):
        for name, value in demo.items():
            os.environ.setdefault(name, value)
    return Settings.load()


@contextmanager
def _application(settings: Settings) -> Iterator[None]:
    """An app context, with jobs going to the worker; for commands that also write as `platform`."""
    from tasks import worker  # noqa: PLC0415 - commands that need no application start at once
    from workbench.app import create_app  # noqa: PLC0415

    if not settings.platform_database_url:
        raise WorkbenchError(
            "Set WORKBENCH_PLATFORM_DATABASE_URL: this command writes as the role 'platform'."
        )
    app = create_app(settings)
    worker.init_app(app)
    with app.app_context():
        yield


@contextmanager
def _workbench(settings: Settings) -> Iterator[None]:
    """An app context in which `db` acts as `platform`."""
    from workbench.core.db import as_platform  # noqa: PLC0415

    with _application(settings), as_platform():
        yield


def with_workbench(command: Callable[P, R]) -> Callable[P, R]:
    """Run a command in an app context, in one transaction."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with _workbench(load_settings()):
            return command(*args, **kwargs)

    return run


@click.group()
def cli() -> None:
    """Monitorwerkbank: a council designs its own monitor, values first."""


@cli.command()
@click.option("--port", type=click.IntRange(1, 65535), default=lambda: int(os.environ.get("PORT", "8000")))
@click.option("--home", type=click.Path(path_type=Path), default=_home)
@click.option("--reset", is_flag=True, help="Throw the demo's data away first.")
def demo(port: int, home: Path, *, reset: bool) -> None:
    """Start everything in one supervised command, with embedded servers and demonstration content."""
    from workbench.demo import run_demo  # noqa: PLC0415 - pulls in the embedded servers

    sys.exit(run_demo(port, home, reset=reset))


@cli.command()
@click.option("--bind", default="127.0.0.1:8000", show_default=True)
@click.option("--workers", type=int, help="Processes; without it two per processor, at most eight.")
def serve(bind: str, workers: int | None) -> None:
    """Serve the pages (gunicorn)."""
    load_settings()
    asked = [f"--workers={workers}"] if workers else []
    _become("gunicorn", "workbench.wsgi:app", "--config=python:workbench.server", f"--bind={bind}", *asked)


@cli.command()
@click.option("--bind", default="127.0.0.1:8001", show_default=True)
def live(bind: str) -> None:
    """Serve the live streams of workshops (gunicorn with gevent). Needs Redis and the secret key, no database."""
    _become("gunicorn", "workbench.live.wsgi:app", "--config=python:workbench.live.server", f"--bind={bind}")


@cli.command()
@click.option("--concurrency", type=int, default=2, show_default=True)
@click.option("--with-beat", is_flag=True, help="Run the schedule in the same process (one worker only).")
def worker(concurrency: int, *, with_beat: bool) -> None:
    """Carry out background jobs (Celery)."""
    load_settings()
    beat_options = ["--beat"] if with_beat else []
    _become(
        "celery", "--app=tasks.run:app", "worker", "--pool=threads", f"--concurrency={concurrency}",
        "--without-gossip", "--without-mingle", "--loglevel=WARNING", *beat_options,
    )  # fmt: skip


@cli.command()
def beat() -> None:
    """Start scheduled jobs when they are due (Celery beat)."""
    load_settings()
    _become("celery", "--app=tasks.run:app", "beat", "--loglevel=WARNING")


def _become(program: str, *arguments: str) -> None:
    """Replace this process, so that signals reach the server itself."""
    os.execv(sys.executable, [sys.executable, "-m", program, *arguments])  # noqa: S606


@cli.group()
def db() -> None:
    """Database: migrations, roles, checks."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest revision."""
    from workbench.core import migrate  # noqa: PLC0415

    migrate.upgrade(load_settings().owner_database_url)


@db.command("check")
def db_check() -> None:
    """Do the tables, roles and policies match the models? Exit 1 when not."""
    from alembic.util import CommandError  # noqa: PLC0415

    from workbench.core import db as database  # noqa: PLC0415
    from workbench.core import migrate, roles, schema  # noqa: PLC0415

    settings = load_settings()
    try:
        migrate.check(settings.owner_database_url)
    except CommandError as error:
        raise click.ClickException(str(error)) from None
    engine = database.make_engine(settings.database_url)
    roles.check_role(engine)
    if problems := schema.problems(engine):
        raise click.ClickException("\n".join(problems))
    click.echo("ok")


@db.command("roles")
@click.option("--superuser-url", envvar="WORKBENCH_SUPERUSER_DATABASE_URL", required=True)
def db_roles(superuser_url: str) -> None:
    """Make the four roles and the database; passwords come from the WORKBENCH_…DATABASE_URL settings."""
    from sqlalchemy import make_url  # noqa: PLC0415

    from workbench.core.db import make_engine  # noqa: PLC0415
    from workbench.core.roles import create_roles  # noqa: PLC0415

    settings = load_settings()
    urls = {
        "owner": settings.owner_database_url,
        "web": settings.database_url,
        "platform": settings.platform_database_url,
        "backup": settings.backup_database_url,
    }
    if missing := [role for role, url in urls.items() if not url]:
        raise click.ClickException(f"No database URL for: {', '.join(missing)}.")
    passwords = {role: make_url(str(url)).password or "" for role, url in urls.items()}
    create_roles(
        make_engine(superuser_url), make_url(settings.database_url).database or "workbench", passwords
    )


_FILE = click.Path(dir_okay=False, path_type=Path)
_KEYS_HELP = "The keys of stories: apart from the backups, and only the newest."


@cli.command()
@click.argument("file", type=_FILE)
@click.option("--keys", type=_FILE, help=_KEYS_HELP)
def backup(file: Path, keys: Path | None) -> None:
    """Write the whole installation to FILE, without the keys of stories; these go to the file of --keys, over what is there."""
    from workbench import backups  # noqa: PLC0415

    backups.write(load_settings(), file, keys)
    if keys is None:
        click.echo("Without the keys of stories: what people told cannot be read back. See --keys.", err=True)


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--keys", type=click.Path(exists=True, dir_okay=False, path_type=Path), help=_KEYS_HELP)
def restore(file: Path, keys: Path | None) -> None:
    """Fill an empty database (`db roles`) from a backup; prints as a JSON line how many stories can be read again and how
    many are gone, because they were withdrawn since or their keys are not there.
    """
    from workbench import backups  # noqa: PLC0415
    from workbench.stories.backups import end_without_keys  # noqa: PLC0415

    settings = load_settings()
    readable = backups.read(settings, file, keys)
    with _application(settings):
        click.echo(json.dumps({"readable": readable, "gone": end_without_keys()}))


@cli.group()
def seeds() -> None:
    """Content: areas, step plan, catalogue, bundled figures."""


@seeds.command("load")
def seeds_load() -> None:
    """Load or update all content. Idempotent."""
    import seeds as content  # noqa: PLC0415
    from seeds import starters  # noqa: PLC0415
    from workbench.core.db import as_platform  # noqa: PLC0415

    with _application(load_settings()):
        with as_platform():
            content.load()
        starters.load()


@cli.group()
def catalogue() -> None:
    """The catalogue of indicators."""


@catalogue.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_workbench
def catalogue_import(file: Path) -> None:
    """Add or update indicators and their table series from a YAML file."""
    from workbench.core.jobs import Job, enqueue  # noqa: PLC0415
    from workbench.indicators.catalogue import read_catalogue  # noqa: PLC0415
    from workbench.sources.operations import import_entries  # noqa: PLC0415

    for indicator in import_entries(read_catalogue(file)):
        click.echo(indicator.slug)
    enqueue(Job.BUILD_EVERYWHERE)


@catalogue.command("export")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=False)
@with_workbench
def catalogue_export(file: Path | None) -> None:
    """Write the whole catalogue as a YAML file that `import` takes (without FILE: to standard output)."""
    from workbench.indicators.catalogue import write_catalogue  # noqa: PLC0415
    from workbench.indicators.operations import catalogue_entries  # noqa: PLC0415

    text = write_catalogue(catalogue_entries())
    if file:
        file.write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)


@cli.group()
def areas() -> None:
    """Areas: municipalities, regions, districts."""


@areas.command("regions")
@click.option(
    "--table", help="A yearly table 'Gebieden in Nederland' of Statistics Netherlands, asked in version 3."
)
@click.option(
    "--file",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV file with the columns gemeente, soort, regio, naam, vanaf.",
)
def areas_regions(table: str | None, path: Path | None) -> None:
    """Load which municipality lies in which GGD, youth and labour-market region; prints what changed as a JSON line."""
    if (table is None) == (path is None):
        raise click.UsageError("Give either --table or --file.")
    settings = load_settings()
    with _workbench(settings):
        from workbench.sources.divisions import regions_from_file, regions_from_table  # noqa: PLC0415

        done = regions_from_table(table, settings) if table else regions_from_file(path or Path())
    click.echo(json.dumps(done))


@areas.command("outlines")
@click.option("--level", type=click.Choice(["gemeente", "wijk"]), default="gemeente", show_default=True)
@click.option(
    "--year", type=click.IntRange(2000, 2100), required=True, help="Of which year the outlines are."
)
@click.option(
    "--file",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A GeoJSON or TopoJSON file; without it the national geo service is asked.",
)
@click.option("--credit", help="Who made the file, as readers see it; needed with --file.")
def areas_outlines(level: str, year: int, path: Path | None, credit: str | None) -> None:
    """Load the outlines that maps are drawn with; prints what changed as a JSON line."""
    if (path is None) != (credit is None):
        raise click.UsageError("Give --file and --credit together.")
    settings = load_settings()
    with _workbench(settings):
        from workbench.indicators.catalogue import AreaType  # noqa: PLC0415
        from workbench.sources.outlines import outlines_from_file, outlines_from_service  # noqa: PLC0415

        kind = AreaType(level)
        if path and credit:
            done = outlines_from_file(path, kind, year, credit)
        else:
            done = outlines_from_service(kind, year, settings)
    click.echo(json.dumps(done))


@cli.group()
def sources() -> None:
    """Outside sources of figures."""


@sources.command("check")
@click.argument("name", required=False)
@with_workbench
def sources_check(name: str | None) -> None:
    """Reach each source and print one line each: ok, off, unreachable, changed, not verified."""
    from flask import current_app  # noqa: PLC0415

    from workbench.sources.checking import check_sources  # noqa: PLC0415

    found = check_sources(current_app.extensions["settings"], name)
    if not found:
        raise click.ClickException(f"There is no connected source called {name!r}.")
    for line in found:
        click.echo(line.text)
    if not all(line.is_fine for line in found):
        sys.exit(1)


@sources.command("status")
@with_workbench
def sources_status() -> None:
    """One JSON line per connected table: last success, next run, age, coverage, and what waits for you."""
    from workbench.sources.queries import connected_tables  # noqa: PLC0415
    from workbench.sources.reports import table_report  # noqa: PLC0415

    for view in connected_tables():
        click.echo(json.dumps(table_report(view), ensure_ascii=False))


@sources.command("accept")
@click.argument("run_id", type=click.UUID)
@with_workbench
def sources_accept(run_id: UUID) -> None:
    """Make the figures of a suspect run the current ones, for every council; prints the run as a JSON line."""
    from workbench.sources.reports import run_report  # noqa: PLC0415
    from workbench.sources.suspects import accept  # noqa: PLC0415

    click.echo(json.dumps(run_report(accept(run_id)), ensure_ascii=False))


@sources.command("keep")
@click.argument("run_id", type=click.UUID)
@with_workbench
def sources_keep(run_id: UUID) -> None:
    """Keep the old figures instead of those of a suspect run, until the source has another edition."""
    from workbench.sources.reports import run_report  # noqa: PLC0415
    from workbench.sources.suspects import keep  # noqa: PLC0415

    click.echo(json.dumps(run_report(keep(run_id)), ensure_ascii=False))


@cli.command()
@click.option("--source")
@click.option("--table")
@click.option("--indicator")
@click.option("--wait", is_flag=True, help="Carry the runs out and wait for their end.")
def refresh(source: str | None, table: str | None, indicator: str | None, *, wait: bool) -> None:
    """Queue (or carry out) refresh runs; prints one JSON line per run. Exit 1 if any failed."""
    settings = load_settings()
    with _workbench(settings):
        from workbench.core.db import db as session  # noqa: PLC0415
        from workbench.sources import operations  # noqa: PLC0415
        from workbench.sources import refresh as refreshing  # noqa: PLC0415
        from workbench.sources.reports import run_report  # noqa: PLC0415

        refreshing.switch_sources(settings)
        tables = operations.tables_to_refresh(source=source, table=table, indicator=indicator)
        if not tables:
            raise click.ClickException("No connected table matches, or its source is switched off.")
        failed = False
        for item in tables:
            run = (operations.waiting_run if wait else operations.queue_refresh)(item.id)
            session.commit()
            while wait and run.is_active:
                refreshing.carry_out(run.id, settings, keep_trying=False)
                session.commit()
                session.refresh(run)
                if run.is_active:  # a worker was first: wait for its end
                    time.sleep(0.2)
            failed = failed or run.state in ("failed", "unreachable")
            click.echo(json.dumps(run_report(run), ensure_ascii=False))
    if failed:
        sys.exit(1)


@cli.group()
def council() -> None:
    """Councils."""


@council.command("add")
@click.option("--name", required=True)
@click.option("--region", required=True, help="Code of its area, such as GM0034.")
@click.option("--slug", required=True)
@with_workbench
def council_add(name: str, region: str, slug: str) -> None:
    """Make a council."""
    from workbench.accounts.operations import add_council  # noqa: PLC0415
    from workbench.core.db import db as session  # noqa: PLC0415
    from workbench.core.tenancy import act_for  # noqa: PLC0415
    from workbench.indicators.operations import set_area  # noqa: PLC0415

    made = add_council(name, slug)
    act_for(session, made.id)
    set_area(region)
    click.echo(slug)


@council.command("move")
@click.option("--slug", required=True)
@click.option("--region", required=True, help="Code of the area it goes on with, such as GM0757.")
@click.option(
    "--from", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="First day, such as 2027-01-01."
)
@with_workbench
def council_move(slug: str, region: str, day: datetime) -> None:
    """Let a council go on with another area from a day on, as after a split. A merger needs no command."""
    from workbench.accounts.commands import act_for_council  # noqa: PLC0415
    from workbench.core.jobs import Job, enqueue  # noqa: PLC0415
    from workbench.indicators.operations import move_to  # noqa: PLC0415

    act_for_council(slug)
    move_to(region, day.date())
    enqueue(Job.BUILD_BLOCKS)
    click.echo(slug)


@council.command("pilot")
@click.option("--slug", required=True)
@click.option("--name", required=True, help="Of the group, when it is new.")
@click.option("--member", "members", multiple=True, help="Slug of a council that takes part; once for each.")
@with_workbench
def council_pilot(slug: str, name: str, members: tuple[str, ...]) -> None:
    """Let exactly these councils take part in a pilot group, which may share among themselves."""
    from workbench.showcase.circles.commands import set_pilot  # noqa: PLC0415

    set_pilot(slug, name, list(members))
    click.echo(slug)


@cli.group()
def user() -> None:
    """People."""


@user.command("add")
@click.option("--email", required=True)
@click.option("--council", "slug", required=True)
@click.option("--role", required=True)
@click.option("--name", default="")
@click.option("--password-stdin", is_flag=True, help="Read a password and make the account at once.")
@with_workbench
def user_add(email: str, slug: str, role: str, name: str, *, password_stdin: bool) -> None:
    """Add a member: prints an invitation link, or makes the account with a password from standard input."""
    from flask import current_app  # noqa: PLC0415

    from workbench.accounts.commands import add_user  # noqa: PLC0415

    password = sys.stdin.readline().rstrip("\n") if password_stdin else None
    link = add_user(current_app.extensions["settings"], email, slug, role, name=name, password=password)
    click.echo(link or email)


@cli.group()
def token() -> None:
    """Tokens with which a program reads the API for a member."""


@token.command("create")
@click.option("--email", required=True)
@click.option("--council", "slug", required=True)
@click.option("--scope", type=click.Choice(["read"]), default="read", show_default=True)
@with_workbench
def token_create(email: str, slug: str, scope: str) -> None:
    """Make a token; prints it, this once. It works for a year, or until it is revoked."""
    from workbench.accounts.commands import make_token  # noqa: PLC0415

    token_id, secret = make_token(email, slug, scope)
    click.echo(f"id {token_id}", err=True)
    click.echo(secret)


@token.command("list")
@click.option("--council", "slug", required=True)
@with_workbench
def token_list(slug: str) -> None:
    """The tokens that work: id, member, until when."""
    from workbench.accounts.commands import tokens  # noqa: PLC0415

    for found, email in tokens(slug):
        click.echo(f"{found.id} {email} {found.expires_at:%Y-%m-%d}")


@token.command("revoke")
@click.argument("token_id", type=click.UUID)
@click.option("--council", "slug", required=True)
@with_workbench
def token_revoke(token_id: UUID, slug: str) -> None:
    """Make a token worthless."""
    from workbench.accounts.commands import revoke_token  # noqa: PLC0415

    revoke_token(slug, token_id)


def main(**options: Any) -> None:
    try:
        cli.main(**options)
    except (WorkbenchError, StartError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
