"""Workshops in plain words."""

from flask_babel import lazy_gettext as _

from workbench.workshops.kinds import Kind
from workbench.workshops.models import State

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
