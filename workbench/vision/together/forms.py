"""Forms to start a round about the values of a plan."""

from flask_babel import lazy_gettext as _

from workbench.core.forms import CheckboxesField, Form, RadioField, choices, required
from workbench.rounds import words
from workbench.rounds.methods import FEWEST_OPTIONS, MOST_OPTIONS, Method
from workbench.vision.models import Value

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


class ConsentForm(Form):
    """Only the button."""
