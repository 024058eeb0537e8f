"""Coded stories to other programs and back: REFI-QDA and CSV, and what is refused in words."""

import csv
import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from workbench.core.language import LANGUAGES, Language
from workbench.stories.coding.exchange import reading
from workbench.stories.coding.exchange.places import Moved
from workbench.stories.coding.exchange.project import (
    Codebook,
    Coder,
    Coding,
    Group,
    Memo,
    Project,
    Refused,
    Source,
    Tag,
    tree_order,
)
from workbench.stories.coding.exchange.reading import read_qdc, read_qdpx
from workbench.stories.coding.exchange.sheets import codings_csv, read_codings_csv, read_tags_csv, tags_csv
from workbench.stories.coding.exchange.writing import qdpx_chunks, write_qdc, write_qdpx

DUTCH = Language()
HERE = Path(__file__).parent
PROJECT_RULES = etree.RelaxNG(file=str(HERE / "project.rng"))
CODEBOOK_RULES = etree.RelaxNG(file=str(HERE / "codebook.rng"))
NS = "{urn:QDA-XML:project:1.0}"


def guid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012x}"


def packed(project: Project) -> bytes:
    stream = io.BytesIO()
    write_qdpx(project, stream, DUTCH)
    return stream.getvalue()


def qde(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("project.qde")


CODERS = (Coder(guid(1), "lezer 1"), Coder(guid(2), "lezer 2"))
WAITING = Tag(guid(10), "wachten", "Alles over wachten", "#1a2b3c")
LETTERS = Tag(guid(11), "brieven", parent=WAITING.guid)
MONEY = Tag(guid(12), "geld & schulden", codable=False)
TEXT = "Ik wachtte 🙂 negen maanden.\r\nNiemand belde."
MOMENT = datetime(2026, 7, 2, 12, 11, tzinfo=UTC)
STORY = Source(
    guid(20),
    "Verhaal 1",
    TEXT,
    "gesprek",
    MOMENT,
    (
        Coding(guid(30), 11, 18, WAITING.guid, CODERS[0].guid, MOMENT),
        Coding(guid(31), 11, 18, LETTERS.guid, CODERS[1].guid),
    ),
)
WHOLE = Project(
    name="Verhalen Almere",
    coders=CODERS,
    tags=(WAITING, LETTERS, MONEY),
    sources=(STORY, Source(guid(21), "Verhaal 2", "")),
    memos=(
        Memo(
            guid(40),
            "twijfel",
            "Is dit <wachten>?\nOf niet",
            (guid(10), guid(20), guid(30)),
            CODERS[0].guid,
            MOMENT,
        ),
        Memo(guid(41), "hele project", "Begonnen in juli"),
    ),
    groups=(Group(guid(50), "Doel: sneller hulp", "doel", (guid(10), guid(11)), (guid(20),)),),
    description="Wat mensen vertelden",
    created=MOMENT,
)


# --- QDPX out and in --------------------------------------------------------------------------------------------------


def test_a_project_comes_back_as_it_went() -> None:
    back = read_qdpx(packed(WHOLE), DUTCH)
    assert back == WHOLE
    assert back.remarks == ()


def test_a_project_is_as_the_standard_asks() -> None:
    data = packed(WHOLE)
    PROJECT_RULES.assertValid(etree.fromstring(qde(data)))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == [f"Sources/{guid(20)}.txt", f"Sources/{guid(21)}.txt", "project.qde"]
        assert archive.read(f"Sources/{guid(20)}.txt") == TEXT.encode()


def test_places_count_codepoints() -> None:
    root = etree.fromstring(qde(packed(WHOLE)))
    place = root.find(f".//{NS}PlainTextSelection")
    assert (place.get("startPosition"), place.get("endPosition")) == ("11", "18")
    assert TEXT[11:18] == "🙂 negen"


def test_an_empty_project_is_allowed_too() -> None:
    data = packed(Project("leeg"))
    PROJECT_RULES.assertValid(etree.fromstring(qde(data)))
    assert read_qdpx(data, DUTCH) == Project("leeg")


def test_the_same_project_gives_the_same_bytes() -> None:
    assert packed(WHOLE) == packed(WHOLE)


def test_a_moment_of_elsewhere_is_written_in_utc() -> None:
    summer = replace(WHOLE, created=datetime(2026, 7, 2, 14, 11, tzinfo=timezone(timedelta(hours=2))))
    assert b'creationDateTime="2026-07-02T12:11:00Z"' in qde(packed(summer))


def test_an_address_never_goes_along() -> None:
    with pytest.raises(ValueError, match="e-mail"):
        packed(replace(WHOLE, coders=(Coder(guid(1), "a.jansen@almere.example"), CODERS[1])))


def test_signs_that_xml_cannot_hold_are_replaced_and_nothing_shifts() -> None:
    odd = replace(
        STORY, name="a\x0bb", text="\ufeffa\x00\x0bb\ud800c", codings=(Coding(guid(30), 3, 4, guid(10)),)
    )
    back = read_qdpx(packed(Project("x", tags=(WAITING,), sources=(odd,))), DUTCH)
    [source] = back.sources
    assert (source.name, source.text[3:4], len(source.text)) == ("a\ufffdb", "\x0b", len(odd.text))


# --- Random projects --------------------------------------------------------------------------------------------------

WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"]) | st.sampled_from("\n\t\r <>&\"'🙂"), max_size=12
)
NAMES = WORDS.filter(lambda word: word.strip() != "" and "@" not in word)
MOMENTS = st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@st.composite
def projects(draw: st.DrawFn) -> Project:
    coders = tuple(Coder(guid(n), draw(NAMES)) for n in range(draw(st.integers(0, 2))))
    someone = st.sampled_from([None, *(coder.guid for coder in coders)])
    tags: list[Tag] = []
    for n in range(100, 100 + draw(st.integers(0, 6))):
        parent = draw(st.sampled_from([None, *(tag.guid for tag in tags)]))
        colour = draw(st.sampled_from([None, "#00ff7f"]))
        tags.append(Tag(guid(n), draw(NAMES), draw(WORDS), colour, parent, draw(st.booleans())))
    numbers = iter(range(300, 1000))
    sources = []
    for n in range(200, 200 + draw(st.integers(0, 3))):
        text = draw(st.text(st.characters(exclude_categories=["Cs"]) | st.just("🙂"), max_size=30))
        codings = []
        if text and tags:
            for _ in range(draw(st.integers(0, 3))):
                start = draw(st.integers(0, len(text) - 1))
                end = draw(st.integers(start + 1, len(text)))
                tag = draw(st.sampled_from(tags)).guid
                codings.append(Coding(guid(next(numbers)), start, end, tag, draw(someone), draw(MOMENTS)))
        sources.append(Source(guid(n), draw(WORDS), text, draw(WORDS), draw(MOMENTS), tuple(codings)))
    things = [t.guid for t in tags] + [s.guid for s in sources] + [c.guid for s in sources for c in s.codings]
    abouts = st.lists(st.sampled_from(things), unique=True, max_size=3).map(sorted) if things else st.just([])
    memos = tuple(
        Memo(guid(next(numbers)), draw(WORDS), draw(WORDS), tuple(draw(abouts)), draw(someone), draw(MOMENTS))
        for _ in range(draw(st.integers(0, 2)))
    )
    groups = tuple(
        Group(
            guid(next(numbers)),
            draw(WORDS),
            draw(WORDS),
            tuple(t.guid for t in tags if draw(st.booleans())),
            tuple(s.guid for s in sources if draw(st.booleans())),
        )
        for _ in range(draw(st.integers(0, 2)))
    )
    return Project(
        draw(WORDS),
        coders,
        tuple(tree_order(tags)),
        tuple(sources),
        memos,
        groups,
        draw(WORDS),
        draw(MOMENTS),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(projects())
def test_every_project_comes_back_as_it_went(project: Project) -> None:
    data = packed(project)
    assert PROJECT_RULES.validate(etree.fromstring(qde(data))), PROJECT_RULES.error_log
    assert read_qdpx(data, DUTCH) == project


@settings(max_examples=60, deadline=None)
@given(projects())
def test_every_codebook_comes_back_as_it_went(project: Project) -> None:
    codebook = Codebook(project.tags, tuple(replace(group, sources=()) for group in project.groups))
    stream = io.BytesIO()
    if codebook.tags:
        write_qdc(codebook, stream, DUTCH)
        assert CODEBOOK_RULES.validate(etree.fromstring(stream.getvalue())), CODEBOOK_RULES.error_log
        assert read_qdc(stream.getvalue(), DUTCH) == codebook
    else:
        with pytest.raises(Refused, match="geen labels"):
            write_qdc(codebook, stream, DUTCH)


@settings(max_examples=60, deadline=None)
@given(projects(), st.sampled_from(LANGUAGES))
def test_every_table_comes_back_as_it_went(project: Project, language: str) -> None:
    sources, spoken = tuple(project.sources), Language(language)
    assert read_tags_csv(tags_csv(project.tags, spoken), DUTCH) == project.tags
    table = b"".join(codings_csv(sources, project.tags, project.coders, spoken))
    back = read_codings_csv(table, sources, project.tags, project.coders, DUTCH)
    assert back == {source.guid: source.codings for source in sources if source.codings}


# --- Large projects ---------------------------------------------------------------------------------------------------


def many(stories: int) -> Iterator[Source]:
    text = "woord " * 1500
    for n in range(stories):
        codings = (
            Coding(guid(n * 10 + k), k * 60, k * 60 + 50, WAITING.guid, CODERS[0].guid) for k in range(10)
        )
        yield Source(guid(10**6 + n), f"Verhaal {n}", text + str(n), codings=tuple(codings))


def test_two_thousand_stories_are_written_in_the_memory_of_a_few() -> None:
    project = Project("groot", CODERS, (WAITING,), many(2000))
    length = 0
    tracemalloc.start()
    try:
        for chunk in qdpx_chunks(project, DUTCH):
            length += len(chunk)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert length > 400_000
    assert (
        peak < 12_000_000
    )  # the guids of 20,000 codings, kept to see a doubled one, and the packed description


# --- Files of other programs ------------------------------------------------------------------------------------------

OTHERS = f"""<?xml version="1.0" encoding="utf-8"?><!-- made elsewhere -->
<Project xmlns="urn:QDA-XML:project:1.0" name="Anders" creationDateTime="2026-03-01T09:00:00">
 <Users><User guid="{{{guid(1).upper()}}}" name="a.jansen@almere.example"/></Users>
 <CodeBook><Codes><Code guid="{guid(10)}" name="wachten" isCodable="1" color="#F0a"/></Codes></CodeBook>
 <Cases><Case guid="{guid(60)}" name="vrouw, 43"/></Cases>
 <Sources><!-- one text, one film --><?made elsewhere?>
  <TextSource guid="{guid(20)}" name="Gesprek" plainTextPath="internal://Gesprek.TXT" creatingUser="{guid(1)}">
   <PlainTextSelection guid="{guid(70)}" startPosition="0" endPosition="4">
    <Description>Hoe lang precies?</Description>
    <Coding guid="{guid(30)}" creatingUser="{guid(99)}"><CodeRef targetGUID="{guid(10)}"/></Coding>
    <NoteRef targetGUID="{guid(40)}"/>
   </PlainTextSelection>
   <PlainTextSelection guid="{guid(71)}" startPosition="2" endPosition="3"/>
   <Coding guid="{guid(31)}"><CodeRef targetGUID="{guid(10)}"/></Coding>
  </TextSource>
  <TextSource guid="{guid(21)}" name="Kort"><PlainTextContent>Het ging &lt;goed&gt;.</PlainTextContent></TextSource>
  <AudioSource guid="{guid(22)}" name="Opname" path="internal://a.mp3"/>
 </Sources>
 <Notes><Note guid="{guid(40)}" name="m" plainTextPath="internal://m.txt"/></Notes>
 <Sets><Set guid="{guid(50)}" name="alles"><MemberSource targetGUID="{guid(22)}"/></Set></Sets>
</Project>"""


def zipped(description: str | bytes, files: dict[str, bytes] | None = None) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", description)
        for name, data in (files or {}).items():
            archive.writestr(name, data)
    return stream.getvalue()


def test_a_file_of_another_program_is_read_and_what_was_left_out_is_told() -> None:
    project = read_qdpx(
        zipped(OTHERS, {"sources/gesprek.txt": "\ufeffLang gewacht".encode(), "Sources\\m.txt": b"let op"}),
        DUTCH,
    )
    assert project == Project(
        name="Anders",
        coders=(Coder(guid(1), "lezer 1"),),
        tags=(Tag(guid(10), "wachten", colour="#ff00aa"),),
        sources=(
            Source(
                guid(20),
                "Gesprek",
                "Lang gewacht",
                codings=(Coding(guid(30), 0, 4, guid(10)), Coding(guid(31), 0, 12, guid(10))),
            ),
            Source(guid(21), "Kort", "Het ging <goed>."),
        ),
        memos=(
            Memo(guid(40), "m", "let op", (guid(30),)),
            Memo(project.memos[1].guid, "", "Hoe lang precies?", (guid(30),)),
        ),
        groups=(Group(guid(50), "alles"),),
        created=datetime(2026, 3, 1, 9, tzinfo=UTC),
    )
    assert project.remarks == (
        "Een lezer zonder naam of met een e-mailadres als naam heet nu „lezer 1”.",
        "Weggelaten: geluidsopnamen (1). Wij lezen alleen tekst.",
        "Weggelaten: kenmerken van personen.",
        "Weggelaten: 1 gemarkeerd stuk zonder label.",
    )


TWO_LINES = "Ik wachtte.\r\nVier maanden lang 🙂.\r\nToen niets."


@pytest.mark.parametrize(
    ("origin", "start", "end"),
    [
        ("NVivo", 13, 25),  # a line ending is two signs, the last letter is out
        ("ATLAS.ti", 12, 24),  # one sign
        ("Ander", 12, 24),  # one sign, seen from the name
        ("Ander", 13, 24),  # the last letter is in
    ],
)
def test_a_passage_is_where_its_name_stands_however_a_program_counts(
    origin: str, start: int, end: int
) -> None:
    description = (
        f'<Project xmlns="{NS[1:-1]}" name="p" origin="{origin}"><CodeBook><Codes><Code guid="{guid(10)}" name="w"'
        f' isCodable="true"/></Codes></CodeBook><Sources><TextSource guid="{guid(20)}" name="G"'
        f' plainTextPath="internal://g.txt"><PlainTextSelection guid="{guid(70)}" name="Vier maanden"'
        f' startPosition="{start}" endPosition="{end}"><Coding guid="{guid(30)}"><CodeRef targetGUID="{guid(10)}"/>'
        "</Coding></PlainTextSelection></TextSource></Sources></Project>"
    )
    [source] = read_qdpx(zipped(description, {"sources/g.txt": TWO_LINES.encode()}), DUTCH).sources
    assert [source.text[c.start : c.end] for c in source.codings] == ["Vier maanden"]
    ours = f" {TWO_LINES.replace(chr(13), '')}"
    place = Moved(source.text, ours).place(source.codings[0].start, source.codings[0].end)
    assert ours[slice(*place)] == "Vier maanden"


@given(st.text(alphabet="ab \r\n🙂", max_size=30), st.data())
def test_places_move_with_the_line_endings(text: str, data: st.DataObject) -> None:
    ours = text.replace("\r\n", "\n").replace("\r", "\n")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    first, last = Moved(text, ours).place(start, end)
    assert ours[first:last].split() == text[start:end].split()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_encoding_of_the_description_is_read(encoding: str) -> None:
    assert read_qdpx(zipped(f'<Project xmlns="{NS[1:-1]}" name="é"/>'.encode(encoding)), DUTCH).name == "é"


@pytest.mark.parametrize("namespace", reading.CODEBOOKS)
def test_a_codebook_is_read_in_every_namespace_that_programs_give_it(namespace: str) -> None:
    codebook = Codebook((WAITING, LETTERS), (Group(guid(50), "doel", tags=(guid(10),)),))
    stream = io.BytesIO()
    write_qdc(codebook, stream, DUTCH)
    assert (
        read_qdc(stream.getvalue().replace(reading.CODEBOOK.encode(), namespace.encode()), DUTCH) == codebook
    )


# --- What is refused --------------------------------------------------------------------------------------------------


def described(inside: str) -> bytes:
    return zipped(f'<Project xmlns="{NS[1:-1]}" name="x">{inside}</Project>')


def codes(*tags: str) -> str:
    return f"<CodeBook><Codes>{''.join(tags)}</Codes></CodeBook>"


CODE = f'<Code guid="{guid(10)}" name="wachten" isCodable="true"/>'


def coded(start: str, end: str, tag: int = 10) -> str:
    return (
        f'<Sources><TextSource guid="{guid(20)}" name="Gesprek 3"><PlainTextContent>Vijf!</PlainTextContent>'
        f'<PlainTextSelection guid="{guid(70)}" startPosition="{start}" endPosition="{end}">'
        f'<Coding guid="{guid(30)}"><CodeRef targetGUID="{guid(tag)}"/></Coding></PlainTextSelection></TextSource></Sources>'
    )


BOMB = '<!DOCTYPE Project [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
SECRET = '<!DOCTYPE Project [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
ROOTED = f'<Project xmlns="{NS[1:-1]}" name="x"/>'


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "geen QDPX-bestand, of het is stuk"),
        (b"PK\x03\x04rommel", "geen QDPX-bestand, of het is stuk"),
        (packed(WHOLE)[:-40], "geen QDPX-bestand, of het is stuk"),
        (zipped("<Project/>"), "begint niet met „Project”"),
        (zipped("<Project>"), "geen geldige XML"),
        (zipped(b"\xff\xfe<"), "geen geldige XML"),
        (zipped(BOMB + ROOTED), "DOCTYPE"),
        (zipped("<?xml version='1.0'?> <!-- a --> " + SECRET + ROOTED), "DOCTYPE"),
        (zipped((SECRET + ROOTED).encode("utf-16")), "DOCTYPE"),
        (zipped(f'<Project xmlns="{NS[1:-1]}" name="x">&a;</Project>'), "geen geldige XML"),
        (zipped(ROOTED, {"other.qde": b""}), "niet één project.qde"),
        (zipped(ROOTED, {"../../etc/passwd": b""}), "onveilige bestandsnaam: „../../etc/passwd”"),
        (zipped(ROOTED, {"/etc/passwd": b""}), "onveilige bestandsnaam"),
        (zipped(ROOTED, {"C:\\a.txt": b""}), "onveilige bestandsnaam"),
        (zipped(ROOTED, {"Sources/a.txt": b"", "sources/A.txt": b""}), "zit er twee keer in"),
        (described(codes(CODE, CODE)), "Bij „wachten” staat een kenmerk"),
        (
            described(codes('<Code guid="12" name="geld" isCodable="true"/>')),
            "Bij „geld” ontbreekt een geldig kenmerk",
        ),
        (described(codes(f'<Code guid="{guid(1)}" isCodable="true"/>')), "heeft geen naam"),
        (
            described(codes(CODE) + coded("0", "6")),
            "Tekst „Gesprek 3” heeft een citaat van 0 tot 6. De tekst heeft 5 tekens.",
        ),
        (described(codes(CODE) + coded("3", "3")), "van 3 tot 3"),
        (described(codes(CODE) + coded("-1", "3")), "citaat zonder geldige plaats"),
        (described(codes(CODE) + coded("0", "9" * 5000)), "citaat zonder geldige plaats"),
        (
            described(codes(CODE) + coded("0", "3", tag=11)),
            "Tekst „Gesprek 3” heeft een citaat met een label dat er niet is",
        ),
        (
            described(f'<Sources><TextSource guid="{guid(20)}" name="A"/></Sources>'),
            "„A” heeft geen platte tekst",
        ),
        (
            described(
                f'<Sources><TextSource guid="{guid(20)}" name="A" plainTextPath="internal://weg.txt"/></Sources>'
            ),
            "Tekst „A” ontbreekt",
        ),
        (
            described(
                f'<Sources><TextSource guid="{guid(20)}" name="A" plainTextPath="internal://../../x"/></Sources>'
            ),
            "Tekst „A” staat niet in het bestand zelf",
        ),
        (
            described(
                f'<Sources><TextSource guid="{guid(20)}" name="A" plainTextPath="file:///etc/passwd"/></Sources>'
            ),
            "Tekst „A” staat niet in het bestand zelf",
        ),
        (
            described(
                f'<Sets><Set guid="{guid(50)}" name="Doel"><MemberCode targetGUID="{guid(9)}"/></Set></Sets>'
            ),
            "Groep „Doel” noemt een label dat er niet is",
        ),
        (described("<a>" * 300 + "</a>" * 300), "geen geldige XML"),
    ],
)
def test_a_bad_file_is_refused_with_what_is_wrong(data: bytes, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        read_qdpx(data, DUTCH)
    assert sentence in str(refused.value)


def one_source(path: str, data: bytes) -> bytes:
    return zipped(
        f'<Project xmlns="{NS[1:-1]}" name="x"><Sources>'
        f'<TextSource guid="{guid(20)}" name="A" plainTextPath="internal://{path}"/></Sources></Project>',
        {"Sources/a.txt": data},
    )


def test_a_text_of_another_encoding_is_refused() -> None:
    with pytest.raises(Refused, match="letters van tekst „A”"):
        read_qdpx(one_source("a.txt", b"l\xe9\xe9g"), DUTCH)


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = one_source("a.txt", b"0" * 60_000_000)
    assert len(bomb) < 100_000
    tracemalloc.start()
    try:
        with pytest.raises(Refused, match="is uitgepakt te groot"):
            read_qdpx(bomb, DUTCH)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_size_that_lies_does_not_help() -> None:
    """The size in the list of the ZIP says ten bytes; ten bytes are read, and the checksum gives it away."""
    data = bytearray(one_source("a.txt", b"0" * 1000))
    struct.pack_into("<L", data, data.rindex(b"PK\x01\x02") + 24, 10)
    with pytest.raises(Refused, match="in het bestand is stuk"):
        read_qdpx(bytes(data), DUTCH)


def test_all_texts_together_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    project = Project("x", sources=tuple(Source(guid(n), "A", "a" * 400) for n in range(5)))
    monkeypatch.setattr(reading, "MOST_UNPACKED", len(qde(packed(project))) + 1500)
    with pytest.raises(Refused, match="alles samen 100 MB"):
        read_qdpx(packed(project), DUTCH)


def test_too_many_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ELEMENTS", 1000)
    with pytest.raises(Refused, match="te groot"):
        read_qdpx(described("<a/>" * 1000), DUTCH)


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_FILES", 3)
    with pytest.raises(Refused, match="te veel bestanden"):
        read_qdpx(zipped(ROOTED, {f"{n}.mp3": b"" for n in range(3)}), DUTCH)


def test_a_file_with_a_password_is_refused() -> None:
    data = bytearray(one_source("a.txt", b"tekst"))
    place = data.rindex(b"PK\x01\x02")
    data[place + 8] |= 1
    with pytest.raises(Refused, match="wachtwoord"):
        read_qdpx(bytes(data), DUTCH)


def read_or_refused(read: Callable[[bytes, Language], object], data: bytes) -> None:
    """Anything else than Refused comes through and fails the test."""
    sentence = "."
    try:
        read(data, DUTCH)
    except Refused as refused:
        sentence = str(refused)
    assert sentence.endswith(".")


VALID = packed(WHOLE)


@settings(max_examples=300, deadline=None)
@example(change=(0, b""))
@given(change=st.tuples(st.integers(0, len(VALID) - 1), st.binary(min_size=1, max_size=8)))
def test_damaged_bytes_raise_nothing_else(change: tuple[int, bytes]) -> None:
    place, put = change
    read_or_refused(read_qdpx, VALID[:place] + put + VALID[place + len(put) :])


XML = qde(VALID).decode()


@settings(max_examples=300, deadline=None)
@given(
    st.integers(0, len(XML)),
    st.integers(0, 30),
    st.text(st.sampled_from("<>/\"'&;=! a0\ud800\x00-{}"), max_size=5),
)
def test_a_damaged_description_raises_nothing_else(place: int, gone: int, put: str) -> None:
    changed = (XML[:place] + put + XML[place + gone :]).encode(errors="surrogatepass")
    with zipfile.ZipFile(io.BytesIO(VALID)) as archive:
        texts = {
            name.replace("/", "__").replace(".", "_"): archive.read(name) for name in archive.namelist()[:-1]
        }
    read_or_refused(read_qdpx, zipped(changed, texts))


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode(errors="replace")))
@example(b"kenmerk;label;omschrijving;kleur;hangt onder;te gebruiken\n;;;;;")
def test_any_bytes_as_codebook_or_table_raise_nothing_else(data: bytes) -> None:
    for read in (read_qdc, read_tags_csv, lambda data, spoken: read_codings_csv(data, (), (), (), spoken)):
        read_or_refused(read, data)


def cut(tag: Tag, **changes: object) -> tuple[Tag, ...]:
    return tuple(replace(t, **changes) if t == tag else t for t in WHOLE.tags)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("project", "sentence"),
    [
        (replace(WHOLE, tags=cut(WAITING, parent=LETTERS.guid)), "„wachten” hangt onder zichzelf"),
        (
            replace(WHOLE, tags=cut(WAITING, parent=guid(99))),
            "„wachten” hangt onder een label dat er niet is",
        ),
        (replace(WHOLE, coders=(CODERS[0], CODERS[0])), "Bij „lezer 1” staat een kenmerk"),
        (replace(WHOLE, coders=CODERS[:1]), "van een lezer die er niet is"),
        (replace(WHOLE, sources=(STORY, STORY)), "Bij „Verhaal 1” staat een kenmerk"),
        (
            replace(WHOLE, memos=(Memo(guid(40), "m", "", (guid(99),)),)),
            "Notitie „m” gaat over iets dat er niet is",
        ),
        (
            replace(WHOLE, groups=(Group(guid(50), "g", sources=(guid(99),)),)),
            "Groep „g” noemt een tekst die er niet is",
        ),
        (replace(WHOLE, sources=(Source(guid(20), "groot", "é" * 3_000_000),)), "„groot” is groter dan 5 MB"),
        (
            Project(
                "x", tags=tuple(Tag(guid(n), f"l{n}", parent=guid(n - 1) if n else None) for n in range(60))
            ),
            "„l50” hangt dieper dan 50 niveaus",
        ),
    ],
)
def test_a_project_that_is_not_whole_is_not_written(project: Project, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        packed(project)
    assert sentence in str(refused.value)


# --- CSV --------------------------------------------------------------------------------------------------------------


def table(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_citations_are_a_table_a_spreadsheet_opens() -> None:
    rows = table(b"".join(codings_csv((STORY,), WHOLE.tags, CODERS, DUTCH)))
    assert rows[0][3:8] == ["begin", "einde", "citaat", "kenmerk van het label", "label"]
    assert rows[1][2:10] == ["Verhaal 1", "11", "18", "🙂 negen", guid(10), "wachten", guid(1), "lezer 1"]


@pytest.mark.parametrize("text", ["=1+1", "+31", "-5", "@x", "\tx", "'=1", "''=1"])
def test_no_text_becomes_a_formula_and_all_come_back(text: str) -> None:
    data = tags_csv((Tag(guid(1), "a", text),), DUTCH)
    assert table(data)[1][2] == f"'{text}"
    assert read_tags_csv(data, DUTCH)[0].description == text


def test_an_apostrophe_of_somebody_else_stays() -> None:
    assert table(tags_csv((Tag(guid(1), "'s ochtends"),), DUTCH))[1][1] == "'s ochtends"


def test_a_table_with_commas_is_read_too() -> None:
    data = tags_csv(WHOLE.tags, DUTCH).decode("utf-8-sig").replace(";", ",").encode()
    assert read_tags_csv(data, DUTCH) == WHOLE.tags


def edited(change: Callable[[str], str]) -> bytes:
    return change(b"".join(codings_csv((STORY,), WHOLE.tags, CODERS, DUTCH)).decode()).encode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda t: t.replace("begin", "start"), "De kolom „begin” ontbreekt."),
        (
            lambda t: t.replace("🙂 negen", "🙂 tien"),
            "Regel 2: het citaat staat niet op die plaats in de tekst.",
        ),
        (lambda t: t.replace(guid(20), guid(29)), "Regel 2: deze tekst kennen wij niet."),
        (lambda t: t.replace(";11;", ";elf;"), "Regel 2: „elf” is geen plaats in de tekst."),
        (lambda t: t.replace(guid(10), guid(19)), "met een label dat er niet is"),
        (lambda t: t.replace(guid(31), guid(30)), "Elk kenmerk mag één keer."),
        (lambda t: t.replace("2026-07-02", "gisteren"), "is geen moment."),
        (lambda t: t[: t.index(";Verhaal 1")], "Regel 2: er ontbreken kolommen."),
    ],
)
def test_a_bad_row_is_refused_with_its_line(change: Callable[[str], str], sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        read_codings_csv(edited(change), (STORY,), WHOLE.tags, CODERS, DUTCH)
    assert sentence in str(refused.value)
