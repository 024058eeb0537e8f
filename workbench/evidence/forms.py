"""The form of a link, and what it proposes."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from workbench.core.forms import CardForm, RadioField, TextArea, choices, required
from workbench.evidence.models import QUALITY_NAMES, Quality
from workbench.figures.words import EUROS
from workbench.indicators.models import Indicator
from workbench.uploads.models import OwnIndicator


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
        description=_("Staat er al iets? Dat is een voorstel. Maak er uw eigen woorden van."),
        validators=required(_("Schrijf op wat dit cijfer niet zegt. Elk cijfer laat iets weg.")),
    )


def not_saying_of(indicator: Indicator | OwnIndicator) -> str:
    """What this figure does not say, as a proposal: its caveats but the first, which stands apart; else what holds for all."""
    caveats = indicator.caveats[1:] if isinstance(indicator, Indicator) else []
    if caveats:
        return " ".join(caveats)
    if indicator.unit in EUROS:
        return str(gettext("Of het geld helpt, en wat mensen daarvan merken."))
    return str(gettext("Waarom het zo is, en hoe mensen het zelf ervaren."))
