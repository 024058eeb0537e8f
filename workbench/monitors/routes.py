"""Home of a council, the monitor, and the chart documents."""

import gzip
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, g, get_template_attribute, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from workbench.accounts.access import Permission, requires
from workbench.core.drawn_once import drawn_once
from workbench.core.remembered import remembered
from workbench.core.text import current_language
from workbench.core.web import get_or_404, language, page
from workbench.evidence.follow_up.queries import spending_of
from workbench.indicators import queries as catalogue
from workbench.indicators.events.models import SeriesEvent
from workbench.indicators.events.queries import events_by_indicator
from workbench.knowledge.calendar import queries as calendar
from workbench.knowledge.calendar.models import today
from workbench.monitors import queries, views
from workbench.monitors.conversation.queries import talk_of
from workbench.monitors.format import Drawn as DrawnBlock
from workbench.monitors.queries import BlockView
from workbench.monitors.source_lines import source_line
from workbench.monitors.views import MonitorView
from workbench.monitors.waiting import waiting_for
from workbench.vision import queries as plans
from workbench.vision.models import WORKING_GROUP, Plan
from workbench.vision.steps import EVIDENCE, GOALS
from workbench.vision.task_list import task_list

bp = Blueprint("monitors", __name__, url_prefix="/<council>")


@bp.get("/")
@requires(Permission.VIEW_COUNCIL)
@drawn_once
def home() -> ResponseReturnValue:
    found = plans.plans()
    plan = found[0] if found else None
    tasks = task_list(plan) if plan else []
    current = next((task for task in tasks if task["status"] == "current"), None)
    entries = calendar.upcoming()
    number = current["number"] if current else None
    shown = queries.stored_by_plan(plan.id).get(plan.id, queries.NOTHING) if plan else queries.NOTHING
    return page(
        "monitors/home.html",
        plan=plan,
        plans=found,
        adopted=shown.adopted,
        tasks=tasks,
        current=current,
        changes=queries.newest_changes(shown, language())
        if plan and plan.may_be_read_by(g.membership, EVIDENCE)
        else [],
        next_entry=next(iter(entries), None),
        waiting=waiting_for(g.membership, plan, number, today(), entries),
        is_filled=all(task["status"] in ("done", "skipped") for task in tasks),
    )


@bp.get("/monitor")
@requires(Permission.READ_MONITOR)
def monitor() -> ResponseReturnValue:
    """The monitor of the newest plan this member may see."""
    found = plans.plans()
    if not found:
        return page("monitors/none.html")
    return redirect(url_for("monitors.plan_monitor", plan_id=found[0].id))


@bp.get("/trajecten/<uuid:plan_id>/monitor")
@requires(Permission.READ_MONITOR)
@drawn_once
def plan_monitor(plan_id: UUID) -> ResponseReturnValue:
    """The monitor of the council on this plan: what is published, else the draft."""
    plan = plans.readable_plan(plan_id)
    return monitor_page(plan, views.monitor_of(plan, language(), g.membership, with_content=False))


def monitor_page(plan: Plan, found: MonitorView, state: str | None = None) -> ResponseReturnValue:
    """`state`: the address that tells how many of its figures are still being made."""
    figures = remembered(
        lambda: _draw_figures(found), "figures", *(_made_from(*item) for item in _drawn(found))
    )
    area = found.shown.area or catalogue.own_area()
    sees_figures = plan.may_be_read_by(g.membership, EVIDENCE)
    return page(
        "monitors/monitor.html",
        plan=plan,
        shown=found.shown,
        monitor=found.shown.monitor,
        adopted=found.shown.adopted if found.shown.is_published else None,
        sections=found.sections,
        figures=figures,
        sees_values=plan.may_be_read_by(g.membership, *plans.VALUE_STEPS),
        sees_goals=plan.may_be_read_by(g.membership, GOALS),
        sees_figures=sees_figures,
        has_blocks=bool(figures),
        has_voices=found.has_voices,
        building=sum(view.document is None for view in found.figures),
        state=state or url_for("monitors.building", plan_id=plan.id),
        address=request.path,
        resting=found.resting,
        spending={item.indicator.slug: item for item in spending_of(found.costs, area, None)},
        spoken=current_language(),
        happened=happened_in(found),
        talk=talk_of(plan) if (figures or found.has_voices) and found.shown.is_read else None,
        area=area,
        fresh=queries.freshness(
            found.figures, {block_id for block_id, drawn in figures.items() if drawn.is_ready}
        ),
    )


def happened_in(found: MonitorView) -> list[SeriesEvent]:
    """What happened to the figures of this monitor, the newest first; only asked when a block shows it."""
    if not any(item.kind == "events" for section in found.sections for item in section.items):
        return []
    indicator_ids = {view.link.indicator_id for view in found.figures if view.link.indicator_id}
    events = [event for noted in events_by_indicator(indicator_ids).values() for event in noted]
    return sorted(events, key=lambda event: (event.happened_on, event.id), reverse=True)


def uses_of(indicator_id: UUID) -> list[BlockView]:
    """Where the council uses an indicator, for the page about it."""
    return queries.uses_of(indicator_id, language())


def figure_for(uses: Iterable[BlockView]) -> dict[str, Any] | None:
    """The first figure among these as it stands in the monitor; None: there is none (yet)."""
    built = next((view for view in uses if view.state == "ready"), None)
    return as_block(built, built.content) if built else None


@dataclass(frozen=True)
class Drawn:
    """A block as it stands on the page; `missing`: why there is no figure, or none of our own over the newest period."""

    html: Markup
    state: str  # ready, missing or building
    missing: str

    @property
    def is_ready(self) -> bool:
        return self.state == "ready"


def _drawn(found: MonitorView) -> list[tuple[BlockView, int, bool]]:
    """Its figures, each with the level of its heading and whether its table stands open."""
    return [
        (item.figure, item.level, item.kind == "table" or getattr(item.block, "table_open", False))
        for section in found.sections
        for item in section.items
        if item.figure
    ]


def _made_from(view: BlockView, level: int, table_open: bool) -> tuple[Hashable, ...]:  # noqa: FBT001 - as drawn
    """Everything that `_as_block` uses; the version stands for the content of a document."""
    link = view.link
    indicator = link.indicator if link.indicator_id else None
    return (
        *(view.block_id, level, table_open),
        view.document.version if view.document else None,
        *(link.id, link.reason, link.quality, link.not_saying),
        *(link.subject_id, link.subject.name, indicator and indicator.slug),
        *(
            (series.source, series.table, series.fetched_at, series.licence)
            for series in (indicator.series if indicator else ())
        ),
    )


def _draw_figures(found: MonitorView) -> dict[UUID, Drawn]:
    """Block id -> how it stands on the page; remembered."""
    figure_block = get_template_attribute("components/figure.html", "figure_block")
    contents = queries.contents_of(found.figures)
    drawn = {}
    for view, level, table_open in _drawn(found):
        block_id = view.block_id or view.link.id
        content = contents.get(block_id)
        block = as_block(view, content) | {"table_open": table_open}
        missing = queries.not_known(content or {})
        drawn[block_id] = Drawn(figure_block(block, level=level), str(block["state"]), missing)
    return drawn


def as_block(view: BlockView, content: dict[str, Any] | None) -> dict[str, Any]:
    """A block as the figure component takes it; without content it is still being built."""
    content = content or {"state": "building"}
    return {
        "id": view.block_id or view.link.id,
        "state": content["state"],
        "state_text": content.get(
            "state_text", _("Deze figuur wordt gemaakt. Dat duurt meestal een paar seconden.")
        ),
        "title": content.get("title", view.link.subject.name),
        "sentence": content.get("sentence", ""),
        "alt": content.get("alt", ""),
        "table_html": content.get("table_html", ""),
        "svg": content.get("svg", ""),
        "notes": content.get("notes", []),
        "src": url_for("monitors.chart", block_id=view.block_id, v=view.document.version)
        if view.document
        else "",
        "source_line": source_line(view.link.subject, content),
        "reason": view.link.reason,
        "quality_label": view.link.quality_name,
        "not_saying": view.link.not_saying,
    }


def preview_of(block: DrawnBlock, language: str) -> Drawn | None:
    """One block of a draft, as it stands in the monitor once it is made. None: its figure is gone or rests."""
    view = queries.view_of(block, language)
    if view is None:
        return None
    figure_block = get_template_attribute("components/figure.html", "figure_block")
    table_open = block.kind == "table" or block.table_open
    drawn = as_block(view, view.content or None) | {"table_open": table_open}
    return Drawn(figure_block(drawn, level=3), str(drawn["state"]), "")


@bp.get("/trajecten/<uuid:plan_id>/monitor/stand")
@requires(Permission.READ_MONITOR)
def building(plan_id: UUID) -> ResponseReturnValue:
    """A fragment that tells how many figures are still being made; the page asks for it every 2 seconds."""
    plan = plans.readable_plan(plan_id)
    return page(
        "monitors/_building.html",
        address=url_for("monitors.plan_monitor", plan_id=plan.id),
        building=queries.unbuilt_count(plan) if plan.may_be_read_by(g.membership, EVIDENCE) else 0,
    )


@bp.get("/figuren/<uuid:block_id>.json")
@requires(Permission.READ_MONITOR)
def chart(block_id: UUID) -> ResponseReturnValue:
    """The stored chart of a block; kept by the browser as long as its version is asked for."""
    found = queries.charts_of(block_id, language()) or abort(404)
    asked = request.args.get("v")
    monitor = found[0].monitor
    plan = get_or_404(Plan, monitor.plan_id)
    if not plan.may_be_read_by(g.membership, EVIDENCE):
        abort(403)
    if monitor.published and g.membership.role not in WORKING_GROUP:
        published = queries.published_places(monitor)  # a draft is the working group's own
        found = [chart for chart in found if (block_id, chart.key) in published] or abort(404)
    _monitor, _key, version, packed = next((item for item in found if item.version == asked), found[-1])
    response = Response(mimetype="application/json")
    response.set_etag(version)
    response.headers["Cache-Control"] = (
        "private, max-age=31536000, immutable" if asked == version else "private, no-cache"
    )
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    if request.if_none_match.contains(version):
        response.status_code = 304
    elif request.accept_encodings["gzip"]:
        response.data = packed
        response.headers["Content-Encoding"] = "gzip"
    else:
        response.data = gzip.decompress(packed)
    return response
