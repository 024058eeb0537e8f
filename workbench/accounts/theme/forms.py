"""The form of the house style."""

import base64
import binascii
from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.accounts.theme import colours
from workbench.accounts.theme.logo import Logo, NotALogo, read_logo
from workbench.core.forms import CheckboxField, FileField, Form, TextField
from workbench.core.text import current_language

PROBLEMS = {
    "svg": _(
        "Een SVG-bestand kan niet: daar kan ook programmacode in zitten. Bewaar het logo als PNG en kies dat bestand."
    ),
    "too_heavy": _(
        "Dit bestand is te groot: hooguit 500 kB. Bewaar het logo kleiner en probeer het opnieuw."
    ),
    "unreadable": _("Dit bestand kunnen wij niet lezen. Kies een PNG of een JPEG."),
    "too_large": _("Deze afbeelding is te groot: hooguit 4.000 bij 4.000 beeldpunten. Maak haar kleiner."),
    "too_small": _("Deze afbeelding is te klein: minstens 16 bij 16 beeldpunten. Kies een groter logo."),
}


class StyleForm(Form):
    colour = TextField(
        _("Kleur van uw gemeente"),
        maximum=7,
        description=_("Als code, bijvoorbeeld #0b5394. Leeg: de gewone kleur."),
        render_kw={"data-colour": "", "autocomplete": "off", "spellcheck": "false"},
    )
    logo = FileField(
        _("Logo"),
        description=_("PNG of JPEG, hooguit 500 kB. We tonen het 36 beeldpunten hoog op wit, naast de naam."),
        render_kw={"accept": ".png,.jpg,.jpeg"},
    )
    without_logo = CheckboxField(_("Haal het logo weg"))
    # A logo that was fine beside a colour that was not: a browser does not send a file twice.
    kept_logo = wtforms.HiddenField()
    nearest: str | None = None  # what could be chosen in place of a colour that is too faint
    read: Logo | None = None

    def validate_colour(self, field: Any) -> None:
        if not field.data:
            return
        try:
            field.data = colours.read_colour(field.data)
            colours.scale(field.data)
        except colours.NotAColour:
            raise validators.ValidationError(
                gettext("Schrijf de kleur als # met zes tekens, bijvoorbeeld #0b5394.")
            ) from None
        except colours.TooFaint as error:
            self.nearest = error.nearest
            raise validators.ValidationError(
                gettext(
                    "Letters in %(colour)s zijn niet overal goed te lezen: het contrast is %(ratio)s en moet minstens"
                    " 4,5 zijn. %(nearest)s lijkt er het meest op en kan wel.",
                    colour=error.colour,
                    ratio=current_language().number(error.ratio, 1),
                    nearest=error.nearest,
                )
            ) from None

    def validate_logo(self, field: Any) -> None:
        data = b""
        if field.data:
            with field.data.stream as stream:
                data = stream.read()
        try:
            if data := data or base64.b64decode(self.kept_logo.data or "", validate=True):
                self.read = read_logo(data)
        except NotALogo as error:
            raise validators.ValidationError(str(PROBLEMS[error.problem])) from None
        except binascii.Error:
            raise validators.ValidationError(str(PROBLEMS["unreadable"])) from None
        if self.read:
            self.kept_logo.data = base64.b64encode(self.read.png).decode()
