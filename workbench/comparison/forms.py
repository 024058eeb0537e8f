"""The form with which a council decides what is comparable."""

from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.forms import CheckboxesField, Form, TextArea, choices, required
from workbench.indicators.compare import FEWEST


class DecisionForm(Form):
    """`base` is the number of the group that this decision replaces."""

    base = wtforms.HiddenField()
    chosen = CheckboxesField(
        _("Met welke gemeenten vergelijkt u?"),
        validators=required(_("Kies met welke gemeenten u vergelijkt.")),
    )
    reason = TextArea(
        _("Waarom vergelijkt de raad met deze gemeenten?"),
        maximum=500,
        description=_("Eén of twee zinnen. Ze staan bij de lijst, voor iedereen die de monitor leest."),
        validators=required(_("Schrijf op waarom. Zonder reden kan het niet.")),
    )

    def offer(self, names: dict[str, str]) -> None:
        """Let these municipalities be chosen, by code and name; none: the choice follows from the kind."""
        if names:
            self.chosen.choices = choices(names)
        else:
            del self.chosen

    def codes(self) -> tuple[str, ...]:
        return tuple(self.chosen.data or ()) if "chosen" in self else ()

    def validate_chosen(self, field: Any) -> None:
        if len(field.data or ()) < FEWEST:
            raise validators.ValidationError(
                gettext(
                    "Kies er minstens %(fewest)s, anders is een enkele gemeente te herkennen.", fewest=FEWEST
                )
            )

    def base_number(self) -> int:
        data = self.base.data or ""
        return int(data) if data.isdecimal() and len(data) < 9 else -1
