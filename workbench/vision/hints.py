"""Hints on the wording of a goal: short, kind, and never in the way. Pure.

A goal says what residents notice. The words looked for are those with which plans slide back to what the
organisation does.
"""

import re
from collections.abc import Callable

from flask_babel import lazy_gettext as _

WORDS_IN_A_SENTENCE = 25
ORGANISATION = re.compile(
    r"\b(de gemeente|het college|beleid\w*|nota|project\w*|aanbod|inkoop|voorziening\w*|implement\w+|uitvoer\w+)\b",
    re.IGNORECASE,
)
JARGON = re.compile(
    r"\b(integra\w+|laagdrempelig\w*|ketenpartner\w*|zelfredzaam\w*|participer\w+|stakeholder\w*|doorontwikkel\w+"
    r"|borg\w+|faciliter\w+|preventief|transformatie\w*|doelgroep\w*)\b",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\d+([.,]\d+)?\s*(%|procent\b)", re.IGNORECASE)


def _in_words(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda sentence: bool(pattern.search(sentence))


RULES = (
    (_in_words(ORGANISATION), _("Dit gaat over wat de gemeente doet. Wat merkt een inwoner ervan?")),
    (_in_words(JARGON), _("Zou uw buurvrouw dit woord gebruiken? Probeer het gewoner te zeggen.")),
    (_in_words(NUMBER), _("Een getal hoort bij stap 6. Hier volstaat wat inwoners merken.")),
    (
        lambda sentence: len(sentence.split()) > WORDS_IN_A_SENTENCE,
        _("Dit is een lange zin. Wat is het belangrijkste deel?"),
    ),
    (
        lambda sentence: len(re.findall(r"\ben\b", sentence)) > 1,
        _("Misschien zijn dit twee doelen. Kunt u ze los noemen?"),
    ),
)


def hints(sentence: str, target_group: str, horizon: int | None) -> list[str]:
    """What could make this goal clearer, most important first; empty when nothing stands out."""
    found = [str(hint) for says, hint in RULES if says(sentence)]
    if not target_group:
        found.append(str(_("Om wie gaat het vooral? Dan weet u straks wie u het kunt vragen.")))
    if horizon is None:
        found.append(str(_("Noem een jaar. Anders weet niemand wanneer u terugkijkt.")))
    return found
