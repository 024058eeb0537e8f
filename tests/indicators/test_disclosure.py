"""The small-number guard: what is hidden stays hidden, whatever else is shown or was shown."""

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.indicators.disclosure import Guarded, Release, Rules, Sum, guard, show_share

Cells = dict[Hashable, int]


def table_of(counts: Sequence[Sequence[int]]) -> tuple[Cells, list[Sum]]:
    """A table with a total per row and per column, and a grand total."""
    rows, columns = range(len(counts)), range(len(counts[0]))
    cells: Cells = {(r, c): counts[r][c] for r, c in product(rows, columns)}
    cells |= {(r, "sum"): sum(counts[r]) for r in rows}
    cells |= {("sum", c): sum(counts[r][c] for r in rows) for c in columns}
    cells["sum", "sum"] = sum(map(sum, counts))
    sums = [Sum((r, "sum"), tuple((r, c) for c in columns)) for r in rows]
    sums += [Sum(("sum", c), tuple((r, c) for r in rows)) for c in columns]
    sums += [
        Sum(("sum", "sum"), tuple((r, "sum") for r in rows)),
        Sum(("sum", "sum"), tuple(("sum", c) for c in columns)),
    ]
    return cells, sums


counts = st.integers(1, 3).flatmap(
    lambda columns: st.lists(
        st.lists(st.one_of(st.integers(0, 12), st.integers(0, 300)), min_size=columns, max_size=columns),
        min_size=1,
        max_size=4,
    )
)
thresholds = st.integers(5, 25)


def rank(rows: list[list[Fraction]]) -> int:
    rows, found = [row[:] for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        at = next((n for n in range(found, len(rows)) if rows[n][column]), None)
        if at is None:
            continue
        rows[found], rows[at] = rows[at], rows[found]
        for n in range(found + 1, len(rows)):
            times = rows[n][column] / rows[found][column]
            rows[n] = [a - times * b for a, b in zip(rows[n], rows[found], strict=True)]
        found += 1
    return found


def solvable(hidden: frozenset[Hashable], sums: Sequence[Sum]) -> set[Hashable]:
    """Hidden cells that follow from the shown ones by adding and subtracting alone."""
    names = sorted(hidden, key=repr)
    lines = [
        [Fraction((name in line.parts) - (name == line.total)) for name in names]
        for line in sums
        if {line.total, *line.parts} & hidden
    ]
    return {
        name
        for number, name in enumerate(names)
        if lines and rank([*lines, [Fraction(int(n == number)) for n in range(len(names))]]) == rank(lines)
    }


def holds(cells: Mapping[Hashable, int], sums: Sequence[Sum]) -> bool:
    return all(cells[line.total] == sum(cells[part] for part in line.parts) for line in sums)


def check_proof(cells: Cells, sums: Sequence[Sum], guarded: Guarded) -> None:
    """For each hidden cell there is another table of counts with all shown cells the same."""
    for key in guarded.hidden - guarded.exposed:
        step = guarded.proof[key]
        other = {name: value + step.get(name, 0) for name, value in cells.items()}
        assert other[key] != cells[key]
        assert all(other[name] == cells[name] for name in cells if name not in guarded.hidden)
        assert all(other[name] >= (1 if cells[name] else 0) for name in cells)
        assert holds(other, sums)


@given(counts, thresholds, st.sampled_from([1, 5, 10]))
@settings(max_examples=300, deadline=None)
def test_no_hidden_cell_can_be_solved_from_what_is_shown(
    table: list[list[int]], threshold: int, rounding: int
) -> None:
    cells, sums = table_of(table)
    guarded = guard(cells, sums, Rules(threshold, rounding))
    assert {key for key, value in cells.items() if 0 < value < threshold} <= guarded.hidden
    assert guarded.exposed == frozenset()
    assert set(guarded.shown) | guarded.hidden == set(cells)
    assert solvable(guarded.hidden, sums) == set()
    check_proof(cells, sums, guarded)


@given(st.lists(st.integers(0, 14), min_size=2, max_size=4), st.integers(5, 12))
@settings(max_examples=150, deadline=None)
def test_trying_every_number_gives_no_hidden_count_away(parts: list[int], threshold: int) -> None:
    """The same, by brute force: someone tries all counts from one up for the hidden cells of one row."""
    cells: Cells = dict(enumerate(parts))
    cells["sum"] = sum(parts)
    sums = [Sum("sum", tuple(range(len(parts))))]
    guarded = guard(cells, sums, Rules(threshold))
    hidden = sorted(guarded.hidden - {"sum"}, key=repr)
    if "sum" in guarded.hidden:
        return  # with the total hidden, each part may be anything
    rest = cells["sum"] - sum(guarded.shown.get(n, 0) for n in range(len(parts)))
    ranges = [range(1 if cells[key] else 0, rest + 1) for key in hidden]
    fits = [found for found in product(*ranges) if sum(found) == rest]
    for position in range(len(hidden)):
        assert len({found[position] for found in fits}) > 1


@given(counts, counts, thresholds)
@settings(max_examples=200, deadline=None)
def test_a_new_release_gives_nothing_of_an_earlier_one_away(
    first: list[list[int]], changes: list[list[int]], threshold: int
) -> None:
    cells, sums = table_of(first)
    earlier = guard(cells, sums, Rules(threshold))
    second = [
        [changes[r][c] if r < len(changes) and c < len(changes[0]) else value for c, value in enumerate(row)]
        for r, row in enumerate(first)
    ]
    now, _ = table_of(second)
    release = Release(earlier.shown, earlier.hidden, tuple(sums))
    guarded = guard(now, sums, Rules(threshold), [release])
    assert {key for key in earlier.hidden if now[key]} <= guarded.hidden
    # What was shown and is the same now is known; both releases' sums may be used together.
    known = {key for key, value in earlier.shown.items() if now[key] == value}
    assert solvable(guarded.hidden - known, sums) <= guarded.exposed
    for key, step in guarded.proof.items():
        if key in guarded.exposed:
            continue
        assert step[key]
        assert not set(step) & known
        for line in sums:
            for hidden, values in ((guarded.hidden, now), (earlier.hidden, cells)):
                moves = {
                    name: step.get(("earlier", name) if values is cells and now[name] == 0 else name, 0)
                    for name in {line.total, *line.parts} & hidden
                }
                assert moves.get(line.total, 0) == sum(by for name, by in moves.items() if name != line.total)


def test_a_part_that_only_the_second_release_hides_cannot_be_found_by_subtracting() -> None:
    """West was 12 and shown; now it is 8. The total that moves with it has to go too."""
    sums = (Sum("sum", ("west", "east")),)
    earlier = guard({"west": 12, "east": 30, "sum": 42}, sums, Rules())
    assert earlier.hidden == frozenset()
    now = guard(
        {"west": 8, "east": 30, "sum": 38}, sums, Rules(), [Release(earlier.shown, earlier.hidden, sums)]
    )
    assert now.hidden == {"west", "sum"}
    assert now.exposed == frozenset()


def test_a_total_that_comes_later_does_not_give_away_what_was_hidden_without_it() -> None:
    """First the districts, one of them hidden; then a file with the municipality alone."""
    districts = guard({"west": 8, "east": 30}, (), Rules())
    assert districts.hidden == {"west"}
    sums = (Sum("sum", ("west", "east")),)
    later = guard({"sum": 38}, sums, Rules(), [Release(districts.shown, districts.hidden)])
    assert later.hidden == {"sum"}
    assert later.exposed == frozenset()


def test_a_part_that_comes_later_is_covered_by_what_was_not_published_yet() -> None:
    sums = (Sum("sum", ("west", "east", "north")),)
    earlier = Release({"sum": 60, "north": 20}, frozenset())
    later = guard({"west": 8, "east": 32}, sums, Rules(), [earlier])
    assert later.hidden == {"west", "east"}
    assert later.exposed == frozenset()


def test_what_was_published_before_with_the_same_value_is_reported_not_denied() -> None:
    earlier = Release({"west": 8}, frozenset())
    guarded = guard({"west": 8}, (), Rules(), [earlier])
    assert guarded.hidden == {"west"}
    assert guarded.exposed == {"west"}


def test_parts_that_overlap_are_no_sum_to_solve() -> None:
    """A young person with two kinds of help counts twice: the parts exceed the total."""
    guarded = guard({"a": 8, "b": 90, "sum": 91}, (Sum("sum", ("a", "b")),), Rules())
    assert guarded.hidden == {"a"}


def test_a_total_with_a_small_remainder_beside_the_table_bounds_but_does_not_solve() -> None:
    guarded = guard({"a": 8, "b": 90, "sum": 100}, (Sum("sum", ("a", "b")),), Rules())
    assert guarded.hidden == {"a"}


def test_zero_is_shown_and_rounding_keeps_to_its_steps() -> None:
    guarded = guard({"a": 0, "b": 13, "c": 12}, (), Rules(10, 5))
    assert guarded.shown == {"a": 0, "b": 15, "c": 10}


@pytest.mark.parametrize("threshold", [4, 1, 0, -5])
def test_the_threshold_is_never_under_five(threshold: int) -> None:
    with pytest.raises(ValueError, match="never under 5"):
        Rules(threshold)


def test_the_threshold_is_ten_unless_somebody_says_otherwise() -> None:
    assert guard({"a": 9, "b": 10}, (), Rules()).hidden == {"a"}
    assert guard({"a": 4, "b": 5}, (), Rules(5)).hidden == {"a"}


def test_rounding_is_to_one_five_or_ten() -> None:
    with pytest.raises(ValueError, match="rounding"):
        Rules(10, 3)


@pytest.mark.parametrize(
    ("share", "base", "shown"),
    [(50, 99, False), (50, 100, True), (3, 200, False), (0, 200, True), (5, 200, True)],
)
def test_a_share_is_hidden_when_it_is_of_few_people_or_stands_for_few(
    share: float, base: int, shown: bool
) -> None:
    assert show_share(share, base, Rules()) is shown


def test_a_city_with_hundreds_of_small_neighbourhoods_is_guarded_within_seconds() -> None:
    cells: Cells = {}
    sums = []
    for district in range(60):
        names = tuple(("n", district, n) for n in range(8))
        for n, name in enumerate(names):
            cells[name] = (district * 7 + n * 13) % 60
        cells["d", district] = sum(cells[name] for name in names)
        sums.append(Sum(("d", district), names))
    cells["city"] = sum(cells["d", district] for district in range(60))
    sums.append(Sum("city", tuple(("d", district) for district in range(60))))
    guarded = guard(cells, sums, Rules())
    assert guarded.exposed == frozenset()
    check_proof(cells, sums, guarded)
