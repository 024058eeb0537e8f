"""Reading a monitor: sections, goals, blocks and their documents, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import g
from sqlalchemy.orm import contains_eager, joinedload

from workbench.comparison import queries as comparison
from workbench.core.db import db
from workbench.evidence.models import Link
from workbench.indicators import queries as catalogue
from workbench.indicators.events import queries as events
from workbench.indicators.models import Indicator, Series
from workbench.monitors.models import DOCUMENT_FORMAT, Block, BlockDocument, Section
from workbench.vision.models import Goal, Plan, Value
from workbench.vision.queries import goals_serving, values_of


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


def sections_of(plan: Plan, language: str, *, with_content: bool = True) -> list[SectionView]:
    """One section per value, in the order of the plan; a goal of two values has its figures in the first one's."""
    values = values_of(plan)
    order = {value.id: index for index, value in enumerate(values)}
    blocks = _blocks_by_goal(plan, language, with_content=with_content)
    views: dict[UUID, list[GoalView]] = defaultdict(list)
    for goal, value_ids in goals_serving(plan):
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
            *(sa.orm.defer(column, raiseload=True) for column in unread),
        )
        .where(Goal.plan_id == plan.id)
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
    """Where the council uses an indicator: its links, with goals and figures, in plans that this member may see."""
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
        if plan.may_be_read_by(g.membership)
    ]


def stale_blocks() -> list[Block]:
    """Blocks of the acting council without a document that matches the block, its figures and our area."""
    blocks = list(
        db.scalars(
            sa.select(Block)
            .options(joinedload(Block.link).joinedload(Link.indicator).selectinload(Indicator.series))
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
    indicator_ids = [block.link.indicator_id for block in blocks]
    moments, contexts = catalogue.changed_at(indicator_ids), context_changed_at(indicator_ids)

    area = catalogue.own_area()

    def is_stale(block: Block) -> bool:
        indicator = block.link.indicator
        wanted = (
            DOCUMENT_FORMAT,
            block.version,
            area and area.id,
            moments.get(indicator.id),
            fetched_at(indicator),
            contexts[indicator.id],
        )
        return not built[block.id] or any(facts != wanted for facts in built[block.id])

    return [block for block in blocks if is_stale(block)]


def fetched_at(indicator: Indicator) -> datetime | None:
    """When the newest figures of this indicator were taken from their source; the source line tells it.

    It moves at every load, also when no figure changed: then a document is built again, but that is no news.
    """
    return indicator.series[-1].fetched_at if indicator.series else None


@dataclass(frozen=True)
class Freshness:
    """How old the figures of a monitor are: the series that was fetched longest ago, and how many have no known day."""

    oldest: Series | None
    undated: int
    figures: int


def freshness(views: Iterable[BlockView]) -> Freshness:
    """Over the newest series of each figure."""
    newest = {
        view.link.indicator_id: view.link.indicator.series[-1] for view in views if view.link.indicator.series
    }
    dated = [(series.fetched_at, series.id, series) for series in newest.values() if series.fetched_at]
    return Freshness(min(dated)[-1] if dated else None, len(newest) - len(dated), len(newest))


def context_changed_at(indicator_ids: Iterable[UUID]) -> dict[UUID, datetime | None]:
    """Indicator id -> when what stands around its figures last changed: the comparison, or its events."""
    wanted = list(indicator_ids)
    group, noted = comparison.changed_at(), events.changed_at(wanted)
    return {
        indicator_id: max((moment for moment in (group, noted.get(indicator_id)) if moment), default=None)
        for indicator_id in wanted
    }


def unbuilt_count(plan: Plan) -> int:
    """Links of a plan that have no document yet."""
    documented = sa.select(Block.link_id).join(BlockDocument, BlockDocument.block_id == Block.id)
    return (
        db.scalar(
            sa.select(sa.func.count())
            .select_from(Link)
            .join(Goal, Goal.id == Link.goal_id)
            .where(Goal.plan_id == plan.id, Link.id.not_in(documented))
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
        .where(Section.plan_id == plan.id)
        .order_by(BlockDocument.data_changed_at.desc().nulls_last(), Block.created_at.desc(), Block.id)
        .limit(most)
    )
    return [BlockView(link, block_id, document) for link, block_id, document in rows]
