"""What people bring as a file, before anybody knows what it is: its kind, its letters, its archive. Pure.

A name says little, so the kind is read from the first bytes. An archive says how large it becomes, but may lie: what
comes out is counted while it comes out.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from enum import StrEnum

from workbench.core.errors import WorkbenchError

CHUNK = 64 * 1024
MOST_ENTRIES = 1000
METHODS = (
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
)  # the others unpack without a bound in the standard library


class Unreadable(WorkbenchError):
    """The file cannot be used; the sentence says why and what to do."""


class Kind(StrEnum):
    """What the first bytes of a file tell."""

    OLD_OFFICE = "old_office"  # .doc and .xls, and the new ones with a password on them
    PDF = "pdf"
    RTF = "rtf"
    ARCHIVE = "archive"  # a ZIP: also .docx, .odt and .xlsx
    OTHER_ARCHIVE = "other_archive"
    PICTURE = "picture"
    SOUND = "sound"  # or film


_STARTS = (
    (rb"\xd0\xcf\x11\xe0", Kind.OLD_OFFICE),
    (rb"(\xef\xbb\xbf)?\s*%PDF", Kind.PDF),
    (rb"\s*\{\\rtf", Kind.RTF),
    (rb"PK(\x03\x04|\x05\x06|\x07\x08)", Kind.ARCHIVE),
    (rb"\x1f\x8b|7z\xbc\xaf|Rar!\x1a|BZh[1-9]1AY|\xfd7zXZ", Kind.OTHER_ARCHIVE),
    (rb"\s*\x89PNG|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|II\*\x00|MM\x00\*|BM....\x00\x00\x00\x00", Kind.PICTURE),
    (rb"....ftyp(heic|heix|mif1|avif)", Kind.PICTURE),
    (rb"....ftyp|ID3[\x02-\x04]|OggS\x00|fLaC\x00|RIFF....(WAVE|AVI )|\x1aE\xdf\xa3|\xff[\xe2\xe3\xf1-\xf3\xf9-\xfb]|caff|#!AMR", Kind.SOUND),
)  # fmt: skip
_KINDS = tuple((re.compile(start, re.DOTALL), kind) for start, kind in _STARTS)


def kind_of(data: bytes) -> Kind | None:
    """The kind that the first bytes betray; None for what may be text."""
    start = data[:512]
    return next((kind for pattern, kind in _KINDS if pattern.match(start)), None)


def decode(data: bytes) -> str | None:
    """The text of a file in Unicode; None when its letters are in an older kind. Raises: UnicodeDecodeError."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    if data.startswith(b"\xef\xbb\xbf"):
        return data.decode("utf-8-sig")
    if data[1::2].count(0) > len(data) // 4:
        return data.decode("utf-16-le")
    if data[0::2].count(0) > len(data) // 4:
        return data.decode("utf-16-be")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


class Spoilt(ValueError):
    """No archive that can be opened; `locked` when there is a password on it."""

    def __init__(self, reason: str, *, locked: bool = False) -> None:
        super().__init__(reason)
        self.locked = locked


class Swollen(ValueError):
    """An archive that becomes larger than we unpack."""


class Archive:
    """A ZIP of which no more than so many bytes are unpacked, however often it is read."""

    def __init__(self, data: bytes, most_bytes: int, *, whole: bool) -> None:
        """With `whole` the file must fit as it says itself; else only what is read. Raises: Spoilt, Swollen."""
        self.unpacked, self._most = 0, most_bytes
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, EOFError) as error:
            raise Spoilt("no archive") from error
        entries = self._zip.infolist()
        if len(entries) > MOST_ENTRIES or (whole and sum(entry.file_size for entry in entries) > most_bytes):
            raise Swollen
        self._entries = {entry.filename: entry for entry in entries}
        self._size = len(data)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The content of one entry in pieces of at most CHUNK bytes. Raises: KeyError, Spoilt, Swollen."""
        entry = self._entries[name]
        if entry.flag_bits & 1:
            raise Spoilt("locked", locked=True)
        if entry.compress_type not in METHODS or entry.compress_size > self._size:
            raise Spoilt("not packed as office files are")
        if self.unpacked + entry.file_size > self._most:
            raise Swollen
        for piece in self._pieces(entry):
            self.unpacked += len(piece)
            if self.unpacked > self._most:
                raise Swollen
            yield piece

    def _pieces(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        try:
            with self._zip.open(entry) as content:
                while piece := content.read(CHUNK):
                    yield piece
        except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, ValueError, EOFError) as error:
            raise Spoilt("a spoilt entry") from error

    def read(self, name: str) -> bytes:
        """Raises: KeyError, Spoilt, Swollen."""
        return b"".join(self.chunks(name))
