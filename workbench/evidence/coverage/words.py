"""The balance of a goal in a few words."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from workbench.core.text import current_language


def balance_words(counted: int, sources: int, stories: int, told_on: date | None = None) -> str:
    """'2 cijfers · 1 verhaalbron, 7 verhalen, het laatst op 2 maart 2026'"""
    figures = ngettext("1 cijfer", "%(num)s cijfers", counted) if counted else _("nog niets geteld")
    if not sources:
        nothing = _("nog niets verteld")
        return f"{figures} · {nothing}"
    told = [ngettext("1 verhaalbron", "%(num)s verhaalbronnen", sources)]
    if stories:
        told.append(ngettext("1 verhaal", "%(num)s verhalen", stories))
    if told_on:
        told.append(_("het laatst op %(day)s", day=current_language().date(told_on)))
    return f"{figures} · {', '.join(told)}"
