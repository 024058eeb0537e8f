"""One person, one replacement: the role words when the text gives them, else a number."""

from collections.abc import Sequence

from workbench.stories.pseudonyms.found import Found, Kind, Person
from workbench.stories.pseudonyms.naming import name_parts, possessive

NAME = "[naam]"  # "mijn buurman heet [naam]"


def with_proposals(text: str, people: Sequence[Person]) -> list[Found]:
    """The same person is everyone who shares a part of the name, as long as only one person has it."""
    ordered = sorted(people, key=lambda person: person.start)
    groups = _same(text, ordered)
    role_of: dict[int, str] = {}
    for person, group in zip(ordered, groups, strict=True):
        if person.role and group not in role_of and person.role not in role_of.values():
            role_of[group] = person.role
    numbers: dict[int, int] = {}
    for group in groups:
        if group not in role_of:
            numbers.setdefault(group, len(numbers) + 1)
    return [
        _found(text, person, role_of.get(group), numbers.get(group))
        for person, group in zip(ordered, groups, strict=True)
    ]


def _found(text: str, person: Person, role: str | None, number: int | None) -> Found:
    words = text[person.start : person.end]
    before = text[person.start : person.name]
    if role is None:
        proposal = f"{before}[persoon {number}]"
    elif person.told:
        proposal = NAME
    else:
        proposal = role
    if possessive(words):
        proposal += _own(proposal)
    if words[0].isupper() and _is_first_of_sentence(text, person.start):
        proposal = proposal[0].upper() + proposal[1:]
    return Found(person.start, person.end, Kind.PERSON, words, proposal, person.sure)


def _own(words: str) -> str:
    """What makes a possessive of it."""
    if words.endswith(("s", "x", "z")):
        return "'"
    return "'s" if words.endswith(("a", "e", "i", "o", "u", "y", "]")) else "s"


def _is_first_of_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 20) : start].rstrip(" \r\n\t\"“'‘(")
    return not before or before[-1] in ".!?"


def _same(text: str, people: Sequence[Person]) -> list[int]:
    """A number per person. A first name and a family name come together where they were once said together."""
    names = [frozenset(name_parts(text[person.name : person.end])) for person in people]
    wholes: list[frozenset[str]] = []
    number_of: dict[frozenset[str], int] = {}
    for name in sorted(dict.fromkeys(names), key=len, reverse=True):
        # Two people with this name (Baldewsingh, father and son): the first that was told of.
        number_of[name] = next((n for n, whole in enumerate(wholes) if name <= whole), len(wholes))
        if number_of[name] == len(wholes):
            wholes.append(name)
    return [number_of[name] for name in names]
