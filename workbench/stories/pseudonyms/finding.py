"""All rules together: what in this text may say who somebody is."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from workbench.stories.pseudonyms import addresses, dates, numbered, organisations, spoken
from workbench.stories.pseudonyms.flat import Flat, flat
from workbench.stories.pseudonyms.found import STANDS_FOR, Found, Kind, Person, found
from workbench.stories.pseudonyms.known import mentions
from workbench.stories.pseudonyms.lists import ordinary
from workbench.stories.pseudonyms.people import NARRATOR, Names
from workbench.stories.pseudonyms.proposals import NAME, with_proposals
from workbench.stories.pseudonyms.room import Room
from workbench.stories.pseudonyms.words import key

# Which kind wins where two claim the same words.
_ORDER = [
    Kind.EMAIL,
    Kind.HANDLE,
    Kind.ACCOUNT,
    Kind.PHONE,
    Kind.BSN,
    Kind.DATE,
    Kind.PLATE,
    Kind.POSTCODE,
    Kind.ADDRESS,
    Kind.NUMBER,
    Kind.CARE,
    Kind.SCHOOL,
    Kind.EMPLOYER,
    Kind.PLACE,
    Kind.AGE,
    Kind.PERSON,
]
_REPLACED = re.compile(
    "|".join(
        [
            r"\[persoon \d{1,4}\]",
            re.escape(NARRATOR),
            re.escape(NAME),
            r"\[(?:geboortedatum|woonplaats|wijk of plaats|wijk|straat)\]",
            r"\b\d{1,2} tot \d{1,2} jaar\b",  # the class of an age, as dates.age_class writes it
            *(re.escape(words) for words in STANDS_FOR.values()),
        ]
    )
)

_LONG_NUMBER = re.compile(r"(?<![\d.,])\d(?:[ \-]?\d){5,}(?![\d]|[.,]\d)(?! ?(?:euro|mensen|inwoners))")
_AT_SIGN = re.compile(r"[^\s@]{0,64}@[^\s@]{0,64}")


def find(text: str, known: Sequence[str] = ()) -> list[Found]:
    """What may identify somebody, in order, without overlaps; `text[start:end]` is what it is about.

    `known`: names somebody marked already; every mention of them is found, also misspelt.
    """
    smooth = flat(_REPLACED.sub(lambda match: "¤" * len(match[0]), text))
    plain = smooth.text
    others = _apart(
        [
            *numbered.numbered(plain),
            *spoken.spoken(plain, Names(plain).words),
            *dates.dates(plain),
            *dates.ages(plain),
            *addresses.addresses(plain),
            *addresses.places(plain),
            *organisations.schools(plain),
            *organisations.care(plain),
            *organisations.employers(plain),
        ]
    )
    people = _people(plain, others, known)
    return [_back(text, smooth, item) for item in sorted([*others, *with_proposals(plain, people)])]


def _back(text: str, smooth: Flat, item: Found) -> Found:
    start, end = smooth.span(item.start, item.end)
    return replace(item, start=start, end=end, words=text[start:end])


def leftovers(text: str) -> list[Found]:
    """A last look at a text in which everything was replaced: what still looks like an identifier."""
    plain = _REPLACED.sub(lambda match: "¤" * len(match[0]), text)
    rest = [
        *(found(plain, *match.span(), Kind.NUMBER, sure=False) for match in _LONG_NUMBER.finditer(plain)),
        *(found(plain, *match.span(), Kind.HANDLE, sure=False) for match in _AT_SIGN.finditer(plain)),
        *(found(plain, word.start, word.end, Kind.PERSON, sure=False) for word in Names(plain).openers()),
    ]
    room = Room()
    return sorted(item for item in [*find(text), *_apart(rest)] if room.takes(item.start, item.end))


def _people(text: str, others: list[Found], known: Sequence[str]) -> list[Person]:
    """People in what the other rules left; what was asked for comes first, then the surest rules."""
    marks = list(text)
    for item in others:
        marks[item.start : item.end] = "¤" * (item.end - item.start)
    text = "".join(marks)
    names = Names(text)
    people = names.people()
    asked = [_longest(person, people) for person in mentions(text, names, known, near=True)]
    people = _without_overlaps([*asked, *people])
    told = [
        text[person.name : person.end] for person in people if person.sure or not _is_ordinary(text, person)
    ]
    return _without_overlaps([*people, *mentions(text, names, told, near=False)])


def _is_ordinary(text: str, person: Person) -> bool:
    return key(text[person.name : person.end]) in ordinary()


def _longest(person: Person, people: Iterable[Person]) -> Person:
    """What is asked for, with the role words that another rule saw before it."""
    around = [other for other in people if other.start <= person.start and person.end <= other.end]
    return max(around, key=lambda other: other.end - other.start, default=person)


def _without_overlaps(people: Iterable[Person]) -> list[Person]:
    """The first of two that overlap stays: the surest rules come first."""
    room = Room()
    return [person for person in people if room.takes(person.start, person.end)]


def _apart(items: Iterable[Found]) -> list[Found]:
    """Without overlaps: the kind that is surest by its shape stays, then the longest."""
    room = Room()
    ordered = sorted(items, key=lambda one: (_ORDER.index(one.kind), one.start - one.end, one.start))
    return sorted(item for item in ordered if room.takes(item.start, item.end))
