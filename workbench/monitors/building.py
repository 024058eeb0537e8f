"""Building block documents. Loads Bokeh, so only the worker imports this."""

import gzip
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
import structlog

from workbench.core.components import draw_table
from workbench.core.db import db
from workbench.core.language import LANGUAGES, Language
from workbench.evidence.models import Link
from workbench.figures import document, words
from workbench.figures.frame import TrendFrame
from workbench.figures.map_frame import Areas
from workbench.figures.options import TrendOptions, parse_options
from workbench.figures.registry import Frame
from workbench.figures.style import Palette
from workbench.indicators import queries as catalogue
from workbench.indicators.levels import not_ours
from workbench.indicators.models import Area, Indicator
from workbench.indicators.oddities import oddities, sentence
from workbench.monitors import queries
from workbench.monitors.company import Company, chosen_view, company_of
from workbench.monitors.format import Table
from workbench.monitors.frames import cut_to, own_frame, own_source, trend_frame, with_targets
from workbench.monitors.map_frames import Atlas, maps_of
from workbench.monitors.material import Material, material_for
from workbench.monitors.models import DOCUMENT_FORMAT, BlockDocument
from workbench.monitors.operations import propose_monitors
from workbench.monitors.proposal import view_for
from workbench.monitors.queries import Moments, Place, Wanted
from workbench.monitors.shapes import Shapes, is_compared, judged
from workbench.monitors.ties import with_voices, with_words
from workbench.uploads import queries as uploads
from workbench.uploads.models import OwnIndicator, OwnObservation

log = structlog.get_logger()


def build_blocks() -> int:
    """Let monitors follow their plans, and make documents for blocks that are new, changed, older than their figures, or
    about another area; documents that no format in use asks for go.

    For the acting council, one job at a time; gives the number of blocks built. Doing it twice builds nothing twice.
    """
    db.execute(
        sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:council, 0))"),
        {"council": str(db.info["council_id"])},
    )
    propose_monitors()
    wanted = queries.wanted_blocks()
    _remove_unused(wanted)
    company = company_of(item.link for item in wanted)
    stale = queries.stale_blocks(wanted, company)
    area = catalogue.own_area()
    if not stale or area is None:
        return 0
    around = _Around(
        material_for(_indicators(stale, company), area, company),
        queries.moments_of(stale, company),
        queries.own_palette(),
        Atlas(),
    )
    stored = _stored(stale)
    with db.no_autoflush:  # all are written together
        for item in stale:
            for language in LANGUAGES:
                _store(item, Language(language), around, stored.get((*item.place, language)))
    db.flush()
    log.info("blocks_built", count=len(stale))
    return len(stale)


def _remove_unused(wanted: list[Wanted]) -> None:
    in_use = {item.place for item in wanted}
    unused = [
        document_id
        for document_id, *place in db.execute(
            sa.select(BlockDocument.id, BlockDocument.block_id, BlockDocument.key)
        )
        if tuple(place) not in in_use
    ]
    if unused:
        db.execute(sa.delete(BlockDocument).where(BlockDocument.id.in_(unused)))


def _stored(stale: list[Wanted]) -> dict[tuple[UUID, str, str], BlockDocument]:
    """By block, key and language; what they hold is not read."""
    unread = (sa.orm.defer(column, raiseload=True) for column in (BlockDocument.content, BlockDocument.chart))
    found = db.scalars(
        sa.select(BlockDocument)
        .options(*unread)
        .where(BlockDocument.block_id.in_({item.block.id for item in stale}))
    )
    return {(document.block_id, document.key, document.language): document for document in found}


def _indicators(stale: list[Wanted], company: Company) -> list[Indicator]:
    """Everything of the catalogue that some view of these blocks may draw."""
    own = [item.link.indicator for item in stale if item.link.indicator]
    return [*own, *(one for item in stale for one in company.possible(chosen_view(item.block), item.link))]


@dataclass(frozen=True)
class _Around:
    """What all figures of a job share, looked up once."""

    material: Material
    moments: dict[Place, Moments]
    palette: Palette
    atlas: Atlas

    @property
    def area(self) -> Area:
        return self.material.area


def _odd_notes(
    indicator: Indicator, frame: TrendFrame, material: Material, language: Language
) -> list[dict[str, str]]:
    found = oddities(material.own(indicator), indicator.unit)
    if not found:
        return []
    people = catalogue.inhabitants_of(material.area)
    return [
        {"kind": "odd", "text": sentence(found[point.period], point.label, frame.area, people, language)}
        for point in frame.own
        if point.period in found
    ]


def _store(item: Wanted, language: Language, around: _Around, stored: BlockDocument | None) -> None:
    content, chart = _draw(item, language, around)
    block_id, key = item.place
    # Over the words, table and drawing: Bokeh's JSON has other ids at every build of the same figure.
    theme = queries.theme_of(around.palette)
    facts = json.dumps([content, key, language.code, *([theme] if theme else [])], sort_keys=True)
    version = hashlib.sha256(facts.encode()).hexdigest()[:16]
    packed = None
    if chart is not None:
        packed = json.dumps(
            {"version": version, "title": content["title"], "bokeh": chart}, separators=(",", ":")
        )
    if stored is None:
        stored = BlockDocument(
            monitor_id=item.monitor_id,
            link_id=item.link.id,
            block_id=block_id,
            key=key,
            language=language.code,
        )
        db.add(stored)
    stored.version, stored.content = version, content
    stored.chart = None if packed is None else gzip.compress(packed.encode(), mtime=0)
    stored.built_at = datetime.now(UTC)
    moments = around.moments[item.place]
    stored.data_changed_at, stored.data_fetched_at = moments.changed_at, moments.fetched_at
    stored.context_changed_at = moments.context_changed_at
    stored.format, stored.theme = DOCUMENT_FORMAT, theme
    stored.area_id = around.area.id


@dataclass(frozen=True)
class _Shown:
    """What a block shows: a frame to draw, or the reason why there is none."""

    frame: TrendFrame | None
    reason: str = ""
    level: str | None = None  # whose figure it is, when it is not ours
    notes: tuple[dict[str, str], ...] = ()
    rows: tuple[OwnObservation, ...] = ()  # of an own figure, about any area


def _draw(item: Wanted, language: Language, around: _Around) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Words and table, and the Bokeh figure when there is something to draw and the block draws it."""
    block, link, material = item.block, item.link, around.material
    own = link.own_indicator if link.own_indicator_id else None
    shown = _own(own, item, language, around) if own else _public(link, language, material)
    others = queries.others_of(item, material.company)
    if shown.frame is None:
        missing: dict[str, Any] = {
            "state": "missing",
            "title": link.subject.name,
            "state_text": shown.reason,
            "others": others,
        }
        if own:
            missing["source"] = f"{words.origin(own_source(own, around.area, None), language)}."
        return missing, None
    # What the council set is about its own figure, not about that of a wider area.
    whole = shown.frame if shown.level else with_targets(shown.frame, link.measuring, language)
    frame = with_voices(cut_to(block, whole), block.told, language)
    shapes = Shapes(
        block,
        link,
        frame,
        material,
        language,
        is_wider=shown.level is not None,
        own_rows=shown.rows,
        maps=maps_of(
            link.subject, frame, around.area, language, around.atlas, is_wider=shown.level is not None
        ),
    )
    built, drawn, suiting = _built(shapes, around.palette)
    compared = is_compared(drawn)
    built = with_words(built, frame, language)
    built["notes"] = [*shown.notes, *built["notes"]]
    chart, table = built.pop("bokeh"), built["table"]
    if isinstance(block, Table):
        chart, built["svg"] = None, ""
    if shown.level:
        built["title"] = f"{built['title']} ({shown.level})"
    return {
        "state": "ready",
        "table_html": draw_table(table),
        "level": shown.level,
        "unknown": _not_known(shown, whole, language),
        "comparison": material.comparison.facts if compared else None,
        # There are others to compare with, but this view leaves them out.
        "leaves_others": not compared and (bool(whole.band) or isinstance(drawn, Areas)),
        "views": suiting,
        "periods": [[point.period, point.label] for point in whole.valued],
        "others": others,
        **built,
    }, chart


def _not_known(shown: _Shown, whole: TrendFrame, language: Language) -> str:
    """What this figure does not tell about our newest period; "" when it has our own value."""
    if shown.level:
        return shown.level
    if whole.own and whole.own[-1].value is not None:
        return ""
    return words.certainty(whole.own, whole.area, language)[0]


def _built(shapes: Shapes, palette: Palette) -> tuple[dict[str, Any], Frame, list[dict[str, Any]]]:
    """The document in the view that the council chose, or when the figures do not suit that, in one that they do suit;
    and the frame that was drawn.

    Also every view with why it suits these figures, or does not.
    """
    block, trend, language = shapes.block, shapes.trend, shapes.language
    made = shapes.all
    found = judged(made, language)
    views = [choice._asdict() for choice in found]
    if isinstance(block, Table):
        options = TrendOptions(show_band=block.show_band)
        return document.build(trend, options, language, palette), trend, views
    kind = view_for(block.view.kind, found)
    frame = made[kind]
    if kind == block.view.kind and not isinstance(frame, str):
        built = document.build(frame, block.view, language, palette)
        built["notes"] = [*built["notes"], *shapes.notes]
        return built, frame, views
    if isinstance(frame, str):
        kind, frame = "trend", trend
    built = document.build(frame, parse_options({"kind": kind}), language, palette)
    against = next(choice.reason for choice in found if choice.kind == block.view.kind)
    built["notes"] = [*built["notes"], {"kind": "view", "text": against}]
    return built, frame, views


def _public(link: Link, language: Language, material: Material) -> _Shown:
    """A figure of the catalogue; where ours is not there, that of the nearest wider area, which says so."""
    indicator, area = cast("Indicator", link.subject), material.area
    if not indicator.series:
        return _Shown(
            None,
            language.gettext(
                "Dit cijfer is nog niet gekoppeld aan een bron. De werkbank toont het zodra dat zo is."
            ),
        )
    happened = material.events.get(indicator.id, [])
    peers = material.peers_of(indicator)
    frame = trend_frame(
        indicator,
        area,
        material.own(indicator),
        comparison=material.comparison,
        peers=peers,
        happened=happened,
        language=language,
    )
    if frame.valued or (frame.own and frame.band):
        return _Shown(frame, notes=tuple(_odd_notes(indicator, frame, material, language)))
    wider, _figure = catalogue.lines_around([indicator], area).instead.get(indicator.slug, (None, None))
    if wider:
        figures = catalogue.figures_of(indicator, wider)
        frame = trend_frame(
            indicator, wider, figures, comparison=None, peers={}, happened=happened, language=language
        )
        return _Shown(frame, level=not_ours(wider.type, wider.name, language))
    if frame.numbers:
        return _Shown(frame)
    return _Shown(
        None, language.gettext("Er zijn geen cijfers over %(area)s in deze bron.", area=area.short_name)
    )


def _own(indicator: OwnIndicator, item: Wanted, language: Language, around: _Around) -> _Shown:
    """A figure that the municipality counts itself."""
    if indicator.withdrawn_at:
        return _Shown(
            None,
            language.gettext(
                "De gemeente heeft dit cijfer ingetrokken op %(day)s. Reden: %(reason)s",
                day=language.date(indicator.withdrawn_at),
                reason=indicator.withdrawn_reason or "",
            ),
        )
    frame = own_frame(indicator, around.area, around.moments[item.place].fetched_at, language)
    if frame.numbers:
        return _Shown(frame, rows=tuple(uploads.current(indicator).values()))
    if any(point.missing == "suppressed" for point in frame.own):
        return _Shown(None, language.gettext("Dit cijfer tonen wij niet: het gaat om te weinig mensen."))
    return _Shown(
        None,
        language.gettext("In dit eigen cijfer staat geen getal over heel %(area)s.", area=around.area.name),
    )
