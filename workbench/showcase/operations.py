"""Sharing a plan or a part of it, revoking that, copying what others share, and taking cards over one by one.

A copy brings nothing into the plan by itself. A value becomes the council's own in its own words, and only then goals
can follow, then what is under them, each in its own step: the values lock holds for a copy as for every plan.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from workbench.core import audit
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.evidence.asking.operations import ask, request_data
from workbench.evidence.follow_up import operations as follow_up
from workbench.evidence.follow_up.models import Part
from workbench.evidence.measuring.models import Aiming
from workbench.evidence.measuring.operations import measure
from workbench.evidence.operations import link_indicator
from workbench.indicators.catalogue import Direction
from workbench.indicators.compare import size_class
from workbench.indicators.queries import find_indicators, inhabitants_of, own_area
from workbench.showcase import queries
from workbench.showcase.circles.models import Circle
from workbench.showcase.circles.operations import Opening, open_to, today
from workbench.showcase.content import (
    PlanContent,
    SharedCard,
    SharedFigure,
    SharedGoal,
    SharedMoment,
    SharedNeed,
    SharedQuestion,
    SharedStories,
    SharedValue,
)
from workbench.showcase.finding.words import plain
from workbench.showcase.models import Adoption, Licence, SharedTemplate, TemplateKind
from workbench.showcase.queries import Shown
from workbench.vision import operations as vision
from workbench.vision.choosing.operations import start_from_library
from workbench.vision.choosing.queries import library_value
from workbench.vision.models import Goal, Plan, Value
from workbench.vision.steps import EVIDENCE, NEEDS, STEERING

EVERYONE = Opening()
LONGEST_SEARCHED = 20_000  # characters: what a template is found by

# In which step a card under a goal is talked about.
STEP_OF: dict[type[SharedCard], int] = {
    SharedNeed: NEEDS,
    SharedQuestion: EVIDENCE,
    SharedFigure: EVIDENCE,
    SharedStories: EVIDENCE,
    SharedMoment: STEERING,
}


def _one_at_a_time(plan: Plan) -> None:
    """Two people at once: one waits."""
    db.execute(sa.select(Plan.id).where(Plan.id == plan.id).with_for_update(key_share=True))


# --- Sharing --------------------------------------------------------------------------------------------------------


def share(
    plan: Plan | None,
    content: PlanContent,
    *,
    fictitious: bool,
    subject: tuple[TemplateKind, UUID] | None = None,
    opening: Opening = EVERYONE,
    changed: str = "",
    licence: Licence = Licence.CC_BY,
    **texts: str,
) -> SharedTemplate:
    """Let others read this from now on; it replaces what was shared of it before. `subject`: what it is of, without one
    the whole plan; `changed`: what is new in this version; `texts`: title, description, context, differently, contact.
    Raises: Conflict without anything to share.
    """
    if plan is None and subject is None:
        raise TypeError("Say of what this is.")
    kind, subject_id = subject or (TemplateKind.PLAN, plan.id)  # type: ignore[union-attr]
    if content.is_empty or (kind is TemplateKind.PLAN and not content.values):
        raise Conflict(nothing_to_share(kind))
    db.execute(
        sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"),
        {"key": f"share {kind} {subject_id}"},
    )
    template = queries.find_template(kind, subject_id)
    if template is None:
        template = SharedTemplate(plan_id=plan and plan.id, kind=kind, subject_id=subject_id, number=0)
    for name, text in texts.items():
        setattr(template, name, text)
    template.licence = licence
    template.content = content.model_dump(mode="json")
    template.fictitious = fictitious
    template.number += 1
    template.shared_at, template.revoked_at = datetime.now(UTC), None
    line = {"number": template.number, "day": today().isoformat(), "changed": changed}
    template.history = [*template.history, line]
    template.circle, template.visible_from = Circle.OWN, today()
    _make_findable(template, content)
    db.add(template)
    db.flush()
    audit.record("plan_shared", template, number=template.number)
    open_to(template, opening)
    return template


def nothing_to_share(kind: TemplateKind) -> str:
    texts: dict[TemplateKind, str] = {
        TemplateKind.PLAN: _("Er is nog geen waarde om te delen. Begin bij stap 2, Wat is belangrijk."),
        TemplateKind.VALUES: _("Er is nog geen waarde om te delen. Begin bij stap 2, Wat is belangrijk."),
        TemplateKind.GOAL: _("Dit doel gaat niet mee: het staat onder geen waarde die de groep koos."),
        TemplateKind.FORMAT: _("Deze monitor is nog niet gepubliceerd. Publiceer hem eerst; deel hem dan."),
        TemplateKind.STEPS: _("Uw stappenplan heeft nog geen eigen vragen om te delen."),
        TemplateKind.SCRIPT: _("Dit draaiboek is nog leeg. Zet er eerst een werkvorm in."),
    }
    return texts[kind]


def _make_findable(template: SharedTemplate, content: PlanContent) -> None:
    """What it is found by: words, themes, laws, values, how much work it is, and how large our municipality is."""
    figures = [figure for goal in content.goals for figure in goal.figures]
    indicators = find_indicators([figure.indicator for figure in figures if figure.indicator])
    area = own_area()
    inhabitants = inhabitants_of(area) if area else None
    template.themes = sorted({theme for item in indicators.values() for theme in item.themes})
    template.laws = sorted({law for goal in content.goals for law in goal.laws})
    template.value_names = [value.name for value in content.values]
    template.figures, template.stories = content.figures, content.stories
    template.size = size_class(inhabitants).low if inhabitants is not None else None
    template.search_name = plain(" ".join([template.title, *template.value_names]))
    template.search_text = plain(
        " ".join(
            [
                *(template.title, template.description, template.context, *template.value_names),
                *(value.own_words for value in content.values),
                *(goal.whole_sentence for goal in content.goals),
                *(figure.name for figure in figures),
                *template.laws,
                *template.themes,
                *(section.title for section in content.sections),
                *(question.text for question in content.own_questions),
                *(f"{activity.title} {activity.question}" for activity in content.script),
            ]
        )
    )[:LONGEST_SEARCHED]


def revoke(template: SharedTemplate) -> None:
    """From now on nobody else reads it. Raises: Conflict when it is not shared."""
    if not template.is_shared:
        raise Conflict(_("Dit wordt niet gedeeld."))
    template.revoked_at = datetime.now(UTC)
    audit.record("plan_sharing_revoked", template, number=template.number)


# --- Copying --------------------------------------------------------------------------------------------------------


class CopiedBefore(Conflict):
    """The council copied it already, and nobody said that once more is meant."""


def copy(shown: Shown, title: str, by: UUID | None, *, once_more: bool = False) -> Plan:
    """Begin a plan with all of a template at hand, and nothing of it taken over yet. Raises: CopiedBefore."""
    db.execute(
        sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"),
        {"key": f"copy {db.info['council_id']} {shown.template.id}"},
    )
    if not once_more and queries.earlier_copies(shown.template.id):
        raise CopiedBefore(_("Uw raad nam dit voorbeeld al over."))
    plan = vision.start_plan(by, title=title)
    adoption = Adoption(
        plan_id=plan.id,
        template_id=shown.template.id,
        template_number=shown.template.number,
        title=shown.template.title,
        shared_by=shown.council,
        fictitious=shown.template.fictitious,
        content=shown.template.content,
    )
    db.add(adoption)
    audit.record("template_copied", adoption, number=shown.template.number)
    return plan


def _check_free(plan: Plan, item: SharedCard) -> None:
    """Raises: Conflict when the plan took this card over already."""
    _one_at_a_time(plan)
    if item.key in queries.taken_over(plan):
        raise Conflict(_("Deze kaart staat al in uw traject."))


def _came_from(card: Any, item: SharedCard) -> None:
    card.origin_key, card.origin_revision = item.key, item.revision


def take_value(plan: Plan, item: SharedValue, by: UUID | None, **content: Any) -> Value:
    """State a value that the group talked about; `content` is its own text. Raises: Conflict."""
    _check_free(plan, item)
    value = vision.add_value(plan, by, **content)
    _came_from(value, item)
    if example := library_value(item.library_slug):
        db.flush()
        start_from_library(value, example)
    return value


def take_goal(plan: Plan, item: SharedGoal, values: list[Value], by: UUID | None) -> Goal:
    """Set a goal of the example under own values; what is under it comes in its own step. Raises: Conflict."""
    _check_free(plan, item)
    names = ("sentence", "aim", "duty", "target_group", "horizon", "actor")
    own = {name: getattr(item, name) for name in names}
    goal = vision.add_goal(plan, by, values=values, laws=list(item.laws), area="", owner="", **own)
    _came_from(goal, item)
    return goal


def cards_under(goal: SharedGoal) -> list[SharedCard]:
    """Everything under a goal, in the order of the steps."""
    return [*goal.needs, *goal.questions, *goal.figures, *goal.stories, *goal.moments]


def take_cards(plan: Plan, goal: Goal, items: list[SharedCard], by: UUID | None) -> list[str]:
    """Take over what stands under a goal; what the plan has already is left alone. Gives a sentence for each card for
    which there is no room now. What this installation does not know, and every story, becomes a request.
    """
    _one_at_a_time(plan)
    there = queries.taken_over(plan)
    known = find_indicators(
        [item.indicator for item in items if isinstance(item, SharedFigure) and item.indicator]
    )
    problems = []
    for item in items:
        if item.key in there:
            continue
        try:
            card = _take(goal, item, known, by)
        except Conflict as conflict:
            name = item.name if isinstance(item, SharedFigure) else ""
            problems.append(f"{name}: {conflict}" if name else str(conflict))
            continue
        _came_from(card, item)
        db.flush()
    return problems


def _take(goal: Goal, item: SharedCard, known: dict[str, Any], by: UUID | None) -> Any:
    match item:
        case SharedNeed():
            names = ("change", "task", "players", "room", "not_doing")
            return follow_up.add(goal, Part.NEED, by, **{name: getattr(item, name) for name in names})
        case SharedMoment():
            slugs = {"moment": item.moment, "instrument": item.instrument}
            return follow_up.add(goal, Part.STEERING, by, **slugs, on=None, owner="", note="")
        case SharedQuestion():
            return ask(goal, by, text=item.text)
        case SharedFigure() if item.indicator in known:
            return _take_figure(goal, item, known[item.indicator], by)
        case SharedFigure():
            return _wish(goal, _("Cijfer: %(name)s", name=item.name), item.reason, by)
        case SharedStories():
            return _wish(goal, _("Verhalen: %(kind)s", kind=item.kind_name), item.reason, by)
    raise TypeError(type(item))


def _wish(goal: Goal, wanted: str, reason: str, by: UUID | None) -> Any:
    return request_data(
        goal,
        by,
        wanted=f"{wanted}. {reason}",
        from_whom=_("nog af te spreken"),
        due_on=None,
        delivered=False,
    )


def _take_figure(goal: Goal, item: SharedFigure, indicator: Any, by: UUID | None) -> Any:
    """With both readings; its direction is for this council to say."""
    link = link_indicator(
        goal, indicator, by, reason=item.reason, quality=item.quality, not_saying=item.not_saying
    )
    if item.reading and (item.reading.reading_up or item.reading.reading_down):
        db.flush()
        measuring = measure(
            link,
            [],
            by,
            baseline_period="",
            aiming=Aiming.FOLLOW,
            aims="",
            signal_side=None,
            signal_limit=None,
            direction=Direction.CONTEXT,
            direction_reason="",
            band_low=None,
            band_high=None,
            reading_up=item.reading.reading_up,
            reading_down=item.reading.reading_down,
        )
        _came_from(measuring, item.reading)
    return link
