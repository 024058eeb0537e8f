"""From bytes to a table: what people bring, and what is refused in words."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from workbench.core.files import Unreadable
from workbench.core.language import Language
from workbench.uploads.numbers import MISSING, NotANumber, decimal_votes, is_number, parse_cell
from workbench.uploads.reading import MOST_CELLS, Table, read

DUTCH = Language()
EXPORTS = Path(__file__).parent.parent.parent.parent / "shared" / "data" / "statline-csv"
PLAIN = "gemeente;jaar;aantal\nAlmere;2024;12,5\nÉde;2023;1.234,5\n"
ROWS = (("Almere", "2024", "12,5"), ("Éde", "2023", "1.234,5"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_gives_the_same_table(encoding: str) -> None:
    table = read(PLAIN.encode(encoding), DUTCH)
    assert (table.header, table.rows, table.decimal) == (("gemeente", "jaar", "aantal"), ROWS, ",")


@pytest.mark.parametrize("separator", [";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_separator_and_newline_gives_the_same_table(separator: str, newline: str) -> None:
    data = PLAIN.replace(";", separator).replace("\n", newline)
    assert read(data.encode(), DUTCH).rows == ROWS


def test_a_comma_between_the_cells_goes_with_a_point_in_the_numbers() -> None:
    table = read(b'gemeente,jaar,aantal\nAlmere,2024,12.5\nBreda,2024,"1,234.5"\n', DUTCH)
    assert table.decimal == "."
    assert table.rows[1] == ("Breda", "2024", "1,234.5")


def test_excel_says_its_separator_on_the_first_line() -> None:
    assert read(b"sep=;\ngemeente;jaar;aantal\nAlmere;2024;3,5\n", DUTCH).lines == (3,)


def test_titles_above_and_the_source_below_are_left_out_and_told() -> None:
    data = "Inkomen van huishoudens;;\n\ngemeente;jaar;aantal\nAlmere;2024;3,5\nBreda;2024;4,5\nBron: CBS\n"
    table = read(data.encode(), DUTCH)
    assert table.header == ("gemeente", "jaar", "aantal")
    assert table.lines == (4, 5)
    assert table.notes == (
        "Boven de kop stond één regel met een titel. Die slaan wij over.",
        "De laatste regel slaan wij over: „Bron: CBS”.",
    )


def test_empty_columns_go_and_a_column_without_a_name_gets_one() -> None:
    table = read(b"gemeente;;jaar;;aantal\nAlmere;;2024;a;3,5\nBreda;;2024;b;4,5\n", DUTCH)
    assert table.header == ("gemeente", "jaar", "kolom 4", "aantal")


def test_a_number_that_can_be_read_two_ways_is_pointed_out() -> None:
    table = read(b"gemeente;jaar;aantal\nAlmere;2024;1.234\n", DUTCH)
    assert table.notes[0].startswith("Een getal als 1.234 kan twee dingen zijn.")


def test_two_columns_with_one_name_can_be_told_apart() -> None:
    assert read(b"naam;2024;2024\nAlmere;1,5;2\n", DUTCH).header == ("naam", "2024", "2024 (2)")


def test_a_table_saved_as_one_quoted_text_is_put_right() -> None:
    data = '"naam"";""jaar"";""aantal"\n"Almere"";""2024*"";3,5\n""Breda"";""2024*"";4,5\n"'
    table = read(data.encode(), DUTCH)
    assert table.rows == (("Almere", "2024*", "3,5"), ("Breda", "2024*", "4,5"))
    assert "verdubbeld" in table.notes[0]


def test_two_empty_cells_in_quotes_are_no_doubled_quotes() -> None:
    assert read(b'a,b,c,d\n"x","","",1\n"y","","",2\n', DUTCH).rows[0][0] == "x"


def test_blanks_around_texts_go() -> None:
    table = read("naam;aantal\n  Almere\u00a0 ;   3,5\nBreda;4,5\n".encode(), DUTCH)
    assert table.rows[0] == ("Almere", "3,5")


def workbook(*rows: list[object], hidden: bool = False) -> Workbook:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if hidden:
        sheet.sheet_state = "hidden"
        book.create_sheet("leeg")
    return book


def saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_numbers_dates_and_percentages_of_a_workbook_become_texts() -> None:
    book = workbook(["naam", "jaar", "deel"], ["Almere", 2024, 0.125], ["Breda", 2024, 1234.5])
    sheet = book.active
    assert sheet is not None
    sheet["C2"].number_format = "0.0%"
    assert read(saved(book), DUTCH).rows == (("Almere", "2024", "12,5%"), ("Breda", "2024", "1234,5"))


def test_more_sheets_merged_cells_and_hidden_rows_are_told() -> None:
    book = workbook(["naam", "jaar", "aantal"], ["Almere", 2024, 1], ["Breda", 2024, 2])
    sheet = book.active
    assert sheet is not None
    sheet.merge_cells("A5:B5")
    sheet.row_dimensions[3].hidden = True
    book.create_sheet("Toelichting").append(["a", "b"])
    table = read(saved(book), DUTCH)
    assert len(table.rows) == 2
    words = " ".join(table.notes)
    assert "samengevoegde vakjes" in words
    assert "verborgen rijen" in words
    assert "Wij lezen het eerste: Sheet" in words


def archive(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return content.getvalue()


def bomb() -> bytes:
    return archive(**{"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b" " * 45_000_000})


def with_entity() -> bytes:
    return archive(**{"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><workbook/>'})


REFUSED = {
    "empty": (b"", "Het bestand is leeg."),
    "blank": (b" \n \n", "Het bestand is leeg."),
    "too large": (b"a;b\n" * 600_000, "Het bestand is groter dan 2 MB."),
    "old Excel": (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "oud Excel-bestand (.xls)"),
    "PDF": (b"%PDF-1.7\n...", "Dit is een PDF."),
    "web page": (b"<html><table><tr><td>1</td></tr></table></html>", "Dit is een webpagina"),
    "XML": (b"<?xml version='1.0'?><a/>", "Dit is een webpagina"),
    "JSON": (b'{"value": [1, 2]}', "Dit is een JSON-bestand."),
    "PNG": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "Dit is een plaatje."),
    "JPEG": (b"\xff\xd8\xff\xe0" + b"\x00" * 50, "Dit is een plaatje."),
    "no text": (b"a;b\n\x01\x02\x03;4\n", "Dit is geen tekstbestand"),
    "unknown letters": (b"naam;aantal\nAlm\x81re;3\n", "Wij kunnen de letters in dit bestand niet lezen."),
    "half UTF-16": (b"\xff\xfea\x00;", "Wij kunnen de letters in dit bestand niet lezen."),
    "one column": (b"aantal\n1\n2\n3\n", "Wij vinden maar één kolom."),
    "a letter": (
        b"Geachte heer,\n\nHierbij de cijfers.\n",
        "Wij vinden maar één kolom.",
    ),
    "header only": (b"gemeente;jaar;aantal\n", "Er staan geen regels met cijfers onder de kop."),
    "no header": (b"GM0034;2024;12\nGM0758;2024;13\n", "Op regel 1 staan al cijfers. Zet er een kop boven"),
    "row too long": (
        b"gemeente;jaar;aantal\nAlmere;2024;3\nBreda;2024;4;5;6\nEde;2024;3\n",
        "Regel 3 heeft 5 vakjes, de kop op regel 1 heeft er 3.",
    ),
    "open quote": (
        ('gemeente;jaar;aantal\n"Almere;2024;3\n' + "Breda;2024;4\n" * 40).encode(),
        "Bij regel 2 begint een tekst met een aanhalingsteken dat niet wordt gesloten.",
    ),
    "too many cells": (b"1;2\n" * (MOST_CELLS // 2 + 1), "Het bestand heeft meer dan 200.000 vakjes."),
    "not a workbook": (archive(**{"word/document.xml": b"<a/>"}), "Dit is geen Excel-bestand (.xlsx)."),
    "cut workbook": (saved(workbook(["a", "b"], [1, 2]))[:1500], "Dit Excel-bestand is beschadigd."),
    "empty workbook": (saved(Workbook()), "Er staan geen cijfers op de zichtbare bladen"),
    "hidden sheet": (
        saved(workbook(["a", "b"], [1, 2], hidden=True)),
        "Er staan geen cijfers op de zichtbare bladen",
    ),
    "formula without value": (
        saved(workbook(["naam", "aantal"], ["Almere", "=1+1"])),
        "In vakje B2 staat een formule zonder uitkomst.",
    ),
    "zip bomb": (bomb(), "Dit bestand wordt te groot bij het uitpakken."),
    "XML with an entity": (with_entity(), "Dit Excel-bestand is beschadigd."),
    "workbook of nonsense": (
        archive(**{"xl/workbook.xml": b"<nonsense", "[Content_Types].xml": b"x"}),
        "Dit Excel-bestand is beschadigd.",
    ),
    "workbook with too many cells": (
        saved(workbook(["a"] * 1000, *([[1] * 1000] * 200))),
        "Het bestand heeft meer dan 200.000 vakjes.",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_read_is_refused_in_words(kind: str) -> None:
    data, sentence = REFUSED[kind]
    with pytest.raises(Unreadable) as refusal:
        read(data, DUTCH)
    assert sentence in str(refusal.value)


def check(data: bytes) -> None:
    """A table in good order, or a sentence."""
    try:
        table = read(data, DUTCH)
    except Unreadable:
        return
    assert isinstance(table, Table)
    assert table.rows
    assert len(table.rows) == len(table.lines)
    assert {len(row) for row in table.rows} == {len(table.header)}
    assert len(set(table.header)) == len(table.header)
    assert table.decimal in ",."
    assert list(table.lines) == sorted(set(table.lines))


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_a_table_or_a_sentence(data: bytes) -> None:
    check(data)


@given(st.text(alphabet='ab1;,"\n\r\t|.\u00e9 =*', max_size=200))
@example('""";""";\n1;2')
@settings(max_examples=500, deadline=None)
def test_any_text_gives_a_table_or_a_sentence(text: str) -> None:
    check(text.encode())


PARTS = ("xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "xl/worksheets/sheet1.xml")


@given(
    st.sampled_from(PARTS),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), min_size=1, max_size=6),
)
@settings(max_examples=120, deadline=None)
def test_a_spoiled_workbook_gives_a_table_or_a_sentence(part: str, spots: list[tuple[int, int]]) -> None:
    with zipfile.ZipFile(
        io.BytesIO(saved(workbook(["naam", "aantal"], ["Almere", 1.5], ["Breda", 2])))
    ) as whole:
        members = {name: bytearray(whole.read(name)) for name in whole.namelist()}
    for place, byte in spots:
        members[part][place % len(members[part])] = byte
    check(archive(**{name: bytes(content) for name, content in members.items()}))


@given(st.lists(st.tuples(st.integers(0, 4500), st.integers(0, 255)), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_a_spoiled_archive_gives_a_table_or_a_sentence(spots: list[tuple[int, int]]) -> None:
    whole = bytearray(saved(workbook(["naam", "aantal"], ["Almere", 1.5], ["Breda", 2])))
    for place, byte in spots:
        whole[place % len(whole)] = byte
    check(bytes(whole))


cells = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Cf", "Zl", "Zp")), max_size=8
)


@given(st.lists(st.tuples(cells, cells), min_size=2, max_size=6))
@settings(max_examples=150, deadline=None)
def test_quoted_cells_come_back_as_they_were(rows: list[tuple[str, str]]) -> None:
    lines = ['"plaats";"tekst";"aantal"']
    lines += ['"Almere";"' + (a + b).replace('"', "'") + '";"3,5"' for a, b in rows]
    table = read("\n".join(lines).encode(), DUTCH)
    column = table.header.index("tekst") if "tekst" in table.header else None
    if column is not None:
        assert table.column(column) == [(a + b).replace('"', "'").strip() for a, b in rows]


# --- Cells ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1.234,5", ",", 1234.5),
        ("1,234.5", ".", 1234.5),
        ("12,5", ",", 12.5),
        ("   481.8", ".", 481.8),
        ("1 234 567", ",", 1234567),
        ("1.234", ",", 1234),
        ("1.234", ".", 1.234),
        ("-41,5", ",", -41.5),
        ("−3", ",", -3),
        ("12,5 %", ",", 12.5),
        ("€ 1.200", ",", 1200),
        ("1e+05", ".", 100000),
        ("0", ",", 0),
    ],
)
def test_numbers_are_read_as_they_are_written(text: str, decimal: str, value: float) -> None:
    assert parse_cell(text, decimal).value == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not_delivered"),
        (".", "unknown"),
        ("x", "suppressed"),
        ("X", "suppressed"),
        ("-", "unknown"),
        ("NA", "unknown"),
        ("?", "unknown"),
        ("<5", "suppressed"),
        ("< 10", "suppressed"),
        ("n.v.t.", "impossible"),
    ],
)
def test_words_for_no_figure_have_their_meaning(text: str, reason: str) -> None:
    cell = parse_cell(text, ",")
    assert (cell.value, cell.missing) == (None, reason)


def test_stars_at_a_number_say_how_certain_it_is() -> None:
    assert parse_cell("8,9*", ",").mark == "provisional"
    assert parse_cell("8,9**", ",").mark == "further_provisional"
    assert parse_cell("8,9", ",").mark is None


@pytest.mark.parametrize(
    "text", ["twaalf", "12.5", "1,2,3", "1..2", "12 st", "=1+1", "#REF!", "1.23", "--1", "9" * 40]
)
def test_what_is_no_number_with_a_comma_is_no_number(text: str) -> None:
    with pytest.raises(NotANumber):
        parse_cell(text, ",")


@given(st.text(max_size=30), st.sampled_from([",", "."]))
def test_any_text_is_a_number_a_reason_or_refused(text: str, decimal: str) -> None:
    try:
        cell = parse_cell(text, decimal)
    except NotANumber:
        return
    assert (cell.value is None) == (cell.missing is not None)
    assert cell.missing is None or cell.missing in {*MISSING.values()}
    assert cell.value is None or is_number(text)


@given(st.integers(-(10**12), 10**12), st.integers(0, 3), st.sampled_from([",", "."]))
def test_every_number_comes_back_from_its_own_writing(number: int, decimals: int, decimal: str) -> None:
    value = number / 10**decimals
    text = f"{value:,.{decimals}f}"
    if decimal == ",":
        text = text.translate(str.maketrans(",.", ".,"))
    assert parse_cell(text, decimal).value == pytest.approx(value)


def test_what_can_be_read_two_ways_does_not_vote() -> None:
    assert decimal_votes(["1.234", "1,234", "12", "a", ""]) == (0, 0)
    assert decimal_votes(["12,5", "0,75", "1.234,5", "12.5"]) == (3, 1)
