"""A revealed round in words: what the group said, or of few answers what holds for all of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workbench.rounds.methods import Method
from workbench.rounds.models import Option, Round
from workbench.rounds.queries import Result
from workbench.rounds.words import counted, ordered, stood
from workbench.rounds.words.drawn import Picture
from workbench.rounds.words.names import CONSENT_NAMES, part_names
from workbench.rounds.words.speech import _, listed, named, ngettext, number, quoted

Teller = Callable[[Sequence[Option], Result], tuple[list[str], list[Picture]]]


@dataclass(frozen=True)
class Told:
    """A revealed round as the page shows it."""

    sentences: list[str]
    pictures: list[Picture]
    texts: list[str]


def told(found: Round, result: Result) -> Told:
    if not result.shown:
        return Told([_too_few(result.n)], [], [])
    if result.is_few and "all" in result.summary:
        return Told([_all_sentence(found, result.summary["all"]), _why_so_little(result.n)], [], [])
    sentences, drawn = _TELLERS[found.method](found.options, result)
    if result.is_few and found.method != Method.SENTENCE:
        sentences = [*sentences, _why_so_little(result.n)]
    return Told(sentences, drawn, result.summary.get("texts", []))


def _too_few(n: int) -> str:
    if n == 0:
        return _("Er zijn geen antwoorden om te tonen.")
    return ngettext(
        "Er is één antwoord. Deze groep is te klein om spreiding te tonen. Bespreek de vraag samen.",
        "Er zijn %(num)s antwoorden. Deze groep is te klein om spreiding te tonen. Bespreek de vraag samen.",
        n,
    )


def _why_so_little(n: int) -> str:
    return _(
        "Er zijn maar %(n)s antwoorden. Daarom ziet u alleen wat voor iedereen geldt: anders is te raden wie wat zei.",
        n=number(n),
    )


def _all_sentence(found: Round, keys: list[str]) -> str:
    options = quoted(found.options) if found.method == Method.STATEMENTS else found.options
    names = listed(named(options, lambda key: key in keys))
    if not names:
        return _(
            "De antwoorden lopen uiteen: er is niets wat bij iedereen terugkomt. Bespreek de vraag samen."
        )
    match found.method:
        case Method.CHOOSE:
            return _("Iedereen kiest: %(names)s.", names=names)
        case Method.DOTS:
            return _("Iedereen plakt stippen bij: %(names)s.", names=names)
        case Method.POINTS:
            return _("Iedereen geeft punten aan: %(names)s.", names=names)
        case Method.RANKING:
            return _("Iedereen zet bovenaan: %(names)s.", names=names)
        case Method.PAIRWISE:
            return _("Iedereen kiest dit steeds boven iets anders: %(names)s.", names=names)
    return _("Iedereen is het eens met: %(names)s.", names=names)


def _sentence(_options: Sequence[Option], result: Result) -> tuple[list[str], list[Picture]]:
    return [_("Er zijn %(n)s zinnen. Lees ze eerst allemaal, en praat dan pas.", n=result.n)], []


_TELLERS: dict[Method, Teller] = {
    Method.CHOOSE: counted.choose,
    Method.SENTENCE: _sentence,
    Method.POSITION: stood.position,
    Method.DOTS: counted.dots,
    Method.POINTS: counted.points,
    Method.RANKING: ordered.ranking,
    Method.PAIRWISE: ordered.pairwise,
    Method.CONSENT: stood.consent,
    Method.STATEMENTS: stood.statements,
}


def reason_lists(found: Round, result: Result) -> list[tuple[str, list[str]]]:
    """Headings with the reasons under them; no heading where reasons belong to the whole."""
    if found.method == Method.POSITION and len(found.options) == 1:
        names = part_names(found.options[0])
    elif found.method == Method.CONSENT:
        names = [str(name) for name in CONSENT_NAMES.values()]
    else:
        names = []
    return [(names[int(item["at"])] if item["at"] else "", item["texts"]) for item in result.reasons]
