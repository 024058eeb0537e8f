"""Schools, care organisations and employers: a cue word with a name behind it, or a name we know."""

import re
from collections.abc import Iterator
from functools import cache

from workbench.stories.pseudonyms.found import Found, Kind, found
from workbench.stories.pseudonyms.lists import care_providers, no_names, ordinary
from workbench.stories.pseudonyms.shapes import CAPITAL, PARTICLE, TITLE
from workbench.stories.pseudonyms.words import key

_JOINS = re.compile(rf"(?<!^de)(?<!^het) (?:{PARTICLE}) ", re.IGNORECASE)
_NAME = rf"['\"‘“]?(?P<name>(?:(?:de|het|'t|’t) )?{TITLE})"
_SCHOOL_WORD = (
    r"(?:(?:basis|brede |daltons?|vrije |montessori|middelbare |speciale |taal)?school|basisonderwijs|scholengemeenschap|college|lyceum|gymnasium"
    r"|obs|rkbs|pcbs|sbo|so|vso|vmbo|mavo|havo|vwo|mbo|roc|hbo|ikc|kindcentrum|peuterspeelzaal|speelzaal|kinderdagverblijf|kinderopvang|voorschool|crèche|ib)"
)
_SCHOOLS = (
    re.compile(rf"\b{_SCHOOL_WORD},? {_NAME}", re.IGNORECASE),
    re.compile(rf"\bCBS (?:De|Het|'t|’t) {CAPITAL}(?: {CAPITAL})?"),
    re.compile(
        rf"(?<!\w)(?:(?:de|het) )?(?:{CAPITAL} ){{0,3}}(?<!\w)(?-i:[A-Z])[\w\-]{{0,40}}(?:[a-z]school|college|lyceum|gymnasium)\b(?: {CAPITAL}){{0,2}}"
    ),
    re.compile(rf"(?<!\w)(?:{CAPITAL} ){{1,3}}(?:College|Lyceum|Gymnasium|School|Academie)\b"),
)
_AT_SCHOOL = re.compile(
    rf"\b(?:(?:zit|zat|zaten|zitten|gaat|gaan|ging|leerling|les|stage|diploma)\b[^.!?\n]{{0,15}}? )?(?:op|naar) (?:de|het) (?P<name>{TITLE})",
    re.IGNORECASE,
)
_CARE_WORD = (
    r"(?:zorggroep|zorgcentrum|zorginstelling|zorgboerderij|zorgbureau|zorgaanbieder|woonzorgcentrum|woonzorg|verpleeghuis|verzorgingshuis"
    r"|verzorgingstehuis|bejaardenhuis|ziekenhuis|kliniek|polikliniek|hospice|thuiszorg|huisartsenpraktijk|huisartsenpost|gezondheidscentrum"
    r"|praktijk|apotheek|dagbesteding|dagopvang|nachtopvang|opvanghuis|woongroep|stichting|ggz|ggd regio|jeugdhulp|jeugdzorg|jeugdteam|instelling"
    r"|behandelcentrum|centrum|therapeuticum|revalidatiecentrum|blijf-van-mijn-lijfhuis)"
)
_CARE = (
    re.compile(rf"\b{_CARE_WORD},? {_NAME}", re.IGNORECASE),
    re.compile(
        rf"(?<!\w)(?:(?:het|de) )?(?:{CAPITAL} )?(?<!\w)(?P<name>(?-i:[A-Z])[\w\-]{{1,40}}(?:ziekenhuis|kliniek|zorg|hospice|gasthuis))\b(?: {CAPITAL})?"
    ),
    re.compile(rf"(?<!\w)(?:{CAPITAL} ){{1,2}}(?:Ziekenhuis|Gasthuis|Kliniek|Hospice)\b"),
    re.compile(rf"\bGGZ[ \-](?P<name>{TITLE})"),
)
_WORK_PLACE = (
    r"(?:bakkerij|slagerij|hotel|restaurant|café|cafetaria|garage|supermarkt|firma|bedrijf|vervoersbedrijf|schoonmaakbedrijf|uitzendbureau"
    r"|kapsalon|winkel|bouwbedrijf|fabriek|kwekerij|transportbedrijf|aannemer|drogist|boekhandel|maatschap|vof|corporatie|woningcorporatie"
    r"|woningbouwvereniging|notariskantoor|advocatenkantoor|uitvaartonderneming|camping|boerderij|manege|sportschool)"
)
_EMPLOYERS = (
    re.compile(rf"\b{_WORK_PLACE},? {_NAME}", re.IGNORECASE),
    re.compile(
        rf"\b(?:werk|werkt|werkte|werkten|gewerkt|werken|baan|dienst|stage|chauffeur|schoon|ontslagen|vakken)\b[^.!?]{{0,25}}? bij"
        rf" (?:(?:de|het|een) )?(?:[a-zé]+ )?(?P<name>{TITLE})"
    ),
)


def schools(text: str) -> Iterator[Found]:
    for pattern in _SCHOOLS:
        for match in pattern.finditer(text):
            if not _is_common(match):
                yield from _named(text, match, Kind.SCHOOL)
    for match in _AT_SCHOOL.finditer(text):
        if not _is_common(match) and len(match["name"]) > 3:
            yield found(text, *match.span("name"), Kind.SCHOOL, sure=False)


def care(text: str) -> Iterator[Found]:
    for pattern in _CARE:
        for match in pattern.finditer(text):
            if match[0].startswith("GGZ") or not _is_common(match):
                yield from _named(text, match, Kind.CARE)
    for match in _providers().finditer(text):
        yield found(text, *match.span(), Kind.CARE, sure=True)


def employers(text: str) -> Iterator[Found]:
    for match in _EMPLOYERS[0].finditer(text):
        if not _is_common(match):
            yield from _named(text, match, Kind.EMPLOYER)
    for match in _EMPLOYERS[1].finditer(text):
        if not _is_common(match):
            yield found(text, *match.span("name"), Kind.EMPLOYER, sure=False)


def _named(text: str, match: re.Match[str], kind: Kind) -> Iterator[Found]:
    """The cue with its name; and a shorter one, for where a name seems to run on into an address ("De Linde op Wit 3")."""
    yield found(text, *match.span(), kind, sure=True)
    if "name" in match.re.groupindex and (joins := _JOINS.search(match["name"])):
        yield found(text, match.start(), match.start("name") + joins.start(), kind, sure=True)


@cache
def _providers() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in care_providers())
    return re.compile(rf"(?<!\w)(?:het (?=Leger))?(?:{names})(?!\w)(?: (?!De\b|Het\b|Wij\b|Ik\b){CAPITAL})?")


def _is_common(match: re.Match[str]) -> bool:
    """The name is no name: "school. De …", "centrum Nederland"."""
    if "name" not in match.re.groupindex:
        return False
    words = [key(word) for word in re.split(r"[ \-]", match["name"])]
    if len(words) == 1:
        return words[0] in no_names() or words[0] in ordinary()
    return all(word in no_names() | {"de", "het"} for word in words)
