"""One's own answer, read back."""

from collections.abc import Callable
from itertools import combinations

from workbench.rounds.methods import Method
from workbench.rounds.methods.base import Content
from workbench.rounds.models import Option, Round
from workbench.rounds.queries import OwnAnswer
from workbench.rounds.words.names import CONSENT_NAMES, VOTE_NAMES, line_name
from workbench.rounds.words.speech import _


def own_words(found: Round, own: OwnAnswer | None) -> list[tuple[str, str]]:
    """Label and text of everything in one's own answer; empty when there is none."""
    if own is None:
        return []
    ballot = own.ballot
    lines = [(_("Uw antwoord"), "; ".join(_content_words(found, ballot.content)))]
    if ballot.reason:
        shared = _("(deelt u zonder naam)") if ballot.share_reason else _("(deelt u niet)")
        lines.append((_("Uw reden"), f"{ballot.reason} {shared}"))
    if ballot.minority:
        lines.append((_("Uw minderheidsstandpunt"), ballot.minority))
    if own.faction:
        lines.append((_("Uw fractie"), own.faction))
    return lines


def _content_words(found: Round, content: Content | None) -> list[str]:
    if content is None:
        return [_("Ik weet het niet.")]
    options = {option.key: option for option in found.options}
    (given,) = content.values()
    if isinstance(given, dict):
        say = _EACH.get(found.method, _numbered)
        return [say(options[key], given[key]) for key in options if key in given]
    match found.method:
        case Method.CHOOSE:
            return [options[key].label for key in given]
        case Method.PAIRWISE:
            return [
                _("%(chosen)s boven %(other)s", chosen=options[chosen].label, other=options[other].label)
                for chosen, other in given
            ]
        case Method.CONSENT:
            return [str(CONSENT_NAMES[given])]
    return [given]


def _numbered(option: Option, number: object) -> str:
    return f"{option.label}: {number}"


_EACH: dict[Method, Callable[[Option, object], str]] = {
    Method.POSITION: lambda option, place: f"{line_name(option)}: {place}",
    Method.STATEMENTS: lambda option, vote: f"{option.label}: {VOTE_NAMES[str(vote)]}",
}


def pairs_of(found: Round) -> list[tuple[Option, Option]]:
    """The pairs in the order in which they are asked."""
    return list(combinations(found.options, 2))
