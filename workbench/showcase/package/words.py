"""What is wrong with a package, in sentences that say what to do."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from workbench.showcase.package.reading import MOST_BYTES, Fault, Refused

SENTENCES = {
    Fault.TOO_LARGE: lazy_gettext("Dit bestand is te groot voor een pakket: er past hooguit %(n)s MB in.", n=MOST_BYTES // 1024 // 1024),
    Fault.NOT_UTF8: lazy_gettext("Dit bestand is geen gewone tekst (UTF-8). Kies het bestand zoals u het downloadde, en pak niets in."),
    Fault.NOT_JSON: lazy_gettext("Dit bestand is niet te lezen als pakket. Misschien kwam het niet heel over; download het opnieuw."),
    Fault.TWICE: lazy_gettext("In dit pakket staat een veld twee keer. Zo weten wij niet welk van de twee geldt."),
    Fault.TOO_DEEP: lazy_gettext("In dit pakket zit te veel in elkaar. Zo ziet een pakket van de werkbank er niet uit."),
    Fault.TEXT_TOO_LONG: lazy_gettext("In dit pakket staat een tekst die te lang is."),
    Fault.LIST_TOO_LONG: lazy_gettext("In dit pakket staat een lijst die te lang is."),
    Fault.HIDDEN_LETTER: lazy_gettext("In dit pakket staan onzichtbare tekens. Daarom vertrouwen wij het niet."),
    Fault.NUMBER: lazy_gettext("In dit pakket staat een getal dat niet kan."),
    Fault.NO_PACKAGE: lazy_gettext("Dit is geen pakket van de werkbank. Kies een bestand dat u in een etalage downloadde."),
    Fault.VERSION: lazy_gettext("Dit pakket is van een versie die wij niet kennen. Vraag wie deze werkbank beheert om een nieuwere versie."),
    Fault.CHECKSUM: lazy_gettext("De controlesom klopt niet: na het maken is er iets aan dit pakket veranderd. Download het opnieuw."),
    Fault.FIELD: lazy_gettext("Een veld in dit pakket heeft een vorm die niet kan."),
    Fault.UNKNOWN_FIELD: lazy_gettext("In dit pakket staat een veld dat wij niet kennen."),
    Fault.MISSING_FIELD: lazy_gettext("In dit pakket ontbreekt een veld."),
    Fault.KIND: lazy_gettext("Dit pakket is van een soort die wij niet kennen."),
    Fault.SAME_KEY: lazy_gettext("In dit pakket hebben twee kaarten dezelfde sleutel."),
    Fault.UNKNOWN_KEY: lazy_gettext("In dit pakket wijst een kaart naar een kaart die er niet in zit."),
    Fault.EMPTY: lazy_gettext("Er zit niets in dit pakket."),
}  # fmt: skip


def sentence(problem: Refused) -> str:
    said = str(SENTENCES[problem.fault])
    return f"{said} {_('Waar: %(place)s.', place=problem.place)}" if problem.place else said
