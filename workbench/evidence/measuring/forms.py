"""The form of how a figure is measured: where it starts, what we aim at, when we look up, which way is better."""

from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.forms import CardForm, NumberField, RadioField, SelectField, TextArea, choices
from workbench.core.numbers import NotANumber
from workbench.evidence.measuring.aims import NotAnAim, aims_text, number_text, read_aims, read_number
from workbench.evidence.measuring.models import (
    AIMING_NAMES,
    DIRECTION_NAMES,
    SIDE_NAMES,
    Aiming,
    Side,
)
from workbench.indicators.catalogue import Direction


class FigureField(NumberField):
    """A number as people type it: 12,5 or 1.250."""

    kind = "text"
    data: Any
    widget = wtforms.widgets.TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = (valuelist[0] if valuelist else "").strip()
        if not text:
            return
        try:
            self.data = read_number(text)
        except NotANumber:
            raise ValueError(gettext("Vul een getal in, zoals 12,5 of 1.250.")) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else number_text(self.data)


class MeasuringForm(CardForm):
    baseline_period = SelectField(
        _("Waar begint u?"),
        description=_("Dit cijfer blijft uw begin, ook als de bron het later bijstelt."),
    )
    aiming = RadioField(
        _("Noemt u een getal om naar te streven?"),
        choices=choices(AIMING_NAMES),
        coerce=lambda word: Aiming(word) if word else None,
        validators=[validators.InputRequired(_("Kies of u volgt of streeft."))],
    )
    aims = TextArea(
        _("Naar welk getal, en in welk jaar?"),
        maximum=500,
        description=_("Per regel een jaar en een getal. Bijvoorbeeld: 2028: 12,5"),
        validators=[validators.Optional()],
    )
    signal_side = RadioField(
        _("Wanneer wilt u een signaal?"),
        choices=choices({"": _("geen signaal"), **SIDE_NAMES}),
        coerce=lambda word: Side(word) if word else None,
        validators=[validators.Optional()],
    )
    signal_limit = FigureField(_("Bij welke grens?"), validators=[validators.Optional()])
    direction = RadioField(
        _("Wat is beter voor dit doel?"),
        choices=choices(DIRECTION_NAMES),
        coerce=lambda word: Direction(word) if word else None,
        validators=[validators.InputRequired(_("Kies wat beter is, of dat het ervan afhangt."))],
    )
    direction_reason = TextArea(
        _("Waarom vindt de raad dat?"),
        maximum=1000,
        description=_("Nodig als u een richting kiest."),
        validators=[validators.Optional()],
    )
    band_low = FigureField(_("Onderste grens"), validators=[validators.Optional()])
    band_high = FigureField(_("Bovenste grens"), validators=[validators.Optional()])
    reading_up = TextArea(_("Wat kan het betekenen als het stijgt?"), maximum=1000)
    reading_down = TextArea(_("Wat kan het betekenen als het daalt?"), maximum=1000)

    def validate(self, extra_validators: Any = None) -> bool:
        """What hangs together: an aim with its number, a limit with its side, a direction with its reason."""
        super().validate(extra_validators)
        if self.aiming.data is Aiming.AIM:
            self._check_aims()
        if self.signal_side.data and self.signal_limit.data is None:
            self._refuse(self.signal_limit, _("Vul in bij welke grens u een signaal wilt."))
        if self.signal_limit.data is not None and not self.signal_side.data:
            self._refuse(self.signal_side, _("Kies aan welke kant van de grens u een signaal wilt."))
        if self.direction.data is Direction.CONTEXT:
            for reading in (self.reading_up, self.reading_down):
                if not reading.data:
                    self._refuse(
                        reading, _("Schrijf beide lezingen op: wat stijgen en wat dalen kan betekenen.")
                    )
        elif self.direction.data and not self.direction_reason.data:
            self._refuse(self.direction_reason, _("Schrijf op waarom de raad dit beter vindt."))
        if self.direction.data is Direction.BAND:
            low, high = self.band_low.data, self.band_high.data
            if low is None or high is None or low >= high:
                self._refuse(self.band_low, _("Vul twee grenzen in, de laagste eerst."))
        return not self.errors

    def _check_aims(self) -> None:
        try:
            if not read_aims(self.aims.data or ""):
                self._refuse(self.aims, _("Noem een jaar en een getal, of kies voor volgen."))
        except NotAnAim as wrong:
            self._refuse(
                self.aims,
                gettext("Deze regel is geen jaar met een getal: %(line)s", line=wrong.args[0]),
            )

    def _refuse(self, field: Any, message: Any) -> None:
        if not field.errors:
            field.errors = [str(message)]

    def changes(self) -> dict[str, Any]:
        """What is not asked for in the chosen answer is kept empty, so that no old limit or number lingers."""
        typed = super().changes()
        typed["aims"] = aims_text(read_aims(typed["aims"] or "")) if typed["aiming"] is Aiming.AIM else ""
        typed["signal_side"] = typed["signal_side"] or None
        if typed["direction"] is not Direction.BAND:
            typed["band_low"] = typed["band_high"] = None
        if typed["direction"] is Direction.CONTEXT:
            typed["direction_reason"] = ""
        return {name: "" if value is None and name in TEXTS else value for name, value in typed.items()}


TEXTS = ("baseline_period", "aims", "direction_reason", "reading_up", "reading_down")
