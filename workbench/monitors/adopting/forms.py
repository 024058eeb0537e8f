"""What the council decided, as the clerk writes it down."""

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.forms import (
    CheckboxField,
    DateField,
    Form,
    RadioField,
    TextArea,
    TextField,
    choices,
    required,
)
from workbench.core.text import current_language
from workbench.knowledge.calendar.models import today
from workbench.monitors.adopting.document import Decision

SMALL, NEW = "klein", "nieuw"
LATE = timedelta(days=366)


class AdoptForm(Form):
    """`form_id`: so that what is sent twice is kept once; `seen` and `follows`: what was checked."""

    form_id = wtforms.HiddenField(default="")
    seen = wtforms.HiddenField(default="")
    follows = wtforms.HiddenField(default="")
    size = RadioField(
        _("Hoe groot is deze wijziging?"),
        choices=choices(
            {
                SMALL: _("Kleine wijziging: een nieuw nummer achter de punt, zoals 1.1"),
                NEW: _("Nieuwe versie: een nieuw nummer voor de punt, zoals 2.0"),
            }
        ),
        default=SMALL,
        validators=required(_("Kies hoe groot de wijziging is.")),
    )
    reason = TextArea(
        _("Waarom stelt de raad opnieuw vast?"),
        description=_("In gewone taal. Dit staat bij de versie en bij de verschillen."),
        validators=required(_("Schrijf op waarom de raad opnieuw vaststelt.")),
    )
    adopted_on = DateField(
        _("Op welke dag nam de raad het besluit?"),
        description=_("Zoals 23-6-2027."),
        validators=required(_("Vul de dag van het besluit in, zoals 23-6-2027.")),
    )
    decided_by = TextField(
        _("Wie nam het besluit?"),
        description=_("De raad of een commissie."),
        validators=required(_("Vul in wie het besluit nam.")),
    )
    link = TextField(
        _("Waar staat het besluit?"),
        description=_("Het adres van het raadsstuk. Het begint met https://."),
        maximum=500,
    )
    minority_views = TextArea(
        _("Minderheidsstandpunten"),
        description=_(
            "Eén per alinea, met een lege regel ertussen. Wie het wil, zet zijn naam of fractie erbij: ‘Fractie Groen: wij …’"
        ),
        maximum=10_000,
    )
    confirmed = CheckboxField(
        _("Ik heb dit nagekeken. Ik weet dat vaststellen niet ongedaan te maken is."),
        validators=required(_("Zet een vinkje als u het hebt nagekeken.")),
    )

    def begin(self, form_id: str, seen: str, follows: str, council: str) -> None:
        self.form_id.data, self.seen.data, self.follows.data = form_id, seen, follows
        self.decided_by.data = gettext("de gemeenteraad van %(name)s", name=council)
        self.adopted_on.data = today()

    def begin_again(self, seen: str, follows: str, why: str) -> None:
        """What was typed stays; what was checked is what it is now."""
        self.seen.data, self.follows.data, self.confirmed.data = seen, follows, False
        self.confirmed.errors = [why]

    earliest: date | None = None

    def not_before(self, newest: date | None, began: date) -> None:
        """A decision comes after the one before it; the first one may be taken in until a year after it was taken."""
        self.earliest = newest or began - LATE

    def is_first(self) -> None:
        """The first version changes nothing, so there is nothing to explain."""
        del self.size, self.reason

    def validate_adopted_on(self, field: Any) -> None:
        if field.data and field.data > today():
            raise validators.ValidationError(
                gettext("Deze dag moet nog komen. Vul in wanneer het besluit is genomen.")
            )
        if field.data and self.earliest and field.data < self.earliest:
            raise validators.ValidationError(
                gettext(
                    "Het besluit kan niet van vóór %(day)s zijn. Klopt het jaar?",
                    day=current_language().date(self.earliest),
                )
            )

    def validate_link(self, field: Any) -> None:
        if field.data and not is_web_address(field.data):
            raise validators.ValidationError(
                gettext("Dit is geen adres van een webpagina. Het begint met https:// of http://.")
            )

    def decision(self) -> Decision:
        return Decision(
            adopted_on=self.adopted_on.data,
            decided_by=self.decided_by.text,
            address=self.link.text,
            minority_views=tuple(
                filter(None, map(str.strip, re.split(r"\n\s*\n", self.minority_views.text)))
            ),
            follows=self.follows.data or "",
            reason=self.reason.text if "reason" in self else "",
        )


def is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and named and text.isprintable() and " " not in text
