"""Where a group stands: on a line between two values, on a proposal, on statements."""

from collections.abc import Sequence
from typing import Any

from workbench.rounds import pictures
from workbench.rounds.methods import consent as consenting
from workbench.rounds.methods import statements as voting
from workbench.rounds.models import Option
from workbench.rounds.queries import Result
from workbench.rounds.words.counted import NEARLY_ALL, share_sentences
from workbench.rounds.words.drawn import Picture, row, stacked, table
from workbench.rounds.words.names import CONSENT_NAMES, line_name, part_names
from workbench.rounds.words.speech import _, listed, named, ngettext, number, quoted

DIVIDED = 0.2  # below this agreement a group stands apart on a line


def position(options: Sequence[Option], result: Result) -> tuple[list[str], list[Picture]]:
    lines = result.summary["lines"]
    drawn = [_line(option, lines[option.key]) for option in options if "parts" in lines[option.key]]
    return [line_sentence(option, lines[option.key]) for option in options], drawn


def _line(option: Option, line: dict[str, Any]) -> Picture:
    shown = table(
        _("Waar de groep staat: %(line)s", line=line_name(option)),
        [_("Deel van de lijn"), _("Aantal mensen")],
        [
            *([name, number(n)] for name, n in zip(part_names(option), line["parts"], strict=True)),
            [_("De middelste plek (0 tot 100), op vijf afgerond"), number(line["median"])],
            [
                _("De middelste helft, op vijf afgerond"),
                _("%(low)s tot %(high)s", low=number(line["low"]), high=number(line["high"])),
            ],
        ],
    )
    rows = [row("", "", pictures.histogram(line["parts"]))]
    return Picture(rows, shown, ends=(option.label, option.counter))


def line_sentence(option: Option, line: dict[str, Any]) -> str:
    """Where the group stands on one line."""
    names = {"this": option.label, "other": option.counter}
    if "all" in line:
        return _few_sentence(line["all"], names)
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


def _few_sentence(side: int | None, names: dict[str, str]) -> str:
    """Of three or four answers: the side on which all stand, or that they do not stand on one."""
    match side:
        case 1:
            return _("Iedereen staat dichter bij %(this)s dan bij %(other)s.", **names)
        case -1:
            return _("Iedereen staat dichter bij %(other)s dan bij %(this)s.", **names)
        case 0:
            return _("Iedereen staat in het midden tussen %(this)s en %(other)s.", **names)
    return _("Over %(this)s of %(other)s lopen de antwoorden uiteen.", **names)


def consent(_options: Sequence[Option], result: Result) -> tuple[list[str], list[Picture]]:
    if result.summary["stands"]:
        sentences = [_("Niemand heeft bezwaar. U kunt verder met het voorstel.")]
    elif result.is_few:
        sentences = [_("Er is minstens één bezwaar. Bespreek het voordat u verdergaat.")]
    else:
        sentences = [
            ngettext(
                "Er is één bezwaar. Bespreek het voordat u verdergaat.",
                "Er zijn %(num)s bezwaren. Bespreek ze voordat u verdergaat.",
                result.summary["counts"][consenting.OBJECTION],
            )
        ]
    if result.is_few:
        return sentences, []
    counts = result.summary["counts"]
    if counts[consenting.REMARK]:
        sentences.append(
            ngettext(
                "Eén lid geeft een opmerking mee.",
                "%(num)s leden geven een opmerking mee.",
                counts[consenting.REMARK],
            )
        )
    shown = table(
        _("Wie akkoord gaat"),
        [_("Antwoord"), _("Aantal mensen")],
        [[str(name), number(counts[choice])] for choice, name in CONSENT_NAMES.items()],
    )
    rows = [
        row(str(name), number(counts[choice]), pictures.bar(counts[choice], result.n))
        for choice, name in CONSENT_NAMES.items()
    ]
    return sentences, [Picture(rows, shown)]


def statements(options: Sequence[Option], result: Result) -> tuple[list[str], list[Picture]]:
    counts = result.summary["statements"]
    in_words = quoted(options)
    sentences = share_sentences(
        in_words,
        {key: item[voting.AGREE] for key, item in counts.items()},
        result.n,
        (
            _("Iedereen is het eens met: %(names)s."),
            _("Bijna iedereen is het eens met: %(names)s."),
            _("Meer dan de helft is het eens met: %(names)s."),
            _("Met geen enkele stelling is meer dan de helft het eens."),
        ),
    )
    torn = named(
        in_words,
        lambda key: min(counts[key][voting.AGREE], counts[key][voting.DISAGREE]) >= max(2, result.n / 4),
    )
    if torn:
        sentences.append(_("Sommigen zijn het eens en anderen oneens met: %(names)s.", names=listed(torn)))
    kinds = {
        voting.AGREE: _("Eens"),
        voting.PASS: _("Overgeslagen"),
        voting.DISAGREE: _("Oneens"),
        "open": _("Niet beantwoord"),
    }
    caption = _("Eens of oneens per stelling")
    return sentences, [stacked([_("Stelling")], options, counts, caption=caption, kinds=kinds)]
