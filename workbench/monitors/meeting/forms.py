"""Forms of a meeting and of two readers."""

from typing import Any
from uuid import UUID

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.forms import (
    CheckboxesField,
    DateField,
    Form,
    RadioField,
    SelectField,
    TextArea,
    choices,
    required,
)
from workbench.monitors.meeting.differences import Asked, Verdict
from workbench.monitors.meeting.models import ASKED_NAMES, VERDICT_NAMES, DuoNote

MOST = 1500
NO_NAMES = _("Noem geen namen van inwoners, en niets waaraan iemand te herkennen is.")


class AgendaForm(Form):
    held_on = DateField(
        _("Dag van de vergadering"),
        description=_("Mag leeg blijven. Schrijf de dag zo: 23-6-2027."),
        validators=[validators.Optional()],
    )
    sections = CheckboxesField(
        _("Wat gaat er mee?"),
        description=_("Kies weinig: drie delen is al een hele avond. Kiest u niets, dan gaat alles mee."),
    )


class DuoForm(Form):
    """Nobody is chosen beforehand: who belongs to which side is said on purpose."""

    goal = SelectField(_("Welk doel?"), validators=required(_("Kies een doel.")))
    coalition = SelectField(_("Wie leest voor de coalitie?"), validators=required(_("Kies een raadslid.")))
    opposition = SelectField(_("Wie leest voor de oppositie?"), validators=required(_("Kies een raadslid.")))

    def offer(self, goals: dict[UUID, str], people: dict[UUID, str]) -> None:
        """What and whom can be chosen."""
        self.goal.choices = choices({"": gettext("Kies een doel"), **goals})
        self.coalition.choices = self.opposition.choices = choices(
            {"": gettext("Kies een raadslid"), **people}
        )


class NoteForm(Form):
    """What one reader sees. `version`: the note from which this began; 0: there was none."""

    reached = RadioField(
        ASKED_NAMES[Asked.REACHED],
        choices=choices(VERDICT_NAMES),
        validators=required(_("Kies een antwoord. U mag ook zeggen dat u het niet kunt zeggen.")),
    )
    seen = TextArea(
        _("Wat ziet u?"),
        maximum=MOST,
        description=_("In de cijfers, in de stad, in gesprekken. Noem geen namen van inwoners."),
        validators=required(_("Schrijf op wat u ziet. Eén zin is genoeg.")),
    )
    worth = RadioField(
        ASKED_NAMES[Asked.WORTH],
        choices=choices(VERDICT_NAMES),
        validators=required(_("Kies een antwoord. U mag ook zeggen dat u het niet kunt zeggen.")),
    )
    why = TextArea(_("Waarom vindt u dat?"), maximum=MOST, description=NO_NAMES)
    version = wtforms.HiddenField()

    def content(self) -> dict[str, Any]:
        """As the attributes of a note take it."""
        return {
            "reached": Verdict(self.reached.data),
            "seen": self.seen.text,
            "worth": Verdict(self.worth.data),
            "why": self.why.text,
        }

    def base(self) -> int:
        data = self.version.data or ""
        return int(data) if data.isdecimal() and len(data) < 9 else 0

    def start_from(self, note: DuoNote | None) -> None:
        """Carry the version that this edit starts from (not when it is already on its way)."""
        if not self.is_submitted():
            self.version.data = str(note.version if note else 0)
