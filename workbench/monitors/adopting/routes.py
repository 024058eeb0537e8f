"""Adopting a monitor, reading what was adopted, what changed since, the archive, and the trace."""

import io
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, abort, flash, g, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.drawn_once import drawn_once
from workbench.core.web import get_or_404, page
from workbench.knowledge.calendar.models import today
from workbench.monitors.adopting import archive as archives
from workbench.monitors.adopting import operations, queries
from workbench.monitors.adopting.comparing import Change, compare
from workbench.monitors.adopting.document import Document, next_edition
from workbench.monitors.adopting.forms import SMALL, AdoptForm
from workbench.monitors.adopting.freezing import freeze
from workbench.monitors.adopting.models import AdoptedVersion
from workbench.monitors.adopting.operations import Moved
from workbench.monitors.adopting.queries import Adopted
from workbench.monitors.adopting.trace import trace_of
from workbench.monitors.adopting.words import heading, name_of, told
from workbench.monitors.hearing import hear
from workbench.monitors.voices import Voice
from workbench.stories.kept.visibility import Audience
from workbench.vision import queries as plans
from workbench.vision.models import Plan
from workbench.vision.steps import COSTS, EVIDENCE, GOALS

bp = Blueprint("adopting", __name__, url_prefix="/<council>")
NOW = "nu"  # stands where a version stands: the living monitor


@bp.app_url_defaults
def _numbers(endpoint: str, values: dict[str, Any]) -> None:
    """Let an address be asked for by its edition, as 1.0."""
    if endpoint in ("adopting.show", "adopting.archive") and "edition" in values:
        values["major"], _point, values["minor"] = values.pop("edition").partition(".")


@bp.route("/trajecten/<uuid:plan_id>/vaststellen", methods=["GET", "POST"])
@requires(Permission.ADOPT_MONITOR)
def adopt(plan_id: UUID) -> ResponseReturnValue:
    """First all that will be kept, then the decision of the council."""
    plan = plans.readable_plan(plan_id)
    plans.check_running(plan)
    form = AdoptForm()
    adopted = queries.adopted(plan.id, newest=1)
    newest = adopted.newest
    made_before = operations.version_id(plan.id, form.form_id.data or "")
    for version in adopted.versions:
        if version.id == made_before:  # sent twice
            return redirect(_address(version))
    frozen = freeze(plan, g.council, g.membership)
    if newest is None:
        form.is_first()
    form.not_before(newest.adopted_on if newest else None, plan.created_at.date())
    status = 200
    if not form.is_submitted():
        form.begin(str(uuid4()), frozen.fingerprint, newest.edition if newest else "", g.council.name)
    elif form.validate_on_submit():
        try:
            version = operations.adopt(
                plan,
                form.form_id.data or "",
                frozen,
                form.decision(),
                current_user.id,
                seen=form.seen.data or "",
                small="size" in form and form.size.data == SMALL,
            )
        except Moved as moved:
            status = 409
            form.begin_again(frozen.fingerprint, newest.edition if newest else "", str(moved))
        else:
            flash(
                _(
                    "Vastgelegd als versie %(edition)s. Hieraan verandert niets meer.",
                    edition=version.edition,
                ),
                "success",
            )
            return redirect(_address(version))
    now = Document(frozen.parts)
    return page(
        "adopting/adopt.html",
        status=status,
        plan=plan,
        form=form,
        frozen=frozen,
        document=now,
        newest=newest,
        part_name=heading,
        next_small=_next(newest, small=True),
        changes=_shown(compare(adopted.documents[newest.edition], now)) if newest else None,
    )


def _next(newest: AdoptedVersion | None, *, small: bool) -> str:
    major, minor = next_edition((newest.major, newest.minor) if newest else None, small=small)
    return f"{major}.{minor}"


def _address(version: AdoptedVersion) -> str:
    return url_for("adopting.show", plan_id=version.plan_id, edition=version.edition)


@bp.get("/vastgesteld/<uuid:plan_id>")
@requires(Permission.READ_MONITOR)
@drawn_once
def index(plan_id: UUID) -> ResponseReturnValue:
    """All versions of one plan."""
    plan, adopted = _adopted(plan_id)
    return page("adopting/index.html", plan=plan, versions=adopted.versions, sees_all=_sees_all(plan))


@bp.get("/vastgesteld/<uuid:plan_id>/<int:major>.<int:minor>")
@requires(Permission.READ_MONITOR)
@drawn_once
def show(plan_id: UUID, major: int, minor: int) -> ResponseReturnValue:
    """One version, from what was kept of it alone."""
    edition = f"{major}.{minor}"
    plan, adopted = _adopted(plan_id, edition)
    version = adopted.pick(edition)
    return page(
        "adopting/show.html",
        plan=plan,
        version=version,
        versions=adopted.versions,
        document=adopted.documents[edition],
        heard=_heard(adopted.documents[edition]),
        part_name=heading,
        sees_living=plan.may_be_read_by(g.membership),
        sees_all=_sees_all(plan),
    )


@bp.get("/vastgesteld/<uuid:plan_id>/<int:major>.<int:minor>/archief.zip")
@requires(Permission.READ_MONITOR)
def archive(plan_id: UUID, major: int, minor: int) -> ResponseReturnValue:
    """The same version as a file that opens without the workbench; its quotes as this member reads them today."""
    edition = f"{major}.{minor}"
    _plan, adopted = _adopted(plan_id, edition)
    version, document = adopted.pick(edition), adopted.documents[edition]
    return send_file(
        io.BytesIO(archives.build(version, document, _heard(document), today())),
        mimetype=archives.MIMETYPE,
        as_attachment=True,
        download_name=f"monitor-{g.council.slug}-{edition}.zip",
    )


@bp.get("/vastgesteld/<uuid:plan_id>/verschil")
@requires(Permission.READ_MONITOR)
def difference(plan_id: UUID) -> ResponseReturnValue:
    """What changed between two versions, or since a version until now; without a choice the newest that there is."""
    before, after = request.args.get("van", ""), request.args.get("tot", "")
    plan, adopted = _adopted(plan_id, before, after, newest=2)
    editions, sees_all = adopted.editions, _sees_all(plan)
    after = after or (NOW if len(editions) == 1 and sees_all else editions[0])
    before = before or (editions[0] if after == NOW else editions[:2][-1])
    if before not in editions or after not in [*editions, *([NOW] if sees_all else [])]:
        abort(404)
    is_now = after == NOW
    now = Document(freeze(plan, g.council, g.membership).parts) if is_now else adopted.documents[after]
    return page(
        "adopting/difference.html",
        plan=plan,
        before=adopted.pick(before),
        after=None if is_now else adopted.pick(after),
        decision=now.decision,
        editions=editions,
        sees_all=sees_all,
        changes=_shown(compare(adopted.documents[before], now)),
    )


@bp.get("/trajecten/<uuid:plan_id>/spoor")
@requires(Permission.READ_MONITOR)
def trace(plan_id: UUID) -> ResponseReturnValue:
    """From goal to decision, for who checks afterwards."""
    plan = plans.readable_plan(plan_id, GOALS)
    chosen = request.args.get("doel", "")
    found = trace_of(plan)
    if chosen and chosen not in [str(goal.id) for goal in found.goals]:
        abort(404)
    return page("adopting/trace.html", plan=plan, trace=found, chosen=chosen)


def _adopted(plan_id: UUID, *editions: str, newest: int = 0) -> tuple[Plan, Adopted]:
    """A plan with its adopted versions; 404 when there is none."""
    plan, found = get_or_404(Plan, plan_id), queries.adopted(plan_id, *editions, newest=newest)
    if not found.versions:
        abort(404)
    return plan, found


def _heard(document: Document) -> dict[UUID, Voice]:
    """The voices in a version, as every member of the council may hear them now."""
    return hear(document.excerpt_ids, Audience.COUNCIL)


def _sees_all(plan: Plan) -> bool:
    """May this member see everything that would be adopted now?"""
    return all(
        plan.may_be_read_by(g.membership, step) for step in (*plans.VALUE_STEPS, GOALS, EVIDENCE, COSTS)
    )


def _shown(changes: list[Change]) -> dict[str, object]:
    """Real changes apart from figures that were only fetched again."""
    return {
        "told": told(change for change in changes if not change.is_only_fetched),
        "fetched": [name_of(change.part) for change in changes if change.is_only_fetched],
    }
