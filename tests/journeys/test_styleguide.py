"""The style guide leaves no component out. (Its page itself is read with all others.)"""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "templates"


def components_of(template: str) -> set[str]:
    """The components that a template imports, and those that these import in their turn."""
    named = set(re.findall(r'"(components/[a-z_]+\.html)"', (TEMPLATES / template).read_text("utf-8")))
    return named.union(*(components_of(name) for name in named))


def test_the_style_guide_shows_every_component() -> None:
    drawn_by_forms = {"components/field.html"}
    every = {f"components/{file.name}" for file in (TEMPLATES / "components").glob("*.html")}
    assert components_of("styleguide/index.html") | drawn_by_forms >= every
