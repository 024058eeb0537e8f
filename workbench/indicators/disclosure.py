"""The small-number guard: which counts of people may be shown. Pure.

A count under the threshold is hidden. Because rows, columns and totals are published with it, and because people keep
what was published before, hiding one cell is seldom enough: others are hidden to cover for it, until for every hidden
cell there is *another table* that agrees with everything that is shown, now and earlier. `Guarded.proof` holds that
other table, so that a test (and a sceptic) can check it without trusting the search that found it.

Which hidden cell is small and which covers for it is not told: the difference would give the small one away.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

LEAST_THRESHOLD = 5
THRESHOLD = 10
ROUNDINGS = (1, 5, 10)
UNTOLD = 10**9  # stands for a hidden count of earlier, of which nobody kept the value: it may move freely
SMALLEST_BASE = 100  # no share is shown of fewer people than this


@dataclass(frozen=True)
class Rules:
    """From how many people on a count is shown, and whether shown counts are rounded."""

    threshold: int = THRESHOLD
    rounding: int = 1

    def __post_init__(self) -> None:
        if self.threshold < LEAST_THRESHOLD:
            raise ValueError(f"the threshold is never under {LEAST_THRESHOLD}")
        if self.rounding not in ROUNDINGS:
            raise ValueError(f"rounding is one of {ROUNDINGS}")

    def rounded(self, value: int) -> int:
        return (value + self.rounding // 2) // self.rounding * self.rounding


@dataclass(frozen=True)
class Sum:
    """A total and its parts: a row, a column, or an area and the areas in it."""

    total: Hashable
    parts: tuple[Hashable, ...]


@dataclass(frozen=True)
class Release:
    """What was published earlier: the cells with their values, the cells that were hidden, and how they add up."""

    shown: Mapping[Hashable, int]
    hidden: frozenset[Hashable]
    sums: tuple[Sum, ...] = ()


@dataclass(frozen=True)
class Guarded:
    """What may be shown. `exposed`: cells that can be worked out from what was published before; nothing helps."""

    shown: dict[Hashable, int]
    hidden: frozenset[Hashable]
    exposed: frozenset[Hashable] = frozenset()
    proof: dict[Hashable, dict[Hashable, int]] = field(
        default_factory=dict
    )  # hidden cell -> steps to another table


Equation = dict[Hashable, int]  # unknown -> coefficient


class _Rest:
    """What a total holds beside the parts that are in the table: unknown to everybody, so it counts as hidden."""


def guard(
    cells: Mapping[Hashable, int], sums: Sequence[Sum], rules: Rules, earlier: Iterable[Release] = ()
) -> Guarded:
    """Hide small counts, and enough others that no hidden one can be worked out.

    `sums` may name cells of earlier releases too: a total that is published later bounds the parts of then.
    """
    earlier = list(earlier)
    past: dict[Hashable, int | None] = {}  # published before and not in this table; None: hidden
    for release in earlier:
        past |= {key: value for key, value in release.shown.items() if key not in cells}
        past |= dict.fromkeys((key for key in release.hidden if key not in cells), None)
    values: dict[Hashable, int] = {key: value for key, value in past.items() if value is not None} | dict(
        cells
    )
    usable, rests = _usable(sums, values, past)
    values |= rests[1]
    small = {key for key, value in cells.items() if 0 < value < rules.threshold}
    hidden = small | {key for release in earlier for key in release.hidden if cells.get(key)}
    hidden |= {key for key, value in past.items() if value is None}
    told = {
        key
        for release in earlier
        for key, value in release.shown.items()
        if key in cells and value in (cells[key], rules.rounded(cells[key]))
    }
    told |= {key for key, value in past.items() if value is not None}
    before = _equations_before(earlier, cells)
    for name in hidden | {name for equation in before for name in equation}:
        values.setdefault(name, UNTOLD)
    proof: dict[Hashable, dict[Hashable, int]] = {}
    exposed: set[Hashable] = set()
    while waiting := sorted(hidden - set(proof) - exposed, key=lambda key: (values[key], repr(key))):
        key = waiting[0]
        if key in told:
            exposed.add(key)  # it was published with this very value
            continue
        step = _other_table(key, _equations(usable, rests[0], hidden - told) + before, values)
        if step is not None:
            for moved in step:
                if moved in hidden:
                    proof.setdefault(moved, step)
            continue
        cover = _cover(key, usable, values, hidden, told)
        if cover is None:
            exposed.add(key)
        else:
            hidden.add(cover)
    shown = {key: rules.rounded(value) for key, value in cells.items() if key not in hidden}
    return Guarded(shown, frozenset(hidden & set(cells)), frozenset(exposed & set(cells)), proof)


def _usable(
    sums: Sequence[Sum], values: Mapping[Hashable, int], past: Mapping[Hashable, int | None]
) -> tuple[list[Sum], tuple[dict[int, Hashable], dict[Hashable, int]]]:
    """The sums somebody could use, each with what its total holds beside the parts (by number, and with its value)."""
    usable: list[Sum] = []
    names: dict[int, Hashable] = {}
    rests: dict[Hashable, int] = {}
    for line in sums:
        parts = tuple(part for part in line.parts if part in values or part in past)
        if not parts or (line.total not in values and line.total not in past):
            continue
        if all(name in values for name in (line.total, *parts)):
            rest = values[line.total] - sum(values[part] for part in parts)
            if rest < 0:
                continue  # parts that overlap do not add up: there is nothing to work out
            if rest:
                names[len(usable)] = name = _Rest()
                rests[name] = rest
        usable.append(Sum(line.total, parts))
    return usable, (names, rests)


def _equations_before(earlier: Sequence[Release], cells: Mapping[Hashable, int]) -> list[Equation]:
    """What earlier releases tell of what they hid. Who looks may believe that a hidden count is still the same.

    A cell that was hidden and is a zero now has certainly changed: it is an unknown of its own.
    """
    return [
        {("earlier", name) if cells.get(name) == 0 else name: by for name, by in equation.items()}
        for release in earlier
        for equation in _equations(release.sums, {}, release.hidden)
    ]


def _equations(
    sums: Sequence[Sum], rests: Mapping[int, Hashable], unknown: Iterable[Hashable]
) -> list[Equation]:
    """Each sum as an equation over what is not known; a sum without unknowns says nothing new."""
    unknown = set(unknown)
    found = []
    for number, line in enumerate(sums):
        equation: Equation = {part: 1 for part in line.parts if part in unknown}
        if line.total in unknown:
            equation[line.total] = -1
        if number in rests:
            equation[rests[number]] = 1
        if equation:
            found.append(equation)
    return found


def _component(key: Hashable, equations: Sequence[Equation]) -> tuple[list[Hashable], list[Equation]]:
    """The unknowns that hang together with this one, and the equations between them."""
    touching: dict[Hashable, list[int]] = defaultdict(list)
    for number, equation in enumerate(equations):
        for name in equation:
            touching[name].append(number)
    names, used, todo = [key], set(), [key]
    seen = {key}
    while todo:
        for number in touching[todo.pop()]:
            if number in used:
                continue
            used.add(number)
            for name in equations[number]:
                if name not in seen:
                    seen.add(name)
                    names.append(name)
                    todo.append(name)
    return names, [equations[number] for number in sorted(used)]


def _other_table(
    key: Hashable, equations: Sequence[Equation], values: Mapping[Hashable, int]
) -> dict[Hashable, int] | None:
    """Steps from the true table to another one with the same sums in which this cell differs; None: not found.

    Whoever looks may know that zeros are shown, so no hidden count may step under one.
    """
    names, lines = _component(key, equations)
    others = sorted((name for name in names if name != key), key=lambda name: values[name])
    for order in (others, others[::-1]):  # what is named last is free to move
        moves = _moves(key, [*order, key], lines)
        if moves is None:
            return None
        main, rest = moves
        for step in (main, *(_plus(main, move, sign) for move in rest[:40] for sign in (1, -1))):
            for sign in (1, -1):
                if all(
                    values[name] + sign * change >= _least(name, values[name])
                    for name, change in step.items()
                ):
                    return {name: sign * change for name, change in step.items()}
    return None


def _least(name: Hashable, value: int) -> int:
    return 0 if isinstance(name, _Rest) or value == 0 else 1


def _plus(step: dict[Hashable, int], other: dict[Hashable, int], sign: int) -> dict[Hashable, int]:
    both = {name: step.get(name, 0) + sign * other.get(name, 0) for name in step.keys() | other.keys()}
    return {name: change for name, change in both.items() if change}


def _moves(
    key: Hashable, order: Sequence[Hashable], lines: Sequence[Equation]
) -> tuple[dict[Hashable, int], list[dict[Hashable, int]]] | None:
    """How the unknowns can move together when `key` moves, and how they can move without it. None: key is fixed."""
    rows = [[Fraction(line.get(name, 0)) for name in order] for line in lines]
    pivots: list[int] = []
    for column in range(len(order)):
        found = next((n for n in range(len(pivots), len(rows)) if rows[n][column]), None)
        if found is None:
            continue
        at = len(pivots)
        rows[at], rows[found] = rows[found], rows[at]
        factor = rows[at][column]
        rows[at] = [entry / factor for entry in rows[at]]
        for n, row in enumerate(rows):
            if n != at and row[column]:
                times = row[column]
                rows[n] = [entry - times * other for entry, other in zip(row, rows[at], strict=True)]
        pivots.append(column)
        if len(pivots) == len(rows):
            break
    if len(order) - 1 in pivots:
        return None
    free = [column for column in range(len(order)) if column not in pivots]

    def move(column: int) -> dict[Hashable, int]:
        steps = {order[column]: Fraction(1)}
        for at, pivot in enumerate(pivots):
            if rows[at][column]:
                steps[order[pivot]] = -rows[at][column]
        scale = lcm(*(step.denominator for step in steps.values()))
        return {name: int(step * scale) for name, step in steps.items()}

    return move(free[-1]), [move(column) for column in free[:-1]]


def _cover(
    key: Hashable,
    sums: Sequence[Sum],
    values: Mapping[Hashable, int],
    hidden: set[Hashable],
    told: set[Hashable],
) -> Hashable | None:
    """The cell that is hidden next to protect this one: near, not a total, not zero, and small. None: there is none."""
    near, seen = {key}, set()
    totals = {line.total for line in sums}
    while near:
        seen |= near
        reached = {
            name for line in sums if near & {line.total, *line.parts} for name in (line.total, *line.parts)
        } - seen
        open_ = [name for name in reached if name not in hidden and name not in told]
        if open_:
            return min(open_, key=lambda n: (values[n] == 0, n in totals, values[n], repr(n)))
        near = reached
    return None


def show_share(share: float, base: int, rules: Rules) -> bool:
    """May a share (in percent) of this many people be shown? Not of few people, and not when it stands for few."""
    count = round(share * base / 100)
    return base >= SMALLEST_BASE and (count == 0 or count >= rules.threshold)
