"""Taking a monitor along: choosing a form, following how far it is, and fetching the file."""

import io
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.language import AMSTERDAM
from workbench.core.web import language, limiter, page
from workbench.documents.queries import material
from workbench.monitors import queries as monitors
from workbench.monitors.contents import FigureWords, MonitorWords
from workbench.monitors.exports import operations, queries
from workbench.monitors.exports.forms import FormForm
from workbench.monitors.exports.models import (
    OF_A_FIGURE,
    OF_A_MONITOR,
    ON_ONE_SHEET,
    STEPS,
    Export,
    Form,
    State,
)
from workbench.monitors.exports.summarise import sheet_of
from workbench.monitors.exports.summary import SummaryWords
from workbench.monitors.exports.writing import KINDS, file_name
from workbench.monitors.read_out import council_monitor_in_words
from workbench.vision import queries as plans
from workbench.vision.models import Plan
from workbench.vision.steps import EVIDENCE

bp = Blueprint("exports", __name__, url_prefix="/<council>")

LIMIT = "40 per hour"  # files that one person may ask for


def _person() -> str:
    return f"exports {getattr(current_user, 'id', request.remote_addr)}"


@bp.route("/trajecten/<uuid:plan_id>/monitor/meenemen", methods=["GET", "POST"])
@requires(Permission.READ_MONITOR)
@limiter.limit(LIMIT, key_func=_person, methods=["POST"])
def choose(plan_id: UUID) -> ResponseReturnValue:
    """The whole monitor, as this member reads it at this moment."""
    plan = plans.readable_plan(plan_id)
    form = FormForm()
    form.offer(OF_A_MONITOR)
    if form.validate_on_submit():
        words = _words(plan)
        if form.chosen in ON_ONE_SHEET:
            export = _ask(plan, sheet_of(material(plan.id), words), form.chosen, words.title)
        else:
            export = _ask(plan, words, form.chosen, words.title)
        return redirect(url_for("exports.show", export_id=export.id))
    return page(
        "exports/choose.html",
        plan=plan,
        form=form,
        figure=None,
        building=monitors.unbuilt_count(plan) if plan.may_be_read_by(g.membership, EVIDENCE) else 0,
        taken=queries.of_plan(plan.id, current_user.id),
    )


@bp.route("/trajecten/<uuid:plan_id>/monitor/figuren/<uuid:block_id>/meenemen", methods=["GET", "POST"])
@requires(Permission.READ_MONITOR)
@limiter.limit(LIMIT, key_func=_person, methods=["POST"])
def choose_figure(plan_id: UUID, block_id: UUID) -> ResponseReturnValue:
    """One figure of it."""
    plan = plans.readable_plan(plan_id)
    words = _words(plan)
    figure = next((figure for figure in words.figures if figure.id == block_id), None) or abort(404)
    form = FormForm()
    form.offer(OF_A_FIGURE if figure.svg else (Form.FIGURE_CSV,))
    if form.validate_on_submit():
        export = _ask(plan, _alone(words, figure), form.chosen, figure.subject, figure.id)
        return redirect(url_for("exports.show", export_id=export.id))
    return page(
        "exports/choose.html",
        plan=plan,
        form=form,
        figure=figure,
        building=int(figure.state == "building"),
        taken=queries.of_plan(plan.id, current_user.id),
    )


def _words(plan: Plan) -> MonitorWords:
    return council_monitor_in_words(plan, g.council, g.membership, language())


def _alone(words: MonitorWords, figure: FigureWords) -> MonitorWords:
    """Only this figure, so that nothing else is kept."""
    section = next(section for section in words.sections if figure in section.figures)
    return words.model_copy(update={"sections": (section.model_copy(update={"items": (figure,)}),)})


def _ask(
    plan: Plan, words: MonitorWords | SummaryWords, form: Form, title: str, block_id: UUID | None = None
) -> Export:
    return operations.ask(
        words,
        plan_id=plan.id,
        asked_by_id=current_user.id,
        form=form,
        block_id=block_id,
        title=title,
        language=language(),
    )


def _own(export_id: UUID, *, with_file: bool = False) -> Export:
    """Of the person who asked for it; of anyone else, or too old, it does not exist."""
    return queries.find(export_id, current_user.id, with_file=with_file) or abort(404)


@bp.get("/meenemen/<uuid:export_id>")
@requires(Permission.READ_MONITOR)
def show(export_id: UUID) -> ResponseReturnValue:
    export = _own(export_id)
    return page("exports/show.html", export=export, steps=STEPS, kinds=KINDS)


@bp.get("/meenemen/<uuid:export_id>/stand")
@requires(Permission.READ_MONITOR)
def standing(export_id: UUID) -> ResponseReturnValue:
    """A fragment that tells how far it is; the page asks for it every 2 seconds."""
    return page("exports/_standing.html", export=_own(export_id), steps=STEPS)


@bp.post("/meenemen/<uuid:export_id>/opnieuw")
@requires(Permission.READ_MONITOR)
@limiter.limit(LIMIT, key_func=_person)
def try_again(export_id: UUID) -> ResponseReturnValue:
    export = _own(export_id)
    operations.try_again(export)
    flash(_("Wij proberen het nog een keer."), "success")
    return redirect(url_for("exports.show", export_id=export.id))


@bp.get("/meenemen/<uuid:export_id>/bestand")
@requires(Permission.READ_MONITOR)
def file(export_id: UUID) -> ResponseReturnValue:
    export = _own(export_id, with_file=True)
    if export.state is not State.READY or export.file is None:
        abort(404)
    if not operations.is_still_heard(export):
        return redirect(url_for("exports.show", export_id=export.id))
    day = export.asked_at.astimezone(AMSTERDAM).date()
    response = send_file(
        io.BytesIO(export.file),
        mimetype=KINDS[export.form].mimetype,
        as_attachment=True,
        download_name=file_name(export.form, export.title, g.council.slug, day.isoformat()),
    )
    response.headers["Cache-Control"] = "no-store"
    return response
