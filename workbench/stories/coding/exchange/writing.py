"""A project as QDPX and its labels as QDC (REFI-QDA 1.5), written as it goes. Pure.

A QDPX file is a ZIP: the texts, each in Sources/, and project.qde with everything about them. The texts go out one by
one; what project.qde says about them is kept packed meanwhile (a few bytes per coding) and goes last. So two thousand
stories take the memory of one.
"""

import gzip
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any, BinaryIO
from uuid import UUID, uuid5

from lxml import etree

from workbench.core.language import Language
from workbench.stories.coding.exchange.project import (
    COLOUR,
    GUID,
    Checker,
    Codebook,
    Coding,
    Group,
    Memo,
    Project,
    Refused,
    Source,
    Tag,
    children,
)

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
ORIGIN = "Monitorwerkbank"
FOLDER = "Sources"
QDE = "project.qde"
CHUNK = 64 * 1024
# XML 1.0 has no place for these; they turn up in pasted texts.
NOT_IN_XML = {
    c: "\ufffd" for c in [*range(32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF] if c not in (9, 10, 13)
}


def write_qdpx(project: Project, stream: BinaryIO, spoken: Language) -> None:
    """Raises: Refused, for sources in the midst of writing: throw away what was written."""
    for chunk in qdpx_chunks(project, spoken):
        stream.write(chunk)


def qdpx_chunks(project: Project, spoken: Language) -> Iterator[bytes]:
    """The same in pieces, for sending while it is made. Raises: Refused, before the first piece where it can."""
    checker = Checker(spoken)
    checker.codebook(project.tags, project.groups)
    checker.people(project.coders)
    _without_addresses(project)
    outbox = _Outbox()
    packed = io.BytesIO()
    with zipfile.ZipFile(outbox, "w", zipfile.ZIP_DEFLATED) as archive:
        with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1) as qde:
            for source in _Writer(qde, PROJECT).project(project, checker):
                with archive.open(_entry(f"{FOLDER}/{source.guid}.txt"), "w") as entry:
                    entry.write(_utf8(source.text))
                yield outbox.taken()
        packed.seek(0)
        with gzip.GzipFile(fileobj=packed) as qde, archive.open(_entry(QDE), "w") as entry:
            while piece := qde.read(CHUNK):
                entry.write(piece)
                yield outbox.taken()
    yield outbox.taken()


def write_qdc(codebook: Codebook, stream: BinaryIO, spoken: Language) -> None:
    """The labels and their groups. Raises: Refused, before anything is written."""
    Checker(spoken).codebook(codebook.tags, codebook.groups)
    if not codebook.tags:
        raise Refused(spoken.gettext("Er zijn nog geen labels om mee te geven."))
    _Writer(stream, CODEBOOK).codebook(codebook)


class _Outbox(io.RawIOBase):
    """What was written and not yet taken. It cannot go back, so the ZIP is written front to back."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        data, self._waiting = b"".join(self._waiting), []
        return data


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)  # always the same date: the same project gives the same bytes
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _utf8(text: str) -> bytes:
    """Readers drop one mark at the start; a text that begins with one gets another before it."""
    return text.encode("utf-8-sig" if text.startswith("\ufeff") else "utf-8", errors="replace")


def _without_addresses(project: Project) -> None:
    """A label of a coder is made by us, so an address in it is our mistake."""
    if any("@" in coder.name for coder in project.coders):
        raise ValueError("a coder's label holds an e-mail address")


class _Writer:
    """Writes XML in one namespace, element by element."""

    def __init__(self, stream: Any, namespace: str) -> None:
        self._stream = stream
        self._namespace = namespace
        self._file: Any = None

    @contextmanager
    def _document(self, root: str, attributes: Mapping[str, str | None]) -> Iterator[None]:
        with etree.xmlfile(self._stream, encoding="utf-8") as self._file:
            self._file.write_declaration()
            with self._element(root, attributes, nsmap={None: self._namespace}):
                yield

    def _element(self, name: str, attributes: Mapping[str, str | None], **more: Any) -> Any:
        given = {key: _xml(value) for key, value in attributes.items() if value is not None}
        return self._file.element(f"{{{self._namespace}}}{name}", given, **more)

    def _leaf(self, element: str, /, **attributes: str | None) -> None:
        with self._element(element, attributes):
            pass

    def _text(self, name: str, text: str) -> None:
        if text:
            with self._element(name, {}):
                self._file.write(_xml(text))

    # --- The parts --------------------------------------------------------------------------------------------------

    def codebook(self, codebook: Codebook) -> None:
        with self._document("CodeBook", {"origin": ORIGIN}):
            self._codes(codebook.tags, {})
            if codebook.groups:
                with self._element("Sets", {}):
                    for group in codebook.groups:
                        with self._element("Set", {"guid": _guid(group.guid), "name": group.name}):
                            self._text("Description", group.description)
                            for tag in group.tags:
                                self._leaf("MemberCode", guid=tag)

    def project(self, project: Project, checker: Checker) -> Iterator[Source]:
        """Writes all, and gives each source when it was written, so that its text can go along."""
        notes: defaultdict[str | None, list[str]] = defaultdict(list)
        for memo in project.memos:
            for about in memo.about or (None,):
                notes[about].append(memo.guid)
        facts = {"name": project.name, "origin": ORIGIN, "creationDateTime": _moment(project.created)}
        with self._document("Project", facts):
            if project.coders:
                with self._element("Users", {}):
                    for coder in project.coders:
                        self._leaf("User", guid=_guid(coder.guid), name=coder.name)
            if project.tags:
                with self._element("CodeBook", {}):
                    self._codes(project.tags, notes)
            with ExitStack() as inside:
                for number, source in enumerate(project.sources):
                    checker.source(source)
                    if not number:
                        inside.enter_context(self._element("Sources", {}))
                    self._source(source, notes)
                    yield source
            checker.memos(project.memos)
            checker.members(project.groups)
            if project.memos:
                with self._element("Notes", {}):
                    for memo in project.memos:
                        self._memo(memo)
            if project.groups:
                with self._element("Sets", {}):
                    for group in project.groups:
                        self._group(group)
            self._text("Description", project.description)
            self._notes(notes[None])

    def _codes(self, tags: tuple[Tag, ...], notes: Mapping[str | None, list[str]]) -> None:
        below = children(tags)

        def write(tag: Tag) -> None:
            attributes = {
                "guid": _guid(tag.guid),
                "name": tag.name,
                "isCodable": "true" if tag.codable else "false",
                "color": _colour(tag.colour),
            }
            with self._element("Code", attributes):
                self._text("Description", tag.description)
                self._notes(notes.get(tag.guid, []))
                for child in below.get(tag.guid, []):
                    write(child)

        with self._element("Codes", {}):
            for tag in below[None]:
                write(tag)

    def _source(self, source: Source, notes: Mapping[str | None, list[str]]) -> None:
        attributes = {
            "guid": _guid(source.guid),
            "name": source.name,
            "plainTextPath": f"internal://{source.guid}.txt",
            "creationDateTime": _moment(source.created),
        }
        with self._element("TextSource", attributes):
            self._text("Description", source.description)
            for coding in source.codings:
                self._coding(coding, notes.get(coding.guid, []))
            self._notes(notes.get(source.guid, []))

    def _coding(self, coding: Coding, notes: list[str]) -> None:
        made = {
            "creatingUser": coding.coder,
            "creationDateTime": _moment(coding.created),
        }
        guid = _guid(coding.guid)
        place = {"startPosition": str(coding.start), "endPosition": str(coding.end)}
        # The passage needs a guid of its own: always the same one for the same coding.
        with (
            self._element(
                "PlainTextSelection", {"guid": str(uuid5(UUID(guid), "selection")), **place, **made}
            ),
            self._element("Coding", {"guid": guid, **made}),
        ):
            self._leaf("CodeRef", targetGUID=coding.tag)
            self._notes(notes)

    def _memo(self, memo: Memo) -> None:
        attributes = {
            "guid": _guid(memo.guid),
            "name": memo.name,
            "creatingUser": memo.coder,
            "creationDateTime": _moment(memo.created),
        }
        with self._element("Note", attributes), self._element("PlainTextContent", {}):
            self._file.write(_xml(memo.text))

    def _group(self, group: Group) -> None:
        with self._element("Set", {"guid": _guid(group.guid), "name": group.name}):
            self._text("Description", group.description)
            for tag in group.tags:
                self._leaf("MemberCode", targetGUID=tag)
            for source in group.sources:
                self._leaf("MemberSource", targetGUID=source)

    def _notes(self, guids: list[str]) -> None:
        for guid in guids:
            self._leaf("NoteRef", targetGUID=guid)


def _xml(text: str) -> str:
    return text.translate(NOT_IN_XML)


def _guid(guid: str) -> str:
    if not GUID.fullmatch(guid):
        raise ValueError(f"not a guid in small letters: {guid!r}")
    return guid


def _colour(colour: str | None) -> str | None:
    if colour is not None and not COLOUR.fullmatch(colour):
        raise ValueError(f"not a colour as #1a2b3c: {colour!r}")
    return colour


def _moment(moment: datetime | None) -> str | None:
    """In UTC, with Z. Raises: ValueError for a moment without a time zone."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
