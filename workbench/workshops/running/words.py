"""What stands on the screens while a workshop runs, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import format_time, lazy_gettext
from flask_babel import gettext as _

from workbench.core.language import AMSTERDAM
from workbench.rounds.words import ready_sentence
from workbench.rounds.words.speech import ngettext
from workbench.workshops.kinds import KEPT_TO_ONESELF
from workbench.workshops.models import Activity, ActivityState, Attendee, Workshop
from workbench.workshops.running import timing
from workbench.workshops.running.queries import current_of, following
from workbench.workshops.running.timing import Slot

STATE_NAMES = {
    ActivityState.WAITING: lazy_gettext("nog niet geopend"),
    ActivityState.OPEN: lazy_gettext("open"),
    ActivityState.CLOSED: lazy_gettext("gesloten"),
    ActivityState.REVEALED: lazy_gettext("uitkomst getoond"),
    ActivityState.SKIPPED: lazy_gettext("overgeslagen"),
}


class Do(StrEnum):
    """What a facilitator presses."""

    OPEN = "open"
    CLOSE = "sluit"
    REVEAL = "toon"
    REOPEN = "heropen"
    NEXT = "volgende"
    SHOW = "laat-zien"
    LONGER = "langer"


@dataclass(frozen=True)
class Step:
    """The one thing that comes next: the big button. `short`: for on the wall."""

    do: Do
    label: str
    short: str
    about: Activity


def next_step(workshop: Workshop) -> Step | None:
    """None: all is done."""
    current, after = current_of(workshop), following(workshop)
    if current is not None:
        if current.state == ActivityState.WAITING:
            return Step(Do.OPEN, _("Openen: iedereen kan antwoorden"), _("Openen"), current)
        if current.state == ActivityState.OPEN:
            return Step(Do.CLOSE, _("Antwoorden sluiten"), _("Antwoorden sluiten"), current)
        if current.state == ActivityState.CLOSED and current.kind not in KEPT_TO_ONESELF:
            return Step(Do.REVEAL, _("De uitkomst tonen"), _("Uitkomst tonen"), current)
    if after is None:
        return None
    label = _("Volgende: %(title)s", title=after.title)
    return Step(Do.NEXT, label, _("Volgend onderdeel"), current or after)


def time_left(ends_at: datetime, now: datetime) -> str:
    """'Nog 4 minuten'."""
    left = timing.minutes_left(ends_at, now)
    if left > 0:
        return ngettext("Nog 1 minuut", "Nog %(num)s minuten", left)
    if left == 0:
        return str(_("De tijd is om"))
    return ngettext("1 minuut over de tijd", "%(num)s minuten over de tijd", -left)


def programme_sentence(workshop: Workshop, now: datetime) -> str:
    """'Klaar om 21:14. Dat is 9 minuten later dan gepland.'"""
    slots = [
        Slot(
            one.minutes,
            one.state == ActivityState.WAITING,
            one.ends_at if one.state == ActivityState.OPEN else None,
        )
        for one in workshop.activities
    ]
    found = timing.programme(slots, _planned_start(workshop), now)
    at = _("Klaar om %(time)s als de rest gaat zoals gepland.", time=clock(found.ends_at))
    if found.late == 0:
        return f"{at} {_('Dat is precies op tijd.')}"
    if found.late > 0:
        late = ngettext("Dat is 1 minuut later.", "Dat is %(num)s minuten later.", found.late)
    else:
        late = ngettext("Dat is 1 minuut eerder.", "Dat is %(num)s minuten eerder.", -found.late)
    return f"{at} {late}"


def _planned_start(workshop: Workshop) -> datetime:
    """As announced; of a workshop on quite another moment (a rehearsal) when it began."""
    began = workshop.opened_at or workshop.starts_at
    return workshop.starts_at if abs(began - workshop.starts_at) < timedelta(hours=3) else began


def clock(moment: datetime) -> str:
    """'21:14'."""
    return str(format_time(moment.astimezone(AMSTERDAM), "HH:mm", rebase=False))


def ready_line(ready: int, of: int, late: int) -> str:
    """'14 van 18 klaar. 4 zijn nog bezig. 2 kwamen binnen na het openen.'"""
    sentences = [f"{ready_sentence(ready, of)}."]
    if busy := of - ready:
        sentences.append(ngettext("1 is nog bezig.", "%(num)s zijn nog bezig.", busy))
    elif of:
        sentences.append(_("Iedereen is klaar."))
    if late:
        sentences.append(
            ngettext("1 kwam binnen na het openen.", "%(num)s kwamen binnen na het openen.", late)
        )
    return " ".join(sentences)


def name_of(attendee: Attendee, number: int) -> str:
    """As they called themselves; else by the order in which they came."""
    return attendee.first_name or _("Deelnemer %(n)s", n=number)
