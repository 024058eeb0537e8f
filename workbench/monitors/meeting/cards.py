"""The cards that a screen shows in a meeting: one block of the monitor at a time, in the order of the monitor."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from workbench.accounts.models import Membership
from workbench.core.text import current_language
from workbench.indicators.events.models import SeriesEvent
from workbench.monitors.meeting import screens
from workbench.monitors.views import Item, MonitorView, SectionView
from workbench.monitors.voices import Voice, why_not
from workbench.vision.models import Plan
from workbench.vision.queries import VALUE_STEPS
from workbench.vision.steps import COSTS, EVIDENCE, GOALS

MOST_DOTS = 24


class Kind(StrEnum):
    START = "start"
    VALUE = "value"
    GOAL = "goal"
    FIGURE = "figure"
    QUOTE = "quote"
    MONEY = "money"
    QUESTION = "question"
    TEXT = "text"
    EVENTS = "events"
    RESTING = "resting"


# Who may read one of these steps, may know that such a card is on the screen.
STEPS_OF: dict[Kind, tuple[int, ...]] = {
    Kind.GOAL: (GOALS,),
    Kind.FIGURE: (EVIDENCE,),
    Kind.QUOTE: (EVIDENCE,),
    Kind.EVENTS: (EVIDENCE,),
    Kind.RESTING: (EVIDENCE,),
    Kind.MONEY: (COSTS,),
}


@dataclass(frozen=True)
class Card:
    """`name`: its heading, but for a figure, whose finding is its heading. Of one in parts, the others follow it."""

    kind: Kind
    about: str  # the id of the block or section
    name: str
    section: SectionView | None = None
    item: Item | None = None
    text: str = ""
    voice: Voice | None = None
    lines: Sequence[str] = ()
    part: int = 1
    parts: int = 1

    @property
    def key(self) -> str:
        return f"{self.about}-{self.part}"

    def as_shown(self, language: str, heading: str = "") -> dict[str, Any]:
        """What phones need to follow the screen, as JSON; the words are those on the screen, in its language."""
        return {
            "key": self.key,
            "kind": self.kind.value,
            "name": heading or self.name,
            "language": language,
            "section": str(self.section.section.id) if self.section else "",
            "block": self.about if self.kind in (Kind.FIGURE, Kind.QUOTE) else "",
            "goal": str(self.item.goal.goal.id)
            if self.item and self.item.goal and self.kind is Kind.GOAL
            else "",
            "value": str(self.section.value.id)
            if self.section and self.section.value and self.kind is Kind.VALUE
            else "",
        }


def may_know(shown: dict[str, Any], plan: Plan, reader: Membership) -> bool:
    """May this reader know what the screen shows?"""
    kind = Kind(shown["kind"])
    if kind is Kind.START:
        return True
    needed = STEPS_OF.get(kind, VALUE_STEPS)
    return plan.may_be_read_by(reader, *VALUE_STEPS) and plan.may_be_read_by(reader, *needed)


def on_agenda(found: MonitorView, chosen: Collection[str]) -> list[SectionView]:
    """The sections that come along; when none was chosen, or none of them is left, all of them."""
    picked = [section for section in found.sections if str(section.section.id) in chosen]
    return picked or found.sections


def cards_of(plan: Plan, sections: Iterable[SectionView], found: MonitorView) -> list[Card]:
    """Methods and page breaks stay in the monitor: nobody talks about them."""
    cards = [Card(Kind.START, "begin", plan.title)]
    for section in sections:
        if section.value:
            cards += _in_parts(
                Card(Kind.VALUE, str(section.section.id), section.value.name, section),
                section.value.own_words,
            )
        for item in section.items:
            cards += _cards(item, section, found)
    return cards


def with_cards(plan: Plan, found: MonitorView) -> list[SectionView]:
    """The sections of which there is something to show in a meeting."""
    return [section for section in found.sections if len(cards_of(plan, [section], found)) > 1]


def _cards(item: Item, section: SectionView, found: MonitorView) -> Iterator[Card]:
    about, goal = str(item.block.id), item.goal.goal if item.goal else None
    if item.figure:
        # Beside letters of 28 pixels a drawing or table has no place: what it says stands on a card of its own.
        parts = 1 if item.figure.document is None else 2
        for part in range(1, parts + 1):
            name = item.figure.link.subject.name
            yield Card(Kind.FIGURE, about, name, section, item, part=part, parts=parts)
    elif item.kind == "goal" and goal:
        yield Card(Kind.GOAL, about, goal.whole_sentence, section, item)
    elif item.voices:
        yield from _voices(item, section)
    elif item.kind == "money":
        name = goal.whole_sentence if goal else section.name
        for part, parts, costs in _numbered(screens.lists(item.costs, 4)):
            shown = replace(item, costs=costs, level=2, is_apart=False)
            yield Card(Kind.MONEY, about, name, section, shown, part=part, parts=parts)
    elif item.kind in ("text", "question"):
        kind = Kind(item.kind)
        yield from _in_parts(Card(kind, about, section.name, section, item), getattr(item.block, "text", ""))
    elif item.kind == "events":
        yield Card(Kind.EVENTS, about, _("Gebeurtenissen bij de cijfers"), section, item)
    elif item.kind == "resting" and found.resting:
        day = current_language().date
        lines = [
            f"{link.subject.name}. {_('Opnieuw bekijken op %(day)s.', day=day(link.rests_until))}"
            for link in found.resting
            if link.rests_until
        ]
        for part, parts, some in _numbered(screens.lists(lines)):
            yield Card(Kind.RESTING, about, _("Later"), section, item, lines=some, part=part, parts=parts)


def _voices(item: Item, section: SectionView) -> Iterator[Card]:
    """A card for each voice, a long one in parts; numbered together, so that each has an address of its own. The name of
    a card is kept while it is on the screen, so it holds no words.
    """
    spoken = [
        (voice, text)
        for voice in item.voices
        for text in screens.texts(voice.words or why_not(voice, current_language()))
    ]
    for part, parts, (voice, text) in _numbered(spoken):
        yield Card(
            Kind.QUOTE,
            str(item.block.id),
            _("Wat inwoners vertellen"),
            section,
            item,
            text,
            voice,
            part=part,
            parts=parts,
        )


def _in_parts(card: Card, text: str) -> list[Card]:
    return [
        replace(card, text=some, part=part, parts=parts)
        for part, parts, some in _numbered(screens.texts(text) or [""])
    ]


def _numbered(parts: Sequence[Any]) -> Iterator[tuple[int, int, Any]]:
    for number, some in enumerate(parts, 1):
        yield number, len(parts), some


def event_lines(happened: Iterable[SeriesEvent]) -> list[str]:
    """The newest that fit on one screen; the monitor has them all."""
    day = current_language().date
    return [
        _(
            "%(day)s: %(text)s (bron: %(source)s)",
            day=day(event.happened_on),
            text=event.text,
            source=event.source,
        )
        for event in list(happened)[: screens.MOST_LINES - 1]
    ]


def dots_of(cards: Sequence[Card]) -> list[int]:
    """Numbers of the cards that have a dot: all; of more than fit, the first of each section, and the last."""
    if len(cards) <= MOST_DOTS:
        return list(range(1, len(cards) + 1))
    starts = [
        number
        for number, card in enumerate(cards, 1)
        if number == 1 or card.section is not cards[number - 2].section
    ]
    return sorted({*starts, len(cards)})


@dataclass(frozen=True)
class Shown:
    """What the screen shows now, for somebody who may know it."""

    name: str
    language: str
    since: datetime
    section: str
    block_id: UUID | None
    goal_id: UUID | None
    value_id: UUID | None

    @classmethod
    def of(cls, shown: dict[str, Any], since: datetime) -> "Shown":
        def id_of(name: str) -> UUID | None:
            return UUID(shown[name]) if shown[name] else None

        return cls(
            shown["name"],
            shown["language"],
            since,
            shown["section"],
            id_of("block"),
            id_of("goal"),
            id_of("value"),
        )
