"""Sharing a plan or a part of it, revoking that, copying what others share, and taking cards over one by one.

A copy brings nothing into the plan by itself. A value becomes the council's own in its own words, and only then goals
can follow, then what is under them, each in its own step: the values lock holds for a copy as for every plan.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

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
from workbench.evidence.telling.operations import link_stories
from workbench.indicators.catalogue import Direction
from workbench.indicators.compare import size_class
from workbench.indicators.queries import find_indicators, inhabitants_of, own_area
from workbench.monitors import operations as monitors
from workbench.monitors.format import Format
from workbench.monitors.models import Monitor
from workbench.monitors.plan_facts import facts_by_plan
from workbench.monitors.proposal import take_in
from workbench.showcase import queries
from workbench.showcase.adopters.operations import count_in
from workbench.showcase.arrival.models import ArrivedCard, Origin
from workbench.showcase.arrival.operations import mark_taken
from workbench.showcase.arrival.queries import settled
from workbench.showcase.circles.models import Circle
from workbench.showcase.circles.operations import Opening, open_to, today
from workbench.showcase.content import (
    PlanContent,
    SharedActivity,
    SharedCard,
    SharedFigure,
    SharedGoal,
    SharedMoment,
    SharedNeed,
    SharedQuestion,
    SharedStepQuestion,
    SharedStories,
    SharedValue,
)
from workbench.showcase.finding.words import plain
from workbench.showcase.layout import arranged, has_place
from workbench.showcase.models import Adoption, Licence, SharedTemplate, TemplateKind
from workbench.showcase.queries import Shown
from workbench.uploads.models import OwnIndicator
from workbench.vision import operations as vision
from workbench.vision.choosing.operations import start_from_library
from workbench.vision.choosing.queries import library_value
from workbench.vision.forms import KIND_NAMES as QUESTION_KINDS
from workbench.vision.models import Goal, Plan, Value
from workbench.vision.steps import EVIDENCE, NEEDS, STEERING, QuestionKind
from workbench.workshops.models import Workshop
from workbench.workshops.script.library import keyed
from workbench.workshops.script.operations import add_activity, make_workshop

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


def copy(
    shown: Shown,
    title: str,
    by: UUID | None,
    *,
    once_more: bool = False,
    into: Plan | None = None,
    named: bool = False,
    in_package: bool = False,
) -> Plan:
    """Begin a plan with all of a template at hand, and nothing of it taken over yet; or lay it ready in a plan that is
    there (`into`). Of a step plan the questions are set at once: they ask, and answer nothing. `named`: others may read
    that this council copied it; `in_package`: see Adoption. Raises: CopiedBefore.
    """
    earlier = _copied_before(shown, once_more=once_more)
    if into and any(item.adoption.plan_id == into.id for item in earlier):
        raise CopiedBefore(_("Dit voorbeeld ligt al klaar in dat traject."))
    plan = into or vision.start_plan(by, title=title)
    _adopt(shown, named=named, plan_id=plan.id, in_package=in_package)
    if shown.template.kind is TemplateKind.STEPS:
        take_questions(plan, shown.content.own_questions)
    return plan


def copy_script(
    shown: Shown,
    by: UUID | None,
    *,
    once_more: bool = False,
    named: bool = False,
    in_package: bool = False,
    **facts: Any,
) -> Workshop:
    """A draft of a workshop with this script; `facts`: of the workshop, see make_workshop. Raises: CopiedBefore."""
    _copied_before(shown, once_more=once_more)
    workshop = make_workshop(by, **facts)
    db.flush()
    for activity in shown.content.script:
        add_activity(workshop, activity.kind, **_facts_of(activity))
    _adopt(shown, named=named, workshop_id=workshop.id, in_package=in_package)
    return workshop


def _facts_of(activity: SharedActivity) -> dict[str, Any]:
    settings = activity.settings.model_dump(mode="json", exclude={"options"}, exclude_defaults=True)
    if options := [(option.label, option.counter) for option in activity.settings.options]:
        settings["options"] = keyed(options)
    texts = activity.model_dump(include={"title", "question", "explanation", "minutes", "materials"})
    return {**texts, "settings": settings}


def _copied_before(shown: Shown, *, once_more: bool) -> list[queries.Copy]:
    """One person at a time. Raises: CopiedBefore unless once more is meant."""
    db.execute(
        sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"),
        {"key": f"copy {db.info['council_id']} {shown.template.id}"},
    )
    earlier = queries.earlier_copies(shown.template.id)
    if earlier and not once_more:
        raise CopiedBefore(_("Uw raad nam dit voorbeeld al over."))
    return earlier


def _adopt(shown: Shown, *, named: bool, **place: Any) -> None:
    adoption = Adoption(
        template_id=shown.template.id,
        template_number=shown.template.number,
        title=shown.template.title,
        shared_by=shown.council,
        fictitious=shown.template.fictitious,
        content=shown.template.content,
        **place,
    )
    db.add(adoption)
    if shown.template.council_id != db.info["council_id"]:
        count_in(shown.template.id, named=named)
    audit.record("template_copied", adoption, number=shown.template.number)


def take_questions(plan: Plan, items: Iterable[SharedStepQuestion]) -> int:
    """Add questions of an example to the steps of a plan, each once, and not what stands there in the same words; gives
    how many came.
    """
    _one_at_a_time(plan)
    before = settled(plan)
    there = {(item.number, plain(item.text)) for item in queries.own_questions(plan)}
    came = 0
    for item in items:
        known = before.get(item.origin)
        if known and known.taken_at:
            continue
        if (item.step, plain(item.text)) not in there:
            kind = item.kind if item.kind in QUESTION_KINDS else QuestionKind.LONG
            content = {"text": item.text, "help": item.hint, "example": item.example, "kind": kind}
            vision.add_question(plan, item.step, content)
            there.add((item.step, plain(item.text)))
            came += 1
        mark_taken(plan.id, item.origin)
    db.flush()
    return came


def lay_out(plan: Plan, content: PlanContent, by: UUID | None) -> tuple[Monitor, bool]:
    """Put the monitor of the council in the order of an example, as a draft that can be undone; with it, whether that
    changed anything. Raises: Conflict when nothing was taken over that a monitor shows.
    """
    own = queries.taken_over(plan)
    if not has_place(content.sections, own):
        raise Conflict(_("Neem eerst doelen en cijfers over. Daarna kan de monitor in deze volgorde."))
    facts = facts_by_plan()[plan.id]
    monitor = monitors.first_monitor(plan.id)
    monitors.follow_plan(monitor, facts)

    def in_order(before: Format) -> Format:
        return arranged(take_in(monitor.id, before, facts), content.sections, own, uuid4)

    return monitor, monitors.shape(monitor, monitor.draft, in_order, {"what": "laid_out"}, by)


def _check_free(plan: Plan, item: SharedCard) -> None:
    """Raises: Conflict when the plan took this card over already."""
    _one_at_a_time(plan)
    if item.key in queries.taken_over(plan):
        raise Conflict(_("Deze kaart staat al in uw traject."))


def _came_from(plan_id: UUID, card: Any, item: SharedCard) -> None:
    card.origin_key, card.origin_revision = item.key, item.revision
    mark_taken(plan_id, item.key)


def take_value(plan: Plan, item: SharedValue, by: UUID | None, **content: Any) -> Value:
    """State a value that the group talked about; `content` is its own text. Raises: Conflict."""
    _check_free(plan, item)
    value = vision.add_value(plan, by, **content)
    _came_from(plan.id, value, item)
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
    _came_from(plan.id, goal, item)
    return goal


def cards_under(goal: SharedGoal) -> list[SharedCard]:
    """Everything under a goal, in the order of the steps."""
    return [*goal.needs, *goal.questions, *goal.figures, *goal.stories, *goal.moments]


def take_cards(plan: Plan, goal: Goal, items: list[SharedCard], by: UUID | None) -> list[str]:
    """Take over what stands under a goal; what the plan has already is left alone. Gives a sentence for each card for
    which there is no room now. Figures, stories and moments come from where the group said on the map of arrival; as
    long as it said nothing, what this installation does not know, and every story, becomes a request.
    """
    _one_at_a_time(plan)
    there = queries.taken_over(plan)
    choices = settled(plan)
    known = find_indicators(
        [item.indicator for item in items if isinstance(item, SharedFigure) and item.indicator]
    )
    problems = []
    for item in items:
        if item.key in there:
            continue
        try:
            card = _take(goal, item, choices.get(item.key), known, by)
        except Conflict as conflict:
            name = item.name if isinstance(item, SharedFigure) else ""
            problems.append(f"{name}: {conflict}" if name else str(conflict))
            continue
        _came_from(plan.id, card, item)
        db.flush()
    return problems


def _take(
    goal: Goal, item: SharedCard, chosen: ArrivedCard | None, known: dict[str, Any], by: UUID | None
) -> Any:
    origin = chosen.origin if chosen else None
    if origin is Origin.LEFT_OUT:
        raise Conflict(_("U koos om dit over te slaan."))
    match item:
        case SharedNeed():
            names = ("change", "task", "players", "room", "not_doing")
            return follow_up.add(goal, Part.NEED, by, **{name: getattr(item, name) for name in names})
        case SharedMoment():
            moment = chosen.moment if chosen and chosen.moment else item.moment
            slugs = {"moment": moment, "instrument": item.instrument}
            return follow_up.add(goal, Part.STEERING, by, **slugs, on=None, owner="", note="")
        case SharedQuestion():
            return ask(goal, by, text=item.text)
        case SharedFigure():
            named = known.get(item.indicator) if item.indicator else None
            figure = (chosen.own_indicator or chosen.indicator) if chosen and origin else named
            return _take_figure(goal, item, figure, named, by) if figure else _wish(goal, item, by)
        case SharedStories() if chosen and chosen.source:
            reasons = {"reason": item.reason, "not_saying": item.not_saying}
            return link_stories(goal, chosen.source, by, **reasons)
        case SharedStories():
            return _wish(goal, item, by)
    raise TypeError(type(item))


def wanted(item: SharedFigure | SharedStories) -> str:
    """What a request asks for that stands for a figure or stories of an example."""
    if isinstance(item, SharedFigure):
        return f"{_('Cijfer: %(name)s', name=item.name)}. {item.reason}"
    return f"{_('Verhalen: %(kind)s', kind=item.kind_name)}. {item.reason}"


def _wish(goal: Goal, item: SharedFigure | SharedStories, by: UUID | None) -> Any:
    return request_data(
        goal, by, wanted=wanted(item), from_whom=_("nog af te spreken"), due_on=None, delivered=False
    )


def _take_figure(goal: Goal, item: SharedFigure, figure: Any, named: Any, by: UUID | None) -> Any:
    """With both readings, unless another figure of the catalogue (not `named`) was chosen in its place: they would
    speak of something else. The direction is for this council to say.
    """
    link = link_indicator(
        goal, figure, by, reason=item.reason, quality=item.quality, not_saying=item.not_saying
    )
    is_same = figure is named or isinstance(figure, OwnIndicator)
    if is_same and item.reading and (item.reading.reading_up or item.reading.reading_down):
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
        _came_from(goal.plan_id, measuring, item.reading)
    return link
