"""The form of a link."""

from flask_babel import lazy_gettext as _

from workbench.core.forms import CardForm, RadioField, TextArea, choices, required
from workbench.evidence.models import QUALITY_NAMES, Quality


class LinkForm(CardForm):
    reason = TextArea(
        _("Waarom hoort dit cijfer bij dit doel?"),
        maximum=1000,
        validators=required(_("Schrijf op waarom dit cijfer bij dit doel hoort. Zonder reden kan het niet.")),
    )
    quality = RadioField(
        _("Hoe goed laat dit cijfer het doel zien?"),
        choices=choices(QUALITY_NAMES),
        coerce=lambda word: Quality(word) if word else None,
        validators=required(_("Kies hoe goed dit cijfer het doel laat zien.")),
    )
    not_saying = TextArea(
        _("Wat zegt dit cijfer niet?"),
        maximum=1000,
        description=_("Bijvoorbeeld: het zegt niet of mensen tevreden zijn."),
        validators=required(_("Schrijf op wat dit cijfer niet zegt. Elk cijfer laat iets weg.")),
    )
