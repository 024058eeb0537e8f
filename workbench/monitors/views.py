"""A monitor as one reader sees it: sections, and in each what stands there, in a fixed number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from flask_babel import gettext as _

from workbench.accounts.models import Membership
from workbench.evidence.coverage.balance import Balance, balance
from workbench.evidence.follow_up import queries as follow_up
from workbench.evidence.follow_up.models import CostLine, Part
from workbench.evidence.insight import queries as insight
from workbench.evidence.insight.models import GoalLines
from workbench.evidence.measuring.models import Aiming
from workbench.evidence.models import Link
from workbench.evidence.telling.hearing import Passage, told_days, told_of
from workbench.evidence.telling.hearing import Stories as Heard
from workbench.evidence.telling.models import StoryLink
from workbench.monitors import queries
from workbench.monitors.format import (
    DRAWN,
    TOLD,
    AnyBlock,
    Format,
    GoalHead,
    Methods,
    Money,
    Quote,
    Resting,
    Section,
    Stories,
    Unknown,
    key_of,
)
from workbench.monitors.hearing import audience_of, hear
from workbench.monitors.models import BlockDocument
from workbench.monitors.plan_facts import passage_facts
from workbench.monitors.proposal import Facts, GoalFact, LinkFact
from workbench.monitors.queries import BlockView, Shown
from workbench.monitors.voices import Voice, from_all
from workbench.stories.kept.visibility import Audience
from workbench.vision.models import Goal, Plan, Value
from workbench.vision.queries import VALUE_STEPS, goals_serving, values_of
from workbench.vision.steps import COSTS, EVIDENCE, GOALS

# The addresses on the page of the sections that close a monitor.
ANCHORS = {Resting: "later", Unknown: "weten-niet", Methods: "gemaakt"}


@dataclass(frozen=True)
class GoalView:
    """A goal as it heads its blocks. `counted`: its figures in view; `stories`: with their sources; `heard`: what these
    brought in; `written`: the three lines of the group.
    """

    goal: Goal
    counted: int
    stories: list[StoryLink]
    heard: Heard
    written: GoalLines | None = None

    @property
    def balance(self) -> Balance:
        """As the plan tells it; how old each figure is stands at the figure."""
        days = told_days([link.source for link in self.stories], self.heard)
        return balance([None] * self.counted, days, stories=self.heard.count)


@dataclass(frozen=True)
class Item:
    """A block on the page. `goal`: what it is about; `elsewhere`: the section where the figures of this goal stand;
    `is_apart`: it does not stand under its own goal here, and so names it.
    """

    block: AnyBlock
    figure: BlockView | None = None
    goal: GoalView | None = None
    costs: list[CostLine] = field(default_factory=list)
    voices: tuple[Voice, ...] = ()
    beside: Link | None = None  # the figure that these voices belong to
    is_beside_here: bool = False  # that figure stands in this monitor
    told: tuple[Quote | Stories, ...] = ()  # of a figure: the voices that belong to it
    elsewhere: Section | None = None
    is_apart: bool = False
    level: int = 3
    is_first: bool = (
        True  # the first of its link on the page: it has the address that pages elsewhere lead to
    )

    @property
    def kind(self) -> str:
        return self.block.kind


@dataclass(frozen=True)
class SectionView:
    section: Section
    value: Value | None
    items: list[Item]

    @property
    def name(self) -> str:
        return section_name(self.section, self.value)

    @property
    def anchor(self) -> str:
        first = self.section.blocks[0] if self.section.blocks else None
        is_closing = self.section.value_id is None and not self.section.title
        found = ANCHORS.get(type(first)) if is_closing and first else None
        return found or f"deel-{self.section.id}"

    @property
    def figures(self) -> Iterator[BlockView]:
        return (item.figure for item in self.items if item.figure)


@dataclass(frozen=True)
class MonitorView:
    shown: Shown
    sections: list[SectionView]
    resting: list[Link] = field(default_factory=list)  # the first day to look again first
    # All of the plan, whoever reads: for who may see everything of it.
    values: list[Value] = field(default_factory=list)
    goals: list[tuple[Goal, list[UUID]]] = field(default_factory=list)

    @property
    def figures(self) -> list[BlockView]:
        return [view for section in self.sections for view in section.figures]

    @property
    def has_voices(self) -> bool:
        return any(item.voices for section in self.sections for item in section.items)

    @property
    def costs(self) -> list[CostLine]:
        return [line for section in self.sections for item in section.items for line in item.costs]


def section_name(section: Section, value: Value | None) -> str:
    """Its own title, else the name of its value, else what its first block is about."""
    if section.title:
        return section.title
    if value:
        return value.name
    first = section.blocks[0] if section.blocks else None
    if isinstance(first, Resting):
        return str(_("Later"))
    if isinstance(first, Unknown):
        return str(_("Wat we niet weten"))
    if isinstance(first, Methods):
        return str(_("Hoe dit gemaakt is"))
    return str(_("Deel zonder naam"))


def monitor_of(plan: Plan, language: str, reader: Membership, *, with_content: bool = True) -> MonitorView:
    """The monitor of a council as its page shows it: what is published, else the draft."""
    shown = queries.stored_by_plan(plan.id).get(plan.id, queries.NOTHING)
    return monitor_view(plan, shown, language, reader, with_content=with_content)


def monitor_view(
    plan: Plan,
    shown: Shown,
    language: str,
    reader: Membership,
    *,
    with_content: bool = True,
    who: Audience | None = None,
) -> MonitorView:
    """Holds only what belongs to steps that are open to this reader: values, then goals, then figures, then money.

    `who`: for whom its quotes are heard, when that is not everyone who reads this monitor.
    """
    if not plan.may_be_read_by(reader, *VALUE_STEPS):
        return MonitorView(shown, [])
    values = values_of(plan)
    goals = goals_serving(plan)
    links, documents = queries.links_with_documents(
        plan, shown.monitor.id if shown.monitor else None, language, with_content=with_content
    )
    costs = follow_up.by_goal(plan, Part.COST)
    shown = queries.following(shown, plan.id, facts_of(values, goals, links, set(costs)))
    sees_figures = plan.may_be_read_by(reader, EVIDENCE)
    stories, told = told_of(plan) if sees_figures else ({}, {})
    written = insight.lines_by_goal(plan) if sees_figures else {}
    heard = hear(shown.format.excerpt_ids, who or audience_of(shown.monitor)) if sees_figures else None
    in_view = [link for link in links.values() if link.rests_until is None] if sees_figures else []
    figures = Counter(link.goal_id for link in in_view)
    page = _Page(
        values={value.id: value for value in values},
        goals={
            goal.id: GoalView(
                goal,
                figures[goal.id],
                stories.get(goal.id, []),
                told.get(goal.id, Heard()),
                written.get(goal.id),
            )
            for goal, _value_ids in (goals if plan.may_be_read_by(reader, GOALS) else [])
        },
        links={link.id: link for link in in_view},
        documents=documents,
        costs=costs if plan.may_be_read_by(reader, COSTS) else {},
        heard=heard,
    )
    resting = [link for link in links.values() if link.rests_until] if sees_figures else []
    return MonitorView(
        shown,
        page.sections(shown.format),
        sorted(resting, key=lambda link: (str(link.rests_until), link.id)),
        values,
        goals,
    )


def facts_of(
    values: list[Value],
    goals: list[tuple[Goal, list[UUID]]],
    links: dict[UUID, Link],
    with_costs: set[UUID],
    passages: Mapping[UUID, list[Passage]] | None = None,
) -> Facts:
    """What there is in a plan, from what was read of it already."""

    def has_aim(link: Link) -> bool:
        return link.measuring is not None and link.measuring.aiming is Aiming.AIM

    of_goal = defaultdict(list)
    for link in links.values():
        of_goal[link.goal_id].append(LinkFact(link.id, has_aim(link)))
    return Facts(
        tuple(value.id for value in values),
        tuple(
            GoalFact(
                goal.id,
                tuple(value_ids),
                tuple(of_goal[goal.id]),
                has_costs=goal.id in with_costs,
                passages=None if passages is None else passage_facts(passages.get(goal.id, ())),
            )
            for goal, value_ids in goals
        ),
    )


@dataclass
class _Page:
    """What may be shown, by id."""

    values: dict[UUID, Value]
    goals: dict[UUID, GoalView]
    links: dict[UUID, Link]
    documents: dict[tuple[UUID, str], BlockDocument]
    costs: dict[UUID, list[CostLine]]
    heard: dict[UUID, Voice] | None = None  # None: this reader may not hear any
    _seen: set[UUID] = field(default_factory=set)
    _told: dict[UUID, list[Quote | Stories]] = field(default_factory=dict)  # link -> the voices beside it
    _drawn: set[UUID] = field(default_factory=set)  # links with a figure here

    def sections(self, format_: Format) -> list[SectionView]:
        """Without what is hidden. A section of a value always shows; another one when something stands in it."""
        homes = self._homes(format_)
        self._told, self._drawn = self._voices(format_), self._shown(format_)
        found = []
        for section in format_.sections:
            if section.hidden:
                continue
            value = self.values.get(section.value_id) if section.value_id else None
            items = list(self._items(section, homes))
            if value or items:
                found.append(SectionView(section, value, items))
        return found

    def _homes(self, format_: Format) -> dict[UUID, Section]:
        """Goal -> the first section with figures of it, else the first that names it."""
        named: dict[UUID, Section] = {}
        drawn: dict[UUID, Section] = {}
        for section in format_.sections:
            for block in section.blocks if not section.hidden else ():
                if isinstance(block, GoalHead) and not block.hidden:
                    named.setdefault(block.goal_id, section)
                elif isinstance(block, DRAWN) and not block.hidden and block.link_id in self.links:
                    drawn.setdefault(self.links[block.link_id].goal_id, section)
        return named | drawn

    def _voices(self, format_: Format) -> dict[UUID, list[Quote | Stories]]:
        found: dict[UUID, list[Quote | Stories]] = defaultdict(list)
        for block in format_.read if self.heard is not None else ():
            if isinstance(block, TOLD) and block.beside:
                found[block.beside].append(block)
        return found

    def _shown(self, format_: Format) -> set[UUID]:
        drawn = {block.link_id for block in format_.read if isinstance(block, DRAWN)}
        return drawn & self.links.keys()

    def _items(self, section: Section, homes: dict[UUID, Section]) -> Iterator[Item]:
        goal_id = None  # of the last heading
        for block in section.blocks:
            if block.hidden:
                continue
            level = 4 if goal_id else 3
            if isinstance(block, GoalHead):
                if goal := self.goals.get(block.goal_id):
                    goal_id = block.goal_id
                    home = homes[block.goal_id]
                    yield Item(block, goal=goal, elsewhere=None if home is section else home)
            elif isinstance(block, DRAWN):
                if link := self.links.get(block.link_id):
                    yield Item(
                        block,
                        BlockView(link, block.id, self.documents.get((block.id, key_of(block)))),
                        self.goals.get(link.goal_id),
                        is_apart=link.goal_id != goal_id,
                        level=level,
                        is_first=link.id not in self._seen,
                        told=tuple(self._told.get(link.id, ())),
                    )
                    self._seen.add(link.id)
            elif isinstance(block, Money):
                if lines := self.costs.get(block.goal_id):
                    goal = self.goals.get(block.goal_id)
                    is_apart = block.goal_id != goal_id
                    yield Item(block, goal=goal, costs=lines, is_apart=is_apart, level=level)
            elif isinstance(block, TOLD):
                if self.heard is not None:
                    yield Item(
                        block,
                        goal=self.goals.get(block.goal_id),
                        voices=tuple(from_all(self.heard, one) for one in block.excerpt_ids),
                        beside=self.links.get(block.beside) if block.beside else None,
                        is_beside_here=block.beside in self._drawn,
                        is_apart=block.goal_id != goal_id,
                        level=level,
                    )
            else:
                yield Item(block, level=level)
