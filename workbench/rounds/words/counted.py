"""What a group said by picking, sticking dots and dividing points."""

from collections.abc import Mapping, Sequence

from workbench.rounds import pictures
from workbench.rounds.models import Option
from workbench.rounds.queries import Result
from workbench.rounds.words.drawn import Picture, row, table
from workbench.rounds.words.speech import _, listed, named, number

NEARLY_ALL = 0.8  # this share of a group is "nearly everyone"


def share_sentences(
    options: Sequence[Option], counts: Mapping[str, int], n: int, texts: tuple[str, str, str, str]
) -> list[str]:
    """What all, nearly all and more than half answer, with %(names)s in the first three texts; the last when nothing."""
    all_, nearly, most, none = texts
    everyone = named(options, lambda key: counts[key] == n)
    nearly_all = named(options, lambda key: NEARLY_ALL * n <= counts[key] < n)
    half = named(options, lambda key: n / 2 < counts[key] < NEARLY_ALL * n)
    pairs = ((all_, everyone), (nearly, nearly_all), (most, half))
    return [text % {"names": listed(names)} for text, names in pairs if names] or [none]


def choose(options: Sequence[Option], result: Result) -> tuple[list[str], list[Picture]]:
    counts = result.summary["counts"]
    sentences = share_sentences(
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
        row(
            option.label,
            _("%(n)s van %(of)s", n=number(counts[option.key]), of=number(result.n)),
            pictures.bar(counts[option.key], result.n),
        )
        for option in options
    ]
    shown = table(
        _("Hoeveel mensen dit kozen"),
        [_("Mogelijkheid"), _("Gekozen door")],
        [[option.label, number(counts[option.key])] for option in options],
    )
    return sentences, [Picture(rows, shown)]


def dots(options: Sequence[Option], result: Result) -> tuple[list[str], list[Picture]]:
    totals, people = result.summary["totals"], result.summary["people"]
    top = max(totals.values())
    most = named(options, lambda key: totals[key] == top)
    if len(most) == len(options):
        sentences = [_("Alle mogelijkheden kregen evenveel stippen.")]
    else:
        sentences = [_("De meeste stippen staan bij: %(names)s.", names=listed(most))]
    few = named(options, lambda key: totals[key] == top and people[key] <= result.n / 2)
    if few and len(most) < len(options):
        sentences.append(
            _("Let op: ze komen van niet meer dan de helft van de mensen (%(names)s).", names=listed(few))
        )
    rows = [
        row(
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
    shown = table(
        _("Waar de stippen staan"),
        [_("Mogelijkheid"), _("Stippen"), _("Van hoeveel mensen")],
        [[o.label, number(totals[o.key]), number(people[o.key])] for o in options]
        + [[_("Niet gebruikt"), number(result.summary["unused"]), ""]],
    )
    return sentences, [Picture(rows, shown)]


def points(options: Sequence[Option], result: Result) -> tuple[list[str], list[Picture]]:
    given, overlap = result.summary["options"], result.summary["overlap"]
    top = max(item["mean"] for item in given.values())
    most = named(options, lambda key: given[key]["mean"] == top)
    if len(most) == len(options):
        sentences = [_("Gemiddeld krijgen alle mogelijkheden evenveel punten.")]
    else:
        sentences = [_("Gemiddeld gaan de meeste punten naar: %(names)s.", names=listed(most))]
    if overlap >= 0.7:
        sentences.append(_("De antwoorden lijken sterk op elkaar."))
    elif overlap >= 0.4:
        sentences.append(_("De antwoorden lijken deels op elkaar."))
    else:
        sentences.append(_("Iedereen verdeelt de punten heel anders."))
    shown = table(
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
        row(
            o.label,
            number(given[o.key]["median"]),
            pictures.spread(given[o.key]["low"], given[o.key]["median"], given[o.key]["high"]),
        )
        for o in options
    ]
    key = _(
        "Grijs: de middelste helft van de antwoorden, afgerond op vijftallen. Streep en getal: het middelste antwoord."
        " De lijn loopt van 0 tot 100."
    )
    return sentences, [Picture(rows, shown, key)]
