"""Who uses several provisions at once: one number for each combination, of one period."""

from dataclasses import dataclass

from workbench.figures.frame import DIRECTIONS, Point, SourceNote, check_word


@dataclass(frozen=True)
class Combination:
    """Exactly these provisions, and no other; `members` are names of the frame's provisions."""

    members: frozenset[str]
    point: Point


@dataclass(frozen=True)
class StackFrame:
    """Combinations in a fixed order: fewest provisions first, then the order of the provisions."""

    indicator: str
    unit: str  # huishoudens, mensen
    area: str
    provisions: tuple[str, ...]  # Wmo, Jeugdwet, Participatiewet
    combinations: tuple[Combination, ...]
    direction: str  # one of DIRECTIONS
    reading_up: str | None
    reading_down: str | None
    source: SourceNote
    decimals: int = 0

    def __post_init__(self) -> None:
        check_word(self.indicator, self.direction, DIRECTIONS)
        members = [combination.members for combination in self.combinations]
        if len(set(members)) < len(members):
            raise ValueError(f"{self.indicator}: a combination occurs twice.")
        if any(not some or not some <= set(self.provisions) for some in members):
            raise ValueError(
                f"{self.indicator}: a combination holds none, or one that is not a provision here."
            )
        if len({combination.point.period for combination in self.combinations}) > 1:
            raise ValueError(f"{self.indicator}: combinations of several periods do not add up.")
        if any((combination.point.value or 0.0) < 0 for combination in self.combinations):
            raise ValueError(f"{self.indicator}: fewer than nobody.")
        object.__setattr__(self, "combinations", tuple(sorted(self.combinations, key=self._order)))

    def names_of(self, combination: Combination) -> list[str]:
        return [name for name in self.provisions if name in combination.members]

    @property
    def several(self) -> tuple[Combination, ...]:
        """Two or more provisions at once."""
        return tuple(one for one in self.combinations if len(one.members) > 1)

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple(combination.point for combination in self.combinations)

    def _order(self, combination: Combination) -> tuple[int, list[int]]:
        return len(combination.members), [
            place for place, name in enumerate(self.provisions) if name in combination.members
        ]
