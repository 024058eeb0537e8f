"""A document as a Word file: real styles and headings, a contents field, page numbers, its language and title. Pure."""

import io
from datetime import UTC, datetime
from typing import Any

import docx
from docx.document import Document as WordFile
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from workbench.core.language import Language
from workbench.documents.parts import Bullets, Document, Heading, Lines, Paragraph, Part, Quote, Table

MIMETYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LOCALES = {"nl": "nl-NL", "en": "en-GB"}
MOST_IN_PROPERTY = 255  # characters that the format allows in a title


def write(document: Document) -> bytes:
    """The file, ready to send."""
    file = docx.Document()
    language = Language(document.language)
    _set_up(file, document)
    _cover(file, document, language)
    _contents(file, document, language)
    for place, part in enumerate(document.parts):
        _draw(file, part, place)
    kept = io.BytesIO()
    file.save(kept)
    return kept.getvalue()


def _element(tag: str, **attributes: str) -> Any:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


# --- The file as a whole --------------------------------------------------------------------------------------------


def _set_up(file: WordFile, document: Document) -> None:
    locale = LOCALES[document.language]
    for lang in file.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), locale)
    facts = file.core_properties
    facts.title = f"{document.kind}: {document.title}"[:MOST_IN_PROPERTY]
    facts.author = document.council[:MOST_IN_PROPERTY]
    facts.language, facts.comments = locale, ""
    facts.created = facts.modified = datetime(
        document.written_on.year, document.written_on.month, document.written_on.day, tzinfo=UTC
    )
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    normal = file.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    for level in (1, 2):
        style: Any = file.styles.add_style(f"toc {level}", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
        style.base_style = normal
        style.paragraph_format.left_indent = Mm(6 * (level - 1))
        style.paragraph_format.space_after = Pt(2)
    section.header.paragraphs[0].text = f"{document.council} · {document.kind}: {document.title}"
    foot = section.footer.paragraphs[0]
    foot.alignment = 1
    _field(foot, "PAGE")
    foot.add_run(" / ")
    _field(foot, "NUMPAGES")


def _field(paragraph: WordParagraph, instruction: str) -> None:
    field = _element("w:fldSimple", instr=instruction)
    run = _element("w:r")
    text = _element("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _cover(file: WordFile, document: Document, language: Language) -> None:
    file.add_paragraph(document.title, "Title")
    file.add_paragraph(document.kind, "Subtitle")
    if document.warning:
        file.add_paragraph(document.warning, "Intense Quote")
    _draw(file, document.cover, 0)
    file.add_paragraph(language.gettext("Inhoud"), "TOC Heading").paragraph_format.page_break_before = True


def _contents(file: WordFile, document: Document, language: Language) -> None:
    """A contents field that already holds the headings as links; the word processor adds the page numbers."""
    begin = [
        _element("w:fldChar", fldCharType="begin", dirty="true"),
        _instruction('TOC \\o "1-2" \\h \\z \\u'),
    ]
    begin.append(_element("w:fldChar", fldCharType="separate"))
    paragraph = None
    for place, heading in document.contents:
        paragraph = file.add_paragraph(style=f"toc {heading.level}")
        for piece in begin:
            paragraph.add_run()._r.append(piece)
        begin = []
        link = _element("w:hyperlink", anchor=_bookmark(place), history="1")
        run = paragraph.add_run(heading.text)._r
        link.append(run)
        paragraph._p.append(link)
    if paragraph is None:
        file.add_paragraph(language.gettext("Hier is nog niets ingevuld."))
    else:
        paragraph.add_run()._r.append(_element("w:fldChar", fldCharType="end"))


def _instruction(text: str) -> Any:
    made = _element("w:instrText")
    made.set(qn("xml:space"), "preserve")
    made.text = text
    return made


def _bookmark(place: int) -> str:
    return f"deel-{place}"


# --- Its parts ------------------------------------------------------------------------------------------------------


def _draw(file: WordFile, part: Part, place: int) -> None:
    match part:
        case Heading(text, level):
            heading = file.add_heading(text, level)
            if level == 1 and place == 0:
                heading.paragraph_format.page_break_before = True
            start = _element("w:bookmarkStart", id=str(place), name=_bookmark(place))
            heading._p.insert(1, start)
            heading._p.append(_element("w:bookmarkEnd", id=str(place)))
        case Paragraph(text, is_note):
            file.add_paragraph().add_run(text).italic = is_note
        case Bullets(items):
            for item in items:
                file.add_paragraph(item, "List Bullet")
        case Lines(lines):
            for question, answer in lines:
                paragraph = file.add_paragraph()
                paragraph.add_run(question).bold = True
                paragraph.add_run("\n" + answer)
        case Quote(who, text):
            paragraph = file.add_paragraph(style="Quote")
            paragraph.add_run(who).bold = True
            paragraph.add_run("\n" + text)
        case Table():
            _table(file, part)


def _table(file: WordFile, part: Table) -> None:
    file.add_paragraph(part.caption, "Caption").paragraph_format.keep_with_next = True
    drawn = file.add_table(rows=1, cols=len(part.columns), style="Table Grid")
    for cell, text in zip(drawn.rows[0].cells, part.columns, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    for row in part.rows:
        for cell, text in zip(drawn.add_row().cells, row, strict=True):
            cell.text = text
    drawn.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader", val="true"))
    for drawn_row in drawn.rows:
        drawn_row._tr.get_or_add_trPr().insert(0, _element("w:cantSplit", val="true"))
    file.add_paragraph()
