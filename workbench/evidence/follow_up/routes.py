"""Pages of steps 5, 7 and 8: per goal what is needed, what it costs and when the council steers."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.comparison.queries import comparables_at_once
from workbench.core.cards import save_card
from workbench.core.drawn_once import drawn_once
from workbench.core.forms import choices
from workbench.core.text import current_language
from workbench.core.web import get_or_404, page, saved
from workbench.evidence.follow_up import operations, queries
from workbench.evidence.follow_up.forms import FORMS, CostForm, SteeringForm
from workbench.evidence.follow_up.models import MODELS, Part
from workbench.evidence.follow_up.operations import STEPS
from workbench.figures.words import value_text
from workbench.indicators.models import Indicator
from workbench.knowledge import queries as knowledge
from workbench.vision import queries as plans
from workbench.vision import steps
from workbench.vision.histories import History, form_words, offer
from workbench.vision.models import Goal, Plan

bp = Blueprint("follow_up", __name__, url_prefix="/<council>")

KINDS = f"<any({','.join(Part)}):part>"


@bp.get("/trajecten/<uuid:plan_id>/nodig")
@requires(Permission.READ_PLAN)
@drawn_once
def needs(plan_id: UUID) -> ResponseReturnValue:
    plan = _opened(plan_id, Part.NEED)
    return _overview("follow_up/needs.html", plan, Part.NEED, queries.by_goal(plan, Part.NEED))


@bp.get("/trajecten/<uuid:plan_id>/kosten")
@requires(Permission.READ_PLAN)
@drawn_once
def costs(plan_id: UUID) -> ResponseReturnValue:
    plan = _opened(plan_id, Part.COST)
    cards, needs = queries.kinds_by_goal(plan, Part.COST, Part.NEED)
    lines = [line for found in cards.values() for line in found]
    group = comparables_at_once() if any(line.spending for line in lines) else None
    return _overview(
        "follow_up/costs.html",
        plan,
        Part.COST,
        cards,
        needs=needs,
        sums={goal_id: queries.sums(found) for goal_id, found in cards.items()},
        spending=queries.spending_of(lines, group.area if group else None, group),
        area=group.area if group else None,
        group=group,
        amount=_amount,
        spoken=current_language(),
    )


def _amount(value: float, indicator: Indicator) -> str:
    return value_text(value, indicator.unit, indicator.decimals, current_language())


@bp.get("/trajecten/<uuid:plan_id>/sturen")
@requires(Permission.READ_PLAN)
@drawn_once
def steering(plan_id: UUID) -> ResponseReturnValue:
    plan = _opened(plan_id, Part.STEERING)
    return _overview(
        "follow_up/steering.html",
        plan,
        Part.STEERING,
        queries.by_goal(plan, Part.STEERING),
        moments={item.slug: item.name for item in knowledge.moments()},
        instruments={item.slug: item.name for item in knowledge.instruments()},
    )


def _opened(plan_id: UUID, part: Part) -> Plan:
    """A locked step answers 409 and names what is missing."""
    plan = plans.readable_plan(plan_id, STEPS[part])
    plans.check_step(plan, STEPS[part])
    return plan


def _overview(
    template: str, plan: Plan, part: Part, cards: dict[UUID, list[Any]], **more: Any
) -> ResponseReturnValue:
    number = STEPS[part]
    goals, left = plans.goals_with_left_open(plan, steps.NEEDS, number)
    said = {goal_id: item for (step, goal_id), item in left.items() if step == number}
    unknown_needs = {
        goal_id for (step, goal_id), item in left.items() if step == steps.NEEDS and item.is_unknown
    }
    goals.sort(key=lambda goal: (goal.id in cards, goal.id in said))  # blank spots first
    return page(
        template,
        plan=plan,
        goals=goals,
        cards=cards,
        part=part,
        number=number,
        said=said,
        unknown_needs=unknown_needs,
        **more,
    )


@bp.route(f"/doelen/<uuid:goal_id>/{KINDS}/nieuw", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def new(goal_id: UUID, part: str) -> ResponseReturnValue:
    goal = plans.goal_at_work(goal_id, STEPS[Part(part)])
    operations.check_order(goal, Part(part))
    form = _offered(FORMS[Part(part)]())
    if form.validate_on_submit():
        operations.add(goal, Part(part), current_user.id, **form.changes())
        flash(_("Bewaard."), "success")
        return redirect(_list_address(goal, Part(part)))
    return page("follow_up/form.html", form=form, goal=goal, part=Part(part), card=None, back=_list_address)


@bp.route(f"/{KINDS}/<uuid:card_id>/bewerken", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def edit(card_id: UUID, part: str) -> ResponseReturnValue:
    card = get_or_404(MODELS[Part(part)], card_id)
    goal = plans.goal_at_work(card.goal_id, STEPS[Part(part)])
    form = _offered(FORMS[Part(part)](obj=card))
    form.start_from(card)
    status = 200
    if form.validate_on_submit():
        if form.saved(lambda: save_card(card, form.changes(), by=current_user.id, base_version=form.base())):
            return saved(card, _list_address(goal, Part(part)), _("Bewaard."))
        status = 409
    return page(
        "follow_up/form.html",
        status=status,
        form=form,
        goal=goal,
        part=Part(part),
        card=card,
        back=_list_address,
    )


def _history(card_id: UUID, part: str) -> History:
    card = get_or_404(MODELS[Part(part)], card_id)
    goal = plans.goal_with_values(card.goal_id)
    words = form_words(_offered(FORMS[Part(part)](formdata=None)))
    back = url_for("follow_up.edit", card_id=card.id, part=part)
    return History(card, goal.plan_id, STEPS[Part(part)], goal.sentence, back, words)


offer(bp, f"/{KINDS}/<uuid:card_id>", "history", _history)


@bp.post(f"/{KINDS}/<uuid:card_id>/verwijderen")
@requires(Permission.EDIT_PLAN)
def remove(card_id: UUID, part: str) -> ResponseReturnValue:
    card = get_or_404(MODELS[Part(part)], card_id)
    goal = plans.goal_at_work(card.goal_id, STEPS[Part(part)])
    operations.remove(card)
    flash(_("Verwijderd."), "success")
    return redirect(_list_address(goal, Part(part)))


def _offered(form: Any) -> Any:
    """The form with its choices from the knowledge cards and the catalogue."""
    nothing = {"": _("weet ik nog niet")}
    if isinstance(form, CostForm):
        form.spending.choices = choices({"": _("past nergens bij")} | dict(queries.spending_choices()))
    if isinstance(form, SteeringForm):
        form.moment.choices = choices(nothing | {item.slug: item.name for item in knowledge.moments()})
        form.instrument.choices = choices(
            nothing | {item.slug: item.name for item in knowledge.instruments()}
        )
    return form


def _list_address(goal: Goal, part: Part) -> str:
    """The overview page, at this goal."""
    endpoint = {Part.NEED: "needs", Part.COST: "costs", Part.STEERING: "steering"}[part]
    return url_for(f"follow_up.{endpoint}", plan_id=goal.plan_id, _anchor=f"doel-{goal.id}")
