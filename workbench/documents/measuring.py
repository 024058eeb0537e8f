"""The measurement paragraph (meetparagraaf): per law the text about results and measuring that it wants in a plan."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from workbench.documents.parts import Bullets, Heading, Paragraph, Part
from workbench.documents.queries import GoalCard, Material
from workbench.knowledge.models import Asked, Law
from workbench.vision.queries import VALUE_STEPS
from workbench.vision.steps import EVIDENCE, NEEDS


def measurement(material: Material) -> list[Part]:
    """Of every law of the goals that asks for it; empty when none does."""
    found: list[Part] = []
    for law in material.laws:
        if law.measures:
            found += paragraph_of(law, material)
    return [Heading(_("Wat de wet over meten vraagt")), *found] if found else []


def paragraph_of(law: Law, material: Material) -> list[Part]:
    """One law: its article, what we say to each thing that it asks, and honestly what is missing."""
    goals = [card for card in material.goals if law in card.laws]
    parts: list[Part] = [Heading(law.name, 2)]
    if not law.verified:
        note = _("Nog te controleren: kijk dit na in de wet voordat u het overneemt.")
        parts.append(Paragraph(note, is_note=True))
    for measure in law.measures:
        parts.append(Paragraph(_asked(measure)))
        for asked in (Asked(name) for name in measure["asks"]):
            parts.append(Heading(str(LABELS[asked]), 3))
            parts += ANSWERS[asked](goals, material)
    return parts


def _asked(measure: dict[str, Any]) -> str:
    facts = {"basis": measure["basis"], "document": measure["document"]}
    years = measure.get("max_years")
    if years:
        text = _(
            "%(basis)s vraagt dit in %(document)s, dat hooguit %(years)s jaar geldt:", years=years, **facts
        )
    else:
        text = _("%(basis)s vraagt dit in %(document)s:", **facts)
    return str(text)


def _vision(_goals: list[GoalCard], material: Material) -> list[Part]:
    if not material.sees(*VALUE_STEPS):
        return [_missing(_("Dit is niet voor u opengesteld."))]
    decision = material.decision
    values = [value for value in material.values if decision is None or value.id in decision.chosen]
    items = tuple(f"{value.name}: {value.own_words}" if value.own_words else value.name for value in values)
    return [Paragraph(_("De raad vindt dit belangrijk:")), Bullets(items)]


def _results(goals: list[GoalCard], _material: Material) -> list[Part]:
    """The goals, each with for whom and when, or that this was not said yet."""
    items = []
    for card in goals:
        whom, year = card.goal.target_group, card.goal.horizon
        facts = [
            _sentence(_("Om wie het vooral gaat: %(whom)s", whom=whom))
            if whom
            else _("Om wie het gaat, staat nog niet vast."),
            _("Dit is te merken in %(year)s.", year=year) if year else _("Een jaar is nog niet gekozen."),
        ]
        items.append(" ".join([_sentence(card.goal.whole_sentence), *facts]))
    return [Bullets(tuple(items))]


def _goal_list(goals: list[GoalCard], _material: Material) -> list[Part]:
    return [Bullets(tuple(_sentence(card.goal.whole_sentence) for card in goals))]


def _actions(goals: list[GoalCard], material: Material) -> list[Part]:
    if not material.sees(NEEDS):
        return [_missing(_("Dit is niet voor u opengesteld."))]
    items = tuple(
        f"{_sentence(need.change)} {_('De rol van de gemeente: %(task)s.', task=need.task_name)}"
        for card in goals
        for need in card.needs
    )
    without = [card for card in goals if not card.needs]
    parts: list[Part] = [Bullets(items)] if items else []
    return parts + [_missing(_("Nog niet opgeschreven bij: %(goal)s", goal=_name(card))) for card in without]


def _criteria(goals: list[GoalCard], material: Material) -> list[Part]:
    """The figures with where we stand now, from which later years can be read."""
    return _by_figure(
        goals,
        material,
        lambda item: (
            f"{item.link.subject.name}. "
            + (
                _("Nu: %(value)s.", value=item.value)
                if item.has_value
                else _("Een beginstand ontbreekt. %(why)s", why=item.value)
            )
            + " "
            + _("Dit cijfer %(quality)s.", quality=item.link.quality_name)
        ),
    )


def _method(goals: list[GoalCard], material: Material) -> list[Part]:
    """From which source, how often."""
    return _by_figure(
        goals,
        material,
        lambda item: (
            _(
                "%(name)s: %(rhythm)s, uit %(source)s.",
                name=item.link.subject.name,
                rhythm=item.rhythm,
                source=item.source,
            )
            if item.source
            else _("%(name)s: een bron ontbreekt nog.", name=item.link.subject.name)
        ),
    )


def _by_figure(goals: list[GoalCard], material: Material, words: Callable[[Any], str]) -> list[Part]:
    if not material.sees(EVIDENCE):
        return [_missing(_("Dit is niet voor u opengesteld."))]
    items = {item.link.subject_id: words(item) for card in goals for item in card.in_view}
    parts: list[Part] = [Bullets(tuple(items.values()))] if items else []
    missing = [card for card in goals if not card.in_view]
    return parts + [
        _missing(_("Nog geen cijfer gekozen bij: %(goal)s", goal=_name(card))) for card in missing
    ]


def _not_in_plan(_goals: list[GoalCard], _material: Material) -> list[Part]:
    return [_missing(_("Dit ontbreekt nog. Het staat niet in dit traject; spreek het af met het college."))]


def _missing(text: str) -> Paragraph:
    return Paragraph(text, is_note=True)


def _name(card: GoalCard) -> str:
    return _sentence(card.goal.whole_sentence)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


LABELS: dict[Asked, Any] = {
    Asked.VISION: lazy_gettext("Onze visie"),
    Asked.GOALS: lazy_gettext("Onze doelen"),
    Asked.ACTIONS: lazy_gettext("Wat de gemeente gaat doen"),
    Asked.RESULTS: lazy_gettext("Welke resultaten we willen"),
    Asked.METHOD: lazy_gettext("Hoe we die resultaten meten"),
    Asked.CRITERIA: lazy_gettext("Waaraan we zien dat het resultaat er is, en hoe we dat meten"),
    Asked.OUTCOME_CRITERIA: lazy_gettext("Welke uitkomsten aanbieders moeten halen"),
    Asked.PROVIDER_INDICATORS: lazy_gettext("Hoe we de prestaties van aanbieders volgen"),
}
ANSWERS: dict[Asked, Callable[[list[GoalCard], Material], list[Part]]] = {
    Asked.VISION: _vision,
    Asked.GOALS: _goal_list,
    Asked.ACTIONS: _actions,
    Asked.RESULTS: _results,
    Asked.METHOD: _method,
    Asked.CRITERIA: lambda goals, material: [*_criteria(goals, material), *_method(goals, material)],
    Asked.OUTCOME_CRITERIA: _not_in_plan,
    Asked.PROVIDER_INDICATORS: _not_in_plan,
}
