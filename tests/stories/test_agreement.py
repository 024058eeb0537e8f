"""Do people read the same? The measures on published examples, and the places where coders differ."""

import math
from collections import Counter
from itertools import pairwise

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.language import Language
from workbench.stories.coding.agreement import (
    CodedText,
    Kind,
    Marked,
    Measure,
    WhyNot,
    agreement,
    cohens_kappa,
    differences,
    krippendorffs_alpha,
    meaning,
    segments,
)

DUTCH = Language()
WAITING, MONEY = 1, 2
TEXT = "Ik wachtte negen maanden. Niemand belde mij. Het geld was op."


def sentences(text: str) -> list[str]:
    return [text[s.start : s.end] for s in segments(text)]


# --- Sentences --------------------------------------------------------------------------------------------------------


def test_a_text_is_cut_into_sentences() -> None:
    assert sentences("Ik wachtte. Waarom?! „Dat weet ik niet.” Het was 3.5 km lopen… En toen?") == [
        "Ik wachtte.",
        "Waarom?!",
        "„Dat weet ik niet.”",
        "Het was 3.5 km lopen…",
        "En toen?",
    ]


def test_a_shortened_word_does_not_end_a_sentence() -> None:
    assert sentences("Dhr. Jansen en J. Bakker kwamen o.a. Maandag langs. Zij belden niet.") == [
        "Dhr. Jansen en J. Bakker kwamen o.a. Maandag langs.",
        "Zij belden niet.",
    ]


def test_a_new_line_is_a_new_sentence() -> None:
    assert sentences("Vraag: hoe ging het\r\n\r\n  Antwoord: goed\n") == [
        "Vraag: hoe ging het",
        "Antwoord: goed",
    ]


@given(st.text(st.sampled_from("aB .!?\n\r\t„”'1🙂\u2029"), max_size=80))
def test_every_letter_is_in_exactly_one_sentence(text: str) -> None:
    found = segments(text)
    inside = {place for segment in found for place in range(segment.start, segment.end)}
    assert {place for place, letter in enumerate(text) if not letter.isspace()} <= inside
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(text[s.start : s.end] == text[s.start : s.end].strip() != "" for s in found)


# --- Measures on published examples -----------------------------------------------------------------------------------


def from_table(rows: list[list[int]]) -> Counter[tuple[int, int]]:
    return Counter({(i, j): count for i, row in enumerate(rows) for j, count in enumerate(row)})


def test_kappa_of_cohens_own_example() -> None:
    """Cohen, 'A coefficient of agreement for nominal scales' (1960): two judges, three diagnoses, 200 patients:
    .70 observed, .41 by chance, kappa .492."""
    kappa = cohens_kappa(from_table([[88, 14, 18], [10, 40, 10], [2, 6, 12]]))
    assert kappa == pytest.approx(0.492, abs=0.0005)


def test_kappa_of_bonnardels_example() -> None:
    """Bonnardel, 'The kappa coefficient': .770 observed, .336 by chance, kappa .654."""
    assert cohens_kappa(from_table([[25, 3, 5], [6, 32, 8], [1, 0, 20]])) == pytest.approx(0.654, abs=0.0005)


def units(*coders: str) -> Counter[tuple[str, ...]]:
    """One string per coder; a point is a missing code."""
    return Counter(tuple(code for code in column if code != ".") for column in zip(*coders, strict=True))


def test_alpha_of_two_observers_and_two_categories() -> None:
    """Krippendorff, 'Computing Krippendorff's alpha-reliability' (2011), part A: .095."""
    assert krippendorffs_alpha(units("0100000010", "1110010000")) == pytest.approx(0.095, abs=0.0005)


def test_alpha_of_two_observers_and_five_categories() -> None:
    """The same paper, part B: nominal data, two observers, no missing codes: .692."""
    assert krippendorffs_alpha(units("aabbdcccedda", "babbbccceddd")) == pytest.approx(0.692, abs=0.0005)


def test_alpha_of_four_observers_with_missing_codes() -> None:
    """The same paper, part C: nominal data, four observers, codes missing: .743."""
    alpha = krippendorffs_alpha(units("123321412...", "1233224125.3", ".3332342251.", "12332441251."))
    assert alpha == pytest.approx(0.743, abs=0.0005)


CODES = st.sampled_from(["a", "b", "c", "."])


@given(
    st.integers(2, 4).flatmap(
        lambda n: st.lists(st.lists(CODES, min_size=n, max_size=n), min_size=1, max_size=12)
    )
)
def test_alpha_equals_that_of_the_library(rows: list[list[str]]) -> None:
    ours = krippendorffs_alpha(Counter(tuple(code for code in row if code != ".") for row in rows))
    numbers = np.array([[np.nan if code == "." else "abc".index(code) for code in row] for row in rows]).T
    if ours is None:
        pairable = [code for row in rows if sum(c != "." for c in row) > 1 for code in row if code != "."]
        assert len(set(pairable)) <= 1
    else:
        theirs = krippendorff.alpha(
            reliability_data=numbers, value_domain=[0, 1, 2], level_of_measurement="nominal"
        )
        assert ours == pytest.approx(theirs, abs=1e-9)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=20))
def test_kappa_does_not_care_who_is_first_and_is_one_only_when_all_is_equal(
    pairs: list[tuple[bool, bool]],
) -> None:
    kappa = cohens_kappa(Counter(pairs))
    assert kappa == cohens_kappa(Counter((b, a) for a, b in pairs))
    if kappa is None:
        assert len({value for pair in pairs for value in pair}) <= 1
    else:
        assert kappa <= 1
        assert math.isclose(kappa, 1) == all(a == b for a, b in pairs)


# --- Measures of coded texts ------------------------------------------------------------------------------------------


def marked(phrase: str, tag: int, text: str = TEXT) -> Marked:
    return Marked(text.index(phrase), text.index(phrase) + len(phrase), tag)


def test_a_choice_is_made_per_label_and_sentence() -> None:
    """Anna: waiting in sentences 1 and 2, money in 3. Bo: waiting in 1, money in 3."""
    anna = [marked("negen maanden. Niemand", WAITING), marked("geld", MONEY)]
    bo = [marked("Ik wachtte", WAITING), marked("Het geld was op.", MONEY)]
    found = agreement([CodedText(TEXT, {"Anna": anna, "Bo": bo})], [WAITING, MONEY])
    waiting = found.per_tag[WAITING]
    assert (waiting.units, waiting.same, waiting.percent) == (3, 2, pytest.approx(200 / 3))
    assert waiting.kappa == pytest.approx(0.4)
    assert found.per_tag[MONEY].kappa == found.per_tag[MONEY].alpha == 1
    assert (found.overall.units, found.overall.same, found.overall.coders) == (6, 5, 2)


def test_a_label_goes_with_every_sentence_it_touches_and_with_no_other() -> None:
    """The mark ends right before the third sentence; blanks between sentences belong to none."""
    anna = [Marked(TEXT.index("Niemand"), TEXT.index("Het"), WAITING)]
    bo = [Marked(TEXT.index("belde"), TEXT.index("belde") + 1, WAITING), Marked(25, 26, WAITING)]
    waiting = agreement([CodedText(TEXT, {"Anna": anna, "Bo": bo})], [WAITING]).overall
    assert (waiting.units, waiting.same, waiting.alpha) == (3, 3, 1)


def test_who_did_not_code_a_text_is_missing_there() -> None:
    texts = [
        CodedText(TEXT, {"Anna": [marked("geld", MONEY)], "Bo": [marked("geld", MONEY)]}),
        CodedText(TEXT, {"Anna": [marked("geld", MONEY)]}),
    ]
    assert agreement(texts, [MONEY]).overall.units == 3


def test_with_three_coders_there_is_alpha_and_no_kappa() -> None:
    coders = {"Anna": [marked("geld", MONEY)], "Bo": [marked("geld", MONEY)], "Cas": []}
    found = agreement([CodedText(TEXT, coders)], [MONEY]).overall
    assert (found.kappa, found.kappa_missing) == (None, WhyNot.NOT_TWO)
    assert found.percent == pytest.approx(100 * (1 + 1 + 1 / 3) / 3)
    assert found.alpha == pytest.approx(
        krippendorff.alpha(reliability_data=[[0, 0, 1], [0, 0, 1], [0, 0, 0]], level_of_measurement="nominal")
    )


def test_a_label_nobody_used_has_no_measure_and_says_why() -> None:
    unused = agreement([CodedText(TEXT, {"Anna": [], "Bo": []})], [WAITING]).overall
    assert (unused.percent, unused.kappa, unused.alpha) == (100, None, None)
    assert unused.kappa_missing is unused.alpha_missing is WhyNot.ONE_CATEGORY
    assert meaning(unused, DUTCH)[-1] == (
        "Alle lezers kozen overal hetzelfde. Daarom is niet te zeggen hoeveel daarvan toeval is."
    )


def test_without_a_second_coder_there_is_nothing_to_compare() -> None:
    alone = agreement([CodedText(TEXT, {"Anna": [marked("geld", MONEY)]})], [MONEY]).overall
    assert (alone.units, alone.percent, alone.alpha_missing) == (0, None, WhyNot.NO_UNITS)
    assert meaning(alone, DUTCH) == [
        "Nog geen zin is door twee mensen gelezen. Er valt niets te vergelijken."
    ]


def test_the_meaning_is_told_with_counts_and_a_named_rule_of_thumb() -> None:
    measure = Measure(2, 200, 140, 70.0, 0.4915, None, 0.49, None)
    assert meaning(measure, DUTCH) == [
        "Er waren 200 keuzes: hoort dit label bij deze zin, ja of nee?",
        "Bij 140 van de 200 kozen alle lezers hetzelfde.",
        "Een deel daarvan kan toeval zijn. Zonder toeval blijft 0,49 over (Cohens kappa). Helemaal gelijk is 1, niet meer dan toeval is 0.",
        "Een vuistregel (Landis en Koch, 1977) zegt daarvan: zij lezen redelijk vaak hetzelfde.",
    ]


@pytest.mark.parametrize(
    ("kappa", "word"),
    [
        (-0.3, "minder vaak hetzelfde dan bij toeval"),
        (0.0, "een klein beetje"),
        (0.204, "een klein beetje"),
        (0.21, "soms"),
        (0.41, "redelijk vaak"),
        (0.8, "lezen vaak"),
        (0.81, "bijna altijd"),
    ],
)
def test_every_class_of_landis_and_koch_has_its_words(kappa: float, word: str) -> None:
    assert word in meaning(Measure(2, 10, 5, 50.0, kappa, None, kappa, None), DUTCH)[-1]


@pytest.mark.parametrize(
    ("alpha", "word"), [(0.8, "hierop kunt u conclusies"), (0.7, "voorlopige"), (0.66, "praat")]
)
def test_more_coders_are_read_by_krippendorffs_own_rule(alpha: float, word: str) -> None:
    assert word in meaning(Measure(3, 10, 5, 50.0, None, WhyNot.NOT_TWO, alpha, None), DUTCH)[-1]


# --- Differences ------------------------------------------------------------------------------------------------------


def test_three_kinds_of_differences_in_the_order_of_the_text() -> None:
    anna = [
        marked("Ik wachtte negen maanden.", WAITING),
        marked("Niemand belde", WAITING),
        marked("geld was op", MONEY),
    ]
    bo = [marked("negen maanden", WAITING), marked("Niemand belde mij", MONEY)]
    found = differences(TEXT, {"Anna": anna, "Bo": bo})
    assert [(d.kind, TEXT[d.start : d.end], d.without) for d in found] == [
        (Kind.BORDERS, "Ik wachtte negen maanden.", ()),
        (Kind.TAG, "Niemand belde mij", ()),
        (Kind.ONLY, "geld was op", ("Bo",)),
    ]
    assert {coder: mark.tag_id for coder, mark in found[1].held} == {"Anna": WAITING, "Bo": MONEY}


def test_blanks_at_the_borders_and_a_cut_in_two_are_no_difference() -> None:
    whole = [marked("negen maanden. Niemand", WAITING)]
    start = whole[0].start
    parts = [Marked(start - 1, start + 8, WAITING), Marked(start + 7, whole[0].end + 1, WAITING)]
    assert differences(TEXT, {"Anna": whole, "Bo": parts}) == []


def test_marks_that_hardly_overlap_are_two_differences() -> None:
    anna, bo = [marked("Ik wachtte negen", WAITING)], [marked("negen maanden. Niemand", MONEY)]
    assert [d.kind for d in differences(TEXT, {"Anna": anna, "Bo": bo})] == [Kind.ONLY, Kind.ONLY]


def test_two_labels_of_one_coder_are_not_another_label() -> None:
    anna = [marked("geld", WAITING), marked("geld", MONEY)]
    found = differences(TEXT, {"Anna": anna, "Bo": []})
    assert [(d.kind, d.without) for d in found] == [(Kind.ONLY, ("Bo",)), (Kind.ONLY, ("Bo",))]


def test_marks_of_two_coders_that_only_touch_are_two_places() -> None:
    found = differences(TEXT, {"Anna": [Marked(0, 5, WAITING)], "Bo": [Marked(5, 10, WAITING)]})
    assert [(d.kind, d.start, d.without) for d in found] == [
        (Kind.ONLY, 0, ("Bo",)),
        (Kind.ONLY, 5, ("Anna",)),
    ]


def test_of_three_coders_it_is_told_who_did_not_give_the_label() -> None:
    [only] = differences(TEXT, {"Anna": [marked("geld", MONEY)], "Bo": [], "Cas": [marked("geld", MONEY)]})
    assert (only.kind, only.without, [coder for coder, _ in only.held]) == (
        Kind.ONLY,
        ("Bo",),
        ["Anna", "Cas"],
    )


MARKS = st.lists(
    st.builds(
        lambda a, b, tag: Marked(min(a, b), max(a, b), tag),
        st.integers(0, 61),
        st.integers(0, 61),
        st.integers(1, 3),
    ),
    max_size=6,
)


@given(MARKS, MARKS)
def test_differences_do_not_depend_on_who_is_called_what(one: list[Marked], other: list[Marked]) -> None:
    there = differences(TEXT, {"a": one, "b": other})
    back = differences(TEXT, {"a": other, "b": one})
    assert [(d.start, d.end, d.kind) for d in there] == [(d.start, d.end, d.kind) for d in back]
    assert [(d.start, d.end) for d in there] == sorted((d.start, d.end) for d in there)


def letters(marks: list[Marked]) -> set[tuple[int, int]]:
    return {(p, m.tag_id) for m in marks for p in range(m.start, m.end) if not TEXT[p].isspace()}


@given(MARKS, MARKS)
def test_every_letter_that_only_one_labelled_is_in_a_difference(
    one: list[Marked], other: list[Marked]
) -> None:
    told = {
        (place, mark.tag_id)
        for difference in differences(TEXT, {"a": one, "b": other})
        for _, mark in difference.held
        for place in range(mark.start, mark.end)
    }
    assert letters(one) ^ letters(other) <= told


@given(MARKS)
def test_who_marked_the_same_has_no_differences(marks: list[Marked]) -> None:
    assert differences(TEXT, {"a": marks, "b": list(reversed(marks))}) == []
