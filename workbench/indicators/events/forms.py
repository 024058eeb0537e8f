"""The form of an event."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.forms import CardForm, DateField, RadioField, TextArea, TextField, choices, required
from workbench.indicators.events.models import KIND_NAMES, EventKind

EARLIEST = date(1980, 1, 1)  # before the first figures


def _on_a_possible_day(_form: Any, field: Any) -> None:
    if field.data is None:
        return  # no date at all: the field says so
    if field.data < EARLIEST:
        raise validators.ValidationError(_("Vul een dag in na 1979: van daarvoor zijn er geen cijfers."))
    if field.data > date.today():  # noqa: DTZ011 - a calendar day
        raise validators.ValidationError(
            _("Deze dag moet nog komen. Schrijf de gebeurtenis op zodra zij er is geweest.")
        )


class EventForm(CardForm):
    happened_on = DateField(
        _("Op welke dag?"),
        description=_("Bijvoorbeeld: 1-1-2026."),
        validators=[validators.InputRequired(_("Vul de dag in, zoals 1-1-2026.")), _on_a_possible_day],
    )
    kind = RadioField(
        _("Wat voor gebeurtenis is het?"),
        choices=choices(KIND_NAMES),
        coerce=lambda word: EventKind(word) if word else None,
        validators=required(_("Kies wat voor gebeurtenis het is.")),
        description=_(
            "Bij ‘andere telling’ trekt de werkbank de lijn niet door: ervoor en erna zijn dan niet te vergelijken."
        ),
    )
    text = TextArea(
        _("Wat is er gebeurd?"),
        maximum=300,
        description=_("Eén zin die zonder uitleg te begrijpen is. Noem geen namen van mensen."),
        validators=required(_("Schrijf in één zin op wat er is gebeurd.")),
    )
    source = TextField(
        _("Waar staat dat?"),
        maximum=200,
        description=_("Bijvoorbeeld: raadsbesluit van 12 december 2025."),
        validators=required(_("Noem waar dit staat, zodat een ander het kan nagaan.")),
    )
