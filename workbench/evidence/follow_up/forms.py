"""Forms for needs, costs and steering."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.forms import (
    CardForm,
    DateField,
    NumberField,
    RadioField,
    SelectField,
    TextArea,
    TextField,
    choices,
    required,
)
from workbench.evidence.follow_up.models import CERTAINTY_NAMES, TASK_NAMES, Certainty, Part, Task

MOST_EUROS = 10_000_000_000
EUROS = [
    validators.Optional(),
    validators.NumberRange(0, MOST_EUROS, _("Vul een bedrag in van 0 euro of meer, zonder punten.")),
]


class NeedForm(CardForm):
    change = TextArea(
        _("Wat moet er veranderen?"),
        maximum=1000,
        description=_("Bijvoorbeeld: wie belt, krijgt dezelfde dag iemand aan de lijn die mee kan denken."),
        validators=required(_("Schrijf op wat er moet veranderen.")),
    )
    task = RadioField(
        _("Wat doet de gemeente?"),
        coerce=lambda text: Task(text) if text else None,
        choices=choices(TASK_NAMES),
        validators=required(_("Kies wat de gemeente doet.")),
    )
    players = TextField(
        _("Wie zijn er nog meer nodig?"),
        description=_("Bijvoorbeeld: huisartsen, scholen, woningcorporaties."),
        validators=[validators.Optional()],
    )
    room = TextArea(
        _("Welke ruimte geeft de wet?"),
        maximum=1000,
        description=_("Wat mag de raad hier zelf kiezen? De kaarten bij Kennis helpen u op weg."),
        validators=[validators.Optional()],
    )
    not_doing = TextArea(_("Wat doen we niet?"), maximum=1000, validators=[validators.Optional()])


class CostForm(CardForm):
    name = TextField(_("Waarvoor is het geld?"), validators=required(_("Schrijf op waarvoor het geld is.")))
    once = NumberField(_("Eenmalig, in euro's"), validators=EUROS)
    yearly = NumberField(_("Elk jaar, in euro's"), validators=EUROS)
    cover = TextField(
        _("Waar komt het geld vandaan?"),
        description=_("Bijvoorbeeld: begroting 2027, of: in plaats van …"),
        validators=[validators.Optional()],
    )
    certainty = RadioField(
        _("Hoe zeker is dit bedrag?"),
        coerce=lambda text: Certainty(text) if text else None,
        choices=choices(CERTAINTY_NAMES),
        validators=required(_("Kies hoe zeker het bedrag is.")),
    )
    spending = SelectField(
        _("Bij welke uitgaven van de gemeente hoort het?"),
        description=_("Dan ziet u ernaast wat de gemeente daar nu aan uitgeeft."),
        validators=[validators.Optional()],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """An amount is needed: one of the two, which neither field can ask for alone."""
        fits = bool(super().validate(extra_validators))
        if (
            self.once.data is None
            and self.yearly.data is None
            and not (self.once.errors or self.yearly.errors)
        ):
            self.once.errors = [_("Vul een bedrag in: eenmalig, elk jaar of allebei.")]
            return False
        return fits


class SteeringForm(CardForm):
    moment = SelectField(
        _("Wanneer kijkt de raad hiernaar?"), validators=required(_("Kies een moment in het raadsjaar."))
    )
    on = DateField(_("Op welke dag?"), validators=[validators.Optional()])
    instrument = SelectField(_("Met welk middel kan de raad bijsturen?"), validators=[validators.Optional()])
    owner = TextField(
        _("Wie brengt het in?"),
        description=_("Een functie of commissie, geen naam."),
        validators=[validators.Optional()],
    )
    note = TextArea(_("Wat wilt u dan weten?"), maximum=1000, validators=[validators.Optional()])


FORMS: dict[Part, type[NeedForm | CostForm | SteeringForm]] = {
    Part.NEED: NeedForm,
    Part.COST: CostForm,
    Part.STEERING: SteeringForm,
}
