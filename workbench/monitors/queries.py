"""Reading monitors, their formats and the documents of their blocks, in a fixed number of queries."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

import sqlalchemy as sa
from flask import g
from sqlalchemy.orm import contains_eager, joinedload

from workbench.accounts.theme.colours import palette
from workbench.accounts.theme.operations import shown_colour
from workbench.comparison import queries as comparison
from workbench.core.db import db
from workbench.evidence.models import Link
from workbench.figures.style import DEFAULT, Palette
from workbench.indicators import queries as catalogue
from workbench.indicators.events import queries as events
from workbench.indicators.models import Area, Indicator
from workbench.indicators.outlines.queries import outlines_changed_at
from workbench.monitors.adopting.models import AdoptedVersion
from workbench.monitors.company import Company, chosen_view
from workbench.monitors.format import DRAWN, AnyBlock, Drawn, Format, from_json, key_of
from workbench.monitors.models import DOCUMENT_FORMAT, BlockDocument, Monitor, MonitorFormat, MonitorKind
from workbench.monitors.operations import first_id
from workbench.monitors.plan_facts import facts_by_plan
from workbench.monitors.proposal import Facts, propose
from workbench.uploads import queries as uploads
from workbench.vision.models import Goal, Plan
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


class Shown(NamedTuple):
    """A monitor with one of its formats. `monitor` None: nothing was stored yet; `area` None: not read with it.

    `adopted`: the newest version that the council adopted; None: there is none, or it was not read with it.
    """

    monitor: Monitor | None
    number: int
    format: Format
    area: Area | None = None
    adopted: AdoptedVersion | None = None

    @property
    def is_published(self) -> bool:
        return self.monitor is not None and self.number == self.monitor.published

    @property
    def is_read(self) -> bool:
        """Do its readers see this format? Not when it is a draft beside what is published."""
        return self.monitor is not None and self.number == self.monitor.read


NOTHING = Shown(None, 0, Format())
# The format that the page of a monitor shows.
_SHOWN = sa.and_(
    MonitorFormat.monitor_id == Monitor.id,
    MonitorFormat.number == sa.func.coalesce(Monitor.published, Monitor.draft),
)


def stored_by_plan(*plan_ids: UUID) -> dict[UUID, Shown]:
    """Plan id -> the monitor of its council with the format that its page shows, as stored; in one query."""
    rows = db.execute(
        sa.select(Monitor, MonitorFormat.tree, Area, AdoptedVersion)
        .join(MonitorFormat, _SHOWN)
        .outerjoin(AdoptedVersion, AdoptedVersion.id == _newest_adopted())
        .outerjoin(Area, Area.id == catalogue.own_area_id())
        .where(Monitor.plan_id.in_(plan_ids), Monitor.kind == MonitorKind.COUNCIL)
    )
    return {
        monitor.plan_id: Shown(monitor, monitor.shown, from_json(tree), area, adopted)
        for monitor, tree, area, adopted in rows
    }


def _newest_adopted() -> sa.ScalarSelect[UUID]:
    """The newest version that was adopted of the plan of a monitor."""
    return (
        sa.select(AdoptedVersion.id)
        .where(AdoptedVersion.plan_id == Monitor.plan_id)
        .order_by(AdoptedVersion.major.desc(), AdoptedVersion.minor.desc())
        .limit(1)
        .correlate(Monitor)
        .scalar_subquery()
    )


def shown_at(monitor: Monitor, number: int) -> Shown:
    """A monitor with one of its formats, and what the council adopted of its plan; in one query."""
    tree, adopted = db.execute(
        sa.select(MonitorFormat.tree, AdoptedVersion)
        .join(Monitor, Monitor.id == MonitorFormat.monitor_id)
        .outerjoin(AdoptedVersion, AdoptedVersion.id == _newest_adopted())
        .where(MonitorFormat.monitor_id == monitor.id, MonitorFormat.number == number)
    ).one()
    return Shown(monitor, number, from_json(tree), adopted=adopted)


def following(shown: Shown, plan_id: UUID, facts: Facts) -> Shown:
    """A monitor that nobody shaped or published follows its plan, also before the worker stored that."""
    if shown.monitor is not None and (shown.monitor.shaped or shown.is_published):
        return shown
    monitor_id = shown.monitor.id if shown.monitor else first_id(plan_id)
    return shown._replace(format=propose(monitor_id, facts, shown.format))


def links_with_documents(
    plan: Plan, monitor_id: UUID | None, language: str, *, with_content: bool
) -> tuple[dict[UUID, Link], dict[tuple[UUID, str], BlockDocument]]:
    """Links of a plan by id, also those that rest; and by block and key the documents of a monitor; in one query."""
    unread = [BlockDocument.chart] if with_content else [BlockDocument.chart, BlockDocument.content]
    rows = db.execute(
        sa.select(Link, BlockDocument)
        .join(Goal, Goal.id == Link.goal_id)
        .outerjoin(
            BlockDocument,
            sa.and_(
                BlockDocument.link_id == Link.id,
                BlockDocument.monitor_id == monitor_id,
                BlockDocument.language == language,
            ),
        )
        .options(
            joinedload(Link.indicator).joinedload(Indicator.series),
            joinedload(Link.own_indicator),
            joinedload(Link.measuring),
            *(sa.orm.defer(column, raiseload=True) for column in unread),
        )
        .where(Goal.plan_id == plan.id)
        .order_by(Link.created_at, Link.id)
    ).unique()
    links: dict[UUID, Link] = {}
    documents: dict[tuple[UUID, str], BlockDocument] = {}
    for link, document in rows:
        links[link.id] = link
        if document is not None:
            documents[document.block_id, document.key] = document
    return links, documents


def not_known(content: dict[str, Any]) -> str:
    """What a document of a figure does not tell about our municipality; "" when it has our newest value."""
    return str(content.get("state_text") if content.get("state") == "missing" else content.get("unknown", ""))


def contents_of(views: list[BlockView]) -> dict[UUID, dict[str, Any]]:
    """Block id -> content of its document; of views without content in one query."""
    documents = {view.block_id: view.document for view in views if view.document and view.block_id}
    found = {
        block_id: document.content
        for block_id, document in documents.items()
        if "content" not in sa.inspect(document).unloaded
    }
    unread = {document.id: block_id for block_id, document in documents.items() if block_id not in found}
    if unread:
        rows = sa.select(BlockDocument.id, BlockDocument.content).where(BlockDocument.id.in_(unread))
        found |= {unread[document_id]: content for document_id, content in db.execute(rows)}
    return found


def read_block(block_id: UUID) -> tuple[Monitor, AnyBlock] | None:
    """A block, with its monitor, that stands in a format which its readers see; None: it does not (any more)."""
    rows = db.execute(
        sa.select(Monitor, MonitorFormat.number, MonitorFormat.tree)
        .join(MonitorFormat, MonitorFormat.monitor_id == Monitor.id)
        .where(
            MonitorFormat.number.in_([Monitor.published, Monitor.draft]),
            MonitorFormat.tree.contains({"sections": [{"blocks": [{"id": str(block_id)}]}]}),
        )
    )
    trees = [(monitor, from_json(tree)) for monitor, number, tree in rows if number == monitor.read]
    return next(
        (
            (monitor, block)
            for monitor, format_ in trees
            for section in format_.sections
            for block in section.blocks
            if block.id == block_id
            if not block.hidden and not section.hidden
        ),
        None,
    )


def view_of(block: Drawn, language: str) -> BlockView | None:
    """A block with its link and its document; None when its figure is gone or rests."""
    row = db.execute(
        sa.select(Link, BlockDocument)
        .outerjoin(
            BlockDocument,
            sa.and_(
                BlockDocument.block_id == block.id,
                BlockDocument.key == key_of(block),
                BlockDocument.language == language,
            ),
        )
        .options(
            joinedload(Link.indicator).selectinload(Indicator.series),
            joinedload(Link.own_indicator),
            sa.orm.defer(BlockDocument.chart, raiseload=True),
        )
        .where(Link.id == block.link_id, Link.rests_until.is_(None))
    ).one_or_none()
    return BlockView(row[0], block.id, row[1]) if row else None


class Choices(NamedTuple):
    """What the worker found when it last made a block: every view with why it suits the figures or does not, and the
    periods that have a figure, code -> name.
    """

    views: list[dict[str, Any]]
    periods: dict[str, str]


def choices_of(block_id: UUID, language: str) -> Choices:
    query = (
        sa.select(BlockDocument.content["views"], BlockDocument.content["periods"])
        .where(BlockDocument.block_id == block_id, BlockDocument.language == language)
        .order_by(BlockDocument.built_at.desc())
        .limit(1)
    )
    views, periods = db.execute(query).one_or_none() or (None, None)
    return Choices(views or [], dict(periods or []))


def periods_of(link_id: UUID, language: str) -> dict[str, str]:
    """The periods that have a figure, code -> name, as the worker last found for a chosen figure."""
    query = (
        sa.select(BlockDocument.content["periods"])
        .where(BlockDocument.link_id == link_id, BlockDocument.language == language)
        .order_by(BlockDocument.built_at.desc())
        .limit(1)
    )
    return dict(db.scalar(query) or [])


def uses_of(indicator_id: UUID, language: str) -> list[BlockView]:
    """Where the council uses an indicator: its links, with goals and figures, where this member may see both."""
    rows = db.execute(
        sa.select(Link, Plan, BlockDocument, sa.cast(MonitorFormat.tree, sa.Text))
        .join(Goal, Goal.id == Link.goal_id)
        .join(Plan, Plan.id == Goal.plan_id)
        .outerjoin(Monitor, sa.and_(Monitor.plan_id == Plan.id, Monitor.kind == MonitorKind.COUNCIL))
        .outerjoin(MonitorFormat, _SHOWN)
        .outerjoin(
            BlockDocument, sa.and_(BlockDocument.link_id == Link.id, BlockDocument.language == language)
        )
        .where(Link.indicator_id == indicator_id)
        .options(
            contains_eager(Link.goal),
            joinedload(Link.indicator).joinedload(Indicator.series),
            sa.orm.defer(BlockDocument.chart, raiseload=True),
        )
        .order_by(Link.created_at, Link.id)
    ).unique()
    views: dict[UUID, BlockView] = {}
    places: dict[UUID, set[tuple[UUID, str]]] = {}
    for link, plan, document, tree in rows:
        if not (plan.may_be_read_by(g.membership, GOALS) and plan.may_be_read_by(g.membership, EVIDENCE)):
            continue
        if plan.id not in places:
            places[plan.id] = _places(from_json(json.loads(tree))) if tree else set()
        is_seen = document is not None and (document.block_id, document.key) in places[plan.id]
        if link.id not in views or (is_seen and views[link.id].document is None):
            views[link.id] = BlockView(
                link, document.block_id if is_seen else None, document if is_seen else None
            )
    return list(views.values())


def _places(format_: Format) -> set[tuple[UUID, str]]:
    """Block and key of everything drawn that its readers see."""
    return {
        (block.id, key_of(block))
        for section in format_.sections
        for block in section.blocks
        if isinstance(block, DRAWN) and not block.hidden and not section.hidden
    }


Place: TypeAlias = tuple[UUID, str]  # the id of a block and its key


@dataclass(frozen=True)
class Wanted:
    """A block that needs a document: in the draft of a monitor, in what is published, or as it is in both."""

    monitor_id: UUID
    block: Drawn
    link: Link

    @property
    def place(self) -> Place:
        return self.block.id, key_of(self.block)


def wanted_blocks() -> list[Wanted]:
    """Every block of the acting council that draws a figure in view, once for each key."""
    trees = db.execute(
        sa.select(MonitorFormat.monitor_id, MonitorFormat.tree)
        .join(Monitor, Monitor.id == MonitorFormat.monitor_id)
        .where(MonitorFormat.number.in_([Monitor.draft, Monitor.published]))
        .order_by(Monitor.created_at, Monitor.id, MonitorFormat.number)
    ).all()
    drawn = [(monitor_id, block) for monitor_id, tree in trees for block in from_json(tree).drawn]
    links = {
        link.id: link
        for link in db.scalars(
            sa.select(Link)
            .options(
                joinedload(Link.indicator).selectinload(Indicator.series),
                joinedload(Link.own_indicator),
                joinedload(Link.measuring),
            )
            .where(Link.id.in_({block.link_id for _monitor_id, block in drawn}))
        )
    }
    wanted = {
        (block.id, key_of(block)): Wanted(monitor_id, block, links[block.link_id])
        for monitor_id, block in drawn
        if block.link_id in links
    }
    return list(wanted.values())


def stale_blocks(wanted: list[Wanted], company: Company) -> list[Wanted]:
    """Those in view without a document that matches the figures of today, those beside it, and our area."""
    in_view = [item for item in wanted if item.link.rests_until is None]
    built: dict[tuple[UUID, str], list[tuple[object, ...]]] = defaultdict(list)
    for block_id, key, *facts in db.execute(
        sa.select(
            BlockDocument.block_id,
            BlockDocument.key,
            BlockDocument.format,
            BlockDocument.theme,
            BlockDocument.area_id,
            BlockDocument.data_changed_at,
            BlockDocument.data_fetched_at,
            BlockDocument.context_changed_at,
            BlockDocument.content["others"],
        )
    ):
        built[block_id, key].append(tuple(facts))
    moments = moments_of(in_view, company)
    area, theme = catalogue.own_area(), theme_of(own_palette())

    def is_stale(item: Wanted) -> bool:
        facts = (DOCUMENT_FORMAT, theme, area and area.id, *moments[item.place], others_of(item, company))
        return not built[item.place] or any(found != facts for found in built[item.place])

    return [item for item in in_view if is_stale(item)]


def own_palette() -> Palette:
    """The colours in which the acting council sees figures on a screen."""
    colour = shown_colour()
    return palette(colour) if colour else DEFAULT


def theme_of(colours: Palette) -> str:
    """A short text that differs for other colours; empty for those that everybody shares."""
    return "" if colours == DEFAULT else hashlib.sha256(repr(colours).encode()).hexdigest()[:16]


class Moments(NamedTuple):
    """When the figures of a link last changed here, when they were last taken from their source, and when what stands
    around them changed: the comparison, the outlines on maps, the events, the description of an own figure, and what the council set.

    The second moves at every load, also when no figure changed: then a document is built again, but that is no news.
    """

    changed_at: datetime | None
    fetched_at: datetime | None
    context_changed_at: datetime | None


def others_of(item: Wanted, company: Company) -> list[str]:
    """Slugs of the other figures that a block shows, in their order."""
    return [indicator.slug for indicator in company.beside(chosen_view(item.block), item.link)]


def moments_of(wanted: list[Wanted], company: Company) -> dict[Place, Moments]:
    """The moments of each block; the links come with their indicators, series and measuring."""
    links = [item.link for item in wanted]
    beside = {item.place: company.beside(chosen_view(item.block), item.link) for item in wanted}
    public = [link.indicator for link in links if link.indicator_id and link.indicator]
    own = [link.own_indicator for link in links if link.own_indicator_id and link.own_indicator]
    ids = [indicator.id for indicator in public]
    ids += [indicator.id for others in beside.values() for indicator in others]
    changed, group, noted = catalogue.changed_at(ids), comparison.changed_at(), events.changed_at(ids)
    drawn = outlines_changed_at()
    moments = {
        indicator.id: Moments(
            changed.get(indicator.id),
            fetched_at(indicator),
            _latest(group, drawn, noted.get(indicator.id)),
        )
        for indicator in public
    }
    own_changed, loaded = uploads.changed_at(own), uploads.loaded_at(own)
    moments |= {
        indicator.id: Moments(
            own_changed.get(indicator.id),
            loaded.get(indicator.id),
            _latest(drawn, indicator.edited_at),
        )
        for indicator in own
    }
    found = {}
    for item in wanted:
        around = [
            moment
            for other in beside[item.place]
            for moment in (changed.get(other.id), fetched_at(other), noted.get(other.id))
        ]
        found[item.place] = _later(_measured(moments[item.link.subject_id], item.link), around)
    return found


def _latest(*moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment), default=None)


def _measured(moments: Moments, link: Link) -> Moments:
    """A council that sets an aim or a limit gets another figure."""
    if link.measuring is None:
        return moments
    return _later(moments, [link.measuring.edited_at])


def _later(moments: Moments, around: Iterable[datetime | None]) -> Moments:
    """What stands around the figure changed at these moments too."""
    known = [moment for moment in (moments.context_changed_at, *around) if moment]
    return moments._replace(context_changed_at=max(known, default=None))


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
    """Over the newest figures of each block. `ready`: the blocks that have a figure to show."""
    newest: dict[UUID, OldestSource | None] = {}
    for view in views:
        link = view.link
        if link.own_indicator_id:
            if view.document is None or view.block_id not in ready:
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
    """Figures in the monitor of a plan that have no document yet."""
    shown = stored_by_plan(plan.id).get(plan.id, NOTHING)
    return unbuilt_in(following(shown, plan.id, facts_by_plan(plan.id)[plan.id]).format)


def unbuilt_in(format_: Format) -> int:
    drawn = [block for block in format_.drawn if not block.hidden]
    in_view = set(
        db.scalars(
            sa.select(Link.id).where(
                Link.id.in_({block.link_id for block in drawn}), Link.rests_until.is_(None)
            )
        )
    )
    built = {
        (block_id, key)
        for block_id, key in db.execute(
            sa.select(BlockDocument.block_id, BlockDocument.key).where(BlockDocument.link_id.in_(in_view))
        )
    }
    return sum(block.link_id in in_view and (block.id, key_of(block)) not in built for block in drawn)


class Chart(NamedTuple):
    monitor: Monitor
    key: str
    version: str
    chart: bytes


def charts_of(block_id: UUID, language: str) -> list[Chart]:
    """The gzipped charts of a block: one for each key, usually one."""
    rows = db.execute(
        sa.select(Monitor, BlockDocument.key, BlockDocument.version, BlockDocument.chart)
        .join(BlockDocument, BlockDocument.monitor_id == Monitor.id)
        .where(
            BlockDocument.block_id == block_id,
            BlockDocument.language == language,
            BlockDocument.chart.is_not(None),
        )
        .order_by(BlockDocument.built_at, BlockDocument.id)
    )
    return [Chart(monitor, key, version, chart) for monitor, key, version, chart in rows if chart]


def published_places(monitor: Monitor) -> set[tuple[UUID, str]]:
    """Block and key of every figure that is published in this monitor."""
    tree = db.scalars(
        sa.select(MonitorFormat.tree).where(
            MonitorFormat.monitor_id == monitor.id, MonitorFormat.number == monitor.published
        )
    ).one()
    return _places(from_json(tree))


def newest_changes(shown: Shown, language: str, most: int = 3) -> list[BlockView]:
    """The blocks of a monitor whose figures changed last."""
    places = _places(shown.format)
    if not places:
        return []
    rows = db.execute(
        sa.select(Link, BlockDocument)
        .join(BlockDocument, BlockDocument.link_id == Link.id)
        .options(sa.orm.defer(BlockDocument.chart))
        .where(
            sa.tuple_(BlockDocument.block_id, BlockDocument.key).in_(places),
            BlockDocument.language == language,
            Link.rests_until.is_(None),
        )
        .order_by(BlockDocument.data_changed_at.desc().nulls_last(), Link.created_at.desc(), Link.id)
        .limit(most)
    )
    return [BlockView(link, document.block_id, document) for link, document in rows]
