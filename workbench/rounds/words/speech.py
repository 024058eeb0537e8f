"""What all these words are made with: the language of the request, and names in a row."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from flask_babel import gettext
from flask_babel import ngettext as plural

from workbench.core.text import current_language
from workbench.rounds.models import Option


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


def ngettext(one: str, many: str, n: int, **values: object) -> str:
    return str(plural(one, many, n, **values))


def number(value: float, decimals: int = 0) -> str:
    return current_language().number(value, decimals)


def listed(names: Sequence[str]) -> str:
    """'a', 'a en b', 'a, b en c'."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s en %(last)s", names=", ".join(names[:-1]), last=names[-1])


def named(options: Sequence[Option], wanted: Callable[[str], bool]) -> list[str]:
    """The options for a sentence, which brings its own full stop."""
    return [option.label.rstrip(".") for option in options if wanted(option.key)]


def quoted(options: Sequence[Option]) -> list[Option]:
    """Statements for in a sentence: they are sentences themselves."""
    return [replace(option, label=f"‘{option.label.rstrip('.')}’") for option in options]
