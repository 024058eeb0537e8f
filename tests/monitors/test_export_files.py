"""The files that a monitor is taken along as hold what its page says, whatever people wrote in it."""

import csv
import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import docx
import openpyxl
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from workbench.core.language import LANGUAGES, Language
from workbench.documents import pictures
from workbench.figures import svg as painter
from workbench.figures.scene import Line, Rect, Scene, Shape, Text
from workbench.figures.style import DEFAULT
from workbench.monitors.contents import (
    FigureWords,
    GoalWords,
    ListWords,
    MoneyWords,
    MonitorWords,
    PageBreakWords,
    QuestionWords,
    SectionWords,
    TableWords,
    TextWords,
    to_json,
)
from workbench.monitors.exports import paper, sheets, summary
from workbench.monitors.exports.models import Form
from workbench.monitors.exports.numbers import read
from workbench.monitors.exports.summary import Group, PieceWords, SummaryWords
from workbench.monitors.exports.summary import Line as Said
from workbench.monitors.exports.writing import KINDS, file_name, picture, write

HOSTILE = (
    '#panic("x")',
    "[haak] *vet* _schuin_",
    "\\u{41} $x^2$ @bron <label> ~ `code` // = - +",
    '=HYPERLINK("https://kwaad.example")',
    "+31 bel mij",
    "-1+1",
    "@SUM(A1)",
    "<script>alert(1)</script> & ]]>",
    "tab\tnul\x00 en \x0b",
)
NAMES = UUID("5b0d5fb2-7a39-4e0b-b8e2-3f3f4a6dbb0e")


def uid(name: object) -> UUID:
    return uuid5(NAMES, str(name))


def drawing(title: str = "Titel") -> str:
    shapes: list[Shape] = [
        Rect(10, 60, 10, 30, DEFAULT.own),
        Line(((0.0, 20.0), (50.0, 60.0), (100.0, 20.0)), DEFAULT.own, 2),
        Text(20, 90, "Almere 12,5", DEFAULT.text),
    ]
    return painter.paint(Scene(120, shapes), title, "Een lijn.", DEFAULT)


def table(rows: int = 3, language: str = "nl") -> TableWords:
    spoken = Language(language)
    return TableWords(
        caption="Aantal per jaar",
        columns=("Jaar", "Waarde", "Midden", "Stand"),
        rows=tuple(
            (
                str(2020 + place),
                spoken.number(1234.5 * (place + 1), 1),
                f"{spoken.number(1000 + place)} tot {spoken.number(2000 + place)}",
                "definitief",
            )
            for place in range(rows)
        ),
        numeric=(False, True, True, False),
    )


def figure(name: str, **content: Any) -> FigureWords:
    return FigureWords(
        **{
            "id": uid(name),
            "link_id": uid(f"link {name}"),
            "goal_id": uid("goal"),
            "subject": name,
            "level": 4,
            "state": "ready",
            "title": f"{name}, gestegen",
            "sentence": "In 2022 was het 3.703,5.",
            "alt": "Een lijn die stijgt.",
            "notes": ("Het cijfer over 2022 is voorlopig.",),
            "table": table(),
            "svg": drawing(),
            "source": ("Bron: CBS, tabel 1.", "CC BY 4.0."),
            "reason": "Om te weten hoe het gaat.",
            "quality": "laat een deel van het doel zien",
            "not_saying": "Wie hulp krijgt.",
            **content,
        }
    )


MISSING = figure(
    "Wachttijd",
    state="missing",
    state_text="De bron heeft dit cijfer niet.",
    table=None,
    svg="",
    sentence="",
    notes=(),
)


def monitor(*items: Any, **content: Any) -> MonitorWords:
    goal = GoalWords(
        id=uid("head"), goal_id=uid("goal"), sentence="Inwoners merken het.", lines=("Geteld: 2.",)
    )
    return MonitorWords(
        **{
            "council": "Almere",
            "title": "Sociaal domein",
            "language": "nl",
            "area": "Almere",
            "warning": "Fictief voorbeeld: bedacht.",
            "format_number": 3,
            "read_on": date(2026, 7, 2),
            "sections": (
                SectionWords(
                    id=uid("section"),
                    name="Nabijheid",
                    own_words="Hulp in de buurt.",
                    position="De groep kiest het midden.",
                    items=(goal, *items),
                ),
            ),
            **content,
        }
    )


EVERYTHING = monitor(
    figure("Inwoners"),
    MISSING,
    TextWords(id=uid("text"), text="Een toelichting."),
    QuestionWords(id=uid("question"), text="Wat valt op?"),
    MoneyWords(
        id=uid("money"),
        goal_id=uid("goal"),
        level=4,
        table=TableWords(
            caption="Kosten",
            columns=("Waarvoor", "Eenmalig", "Elk jaar"),
            rows=(("Wijkteam", "–", "120.000"),),
            numeric=(False, True, True),
        ),
        spent=("Wmo: 12.345 euro, 2024.",),
    ),
    PageBreakWords(id=uid("break")),
    ListWords(
        id=uid("unknown"), kind="unknown", title="Wat we niet weten", level=3, lines=("Wie niet komt.",)
    ),
)


def text_of(file: bytes) -> str:
    """All text of a PDF, without line ends and the marks of broken words."""
    found = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file)).pages)
    return re.sub(r"\s+", " ", re.sub(r"[-\u00ad\u2010]\n", "", found))


def numbers_in(words: MonitorWords) -> set[str]:
    tables = [sheet.table for sheet in sheets.sheets(words)]
    return {cell for table in tables for row in table.rows for cell in row if re.search(r"\d", cell)}


# --- PDF ------------------------------------------------------------------------------------------------------------


def test_a_pdf_has_tags_a_language_a_title_and_says_that_it_is_accessible() -> None:
    reader = pypdf.PdfReader(io.BytesIO(paper.pdf(EVERYTHING)))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "nl"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Monitor: Sociaal domein"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    kinds = structure_of(root["/StructTreeRoot"])
    assert {"/Figure", "/Table", "/TH", "/TD", "/H1", "/H2", "/H3", "/L"} <= set(kinds)
    assert kinds["/Figure"] == ["Een lijn die stijgt."]


def structure_of(root: Any) -> dict[str, list[str]]:
    """Kind of tag -> the words for who does not see it."""
    found: dict[str, list[str]] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop().get_object()
        if not isinstance(node, dict):
            waiting += (
                [child for child in node if not isinstance(child, int)] if isinstance(node, list) else []
            )
            continue
        if "/S" in node:
            found.setdefault(str(node["/S"]), []).append(str(node.get("/Alt", "")))
        if "/K" in node and not isinstance(node["/K"], int):
            waiting.append(node["/K"])
    return found


def test_a_pdf_holds_every_number_and_text_of_the_monitor() -> None:
    text = text_of(paper.pdf(EVERYTHING))
    assert len(numbers_in(EVERYTHING)) > 9
    for number in numbers_in(EVERYTHING):
        assert number in text
    for said in (
        "Hulp in de buurt.",
        "De groep kiest het midden.",
        "Inwoners merken het.",
        "De bron heeft dit cijfer niet.",
        "Wat valt op?",
        "Wmo: 12.345 euro, 2024.",
        "Wie niet komt.",
        "Fictief voorbeeld",
        "2 juli 2026",
        "CC BY 4.0.",
    ):
        assert said in text
    assert "Almere 12,5" in text, "the words in the drawing"


def test_the_same_words_give_the_same_bytes() -> None:
    again = MonitorWords.model_validate(to_json(EVERYTHING))
    assert paper.pdf(EVERYTHING) == paper.pdf(again)
    assert sheets.csv_zip(EVERYTHING) == sheets.csv_zip(again)


def test_what_people_write_is_never_part_of_the_source() -> None:
    hostile = monitor(
        *(TextWords(id=uid(text), text=text) for text in HOSTILE),
        figure(HOSTILE[0], title=HOSTILE[1], sentence=HOSTILE[2], alt=HOSTILE[1], source=HOSTILE),
        title=HOSTILE[2],
        council=HOSTILE[0],
    )
    text = text_of(paper.pdf(hostile))
    for written in HOSTILE[:8]:
        assert re.sub(r"\s", "", written) in re.sub(r"\s", "", text)


@pytest.mark.parametrize("form", [form for form in Form if not form.startswith(("figuur", "blad"))])
def test_an_empty_monitor_still_gives_a_file(form: Form) -> None:
    empty = MonitorWords(council="Almere", title="Leeg", language="nl", read_on=date(2026, 7, 2))
    assert len(write(form, to_json(empty), None)) > 300


def test_a_drawing_that_is_none_leaves_its_table() -> None:
    text = text_of(paper.pdf(monitor(figure("Kaart", svg="<svg"))))
    assert "Deze tekening kan hier niet staan" in text
    assert "1.234,5" in text


def test_english() -> None:
    words = monitor(figure("Inhabitants", table=table(language="en")), language="en")
    reader = pypdf.PdfReader(io.BytesIO(paper.pdf(words)))
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert "1,234.5" in text_of(paper.pdf(words))
    sheet = workbook(words).worksheets[1]
    assert sheet["B2"].value == 1234.5


# --- Word -----------------------------------------------------------------------------------------------------------


def test_a_word_file_holds_the_tables_and_the_drawing_with_its_words() -> None:
    file = docx.Document(io.BytesIO(paper.docx(EVERYTHING)))
    found = [[[cell.text for cell in row.cells] for row in table.rows] for table in file.tables]
    for sheet in sheets.sheets(EVERYTHING):
        if sheet.facts[1] != MISSING.title:
            assert [list(sheet.table.columns), *map(list, sheet.table.rows)] in found
    assert "De bron heeft dit cijfer niet." in "\n".join(paragraph.text for paragraph in file.paragraphs)
    [shape] = file.inline_shapes
    assert shape._inline.docPr.get("descr") == "Een lijn die stijgt."
    [image] = [part for part in file.part.package.iter_parts() if part.content_type == "image/png"]
    assert Image.open(io.BytesIO(image.blob)).width >= 1200


# --- Tables ---------------------------------------------------------------------------------------------------------


def workbook(words: MonitorWords) -> Any:
    return openpyxl.load_workbook(io.BytesIO(sheets.xlsx(words)))


def test_a_workbook_holds_every_number_as_a_number_and_shows_it_alike() -> None:
    book = workbook(EVERYTHING)
    assert len(book.sheetnames) == 4
    first = book.worksheets[1]
    assert [[cell.value for cell in row] for row in first.iter_rows()] == [
        ["Jaar", "Waarde", "Midden", "Stand"],
        ["2020", 1234.5, "1.000 tot 2.000", "definitief"],
        ["2021", 2469, "1.001 tot 2.001", "definitief"],
        ["2022", 3703.5, "1.002 tot 2.002", "definitief"],
    ]
    assert first["B3"].number_format == "#,##0.0"
    assert book.worksheets[2]["A2"].value == "De bron heeft dit cijfer niet."
    assert [cell.value for cell in book.worksheets[3][2]] == ["Wijkteam", "–", 120000]
    about = [cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell]
    for said in (
        "2026-07-02",
        "3",
        "Fictief voorbeeld: bedacht.",
        "Bron: CBS, tabel 1. CC BY 4.0.",
        "Wie hulp krijgt.",
        "De bron heeft dit cijfer niet.",
        "Om te weten hoe het gaat. (laat een deel van het doel zien)",
        "Het cijfer over 2022 is voorlopig.",
    ):
        assert said in about


def test_no_text_becomes_a_formula() -> None:
    hostile = monitor(
        *(
            figure(
                text,
                title=text,
                sentence=text,
                reason=text,
                table=TableWords(caption=text, columns=(text,), rows=((text,),), numeric=(True,)),
            )
            for text in HOSTILE
        ),
        title=HOSTILE[3],
    )
    cells = [cell for sheet in workbook(hostile).worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    for content in unzipped(hostile).values():
        for row in content:
            for cell in row:
                assert not cell.startswith(("=", "+", "@", "\t", "\r"))
                assert not cell.startswith("-") or re.fullmatch(r"-[\d,]+", cell)


def unzipped(words: MonitorWords) -> dict[str, list[list[str]]]:
    with zipfile.ZipFile(io.BytesIO(sheets.csv_zip(words))) as archive:
        return {
            name: list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig")), delimiter=";"))
            for name in archive.namelist()
        }


def test_csv_files_hold_the_numbers_as_a_dutch_spreadsheet_reads_them() -> None:
    files = unzipped(EVERYTHING)
    assert list(files) == [
        "0-over-dit-bestand.csv",
        "1-inwoners.csv",
        "2-wachttijd.csv",
        "3-wat-het-kost.csv",
    ]
    assert files["1-inwoners.csv"][1] == ["2020", "1234,5", "1.000 tot 2.000", "definitief"]
    assert files["2-wachttijd.csv"][1] == ["De bron heeft dit cijfer niet."]
    one = sheets.figure_csv(EVERYTHING.figures[0], EVERYTHING).decode("utf-8-sig")
    assert "Bron, stand en licentie;Bron: CBS, tabel 1. CC BY 4.0." in one
    assert "2020;1234,5;1.000 tot 2.000;definitief" in one


def test_names_of_sheets_are_unique_short_and_without_signs_that_are_not_allowed() -> None:
    long = "Aandeel [jongeren] met: zorg / of 'hulp' * in de gemeente?"
    names = workbook(monitor(*(figure(long, id=uid(place)) for place in range(12)))).sheetnames
    assert len(set(names)) == 13
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)


@given(
    st.decimals(min_value=-(10**12), max_value=10**12, places=3),
    st.integers(0, 3),
    st.sampled_from(LANGUAGES),
    st.sampled_from(["", " %", "\u00a0%", " (voorlopig)", "*"]),
)
def test_a_shown_number_is_read_back_as_it_was(value: Decimal, decimals: int, code: str, after: str) -> None:
    spoken = Language(code)
    text = spoken.number(float(value), decimals)
    found = read(text + after, code)
    assert found is not None
    assert found.after == after
    assert found.decimals == decimals
    assert spoken.number(float(found.value), decimals) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "–",
        "geheim",
        "1.000 tot 2.000",
        "12,3 per 1.000",
        "minder dan 5",
        "2024/2025",
        "03759ned",
        "1,2,3",
        "12a",
    ],
)
def test_what_is_not_one_number_stays_text(text: str) -> None:
    assert read(text, "nl") is None


def test_money_and_its_sign() -> None:
    found = read("€ \u22121.250,50", "nl")
    assert found is not None
    assert (found.value, found.excel_format) == (Decimal("-1250.50"), '"€ "#,##0.00')


# --- Pictures -------------------------------------------------------------------------------------------------------


def test_a_picture_stands_on_its_own_with_title_source_and_mark() -> None:
    svg = picture(EVERYTHING.figures[0], EVERYTHING)
    for said in ("Inwoners, gestegen", "Bron: CBS, tabel 1.", "Fictief voorbeeld: bedacht.", "Almere 12,5"):
        assert said in svg
    assert "http" not in svg.replace(pictures.SVG, "")
    file = write("figuur-png", to_json(EVERYTHING), EVERYTHING.figures[0].id)
    assert Image.open(io.BytesIO(file)).width == 2 * (pictures.WIDTH + 2 * pictures.MARGIN)


def test_a_drawing_gets_one_width_and_keeps_its_strokes() -> None:
    fixed = pictures.fixed(drawing(), 500)
    assert "%" not in fixed
    assert "preserveAspectRatio" not in fixed
    assert 'd="M 0 20 250 60 500 20"' in fixed
    assert 'x="50" y="10" width="250"' in fixed


@pytest.mark.parametrize(
    "svg", ["", "<svg", "<html/>", "<svg height='x' xmlns='http://www.w3.org/2000/svg'/>"]
)
def test_what_is_no_drawing_is_refused(svg: str) -> None:
    with pytest.raises(pictures.NoDrawing):
        pictures.fixed(svg)


# --- One sheet ------------------------------------------------------------------------------------------------------


def sheet(count: int, text: str) -> SummaryWords:
    lines = tuple(Said(strong=f"Waarde {place}", text=text) for place in range(count))
    groups = (Group(title="Onze waarden", lines=lines), Group(title="Meer", lines=lines))
    one, two, three, four = (
        PieceWords(name=name, about="Wat?", empty="Nog niets.", groups=groups if count else ())
        for name in ("Visie", "Kennis", "Sturing", "Informatie")
    )
    return SummaryWords(
        council="Raad van Almere",
        title="Sociaal domein",
        language="nl",
        read_on=date(2026, 7, 2),
        warning="Fictief voorbeeld.",
        pieces=(one, two, three, four),
    )


@pytest.mark.parametrize(("count", "times"), [(0, 1), (1, 1), (3, 1), (30, 60)])
def test_one_sheet_is_one_page_whatever_it_holds(count: int, times: int) -> None:
    file = summary.pdf(sheet(count, "Hulp in de buurt, zo dichtbij als het kan. " * times))
    reader = pypdf.PdfReader(io.BytesIO(file))
    [page] = reader.pages
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [420, 297]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in reader.trailer["/Root"]["/Metadata"].get_data()
    text = text_of(file)
    assert [text.index(name) for name in ("Visie", "Kennis", "Sturing", "Informatie")] == sorted(
        text.index(name) for name in ("Visie", "Kennis", "Sturing", "Informatie")
    )
    assert ("Nog niets." in text) == (count == 0)
    assert ("En nog" in text) == (count == 30)


def test_one_sheet_takes_texts_as_they_are() -> None:
    text = text_of(summary.pdf(sheet(1, HOSTILE[0] + HOSTILE[2])))
    assert '#panic("x")' in text


@given(st.text(), st.integers(5, 60))
def test_a_text_is_cut_at_a_word_and_says_so(text: str, longest: int) -> None:
    cut = summary.cut(text, longest)
    assert len(cut) <= longest
    assert cut.endswith("…") or len(cut) <= len(" ".join(text.split()))


def test_cutting_keeps_whole_words() -> None:
    assert summary.cut("Hulp in de buurt, voor iedereen", 20) == "Hulp in de buurt…"
    assert summary.cut("Hulp in de buurt", 16) == "Hulp in de buurt"


# --- Names ----------------------------------------------------------------------------------------------------------


def test_every_form_has_an_ending_and_a_name_that_says_what_it_is() -> None:
    assert set(KINDS) == {form.value for form in Form}
    assert (
        file_name("csv", "Sociaal domein: één!", "almere", "2026-07-02")
        == "sociaal-domein-n-almere-2026-07-02.zip"
    )
