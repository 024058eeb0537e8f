"""The three lines of a goal."""

from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.forms import CardForm, TextArea
from workbench.monitors.three_lines.proposal import LONGEST


class ThreeLinesForm(CardForm):
    figures = TextArea(_("Wat cijfers zeggen"), maximum=LONGEST, validators=[validators.Optional()])
    stories = TextArea(
        _("Wat verhalen zeggen"),
        maximum=LONGEST,
        description=_("In eigen woorden: neem geen zinnen uit een verhaal over."),
        validators=[validators.Optional()],
    )
    difference = TextArea(
        _("Waar ze verschillen"),
        maximum=LONGEST,
        description=_(
            "Verschillen ze niet? Schrijf dat dan op. Een verschil is een vraag om over te praten."
        ),
        validators=[validators.Optional()],
    )
