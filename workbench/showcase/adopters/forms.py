"""Being named or not, a note to the council that shared an example, and what that says back."""

from flask_babel import lazy_gettext as _

from workbench.core.forms import CheckboxField, Form, RadioField, TextArea, choices, required
from workbench.showcase.adopters.models import NOTE_NAMES, NoteKind

NAMED = _("Anderen mogen lezen dat onze raad dit voorbeeld overnam")


class ConsentForm(Form):
    named = CheckboxField(NAMED)


class NoteForm(Form):
    kind = RadioField(
        _("Wat stuurt u?"),
        choices=choices(NOTE_NAMES),
        coerce=lambda word: NoteKind(word) if word else None,
        validators=required(_("Kies wat u stuurt.")),
    )
    text = TextArea(
        _("Wat wilt u zeggen?"),
        maximum=1000,
        description=_("Noem geen namen van inwoners. Alleen de raad die het voorbeeld deelde, leest dit."),
        validators=required(_("Schrijf op wat u wilt zeggen.")),
    )


class AnswerForm(Form):
    text = TextArea(
        _("Wat zegt u terug?"),
        maximum=1000,
        description=_("U kunt één keer reageren. Noem geen namen van inwoners."),
        validators=required(_("Schrijf op wat u terugzegt, of kies “Gelezen, zonder antwoord”.")),
    )
