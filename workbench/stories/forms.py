"""The form of a story source."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.forms import (
    CardForm,
    CheckboxField,
    DateField,
    NumberField,
    RadioField,
    TextArea,
    TextField,
    choices,
    required,
)
from workbench.stories.models import BASIS_NAMES, KIND_NAMES, STAGE_NAMES, Basis, Stage, StoryKind


def _not_in_the_future(_form: Any, field: Any) -> None:
    if field.data and field.data > date.today():  # noqa: DTZ011 - a calendar day
        raise validators.ValidationError(gettext("Deze dag moet nog komen. Vul hem in bij de volgende keer."))


class _NeededWhen:
    """An answer that another answer asks for. Instead of Optional, behind which no other check of the form is made."""

    def __init__(self, asked: Callable[[Any], bool], message: Any) -> None:
        self.asked, self.message = asked, message

    def __call__(self, form: Any, field: Any) -> None:
        if not field.raw_data or not str(field.raw_data[0]).strip():
            field.errors[:] = []  # nothing filled in is no wrong day
            raise validators.StopValidation(str(self.message) if self.asked(form) else "")


def _has_basis(form: Any) -> bool:
    return bool(form.basis.data)


def _needs_exception(form: Any) -> bool:
    """The law forbids to keep what is sensitive, unless it says otherwise; consent is such an exception by itself."""
    return bool(form.special_data.data) and form.basis.data is Basis.PUBLIC_TASK


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


class CollectionPlanForm(StorySourceForm):
    """A source with its plan: how many stories, from whom, on which ground, and until when they are kept."""

    stage = RadioField(
        _("Hoe ver is het?"),
        choices=choices(STAGE_NAMES),
        coerce=lambda word: Stage(word) if word else None,
        validators=required(_("Kies hoe ver het is.")),
    )
    how_many = NumberField(
        _("Hoeveel verhalen wilt u ophalen?"),
        validators=[
            validators.Optional(),
            validators.NumberRange(1, 5000, message=_("Vul een aantal in van 1 tot en met 5000.")),
        ],
    )
    spread = TextArea(
        _("Welke verschillende mensen wilt u horen?"),
        maximum=1000,
        description=_("Bijvoorbeeld: uit elke wijk, jong en oud, ook wie geen hulp vroeg."),
        validators=[validators.Optional()],
    )
    starts_on = DateField(_("Vanaf wanneer haalt u ze op?"), validators=[validators.Optional()])
    ends_on = DateField(_("Tot en met wanneer?"), validators=[validators.Optional()])
    topics = TextArea(
        _("Waarover praat u met mensen?"),
        maximum=2000,
        description=_("Een onderwerp op elke regel."),
        validators=[validators.Optional()],
    )
    purpose = TextArea(
        _("Waarvoor gebruikt de raad deze verhalen?"),
        maximum=600,
        description=_("Zo leest de verteller het. Schrijf kort en eenvoudig."),
        validators=[validators.Optional()],
    )
    basis = RadioField(
        _("Op welke grond van de wet mag u deze verhalen bewaren?"),
        choices=choices(BASIS_NAMES),
        coerce=lambda word: Basis(word) if word else None,
        description=_(
            "Zonder grond komt er geen verhaal binnen. Toestemming herstelt geen grond die ontbreekt."
        ),
        validators=[validators.Optional()],
    )
    basis_why = TextArea(
        _("Waarom die grond?"),
        maximum=1000,
        description=_("Nodig zodra u een grond kiest. Bespreek dit met uw functionaris gegevensbescherming."),
        validators=[_NeededWhen(_has_basis, _("Schrijf op waarom u deze grond koos."))],
    )
    special_data = CheckboxField(
        _("Mensen vertellen hier over gezondheid, geloof, afkomst of iets anders dat gevoelig is"),
        description=_("Dan kijkt altijd een tweede persoon voordat iemand een verhaal leest."),
    )
    special_why = TextArea(
        _("Waarom mag u gevoelige dingen bewaren?"),
        maximum=1000,
        description=_(
            "De wet verbiedt het, tenzij er een uitzondering geldt (AVG artikel 9). Bij toestemming is dat de toestemming zelf."
            " Bij een publieke taak noemt u de uitzondering. Vraag uw functionaris gegevensbescherming."
        ),
        validators=[
            _NeededWhen(
                _needs_exception,
                _("Schrijf op welke uitzondering van artikel 9 geldt, of vraag toestemming."),
            )
        ],
    )
    asks_narrator = CheckboxField(
        _("De verteller leest het eigen verhaal terug voordat het gebruikt wordt"),
    )
    keep_until = DateField(
        _("Tot en met welke dag bewaart u de verhalen?"),
        description=_("Daarna verdwijnen ze vanzelf, met alle citaten. Nodig zodra u een grond kiest."),
        validators=[
            _NeededWhen(
                _has_basis,
                _("Kies een laatste dag. De wet vraagt dat u verhalen niet langer bewaart dan nodig."),
            )
        ],
    )

    def validate_ends_on(self, field: Any) -> None:
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise validators.ValidationError(gettext("Deze dag ligt voor de eerste dag."))
