"""The text of a DOCX or ODT, read while it is unpacked: no tree, no entities, nothing opened that it points at.

Taken: paragraphs, lists, tables, text boxes, and notes where they are referred to. Left out: what was deleted while
changes were tracked, hidden text, comments, headers and footers, codes of fields, and who made the document.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from xml.parsers import expat

from workbench.core.files import Archive, Spoilt, Swollen
from workbench.stories.transcripts.normal import gathered
from workbench.stories.transcripts.refused import Problem, Refused

UNPACKED = 40 * 1024 * 1024  # a transcript of seven hours stays far below this
MOST_ELEMENTS = 1_000_000
MOST_DEPTH = 200
WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",  # strict
)
COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
ODF = "urn:oasis:names:tc:opendocument:xmlns:"
WRITER = b"application/vnd.oasis.opendocument.text"
SHORT = 40  # a first cell up to this long is a name or a word for what stands beside it


@dataclass(frozen=True)
class Document:
    """Which kind it is ("docx" or "odt"), its text, and whether something in it was not taken."""

    kind: str
    text: str
    left_out: bool


class _Page:
    """Collects text as paragraphs; knows tables and paragraphs within paragraphs, no file format."""

    def __init__(self) -> None:
        self.ready: list[str] = []
        self._open: list[list[str]] = []
        self._rows: list[list[list[str]]] = []  # tables within tables: of each the cells of the open row

    def begin(self) -> None:
        self._open.append([])

    def write(self, text: str) -> None:
        if self._open:
            self._open[-1].append(text)

    def finish(self) -> None:
        if self._open:
            self._place("".join(self._open.pop()))

    def _place(self, paragraph: str) -> None:
        if not paragraph.strip():
            return
        if self._rows and self._rows[-1]:
            self._rows[-1][-1].append(paragraph)
        else:
            self.ready.append(paragraph + "\n\n")

    def row(self) -> None:
        self._rows.append([])

    def cell(self) -> None:
        if self._rows:
            self._rows[-1].append([])

    def finish_row(self) -> None:
        if not self._rows:
            return
        cells = [cell for cell in self._rows.pop() if cell]
        if len(cells) == 2 and len(cells[0]) == 1 and len(cells[0][0].strip()) <= SHORT:
            # The usual table of a transcript: who, and what they said.
            self._place(cells[0][0].strip().rstrip(":") + ": " + cells[1][0].strip())
            left = cells[1][1:]
        elif all(len(cell) == 1 for cell in cells):
            self._place(" | ".join(cell[0].strip() for cell in cells))
            left = []
        else:
            left = [paragraph for cell in cells for paragraph in cell]
        for paragraph in left:
            self._place(paragraph)

    def taken(self) -> Iterator[str]:
        ready, self.ready = self.ready, []
        yield from ready


class _Walk(ABC):
    """One pass over one XML file. A subclass says what the elements mean."""

    def __init__(self) -> None:
        self.page = _Page()
        self.path: list[str] = []
        self.left_out = False
        self._skipped = self._elements = 0

    @abstractmethod
    def skips(self, name: str, attributes: dict[str, str]) -> bool: ...

    @abstractmethod
    def opens(self, name: str, attributes: dict[str, str]) -> None: ...

    @abstractmethod
    def closes(self, name: str) -> None: ...

    @abstractmethod
    def says(self, text: str) -> None: ...

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.path.append(name)
        self._elements += 1
        if len(self.path) > MOST_DEPTH or self._elements > MOST_ELEMENTS:
            raise Refused(Problem.SWOLLEN)
        if self._skipped or self.skips(name, attributes):
            self._skipped += 1
        else:
            self.opens(name, attributes)

    def _end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
        else:
            self.closes(name)
        self.path.pop()

    def _text(self, text: str) -> None:
        if not self._skipped:
            self.says(text)

    def read(self, pieces: Iterable[bytes]) -> Iterator[str]:
        """Raises: Refused."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _no_definitions
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            for piece in pieces:
                parser.Parse(piece, False)
                yield from self.page.taken()
            parser.Parse(b"", True)
        except (Refused, Spoilt, Swollen):
            raise
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise Refused(Problem.BROKEN) from error
        yield from self.page.taken()


def _no_definitions(*_parts: object) -> None:
    """Office files define no document types: this is an attempt to blow up or to read other files."""
    raise Refused(Problem.BROKEN)


# --- DOCX -------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1000)
def _word(name: str) -> str:
    """The local name of an element of Word, or nothing."""
    space, _, local = name.rpartition(" ")
    return local if space in WORD else ""


class _Docx(_Walk):
    def __init__(self, notes: dict[tuple[str, str], str] | None = None) -> None:
        super().__init__()
        self._notes = notes or {}
        self._hidden = False  # the run that is open

    def skips(self, name: str, attributes: dict[str, str]) -> bool:
        gone = _word(name) in ("del", "moveFrom")
        self.left_out = self.left_out or gone
        return gone or name == f"{COMPATIBLE} Fallback"  # the same once more, for older programs

    def opens(self, name: str, attributes: dict[str, str]) -> None:
        word = _word(name)
        if word == "p":
            self.page.begin()
        elif word == "r":
            self._hidden = False
        elif word == "vanish" and [_word(part) for part in self.path[-3:-1]] == ["r", "rPr"]:
            value = next((v for k, v in attributes.items() if _word(k) == "val"), "true")
            self._hidden = value not in ("0", "false", "off")
            self.left_out = self.left_out or self._hidden
        elif word == "tr":
            self.page.row()
        elif word == "tc":
            self.page.cell()
        elif word in ("br", "cr") and not self._hidden:
            self.page.write("\n")
        elif word in ("tab", "ptab") and _word(self.path[-2]) == "r":
            self.page.write(" ")
        elif word == "noBreakHyphen":
            self.page.write("-")
        elif word in ("footnoteReference", "endnoteReference"):
            number = next((v for k, v in attributes.items() if _word(k) == "id"), "")
            if note := self._notes.get((word.removesuffix("Reference"), number)):
                self.page.write(f" [{note}]")

    def closes(self, name: str) -> None:
        word = _word(name)
        if word == "p":
            self.page.finish()
        elif word == "tr":
            self.page.finish_row()

    def says(self, text: str) -> None:
        if _word(self.path[-1]) == "t" and not self._hidden:
            self.page.write(text)


class _Notes(_Docx):
    """The notes of a DOCX, each by its number."""

    def __init__(self, kind: str, found: dict[tuple[str, str], str]) -> None:
        super().__init__()
        self._kind, self._found, self._number = kind, found, ""

    def opens(self, name: str, attributes: dict[str, str]) -> None:
        if _word(name) == self._kind:
            self._number = next((v for k, v in attributes.items() if _word(k) == "id"), "")
            list(self.page.taken())
        super().opens(name, attributes)

    def closes(self, name: str) -> None:
        super().closes(name)
        if _word(name) == self._kind and (note := " ".join("".join(self.page.taken()).split())):
            self._found[self._kind, self._number] = note


class _Relations(_Walk):
    """Where the main text of a DOCX stands: not always in the same place."""

    def __init__(self) -> None:
        super().__init__()
        self.main = "word/document.xml"

    def skips(self, name: str, attributes: dict[str, str]) -> bool:
        return False

    def opens(self, name: str, attributes: dict[str, str]) -> None:
        if attributes.get("Type", "").endswith("/relationships/officeDocument"):
            self.main = attributes.get("Target", "").removeprefix("/")

    def closes(self, name: str) -> None:
        pass

    def says(self, text: str) -> None:
        pass


def _read_docx(archive: Archive) -> Document:
    if any(name.lower().endswith("vbaproject.bin") for name in archive.names):
        raise Refused(Problem.MACROS)
    if b"macroenabled" in archive.read("[Content_Types].xml").lower():
        raise Refused(Problem.MACROS)
    relations = _Relations()
    if "_rels/.rels" in archive.names:
        list(relations.read(archive.chunks("_rels/.rels")))
    if relations.main not in archive.names:
        raise Refused(Problem.BROKEN)
    folder = relations.main.rpartition("/")[0]
    notes: dict[tuple[str, str], str] = {}
    for kind in ("footnote", "endnote"):
        if (name := f"{folder}/{kind}s.xml") in archive.names:
            list(_Notes(kind, notes).read(archive.chunks(name)))
    walk = _Docx(notes)
    text = gathered(walk.read(archive.chunks(relations.main)))
    beside = any(
        re.match(r"(comments|header|footer)\w*\.xml$", name.rpartition("/")[2]) for name in archive.names
    )
    return Document("docx", text, left_out=beside or walk.left_out)


# --- ODT --------------------------------------------------------------------------------------------------------------

# What a reader does not see, or what belongs to somebody else.
_LEFT_OUT = {
    "text:tracked-changes",
    "text:hidden-text",
    "text:hidden-paragraph",
    "office:annotation",
}
_BESIDE = {
    "office:scripts",
    "text:note-citation",
    "text:ruby-text",
    "svg-compatible:title",
    "svg-compatible:desc",
}


@lru_cache(maxsize=1000)
def _odf(name: str) -> str:
    """'text:p' for the full name of an element of ODF, or nothing."""
    space, _, local = name.rpartition(" ")
    return f"{space.removeprefix(ODF).partition(':')[0]}:{local}" if space.startswith(ODF) else ""


class _Odt(_Walk):
    def __init__(self) -> None:
        super().__init__()
        self._notes = 0  # notes that are open: their paragraphs stay in the sentence
        self._between = ""  # what stands before a paragraph of a note

    def skips(self, name: str, attributes: dict[str, str]) -> bool:
        gone = _odf(name) in _LEFT_OUT or any(
            _odf(key) in ("text:is-hidden", "text:display") and value in ("true", "none")
            for key, value in attributes.items()
        )
        self.left_out = self.left_out or gone
        return gone or _odf(name) in _BESIDE

    def opens(self, name: str, attributes: dict[str, str]) -> None:
        word = _odf(name)
        if word in ("text:p", "text:h"):
            if self._notes:
                self.page.write(self._between)
                self._between = " "
            else:
                self.page.begin()
        elif word == "text:note-body":
            self._notes += 1
            self._between = " ["
        elif word in ("text:s", "text:tab"):
            self.page.write(" ")
        elif word == "text:line-break":
            self.page.write("\n")
        elif word == "table:table-row":
            self.page.row()
        elif word == "table:table-cell":
            self.page.cell()

    def closes(self, name: str) -> None:
        word = _odf(name)
        if word in ("text:p", "text:h") and not self._notes:
            self.page.finish()
        elif word == "text:note-body":
            self._notes -= 1
            self.page.write("]")
        elif word == "table:table-row":
            self.page.finish_row()

    def says(self, text: str) -> None:
        # Outside its elements of text, ODF has line ends and blanks for looks only.
        self.page.write(" ".join(text.split("\n")) if text.strip() else " ")


def _read_odt(archive: Archive) -> Document:
    if "META-INF/manifest.xml" in archive.names and b"encryption-data" in archive.read(
        "META-INF/manifest.xml"
    ):
        raise Refused(Problem.LOCKED)
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in archive.names):
        raise Refused(Problem.MACROS)
    if "content.xml" not in archive.names:
        raise Refused(Problem.BROKEN)
    walk = _Odt()
    text = gathered(walk.read(archive.chunks("content.xml")))
    return Document("odt", text, left_out=walk.left_out)


# --- Which of the two -------------------------------------------------------------------------------------------------


def is_locked(data: bytes) -> bool:
    """Whether an old-style container holds a new document with a password on it."""
    return "EncryptedPackage".encode("utf-16-le") in data


def read_office(data: bytes) -> Document:
    """Raises: Refused."""
    try:
        archive = Archive(data, UNPACKED, whole=False)
        return _reader(archive)(archive)
    except Swollen as error:
        raise Refused(Problem.SWOLLEN) from error
    except Spoilt as error:
        raise Refused(Problem.LOCKED if error.locked else Problem.BROKEN) from error


def _reader(archive: Archive) -> Callable[[Archive], Document]:
    names = set(archive.names)
    if "mimetype" in names and archive.read("mimetype").startswith(WRITER):
        return _read_odt
    if "[Content_Types].xml" in names and any(name.startswith("word/") for name in names):
        return _read_docx
    raise Refused(Problem.OTHER_OFFICE if names & {"mimetype", "[Content_Types].xml"} else Problem.PACKED)
