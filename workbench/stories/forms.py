"""The form of a story source."""

from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.forms import CardForm, DateField, RadioField, TextField, choices, required
from workbench.stories.models import KIND_NAMES, StoryKind


def _not_in_the_future(_form: Any, field: Any) -> None:
    if field.data and field.data > date.today():  # noqa: DTZ011 - a calendar day
        raise validators.ValidationError(gettext("Deze dag moet nog komen. Vul hem in bij de volgende keer."))


class StorySourceForm(CardForm):
    name = TextField(
        _("Hoe noemt u deze verhalen?"),
        maximum=120,
        description=_("Bijvoorbeeld: keukentafelgesprekken in de wijk."),
        validators=required(_("Geef deze verhalen een naam.")),
    )
    kind = RadioField(
        _("Hoe vertellen mensen?"),
        choices=choices(KIND_NAMES),
        coerce=lambda word: StoryKind(word) if word else None,
        validators=required(_("Kies hoe mensen vertellen.")),
    )
    from_whom = TextField(
        _("Van wie zijn de verhalen?"),
        description=_("Een groep, geen namen. Bijvoorbeeld: ouders die jeugdhulp kregen."),
        validators=required(_("Schrijf op van wie de verhalen zijn.")),
    )
    collector = TextField(
        _("Wie haalt ze op?"),
        description=_("Een functie of organisatie, geen naam."),
        validators=[validators.Optional()],
    )
    collected_on = DateField(
        _("Wanneer is het voor het laatst gedaan?"), validators=[validators.Optional(), _not_in_the_future]
    )
    next_on = DateField(_("Wanneer is de volgende keer?"), validators=[validators.Optional()])
