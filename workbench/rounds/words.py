"""Rounds in plain words: the methods, why an answer is refused, what a group said, and one's own answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_babel import ngettext as plural
from markupsafe import Markup

from workbench.core.text import current_language
from workbench.rounds import pictures
from workbench.rounds.methods import Method, consent, statements
from workbench.rounds.methods.base import AnswerRefused, Content, Fault
from workbench.rounds.models import Option, Round, State
from workbench.rounds.queries import OwnAnswer, Result

NEARLY_ALL = 0.8  # this share of a group is "nearly everyone"
DIVIDED = 0.2  # below this agreement a group stands apart on a line


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


def ngettext(one: str, many: str, n: int, **values: object) -> str:
    return str(plural(one, many, n, **values))


METHOD_NAMES = {
    Method.CHOOSE: lazy_gettext("Kiezen"),
    Method.SENTENCE: lazy_gettext("Eén zin"),
    Method.POSITION: lazy_gettext("Plek op de lijn"),
    Method.DOTS: lazy_gettext("Stippen plakken"),
    Method.POINTS: lazy_gettext("100 punten verdelen"),
    Method.RANKING: lazy_gettext("Op volgorde zetten"),
    Method.PAIRWISE: lazy_gettext("Twee aan twee"),
    Method.CONSENT: lazy_gettext("Bezwaren ophalen"),
    Method.STATEMENTS: lazy_gettext("Stellingen"),
}
METHOD_SENTENCES = {
    Method.CHOOSE: lazy_gettext("Iedereen kiest er een paar. Snel, en goed bij een lange lijst."),
    Method.SENTENCE: lazy_gettext("Iedereen schrijft één zin. Goed als begin, er wordt niets geteld."),
    Method.POSITION: lazy_gettext(
        "Iedereen kiest een plek tussen twee waarden die schuren. Laat zien waar het echt schuurt."
    ),
    Method.DOTS: lazy_gettext("Iedereen verdeelt een paar stippen. Snel, en het laat zien wat leeft."),
    Method.POINTS: lazy_gettext(
        "Iedereen verdeelt 100 punten. Laat zien hoe zwaar iets weegt, maar vraagt rekenen."
    ),
    Method.RANKING: lazy_gettext(
        "Iedereen zet de mogelijkheden op volgorde. Hooguit acht, anders is het te zwaar."
    ),
    Method.PAIRWISE: lazy_gettext(
        "Steeds kiezen tussen twee. Een eerlijke afweging, maar bij acht mogelijkheden zijn dat 28 keuzes."
    ),
    Method.CONSENT: lazy_gettext(
        "Eén voorstel. Wie heeft een zwaar bezwaar, en waarom? Geen bezwaar is nog niet: voor."
    ),
    Method.STATEMENTS: lazy_gettext(
        "Eens of oneens per stelling. Laat zien wat groepen verbindt en wat ze verdeelt."
    ),
}
STATE_NAMES = {
    State.DRAFT: lazy_gettext("nog niet begonnen"),
    State.OPEN: lazy_gettext("open"),
    State.CLOSED: lazy_gettext("gesloten, wacht op de onthulling"),
    State.REVEALED: lazy_gettext("onthuld"),
}
CONSENT_NAMES = {
    consent.AGREE: lazy_gettext("Akkoord"),
    consent.REMARK: lazy_gettext("Akkoord, met een opmerking"),
    consent.OBJECTION: lazy_gettext("Bezwaar"),
}
VOTE_NAMES = {
    statements.AGREE: lazy_gettext("Eens"),
    statements.DISAGREE: lazy_gettext("Oneens"),
    statements.PASS: lazy_gettext("Sla ik over"),
}


def fault_sentence(found: Round, refused: AnswerRefused) -> str:
    """Why this answer does not fit, and what to do."""
    n = refused.number
    if refused.fault == Fault.TOO_MANY and found.method == Method.DOTS:
        return _("Plak hooguit %(n)s stippen samen. Haal er een paar weg.", n=n)
    if refused.fault == Fault.NOT_HUNDRED and n < 100:
        return _("U hebt %(n)s punten verdeeld. Verdeel er nog %(left)s.", n=n, left=100 - n)
    lowest = 1 if found.method == Method.RANKING else 0
    sentences = {
        Fault.EMPTY: _(
            "U hebt nog niets ingevuld. Weet u het niet? Zet dan een vinkje bij “Ik weet het niet”."
        ),
        Fault.TOO_MANY: _("Kies er hooguit %(n)s. Haal er een paar weg.", n=n),
        Fault.TOO_MANY_ON_ONE: _("Plak hooguit %(n)s stippen bij één mogelijkheid.", n=n),
        Fault.OUT_OF_RANGE: _("Vul hele getallen in van %(low)s tot en met %(n)s.", low=lowest, n=n),
        Fault.NOT_HUNDRED: _("U hebt %(n)s punten verdeeld. Haal er %(over)s weg.", n=n, over=n - 100),
        Fault.REASON_NEEDED: _(
            "Schrijf op wat uw opmerking of bezwaar is. Zonder uitleg kan de groep er niets mee."
        ),
        Fault.UNKNOWN: _("Deze ronde is intussen veranderd. Open de pagina opnieuw."),
    }
    return sentences[refused.fault]


def ready_sentence(n: int, of: int) -> str:
    """'7 van 12 klaar'."""
    number = current_language().number
    return _("%(n)s van %(of)s klaar", n=number(n), of=number(of))


def line_name(option: Option) -> str:
    """'nabijheid of deskundigheid'."""
    return _("%(this)s of %(other)s", this=option.label, other=option.counter)


# --- What the group said --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One small drawing; its name stands above it."""

    name: str
    text: str
    svg: Markup


@dataclass(frozen=True)
class Picture:
    """Drawings with the table that says the same."""

    rows: list[Row]
    table: dict[str, Any]
    key: str = ""  # how to read the drawings
    ends: tuple[str, str] | None = None  # the names of the two ends under a line


@dataclass(frozen=True)
class Told:
    """A revealed round as the page shows it."""

    sentences: list[str]
    pictures: list[Picture]
    texts: list[str]


def told(found: Round, result: Result) -> Told:
    if not result.shown:
        return Told([_too_few(result.n)], [], [])
    sentences, drawn = _TELLERS[found.method](found.options, result)
    return Told(sentences, drawn, result.summary.get("texts", []))


def _too_few(n: int) -> str:
    if n == 0:
        return _("Er zijn geen antwoorden om te tonen.")
    return ngettext(
        "Er is één antwoord. Deze groep is te klein om spreiding te tonen. Bespreek de vraag samen.",
        "Er zijn %(num)s antwoorden. Deze groep is te klein om spreiding te tonen. Bespreek de vraag samen.",
        n,
    )


def _listed(names: Sequence[str]) -> str:
    """'a', 'a en b', 'a, b en c'."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s en %(last)s", names=", ".join(names[:-1]), last=names[-1])


def _named(options: Sequence[Option], wanted: Callable[[str], bool]) -> list[str]:
    """The options for a sentence, which brings its own full stop."""
    return [option.label.rstrip(".") for option in options if wanted(option.key)]


def _share_sentences(
    options: Sequence[Option], counts: Mapping[str, int], n: int, texts: tuple[str, str, str, str]
) -> list[str]:
    """What all, nearly all and more than half answer, with %(names)s in the first three texts; the last when nothing."""
    all_, nearly, most, none = texts
    everyone = _named(options, lambda key: counts[key] == n)
    nearly_all = _named(options, lambda key: NEARLY_ALL * n <= counts[key] < n)
    half = _named(options, lambda key: n / 2 < counts[key] < NEARLY_ALL * n)
    pairs = ((all_, everyone), (nearly, nearly_all), (most, half))
    return [text % {"names": _listed(names)} for text, names in pairs if names] or [none]


def _choose(options: Sequence[Option], result: Result) -> tuple[list[str], list[Picture]]:
    counts, number = result.summary["counts"], current_language().number
    sentences = _share_sentences(
        options,
        counts,
        result.n,
        (
            _("Iedereen kiest: %(names)s."),
            _("Bijna iedereen kiest: %(names)s."),
            _("Meer dan de helft kiest: %(names)s."),
            _("De groep is verdeeld: niets wordt door meer dan de helft gekozen."),
        ),
    )
    rows = [
        _row(
            option.label,
            _("%(n)s van %(of)s", n=number(counts[option.key]), of=number(result.n)),
            pictures.bar(counts[option.key], result.n),
        )
        for option in options
    ]
    table = _table(
        _("Hoeveel mensen dit kozen"),
        [_("Mogelijkheid"), _("Gekozen door")],
        [[option.label, number(counts[option.key])] for option in options],
    )
    return sentences, [Picture(rows, table)]


def _sentence(_options: Sequence[Option], result: Result) -> tuple[list[str], list[Picture]]:
    return [_("Er zijn %(n)s zinnen. Lees ze eerst allemaal, en praat dan pas.", n=result.n)], []


def part_names(option: Option) -> list[str]:
    """The five parts of a line, from its left end."""
    return [
        _("Heel dicht bij %(name)s", name=option.label),
        _("Dichter bij %(name)s", name=option.label),
        _("In het midden"),
        _("Dichter bij %(name)s", name=option.counter),
        _("Heel dicht bij %(name)s", name=option.counter),
    ]


def _position(options: Sequence[Option], result: Result) -> tuple[list[str], list[Picture]]:
    sentences, drawn, number = [], [], current_language().number
    for option in options:
        line = result.summary["lines"][option.key]
        sentences.append(line_sentence(option, line))
        if "parts" not in line:
            continue
        table = _table(
            _("Waar de groep staat: %(line)s", line=line_name(option)),
            [_("Deel van de lijn"), _("Aantal mensen")],
            [
                *([name, number(n)] for name, n in zip(part_names(option), line["parts"], strict=True)),
                [_("De middelste plek (0 tot 100)"), number(line["median"])],
                [
                    _("De middelste helft"),
                    _("%(low)s tot %(high)s", low=number(line["low"]), high=number(line["high"])),
                ],
            ],
        )
        rows = [_row("", "", pictures.histogram(line["parts"]))]
        drawn.append(Picture(rows, table, ends=(option.label, option.counter)))
    return sentences, drawn


def line_sentence(option: Option, line: dict[str, Any]) -> str:
    """Where the group stands on one line."""
    names = {"this": option.label, "other": option.counter}
    if "parts" not in line:
        return _("Over %(this)s of %(other)s zijn er te weinig antwoorden om te tonen.", **names)
    n, parts = line["n"], line["parts"]
    left, right = sum(parts[:2]), sum(parts[3:])
    if left >= NEARLY_ALL * n:
        return _("Bijna iedereen staat dichter bij %(this)s dan bij %(other)s.", **names)
    if right >= NEARLY_ALL * n:
        return _("Bijna iedereen staat dichter bij %(other)s dan bij %(this)s.", **names)
    if parts[2] >= NEARLY_ALL * n:
        return _("Bijna iedereen staat in het midden tussen %(this)s en %(other)s.", **names)
    if line["agreement"] < DIVIDED:
        return _("Over %(this)s of %(other)s is de groep verdeeld.", **names)
    if left > n / 2:
        return _("Meer dan de helft staat dichter bij %(this)s dan bij %(other)s.", **names)
    if right > n / 2:
        return _("Meer dan de helft staat dichter bij %(other)s dan bij %(this)s.", **names)
    return _("Over %(this)s of %(other)s lopen de antwoorden uiteen.", **names)


def _dots(options: Sequence[Option], result: Result) -> tuple[list[str], list[Picture]]:
    totals, people = result.summary["totals"], result.summary["people"]
    number = current_language().number
    top = max(totals.values())
    sentences = [
        _(
            "De meeste stippen staan bij: %(names)s.",
            names=_listed(_named(options, lambda key: totals[key] == top)),
        )
    ]
    few = _named(options, lambda key: totals[key] == top and people[key] <= result.n / 2)
    if few:
        sentences.append(
            _("Let op: ze komen van niet meer dan de helft van de mensen (%(names)s).", names=_listed(few))
        )
    rows = [
        _row(
            option.label,
            _(
                "%(n)s (%(people)s van %(of)s mensen)",
                n=number(totals[option.key]),
                people=number(people[option.key]),
                of=number(result.n),
            ),
            pictures.bar(totals[option.key], top),
        )
        for option in options
    ]
    table = _table(
        _("Waar de stippen staan"),
        [_("Mogelijkheid"), _("Stippen"), _("Van hoeveel mensen")],
        [[o.label, number(totals[o.key]), number(people[o.key])] for o in options]
        + [[_("Niet gebruikt"), number(result.summary["unused"]), ""]],
    )
    return sentences, [Picture(rows, table)]


def _points(options: Sequence[Option], result: Result) -> tuple[list[str], list[Picture]]:
    given, overlap, number = result.summary["options"], result.summary["overlap"], current_language().number
    top = max(item["mean"] for item in given.values())
    names = _listed(_named(options, lambda key: given[key]["mean"] == top))
    sentences = [_("Gemiddeld gaan de meeste punten naar: %(names)s.", names=names)]
    if overlap >= 0.7:
        sentences.append(_("De antwoorden lijken sterk op elkaar."))
    elif overlap >= 0.4:
        sentences.append(_("De antwoorden lijken deels op elkaar."))
    else:
        sentences.append(_("Iedereen verdeelt de punten heel anders."))
    table = _table(
        _("Hoe de punten zijn verdeeld"),
        [_("Mogelijkheid"), _("Gemiddeld"), _("Het middelste antwoord"), _("De middelste helft")],
        [
            [
                o.label,
                number(given[o.key]["mean"], 1),
                number(given[o.key]["median"]),
                _("%(low)s tot %(high)s", low=number(given[o.key]["low"]), high=number(given[o.key]["high"])),
            ]
            for o in options
        ],
    )
    rows = [
        _row(
            o.label,
            number(given[o.key]["median"]),
            pictures.spread(given[o.key]["low"], given[o.key]["median"], given[o.key]["high"]),
        )
        for o in options
    ]
    key = _(
        "Grijs: de middelste helft van de antwoorden. Streep en getal: het middelste antwoord."
        " De lijn loopt van 0 tot 100."
    )
    return sentences, [Picture(rows, table, key)]


def _ranking(options: Sequence[Option], result: Result) -> tuple[list[str], list[Picture]]:
    given, w, number = result.summary["options"], result.summary["w"], current_language().number
    sentences = _share_sentences(
        options,
        {key: item["top"] for key, item in given.items()},
        result.n,
        (
            _("Iedereen zet bovenaan: %(names)s."),
            _("Bijna iedereen zet bovenaan: %(names)s."),
            _("Meer dan de helft zet bovenaan: %(names)s."),
            _("Niets wordt door meer dan de helft bovenaan gezet."),
        ),
    )
    if w is not None and w >= 0.7:
        sentences.append(_("De volgordes lijken sterk op elkaar."))
    elif w is not None and w >= 0.3:
        sentences.append(_("De volgordes lijken deels op elkaar."))
    elif w is not None:
        sentences.append(_("Over de volgorde is de groep verdeeld."))
    torn = _named(options, lambda key: min(given[key]["top"], given[key]["bottom"]) >= max(2, result.n / 4))
    if torn:
        sentences.append(
            _("Sommigen zetten dit bovenaan en anderen onderaan: %(names)s.", names=_listed(torn))
        )
    kinds = ("top", "between", "bottom", "unplaced")
    names = [_("Bovenaan"), _("Ertussen"), _("Onderaan"), _("Niet geplaatst")]
    table = _table(
        _("Waar mensen het zetten"),
        [_("Mogelijkheid"), *names, _("Gemiddeld aantal eronder")],
        [
            [o.label, *(number(given[o.key][kind]) for kind in kinds), number(given[o.key]["borda"], 1)]
            for o in options
        ],
    )
    rows = [_row(o.label, "", pictures.stack([given[o.key][kind] for kind in kinds])) for o in options]
    return sentences, [Picture(rows, table, _from_the_left(names))]


def _pairwise(options: Sequence[Option], result: Result) -> tuple[list[str], list[Picture]]:
    given, number = result.summary["options"], current_language().number
    chances = [item["chance"] for item in given.values()]
    top = max(chances)
    if top - min(chances) < 0.1:
        sentences = [_("De mogelijkheden wegen voor deze groep ongeveer even zwaar.")]
    else:
        names = _listed(_named(options, lambda key: given[key]["chance"] == top))
        sentences = [_("Wie moet kiezen, kiest het vaakst: %(names)s.", names=names)]
    if result.summary["turning"]:
        sentences.append(
            ngettext(
                "Eén antwoord draait in een kringetje rond. Daar is het afwegen lastig.",
                "%(num)s antwoorden draaien in een kringetje rond. Daar is het afwegen lastig.",
                result.summary["turning"],
            )
        )
    rows = [
        _row(o.label, f"{number(100 * given[o.key]['chance'])}%", pictures.bar(given[o.key]["chance"], 1))
        for o in options
    ]
    table = _table(
        _("Hoe groot de kans is dat iemand dit kiest boven iets anders"),
        [_("Mogelijkheid"), _("Kans"), _("Gekozen"), _("Gevraagd")],
        [
            [
                o.label,
                f"{number(100 * given[o.key]['chance'])}%",
                number(given[o.key]["chosen"]),
                number(given[o.key]["asked"]),
            ]
            for o in options
        ],
    )
    return sentences, [Picture(rows, table)]


def _consent(_options: Sequence[Option], result: Result) -> tuple[list[str], list[Picture]]:
    counts, number = result.summary["counts"], current_language().number
    if result.summary["stands"]:
        sentences = [_("Niemand heeft bezwaar. U kunt verder met het voorstel.")]
    else:
        sentences = [
            ngettext(
                "Er is één bezwaar. Bespreek het voordat u verdergaat.",
                "Er zijn %(num)s bezwaren. Bespreek ze voordat u verdergaat.",
                counts[consent.OBJECTION],
            )
        ]
    if counts[consent.REMARK]:
        sentences.append(
            ngettext(
                "Eén lid geeft een opmerking mee.",
                "%(num)s leden geven een opmerking mee.",
                counts[consent.REMARK],
            )
        )
    table = _table(
        _("Wie akkoord gaat"),
        [_("Antwoord"), _("Aantal mensen")],
        [[str(name), number(counts[choice])] for choice, name in CONSENT_NAMES.items()],
    )
    rows = [
        _row(str(name), number(counts[choice]), pictures.bar(counts[choice], result.n))
        for choice, name in CONSENT_NAMES.items()
    ]
    return sentences, [Picture(rows, table)]


def _statements(options: Sequence[Option], result: Result) -> tuple[list[str], list[Picture]]:
    counts, number = result.summary["statements"], current_language().number
    agree = {key: item[statements.AGREE] for key, item in counts.items()}
    sentences = _share_sentences(
        options,
        agree,
        result.n,
        (
            _("Iedereen is het eens met: %(names)s."),
            _("Bijna iedereen is het eens met: %(names)s."),
            _("Meer dan de helft is het eens met: %(names)s."),
            _("Met geen enkele stelling is meer dan de helft het eens."),
        ),
    )
    kinds = [statements.AGREE, statements.PASS, statements.DISAGREE, "open"]
    names = [_("Eens"), _("Overgeslagen"), _("Oneens"), _("Niet beantwoord")]
    table = _table(
        _("Eens of oneens per stelling"),
        [_("Stelling"), *names],
        [[o.label, *(number(counts[o.key][kind]) for kind in kinds)] for o in options],
    )
    rows = [_row(o.label, "", pictures.stack([counts[o.key][kind] for kind in kinds])) for o in options]
    return sentences, [Picture(rows, table, _from_the_left(names))]


_TELLERS: dict[Method, Callable[[Sequence[Option], Result], tuple[list[str], list[Picture]]]] = {
    Method.CHOOSE: _choose,
    Method.SENTENCE: _sentence,
    Method.POSITION: _position,
    Method.DOTS: _dots,
    Method.POINTS: _points,
    Method.RANKING: _ranking,
    Method.PAIRWISE: _pairwise,
    Method.CONSENT: _consent,
    Method.STATEMENTS: _statements,
}


def _row(name: str, text: str, svg: str) -> Row:
    return Row(name, text, Markup(svg))  # noqa: S704 - pictures.py writes numbers only


def _from_the_left(names: list[str]) -> str:
    return _("Van links naar rechts: %(names)s", names=" · ".join(names))


def _table(caption: str, columns: list[str], rows: list[list[str]]) -> dict[str, Any]:
    return {
        "caption": caption,
        "columns": columns,
        "rows": rows,
        "numeric": list(range(1, len(columns))),
    }


def circles(found: Round, result: Result) -> list[str]:
    """Two at a time: the triads in which answers go round in a circle, and how many answers do."""
    labels = {option.key: option.label for option in found.options}
    return [
        ngettext(
            "%(names)s: één antwoord",
            "%(names)s: %(num)s antwoorden",
            circle["n"],
            names=_listed([labels[key] for key in circle["keys"]]),
        )
        for circle in result.summary.get("circles", [])
    ]


# --- Between groups -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Between:
    """What bridges and what divides the factions of three people and more."""

    groups: list[str]
    bridges: list[str]
    splits: list[str]
    table: dict[str, Any]


def between(found: Round, result: Result) -> Between | None:
    if result.groups is None:
        return None
    labels = {option.key: option.label for option in found.options}
    given, sizes, number = result.groups["statements"], result.groups["sizes"], current_language().number
    by_name = sorted(sizes, key=lambda name: (name == statements.REST, name.casefold()))
    names = {name: name or _("overige") for name in by_name}
    apart = sorted(labels, key=lambda key: -given[key]["apart"])
    rows = [
        [
            labels[key],
            *(
                _(
                    "%(agree)s eens, %(disagree)s oneens",
                    agree=number(given[key]["groups"][name][statements.AGREE]),
                    disagree=number(given[key]["groups"][name][statements.DISAGREE]),
                )
                for name in names
            ),
        ]
        for key in labels
    ]
    return Between(
        [_("%(name)s (%(n)s mensen)", name=names[name], n=number(sizes[name])) for name in by_name],
        [labels[key] for key in result.groups["order"] if given[key]["bridges"]],
        [labels[key] for key in apart if given[key]["splits"]],
        {
            "caption": _("Eens en oneens per groep"),
            "columns": [_("Stelling"), *names.values()],
            "rows": rows,
            "numeric": [],
        },
    )


def reason_lists(found: Round, result: Result) -> list[tuple[str, list[str]]]:
    """Headings with the reasons under them; no heading where reasons belong to the whole."""
    if found.method == Method.POSITION and len(found.options) == 1:
        names = part_names(found.options[0])
    elif found.method == Method.CONSENT:
        names = [str(name) for name in CONSENT_NAMES.values()]
    else:
        names = []
    return [(names[int(item["at"])] if item["at"] else "", item["texts"]) for item in result.reasons]


# --- One's own answer -----------------------------------------------------------------------------------------------


def own_words(found: Round, own: OwnAnswer) -> list[tuple[str, str]]:
    """Label and text of everything in one's own answer."""
    ballot = own.ballot
    lines = [(_("Uw antwoord"), text) for text in _content_words(found, ballot.content)]
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
    labels = {option.key: option.label for option in found.options}
    if found.method == Method.CHOOSE:
        return [labels[key] for key in content["picks"]]
    if found.method == Method.SENTENCE:
        return [content["text"]]
    if found.method == Method.CONSENT:
        return [str(CONSENT_NAMES[content["choice"]])]
    if found.method == Method.PAIRWISE:
        return [
            _("%(chosen)s boven %(other)s", chosen=labels[chosen], other=labels[other])
            for chosen, other in content["pairs"]
        ]
    if found.method == Method.STATEMENTS:
        return [f"{labels[key]}: {VOTE_NAMES[vote]}" for key, vote in content["votes"].items()]
    if found.method == Method.POSITION:
        return [
            f"{line_name(option)}: {content['places'][option.key]}"
            for option in found.options
            if option.key in content["places"]
        ]
    (numbers,) = content.values()
    return [f"{labels[key]}: {n}" for key, n in numbers.items()]


def pairs_of(found: Round) -> list[tuple[Option, Option]]:
    """The pairs in the order in which they are asked."""
    return list(combinations(found.options, 2))
