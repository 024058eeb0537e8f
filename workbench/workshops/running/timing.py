"""The time of an activity and of the whole programme, in minutes. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor


@dataclass(frozen=True)
class Slot:
    """What the programme needs to know of an activity. `ends_at`: of one that is open."""

    minutes: int
    waits: bool = False
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Programme:
    """When it will be over if the rest goes as planned. `late`: minutes after (before: negative) the planned end."""

    ends_at: datetime
    late: int


def minutes_left(ends_at: datetime, now: datetime) -> int:
    """Begun minutes that are left; over time it is negative, in minutes that passed."""
    seconds = (ends_at - now).total_seconds()
    return ceil(seconds / 60) if seconds > 0 else -floor(-seconds / 60)


def programme(slots: Iterable[Slot], starts_at: datetime, now: datetime) -> Programme:
    """From now on: what is left of the open activity, and all of what still waits."""
    slots = list(slots)
    still = sum((_still(slot, now) for slot in slots), timedelta())
    planned = starts_at + timedelta(minutes=sum(slot.minutes for slot in slots))
    ends_at = now + still
    return Programme(ends_at, round((ends_at - planned).total_seconds() / 60))


def _still(slot: Slot, now: datetime) -> timedelta:
    if slot.ends_at is not None:
        return max(slot.ends_at - now, timedelta())
    return timedelta(minutes=slot.minutes if slot.waits else 0)
