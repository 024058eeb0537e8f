"""What the page shows on which a group shapes a monitor, in a fixed number of queries."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from workbench.core.db import db
from workbench.core.text import current_language
from workbench.evidence.models import Link
from workbench.evidence.queries import links_by_goal
from workbench.evidence.telling.hearing import passages_by_goal, passages_of
from workbench.figures.options import MoneyOptions
from workbench.indicators import queries as catalogue
from workbench.indicators.parts import SPENDING
from workbench.monitors import proposal, queries
from workbench.monitors.change_words import Names, sentence
from workbench.monitors.changes import differences
from workbench.monitors.format import (
    DRAWN,
    TOLD,
    AnyBlock,
    Figure,
    Format,
    Quote,
    Section,
    Stories,
    from_json,
)
from workbench.monitors.hearing import audience_of, voice_of
from workbench.monitors.models import Monitor, MonitorFormat, MonitorKind
from workbench.monitors.plan_facts import goals_with_costs
from workbench.monitors.proposal import Facts, News
from workbench.monitors.shaping_forms import Offer
from workbench.monitors.ties import period_of
from workbench.monitors.views import facts_of
from workbench.monitors.voices import Voice
from workbench.vision.models import Goal, Plan
from workbench.vision.queries import goals_serving, values_of


@dataclass(frozen=True)
class Material:
    """What a plan has for its monitor, with names."""

    facts: Facts
    names: Names


def material_of(plan: Plan) -> Material:
    values, goals = values_of(plan), goals_serving(plan)
    links = {link.id: link for found in links_by_goal(plan).values() for link in found}
    passages = passages_by_goal(Goal.plan_id == plan.id)
    facts = facts_of(values, goals, links, goals_with_costs(), passages)
    return Material(facts, Names(values, [goal for goal, _ids in goals], list(links.values())))


def monitors_of(plan: Plan) -> list[Monitor]:
    """That of the council first."""
    others = Monitor.kind != MonitorKind.COUNCIL
    query = sa.select(Monitor).where(Monitor.plan_id == plan.id)
    return list(db.scalars(query.order_by(others, Monitor.created_at, Monitor.id)))


def offer_of(block: Figure, links: dict[UUID, Link]) -> Offer:
    """What there is to choose for a figure of a plan with these links."""
    found = queries.choices_of(block.id, current_language().code)
    link = links.get(block.link_id)
    others, spending = {}, {}
    if link and link.indicator_id:
        near = sorted(links.values(), key=lambda other: other.goal_id != link.goal_id)
        others = {
            str(other.id): other.subject.name
            for other in near
            if other.indicator_id and other.indicator_id != link.indicator_id and not other.rests_until
        }
    if isinstance(block.view, MoneyOptions):
        money = sorted(catalogue.find_indicators(SPENDING).values(), key=lambda one: one.name)
        spending = {one.slug: one.name for one in money if one.series}
    return Offer(found.views, found.periods, others, spending)


MOST_PASSAGES = 60  # to choose from on one page


def voices_for(monitor: Monitor, goal_id: UUID) -> list[Voice]:
    """The passages to choose from for a goal: settled ones, that every reader of this monitor may read."""
    who = audience_of(monitor)
    return [voice_of(one, who) for one in passages_of(goal_id, who, MOST_PASSAGES)]


def quoted(format_: Format) -> list[UUID]:
    """Everything quoted in a monitor, also what readers do not see: no text of the group there may repeat it."""
    return [
        excerpt_id for block in format_.blocks if isinstance(block, TOLD) for excerpt_id in block.excerpt_ids
    ]


def tie_words(block: Quote | Stories, names: Names) -> str:
    """Is the time of these voices marked in the figure that they belong to? Empty: they belong to none, or to all of it."""
    link = names.links.get(block.beside) if block.beside else None
    periods = queries.periods_of(link.id, current_language().code) if link and block.period else {}
    if link is None or not periods:
        return ""
    facts = {"name": link.subject.name, "period": block.period}
    if period_of(block.period, periods):
        return str(
            _(
                "In de figuur ‘%(name)s’ komt bij %(period)s een merkteken: hier hoort een verhaal bij.",
                **facts,
            )
        )
    labels = list(periods.values())
    return str(
        _(
            "‘%(period)s’ is geen punt in de figuur ‘%(name)s’. Het staat daarom alleen bij het verhaal. Wilt u een merkteken"
            " in de figuur? Kies dan een tijd van %(first)s tot en met %(last)s, zoals het in de tabel staat.",
            first=labels[0],
            last=labels[-1],
            **facts,
        )
    )


@dataclass(frozen=True)
class Row:
    """A block in the outline. `rests`: its figure rests, so readers do not see it; `is_lost`: its figure is gone."""

    block: AnyBlock
    name: str
    place: int
    of: int
    rests: bool = False
    is_lost: bool = False


@dataclass(frozen=True)
class Part:
    """A section in the outline."""

    section: Section
    name: str
    place: int
    rows: list[Row]


@dataclass(frozen=True)
class Workbench:
    """Everything the page shows. `undoes`, `redoes`: what the buttons would do, in a sentence; None: nothing."""

    monitor: Monitor
    format: Format
    parts: list[Part]
    undoes: str | None
    redoes: str | None
    differs: list[str]  # from what is published
    news: News
    news_words: list[str]


def workbench_of(monitor: Monitor, material: Material) -> Workbench:
    trees = {
        number: from_json(tree)
        for number, tree in db.execute(
            sa.select(MonitorFormat.number, MonitorFormat.tree).where(
                MonitorFormat.monitor_id == monitor.id,
                MonitorFormat.number.in_([monitor.draft, monitor.published]),
            )
        )
    }
    # The draft itself, and what was made from it.
    near = db.execute(
        sa.select(MonitorFormat.number, MonitorFormat.follows, MonitorFormat.change)
        .where(
            MonitorFormat.monitor_id == monitor.id,
            sa.or_(MonitorFormat.number == monitor.draft, MonitorFormat.follows == monitor.draft),
        )
        .order_by(MonitorFormat.number)
    ).all()
    undoes = [change for number, follows, change in near if number == monitor.draft and follows]
    redoes = [change for _number, follows, change in near if follows == monitor.draft]
    draft, published = trees[monitor.draft], trees.get(monitor.published or 0)
    told = proposal.news(draft, material.facts)
    return Workbench(
        monitor,
        draft,
        outline(draft, material.names),
        sentence(undoes[-1]) if undoes and monitor.shaped else None,
        sentence(redoes[-1]) if redoes else None,
        [material.names.difference(item) for item in differences(published, draft)] if published else [],
        told,
        material.names.news(told),
    )


def outline(format_: Format, names: Names) -> list[Part]:
    return [
        Part(
            section,
            names.bare(section),
            place,
            [
                Row(block, names.of(block), at, len(section.blocks), *_state(block, names))
                for at, block in enumerate(section.blocks, start=1)
            ],
        )
        for place, section in enumerate(format_.sections, start=1)
    ]


def _state(block: AnyBlock, names: Names) -> tuple[bool, bool]:
    if not isinstance(block, DRAWN):
        return False, False
    link: Link | None = names.links.get(block.link_id)
    return link is not None and link.rests_until is not None, link is None
