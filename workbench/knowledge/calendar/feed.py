"""The calendar as iCalendar (RFC 5545), for calendar programs. Every entry is an event of whole days.

An identifier stays the same when an entry changes, and `SEQUENCE` goes up, so that a program moves the event that it has.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, timedelta

from icalendar import Calendar, Event

from workbench.core.language import Language
from workbench.knowledge.calendar.models import CalendarEntry

OWN_NAME = "monitorwerkbank"
ASK_AGAIN = timedelta(hours=12)


def as_ics(
    entries: Iterable[CalendarEntry], council: str, address: Callable[[CalendarEntry], str], spoken: Language
) -> bytes:
    """The whole calendar; `address` gives where an entry stands on the web."""
    name = spoken.gettext("Raad van %(name)s", name=council)
    calendar = Calendar()
    calendar.add("prodid", f"-//{OWN_NAME}//kalender//NL")
    calendar.add("version", "2.0")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_decided(entry, council, address(entry), spoken))
        if entry.submit_by is not None:
            calendar.add_component(_handed_in(entry, entry.submit_by, council, address(entry), spoken))
    content: bytes = calendar.to_ical()
    return content


def _decided(entry: CalendarEntry, council: str, address: str, spoken: Language) -> Event:
    event = _event(entry, f"{entry.key}@{OWN_NAME}", entry.starts_on, entry.last_day, address)
    event.add("summary", f"{entry.name} ({council})")
    lines = [entry.note, spoken.gettext("Wie: %(who)s", who=entry.who) if entry.who else ""]
    if entry.submit_by is not None:
        lines.append(spoken.gettext("Indienen kan tot en met %(day)s.", day=spoken.date(entry.submit_by)))
    event.add("description", "\n".join([*filter(None, lines), address]))
    return event


def _handed_in(entry: CalendarEntry, last_day: date, council: str, address: str, spoken: Language) -> Event:
    event = _event(entry, f"{entry.key}-indienen@{OWN_NAME}", last_day, last_day, address)
    event.add(
        "summary",
        spoken.gettext(
            "Laatste dag om in te dienen: %(name)s (%(council)s)", name=entry.name, council=council
        ),
    )
    event.add("description", address)
    return event


def _event(entry: CalendarEntry, uid: str, first: date, last: date, address: str) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", entry.edited_at.astimezone(UTC))
    event.add("last-modified", entry.edited_at.astimezone(UTC))
    event.add("created", entry.created_at.astimezone(UTC))
    event.add("sequence", entry.version)
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))  # the first day after it
    event.add("transp", "TRANSPARENT")  # a whole day in the council does not make somebody busy
    event.add("url", address)
    return event
