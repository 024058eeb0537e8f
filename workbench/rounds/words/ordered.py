"""What a group said by putting in order and by choosing between two at a time."""

from collections.abc import Sequence

from workbench.rounds import pictures
from workbench.rounds.models import Option, Round
from workbench.rounds.queries import Result
from workbench.rounds.words.counted import share_sentences
from workbench.rounds.words.drawn import Picture, row, stacked, table
from workbench.rounds.words.speech import _, listed, named, ngettext, number


def ranking(options: Sequence[Option], result: Result) -> tuple[list[str], list[Picture]]:
    given, w = result.summary["options"], result.summary["w"]
    sentences = share_sentences(
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
    torn = named(options, lambda key: min(given[key]["top"], given[key]["bottom"]) >= max(2, result.n / 4))
    if torn:
        sentences.append(
            _("Sommigen zetten dit bovenaan en anderen onderaan: %(names)s.", names=listed(torn))
        )
    kinds = {
        "top": _("Bovenaan"),
        "between": _("Ertussen"),
        "bottom": _("Onderaan"),
        "unplaced": _("Niet geplaatst"),
    }
    drawn = stacked(
        [_("Mogelijkheid"), _("Gemiddeld aantal eronder")],
        options,
        given,
        caption=_("Waar mensen het zetten"),
        kinds=kinds,
        more=[number(given[o.key]["borda"], 1) for o in options],
    )
    return sentences, [drawn]


def pairwise(options: Sequence[Option], result: Result) -> tuple[list[str], list[Picture]]:
    given = result.summary["options"]
    chances = {key: item["chance"] for key, item in given.items()}
    top = max(chances.values())
    if top - min(chances.values()) < 0.1:
        sentences = [_("De mogelijkheden wegen voor deze groep ongeveer even zwaar.")]
    else:
        names = listed(named(options, lambda key: chances[key] == top))
        sentences = [_("Wie moet kiezen, kiest het vaakst: %(names)s.", names=names)]
    if result.summary["turning"]:
        sentences.append(
            ngettext(
                "Eén antwoord draait in een kringetje rond. Daar is het afwegen lastig.",
                "%(num)s antwoorden draaien in een kringetje rond. Daar is het afwegen lastig.",
                result.summary["turning"],
            )
        )
    percents = {key: f"{number(100 * chance)}%" for key, chance in chances.items()}
    rows = [row(o.label, percents[o.key], pictures.bar(chances[o.key], 1)) for o in options]
    shown = table(
        _("Hoe groot de kans is dat iemand dit kiest boven iets anders"),
        [_("Mogelijkheid"), _("Kans"), _("Gekozen"), _("Gevraagd")],
        [
            [o.label, percents[o.key], number(given[o.key]["chosen"]), number(given[o.key]["asked"])]
            for o in options
        ],
    )
    return sentences, [Picture(rows, shown)]


def circles(found: Round, result: Result) -> list[str]:
    """Two at a time: the triads in which answers go round in a circle, and how many answers do."""
    labels = {option.key: option.label for option in found.options}
    return [
        ngettext(
            "%(names)s: één antwoord",
            "%(names)s: %(num)s antwoorden",
            circle["n"],
            names=listed([labels[key] for key in circle["keys"]]),
        )
        for circle in result.summary.get("circles", [])
    ]
