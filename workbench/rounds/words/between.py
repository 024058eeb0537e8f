"""What groups of three people and more say beside each other; of a group never a number, only where it leans."""

from dataclasses import dataclass
from typing import Any

from workbench.rounds.methods import Method, groups
from workbench.rounds.models import Option, Round
from workbench.rounds.queries import Result
from workbench.rounds.words.drawn import table
from workbench.rounds.words.names import line_name
from workbench.rounds.words.speech import _, listed, named, number, quoted


@dataclass(frozen=True)
class Between:
    """`bridges` and `splits`: of statements only, else None."""

    groups: list[str]
    bridges: list[str] | None
    splits: list[str] | None
    table: dict[str, Any]


def between(found: Round, result: Result) -> Between | None:
    """None where there are no two groups that may be shown."""
    if result.groups is None:
        return None
    sizes, leanings = result.groups["sizes"], result.groups["leanings"]
    by_name = sorted(sizes, key=lambda name: (name == groups.REST, name.casefold()))
    names = {name: name or _("overige") for name in by_name}
    labels = {option.key: option.label for option in found.options}
    are_statements = found.method == Method.STATEMENTS
    rows = [
        [
            option.label if are_statements else line_name(option),
            *(_leaning(option, leanings[option.key][name], are_statements=are_statements) for name in names),
        ]
        for option in found.options
    ]
    return Between(
        [_("%(name)s (%(n)s mensen)", name=names[name], n=number(sizes[name])) for name in by_name],
        [labels[key] for key in result.groups["bridges"]] if are_statements else None,
        [labels[key] for key in result.groups["splits"]] if are_statements else None,
        table(
            _("Eens en oneens per groep") if are_statements else _("Waar de groepen staan"),
            [_("Stelling") if are_statements else _("Lijn"), *names.values()],
            rows,
            numeric=False,
        ),
    )


def _leaning(option: Option, side: int | None, *, are_statements: bool) -> str:
    match side:
        case None:
            return _("te weinig antwoorden")
        case 0:
            return _("verdeeld of in het midden")
        case 1:
            return _("vooral eens") if are_statements else _("dichter bij %(name)s", name=option.label)
    return _("vooral oneens") if are_statements else _("dichter bij %(name)s", name=option.counter)


def group_sentences(found: Round, result: Result) -> list[str]:
    """What bridges and what splits the groups, for a page with room for a few sentences."""
    if found.method != Method.STATEMENTS or result.groups is None:
        return []
    texts = {
        "bridges": _("Alle groepen zijn het vooral eens met: %(names)s."),
        "splits": _("De groepen staan tegenover elkaar bij: %(names)s."),
    }
    names = {kind: listed(named(quoted(found.options), result.groups[kind].__contains__)) for kind in texts}
    return [text % {"names": names[kind]} for kind, text in texts.items() if names[kind]]
