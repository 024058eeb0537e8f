"""When a figure gives cause to ask, from what was seen before and what stands there now. Pure.

At most one new period and one revision per look, so that a source that sends many figures at once asks one question.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from workbench.figures.targets import Limit


class Cause(StrEnum):
    LIMIT = "limit"  # the newest figure is past the limit that the council chose
    NEW = "new"  # there is a figure over a later period than before
    REVISED = "revised"  # a figure that was there has another value


@dataclass(frozen=True)
class Reading:
    """Our own figure over one period as it stands. `since`: the day on which it came to stand so, as far as known."""

    period: str  # CBS code; later periods sort later
    label: str
    value: float | None
    status: str
    missing: str | None
    since: date


@dataclass(frozen=True)
class Seen:
    """What we saw of one period."""

    value: float | None
    since: date

    def as_json(self) -> list[Any]:
        return [self.value, self.since.isoformat()]

    @classmethod
    def of(cls, kept: Sequence[Any]) -> "Seen":
        return cls(kept[0], date.fromisoformat(kept[1]))


@dataclass(frozen=True)
class Signal:
    """One cause to ask. `key` is the same for the same cause, however often we look."""

    cause: Cause
    reading: Reading
    former: Seen | None = None  # revised: what stood there
    before: Reading | None = None  # new: the figure over the period before
    limit: Limit | None = None
    others: int = 0  # revised: how many other periods were revised at the same time

    @property
    def key(self) -> tuple[str, str, str]:
        """Cause, period, and for a revision its day: a figure can be revised again later."""
        day = self.reading.since.isoformat() if self.cause is Cause.REVISED else ""
        return self.cause.value, self.reading.period, day


def signals(
    before: Mapping[str, Seen] | None,
    now: Iterable[Reading],
    limit: Limit | None,
    wanted: Iterable[Cause] = tuple(Cause),
) -> list[Signal]:
    """Causes to ask. `before` None or empty: the first look, at which nothing is new and nothing revised.

    A new period past the limit is one question, about the limit.
    """
    line, wanted = sorted(now, key=lambda reading: reading.period), set(wanted)
    found = []
    valued = [reading for reading in line if reading.value is not None]
    newest = valued[-1] if valued else None
    is_past = bool(newest and limit and newest.value is not None and limit.is_passed_by(newest.value))
    if newest and is_past and Cause.LIMIT in wanted:
        found.append(Signal(Cause.LIMIT, newest, limit=limit))
    if not before:
        return found
    last = line[-1] if line else None
    told = {signal.reading.period for signal in found}
    if last and last.period > max(before) and Cause.NEW in wanted and last.period not in told:
        former = [reading for reading in valued if reading.period < last.period]
        found.append(Signal(Cause.NEW, last, before=former[-1] if former else None))
    revised = [reading for reading in valued if _is_revised(before.get(reading.period), reading)]
    if revised and Cause.REVISED in wanted:
        reading = revised[-1]
        found.append(Signal(Cause.REVISED, reading, former=before[reading.period], others=len(revised) - 1))
    return found


def _is_revised(former: Seen | None, reading: Reading) -> bool:
    """A number that came or went is no revision: what was hidden stays hidden."""
    if former is None or former.value is None or reading.value is None:
        return False
    # What a sum in another order makes of the same numbers is no other figure.
    return not math.isclose(former.value, reading.value, rel_tol=1e-6, abs_tol=1e-6)


def seen(before: Mapping[str, Seen] | None, now: Iterable[Reading]) -> dict[str, Seen]:
    """What to remember after this look: an unchanged figure stands there since the day we first saw it."""
    kept = before or {}
    return {
        reading.period: kept[reading.period]
        if reading.period in kept and kept[reading.period].value == reading.value
        else Seen(reading.value, reading.since)
        for reading in now
    }
