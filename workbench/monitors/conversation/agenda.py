"""The conversation as a document for the agenda of a meeting."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from workbench.accounts.models import Council
from workbench.core.text import current_language
from workbench.documents.parts import Document, Heading, Lines, Paragraph, Part, said
from workbench.monitors.conversation.models import FigureQuestion
from workbench.monitors.conversation.queries import View

VIEW_NAMES = {
    View.MINE: lazy_gettext("Aan mij"),
    View.OPEN: lazy_gettext("Open"),
    View.OVERDUE: lazy_gettext("Te laat"),
    View.ANSWERED: lazy_gettext("Beantwoord"),
    View.SIGNALS: lazy_gettext("Signalen"),
    View.ALL: lazy_gettext("Alles"),
}


def document(
    questions: Iterable[FigureQuestion],
    then: dict[UUID, dict[str, Any]],
    view: View,
    council: Council,
    today: date,
) -> Document:
    """`then`: question id -> what was shown on the day of the question."""
    questions = list(questions)
    spoken = current_language()
    groups = (
        (_("Te laat"), [item for item in questions if item.is_overdue(today)]),
        (
            _("Wacht op antwoord"),
            [item for item in questions if item.is_waiting and not item.is_overdue(today)],
        ),
        (_("Antwoorden en opmerkingen"), [item for item in questions if not item.is_waiting]),
    )
    parts: list[Part] = []
    for name, found in groups:
        if found:
            parts.append(Heading(name))
        for item in found:
            parts += [Heading(item.title, 2), _lines(item, then.get(item.id, {}))]
    if not questions:
        parts.append(Paragraph(_("Er staan nu geen vragen in deze lijst.")))
    warning = (
        _("Fictief voorbeeld: de personen, de teksten en de eigen cijfers zijn bedacht.")
        if council.is_demo
        else ""
    )
    cover = said(
        (_("Raad"), council.name),
        (_("Wat erin staat"), VIEW_NAMES[view]),
        (_("Gemaakt op"), spoken.date(today)),
    )
    title = _("Vragen en opmerkingen")
    return Document(_("Gesprek"), title, council.name, spoken.code, today, cover, warning, tuple(parts))


def _lines(item: FigureQuestion, then: dict[str, Any]) -> Lines:
    spoken = current_language()
    shown = " ".join(text for text in (then.get("title"), then.get("sentence")) if text)
    return said(
        (item.kind_name.capitalize(), item.said),
        (_("Gaat over"), item.period),
        (
            _("Door"),
            _("%(who)s, %(day)s", who=item.asked_by.name, day=spoken.date(item.asked_at))
            if item.asked_by
            else "",
        ),
        (_("Aan"), item.owner.name if item.owner else ""),
        (_("Uiterlijk"), spoken.date(item.due_on) if item.due_on and item.is_waiting else ""),
        (_("Stand"), item.state_name),
        (_("Antwoord"), item.answer),
        (_("Dit stond er die dag"), shown),
    )
