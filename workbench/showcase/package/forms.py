"""Bringing a package, and saying what to do with it."""

import wtforms
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileRequired
from wtforms import validators

from workbench.core.forms import CheckboxField, FileField, Form, RadioField, TextField, choices, required

USES = {
    "begin": _("Er meteen een traject mee beginnen"),
    "keep": _("Het bewaren als voorbeeld voor onze eigen raad"),
}


class PackageForm(Form):
    file = FileField(
        _("Pakket"),
        description=_("Een bestand dat eindigt op .json, uit de etalage van een andere werkbank."),
        render_kw={"accept": ".json,application/json"},
        validators=[FileRequired(_("Kies een bestand."))],
    )


class UseForm(Form):
    package = wtforms.HiddenField()
    use = RadioField(
        _("Wat wilt u ermee doen?"),
        choices=choices(USES),
        default="begin",
        validators=[validators.InputRequired(_("Kies wat u met het pakket wilt doen."))],
    )
    title = TextField(
        _("Hoe heet het?"),
        description=_("U kunt de naam later veranderen."),
        validators=required(_("Geef het een naam.")),
    )

    def keep_only(self) -> None:
        """A script begins no plan: it is kept, and then becomes a workshop."""
        self.use.choices = choices({"keep": USES["keep"]})


class UseAgainForm(UseForm):
    once_more = CheckboxField(_("Ja, begin er nog een keer een traject mee"))
