"""Components drawn outside a page: a table is drawn when its figure is built, not at every visit."""

from typing import Any

from flask import get_template_attribute
from markupsafe import Markup


def draw_table(table: dict[str, Any]) -> Markup:
    """HTML of {caption, columns, rows, numeric}."""
    return Markup(get_template_attribute("components/table.html", "data_table")(**table))  # noqa: S704 - our own macro
