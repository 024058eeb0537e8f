"""Small numbers: nothing that a revealed round tells can be brought back to one person, or to a group under three."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rounds.test_methods import KEYS, RULES, answer_of, quick, seeds
from workbench.rounds.methods import BETWEEN_GROUPS, CALCULATIONS, Method, groups, points, position
from workbench.rounds.outcome import Answer, outcome

COUNTED = [method for method in Method if method != Method.SENTENCE]  # a sentence is there to be read
FACTIONS = ["Rood", "Blauw", "Groen", "Geel", None]


def answer(method: Method, random: Random, faction: str | None = None) -> Answer:
    return Answer(CALCULATIONS[method].check(answer_of(method, random), KEYS, RULES), faction=faction)


def told(method: Method, *answers: Answer) -> dict[str, Any]:
    return outcome(method, answers, KEYS, RULES)


# --- Few answers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", COUNTED)
@quick
@given(seeds, st.booleans())
def test_of_three_or_four_answers_nobody_can_tell_how_many_said_what(
    method: Method, seed: int, four: bool
) -> None:
    random = Random(seed)
    one, other = answer(method, random), answer(method, random)
    if method == Method.POSITION:  # how many answered a line is a number of its own
        one, other = (Answer({"places": {key: random.randint(0, 100) for key in KEYS}}) for _ in range(2))
    extra = [one] if four else []
    assert told(method, one, one, other, *extra) == told(method, one, other, other, *extra)


@pytest.mark.parametrize("method", COUNTED)
@quick
@given(seeds, st.integers(3, 4))
def test_what_is_told_of_few_answers_holds_for_each_of_them(method: Method, seed: int, n: int) -> None:
    random = Random(seed)
    answers = [answer(method, random) for _ in range(n)]
    summary = told(method, *answers)["summary"]
    if method == Method.POSITION:
        for line in summary["lines"].values():
            assert set(line) <= {"n", "all"}
    elif method == Method.CONSENT:
        assert set(summary) == {"stands"}
    else:
        assert set(summary) == {"all"}
        for one in answers:
            assert one.content is not None
            alone = CALCULATIONS[method].common([one.content], KEYS)["all"]
            assert set(summary["all"]) <= set(alone)


@pytest.mark.parametrize(
    ("method", "content", "common"),
    [
        (Method.CHOOSE, {"picks": ["a", "b"]}, ["a", "b"]),
        (Method.DOTS, {"dots": {"a": 2, "c": 1}}, ["a", "c"]),
        (Method.POINTS, {"points": {"a": 60, "b": 40}}, ["a", "b"]),
        (Method.RANKING, {"ranks": {"a": 1, "b": 1, "c": 2}}, ["a", "b"]),
        (Method.PAIRWISE, {"pairs": [["a", "b"], ["a", "c"], ["b", "c"]]}, ["a"]),
        (Method.STATEMENTS, {"votes": {"a": "agree", "b": "pass"}}, ["a"]),
    ],
)
def test_where_few_agree_that_is_told_and_no_number(
    method: Method, content: dict[str, Any], common: list[str]
) -> None:
    same = Answer(CALCULATIONS[method].check(content, KEYS, RULES))
    assert told(method, same, same, same)["summary"] == {"all": common}


@pytest.mark.parametrize(
    ("places", "side"), [((0, 39, 20), 1), ((100, 61, 80), -1), ((40, 50, 60), 0), ((10, 20, 50), None)]
)
def test_of_three_places_only_a_shared_side_is_told(places: tuple[int, ...], side: int | None) -> None:
    answers = [Answer({"places": {"a": place}}) for place in places]
    assert told(Method.POSITION, *answers)["summary"]["lines"]["a"] == {"n": 3, "all": side}


def test_a_line_that_few_answered_is_told_so_in_a_round_of_many() -> None:
    answers = [Answer({"places": {"a": place, "b": 5}}) for place in (1, 2, 3)]
    answers += [Answer({"places": {"b": 5}})] * 9
    lines = told(Method.POSITION, *answers)["summary"]["lines"]
    assert lines["a"] == {"n": 3, "all": 1}
    assert lines["b"]["median"] == 5


def test_of_few_answers_no_reason_stands_at_the_place_of_who_gave_it() -> None:
    for method, content in (
        (Method.POSITION, {"places": {"a": 5}}),
        (Method.CONSENT, {"choice": "objection"}),
    ):
        answers = [Answer(content, f"Reden {n}.") for n in range(3)]
        found = outcome(method, answers, ["a"], RULES)["reasons"]
        assert found == [{"at": "", "texts": ["Reden 0.", "Reden 1.", "Reden 2."]}]


# --- Quartiles ------------------------------------------------------------------------------------------------------


@quick
@given(st.lists(st.integers(0, 100), min_size=5, max_size=40))
def test_quartiles_come_in_fives_so_that_no_odd_place_points_at_who_chose_it(given_places: list[int]) -> None:
    line = told(Method.POSITION, *[Answer({"places": {"a": place}}) for place in given_places])["summary"][
        "lines"
    ]["a"]
    for name in ("low", "median", "high"):
        assert line[name] % 5 == 0
    assert line["low"] <= line["median"] <= line["high"]


@quick
@given(st.lists(st.integers(0, 100), min_size=5, max_size=40), st.integers(0, 100))
def test_the_lowest_and_the_highest_answer_never_move_a_quartile(places: list[int], other: int) -> None:
    places.sort()
    assert position.quartiles([max(other, places[-2]), *places[:-1]]) == position.quartiles(places)
    assert position.quartiles([min(other, places[1]), *places[1:]]) == position.quartiles(places)


def test_five_who_all_divide_alike_show_one_middle() -> None:
    same = points.check({"points": {"a": 70, "b": 30}}, KEYS, RULES)
    found = told(Method.POINTS, *[Answer(same)] * 5)["summary"]["options"]["a"]
    assert found == {"mean": 70.0, "low": 70, "median": 70, "high": 70}


# --- Groups ---------------------------------------------------------------------------------------------------------


def members_of(factions: list[str | None]) -> dict[str, list[int]]:
    """Name of each shown group -> the places of its people in the list."""
    sizes = groups.safe_groups(factions)
    found: dict[str, list[int]] = {name: [] for name in sizes}
    for place, faction in enumerate(factions):
        found[faction if faction in sizes and faction else groups.REST].append(place)
    return found


parties = st.lists(st.sampled_from(FACTIONS), min_size=5, max_size=20)


@pytest.mark.parametrize("method", BETWEEN_GROUPS)
@quick
@given(seeds, parties)
def test_two_people_of_one_shown_group_can_change_places_and_nothing_changes(
    method: Method, seed: int, factions: list[str | None]
) -> None:
    """So whatever is put beside or taken from each other, no smaller set of people comes out."""
    random = Random(seed)
    answers = [answer(method, random, faction) for faction in factions]
    before = told(method, *answers)
    for places in members_of(factions).values():
        assert len(places) >= 3
        one, other = random.sample(places, 2)
        swapped = list(answers)
        swapped[one] = Answer(answers[other].content, faction=factions[one])
        swapped[other] = Answer(answers[one].content, faction=factions[other])
        assert told(method, *swapped) == before


@pytest.mark.parametrize("method", BETWEEN_GROUPS)
@quick
@given(seeds, parties)
def test_a_faction_under_three_leaves_no_trace(method: Method, seed: int, factions: list[str | None]) -> None:
    random = Random(seed)
    answers = [answer(method, random, faction) for faction in factions]
    small = {name for name in factions if name and factions.count(name) < 3}
    unnamed = [
        Answer(item.content, faction=None if item.faction in small else item.faction) for item in answers
    ]
    found = told(method, *answers)
    assert found == told(method, *unnamed)
    assert not [name for name in small if name in str(found["groups"])]


@pytest.mark.parametrize("method", BETWEEN_GROUPS)
@quick
@given(seeds, parties)
def test_of_a_group_no_number_is_told_but_its_size(
    method: Method, seed: int, factions: list[str | None]
) -> None:
    random = Random(seed)
    found = told(method, *[answer(method, random, faction) for faction in factions])["groups"]
    if found is None:
        assert len(groups.safe_groups(factions)) < 2
        return
    assert set(found) <= {"sizes", "leanings", "order", "bridges", "splits"}
    assert min(found["sizes"].values()) >= 3
    sides = {side for line in found["leanings"].values() for side in line.values()}
    assert sides <= {1, 0, -1, None}


@pytest.mark.parametrize(
    ("opinions", "side"),
    [
        ([1, 1, -1], 1),
        ([-1, 0, 0], -1),
        ([1, -1, 0], 0),
        ([1, 1, None], None),  # two spoke: a group of two is never shown
        ([1, None, None, None], None),
    ],
)
def test_a_group_leans_only_when_three_of_it_spoke(opinions: list[int | None], side: int | None) -> None:
    assert groups.leaning(opinions) == side


def test_groups_on_a_line_are_told_by_their_side() -> None:
    places = {"Rood": (10, 20, 90), "Blauw": (70, 80, 45), None: (50, 50, 10, 90)}
    answers = [Answer({"places": {"a": n}}, faction=name) for name, given_ in places.items() for n in given_]
    found = outcome(Method.POSITION, answers, ["a"], RULES)["groups"]
    assert found == {
        "sizes": {"Blauw": 3, "Rood": 3, "": 4},
        "leanings": {"a": {"Blauw": -1, "Rood": 1, "": 0}},
    }
