"""Shaping a monitor: one thing at a time, each of which can be undone, and publishing what the group made."""

from collections.abc import Callable
from typing import TypeVar, cast
from uuid import UUID, uuid4

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.errors import Conflict
from workbench.core.forms import choices
from workbench.core.web import get_or_404, language, page
from workbench.evidence.insight.operations import TakenOver, check_own_words
from workbench.monitors import format as formats
from workbench.monitors import operations, proposal, queries, shaping, views
from workbench.monitors.change_words import Names, sentence, told, told_of_section
from workbench.monitors.format import DRAWN, KINDS, TOLD, AnyBlock, Figure, Format, Quote, Section, Stories
from workbench.monitors.hearing import audience_of, hear
from workbench.monitors.models import Monitor, MonitorKind
from workbench.monitors.operations import Overtaken
from workbench.monitors.queries import Shown
from workbench.monitors.routes import monitor_page, preview_of
from workbench.monitors.shaping_forms import (
    FORMS,
    VOICES,
    AddForm,
    FigureForm,
    MonitorForm,
    QuoteForm,
    SectionForm,
    StoriesForm,
    TextForm,
    TitleForm,
)
from workbench.monitors.voices import Voice
from workbench.vision import queries as plans
from workbench.vision.models import WORKING_GROUP, Plan
from workbench.vision.steps import EVIDENCE

bp = Blueprint("shaping", __name__, url_prefix="/<council>")

T = TypeVar("T")


@bp.get("/trajecten/<uuid:plan_id>/bouwen")
@requires(Permission.EDIT_PLAN)
def start(plan_id: UUID) -> ResponseReturnValue:
    """To the monitor of the council on this plan; it is proposed when there is none yet."""
    plan = plans.readable_plan(plan_id)
    return redirect(url_for("shaping.build", monitor_id=operations.first_monitor(plan.id).id))


@bp.get("/trajecten/<uuid:plan_id>/monitors")
@requires(Permission.EDIT_PLAN)
def index(plan_id: UUID) -> ResponseReturnValue:
    plan = plans.readable_plan(plan_id)
    return page("shaping/index.html", plan=plan, monitors=shaping.monitors_of(plan))


@bp.route("/trajecten/<uuid:plan_id>/monitors/nieuw", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def new(plan_id: UUID) -> ResponseReturnValue:
    """One more monitor: for residents, or about one theme."""
    plan = plans.readable_plan(plan_id)
    form = MonitorForm()
    if form.validate_on_submit():
        plans.check_running(plan)
        facts = shaping.material_of(plan).facts
        kind = MonitorKind(form.kind.data)
        monitor = operations.add_monitor(plan.id, form.title.text, kind, facts, current_user.id)
        flash(_("Gemaakt, met het voorstel als begin. Haal weg wat hier niet hoort."), "success")
        return redirect(url_for("shaping.build", monitor_id=monitor.id))
    return page("shaping/new.html", plan=plan, form=form)


@bp.get("/monitors/<uuid:monitor_id>")
@requires(Permission.READ_MONITOR)
def show(monitor_id: UUID) -> ResponseReturnValue:
    """A monitor as it is published; before that it is the working group's alone."""
    monitor, plan = _at(monitor_id)
    if monitor.published is None:
        if g.membership.role not in WORKING_GROUP:
            abort(404)
        return redirect(url_for("shaping.draft", monitor_id=monitor.id))
    return _page(plan, queries.shown_at(monitor, monitor.published))


@bp.get("/monitors/<uuid:monitor_id>/bouwen")
@requires(Permission.EDIT_PLAN)
def build(monitor_id: UUID) -> ResponseReturnValue:
    monitor, plan = _at(monitor_id)
    material = shaping.material_of(plan)
    operations.follow_plan(monitor, material.facts)
    return page(
        "shaping/build.html", plan=plan, monitor=monitor, workbench=shaping.workbench_of(monitor, material)
    )


@bp.get("/monitors/<uuid:monitor_id>/<int:number>/stand")
@requires(Permission.READ_MONITOR)
def state(monitor_id: UUID, number: int) -> ResponseReturnValue:
    """A fragment that tells how many figures of a version are still being made."""
    monitor, plan = _at(monitor_id)
    is_draft = number != monitor.published
    if is_draft and g.membership.role not in WORKING_GROUP:
        abort(404)
    found = operations.format_of(monitor, number)
    sees_figures = plan.may_be_read_by(g.membership, EVIDENCE)
    return page(
        "monitors/_building.html",
        address=url_for("shaping.draft" if is_draft else "shaping.show", monitor_id=monitor.id),
        building=queries.unbuilt_in(found) if sees_figures else 0,
    )


@bp.get("/monitors/<uuid:monitor_id>/concept")
@requires(Permission.EDIT_PLAN)
def draft(monitor_id: UUID) -> ResponseReturnValue:
    """The draft as readers would see it."""
    monitor, plan = _at(monitor_id)
    shown = Shown(monitor, monitor.draft, operations.format_of(monitor, monitor.draft))
    return _page(plan, shown)


# --- One block ------------------------------------------------------------------------------------------------------


@bp.post(
    "/monitors/<uuid:monitor_id>/blokken/<uuid:block_id>"
    "/<any(omhoog, omlaag, naar, verbergen, tonen, weghalen):action>"
)
@requires(Permission.EDIT_PLAN)
def act(monitor_id: UUID, block_id: UUID, action: str) -> ResponseReturnValue:
    """Move a block, hide it, show it again or take it away."""
    monitor, plan = _at_work(monitor_id)
    names = shaping.material_of(plan).names
    what, operation = _action(action, block_id)
    change = names.change(what, _block(monitor, block_id))

    def done(format_: Format) -> Format:
        after = operation(format_)
        if what == "moved":
            section, place = formats.place_of(after, block_id)
            change.update(place=place, of=len(section.blocks), section=names.bare(section))
        return after

    try:
        operations.shape(monitor, _base(), done, change, current_user.id, part_id=block_id)
    except Overtaken as overtaken:
        return _overtaken(plan, overtaken, names)
    if what == "moved":
        flash(
            _("Blok verplaatst naar plek %(place)s van %(of)s in het deel %(section)s.", **change), "success"
        )
    else:
        flash(sentence(change), "success")
    return _back(monitor, None if what == "gone" else block_id)


def _action(action: str, block_id: UUID) -> tuple[str, Callable[[Format], Format]]:
    if action == "omhoog":
        return "moved", lambda format_: formats.step_block(format_, block_id, -1)
    if action == "omlaag":
        return "moved", lambda format_: formats.step_block(format_, block_id, 1)
    if action == "naar":
        section_id, place = _uuid(request.form.get("deel")), _number(request.form.get("plek"))
        return "moved", lambda format_: formats.move_block(format_, block_id, section_id, place)
    if action == "weghalen":
        return "gone", lambda format_: formats.remove_block(format_, block_id)
    hidden = action == "verbergen"
    return "hidden" if hidden else "shown", lambda format_: formats.hide_block(format_, block_id, hidden)


@bp.route("/monitors/<uuid:monitor_id>/blokken/<uuid:block_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def change_block(monitor_id: UUID, block_id: UUID) -> ResponseReturnValue:
    """How a block looks, with the block as it is now in the draft."""
    monitor, plan = _at(monitor_id)
    material = shaping.material_of(plan)
    status, theirs = 200, list[str]()
    if request.method == "POST" and not operations.part_of(
        operations.format_of(monitor, monitor.draft), block_id
    ):
        block = _found(formats.find_block, operations.format_of(monitor, _base()), block_id)
        status, theirs = (
            409,
            [_("Uw collega haalde dit blok weg. Maak het ongedaan, of voeg een nieuw blok toe.")],
        )
    else:
        block = _block(monitor, block_id)
    form_class = FORMS.get(type(block))
    if form_class is None:
        raise Conflict(
            _("Aan dit blok valt niets te kiezen. U kunt het wel verplaatsen, verbergen of weghalen.")
        )
    form, offer = form_class(), None
    if isinstance(form, FigureForm) and isinstance(block, Figure):
        offer = shaping.offer_of(block, material.names.links)
        form.offer(block, offer)
    if isinstance(form, QuoteForm | StoriesForm) and isinstance(block, TOLD):
        _offer_voices(form, monitor, block.goal_id, material.names)
    if not form.is_submitted():
        form.fill(block)
        form.start_from(monitor.draft)
    if status == 200 and form.validate_on_submit():
        plans.check_running(plan)
        try:
            if isinstance(form, TextForm):
                quoted = shaping.quoted(operations.format_of(monitor, monitor.draft))
                check_own_words(form.text.text, quoted)
            operations.shape(
                monitor,
                _base(),
                lambda format_: formats.change_block(
                    format_, form.applied(formats.find_block(format_, block_id))
                ),
                material.names.change("changed", block),
                current_user.id,
                part_id=block_id,
            )
        except TakenOver as refusal:
            form["text"].errors, status = [str(refusal)], 422
        except Overtaken:
            status, theirs = 409, told(block)
            form.start_from(monitor.draft)
        else:
            flash(_("Bewaard in het concept."), "success")
            return redirect(url_for("shaping.change_block", monitor_id=monitor.id, block_id=block_id))
    return page(
        "shaping/block.html",
        status=status,
        plan=plan,
        monitor=monitor,
        block=block,
        name=material.names.of(block),
        form=form,
        theirs=theirs,
        unsuited=[view for view in offer.views if not offer.may_choose(view)] if offer else [],
        preview=preview_of(block, language()) if isinstance(block, DRAWN) else None,
        voices=_voices(monitor, block) if isinstance(block, TOLD) else None,
        tied=shaping.tie_words(block, material.names) if isinstance(block, TOLD) else "",
    )


def _offer_voices(form: QuoteForm | StoriesForm, monitor: Monitor, goal_id: UUID, names: Names) -> None:
    """The passages of this goal, and the figures in view that they may stand beside, those of the goal first."""
    links = sorted(names.links.values(), key=lambda link: link.goal_id != goal_id)
    figures = {str(link.id): link.subject.name for link in links if link.rests_until is None}
    form.offer(shaping.voices_for(monitor, goal_id), figures)


def _voices(monitor: Monitor, block: Quote | Stories) -> list[Voice]:
    """As readers hear them."""
    heard = hear(block.excerpt_ids, audience_of(monitor))
    return [heard[excerpt_id] for excerpt_id in block.excerpt_ids]


@bp.get("/monitors/<uuid:monitor_id>/blokken/<uuid:block_id>/voorbeeld")
@requires(Permission.EDIT_PLAN)
def preview(monitor_id: UUID, block_id: UUID) -> ResponseReturnValue:
    """A fragment: one block of the draft as it will be; the page asks for it while the worker makes it."""
    monitor, _plan = _at(monitor_id)
    block = _block(monitor, block_id)
    return page(
        "shaping/_preview.html", preview=preview_of(block, language()) if isinstance(block, DRAWN) else None
    )


@bp.route("/monitors/<uuid:monitor_id>/blokken/<uuid:block_id>/splitsen", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def split(monitor_id: UUID, block_id: UUID) -> ResponseReturnValue:
    """From this block on a section of its own."""
    monitor, plan = _at(monitor_id)
    block = _block(monitor, block_id)
    form, new_id = TitleForm(), uuid4()
    if not form.is_submitted():
        form.start_from(monitor.draft)
    if form.validate_on_submit():
        plans.check_running(plan)
        title = form.title.text
        change = {"what": "split", "kind": "section", "name": title}
        operations.shape(
            monitor,
            _base(),
            lambda format_: formats.split_section(format_, block_id, new_id, title),
            change,
            current_user.id,
        )
        flash(sentence(change), "success")
        return _back(monitor, new_id)
    name = shaping.material_of(plan).names.of(block)
    return page("shaping/title.html", plan=plan, monitor=monitor, form=form, splits=name)


# --- Sections -------------------------------------------------------------------------------------------------------


@bp.route("/monitors/<uuid:monitor_id>/delen/nieuw", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def add_section(monitor_id: UUID) -> ResponseReturnValue:
    monitor, plan = _at(monitor_id)
    form = TitleForm()
    if not form.is_submitted():
        form.start_from(monitor.draft)
    if form.validate_on_submit():
        plans.check_running(plan)
        section = Section(id=uuid4(), title=form.title.text)
        change = {"what": "added", "kind": "section", "name": section.title}
        operations.shape(
            monitor,
            _base(),
            lambda format_: formats.add_section(format_, section),
            change,
            current_user.id,
        )
        flash(sentence(change), "success")
        return _back(monitor, section.id)
    return page("shaping/title.html", plan=plan, monitor=monitor, form=form, splits=None)


@bp.route("/monitors/<uuid:monitor_id>/delen/<uuid:section_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def change_section(monitor_id: UUID, section_id: UUID) -> ResponseReturnValue:
    """Its name, its place, whether readers see it."""
    monitor, plan = _at(monitor_id)
    format_ = operations.format_of(monitor, monitor.draft)
    section = _found(formats.find_section, format_, section_id)
    names = shaping.material_of(plan).names
    form = SectionForm()
    if not form.is_submitted():
        form.title.data, form.hidden.data = section.title, section.hidden
        form.place.data = format_.sections.index(section) + 1
        form.start_from(monitor.draft)
    status, theirs = 200, list[str]()
    if form.validate_on_submit():
        plans.check_running(plan)

        def shaped(before: Format) -> Format:
            after = formats.rename_section(before, section_id, form.title.text)
            after = formats.hide_section(after, section_id, form.hidden.data)
            return formats.move_section(after, section_id, form.place.data or 0)

        try:
            operations.shape(
                monitor,
                _base(),
                shaped,
                names.change("changed", section),
                current_user.id,
                part_id=section_id,
            )
        except Overtaken:
            status, theirs = 409, told_of_section(section, names)
            form.start_from(monitor.draft)
        else:
            flash(_("Bewaard in het concept."), "success")
            return _back(monitor, section_id)
    return page(
        "shaping/section.html",
        status=status,
        plan=plan,
        monitor=monitor,
        section=section,
        name=names.bare(section),
        form=form,
        theirs=theirs,
    )


@bp.post("/monitors/<uuid:monitor_id>/delen/<uuid:section_id>/weghalen")
@requires(Permission.EDIT_PLAN)
def remove_section(monitor_id: UUID, section_id: UUID) -> ResponseReturnValue:
    monitor, plan = _at_work(monitor_id)
    format_ = operations.format_of(monitor, monitor.draft)
    section = _found(formats.find_section, format_, section_id)
    change = shaping.material_of(plan).names.change("gone", section)
    operations.shape(
        monitor, _base(), lambda it: formats.remove_section(it, section_id), change, current_user.id
    )
    flash(sentence(change), "success")
    return _back(monitor)


@bp.route("/monitors/<uuid:monitor_id>/delen/<uuid:section_id>/nieuw-blok", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def add_block(monitor_id: UUID, section_id: UUID) -> ResponseReturnValue:
    monitor, plan = _at(monitor_id)
    format_ = operations.format_of(monitor, monitor.draft)
    section = _found(formats.find_section, format_, section_id)
    names = shaping.material_of(plan).names
    form = AddForm()
    in_view = [link for link in names.links.values() if link.rests_until is None]
    form.link_id.choices = choices({"": "–"} | {str(link.id): link.subject.name for link in in_view})
    form.goal_id.choices = choices(
        {"": "–"} | {str(goal.id): goal.whole_sentence for goal in names.goals.values()}
    )
    if not form.is_submitted():
        form.start_from(monitor.draft)
    if form.validate_on_submit():
        plans.check_running(plan)
        if KINDS[form.kind.data] in VOICES:
            return redirect(
                url_for(
                    "shaping.add_voices",
                    monitor_id=monitor.id,
                    section_id=section.id,
                    goal_id=form.goal_id.data,
                    kind=SAID[form.kind.data],
                )
            )
        block: AnyBlock = KINDS[form.kind.data](id=uuid4(), **form.about())
        change = names.change("added", block)
        try:
            check_own_words(form.text.data or "", shaping.quoted(format_))
        except TakenOver as refusal:
            form.text.errors = [str(refusal)]
        else:
            operations.shape(
                monitor,
                _base(),
                lambda it: formats.add_block(it, block, section_id),
                change,
                current_user.id,
            )
            flash(sentence(change), "success")
            return _back(monitor, block.id)
    return page("shaping/add.html", plan=plan, monitor=monitor, form=form, name=names.bare(section))


SAID = {"quote": "citaat", "stories": "verhalen"}


@bp.route(
    "/monitors/<uuid:monitor_id>/delen/<uuid:section_id>/doelen/<uuid:goal_id>/<any(citaat, verhalen):kind>",
    methods=["GET", "POST"],
)
@requires(Permission.EDIT_PLAN)
def add_voices(monitor_id: UUID, section_id: UUID, goal_id: UUID, kind: str) -> ResponseReturnValue:
    """A quote or some stories about a goal, from what may be read by everyone who reads this monitor."""
    monitor, plan = _at(monitor_id)
    section = _found(formats.find_section, operations.format_of(monitor, monitor.draft), section_id)
    names = shaping.material_of(plan).names
    goal = names.goals.get(goal_id) or abort(404)
    block_class = Quote if kind == "citaat" else Stories
    form = VOICES[block_class]()
    _offer_voices(form, monitor, goal_id, names)
    if not form.is_submitted():
        form.start_from(monitor.draft)
    if form.validate_on_submit():
        plans.check_running(plan)
        block = block_class(id=uuid4(), goal_id=goal_id, **form.chosen())
        change = names.change("added", block)
        operations.shape(
            monitor, _base(), lambda it: formats.add_block(it, block, section_id), change, current_user.id
        )
        flash(" ".join(filter(None, (sentence(change), shaping.tie_words(block, names)))), "success")
        return _back(monitor, block.id)
    return page(
        "shaping/voices.html",
        plan=plan,
        monitor=monitor,
        form=form,
        goal=goal,
        name=names.bare(section),
        kind=kind,
    )


# --- The whole monitor ----------------------------------------------------------------------------------------------


@bp.post("/monitors/<uuid:monitor_id>/ongedaan-maken")
@requires(Permission.EDIT_PLAN)
def undo(monitor_id: UUID) -> ResponseReturnValue:
    monitor, _plan = _at_work(monitor_id)
    undone = operations.undo(monitor, _base())
    flash(_("Ongedaan gemaakt. %(sentence)s", sentence=sentence(undone.change)), "success")
    return _back(monitor)


@bp.post("/monitors/<uuid:monitor_id>/opnieuw-doen")
@requires(Permission.EDIT_PLAN)
def redo(monitor_id: UUID) -> ResponseReturnValue:
    monitor, _plan = _at_work(monitor_id)
    again = operations.redo(monitor, _base())
    flash(_("Opnieuw gedaan. %(sentence)s", sentence=sentence(again.change)), "success")
    return _back(monitor)


@bp.post("/monitors/<uuid:monitor_id>/overnemen")
@requires(Permission.EDIT_PLAN)
def take_in(monitor_id: UUID) -> ResponseReturnValue:
    """What the plan got and lost since somebody shaped the monitor, at its place."""
    monitor, plan = _at_work(monitor_id)
    facts = shaping.material_of(plan).facts
    change = {"what": "taken_in"}
    operations.shape(
        monitor, _base(), lambda it: proposal.take_in(monitor.id, it, facts), change, current_user.id
    )
    flash(sentence(change), "success")
    return _back(monitor)


@bp.post("/monitors/<uuid:monitor_id>/publiceren")
@requires(Permission.PUBLISH_MONITOR)
def publish(monitor_id: UUID) -> ResponseReturnValue:
    monitor, _plan = _at_work(monitor_id)
    operations.publish(monitor, _base(), current_user.id)
    flash(_("Gepubliceerd. Lezers van dit traject zien nu deze versie."), "success")
    return redirect(url_for("shaping.show", monitor_id=monitor.id))


# --- Together -------------------------------------------------------------------------------------------------------


def _at(monitor_id: UUID) -> tuple[Monitor, Plan]:
    monitor = get_or_404(Monitor, monitor_id)
    return monitor, plans.readable_plan(monitor.plan_id)


def _at_work(monitor_id: UUID) -> tuple[Monitor, Plan]:
    """Raises: Conflict when the plan is finished or archived."""
    monitor, plan = _at(monitor_id)
    plans.check_running(plan)
    return monitor, plan


def _page(plan: Plan, shown: Shown) -> ResponseReturnValue:
    found = views.monitor_view(plan, shown, language(), g.membership, with_content=False)
    monitor = cast("Monitor", shown.monitor)
    return monitor_page(plan, found, url_for("shaping.state", monitor_id=monitor.id, number=shown.number))


def _block(monitor: Monitor, block_id: UUID) -> AnyBlock:
    return _found(formats.find_block, operations.format_of(monitor, monitor.draft), block_id)


def _found(find: Callable[[Format, UUID], T], format_: Format, part_id: UUID) -> T:
    """Raises: Conflict when it is not there any more."""
    with operations.in_words():
        return find(format_, part_id)


def _base() -> int:
    """The number of the draft that the page showed."""
    return _number(request.form.get("base"))


def _number(text: str | None) -> int:
    try:
        return int(text or "")
    except ValueError:
        raise Conflict(_("Vul bij de plek een getal in. 1 is bovenaan.")) from None


def _uuid(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        raise Conflict(_("Kies in welk deel het blok komt.")) from None


def _overtaken(plan: Plan, overtaken: Overtaken, names: Names) -> ResponseReturnValue:
    """What the person saw, what a colleague made of it, and the same thing to do after all."""
    monitor = overtaken.monitor
    seen = operations.format_of(monitor, overtaken.number)
    now = operations.format_of(monitor, monitor.draft)
    return page(
        "shaping/overtaken.html",
        status=409,
        plan=plan,
        monitor=monitor,
        before=told(formats.find_block(seen, overtaken.part_id)),
        after=told(formats.find_block(now, overtaken.part_id)),
        name=names.of(formats.find_block(now, overtaken.part_id)),
        fields={name: value for name, value in request.form.items() if name in ("deel", "plek")},
    )


def _back(monitor: Monitor, part_id: UUID | None = None) -> ResponseReturnValue:
    """To the page, at the part that was shaped: focus stays where it was."""
    anchor = f"deel-{part_id}" if part_id else "indeling"
    return redirect(url_for("shaping.build", monitor_id=monitor.id, net=part_id, _anchor=anchor))
