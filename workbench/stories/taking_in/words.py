"""Names of what may say who somebody is, and the words that may stand in its place."""

from flask_babel import lazy_gettext as _

from workbench.stories.kept.operations import Rule
from workbench.stories.kept.visibility import State
from workbench.stories.pseudonyms import Kind, Topic

KIND_NAMES = {
    Kind.PERSON: _("naam"),
    Kind.ADDRESS: _("adres"),
    Kind.POSTCODE: _("postcode"),
    Kind.PLACE: _("plaats of wijk"),
    Kind.EMAIL: _("e-mailadres"),
    Kind.PHONE: _("telefoonnummer"),
    Kind.BSN: _("burgerservicenummer"),
    Kind.NUMBER: _("nummer"),
    Kind.ACCOUNT: _("rekeningnummer"),
    Kind.DATE: _("datum"),
    Kind.AGE: _("leeftijd"),
    Kind.SCHOOL: _("school"),
    Kind.CARE: _("zorgorganisatie"),
    Kind.EMPLOYER: _("werkgever"),
    Kind.PLATE: _("kenteken"),
    Kind.HANDLE: _("link of account"),
}
ENDED_BY = {
    Rule.NARRATOR: _("de laatste dag van de verteller was voorbij"),
    Rule.SOURCE: _("de laatste dag van de bron was voorbij"),
    Rule.RESTORED: _("al weg toen een reservekopie werd teruggezet"),
    Rule.COLLECTOR: _("weggehaald voordat het veilig was"),
}
OWN = _("zelf aangewezen")
TOPIC_NAMES = {
    Topic.HEALTH: _("gezondheid"),
    Topic.CRIME: _("politie of straf"),
    Topic.DANGER: _("geweld of gevaar"),
    Topic.ETHNICITY: _("afkomst"),
    Topic.RELIGION: _("geloof"),
    Topic.SEXUAL_LIFE: _("seksualiteit"),
    Topic.POLITICS: _("politiek"),
    Topic.RARE: _("zeldzaam"),
}
STATE_NAMES = {
    State.RECEIVED: _("de werkbank leest het"),
    State.FAILED: _("niet te lezen"),
    State.TO_CHECK: _("wacht op nakijken"),
    State.SECOND_LOOK: _("wacht op een tweede lezer"),
    State.WITH_NARRATOR: _("wacht op de verteller"),
    State.READY: _("klaar om te lezen"),
    State.WITHDRAWN: _("ingetrokken door de verteller"),
    State.ENDED: _("verwijderd: de tijd was om"),
}
# Offered wherever words must take the place of a name. Part of a Dutch story, so not in the reader's language.
ROLE_WORDS = (
    "mijn zoon",
    "mijn dochter",
    "mijn partner",
    "mijn moeder",
    "mijn vader",
    "mijn broer",
    "mijn zus",
    "een familielid",
    "een vriendin",
    "een vriend",
    "een buurvrouw",
    "een buurman",
    "de huisarts",
    "mijn begeleider",
    "een hulpverlener",
    "de wijkcoach",
    "een medewerker van de gemeente",
    "een leerkracht",
    "mijn werkgever",
    "een school",
    "een zorgorganisatie",
    "een straat in de wijk",
    "een wijk in de stad",
)
LEFT_OUT = "[weggelaten]"  # in place of words for which nobody gave others
# Why words that were found may stay.
REASONS = {
    "no_name": _("Het wijst niet naar een persoon"),
    "public": _("Iedereen kent het: het is openbaar"),
    "narrator": _("De verteller wil dat het blijft staan"),
}
