"""What a find is: a stretch of text that may say who somebody is."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    PERSON = "person"
    ADDRESS = "address"
    POSTCODE = "postcode"
    PLACE = "place"
    EMAIL = "email"
    PHONE = "phone"
    BSN = "bsn"
    NUMBER = "number"
    ACCOUNT = "account"
    DATE = "date"
    AGE = "age"
    SCHOOL = "school"
    CARE = "care"
    EMPLOYER = "employer"
    PLATE = "plate"
    HANDLE = "handle"


# What stands in place of the words, unless a rule knows better.
STANDS_FOR = {
    Kind.PERSON: "[persoon]",
    Kind.ADDRESS: "[adres]",
    Kind.POSTCODE: "[postcode]",
    Kind.PLACE: "[plaats]",
    Kind.EMAIL: "[e-mailadres]",
    Kind.PHONE: "[telefoonnummer]",
    Kind.BSN: "[burgerservicenummer]",
    Kind.NUMBER: "[nummer]",
    Kind.ACCOUNT: "[rekeningnummer]",
    Kind.DATE: "[datum]",
    Kind.AGE: "[leeftijd]",
    Kind.SCHOOL: "[school]",
    Kind.CARE: "[zorgorganisatie]",
    Kind.EMPLOYER: "[werkgever]",
    Kind.PLATE: "[kenteken]",
    Kind.HANDLE: "[link of account]",
}


@dataclass(frozen=True, order=True)
class Found:
    """`text[start:end] == words`. `sure`: hardly ever anything else; the others need a look."""

    start: int
    end: int
    kind: Kind
    words: str
    proposal: str
    sure: bool


@dataclass(frozen=True)
class Person:
    """A name in the text, before it is known who else is called so."""

    start: int  # of what is replaced: with the role words before it
    name: int  # where the name itself begins
    end: int
    role: str | None  # what the person is to the narrator: "mijn zoon", "de huisarts"
    sure: bool
    told: bool = False  # the sentence says the name itself: "mijn buurman heet …"


def found(text: str, start: int, end: int, kind: Kind, *, sure: bool, proposal: str | None = None) -> Found:
    return Found(start, end, kind, text[start:end], proposal or STANDS_FOR[kind], sure)
