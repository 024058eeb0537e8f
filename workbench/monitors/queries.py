"""Reading a monitor: sections, goals, blocks and their documents, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask import g
from sqlalchemy.orm import contains_eager, joinedload

from workbench.accounts.models import Membership
from workbench.comparison import queries as comparison
from workbench.core.db import db
from workbench.evidence.models import Link
from workbench.indicators import queries as catalogue
from workbench.indicators.events import queries as events
from workbench.indicators.models import Indicator
from workbench.monitors.models import DOCUMENT_FORMAT, Block, BlockDocument, Section
from workbench.uploads import queries as uploads
from workbench.vision.models import Goal, Plan, Value
from workbench.vision.queries import VALUE_STEPS, goals_serving, values_of
from workbench.vision.steps import EVIDENCE, GOALS


@dataclass(frozen=True)
class BlockView:
    """A block on a page; `document` None: the worker has not built it yet."""

    link: Link
    block_id: UUID | None
    document: BlockDocument | None

    @property
    def content(self) -> dict[str, Any]:
        return self.document.content if self.document else {}

    @property
    def state(self) -> str:
        return str(self.content["state"]) if self.document else "building"


@dataclass(frozen=True)
class GoalView:
    goal: Goal
    blocks: list[BlockView]
    shown_under: Value | None  # another value, in whose section this goal's figures stand


@dataclass(frozen=True)
class SectionView:
    value: Value
    goals: list[GoalView]


def sections_of(
    plan: Plan, language: str, reader: Membership, *, with_content: bool = True
) -> list[SectionView]:
    """One section per value, in the order of the plan; a goal of two values has its figures in the first one's.

    Holds only what belongs to steps that are open to this reader: values, then goals, then figures.
    """
    if not plan.may_be_read_by(reader, *VALUE_STEPS):
        return []
    values = values_of(plan)
    order = {value.id: index for index, value in enumerate(values)}
    sees_figures = plan.may_be_read_by(reader, EVIDENCE)
    blocks = _blocks_by_goal(plan, language, with_content=with_content) if sees_figures else {}
    views: dict[UUID, list[GoalView]] = defaultdict(list)
    for goal, value_ids in goals_serving(plan) if plan.may_be_read_by(reader, GOALS) else []:
        own = [values[place] for place in sorted(order[value_id] for value_id in value_ids)]
        for value in own:
            first = value is own[0]
            shown = blocks.get(goal.id, []) if first else []
            views[value.id].append(GoalView(goal, shown, None if first else own[0]))
    return [SectionView(value, views[value.id]) for value in values]


def _blocks_by_goal(plan: Plan, language: str, *, with_content: bool) -> dict[UUID, list[BlockView]]:
    """Goal id -> its links with their blocks and documents, in the order they were made; in one query."""
    unread = [BlockDocument.chart] if with_content else [BlockDocument.chart, BlockDocument.content]
    rows = db.execute(
        sa.select(Link, Block.id, BlockDocument)
        .join(Goal, Goal.id == Link.goal_id)
        .outerjoin(Block, Block.link_id == Link.id)
        .outerjoin(
            BlockDocument, sa.and_(BlockDocument.block_id == Block.id, BlockDocument.language == language)
        )
        .options(
            joinedload(Link.indicator).joinedload(Indicator.series),
            joinedload(Link.own_indicator),
            *(sa.orm.defer(column, raiseload=True) for column in unread),
        )
        .where(Goal.plan_id == plan.id, Link.rests_until.is_(None))
        .order_by(Link.created_at, Link.id)
    ).unique()
    found: dict[UUID, list[BlockView]] = defaultdict(list)
    for link, block_id, document in rows:
        found[link.goal_id].append(BlockView(link, block_id, document))
    return found


def contents_of(views: list[BlockView]) -> dict[UUID, dict[str, Any]]:
    """Link id -> content of the document of its block, for views without content."""
    links = {view.document.id: view.link.id for view in views if view.document}
    rows = db.execute(sa.select(BlockDocument.id, BlockDocument.content).where(BlockDocument.id.in_(links)))
    return {links[document_id]: content for document_id, content in rows}


def uses_of(indicator_id: UUID, language: str) -> list[BlockView]:
    """Where the council uses an indicator: its links, with goals and figures, where this member may see both."""
    rows = db.execute(
        sa.select(Link, Plan, Block.id, BlockDocument)
        .join(Goal, Goal.id == Link.goal_id)
        .join(Plan, Plan.id == Goal.plan_id)
        .outerjoin(Block, Block.link_id == Link.id)
        .outerjoin(
            BlockDocument, sa.and_(BlockDocument.block_id == Block.id, BlockDocument.language == language)
        )
        .where(Link.indicator_id == indicator_id)
        .options(
            contains_eager(Link.goal),
            joinedload(Link.indicator).joinedload(Indicator.series),
            sa.orm.defer(BlockDocument.chart, raiseload=True),
        )
        .order_by(Link.created_at, Link.id)
    ).unique()
    return [
        BlockView(link, block_id, document)
        for link, plan, block_id, document in rows
        if plan.may_be_read_by(g.membership, GOALS) and plan.may_be_read_by(g.membership, EVIDENCE)
    ]


def stale_blocks() -> list[Block]:
    """Blocks of the acting council without a document that matches the block, its figures and our area."""
    blocks = list(
        db.scalars(
            sa.select(Block)
            .options(
                joinedload(Block.link).options(
                    joinedload(Link.indicator).selectinload(Indicator.series),
                    joinedload(Link.own_indicator),
                    joinedload(Link.measuring),
                )
            )
            .where(Block.link.has(Link.rests_until.is_(None)))
            .order_by(Block.created_at, Block.id)
        )
    )
    built: dict[UUID, list[tuple[object, ...]]] = defaultdict(list)
    for block_id, *facts in db.execute(
        sa.select(
            BlockDocument.block_id,
            BlockDocument.format,
            BlockDocument.block_version,
            BlockDocument.area_id,
            BlockDocument.data_changed_at,
            BlockDocument.data_fetched_at,
            BlockDocument.context_changed_at,
        )
    ):
        built[block_id].append(tuple(facts))
    moments = moments_of([block.link for block in blocks])
    area = catalogue.own_area()

    def is_stale(block: Block) -> bool:
        wanted = (DOCUMENT_FORMAT, block.version, area and area.id, *moments[block.link_id])
        return not built[block.id] or any(facts != wanted for facts in built[block.id])

    return [block for block in blocks if is_stale(block)]


class Moments(NamedTuple):
    """When the figures of a link last changed here, when they were last taken from their source, and when what stands
    around them changed: the comparison, the events, the description of an own figure, and what the council set.

    The second moves at every load, also when no figure changed: then a document is built again, but that is no news.
    """

    changed_at: datetime | None
    fetched_at: datetime | None
    context_changed_at: datetime | None


def moments_of(links: Iterable[Link]) -> dict[UUID, Moments]:
    """Link id -> its moments; the links come with their indicators, series and measuring."""
    links = list(links)
    public = [link.indicator for link in links if link.indicator_id and link.indicator]
    own = [link.own_indicator for link in links if link.own_indicator_id and link.own_indicator]
    ids = [indicator.id for indicator in public]
    changed, group, noted = catalogue.changed_at(ids), comparison.changed_at(), events.changed_at(ids)
    moments = {
        indicator.id: Moments(
            changed.get(indicator.id),
            fetched_at(indicator),
            max((moment for moment in (group, noted.get(indicator.id)) if moment), default=None),
        )
        for indicator in public
    }
    own_changed, loaded = uploads.changed_at(own), uploads.loaded_at(own)
    moments |= {
        indicator.id: Moments(own_changed.get(indicator.id), loaded.get(indicator.id), indicator.edited_at)
        for indicator in own
    }
    return {link.id: _measured(moments[link.subject_id], link) for link in links}


def _measured(moments: Moments, link: Link) -> Moments:
    """A council that sets an aim or a limit gets another figure."""
    if link.measuring is None:
        return moments
    set_at = link.measuring.edited_at
    around = moments.context_changed_at
    return moments._replace(context_changed_at=max(set_at, around) if around else set_at)


def fetched_at(indicator: Indicator) -> datetime | None:
    """When the newest figures of this indicator were taken from their source; the source line tells it."""
    return indicator.series[-1].fetched_at if indicator.series else None


@dataclass(frozen=True)
class OldestSource:
    """`table` empty: an own figure, named by `name`."""

    day: datetime
    table: str
    name: str


@dataclass(frozen=True)
class Freshness:
    """How old the figures of a monitor are: those taken from their source longest ago; how many have no known day."""

    oldest: OldestSource | None
    undated: int
    figures: int


def freshness(views: Iterable[BlockView], ready: Container[UUID]) -> Freshness:
    """Over the newest figures of each block. `ready`: the links that have a figure to show."""
    newest: dict[UUID, OldestSource | None] = {}
    for view in views:
        link = view.link
        if link.own_indicator_id:
            if view.document is None or link.id not in ready:
                continue
            day, table = view.document.data_fetched_at, ""
        elif link.indicator and link.indicator.series:
            day, table = link.indicator.series[-1].fetched_at, link.indicator.series[-1].table
        else:
            continue
        newest[link.subject_id] = OldestSource(day, table, link.subject.name) if day else None
    dated = [source for source in newest.values() if source]
    oldest = min(dated, key=lambda source: (source.day, source.table, source.name), default=None)
    return Freshness(oldest, len(newest) - len(dated), len(newest))


def unbuilt_count(plan: Plan) -> int:
    """Links of a plan that have no document yet."""
    documented = sa.select(Block.link_id).join(BlockDocument, BlockDocument.block_id == Block.id)
    return (
        db.scalar(
            sa.select(sa.func.count())
            .select_from(Link)
            .join(Goal, Goal.id == Link.goal_id)
            .where(Goal.plan_id == plan.id, Link.rests_until.is_(None), Link.id.not_in(documented))
        )
        or 0
    )


def chart_of(block_id: UUID, language: str) -> tuple[UUID, str, bytes] | None:
    """Plan id, version and gzipped chart of a block."""
    row = db.execute(
        sa.select(Section.plan_id, BlockDocument.version, BlockDocument.chart)
        .join(Block, Block.id == BlockDocument.block_id)
        .join(Section, Section.id == Block.section_id)
        .where(BlockDocument.block_id == block_id, BlockDocument.language == language)
    ).one_or_none()
    return None if row is None or row.chart is None else (row.plan_id, row.version, row.chart)


def newest_changes(plan: Plan, language: str, most: int = 3) -> list[BlockView]:
    """The blocks whose figures changed last."""
    rows = db.execute(
        sa.select(Link, Block.id, BlockDocument)
        .join(Block, Block.link_id == Link.id)
        .join(Section, Section.id == Block.section_id)
        .join(BlockDocument, sa.and_(BlockDocument.block_id == Block.id, BlockDocument.language == language))
        .options(sa.orm.defer(BlockDocument.chart))
        .where(Section.plan_id == plan.id, Link.rests_until.is_(None))
        .order_by(BlockDocument.data_changed_at.desc().nulls_last(), Block.created_at.desc(), Block.id)
        .limit(most)
    )
    return [BlockView(link, block_id, document) for link, block_id, document in rows]
