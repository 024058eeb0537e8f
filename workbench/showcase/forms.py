"""Forms of the showcase."""

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.forms import (
    CheckboxesField,
    CheckboxField,
    Form,
    SelectField,
    TextArea,
    TextField,
    choices,
    required,
)
from workbench.showcase.adopters.forms import NAMED
from workbench.vision.models import Plan, Value


class ShareForm(Form):
    title = TextField(
        _("Onder welke naam deelt u dit?"), validators=required(_("Geef uw voorbeeld een naam."))
    )
    description = TextArea(
        _("Waar gaat het over?"),
        maximum=600,
        description=_("Twee of drie gewone zinnen, voor wie uw raad niet kent."),
        validators=required(_("Schrijf in een paar zinnen waar het over gaat.")),
    )
    context = TextArea(
        _("Hoe ontstond het?"),
        maximum=1000,
        description=_(
            "Hoe groot is de gemeente, hoeveel mensen deden mee, hoelang duurde het? Noem geen namen."
        ),
        validators=[validators.Optional()],
    )
    differently = TextArea(
        _("Wat zou u de volgende keer anders doen?"), maximum=1000, validators=[validators.Optional()]
    )
    seen = wtforms.HiddenField()  # what the page showed: only that is shared


class CopyForm(Form):
    into = SelectField(
        _("Waar legt u het voorbeeld neer?"),
        description=_("Uw eigen kaarten blijven zoals ze zijn. U kiest daarna zelf wat u overneemt."),
    )
    title = TextField(
        _("Hoe heet het nieuwe traject?"),
        description=_("U kunt de naam later veranderen."),
        validators=required(_("Geef het traject een naam.")),
    )
    named = CheckboxField(NAMED)

    def offer(self, running: list[Plan]) -> None:
        """The plans in which it can be laid; without any, a new one it is."""
        if running:
            named = {str(plan.id): gettext("In ‘%(title)s’", title=plan.title) for plan in running}
            self.into.choices = choices({"": gettext("In een nieuw traject"), **named})
        else:
            del self.into


class CopyAgainForm(CopyForm):
    once_more = CheckboxField(
        _("Ja, neem het nog een keer over, in een nieuw traject"),
        validators=required(_("Zet hier een vinkje als u het voorbeeld nog een keer wilt overnemen.")),
    )


class TakeGoalForm(Form):
    values = CheckboxesField(
        _("Bij welke van uw waarden hoort dit doel?"),
        validators=required(_("Kies minstens één waarde: een doel zonder waarde kan niet.")),
    )

    def offer(self, values: list[Value]) -> None:
        self.values.choices = choices({str(value.id): value.name for value in values})
