"""Two templates beside each other: what both have, and what only one has. Pure; nothing here puts one above the other."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from workbench.showcase.content import PlanContent
from workbench.showcase.finding.words import plain

T = TypeVar("T")


@dataclass(frozen=True)
class Pair(Generic[T]):
    """What is the same in both, as each of them words it."""

    left: T
    right: T


@dataclass(frozen=True)
class Sides(Generic[T]):
    """Each in the order of its own template."""

    both: tuple[Pair[T], ...]
    left: tuple[T, ...]
    right: tuple[T, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.both or self.left or self.right)


@dataclass(frozen=True)
class Difference:
    """Of values, goals, figures and questions: how they are called."""

    values: Sides[str]
    goals: Sides[str]
    figures: Sides[str]
    questions: Sides[str]

    @property
    def shared(self) -> int:
        return sum(len(part.both) for part in (self.values, self.goals, self.figures, self.questions))


def compare(left: PlanContent, right: PlanContent) -> Difference:
    return Difference(
        values=_named(left, right, lambda content: _unique(_values(content))),
        goals=_named(left, right, lambda content: _unique(_goals(content))),
        figures=_named(left, right, lambda content: _unique(_figures(content))),
        questions=_named(left, right, lambda content: _unique(_questions(content))),
    )


# (what it is known by, how it is called): the same in two templates when one of the former is the same.
Named = tuple[frozenset[str], str]


def _values(content: PlanContent) -> Iterable[Named]:
    for value in content.values:
        slug = [f"library {value.library_slug}"] if value.library_slug else []
        yield frozenset([plain(value.name), str(value.key), *slug]), value.name


def _goals(content: PlanContent) -> Iterable[Named]:
    for goal in content.goals:
        yield frozenset([plain(goal.sentence), str(goal.key)]), goal.whole_sentence


def _figures(content: PlanContent) -> Iterable[Named]:
    """A figure of the catalogue is known by its slug alone: two of them may have one name."""
    for goal in content.goals:
        for figure in goal.figures:
            known = f"catalogue {figure.indicator}" if figure.indicator else plain(figure.name)
            yield frozenset([known]), figure.name


def _questions(content: PlanContent) -> Iterable[Named]:
    texts = [question.text for goal in content.goals for question in goal.questions]
    texts += [question.text for question in content.own_questions]
    texts += [activity.question for activity in content.script if activity.question]
    return ((frozenset([plain(text)]), text) for text in texts)


def _unique(items: Iterable[Named]) -> list[Named]:
    """Each once: a figure may stand under several goals."""
    found: list[Named] = []
    for known, name in items:
        if not any(known & other for other, _name in found):
            found.append((known, name))
    return found


def _named(left: PlanContent, right: PlanContent, items: Callable[[PlanContent], list[Named]]) -> Sides[str]:
    """Each item of one side goes with at most one of the other."""
    ours, theirs = items(left), items(right)
    both: list[Pair[str]] = []
    only: list[str] = []
    for known, name in ours:
        match = next((other for other in theirs if known & other[0]), None)
        if match is None:
            only.append(name)
        else:
            theirs.remove(match)
            both.append(Pair(name, match[1]))
    return Sides(tuple(both), tuple(only), tuple(name for _known, name in theirs))
