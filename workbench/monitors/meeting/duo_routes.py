"""Two readers of a goal: who reads, what each sees, and both beside each other."""

import io
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.errors import Conflict
from workbench.core.forms import Form
from workbench.core.web import page
from workbench.documents import docx
from workbench.monitors.meeting import duo_words, operations, queries
from workbench.monitors.meeting.forms import DuoForm, NoteForm
from workbench.monitors.meeting.models import DuoNote, DuoReading
from workbench.vision import queries as plans
from workbench.vision.steps import GOALS

bp = Blueprint("duo", __name__, url_prefix="/<council>")

READY = "klaar"  # the name of the button with which a reader is done


@bp.get("/trajecten/<uuid:plan_id>/duolezers")
@requires(Permission.READ_ROUNDS)
def index(plan_id: UUID) -> ResponseReturnValue:
    plan = plans.readable_plan(plan_id, GOALS)
    return page("meeting/duos.html", plan=plan, readings=queries.readings_of(plan))


@bp.route("/trajecten/<uuid:plan_id>/duolezers/nieuw", methods=["GET", "POST"])
@requires(Permission.RUN_ROUNDS)
def new(plan_id: UUID) -> ResponseReturnValue:
    """Who leads says who belongs to which side; the workbench does not know."""
    plan = plans.readable_plan(plan_id, GOALS)
    goals = [goal for goal, _values in plans.goals_serving(plan)]
    found = queries.candidates(plan)
    form = DuoForm()
    form.offer(
        {goal.id: goal.whole_sentence for goal in goals},
        {one.person_id: f"{one.name}, {one.faction}" if one.faction else one.name for one in found},
    )
    status = 200
    if form.validate_on_submit():
        goal = next(goal for goal in goals if str(goal.id) == form.goal.data)
        pair = UUID(form.coalition.data), UUID(form.opposition.data)
        try:
            made = operations.form_duo(goal, *pair, current_user.id)
        except Conflict as conflict:
            form.opposition.errors, status = [str(conflict)], 409
        else:
            flash(_("Het duo staat klaar. Vraag beide lezers om hun antwoord in te vullen."), "success")
            return redirect(url_for("duo.show", duo_reading_id=made.id))
    return page(
        "meeting/duo_new.html", status=status, plan=plan, form=form, can_form=goals and len(found) > 1
    )


@bp.get("/duolezers/<uuid:duo_reading_id>")
@requires(Permission.READ_ROUNDS)
def show(duo_reading_id: UUID) -> ResponseReturnValue:
    """Before both are ready: one's own part. After: both."""
    found = queries.reading(duo_reading_id)
    notes = queries.notes_of(found)
    reader = found.reader(current_user.id)
    return page(
        "meeting/duo.html",
        reading=found,
        reader=reader,
        own=queries.own_note(found, current_user.id) if reader and not notes else None,
        notes=notes,
        differences=duo_words.differences(notes),
    )


@bp.route("/duolezers/<uuid:duo_reading_id>/invullen", methods=["GET", "POST"])
@requires(Permission.VOTE)
def write(duo_reading_id: UUID) -> ResponseReturnValue:
    found = _mine(duo_reading_id)
    own = queries.own_note(found, current_user.id)
    reader = found.reader(current_user.id)
    if found.is_revealed or (reader and reader.ready_at):
        return redirect(url_for("duo.show", duo_reading_id=found.id))
    form = NoteForm(obj=own)
    form.start_from(own)
    elsewhere: DuoNote | None = None
    if form.validate_on_submit():
        is_ready = READY in request.form
        try:
            operations.write(found, current_user.id, form.content(), form.base(), is_ready=is_ready)
        except operations.ChangedElsewhere as changed:
            elsewhere = changed.theirs
            form.version.data = str(elsewhere.version if elsewhere else 0)
        else:
            flash(_("U bent klaar.") if is_ready else _("Bewaard. Alleen u ziet dit."), "success")
            return redirect(url_for("duo.show", duo_reading_id=found.id))
    return page(
        "meeting/duo_write.html",
        status=409 if elsewhere else 200,
        reading=found,
        form=form,
        elsewhere=elsewhere,
        READY=READY,
    )


@bp.post("/duolezers/<uuid:duo_reading_id>/terugnemen")
@requires(Permission.VOTE)
def take_back(duo_reading_id: UUID) -> ResponseReturnValue:
    operations.take_back(_mine(duo_reading_id), current_user.id)
    flash(_("U hebt uw antwoord terug. Alleen u ziet het."), "success")
    return redirect(url_for("duo.write", duo_reading_id=duo_reading_id))


@bp.route("/duolezers/<uuid:duo_reading_id>/wissen", methods=["GET", "POST"])
@requires(Permission.VOTE)
def erase(duo_reading_id: UUID) -> ResponseReturnValue:
    found = _mine(duo_reading_id)
    form = Form()
    if form.validate_on_submit():
        operations.erase(found, current_user.id)
        flash(_("Uw antwoord is weg. Niemand heeft het gelezen."), "success")
        return redirect(url_for("duo.show", duo_reading_id=found.id))
    return page("meeting/duo_confirm.html", reading=found, form=form, what="erase")


@bp.route("/duolezers/<uuid:duo_reading_id>/opheffen", methods=["GET", "POST"])
@requires(Permission.RUN_ROUNDS)
def dissolve(duo_reading_id: UUID) -> ResponseReturnValue:
    found = queries.reading(duo_reading_id)
    form = Form()
    if form.validate_on_submit():
        operations.dissolve(found, current_user.id)
        flash(_("Het duo is opgeheven."), "success")
        return redirect(url_for("duo.index", plan_id=found.plan_id))
    return page("meeting/duo_confirm.html", reading=found, form=form, what="dissolve")


@bp.get("/duolezers/<uuid:duo_reading_id>.docx")
@requires(Permission.READ_ROUNDS)
def file(duo_reading_id: UUID) -> ResponseReturnValue:
    """Both answers as a Word file for the agenda; before both are ready there is none."""
    found = queries.reading(duo_reading_id)
    notes = queries.notes_of(found) or abort(404)
    return send_file(
        io.BytesIO(docx.write(duo_words.document(found, notes))),
        mimetype=docx.MIMETYPE,
        as_attachment=True,
        download_name=f"{_('duolezers')}-{found.id.hex[:8]}.docx",
    )


def _mine(reading_id: UUID) -> DuoReading:
    """A reading by a pair to which the member of this request belongs; else 404 or 403."""
    found = queries.reading(reading_id)
    return found if found.reader(current_user.id) else abort(403)
