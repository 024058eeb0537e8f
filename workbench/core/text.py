"""Template filters: the only way a number, date or period reaches a page."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import cast

from babel.support import NullTranslations
from flask import Flask, g, has_app_context
from flask_babel import Domain, force_locale, get_locale

from workbench.core.language import LANGUAGES, Language, catalogue


def current_language() -> Language:
    """The language of this request; Dutch outside one."""
    locale = get_locale()
    code = locale.language if locale else "nl"
    return Language(code if code in LANGUAGES else "nl")


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Within this block texts and templates are in this language: for mail, in the language of who reads it."""
    before = g.pop("translations", None)
    try:
        with force_locale(language.code):
            yield
    finally:
        g.pop("translations", None)
        if before is not None:
            g.translations = before


def _translations() -> NullTranslations:
    """The catalogue of this request, looked up once: a page has some hundred texts."""
    if "translations" not in g:
        g.translations = catalogue(current_language().code)
    return cast("NullTranslations", g.translations)


class _Texts(Domain):  # type: ignore[misc]
    """The texts for code, from the same catalogue as those for templates; found without a search for each text."""

    def get_translations(self) -> NullTranslations:
        return _translations() if has_app_context() else NullTranslations()


def init_app(app: Flask) -> None:
    """After Babel, whose texts it finds."""
    app.extensions["babel"].instance.domain_instance = _Texts()
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _translations().ugettext(text),
        lambda singular, plural, n: _translations().ungettext(singular, plural, n),
        newstyle=True,
    )

    @app.template_filter("number")
    def number(value: float, decimals: int = 0) -> str:
        return current_language().number(value, decimals)

    @app.template_filter("day")
    def day(value: date) -> str:
        return current_language().date(value)

    @app.template_filter("month")
    def month(value: date) -> str:
        return current_language().month(value)

    @app.template_filter("long_day")
    def long_day(value: date) -> str:
        return current_language().long_date(value)

    @app.template_filter("short_day")
    def short_day(value: date) -> str:
        return current_language().short_date(value)

    @app.template_filter("moment")
    def moment(value: datetime) -> str:
        return current_language().moment(value)

    @app.template_filter("clock")
    def clock(value: datetime) -> str:
        return current_language().clock(value)
