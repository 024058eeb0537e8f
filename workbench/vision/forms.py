"""Forms for the plan, its questions, values and goals."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any

import wtforms
from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.forms import (
    CardForm,
    CheckboxesField,
    DateField,
    Form,
    NumberField,
    RadioField,
    SelectField,
    TextArea,
    TextField,
    choices,
    clean_text,
    required,
)
from workbench.vision.models import ACTOR_NAMES, AIM_NAMES, DUTY_NAMES, Actor, Aim, Duty, PlanQuestion
from workbench.vision.steps import AnswerState, QuestionKind

KIND_NAMES = {
    QuestionKind.LONG: _("een tekst"),
    QuestionKind.SHORT: _("een korte tekst, op één regel"),
    QuestionKind.DATE: _("een dag"),
    QuestionKind.NUMBER: _("een getal"),
}


def _optional(words: type[StrEnum]) -> Callable[[Any], StrEnum | str]:
    """A choice that may be left open."""
    return lambda text: words(text) if text else ""


class NewPlanForm(CardForm):
    title = TextField(
        _("Hoe heet dit traject?"),
        description=_("Bijvoorbeeld: Sociaal domein 2026-2030."),
        validators=required(_("Geef het traject een naam.")),
    )
    like = SelectField(
        _("Met welk stappenplan begint u?"),
        description=_("U kunt de stappen en vragen daarna nog aanpassen. Antwoorden gaan niet mee."),
    )
    assignment = TextArea(
        _("Wat is de opdracht?"),
        description=_("Eén of twee zinnen zijn genoeg. De andere vragen over de opdracht komen hierna."),
        validators=[validators.Optional()],
    )

    def offer(self, plans: list[Any]) -> None:
        """The plans of which the steps can be taken over; without any, nothing is asked."""
        if plans:
            named = {str(plan.id): gettext("zoals in “%(title)s”", title=plan.title) for plan in plans}
            self.like.choices = choices({"": _("het gewone stappenplan"), **named})
        else:
            del self.like


class PlanForm(CardForm):
    title = TextField(_("Hoe heet dit traject?"), validators=required(_("Geef het traject een naam.")))


class StepForm(Form):
    title = TextField(
        _("Hoe heet deze stap bij u?"), maximum=60, validators=required(_("Geef de stap een naam."))
    )
    minutes = NumberField(
        _("Hoeveel minuten hebt u ervoor nodig?"),
        validators=[
            *required(_("Vul een aantal minuten in.")),
            validators.NumberRange(5, 480, _("Vul een getal in van 5 tot en met 480.")),
        ],
    )


class QuestionForm(Form):
    text = TextField(_("Hoe luidt de vraag?"), maximum=200, validators=required(_("Schrijf de vraag op.")))
    help = TextArea(
        _("Waarom vraagt u dit?"),
        maximum=500,
        description=_("Twee zinnen zijn genoeg."),
        validators=[validators.Optional()],
    )
    example = TextArea(_("Een voorbeeld van een antwoord"), maximum=500, validators=[validators.Optional()])


class NewQuestionForm(QuestionForm):
    kind = SelectField(
        _("Wat voor antwoord past erbij?"),
        choices=choices(KIND_NAMES),
        coerce=QuestionKind,
        default=QuestionKind.LONG,
    )


class SkipForm(Form):
    reason = TextArea(
        _("Waarom slaat u deze stap over?"),
        maximum=500,
        description=_("De reden staat bij het traject en straks voor in de monitor."),
        validators=required(_("Schrijf op waarom u deze stap overslaat. Zonder reden kan het niet.")),
    )


class PeopleField(wtforms.Field):
    """Who takes part, each with a faction that may stay empty. Data: person id -> faction."""

    kind = "people"

    def __init__(self, label: Any, *, people: dict[str, str], needed: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.people, self.needed = people, needed
        self.optional = not needed

    def process_formdata(self, valuelist: list[str]) -> None:
        chosen = [person for person in valuelist if person in self.people]
        self.data = {
            person: (clean_text(request.form.get(self.faction_name(person))) or "")[:80] for person in chosen
        }

    def pre_validate(self, _form: Any) -> None:
        if self.needed and not self.data:
            raise validators.StopValidation(self.needed)

    def faction_name(self, person: str) -> str:
        return f"{self.name}-{person}"


_EMPTY = _("Schrijf een antwoord op. Weet u het nog niet, kies dan “Dit weten we niet” of “Later”.")


class AnswerForm(CardForm):
    """Base of the form of a question. A button may say that the group does not know, or will answer later."""

    value: Any

    def state(self) -> AnswerState:
        pressed = request.form.get("state", "")
        return AnswerState(pressed) if pressed in ("unknown", "later") else AnswerState.GIVEN

    def validate(self, extra_validators: Any = None) -> bool:
        """Who does not know, or will answer later, need not have an answer; what was typed is kept all the same."""
        is_whole = bool(super().validate(extra_validators))
        if self.state() is not AnswerState.GIVEN and not any(self.value.raw_data or []):
            self.value.errors = []
            return not self.errors
        return is_whole

    def answered(self) -> Any:
        """What was typed, as the answer keeps it."""
        data = self.value.data
        return data.isoformat() if isinstance(data, date) else "" if data is None else data


def answer_form(question: PlanQuestion, people: dict[str, str]) -> type["AnswerForm"]:
    """The form of one question: one field, called value, of the kind that the question asks for."""
    label = _("Uw antwoord")
    # A typed text that is no date or number has its own message, and 0 is an answer: only then is nothing typed.
    typed = [validators.InputRequired(_EMPTY)] if question.required else [validators.Optional()]
    needed = required(_EMPTY) if question.required else [validators.Optional()]
    field: Any
    match question.kind:
        case QuestionKind.SHORT:
            field = TextField(label, maximum=300, validators=needed)
        case QuestionKind.LONG:
            field = TextArea(label, maximum=20_000, validators=needed)
        case QuestionKind.DATE:
            field = DateField(label, validators=typed, description=_("Bijvoorbeeld: 23-6-2027."))
        case QuestionKind.NUMBER:
            field = NumberField(
                label,
                validators=[*typed, validators.NumberRange(0, 10**12, _("Vul een getal in van 0 of meer."))],
                description=_("Alleen cijfers, zonder punten of euroteken."),
            )
        case QuestionKind.CHOICE:
            names = {choice: gettext(choice) for choice in question.choices}
            field = RadioField(label, choices=choices(names), validators=needed)
        case QuestionKind.PEOPLE:
            lacking = str(_("Kies minstens één lid.")) if question.required else ""
            field = PeopleField(label, people=people, needed=lacking)
    return type("AnswerFormOfQuestion", (AnswerForm,), {"value": field})


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
