"""The script as a plan: when each part begins, whether it fits, and what is still missing. Pure."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from workbench.rounds.methods import FEWEST_OPTIONS, MOST_OPTIONS, WITHOUT_OPTIONS, Method
from workbench.workshops.kinds import METHODS, Kind
from workbench.workshops.script.library import WorkingForm

FEWEST, MOST = 2, 30  # options, where a method says nothing else
TIGHT = 0.7  # of the minutes that a working form usually takes
WITH_PARTS = frozenset({Kind.FIGURE_AND_STORY, Kind.MEANING})
# A proposal of the council's own is the question itself; these need a list.
LISTED = frozenset(kind for kind, method in METHODS.items() if method not in WITHOUT_OPTIONS)


class Gap(StrEnum):
    FEW_OPTIONS = "few_options"
    MANY_OPTIONS = "many_options"
    ONE_SIDED = "one_sided"
    NO_PARTS = "no_parts"
    NO_FIGURE = "no_figure"
    SMALL_GROUP = "small_group"
    LARGE_GROUP = "large_group"
    LITTLE_TIME = "little_time"


# Without these the part cannot begin; the others are advice.
MUST = frozenset({Gap.FEW_OPTIONS, Gap.MANY_OPTIONS, Gap.ONE_SIDED})


@dataclass(frozen=True)
class Point:
    """Something about a part of the script to look at; `number`: the limit that it touches."""

    gap: Gap
    number: int = 0

    @property
    def is_needed(self) -> bool:
        return self.gap in MUST


def fewest_options(kind: Kind) -> int:
    return FEWEST_OPTIONS.get(METHODS[kind], FEWEST)


def most_options(kind: Kind) -> int:
    return MOST_OPTIONS.get(METHODS[kind], MOST)


def times(starts_at: datetime, minutes: Iterable[int]) -> list[tuple[datetime, datetime]]:
    """When each part begins and ends, one after the other."""
    found = []
    for lasts in minutes:
        ends_at = starts_at + timedelta(minutes=lasts)
        found.append((starts_at, ends_at))
        starts_at = ends_at
    return found


def minutes_left(starts_at: datetime, ends_at: datetime, minutes: Iterable[int]) -> int:
    """What remains at the end; below nought: it is too long."""
    return math.floor((ends_at - starts_at).total_seconds() / 60) - sum(minutes)


def points_of(
    kind: Kind,
    settings: Mapping[str, Any],
    minutes: int,
    *,
    people: int,
    tables: int = 0,
    form: WorkingForm | None = None,
) -> list[Point]:
    """What to look at before the day; what is needed comes first."""
    options: Sequence[Mapping[str, str]] = settings.get("options", ())
    found = []
    if kind in LISTED:
        if len(options) < fewest_options(kind):
            found.append(Point(Gap.FEW_OPTIONS, fewest_options(kind)))
        if len(options) > most_options(kind):
            found.append(Point(Gap.MANY_OPTIONS, most_options(kind)))
        if METHODS[kind] is Method.POSITION and not all(option["counter"] for option in options):
            found.append(Point(Gap.ONE_SIDED))
    if kind in WITH_PARTS and not settings.get("parts"):
        found.append(Point(Gap.NO_PARTS))
    if kind is Kind.FIGURE_AND_STORY and not settings.get("block_id"):
        found.append(Point(Gap.NO_FIGURE))
    if form is not None:
        found += _about_the_group(form, people, tables)
        usual = form.duration.minutes(people, len(options))
        if minutes < TIGHT * usual:
            found.append(Point(Gap.LITTLE_TIME, usual))
    return found


def _about_the_group(form: WorkingForm, people: int, tables: int) -> list[Point]:
    """A large group at tables is as many small ones."""
    at_table = math.ceil(people / tables) if tables else people
    if people < form.fewest:
        return [Point(Gap.SMALL_GROUP, form.fewest)]
    if people > form.most_people and at_table > form.most_people:
        return [Point(Gap.LARGE_GROUP, form.most_people)]
    return []
