"""A monitor as tables: a workbook with a sheet per figure, or CSV files together in one zip. Pure.

The numbers are those of the page, with their decimals, as numbers to count with. Where the page says why there is
no number, that text stands there. Nothing that people wrote becomes a formula.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from workbench.core.language import Language
from workbench.documents.parts import FORBIDDEN
from workbench.indicators.download import csv_text
from workbench.monitors.contents import FigureWords, MoneyWords, MonitorWords, TableWords
from workbench.monitors.exports.numbers import Shown, read

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_NAME = 31  # characters that a spreadsheet allows in the name of a sheet
_NOT_IN_NAME = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
WIDEST = 60
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the day of each file in a zip: the same tables give the same bytes


@dataclass(frozen=True)
class Sheet:
    """A table with the name of its sheet; `facts`: what is to be known about it."""

    name: str
    table: TableWords
    facts: tuple[str, ...]


def sheets(words: MonitorWords) -> list[Sheet]:
    """One per figure and per list of costs, in the order of the monitor."""
    spoken = Language(words.language)
    found: list[Sheet] = []
    for section in words.sections:
        for item in section.items:
            number = len(found) + 1
            if isinstance(item, FigureWords):
                facts = (section.name, *_facts(item))
                found.append(Sheet(_name(number, item.subject), figure_table(item, spoken), facts))
            elif isinstance(item, MoneyWords):
                name = _name(number, spoken.gettext("Wat het kost"))
                facts = (section.name, item.table.caption, item.about, "", "", " ".join(item.spent))
                found.append(Sheet(name, item.table, facts))
    return found


def _name(number: int, subject: str) -> str:
    """Unique by its number, and short enough."""
    return f"{number} {_NOT_IN_NAME.sub(' ', FORBIDDEN.sub('', subject))}"[:LONGEST_NAME].strip()


def figure_table(figure: FigureWords, spoken: Language) -> TableWords:
    """Its table; why there is none, where there is none."""
    if figure.table:
        return figure.table
    reason = figure.state_text or spoken.gettext("Deze figuur werd nog gemaakt.")
    return TableWords(
        caption=figure.title, columns=(spoken.gettext("Waarom hier geen cijfer staat"),), rows=((reason,),)
    )


def _facts(figure: FigureWords) -> tuple[str, ...]:
    why = f"{figure.reason} ({figure.quality})" if figure.quality else figure.reason
    return (
        figure.table.caption if figure.table else figure.title,
        figure.title,
        figure.sentence or figure.state_text,
        " ".join(figure.source),
        " ".join(figure.notes),
        why,
        figure.not_saying,
    )


def _columns(spoken: Language) -> tuple[str, ...]:
    return (
        spoken.gettext("Blad"),
        spoken.gettext("Deel van de monitor"),
        spoken.gettext("Tabel"),
        spoken.gettext("Titel"),
        spoken.gettext("Wat het cijfer zegt"),
        spoken.gettext("Bron, stand en licentie"),
        spoken.gettext("Opmerkingen"),
        spoken.gettext("Waarom dit cijfer"),
        spoken.gettext("Wat dit cijfer niet zegt"),
    )


def about(words: MonitorWords) -> list[tuple[str, str]]:
    """What is to be known about the file as a whole: (what, text)."""
    spoken = Language(words.language)
    return [
        (what, text)
        for what, text in (
            (spoken.gettext("Raad"), words.council),
            (spoken.gettext("Monitor"), words.title),
            (spoken.gettext("Gaat over"), words.area),
            (spoken.gettext("Stand van"), words.read_on.isoformat()),
            (spoken.gettext("Minst verse bron"), words.freshness),
            (spoken.gettext("Versie van de opzet"), str(words.format_number)),
            (spoken.gettext("Let op"), words.warning),
        )
        if text
    ]


Cell = str | Shown


def cells(table: TableWords, language: str) -> Iterator[list[Cell]]:
    """The rows with numbers as numbers, in the columns that hold numbers."""
    for row in table.rows:
        yield [
            (read(text, language) or text) if place < len(table.numeric) and table.numeric[place] else text
            for place, text in enumerate(row)
        ]


# --- A workbook -----------------------------------------------------------------------------------------------------


def xlsx(words: MonitorWords) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - heavy, and most processes never make one

    spoken = Language(words.language)
    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = words.title[:255], words.council
    found = sheets(words)
    listing: list[Sequence[Cell]] = [*about(words), (), _columns(spoken)]
    listing += [(sheet.name, *sheet.facts) for sheet in found]
    _write(book, spoken.gettext("Over dit bestand"), listing, {len(about(words)) + 2})
    for sheet in found:
        rows = [sheet.table.columns, *cells(sheet.table, words.language)]
        _write(book, sheet.name, rows, {1}, freeze="A2")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write(
    book: object, name: str, rows: Sequence[Sequence[Cell]], heads: set[int], freeze: str = ""
) -> None:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    sheet = book.create_sheet(name)  # type: ignore[attr-defined]
    if freeze:
        sheet.freeze_panes = freeze
    widest: dict[int, int] = {}
    for row in rows:
        for place, content in enumerate(row):
            text = content if isinstance(content, str) else content.excel_format
            widest[place] = max(widest.get(place, 10), len(text) + 2)
    for place, width in widest.items():
        sheet.column_dimensions[get_column_letter(place + 1)].width = min(width, WIDEST)
    for number, row in enumerate(rows, start=1):
        drawn = []
        for content in row:
            if isinstance(content, Shown):
                cell = WriteOnlyCell(sheet, value=float(content.value))
                cell.number_format = content.excel_format
            else:
                cell = WriteOnlyCell(sheet, value=FORBIDDEN.sub("", content))
                cell.data_type = "s"  # never a formula, whatever it begins with
                cell.alignment = Alignment(vertical="top", wrap_text=len(content) > WIDEST)
                if number in heads:
                    cell.font = Font(bold=True)
            drawn.append(cell)
        sheet.append(drawn)


# --- CSV ------------------------------------------------------------------------------------------------------------


def figure_csv(figure: FigureWords, words: MonitorWords) -> bytes:
    """One figure, with what is to be known about it above its table."""
    spoken = Language(words.language)
    facts = zip(_columns(spoken)[2:], _facts(figure), strict=True)
    return _csv(
        [
            *([name, text] for name, text in [*about(words), *facts] if text),
            [],
            *_rows(figure_table(figure, spoken), words.language),
        ]
    )


def csv_zip(words: MonitorWords) -> bytes:
    """A file per figure, and one about them all."""
    spoken = Language(words.language)
    found = sheets(words)
    listing: list[Sequence[str]] = [*about(words), [], _columns(spoken)]
    listing += [(sheet.name, *sheet.facts) for sheet in found]
    files = [(f"0-{spoken.gettext('over-dit-bestand')}.csv", _csv(listing))]
    files += [
        (
            f"{re.sub(r'[^a-z0-9]+', '-', sheet.name.lower()).strip('-')}.csv",
            _csv(_rows(sheet.table, words.language)),
        )
        for sheet in found
    ]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name, EARLIEST), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _rows(table: TableWords, language: str) -> Iterator[Sequence[str]]:
    yield table.columns
    for row in cells(table, language):
        yield [cell if isinstance(cell, str) else _as_text(cell) for cell in row]


def _as_text(shown: Shown) -> str:
    """A decimal comma and nothing else around the digits, as a Dutch spreadsheet reads it; a note stays behind it."""
    number = f"{shown.value:f}".replace(".", ",")
    return f"{number}{shown.after}" if "(" in shown.after else number


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig", errors="replace")


def _safe(cell: str) -> str:
    """A number below zero is no formula; anything else that begins like one is text."""
    return cell if re.fullmatch(r"-\d+(,\d+)?", cell) else csv_text(cell)
