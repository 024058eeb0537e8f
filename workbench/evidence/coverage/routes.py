"""The coverage of a plan: goals against what shows how they go."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from workbench.accounts.access import Permission, requires
from workbench.core.drawn_once import drawn_once
from workbench.core.web import page
from workbench.evidence.coverage import queries
from workbench.evidence.coverage.words import counted_words, invitation, told_words
from workbench.vision import queries as plans
from workbench.vision import steps

bp = Blueprint("coverage", __name__, url_prefix="/<council>")


@bp.get("/trajecten/<uuid:plan_id>/dekking")
@requires(Permission.READ_PLAN)
@drawn_once
def show(plan_id: UUID) -> ResponseReturnValue:
    plan = plans.readable_plan(plan_id, steps.EVIDENCE)
    plans.check_step(plan, steps.EVIDENCE)
    return page(
        "coverage/show.html",
        plan=plan,
        rows=queries.coverage_of(plan),
        counted_words=counted_words,
        told_words=told_words,
        invitation=invitation,
    )
