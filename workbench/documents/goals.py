"""Goals in a document, each with what it needs, how it is noticed, what it costs and when the council looks."""

from flask_babel import gettext as _

from workbench.core.text import current_language
from workbench.documents import evidence
from workbench.documents.parts import Heading, Paragraph, Part, Table, said
from workbench.documents.queries import GoalCard, Material
from workbench.evidence.follow_up.queries import sums
from workbench.vision.queries import VALUE_STEPS
from workbench.vision.steps import COSTS, EVIDENCE, NEEDS, STEERING


def whole(material: Material) -> list[Part]:
    """Every goal with everything under it that this reader may see."""
    parts: list[Part] = []
    for card in material.goals:
        values = ", ".join(value.name for value in card.values) if material.sees(*VALUE_STEPS) else ""
        parts += [
            heading(card),
            said(
                (_("Omdat de raad dit belangrijk vindt"), values),
                *card.goal.lines(),
                (_("Wetten"), ", ".join(card.law_names)),
            ),
        ]
        if material.sees(NEEDS):
            parts += _needs(card)
        if material.sees(EVIDENCE):
            parts += evidence.under_goal(card)
        if material.sees(COSTS):
            parts += _costs(card)
        if material.sees(STEERING):
            parts += _steering(card)
    return parts


def heading(card: GoalCard) -> Heading:
    """Numbered, so that the rest of the document can refer to it."""
    text = _("Doel %(number)s: %(sentence)s", number=card.number, sentence=card.goal.whole_sentence)
    return Heading(text, 2)


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


def _costs(card: GoalCard) -> list[Part]:
    if not card.costs:
        return []
    spoken = current_language()

    def euros(amount: int | None) -> str:
        if amount is None:
            return str(_("niets"))
        return spoken.gettext("€\u00a0%(number)s", number=spoken.number(amount))

    unknown = _("nog niet bekend")
    rows = [
        (
            cost.line.name,
            euros(cost.line.once),
            euros(cost.line.yearly),
            cost.line.cover or unknown,
            cost.line.certainty_name,
            cost.spending or _("past nergens bij"),
        )
        for cost in card.costs
    ]
    columns = (
        _("Waarvoor"),
        _("Eenmalig"),
        _("Elk jaar"),
        _("Waar het geld vandaan komt"),
        _("Hoe zeker"),
        _("Hoort bij deze uitgaven"),
    )
    parts: list[Part] = [Table(_("Wat het kost"), columns, tuple(rows))]
    if len(rows) > 1:
        total = sums([cost.line for cost in card.costs])
        once, yearly = euros(total.once), euros(total.yearly)
        parts.append(
            Paragraph(_("Samen eenmalig %(once)s en elk jaar %(yearly)s.", once=once, yearly=yearly))
        )
    return parts


def _steering(card: GoalCard) -> list[Part]:
    if not card.steering:
        return []
    spoken = current_language()
    unknown = _("nog niet bekend")
    rows = [
        (
            item.moment or _("weet ik nog niet"),
            spoken.date(item.steering.on) if item.steering.on else _("nog geen dag"),
            item.instrument or _("nog niet gekozen"),
            item.steering.owner or unknown,
            item.steering.note or _("nog niet opgeschreven"),
        )
        for item in card.steering
    ]
    columns = (_("Moment"), _("Dag"), _("Middel"), _("Wie het inbrengt"), _("Wat we dan willen weten"))
    return [Table(_("Wanneer de raad kijkt"), columns, tuple(rows))]
