"""Re-casting figures to later boundaries: nothing is lost, nothing is made up, and it says what was done."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seeds import read
from workbench.indicators.catalogue import AreaType
from workbench.indicators.recast import (
    Change,
    ChangeKind,
    History,
    How,
    Measure,
    Recast,
    measure_of,
    recast,
)

START = date(2000, 1, 1)
NEW_YEAR = date(2021, 1, 1)
HAAREN = [
    Change(NEW_YEAR, "Haaren", heir, ChangeKind.SPLIT, people)
    for heir, people in (("Boxtel", 2149), ("Oisterwijk", 5827), ("Tilburg", 1442), ("Vught", 4900))
]
WEESP = Change(date(2022, 3, 24), "Weesp", "Amsterdam", ChangeKind.MERGED, 20_766)
EEMSDELTA = [
    Change(NEW_YEAR, origin, "Eemsdelta", ChangeKind.MERGED)
    for origin in ("Appingedam", "Delfzijl", "Loppersum")
]


@pytest.fixture(scope="module")
def recorded() -> History:
    """What really happened since 1988."""
    return History(
        [
            Change(item.day, item.origin, item.heir, item.kind, item.inhabitants, item.dwellings)
            for item in read.area_changes()
        ],
        {area.code: area.valid_from for area in read.areas() if area.valid_from},
    )


# --- Examples -------------------------------------------------------------------------------------------------------


def count(parts: dict[str, Fraction], **values: float | None) -> Recast:
    return recast(Measure.COUNT, parts, values, {})


def test_counts_of_merged_municipalities_are_added_up() -> None:
    parts = History(EEMSDELTA, {"Eemsdelta": NEW_YEAR}).origins("Eemsdelta", date(2020, 1, 1), NEW_YEAR)
    assert count(parts, Appingedam=11_642.0, Delfzijl=24_678.0, Loppersum=9_537.0) == Recast(
        45_857.0, How.ADDED
    )


def test_a_missing_part_makes_the_sum_missing_and_is_named() -> None:
    parts = History(EEMSDELTA, {"Eemsdelta": NEW_YEAR}).origins("Eemsdelta", date(2020, 1, 1), NEW_YEAR)
    assert count(parts, Appingedam=1.0, Delfzijl=None) == Recast(None, How.LACKING, ("Delfzijl", "Loppersum"))


def test_a_split_is_shared_out_by_inhabitants_and_is_an_estimate() -> None:
    parts = History(HAAREN, {}).origins("Boxtel", date(2020, 1, 1), NEW_YEAR)
    assert parts == {"Boxtel": 1, "Haaren": Fraction(2149, 14_318)}
    assert count(parts, Boxtel=100.0, Haaren=14_318.0) == Recast(2249.0, How.ESTIMATED)


def test_a_municipality_that_ends_within_a_year_counts_until_then() -> None:
    history = History([WEESP], {})
    assert history.origins("Amsterdam", date(2022, 1, 1), date(2026, 1, 1)) == {"Amsterdam": 1, "Weesp": 1}
    assert history.origins("Amsterdam", date(2023, 1, 1), date(2026, 1, 1)) == {"Amsterdam": 1}
    assert history.heirs("Weesp", date(2022, 1, 1), date(2022, 3, 23)) == {"Weesp": 1}
    assert history.heirs("Weesp", date(2022, 1, 1), date(2022, 3, 24)) == {"Amsterdam": 1}


def test_parts_that_come_together_again_are_whole() -> None:
    later = date(2023, 1, 1)
    history = History(
        [
            Change(NEW_YEAR, "Oud", "Oost", ChangeKind.SPLIT, 30),
            Change(NEW_YEAR, "Oud", "West", ChangeKind.SPLIT, 70),
            Change(later, "Oost", "Nieuw", ChangeKind.MERGED, 30),
            Change(later, "West", "Nieuw", ChangeKind.MERGED, 70),
        ],
        {"Oost": NEW_YEAR, "West": NEW_YEAR, "Nieuw": later},
    )
    parts = history.origins("Nieuw", date(2020, 1, 1), later)
    assert parts == {"Oud": 1}
    assert recast(Measure.OTHER, parts, {"Oud": 3.5}, {}) == Recast(3.5, How.SAME)


def test_a_part_without_inhabitants_is_no_part() -> None:
    history = History(
        [
            Change(NEW_YEAR, "Muiden", "Weesp", ChangeKind.SPLIT, 0),
            Change(NEW_YEAR, "Muiden", "Gooise Meren", ChangeKind.SPLIT, 6000),
        ],
        {},
    )
    assert history.origins("Weesp", date(2020, 1, 1), NEW_YEAR) == {"Weesp": 1}
    assert history.origins("Gooise Meren", date(2020, 1, 1), NEW_YEAR)["Muiden"] == 1
    assert history.heirs("Muiden", date(2020, 1, 1), NEW_YEAR) == {"Gooise Meren": 1}


def test_a_new_name_changes_no_figure_of_whatever_kind() -> None:
    day = date(2016, 1, 1)
    history = History([Change(day, "Groesbeek", "Berg en Dal", ChangeKind.RENAMED)], {"Berg en Dal": day})
    parts = history.origins("Berg en Dal", date(2015, 1, 1), day)
    for measure in Measure:
        assert recast(measure, parts, {"Groesbeek": 12.5}, {}) == Recast(12.5, How.SAME)
    assert history.former_codes("Berg en Dal") == {"Groesbeek", "Berg en Dal"}


def test_spending_per_inhabitant_is_weighed_by_inhabitants() -> None:
    parts = {"Groot": Fraction(1), "Klein": Fraction(1)}
    values = {"Groot": 300.0, "Klein": 100.0}
    found = recast(Measure.PER_INHABITANT, parts, values, {"Groot": 3000.0, "Klein": 1000.0})
    assert found == Recast(250.0, How.WEIGHTED)
    assert recast(Measure.PER_INHABITANT, parts, values, {"Groot": 3000.0}) == Recast(None, How.UNWEIGHED)
    empty = {"Groot": 0.0, "Klein": 0.0}
    assert recast(Measure.PER_INHABITANT, parts, values, empty) == Recast(None, How.UNWEIGHED)


def test_another_share_or_an_average_cannot_be_recast() -> None:
    parts = {"Groot": Fraction(1), "Klein": Fraction(1)}
    people = {"Groot": 3000.0, "Klein": 1000.0}
    assert recast(Measure.OTHER, parts, {"Groot": 30.0, "Klein": 10.0}, people) == Recast(
        None, How.UNTRACEABLE
    )


@pytest.mark.parametrize(
    ("unit", "computed", "expected"),
    [
        ("aantal", None, Measure.COUNT),
        ("euro per inwoner", None, Measure.PER_INHABITANT),
        ("per 1.000 inwoners", None, Measure.PER_INHABITANT),
        ("per 10.000 inwoners", None, Measure.PER_INHABITANT),
        ("%", "inwoners van 65 jaar of ouder / alle inwoners × 100", Measure.PER_INHABITANT),
        ("%", "eenpersoonshuishoudens / alle huishoudens × 100", Measure.OTHER),
        ("%", None, Measure.OTHER),
        ("per 10.000 inwoners van 18 jaar en ouder", None, Measure.OTHER),
        ("1.000 euro", None, Measure.OTHER),
        ("personen", None, Measure.OTHER),
        ("klasse 1-5", None, Measure.OTHER),
    ],
)
def test_what_a_unit_counts(unit: str, computed: str | None, expected: Measure) -> None:
    assert measure_of(unit, computed) is expected


def test_a_moved_border_is_told_from_a_hundred_people_and_only_when_it_leaves_the_group() -> None:
    def border(origin: str, heir: str, people: int) -> Change:
        return Change(date(2018, 1, 1), origin, heir, ChangeKind.BORDER, people)

    changes = [border("Nissewaard", "Hellevoetsluis", 1209), border("Brielle", "Nissewaard", 99)]
    history = History([*changes, border("Brielle", "Hellevoetsluis", 500)], {})
    group = {"Brielle", "Hellevoetsluis", "Westvoorne"}
    assert history.moved_borders(group, date(2017, 1, 1), date(2026, 1, 1)) == changes[:1]
    assert history.moved_borders(group, date(2018, 1, 1), date(2026, 1, 1)) == []
    assert history.origins("Hellevoetsluis", date(2017, 1, 1), date(2026, 1, 1)) == {"Hellevoetsluis": 1}


def test_a_split_without_inhabitants_or_an_end_on_two_days_is_refused() -> None:
    nobody = [Change(NEW_YEAR, "Oud", heir, ChangeKind.SPLIT, 0) for heir in ("Oost", "West")]
    with pytest.raises(ValueError, match="without inhabitants"):
        History(nobody, {})
    with pytest.raises(ValueError, match="two days"):
        History([WEESP, Change(NEW_YEAR, "Weesp", "Wijdemeren", ChangeKind.MERGED)], {})


# --- Whatever happens -----------------------------------------------------------------------------------------------


@dataclass
class World:
    changes: list[Change]
    begins: dict[str, date]
    first: list[str]  # the areas there are at the start
    days: list[date]
    last: list[str]  # and at the end

    @property
    def history(self) -> History:
        return History(self.changes, self.begins)

    @property
    def end(self) -> date:
        return self.days[-1] if self.days else START


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Some areas, and days on which some of them end and go to areas that stay or are new."""
    there = [f"A{n}" for n in range(draw(st.integers(2, 5)))]
    world = World([], {}, list(there), [], there)
    for turn in range(draw(st.integers(0, 4))):
        day = START + timedelta(days=draw(st.integers(1, 400)) + 500 * turn)
        ending = draw(st.lists(st.sampled_from(there), unique=True, max_size=len(there)))
        new = [f"B{turn}{n}" for n in range(2)]
        open_to = [code for code in there if code not in ending] + new
        born = set()
        for origin in ending:
            heirs = draw(st.lists(st.sampled_from(open_to), unique=True, min_size=1, max_size=3))
            kind = ChangeKind.MERGED if len(heirs) == 1 else ChangeKind.SPLIT
            for heir in heirs:
                world.changes.append(Change(day, origin, heir, kind, draw(st.integers(1, 1000))))
            born |= set(heirs) & set(new)
        world.begins |= dict.fromkeys(born, day)
        there = [code for code in there if code not in ending] + sorted(born)
        world.days.append(day)
    world.last = there
    return world


VALUES = st.integers(-1_000_000, 1_000_000)


@given(worlds(), st.lists(VALUES, min_size=5, max_size=5))
def test_recasting_counts_keeps_the_total(world: World, numbers: list[int]) -> None:
    values = {code: float(number) for code, number in zip(world.first, numbers, strict=False)}
    found = [
        recast(Measure.COUNT, world.history.origins(code, START, world.end), values, {})
        for code in world.last
    ]
    assert isclose(sum(item.value or 0.0 for item in found), sum(values.values()), abs_tol=1e-3)
    assert all(item.value is not None for item in found)


@given(
    worlds(), st.lists(VALUES, min_size=5, max_size=5), st.lists(st.integers(1, 99), min_size=5, max_size=5)
)
def test_recasting_spending_per_inhabitant_keeps_the_spending(
    world: World, numbers: list[int], people: list[int]
) -> None:
    values = {code: float(number) for code, number in zip(world.first, numbers, strict=False)}
    inhabitants = {code: float(number) for code, number in zip(world.first, people, strict=False)}
    spent = 0.0
    for code in world.last:
        parts = world.history.origins(code, START, world.end)
        per_head = recast(Measure.PER_INHABITANT, parts, values, inhabitants).value
        heads = recast(Measure.COUNT, parts, inhabitants, {}).value
        assert per_head is not None
        assert heads is not None
        spent += per_head * heads
    assert isclose(spent, sum(values[code] * inhabitants[code] for code in world.first), abs_tol=1e-2)


@given(worlds())
def test_figures_for_the_areas_of_a_day_stay_as_they_are_on_that_day(world: World) -> None:
    for code in world.last:
        assert world.history.origins(code, world.end, world.end) == {code: 1}
        assert world.history.heirs(code, START, world.end) == {code: 1}


@given(worlds(), st.data())
def test_recasting_in_two_steps_is_recasting_in_one(world: World, data: st.DataObject) -> None:
    middle = data.draw(st.sampled_from([START, *world.days]))
    history = world.history
    for code in world.last:
        steps: dict[str, Fraction] = {}
        for between, share in history.origins(code, middle, world.end).items():
            for origin, part in history.origins(between, START, middle).items():
                steps[origin] = steps.get(origin, Fraction(0)) + share * part
        assert steps == history.origins(code, START, world.end)


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_in_which_changes_are_told_does_not_matter(world: World, chance: random.Random) -> None:
    shuffled = list(world.changes)
    chance.shuffle(shuffled)
    other = History(shuffled, world.begins)
    for code in world.last:
        assert other.origins(code, START, world.end) == world.history.origins(code, START, world.end)


@given(worlds())
def test_looking_back_and_looking_ahead_tell_the_same(world: World) -> None:
    back = {
        (origin, code): share
        for code in world.last
        for origin, share in world.history.origins(code, START, world.end).items()
    }
    ahead = {
        (code, heir): share
        for code in world.first
        for heir, share in world.history.heirs(code, START, world.end).items()
    }
    assert back == ahead
    for code in world.first:
        assert sum(share for (origin, _heir), share in back.items() if origin == code) == 1


@given(worlds(), st.data())
def test_a_missing_figure_is_missing_wherever_it_went_and_nowhere_else(
    world: World, data: st.DataObject
) -> None:
    gone = data.draw(st.sampled_from(world.first))
    values = {code: None if code == gone else 1.0 for code in world.first}
    for code in world.last:
        parts = world.history.origins(code, START, world.end)
        found = recast(Measure.COUNT, parts, values, {})
        assert (found.value is None) == (gone in parts)
        assert found.lacking == ((gone,) if gone in parts else ())


# --- What really happened -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("since", [date(1988, 1, 1), date(2010, 1, 1), date(2019, 1, 1), date(2022, 1, 1)])
def test_the_municipalities_of_today_hold_all_those_of_then(recorded: History, since: date) -> None:
    until = date(2026, 1, 1)
    areas = [area for area in read.areas() if area.type is AreaType.GEMEENTE and area.code != "GM0997"]
    now = {area.code for area in areas if area.valid_until is None}
    then = {
        area.code
        for area in areas
        if (area.valid_from or date.min) <= since and (area.valid_until or date.max) > since
    }
    held: dict[str, Fraction] = {}
    for code in now:
        for origin, share in recorded.origins(code, since, until).items():
            held[origin] = held.get(origin, Fraction(0)) + share
    assert held == dict.fromkeys(then, Fraction(1))


def test_haaren_went_four_ways_and_weesp_one(recorded: History) -> None:
    shares = recorded.heirs("GM0788", date(2020, 1, 1), date(2026, 1, 1))
    people = {"GM0757": 2149, "GM0824": 5827, "GM0855": 1442, "GM0865": 4900}
    assert shares == {code: Fraction(number, 14_318) for code, number in people.items()}
    assert recorded.heirs("GM0457", date(2020, 1, 1), date(2026, 1, 1)) == {"GM0363": 1}
