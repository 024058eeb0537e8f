"""Template filters: the only way a number, date or period reaches a page."""

from datetime import date, datetime

from flask import Flask
from flask_babel import get_locale

from workbench.core.language import LANGUAGES, Language


def current_language() -> Language:
    """The language of this request; Dutch outside one."""
    locale = get_locale()
    code = locale.language if locale else "nl"
    return Language(code if code in LANGUAGES else "nl")


def init_app(app: Flask) -> None:
    @app.template_filter("number")
    def number(value: float, decimals: int = 0) -> str:
        return current_language().number(value, decimals)

    @app.template_filter("day")
    def day(value: date) -> str:
        return current_language().date(value)

    @app.template_filter("moment")
    def moment(value: datetime) -> str:
        return current_language().moment(value)
