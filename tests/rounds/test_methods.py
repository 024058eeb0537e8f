"""Every method on worked examples, against independent libraries, and as properties."""

from itertools import combinations, product
from random import Random
from typing import Any

import choix
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import friedmanchisquare

from workbench.rounds.methods import (
    CALCULATIONS,
    Method,
    consent,
    dots,
    groups,
    pairwise,
    points,
    position,
    ranking,
    statements,
)
from workbench.rounds.methods.base import AnswerRefused, Fault, Rules
from workbench.rounds.outcome import Answer, outcome

KEYS = ["a", "b", "c", "d"]
RULES = Rules(most=2, dots=5, per_option=3)
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def summary(method: Method, contents: list[dict[str, Any]], keys: list[str] = KEYS) -> dict[str, Any]:
    checked = [CALCULATIONS[method].check(content, keys, RULES) for content in contents]
    return CALCULATIONS[method].summarise(checked, keys, RULES)


# --- Twelve voters, with ties and missing answers -------------------------------------------------------------------


def test_choosing_counts_in_how_many_answers_each_option_was_picked() -> None:
    picks = ["ab"] * 5 + ["a"] * 3 + ["bc"] * 2 + ["d", "ad"]
    found = summary(Method.CHOOSE, [{"picks": list(pick)} for pick in picks])
    assert found == {"counts": {"a": 9, "b": 7, "c": 2, "d": 2}}


def test_sentences_stand_by_alphabet_not_by_who_was_first() -> None:
    found = summary(Method.SENTENCE, [{"text": text} for text in ("Zorg.", " aandacht ", "Buurt.")])
    assert found == {"texts": ["aandacht", "Buurt.", "Zorg."]}


def test_dots_are_added_and_so_are_the_people_they_come_from() -> None:
    given = [{"a": 3, "b": 2}] * 6 + [{"b": 3}] * 4 + [{"a": 1, "c": 1, "d": 3}] * 2
    found = summary(Method.DOTS, [{"dots": item} for item in given])
    assert found["totals"] == {"a": 20, "b": 24, "c": 2, "d": 6}
    assert found["people"] == {"a": 8, "b": 10, "c": 2, "d": 2}
    assert found["unused"] == 12 * 5 - 52


def test_points_show_the_spread_and_how_far_answers_overlap() -> None:
    given = [{"a": 60, "b": 40}] * 6 + [{"a": 40, "b": 40, "c": 20}] * 4 + [{"d": 100}] * 2
    found = summary(Method.POINTS, [{"points": item} for item in given])
    assert found["options"]["a"] == {"mean": 43.3, "low": 40, "median": 50, "high": 60}
    assert found["options"]["d"] == {"mean": 16.7, "low": 0, "median": 0, "high": 0}
    # 15 + 6 + 1 pairs alike, 24 pairs that share 80, 20 pairs that share nothing
    assert found["overlap"] == pytest.approx((22 * 1 + 24 * 0.8) / 66, abs=1e-4)


def test_places_on_a_line_become_five_parts_and_an_agreement() -> None:
    places = [0, 5, 10, 19, 20, 39, 40, 60, 61, 80, 81, 100]
    contents: list[dict[str, Any]] = [{"places": {"a": place}} for place in places[:10]]
    contents += [{"places": {"a": place, "b": 50}} for place in places[10:]]
    found = summary(Method.POSITION, contents, ["a", "b"])["lines"]
    assert found["a"]["parts"] == [4, 2, 2, 2, 2]
    assert found["a"]["median"] == 40
    assert (found["a"]["low"], found["a"]["high"]) == (15, 65), "16,5 and 65,5, in fives"
    assert found["b"] == {"n": 2}, "two answers on a line are too few to show"


@pytest.mark.parametrize(
    ("counts", "agreement"),
    [
        ([30, 40, 210, 130, 530, 50, 10], 0.6113333),  # the example of the R package agrmt
        ([0, 7, 0, 0, 0], 1.0),
        ([6, 0, 0, 0, 6], -1.0),
        ([3, 3, 3, 3, 3], 0.0),
        ([1, 1, 0, 0, 0], 0.75),
    ],
)
def test_agreement_on_an_ordered_scale(counts: list[int], agreement: float) -> None:
    assert position.agreement(counts) == pytest.approx(agreement, abs=1e-6)


def test_bordas_count_shares_places_between_ties_and_options_left_out() -> None:
    orders = (
        [{"a": 1, "b": 2, "c": 3, "d": 4}] * 6
        + [{"a": 1, "b": 1, "c": 3, "d": 4}] * 3
        + [{"d": 1}] * 2
        + [{"b": 1, "a": 2}]
    )
    found = summary(Method.RANKING, [{"ranks": order} for order in orders])["options"]
    assert {key: item["borda"] for key, item in found.items()} == {
        "a": 2.46,  # (6×3 + 3×2.5 + 2×1 + 1×2) / 12
        "b": 2.04,  # (6×2 + 3×2.5 + 2×1 + 1×3) / 12
        "c": 0.96,  # (6×1 + 3×1 + 2×1 + 1×0.5) / 12
        "d": 0.54,  # (0 + 0 + 2×3 + 1×0.5) / 12
    }
    assert found["a"] == {"borda": 2.46, "top": 9, "between": 0, "bottom": 1, "unplaced": 2}
    assert found["d"] == {"borda": 0.54, "top": 2, "between": 0, "bottom": 9, "unplaced": 1}
    assert sum(item["borda"] for item in found.values()) == pytest.approx(6), "0 + 1 + 2 + 3"


def test_w_is_one_when_all_agree_and_none_without_two_orders() -> None:
    assert ranking.kendall_w([[1, 2, 3]] * 4) == 1
    assert ranking.kendall_w([[1, 2.5, 2.5]] * 4) == 1
    assert ranking.kendall_w([[1, 2, 3], [3, 2, 1]]) == 0
    assert ranking.kendall_w([[1, 2, 3]]) is None
    assert ranking.kendall_w([[2, 2, 2]] * 3) is None


def test_pairs_give_a_chance_and_name_the_circles() -> None:
    straight = [["a", "b"], ["a", "c"], ["b", "c"]]
    circle = [["a", "b"], ["b", "c"], ["c", "a"]]
    found = summary(Method.PAIRWISE, [{"pairs": straight}] * 10 + [{"pairs": circle}] * 2, ["a", "b", "c"])
    assert found["circles"] == [{"keys": ["a", "b", "c"], "n": 2}]
    assert found["turning"] == 2
    assert found["options"]["a"]["chosen"] == 22
    assert found["options"]["a"]["asked"] == 24
    assert [found["options"][key]["chance"] for key in "abc"] == [0.9105, 0.5023, 0.0872]


def test_two_options_have_a_strength_that_can_be_written_out() -> None:
    found = pairwise.strengths([("a", "b")] * 9 + [("b", "a")] * 3, ["a", "b"])
    chance = (9 + pairwise.PRIOR) / (12 + 2 * pairwise.PRIOR)
    assert found["a"] / (found["a"] + found["b"]) == pytest.approx(chance)


def test_an_option_that_always_won_keeps_a_finite_strength() -> None:
    found = pairwise.strengths([("a", "b"), ("a", "c"), ("b", "c")] * 12, ["a", "b", "c"])
    assert 1 < found["a"] < 3
    assert 0 < found["c"] < found["b"] < found["a"]


def test_consent_stands_when_nobody_objects() -> None:
    agreed = [{"choice": "agree"}] * 10 + [{"choice": "remark"}] * 2
    assert summary(Method.CONSENT, agreed) == {
        "counts": {"agree": 10, "remark": 2, "objection": 0},
        "stands": True,
    }
    assert not summary(Method.CONSENT, [*agreed[:11], {"choice": "objection"}])["stands"]


# --- What bridges and what divides ----------------------------------------------------------------------------------

TWELVE = [  # faction, and agree (+), disagree (-), pass (0) or nothing (.) on statements a, b, c, d
    ("Rood", "++-+"),
    ("Rood", "++-0"),
    ("Rood", "++--"),
    ("Rood", "+0-."),
    ("Blauw", "+-++"),
    ("Blauw", "+-+-"),
    ("Blauw", "+0+0"),
    ("Blauw", "0-++"),
    ("Groen", "++0+"),  # a faction of two
    ("Groen", "++0-"),
    (None, "+-.+"),
    ("Geel", "0+.+"),
]
VOTES = {"+": "agree", "-": "disagree", "0": "pass"}


def twelve() -> list[tuple[str | None, dict[str, Any]]]:
    return [
        (
            faction,
            {"votes": {key: VOTES[sign] for key, sign in zip(KEYS, signs, strict=True) if sign != "."}},
        )
        for faction, signs in TWELVE
    ]


def test_twelve_voters_have_one_order_of_bridges() -> None:
    found = statements.between_groups(twelve(), KEYS)
    assert found is not None
    assert found["sizes"] == {"Blauw": 4, "Rood": 4, "": 4}
    assert found["order"] == ["a", "d", "b", "c"]
    members = groups.parted(twelve())
    assert {key: [round(statements.chance(members[name], key) * 6) for name in members] for key in KEYS} == {
        "a": [4, 5, 4],  # out of six: 80 / 216
        "b": [1, 4, 4],  # 16 / 216
        "c": [5, 1, 1],  # 5 / 216
        "d": [3, 2, 4],  # 24 / 216
    }
    assert found["bridges"] == ["a"]
    assert found["splits"] == ["c", "b"], "furthest apart first"
    assert found["leanings"]["a"] == {"Blauw": 1, "Rood": 1, "": 1}
    assert found["leanings"]["c"] == {"Blauw": 1, "Rood": -1, "": None}, "of the rest two said something"
    assert found["leanings"]["d"] == {"Blauw": 1, "Rood": 0, "": 1}


def test_a_faction_of_two_is_nowhere_in_the_result() -> None:
    answers = [Answer(content, faction=faction) for faction, content in twelve()]
    found = str(outcome(Method.STATEMENTS, answers, KEYS, RULES))
    assert "Rood" in found
    assert "Groen" not in found
    assert "Geel" not in found


@pytest.mark.parametrize(
    ("factions", "sizes"),
    [
        ("RRRBBB", {"B": 3, "R": 3}),
        ("RRRRBBBGG", {"R": 4, "": 5}),  # two of G would follow by subtraction, so B joins them
        ("RRRRBB", {"": 6}),
        ("RRR...", {"R": 3, "": 3}),
        ("RR..", {"": 4}),
        ("RB", {}),
        ("", {}),
    ],
)
def test_small_groups_go_together_so_that_none_can_be_found_by_subtraction(
    factions: str, sizes: dict[str, int]
) -> None:
    assert groups.safe_groups([None if name == "." else name for name in factions]) == sizes


@quick
@given(st.lists(st.sampled_from(["R", "B", "G", "Y", None]), max_size=40))
def test_no_group_is_ever_smaller_than_three(factions: list[str | None]) -> None:
    sizes = groups.safe_groups(factions)
    assert all(n >= 3 for n in sizes.values())
    assert not sizes or sum(sizes.values()) == len(factions)
    assert bool(sizes) == (len(factions) >= 3)


# --- Refused answers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "content", "fault"),
    [
        (Method.CHOOSE, {"picks": ["a", "b", "c"]}, Fault.TOO_MANY),
        (Method.CHOOSE, {"picks": ["z"]}, Fault.UNKNOWN),
        (Method.CHOOSE, {"picks": []}, Fault.EMPTY),
        (Method.SENTENCE, {"text": "  "}, Fault.EMPTY),
        (Method.POSITION, {"places": {"a": 101}}, Fault.OUT_OF_RANGE),
        (Method.POSITION, {"places": {"a": True}}, Fault.OUT_OF_RANGE),
        (Method.POSITION, {"places": {"a": None}}, Fault.EMPTY),
        (Method.DOTS, {"dots": {"a": 4}}, Fault.TOO_MANY_ON_ONE),
        (Method.DOTS, {"dots": {"a": 3, "b": 3}}, Fault.TOO_MANY),
        (Method.DOTS, {"dots": {"a": 0}}, Fault.EMPTY),
        (Method.POINTS, {"points": {"a": 99}}, Fault.NOT_HUNDRED),
        (Method.POINTS, {"points": {"a": 60, "b": 60}}, Fault.NOT_HUNDRED),
        (Method.POINTS, {"points": {"a": -20, "b": 100}}, Fault.OUT_OF_RANGE),
        (Method.POINTS, {}, Fault.EMPTY),
        (Method.RANKING, {"ranks": {"a": 5}}, Fault.OUT_OF_RANGE),
        (Method.RANKING, {"ranks": {"z": 1}}, Fault.UNKNOWN),
        (Method.RANKING, {"ranks": {}}, Fault.EMPTY),
        (Method.PAIRWISE, {"pairs": [["a", "b"], ["b", "a"]]}, Fault.UNKNOWN),
        (Method.PAIRWISE, {"pairs": [["a", "a"]]}, Fault.UNKNOWN),
        (Method.PAIRWISE, {"pairs": []}, Fault.EMPTY),
        (Method.CONSENT, {"choice": "maybe"}, Fault.UNKNOWN),
        (Method.CONSENT, {"choice": None}, Fault.EMPTY),
        (Method.STATEMENTS, {"votes": {"a": "yes"}}, Fault.UNKNOWN),
        (Method.STATEMENTS, {"votes": {"a": None}}, Fault.EMPTY),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_with_its_reason(
    method: Method, content: dict[str, Any], fault: Fault
) -> None:
    with pytest.raises(AnswerRefused) as refused:
        CALCULATIONS[method].check(content, KEYS, RULES)
    assert refused.value.fault == fault


def test_an_objection_without_a_reason_is_refused() -> None:
    consent.check_reason({"choice": "agree"}, "")
    consent.check_reason({"choice": "objection"}, "Te duur.")
    with pytest.raises(AnswerRefused):
        consent.check_reason({"choice": "objection"}, "")


# --- Against independent libraries ----------------------------------------------------------------------------------


orders = st.lists(
    st.dictionaries(st.sampled_from(KEYS), st.integers(1, 4), min_size=1), min_size=2, max_size=12
)


@quick
@given(orders)
def test_w_equals_that_of_scipy(ballots: list[dict[str, int]]) -> None:
    answers = [[ranking.places(ballot, KEYS)[key] for key in KEYS] for ballot in ballots]
    w = ranking.kendall_w(answers)
    if w is not None:  # Friedman's statistic is m (n - 1) W
        statistic, _p = friedmanchisquare(*zip(*answers, strict=True))
        assert w == pytest.approx(statistic / (len(answers) * 3), abs=1e-9)
        assert -1e-9 <= w <= 1 + 1e-9


@quick
@given(
    st.lists(st.sampled_from(list(product(range(4), repeat=2))).filter(lambda p: p[0] != p[1]), max_size=40)
)
def test_strengths_equal_those_of_choix(pairs: list[tuple[int, int]]) -> None:
    ours = pairwise.strengths([(KEYS[chosen], KEYS[other]) for chosen, other in pairs], KEYS)
    theirs = choix.mm_pairwise(4, pairs, alpha=pairwise.PRIOR, max_iter=100_000, tol=1e-12)
    for one, other in combinations(range(4), 2):
        chance = ours[KEYS[one]] / (ours[KEYS[one]] + ours[KEYS[other]])
        expected, _rest = choix.probabilities([one, other], theirs)
        assert chance == pytest.approx(expected, abs=1e-5)


# --- Properties -----------------------------------------------------------------------------------------------------


seeds = st.integers(0, 2**32)  # of a row of answers


def answer_of(method: Method, random: Random) -> dict[str, Any]:
    """Any answer that fits the method."""
    some = random.sample(KEYS, random.randint(1, 4))
    if method == Method.POINTS:
        cuts = sorted(random.randint(0, 100) for _ in range(3))
        parts = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
        return {"points": dict(zip(KEYS, parts, strict=True))}
    made: dict[Method, dict[str, Any]] = {
        Method.CHOOSE: {"picks": some[:2]},
        Method.SENTENCE: {"text": f"Zin {random.randint(1, 3)}"},
        Method.POSITION: {"places": {key: random.randint(0, 100) for key in some}},
        Method.DOTS: {"dots": {key: random.randint(1, 2) for key in some[:2]}},
        Method.RANKING: {"ranks": {key: random.randint(1, 4) for key in some}},
        Method.PAIRWISE: {
            "pairs": [random.sample(pair, 2) for pair in combinations(KEYS, 2) if random.random() < 0.8]
            or [["a", "b"]]
        },
        Method.CONSENT: {"choice": random.choice(consent.CHOICES)},
        Method.STATEMENTS: {"votes": {key: random.choice(statements.VOTES) for key in some}},
    }
    return made[method]


@pytest.mark.parametrize("method", Method)
@quick
@given(seeds, st.integers(0, 14))
def test_the_order_of_answers_does_not_matter(method: Method, seed: int, n: int) -> None:
    random = Random(seed)

    def one() -> Answer:
        content = CALCULATIONS[method].check(answer_of(method, random), KEYS, RULES)
        faction = random.choice(["Rood", "Blauw", None])
        return Answer(content, random.choice(["", "Omdat.", "Daarom."]), "", faction)

    answers = [one() for _ in range(n)]
    shuffled = random.sample(answers, n)
    assert outcome(method, answers, KEYS, RULES) == outcome(method, shuffled, KEYS, RULES)


@quick
@given(seeds, st.integers(0, 14))
def test_dots_and_points_are_neither_lost_nor_made(seed: int, n: int) -> None:
    random = Random(seed)
    stuck = [dots.check(answer_of(Method.DOTS, random), KEYS, RULES) for _ in range(n)]
    found = dots.summarise(stuck, KEYS, RULES)
    assert sum(found["totals"].values()) + found["unused"] == n * RULES.dots
    shared = [points.check(answer_of(Method.POINTS, random), KEYS, RULES) for _ in range(n)]
    if n >= 3:
        means = [item["mean"] for item in points.summarise(shared, KEYS, RULES)["options"].values()]
        assert sum(means) == pytest.approx(100, abs=0.5)


@quick
@given(st.lists(st.integers(0, 20), min_size=5, max_size=5).filter(any))
def test_agreement_is_the_same_from_either_end(counts: list[int]) -> None:
    assert -1 <= position.agreement(counts) <= 1
    assert position.agreement(counts) == pytest.approx(position.agreement(counts[::-1]))


@quick
@given(st.integers(0, 100))
def test_the_parts_of_a_line_are_the_same_from_either_end(place: int) -> None:
    assert position.part_of(100 - place) == 4 - position.part_of(place)


# --- What is kept ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [0, 1, 2])
@pytest.mark.parametrize("method", Method)
def test_fewer_than_three_answers_give_no_more_than_their_number(method: Method, n: int) -> None:
    answers = [Answer(answer_of(method, Random(n)), "Geheim", "Geheim", "Geheim")] * n
    assert outcome(method, answers, KEYS, RULES) == {
        "n": n,
        "unknown": 0,
        "shown": False,
        "summary": {},
        "groups": None,
        "reasons": [],
        "minority": [],
    }


def test_reasons_stand_under_the_part_of_the_line_where_at_least_three_stand() -> None:
    answers = [
        Answer({"places": {"a": 5}}, "Dichtbij eerst."),
        Answer({"places": {"a": 94}}),
        Answer({"places": {"a": 95}}, "Kennis eerst."),
        Answer({"places": {"a": 96}}, "Zeker weten."),
        Answer({"places": {"a": 50}}),
        Answer(None, "Ik twijfel.", "Mag het ook anders?"),
    ]
    found = outcome(Method.POSITION, answers, ["a"], RULES)
    assert found["reasons"] == [
        {"at": "", "texts": ["Dichtbij eerst.", "Ik twijfel."]},
        {"at": "4", "texts": ["Kennis eerst.", "Zeker weten."]},
    ]
    assert found["minority"] == ["Mag het ook anders?"]
    assert (found["n"], found["unknown"]) == (5, 1)
