"""The picture beside a link to the page for residents, on other websites: 1200 × 630. Only the worker draws it."""

import sqlalchemy as sa
import structlog
import typst

from workbench.core.db import db
from workbench.core.language import Language
from workbench.monitors.contents import MonitorWords
from workbench.monitors.publishing.models import Publication, PublicationPage, PublicationPicture

log = structlog.get_logger()

# Texts come in apart, never as a part of the program. Only the fonts that typst brings, so every machine draws the same.
PROGRAM = b"""
#let said = sys.inputs
#set page(width: 1200pt, height: 630pt, margin: (x: 84pt, y: 72pt), fill: white)
#set text(font: "Libertinus Serif", size: 34pt, fill: rgb("#1b2a33"), lang: said.language)
#set par(leading: 0.45em)
#place(left + top, dx: -84pt, dy: -72pt, rect(width: 28pt, height: 630pt, fill: rgb("#0b5c66")))
#text(size: 34pt, fill: rgb("#0b5c66"), weight: "bold")[#said.council]
#if said.warning != "" [
  #h(1fr) #box(inset: (x: 18pt, y: 10pt), stroke: 2pt + rgb("#1b2a33"), text(size: 28pt)[#said.warning])
]
#v(1fr)
#text(size: if said.title.len() > 60 { 58pt } else { 76pt }, weight: "bold")[#said.title]
#v(16pt)
#text(size: 36pt)[#said.values]
#v(1fr)
#text(size: 28pt, fill: rgb("#44545d"))[#said.about]
"""
LONGEST_TITLE, LONGEST_VALUES, MOST_VALUES = 110, 120, 5  # so that all of it fits


def picture(words: MonitorWords) -> bytes:
    """PNG of 1200 × 630 pixels: whose monitor, about which values; a fictitious council says so."""
    spoken = Language(words.language)
    names = [section.name for section in words.sections if section.value_id][:MOST_VALUES]
    said = {
        "language": words.language,
        "council": spoken.gettext("Raad van %(name)s", name=words.council),
        "title": _short(words.title, LONGEST_TITLE),
        "values": _short(" · ".join(names), LONGEST_VALUES),
        "about": spoken.gettext("Monitor voor inwoners: eerst wat de raad belangrijk vindt, dan de cijfers"),
        "warning": spoken.gettext("fictief voorbeeld") if words.warning else "",
    }
    return typst.compile(PROGRAM, format="png", ppi=72.0, sys_inputs=said, ignore_system_fonts=True)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def draw_pictures() -> int:
    """Draw what is missing of the publication that stands, for the acting council. Doing it twice draws nothing twice."""
    rows = db.scalars(
        sa.select(PublicationPage)
        .join(Publication, Publication.id == PublicationPage.publication_id)
        .outerjoin(
            PublicationPicture,
            sa.and_(
                PublicationPicture.publication_id == PublicationPage.publication_id,
                PublicationPicture.language == PublicationPage.language,
            ),
        )
        .where(Publication.revoked_at.is_(None), PublicationPicture.id.is_(None))
    ).all()
    for row in rows:
        png = picture(MonitorWords.model_validate(row.content))
        db.add(PublicationPicture(publication_id=row.publication_id, language=row.language, png=png))
    if rows:
        log.info("public_pictures_drawn", pictures=len(rows))
    return len(rows)
