"""Home of a council, the monitor, and the chart documents."""

import gzip
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workbench.accounts.access import Permission, may, requires
from workbench.core.web import get_or_404, language, page
from workbench.evidence.focus import queries as focus
from workbench.evidence.models import Link
from workbench.indicators import queries as catalogue
from workbench.knowledge.calendar import queries as calendar
from workbench.monitors import queries
from workbench.monitors.queries import BlockView
from workbench.monitors.source_lines import source_line
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
    return page(
        "monitors/home.html",
        plan=plan,
        plans=found,
        tasks=tasks,
        current=current,
        changes=queries.newest_changes(plan, language())
        if plan and plan.may_be_read_by(g.membership, EVIDENCE)
        else [],
        area=catalogue.own_area(),
        next_entry=calendar.next_entry(),
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
    sections = queries.sections_of(plan, language(), g.membership)
    views = [block for section in sections for goal in section.goals for block in goal.blocks]
    return page(
        "monitors/monitor.html",
        plan=plan,
        sections=sections,
        as_block=_as_block,
        sees_values=plan.may_be_read_by(g.membership, *plans.VALUE_STEPS),
        sees_goals=plan.may_be_read_by(g.membership, GOALS),
        sees_figures=plan.may_be_read_by(g.membership, EVIDENCE),
        has_blocks=bool(views),
        resting=focus.resting(plan.id) if plan.may_be_read_by(g.membership, EVIDENCE) else [],
        building=sum(view.state == "building" for view in views),
        area=catalogue.own_area(),
        fresh=queries.freshness(views),
        choose_address=step_address(plan, 6),
    )


def figure_for(links: Sequence[Link]) -> dict[str, Any] | None:
    """The figure of these links, which are about one indicator, as it stands in the monitor; None: not there (yet)."""
    view = queries.figure_of(links, language()) if links else None
    return _as_block(view) if view and view.state == "ready" else None


def _as_block(view: BlockView) -> dict[str, Any]:
    """A block as the figure component takes it."""
    content = view.content
    return {
        "id": view.block_id or view.link.id,
        "state": view.state,
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
