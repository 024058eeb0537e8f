"""Writing the three lines of a goal."""

from dataclasses import asdict
from uuid import UUID

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.errors import Conflict
from workbench.core.web import language, page, saved
from workbench.evidence.insight import operations
from workbench.evidence.insight import queries as insight
from workbench.monitors.three_lines import queries
from workbench.monitors.three_lines.forms import ThreeLinesForm
from workbench.vision import queries as plans
from workbench.vision import steps
from workbench.vision.histories import History, form_words, offer

bp = Blueprint("three_lines", __name__, url_prefix="/<council>")


@bp.route("/doelen/<uuid:goal_id>/drie-regels", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def edit(goal_id: UUID) -> ResponseReturnValue:
    goal = plans.goal_at_work(goal_id, steps.EVIDENCE)
    lines = insight.lines_of(goal.id)
    proposal = queries.proposal(goal, language())
    form = ThreeLinesForm(obj=lines) if lines else ThreeLinesForm(data=asdict(proposal))
    if lines:
        form.start_from(lines)
    status = 200
    if form.validate_on_submit():
        texts = {name: text or "" for name, text in form.changes().items()}
        try:
            is_saved = form.saved(lambda: operations.write_lines(goal, current_user.id, form.base(), **texts))
        except Conflict as conflict:
            form.stories.errors, status = [str(conflict)], 422
        else:
            if is_saved:
                kept = insight.lines_of(goal.id)
                message = _("De drie regels zijn bewaard. Ze staan ook in de monitor.")
                return saved(kept, url_for("evidence.goal", goal_id=goal.id), message)
            status = 409
    return page(
        "three_lines/form.html",
        status=status,
        form=form,
        goal=goal,
        lines=lines,
        proposal=proposal,
    )


def _history(goal_id: UUID) -> History:
    goal = plans.goal_with_values(goal_id)
    lines = insight.lines_of(goal.id) or abort(404)
    back = url_for("three_lines.edit", goal_id=goal.id)
    name = _("Drie regels")
    return History(lines, goal.plan_id, steps.EVIDENCE, name, back, form_words(ThreeLinesForm(formdata=None)))


offer(bp, "/doelen/<uuid:goal_id>/drie-regels", "history", _history)
