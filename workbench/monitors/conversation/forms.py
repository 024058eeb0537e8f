"""Forms of the conversation."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.forms import CardForm, DateField, Form, SelectField, TextArea, required
from workbench.knowledge.calendar.models import today
from workbench.monitors.conversation import states

NO_NAMES = _("Noem geen namen van inwoners, en niets waaraan iemand te herkennen is.")
MOST = 2000


class SayForm(Form):
    """A remark, reaction or advice."""

    text = TextArea(
        _("Wat wilt u zeggen?"),
        maximum=MOST,
        description=NO_NAMES,
        validators=required(_("Schrijf op wat u wilt zeggen.")),
    )
    period = SelectField(_("Waar gaat het over?"), default="")

    def offer(self, periods: list[str]) -> None:
        """The points that can be chosen; without any, the field disappears."""
        if not periods:
            del self.period
            return
        self.period.choices = [
            ("", gettext("Het hele cijfer")),
            *((item, item) for item in reversed(periods)),
        ]


class AskForm(SayForm):
    text = TextArea(
        _("Wat wilt u weten?"),
        maximum=MOST,
        description=_(
            "Eén vraag per keer, in uw eigen woorden. Noem geen namen van inwoners, en niets waaraan iemand te herkennen is."
        ),
        validators=required(_("Schrijf op wat u wilt weten.")),
    )
    owner = SelectField(_("Aan wie vraagt u het?"))


class AnswerForm(Form):
    text = TextArea(
        _("Uw antwoord"),
        maximum=4 * MOST,
        description=_(
            "Kort en in gewone taal. Weet u het nog niet? Zeg dan wanneer wel. Noem geen namen van inwoners."
        ),
        validators=required(_("Schrijf uw antwoord op.")),
    )


class UnclearForm(Form):
    text = TextArea(
        _("Wat is nog niet helder?"),
        maximum=MOST,
        description=_("De vraag gaat terug naar wie antwoordde. Die krijgt opnieuw 30 dagen."),
        validators=required(_("Schrijf op wat u nog wilt weten.")),
    )


class ReasonForm(Form):
    text = TextArea(_("Waarom?"), maximum=MOST, validators=required(_("Schrijf op waarom.")))


class ReassignForm(ReasonForm):
    to = SelectField(_("Aan wie?"))


class TermForm(ReasonForm):
    due_on = DateField(_("Uiterlijk op"), validators=required(_("Vul een dag in, zoals 23-6-2027.")))

    def validate_due_on(self, field: Any) -> None:
        """A term ends today or later, and within a year."""
        if field.data and not today() <= field.data <= today() + states.LONGEST:
            raise validators.ValidationError(
                gettext("Kies een dag vanaf vandaag, en niet later dan over een jaar.")
            )


class MeaningForm(CardForm):
    """The four questions with which a group gives meaning to a figure. All may stay open."""

    recognise = TextArea(
        _("Herkennen wij dit?"),
        maximum=MOST,
        description=_("Ziet u dit ook om u heen? Noem geen namen van inwoners."),
    )
    explain = TextArea(
        _("Kunnen wij het verklaren?"),
        maximum=MOST,
        description=_(
            "Bijvoorbeeld: een nieuwe wet, een andere manier van tellen, of het is echt veranderd."
        ),
    )
    judge = TextArea(
        _("Wat vinden wij ervan?"),
        maximum=MOST,
        description=_("Bent u het niet eens? Schrijf elk standpunt op."),
    )
    improve = TextArea(_("Moet het beter, en hoe?"), maximum=MOST)
