"""What of a monitor goes to residents: only what was ticked, and the goal and section above it. Pure.

Nothing is ticked by itself. A goal or section comes along when something under it does; the words of the group at a value
have a tick of their own, under the id of their section. What tells about the whole monitor loses what names the rest.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from workbench.monitors.contents import (
    AnyWords,
    FigureWords,
    GoalWords,
    ListWords,
    MoneyWords,
    MonitorWords,
    PageBreakWords,
    QuoteWords,
    SectionWords,
    StoriesWords,
    fingerprint,
)


@dataclass(frozen=True)
class Choice:
    """One checkbox. `kind`: that of the block, or `words` for those of the group at a value; `goal`: what it stands under."""

    id: UUID
    kind: str
    text: str
    goal: str = ""
    is_first: bool = False  # of its goal
    is_closed: bool = False  # may not go to residents


@dataclass(frozen=True)
class Offer:
    """A section with what may be ticked in it."""

    section: SectionWords
    choices: tuple[Choice, ...]


def offered(words: MonitorWords, closed: Collection[UUID] = ()) -> list[Offer]:
    """`closed`: figures that may not go to residents (yet)."""
    found = [Offer(section, tuple(_choices(section, closed))) for section in words.sections]
    return [offer for offer in found if offer.choices]


def _choices(section: SectionWords, closed: Collection[UUID]) -> Iterator[Choice]:
    if section.own_words or section.position:
        yield Choice(section.id, "words", section.own_words or section.position)
    goal, is_first = "", True
    for item in section.items:
        if isinstance(item, GoalWords):
            goal, is_first = item.sentence, True
        elif not isinstance(item, PageBreakWords):
            yield Choice(item.id, item.kind, _name(item), goal, is_first, item.id in closed)
            is_first = False


def _name(item: AnyWords) -> str:
    """Of a figure its name, of a text the text, of a list its title; of money nothing: it stands under its goal."""
    if isinstance(item, FigureWords):
        return item.subject
    if isinstance(item, MoneyWords):
        return item.about
    if isinstance(item, ListWords):
        return item.title
    if isinstance(item, QuoteWords | StoriesWords):
        return item.beside or item.about
    return getattr(item, "text", "")


def chosen(words: MonitorWords, ticked: Collection[UUID]) -> MonitorWords:
    """What a resident reads."""
    parts = [_Part(section, ticked) for section in words.sections]
    goals = {item.goal_id for part in parts for item in part.items if isinstance(item, GoalWords)}
    rest = [
        item.sentence for item in words.items if isinstance(item, GoalWords) and item.goal_id not in goals
    ]
    shown = {figure.subject for figure in words.figures if figure.id in ticked}
    rest += [figure.subject for figure in words.figures if figure.subject not in shown]
    partly = {figure.goal_id for figure in words.figures if figure.id not in ticked}
    return words.model_copy(
        update={
            "freshness": "",  # may be about a figure that does not go along; each figure tells its own day
            "sections": tuple(part.words(partly, rest) for part in parts if part.is_any),
        }
    )


class _Part:
    """What is left of a section."""

    def __init__(self, section: SectionWords, ticked: Collection[UUID]) -> None:
        self.section = section
        self.has_words = section.id in ticked and bool(section.own_words or section.position)
        self.items: list[AnyWords] = []
        goal: GoalWords | None = None
        for item in section.items:
            if isinstance(item, GoalWords):
                goal = item
            elif item.id in ticked and not isinstance(item, PageBreakWords):
                self.items += [goal, item] if goal else [item]
                goal = None

    @property
    def is_any(self) -> bool:
        return self.has_words or bool(self.items)

    def words(self, partly: Collection[UUID], rest: Collection[str]) -> SectionWords:
        """`partly`: goals with figures that stay behind, which their lines count; `rest`: what may not be named."""

        def bare(item: AnyWords) -> AnyWords:
            if isinstance(item, GoalWords) and item.goal_id in partly:
                return item.model_copy(update={"lines": ()})
            if isinstance(item, QuoteWords | StoriesWords):
                hides = {
                    name: ""
                    for name in ("beside", "about")
                    if any(one in getattr(item, name) for one in rest)
                }
                return item.model_copy(update=hides)
            if isinstance(item, ListWords) and item.kind == "unknown":
                lines = tuple(line for line in item.lines if not any(name in line for name in rest))
                return item.model_copy(update={"lines": lines})
            return item

        told = {} if self.has_words else {"own_words": "", "position": ""}
        return self.section.model_copy(update={"items": tuple(bare(item) for item in self.items), **told})


def without(words: MonitorWords, gone: Collection[UUID]) -> MonitorWords:
    """The same, less these blocks, and what has nothing under it any more."""
    left = {item.id for item in words.items} | {section.id for section in words.sections}
    return chosen(words, left - set(gone)) if gone else words


class News(StrEnum):
    """How what residents read differs from what it would be now."""

    NONE = "none"
    FIGURES = "figures"  # newer figures, all else the same: may follow without looking again
    MORE = "more"  # texts, blocks or reasons too: look first
    BUILDING = "building"  # a figure is still being made


def news(before: MonitorWords, now: MonitorWords) -> News:
    if now.unready:
        return News.BUILDING
    if _said(before) == _said(now):
        return News.NONE
    return News.FIGURES if _said(before, figures=False) == _said(now, figures=False) else News.MORE


# What a refresh changes of a figure by itself.
_FIGURE = {"state": "", "state_text": "", "title": "", "sentence": "", "alt": "", "svg": "", "table": None}
_FIGURE_ALWAYS = {"version": ""}  # other bytes of a chart are no news when nothing else changed


def _said(words: MonitorWords, *, figures: bool = True) -> str:
    """What it says, apart from the day of reading; without `figures` also apart from what the figures say."""
    blank = _FIGURE_ALWAYS if figures else {**_FIGURE, **_FIGURE_ALWAYS, "source": ()}

    def bare(item: AnyWords) -> AnyWords:
        if isinstance(item, FigureWords):
            return item.model_copy(update=blank)
        if isinstance(item, MoneyWords) and not figures:
            return item.model_copy(update={"spent": ()})
        return item

    sections = tuple(
        section.model_copy(update={"items": tuple(bare(item) for item in section.items)})
        for section in words.sections
    )
    return fingerprint(
        words.model_copy(update={"sections": sections, "read_on": words.read_on.min, "format_number": 0})
    )


def seen(words: MonitorWords) -> str:
    """Tells whether what was looked at is what is published."""
    return _said(words)
