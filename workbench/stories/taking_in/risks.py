"""What a council asks itself before it collects stories (DPIA, article 35 GDPR). Pure."""

from flask_babel import lazy_gettext as _

QUESTIONS = {
    "need": (
        _("Is het nodig?"),
        _("Kan de raad dit doel ook bereiken zonder verhalen van mensen, of met minder?"),
    ),
    "basis": (
        _("Klopt de grond?"),
        _("Staat bij elke bron op welke grond van de wet u verhalen bewaart, en keek de functionaris mee?"),
    ),
    "pressure": (
        _("Is meedoen echt vrij?"),
        _("Merkt iemand die nee zegt dat ergens aan: bij hulp, een uitkering of een gesprek?"),
    ),
    "known": (
        _("Kan iemand herkend worden?"),
        _("Denk aan een kleine wijk, een zeldzame ziekte of een groot gezin. Wie kijkt mee?"),
    ),
    "others": (
        _("Gaat het ook over anderen?"),
        _("Kinderen, buren of hulpverleners zeiden zelf geen ja. Blijven zij onherkenbaar?"),
    ),
    "harm": (
        _("Wat als het misgaat?"),
        _("Wat kan er met iemand gebeuren als een verhaal toch bij de verkeerde komt?"),
    ),
    "care": (
        _("Wie vangt de verteller op?"),
        _("Vertellen kan zwaar zijn. Weet de verteller bij wie hij of zij terechtkan?"),
    ),
    "few": (
        _("Wie kan erbij?"),
        _("Hebben alleen mensen die het nodig hebben toegang tot verhalen die nog niet veilig zijn?"),
    ),
    "end": (
        _("Wanneer is het weg?"),
        _("Staat bij elke bron een laatste dag, en weet de verteller hoe intrekken gaat?"),
    ),
}
ANSWERS = {
    "yes": _("Ja, dit is geregeld"),
    "partly": _("Nog niet helemaal"),
    "no": _("Nee"),
}
