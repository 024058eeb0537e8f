"""Every mention of names that are known already: misspelt by one letter, as a possessive, by initial."""

from collections.abc import Iterable, Iterator

from workbench.stories.pseudonyms.found import Person
from workbench.stories.pseudonyms.lists import ordinary
from workbench.stories.pseudonyms.naming import name_parts
from workbench.stories.pseudonyms.people import Names
from workbench.stories.pseudonyms.words import Word, is_near

_LONG_ENOUGH = 5  # shorter names have too many neighbours one letter away
_SHORT = 4  # what is left of a name when friends say it
_SMALL = frozenset(["van", "de", "der", "den", "het", "'t", "te", "ten", "ter", "el", "al"])


def mentions(text: str, names: Names, known: Iterable[str], *, near: bool) -> Iterator[Person]:
    """Mentions of these names; `near`: also one letter off, as a person who marked the name asks."""
    parts = {part for name in known for part in name_parts(name)}
    if not parts:
        return
    initials = {part[0] for part in parts}
    place = 0
    words = names.words
    while place < len(words):
        if not _is_mention(words[place], parts, near=near, lower=names.lower):
            place += 1
            continue
        first = _with_initials(text, words, place, initials) if near else place
        last = _to_the_end(text, words, place, parts, near=near, lower=names.lower)
        yield Person(words[first].start, words[first].start, words[last].end, None, sure=near)
        place = last + 1


def _is_mention(word: Word, parts: set[str], *, near: bool, lower: bool) -> bool:
    if word.key in ordinary() and not word.capital:
        return False
    bare = {word.key, word.key.removesuffix("'s"), word.key.removesuffix("s"), *word.key.split("-")}
    if bare & parts:
        return word.capital or near or lower
    if word.capital and _is_short_for(word.key, parts):
        return True
    if not near or len(word.key) < _LONG_ENOUGH - 1 or word.key in ordinary():
        return False
    return any(len(part) >= _LONG_ENOUGH and is_near(form, part) for part in parts for form in bare)


def _is_short_for(word: str, parts: set[str]) -> bool:
    """The beginning of a long name, and no word of its own: "Thijm" of Thijmen."""
    if len(word) < _SHORT or word in ordinary():
        return False
    return any(len(part) >= _LONG_ENOUGH and part.startswith(word) for part in parts)


def _with_initials(text: str, words: list[Word], place: int, initials: set[str]) -> int:
    """Where "D. de Vries" begins: at the initial, when it is one of the name."""
    first = place
    while first and words[first - 1].key in _SMALL and text[words[first - 1].end : words[first].start] == " ":
        first -= 1
    before = words[first - 1] if first else None
    if before and len(before.words) == 1 and before.key in initials:
        gap = text[before.end : words[first].start]
        return first - 1 if gap in (". ", ".", " ") else place
    return place


def _to_the_end(text: str, words: list[Word], place: int, parts: set[str], *, near: bool, lower: bool) -> int:
    """The last word of "Daan de Vries", when those words are known too."""
    last = place
    ahead = place + 1
    while ahead < len(words) and text[words[ahead - 1].end : words[ahead].start] == " ":
        if words[ahead].key in _SMALL and ahead - last < 4:
            ahead += 1
        elif _is_mention(words[ahead], parts, near=near, lower=lower):
            last = ahead
            ahead += 1
        else:
            break
    return last
