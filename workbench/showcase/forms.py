"""Forms of the showcase."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.accounts.forms import is_address
from workbench.core.forms import (
    CheckboxesField,
    CheckboxField,
    DateField,
    EmailField,
    Form,
    RadioField,
    SelectField,
    TextArea,
    TextField,
    choices,
    required,
)
from workbench.core.language import AMSTERDAM
from workbench.showcase.adopters.forms import NAMED
from workbench.showcase.circles.models import CIRCLE_NAMES, Circle
from workbench.showcase.circles.operations import Opening, today
from workbench.showcase.circles.queries import Possible
from workbench.showcase.models import LICENCE_NAMES, Licence, SharedTemplate
from workbench.vision.models import Plan, Value
from workbench.workshops.script.forms import WorkshopForm, clock


def _group(name: str, others: list[str]) -> str:
    if not others:
        return str(gettext("%(name)s (nog geen andere raad)", name=name))
    return str(gettext("%(name)s: wij en %(councils)s", name=name, councils=", ".join(others)))


class OpeningForm(Form):
    """Who may read it, and from when until when."""

    circle = RadioField(
        _("Wie mag dit lezen?"),
        choices=choices(CIRCLE_NAMES),
        default=Circle.PUBLIC.value,
        validators=required(_("Kies wie dit mag lezen.")),
    )
    councils = CheckboxesField(
        _("Welke raden?"), description=_("Alleen als u kiest voor: raden die wij kiezen.")
    )
    pilots = CheckboxesField(
        _("Welke pilotgroep?"),
        description=_(
            "Alleen als u kiest voor: alle raden van een pilotgroep. Ook wie er later bij komt, leest het."
        ),
    )
    first = DateField(
        _("Vanaf welke dag?"),
        description=_("Leeg: vanaf vandaag. Bijvoorbeeld 23-6-2027."),
        validators=[validators.Optional()],
    )
    last = DateField(
        _("Tot en met welke dag?"),
        description=_("Leeg: tot u stopt met delen."),
        validators=[validators.Optional()],
    )

    def offer(self, there: Possible) -> None:
        """Choose from these; a circle that has nobody in it is not offered."""
        self.councils.choices = choices({str(council.id): council.name for council in there.councils})
        self.pilots.choices = choices(
            {str(group.id): _group(group.name, there.members.get(group.id, [])) for group in there.groups}
        )
        absent = {
            circle
            for circle, named in ((Circle.CHOSEN, there.councils), (Circle.PILOT, there.groups))
            if not named
        }
        self.circle.choices = choices(
            {circle: name for circle, name in CIRCLE_NAMES.items() if circle not in absent}
        )

    def start_from(self, template: SharedTemplate, there: Possible) -> None:
        """What was chosen before, when nothing is sent yet."""
        if not self.is_submitted():
            self.circle.data = template.circle.value
            self.councils.data = self.pilots.data = [str(council.id) for council in there.named]
            self.first.data, self.last.data = template.visible_from, template.visible_until

    def validate_councils(self, field: CheckboxesField) -> None:
        if self.circle.data == Circle.CHOSEN and not field.data:
            raise validators.ValidationError(gettext("Kies minstens één raad die dit mag lezen."))

    def validate_pilots(self, field: CheckboxesField) -> None:
        if self.circle.data == Circle.PILOT and not field.data:
            raise validators.ValidationError(gettext("Kies een pilotgroep waar uw raad in zit."))

    def validate_last(self, field: DateField) -> None:
        if field.data and field.data < (self.first.data or today()):
            raise validators.ValidationError(
                gettext("De laatste dag ligt voor de eerste. Kies een latere laatste dag.")
            )

    def opening(self) -> Opening:
        named = self.pilots if self.circle.data == Circle.PILOT else self.councils
        return Opening(
            Circle(self.circle.data),
            self.first.data,
            self.last.data,
            tuple(UUID(council_id) for council_id in named.data or []),
        )


class ShareForm(OpeningForm):
    title = TextField(
        _("Onder welke naam deelt u dit?"), validators=required(_("Geef uw voorbeeld een naam."))
    )
    description = TextArea(
        _("Waar gaat het over?"),
        maximum=600,
        description=_("Twee of drie gewone zinnen, voor wie uw raad niet kent."),
        validators=required(_("Schrijf in een paar zinnen waar het over gaat.")),
    )
    context = TextArea(
        _("Hoe ontstond het?"),
        maximum=1000,
        description=_(
            "Hoe groot is de gemeente, hoeveel mensen deden mee, hoelang duurde het? Noem geen namen."
        ),
        validators=[validators.Optional()],
    )
    differently = TextArea(
        _("Wat zou u de volgende keer anders doen?"), maximum=1000, validators=[validators.Optional()]
    )
    contact = EmailField(
        _("Bij welk adres kunnen anderen vragen stellen?"),
        description=_("Het adres van een functie, zoals griffie@gemeente.nl. Niet dat van één mens."),
        validators=[validators.Optional(), is_address],
    )
    agreed = CheckboxField(_("Dit adres is niet van één mens, en het mag bij het voorbeeld staan"))
    licence = RadioField(
        _("Wat mogen anderen met de tekst?"),
        choices=choices(LICENCE_NAMES),
        default=Licence.CC_BY.value,
        validators=required(_("Kies wat anderen met de tekst mogen.")),
    )
    changed = TextField(
        _("Wat is er nieuw in deze versie?"),
        description=_("Eén regel, voor wie een eerdere versie overnam."),
        validators=[validators.Optional()],
    )
    seen = wtforms.HiddenField()  # what the page showed: only that is shared

    def validate_agreed(self, field: CheckboxField) -> None:
        if self.contact.text and not field.data:
            raise validators.ValidationError(
                gettext("Zet hier een vinkje als het adres erbij mag staan. Of haal het adres weg.")
            )

    def texts(self) -> dict[str, str]:
        names = ("title", "description", "context", "differently", "contact")
        return {name: self[name].text for name in names}


class CopyForm(Form):
    into = SelectField(
        _("Waar legt u het voorbeeld neer?"),
        description=_("Uw eigen kaarten blijven zoals ze zijn. U kiest daarna zelf wat u overneemt."),
    )
    title = TextField(
        _("Hoe heet het nieuwe traject?"),
        description=_("U kunt de naam later veranderen."),
        validators=required(_("Geef het traject een naam.")),
    )
    named = CheckboxField(NAMED)

    def offer(self, running: list[Plan]) -> None:
        """The plans in which it can be laid; without any, a new one it is."""
        if running:
            named = {str(plan.id): gettext("In ‘%(title)s’", title=plan.title) for plan in running}
            self.into.choices = choices({"": gettext("In een nieuw traject"), **named})
        else:
            del self.into


class CopyScriptForm(Form):
    """A script becomes a workshop, which has a day."""

    title = WorkshopForm.title
    day = WorkshopForm.day
    begins = WorkshopForm.begins
    size = WorkshopForm.size
    plan = WorkshopForm.plan
    named = CheckboxField(NAMED)

    def offer(self, running: list[Plan]) -> None:
        names = {str(plan.id): plan.title for plan in running}
        self["plan"].choices = choices({"": gettext("Bij geen traject"), **names})

    def validate_begins(self, field: TextField) -> None:
        if clock(field.text) is None:
            raise validators.ValidationError(gettext("Schrijf de tijd als 19:30."))

    def facts(self, minutes: int) -> dict[str, Any]:
        """Of the workshop; `minutes`: how long its script takes."""
        begins = clock(self["begins"].text)
        if self["day"].data is None or begins is None:
            raise TypeError("Only of what was checked.")
        starts_at = datetime.combine(self["day"].data, begins, AMSTERDAM)
        return {
            "title": self["title"].text,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=minutes),
            "size": self["size"].data,
            "plan_id": UUID(self["plan"].data) if self["plan"].data else None,
        }


class CopyScriptAgainForm(CopyScriptForm):
    once_more = CheckboxField(
        _("Ja, maak er nog een leeratelier mee"),
        validators=required(_("Zet hier een vinkje als u er nog een leeratelier mee wilt maken.")),
    )


class CopyAgainForm(CopyForm):
    once_more = CheckboxField(
        _("Ja, neem het nog een keer over, in een nieuw traject"),
        validators=required(_("Zet hier een vinkje als u het voorbeeld nog een keer wilt overnemen.")),
    )


class TakeGoalForm(Form):
    values = CheckboxesField(
        _("Bij welke van uw waarden hoort dit doel?"),
        validators=required(_("Kies minstens één waarde: een doel zonder waarde kan niet.")),
    )

    def offer(self, values: list[Value]) -> None:
        self.values.choices = choices({str(value.id): value.name for value in values})
