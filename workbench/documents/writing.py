"""The invulschema and the hand-over: from what was read to the parts of a document."""

from collections.abc import Iterable, Sequence
from datetime import date

from flask_babel import gettext as _

from workbench.accounts.models import Council
from workbench.core.text import current_language
from workbench.documents.measuring import measurement
from workbench.documents.parts import Bullets, Document, Heading, Lines, Paragraph, Part, Quote, Table, said
from workbench.documents.queries import Chosen, GoalCard, Material
from workbench.evidence.follow_up.queries import sums
from workbench.knowledge.calendar.models import CalendarEntry
from workbench.vision.models import Value
from workbench.vision.queries import VALUE_STEPS, Asked, StepText
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
from workbench.vision.words import answer_words


def form(material: Material, council: Council, today: date) -> Document:
    """The whole plan in one document, each field once."""
    parts: list[Part] = []
    for step in material.steps:
        if material.sees(step.number):
            parts += _step(material, step)
        elif step.number == VALUES and material.sees(FRICTION):
            parts += [Heading(step.title), *_values(material)]  # the cards belong to both steps
    if material.sees(GOALS):
        parts += measurement(material)
    parts += _unknown(material)
    return _document(_("Invulschema"), material, council, today, parts)


def handover(material: Material, council: Council, today: date, entries: Iterable[CalendarEntry]) -> Document:
    """What a new council needs to go on: lessons, values, goals, open questions and the next moments."""
    parts: list[Part] = []
    last = next((step for step in material.steps if step.number == LAST), None)
    if material.sees(LAST) and last:
        parts += [Heading(_("Wat wij leerden en overdragen")), *_answers(material, last.number)]
    if material.sees(*VALUE_STEPS):
        parts += [Heading(_("Wat wij belangrijk vinden")), *_short_values(material)]
    if material.sees(GOALS):
        parts += [Heading(_("Waar wij aan werken")), *_short_goals(material)]
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
        (_("Raad"), council.name),
        (_("Stand van het traject"), material.plan.status_name),
        (_("Werkgroep"), _working_group(material)),
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
    if step.number == GOALS:
        found += _goals(material)
    if not found:
        if step.number in material.skips:
            return []
        return [Heading(step.title), Paragraph(_nothing_yet(material, step.number), is_note=True)]
    return [Heading(step.title), *found]


def _nothing_yet(material: Material, number: int) -> str:
    """Some steps are filled with cards, and those stand under their goals."""
    under = {
        NEEDS: any(card.needs for card in material.goals),
        EVIDENCE: any(card.figures for card in material.goals),
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
    heading = Heading(_("Wat wij nog niet weten"))
    if not rows:
        return [heading, Paragraph(_("Alle vragen zijn beantwoord."))]
    table = Table(_("Vragen zonder antwoord"), (_("Vraag"), _("Stap"), _("Stand")), tuple(rows))
    return [heading, table]


# --- Values ---------------------------------------------------------------------------------------------------------


def _values(material: Material) -> list[Part]:
    parts = _decision(material)
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
            tuple((value.name, value.own_words, value.counter_value) for value in values),
        )
    ]
    if decision and decision.reasons:
        parts.append(said((_("Waarom deze?"), decision.reasons)))
    if decision and decision.minority_view:
        parts.append(Quote(_("Minderheidsstandpunt"), decision.minority_view))
    return parts


# --- Goals ----------------------------------------------------------------------------------------------------------


def _goals(material: Material) -> list[Part]:
    parts: list[Part] = []
    for card in material.goals:
        values = ", ".join(value.name for value in card.values) if material.sees(*VALUE_STEPS) else ""
        parts += [
            Heading(card.goal.whole_sentence, 2),
            said(
                (_("Omdat de raad dit belangrijk vindt"), values),
                *card.goal.lines(),
                (_("Wetten"), ", ".join(law.name for law in card.laws)),
            ),
        ]
        if material.sees(NEEDS):
            parts += _needs(card)
        if material.sees(EVIDENCE):
            parts += _figures(card)
        if material.sees(COSTS):
            parts += _costs(card)
        if material.sees(STEERING):
            parts += _steering(card)
    return parts


def _needs(card: GoalCard) -> list[Part]:
    lines: list[Part] = [
        said(
            (_("Wat er moet veranderen"), need.change),
            (_("Wat de gemeente doet"), need.task_name),
            (_("Wie er nog meer nodig zijn"), need.players),
            (_("Welke ruimte de wet geeft"), need.room),
            (_("Wat we niet doen"), need.not_doing),
        )
        for need in card.needs
    ]
    return [Heading(_("Wat nodig is"), 3), *lines] if lines else []


def _figure(figure: Chosen) -> Lines:
    """A figure with its newest value, where that comes from and why it was chosen."""
    link = figure.link
    return said(
        (_("Cijfer"), link.subject.name),
        (_("Nieuwste waarde van onze gemeente"), figure.value),
        (_("Bron"), figure.source),
        (_("Dit cijfer"), link.quality_name),
        (_("Waarom dit cijfer"), link.reason),
        (_("Wat het niet zegt"), link.not_saying),
    )


def _figures(card: GoalCard) -> list[Part]:
    heading = Heading(_("Hoe we dit merken"), 3)
    if not card.figures:
        return [heading, Paragraph(_("Bij dit doel is nog geen cijfer gekozen."), is_note=True)]
    return [heading, *(_figure(figure) for figure in card.figures)]


def _costs(card: GoalCard) -> list[Part]:
    if not card.costs:
        return []
    spoken = current_language()

    def euros(amount: int | None) -> str:
        return "" if amount is None else spoken.gettext("€\u00a0%(number)s", number=spoken.number(amount))

    total = sums([cost.line for cost in card.costs])
    rows = [
        (
            cost.line.name,
            euros(cost.line.once),
            euros(cost.line.yearly),
            cost.line.cover,
            cost.line.certainty_name,
            cost.spending,
        )
        for cost in card.costs
    ]
    if len(rows) > 1:
        rows.append((_("Samen"), euros(total.once), euros(total.yearly), "", "", ""))
    columns = (
        _("Waarvoor"),
        _("Eenmalig"),
        _("Elk jaar"),
        _("Waar het geld vandaan komt"),
        _("Hoe zeker"),
        _("Hoort bij deze uitgaven"),
    )
    return [_table(_("Wat het kost"), columns, rows)]


def _steering(card: GoalCard) -> list[Part]:
    if not card.steering:
        return []
    spoken = current_language()
    rows = [
        (
            item.moment or _("weet ik nog niet"),
            spoken.date(item.steering.on) if item.steering.on else "",
            item.instrument,
            item.steering.owner,
            item.steering.note,
        )
        for item in card.steering
    ]
    columns = (_("Moment"), _("Dag"), _("Middel"), _("Wie het inbrengt"), _("Wat we dan willen weten"))
    return [_table(_("Wanneer de raad kijkt"), columns, rows)]


def _table(caption: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Table:
    """An empty cell gets a dash, so that it is seen to be empty."""
    return Table(caption, columns, tuple(tuple(cell or "–" for cell in row) for row in rows))


def _short_goals(material: Material) -> list[Part]:
    if not material.goals:
        return [Paragraph(_("Er zijn nog geen doelen."))]
    sees_figures, sees_values = material.sees(EVIDENCE), material.sees(*VALUE_STEPS)
    parts: list[Part] = []
    for card in material.goals:
        figures = "\n".join(f"{item.link.subject.name}: {item.value}" for item in card.figures)
        parts += [
            Heading(card.goal.whole_sentence, 2),
            said(
                (_("Waarden"), ", ".join(value.name for value in card.values) if sees_values else ""),
                (_("Wie erover gaat"), card.goal.owner),
                (_("Cijfers"), (figures or _("nog geen")) if sees_figures else ""),
            ),
        ]
    return parts


def _next(material: Material, today: date, entries: Iterable[CalendarEntry]) -> list[Part]:
    """What comes, by day: the calendar of the council, and the days on which it looks at a goal."""
    spoken = current_language()
    dated = [(entry.starts_on, entry.name, entry.who) for entry in entries]
    if material.sees(STEERING):
        dated += [
            (item.steering.on, item.moment, card.goal.whole_sentence)
            for card in material.goals
            for item in card.steering
            if item.steering.on and item.steering.on >= today
        ]
    heading = Heading(_("Wat er aankomt"))
    if not dated:
        return [heading, Paragraph(_("Er staan nog geen dagen vast."))]
    rows = tuple((spoken.date(day), name, about) for day, name, about in sorted(dated))
    return [heading, Table(_("De volgende momenten"), (_("Dag"), _("Moment"), _("Wie of waarover")), rows)]
