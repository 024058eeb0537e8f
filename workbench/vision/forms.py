"""Forms for the plan, values and goals."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.forms import (
    CardForm,
    CheckboxesField,
    NumberField,
    RadioField,
    SelectField,
    TextArea,
    TextField,
    choices,
    required,
)
from workbench.vision.models import ACTOR_NAMES, AIM_NAMES, DUTY_NAMES, Actor, Aim, Duty


def _optional(words: type[StrEnum]) -> Callable[[Any], StrEnum | str]:
    """A choice that may be left open."""
    return lambda text: words(text) if text else ""


class PlanForm(CardForm):
    title = TextField(
        _("Hoe heet dit traject?"),
        description=_("Bijvoorbeeld: Sociaal domein 2026-2030."),
        validators=required(_("Geef het traject een naam.")),
    )
    assignment = TextArea(
        _("Wat is de opdracht?"),
        description=_("Wie vraagt dit, waarom, en wanneer moet het klaar zijn?"),
        validators=[validators.Optional()],
    )
    out_of_scope = TextArea(_("Wat hoort er niet bij?"), validators=[validators.Optional()])
    decided_by = TextField(_("Wie beslist?"), validators=[validators.Optional()])


class NoteForm(CardForm):
    text = TextArea(
        _("Wat schrijft u op?"), maximum=20_000, validators=required(_("Schrijf op wat u hebt besproken."))
    )


class ValueForm(CardForm):
    name = TextField(
        _("Hoe heet deze waarde?"),
        maximum=80,
        description=_("Eén woord of een paar woorden, zoals: nabijheid."),
        validators=required(_("Geef de waarde een naam.")),
    )
    own_words = TextArea(
        _("Wat bedoelt u ermee, in eigen woorden?"),
        maximum=1000,
        validators=required(_("Zeg in een paar zinnen wat u met deze waarde bedoelt.")),
    )
    counter_value = TextField(
        _("Welke waarde schuurt hiermee?"),
        maximum=80,
        description=_(
            "Wie hier meer van wil, levert daar iets in. Bij nabijheid is dat bijvoorbeeld: specialistische kennis."
        ),
        validators=required(_("Noem de waarde die hiermee schuurt. Elke waarde heeft een keerzijde.")),
    )
    position = NumberField(
        _("Waar staat u tussen die twee?"),
        description=_("0 is helemaal deze waarde, 100 is helemaal de andere. Leeg laten mag."),
        validators=[
            validators.Optional(),
            validators.NumberRange(0, 100, _("Vul een getal in van 0 tot en met 100.")),
        ],
    )
    seen_when = TextArea(_("Dit zien we als …"), maximum=1000, validators=[validators.Optional()])
    not_this = TextArea(_("Dit is het niet"), maximum=1000, validators=[validators.Optional()])
    short_changed = TextArea(_("Wie kan tekortkomen?"), maximum=1000, validators=[validators.Optional()])
    bottom_line = TextArea(_("Dit mag nooit"), maximum=1000, validators=[validators.Optional()])
    minority_view = TextArea(
        _("Minderheidsstandpunt"),
        maximum=2000,
        description=_("Ziet iemand in de groep het anders? Dat telt even zwaar en blijft staan."),
        validators=[validators.Optional()],
    )


class GoalForm(CardForm):
    sentence = TextField(
        _("In vier jaar merken inwoners dat …"),
        maximum=300,
        description=_("Eén zin over wat inwoners merken, niet over wat de gemeente doet."),
        validators=required(_("Schrijf op wat inwoners gaan merken.")),
    )
    values = CheckboxesField(
        _("Bij welke waarden hoort dit doel?"),
        validators=required(_("Kies minstens één waarde: een doel zonder waarde kan niet.")),
    )
    target_group = TextField(_("Om wie gaat het vooral?"), validators=[validators.Optional()])
    horizon = NumberField(
        _("In welk jaar moet dit te merken zijn?"),
        validators=[
            validators.Optional(),
            validators.NumberRange(2020, 2100, _("Vul een jaartal in tussen 2020 en 2100.")),
        ],
    )

    aim = SelectField(
        _("Bij welk speerpunt hoort het?"), coerce=_optional(Aim), validators=[validators.Optional()]
    )
    laws = CheckboxesField(_("Welke wetten gaan hierover?"), validators=[validators.Optional()])
    duty = RadioField(
        _("Moet het of kiest u het?"), coerce=_optional(Duty), validators=[validators.Optional()]
    )
    area = TextField(
        _("Waar moet dit te merken zijn?"),
        description=_("In de hele gemeente, of in bepaalde wijken of kernen."),
        validators=[validators.Optional()],
    )
    actor = RadioField(_("Wie kan dit doen?"), coerce=_optional(Actor), validators=[validators.Optional()])
    owner = TextField(
        _("Wie gaat erover?"),
        description=_("Een functie, geen naam. Bijvoorbeeld: de wethouder Jeugd."),
        validators=[validators.Optional()],
    )

    def offer(self, values: list[Any], laws: list[tuple[str, str]]) -> None:
        """The values of the plan, and (slug, name) of every law card."""
        self.values.choices = choices({str(value.id): value.name for value in values})
        self.laws.choices = choices(dict(laws))
        self.aim.choices = choices({"": _("geen van de drie"), **AIM_NAMES})
        self.duty.choices = choices({"": _("weet ik niet"), **DUTY_NAMES})
        self.actor.choices = choices({"": _("weet ik niet"), **ACTOR_NAMES})
