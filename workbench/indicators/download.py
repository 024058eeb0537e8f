"""The figures of one indicator and one area as a file for a spreadsheet: CSV or XLSX. Pure.

The CSV is what a Dutch Excel opens by itself: UTF-8 with a mark, semicolons, decimal commas. Every row carries its
source line, so that the file stays one rectangle and a row that is copied keeps its source. Text from a source or
a catalogue file never becomes a formula: in CSV it gets an apostrophe, in XLSX its cell is text.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from workbench.core.language import Language

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
WIDE = 100  # characters that a column of texts is made wide enough for

Content = str | float | date | None


@dataclass(frozen=True)
class Row:
    """One figure. Texts are in the reader's language already."""

    period: str
    period_code: str
    value: float | None
    unit: str
    status: str
    missing: str
    revised_from: float | None
    revised_on: date | None
    level: str
    area_code: str
    area: str
    table: str
    measure: str
    computed: str
    fetched_on: date | None
    source: str
    events: str = ""  # what the council noted in this period

    def cells(self) -> list[Content]:
        return list(vars(self).values())


def headings(language: Language) -> list[str]:
    """The names of the columns, in the order of Row."""
    return [
        language.gettext("periode"),
        language.gettext("periodecode"),
        language.gettext("waarde"),
        language.gettext("eenheid"),
        language.gettext("status"),
        language.gettext("waarom geen waarde"),
        language.gettext("was voor herziening"),
        language.gettext("herzien op"),
        language.gettext("niveau"),
        language.gettext("gebiedscode"),
        language.gettext("gebied"),
        language.gettext("tabel"),
        language.gettext("onderwerp"),
        language.gettext("zelf berekend"),
        language.gettext("opgehaald op"),
        language.gettext("bron"),
        language.gettext("gebeurtenis"),
    ]


def as_csv(rows: Iterable[Row], language: Language) -> bytes:
    """Raises nothing: any text can be written."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings(language))
    writer.writerows([csv_text(cell) for cell in row.cells()] for row in rows)
    return file.getvalue().encode("utf-8-sig", errors="replace")


def csv_text(cell: Content) -> str:
    match cell:
        case None:
            return ""
        case float():
            return format(Decimal(repr(cell)).normalize(), "f").replace(".", ",")
        case date():
            return cell.isoformat()
        case _:
            return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def as_xlsx(
    rows: Sequence[Row], facts: Sequence[tuple[str, str]], decimals: int, language: Language
) -> bytes:
    """A sheet of figures and a sheet of facts about them (name, text)."""
    from openpyxl import Workbook  # noqa: PLC0415 - heavy, and most processes never make one
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415

    book = Workbook()
    book.remove(book.worksheets[0])
    figures = book.create_sheet(language.gettext("Cijfers"))
    number_format = "#,##0" + ("." + "0" * decimals if decimals else "")
    _write(figures, [headings(language), *(row.cells() for row in rows)], number_format)
    figures.freeze_panes = "A2"
    for cell in figures[1]:
        cell.font = Font(bold=True)
    about = book.create_sheet(language.gettext("Over dit cijfer"))
    _write(about, facts, number_format)
    for name, text in about.iter_rows(min_col=1, max_col=2):
        name.font = Font(bold=True)
        name.alignment = text.alignment = Alignment(vertical="top", wrap_text=True)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write(sheet: "Worksheet", rows: Iterable[Sequence[Content]], number_format: str) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    widths: dict[int, int] = {}
    for number, row in enumerate(rows, start=1):
        for column, content in enumerate(row, start=1):
            cell = cast("Cell", sheet.cell(number, column))
            if isinstance(content, str):
                cell.value = ILLEGAL_CHARACTERS_RE.sub("", content)
                cell.data_type = "s"  # never a formula, whatever it begins with
            elif content is not None:
                cell.value = content
                cell.number_format = "yyyy-mm-dd" if isinstance(content, date) else number_format
            widths[column] = max(widths.get(column, 8), len(str(content or "")) + 2)
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = min(width, WIDE)
