"""Names of people: behind a cue ("mijn zoon", "mevrouw", "heet"), on a list, or a word with a capital that is nothing else."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from workbench.stories.pseudonyms.found import Person
from workbench.stories.pseudonyms.lists import (
    Role,
    first_names,
    ordinary,
    surnames,
)
from workbench.stories.pseudonyms.naming import (
    OPENING,
    PARTICLES,
    is_no_name,
    is_title,
    is_unknown,
    role_at,
    role_of,
    without_s,
)
from workbench.stories.pseudonyms.shapes import CAPITAL
from workbench.stories.pseudonyms.words import Word, key, words_of

NARRATOR = "[de verteller]"
_OWNERS = frozenset(
    [
        "mijn",
        "m'n",
        "mn",
        "zijn",
        "z'n",
        "haar",
        "onze",
        "ons",
        "hun",
        "je",
        "jouw",
        "uw",
        "de",
        "een",
        "die",
        "deze",
        "der",
    ]
)
_CALLED = frozenset(["heet", "heette", "heten", "genaamd", "noemt", "noemen", "noemde", "naam"])
_INITIALS = re.compile(r"(?<!\w)(?:[A-Z]\. ?){1,4}(?=(?:(?:van|de|der|den|ter|ten|te|'t|el|al) ){0,3}[A-Z])")
# Words before a name without "de" or "mijn": a "van" behind them belongs to the name.
_SPOKEN_TO = frozenset(
    [
        "dokter",
        "juf",
        "meester",
        "zuster",
        "oom",
        "tante",
        "opa",
        "oma",
        "agent",
        "dominee",
        "pastoor",
        "imam",
        "wethouder",
        "burgemeester",
        "huisarts",
    ]
)
# "Mo:", "Aukje de B.:"; a label of facts ("Datum:") stands once.
_SPEAKER = re.compile(
    rf"(?:^|(?<=\n)|(?<=[.!?] ))({CAPITAL}(?: (?:van|de|der|den|el|al))?(?: {CAPITAL}\.?){{0,2}}): ",
    re.MULTILINE,
)
_ROLE_GAP = re.compile(r" ?|, |: | \(")
# Letters that no Dutch word has: in a text without capitals they give a name away.
_FOREIGN = re.compile(r"[şğıçłśźżńćąęõãåøæșțčšžřđýő]")
_TITLE_GAP = re.compile(r"\.? ?")
_ACTS = frozenset(
    [
        "zei",
        "zegt",
        "vertelde",
        "vertelt",
        "vroeg",
        "vraagt",
        "belde",
        "belt",
        "kwam",
        "komt",
        "woont",
        "woonde",
        "werkt",
        "werkte",
        "heet",
        "lacht",
        "lachte",
        "huilt",
        "huilde",
        "denkt",
        "dacht",
        "vond",
        "vindt",
        "weet",
        "wist",
        "slaapt",
        "sliep",
        "kookt",
        "zorgt",
        "zorgde",
        "past",
        "hielp",
        "helpt",
        "kent",
        "kende",
        "wil",
        "wilde",
        "speelt",
        "droomt",
        "studeert",
        "herkende",
        "miste",
        "schreef",
        "luisterde",
        "antwoordde",
        "zit",
        "zat",
        "ging",
        "kreeg",
        "mag",
    ]
)
_BEING = frozenset(
    [
        "is",
        "was",
        "heeft",
        "had",
        "werd",
        "wordt",
        "kan",
        "kon",
        "wil",
        "wilde",
        "moet",
        "moest",
        "doet",
        "deed",
    ]
)
# Small words that stand between "mijn oma" and "zegt" without being her name.
_BETWEEN = frozenset(
    [
        "altijd",
        "nooit",
        "ook",
        "zelf",
        "toch",
        "soms",
        "vaak",
        "nog",
        "wel",
        "er",
        "daar",
        "hier",
        "die",
        "dat",
        "gewoon",
        "echt",
        "meestal",
        "weer",
        "steeds",
        "samen",
        "thuis",
    ]
)
_NOUN_ENDS = ("en", "ing", "heid", "tie", "teit", "de", "te", "je", "sel", "isme")
_MORE = frozenset(("en", "of"))


class Names:
    """The names in one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = words_of(text)
        self.lower = _is_lower(self.words)

    def people(self) -> list[Person]:
        """The surest rules first: by cue, then by list. They may overlap."""
        return [
            *self._narrator(),
            *self._by_role(),
            *self._called(),
            *self._by_initials(),
            *self._speaking(),
            *self._by_list(),
        ]

    def openers(self) -> Iterator[Word]:
        """Unknown words that open a sentence and may be a name: "Mebrahtu was er ook"."""
        for word, after in pairwise(self.words):
            opens = word.opens and word.capital and after.key in _BEING
            if (
                opens
                and is_unknown(word)
                and word.key not in ordinary()
                and not word.key.endswith(_NOUN_ENDS)
            ):
                yield word

    def _from(self, position: int) -> int:
        """The place of the first word that begins here or later."""
        return bisect_left(self.words, position, key=lambda word: word.start)

    def _at(self, place: int) -> Word | None:
        return self.words[place] if 0 <= place < len(self.words) else None

    def _joined(self, place: int) -> bool:
        """Nothing but a space (or a full stop of a title) between this word and the next."""
        return self._gap(place + 1) == " "

    def _gap(self, place: int) -> str:
        """What stands between this word and the one before; "-" where there is no such word."""
        if not 0 < place < len(self.words):
            return "-"
        return self.text[self.words[place - 1].end : self.words[place].start]

    def _takes(self, place: int, *, small: bool = True) -> int | None:
        """Where the name that begins at this word ends (the place after its last word); nothing where none begins.

        `small`: it may begin with "van" or "de" without a capital.
        """
        first = place
        while (word := self._at(place)) and word.key in OPENING and place - first < 3 and self._joined(place):
            if not (small or word.capital):
                return None
            place += 1
        word = self._at(place)
        if word is None or not self._is_name(word):
            return None
        last = place + 1
        while (reached := self._goes_on(last)) is not None:
            last = reached
        return last

    def _takes_low(self, place: int) -> int | None:
        """Where a family name behind a title ends, written by somebody who uses no capitals: "mevrouw van der plas"."""
        first = place
        while (word := self._at(place)) and word.key in OPENING and place - first < 3 and self._joined(place):
            place += 1
        word = self._at(place)
        if not self.lower or word is None or word.key in OPENING or len(word.key) < 3:
            return None
        return place + 1 if word.key in surnames() or (place > first and word.key not in ordinary()) else None

    def _is_low_name(self, place: int) -> bool:
        """A first name on no list, written without capitals: "mn stiefpa ferry is", "bij papa (rutger)"."""
        word, after = self._at(place), self._at(place + 1)
        if not self.lower or word is None or len(word.key) < 3 or word.key in ordinary() or is_no_name(word):
            return False
        if role_of(word.key) or word.key in _ACTS | _BEING | _BETWEEN:
            return False
        if self._gap(place) == " (":
            return self.text[word.end : word.end + 1] == ")"
        return (
            self._gap(place) == " "
            and after is not None
            and self._joined(place)
            and after.key in _ACTS | _BEING
        )

    def _goes_on(self, place: int) -> int | None:
        """A family name behind the name: with small words before it, or at once."""
        if not self._joined(place - 1):
            return None
        ahead = place
        while (
            (word := self._at(ahead)) and word.key in PARTICLES and ahead - place < 3 and self._joined(ahead)
        ):
            ahead += 1
        word = self._at(ahead)
        if word and len(word.words) == 1 and word.capital and self.text[word.end : word.end + 1] == ".":
            return ahead + 1  # "Joris B.", "Aukje de B."
        if word is None or word.opens or (word.words.isupper() and len(word.words) > 1):
            return None
        if word.capital and not is_no_name(word):
            return ahead + 1
        known_low = self.lower and ahead == place and word.key in surnames() and word.key not in ordinary()
        return ahead + 1 if known_low else None

    def _is_name(self, word: Word) -> bool:
        if len(word.words) < 2:
            return False
        if word.capital:
            return not is_no_name(word) and not (word.words.isupper() and 1 < len(word.words) <= 4)
        if self.lower and _FOREIGN.search(word.words):
            return True
        return word.key in first_names() and word.key not in ordinary()

    def _person(
        self, start: int, first: int, last: int, role: str | None, *, sure: bool, told: bool = False
    ) -> Person:
        return Person(
            self.words[start].start, self.words[first].start, self.words[last - 1].end, role, sure, told
        )

    def _narrator(self) -> Iterator[Person]:
        """The narrator: "ik ben Omar", "mijn naam is …", "ze noemen mij …"."""
        for match in re.finditer(
            r"\b(?:ik ben|ben ik|ik heet|heet ik|mijn naam is|m'n naam is|noemen mij|noemen me|noemt mij|zeg(?:gen)? maar)(?= )"
            r"(?: (?:dus|dan|eigenlijk|zelf))?",
            self.text,
            re.IGNORECASE,
        ):
            place = self._from(match.end())
            if self._at(place) is None or self.text[match.end() : self.words[place].start].strip(" "):
                continue
            last = self._takes(place)
            first = self.words[place]
            if last is not None and not (first.key in ordinary() and not first.capital):
                yield self._person(place, place, last, NARRATOR, sure=True)

    def _by_role(self) -> Iterator[Person]:
        for place, _word in enumerate(self.words):
            role, plural = role_at(self.words, place)
            if role is None:
                continue
            first = place + 1
            gap = self._gap(first)
            if not (_TITLE_GAP if role.group == "title" else _ROLE_GAP).fullmatch(gap):
                continue
            comma = any(mark in gap for mark in ",:(")
            # "mijn consulent, meneer Bakker": the title between says nothing
            title = first
            while (
                title - first < 2
                and (after := self._at(title)) is not None
                and is_title(after.key)
                and _TITLE_GAP.fullmatch(self._gap(title + 1))
            ):
                title += 1
            begins = place - role.word.count(" ")
            before = self._at(begins - 1)
            owned = before is not None and before.key in _OWNERS and self._joined(begins - 1)
            if comma and not (owned or title > first) and role.group != "office":
                continue
            titled = title > first or role.group == "title"
            last = self._takes(title, small=titled or (not owned and role.word in _SPOKEN_TO))
            if last is None and titled:
                last = self._takes_low(title)
            if last is None and role.group == "own" and self._is_low_name(first):
                last = first + 1
            if last is None or (self.words[title].opens and comma):
                continue
            start = title if plural or role.group == "title" else begins - owned
            says = None if plural else self._says(role, begins, owned=owned)
            person = self._person(start, title, last, says, sure=True)
            closes = comma and says is not None and self.text.startswith(",", person.end)
            yield replace(person, end=person.end + closes)
            yield from self._others(last)

    def _others(self, place: int) -> Iterator[Person]:
        """The rest of a row: "Elif en Zeynep", "Kwame, Kofi en Abena"."""
        for _ in range(6):
            word = self._at(place)
            if word is None:
                return
            gap = self._gap(place)
            first = place
            if word.key in _MORE and gap == " ":
                first = place + 1
            elif not re.fullmatch(", ", gap):
                return
            name = self._at(first)
            if (
                name is None
                or name.key not in first_names()
                or not (name.capital or (name.key not in ordinary() and self.lower))
            ):
                return
            last = self._takes(first)
            if last is None:
                return
            yield self._person(first, first, last, None, sure=True)
            place = last

    def _says(self, role: Role, begins: int, *, owned: bool) -> str | None:
        """The role words as the narrator said them ("onze dochter"), else as the list has them ("de huisarts")."""
        if role.group == "title":
            return None
        owner = self.words[begins - 1].key if owned else "een"
        return role.replacement if owner in ("een", "die", "deze", "der") else f"{owner} {role.word}"

    def _called(self) -> Iterator[Person]:
        for place, word in enumerate(self.words):
            if word.key not in _CALLED:
                continue
            first = place + 1
            while (
                (after := self._at(first))
                and after.key in {"is", "ik", "hij", "zij", "ze", "was", "hem", "haar", "dus", "eigenlijk"}
                and first < place + 3
            ):
                first += 1
            last = self._takes(first) if re.fullmatch(r" |: ", self._gap(first)) else None
            if last is not None:
                narrator = first > place + 1 and self.words[place + 1].key == "ik"
                role = NARRATOR if narrator else self._whose_name(place)
                yield self._person(first, first, last, role, sure=True, told=not narrator)
                yield from self._others(last)
                continue
            # "Jeroen heette die", "Hoop heet mijn schoonzus"
            before = self._at(place - 1)
            says_who = self._is_owned_role(first)
            named = before is not None and before.capital and (before.key in first_names() or says_who)
            if before and named and not is_no_name(before) and (says_who or not before.opens):
                yield self._person(place - 1, place - 1, place, None, sure=True)

    def _is_owned_role(self, place: int) -> bool:
        """Whether "mijn schoonzus" begins at this word."""
        owner, role = self._at(place), self._at(place + 1)
        return bool(owner and role and owner.key in _OWNERS and self._joined(place) and role_of(role.key))

    def _whose_name(self, place: int) -> str | None:
        """Who is called so: "mijn buurman heet …"."""
        if place < 2 or not self._joined(place - 1):
            return None
        role, plural = role_at(self.words, place - 1)
        owner = self.words[place - 2]
        if (
            role is None
            or plural
            or role.group == "title"
            or owner.key not in _OWNERS
            or not self._joined(place - 2)
        ):
            return None
        return self._says(role, place - 1, owned=True)

    def _by_initials(self) -> Iterator[Person]:
        for match in _INITIALS.finditer(self.text):
            place = self._from(match.end())
            if (last := self._takes(place)) is not None:
                yield Person(match.start(), match.start(), self.words[last - 1].end, None, sure=True)

    def _speaking(self) -> Iterator[Person]:
        """Who speak in a transcript: a name with a colon behind it, at the start of sentences, twice or more."""
        spoken: dict[str, list[tuple[int, int]]] = {}
        for match in _SPEAKER.finditer(self.text):
            place = self._from(match.start(1))
            word = self._at(place)
            if word is None or word.key in ordinary() or is_no_name(word) or role_of(word.key):
                continue
            spoken.setdefault(key(match[1]), []).append(match.span(1))
        for spans in spoken.values():
            if len(spans) > 1:
                yield from (Person(start, start, end, None, sure=True) for start, end in spans)

    def _by_list(self) -> Iterator[Person]:
        place = 0
        while place < len(self.words):
            sure = self._stands_alone(place)
            last = self._takes(place) if sure is not None else None
            if last is None:
                place += 1
                continue
            yield self._person(place, place, last, None, sure=bool(sure))
            place = last

    def _stands_alone(self, place: int) -> bool | None:
        """A name without any cue: sure, doubtful, or none."""
        word = self.words[place]
        if not word.capital:
            named = len(word.key) > 3 and word.key in first_names() and word.key not in ordinary()
            return False if self.lower and (named or _FOREIGN.search(word.words)) else None
        base = without_s(word.key)
        listed = (
            base in first_names()
            or word.key in first_names()
            or base.split("-")[0] in surnames()
            or word.key in surnames()
        )
        common = word.key in ordinary() or base in ordinary()
        if listed and not common:
            return True
        if word.opens:
            return False if not common and is_unknown(word) and self._acts(place) else None
        if listed or (common and self._before_surname(place)):
            return False
        return False if is_unknown(word) and not common else None

    def _before_surname(self, place: int) -> bool:
        """A word that may be a name, with a family name behind it: "Wil Bos", "Beer de Vries"."""
        ahead = place + 1
        while (word := self._at(ahead)) and word.key in PARTICLES and self._joined(ahead - 1):
            ahead += 1
        return bool(word and word.capital and self._joined(ahead - 1) and word.key in surnames())

    def _acts(self, place: int) -> bool:
        """An unknown word opens the sentence, and does what only people do: "Hodan vertelt", "Shurendy's vader"."""
        after = self._at(place + 1)
        if after is None or self._gap(place + 1) != " ":
            return False
        return after.key in _ACTS or (self.words[place].key.endswith("'s") and role_of(after.key) is not None)


def _is_lower(words: list[Word]) -> bool:
    """Somebody who hardly uses capitals."""
    return sum(word.capital for word in words) * 25 < len(words)
