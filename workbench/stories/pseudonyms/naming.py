"""What a single word can be: part of a name, a role, a possessive, or something else with a capital."""

import re

from workbench.stories.pseudonyms.lists import Role, first_names, municipalities, no_names, roles, surnames
from workbench.stories.pseudonyms.words import Word, key, words_of

OPENING = frozenset(
    [
        "van",
        "de",
        "der",
        "den",
        "het",
        "'t",
        "te",
        "ten",
        "ter",
        "el",
        "al",
        "van't",
        "bin",
        "ibn",
        "ben",
        "von",
        "zu",
        "la",
        "le",
        "du",
        "di",
        "do",
        "da",
        "dos",
        "des",
        "ould",
        "ait",
    ]
)
PARTICLES = OPENING | {"op", "in", "'s"}
OF_OFFICE = (
    *(
        "wet",
        "verdrag",
        "beleid",
        "agenda",
        "ministerie",
        "fonds",
        "regeling",
        "loket",
        "plan",
        "gegevens",
        "team",
        "dienst",
        "heid",
    ),
    *(
        "schap",
        "domein",
        "zorg",
        "hulp",
        "rechter",
        "politie",
        "school",
        "raad",
        "bureau",
        "akkoord",
        "toeslag",
        "uitkering",
    ),
)


def is_no_name(word: Word) -> bool:
    """A word with a capital that names no person: a country, a law, an office, a town."""
    known = no_names() | (municipalities() - first_names() - surnames())
    bare = {word.key, without_s(word.key)}
    return bool(bare & known) or word.key.endswith(OF_OFFICE)


def is_unknown(word: Word) -> bool:
    """A capital within a sentence, of nothing we know."""
    odd = "-" not in word.words and "'" not in word.words and any(mark.isupper() for mark in word.words[1:])
    if odd or len(word.key) < 3 or is_no_name(word) or role_of(word.key):
        return False
    known = no_names() | municipalities()
    return word.key not in known and not any(part in known for part in re.split(r"[\-']", word.key))


def role_at(words: list[Word], place: int) -> tuple[Role | None, bool]:
    """The role this word names, and whether it names several people."""
    word = words[place].key
    two = f"{words[place - 1].key} {word}" if place else ""
    if two in roles():
        return roles()[two], False
    role = role_of(word)
    return role, role is not None and role.word != word


def role_of(word: str) -> Role | None:
    known = roles()
    for plural in ("", "s", "en", "'s", "n", "eren"):
        if word.endswith(plural) and (role := known.get(word.removesuffix(plural) if plural else word)):
            return role
    return known.get(word[:-3]) if word.endswith(("nen", "sen", "pen", "ren")) else None


def is_title(word: str) -> bool:
    role = roles().get(word)
    return role is not None and role.group in ("title", "office")


def possessive(name: str) -> bool:
    """Whether it says of whom something is: "Daans" fiets, "Rosa's" dochter."""
    last = key(name)
    return last.endswith("'s") or (
        last.split(" ")[-1] not in first_names() and last.split(" ")[-1].removesuffix("s") in first_names()
    )


def without_s(word: str) -> str:
    """The name in "Daans" and "Rosa's"."""
    if word.endswith("'s"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and word not in first_names() and len(word) > 3 else word


def name_parts(name: str) -> list[str]:
    """The words of a name that point at somebody, without the small ones between."""
    return [
        part
        for word in words_of(name)
        if (part := without_s(word.key)) not in PARTICLES and len(part) > 1 and part
    ]
