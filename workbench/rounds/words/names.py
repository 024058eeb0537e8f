"""Names of what a round has: its methods, its states, its answers, its lines; and how many are ready."""

from flask_babel import lazy_gettext

from workbench.rounds.methods import Method, consent, statements
from workbench.rounds.models import Option, Round, State
from workbench.rounds.words.speech import _, number

METHOD_NAMES = {
    Method.CHOOSE: lazy_gettext("Kiezen"),
    Method.SENTENCE: lazy_gettext("Eén zin"),
    Method.POSITION: lazy_gettext("Plek op de lijn"),
    Method.DOTS: lazy_gettext("Stippen plakken"),
    Method.POINTS: lazy_gettext("100 punten verdelen"),
    Method.RANKING: lazy_gettext("Op volgorde zetten"),
    Method.PAIRWISE: lazy_gettext("Twee aan twee"),
    Method.CONSENT: lazy_gettext("Bezwaren ophalen"),
    Method.STATEMENTS: lazy_gettext("Stellingen"),
}
METHOD_SENTENCES = {
    Method.CHOOSE: lazy_gettext("Iedereen kiest er een paar. Snel, en goed bij een lange lijst."),
    Method.SENTENCE: lazy_gettext("Iedereen schrijft één zin. Goed als begin, er wordt niets geteld."),
    Method.POSITION: lazy_gettext(
        "Iedereen kiest een plek tussen twee waarden die schuren. Laat zien waar het echt schuurt."
    ),
    Method.DOTS: lazy_gettext("Iedereen verdeelt een paar stippen. Snel, en het laat zien wat leeft."),
    Method.POINTS: lazy_gettext(
        "Iedereen verdeelt 100 punten. Laat zien hoe zwaar iets weegt, maar vraagt rekenen."
    ),
    Method.RANKING: lazy_gettext(
        "Iedereen zet de mogelijkheden op volgorde. Hooguit acht, anders is het te zwaar."
    ),
    Method.PAIRWISE: lazy_gettext(
        "Steeds kiezen tussen twee. Een eerlijke afweging, maar bij acht mogelijkheden zijn dat 28 keuzes."
    ),
    Method.CONSENT: lazy_gettext(
        "Eén voorstel. Wie heeft een zwaar bezwaar, en waarom? Geen bezwaar is nog niet: voor."
    ),
    Method.STATEMENTS: lazy_gettext(
        "Eens of oneens per stelling. Laat zien wat groepen verbindt en wat ze verdeelt."
    ),
}
STATE_NAMES = {
    State.DRAFT: lazy_gettext("nog niet begonnen"),
    State.OPEN: lazy_gettext("open"),
    State.CLOSED: lazy_gettext("gesloten, wacht op de onthulling"),
    State.REVEALED: lazy_gettext("onthuld"),
}
CONSENT_NAMES = {
    consent.AGREE: lazy_gettext("Akkoord"),
    consent.REMARK: lazy_gettext("Akkoord, met een opmerking"),
    consent.OBJECTION: lazy_gettext("Bezwaar"),
}
VOTE_NAMES = {
    statements.AGREE: lazy_gettext("Eens"),
    statements.DISAGREE: lazy_gettext("Oneens"),
    statements.PASS: lazy_gettext("Sla ik over"),
}


def ready_sentence(n: int, of: int) -> str:
    """'7 van 12 klaar'."""
    return _("%(n)s van %(of)s klaar", n=number(n), of=number(of))


def invitation(found: Round) -> str:
    """What an open round asks of who did not answer yet."""
    return _("Geef uw antwoord in de ronde ‘%(question)s’. Reken op 5 minuten.", question=found.question)


def line_name(option: Option) -> str:
    """'nabijheid of deskundigheid'."""
    return _("%(this)s of %(other)s", this=option.label, other=option.counter)


def part_names(option: Option) -> list[str]:
    """The five parts of a line, from its left end."""
    return [
        _("Heel dicht bij %(name)s", name=option.label),
        _("Dichter bij %(name)s", name=option.label),
        _("In het midden"),
        _("Dichter bij %(name)s", name=option.counter),
        _("Heel dicht bij %(name)s", name=option.counter),
    ]
