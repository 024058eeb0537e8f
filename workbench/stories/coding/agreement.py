"""How alike people coded the same texts without seeing each other's work, and where they differ. Pure.

The unit is a choice: does this label belong to this sentence, yes or no? A coder who marked one letter of a sentence
said yes. Counting characters would let one long passage outweigh everything; borders that differ by a word are a
matter of taste and show up in `differences`, not in the measure.

Who did not code a text has no choices there: missing, not "no". So a second coder may take one text in ten.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations

from workbench.core.language import Language

Coder = str


@dataclass(frozen=True, order=True)
class Marked:
    """A passage of the text, from codepoint start up to (without) end, that got a label."""

    start: int
    end: int
    tag_id: int


@dataclass(frozen=True)
class CodedText:
    """One text and what each coder marked in it. A coder who found nothing has an empty sequence; who did not code
    the text is not in `coders`.
    """

    text: str
    coders: Mapping[Coder, Sequence[Marked]]


# --- Sentences --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Segment:
    start: int
    end: int


LINE = re.compile(r"[^\n\r\u2028\u2029]+")
ENDING = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s+[\"'“‘„«(\[]*[A-ZÀ-ÖØ-Þ0-9])")
# After these a capital often follows while the sentence goes on.
ABBREVIATIONS = frozenset(
    {
        "dhr",
        "mevr",
        "mw",
        "dr",
        "drs",
        "mr",
        "ir",
        "ing",
        "prof",
        "st",
        "nr",
        "tel",
        "art",
        "ca",
        "bijv",
        "m.a.w",
    }
    | {
        "o.a",
        "d.w.z",
        "m.n",
        "i.p.v",
        "m.b.t",
        "t.a.v",
        "t.o.v",
        "i.v.m",
        "n.a.v",
        "z.g",
        "zgn",
        "bv",
        "a.s",
        "jl",
    }
)


def segments(text: str) -> list[Segment]:
    """The sentences in order, without the blanks around them. A new line always starts a new sentence, so that two
    people who talk in a transcript are never one sentence.
    """
    return [
        Segment(line.start() + start, line.start() + end)
        for line in LINE.finditer(text)
        for start, end in _sentences(line.group())
    ]


def _sentences(line: str) -> Iterator[tuple[int, int]]:
    start = 0
    for ending in ENDING.finditer(line):
        if not _shortened(line[start : ending.start()], ending.group()):
            yield from _without_blanks(line, start, ending.end())
            start = ending.end()
    yield from _without_blanks(line, start, len(line))


def _shortened(before: str, mark: str) -> bool:
    """Does the full stop only shorten a word, as in 'dhr. Jansen' and 'J. Jansen'?"""
    last = re.split(r"[\s(\[\"'“‘„«]", before)[-1]
    return mark == "." and (last.lower() in ABBREVIATIONS or (len(last) == 1 and last.isupper()))


def _without_blanks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


# --- Measures ---------------------------------------------------------------------------------------------------------


class WhyNot(StrEnum):
    """Why a measure does not exist."""

    NO_UNITS = "no_units"  # no sentence was coded by two people
    ONE_CATEGORY = "one_category"  # everybody chose the same everywhere: chance cannot be told from agreement
    NOT_TWO = "not_two"  # Cohen's kappa is for two coders


@dataclass(frozen=True)
class Measure:
    """`units`: choices made by at least two coders; `same`: those in which all of them chose the same."""

    coders: int
    units: int
    same: int
    percent: float | None  # how often two coders chose the same, 0-100
    kappa: float | None
    kappa_missing: WhyNot | None
    alpha: float | None
    alpha_missing: WhyNot | None


@dataclass(frozen=True)
class Agreement:
    """`overall` takes the choices of all labels together; many labels that nobody used lift its percentage, so read
    kappa and alpha with it.
    """

    overall: Measure
    per_tag: Mapping[int, Measure]


Choice = tuple[bool | None, ...]  # of each coder; None: did not code this text


def agreement(texts: Iterable[CodedText], tag_ids: Sequence[int]) -> Agreement:
    """Over these texts and labels."""
    texts = list(texts)
    coders = sorted({coder for text in texts for coder in text.coders})
    choices: dict[int, Counter[Choice]] = {tag: Counter() for tag in tag_ids}
    for text in texts:
        found = segments(text.text)
        used = {coder: _used(found, marks) for coder, marks in text.coders.items()}
        nobody = tuple(False if coder in used else None for coder in coders)
        for tag in tag_ids:
            somebody = set().union(*(by_tag[tag] for by_tag in used.values()))
            choices[tag][nobody] += len(found) - len(somebody)
            choices[tag].update(
                tuple(number in used[coder][tag] if coder in used else None for coder in coders)
                for number in somebody
            )
    together = sum(choices.values(), Counter[Choice]())
    return Agreement(
        _measure(together, len(coders)),
        {tag: _measure(of_tag, len(coders)) for tag, of_tag in choices.items()},
    )


def _used(found: Sequence[Segment], marks: Iterable[Marked]) -> defaultdict[int, set[int]]:
    """Per label the numbers of the sentences in which it was used."""
    starts, ends = [s.start for s in found], [s.end for s in found]
    used: defaultdict[int, set[int]] = defaultdict(set)
    for mark in marks:
        if mark.start < mark.end:
            used[mark.tag_id].update(range(bisect_right(ends, mark.start), bisect_left(starts, mark.end)))
    return used


def _measure(choices: Counter[Choice], coders: int) -> Measure:
    units: Counter[tuple[Hashable, ...]] = Counter()
    for choice, count in choices.items():
        given = tuple(value for value in choice if value is not None)
        if len(given) >= 2 and count:
            units[given] += count
    agreeing = sum(_agreeing_pairs(unit) * count for unit, count in units.items())
    kappa = cohens_kappa(units) if coders == 2 else None
    alpha = krippendorffs_alpha(units)
    undefined = WhyNot.ONE_CATEGORY if units else WhyNot.NO_UNITS
    return Measure(
        coders=coders,
        units=units.total(),
        same=sum(count for unit, count in units.items() if len(set(unit)) == 1),
        percent=float(100 * agreeing / units.total()) if units else None,
        kappa=kappa,
        kappa_missing=WhyNot.NOT_TWO if coders != 2 else undefined if kappa is None else None,
        alpha=alpha,
        alpha_missing=undefined if alpha is None else None,
    )


def _agreeing_pairs(unit: Sequence[Hashable]) -> Fraction:
    """The share of the pairs of coders who chose the same."""
    pairs = len(unit) * (len(unit) - 1)
    return Fraction(sum(n * (n - 1) for n in Counter(unit).values()), pairs)


def cohens_kappa(units: Counter[tuple[Hashable, ...]]) -> float | None:
    """Agreement of two coders beyond chance (Cohen 1960), from what both chose and how often.

    None: no units, or both used one category throughout.
    """
    n = units.total()
    if not n:
        return None
    first: Counter[Hashable] = Counter()
    second: Counter[Hashable] = Counter()
    for (one, other), count in units.items():
        first[one] += count
        second[other] += count
    observed = Fraction(sum(count for (one, other), count in units.items() if one == other), n)
    expected = Fraction(sum(first[value] * second[value] for value in first), n * n)
    return None if expected == 1 else float((observed - expected) / (1 - expected))


def krippendorffs_alpha(units: Counter[tuple[Hashable, ...]]) -> float | None:
    """Agreement of two or more coders beyond chance, for categories without an order (Krippendorff 2011).

    A unit is what the coders who coded it chose; `units` says how often. One choice alone does not count. None: no
    units, or one category throughout.
    """
    totals: Counter[Hashable] = Counter()
    observed = Fraction(0)  # pairs that differ, as off-diagonal coincidences
    for unit, count in units.items():
        if len(unit) >= 2:
            chosen = Counter(unit)
            for value, times in chosen.items():
                totals[value] += times * count
            differing = len(unit) ** 2 - sum(times * times for times in chosen.values())
            observed += Fraction(differing * count, len(unit) - 1)
    n = totals.total()
    expected = n * n - sum(count * count for count in totals.values())
    return None if expected == 0 else float(1 - (n - 1) * observed / expected)


# --- What it means ----------------------------------------------------------------------------------------------------


def meaning(measure: Measure, spoken: Language) -> list[str]:
    """Sentences for people who never heard of these measures. They describe; the verdict is the readers' own."""
    if not measure.units:
        return [spoken.gettext("Nog geen zin is door twee mensen gelezen. Er valt niets te vergelijken.")]
    counted = spoken.ngettext(
        "Er was %(num)s keuze: hoort dit label bij deze zin, ja of nee?",
        "Er waren %(num)s keuzes: hoort dit label bij deze zin, ja of nee?",
        measure.units,
    )
    same = spoken.gettext(
        "Bij %(same)s van de %(units)s kozen alle lezers hetzelfde.", same=measure.same, units=measure.units
    )
    return [counted, same, *_beyond_chance(measure, spoken)]


def _beyond_chance(measure: Measure, spoken: Language) -> list[str]:
    if measure.kappa is not None:
        value, name, rule = (
            measure.kappa,
            spoken.gettext("Cohens kappa"),
            _landis_and_koch(measure.kappa, spoken),
        )
    elif measure.alpha is not None:
        value, name, rule = (
            measure.alpha,
            spoken.gettext("Krippendorffs alfa"),
            _krippendorff(measure.alpha, spoken),
        )
    else:
        return [
            spoken.gettext(
                "Alle lezers kozen overal hetzelfde. Daarom is niet te zeggen hoeveel daarvan toeval is."
            )
        ]
    return [
        spoken.gettext(
            "Een deel daarvan kan toeval zijn. Zonder toeval blijft %(value)s over (%(name)s). Helemaal gelijk is 1, niet meer dan toeval is 0.",
            value=spoken.number(value, 2),
            name=name,
        ),
        rule,
    ]


def _landis_and_koch(value: float, spoken: Language) -> str:
    """The words of Landis and Koch, 'The measurement of observer agreement for categorical data' (1977)."""
    words = (
        (0.0, spoken.gettext("zij lezen minder vaak hetzelfde dan bij toeval")),
        (0.2, spoken.gettext("zij lezen een klein beetje hetzelfde")),
        (0.4, spoken.gettext("zij lezen soms hetzelfde")),
        (0.6, spoken.gettext("zij lezen redelijk vaak hetzelfde")),
        (0.8, spoken.gettext("zij lezen vaak hetzelfde")),
    )
    # Their classes are written with two decimals, so 0.204 belongs to "up to 0.20".
    hundredths = round(value, 2)
    if hundredths < 0:
        word = words[0][1]
    else:
        last = spoken.gettext("zij lezen bijna altijd hetzelfde")
        word = next((word for limit, word in words[1:] if hundredths <= limit), last)
    return spoken.gettext("Een vuistregel (Landis en Koch, 1977) zegt daarvan: %(word)s.", word=word)


def _krippendorff(value: float, spoken: Language) -> str:
    """The limits of Krippendorff, 'Content Analysis' (2004, p. 241)."""
    if value >= 0.8:
        word = spoken.gettext("hierop kunt u conclusies bouwen")
    elif value >= 0.667:
        word = spoken.gettext("hierop kunt u voorlopige conclusies bouwen")
    else:
        word = spoken.gettext("praat eerst met elkaar over wat het label betekent")
    return spoken.gettext("Een vuistregel (Krippendorff, 2004) zegt daarvan: %(word)s.", word=word)


# --- Where they differ ------------------------------------------------------------------------------------------------


class Kind(StrEnum):
    ONLY = "only"  # some gave the label, others did not
    TAG = "tag"  # the same passage, another label
    BORDERS = "borders"  # the same label, another beginning or end


@dataclass(frozen=True)
class Difference:
    """A place to talk about: from start to end it holds all that was marked. `without`: who marked nothing of it."""

    start: int
    end: int
    kind: Kind
    held: tuple[tuple[Coder, Marked], ...]
    without: tuple[Coder, ...]


@dataclass(frozen=True)
class _Group:
    """Marks of one label that overlap, of one or more coders."""

    start: int
    end: int
    tag_id: int
    held: tuple[tuple[Coder, Marked], ...]

    @property
    def coders(self) -> frozenset[Coder]:
        return frozenset(coder for coder, _ in self.held)


def differences(text: str, codings: Mapping[Coder, Sequence[Marked]]) -> list[Difference]:
    """The places where the coders of this text differ, in the order of the text.

    Blanks at the borders of a mark do not count, and marks of one label that touch are one mark.
    """
    everybody = frozenset(codings)
    marks = [
        (coder, mark) for coder, marked in sorted(codings.items()) for mark in _joined(_trimmed(text, marked))
    ]
    partial: list[_Group] = []
    found: list[Difference] = []
    for group in _groups(marks):
        if group.coders != everybody:
            partial.append(group)
        elif len({frozenset(m for c, m in group.held if c == coder) for coder in everybody}) > 1:
            found.append(Difference(group.start, group.end, Kind.BORDERS, group.held, ()))
    paired = _pairs(partial)
    for one, other in paired:
        held = tuple(sorted(one.held + other.held, key=lambda item: (item[1], item[0])))
        without = tuple(sorted(everybody - one.coders - other.coders))
        found.append(
            Difference(min(one.start, other.start), max(one.end, other.end), Kind.TAG, held, without)
        )
    told = {group for pair in paired for group in pair}
    found += [
        Difference(group.start, group.end, Kind.ONLY, group.held, tuple(sorted(everybody - group.coders)))
        for group in partial
        if group not in told
    ]
    return sorted(found, key=lambda d: (d.start, d.end, d.kind, d.held))


def _trimmed(text: str, marks: Iterable[Marked]) -> Iterator[Marked]:
    for mark in marks:
        for start, end in _without_blanks(text, max(mark.start, 0), min(mark.end, len(text))):
            yield Marked(start, end, mark.tag_id)


def _joined(marks: Iterable[Marked]) -> list[Marked]:
    joined: list[Marked] = []
    for mark in sorted(marks, key=lambda m: (m.tag_id, m.start)):
        if joined and joined[-1].tag_id == mark.tag_id and mark.start <= joined[-1].end:
            last = joined.pop()
            joined.append(Marked(last.start, max(last.end, mark.end), mark.tag_id))
        else:
            joined.append(mark)
    return joined


def _groups(marks: Iterable[tuple[Coder, Marked]]) -> Iterator[_Group]:
    """Marks of one label that hang together by overlap."""
    by_tag: defaultdict[int, list[tuple[Coder, Marked]]] = defaultdict(list)
    for coder, mark in marks:
        by_tag[mark.tag_id].append((coder, mark))
    for tag, of_tag in by_tag.items():
        together: list[tuple[Coder, Marked]] = []
        end = 0
        for coder, mark in sorted(of_tag, key=lambda item: (item[1], item[0])):
            if together and mark.start >= end:
                yield _Group(together[0][1].start, end, tag, tuple(together))
                together = []
            end = mark.end if not together else max(end, mark.end)
            together.append((coder, mark))
        yield _Group(together[0][1].start, end, tag, tuple(together))


def _pairs(groups: Sequence[_Group]) -> list[tuple[_Group, _Group]]:
    """The same passage with another label by other people: at least half of the shorter one overlaps, best first."""
    options = []
    ordered = sorted(groups, key=lambda g: (g.start, g.end, g.tag_id))
    for one, other in combinations(ordered, 2):
        shared = min(one.end, other.end) - max(one.start, other.start)
        shorter = min(one.end - one.start, other.end - other.start)
        if one.tag_id != other.tag_id and 2 * shared >= shorter and not one.coders & other.coders:
            whole = max(one.end, other.end) - min(one.start, other.start)
            options.append((Fraction(shared, whole), one, other))
    taken: set[_Group] = set()
    pairs = []
    for _, one, other in sorted(options, key=lambda option: -option[0]):
        if one not in taken and other not in taken:
            taken |= {one, other}
            pairs.append((one, other))
    return pairs
