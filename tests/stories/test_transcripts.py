"""From a file to a talk: what is taken, what is left out, and what is refused in words."""

import io
import re
import time
import unicodedata
import zipfile
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pysubs2 import SSAEvent, SSAFile

from tests.stories.transcript_files import (
    blank_pages,
    docx_of,
    locked_pdf,
    odt_of,
    packed,
    pdf_of,
    picture,
    said,
    stream,
    written_as_docx,
    written_as_odt,
    written_as_pdf,
)
from workbench.core.files import Archive, Unreadable
from workbench.core.language import Language
from workbench.stories.transcripts import office, pdf
from workbench.stories.transcripts.normal import MOST_CHARACTERS, MOST_MARKS, MOST_WORDS, gathered, normal
from workbench.stories.transcripts.reading import MOST_BYTES, Transcript, read
from workbench.stories.transcripts.refused import Problem, Refused
from workbench.stories.transcripts.turns import Turn, renamed, speakers, turns

DUTCH = Language()
TALK = ("Interviewer: Hoe gaat het met u?", "Mevrouw: Het gaat. Één keer per week komt mijn zoon, hè.", "Interviewer: En verder?")  # fmt: skip
TEXT = "\n\n".join(TALK)


def taken(data: bytes, name: str = "gesprek") -> Transcript:
    return read(name, data, DUTCH)


def refusal(data: bytes, name: str = "gesprek") -> str:
    with pytest.raises(Unreadable) as refused:
        read(name, data, DUTCH)
    return str(refused.value)


def outcome(data: bytes) -> tuple[str, Transcript | None]:
    """The sentence of a refusal, or what was read."""
    try:
        return "", taken(data)
    except Unreadable as refused:
        return str(refused), None


# --- The same talk in every kind of file ------------------------------------------------------------------------------


def as_srt(paragraphs: tuple[str, ...], kind: str = "srt") -> bytes:
    """Written by a library that knows nothing of our reader."""
    file = SSAFile()
    file.events = [
        SSAEvent(start=n * 2000, end=n * 2000 + 1500, text=text) for n, text in enumerate(paragraphs)
    ]
    return file.to_string(kind).encode()


@pytest.mark.parametrize(
    "data",
    [TEXT.encode(), TEXT.encode("utf-16"), written_as_docx(TALK), written_as_odt(TALK), written_as_pdf(TALK), as_srt(TALK), as_srt(TALK, "vtt")],
    ids=["txt", "utf-16", "docx", "odt", "pdf", "srt", "vtt"],
)  # fmt: skip
def test_a_talk_is_the_same_text_with_the_same_speakers_in_every_kind_of_file(data: bytes) -> None:
    transcript = taken(data)
    assert transcript.text == TEXT
    assert transcript.speakers == ("Interviewer", "Mevrouw")


WORDS = st.text(st.characters(codec="cp1252", categories=["L", "Nd"]), min_size=1, max_size=8).map(
    lambda word: unicodedata.normalize("NFC", word)
)
PARAGRAPHS = st.lists(
    st.lists(WORDS, min_size=1, max_size=12).map(" ".join).filter(lambda p: not p.isdigit()),
    min_size=1,
    max_size=5,
)


@settings(max_examples=25, deadline=None)
@given(PARAGRAPHS)
def test_whatever_is_written_comes_back_from_plain_text_word_and_odt(paragraphs: list[str]) -> None:
    text = "\n\n".join(paragraphs)
    assert taken(text.encode()).text == text
    assert taken(written_as_docx(paragraphs)).text == text
    assert taken(written_as_odt(paragraphs)).text == text


@settings(max_examples=10, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["de", "dagen", "zijn", "lang", "één", "café", "twintig"]), min_size=3, max_size=60).map(" ".join), min_size=1, max_size=6))  # fmt: skip
def test_no_word_of_a_pdf_is_lost_or_changes_place(paragraphs: list[str]) -> None:
    found = pdf.told(pdf.pages_of(written_as_pdf(paragraphs)))
    assert found.split() == " ".join(paragraphs).split()


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_the_normal_form_of_a_normal_form_is_itself(text: str) -> None:
    once = normal(text)
    assert normal(once) == once
    assert "\n\n\n" not in once
    assert all(line == line.strip(" ") for line in once.split("\n"))
    assert not {unicodedata.category(c) for c in once if c != "\n"} & {"Cc", "Cf", "Cs", "Co"}
    if once:
        assert taken(once.encode()).text == once if not once.startswith("WEBVTT") else True


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=400)
    | st.builds(lambda start, rest: start + rest, st.sampled_from([b"PK\x03\x04", b"WEBVTT\n\n", b"{\\rtf", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xd0\xcf\x11\xe0", b"1\n00:00:01,000 --> 00:00:02,000\n"]), st.binary(max_size=200))
)  # fmt: skip
def test_any_bytes_give_a_text_in_normal_form_or_a_sentence(data: bytes) -> None:
    sentence, transcript = outcome(data)
    if transcript is None:
        assert sentence.endswith(".")
    else:
        assert transcript.text
        assert normal(transcript.text) == transcript.text
        assert len(transcript.text) <= 2 * len(data) + 10


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_spoilt_document_gives_a_text_or_a_sentence(drawn: st.DataObject) -> None:
    whole = drawn.draw(st.sampled_from([written_as_docx(TALK), written_as_odt(TALK), docx_of(said("a")), odt_of("<text:p>a</text:p>")]))  # fmt: skip
    at = drawn.draw(st.integers(0, len(whole) - 1))
    spoilt = whole[:at] + drawn.draw(st.binary(max_size=8)) + whole[at + drawn.draw(st.integers(0, 40)) :]
    sentence, transcript = outcome(spoilt)
    assert sentence.endswith(".") if transcript is None else transcript.text


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_spoilt_pdf_gives_pages_or_one_word(drawn: st.DataObject) -> None:
    whole = written_as_pdf(TALK[:1])
    at = drawn.draw(st.integers(0, len(whole) - 1))
    spoilt = whole[:at] + drawn.draw(st.binary(max_size=8)) + whole[at + drawn.draw(st.integers(0, 40)) :]
    with suppress(Refused):
        assert len(pdf.pages_of(spoilt).texts) <= pdf.MOST_PAGES


# --- Letters ----------------------------------------------------------------------------------------------------------

LETTERS = "Toen ik 27 was verhuisde ik naar Almere. De buurvrouw zei: één keer is genoeg. Een reünie, hè? Ik betaalde € 15."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_letters_in_unicode_are_read_without_a_remark(encoding: str) -> None:
    assert taken(LETTERS.encode(encoding)) == Transcript(LETTERS, ())


@pytest.mark.parametrize(("encoding", "called"), [("cp1252", "Windows"), ("iso8859_15", "ISO 8859-15"), ("mac_roman", "Mac")])  # fmt: skip
def test_older_letters_are_guessed_and_that_is_told(encoding: str, called: str) -> None:
    transcript = taken(LETTERS.encode(encoding))
    assert transcript.text == LETTERS
    assert f"Wij lazen ze als {called}." in transcript.notes[0]


def test_two_kinds_of_letters_in_one_file_are_read_line_by_line() -> None:
    transcript = taken("Eén café.\n".encode() + "Twee cafés: “fijn”.".encode("cp1252"))
    assert transcript.text == "Eén café.\nTwee cafés: “fijn”."
    assert "op twee manieren" in transcript.notes[0]


def test_half_a_letter_at_the_end_is_told_and_the_rest_is_read() -> None:
    transcript = taken(("Het gaat goed. " * 20).encode("utf-16") + b"\x41")
    assert transcript.text.startswith("Het gaat goed. Het gaat goed.")
    assert "Sommige letters konden wij niet lezen" in transcript.notes[0]


def test_characters_that_nobody_sees_are_left_out_and_that_is_told() -> None:
    hidden = "Ik\u202e heet\u200b Anna\x00.\u2066 Ja\ufeff.\U000e0041" + " Gewone woorden." * 60
    transcript = taken(hidden.encode())
    assert transcript.text.startswith("Ik heet Anna. Ja. Gewone")
    assert "onzichtbare tekens" in transcript.notes[0]


def test_spaces_line_ends_and_accents_get_one_form() -> None:
    text = "  Een\u00a0 \tregel \r\n\r\n\r\n\r\nEe\u0301n\u2028twee\u2029drie\x0cvier  \r"
    assert normal(text) == "Een regel\n\nEén\ntwee\n\ndrie\nvier"


def test_a_tower_of_accents_is_cut_before_it_is_sorted() -> None:
    tower = normal("a" + "\u0301\u0323" * 200_000)
    assert sum(map(unicodedata.combining, tower)) > 0
    assert len(tower) <= 1 + MOST_MARKS


def test_a_very_long_line_is_kept_whole() -> None:
    line = " ".join(["woord"] * 50_000)
    assert taken(line.encode()).text == line


# --- Nothing in a story is run or drawn -------------------------------------------------------------------------------

HTML = "<script>alert(1)</script> Ik zei: <b>nee</b> &amp; ging weg. {{ 7*7 }}"


def test_codes_of_a_web_page_stay_plain_characters() -> None:
    assert taken(HTML.encode()).text == HTML
    escaped = HTML.replace("&", "&amp;").replace("<", "&lt;")
    assert taken(docx_of(said(escaped))).text == HTML
    assert taken(odt_of(f"<text:p>{escaped}</text:p>")).text == HTML


def test_a_whole_web_page_is_kept_with_a_remark() -> None:
    transcript = taken(b"<!DOCTYPE html><p>Hallo</p>", "a.txt")
    assert transcript.text == "<!DOCTYPE html><p>Hallo</p>"
    assert transcript.notes == ("Dit is een webpagina. De codes staan nu in de tekst. Kopieer liever de gewone tekst.",)  # fmt: skip


# --- Word -------------------------------------------------------------------------------------------------------------

LEFT_OUT = "Opmerkingen, verwijderde of verborgen tekst en kop- en voetteksten nemen wij niet over."


def test_word_gives_no_deleted_moved_or_hidden_text_and_says_so() -> None:
    body = (
        "<w:p><w:r><w:t>Ik woon </w:t></w:r><w:del><w:r><w:delText>DELETED</w:delText><w:t>DELETED</w:t></w:r></w:del>"
        "<w:ins><w:r><w:t>in Almere</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>MOVED</w:t></w:r></w:moveFrom>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>HIDDEN</w:t></w:r><w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>.</w:t></w:r>"
        "<w:r><w:instrText>HYPERLINK evil</w:instrText></w:r></w:p>"
    )
    assert taken(docx_of(body)) == Transcript("Ik woon in Almere.", (), (LEFT_OUT,))


def test_word_gives_no_comments_headers_or_author() -> None:
    names = ("word/comments.xml", "word/header1.xml", "word/footer1.xml", "docProps/core.xml")
    transcript = taken(docx_of(said("Gewoon."), {name: f"<w:x>{said('SECRET')}</w:x>" for name in names}))
    assert transcript == Transcript("Gewoon.", (), (LEFT_OUT,))
    assert "Schrijver" not in taken(written_as_docx(["Gewoon."])).text


def test_a_note_in_word_stands_where_it_is_referred_to() -> None:
    word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    notes = f'<w:footnotes {word}><w:footnote w:id="-1">{said("")}</w:footnote><w:footnote w:id="2">{said("lacht")}</w:footnote></w:footnotes>'
    body = '<w:p><w:r><w:t>Ja</w:t><w:footnoteReference w:id="2"/><w:t>, zei zij.</w:t></w:r></w:p>'
    assert taken(docx_of(body, {"word/footnotes.xml": notes})).text == "Ja [lacht], zei zij."


def test_a_table_of_who_and_what_gives_turns_and_other_tables_give_lines() -> None:
    def row(*cells: str) -> str:
        return (
            "<w:tr>"
            + "".join(f"<w:tc>{''.join(map(said, cell.split('#')))}</w:tc>" for cell in cells)
            + "</w:tr>"
        )

    table = (
        row("I", "Hoe gaat het?")
        + row("Mevrouw A:", "Goed.#Echt waar.")
        + row("een", "twee", "drie")
        + row("", "")
    )
    transcript = taken(docx_of(f"<w:tbl>{table}</w:tbl>" + said("Klaar.")))
    assert (
        transcript.text == "I: Hoe gaat het?\n\nMevrouw A: Goed.\n\nEcht waar.\n\neen | twee | drie\n\nKlaar."
    )


def test_a_text_box_in_word_is_read_once() -> None:
    box = f"<w:txbxContent>{said('In het vak.')}</w:txbxContent>"
    body = f"<w:p><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent><w:t>Ernaast.</w:t></w:r></w:p>"
    assert taken(docx_of(body)).text == "In het vak.\n\nErnaast."


def test_breaks_and_tabs_in_word_are_line_ends_and_spaces() -> None:
    body = "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>Een</w:t><w:br/><w:t>twee</w:t><w:tab/><w:t>drie</w:t></w:r></w:p>"
    assert taken(docx_of(body)).text == "Een\ntwee drie"


def test_the_main_text_is_found_where_the_document_says_it_is() -> None:
    assert taken(docx_of(said("Hier."), main="word/document2.xml")).text == "Hier."


# --- ODT --------------------------------------------------------------------------------------------------------------


def test_odt_gives_no_deleted_text_comments_or_hidden_parts_and_says_so() -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>DELETED</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        "<text:p>Ik woon<office:annotation><text:p>COMMENT</text:p></office:annotation><text:s text:c='999999999'/>in"
        "<text:tab/><text:span>Almere</text:span>.<text:line-break/>Ja.</text:p>"
        "<text:section text:display='none'><text:p>HIDDEN</text:p></text:section>"
    )
    assert taken(odt_of(body)) == Transcript("Ik woon in Almere.\nJa.", (), (LEFT_OUT,))


def test_a_note_in_odt_stands_where_it_is_referred_to() -> None:
    body = "<text:p>Ja<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>lacht</text:p></text:note-body></text:note>, zei zij.</text:p>"
    assert taken(odt_of(body)) == Transcript("Ja [lacht], zei zij.", ())


def test_a_table_in_odt_gives_turns() -> None:
    row = "<table:table-row><table:table-cell><text:p>%s</text:p></table:table-cell><table:table-cell><text:p>%s</text:p></table:table-cell></table:table-row>"
    body = f"<table:table>{row % ('I', 'Hoe gaat het?')}{row % ('R', 'Goed.')}</table:table>"
    assert taken(odt_of(body)) == Transcript("I: Hoe gaat het?\n\nR: Goed.", ("I", "R"))


# --- PDF --------------------------------------------------------------------------------------------------------------


def test_page_numbers_and_a_head_on_every_page_are_left_out_and_lines_are_put_together() -> None:
    long = "Het gaat wel, maar de dagen zijn lang en ik zie weinig mensen. " * 60
    before = '#set page(height: 12cm, header: [Project Thuis], numbering: "1 / 1")'
    transcript = taken(written_as_pdf(["Interviewer: Hoe gaat het?", "Mevrouw: " + long.strip()], before))
    assert "Project Thuis" not in transcript.text
    assert not re.search(r"\d", transcript.text)
    assert transcript.text == "Interviewer: Hoe gaat het?\n\nMevrouw: " + long.strip()
    assert transcript.notes == ("In een PDF staan geen alinea's. Wij maakten ze zelf: kijk na of de tekst goed loopt.",)  # fmt: skip


def test_a_word_cut_at_the_end_of_a_line_becomes_whole() -> None:
    pages = pdf.Pages(("Zij vertelde een lang verhaal-\ntje over vroeger en over nu.",), pictures=False)
    assert pdf.told(pages) == "\n\nZij vertelde een lang verhaaltje over vroeger en over nu."


def test_joined_letters_of_a_pdf_are_letters_again() -> None:
    assert (
        pdf.told(pdf.Pages(("Fijn oﬃcieel kantoor, ﬁets",), pictures=False)).strip()
        == "Fijn officieel kantoor, fiets"
    )


def test_a_scan_is_a_photograph_of_text() -> None:
    assert "foto van tekst" in refusal(picture("PDF"), "scan.pdf")
    assert "foto van tekst" in refusal(blank_pages(3), "leeg.pdf")


def test_pages_without_text_among_others_are_counted() -> None:
    data = written_as_pdf(["Een verhaal met woorden."], "#pagebreak()\n#pagebreak()\n")
    assert taken(data).notes[0] == "Op 2 bladzijden vonden wij geen tekst. Kijk na of er iets ontbreekt."


def test_a_pdf_of_300_pages_is_refused_before_a_page_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pypdf.PageObject.extract_text", lambda *_: pytest.fail("a page was read"))
    with pytest.raises(Refused) as refused:
        pdf.pages_of(blank_pages(300))
    assert refused.value.problem is Problem.PAGES
    assert "meer dan 200 bladzijden" in refusal(blank_pages(300))


def test_reading_a_pdf_stops_where_it_becomes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    read_pages = []

    def much(*_page: object) -> str:
        read_pages.append(1)
        return "woord " * (MOST_WORDS // 2)

    monkeypatch.setattr("pypdf.PageObject.extract_text", much)
    with pytest.raises(Refused) as refused:
        pdf.pages_of(blank_pages(100))
    assert refused.value.problem is Problem.LONG
    assert len(read_pages) == 3


def test_a_password_on_a_pdf_is_told_unless_it_opens_without() -> None:
    assert "wachtwoord" in refusal(locked_pdf(TALK, to_open="geheim"))
    assert taken(locked_pdf(TALK, to_open="")).text == TEXT


SHOWN = b"BT /F 12 Tf 50 50 Td (Hallo) Tj ET "
FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F 4 0 R >> /XObject << /X %d 0 R >> >>"
PDF_BOMBS = {
    "a page that unpacks to 200 MB": pdf_of(stream(b" " * 200_000_000)),
    "a page packed five times over": pdf_of(stream(SHOWN, times=5)),
    "a page of a million orders": pdf_of(stream(SHOWN + b"0 0 m " * 1_000_000)),
}


@pytest.mark.parametrize("kind", PDF_BOMBS)
def test_a_bomb_in_a_pdf_is_not_unpacked(kind: str) -> None:
    assert len(PDF_BOMBS[kind]) < MOST_BYTES
    with pytest.raises(Refused):
        pdf.pages_of(PDF_BOMBS[kind])


def test_the_child_answers_a_bomb_with_a_sentence() -> None:
    assert refusal(PDF_BOMBS["a page that unpacks to 200 MB"]).endswith(".")


def test_forms_that_call_each_other_in_a_pdf_do_not_multiply() -> None:
    # Twelve layers that each draw the next one ten times: 10**12 words when nobody counts.
    layers = [stream(SHOWN + b"/X Do " * 10, FORM % (7 + number)) for number in range(12)]
    data = pdf_of(stream(b"/X Do"), [*layers, stream(SHOWN, FORM % 6)], b"/XObject << /X 6 0 R >>")
    pages = pdf.pages_of(data)
    assert 0 < pages.texts[0].count("Hallo") <= 201


def test_the_child_that_reads_a_pdf_has_no_secrets_and_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_SECRET", "geheim")
    called = {}

    def stuck(command: list[str], **how: object) -> None:
        called.update(how)
        raise pdf.subprocess.CalledProcessError(-24, command)  # the processor time was used up

    monkeypatch.setattr(pdf.subprocess, "run", stuck)
    assert "te ingewikkeld om te lezen" in refusal(written_as_pdf(TALK))
    assert set(called["env"]) <= {"PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH"}
    assert called["timeout"] == pdf.PATIENCE


def test_a_pdf_that_keeps_the_child_busy_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    # A real child, that is given no time at all.
    monkeypatch.setattr(pdf, "PATIENCE", 0.01)
    started = time.monotonic()
    assert "te ingewikkeld om te lezen" in refusal(written_as_pdf(TALK))
    assert time.monotonic() - started < pdf.PROCESSOR_SECONDS


# --- Archives ---------------------------------------------------------------------------------------------------------


class Counting:
    """Notes how much an archive unpacked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made: list[Archive] = []

        def make(*arguments: object, **more: object) -> Archive:
            self.made.append(Archive(*arguments, **more))  # type: ignore[arg-type]
            return self.made[-1]

        monkeypatch.setattr(office, "Archive", make)

    @property
    def unpacked(self) -> int:
        return sum(archive.unpacked for archive in self.made)


BLANKS = "<w:p/>" * 10_000_000  # 60 MB, packed in some 60 kB


def test_a_document_that_swells_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    counting = Counting(monkeypatch)
    bomb = docx_of(BLANKS)
    assert len(bomb) < 500_000
    assert "te groot bij het uitpakken" in refusal(bomb)
    assert counting.unpacked < 100_000


def test_a_document_of_only_tags_is_given_up_halfway(monkeypatch: pytest.MonkeyPatch) -> None:
    counting = Counting(monkeypatch)
    monkeypatch.setattr(office, "MOST_ELEMENTS", 10_000)
    assert "te groot bij het uitpakken" in refusal(docx_of("<w:p/>" * 1_000_000))
    assert counting.unpacked < 400_000


def test_a_long_document_is_given_up_where_it_becomes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    counting = Counting(monkeypatch)
    paragraph = said("woord " * 20)
    assert "langer dan 60.000 woorden" in refusal(docx_of(paragraph * 100_000))
    assert counting.unpacked < 1_500_000


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_that_office_does_not_use_are_refused(method: int) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, content in {"[Content_Types].xml": "<Types/>", "word/document.xml": said("a")}.items():
            archive.writestr(name, content)
    assert "beschadigd" in refusal(written.getvalue())


def test_elements_within_elements_without_end_are_refused() -> None:
    assert "te groot" in refusal(docx_of("<w:p>" * 5000 + "</w:p>" * 5000))


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><x>&c;</x>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize("xml", [LAUGHS, OUTSIDE])
def test_entities_are_never_opened(xml: str) -> None:
    assert "beschadigd" in refusal(docx_of("", {"word/document.xml": xml}))
    assert "beschadigd" in refusal(docx_of(said("a"), {"word/footnotes.xml": xml}))
    assert "beschadigd" in refusal(odt_of("", {"content.xml": xml}))


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
REFUSED = {
    "nothing": (b"", "Er staat geen tekst in dit bestand."),
    "blanks": (b"\xef\xbb\xbf \r\n\t ", "Er staat geen tekst in dit bestand."),
    "a document without words": (docx_of("<w:p/>"), "Er staat geen tekst in dit bestand."),
    "subtitles without cues": (b"WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "Er staat geen tekst"),
    "rubbish": (bytes(range(256)) * 4, "het is geen tekst"),
    "too many bytes": (b"a " * (MOST_BYTES // 2 + 1), "groter dan 5 MB"),
    "too many words": (b"a " * (MOST_WORDS + 1), "langer dan 60.000 woorden"),
    "one endless word": (b"a" * (MOST_CHARACTERS + 1), "langer dan 60.000 woorden"),
    "a PNG": (picture("PNG"), "Dit is een plaatje"),
    "a JPEG": (picture("JPEG"), "Dit is een plaatje"),
    "a recording": (b"ID3\x04\x00\x00" + bytes(50), "geluids- of filmopname"),
    "a recording of a phone": (b"\x00\x00\x00\x1cftypM4A " + bytes(50), "geluids- of filmopname"),
    "RTF": (b"{\\rtf1\\ansi Hallo}", "Dit is een RTF-bestand."),
    "an old .doc": (OLE, "een document van een oud programma"),
    "a DOCX with a password": (OLE + "EncryptedPackage".encode("utf-16-le"), "wachtwoord"),
    "an ODT with a password": (odt_of("", {"META-INF/manifest.xml": "<manifest:encryption-data/>"}), "wachtwoord"),
    "a .docm": (docx_of(said("a"), {"word/vbaProject.bin": b"x"}), "macro's"),
    "a .docm without its program": (docx_of(said("a"), {"[Content_Types].xml": "<Types>application/vnd.ms-word.document.macroEnabled.main+xml</Types>"}), "macro's"),
    "an ODT with a program": (odt_of("", {"Basic/Standard/Module1.xml": "x"}), "macro's"),
    "a workbook": (packed({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<x/>"}), "Dit is geen tekstdocument."),
    "a workbook of ODF": (packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}), "Dit is geen tekstdocument."),
    "a ZIP of files": (packed({"a.docx": written_as_docx(TALK), "b.txt": "b"}), "Dit is een ingepakt bestand"),
    "a ZIP in a ZIP": (packed({"a.zip": packed({"b.zip": packed({"c": "c" * 10_000})})}), "Dit is een ingepakt bestand"),
    "gzip": (b"\x1f\x8b\x08" + bytes(20), "Dit is een ingepakt bestand"),
    "half a DOCX": (written_as_docx(TALK)[:2000], "beschadigd"),
    "half a PDF": (b"%PDF-1.7\n1 0 obj", "beschadigd"),
    "a DOCX without its text": (packed({"[Content_Types].xml": "<Types/>", "word/x.xml": "<x/>"}), "beschadigd"),
    "more entries than a document has": (packed({f"word/{n}": "" for n in range(1001)}), "te groot bij het uitpakken"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_read_is_said_with_what_to_do(kind: str) -> None:
    data, sentence = REFUSED[kind]
    assert sentence in refusal(data)


def test_the_name_decides_nothing_and_is_only_remarked_upon() -> None:
    assert taken(written_as_docx(TALK), "gesprek.txt") == Transcript(
        TEXT,
        ("Interviewer", "Mevrouw"),
        ("De naam van het bestand past niet bij de inhoud. Wij keken naar de inhoud.",),
    )
    assert refusal(picture("PNG"), "mevrouw Jansen.txt") == (
        "Dit is een plaatje, geen tekst. Typ de tekst over en kies dat bestand. De naam eindigt wel op .txt."
    )


def test_no_sentence_holds_a_word_of_the_story_or_the_name_of_the_file() -> None:
    for data, _sentence in REFUSED.values():
        assert "jansen" not in refusal(data, "mevrouw-jansen.docx").lower()
    english = read("a", LETTERS.encode("cp1252"), Language("en"))
    assert "buurvrouw" not in " ".join(english.notes)


# --- Subtitles --------------------------------------------------------------------------------------------------------


def vtt(*cues: str) -> bytes:
    return ("WEBVTT - Opname 3\n\nNOTE\nSECRET\n\nSTYLE\n::cue { color: red }\n\n" + "\n\n".join(
        f"id-{n}\n00:00:{n:02}.000 --> 00:00:{n + 1:02}.000 align:start position:0%\n{cue}" for n, cue in enumerate(cues)
    )).encode()  # fmt: skip


def test_voices_become_speakers_and_one_voice_one_paragraph() -> None:
    data = vtt("<v.luid Anna de Vries>Hoe <b>gaat</b></v>", "<v Anna de Vries>het <00:00:01.500><c.geel>nu?</c>", "<v Bert>Goed &amp; wel.</v>", "Echt waar.")  # fmt: skip
    assert taken(data) == Transcript("Anna de Vries: Hoe gaat het nu?\n\nBert: Goed & wel. Echt waar.", ("Anna de Vries", "Bert"))  # fmt: skip


def test_names_before_a_colon_and_two_people_in_one_cue_are_told_apart() -> None:
    data = b"1\r\n00:00:01,000 --> 00:00:02,000\r\n- Anna: Hoi.\r\n- Bert: Dag.\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n{\\an8}<i>Tot</i> ziens."
    assert taken(data) == Transcript("Anna: Hoi.\n\nBert: Dag. Tot ziens.", ("Anna", "Bert"))


def test_lines_that_roll_by_twice_are_said_once() -> None:
    rolling = vtt(
        "en nu een groot", "en nu een groot\napplaus voor", "applaus voor\niedereen hier", "iedereen hier"
    )
    assert taken(rolling).text == "en nu een groot applaus voor iedereen hier"
    growing = vtt("ik ben", "ik ben blij", "ik ben blij vandaag")
    assert taken(growing).text == "ik ben blij vandaag"


def test_two_people_may_say_the_same() -> None:
    assert taken(vtt("<v Anna>Ja.", "<v Bert>Ja.")).text == "Anna: Ja.\n\nBert: Ja."


def test_long_subtitles_without_names_get_paragraphs_where_a_sentence_ends() -> None:
    cues = [f"Dit is zin nummer {n} van een lang gesprek over wonen." for n in range(30)]
    paragraphs = taken(vtt(*cues)).text.split("\n\n")
    assert " ".join(paragraphs) == " ".join(cues)
    assert len(paragraphs) > 2


# --- Turns ------------------------------------------------------------------------------------------------------------


def test_turns_are_found_at_the_start_of_lines() -> None:
    text = "Gesprek van 3 mei\n\nI: Hoe gaat het?\n\nR: Goed.\nEcht waar: goed.\n\n[00:12:05] I: En nu?"
    assert speakers(text) == ("I", "R")
    found = turns(text)
    assert [(turn.speaker, text[turn.start : turn.end]) for turn in found] == [
        (None, "Gesprek van 3 mei"),
        ("I", "Hoe gaat het?"),
        ("R", "Goed.\nEcht waar: goed."),
        ("I", "En nu?"),
    ]
    assert text[found[3].label : found[3].start] == "[00:12:05] I: "


@pytest.mark.parametrize(
    "text",
    [
        "Datum: 3 mei\nDatum: 4 mei\nPlaats: Almere",
        "Ik dacht: dit kan niet.\nEn toen zei ze: nee.",
        "Let op: dit is waar.\nLet op: dat ook.",
        "en zij zei: ja\nen zij zei: nee",
        "Zie https://example.org\nZie https://example.org",
        "Het is 12:30 geweest.",
        "",
    ],
)
def test_a_colon_alone_makes_no_speaker(text: str) -> None:
    assert speakers(normal(text)) == ()


def test_a_name_on_a_line_of_its_own_speaks_the_lines_below() -> None:
    text = "Anna:\nHoe gaat het?\n\nBert (00:04):\nGoed.\n\nAnna:\nFijn."
    assert turns(text, ["Anna", "Bert"])[0] == Turn("Anna", 0, 6, 19)
    assert [(turn.speaker, text[turn.start : turn.end]) for turn in turns(text)] == [
        ("Anna", "Hoe gaat het?"),
        ("Bert", "Goed."),
        ("Anna", "Fijn."),
    ]


def test_labels_of_programs_that_write_down_meetings_are_turns() -> None:
    teams = "Anna de Vries 0:03\nHoe gaat het?\n\nBert Bos 0:07\nGoed.\n\nAnna de Vries 1:02:03\nFijn."
    assert [(turn.speaker, teams[turn.start : turn.end]) for turn in turns(teams)] == [
        ("Anna de Vries", "Hoe gaat het?"),
        ("Bert Bos", "Goed."),
        ("Anna de Vries", "Fijn."),
    ]
    word = "00:00:05 Spreker 1\nHoe gaat het?\n\n00:00:09 Spreker 2\nGoed."
    assert [(turn.speaker, word[turn.start : turn.end]) for turn in turns(word)] == [
        ("Spreker 1", "Hoe gaat het?"),
        ("Spreker 2", "Goed."),
    ]
    assert renamed(word, {"Spreker 2": "Bewoner"}).endswith("00:00:09 Bewoner\nGoed.")
    assert speakers("[0:12] Ja\n[0:14] Ja\nTrein van 8:15\nTrein van 8:15 ging niet") == ()


def test_speakers_can_get_another_name() -> None:
    text = "I: Hoe gaat het?\n\nI: Zeg maar I: dat mag.\n\nPetra: Goed, zei Petra."
    assert renamed(text, {"i": "Interviewer", "Petra": "Mevrouw A", "X": "Y"}) == (
        "Interviewer: Hoe gaat het?\n\nInterviewer: Zeg maar I: dat mag.\n\nMevrouw A: Goed, zei Petra."
    )


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["I:", "R: ", "Anna:", "anna", ":", "\n", "\n\n", "ja ", "[0:12] ", "Datum: ", " "]), max_size=30).map("".join).map(normal))  # fmt: skip
def test_turns_hold_the_whole_text_in_order(text: str) -> None:
    found = turns(text)
    places = [0] + [place for turn in found for place in (turn.label, turn.start, turn.end)] + [len(text)]
    assert places == sorted(places)
    between = [text[one.end : two.label] for one, two in pairwise(found)]
    assert not "".join(between).strip()
    held = "".join(text[turn.label : turn.end] for turn in found)
    assert "".join(held.split()) == "".join(text.split())


def test_pieces_are_gathered_no_further_than_may_be() -> None:
    asked = []

    def pieces() -> object:
        for number in range(1000):
            asked.append(number)
            yield "woord " * 1000

    with pytest.raises(Refused):
        gathered(pieces())  # type: ignore[arg-type]
    assert len(asked) == MOST_WORDS // 1000 + 1
