"""Addresses, also written carelessly, and places smaller than or as small as a municipality."""

import re
from collections.abc import Iterator

from workbench.stories.pseudonyms.found import Found, Kind, found
from workbench.stories.pseudonyms.lists import (
    amounts,
    first_names,
    municipalities,
    no_names,
    ordinary,
    surnames,
)
from workbench.stories.pseudonyms.naming import OF_OFFICE
from workbench.stories.pseudonyms.shapes import CAPITAL, PARTICLE, TITLE
from workbench.stories.pseudonyms.words import key

# Ends of street names that say "street" by themselves, and ends that only do so in a word with a capital.
_STREET = r"(?:str(?:aat|\.)?|straat|laan|ln|weg|wg|plein|gracht|kade|singel|dijk|dreef|steeg|plantsoen|pad|hof|boulevard|allee)"
_MAYBE = r"(?:markt|park|dam|baan|veld|burg|erf|oord|akker|kamp|horst|meent|haven|wal|vliet|gaarde|hage|werf|poort|tuin|weide|ring|rede|ven|berg|donk|hoven|zoom|rand)"
_HOUSE = r"(?P<house>\d{1,5})(?: t/m \d{1,5}\b|\s?-\s?\d{1,3}\b|[ \-]?(?:hs|bis|huis|I{1,3}|IV|V|[a-hA-H])\b(?!['’]))?(?![\d%])"
_BEFORE = rf"(?:(?:{CAPITAL}\.?|van|de|der|den|het|'t|’t|burg\.?|dr\.?|prof\.?|mr\.?|st\.?|sint)[ ]){{0,4}}"
_NUMBERED = re.compile(
    rf"(?<!\w){_BEFORE}[^\W\d_][\w'’\-]{{0,40}}?{_STREET}\.?[ ,]{{0,2}}(?:nr\.? ?|nummer )?{_HOUSE}",
    re.IGNORECASE,
)
_CAPITAL_NUMBERED = re.compile(rf"(?<!\w)(?P<name>(?:{CAPITAL} ){{0,2}}{CAPITAL}) {_HOUSE}")
_ENDS_LIKE_ONE = re.compile(rf"{_MAYBE}$", re.IGNORECASE)
_AT = re.compile(
    rf"\b(?:aan|op|adres(?: is)?:?|woonachtig|naar) (?P<all>(?:het |de |'t |’t |t )?{CAPITAL}(?: {CAPITAL})? {_HOUSE})",
    re.IGNORECASE,
)
_POST_BOX = re.compile(r"\bpostbus \d{1,6}\b", re.IGNORECASE)
_STREET_ALONE = re.compile(
    rf"(?<!\w)(?:(?:de|het|'t|van|der) )?(?:{CAPITAL} (?:{PARTICLE} )?){{0,2}}(?-i:[A-Z])[\w'’\-]{{1,40}}(?:straat|laan|gracht|singel|plantsoen|dreef|kade|steeg|plein)\b"
)
_NO_STREET = {
    "onderweg",
    "halfweg",
    "terugweg",
    "heenweg",
    "weg",
    "snelweg",
    "uitweg",
    "omweg",
    "werkplein",
    "schoolplein",
}

_HOME = (
    r"(?:woon|woont|wonen|woonde|woonden|gewoond|woonachtig|zit|zat|huis|kamer|studio|flat|flatje|appartement|woning|geboren|opgegroeid"
    r"|groeide|verhuis\w*|verhuizing|getrokken|restaurant|winkel|salon|zus|broer|adres|terug|opgenomen|logeer\w*)"
)
_LIVES = re.compile(
    rf"\b{_HOME}\b[^.!?\n]{{0,45}}?\b(?:in|te|uit|naar|nabij)[ ](?P<all>(?:(?:de|het|den|'t|’t) )?(?P<name>{TITLE}))",
    re.IGNORECASE,
)
_LIVES_LOW = re.compile(
    rf"\b{_HOME}\b[^.!?]{{0,45}}?\b(?:in|te|uit|naar) (?P<name>[^\W\d_][\w\-]{{1,40}})", re.IGNORECASE
)
_QUARTER = re.compile(
    rf"\b(?:(?:onze |de |mijn )?(?:wijk|buurt|buurtje|dorp|dorpje|stadsdeel|flat|gehucht|complex|plaats|woonplaats))"
    rf"(?::| heet| heette| is|,)?[ ](?P<all>(?:(?:de|het|'t|’t|den) )?(?P<name>{TITLE}))",
    re.IGNORECASE,
)
_FROM_TO = re.compile(
    rf"\bvan (?P<all>(?:(?:de|het) )?(?P<name>{CAPITAL}(?: {CAPITAL})?)) naar (?P<to>(?:(?:de|het) )?(?P<other>{CAPITAL}))"
)
_QUARTER_NAME = re.compile(
    rf"(?<!\w)(?:(?:de|het) )?(?<![\w\-])(?-i:[A-Z])[\w\-]{{1,40}}(?:wijk|buurt|kwartier)\b|(?<!\w)(?P<city>{CAPITAL})[ \-](?:Noord|Zuid|Oost|West|Haven|Stad|Buiten|Poort|Centrum|Hout|Binnen)(?!\w)"
)
_IN_THE = re.compile(rf"\b(?:in|uit|naar|door) (?P<all>de (?P<name>{CAPITAL}))(?! {CAPITAL})", re.IGNORECASE)
_UNKNOWN_PLACE = re.compile(rf"\b(?:in|te|naar|nabij) (?P<name>{CAPITAL})(?! {CAPITAL})", re.IGNORECASE)
_AFTER_POSTCODE = re.compile(rf"(?:\b[1-9]\d{{3}}\s?[A-Z]{{2}}),?[ ]+(?P<name>{TITLE})")


def addresses(text: str) -> Iterator[Found]:
    for match in _NUMBERED.finditer(text):
        street = key(text[match.start() : match.start("house")].strip(" ,."))
        if street.split()[-1] not in _NO_STREET and not _is_amount(text, match):
            yield found(text, *match.span(), Kind.ADDRESS, sure=True)
    for match in _CAPITAL_NUMBERED.finditer(text):
        if _ENDS_LIKE_ONE.search(match["name"]) and not _is_amount(text, match):
            yield found(text, *match.span(), Kind.ADDRESS, sure=False)
    for match in _AT.finditer(text):
        first = re.sub(r"^(?:het|de|['’]?t) ", "", match["all"], flags=re.IGNORECASE).split()[0]
        if key(first) not in no_names() | _NO_STREET and not _is_amount(text, match):
            yield found(text, *match.span("all"), Kind.ADDRESS, sure=False)
    for match in _POST_BOX.finditer(text):
        yield found(text, *match.span(), Kind.ADDRESS, sure=True)


def places(text: str) -> Iterator[Found]:
    for pattern in (_LIVES, _QUARTER, _IN_THE, _AFTER_POSTCODE, _FROM_TO):
        for match in pattern.finditer(text):
            group = "all" if "all" in pattern.groupindex else "name"
            if _is_place(match["name"]):
                yield found(
                    text, *match.span(group), Kind.PLACE, sure=False, proposal=_proposal(match["name"])
                )
            if pattern is _FROM_TO and _is_place(match["other"]):
                yield found(
                    text, *match.span("to"), Kind.PLACE, sure=False, proposal=_proposal(match["other"])
                )
    for match in _UNKNOWN_PLACE.finditer(text):
        if _is_place(match["name"]) and _is_unknown(key(match["name"])):
            yield found(text, *match.span("name"), Kind.PLACE, sure=False, proposal="[wijk of plaats]")
    for match in _LIVES_LOW.finditer(text):
        if key(match["name"]) in municipalities() and key(match["name"]) not in ordinary():
            yield found(text, *match.span("name"), Kind.PLACE, sure=False, proposal="[woonplaats]")
    for match in _QUARTER_NAME.finditer(text):
        if not match["city"] or key(match["city"]) in municipalities():
            yield found(text, *match.span(), Kind.PLACE, sure=False, proposal="[wijk]")
    for match in _STREET_ALONE.finditer(text):
        yield found(text, *match.span(), Kind.PLACE, sure=False, proposal="[straat]")


def _proposal(name: str) -> str:
    return "[woonplaats]" if key(name) in municipalities() else "[wijk of plaats]"


def _is_place(name: str) -> bool:
    words = [key(word) for word in re.split(r"[ \-]", name)]
    if name.isupper():
        return False
    return (
        key(name) not in no_names() and words[0] not in no_names() and words[0] not in {"ik", "wij", "mijn"}
    )


def _is_unknown(name: str) -> bool:
    """No town of the country, no person, no office: a district, or a town elsewhere."""
    listed = municipalities() | first_names() | surnames() | ordinary()
    return len(name) > 2 and name not in listed and not name.endswith(OF_OFFICE)


def _is_amount(text: str, match: re.Match[str]) -> bool:
    after = re.compile(r"\s*([^\W\d_]+['’]?s?)").match(text, match.end())
    return after is not None and after[1].lower() in amounts() and match[0][-1].isdigit()
