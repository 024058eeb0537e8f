"""How many figures are in view, which one rests and until when."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.forms import DateField, Form, NumberField, RadioField, required
from workbench.evidence.focus.models import FEWEST, MOST
from workbench.evidence.forms import LinkForm

HALF_A_YEAR = timedelta(days=182)


def half_a_year_on() -> date:
    return date.today() + HALF_A_YEAR  # noqa: DTZ011 - a calendar day


def after_today(_form: Any, field: Any) -> None:
    if field.data and field.data <= date.today():  # noqa: DTZ011 - a calendar day
        raise validators.ValidationError(gettext("Kies een dag na vandaag."))


class SizeForm(Form):
    size = NumberField(
        _("Hoeveel cijfers zijn tegelijk in beeld?"),
        description=_("Tussen 3 en 15. Zeven is voor de meeste raden genoeg."),
        validators=[
            *required(_("Vul een getal in van 3 tot en met 15.")),
            validators.NumberRange(FEWEST, MOST, _("Vul een getal in van 3 tot en met 15.")),
        ],
    )


class RestForm(Form):
    review_on = DateField(
        _("Wanneer kijkt u er opnieuw naar?"),
        default=half_a_year_on,
        description=_("Op die dag staat het bij uw taken."),
        validators=[*required(_("Vul een dag in, zoals 23-6-2027.")), after_today],
    )


class ReplaceForm(RestForm):
    replaces = RadioField(
        _("Welke rust nu?"),
        coerce=lambda text: UUID(text) if text else None,
        validators=required(_("Kies welk cijfer nu rust. Niet alles tegelijk in beeld: dat leest niemand.")),
    )


class FullLinkForm(LinkForm, ReplaceForm):
    """Linking one more figure than fits: says which one rests."""
