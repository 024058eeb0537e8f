"""The text of a story while somebody takes out who it is about. Pure; it is only ever kept sealed."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from workbench.stories.pseudonyms import Decision, Found, Kind, replaced


class NotThere(ValueError):
    """These words do not stand in the text."""


_POINTING = {
    "mijn",
    "onze",
    "ons",
    "jouw",
    "uw",
    "zijn",
    "haar",
    "hun",
    "de",
    "het",
    "een",
}  # may begin a sentence


@dataclass(frozen=True, order=True)
class Item:
    """`text[start:end]` may say who somebody is. `replacement` stands there instead; None: it stays, for a reason."""

    start: int
    end: int
    kind: str
    proposal: str
    sure: bool
    replacement: str | None
    reason: str = ""
    own: bool = False  # added by a person


@dataclass(frozen=True)
class Choice:
    """What a person decided about the same words wherever they stand."""

    replacement: str | None
    reason: str = ""


@dataclass(frozen=True)
class Group:
    """The same words, wherever they stand in the text; named by where they stand first."""

    number: int
    words: str
    kind: str
    sure: bool
    own: bool
    proposal: str
    replacement: str | None
    reason: str
    times: int
    alike: bool  # other words in the text seem to be the same name


@dataclass(frozen=True)
class Piece:
    """A stretch of the text; `group` is the number of what was found there."""

    text: str
    group: int | None = None
    replacement: str | None = None


@dataclass(frozen=True)
class Draft:
    text: str
    items: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()  # what reading it did on its own, or what the second reader asks
    teller: str = ""
    traits: Mapping[str, str] = field(default_factory=dict)
    consent: Mapping[str, str] = field(
        default_factory=dict
    )  # as it was given in the talk, in the form's own words
    version: int = 1

    def sealed_form(self) -> bytes:
        return json.dumps(asdict(self)).encode()


def opened(words: bytes) -> Draft:
    facts: dict[str, Any] = json.loads(words)
    facts["items"] = tuple(Item(**item) for item in facts.get("items", ()))
    facts["notes"] = tuple(facts.get("notes", ()))
    return Draft(**facts)


def begun(text: str, found: Iterable[Found], notes: Sequence[str] = (), before: Draft | None = None) -> Draft:
    """A first draft: everything that was found is replaced, unless `before` decided otherwise about the same words."""
    decided = {} if before is None else {_words(before, item): item for item in before.items}
    items = []
    for one in found:
        earlier = decided.get(text[one.start : one.end].casefold())
        new = _item(one)
        if earlier is not None:
            new = replace(new, replacement=earlier.replacement, reason=earlier.reason)
        items.append(new)
    if before is None:
        return Draft(text, tuple(items), tuple(notes))
    draft = replace(before, text=text, items=tuple(items), notes=tuple(notes), version=before.version + 1)
    for item in before.items:  # what a person added comes along where the words still stand
        words = before.text[item.start : item.end]
        if item.own and _spots(text, words):
            draft = added(draft, words, item.replacement or item.proposal)
    return draft


def _item(one: Found, *, own: bool = False) -> Item:
    return Item(one.start, one.end, str(one.kind), one.proposal, one.sure, one.proposal, own=own)


def _words(draft: Draft, item: Item) -> str:
    return draft.text[item.start : item.end].casefold()


def groups(draft: Draft) -> list[Group]:
    """What was found, in the order in which it is first read."""
    gathered: dict[tuple[str, str], list[Item]] = {}
    for item in sorted(draft.items):
        gathered.setdefault(_key(draft, item), []).append(item)
    found = []
    for items in gathered.values():
        first = items[0]
        words = draft.text[first.start : first.end]
        alike = any(
            other[0] is not first and _is_alike(words, draft.text[other[0].start : other[0].end], other[0])
            for other in gathered.values()
        )
        found.append(
            Group(
                number=first.start,
                words=words,
                kind=first.kind,
                sure=first.sure,
                own=first.own,
                proposal=first.proposal,
                replacement=first.replacement,
                reason=first.reason,
                times=len(items),
                alike=alike and first.kind == Kind.PERSON,
            )
        )
    return found


def _is_alike(words: str, others: str, item: Item) -> bool:
    """Do these words seem to name the same person: one name is part of the other, or a possessive of it?"""
    if item.kind != Kind.PERSON:
        return False
    mine, theirs = _name(words), _name(others)
    return bool(mine) and bool(theirs) and (mine <= theirs or theirs <= mine)


def _name(words: str) -> set[str]:
    """The parts of a name; only what has a capital, so that "mijn" of "mijn zoon Daan" is none."""
    parts = re.findall(r"[^\W\d_]+", words)
    names = {part.casefold() for part in parts if part[0].isupper() and len(part) > 1} - _POINTING
    return {name.removesuffix("s") for name in names}


def decided(draft: Draft, choices: Mapping[int, Choice]) -> Draft:
    """With these choices, by the number of their group."""
    numbers = _numbers(draft)
    shown = {group.number: group.proposal for group in groups(draft)}

    def chosen(item: Item) -> Item:
        number = numbers[_key(draft, item)]
        choice = choices.get(number)
        if choice is None:
            return item
        replacement = _as_there(item, shown[number], choice.replacement)
        return replace(item, replacement=replacement, reason=choice.reason)

    return replace(draft, items=tuple(chosen(item) for item in draft.items))


def _key(draft: Draft, item: Item) -> tuple[str, str]:
    """What belongs together: the same words for the same person, also where a sentence begins with them."""
    return _words(draft, item), item.proposal[:1].lower() + item.proposal[1:]


def _as_there(item: Item, shown: str, replacement: str | None) -> str | None:
    """With a capital where a sentence begins and without one elsewhere, when that differs from what was shown."""
    if not replacement or item.proposal[:1].isupper() == shown[:1].isupper():
        return replacement
    if item.proposal[:1].isupper():
        return replacement[0].upper() + replacement[1:]
    points = replacement.split(" ")[0].casefold() in _POINTING
    return replacement[0].lower() + replacement[1:] if points else replacement


def _numbers(draft: Draft) -> dict[tuple[str, str], int]:
    return {_key(draft, item): item.start for item in sorted(draft.items, reverse=True)}


def everywhere(draft: Draft, number: int) -> Draft:
    """What was chosen for this group holds for every form of the same name."""
    chosen = next((group for group in groups(draft) if group.number == number), None)
    if chosen is None:
        return draft
    items = [
        replace(item, replacement=_as_there(item, chosen.proposal, chosen.replacement), reason=chosen.reason)
        if _is_alike(chosen.words, draft.text[item.start : item.end], item)
        else item
        for item in draft.items
    ]
    return replace(draft, items=tuple(items))


def added(draft: Draft, words: str, replacement: str, also: Iterable[Found] = ()) -> Draft:
    """Words that a person points out, wherever they stand; `also`: other places that name the same. Raises: NotThere."""
    spots = _spots(draft.text, words)
    if not spots:
        raise NotThere
    new = [
        Item(start, end, "own", replacement, sure=True, replacement=replacement, own=True)
        for start, end in spots
    ]
    kept = [item for item in draft.items if not _overlaps(item, new)]
    for one in also:
        item = replace(_item(one, own=True), replacement=replacement, proposal=replacement)
        if not _overlaps(item, [*kept, *new]):
            new.append(item)
    return replace(draft, items=tuple(sorted([*kept, *new])))


def _spots(text: str, words: str) -> list[tuple[int, int]]:
    """Where these words stand, with any blanks between them, not inside other words."""
    parts = words.split()
    if not parts:
        return []
    pattern = r"(?<!\w)" + r"\s+".join(re.escape(part) for part in parts) + r"(?!\w)"
    return [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]


def _overlaps(item: Item, others: Iterable[Item]) -> bool:
    return any(item.start < other.end and other.start < item.end for other in others)


def safe_text(draft: Draft) -> str:
    """The text as others will read it."""
    return replaced(
        draft.text, [Decision(item.start, item.end, item.replacement) for item in draft.items]
    ).text


def pieces(draft: Draft) -> list[Piece]:
    """The whole text, cut where something was found."""
    numbers = _numbers(draft)
    told = []
    reached = 0
    for item in sorted(draft.items):
        told.append(Piece(draft.text[reached : item.start]))
        words = draft.text[item.start : item.end]
        told.append(Piece(words, numbers[_key(draft, item)], item.replacement))
        reached = item.end
    told.append(Piece(draft.text[reached:]))
    return [piece for piece in told if piece.text]


def marked(text: str, spots: Iterable[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The text cut at these places, each part with whether it is one of them."""
    parts: list[tuple[str, bool]] = []
    reached = 0
    for start, end in sorted(spots):
        if start < reached:
            continue
        parts += [(text[reached:start], False), (text[start:end], True)]
        reached = end
    parts.append((text[reached:], False))
    return [part for part in parts if part[0]]
