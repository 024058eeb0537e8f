"""From the bytes of a file to a table of texts. Pure: no database, no web.

People make these files with StatLine, Excel, R and each other's help, so the reader is mild about form (encoding,
separator, titles above, a source line below, quotes doubled by saving again) and strict about what it does not
understand: that is an `Unreadable` with a sentence that says what to do. What it did on its own it tells in `notes`.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any

from workbench.core.files import Archive, Kind, Spoilt, Swollen, Unreadable, decode, kind_of
from workbench.core.language import Language
from workbench.uploads.numbers import decimal_votes

MOST_BYTES = 2 * 1024 * 1024
MOST_CELLS = 200_000
MOST_TEXT = 2_000  # characters in one cell
UNPACKED = 40 * 1024 * 1024  # an XLSX of 2 MB with honest figures stays far below this
SEPARATORS = (";", "\t", "|", ",")
DOUBLED = re.compile(r'[^;,\t|"\n]""[;,\t|]""[^;,\t|"\n]')  # `"a"";""b"`, not two empty cells
BLANKS = " \t\r\n\u00a0\u2007\u202f\ufeff"


@dataclass(frozen=True)
class Table:
    """A header and rows of texts, each row with its line in the file."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    decimal: str  # "," or ".": how most numbers are written
    notes: tuple[str, ...] = ()

    def column(self, number: int) -> list[str]:
        return [row[number] for row in self.rows]


Line = tuple[int, list[str]]  # line in the file, its cells


def read(data: bytes, spoken: Language) -> Table:
    """Read a CSV or XLSX file. Raises: Unreadable."""
    if not data.strip():
        raise Unreadable(spoken.gettext("Het bestand is leeg. Kies een bestand met een kop en cijfers."))
    if len(data) > MOST_BYTES:
        raise Unreadable(
            spoken.gettext(
                "Het bestand is groter dan 2 MB. Laat weg wat u niet nodig hebt en sla het opnieuw op."
            )
        )
    if kind := _wrong_kind(data, spoken):
        raise Unreadable(kind)
    notes: list[str] = []
    if data.startswith(b"PK"):
        lines, decimal = _read_workbook(data, notes, spoken)
    else:
        lines, decimal = list(_read_text(_letters(data, notes, spoken), notes, spoken)), None
    return _table(lines, decimal, notes, spoken)


def _wrong_kind(data: bytes, spoken: Language) -> str | None:
    kind, start = kind_of(data), data[:512].lstrip().lower()
    if kind is Kind.OLD_OFFICE:
        return spoken.gettext(
            "Dit is een oud Excel-bestand (.xls) of er zit een wachtwoord op. Sla het op als .xlsx zonder wachtwoord, of als CSV."
        )
    if kind is Kind.PDF:
        return spoken.gettext("Dit is een PDF. Vraag de cijfers als Excel- of CSV-bestand.")
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        return spoken.gettext(
            "Dit is een webpagina, geen tabel. Open het bestand in Excel en sla het op als .xlsx of CSV."
        )
    if start.startswith((b"{", b"[{")):
        return spoken.gettext("Dit is een JSON-bestand. Kies een CSV- of Excel-bestand.")
    if kind is Kind.PICTURE:
        return spoken.gettext("Dit is een plaatje. Kies een CSV- of Excel-bestand.")
    return None


# --- CSV --------------------------------------------------------------------------------------------------------------


def _letters(data: bytes, notes: list[str], spoken: Language) -> str:
    """Bytes to text. Raises: Unreadable."""
    try:
        text = decode(data)
        if text is None:
            text = data.decode("cp1252")
            notes.append(
                spoken.gettext("Wij lazen de letters als Windows-tekst (cp1252). Kijk na of é en ë kloppen.")
            )
    except UnicodeDecodeError as error:
        raise Unreadable(
            spoken.gettext("Wij kunnen de letters in dit bestand niet lezen. Sla het op als CSV UTF-8.")
        ) from error
    strange = sum(1 for c in text if (ord(c) < 32 and c not in "\t\r\n\f\v") or c == "\x7f")
    if strange:
        raise Unreadable(
            spoken.gettext(
                "Dit is geen tekstbestand: er staan tekens in die wij niet kunnen lezen. Kies een CSV- of Excel-bestand."
            )
        )
    return text


def _read_text(text: str, notes: list[str], spoken: Language) -> Iterator[Line]:
    separator = None
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\ufeff")
    skipped = 0
    first, _, rest = text.partition("\n")
    if re.fullmatch(r'"?sep=.', first.strip('" ')):
        separator, text, skipped = first.strip('" ')[-1], rest, 1
    if DOUBLED.search(text):
        text = _undouble(text)
        notes.append(
            spoken.gettext(
                "De aanhalingstekens waren verdubbeld door opnieuw opslaan. Dat hebben wij hersteld."
            )
        )
    separator = separator or _separator(text)
    if separator is None:
        raise Unreadable(
            spoken.gettext(
                "Wij vinden maar één kolom. Gebruik puntkomma's tussen de vakjes en zet er een kop boven."
            )
        )
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    start, cells = 1 + skipped, 0
    try:
        for row in reader:
            cells += len(row)
            if cells > MOST_CELLS:
                raise Unreadable(_too_many(spoken))
            if any(len(cell) > MOST_TEXT or cell.count("\n") > 5 for cell in row):
                raise Unreadable(
                    spoken.gettext(
                        "Bij regel %(line)s begint een tekst met een aanhalingsteken dat niet wordt gesloten. Verbeter dat in het bestand.",
                        line=start,
                    )
                )
            yield start, [cell.strip(BLANKS) for cell in row]
            start = reader.line_num + 1 + skipped
    except csv.Error as error:
        raise Unreadable(
            spoken.gettext(
                "Regel %(line)s is geen goede CSV-regel. Kijk naar de aanhalingstekens.", line=start
            )
        ) from error


def _too_many(spoken: Language) -> str:
    return spoken.gettext(
        "Het bestand heeft meer dan 200.000 vakjes. Laat rijen of kolommen weg die u niet nodig hebt."
    )


def _undouble(text: str) -> str:
    """Undo a table that was saved as one quoted text: `"a"";""b"";1` is `"a";"b";1`."""
    lines = text.replace('""', '"').split("\n")
    while lines and not lines[-1].strip(' "'):
        lines.pop()
    if lines and lines[-1].count('"') % 2 and lines[-1].endswith('"'):
        lines[-1] = lines[-1][:-1]
    return "\n".join(line[1:] if line.count('"') % 2 and line.startswith('"') else line for line in lines)


def _separator(text: str) -> str | None:
    """The separator that gives the most rows of the same width; None when nothing gives two columns."""
    best, best_score = None, 0.0
    for separator in SEPARATORS:
        try:
            widths = [
                len(row)
                for row in islice(csv.reader(io.StringIO(text), delimiter=separator), 200)
                if any(row)
            ]
        except csv.Error:
            continue
        wide = Counter(width for width in widths if width > 1)
        if wide and (score := max(wide.values()) / len(widths)) > best_score + 0.05:
            best, best_score = separator, score
    return best


# --- XLSX -------------------------------------------------------------------------------------------------------------


def _read_workbook(data: bytes, notes: list[str], spoken: Language) -> tuple[list[Line], str | None]:
    sheets = _check_archive(data, spoken)
    if any(b"<mergeCell " in sheet for sheet in sheets):
        notes.append(
            spoken.gettext(
                "Er zijn samengevoegde vakjes. Alleen het eerste vakje heeft een waarde; de andere zijn leeg."
            )
        )
    if any(re.search(rb'<(row|col) [^>]*hidden="(1|true)"', sheet) for sheet in sheets):
        notes.append(spoken.gettext("Er zijn verborgen rijen of kolommen. Wij lezen die mee."))
    has_formulas = any(re.search(rb"<f[ >/]", sheet) for sheet in sheets)
    try:
        name, found = _first_sheet(data, notes, spoken)
        if has_formulas:
            _check_formulas(data, name, found, spoken)
    except Unreadable:
        raise
    except Exception as error:  # a spoiled workbook fails anywhere in openpyxl
        raise Unreadable(
            spoken.gettext(
                "Dit Excel-bestand is beschadigd. Open het in Excel, sla het opnieuw op en probeer het nog eens."
            )
        ) from error
    texts = [value for _line, row in found for value, _format in row if isinstance(value, str)]
    commas, points = decimal_votes(texts)
    decimal = "." if points > commas else ","
    return [
        (line, [_cell_text(value, shape, decimal).strip(BLANKS) for value, shape in row])
        for line, row in found
    ], decimal


def _check_archive(data: bytes, spoken: Language) -> list[bytes]:
    """The XML of the sheets, when the archive is a workbook of a reasonable size. Raises: Unreadable."""
    broken = spoken.gettext(
        "Dit Excel-bestand is beschadigd. Open het in Excel, sla het opnieuw op en probeer het nog eens."
    )
    try:
        archive = Archive(data, UNPACKED, whole=True)
        if "xl/workbook.xml" not in archive.names:
            raise Unreadable(
                spoken.gettext("Dit is geen Excel-bestand (.xlsx). Sla de tabel op als .xlsx of CSV.")
            )
        sheets = []
        for name in archive.names:
            if name.endswith((".xml", ".rels")):
                content = archive.read(name)
                if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                    raise Unreadable(broken)
                if name.startswith("xl/worksheets/"):
                    sheets.append(content)
    except Swollen as error:
        raise Unreadable(
            spoken.gettext(
                "Dit bestand wordt te groot bij het uitpakken. Sla alleen het blad met de cijfers op."
            )
        ) from error
    except Spoilt as error:
        raise Unreadable(broken) from error
    return sheets


Cells = list[tuple[int, list[tuple[Any, str]]]]  # line, (value, number format) per cell


def _open(data: bytes, *, values: bool) -> Any:
    from openpyxl import load_workbook  # noqa: PLC0415 - brings numpy along: only when somebody brings a workbook

    return load_workbook(io.BytesIO(data), read_only=True, data_only=values)


def _first_sheet(data: bytes, notes: list[str], spoken: Language) -> tuple[str, Cells]:
    book = _open(data, values=True)
    try:
        filled = []
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible" and (cells := _cells(sheet, spoken)):
                filled.append((sheet.title, cells))
        if not filled:
            raise Unreadable(
                spoken.gettext("Er staan geen cijfers op de zichtbare bladen van dit Excel-bestand.")
            )
        if len(filled) > 1:
            notes.append(
                spoken.gettext(
                    "Het bestand heeft meer bladen met gegevens. Wij lezen het eerste: %(name)s.",
                    name=filled[0][0],
                )
            )
        return filled[0]
    finally:
        book.close()


def _cells(sheet: Any, spoken: Language) -> Cells:
    found: Cells = []
    seen = 0
    for line, row in enumerate(sheet.iter_rows(), start=1):
        cells = [(cell.value, getattr(cell, "number_format", "") or "") for cell in row]
        while cells and cells[-1][0] is None:
            cells.pop()
        seen += max(len(row) // 20, len(cells), 1 if line > 20_000 else 0)
        if seen > MOST_CELLS:
            raise Unreadable(_too_many(spoken))
        if cells:
            found.append((line, cells))
    return found


def _check_formulas(data: bytes, name: str, found: Cells, spoken: Language) -> None:
    """A formula that was never calculated has no value to read. Raises: Unreadable."""
    values = {
        (line, column) for line, row in found for column, (value, _) in enumerate(row) if value is not None
    }
    book = _open(data, values=False)
    try:
        for line, row in enumerate(book[name].iter_rows(), start=1):
            for column, cell in enumerate(row):
                if cell.data_type == "f" and (line, column) not in values:
                    raise Unreadable(
                        spoken.gettext(
                            "In vakje %(cell)s staat een formule zonder uitkomst. Open het bestand in Excel en sla het op, of plak de waarden.",
                            cell=cell.coordinate,
                        )
                    )
    finally:
        book.close()


def _cell_text(value: Any, shape: str, decimal: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        percent = "%" in shape
        number = Decimal(f"{value * 100 if percent else value:.15g}")
        if not number.is_finite():
            return str(value)
        return f"{number:f}".replace(".", decimal) + ("%" if percent else "")
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return value.isoformat() if isinstance(value, date | datetime | time) else str(value)


# --- Where the table starts and ends ----------------------------------------------------------------------------------


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell)


def _table(lines: Iterable[Line], decimal: str | None, notes: list[str], spoken: Language) -> Table:
    rows = [(line, cells) for line, cells in lines if any(cells)]
    counts = Counter(_filled(cells) for _line, cells in rows if _filled(cells) > 1)
    usual = max(counts, key=lambda width: (counts[width], width), default=0)
    start = next(
        (n for n, (_line, cells) in enumerate(rows) if _filled(cells) >= max(2, -(-usual // 2))), None
    )
    if start is None or usual < 2:
        raise Unreadable(
            spoken.gettext(
                "Wij vinden maar één kolom. Gebruik puntkomma's tussen de vakjes en zet er een kop boven."
            )
        )
    if start:
        notes.append(
            spoken.ngettext(
                "Boven de kop stond één regel met een titel. Die slaan wij over.",
                "Boven de kop stonden %(num)s regels met een titel. Die slaan wij over.",
                start,
            )
        )
    (head_line, header), body = rows[start], rows[start + 1 :]
    end = len(body)
    while end and _filled(body[end - 1][1]) == 1 and body[end - 1][1][0]:
        end -= 1
    if end < len(body):
        notes.append(
            spoken.gettext("De laatste regel slaan wij over: „%(text)s”.", text=body[end][1][0][:80])
        )
    body = body[:end]
    if not body:
        raise Unreadable(spoken.gettext("Er staan geen regels met cijfers onder de kop."))
    for line, cells in body:
        if any(cells[len(header) :]):
            raise Unreadable(
                spoken.gettext(
                    "Regel %(line)s heeft %(n)s vakjes, de kop op regel %(head)s heeft er %(width)s. Zet de waarden onder de goede kop.",
                    line=line,
                    n=len(cells),
                    head=head_line,
                    width=len(header),
                )
            )
    _check_header(header, head_line, spoken)
    width = len(header)
    padded = [(line, (cells + [""] * width)[:width]) for line, cells in body]
    kept = [n for n in range(width) if header[n] or any(cells[n] for _line, cells in padded)]
    names = _names(header, spoken)
    commas, points = decimal_votes(cell for _line, cells in padded for cell in cells)
    if decimal is None:
        decimal = "." if points > commas else ","
        unclear = (
            cell for _line, cells in padded for cell in cells if re.fullmatch(r"\d{1,3}[.,]\d{3}", cell)
        )
        if not commas and not points and (example := next(unclear, None)):
            notes.append(
                spoken.gettext(
                    "Een getal als %(text)s kan twee dingen zijn. Kies hieronder of de decimalen na een komma of na een punt staan.",
                    text=example,
                )
            )
    return Table(
        header=tuple(names[n] for n in kept),
        rows=tuple(tuple(cells[n] for n in kept) for _line, cells in padded),
        lines=tuple(line for line, _cells in padded),
        decimal=decimal,
        notes=tuple(notes),
    )


def _check_header(header: Sequence[str], line: int, spoken: Language) -> None:
    if any(re.fullmatch(r"(GM|WK|BU|PV|NL)\d{2,8}", cell) for cell in header):
        raise Unreadable(
            spoken.gettext(
                "Op regel %(line)s staan al cijfers. Zet er een kop boven, bijvoorbeeld: gemeente;jaar;aantal.",
                line=line,
            )
        )


def _names(header: Sequence[str], spoken: Language) -> list[str]:
    """Every column has a name of its own."""
    names: list[str] = []
    seen: Counter[str] = Counter()
    for number, cell in enumerate(header, start=1):
        name = " ".join(cell.split()) or spoken.gettext("kolom %(number)s", number=number)
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names
