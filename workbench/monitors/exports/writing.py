"""From frozen words, and the voices as they are heard on the day of writing, to a file. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from workbench.core.language import Language
from workbench.documents import docx as word
from workbench.documents import pdf as paper_pdf
from workbench.documents import pictures
from workbench.monitors.contents import FigureWords, MonitorWords
from workbench.monitors.exports import paper, sheets, summary
from workbench.monitors.exports.summary import SummaryWords
from workbench.monitors.voices import Voice


@dataclass(frozen=True)
class Kind:
    ending: str
    mimetype: str


KINDS = {
    "pdf": Kind("pdf", paper_pdf.MIMETYPE),
    "docx": Kind("docx", word.MIMETYPE),
    "xlsx": Kind("xlsx", sheets.XLSX),
    "csv": Kind("zip", "application/zip"),
    "blad": Kind("pdf", paper_pdf.MIMETYPE),
    "blad-png": Kind("png", "image/png"),
    "figuur-png": Kind("png", "image/png"),
    "figuur-svg": Kind("svg", "image/svg+xml"),
    "figuur-csv": Kind("csv", "text/csv; charset=utf-8"),
}


def write(
    form: str, words: dict[str, Any], block_id: UUID | None, heard: Mapping[UUID, Voice] | None = None
) -> bytes:
    """The file of this form. Raises: NoDrawing when a figure has no drawing to make a picture of."""
    if form in ("blad", "blad-png"):
        sheet = SummaryWords.model_validate(words)
        return summary.pdf(sheet) if form == "blad" else summary.png(sheet)
    monitor = MonitorWords.model_validate(words)
    match form:
        case "pdf":
            return paper.pdf(monitor, heard)
        case "docx":
            return paper.docx(monitor, heard)
        case "xlsx":
            return sheets.xlsx(monitor)
        case "csv":
            return sheets.csv_zip(monitor)
    figure = next(figure for figure in monitor.figures if figure.id == block_id)
    if form == "figuur-csv":
        return sheets.figure_csv(figure, monitor)
    svg = picture(figure, monitor)
    return svg.encode() if form == "figuur-svg" else pictures.as_pngs([svg], Language(monitor.language))[0]


def picture(figure: FigureWords, words: MonitorWords) -> str:
    """Title, drawing, source, and that the council is fictitious: in the picture itself, so that they travel along."""
    source = (f"{words.council}. {' '.join(figure.source)}", words.warning)
    return pictures.framed(figure.svg, figure.title, tuple(filter(None, source)))


def file_name(form: str, title: str, council: str, day: str) -> str:
    """Says what it is, of which council and of which day, so that two do not get mixed up."""
    name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "monitor"
    return f"{name}-{council}-{day}.{KINDS[form].ending}"
