"""Pages of workshops before the day: the list, the facts, the script, and what goes on paper."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, may, requires
from workbench.core.errors import Conflict
from workbench.core.forms import Form
from workbench.core.web import page
from workbench.rounds.words import CONSENT_NAMES
from workbench.vision import queries as plans
from workbench.vision.models import Plan
from workbench.workshops.evidence import figures_of
from workbench.workshops.kinds import Kind
from workbench.workshops.models import Activity, State, Workshop
from workbench.workshops.script import joining, operations, queries, words
from workbench.workshops.script.forms import ActivityForm, MoveForm, WorkshopForm

bp = Blueprint("workshops", __name__, url_prefix="/<council>/ateliers")

# Where values and goals of the plan may be put among what there is to choose from.
TAKES_CARDS = frozenset({Kind.DOTS, Kind.POINTS, Kind.RANKING, Kind.PAIRWISE, Kind.DILEMMA})
VALUES, GOALS = "waarden", "doelen"  # which button was pressed


def readable(workshop_id: UUID) -> Workshop:
    """The workshop; only those who run workshops see a draft."""
    workshop = queries.find_workshop(workshop_id) or abort(404)
    if workshop.state is State.DRAFT and not may(Permission.RUN_WORKSHOPS):
        abort(403)
    return workshop


def _with_activity(workshop_id: UUID, activity_id: UUID) -> tuple[Workshop, Activity]:
    """The workshop, and one part of its script."""
    workshop = readable(workshop_id)
    found = next((item for item in workshop.activities if item.id == activity_id), None)
    return workshop, found or abort(404)


def _plan_of(workshop: Workshop) -> Plan | None:
    return plans.readable_plan(workshop.plan_id) if workshop.plan_id else None


def _to_script(workshop_id: UUID, activity_id: UUID | None = None) -> ResponseReturnValue:
    """Back to the script, at the part where somebody just did something."""
    anchor = f"onderdeel-{activity_id}" if activity_id else None
    return redirect(url_for("workshops.show", workshop_id=workshop_id, _anchor=anchor))


# --- The list, and the facts of one ---------------------------------------------------------------------------------


@bp.get("")
@requires(Permission.READ_WORKSHOPS)
def index() -> ResponseReturnValue:
    found = queries.workshops()
    if not may(Permission.RUN_WORKSHOPS):
        found = [workshop for workshop in found if workshop.state is not State.DRAFT]
    return page(
        "workshops/index.html",
        coming=[workshop for workshop in reversed(found) if workshop.state is not State.ENDED],
        past=[workshop for workshop in found if workshop.state is State.ENDED],
        words=words,
    )


@bp.route("/nieuw", methods=["GET", "POST"])
@requires(Permission.RUN_WORKSHOPS)
def new() -> ResponseReturnValue:
    form = WorkshopForm()
    form.offer(plans.plans())
    if form.validate_on_submit():
        workshop = operations.make_workshop(current_user.id, **form.facts())
        flash(_("Het leeratelier staat klaar. Kies nu wat u gaat doen."), "success")
        return _to_script(workshop.id)
    return page("workshops/form.html", form=form, workshop=None)


@bp.route("/<uuid:workshop_id>/bewerken", methods=["GET", "POST"])
@requires(Permission.RUN_WORKSHOPS)
def edit(workshop_id: UUID) -> ResponseReturnValue:
    workshop = readable(workshop_id)
    form = WorkshopForm()
    form.offer(plans.plans())
    form.show(workshop)
    status = 200
    if form.validate_on_submit():
        if form.saved(lambda: operations.change_workshop(workshop, form.base(), **form.facts())):
            flash(_("Bewaard."), "success")
            return _to_script(workshop.id)
        status = 409
    return page("workshops/form.html", status=status, form=form, workshop=workshop)


@bp.route("/<uuid:workshop_id>/weggooien", methods=["GET", "POST"])
@requires(Permission.RUN_WORKSHOPS)
def discard(workshop_id: UUID) -> ResponseReturnValue:
    workshop = readable(workshop_id)
    form = Form()
    if form.validate_on_submit():
        operations.discard_workshop(workshop)
        flash(_("Het leeratelier is weggegooid."), "success")
        return redirect(url_for("workshops.index"))
    return page("workshops/remove.html", form=form, workshop=workshop, activity=None)


# --- The script -----------------------------------------------------------------------------------------------------


@bp.get("/<uuid:workshop_id>")
@requires(Permission.READ_WORKSHOPS)
def show(workshop_id: UUID) -> ResponseReturnValue:
    """The script for who runs it; the programme for everyone else."""
    workshop = readable(workshop_id)
    script = queries.script_of(workshop)
    if not may(Permission.RUN_WORKSHOPS):
        return page("workshops/programme.html", workshop=workshop, script=script)
    return page(
        "workshops/show.html",
        workshop=workshop,
        script=script,
        todo=words.todo(workshop, script),
        plan=_plan_of(workshop),
        words=words,
        State=State,
    )


@bp.route("/<uuid:workshop_id>/werkvormen", methods=["GET", "POST"])
@requires(Permission.RUN_WORKSHOPS)
def library(workshop_id: UUID) -> ResponseReturnValue:
    """The working forms, with what they ask of this group; one press puts one in the script."""
    workshop = readable(workshop_id)
    if request.method == "POST":
        found = queries.library_form(request.form.get("vorm", "")) or abort(404)
        added = operations.add_form(workshop, found)
        flash(_("“%(name)s” staat onderaan in het draaiboek.", name=found.name), "success")
        return _to_script(workshop.id, added.id)
    return page("workshops/library.html", workshop=workshop, forms=queries.library(), words=words)


@bp.route("/<uuid:workshop_id>/overnemen", methods=["GET", "POST"])
@requires(Permission.RUN_WORKSHOPS)
def copy(workshop_id: UUID) -> ResponseReturnValue:
    """A ready script, or that of an earlier workshop, put at the end of this one."""
    workshop = readable(workshop_id)
    earlier = [item for item in queries.workshops() if item.activities and item.id != workshop.id]
    forms, scripts = queries.library(), queries.ready_scripts()
    if request.method == "POST":
        chosen = request.form.get("draaiboek", "")
        if script := next((item for item in scripts if item.slug == chosen), None):
            operations.take_script(workshop, script, forms)
        elif other := next((item for item in earlier if str(item.id) == chosen), None):
            operations.copy_script(workshop, other)
        else:
            raise Conflict(_("Dit draaiboek is er niet meer. Kies een ander."))
        flash(_("Het draaiboek is overgenomen. Pas het aan uw groep aan."), "success")
        return _to_script(workshop.id)
    names = {form.slug: form.name for form in forms}
    return page("workshops/copy.html", workshop=workshop, scripts=scripts, names=names, earlier=earlier)


@bp.route("/<uuid:workshop_id>/onderdelen/<uuid:activity_id>", methods=["GET", "POST"])
@requires(Permission.RUN_WORKSHOPS)
def activity(workshop_id: UUID, activity_id: UUID) -> ResponseReturnValue:
    """One part of the script: what the group is asked, and how long."""
    workshop, found = _with_activity(workshop_id, activity_id)
    plan = _plan_of(workshop)
    asks_figure = found.kind in (Kind.FIGURE_AND_STORY, Kind.MEANING)
    form = ActivityForm()
    form.fit(
        found.kind,
        figures_of(plan) if plan and asks_figure else {},
        found.settings.get("block_id", ""),
    )
    form.show(found)
    status = 200
    if form.validate_on_submit():
        pressed = request.form.get("erbij")
        more = _cards(plan, pressed) if pressed and plan and found.kind in TAKES_CARDS else []
        if form.saved(lambda: operations.change_activity(found, form.base(), **form.facts(*more))):
            if more:
                flash(_("Bewaard. Ze staan onderaan in de lijst: streep weg wat niet meedoet."), "success")
                kept = {option["label"] for option in found.settings["options"]}
                if left := [label for label in more if label not in kept]:
                    flash(_("Deze pasten er niet meer bij: %(names)s", names=", ".join(left)), "warning")
                return redirect(request.path)
            flash(_("Bewaard."), "success")
            return _to_script(workshop.id, found.id)
        status = 409
    script = queries.script_of(workshop)
    return page(
        "workshops/activity.html",
        status=status,
        form=form,
        workshop=workshop,
        line=next(line for line in script.lines if line.activity is found),
        also=_offers(plan, found.kind),
        words=words,
    )


def _offers(plan: Plan | None, kind: Kind) -> list[tuple[str, str, str]]:
    """The buttons that put cards of the plan among what there is to choose from."""
    if plan is None or kind not in TAKES_CARDS:
        return []
    values, goals = queries.values_and_goals(plan)
    return [
        *([(_("Bewaren en de waarden van het traject erbij zetten"), "erbij", VALUES)] if values else []),
        *([(_("Bewaren en de doelen van het traject erbij zetten"), "erbij", GOALS)] if goals else []),
    ]


def _cards(plan: Plan, which: str) -> list[str]:
    values, goals = queries.values_and_goals(plan)
    return {VALUES: values, GOALS: goals}.get(which, [])


@bp.post("/<uuid:workshop_id>/onderdelen/<uuid:activity_id>/plaats")
@requires(Permission.RUN_WORKSHOPS)
def move(workshop_id: UUID, activity_id: UUID) -> ResponseReturnValue:
    _workshop, found = _with_activity(workshop_id, activity_id)
    form = MoveForm()
    if not form.validate_on_submit():
        raise Conflict(_("Vul het nummer van een plek in: 1 is het eerste onderdeel."))
    place: int = form.place.data  # type: ignore[assignment]  # it is asked for
    operations.move_activity(found, place)
    return _to_script(workshop_id, found.id)


@bp.route("/<uuid:workshop_id>/onderdelen/<uuid:activity_id>/weghalen", methods=["GET", "POST"])
@requires(Permission.RUN_WORKSHOPS)
def remove(workshop_id: UUID, activity_id: UUID) -> ResponseReturnValue:
    workshop, found = _with_activity(workshop_id, activity_id)
    form = Form()
    if form.validate_on_submit():
        operations.remove_activity(found)
        flash(_("Het onderdeel is weggehaald. De tijden schuiven op."), "success")
        return _to_script(workshop_id)
    return page("workshops/remove.html", form=form, workshop=workshop, activity=found)


# --- On paper -------------------------------------------------------------------------------------------------------


@bp.get("/<uuid:workshop_id>/programma")
@requires(Permission.READ_WORKSHOPS)
def programme(workshop_id: UUID) -> ResponseReturnValue:
    """For who comes: what happens when."""
    workshop = readable(workshop_id)
    return page(
        "workshops/programme.html", workshop=workshop, script=queries.script_of(workshop), words=words
    )


@bp.get("/<uuid:workshop_id>/draaiboek")
@requires(Permission.RUN_WORKSHOPS)
def run_sheet(workshop_id: UUID) -> ResponseReturnValue:
    """For who leads: everything, with what to say and the own notes."""
    workshop = readable(workshop_id)
    return page(
        "workshops/run_sheet.html", workshop=workshop, script=queries.script_of(workshop), words=words
    )


@bp.get("/<uuid:workshop_id>/uitdeelblad")
@requires(Permission.RUN_WORKSHOPS)
def handout(workshop_id: UUID) -> ResponseReturnValue:
    """In large print: how to join, and every question, to follow along and answer on paper."""
    workshop = readable(workshop_id)
    return page(
        "workshops/handout.html",
        workshop=workshop,
        address=joining.short_address(),
        code=workshop.code,
        picture=joining.picture(workshop.code) if workshop.code else None,
        Kind=Kind,
        consent=CONSENT_NAMES.values(),
    )
