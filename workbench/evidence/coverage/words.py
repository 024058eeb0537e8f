"""The balance of a goal in a few words, the same wherever it stands."""

from flask_babel import gettext as _
from flask_babel import ngettext

from workbench.core.text import current_language
from workbench.evidence.coverage.balance import Balance


def balance_words(found: Balance) -> str:
    """'2 cijfers · 1 verhaalbron, 7 verhalen, het laatst op 2 maart 2026'"""
    counted = counted_words(found) or _("nog niets geteld")
    told = told_words(found) or _("nog niets verteld")
    return f"{counted} · {told}"


def counted_words(found: Balance) -> str:
    """Empty: nothing is counted."""
    return ngettext("1 cijfer", "%(num)s cijfers", found.counted) if found.counted else ""


def told_words(found: Balance) -> str:
    """Empty: nobody told anything."""
    if not found.told:
        return ""
    told = [ngettext("1 verhaalbron", "%(num)s verhaalbronnen", found.told)]
    if found.stories:
        told.append(ngettext("1 verhaal", "%(num)s verhalen", found.stories))
    if found.told_on:
        told.append(_("het laatst op %(day)s", day=current_language().date(found.told_on)))
    return ", ".join(told)


def invitation(found: Balance) -> str:
    """What the gap asks, as a question and never as a fault; empty: figures and several voices are there."""
    if found.is_blank:
        return str(_("Hoe merken we dit? Er is nog geen cijfer gekozen. Wie kan hierover vertellen?"))
    if not found.counted:
        return str(_("Hier is alleen verteld. Welk cijfer past hierbij?"))
    if not found.told:
        return str(_("Hier is alleen geteld. Wie kan hierover vertellen?"))
    if found.stories == 1:
        return str(_("Eén verhaal is één stem. Wie ziet het anders?"))
    return ""
