"""Forms of an information question and of a request."""

from flask_babel import lazy_gettext as _

from workbench.core.forms import CardForm, CheckboxField, DateField, TextArea, TextField, required


class QuestionForm(CardForm):
    text = TextArea(
        _("Welke vraag wilt u beantwoorden?"),
        maximum=500,
        description=_("Bijvoorbeeld: krijgen ouders sneller hulp dan vorig jaar?"),
        validators=required(_("Schrijf op wat u wilt weten.")),
    )


class RequestForm(CardForm):
    wanted = TextArea(
        _("Wat hebt u nodig?"),
        maximum=1000,
        description=_("Bijvoorbeeld: hoe lang mensen op hulp wachten, per half jaar."),
        validators=required(_("Schrijf op wat u nodig hebt.")),
    )
    from_whom = TextField(
        _("Wie kan het leveren?"),
        description=_("Een functie of organisatie, geen naam."),
        validators=required(_("Schrijf op wie het kan leveren. Weet u dat niet? Vul dan de griffie in.")),
    )
    due_on = DateField(_("Voor welke dag?"), validators=required(_("Vul een dag in, zoals 23-6-2027.")))
    delivered = CheckboxField(_("Het is geleverd"))
