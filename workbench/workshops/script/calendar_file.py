"""One workshop as a file for calendar programs (RFC 5545)."""

from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from workbench.workshops.models import Workshop

OWN_NAME = "monitorwerkbank"


def as_ics(workshop: Workshop, address: str, now: datetime) -> bytes:
    """`SEQUENCE` goes up with every change, so that a program moves the event that it has."""
    event = Event()
    event.add("uid", f"{workshop.id}@{OWN_NAME}")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("sequence", workshop.version)
    event.add("dtstart", workshop.starts_at.astimezone(UTC))
    event.add("dtend", (workshop.ends_at or workshop.starts_at + timedelta(hours=2)).astimezone(UTC))
    event.add("summary", workshop.title)
    event.add("location", workshop.place)
    event.add("description", "\n".join(filter(None, [workshop.purpose, address])))
    event.add("url", address)
    calendar = Calendar()
    calendar.add("prodid", f"-//{OWN_NAME}//leeratelier//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
