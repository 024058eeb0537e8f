"""What came out of a workshop, and how much of it may go where. Pure; the form of what is handed to another council.

Three readers, each with less than the one before: who was there reads all that was shown in the room; the report holds
what may be kept; another council gets that too, and of its own people what three of them or more said.
Nobody finds here who said what.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from workbench.rounds.methods import Method
from workbench.rounds.methods.groups import safe_groups
from workbench.workshops.kinds import Kind

NOT_HELD = "not_held"  # it still waited when the workshop ended


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Card(_Part):
    """A text that may go into a plan. `source` tells it apart from every other card of the workshop."""

    source: str
    text: str
    part: str = ""  # which of the questions of this activity
    pile: str = ""
    is_shared: bool = False  # may be kept and shared
    of_council: str = (
        ""  # only where three people or more of that council wrote, and the others cannot be told apart
    )


class Choice(_Part):
    key: str
    label: str
    counter: str = ""


class Counted(_Part):
    """A round after its reveal: aggregates."""

    method: Method
    question: str
    options: tuple[Choice, ...]
    result: dict[str, Any]


class ActivityOutcome(_Part):
    id: UUID
    kind: Kind
    title: str
    question: str
    minutes: int
    state: str  # of the activity, or NOT_HELD
    skipped_why: str
    count: int | None  # cards, or answers in the round; None: nothing of it may be shown yet
    cards: tuple[Card, ...] = ()
    counted: Counted | None = None

    @property
    def was_held(self) -> bool:
        return self.state not in ("waiting", "skipped", NOT_HELD)

    @property
    def is_skipped(self) -> bool:
        return self.state == "skipped"

    @property
    def choices(self) -> tuple[Card, ...]:
        """What a round was about, as cards: they were on the screen before anybody answered."""
        if self.counted is None:
            return ()
        if not self.counted.options:  # one proposal
            return (Card(source=f"keuze {self.id}", text=self.counted.question),)
        return tuple(
            Card(
                source=f"keuze {self.id} {option.key}",
                text=" / ".join(filter(None, (option.label, option.counter))),
            )
            for option in self.counted.options
        )

    @property
    def parts(self) -> list[tuple[str, list[tuple[str, list[Card]]]]]:
        """The cards by question, and then by pile; those on no pile come last."""
        found: dict[str, dict[str, list[Card]]] = {}
        for card in self.cards:
            found.setdefault(card.part, {}).setdefault(card.pile, []).append(card)
        return [
            (part, sorted(piles.items(), key=lambda pile: (not pile[0], pile[0].casefold())))
            for part, piles in found.items()
        ]

    @property
    def unkept(self) -> int:
        """So many cards are not among these: they may not be kept, or they are forgotten."""
        return (self.count or 0) - len(self.cards) if self.counted is None else 0


class Outcome(_Part):
    """`groups`: councils with how many of their people came, as far as that may be told; the rest under no name."""

    version: Literal[1] = 1
    title: str
    purpose: str
    place: str
    by: str  # name of the council, or of the facilitators
    held_on: date
    people: int
    groups: dict[str, int]
    activities: tuple[ActivityOutcome, ...]

    def cards(self) -> Iterator[tuple[ActivityOutcome, Card]]:
        """All that may go into a plan."""
        for activity in self.activities:
            for card in (*activity.choices, *activity.cards):
                yield activity, card


def shareable(found: Outcome) -> Outcome:
    """What may be kept: all numbers, and no words but those of cards that the facilitator let go."""
    return found.model_copy(update={"activities": tuple(map(_kept, found.activities))})


def _kept(found: ActivityOutcome) -> ActivityOutcome:
    cards = tuple(card for card in found.cards if card.is_shared)
    return found.model_copy(
        update={"cards": cards, "counted": found.counted and _without_words(found.counted)}
    )


def _without_words(found: Counted) -> Counted:
    return found.model_copy(update={"result": silent(found.result)})


def silent(result: Mapping[str, Any]) -> dict[str, Any]:
    """The result of a round without what people wrote beside their answers."""
    return {**result, "reasons": [], "minority": []}


def for_council(found: Outcome, name: str) -> Outcome:
    """What another council gets: of its own people where they lean and which cards are theirs, of others nothing apart."""
    kept = shareable(found)
    own = {name: found.groups[name]} if name in found.groups else {}
    return kept.model_copy(
        update={"groups": own, "activities": tuple(_for_council(item, name) for item in kept.activities)}
    )


def _for_council(found: ActivityOutcome, name: str) -> ActivityOutcome:
    cards = tuple(
        card if card.of_council == name else card.model_copy(update={"of_council": ""})
        for card in found.cards
    )
    counted = found.counted
    if counted is not None:
        result = {**counted.result, "groups": _own_group(counted.result.get("groups"), name)}
        counted = counted.model_copy(update={"result": result})
    return found.model_copy(update={"cards": cards, "counted": counted})


def _own_group(groups: Mapping[str, Any] | None, name: str) -> dict[str, Any] | None:
    if groups is None or name not in groups["sizes"]:
        return None
    return {
        **groups,
        "sizes": {name: groups["sizes"][name]},
        "leanings": {key: {name: sides[name]} for key, sides in groups["leanings"].items()},
    }


def told_apart(councils: list[str]) -> dict[str, int]:
    """Council -> how many, of a list with the council of each person ("": said none).

    None of fewer than three, none that is left over when the others are taken from all, and no single name: then
    everybody is of it.
    """
    sizes = safe_groups([council or None for council in councils])
    return sizes if len(sizes) > 1 else {}
