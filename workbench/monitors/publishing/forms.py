"""From when and until when residents may read; the quiet weeks, and the websites that may show a block."""

from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.forms import DateField, Form, RadioField, TextArea, choices, required
from workbench.knowledge.calendar.models import today
from workbench.monitors.publishing.hosts import MOST, NoHost, read_hosts


class PublishForm(Form):
    starts_on = DateField(
        _("Vanaf welke dag?"), validators=required(_("Vul de dag in vanaf wanneer inwoners dit lezen."))
    )
    ends_on = DateField(
        _("Tot en met welke dag?"),
        description=_("Leeg: tot u het intrekt."),
        validators=[validators.Optional()],
    )
    seen = wtforms.HiddenField()  # what the page showed: only that is published

    def validate_ends_on(self, field: Any) -> None:
        if field.data and field.data < today():
            raise validators.ValidationError(
                gettext("Die dag is voorbij. Kies een latere dag of laat dit leeg.")
            )
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise validators.ValidationError(
                gettext("Deze dag ligt voor de eerste dag. Kies een latere dag.")
            )


class SettingsForm(Form):
    quiet_from = DateField(
        _("Stille tijd vanaf"),
        description=_("Bijvoorbeeld 1-2-2030. Leeg: er komt geen stille tijd."),
        validators=[validators.Optional()],
    )
    quiet_until = DateField(_("Stille tijd tot en met"), validators=[validators.Optional()])
    quiet_hides = RadioField(
        _("Wat zien inwoners in die tijd?"),
        choices=choices(
            {
                "nee": _("De pagina blijft staan, met een zin dat er niets nieuws bij komt"),
                "ja": _("De pagina is weg, en komt daarna vanzelf terug"),
            }
        ),
        default="nee",
    )
    hosts = TextArea(
        _("Welke websites mogen een blok laten zien?"),
        description=_("Eén adres per regel, zoals https://www.almere.nl. Leeg: geen enkele."),
        validators=[validators.Optional()],
    )

    def validate_quiet_from(self, _field: Any) -> None:
        if not self.quiet_until.raw_data or not self.quiet_until.raw_data[0]:
            raise validators.ValidationError(gettext("Vul allebei de dagen in, of geen van beide."))

    def validate_quiet_until(self, field: Any) -> None:
        if not self.quiet_from.raw_data or not self.quiet_from.raw_data[0]:
            raise validators.ValidationError(gettext("Vul allebei de dagen in, of geen van beide."))
        if self.quiet_from.data and field.data < self.quiet_from.data:
            raise validators.ValidationError(
                gettext("Deze dag ligt voor de eerste dag. Kies een latere dag.")
            )

    def validate_hosts(self, field: Any) -> None:
        try:
            found = read_hosts(field.data or "")
        except NoHost as problem:
            raise validators.ValidationError(
                gettext(
                    "“%(line)s” is geen adres van een website. Schrijf het zo: https://www.almere.nl",
                    line=problem.line,
                )
            ) from None
        if len(found) > MOST:
            raise validators.ValidationError(gettext("Noem hooguit %(most)s websites.", most=MOST))
