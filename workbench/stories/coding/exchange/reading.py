"""From QDPX or QDC bytes to a project or a codebook. Pure.

Other people's files: nothing in them is trusted. A file is read whole or refused with a sentence that says what is
wrong. What we have no place for (films, sound, pictures, PDF, cases, drawings) is left out and told in `remarks`.
"""

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from lxml import etree

from workbench.core.language import Language
from workbench.stories.coding.exchange.places import counting
from workbench.stories.coding.exchange.project import (
    COLOUR,
    GUID,
    MEGABYTE,
    MOST_TEXT,
    Checker,
    Codebook,
    Coder,
    Coding,
    Group,
    Memo,
    Project,
    Refused,
    Source,
    Tag,
    short,
)
from workbench.stories.coding.exchange.writing import CODEBOOK, FOLDER, PROJECT

MOST_PACKED = 100 * MEGABYTE
MOST_UNPACKED = 100 * MEGABYTE
MOST_XML = 40 * MEGABYTE
MOST_ELEMENTS = 500_000
MOST_FILES = 20_000
# The standard's own, one with a slip that some programs made, and that of a codebook taken out of a project.
CODEBOOKS = (CODEBOOK, "urn:QDA-XML:codebook:1:0", PROJECT)
CHUNK = 256 * 1024
BEFORE_ROOT = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->)", re.DOTALL)
ROOT = re.compile(r"\s*<[A-Za-z_]")
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, LookupError)


def read_qdpx(data: bytes, spoken: Language) -> Project:
    """Raises: Refused."""
    archive = _Archive(data, spoken)
    return _Reader(_parsed(archive.qde(), (PROJECT,), "Project", spoken), spoken).project(archive)


def read_qdc(data: bytes, spoken: Language) -> Codebook:
    """Raises: Refused."""
    if len(data) > MOST_XML:
        raise Refused(spoken.gettext("Het bestand is te groot om te lezen."))
    reader = _Reader(_parsed(data, CODEBOOKS, "CodeBook", spoken), spoken)
    codebook = Codebook(tuple(reader.tags(reader.root)), tuple(reader.groups()))
    Checker(spoken).codebook(codebook.tags, codebook.groups)
    return replace(codebook, remarks=tuple(reader.remarks))


# --- The ZIP ----------------------------------------------------------------------------------------------------------


class _Archive:
    """The files in a QDPX. Unpacks only what is asked for, and never more than may be."""

    def __init__(self, data: bytes, spoken: Language) -> None:
        _ = spoken.gettext
        self._spoken = spoken
        self._left = MOST_UNPACKED
        if len(data) > MOST_PACKED:
            raise Refused(_("Het bestand is groter dan 100 MB. Geef het in delen."))
        if data.count(b"PK\x01\x02") > MOST_FILES:  # before the list is read: it may be all there is
            raise Refused(_("Er zitten te veel bestanden in dit QDPX-bestand. Geef het in delen."))
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except UNREADABLE as error:
            raise Refused(
                _("Dit is geen QDPX-bestand, of het is stuk. Maak de export opnieuw in uw programma.")
            ) from error
        self._files: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            name = entry.filename.replace("\\", "/")
            if _leads_out(name):
                raise Refused(
                    _("In het bestand zit een onveilige bestandsnaam: „%(name)s”.", name=short(name))
                )
            if entry.is_dir():
                continue
            if name.casefold() in self._files:
                raise Refused(_("Het bestand „%(name)s” zit er twee keer in.", name=short(name)))
            self._files[name.casefold()] = entry

    def qde(self) -> bytes:
        """Raises: Refused."""
        found = [name for name in self._files if name.endswith(".qde") and "/" not in name]
        if len(found) != 1:
            raise Refused(self._spoken.gettext("Dit is geen QDPX-bestand: er zit niet één project.qde in."))
        return self._unpacked(found[0], MOST_XML)

    def text(self, path: str, of: str) -> str:
        """The text at a path as project.qde writes it. Raises: Refused."""
        _ = self._spoken.gettext
        scheme, marked, rest = path.partition("://")
        name = (rest if marked else path).lstrip("/")
        if (marked and scheme != "internal") or _leads_out(name):
            raise Refused(_("Tekst „%(name)s” staat niet in het bestand zelf.", name=short(of)))
        for place in (f"{FOLDER}/{name}", name):
            if place.casefold() in self._files:
                data = self._unpacked(place.casefold(), MOST_TEXT + 3)
                break
        else:
            raise Refused(_("Tekst „%(name)s” ontbreekt in het bestand.", name=short(of)))
        try:
            return data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
        except UnicodeDecodeError as error:
            raise Refused(
                _("De letters van tekst „%(name)s” kunnen wij niet lezen (geen UTF-8).", name=short(of))
            ) from error

    def _unpacked(self, name: str, most: int) -> bytes:
        entry = self._files[name]
        shown = short(entry.filename)
        if entry.flag_bits & 1:
            raise Refused(
                self._spoken.gettext(
                    "Er zit een wachtwoord op „%(name)s”. Maak de export zonder.", name=shown
                )
            )
        most = min(most, self._left)
        try:
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise zipfile.BadZipFile("another compression")
            with self._zip.open(entry) as file:
                data = file.read(most + 1)
        except UNREADABLE as error:
            raise Refused(self._spoken.gettext("„%(name)s” in het bestand is stuk.", name=shown)) from error
        if len(data) > most:
            raise Refused(
                self._spoken.gettext(
                    "„%(name)s” is uitgepakt te groot: een tekst mag 5 MB zijn, alles samen 100 MB.",
                    name=shown,
                )
            )
        self._left -= len(data)
        return data


def _leads_out(name: str) -> bool:
    """Would this name, unpacked, land outside its folder? We never unpack to disk, but who tries is no friend."""
    return name.startswith("/") or re.match("[A-Za-z]:", name) is not None or ".." in name.split("/")


# --- The XML ----------------------------------------------------------------------------------------------------------


def _parsed(data: bytes, namespaces: Sequence[str], root: str, spoken: Language) -> Any:
    """The tree, from XML without a document type: so without entities, own or fetched. Raises: Refused."""
    broken = Refused(
        spoken.gettext("De beschrijving in het bestand is geen geldige XML. Maak de export opnieuw.")
    )
    try:
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise broken from error
    start = 0
    while before := BEFORE_ROOT.match(text, start):
        start = before.end()
    if not ROOT.match(text, start):
        if text[start:].lstrip()[:9].upper() == "<!DOCTYPE":
            raise Refused(
                spoken.gettext("Het bestand heeft een DOCTYPE. Dat is onveilig en hoort er niet in.")
            )
        raise broken
    parser = etree.XMLPullParser(
        events=("start",),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    count = 0
    try:
        encoded = text[start:].encode()
        for place in range(0, len(encoded), CHUNK):
            parser.feed(encoded[place : place + CHUNK])
            count += sum(1 for _ in parser.read_events())
            if count > MOST_ELEMENTS:
                raise Refused(spoken.gettext("Het bestand is te groot om te lezen."))
        tree = parser.close()
    except (etree.LxmlError, UnicodeEncodeError) as error:
        raise broken from error
    if tree.tag not in [f"{{{namespace}}}{root}" for namespace in namespaces]:
        raise Refused(
            spoken.gettext("Dit is geen REFI-QDA-bestand: het begint niet met „%(root)s”.", root=root)
        )
    return tree


@dataclass
class _Reader:
    """Takes a tree apart. `remarks`: what was left out or made up."""

    root: Any
    spoken: Language
    remarks: list[str] = field(default_factory=list)
    _coders: frozenset[str] = frozenset()
    _about: dict[str, list[str]] = field(default_factory=dict)  # note -> the guids it is about
    _described: list[Memo] = field(default_factory=list)  # what was written at a passage itself
    _without_label: int = 0

    def project(self, archive: _Archive) -> Project:
        checker = Checker(self.spoken)
        coders = tuple(self._users())
        self._coders = frozenset(coder.guid for coder in coders)
        checker.people(coders)
        tags = tuple(self.tags(self._one(self.root, "CodeBook")))
        groups = tuple(self.groups())
        checker.codebook(tags, groups)
        sources = []
        for element in self._all(self._one(self.root, "Sources"), "TextSource"):
            source = self._source(element, archive)
            checker.source(source)
            sources.append(source)
        self._noted(self.root, ())
        memos = (*self._memos(archive), *self._described)
        checker.memos(memos)
        groups = tuple(self._without_other_sources(groups, {source.guid for source in sources}))
        self._tell_the_rest()
        return Project(
            name=self.root.get("name", ""),
            coders=coders,
            tags=tags,
            sources=tuple(sources),
            memos=memos,
            groups=groups,
            description=self._text(self.root, "Description"),
            created=_moment(self.root.get("creationDateTime")),
            remarks=tuple(self.remarks),
        )

    def tags(self, codebook: Any) -> Iterator[Tag]:
        waiting: list[tuple[Any, str | None]] = []
        waiting += [(code, None) for code in self._all(self._one(codebook, "Codes"), "Code")][::-1]
        while waiting:
            element, parent = waiting.pop()
            name = element.get("name", "")
            guid = self._guid(element.get("guid"), name)
            self._noted(element, (guid,))
            yield Tag(
                guid=guid,
                name=name,
                description=self._text(element, "Description"),
                colour=_colour(element.get("color")),
                parent=parent,
                codable=element.get("isCodable", "true").strip().lower() in {"true", "1"},
            )
            waiting += [(code, guid) for code in self._all(element, "Code")][::-1]

    def groups(self) -> Iterator[Group]:
        for element in self._all(self._one(self.root, "Sets"), "Set"):
            name = element.get("name", "")
            members = {
                kind: tuple(
                    self._guid(member.get("targetGUID", member.get("guid")), name)
                    for member in self._all(element, kind)
                )
                for kind in ("MemberCode", "MemberSource")
            }
            yield Group(
                guid=self._guid(element.get("guid"), name),
                name=name,
                description=self._text(element, "Description"),
                tags=members["MemberCode"],
                sources=members["MemberSource"],
            )

    def _users(self) -> Iterator[Coder]:
        for number, element in enumerate(self._all(self._one(self.root, "Users"), "User"), start=1):
            name = element.get("name", "")
            guid = self._guid(element.get("guid"), name)
            if "@" in name or not name.strip():
                name = self.spoken.gettext("lezer %(number)s", number=number)
                self.remarks.append(
                    self.spoken.gettext(
                        "Een lezer zonder naam of met een e-mailadres als naam heet nu „%(name)s”.", name=name
                    )
                )
            yield Coder(guid, name)

    def _source(self, element: Any, archive: _Archive) -> Source:
        name = element.get("name", "")
        guid = self._guid(element.get("guid"), name)
        text = self._content(element, name, archive)
        codings: list[Coding] = []
        selections = [
            (selection, *(self._place(selection.get(key), name) for key in ("startPosition", "endPosition")))
            for selection in self._all(element, "PlainTextSelection")
        ]
        named = [(start, end, selection.get("name", "")) for selection, start, end in selections]
        way = counting(text, named, self.root.get("origin", ""))
        for selection, typed_start, typed_end in selections:
            start, end = way.place(text, typed_start, typed_end)
            here = [self._coding(coding, start, end, name) for coding in self._all(selection, "Coding")]
            about = tuple(coding.guid for coding in here) or (guid,)
            self._without_label += not here
            self._noted(selection, about)
            if described := self._text(selection, "Description"):
                passage = self._guid(selection.get("guid"), name)
                self._described.append(Memo(str(uuid5(UUID(passage), "description")), "", described, about))
            codings += here
        codings += [self._coding(coding, 0, len(text), name) for coding in self._all(element, "Coding")]
        self._noted(element, (guid,))
        return Source(
            guid=guid,
            name=name,
            text=text,
            description=self._text(element, "Description"),
            created=_moment(element.get("creationDateTime")),
            codings=tuple(codings),
        )

    def _coding(self, element: Any, start: int, end: int, of: str) -> Coding:
        guid = self._guid(element.get("guid"), of)
        reference = self._one(element, "CodeRef")
        self._noted(element, (guid,))
        return Coding(
            guid=guid,
            start=start,
            end=end,
            tag=self._guid(None if reference is None else reference.get("targetGUID"), of),
            coder=self._coder(element.get("creatingUser"), of),
            created=_moment(element.get("creationDateTime")),
        )

    def _memos(self, archive: _Archive) -> Iterator[Memo]:
        for element in self._all(self._one(self.root, "Notes"), "Note"):
            name = element.get("name", "")
            guid = self._guid(element.get("guid"), name)
            yield Memo(
                guid=guid,
                name=name,
                text=self._content(element, name, archive),
                about=tuple(sorted(set(self._about.get(guid, ())))),
                coder=self._coder(element.get("creatingUser"), name),
                created=_moment(element.get("creationDateTime")),
            )

    def _content(self, element: Any, name: str, archive: _Archive) -> str:
        inside = self._one(element, "PlainTextContent")
        if inside is not None:
            return inside.text or ""
        path = element.get("plainTextPath")
        if path is None:
            raise Refused(
                self.spoken.gettext(
                    "„%(name)s” heeft geen platte tekst. Zet dat aan als u de export maakt.", name=short(name)
                )
            )
        return archive.text(path, name)

    def _noted(self, element: Any, about: tuple[str, ...]) -> None:
        """Remember what notes say that they are about."""
        for reference in self._all(element, "NoteRef"):
            self._about.setdefault(self._guid(reference.get("targetGUID"), ""), []).extend(about)

    def _without_other_sources(self, groups: Iterable[Group], held: set[str]) -> Iterator[Group]:
        """A group may hold films and pictures: those were left out."""
        for group in groups:
            yield replace(group, sources=tuple(source for source in group.sources if source in held))

    def _tell_the_rest(self) -> None:
        _ = self.spoken.gettext
        kinds = {
            "PDFSource": _("PDF-bestanden"),
            "PictureSource": _("plaatjes"),
            "AudioSource": _("geluidsopnamen"),
            "VideoSource": _("films"),
        }
        sources = self._one(self.root, "Sources")
        held = [] if sources is None else list(sources)
        counts = Counter(child.tag.rpartition("}")[2] for child in held)
        for kind, name in kinds.items():
            if counts[kind]:
                self.remarks.append(
                    _(
                        "Weggelaten: %(kind)s (%(count)s). Wij lezen alleen tekst.",
                        kind=name,
                        count=counts[kind],
                    )
                )
        parts = {
            "Cases": _("kenmerken van personen"),
            "Variables": _("variabelen"),
            "Links": _("verbindingen"),
            "Graphs": _("tekeningen"),
        }
        for part, name in parts.items():
            if self._one(self.root, part) is not None:
                self.remarks.append(_("Weggelaten: %(kind)s.", kind=name))
        if self._without_label:
            self.remarks.append(
                self.spoken.ngettext(
                    "Weggelaten: %(num)s gemarkeerd stuk zonder label.",
                    "Weggelaten: %(num)s gemarkeerde stukken zonder label.",
                    self._without_label,
                )
            )

    # --- Small things -----------------------------------------------------------------------------------------------

    def _all(self, element: Any, name: str) -> list[Any]:
        return [] if element is None else element.findall(self._named(name))

    def _one(self, element: Any, name: str) -> Any:
        return None if element is None else element.find(self._named(name))

    def _named(self, name: str) -> str:
        """The name in the namespace of this file."""
        return f"{self.root.tag.rpartition('}')[0]}}}{name}"

    def _text(self, element: Any, name: str) -> str:
        found = self._one(element, name)
        return "" if found is None else found.text or ""

    def _guid(self, value: str | None, of: str) -> str:
        guid = (value or "").strip().strip("{}").lower()
        if not GUID.fullmatch(guid):
            raise Refused(
                self.spoken.gettext("Bij „%(name)s” ontbreekt een geldig kenmerk (guid).", name=short(of))
            )
        return guid

    def _coder(self, value: str | None, of: str) -> str | None:
        """A coder who is not in the list of users is not known."""
        guid = None if value is None else self._guid(value, of)
        return guid if guid in self._coders else None

    def _place(self, value: str | None, of: str) -> int:
        if not re.fullmatch(r"\s*\d{1,9}\s*", value or "", re.ASCII):
            raise Refused(
                self.spoken.gettext(
                    "Tekst „%(name)s” heeft een citaat zonder geldige plaats.", name=short(of)
                )
            )
        return int(value or "")


def _colour(value: str | None) -> str | None:
    colour = (value or "").strip().lower()
    if len(colour) == 4:
        colour = "#" + "".join(2 * digit for digit in colour[1:])
    return colour if COLOUR.fullmatch(colour) else None


def _moment(value: str | None) -> datetime | None:
    """A moment without a time zone is taken as UTC; what is no moment is left out."""
    try:
        moment = datetime.fromisoformat((value or "").strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
