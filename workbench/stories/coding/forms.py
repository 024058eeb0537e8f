"""The form of a label, and that of a file with labels and citations."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.forms import (
    CardForm,
    CheckboxesField,
    FileField,
    Form,
    RadioField,
    SelectField,
    TextArea,
    TextField,
    choices,
    required,
)
from workbench.stories.coding.models import Tag
from workbench.stories.coding.tags import DEEPEST, About, Offer, Placed

# Colour and shape of the line under the words; see styles/coding.css.
LOOK_NAMES = (
    _("blauw, streep"),
    _("groen, lange streepjes"),
    _("paars, stippen"),
    _("bruin, dubbele streep"),
    _("zeegroen, golf"),
    _("roze, streep en stip"),
    _("grijs, zigzag"),
    _("olijf, kam"),
    _("donkerblauw, blokjes"),
    _("kastanje, schuine streepjes"),
    _("inkt, kralen"),
    _("pruim, driehoekjes"),
)


def _uuid(value: Any) -> UUID | None:
    return UUID(str(value)) if value else None


class TagForm(CardForm):
    name = TextField(
        _("Hoe heet het label?"),
        maximum=80,
        description=_("Een paar woorden. Bijvoorbeeld: wachten op hulp."),
        validators=required(_("Geef het label een naam.")),
    )
    description = TextArea(
        _("Wanneer gebruikt u dit label, en wanneer niet?"),
        maximum=1500,
        description=_("Zo kiest een ander hetzelfde als u. Een voorbeeld in eigen woorden helpt."),
        validators=[validators.Optional()],
    )
    parent_id = SelectField(
        _("Onder welk label hangt het?"),
        coerce=_uuid,
        validators=[validators.Optional()],
    )
    look = RadioField(
        _("Welke lijn komt er onder de woorden?"),
        coerce=int,
        choices=choices(dict(enumerate(LOOK_NAMES))),
        validators=[validators.InputRequired(_("Kies een lijn."))],
    )
    goals = CheckboxesField(
        _("Bij welke doelen hoort dit label?"), coerce=_uuid, validators=[validators.Optional()]
    )
    values = CheckboxesField(
        _("Bij welke waarden hoort dit label?"), coerce=_uuid, validators=[validators.Optional()]
    )

    def offer(self, tree: Sequence[Placed], offered: Offer, tag: Tag | None = None) -> None:
        """What can be chosen; a label does not hang under itself, and not too deep."""
        above = {
            str(item.tag.id): item.whole_name
            for item in tree
            if item.level < DEEPEST and (tag is None or item.tag.id != tag.id)
        }
        self.parent_id.choices = choices({"": gettext("nergens onder: bovenaan"), **above})
        self.goals.choices = choices({goal.id: goal.whole_sentence for goal in offered.goals})
        self.values.choices = choices({value.id: value.name for value in offered.values})

    def start_with(self, about: About) -> None:
        if not self.is_submitted():
            self.goals.data = [goal.id for goal in about.goals]
            self.values.data = [value.id for value in about.values]

    def card(self) -> dict[str, Any]:
        """What the card itself holds."""
        changes = self.changes()
        return {name: changes[name] for name in Tag.CONTENT}


class BringForm(Form):
    file = FileField(
        _("Bestand"),
        description=_("QDPX (project), QDC (alleen labels) of een tabel van hier (CSV), hooguit 25 MB."),
        validators=required(_("Kies een bestand.")),
    )
