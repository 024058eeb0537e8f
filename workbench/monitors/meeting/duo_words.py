"""What two readers said of a goal, in sentences and as a document for the agenda."""

from collections.abc import Mapping

from flask import g
from flask_babel import gettext as _

from workbench.core.text import current_language
from workbench.documents.parts import Bullets, Document, Heading, Paragraph, Part, said
from workbench.knowledge.calendar.models import today
from workbench.monitors.meeting.differences import Asked, Comparison, Likeness, Side, compared
from workbench.monitors.meeting.models import VERDICT_NAMES, DuoNote, DuoReading


def differences(notes: Mapping[Side, DuoNote]) -> list[str]:
    """A sentence for each question with a choice; none until there are two notes."""
    if len(notes) < len(Side):
        return []
    return [_sentence(found) for found in compared({side: note.answers for side, note in notes.items()})]


def _sentence(found: Comparison) -> str:
    said_by = {side: str(VERDICT_NAMES[verdict]) for side, verdict in found.said.items()}
    facts = {"coalition": said_by[Side.COALITION], "opposition": said_by[Side.OPPOSITION]}
    is_reached = found.asked is Asked.REACHED
    match found.likeness:
        case Likeness.BOTH_UNSURE if is_reached:
            return str(
                _("Of het doel bereikt is, kunnen beide lezers niet zeggen. Wat is er nodig om het te weten?")
            )
        case Likeness.BOTH_UNSURE:
            return str(
                _(
                    "Of het zijn geld waard is, kunnen beide lezers niet zeggen. Wat is er nodig om het te weten?"
                )
            )
        case Likeness.SAME if is_reached:
            return str(_("Over het doel zeggen beide lezers hetzelfde: %(coalition)s.", **facts))
        case Likeness.SAME:
            return str(_("Over het geld zeggen beide lezers hetzelfde: %(coalition)s.", **facts))
    if is_reached:
        start = _("Is het doel bereikt? Coalitie: %(coalition)s. Oppositie: %(opposition)s.", **facts)
    else:
        start = _("Is het zijn geld waard? Coalitie: %(coalition)s. Oppositie: %(opposition)s.", **facts)
    return f"{start} {_how_far(found.likeness)}"


def _how_far(likeness: Likeness) -> str:
    if likeness is Likeness.SHADE:
        return str(_("Dat scheelt een stap."))
    if likeness is Likeness.ONE_UNSURE:
        return str(_("Eén van beiden weet het niet."))
    return str(_("Dat staat tegenover elkaar. Begin het gesprek hier."))


def document(found: DuoReading, notes: Mapping[Side, DuoNote]) -> Document:
    """Both beside each other, with where they differ first."""
    spoken = current_language()
    parts: list[Part] = [
        Heading(_("Waar zij verschillen")),
        Bullets(tuple(differences(notes))),
        Paragraph(
            _("Dit zijn twee stemmen over één doel. Een oordeel van de raad is het niet."), is_note=True
        ),
    ]
    for reader in found.readers:
        parts += [
            Heading(_("%(name)s, %(side)s", name=reader.person.name, side=reader.side_name)),
            said(*notes[reader.side].lines()),
        ]
    warning = (
        _("Fictief voorbeeld: de personen, de teksten en de eigen cijfers zijn bedacht.")
        if g.council.is_demo
        else ""
    )
    ready = spoken.date(found.revealed_at) if found.revealed_at else ""
    cover = said(
        (_("Raad"), g.council.name),
        (_("Traject"), found.plan.title),
        (_("Beide lezers klaar op"), ready),
    )
    kind = _("Duolezers")
    return Document(kind, found.title, g.council.name, spoken.code, today(), cover, warning, tuple(parts))
