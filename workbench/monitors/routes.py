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

from workbench.accounts.access import Permission, may, requires
from workbench.core.remembered import remembered
from workbench.core.web import get_or_404, language, page
from workbench.evidence.focus import queries as focus
from workbench.indicators import queries as catalogue
from workbench.knowledge.calendar import queries as calendar
from workbench.knowledge.calendar.models import today
from workbench.monitors import queries
from workbench.monitors.conversation.queries import talk_of
from workbench.monitors.queries import BlockView
from workbench.monitors.source_lines import source_line
from workbench.monitors.waiting import waiting_for
from workbench.vision import queries as plans
from workbench.vision.models import Plan
from workbench.vision.steps import EVIDENCE, GOALS
from workbench.vision.task_list import step_address, task_list

bp = Blueprint("monitors", __name__, url_prefix="/<council>")


@bp.get("/")
@requires(Permission.VIEW_COUNCIL)
def home() -> ResponseReturnValue:
    found = plans.plans()
    plan = found[0] if found else None
    tasks = task_list(plan) if plan else []
    current = next((task for task in tasks if task["status"] == "current"), None)
    entries = calendar.upcoming()
    number = current["number"] if current else None
    return page(
        "monitors/home.html",
        plan=plan,
        plans=found,
        tasks=tasks,
        current=current,
        changes=queries.newest_changes(plan, language())
        if plan and plan.may_be_read_by(g.membership, EVIDENCE)
        else [],
        next_entry=next(iter(entries), None),
        waiting=waiting_for(g.membership, plan, number, today(), entries),
        due=focus.due(plan) if plan and may(Permission.EDIT_PLAN) else [],
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
def plan_monitor(plan_id: UUID) -> ResponseReturnValue:
    plan = plans.readable_plan(plan_id)
    sections = queries.sections_of(plan, language(), g.membership, with_content=False)
    views = [block for section in sections for goal in section.goals for block in goal.blocks]
    figures = remembered(lambda: _draw_figures(views), "figures", *map(_made_from, views))
    return page(
        "monitors/monitor.html",
        plan=plan,
        sections=sections,
        figures=figures,
        sees_values=plan.may_be_read_by(g.membership, *plans.VALUE_STEPS),
        sees_goals=plan.may_be_read_by(g.membership, GOALS),
        sees_figures=plan.may_be_read_by(g.membership, EVIDENCE),
        has_blocks=bool(views),
        talk=talk_of(plan) if views else {},
        building=sum(view.document is None for view in views),
        resting=focus.resting(plan.id) if plan.may_be_read_by(g.membership, EVIDENCE) else [],
        area=catalogue.own_area(),
        fresh=queries.freshness(views, {link_id for link_id, drawn in figures.items() if drawn.is_ready}),
        choose_address=step_address(plan, 6),
    )


def uses_of(indicator_id: UUID) -> list[BlockView]:
    """Where the council uses an indicator, for the page about it."""
    return queries.uses_of(indicator_id, language())


def figure_for(uses: Iterable[BlockView]) -> dict[str, Any] | None:
    """The first figure among these as it stands in the monitor; None: there is none (yet)."""
    built = next((view for view in uses if view.state == "ready"), None)
    return _as_block(built, built.content) if built else None


@dataclass(frozen=True)
class Drawn:
    """A block as it stands on the page; `missing`: why there is no figure."""

    html: Markup
    is_ready: bool
    missing: str | None


def _made_from(view: BlockView) -> tuple[Hashable, ...]:
    """Everything that `_as_block` uses; the version stands for the content of a document."""
    link = view.link
    indicator = link.indicator if link.indicator_id else None
    return (
        view.block_id,
        view.document.version if view.document else None,
        *(link.id, link.reason, link.quality, link.not_saying),
        *(link.subject_id, link.subject.name, indicator and indicator.slug),
        *(
            (series.source, series.table, series.fetched_at, series.licence)
            for series in (indicator.series if indicator else ())
        ),
    )


def _draw_figures(views: list[BlockView]) -> dict[UUID, Drawn]:
    """Link id -> its block; remembered."""
    figure_block = get_template_attribute("components/figure.html", "figure_block")
    contents = queries.contents_of(views)
    found = {}
    for view in views:
        block = _as_block(view, contents.get(view.link.id))
        missing = str(block["state_text"]) if block["state"] == "missing" else None
        found[view.link.id] = Drawn(figure_block(block), block["state"] == "ready", missing)
    return found


def _as_block(view: BlockView, content: dict[str, Any] | None) -> dict[str, Any]:
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


@bp.get("/trajecten/<uuid:plan_id>/monitor/stand")
@requires(Permission.READ_MONITOR)
def building(plan_id: UUID) -> ResponseReturnValue:
    """A fragment that tells how many figures are still being made; the page asks for it every 2 seconds."""
    plan = plans.readable_plan(plan_id)
    return page(
        "monitors/_building.html",
        plan=plan,
        building=queries.unbuilt_count(plan) if plan.may_be_read_by(g.membership, EVIDENCE) else 0,
    )


@bp.get("/figuren/<uuid:block_id>.json")
@requires(Permission.READ_MONITOR)
def chart(block_id: UUID) -> ResponseReturnValue:
    """The stored chart of a block; kept by the browser as long as its version is asked for."""
    found = queries.chart_of(block_id, language()) or abort(404)
    plan_id, version, packed = found
    if not get_or_404(Plan, plan_id).may_be_read_by(g.membership, EVIDENCE):
        abort(403)
    response = Response(mimetype="application/json")
    response.set_etag(version)
    response.headers["Cache-Control"] = (
        "private, max-age=31536000, immutable" if request.args.get("v") == version else "private, no-cache"
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
