"""The first proposal for a monitor, and taking in what a plan got since somebody shaped it. Pure.

Values first: a section per value, in it goal by goal, with each goal its figures (those with an aim first), what was told
about it, and last what it costs. Then what rests, what we do not know, and how it was made.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol
from uuid import UUID, uuid5

from workbench.monitors.format import (
    DRAWN,
    TOLD,
    AnyBlock,
    Figure,
    Format,
    GoalHead,
    Methods,
    Money,
    Quote,
    Resting,
    Section,
    Stories,
    Unknown,
)
from workbench.monitors.voices import differ

VOICES = 3  # that a proposal lets speak about a goal
CLOSING: tuple[type[Resting | Unknown | Methods], ...] = (Resting, Unknown, Methods)


ABOUT_A_GOAL = (GoalHead, Money, *TOLD)


@dataclass(frozen=True)
class LinkFact:
    id: UUID
    has_aim: bool = False


@dataclass(frozen=True)
class PassageFact:
    """A passage that somebody may choose for a goal; each of another story."""

    id: UUID
    leaning: str = ""
    is_public: bool = False


@dataclass(frozen=True)
class GoalFact:
    """`value_ids`: the values that it serves; its figures stand with the first of them. `passages` None: nobody asked
    which there are, so who speaks about it stays the same.
    """

    id: UUID
    value_ids: tuple[UUID, ...]
    links: tuple[LinkFact, ...] = ()
    has_costs: bool = False
    passages: tuple[PassageFact, ...] | None = None


@dataclass(frozen=True)
class Facts:
    """What there is in a plan; values and goals in their order. Links that rest count: their blocks keep their place."""

    value_ids: tuple[UUID, ...] = ()
    goals: tuple[GoalFact, ...] = ()

    @property
    def served(self) -> list[GoalFact]:
        """The goals with a value; a goal that lost its values has no place in a monitor."""
        known = set(self.value_ids)
        return [goal for goal in self.goals if not known.isdisjoint(goal.value_ids)]

    @property
    def ids(self) -> set[UUID]:
        served = self.served
        links = {link.id for goal in served for link in goal.links}
        return {*self.value_ids, *(goal.id for goal in served), *links}

    def for_residents(self) -> "Facts":
        """Without passages that their narrators do not share with everyone."""
        return replace(
            self,
            goals=tuple(
                replace(goal, passages=tuple(one for one in goal.passages or () if one.is_public))
                for goal in self.goals
            ),
        )

    def values_of(self, goal: GoalFact) -> list[UUID]:
        serves = set(goal.value_ids)
        return [value_id for value_id in self.value_ids if value_id in serves]


def propose(monitor_id: UUID, facts: Facts, former: Format | None = None) -> Format:
    """The whole proposal. Parts that `former` had too keep their ids, and blocks what was chosen for them."""
    parts = _Parts(monitor_id, former or Format())
    blocks: dict[UUID, list[AnyBlock]] = {value_id: [] for value_id in facts.value_ids}
    for goal in facts.served:
        for place, value_id in enumerate(facts.values_of(goal)):
            blocks[value_id].append(parts.goal_head(goal, value_id))
            if place == 0:
                blocks[value_id] += parts.of_goal(goal)
    sections = [parts.section(value_id, found) for value_id, found in blocks.items()]
    if sections:
        sections += [parts.closing(kind) for kind in CLOSING]
    return Format(sections=tuple(sections), known=_sorted(facts.ids))


class _Parts:
    """Makes sections and blocks, or finds them in the former format. What is new has an id that follows from what it is
    about, so that a page may show it before it is stored.
    """

    def __init__(self, monitor_id: UUID, former: Format) -> None:
        self._monitor_id = monitor_id
        self._sections = {section.value_id: section for section in former.sections if section.value_id}
        self._closing = {
            type(section.blocks[0]): section
            for section in former.sections
            if section.value_id is None and section.blocks
        }
        self._heads = {
            (section.value_id, block.goal_id): block
            for section in former.sections
            for block in section.blocks
            if isinstance(block, GoalHead)
        }
        self._figures = {block.link_id: block for block in former.blocks if isinstance(block, Figure)}
        self._told = {block.goal_id: block for block in former.blocks if isinstance(block, TOLD)}
        self._money = {block.goal_id: block for block in former.blocks if isinstance(block, Money)}

    def _id(self, *about: object) -> UUID:
        return uuid5(self._monitor_id, " ".join(map(str, about)))

    def section(self, value_id: UUID, blocks: list[AnyBlock]) -> Section:
        found = self._sections.get(value_id) or Section(id=self._id("section", value_id), value_id=value_id)
        return found.model_copy(update={"blocks": tuple(blocks)})

    def closing(self, kind: type[Resting | Unknown | Methods]) -> Section:
        name = kind.model_fields["kind"].default
        return self._closing.get(kind) or Section(
            id=self._id("section", name), blocks=(kind(id=self._id(name)),)
        )

    def goal_head(self, goal: GoalFact, value_id: UUID) -> AnyBlock:
        found = self._heads.get((value_id, goal.id))
        return found or GoalHead(id=self._id("goal", value_id, goal.id), goal_id=goal.id)

    def figure(self, link: LinkFact) -> Figure:
        return self._figures.get(link.id) or Figure(id=self._id("figure", link.id), link_id=link.id)

    def money(self, goal: GoalFact) -> Money:
        return self._money.get(goal.id) or Money(id=self._id("money", goal.id), goal_id=goal.id)

    def told(self, goal: GoalFact) -> list[AnyBlock]:
        """A few voices, one that sounds different among them where there is one; a single one as a quote."""
        kept = self._told.get(goal.id)
        if goal.passages is None:
            return [kept] if kept else []
        found = tuple(one.id for one in chosen_voices(goal.passages))
        if not found:
            return []
        if kept is not None and set(kept.excerpt_ids) == set(found):
            return [kept]
        if len(found) == 1:
            return [Quote(id=self._id("quote", goal.id), goal_id=goal.id, excerpt_id=found[0])]
        return [Stories(id=self._id("stories", goal.id), goal_id=goal.id, excerpt_ids=found)]

    def of_goal(self, goal: GoalFact) -> list[AnyBlock]:
        """Its figures, those with an aim first, then what was told, and its money last."""
        figures = [self.figure(link) for link in sorted(goal.links, key=lambda link: not link.has_aim)]
        return [*figures, *self.told(goal), *([self.money(goal)] if goal.has_costs else [])]


def chosen_voices(passages: Sequence[PassageFact]) -> list[PassageFact]:
    """The first, then one that sounds different, then others in their order."""
    if not passages:
        return []
    first, *rest = passages
    rest = sorted(rest, key=lambda one: not differ((first.leaning, one.leaning)))
    return [first, *rest[: VOICES - 1]]


class Suiting(Protocol):
    """A view, and whether it suits the figures."""

    @property
    def kind(self) -> str: ...

    @property
    def suits(self) -> bool: ...


# What the workbench shows by itself, the best first: views of the figure alone, that need no choice.
PLAIN = ("trend", "bullet", "strip", "before_after")


def view_for(chosen: str, views: Sequence[Suiting]) -> str:
    """The chosen view when the figures suit it, else the first plain one that they do suit; when none does, the chosen
    one.
    """
    suiting = [view.kind for view in views if view.suits]
    plain = [kind for kind in PLAIN if kind in suiting]
    return chosen if chosen in suiting or not plain else plain[0]


# --- Taking in ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class News:
    """What a plan got and lost since a format was made."""

    new_values: tuple[UUID, ...] = ()
    new_goals: tuple[UUID, ...] = ()
    new_links: tuple[UUID, ...] = ()
    gone_values: tuple[UUID, ...] = ()
    gone_goals: tuple[UUID, ...] = ()
    gone_links: tuple[UUID, ...] = ()

    @property
    def is_any(self) -> bool:
        return self != News()


def news(format_: Format, facts: Facts) -> News:
    known, there = set(format_.known), facts.ids
    goals = [goal.id for goal in facts.served]
    links = [link.id for goal in facts.served for link in goal.links]
    used_goals = [block.goal_id for block in format_.blocks if isinstance(block, ABOUT_A_GOAL)]
    return News(
        tuple(value_id for value_id in facts.value_ids if value_id not in known),
        tuple(goal_id for goal_id in goals if goal_id not in known),
        tuple(link_id for link_id in links if link_id not in known),
        _gone((section.value_id for section in format_.sections), there),
        _gone(used_goals, there),
        _gone((block.link_id for block in format_.drawn), there),
    )


def _gone(ids: Iterable[UUID | None], there: set[UUID]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(id_ for id_ in ids if id_ and id_ not in there))


def take_in(monitor_id: UUID, format_: Format, facts: Facts) -> Format:
    """The format with what is new at its place and without what is gone; all else stays as it was shaped."""
    told = news(format_, facts)
    parts = _Parts(monitor_id, format_)
    sections = _Sections([_without(section, told) for section in format_.sections])
    sections.drop_empty(told.gone_values)
    for value_id in told.new_values:
        sections.add_value(parts.section(value_id, []), facts.value_ids)
    there = {block.id for section in sections.all for block in section.blocks}
    for goal in facts.served:
        serves = facts.values_of(goal)
        if goal.id in told.new_goals:
            for value_id in serves:
                head = parts.goal_head(goal, value_id)
                more = parts.of_goal(goal) if value_id == serves[0] else []
                fresh = [block for block in (head, *more) if block.id not in there]
                sections.append(value_id, fresh)
                there |= {block.id for block in fresh}
        else:
            for link in goal.links:
                figure = parts.figure(link)
                if link.id in told.new_links and figure.id not in there:
                    sections.after_goal(goal, serves, figure)
                    there.add(figure.id)
    known = _sorted({*format_.known, *facts.ids})
    return Format(sections=tuple(sections.all), known=known)


def _without(section: Section, told: News) -> Section:
    blocks = tuple(
        block
        for block in section.blocks
        if not (isinstance(block, DRAWN) and block.link_id in told.gone_links)
        and not (isinstance(block, ABOUT_A_GOAL) and block.goal_id in told.gone_goals)
    )
    return section.model_copy(update={"blocks": blocks})


@dataclass
class _Sections:
    all: list[Section] = field(default_factory=list)

    def drop_empty(self, gone_values: tuple[UUID, ...]) -> None:
        """Of a value that is gone a section stays when something stands in it, about no value any more."""
        kept = [section for section in self.all if section.blocks or section.value_id not in gone_values]
        self.all = [
            section.model_copy(update={"value_id": None}) if section.value_id in gone_values else section
            for section in kept
        ]

    def add_value(self, section: Section, order: tuple[UUID, ...]) -> None:
        """Behind the last section of a value that comes before it in the plan; else first."""
        earlier = set(order[: order.index(section.value_id)]) if section.value_id in order else set()
        behind = [place for place, other in enumerate(self.all) if other.value_id in earlier]
        self.all.insert(behind[-1] + 1 if behind else 0, section)

    def append(self, value_id: UUID, blocks: list[AnyBlock]) -> None:
        """To the last section of this value; where it was taken out, before what closes the monitor."""
        places = [place for place, section in enumerate(self.all) if section.value_id == value_id]
        if not places:
            places = [self._closing()]
            self.all.insert(places[0], Section(id=uuid5(value_id, "section"), value_id=value_id))
        self._insert(places[-1], len(self.all[places[-1]].blocks), blocks)

    def after_goal(self, goal: GoalFact, serves: list[UUID], block: AnyBlock) -> None:
        """Behind the last figure of the goal, else behind its heading; before its money."""
        links = {link.id for link in goal.links}
        found = None
        for at, section in enumerate(self.all):
            for place, other in enumerate(section.blocks):
                is_figure = isinstance(other, DRAWN) and other.link_id in links
                is_head = isinstance(other, GoalHead) and other.goal_id == goal.id
                if is_figure or (is_head and found is None):
                    found = (at, place)
        if found is None:
            self.append(serves[0], [block])
        else:
            self._insert(found[0], found[1] + 1, [block])

    def _closing(self) -> int:
        """The place of the first section of those at the end that are about no value."""
        for place in range(len(self.all), 0, -1):
            if self.all[place - 1].value_id:
                return place
        return 0

    def _insert(self, at: int, place: int, blocks: list[AnyBlock]) -> None:
        section = self.all[at]
        self.all[at] = section.model_copy(
            update={"blocks": (*section.blocks[:place], *blocks, *section.blocks[place:])}
        )


def _sorted(ids: Iterable[UUID]) -> tuple[UUID, ...]:
    return tuple(sorted(ids))
