"""Every setting is explained in .env.example, and nothing else is."""

import re
from itertools import pairwise
from pathlib import Path

from pydantic_core import PydanticUndefined

from workbench.core.settings import Settings

ROOT = Path(__file__).parent.parent.parent
LINE = re.compile(r"(?P<off># )?(?P<name>[A-Z0-9_]+)=(?P<value>.*)")
ONLY_FOR_COMMANDS = {"WORKBENCH_SUPERUSER_DATABASE_URL"}  # an option of `workbench db roles`, not a setting
REQUIRED = re.compile(r"\$\{(\w+):\?\}")


def documented() -> dict[str, re.Match[str]]:
    found = [LINE.fullmatch(line) for line in (ROOT / ".env.example").read_text().splitlines()]
    names = [match["name"] for match in found if match]
    assert len(names) == len(set(names)), "a setting stands there twice"
    return {match["name"]: match for match in found if match}


def settings() -> dict[str, object]:
    """Name in the environment -> default; None when there is none."""
    defaults = {f"WORKBENCH_{name.upper()}": field.default for name, field in Settings.model_fields.items()}
    return {name: None if default is PydanticUndefined else default for name, default in defaults.items()}


def test_the_example_names_every_setting_and_no_other() -> None:
    ours = {name for name in documented() if name.startswith("WORKBENCH_")}
    assert ours == set(settings()) | ONLY_FOR_COMMANDS


def test_every_setting_is_explained_on_one_line_above_it() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    for before, line in pairwise(lines):
        if LINE.fullmatch(line):
            assert re.fullmatch(r"# [A-Z].*[.a-z…>/0-9]", before), line
            assert not LINE.fullmatch(before), line


def test_production_must_choose_what_compose_requires_and_sees_the_default_of_the_rest() -> None:
    required = set(REQUIRED.findall((ROOT / "docker-compose.yml").read_text()))
    for name, line in documented().items():
        if name in required:
            assert (line["off"], line["value"]) == (None, ""), name
        else:
            default = settings()[name]
            shown = str(default).lower() if isinstance(default, bool) else str(default)
            assert (line["off"], line["value"]) == ("# ", shown), name
    assert required <= set(documented())
