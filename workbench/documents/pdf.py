"""A document as a PDF that everyone can read: PDF/UA-1, with tags, a title, a language and words for its pictures. Pure."""

from typing import Any

from workbench.core.language import Language
from workbench.documents import typeset
from workbench.documents.docx import shares
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

MIMETYPE = "application/pdf"


def write(document: Document) -> bytes:
    """The file, ready to send; the same document always gives the same bytes."""
    spoken = Language(document.language)
    day = document.written_on
    return typeset.pdf(
        "document",
        {
            "kind": document.kind,
            "title": document.title,
            "council": document.council,
            "language": document.language,
            "written_on": (day.year, day.month, day.day),
            "warning": document.warning,
            "mark": spoken.gettext("Fictief voorbeeld") if document.warning else "",
            "cover": document.cover.lines,
            "contents": spoken.gettext("Inhoud"),
            "parts": [_data(part) for part in document.parts],
        },
    )


def _data(part: Part) -> dict[str, Any]:
    match part:
        case Heading(text, level):
            return {"kind": "heading", "text": text, "level": level}
        case Paragraph(text, is_note):
            return {"kind": "paragraph", "text": text, "is_note": is_note}
        case Bullets(items):
            return {"kind": "bullets", "items": items}
        case Lines(lines):
            return {"kind": "lines", "lines": lines}
        case Quote(who, text):
            return {"kind": "quote", "who": who, "text": text}
        case Picture(svg, alt):
            return {"kind": "picture", "svg": svg, "alt": alt}
        case PageBreak():
            return {"kind": "page"}
        case Table(caption, columns, rows, numeric):
            return {
                "kind": "table",
                "caption": caption,
                "columns": columns,
                "rows": rows,
                "numeric": numeric,
                "widths": shares(part),
            }
