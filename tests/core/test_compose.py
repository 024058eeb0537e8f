"""docker-compose.yml and the Dockerfile in production shape, read as data."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from workbench.cli import cli

ROOT = Path(__file__).parent.parent.parent
VARIABLE = re.compile(r"\$\{\w+:\?\}")
SECRET = re.compile(r"PASSWORD|SECRET|KEY|(?<!LIVE)_URL$")  # browsers know the address of the live service
DOCKERFILE = [
    line.split(maxsplit=1) for line in (ROOT / "Dockerfile").read_text().splitlines() if line[:1].isalpha()
]


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    return found


def workbench_commands(words: list[str]) -> list[list[str]]:
    """Arguments of every call of `workbench` in a container's command, also of those inside a shell line."""
    if words[:2] == ["sh", "-c"]:
        return [call for part in words[2].split("&&") for call in workbench_commands(shlex.split(part))]
    return [words[1:]] if words[0] == "workbench" else []


def parse(arguments: list[str]) -> str:
    """The name of the command that click would run. Raises click.UsageError for an unknown command or option."""
    context: click.Context | None = None
    command: click.Command = cli
    name: str | None = "workbench"
    while True:
        context = command.make_context(name, list(arguments), parent=context)
        if not isinstance(command, click.Group):
            return context.command_path
        name, found, arguments = command.resolve_command(context, arguments)
        assert found
        command = found


def test_every_command_is_one_of_the_workbench(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_SUPERUSER_DATABASE_URL", "postgresql+psycopg://")
    [(_word, image)] = [line for line in DOCKERFILE if line[0] == "CMD"]
    calls = [
        call for service in services().values() for call in workbench_commands(service.get("command", [""]))
    ]
    found = {parse(call) for call in [*calls, *workbench_commands(json.loads(image))]}
    once = {"db roles", "db upgrade", "seeds load"}
    assert found == {f"workbench {name}" for name in {"serve", "live", "worker", "beat"} | once}


def test_a_command_that_does_not_exist_would_be_noticed() -> None:
    with pytest.raises(click.UsageError):
        parse(["serve", "--bindd", "0.0.0.0:8000"])
    with pytest.raises(click.UsageError):
        parse(["db", "seed"])


def test_secrets_come_from_the_environment_and_are_required() -> None:
    for name, service in services().items():
        for setting, value in service.get("environment", {}).items():
            if SECRET.search(setting) and value is not None:
                assert VARIABLE.fullmatch(value), f"{name}: {setting}"
    text = (ROOT / "docker-compose.yml").read_text()
    assert not re.search(r"://\w+:[^/\s]*@", text), "an address with a password"


def test_each_process_holds_only_the_database_roles_it_needs() -> None:
    urls = {
        name: {setting for setting in service.get("environment", {}) if setting.endswith("DATABASE_URL")}
        for name, service in services().items()
    }
    web, platform = {"WORKBENCH_DATABASE_URL"}, {"WORKBENCH_DATABASE_URL", "WORKBENCH_PLATFORM_DATABASE_URL"}
    others = {f"WORKBENCH_{role}_DATABASE_URL" for role in ("OWNER", "BACKUP", "SUPERUSER")}
    assert {name: found for name, found in urls.items() if found} == {
        "web": web,
        "worker": platform,
        "beat": platform,
        "migrate": platform | others,
    }


def test_every_service_is_hardened_and_checked() -> None:
    for name, service in services().items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        user = str(service.get("user", "root")).partition(":")[0]
        assert user not in ("root", "0"), name
        if name == "migrate":  # ends by itself; the others wait for its success
            assert service["restart"] == "no"
        else:
            assert service["restart"] == "unless-stopped", name
            assert service["healthcheck"]["test"], name


def test_only_the_proxy_is_reachable_from_outside() -> None:
    published = {name: service["ports"] for name, service in services().items() if "ports" in service}
    assert set(published) == {"proxy", "mailpit"}
    assert services()["mailpit"]["profiles"] == ["dev"]
    assert all(port.startswith("127.0.0.1:") for port in published["mailpit"])


def test_database_and_redis_are_on_a_network_without_a_way_out() -> None:
    networks = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["networks"]
    assert services()["postgres"]["networks"] == services()["redis"]["networks"] == ["inside"]
    assert networks["inside"]["internal"]
    assert "inside" not in services()["proxy"]["networks"]


def test_the_database_is_postgresql_18_and_sorts_as_in_the_demo() -> None:
    service = services()["postgres"]
    assert service["image"].partition(":")[2].split("-")[0] == "18"
    demo = (ROOT / "workbench/embedded/postgres.py").read_text()
    for option in service["environment"]["POSTGRES_INITDB_ARGS"].split():
        assert f'"{option}"' in demo


def test_nothing_waits_for_a_service_that_does_not_say_when_it_is_ready() -> None:
    for name, service in services().items():
        for other, wait in service.get("depends_on", {}).items():
            condition = "service_completed_successfully" if other == "migrate" else "service_healthy"
            assert wait["condition"] == condition, f"{name} waits for {other}"
            assert "profiles" not in services()[other], f"{name} waits for {other}"


def test_the_image_runs_as_an_ordinary_user_and_fetches_only_what_is_locked() -> None:
    stages = [index for index, line in enumerate(DOCKERFILE) if line[0] == "FROM"]
    final = dict(line for line in DOCKERFILE[stages[-1] :] if line[0] in ("USER", "HEALTHCHECK"))
    assert final["USER"].partition(":")[0] not in ("root", "0")
    assert "HEALTHCHECK" in final
    text = (ROOT / "Dockerfile").read_text()
    assert not [line for line in DOCKERFILE if line[0] == "ADD"]
    assert not re.search(r"curl|wget|https?://(?!127\.0\.0\.1)", text)
    for install in re.findall(r"pip install (.*)", text):
        assert "--require-hashes --only-binary :all:" in install or (
            "--no-deps" in install and "--no-index" in install
        )


def test_one_user_owns_the_files_and_runs_every_process_of_ours() -> None:
    users = {str(service["user"]) for service in services().values() if service["image"] == "monitorwerkbank"}
    [(_word, user)] = [line for line in DOCKERFILE if line[0] == "USER"]
    assert users == {user}


def test_the_image_holds_only_what_running_needs() -> None:
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert lines[0] == "*"
    kept = {line.removeprefix("!") for line in lines if line[0] == "!"}
    assert kept == {
        "LICENSE", "pyproject.toml", "requirements.lock", "workbench", "tasks", "seeds", "templates", "migrations",
    }  # fmt: skip
