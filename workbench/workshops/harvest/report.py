"""The report of a workshop as a document: the page and the Word file draw the same parts.

It holds what may be kept, so that it says the same before and after people's words are forgotten.
"""

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _

from workbench.accounts.models import Council
from workbench.core.text import current_language
from workbench.documents.parts import Bullets, Document, Heading, Paragraph, Part, Quote, Table, said
from workbench.workshops.harvest import words
from workbench.workshops.harvest.outcomes import ActivityOutcome, Outcome
from workbench.workshops.harvest.queries import Harvested


def report(
    found: Outcome, harvested: Mapping[str, Harvested], council: Council, today: date, forgetting: str
) -> Document:
    """`found`: what may be kept; `forgetting`: when what may not be kept is erased, in a sentence."""
    spoken = current_language()
    cover = said(
        (_("Gehouden op"), spoken.date(found.held_on)),
        (_("Plaats"), found.place),
        (_("Waarvoor"), found.purpose),
        (_("Wie er waren"), words.came(found)),
        (_("Gemaakt op"), spoken.date(today)),
    )
    parts: list[Part] = [
        *_programme(found),
        *_groups(found),
        Heading(_("Wat eruit kwam")),
        *_held(found),
        *_went(harvested),
        *_skipped(found),
        Heading(_("Wat we bewaren")),
        Paragraph(forgetting),
    ]
    warning = (
        _("Fictief voorbeeld: de personen, de teksten en de eigen cijfers zijn bedacht.")
        if council.is_demo
        else ""
    )
    return Document(
        _("Verslag van een leeratelier"),
        found.title,
        found.by,
        spoken.code,
        today,
        cover,
        warning,
        tuple(parts),
    )


def _held(found: Outcome) -> list[Part]:
    """What came out of each part that was held; of the others the programme says why not."""
    parts = [part for item in found.activities if item.was_held for part in activity(item)]
    return parts or [Paragraph(_("Er is nog geen onderdeel gehouden."))]


def _programme(found: Outcome) -> list[Part]:
    spoken = current_language()
    rows = tuple((item.title, spoken.number(item.minutes), words.standing(item)) for item in found.activities)
    head = Heading(_("Programma"))
    if not rows:
        return [head, Paragraph(_("In het draaiboek staat geen werkvorm."))]
    columns = (_("Werkvorm"), _("Minuten"), _("Hoe het ging"))
    return [head, Table(_("De werkvormen op volgorde"), columns, rows, (False, True, False))]


def _groups(found: Outcome) -> list[Part]:
    table = words.groups_table(found)
    if table is None:
        return []
    rows = tuple(map(tuple, table["rows"]))
    note = _("Kleine groepen staan samen bij ‘overige’, zodat niemand te herkennen is.")
    return [
        Heading(_("Wie er waren")),
        Table(table["caption"], tuple(table["columns"]), rows, (False, True)),
        Paragraph(note, is_note=True),
    ]


def activity(item: ActivityOutcome) -> list[Part]:
    """What came out of one activity."""
    parts: list[Part] = [Heading(item.title, 2), Paragraph(item.question)]
    told = words.round_told(item)
    if told is None:
        parts.append(Paragraph(words.standing(item)))
    else:
        parts += [Paragraph(sentence) for sentence in told.told.sentences]
        tables = [picture.table for picture in told.told.pictures]
        if told.between:
            parts.append(Paragraph(", ".join(told.between.groups)))
            tables.append(told.between.table)
        parts += [_table(table) for table in tables]
    for part, piles in item.parts:
        if part:
            parts.append(Heading(part, 3))
        for pile, cards in piles:
            if pile:
                parts.append(Paragraph(f"{pile}:"))
            parts.append(Bullets(tuple(_card(card.text, card.of_council) for card in cards)))
    if missing := words.unkept(item):
        parts.append(Paragraph(missing, is_note=True))
    return parts


def _card(text: str, council: str) -> str:
    return f"{text} ({council})" if council else text


def _table(table: Mapping[str, object]) -> Table:
    columns: list[str] = table["columns"]  # type: ignore[assignment]
    rows: list[list[str]] = table["rows"]  # type: ignore[assignment]
    numeric: list[int] = table["numeric"]  # type: ignore[assignment]
    return Table(
        str(table["caption"]),
        tuple(columns),
        tuple(map(tuple, rows)),
        tuple(place in numeric for place in range(len(columns))),
    )


def _went(harvested: Mapping[str, Harvested]) -> list[Part]:
    head = Heading(_("Wat naar het traject ging"))
    rows = tuple(
        (str(words.BECOMES_NAMES[item.becomes]), item.text or words.not_readable(item))
        for item in harvested.values()
    )
    if not rows:
        return [head, Paragraph(_("Nog niets."))]
    return [head, Table(_("Kaarten in het traject"), (_("Wat het werd"), _("Zoals het er nu staat")), rows)]


def _skipped(found: Outcome) -> list[Part]:
    skipped = [item for item in found.activities if item.is_skipped]
    if not skipped:
        return []
    quotes = [Quote(item.title, item.skipped_why or _("Er is geen reden opgeschreven.")) for item in skipped]
    return [Heading(_("Wat we oversloegen")), *quotes]
