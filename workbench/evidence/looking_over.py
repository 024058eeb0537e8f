"""The cards of a step in a few words each, to look over before the step is finished."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from workbench.core.text import current_language
from workbench.evidence import queries
from workbench.evidence.asking import queries as asking
from workbench.evidence.follow_up import queries as follow_up
from workbench.evidence.follow_up.models import CostLine, Need, Part, Steering
from workbench.evidence.follow_up.operations import STEPS
from workbench.evidence.telling import queries as telling
from workbench.knowledge import queries as knowledge
from workbench.vision import queries as plans
from workbench.vision.models import Goal, Plan
from workbench.vision.queries import SaidSo
from workbench.vision.steps import EVIDENCE, GOALS, VALUES

PART_OF = {number: part for part, number in STEPS.items()}


@dataclass(frozen=True)
class Looked:
    """One card, or a place where there is none: `said` is what the group said of that."""

    name: str
    words: str
    address: str  # where it is changed, or filled in
    said: SaidSo | None = None
    is_there: bool = True


def cards_of_step(plan: Plan, number: int) -> list[Looked]:
    """The cards of this step, and where one is wanting; none for a step without cards."""
    left = plans.left_open_of(plan, number)
    if number in PART_OF:
        return list(_per_goal(plan, PART_OF[number], {goal: said for (_step, goal), said in left.items()}))
    found: list[Looked] = []
    if number == VALUES:
        found = [
            Looked(
                value.name,
                _("Schuurt met %(name)s. %(words)s", name=value.counter_value, words=value.own_words),
                url_for("vision.edit_value", value_id=value.id),
            )
            for value in plans.values_of(plan)
        ]
    elif number == GOALS:
        found = [
            Looked(goal.whole_sentence, _goal_words(goal), url_for("vision.edit_goal", goal_id=goal.id))
            for goal in plans.goals_of(plan)
        ]
    elif number == EVIDENCE:
        found = list(_evidence(plan))
    if (said := left.get((number, None))) and not any(item.is_there for item in found):
        where = url_for("vision.values" if number == VALUES else "evidence.goals", plan_id=plan.id)
        found.insert(0, Looked(_("Deze stap"), "", where, said, is_there=False))
    return found


def _goal_words(goal: Goal) -> str:
    lines = [(_("Waarden"), ", ".join(value.name for value in goal.values)), *goal.lines()]
    return "\n".join(f"{question}: {answer}" for question, answer in lines)


def _evidence(plan: Plan) -> Iterator[Looked]:
    """Figures, stories and requests under each goal."""
    figures, stories = queries.links_by_goal(plan), telling.by_goal(plan)
    requests = asking.requests_by_goal(plan)
    for goal in plans.goals_of(plan, with_values=False):
        name = goal.whole_sentence
        for link in figures.get(goal.id, ()):
            words = _("Cijfer: %(name)s. Waarom: %(reason)s", name=link.subject.name, reason=link.reason)
            if link.rests_until:
                day = current_language().date(link.rests_until)
                words = "\n".join([words, _("Rust nu. Opnieuw bekijken op %(day)s.", day=day)])
            yield Looked(name, words, url_for("evidence.edit_link", link_id=link.id))
        for story in stories.get(goal.id, ()):
            words = _("Verhalen: %(name)s. Waarom: %(reason)s", name=story.source.name, reason=story.reason)
            yield Looked(name, words, url_for("telling.edit_link", story_link_id=story.id))
        for request in requests.get(goal.id, ()):
            words = _("Gevraagd, nog niet geleverd: %(what)s", what=request.wanted)
            yield Looked(name, words, url_for("asking.edit_request", data_request_id=request.id))
        if goal.id not in figures and goal.id not in stories and goal.id not in requests:
            yield Looked(name, "", url_for("evidence.goal", goal_id=goal.id), is_there=False)


def _per_goal(plan: Plan, part: Part, said: dict[UUID | None, SaidSo]) -> Iterator[Looked]:
    cards = follow_up.by_goal(plan, part)
    names = _names() if part is Part.STEERING else {}
    for goal in plans.goals_of(plan, with_values=False):
        for card in cards.get(goal.id, ()):
            address = url_for("follow_up.edit", card_id=card.id, part=part.value)
            yield Looked(goal.whole_sentence, _words(card, names), address)
        if goal.id not in cards:
            overview = {Part.NEED: "needs", Part.COST: "costs", Part.STEERING: "steering"}[part]
            address = url_for(f"follow_up.{overview}", plan_id=plan.id, _anchor=f"doel-{goal.id}")
            yield Looked(goal.whole_sentence, "", address, said.get(goal.id), is_there=False)


def _names() -> dict[str, str]:
    """Slug of a moment or an instrument -> its name."""
    return {item.slug: item.name for item in [*knowledge.moments(), *knowledge.instruments()]}


def _words(card: Any, names: dict[str, str]) -> str:
    match card:
        case Need():
            return "\n".join([card.change, _("De gemeente: %(task)s.", task=card.task_name)])
        case CostLine():
            return "\n".join([card.name, *_amounts(card)])
        case Steering():
            day = current_language().date(card.on) if card.on else ""
            return ", ".join(
                filter(
                    None,
                    [names.get(card.moment, card.moment), day, names.get(card.instrument, ""), card.owner],
                )
            )
    raise TypeError(card)


def _amounts(card: CostLine) -> Iterator[str]:
    spoken = current_language()
    if card.once is not None:
        yield _("Eenmalig %(amount)s euro", amount=spoken.number(card.once, 0))
    if card.yearly is not None:
        yield _("Elk jaar %(amount)s euro", amount=spoken.number(card.yearly, 0))
    yield _("Hoe zeker: %(certainty)s", certainty=card.certainty_name)
