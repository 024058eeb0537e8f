"""From which level a figure about an area may come, and how that is said. Pure.

A figure of a wider area may stand beside the words that it is of that wider area. A figure of a municipality is never
given for a district or a neighbourhood, and a district's never for a municipality.
"""

import re
from collections.abc import Collection

from workbench.core.language import Language
from workbench.indicators.catalogue import AreaType

REGIONS = (AreaType.GGD_REGIO, AreaType.JEUGDREGIO, AreaType.ARBEIDSMARKTREGIO)
# The areas that a kind of area lies in, the nearest first.
WIDER: dict[AreaType, tuple[AreaType, ...]] = {
    AreaType.GEMEENTE: (*REGIONS, AreaType.PROVINCIE, AreaType.NL),
    AreaType.PROVINCIE: (AreaType.NL,),
    **dict.fromkeys(REGIONS, (AreaType.NL,)),
}


def level_for(own: AreaType, present: Collection[AreaType]) -> AreaType | None:
    """The level to show for an area of the kind `own`, when the levels `present` have a figure: its own, or else the
    nearest one around it. None: there is nothing to show.
    """
    return next((level for level in (own, *WIDER.get(own, ())) if level in present), None)


def plain_name(name: str) -> str:
    """'Flevoland' for 'GGD Flevoland', 'Flevoland (GG)' and 'Arbeidsmarktregio Flevoland': the kind is said apart."""
    bare = re.sub(r" \((PV|GG|JZ|AM|gemeente)\)$", "", name)
    return re.sub(
        r"^(GGD-regio|GGD|Jeugdzorgregio|Jeugdregio|Arbeidsmarktregio) (?=\S)", "", bare, flags=re.IGNORECASE
    )


def heading(level: AreaType, name: str, language: Language) -> str:
    """'GGD-regio Flevoland': an area with its kind, as the head of a column."""
    name = plain_name(name)
    match level:
        case AreaType.PROVINCIE:
            return language.gettext("Provincie %(name)s", name=name)
        case AreaType.GGD_REGIO:
            return language.gettext("GGD-regio %(name)s", name=name)
        case AreaType.JEUGDREGIO:
            return language.gettext("Jeugdregio %(name)s", name=name)
        case AreaType.ARBEIDSMARKTREGIO:
            return language.gettext("Arbeidsmarktregio %(name)s", name=name)
        case _:
            return name


def whose(level: AreaType, name: str, language: Language) -> str:
    """'de GGD-regio Flevoland': the area of a figure, with its kind."""
    name = plain_name(name)
    return {
        AreaType.NL: language.gettext("heel %(name)s", name=name),
        AreaType.PROVINCIE: language.gettext("de provincie %(name)s", name=name),
        AreaType.GEMEENTE: language.gettext("de gemeente %(name)s", name=name),
        AreaType.GGD_REGIO: language.gettext("de GGD-regio %(name)s", name=name),
        AreaType.JEUGDREGIO: language.gettext("de jeugdregio %(name)s", name=name),
        AreaType.ARBEIDSMARKTREGIO: language.gettext("de arbeidsmarktregio %(name)s", name=name),
        AreaType.WIJK: language.gettext("de wijk %(name)s", name=name),
        AreaType.BUURT: language.gettext("de buurt %(name)s", name=name),
    }[level]


def not_ours(level: AreaType, name: str, language: Language) -> str:
    """'cijfer van de GGD-regio Flevoland, niet van uw gemeente': what belongs beside a figure of a wider area."""
    return language.gettext("cijfer van %(whose)s, niet van uw gemeente", whose=whose(level, name, language))
