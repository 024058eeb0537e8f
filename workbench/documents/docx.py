"""A document as a Word file: a cover, real styles and headings, filled contents, page numbers, language and title. Pure."""

import io
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import docx
from docx.document import Document as WordFile
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from workbench.core.language import Language
from workbench.documents import pictures
from workbench.documents.parts import (
    Bullets,
    Document,
    Heading,
    Lines,
    PageBreak,
    Paragraph,
    Part,
    Picture,
    Quote,
    Table,
)

MIMETYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LOCALES = {"nl": "nl-NL", "en": "en-GB"}
MOST_IN_PROPERTY = 255  # characters that the format allows in a title
PAGE, MARGIN = (Mm(210), Mm(297)), Mm(22)
TEXT = Mm(166)  # between the margins
DARK, GREY = RGBColor(0x1F, 0x2A, 0x44), RGBColor(0x55, 0x5F, 0x73)
SHADE, RULE = "EEF1F6", "C3CAD6"  # of table heads, and of rules
ANSWER, SHORT_ANSWER, CELL = "Answer", "ShortAnswer", "Cell"  # our own paragraph styles
SHORT = 90  # characters of an answer that stands behind its question
TOGETHER = 5  # items of a list that stay on one page
NARROWEST, WIDEST, PADDING = 4, 30, 3  # characters of a column: at least, at most for one word, around them
IN_A_LINE = 80  # characters of a table that fit beside each other


def write(document: Document) -> bytes:
    """The file, ready to send."""
    file = docx.Document()
    language = Language(document.language)
    drawings = [part for part in document.parts if isinstance(part, Picture)]
    pngs = iter(pictures.as_pngs([part.svg for part in drawings], language))
    _set_up(file, document)
    _cover(file, document)
    _contents(file, document, language)
    for place, part in enumerate(document.parts):
        if isinstance(part, Picture):
            _picture(file, part, next(pngs), f"{language.gettext('Figuur')} {place}")
        else:
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
    _styles(file)
    section = file.sections[0]
    section.page_width, section.page_height = PAGE
    section.left_margin = section.right_margin = MARGIN
    section.different_first_page_header_footer = True  # the cover says it all itself
    head = section.header.paragraphs[0]
    head.text = f"{document.council} · {document.kind}: {document.title}"
    foot = section.footer.paragraphs[0]
    foot.alignment = 1
    _field(foot, "PAGE")
    foot.add_run(" / ")
    _field(foot, "NUMPAGES")


def _styles(file: WordFile) -> None:
    """One letter, one dark colour, and room where a new thing begins."""
    normal = file.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    normal.paragraph_format.space_after = Pt(6)
    for name, size, before in (("Heading 1", 18, 24), ("Heading 2", 14, 18), ("Heading 3", 11.5, 12)):
        style: Any = file.styles[name]
        _one_font(style)
        style.font.size, style.font.color.rgb = Pt(size), DARK
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(4)
    for name, size, colour in (("Title", 30, DARK), ("Subtitle", 16, GREY), ("TOC Heading", 18, DARK)):
        style = file.styles[name]
        _one_font(style)
        style.font.size, style.font.italic, style.font.color.rgb = Pt(size), False, colour
    for rule in file.styles["Title"].element.iter(qn("w:pBdr")):
        rule.getparent().remove(rule)
    for name in ("Header", "Footer"):
        file.styles[name].font.size, file.styles[name].font.color.rgb = Pt(9), GREY
    warning: Any = file.styles["Intense Quote"]
    warning.font.color.rgb, warning.font.italic = DARK, False
    warning.paragraph_format.left_indent = warning.paragraph_format.right_indent = Mm(0)
    caption = file.styles["Caption"]
    caption.font.size, caption.font.color.rgb = Pt(10), GREY
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(8), Pt(3)
    for name, after, size in ((ANSWER, 6, 11.0), (SHORT_ANSWER, 3, 11.0), (CELL, 2, 9.5)):
        style = file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.font.size = normal, Pt(size)
        style.paragraph_format.space_after = Pt(after)
        style.paragraph_format.space_before = Pt(2 if name == CELL else 0)
        style.paragraph_format.keep_together = True
    for level in (1, 2):
        style = file.styles.add_style(f"toc {level}", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
        style.base_style = normal
        style.paragraph_format.left_indent = Mm(6 * (level - 1))
        style.paragraph_format.space_before = Pt(6 if level == 1 else 0)
        style.paragraph_format.space_after = Pt(2)


def _one_font(style: Any) -> None:
    """Headings in the letter of the text: those of the template's theme differ per program."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    style.font.name = "Calibri"


def _field(paragraph: WordParagraph, instruction: str) -> None:
    field = _element("w:fldSimple", instr=instruction)
    run = _element("w:r")
    text = _element("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _cover(file: WordFile, document: Document) -> None:
    council = file.add_paragraph(document.council, "Subtitle")
    council.paragraph_format.space_before = Mm(45)
    file.add_paragraph(document.title, "Title")
    file.add_paragraph(document.kind, "Subtitle").paragraph_format.space_after = Mm(14)
    if document.warning:
        file.add_paragraph(document.warning, "Intense Quote")
    _draw(file, document.cover, 0)


def _contents(file: WordFile, document: Document, language: Language) -> None:
    """The headings as links, filled in already: a file that asks to be updated frightens people.

    Only a word processor knows on which page a heading lands; who updates the contents there gets the page numbers.
    """
    title = file.add_paragraph(language.gettext("Inhoud"), "TOC Heading")
    title.paragraph_format.page_break_before = True
    begin = [_element("w:fldChar", fldCharType="begin"), _instruction('TOC \\o "1-2" \\h \\z \\u')]
    begin.append(_element("w:fldChar", fldCharType="separate"))
    paragraph = None
    for place, heading in document.contents:
        paragraph = file.add_paragraph(style=f"toc {heading.level}")
        for piece in begin:
            paragraph.add_run()._r.append(piece)
        begin = []
        link = _element("w:hyperlink", anchor=_bookmark(place), history="1")
        link.append(paragraph.add_run(heading.text)._r)
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
    return f"deel_{place}"


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
            for item_place, item in enumerate(items):
                bullet = file.add_paragraph(item, "List Bullet").paragraph_format
                bullet.keep_with_next = item_place < min(len(items), TOGETHER) - 1
        case Lines(lines):
            _lines(file, lines)
        case Quote(who, text):
            paragraph = file.add_paragraph(style="Quote")
            paragraph.paragraph_format.left_indent = Mm(6)
            paragraph.paragraph_format.keep_together = True
            _rule(paragraph)
            paragraph.add_run(who).bold = True
            paragraph.add_run("\n" + text)
        case Table():
            _table(file, part)
        case PageBreak():
            file.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _lines(file: WordFile, lines: Sequence[tuple[str, str]]) -> None:
    """A short answer stands behind its question, a longer one below it."""
    for place, (question, answer) in enumerate(lines):
        is_short = len(answer) <= SHORT and "\n" not in answer and not question.endswith("?")
        paragraph = file.add_paragraph()
        paragraph._p.style = (
            SHORT_ANSWER if is_short else ANSWER
        )  # by its number: looking it up by name takes long
        if place == 0:
            paragraph.paragraph_format.space_before = Pt(6)
            paragraph.paragraph_format.keep_with_next = len(lines) > 1
        paragraph.add_run(f"{question}:" if is_short else question).bold = True
        paragraph.add_run((" " if is_short else "\n") + answer)


def _rule(paragraph: WordParagraph) -> None:
    """A line beside words that are not everybody's."""
    border = _element("w:pBdr")
    border.append(_element("w:left", val="single", sz="18", space="8", color=RULE))
    paragraph._p.get_or_add_pPr().insert_element_before(
        border, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _picture(file: WordFile, part: Picture, png: bytes, name: str) -> None:
    """As wide as the text, with its words for who does not see it."""
    drawn = file.add_picture(io.BytesIO(png), width=TEXT)
    facts = drawn._inline.docPr
    facts.set("descr", part.alt)
    facts.set("name", name)
    file.paragraphs[-1].paragraph_format.space_before = Pt(6)


def _table(file: WordFile, part: Table) -> None:
    """The head on every page, no row over two pages, and widths by what the columns hold."""
    file.add_paragraph(part.caption, "Caption").paragraph_format.keep_with_next = True
    drawn = file.add_table(rows=1 + len(part.rows), cols=len(part.columns), style="Table Grid")
    _quiet_rules(drawn)
    drawn.autofit = False
    widths = _widths(part)
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = width
    for place, (row, texts) in enumerate(zip(drawn.rows, (part.columns, *part.rows), strict=True)):
        properties = row._tr.get_or_add_trPr()
        properties.append(_element("w:cantSplit", val="true"))
        if place == 0:
            properties.append(_element("w:tblHeader", val="true"))
        for column_place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = widths[column_place]
            paragraph = cell.paragraphs[0]
            paragraph._p.style = CELL
            run = paragraph.add_run(text)
            if place == 0 or column_place == 0:
                run.bold = True
            if column_place < len(part.numeric) and part.numeric[column_place]:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if place == 0:
                paragraph.paragraph_format.keep_with_next = True
                shade = _element("w:shd", val="clear", color="auto", fill=SHADE)
                cell._tc.get_or_add_tcPr().append(shade)
    file.add_paragraph().paragraph_format.space_after = Pt(0)


def _quiet_rules(drawn: WordTable) -> None:
    """Rules between the rows only."""
    borders = _element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        is_across = side in ("top", "bottom", "insideH")
        borders.append(
            _element(f"w:{side}", val="single" if is_across else "nil", sz="4", space="0", color=RULE)
        )
    drawn._tbl.tblPr.insert_element_before(
        borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook", "w:tblCaption", "w:tblDescription"
    )


def _widths(part: Table) -> list[int]:
    found = shares(part)
    return [int(TEXT * share / sum(found)) for share in found]


def shares(part: Table) -> list[float]:
    """How much of the page each column gets: a column never breaks its longest word, and long texts get what remains."""
    least, wished = [], []
    for place, column in enumerate(zip(part.columns, *part.rows, strict=True)):
        words = [text.replace("\n", " ").split(" ") for text in column]
        longest_word = max(len(word) for text in words for word in text)
        bold = max(len(word) for text in (words if place == 0 else words[:1]) for word in text)
        longest_word = max(longest_word, bold + bold // 6)
        least.append(min(max(longest_word, NARROWEST), WIDEST) + PADDING)
        wished.append(math.isqrt(max(len(text) for text in column) * 10))  # a block of a few lines
    more = [max(wish - low, 0) for wish, low in zip(wished, least, strict=True)]
    rest = max(IN_A_LINE - sum(least), 0)
    return [low + rest * extra / max(sum(more), 1) for low, extra in zip(least, more, strict=True)]
