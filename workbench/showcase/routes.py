"""The showcase: sharing, reading an example, copying it, and taking its cards over in their steps."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from workbench.accounts.access import PERMISSIONS, Permission, requires
from workbench.accounts.models import Council
from workbench.accounts.queries import own_memberships
from workbench.core.errors import Conflict
from workbench.core.web import page, public
from workbench.indicators.queries import own_area
from workbench.showcase import operations, parts, queries
from workbench.showcase.adopters.queries import is_named
from workbench.showcase.arrival.models import Origin
from workbench.showcase.arrival.queries import settled, slots
from workbench.showcase.circles import queries as circles
from workbench.showcase.circles.models import Circle
from workbench.showcase.circles.operations import open_to, today
from workbench.showcase.content import PlanContent
from workbench.showcase.finding import queries as finding
from workbench.showcase.forms import (
    CopyAgainForm,
    CopyForm,
    CopyScriptAgainForm,
    CopyScriptForm,
    OpeningForm,
    ShareForm,
    TakeGoalForm,
)
from workbench.showcase.layout import has_place
from workbench.showcase.models import Adoption, Licence, SharedTemplate, TemplateKind
from workbench.showcase.parts import Subject
from workbench.showcase.queries import Copy, Shown
from workbench.vision import queries as plans
from workbench.vision import steps
from workbench.vision.forms import ValueForm
from workbench.vision.models import Plan, PlanStatus

bp = Blueprint("showcase", __name__)


# --- For everyone ---------------------------------------------------------------------------------------------------


def _shown(template_id: UUID) -> Shown:
    return queries.find_shown(template_id) or abort(404)


@bp.get("/etalage")
@public
def index() -> ResponseReturnValue:
    """All that this reader may read, narrowed by words and filters."""
    choice = finding.read_choice(request.args)
    number = max(1, min(request.args.get("pagina", 1, type=int), 1000))
    found = finding.find(choice, number)
    area = own_area() if current_user.is_authenticated else None
    return page(
        "showcase/index.html",
        choice=choice,
        found=found,
        area=area,
        known=finding.known_figures(found.hits, area) if area else {},
        options=finding.options(),
        number=number,
        councils=_sharing(),
    )


def _sharing() -> list[Council]:
    """The councils for which this reader shares."""
    memberships = own_memberships(current_user) if current_user.is_authenticated else []
    return [item.council for item in memberships if Permission.SHARE_PLAN in PERMISSIONS[item.role]]


@bp.get("/etalage/<uuid:template_id>")
@public
def show(template_id: UUID) -> ResponseReturnValue:
    """With the way to who reads it, for who shares it."""
    shown = _shown(template_id)
    return page(
        "showcase/show.html",
        shown=shown,
        own=next((council for council in _sharing() if council.id == shown.template.council_id), None),
        names=queries.names_in(shown.content),
    )


@bp.get("/etalage/<uuid:template_id>/overnemen")
@public
def how_to_copy(template_id: UUID) -> ResponseReturnValue:
    """To the council for which this person may copy; who may not is told how it is done."""
    shown = _shown(template_id)
    memberships = own_memberships(current_user) if current_user.is_authenticated else []
    councils = [
        item.council
        for item in memberships
        if Permission.COPY_TEMPLATE in PERMISSIONS[item.role] and item.council_id != shown.template.council_id
    ]
    if len(councils) == 1:
        return redirect(url_for("showcase.copy", council=councils[0].slug, template_id=template_id))
    return page("showcase/how_to_copy.html", shown=shown, councils=councils, memberships=memberships)


# --- Sharing --------------------------------------------------------------------------------------------------------

# How a kind is called in an address.
PARTS = {
    "waarden": TemplateKind.VALUES,
    "doel": TemplateKind.GOAL,
    "monitor": TemplateKind.FORMAT,
    "stappenplan": TemplateKind.STEPS,
    "draaiboek": TemplateKind.SCRIPT,
}
IN_ADDRESS = {kind: part for part, kind in PARTS.items()}


@bp.route("/<council>/trajecten/<uuid:plan_id>/delen", methods=["GET", "POST"])
@requires(Permission.SHARE_PLAN)
def share(plan_id: UUID) -> ResponseReturnValue:
    """A whole plan; from here also to its parts."""
    return _share(parts.find_subject(TemplateKind.PLAN, plan_id))


@bp.route("/<council>/delen/<any(waarden,doel,monitor,stappenplan,draaiboek):thing>/<uuid:subject_id>", methods=["GET", "POST"])  # fmt: skip
@requires(Permission.SHARE_PLAN)
def share_part(thing: str, subject_id: UUID) -> ResponseReturnValue:
    return _share(parts.find_subject(PARTS[thing], subject_id))


def _share(subject: Subject) -> ResponseReturnValue:
    """Look at exactly what goes along, then share that."""
    template = queries.find_template(subject.kind, subject.id)
    content = parts.content_of(subject)
    form = ShareForm(obj=template) if template else ShareForm(title=subject.title)
    _offer_readers(form, template)
    if template and not form.is_submitted():
        form.changed.data, form.agreed.data = "", bool(template.contact)
        form.licence.data = (template.licence or Licence.CC_BY).value
    seen, form.seen.data = form.seen.data, queries.fingerprint(content)
    is_changed = form.is_submitted() and not form.is_reshown and seen != form.seen.data
    if form.validate_on_submit() and not is_changed:
        shared = operations.share(
            subject.plan,
            content,
            fictitious=g.council.is_demo,
            subject=(subject.kind, subject.id),
            opening=form.opening(),
            changed=form.changed.text,
            licence=Licence(form.licence.data),
            **form.texts(),
        )
        return _told(shared)
    return page(
        "showcase/share.html",
        status=409 if is_changed else 200,
        form=form,
        subject=subject,
        back=_back_to(subject),
        earlier=template,
        content=content,
        names=queries.names_in(content),
        is_changed=is_changed,
        nothing=operations.nothing_to_share(subject.kind),
        others=parts.parts_of(subject.thing) if subject.kind is TemplateKind.PLAN else [],
        in_address=IN_ADDRESS,
    )


def _offer_readers(form: OpeningForm, template: SharedTemplate | None) -> None:
    there = circles.possible_readers(template.id if template else None)
    form.offer(there)
    if template:
        form.start_from(template, there)


def _back_to(subject: Subject) -> str:
    """The page of the thing itself."""
    match subject.kind:
        case TemplateKind.GOAL:
            return url_for("evidence.goal", goal_id=subject.id)
        case TemplateKind.VALUES:
            return url_for("vision.values", plan_id=subject.id)
        case TemplateKind.PLAN | TemplateKind.STEPS:
            return url_for("evidence.plan", plan_id=subject.id)
    if subject.plan is not None:
        return url_for("evidence.plan", plan_id=subject.plan.id)
    return url_for("showcase.ours")


def _told(template: SharedTemplate) -> ResponseReturnValue:
    """Say who reads it from now on, on the page that they read."""
    if template.circle is Circle.PUBLIC and template.is_open_on(today()):
        flash(_("Uw voorbeeld staat in de etalage. Iedereen kan het nu lezen."), "success")
    else:
        flash(_("Bewaard. Hieronder staat wie het leest, en wanneer."), "success")
        return redirect(url_for("showcase.ours", _anchor=f"voorbeeld-{template.id}"))
    return redirect(url_for("showcase.show", template_id=template.id))


@bp.get("/<council>/etalage")
@requires(Permission.SHARE_PLAN)
def ours() -> ResponseReturnValue:
    """All that this council shares or shared: who reads it, and what can be done with it."""
    templates = queries.own_templates()
    ids = [template.id for template in templates]
    return page(
        "showcase/ours.html",
        templates=templates,
        readers=circles.readers_of(ids),
        used=queries.used_by(ids),
        today=today(),
        in_address=IN_ADDRESS,
        here=queries.subjects_here(templates),
        plans=_running(),
    )


def _own(template_id: UUID) -> SharedTemplate:
    return queries.own_template(template_id) or abort(404)


@bp.route("/<council>/etalage/<uuid:template_id>/lezers", methods=["GET", "POST"])
@requires(Permission.SHARE_PLAN)
def readers(template_id: UUID) -> ResponseReturnValue:
    """Another circle or other days, for the version that is there."""
    template = _own(template_id)
    if not template.is_shared:
        raise Conflict(_("Dit wordt niet gedeeld."))
    form = OpeningForm()
    _offer_readers(form, template)
    if form.validate_on_submit():
        open_to(template, form.opening())
        return _told(template)
    return page("showcase/readers.html", form=form, shared=template)


@bp.post("/<council>/etalage/<uuid:template_id>/intrekken")
@requires(Permission.SHARE_PLAN)
def revoke(template_id: UUID) -> ResponseReturnValue:
    template = _own(template_id)
    operations.revoke(template)
    flash(_("‘%(title)s’ staat niet meer in de etalage. Niemand anders kan het nog lezen.", title=template.title), "success")  # fmt: skip
    return redirect(url_for("showcase.ours"))


# --- Copying --------------------------------------------------------------------------------------------------------


@bp.route("/<council>/etalage/<uuid:template_id>/overnemen", methods=["GET", "POST"])
@requires(Permission.COPY_TEMPLATE)
def copy(template_id: UUID) -> ResponseReturnValue:
    """Into a plan; a script becomes a workshop. Of the own council only what came in a package."""
    shown = _shown(template_id)
    is_own = shown.template.council_id == g.council.id
    if is_own and queries.subjects_here([shown.template]):
        raise Conflict(_("Dit voorbeeld is van uw eigen raad. Overnemen is voor andere raden."))
    earlier = queries.earlier_copies(template_id)
    if shown.template.kind is TemplateKind.SCRIPT:
        return _copy_script(shown, earlier)
    copied = {item.adoption.plan_id for item in earlier}
    form = (CopyAgainForm if earlier else CopyForm)(**_before(shown, earlier))
    running = [item for item in _running() if item.id not in copied]
    form.offer(running)
    if form.validate_on_submit():
        chosen = form.into.data if form.into else ""
        into = next((item for item in running if str(item.id) == chosen), None)
        named = bool(form.named.data)
        plan = operations.copy(
            shown,
            form.title.text,
            current_user.id,
            once_more=bool(earlier),
            into=into,
            named=named,
            in_package=is_own,
        )
        if shown.template.kind is TemplateKind.STEPS:
            flash(_("De vragen staan nu bij de stappen van uw traject."), "success")
            return redirect(url_for("showcase.arrived", plan_id=plan.id))
        flash(
            _("Het voorbeeld ligt klaar in uw traject. Uw eigen kaarten zijn niet veranderd.")
            if into
            else _("Het nieuwe traject is begonnen. Begin met de opdracht; het voorbeeld ligt klaar."),
            "success",
        )
        return redirect(url_for("evidence.plan", plan_id=plan.id))
    return page("showcase/copy.html", form=form, shown=shown, earlier=earlier)


def _running() -> list[Plan]:
    return [item for item in plans.plans() if item.status is PlanStatus.RUNNING]


def _before(shown: Shown, earlier: list[Copy]) -> dict[str, Any]:
    """What a form to copy with shows to begin with."""
    return {"title": shown.template.title, "named": bool(earlier) and is_named(shown.template.id)}


def _copy_script(shown: Shown, earlier: list[Copy]) -> ResponseReturnValue:
    form = (CopyScriptAgainForm if earlier else CopyScriptForm)(**_before(shown, earlier))
    form.offer(_running())
    if form.validate_on_submit():
        workshop = operations.copy_script(
            shown,
            current_user.id,
            once_more=bool(earlier),
            named=bool(form.named.data),
            in_package=shown.template.council_id == g.council.id,
            **form.facts(shown.content.minutes),
        )
        flash(
            _("Het leeratelier staat klaar, met het hele draaiboek. Verander wat niet past bij uw groep."),
            "success",
        )
        return redirect(url_for("workshops.show", workshop_id=workshop.id))
    return page("showcase/copy.html", form=form, shown=shown, earlier=earlier)


# --- Taking over ----------------------------------------------------------------------------------------------------


def _example_with(plan: Plan, key: UUID) -> tuple[Adoption, PlanContent]:
    """The example in this plan that has a value or goal with this key."""
    found = (
        (example.adoption, example.content)
        for example in queries.examples_of(plan)
        if example.content.value(key) or example.content.goal(key)
    )
    return next(found, None) or abort(404)


@bp.get("/<council>/trajecten/<uuid:plan_id>/voorbeeld")
@requires(Permission.EDIT_PLAN)
def arrived(plan_id: UUID) -> ResponseReturnValue:
    """What came along with an example, by step; without one, the showcase to choose from. With several, the one that
    was asked for, else the first.
    """
    plan = plans.readable_plan(plan_id)
    examples = queries.examples_of(plan)
    if not examples:
        return redirect(url_for("showcase.index"))
    asked = request.args.get("voorbeeld")
    example = next((item for item in examples if str(item.adoption.id) == asked), examples[0])
    content = example.content
    facts = plans.facts_of(plan)
    choices, asked_for, taken = settled(plan), slots(content), queries.taken_over(plan)
    return page(
        "showcase/arrived.html",
        plan=plan,
        example=example,
        others=[item for item in examples if item is not example],
        adoption=example.adoption,
        content=content,
        names=queries.names_in(content),
        left_out={key for key, card in choices.items() if card.origin is Origin.LEFT_OUT},
        came={key for key, card in choices.items() if card.taken_at},
        is_asking=bool(asked_for),
        is_mapped=any(slot.key in choices and choices[slot.key].origin for slot in asked_for),
        taken=taken,
        can_lay_out=has_place(content.sections, taken),
        missing={number: plans.missing_for(plan, number, facts) for number in range(steps.LAST + 1)},
    )


@bp.route("/<council>/trajecten/<uuid:plan_id>/voorbeeld/waarden/<uuid:value_key>", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def take_value(plan_id: UUID, value_key: UUID) -> ResponseReturnValue:
    """A value of the example as the start of an own card."""
    plan = plans.plan_at_work(plan_id, steps.VALUES)
    adoption, content = _example_with(plan, value_key)
    item = content.value(value_key) or abort(404)
    if own := queries.taken_over(plan).get(item.key):
        return redirect(url_for("vision.value", value_id=own))
    form = ValueForm(obj=item)
    if form.validate_on_submit():
        operations.take_value(plan, item, current_user.id, **form.changes())
        flash(_("‘%(name)s’ staat nu in uw eigen woorden in het traject.", name=form.name.text), "success")
        return redirect(url_for("showcase.arrived", plan_id=plan.id, voorbeeld=adoption.id, _anchor=f"waarde-{item.key}"))  # fmt: skip
    return page("showcase/value.html", form=form, plan=plan, adoption=adoption, item=item)


@bp.route("/<council>/trajecten/<uuid:plan_id>/voorbeeld/doelen/<uuid:goal_key>", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def take_goal(plan_id: UUID, goal_key: UUID) -> ResponseReturnValue:
    """A goal of the example, under values of one's own."""
    plan = plans.plan_at_work(plan_id, steps.GOALS)
    adoption, content = _example_with(plan, goal_key)
    item = content.goal(goal_key) or abort(404)
    taken = queries.taken_over(plan)
    if own := taken.get(item.key):
        return redirect(url_for("evidence.goal", goal_id=own))
    available = plans.values_on_offer(plan)
    form = TakeGoalForm()
    form.offer(available)
    if not form.is_submitted():
        form.values.data = [str(taken[key]) for key in item.values if key in taken]
    if form.validate_on_submit():
        chosen = [value for value in available if str(value.id) in (form.values.data or [])]
        operations.take_goal(plan, item, chosen, current_user.id)
        flash(
            _("Het doel staat in uw traject. Kies nu wat eronder past, of verander eerst uw eigen doel."),
            "success",
        )
        return redirect(url_for("showcase.arrived", plan_id=plan.id, voorbeeld=adoption.id, _anchor=f"doel-{item.key}"))  # fmt: skip
    return page(
        "showcase/goal.html",
        form=form,
        plan=plan,
        adoption=adoption,
        item=item,
        content=content,
        names=queries.names_in(content),
    )


@bp.post("/<council>/trajecten/<uuid:plan_id>/voorbeeld/<uuid:adoption_id>/vragen")
@requires(Permission.EDIT_PLAN)
def take_questions(plan_id: UUID, adoption_id: UUID) -> ResponseReturnValue:
    """All questions of the example that the plan does not have yet, at their steps."""
    plan = plans.readable_plan(plan_id)
    plans.check_running(plan)
    example = queries.example_of(plan, adoption_id) or abort(404)
    came = operations.take_questions(plan, example.content.own_questions)
    flash(
        ngettext("%(num)s vraag staat nu bij uw stappen.", "%(num)s vragen staan nu bij uw stappen.", came)
        if came
        else _("Deze vragen stonden al bij uw stappen."),
        "success",
    )
    return redirect(url_for("showcase.arrived", plan_id=plan.id, voorbeeld=adoption_id, _anchor="vragen"))


@bp.post("/<council>/trajecten/<uuid:plan_id>/voorbeeld/<uuid:adoption_id>/monitor")
@requires(Permission.EDIT_PLAN)
def lay_out(plan_id: UUID, adoption_id: UUID) -> ResponseReturnValue:
    """The monitor of the council in the order of the example, as a draft."""
    plan = plans.readable_plan(plan_id)
    plans.check_running(plan)
    example = queries.example_of(plan, adoption_id) or abort(404)
    monitor, is_changed = operations.lay_out(plan, example.content, current_user.id)
    if is_changed:
        flash(_("De monitor staat nu in de volgorde van het voorbeeld. Het is een concept: kijk het na, en publiceer het als het klopt."), "success")  # fmt: skip
    else:
        flash(_("De monitor stond al in deze volgorde."), "success")
    return redirect(url_for("shaping.build", monitor_id=monitor.id))


@bp.post("/<council>/trajecten/<uuid:plan_id>/voorbeeld/doelen/<uuid:goal_key>/kaarten")
@requires(Permission.EDIT_PLAN)
def take_cards(plan_id: UUID, goal_key: UUID) -> ResponseReturnValue:
    """What was ticked under a goal of the example, each in a step that is open."""
    plan = plans.plan_at_work(plan_id, steps.NEEDS)
    adoption, content = _example_with(plan, goal_key)
    goal = content.goal(goal_key) or abort(404)
    own = queries.taken_over(plan).get(goal.key)
    if own is None:
        raise Conflict(_("Neem eerst het doel over, dan pas wat eronder staat."))
    wanted = set(request.form.getlist("card"))
    items = [item for item in operations.cards_under(goal) if str(item.key) in wanted]
    back = url_for("showcase.arrived", plan_id=plan.id, voorbeeld=adoption.id, _anchor=f"doel-{goal.key}")
    if not items:
        flash(_("Er stond nergens een vinkje. Kies eerst wat u wilt overnemen."), "warning")
        return redirect(back)
    for number in {operations.STEP_OF[type(item)] for item in items}:
        plans.check_step(plan, number)
    problems = operations.take_cards(plan, plans.goal_with_values(own), items, current_user.id)
    came = len(items) - len(problems)
    if came:
        flash(ngettext("Overgenomen: %(num)s kaart.", "Overgenomen: %(num)s kaarten.", came), "success")
    for problem in problems:
        flash(_("Niet overgenomen. %(why)s", why=problem), "warning")
    return redirect(back)
