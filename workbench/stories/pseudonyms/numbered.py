"""Identifiers with a fixed shape: e-mail, phone, citizen service number, bank account, postcode, number plate, links."""

import re
from collections.abc import Iterator

from stdnum import iban
from stdnum.nl import bsn

from workbench.stories.pseudonyms.found import Found, Kind, found

_EMAIL = re.compile(r"[\w.+\-]{1,64}@(?:[^\W_](?:[\w\-]{0,62})\.){1,6}[^\W\d_]{2,24}")
_SPOKEN_EMAIL = re.compile(
    r"(?<![\w\-])[\w\-]{1,40}(?: (?:punt|streepje) [\w\-]{1,40}){0,4} (?:apenstaartje|at) [\w\-]{1,40}(?: punt [\w\-]{1,40}){1,3}\b",
    re.IGNORECASE,
)
# "jan (at) huis.example", "jan [at] huis [punt] example": written so that no program finds it.
_HIDDEN_EMAIL = re.compile(
    r"[\w.+\-]{1,40} ?[\[(] ?(?:at|@|apenstaartje) ?[\])] ?[\w\-]{1,40}"
    r"(?: ?(?:\.|[\[(] ?(?:punt|dot|\.) ?[\])]) ?[\w\-]{1,40}){1,4}",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"“”]{3,}"
    r"|\b(?:insta|instagram|facebook|fb|tiktok|linkedin|twitter|youtube|snapchat|x|wa)\.(?:com|me|nl)/[^\s<>\"“”]+",
    re.IGNORECASE,
)
_ACCOUNT_NAME = re.compile(r"(?<![\w.@])@[^\W_][\w.]{1,40}")
# "snap: noa.xx13": behind the name of a network, what no word looks like.
_CUED_NAME = re.compile(
    r"\b(?:snap|snapchat|insta|instagram|tiktok|facebook|fb|telegram|discord)(?: is|:)? (?P<name>(?=[\w.\-]*[\d._])[a-z0-9][\w.\-]{2,40})",
    re.IGNORECASE,
)
_IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ .\-]?[A-Za-z0-9]{2,4}){3,8}\b")
_PHONE = re.compile(
    r"(?<![\w+])(?:\(0\d{1,3}\)|(?:\+|00)\d{2}(?:[ .\-]?\(0\))?|0)[ .\-–/]{0,3}(?:\d[ .\-–/]{0,3}){5,10}\d(?!\w)"
)
_NINE = re.compile(
    r"(?<![\d.,€\-])(?<!€ )(\d{9}|\d{3}([ .])\d{3}\2\d{3}|\d{4}[ .]\d{2}[ .]\d{3})(?![\d\-]|[.,]\d)"
)
_NUMBER_CUE = re.compile(
    r"\b(?:bsn|burgerservice\w*|sofi\w*|cli[eë]ntnummer|klantnummer|dossiernummer|polisnummer|pati[eë]ntnummer)\b"
    r"[^\d\n]{0,25}(\d[\d .\-]{4,16}\d)",
    re.IGNORECASE,
)
# "kenmerk Z2024-55120", "v-nummer 2819 304 772", "casus 2024-118734": a code behind a word for one.
_CODE_CUE = re.compile(
    r"\b(?:kenmerk|zaak|casus|dossier|(?:[a-z]{1,12}-?)?nummer|nr\.?)(?: (?:bij [^.!?\n\d]{1,25}|is|was|van mij is))?:? "
    r"(?P<code>(?-i:[A-Z]{1,4}[\-/ ]?)?\d[\dA-Z]*(?:[\-/. ]\d[\dA-Z]*)*)",
    re.IGNORECASE,
)
_LONG_CODE = 5  # digits; a shorter one may be a page or a house
_POSTCODE = re.compile(r"(?<![\w.,€])[1-9]\d{3}\s?([A-Z]{2})\b(?!\w)")
_DOTTED_POSTCODE = re.compile(r"(?<![\w.,€])[1-9]\d{3} ?[A-Z]\.[A-Z]\.?(?![\w.]| [A-Z][a-z])")
_LOW_POSTCODE = re.compile(r"(?<![\w.,€])[1-9]\d{3} ?([a-z]{2})\b")
_LOW_CUE = re.compile(r"(?:postcode\D{0,12}|\d ?(?:\w|hs|bis|huis|[IV]{1,3})?,?\s{1,2})$", re.IGNORECASE)
_SMALL_WORDS = {
    *(
        "al",
        "an",
        "as",
        "at",
        "bv",
        "ca",
        "da",
        "de",
        "en",
        "er",
        "ga",
        "ha",
        "ik",
        "in",
        "is",
        "je",
        "ju",
        "ka",
        "km",
        "kg",
        "ma",
    ),
    *(
        "me",
        "mn",
        "na",
        "nu",
        "of",
        "om",
        "op",
        "pk",
        "st",
        "te",
        "tm",
        "to",
        "uw",
        "we",
        "wo",
        "ze",
        "zo",
        "zn",
        "cm",
        "mm",
        "ml",
    ),
}
_NO_POSTCODE = {"SA", "SD", "SS"}
_PLATE = re.compile(
    r"\b(?=[A-Z0-9\-]{8}\b)(?=[A-Z0-9\-]*[A-Z])(?=[A-Z0-9\-]*\d)(?:[A-Z]{1,3}|\d{1,3})-(?:[A-Z]{1,3}|\d{1,3})-(?:[A-Z]{1,3}|\d{1,3})\b"
)
_CUED_PLATE = re.compile(
    r"\bkenteken\W{1,3}(?:is |was )?([A-Za-z0-9](?:[ \-]?[A-Za-z0-9]){5})\b", re.IGNORECASE
)
# Without the word, only in capitals and with its blanks, in shapes that were handed out.
_SPACED_PLATE = re.compile(
    r"\b(?:\d\d [A-Z]{2} [A-Z]{2}|[A-Z]{2} \d\d [A-Z]{2}|[A-Z]{2} [A-Z]{2} \d\d|[A-Z]{2} \d\d \d\d|\d\d \d\d [A-Z]{2}"
    r"|\d\d [A-Z]{3} \d|\d [A-Z]{3} \d\d|[A-Z]{1,2} \d{3} [A-Z]{1,2})\b"
)
_EURO = re.compile(r"\s*(?:euro|eur\b|inwoners|mensen|miljoen)", re.IGNORECASE)


def numbered(text: str) -> Iterator[Found]:
    yield from _mails(text)
    yield from _links(text)
    yield from _accounts(text)
    yield from _phones(text)
    yield from _nine_digits(text)
    yield from _postcodes(text)
    yield from _plates(text)


def _mails(text: str) -> Iterator[Found]:
    for match in _EMAIL.finditer(text):
        yield found(text, *match.span(), Kind.EMAIL, sure=True)
    for match in _HIDDEN_EMAIL.finditer(text):
        yield found(text, *match.span(), Kind.EMAIL, sure=True)
    for match in _SPOKEN_EMAIL.finditer(text):
        yield found(text, *match.span(), Kind.EMAIL, sure=" apenstaartje " in match[0].lower())


def _links(text: str) -> Iterator[Found]:
    for match in _LINK.finditer(text):
        words = match[0].rstrip(".,;:!?)")
        yield found(text, match.start(), match.start() + len(words), Kind.HANDLE, sure=True)
    for match in _ACCOUNT_NAME.finditer(text):
        words = match[0].rstrip(".")
        yield found(text, match.start(), match.start() + len(words), Kind.HANDLE, sure=True)

    for match in _CUED_NAME.finditer(text):
        words = match["name"].rstrip(".-")
        if re.search(r"[\d._]", words):
            yield found(text, match.start("name"), match.start("name") + len(words), Kind.HANDLE, sure=False)


def _accounts(text: str) -> Iterator[Found]:
    for match in _IBAN.finditer(text):
        words = match[0]
        # A word after the number may have come along ("NL91 ABNA 0417 1643 00 was leeg").
        end = next(
            (len(words[:cut]) for cut in _cuts(words) if iban.is_valid(words[:cut].replace(".", ""))), None
        )
        if end is not None:
            yield found(text, match.start(), match.start() + end, Kind.ACCOUNT, sure=True)
        elif re.match(r"(?i)nl\d\d", words) and sum(mark.isdigit() for mark in words) >= 8:
            last = max(n for n, mark in enumerate(words) if mark.isdigit()) + 1
            yield found(text, match.start(), match.start() + last, Kind.ACCOUNT, sure=False)


def _cuts(words: str) -> list[int]:
    return [len(words), *(n for n in range(len(words) - 1, 14, -1) if not words[n].isalnum())]


def _phones(text: str) -> Iterator[Found]:
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if re.match(r"(?:\+|00)", match[0]):
            fits = 10 <= len(digits.lstrip("0")) <= 14
        else:
            fits = len(digits) == 10 and not digits.startswith("00")
        if fits:
            yield found(text, *match.span(), Kind.PHONE, sure=True)


def _nine_digits(text: str) -> Iterator[Found]:
    for match in _NINE.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if (bool(match[2]) and digits.endswith("000")) or _EURO.match(text, match.end()):
            continue
        valid = bsn.is_valid(digits)
        yield found(text, *match.span(), Kind.BSN if valid else Kind.NUMBER, sure=valid)
    for match in _NUMBER_CUE.finditer(text):
        digits = re.sub(r"\D", "", match[1])
        is_bsn = len(digits) in (8, 9) and bsn.is_valid(digits.zfill(9))
        yield found(text, *match.span(1), Kind.BSN if is_bsn else Kind.NUMBER, sure=is_bsn)

    for match in _CODE_CUE.finditer(text):
        if sum(mark.isdigit() for mark in match["code"]) >= _LONG_CODE:
            yield found(text, *match.span("code"), Kind.NUMBER, sure=False)


def _postcodes(text: str) -> Iterator[Found]:
    for match in _POSTCODE.finditer(text):
        if match[1] not in _NO_POSTCODE:
            yield found(text, *match.span(), Kind.POSTCODE, sure=True)
    for match in _DOTTED_POSTCODE.finditer(text):
        yield found(text, *match.span(), Kind.POSTCODE, sure=False)
    for match in _LOW_POSTCODE.finditer(text):
        cued = _LOW_CUE.search(text[max(0, match.start() - 24) : match.start()])
        if cued and match[1] not in _SMALL_WORDS:
            yield found(text, *match.span(), Kind.POSTCODE, sure=False)


def _plates(text: str) -> Iterator[Found]:
    for match in _PLATE.finditer(text):
        yield found(text, *match.span(), Kind.PLATE, sure=True)
    for match in _SPACED_PLATE.finditer(text):
        yield found(text, *match.span(), Kind.PLATE, sure=False)
    for match in _CUED_PLATE.finditer(text):
        if re.search(r"\d", match[1]):
            yield found(text, *match.span(1), Kind.PLATE, sure=True)
