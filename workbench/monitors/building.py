"""Building block documents. Loads Bokeh, so only the worker imports this."""

import gzip
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog

from workbench.comparison.queries import Comparables, comparables
from workbench.core.components import draw_table
from workbench.core.db import db
from workbench.core.language import LANGUAGES, Language
from workbench.figures import document
from workbench.figures.frame import TrendFrame
from workbench.figures.options import parse_options
from workbench.indicators import queries as catalogue
from workbench.indicators.events.models import SeriesEvent
from workbench.indicators.events.queries import events_by_indicator
from workbench.indicators.levels import not_ours
from workbench.indicators.models import Area, Indicator
from workbench.indicators.oddities import oddities, sentence
from workbench.monitors import queries
from workbench.monitors.frames import trend_frame
from workbench.monitors.models import DOCUMENT_FORMAT, Block, BlockDocument
from workbench.monitors.operations import propose_blocks

log = structlog.get_logger()


def build_blocks() -> int:
    """Make blocks for new links, and documents for blocks that are new, changed, older than their figures, or about another area.

    For the acting council, one job at a time; gives the number of blocks built. Doing it twice builds nothing twice.
    """
    db.execute(
        sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:council, 0))"),
        {"council": str(db.info["council_id"])},
    )
    propose_blocks()
    stale = queries.stale_blocks()
    area = catalogue.own_area()
    if not stale or area is None:
        return 0
    ids = [block.link.indicator_id for block in stale]
    moments, contexts = catalogue.changed_at(ids), queries.context_changed_at(ids)
    around = _Around(area, comparables(area), events_by_indicator(ids))
    for block in stale:
        for language in LANGUAGES:
            stored = _store(block, Language(language), around)
            stored.data_changed_at = moments.get(block.link.indicator_id)
            stored.context_changed_at = contexts[block.link.indicator_id]
    log.info("blocks_built", count=len(stale))
    return len(stale)


@dataclass(frozen=True)
class _Around:
    """What all figures of a job share, looked up once."""

    area: Area
    comparison: Comparables
    events: dict[UUID, list[SeriesEvent]]


def _odd_notes(
    indicator: Indicator, frame: TrendFrame, area: Area, language: Language
) -> list[dict[str, str]]:
    found = oddities(catalogue.figures_of(indicator, area), indicator.unit)
    if not found:
        return []
    people = catalogue.inhabitants_of(area)
    return [
        {"kind": "odd", "text": sentence(found[point.period], point.label, frame.area, people, language)}
        for point in frame.own
        if point.period in found
    ]


def _store(block: Block, language: Language, around: _Around) -> BlockDocument:
    content, chart = _draw(block, block.link.indicator, language, around)
    # Over the words, table and drawing: Bokeh's JSON has other ids at every build of the same figure.
    facts = json.dumps([content, block.options, language.code], sort_keys=True)
    version = hashlib.sha256(facts.encode()).hexdigest()[:16]
    packed = None
    if chart is not None:
        packed = json.dumps(
            {"version": version, "title": content["title"], "bokeh": chart}, separators=(",", ":")
        )
    stored = db.scalar(
        sa.select(BlockDocument).where(
            BlockDocument.block_id == block.id, BlockDocument.language == language.code
        )
    )
    if stored is None:
        stored = BlockDocument(block_id=block.id, language=language.code)
        db.add(stored)
    stored.version, stored.content = version, content
    stored.chart = None if packed is None else gzip.compress(packed.encode(), mtime=0)
    stored.built_at = datetime.now(UTC)
    stored.data_fetched_at = queries.fetched_at(block.link.indicator)
    stored.block_version, stored.format = block.version, DOCUMENT_FORMAT
    stored.area_id = around.area.id
    return stored


def _draw(
    block: Block, indicator: Indicator, language: Language, around: _Around
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Words and table, and the Bokeh figure when there is something to draw."""
    if not indicator.series:
        reason = language.gettext(
            "Dit cijfer is nog niet gekoppeld aan een bron. De werkbank toont het zodra dat zo is."
        )
        return {"state": "missing", "title": indicator.name, "state_text": reason}, None
    area = around.area
    frame = trend_frame(indicator, area, around.comparison, around.events.get(indicator.id, []), language)
    level = None
    if not frame.valued and not (frame.own and frame.band):
        wider, _figure = catalogue.stand_ins([indicator], area).get(indicator.slug, (None, None))
        if wider:
            level = not_ours(wider.type, wider.name, language)
            frame = trend_frame(indicator, wider, None, around.events.get(indicator.id, []), language)
    if not frame.numbers:
        reason = language.gettext("Er zijn geen cijfers over %(area)s in deze bron.", area=area.short_name)
        return {"state": "missing", "title": indicator.name, "state_text": reason}, None
    built = document.build(frame, parse_options(block.options), language)
    built["notes"] = (
        [*_odd_notes(indicator, frame, area, language), *built["notes"]] if not level else built["notes"]
    )
    chart, table = built.pop("bokeh"), built.pop("table")
    if level:
        built["title"] = f"{built['title']} ({level})"
    return {
        "state": "ready",
        "table_html": draw_table(table),
        "level": level,
        "comparison": around.comparison.facts if frame.band else None,
        **built,
    }, chart
