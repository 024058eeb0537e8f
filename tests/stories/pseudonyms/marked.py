"""Two sets of thirty texts, and how much of what is marked in them is found.

`texts.yaml` was written with the rules. `fresh.yaml` was written later, by somebody who had not seen them, to be hard:
what is found in its hold-out half is the fairest guess of what will be found in a story that comes in tomorrow.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from workbench.stories.pseudonyms import Found, Kind

TEXTS = Path(__file__).parent / "texts.yaml"
FRESH = Path(__file__).parent / "fresh.yaml"
DIRECT = (Kind.PERSON, Kind.ADDRESS, Kind.POSTCODE, Kind.EMAIL, Kind.PHONE, Kind.BSN)
_MARK = re.compile(r"\[(\w+)\|([^\]]+)\]")


@dataclass(frozen=True)
class Planted:
    start: int
    end: int
    kind: Kind
    words: str


@dataclass(frozen=True)
class Marked:
    name: str
    hold_out: bool
    text: str
    planted: tuple[Planted, ...]


def texts(file: Path = TEXTS) -> list[Marked]:
    """The texts with their marks taken out and remembered."""
    return [_marked(**one) for one in yaml.safe_load(file.read_text(encoding="utf-8"))]


def _marked(name: str, text: str, *, hold_out: bool = False) -> Marked:
    plain, planted, reached = "", [], 0
    for match in _MARK.finditer(text):
        plain += text[reached : match.start()]
        planted.append(Planted(len(plain), len(plain) + len(match[2]), Kind(match[1]), match[2]))
        plain += match[2]
        reached = match.end()
    return Marked(name, hold_out, plain + text[reached:], tuple(planted))


@dataclass
class Tally:
    """Per kind: how many were planted, found whole with that kind, covered by any kind, and proposed."""

    planted: Counter[Kind] = field(default_factory=Counter)
    found: Counter[Kind] = field(default_factory=Counter)
    covered: Counter[Kind] = field(default_factory=Counter)
    proposed: Counter[Kind] = field(default_factory=Counter)
    right: Counter[Kind] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def recall(self, kinds: Iterable[Kind]) -> float:
        kinds = list(kinds)
        return sum(self.found[kind] for kind in kinds) / max(1, sum(self.planted[kind] for kind in kinds))

    def precision(self, kinds: Iterable[Kind]) -> float:
        kinds = list(kinds)
        return sum(self.right[kind] for kind in kinds) / max(1, sum(self.proposed[kind] for kind in kinds))

    def lines(self) -> Iterator[str]:
        for kind in Kind:
            if self.planted[kind] or self.proposed[kind]:
                yield self._line(kind, [kind])
        yield self._line("direct", DIRECT)
        yield self._line("all", list(Kind))
        yield f"replaced by some kind: {sum(self.covered.values())} of {sum(self.planted.values())}"

    def _line(self, name: str, kinds: Sequence[Kind]) -> str:
        planted, proposed = (
            sum(self.planted[kind] for kind in kinds),
            sum(self.proposed[kind] for kind in kinds),
        )
        return (
            f"{name:9} recall {self.recall(kinds):.3f} of {planted:3}"
            f"  precision {self.precision(kinds):.3f} of {proposed:3}"
        )


def tally(marked: Iterable[Marked], find: Callable[[str], Sequence[Found]]) -> Tally:
    """Found: every letter of it, by finds of that kind. Right: the proposal touches something planted of its kind."""
    count = Tally()
    for one in marked:
        finds = find(one.text)
        for plant in one.planted:
            count.planted[plant.kind] += 1
            same = _covers(plant, [item for item in finds if item.kind == plant.kind])
            count.found[plant.kind] += same
            count.covered[plant.kind] += _covers(plant, finds)
            if not same:
                count.missed.append(f"{one.name}: {plant.kind} {plant.words!r}")
        for item in finds:
            right = any(
                plant.kind == item.kind and plant.start < item.end and item.start < plant.end
                for plant in one.planted
            )
            count.proposed[item.kind] += 1
            count.right[item.kind] += right
            if not right:
                count.wrong.append(f"{one.name}: {item.kind} {item.words!r}")
    return count


def _covers(plant: Planted, finds: Sequence[Found]) -> bool:
    open_places = set(range(plant.start, plant.end))
    for item in finds:
        open_places -= set(range(item.start, item.end))
    return not open_places
