"""Workshops in plain words."""

from flask import url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from workbench.workshops.kinds import Kind
from workbench.workshops.models import ActivityState, State, Workshop
from workbench.workshops.script.planning import Gap, Point
from workbench.workshops.script.queries import Script

STATE_NAMES = {
    State.DRAFT: _("in voorbereiding"),
    State.ANNOUNCED: _("aangekondigd"),
    State.RUNNING: _("bezig"),
    State.ENDED: _("geweest"),
}
STATE_LOOKS = {
    State.DRAFT: "neutral",
    State.ANNOUNCED: "info",
    State.RUNNING: "accent",
    State.ENDED: "success",
}
PART_NAMES = {
    ActivityState.WAITING: _("komt nog"),
    ActivityState.OPEN: _("bezig"),
    ActivityState.CLOSED: _("gesloten"),
    ActivityState.REVEALED: _("onthuld"),
    ActivityState.SKIPPED: _("overgeslagen"),
}
KIND_NAMES = {
    Kind.CHECK_IN: _("inchecken"),
    Kind.WRITE_ALONE: _("alleen schrijven"),
    Kind.BRAINSTORM: _("ideeën verzamelen"),
    Kind.DOTS: _("stippen"),
    Kind.POINTS: _("honderd punten"),
    Kind.RANKING: _("op volgorde"),
    Kind.PAIRWISE: _("twee aan twee"),
    Kind.POSITION: _("plek op de lijn"),
    Kind.CONSENT: _("bezwaren ophalen"),
    Kind.STATEMENTS: _("stellingen"),
    Kind.FIGURE_AND_STORY: _("cijfer en verhaal"),
    Kind.MEANING: _("duiden"),
    Kind.DILEMMA: _("dilemma"),
    Kind.EXIT_QUESTION: _("slotvraag"),
}


def point_sentence(point: Point) -> str:
    """What to look at, and what to do."""
    n = point.number
    match point.gap:
        case Gap.FEW_OPTIONS:
            return str(
                ngettext(
                    "Vul in waaruit de groep kan kiezen: minstens %(num)s mogelijkheid.",
                    "Vul in waaruit de groep kan kiezen: minstens %(num)s mogelijkheden.",
                    n,
                )
            )
        case Gap.MANY_OPTIONS:
            return str(gettext("Streep mogelijkheden weg: deze werkvorm gaat met hooguit %(n)s.", n=n))
        case Gap.ONE_SIDED:
            return str(gettext("Geef elke lijn twee kanten, met een schuine streep ertussen."))
        case Gap.NO_PARTS:
            return str(gettext("Vul in welke deelvragen de groep beantwoordt."))
        case Gap.NO_FIGURE:
            return str(gettext("Kies over welk cijfer het gesprek gaat, of leg het zelf op tafel."))
        case Gap.SMALL_GROUP:
            return str(gettext("Deze werkvorm past bij een groep vanaf %(n)s mensen.", n=n))
        case Gap.LARGE_GROUP:
            return str(
                gettext("Deze werkvorm past bij hooguit %(n)s mensen. Verdeel de groep over tafels.", n=n)
            )
        case Gap.LITTLE_TIME:
            return str(gettext("Dit is krap: reken voor deze groep op ongeveer %(n)s minuten.", n=n))


def todo(workshop: Workshop, script: Script) -> list[tuple[str, str]]:
    """What must be done before the day: a sentence, and where to do it."""
    facts = url_for("workshops.edit", workshop_id=workshop.id)
    found = []
    if not script.lines:
        found.append((gettext("Kies wat u gaat doen."), url_for("workshops.copy", workshop_id=workshop.id)))
    for line in script.needed:
        address = url_for("workshops.activity", workshop_id=workshop.id, activity_id=line.activity.id)
        found += [
            (f"{line.activity.title} – {point_sentence(point)}", address)
            for point in line.points
            if point.is_needed
        ]
    if script.left is None:
        found.append((gettext("Vul in hoe laat het klaar moet zijn."), facts))
    elif script.left < 0:
        sentence = ngettext(
            "Het draaiboek is %(num)s minuut te lang. Maak een onderdeel korter, of plan meer tijd.",
            "Het draaiboek is %(num)s minuten te lang. Maak een onderdeel korter, of plan meer tijd.",
            -script.left,
        )
        found.append((sentence, facts))
    if not workshop.place:
        found.append((gettext("Vul in waar het is."), facts))
    return [(str(sentence), address) for sentence, address in found]
