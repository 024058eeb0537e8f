"""How many stories each group of people told, past the guard for small numbers. Pure.

A count of stories is no figure about people and is always shown. Who told them is one: few people of a kind are easily
recognised, and who knows how many stories there are can work out what one hidden count was.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping

from workbench.indicators.disclosure import Release, Rules, Sum, guard

_REST = ""  # stories of which none of the groups is known


def told_by(traits: Mapping[Hashable, Collection[str]], rules: Rules) -> dict[str, int | None]:
    """Per group how many of these stories, in the order of the alphabet; None: hidden. `traits`: per story its groups.

    The guard reckons with the nearest to a table that adds up: every story in one group, or in none of them.
    """
    counts = Counter(name for names in traits.values() for name in set(names))
    counts[_REST] = sum(not names for names in traits.values())
    cells: dict[Hashable, int] = dict(sorted(counts.items()))
    whole = Sum("all", tuple(cells))
    known = Release(shown={"all": sum(counts.values())}, hidden=frozenset(), sums=(whole,))
    found = guard(cells, [whole], rules, [known])
    open_to = {cell: shown for cell, shown in found.shown.items() if cell not in found.exposed}
    return {str(cell): open_to.get(cell) for cell in cells if cell != _REST}
