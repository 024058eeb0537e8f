"""Three texts of every card: as it was copied (base), as the example is now (theirs) and as it is with us (ours).

Pure. Cards are plain fields by the key they had in the example; `renewed` walks any content whose cards have a key,
so that a new kind of card needs nothing here.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel

Fields = Mapping[str, Any]
Content = TypeVar("Content", bound=BaseModel)


class Change(StrEnum):
    """Of a field, and of a whole card."""

    NONE = "none"
    THERE = "there"
    HERE = "here"
    BOTH = "both"
    # Of a card alone.
    NEW = "new"  # not in what was copied
    GONE = "gone"  # not in the example any more
    TAKEN_OUT = "taken_out"  # the group took its own card away again
    NOT_TAKEN = "not_taken"  # the group never took it over


@dataclass(frozen=True)
class FieldChange:
    name: str
    base: Any
    theirs: Any
    ours: Any

    @property
    def change(self) -> Change:
        if self.ours == self.theirs:
            return Change.NONE  # also when both wrote the same
        if self.ours == self.base:
            return Change.THERE
        return Change.HERE if self.theirs == self.base else Change.BOTH

    @property
    def taken(self) -> Any:
        """What stands here once their changes are taken: where they changed nothing, ours stays."""
        return self.theirs if self.change in (Change.THERE, Change.BOTH) else self.ours

    @property
    def merged(self) -> Any:
        """Where a merge begins: nothing that either side wrote is lost."""
        if self.change is not Change.BOTH:
            return self.taken
        if not isinstance(self.ours, str) or not isinstance(self.theirs, str):
            return self.ours
        if self.theirs in self.ours:
            return self.ours
        return self.theirs if self.ours in self.theirs else f"{self.ours}\n\n{self.theirs}"


@dataclass(frozen=True)
class CardChange:
    """`fields`: of a card that is here, every field that can be compared; otherwise none."""

    key: UUID
    change: Change
    fields: tuple[FieldChange, ...] = ()

    @property
    def asked(self) -> list[str]:
        """The fields about which the group has something to choose: those that changed there."""
        return [field.name for field in self.fields if field.change in (Change.THERE, Change.BOTH)]

    @property
    def asks(self) -> bool:
        return bool(self.asked) or self.is_gone

    @property
    def is_gone(self) -> bool:
        return self.change is Change.GONE

    def taken(self) -> dict[str, Any]:
        return {field.name: field.taken for field in self.fields}

    def merged(self) -> dict[str, Any]:
        return {field.name: field.merged for field in self.fields}


def compare(
    base: Mapping[UUID, Fields],
    theirs: Mapping[UUID, Fields],
    ours: Mapping[UUID, Fields],
    taken_out: Collection[UUID] = (),
) -> dict[UUID, CardChange]:
    """By key, in the order of the example as it is now, then what is gone from it. `ours`: the cards that are here."""
    found = {}
    for key in [*theirs, *(key for key in base if key not in theirs)]:
        found[key] = _card(key, base.get(key), theirs.get(key), ours.get(key), taken_out=key in taken_out)
    return found


def _card(
    key: UUID, base: Fields | None, theirs: Fields | None, ours: Fields | None, *, taken_out: bool
) -> CardChange:
    if ours is None:
        if taken_out:
            return CardChange(key, Change.TAKEN_OUT)
        if theirs is None:
            return CardChange(key, Change.NOT_TAKEN)
        return CardChange(key, Change.NEW if base is None else Change.NOT_TAKEN)
    if theirs is None:
        return CardChange(key, Change.GONE)
    before = theirs if base is None else base
    fields = tuple(FieldChange(name, before.get(name), theirs.get(name), ours[name]) for name in ours)
    return CardChange(key, _together({field.change for field in fields}), fields)


def _together(changes: set[Change]) -> Change:
    if Change.BOTH in changes or {Change.THERE, Change.HERE} <= changes:
        return Change.BOTH
    return next((change for change in (Change.THERE, Change.HERE) if change in changes), Change.NONE)


# --- The content as a whole -----------------------------------------------------------------------------------------


def cards(content: BaseModel) -> dict[UUID, BaseModel]:
    """Every card in it, at whatever depth, by key; a card comes before what is under it."""
    return dict(_cards(content))


def _cards(part: BaseModel) -> Iterator[tuple[UUID, BaseModel]]:
    for name in type(part).model_fields:
        value = getattr(part, name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, BaseModel):
                if _is_card(item):
                    yield item.key, item  # type: ignore[attr-defined]
                yield from _cards(item)


def _is_card(part: Any) -> bool:
    return isinstance(getattr(part, "key", None), UUID)


def reads_differently(before: BaseModel, now: BaseModel) -> bool:
    """Apart from its number and from what stands under it."""
    return any(
        value != was
        for name in type(now).model_fields
        if name != "revision"
        for value, was in [(getattr(now, name), getattr(before, name, None))]
        if not _holds_cards(value) and not _holds_cards(was)
    )


def renewed(base: Content, theirs: Content, pending: Collection[UUID]) -> Content:
    """The content as it is now, but for cards about which the group has not chosen yet: those stay as they were copied,
    and one that is gone stays where it stood, as long as the card above it does.
    """
    before, now = cards(base), cards(theirs)
    waiting = {key for key in pending if key in before}
    return _renewed(base, theirs, before, waiting, waiting - set(now))


def _renewed(
    base: Any, theirs: Content, before: Mapping[UUID, BaseModel], waiting: set[UUID], gone: set[UUID]
) -> Content:
    own = base if _is_card(theirs) and theirs.key in waiting else theirs  # type: ignore[attr-defined]

    def one(item: Any) -> Any:
        return _renewed(before.get(item.key), item, before, waiting, gone)

    fields = {}
    for name in type(theirs).model_fields:
        value, was = getattr(theirs, name), getattr(base, name, None)
        if not _holds_cards(value) and not _holds_cards(was):
            fields[name] = getattr(own, name)
        elif isinstance(value, tuple):
            fields[name] = (*map(one, value), *(item for item in was or () if item.key in gone))
        elif value is not None:  # a single card
            fields[name] = one(value)
        else:
            fields[name] = was if getattr(was, "key", None) in gone else None
    return type(theirs)(**fields)


def _holds_cards(value: Any) -> bool:
    return any(_is_card(item) for item in (value if isinstance(value, tuple) else (value,)))
