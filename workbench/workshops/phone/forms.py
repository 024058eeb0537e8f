"""What a phone sends: a code, who somebody is as far as they say so, a card. Answers of rounds: rounds.forms."""

import re
from typing import Any
from uuid import UUID, uuid4

import wtforms
from flask_babel import lazy_gettext
from wtforms import validators

from workbench.core.forms import Form, SelectField, TextArea, TextField, choices, required
from workbench.workshops.models import Naming, Workshop
from workbench.workshops.phone.operations import Told

LONGEST = 500  # characters on a card
OPTIONAL = [validators.Optional()]
RATHER_NOT = {"": lazy_gettext("Zeg ik liever niet")}


def as_code(typed: str) -> str:
    """A code as it is kept, however it was typed over: 'kmt 4r7', 'KMT-4R7'."""
    return re.sub(r"[^A-Z0-9]", "", typed.upper())[:20]


class CodeForm(Form):
    code = TextField(
        lazy_gettext("De code op het scherm"),
        maximum=40,
        description=lazy_gettext("Zes letters en cijfers. Hoofdletters zijn niet nodig."),
        validators=required(lazy_gettext("Typ de code die op het scherm staat.")),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class JoinForm(Form):
    first_name = TextField(
        lazy_gettext("Uw voornaam"),
        maximum=40,
        description=lazy_gettext("Alleen de begeleider ziet uw naam, nooit wat u antwoordt."),
        validators=OPTIONAL,
        render_kw={"autocomplete": "given-name"},
    )
    council = SelectField(lazy_gettext("Van welke gemeente bent u?"), validators=OPTIONAL)
    faction = SelectField(lazy_gettext("Bij welke fractie hoort u?"), validators=OPTIONAL)

    def offer(self, workshop: Workshop) -> None:
        """Ask only what this workshop asks."""
        if workshop.naming != Naming.FIRST_NAME:
            del self.first_name
        if workshop.naming == Naming.FACTION and workshop.factions:
            self.faction.choices = choices({**RATHER_NOT, **{name: name for name in workshop.factions}})
        else:
            del self.faction
        if len(workshop.councils) > 1:
            self.council.choices = choices({**RATHER_NOT, **{name: name for name in workshop.councils}})
        else:
            del self.council

    def told(self) -> Told:
        return Told(
            self.first_name.text if self.first_name else "",
            (self.faction.data if self.faction else "") or "",
            (self.council.data if self.council else "") or "",
        )


class CardForm(Form):
    card_id = wtforms.HiddenField()
    instead_of = wtforms.HiddenField()
    part = wtforms.HiddenField()
    text = TextArea(
        lazy_gettext("Uw kaart"),
        maximum=LONGEST,
        validators=required(lazy_gettext("Schrijf eerst iets op de kaart.")),
    )

    def ask(self, number: int, label: str = "") -> None:
        """Of several forms on a page each has its own name for its field."""
        self.text.id = self.text.label.field_id = f"kaart-{number}"
        if label:
            self.text.label.text = label

    def start(self, part: str, card: Any | None = None) -> None:
        """A new card, or with `card` another text for that one."""
        self.card_id.data, self.part.data = str(uuid4()), part
        self.text.data = card.text if card else ""
        self.instead_of.data = str(card.id) if card else ""

    def id(self) -> UUID:
        """Made on the phone; a spoiled one gets another."""
        return _uuid(self.card_id.data) or uuid4()

    def replaced(self) -> UUID | None:
        return _uuid(self.instead_of.data)


class PressForm(Form):
    """A button."""


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
