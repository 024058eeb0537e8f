"""Groups within a round, such as factions: which may be shown, and to which side each of them leans.

No group of fewer than three people is ever shown: such groups go together into one rest group, and when the rest would
be smaller than three, the smallest other group joins it, so that no group can be found by subtraction. Of a group only
its leaning is told, never a number: counts of groups beside the counts of all would give back those of a small one. It
leans only when at least three of its people said something, since who is silent leaves the others alone.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from workbench.rounds.methods.base import FEWEST, Content

REST = ""  # the name of the rest group; no faction is called so

Answers = Sequence[tuple[str | None, Content]]  # each with the faction of who gave it
Opinion = Callable[[Content], int | None]  # one way (1), the other (-1), neither (0), or nothing said (None)


def safe_groups(factions: Sequence[str | None]) -> dict[str, int]:
    """Name -> size of the groups that may be shown, by name, the rest group last; empty when that is nobody."""
    sizes = Counter(faction for faction in factions if faction)
    shown = {name: n for name, n in sorted(sizes.items()) if n >= FEWEST}
    rest = len(factions) - sum(shown.values())
    while shown and 0 < rest < FEWEST:
        smallest = min(shown, key=lambda name: (shown[name], name))
        rest += shown.pop(smallest)
    return shown | ({REST: rest} if rest >= FEWEST else {})


def parted(answers: Answers) -> dict[str, list[Content]]:
    """Name -> answers of the groups that may be shown; empty when they are fewer than two."""
    sizes = safe_groups([faction for faction, _content in answers])
    if len(sizes) < 2:
        return {}
    members: dict[str, list[Content]] = {name: [] for name in sizes}
    for faction, content in answers:
        members[faction if faction in sizes and faction else REST].append(content)
    return members


def leaning(opinions: Sequence[int | None]) -> int | None:
    """To which side a group leans; 0 when as many stand on either, None when too few said anything."""
    said = [opinion for opinion in opinions if opinion is not None]
    if len(said) < FEWEST:
        return None
    return (sum(said) > 0) - (sum(said) < 0)


def leanings(members: Mapping[str, Sequence[Content]], opinions: Mapping[str, Opinion]) -> dict[str, Any]:
    """The sizes of the groups, and per key of an option the leaning of each group."""
    return {
        "sizes": {name: len(contents) for name, contents in members.items()},
        "leanings": {
            key: {name: leaning(list(map(opinion, contents))) for name, contents in members.items()}
            for key, opinion in opinions.items()
        },
    }
