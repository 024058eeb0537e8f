"""The form in which a council says which signals it wants."""

from flask_babel import lazy_gettext as _

from workbench.core.forms import CheckboxesField, Form, SelectField, choices
from workbench.monitors.conversation.signals.rules import Cause

CAUSE_NAMES = {
    Cause.LIMIT: _("als een cijfer voorbij de grens komt die de raad koos"),
    Cause.NEW: _("als er een cijfer over een nieuwe periode is"),
    Cause.REVISED: _("als een bron een cijfer herziet"),
}


class SignalsForm(Form):
    wanted = CheckboxesField(
        _("Wanneer wilt u een signaal?"),
        choices=choices(CAUSE_NAMES),
        description=_("Wat u uitzet, komt er niet meer bij. Vragen die er al zijn, blijven staan."),
    )
    owner = SelectField(
        _("Wie beantwoordt een signaal?"),
        description=_(
            "Legde iemand het cijfer al eerder uit, dan gaat het signaal naar die persoon. Anders naar wie u hier kiest."
        ),
    )
