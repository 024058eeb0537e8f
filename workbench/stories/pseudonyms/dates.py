"""Full dates and ages. A date becomes its year, an age a class of five or ten years."""

import re
from collections.abc import Iterator

from workbench.stories.pseudonyms.found import Found, Kind, found
from workbench.stories.pseudonyms.lists import amounts, roles
from workbench.stories.pseudonyms.spoken import SPOKEN, value_of
from workbench.stories.pseudonyms.words import key

_MONTHS = (
    "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    "|jan|feb|mrt|apr|jun|jul|aug|sept|sep|okt|nov|dec"
)
_DATE = re.compile(
    rf"(?P<op>\bop )?(?<![\d.,/\-])(?:(?P<day>\d{{1,2}})(?:e|ste|de)? (?P<month>{_MONTHS})\.?,? (?P<year>(?:19|20)\d\d)"
    r"|(?P<d>\d{1,2})(?P<mark>[\-/.])(?P<m>\d{1,2})(?P=mark)(?P<y>(?:19|20)\d\d|\d\d)"
    r"|(?P<y4>(?:19|20)\d\d)-(?P<m2>\d\d)-(?P<d2>\d\d))(?![\d\-/]|[.,]\d)",
    re.IGNORECASE,
)
_ORDINAL = r"(?:eerste|tweede|derde|vierde|vijfde|zesde|zevende|achtste|negende|tiende|elfde|twaalfde|dertiende|veertiende|[a-z]{3,12}tiende|[a-zë]{0,14}(?:twin|der)tigste)"
# "elf november", "de vierentwintigste mei 1941", "3 maart negentienvierenzestig", "de negende van juni '52"
_SAID = re.compile(
    rf"\b(?:de )?(?P<day>\d{{1,2}}(?:e|ste|de)?|{_ORDINAL}|{SPOKEN}) (?:van )?(?P<month>{_MONTHS})\b(?:\.(?= \d))?"
    rf"(?P<year> (?:19|20)\d\d\b| ['’]\d\d\b| (?:negentien|twintig)(?:honderd)?[ ]?{SPOKEN}\b| tweeduizend(?:en)? ?(?:{SPOKEN})?)?",
    re.IGNORECASE,
)
_TURNED = re.compile(rf"(?:{SPOKEN}|\d{{1,3}}) geworden,? (?:op )?$", re.IGNORECASE)
_BIRTH = re.compile(r"(?:geb\.?|geboren|geboorte\w*|jarig|verjaardag)[^.!?\n]{0,30}$|geb\. ?$", re.IGNORECASE)
_BORN_AFTER = re.compile(r"[^.!?\n]{0,25}\b(?:geboren|jarig|verjaardag)\b", re.IGNORECASE)
_BIRTHDAY = re.compile(
    rf"\b(?:jarig|geboren|verjaardag)\b[^.!?\n]{{0,20}}?(\d{{1,2}} (?:{_MONTHS}))\b", re.IGNORECASE
)
# The first day of a half-year with words like these beside it is the date of a rule, not of a life.
_POLICY = re.compile(
    r"wet\b|wetten|gemeente|regel|beleid|plan\b|college|raad\b|kabinet|minimum|richtlijn|norm|invoer|voeren|tarief|premie",
    re.IGNORECASE,
)
_PEOPLE = "|".join(
    ["hij", "zij", "ze", "ik", "u", "die", "je", "jij", "leeftijd", *(re.escape(word) for word in roles())]
)
_ADVERB = r"(?:ook|al|nu|nou|bijna|net|pas|inmiddels|toen|straks|dan|nog geen|ruim|vorige (?:week|maand)|deze (?:week|maand))"
_N = rf"(?P<n>\d{{1,3}}(?![.,]?\d)|{SPOKEN})"
_AGES = (
    re.compile(rf"\b{_N}(?: jaar (?:oud|jong)|[- ]?jarige?n?)\b", re.IGNORECASE),
    re.compile(
        rf"\b(?:{_PEOPLE}|(?-i:[A-Z][\w'’\-]+)) (?:is|ben|bent|was|wordt|werd|ben ik)"
        rf"(?: {_ADVERB}){{0,2}} {_N}(?: jaar)?\b(?! jaar)(?! (?:geleden|later|lang|terug|op|van de)\b)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:ben|was|werd|word) (?:ik|hij|zij|ze|u|je)(?: {_ADVERB}){{0,2}} {_N}(?: jaar)?\b(?! (?:jaar|geleden|later|lang|terug|op|van de)\b)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\btoen (?:{_PEOPLE}|(?-i:[A-Z][\w'’\-]+)) (?:{_ADVERB} )?{_N}(?: jaar)?(?= (?:was|werd|ben)\b)",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?:is|was|ben|bent)(?: {_ADVERB}){{0,2}} {_N}(?: jaar)?(?= geworden\b)", re.IGNORECASE),
    re.compile(rf"\bnog geen {_N}\b(?! \w)", re.IGNORECASE),
    re.compile(rf"[,:] {_N}(?: jaar)?(?= ben ik\b)", re.IGNORECASE),
    re.compile(rf"(?<=[^\W\d_], )(?:(?:al|nu|ook|bijna|net|pas) )?{_N}(?: jaar)?(?=[,)])", re.IGNORECASE),
    re.compile(rf"(?<=[^\W\d_] \(){_N}(?: jaar)?(?=\))", re.IGNORECASE),
    re.compile(
        rf"\b(?:kind|jongen|jongetje|meisje|man|vrouw|zoon|zoontje|dochter|dochtertje|peuter|baby|persoon) van {_N}(?: jaar)?\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:kwam|ging|kreeg|trouwde|leeftijd|sinds|toen)\b[^.!?\n]{{0,20}}? (?:met|van|op mijn|vanaf mijn) {_N} jaar\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:leeftijd|zei|zeg|oud)\b[^\w\n]{{0,3}}(?:is |ben |ik )?{_N}(?: jaar)?(?=[.,;)]|$)",
        re.IGNORECASE | re.MULTILINE,
    ),
)
_AGE_AS_ORDER = re.compile(
    r"\b(?P<when>op|vanaf|sinds) (?:mijn|zijn|haar) (?P<n>\d{1,2})(?:e|ste|de)\b", re.IGNORECASE
)
_AGE_IN_TALK = re.compile(rf"\bleeftijd\b.{{0,25}}\bzeg[gt]?\b \W?{_N}\b", re.IGNORECASE | re.DOTALL)
_WORD_AFTER = re.compile(r"\s*(%|€|[^\W\d_]+)")


def dates(text: str) -> Iterator[Found]:
    for match in _DATE.finditer(text):
        parts = match.groupdict()
        day, month = (
            int(parts["day"] or parts["d"] or parts["d2"]),
            parts["month"] or int(parts["m"] or parts["m2"]),
        )
        if not 1 <= day <= 31 or (isinstance(month, int) and not 1 <= month <= 12):
            continue
        year = parts["year"] or parts["y"] or parts["y4"]
        birth = _BIRTH.search(text[max(0, match.start() - 40) : match.start()]) or _BORN_AFTER.match(
            text, match.end()
        )
        if not birth and _is_policy(text, match, day):
            continue
        born = f"{parts['op'] or ''}[geboortedatum]"
        proposal = born if birth else _in_year(year, after_op=bool(parts["op"]), text=match[0])
        yield found(text, *match.span(), Kind.DATE, sure=True, proposal=proposal)
    for match in _SAID.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        if match["day"].isdigit() and (match["year"] or "").strip().isdigit():
            continue  # in figures: looked at above
        if match["year"] or _BIRTH.search(before) or _TURNED.search(before):
            yield found(text, *match.span(), Kind.DATE, sure=False, proposal="[datum]")
    for match in _BIRTHDAY.finditer(text):
        yield found(text, *match.span(1), Kind.DATE, sure=False, proposal="[geboortedatum]")


def ages(text: str) -> Iterator[Found]:
    yield from _ages_as_order(text)
    for pattern in (*_AGES, _AGE_IN_TALK):
        for match in pattern.finditer(text):
            age = int(match["n"]) if match["n"].isdigit() else value_of(match["n"])
            if age is None or age > 110 or match["n"].lower() in ("een", "nul") or _counts(text, match):
                continue
            yield found(text, match.start("n"), match.end(), Kind.AGE, sure=False, proposal=age_class(age))


def _ages_as_order(text: str) -> Iterator[Found]:
    """The age in "op mijn 40e"."""
    for match in _AGE_AS_ORDER.finditer(text):
        age = age_class(int(match["n"]))
        proposal = f"{match['when']} een leeftijd {age if age.startswith('in') else 'van ' + age}"
        yield found(text, *match.span(), Kind.AGE, sure=False, proposal=proposal)


def age_class(age: int) -> str:
    """An age as the class it is in: wide enough to hide in, narrow enough to mean something."""
    if age < 20:
        low = age // 5 * 5
        return f"{low} tot {low + 5} jaar" if low else "jonger dan 5 jaar"
    if age >= 90:
        return "boven de negentig"
    tens = ["twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig"]
    return f"in de {tens[age // 10 - 2]}"


def _in_year(year: str, *, after_op: bool, text: str) -> str:
    if len(year) == 2:
        return "[datum]"
    if after_op:
        return f"{'In' if text[0].isupper() else 'in'} {year}"
    return year


def _is_policy(text: str, match: re.Match[str], day: int) -> bool:
    """The first day of a half-year, or a first day with words of rules beside it: a rule's date, not a life's."""
    if day != 1:
        return False
    if key(match["month"] or "") in ("januari", "juli"):
        return True
    before = re.split(r"[.!?\n]", text[max(0, match.start() - 300) : match.start()])[-1]
    after = re.split(r"[.!?\n]", text[match.end() : match.end() + 300], maxsplit=1)[0]
    return bool(_POLICY.search(before) or _POLICY.search(after))


def _counts(text: str, match: re.Match[str]) -> bool:
    """The number counts something else: "ik ben 3 keer gebeld"."""
    if match.end() > match.end("n"):
        return False
    after = _WORD_AFTER.match(text, match.end())
    return after is not None and (after[1] in "%€" or after[1].lower() in amounts())
