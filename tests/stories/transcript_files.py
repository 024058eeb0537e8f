"""Files as people bring them, and as they should not: made here, so that every one of them can be read."""

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence

import docx
import odfdo
import typst
from PIL import Image
from pypdf import PdfReader, PdfWriter

TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Target="%s"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table", "drawing")
)


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def said(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def docx_of(
    body: str, more: Mapping[str, str | bytes] | None = None, main: str = "word/document.xml"
) -> bytes:
    """A DOCX with this between the tags of its body."""
    document = f"<w:document {WORD}><w:body>{body}</w:body></w:document>"
    parts = {"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS % main, main: document}
    return packed({**parts, **(more or {})})


def odt_of(body: str, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """An ODT with this between the tags of its text."""
    content = f"<office:document-content {ODF}><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    return packed(
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, **(more or {})}
    )


def written_as_docx(paragraphs: Sequence[str]) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.core_properties.author = "Geheime Schrijver"
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def written_as_odt(paragraphs: Sequence[str]) -> bytes:
    document = odfdo.Document("text")
    document.body.clear()
    for paragraph in paragraphs:
        document.body.append(odfdo.Paragraph(paragraph))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def written_as_pdf(paragraphs: Sequence[str], before: str = "") -> bytes:
    quoted = ["#" + '"' + p.replace("\\", "\\\\").replace('"', '\\"') + '"' for p in paragraphs]
    return typst.compile((before + "\n" + "\n\n".join(quoted)).encode())


def blank_pages(number: int) -> bytes:
    writer = PdfWriter()
    for _page in range(number):
        writer.add_blank_page(100, 100)
    return _saved(writer)


def locked_pdf(paragraphs: Sequence[str], to_open: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(written_as_pdf(paragraphs))))
    writer.encrypt(to_open, owner_password="eigenaar", algorithm="AES-256")
    return _saved(writer)


def _saved(writer: PdfWriter) -> bytes:
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def picture(kind: str) -> bytes:
    written = io.BytesIO()
    Image.effect_noise((200, 200), 60).convert("RGB").save(written, kind)
    return written.getvalue()


def pdf_of(page: bytes, more: Sequence[bytes] = (), resources: bytes = b"") -> bytes:
    """A PDF of one page with this content, drawn with one font; `more` are objects from number 6 on."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 500 500] /Contents 5 0 R /Resources << /Font << /F 4 0 R >> %s >> >>" % resources,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        page,
        *more,
    ]  # fmt: skip
    written, places = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    return written + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)


def stream(content: bytes, entries: bytes = b"", times: int = 1) -> bytes:
    """An object with a stream, packed so many times over."""
    for _time in range(times):
        content = zlib.compress(content, 9)
    filters = b"/Filter [%s]" % (b"/FlateDecode " * times)
    return b"<< /Length %d %s %s >>\nstream\n%s\nendstream" % (len(content), filters, entries, content)
