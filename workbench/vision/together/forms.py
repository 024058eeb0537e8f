"""Forms to start a round about the values of a plan."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.forms import CheckboxesField, Form, RadioField, TextArea, choices, required
from workbench.rounds import words
from workbench.rounds.methods import FEWEST_OPTIONS, MOST_OPTIONS, Method
from workbench.rounds.models import Option
from workbench.vision.models import Value

LONGEST = 300  # letters of a statement
OF_VALUE = "value-"  # before the key of a value, in the name of its field
WEIGHING = (Method.CHOOSE, Method.DOTS, Method.POINTS, Method.RANKING, Method.PAIRWISE)


class WeightForm(Form):
    method = RadioField(
        _("Hoe geeft de groep antwoord?"),
        default=Method.CHOOSE.value,
        validators=required(_("Kies hoe de groep antwoord geeft.")),
    )

    def offer(self, n: int) -> None:
        """The methods that work with so many values."""
        fitting = [
            method for method in WEIGHING if FEWEST_OPTIONS.get(method, 2) <= n <= MOST_OPTIONS.get(method, n)
        ]
        self.method.choices = choices(
            {method: f"{words.METHOD_NAMES[method]}: {words.METHOD_SENTENCES[method]}" for method in fitting}
        )


class PositionsForm(Form):
    values = CheckboxesField(_("Over welke waarden?"), validators=required(_("Kies minstens één waarde.")))

    def offer(self, values: list[Value]) -> None:
        self.values.choices = choices(
            {str(value.id): f"{value.name} / {value.counter_value}" for value in values}
        )


class _Sentence(TextArea):
    """The page says once that it may be left empty, not at each field."""

    optional = False


class StatementsForm(Form):
    """A sentence per value, to change or leave out, and sentences of one's own; see `statements_form`."""

    own = TextArea(
        _("Wilt u er zelf nog stellingen bij zetten?"),
        maximum=6000,
        description=_("Eén per regel. Schrijf een zin waar mensen het eens of oneens mee kunnen zijn."),
        validators=[validators.Optional()],
    )

    def chosen_options(self) -> list[Option]:
        """The sentences that were left in; those of a value have its key."""
        of_values = [
            Option(field.name.removeprefix(OF_VALUE), " ".join(field.text.split()))
            for field in self.of_values()
            if field.text
        ]
        lines = [" ".join(line.split()) for line in self.own.text.splitlines()]
        return [
            *of_values,
            *(Option(f"own-{place}", line) for place, line in enumerate(filter(None, lines), 1)),
        ]

    def of_values(self) -> list[TextArea]:
        return [field for field in self if field.name.startswith(OF_VALUE)]

    def validate_own(self, field: TextArea) -> None:
        if any(len(line) > LONGEST for line in field.text.splitlines()):
            raise validators.ValidationError(
                gettext("Maak elke stelling korter: hooguit %(n)s tekens.", n=LONGEST)
            )


def statements_form(values: list[Value]) -> StatementsForm:
    """The form for these values, each with its own words as a sentence to begin with."""
    fields = {
        f"{OF_VALUE}{value.key}": _Sentence(
            value.name, maximum=LONGEST, default=first_words(value), validators=[validators.Optional()]
        )
        for value in values
    }
    form: StatementsForm = type("StatementsFormOfPlan", (StatementsForm,), fields)()
    return form


def first_words(value: Value) -> str:
    """As many whole sentences of the value's own words as a statement holds; its rub when there are none."""
    text = " ".join(value.own_words.split())
    if not text:
        return str(gettext("%(this)s gaat voor %(other)s.", this=value.name, other=value.counter_value))
    if len(text) <= LONGEST:
        return text
    whole, stop, _rest = text[:LONGEST].rpartition(". ")
    return whole + stop.strip() if whole else f"{text[: LONGEST - 1]}…"


class ConsentForm(Form):
    """Only the button."""
