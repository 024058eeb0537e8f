"""What is exchanged: coders, labels, texts with their codings, notes and groups. Pure.

Guids are written in small letters without braces. Coders carry a label such as 'lezer 1', never a name with an
address. Places in a text count Unicode codepoints, as REFI-QDA asks and as Python does.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from workbench.core.errors import WorkbenchError
from workbench.core.language import Language

MEGABYTE = 1024 * 1024
MOST_TEXT = 5 * MEGABYTE  # of one source or note, in UTF-8
DEEPEST = 50  # levels of labels
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
COLOUR = re.compile(r"#[0-9a-f]{6}")


class Refused(WorkbenchError):
    """The file or project cannot be exchanged; the sentence says what is wrong and where."""


@dataclass(frozen=True)
class Coder:
    guid: str
    name: str


@dataclass(frozen=True)
class Tag:
    guid: str
    name: str
    description: str = ""
    colour: str | None = None  # '#1a2b3c'
    parent: str | None = None
    codable: bool = True


@dataclass(frozen=True)
class Coding:
    """The passage from start up to (without) end got a label."""

    guid: str
    start: int
    end: int
    tag: str
    coder: str | None = None
    created: datetime | None = None
    way: str = ""  # which way it goes, in words; the standard has no place for it


@dataclass(frozen=True)
class Source:
    guid: str
    name: str
    text: str
    description: str = ""
    created: datetime | None = None
    codings: tuple[Coding, ...] = ()


@dataclass(frozen=True)
class Memo:
    """A note about labels, sources or codings (their guids, sorted), or about the project as a whole (none)."""

    guid: str
    name: str
    text: str
    about: tuple[str, ...] = ()
    coder: str | None = None
    created: datetime | None = None


@dataclass(frozen=True)
class Group:
    """Labels and sources that belong together, such as those that say something about one goal."""

    guid: str
    name: str
    description: str = ""
    tags: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Codebook:
    tags: tuple[Tag, ...]
    groups: tuple[Group, ...] = ()
    remarks: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Project:
    """Reading gives `sources` as a tuple. Writing takes any iterable, once: it may fetch them as it goes.

    `remarks`: what the reader did on its own, such as leaving out a film, in sentences.
    """

    name: str
    coders: tuple[Coder, ...] = ()
    tags: tuple[Tag, ...] = ()
    sources: Iterable[Source] = ()
    memos: tuple[Memo, ...] = ()
    groups: tuple[Group, ...] = ()
    description: str = ""
    created: datetime | None = None
    remarks: tuple[str, ...] = field(default=(), compare=False)


def short(name: str) -> str:
    """A name from a file, as a sentence can bear it."""
    flat = " ".join(name.split())
    return flat if len(flat) <= 60 else f"{flat[:59]}…"


def children(tags: Iterable[Tag]) -> dict[str | None, list[Tag]]:
    """The labels under each label; None: at the top."""
    below: defaultdict[str | None, list[Tag]] = defaultdict(list)
    for tag in tags:
        below[tag.parent].append(tag)
    return below


def tree_order(tags: Iterable[Tag]) -> Iterator[Tag]:
    """Every label before the labels under it, siblings as they came. Labels in a circle are left out."""
    below = children(tags)
    waiting = below[None][::-1]
    while waiting:
        tag = waiting.pop()
        yield tag
        waiting += below.get(tag.guid, [])[::-1]


class Checker:
    """Refuses what would be half or wrong, by name."""

    def __init__(self, spoken: Language) -> None:
        self.spoken = spoken
        self.tags: frozenset[str] = frozenset()
        self.coders: frozenset[str] = frozenset()
        self._sources: set[str] = set()
        self._codings: set[str] = set()

    def codebook(self, tags: Sequence[Tag], groups: Sequence[Group]) -> None:
        """Raises: Refused."""
        _ = self.spoken.gettext
        self._different([(tag.guid, tag.name) for tag in tags])
        self._different([(group.guid, group.name) for group in groups])
        self.tags = frozenset(tag.guid for tag in tags)
        for tag in tags:
            if not tag.name.strip():
                raise Refused(_("Een label in het bestand heeft geen naam. Geef elk label een naam."))
            if tag.parent is not None and tag.parent not in self.tags:
                raise Refused(
                    _("Label „%(name)s” hangt onder een label dat er niet is.", name=short(tag.name))
                )
        depth: dict[str | None, int] = {None: 0}
        for tag in tree_order(tags):
            depth[tag.guid] = depth[tag.parent] + 1
            if depth[tag.guid] > DEEPEST:
                raise Refused(
                    _(
                        "Label „%(name)s” hangt dieper dan %(most)s niveaus. Maak de boom minder diep.",
                        name=short(tag.name),
                        most=DEEPEST,
                    )
                )
        for tag in tags:
            if tag.guid not in depth:
                raise Refused(
                    _(
                        "Label „%(name)s” hangt onder zichzelf. Zet het op een andere plek in de boom.",
                        name=short(tag.name),
                    )
                )
        for group in groups:
            if not self.tags.issuperset(group.tags):
                raise Refused(_("Groep „%(name)s” noemt een label dat er niet is.", name=short(group.name)))

    def people(self, coders: Sequence[Coder]) -> None:
        """Raises: Refused."""
        self._different([(coder.guid, coder.name) for coder in coders])
        self.coders = frozenset(coder.guid for coder in coders)

    def source(self, source: Source) -> None:
        """One text and its codings. Raises: Refused."""
        _ = self.spoken.gettext
        name = short(source.name)
        self._once(self._sources, source.guid, source.name)
        self.size(source.text, source.name)
        for coding in source.codings:
            self._once(self._codings, coding.guid, source.name)
            if coding.tag not in self.tags:
                raise Refused(_("Tekst „%(name)s” heeft een citaat met een label dat er niet is.", name=name))
            if coding.coder is not None and coding.coder not in self.coders:
                raise Refused(_("Tekst „%(name)s” heeft een citaat van een lezer die er niet is.", name=name))
            if not 0 <= coding.start < coding.end <= len(source.text):
                raise Refused(
                    _(
                        "Tekst „%(name)s” heeft een citaat van %(start)s tot %(end)s. De tekst heeft %(length)s tekens. Dat past niet.",
                        name=name,
                        start=coding.start,
                        end=coding.end,
                        length=len(source.text),
                    )
                )

    def size(self, text: str, name: str) -> None:
        """Raises: Refused."""
        if len(text) > MOST_TEXT or len(text.encode(errors="replace")) > MOST_TEXT:
            raise Refused(
                self.spoken.gettext(
                    "Tekst „%(name)s” is groter dan 5 MB. Knip de tekst op.", name=short(name)
                )
            )

    def memos(self, memos: Sequence[Memo]) -> None:
        """After the sources. Raises: Refused."""
        self._different([(memo.guid, memo.name) for memo in memos])
        known = self.tags | self._sources | self._codings
        for memo in memos:
            self.size(memo.text, memo.name)
            if not known.issuperset(memo.about) or not (memo.coder is None or memo.coder in self.coders):
                raise Refused(
                    self.spoken.gettext(
                        "Notitie „%(name)s” gaat over iets dat er niet is, of is van een lezer die er niet is.",
                        name=short(memo.name),
                    )
                )

    def members(self, groups: Sequence[Group]) -> None:
        """After the sources. Raises: Refused."""
        for group in groups:
            if not self._sources.issuperset(group.sources):
                raise Refused(
                    self.spoken.gettext(
                        "Groep „%(name)s” noemt een tekst die er niet is.", name=short(group.name)
                    )
                )

    def _different(self, things: Sequence[tuple[str, str]]) -> None:
        counts = Counter(guid for guid, _ in things)
        for guid, name in things:
            if counts[guid] > 1:
                raise self._doubled(name)

    def _once(self, seen: set[str], guid: str, name: str) -> None:
        if guid in seen:
            raise self._doubled(name)
        seen.add(guid)

    def _doubled(self, name: str) -> Refused:
        return Refused(
            self.spoken.gettext(
                "Bij „%(name)s” staat een kenmerk (guid) dat al eerder gebruikt is. Elk kenmerk mag één keer.",
                name=short(name),
            )
        )
