"""The forms of narrators: one question each. And those of the collectors who talk with them."""

from datetime import date
from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.forms import (
    CardForm,
    DateField,
    FileField,
    Form,
    NumberField,
    RadioField,
    SelectField,
    TextArea,
    TextField,
    choices,
    required,
)
from workbench.knowledge.calendar.models import today
from workbench.stories.kept.visibility import Allowed, Reach
from workbench.stories.narrator.lines import LINES
from workbench.stories.narrator.told import AGE_NAMES, Age, Told

LONGEST = 20_000

REACH_CHOICES = {
    Reach.WORKING_GROUP: _(
        "Alleen de werkgroep: de paar mensen die de verhalen lezen. Verder ziet niemand uw woorden."
    ),
    Reach.COUNCIL: _(
        "De hele gemeenteraad, en wie voor de raad werkt. Uw woorden kunnen bij hun cijfers staan."
    ),
    Reach.PUBLIC: _(
        "Iedereen, ook op internet. Dan kunnen ook de krant en uw buren het lezen en bewaren. Dat krijgen wij niet terug."
    ),
}
WHOLE, QUOTES = "whole", "quotes"
PARTS_CHOICES = {
    QUOTES: _("Nee, alleen stukjes. Anderen lezen losse zinnen."),
    WHOLE: _("Ja, het hele verhaal. Dan begrijpen anderen beter wat er gebeurde."),
}
AS_LONG, ONE_YEAR, OWN_DAY = "as-long", "year", "day"
UNTIL_CHOICES = {
    AS_LONG: _("Zolang de gemeente verhalen uit dit onderzoek bewaart"),
    ONE_YEAR: _("Een jaar"),
    OWN_DAY: _("Tot en met een dag die ik kies"),
}


class CodeForm(Form):
    code = TextField(
        _("Wat is uw code?"),
        maximum=60,
        description=_("Vier keer vier letters en cijfers. Hoofdletters en streepjes maken niet uit."),
        validators=required(_("Typ de code over van de kaart of van uw briefje.")),
    )


class BeginForm(Form):
    """Brings its own code along: who presses twice begins one story."""

    code = wtforms.HiddenField()


class WriteForm(CardForm):
    text = TextArea(_("Uw verhaal"), maximum=LONGEST)


class ReachForm(Form):
    reach = RadioField(
        _("Wie mag uw verhaal lezen?"),
        choices=choices(REACH_CHOICES),
        coerce=lambda word: Reach(word) if word else None,
        validators=required(_("Kies wie uw verhaal mag lezen.")),
    )

    def answers(self) -> dict[str, Any]:
        return {"reach": self.reach.data}

    def fill(self, told: Told) -> None:
        self.reach.data = told.reach


class PartsForm(Form):
    parts = RadioField(
        _("Mag uw hele verhaal gelezen worden?"),
        choices=choices(PARTS_CHOICES),
        validators=required(_("Kies of uw hele verhaal gelezen mag worden.")),
    )

    def answers(self) -> dict[str, Any]:
        return {"quotes_only": self.parts.data == QUOTES}

    def fill(self, told: Told) -> None:
        if told.quotes_only is not None:
            self.parts.data = QUOTES if told.quotes_only else WHOLE


class UntilForm(Form):
    until = RadioField(
        _("Hoe lang mag uw verhaal bewaard worden?"),
        choices=choices(UNTIL_CHOICES),
        validators=required(_("Kies hoe lang.")),
    )
    ends_on = DateField(
        _("Welke dag?"),
        description=_("Alleen als u zelf een dag kiest. Bijvoorbeeld 31-12-2027."),
        validators=[validators.Optional()],
    )

    def validate_ends_on(self, field: Any) -> None:
        if self.until.data == OWN_DAY and field.data and field.data < today():
            raise validators.ValidationError(gettext("Deze dag is al voorbij. Kies een latere dag."))

    def validate_until(self, field: Any) -> None:
        if field.data == OWN_DAY and not any(self.ends_on.raw_data or []):
            raise validators.ValidationError(gettext("Vul hieronder de dag in."))

    def last_day(self) -> date | None:
        if self.until.data == OWN_DAY:
            return self.ends_on.data
        return in_a_year(today()) if self.until.data == ONE_YEAR else None

    def answers(self) -> dict[str, Any]:
        return {"ends_on": self.last_day(), "until_asked": True}

    def fill(self, told: Told) -> None:
        if told.until_asked:
            self.until.data = OWN_DAY if told.ends_on else AS_LONG
            self.ends_on.data = told.ends_on


def in_a_year(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)


class ConsentForm(ReachForm, PartsForm, UntilForm):
    """All of it at once, for who comes back to change it."""

    def allowed(self) -> Allowed:
        return Allowed(self.reach.data, self.parts.data == QUOTES, self.last_day())

    def show(self, allowed: Allowed) -> None:
        kept = Told(
            reach=allowed.reach, quotes_only=allowed.quotes_only, ends_on=allowed.ends_on, until_asked=True
        )
        for question in (ReachForm, PartsForm, UntilForm):
            question.fill(self, kept)


class LinesForm(Form):
    """A place on each of the three lines; an empty one is not answered."""

    def fields(self) -> list[Any]:
        return [self[f"line{place}"] for place in range(len(LINES))]

    def places(self) -> list[int | None]:
        return [field.data for field in self.fields()]

    def show(self, answers: list[int | None]) -> None:
        for field, answer in zip(self.fields(), answers, strict=False):
            field.data = answer


for _place, _line in enumerate(LINES):
    setattr(
        LinesForm,
        f"line{_place}",
        NumberField(
            _line.question,
            validators=[
                validators.Optional(),
                validators.NumberRange(0, 100, message=_("Vul een getal in van 0 tot en met 100.")),
            ],
        ),
    )


class TellerForm(Form):
    teller = TextField(
        _("Hoe mogen we u noemen?"),
        maximum=80,
        description=_(
            "Zeg niet uw naam. Wel bijvoorbeeld: moeder van twee kinderen. U mag dit leeg laten: dan staat er niets bij."
        ),
        validators=[validators.Optional()],
    )

    def answers(self) -> dict[str, Any]:
        return {"teller": self.teller.text}

    def fill(self, told: Told) -> None:
        self.teller.data = told.teller


class AgeForm(Form):
    age = RadioField(
        _("Hoe oud bent u?"),
        choices=choices(AGE_NAMES),
        coerce=lambda word: Age(word) if word else None,
        description=_(
            "Wie jonger is dan 16, vraagt het eerst aan een ouder of verzorger. Dat staat in de wet."
        ),
        validators=required(_("Kies wat bij u past.")),
    )

    def answers(self) -> dict[str, Any]:
        return {"age": self.age.data}

    def fill(self, told: Told) -> None:
        self.age.data = told.age


class SoundForm(Form):
    file = FileField(
        _("Uw opname"),
        description=_(
            "Hebt u al een opname op uw telefoon? Kies hem hier. Hooguit 10 MB: dat is ongeveer 10 minuten."
        ),
    )


class RemarkForm(Form):
    remark = TextArea(
        _("Wilt u iets zeggen tegen wie uw verhaal veilig maakt?"),
        maximum=1000,
        description=_("Bijvoorbeeld: haal de naam van mijn straat weg."),
        validators=required(_("Schrijf op wat u wilt zeggen.")),
    )


class PressForm(Form):
    """A single button."""


class MessageForm(Form):
    to = SelectField(_("Aan wie?"))
    text = TextArea(
        _("Uw bericht"),
        maximum=2000,
        description=_("Bedank de vertellers. Vertel wat de raad met hun verhalen deed. Noem geen namen."),
        validators=required(_("Schrijf een bericht.")),
    )
