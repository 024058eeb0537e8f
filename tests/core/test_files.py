"""What a file is, before anybody reads it: its kind, its letters, and an archive that may lie."""

import io
import struct
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workbench.core.files import CHUNK, Archive, Kind, Spoilt, Swollen, decode, kind_of


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"%PDF-1.7", Kind.PDF),
        (b"\xef\xbb\xbf\r\n%PDF-1.4", Kind.PDF),
        (b"{\\rtf1", Kind.RTF),
        (b"PK\x03\x04", Kind.ARCHIVE),
        (b"\xd0\xcf\x11\xe0", Kind.OLD_OFFICE),
        (b"\x89PNG\r\n", Kind.PICTURE),
        (b"\x00\x00\x00\x18ftypheic", Kind.PICTURE),
        (b"\x00\x00\x00\x18ftypmp42", Kind.SOUND),
        (b"RIFF\x00\x00\x00\x00WAVE", Kind.SOUND),
        (b"\x1f\x8b\x08", Kind.OTHER_ARCHIVE),
    ],
)
def test_the_first_bytes_betray_the_kind(start: bytes, kind: Kind) -> None:
    assert kind_of(start + bytes(100)) is kind


@pytest.mark.parametrize(
    "text", ["ID3: de derde vraag", "PK is mijn naam", "MM: ja", "BM, dat is", "Oggs", "Gif8", ""]
)
def test_text_that_begins_alike_is_text(text: str) -> None:
    assert kind_of(text.encode()) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_recognised(encoding: str) -> None:
    assert decode("Één café, twee cafés".encode(encoding)) == "Één café, twee cafés"


def test_older_letters_are_for_the_reader_to_guess() -> None:
    assert decode("Eén café".encode("cp1252")) is None


def packed(content: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        archive.writestr("a.xml", content)
    return written.getvalue()


def lying(data: bytes, size: int) -> bytes:
    """The same archive, but its entry says that it becomes so large."""
    at = data.rindex(b"PK\x01\x02")
    changed = data[: at + 24] + struct.pack("<I", size) + data[at + 28 :]
    return changed[:22] + struct.pack("<I", size) + changed[26:]


def test_an_archive_gives_what_was_put_in_it_in_pieces() -> None:
    archive = Archive(packed(b"ab" * CHUNK), 3 * CHUNK, whole=True)
    assert archive.names == ("a.xml",)
    assert [len(piece) for piece in archive.chunks("a.xml")] == [CHUNK, CHUNK]
    assert archive.unpacked == 2 * CHUNK


def test_an_archive_that_says_it_is_too_large_is_not_opened() -> None:
    data = packed(bytes(10 * CHUNK))
    with pytest.raises(Swollen):
        Archive(data, CHUNK, whole=True)
    archive = Archive(data, CHUNK, whole=False)
    with pytest.raises(Swollen):
        archive.read("a.xml")
    assert archive.unpacked == 0


def test_an_archive_that_lies_about_its_size_gives_no_more_than_it_said() -> None:
    archive = Archive(lying(packed(bytes(1000 * CHUNK)), 1000), CHUNK, whole=True)
    with pytest.raises((Spoilt, Swollen)):
        archive.read("a.xml")
    assert archive.unpacked <= 1000


def test_reading_an_entry_often_counts_often() -> None:
    archive = Archive(packed(bytes(CHUNK)), 2 * CHUNK, whole=True)
    archive.read("a.xml")
    archive.read("a.xml")
    with pytest.raises(Swollen):
        archive.read("a.xml")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_that_cannot_be_bounded_are_refused(method: int) -> None:
    with pytest.raises(Spoilt):
        Archive(packed(b"a", method), CHUNK, whole=True).read("a.xml")


def test_a_password_is_told_apart_from_damage() -> None:
    data = packed(b"a")
    at = data.index(b"PK\x01\x02") + 8
    archive = Archive(data[:at] + b"\x01" + data[at + 1 :], CHUNK, whole=True)
    with pytest.raises(Spoilt) as refused:
        archive.read("a.xml")
    assert refused.value.locked


@given(st.binary(max_size=300), st.integers(0, 150), st.binary(max_size=30))
@example(b"", 0, b"")
def test_a_spoilt_archive_is_spoilt_or_gives_bytes(content: bytes, at: int, other: bytes) -> None:
    data = packed(content)
    try:
        archive = Archive(data[:at] + other + data[at + len(other) :], 10 * CHUNK, whole=True)
        read = [archive.read(name) for name in archive.names]
    except (Spoilt, Swollen):
        return
    assert sum(map(len, read)) == archive.unpacked
