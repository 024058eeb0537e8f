"""What a monitor says around its voices: the balance of a goal, where the voices come from, how they were chosen."""

from flask_babel import gettext as _
from flask_babel import ngettext

from workbench.core.language import Language
from workbench.evidence.coverage.words import balance_words, invitation
from workbench.monitors.format import TOLD, Stories
from workbench.monitors.views import GoalView, Item
from workbench.monitors.voices import differ, ways


def balance_line(goal: GoalView) -> str:
    """'2 cijfers · 1 verhaalbron, 7 verhalen, het laatst op 2 maart 2026.', and what is still to be asked."""
    said = f"{balance_words(goal.balance)}."
    return f"{said} {invitation(goal.balance)}".rstrip()


def about_figure(item: Item) -> str:
    """'Hoort bij: Inwoners op 1 januari, 2024'; empty: these voices stand by themselves."""
    block = item.block
    period = block.period if isinstance(block, TOLD) else ""
    parts = [item.beside.subject.name if item.beside else "", period]
    told = ", ".join(part for part in parts if part)
    return str(_("Hoort bij: %(what)s", what=told)) if told else ""


def stories_lines(item: Item, spoken: Language) -> list[str]:
    """How many stories there are about this goal, from where and when, and how these few were chosen."""
    if not isinstance(item.block, Stories) or item.goal is None:
        return []
    heard, lines = item.goal.heard, []
    if heard.count:
        told = ngettext(
            "Over dit doel is 1 verhaal verteld", "Over dit doel zijn %(num)s verhalen verteld", heard.count
        )
        where = ways(heard.kinds, spoken)
        when = _period(item, spoken)
        lines.append(", ".join(part for part in (told, where, when) if part) + ".")
    lines.append(
        ngettext(
            "Hier spreekt 1 van hen. De werkgroep koos dit fragment.",
            "Hier spreken er %(num)s. De werkgroep koos deze fragmenten om verschillende kanten te laten horen.",
            len(item.voices),
        )
    )
    if not differ(voice.leaning for voice in item.voices):
        lines.append(_("Een verhaal dat anders klinkt, staat hier niet bij."))
    return lines


def _period(item: Item, spoken: Language) -> str:
    heard = item.goal.heard if item.goal else None
    if heard is None or heard.first_on is None or heard.last_on is None:
        return ""
    first, last = spoken.month(heard.first_on), spoken.month(heard.last_on)
    return first if first == last else str(_("van %(first)s tot %(last)s", first=first, last=last))
