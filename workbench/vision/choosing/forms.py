"""Forms for frames, merging and deciding."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.forms import (
    CardForm,
    CheckboxesField,
    Form,
    SelectField,
    TextArea,
    choices,
    required,
)
from workbench.vision.choosing.models import FEWEST, MOST
from workbench.vision.models import Value


def _offer(field: Any, values: list[Value]) -> None:
    field.choices = choices({str(value.id): value.name for value in values})


class MergeForm(Form):
    value = SelectField(
        _("Welke waarde gaat op in een andere?"),
        description=_("De kaart blijft bewaard. U kunt haar er later weer uithalen."),
    )
    into = SelectField(_("In welke waarde?"))

    def offer(self, values: list[Value]) -> None:
        _offer(self.value, values)
        _offer(self.into, values)

    def validate_into(self, field: Any) -> None:
        if field.data == self.value.data:
            raise validators.ValidationError(_("Kies twee verschillende waarden."))


class DecisionForm(CardForm):
    chosen = CheckboxesField(
        _("Welke waarden houdt u vast?"),
        description=_("Kies er drie tot vijf. De andere blijven bewaard."),
        validators=required(_("Kies drie tot vijf waarden.")),
    )
    reasons = TextArea(
        _("Waarom deze?"),
        description=_("Zo kan iemand die er niet bij was, de keuze begrijpen."),
        validators=required(_("Schrijf in een paar zinnen waarom u deze waarden kiest.")),
    )
    minority_view = TextArea(
        _("Minderheidsstandpunt"),
        description=_("Wie ziet het anders, en waarom? Dit telt even zwaar en blijft staan."),
        validators=[validators.Optional()],
    )

    def offer(self, values: list[Value]) -> None:
        _offer(self.chosen, values)

    def validate_chosen(self, field: Any) -> None:
        n = len(field.data)
        if not FEWEST <= n <= MOST:
            raise validators.ValidationError(_("Kies drie, vier of vijf waarden. U koos er %(n)s.", n=n))
