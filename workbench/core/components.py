"""Components and parts drawn apart from a page: a table when its figure is built, a part to be remembered."""

from typing import Any

from flask import current_app, get_template_attribute
from markupsafe import Markup


def drawn(template: str, **values: Any) -> Markup:
    """A part of a page, drawn from a template of its own. The template sees only these values and the globals."""
    return Markup(current_app.jinja_env.get_template(template).render(**values))  # noqa: S704 - escaped there


def draw_table(table: dict[str, Any]) -> Markup:
    """HTML of {caption, columns, rows, numeric}."""
    return Markup(get_template_attribute("components/table.html", "data_table")(**table))  # noqa: S704 - our own macro
