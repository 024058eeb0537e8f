"""Choosing what a monitor, or a figure, is taken along as."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _

from workbench.core.forms import Form, RadioField, required
from workbench.monitors.exports import models


class FormForm(Form):
    form = RadioField(_("Hoe wilt u het meenemen?"), validators=required(_("Kies hoe u het wilt meenemen.")))

    def offer(self, forms: Sequence[models.Form]) -> None:
        self.form.choices = [(form.value, str(models.FORM_NAMES[form])) for form in forms]
        if not self.is_submitted():
            self.form.data = forms[0].value

    @property
    def chosen(self) -> models.Form:
        return models.Form(self.form.data)
