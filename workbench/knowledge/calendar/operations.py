"""Putting moments in the calendar, changing and removing them, and the secret address for calendar programs."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from workbench.accounts.models import Audience
from workbench.accounts.operations import make_door, shut_doors
from workbench.core import audit
from workbench.core.cards import save_card
from workbench.core.db import db
from workbench.knowledge.calendar import queries
from workbench.knowledge.calendar.models import CalendarEntry, CalendarLink
from workbench.knowledge.models import Moment


def add_entry(by: UUID | None, **content: Any) -> CalendarEntry:
    entry = CalendarEntry()
    db.add(entry)
    save_card(entry, content, by=by)
    return entry


def change_entry(entry: CalendarEntry, by: UUID | None, base_version: int, **content: Any) -> None:
    """Raises: EditConflict."""
    save_card(entry, content, by=by, base_version=base_version)


def remove_entry(entry: CalendarEntry) -> None:
    audit.record("calendar_entry_removed", entry)
    db.delete(entry)


def take_over_year(dates: Iterable[tuple[Moment, date, date | None]], by: UUID | None) -> None:
    """Put moments of the usual year in the calendar, each with its day and the last day to hand in proposals."""
    for moment, day, submit_by in dates:
        add_entry(by, name=moment.name, moment_id=moment.id, starts_on=day, submit_by=submit_by)


def make_link(person_id: UUID) -> str:
    """A new secret for the calendar of this member in the acting council; an earlier one is worthless from now on."""
    link = queries.link_of(person_id)
    if link is None:
        link = CalendarLink(person_id=person_id)
        db.add(link)
    else:
        shut_doors(link.id)
    token = make_door(Audience.CALENDAR, link.id)
    audit.record("calendar_link_made", link)
    return token


def remove_link(link: CalendarLink) -> None:
    shut_doors(link.id)
    audit.record("calendar_link_removed", link)
    db.delete(link)
