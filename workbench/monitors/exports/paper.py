"""A monitor in words as a document, for PDF and Word; adopted versions draw their blocks with it too. Pure.

The same words always give the same bytes.
"""

from collections.abc import Iterator, Mapping
from itertools import chain
from uuid import UUID

from workbench.core.language import Language
from workbench.documents import docx as word
from workbench.documents import pdf as paper
from workbench.documents import pictures
from workbench.documents.parts import (
    Bullets,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Part,
    Picture,
    Quote,
    Table,
    said,
)
from workbench.monitors.contents import (
    AnyWords,
    FigureWords,
    GoalWords,
    ListWords,
    MoneyWords,
    MonitorWords,
    PageBreakWords,
    QuestionWords,
    QuoteWords,
    SectionWords,
    StoriesWords,
    TableWords,
    TextWords,
)
from workbench.monitors.voices import Voice, from_all, told_by, why_not


def pdf(words: MonitorWords, heard: Mapping[UUID, Voice] | None = None) -> bytes:
    """The monitor as PDF/UA-1."""
    return paper.write(document(words, heard))


def docx(words: MonitorWords, heard: Mapping[UUID, Voice] | None = None) -> bytes:
    """The monitor as a Word file."""
    return word.write(document(words, heard))


def document(words: MonitorWords, heard: Mapping[UUID, Voice] | None = None) -> Document:
    """`heard`: the voices in it; who is not among them, is not heard."""
    spoken = Language(words.language)
    cover = said(
        (spoken.gettext("Gaat over"), words.area),
        (spoken.gettext("Stand van"), spoken.date(words.read_on)),
        (spoken.gettext("Minst verse bron"), words.freshness),
        (spoken.gettext("Versie van de opzet"), str(words.format_number) if words.format_number else ""),
        (
            spoken.gettext("Wat hierin staat"),
            spoken.gettext("Wat op deze dag te lezen was voor wie dit bestand maakte."),
        ),
    )
    parts = tuple(chain.from_iterable(_section(section, heard or {}, spoken) for section in words.sections))
    if not parts:
        parts = (Paragraph(spoken.gettext("Hier staat nog niets."), is_note=True),)
    return Document(
        spoken.gettext("Monitor"),
        words.title,
        words.council,
        words.language,
        words.read_on,
        cover,
        words.warning,
        parts,
    )


def _section(section: SectionWords, heard: Mapping[UUID, Voice], spoken: Language) -> Iterator[Part]:
    yield from opening(section, spoken)
    for words in section.items:
        yield from item(words, heard, spoken)


def opening(section: SectionWords, spoken: Language) -> Iterator[Part]:
    """Values first: the words of the group stand before anything that was counted."""
    yield Heading(section.name)
    if section.own_words:
        yield Quote(spoken.gettext("In onze woorden"), section.own_words)
    if section.position:
        yield Paragraph(section.position)


def item(words: AnyWords, heard: Mapping[UUID, Voice], spoken: Language) -> Iterator[Part]:
    """One block; `heard`: what may be read now of the quotes in it."""
    match words:
        case GoalWords():
            yield Heading(words.sentence, 2)
            yield from (Paragraph(line) for line in words.lines)
        case FigureWords():
            yield from _figure(words, spoken)
        case QuoteWords() | StoriesWords():
            yield from _told(words, heard, spoken)
        case TextWords():
            yield Paragraph(words.text)
        case QuestionWords():
            yield Quote(spoken.gettext("Vraag om over te praten"), words.text)
        case MoneyWords():
            yield Heading(spoken.gettext("Wat het kost"), words.level - 1)
            yield from _about(words.about, spoken)
            yield _table(words.table)
            yield from (Paragraph(line) for line in words.spent)
        case ListWords():
            if words.is_titled:
                yield Heading(words.title, words.level - 1)
            if words.intro:
                yield Paragraph(words.intro)
            if words.lines:
                yield Bullets(words.lines)
        case PageBreakWords():
            yield PageBreak()


def _told(item: QuoteWords | StoriesWords, heard: Mapping[UUID, Voice], spoken: Language) -> Iterator[Part]:
    yield Heading(spoken.gettext("Wat inwoners vertellen"), item.level - 1)
    yield from _about(item.about, spoken)
    if item.beside:
        yield Paragraph(item.beside, is_note=True)
    for kept in item.voices:
        voice = from_all(heard, kept.excerpt_id, kept.mark, kept.source)
        if voice.is_heard:
            yield Quote(told_by(voice, spoken), voice.words)
        else:
            yield Paragraph(why_not(voice, spoken), is_note=True)
    if isinstance(item, StoriesWords):
        yield from (Paragraph(line, is_note=True) for line in item.lines)


def _about(goal: str, spoken: Language) -> Iterator[Part]:
    if goal:
        yield Paragraph(spoken.gettext("Dit hoort bij het doel: %(sentence)s", sentence=goal), is_note=True)


def _figure(figure: FigureWords, spoken: Language) -> Iterator[Part]:
    yield Heading(figure.title, figure.level - 1)
    yield from _about(figure.about, spoken)
    if figure.sentence:
        yield Paragraph(figure.sentence)
    if figure.state != "ready":
        yield Paragraph(figure.state_text or spoken.gettext("Deze figuur werd nog gemaakt."), is_note=True)
    if figure.svg:
        try:
            yield Picture(pictures.fixed(figure.svg), figure.alt or figure.title)
        except pictures.NoDrawing:
            yield Paragraph(spoken.gettext("Deze tekening kan hier niet staan. De tabel wel."), is_note=True)
    if figure.notes:
        yield Bullets(figure.notes)
    if figure.readings:
        yield said((spoken.gettext("Wat betekent dit?"), "\n".join(figure.readings)))
    if figure.table:
        yield _table(figure.table)
    why = f"{figure.reason} ({figure.quality})" if figure.reason and figure.quality else figure.reason
    yield said(
        (spoken.gettext("Waarom dit cijfer"), why),
        (spoken.gettext("Wat dit cijfer niet zegt"), figure.not_saying),
    )
    if figure.source:
        yield Paragraph(" ".join(figure.source), is_note=True)


def _table(table: TableWords) -> Table:
    return Table(table.caption, table.columns, table.rows, table.numeric)
