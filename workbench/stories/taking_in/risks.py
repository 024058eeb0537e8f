"""What a council asks itself before it collects stories (DPIA, article 35 GDPR). Pure.

Every question can be answered with yes: "yes, this is settled".
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

QUESTIONS = {
    "need": (
        _("Is het nodig?"),
        _("Zonder verhalen bereikt de raad dit doel niet, en u haalt er niet meer op dan nodig."),
    ),
    "basis": (
        _("Klopt de grond?"),
        _("Bij elke bron staat op welke grond van de wet u verhalen bewaart, en de functionaris keek mee."),
    ),
    "pressure": (
        _("Is meedoen echt vrij?"),
        _("Wie nee zegt, merkt dat nergens aan: niet bij hulp, een uitkering of een gesprek."),
    ),
    "known": (
        _("Blijft iedereen onherkenbaar?"),
        _("Denk aan een kleine wijk, een zeldzame ziekte of een groot gezin. Er kijkt iemand mee."),
    ),
    "others": (
        _("Zijn ook anderen veilig?"),
        _("Kinderen, buren en hulpverleners zeiden zelf geen ja. Ook zij zijn niet te herkennen."),
    ),
    "harm": (
        _("Weet u wat u doet als het misgaat?"),
        _(
            "U weet wat er met iemand kan gebeuren als een verhaal bij de verkeerde komt, en wie dan iets doet."
        ),
    ),
    "care": (
        _("Is er iemand voor de verteller?"),
        _("Vertellen kan zwaar zijn. De verteller weet bij wie hij of zij terechtkan."),
    ),
    "few": (
        _("Komt alleen erbij wie het nodig heeft?"),
        _("Verhalen die nog niet veilig zijn, leest alleen wie ze nakijkt."),
    ),
    "end": (
        _("Gaat het op tijd weg?"),
        _("Bij elke bron staat een laatste dag, en de verteller weet hoe intrekken gaat."),
    ),
}
ANSWERS = {
    "yes": _("Ja, dit is geregeld"),
    "partly": _("Nog niet helemaal"),
    "no": _("Nee"),
}


def open_questions(answers: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The questions that are not settled yet."""
    return [
        str(title) for key, (title, _hint) in QUESTIONS.items() if answers.get(key, {}).get("answer") != "yes"
    ]
