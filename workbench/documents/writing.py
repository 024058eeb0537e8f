"""The invulschema and the hand-over: from what was read to the parts of a document."""

from collections.abc import Iterable, Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from workbench.accounts.models import Council
from workbench.core.text import current_language
from workbench.documents import evidence, goals
from workbench.documents.measuring import measurement
from workbench.documents.parts import Bullets, Document, Heading, Paragraph, Part, Quote, Table, said
from workbench.documents.queries import Material
from workbench.knowledge.calendar.models import CalendarEntry
from workbench.vision.models import Value
from workbench.vision.queries import LOOKING_BACK, VALUE_STEPS, Asked, StepText
from workbench.vision.steps import (
    COSTS,
    EVIDENCE,
    FRICTION,
    GOALS,
    LAST,
    NEEDS,
    STEERING,
    VALUES,
    QuestionKind,
)
from workbench.vision.together.models import Purpose
from workbench.vision.words import answer_words

ROUND_NAMES = {
    Purpose.WEIGHT: lazy_gettext("Ieder apart: wat staat voorop"),
    Purpose.POSITIONS: lazy_gettext("Ieder apart: waar staat u"),
    Purpose.CONSENT: lazy_gettext("Ieder apart: kunt u hiermee leven"),
}


def form(material: Material, council: Council, today: date) -> Document:
    """The whole plan in one document, each field once."""
    parts: list[Part] = []
    for step in material.steps:
        if material.sees(step.number):
            parts += _step(material, step)
        elif step.number == VALUES and material.sees(FRICTION):
            parts += [_step_heading(step), *_values(material)]  # the cards belong to both steps
    parts += _unknown(material)
    return _document(_("Invulschema"), material, council, today, parts)


def measurement_paper(material: Material, council: Council, today: date) -> Document:
    """The measurement paragraphs, to take over in the plans that the laws ask for."""
    parts = measurement(material) or [
        Paragraph(_("Bij de doelen staat nog geen wet die om een meetparagraaf vraagt."))
    ]
    return _document(_("Meetparagraaf"), material, council, today, parts)


def handover(material: Material, council: Council, today: date, entries: Iterable[CalendarEntry]) -> Document:
    """What a new council needs to go on: lessons, values, goals, open questions and the next moments."""
    parts: list[Part] = []
    if material.sees(LAST):
        parts += [Heading(_("Wat wij leerden en overdragen")), *_answers(material, LAST)]
    if material.sees(*VALUE_STEPS):
        parts += [Heading(_("Wat wij belangrijk vinden")), *_short_values(material)]
    if material.sees(GOALS):
        parts += [Heading(_("Waar wij aan werken")), *_short_goals(material)]
    if material.sees(EVIDENCE):
        cards = material.goals
        parts += evidence.resting_list(cards)
        parts += evidence.story_sources(cards, level=1)
        parts += evidence.open_requests(cards)
    parts += _unknown(material)
    parts += _next(material, today, entries)
    return _document(_("Overdracht aan een nieuwe raad"), material, council, today, parts)


def _document(
    kind: str, material: Material, council: Council, today: date, parts: Sequence[Part]
) -> Document:
    spoken = current_language()
    hidden = [step.position for step in material.steps if not material.sees(step.number)]
    skipped = "\n".join(
        _("Stap %(number)s: %(reason)s", number=step.position, reason=material.skips[step.number])
        for step in material.steps
        if step.number in material.skips
    )
    cover = said(
        (_("Stand van het traject"), material.plan.status_name),
        (_("Werkgroep"), _working_group(material)),
        (_("Wie dit traject leest"), _readers(material)),
        (_("Afgeronde stappen"), _list(step.position for step in material.plan.steps if step.finished_at)),
        (_("Gemaakt op"), spoken.date(today)),
        (_("Overgeslagen stappen"), skipped),
        (_("Niet voor u opengesteld"), _("stap %(numbers)s", numbers=_list(hidden)) if hidden else ""),
    )
    warning = (
        _("Fictief voorbeeld: de personen, de teksten en de eigen cijfers zijn bedacht.")
        if council.is_demo
        else ""
    )
    return Document(kind, material.plan.title, council.name, spoken.code, today, cover, warning, tuple(parts))


def _readers(material: Material) -> str:
    """Who may read what, so that nobody shares by accident what is not open yet."""
    opened = material.plan.opened_steps
    if not opened:
        return str(_("Alleen de werkgroep: griffier, raadsleden en begeleider."))
    steps = _list(step.position for step in material.steps if step.number in opened)
    return str(_("De werkgroep alles, de andere leden van deze raad stap %(steps)s.", steps=steps))


def _list(numbers: Iterable[int]) -> str:
    return ", ".join(str(number) for number in numbers)


# --- Questions and answers ------------------------------------------------------------------------------------------


def _working_group(material: Material) -> str:
    """Who is in the group, as its answer says."""
    return "\n".join(
        _words(material, item)
        for item in material.asked
        if item.question.kind is QuestionKind.PEOPLE and item.is_given and material.sees(item.question.number)
    )


def _words(material: Material, item: Asked) -> str:
    return (
        answer_words(item.question.kind, item.answer.value, material.people)
        if item.answer is not None
        else ""
    )


def _answers(material: Material, number: int) -> list[Part]:
    """The answers of a step; who is in the group stands on the cover, and what is open stands at the end."""
    lines = [
        (item.text, _words(material, item))
        for item in material.asked
        if item.question.number == number and item.is_given and item.question.kind is not QuestionKind.PEOPLE
    ]
    return [said(*lines)] if lines else []


def _step(material: Material, step: StepText) -> list[Part]:
    found = _answers(material, step.number)
    if step.number == VALUES:
        found += _values(material)
    if step.number == FRICTION:
        found += _round(material, Purpose.POSITIONS)
    if step.number == GOALS:
        found += goals.whole(material)
    if step.number == EVIDENCE:
        found += evidence.of_plan(material)
    if not found:
        if step.number in material.skips:
            return []
        return [_step_heading(step), Paragraph(_nothing_yet(material, step.number), is_note=True)]
    return [_step_heading(step), *found]


def _step_heading(step: StepText) -> Heading:
    return Heading(_("Stap %(number)s: %(title)s", number=step.position, title=step.title))


def _round(material: Material, purpose: Purpose) -> list[Part]:
    """What the newest revealed round said, for those who may read rounds."""
    sentences = material.rounds.get(purpose)
    if not sentences:
        return []
    return [Heading(str(ROUND_NAMES[purpose]), 2), Bullets(tuple(sentences))]


def _nothing_yet(material: Material, number: int) -> str:
    """Some steps are filled with cards, and those stand under their goals."""
    under = {
        NEEDS: any(card.needs for card in material.goals),
        COSTS: any(card.costs for card in material.goals),
        STEERING: any(card.steering for card in material.goals),
    }
    if under.get(number) and material.sees(GOALS):
        return str(_("Dit staat hierboven, bij de doelen."))
    return str(_("Hier is nog niets ingevuld."))


def _unknown(material: Material) -> list[Part]:
    """What the group does not know, will look at later or did not answer yet, so that nobody has to guess."""
    states = {
        "unknown": _("dit weten we niet"),
        "later": _("hier kijken we later naar"),
        "open": _("nog niet beantwoord"),
    }
    places = {step.number: str(step.position) for step in material.steps}
    rows = []
    for item in material.asked:
        number = item.question.number
        if item.state == "given" or number in material.skips or not material.sees(number):
            continue
        typed = _words(material, item)
        said_so = states[item.state]
        rows.append((item.text, places[number], f"{said_so}: {typed}" if typed else said_so))
    rows += _left_open(material, states, places)
    heading = Heading(_("Wat wij nog niet weten"))
    if not rows:
        return [heading, Paragraph(_("Alle vragen zijn beantwoord."))]
    table = Table(_("Vragen zonder antwoord"), (_("Vraag"), _("Stap"), _("Stand")), tuple(rows))
    return [heading, table]


def _left_open(
    material: Material, states: dict[str, str], places: dict[int, str]
) -> list[tuple[str, str, str]]:
    """What the group said for want of a card: of a whole step, or of one goal."""
    goals = {card.goal.id: card.goal.whole_sentence for card in material.goals}
    questions = {step.number: step.question for step in material.steps}
    rows = []
    for number, goal_id, state in material.left_open:
        if number in material.skips or not material.sees(number):
            continue
        if goal_id and not material.sees(GOALS):
            continue
        asked = f"{questions[number]} {goals[goal_id]}" if goal_id else questions[number]
        rows.append((asked, places[number], states[state]))
    return sorted(rows, key=lambda row: int(row[1]))


# --- Values ---------------------------------------------------------------------------------------------------------


def _values(material: Material) -> list[Part]:
    parts = _decision(material) + _round(material, Purpose.WEIGHT) + _round(material, Purpose.CONSENT)
    for value in material.values:
        merged = ", ".join(item.name for item in material.merged.get(value.id, ()))
        parts += [
            Heading(value.name, 2),
            said(
                (_("In onze woorden"), value.own_words),
                (_("Dit zien we als"), value.seen_when),
                (_("Dit is het niet"), value.not_this),
                (_("Wie te kort kan komen"), value.short_changed),
                (_("Schuurt met"), value.counter_value),
                (_("Waar de groep staat"), value.position_sentence or _("nog niet gekozen")),
                (_("Ondergrens"), value.bottom_line),
                (_("Hierin opgegaan"), merged),
                (_("Draagt bij aan"), "; ".join(material.contributions[value.id])),
            ),
        ]
        if value.minority_view:
            parts.append(Quote(_("Minderheidsstandpunt"), value.minority_view))
    return parts


def _decision(material: Material) -> list[Part]:
    decision = material.decision
    if decision is None:
        return []
    chosen = tuple(value.name for value in material.values if value.id in decision.chosen)
    parts: list[Part] = [Heading(_("Welke waarden we vasthouden"), 2), Bullets(chosen)]
    if decision.reasons:
        parts.append(said((_("Waarom deze?"), decision.reasons)))
    if decision.minority_view:
        parts.append(Quote(_("Minderheidsstandpunt"), decision.minority_view))
    return parts


def _short_values(material: Material) -> list[Part]:
    """The values that were chosen; all of them as long as nothing was decided."""
    decision = material.decision
    values: list[Value] = [
        value for value in material.values if decision is None or value.id in decision.chosen
    ]
    if not values:
        return [Paragraph(_("Er zijn nog geen waarden."))]
    parts: list[Part] = [
        Table(
            _("Waarden"),
            (_("Waarde"), _("In onze woorden"), _("Schuurt met")),
            tuple(
                (
                    value.name,
                    value.own_words or _("nog niet opgeschreven"),
                    value.counter_value or _("nog niet gekozen"),
                )
                for value in values
            ),
        )
    ]
    if decision and decision.reasons:
        parts.append(said((_("Waarom deze?"), decision.reasons)))
    if decision and decision.minority_view:
        parts.append(Quote(_("Minderheidsstandpunt"), decision.minority_view))
    return parts


# --- Hand-over ------------------------------------------------------------------------------------------------------


def _short_goals(material: Material) -> list[Part]:
    if not material.goals:
        return [Paragraph(_("Er zijn nog geen doelen."))]
    sees_figures, sees_values = material.sees(EVIDENCE), material.sees(*VALUE_STEPS)
    parts: list[Part] = []
    for card in material.goals:
        figures = "\n".join(f"{item.link.subject.name}: {item.value}" for item in card.in_view)
        parts += [
            goals.heading(card),
            said(
                (_("Waarden"), ", ".join(value.name for value in card.values) if sees_values else ""),
                (_("Wie erover gaat"), card.goal.owner),
                (_("Cijfers"), (figures or _("nog geen")) if sees_figures else ""),
            ),
        ]
    return parts


def _looks_back_on(material: Material) -> date | None:
    """The day on which the group looks back at this way of working."""
    if not material.sees(LAST):
        return None
    days = [
        item.answer.value
        for item in material.asked
        if item.question.key == LOOKING_BACK and item.answer and item.is_given
    ]
    return date.fromisoformat(days[0]) if days else None


def _next(material: Material, today: date, entries: Iterable[CalendarEntry]) -> list[Part]:
    """What comes, by day: the calendar of the council, the days on which it looks at a goal, and at itself."""
    spoken = current_language()
    dated = [(entry.starts_on, entry.name, entry.who) for entry in entries]
    if material.sees(STEERING):
        dated += [
            (item.steering.on, item.moment or _("De raad kijkt"), evidence.goal_name(card.number))
            for card in material.goals
            for item in card.steering
            if item.steering.on and item.steering.on >= today
        ]
    if (back := _looks_back_on(material)) and back >= today:
        dated.append((back, _("Terugkijken op deze manier van werken"), _("de werkgroep")))
    heading = Heading(_("Wat er aankomt"))
    if not dated:
        return [heading, Paragraph(_("Er staan nog geen dagen vast."))]
    rows = tuple(
        (spoken.date(day), name, about or _("nog niet bekend")) for day, name, about in sorted(dated)
    )
    return [heading, Table(_("De volgende momenten"), (_("Dag"), _("Moment"), _("Wie of waarover")), rows)]
