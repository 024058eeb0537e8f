"""Forms: cards that go to a plan, and the code of another council's results."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import wtforms
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.forms import Form, SelectField, TextArea, TextField, choices, required
from workbench.vision.models import Goal, PlanStep, Value
from workbench.workshops.harvest.operations import Chosen, Destination, name_and_explanation
from workbench.workshops.harvest.outcomes import ActivityOutcome, Card
from workbench.workshops.harvest.queries import Becomes

# As the forms of the plan have it.
MOST = {
    Becomes.VALUE: 80,
    Becomes.GOAL: 300,
    Becomes.QUESTION: 500,
    Becomes.REQUEST: 1000,
    Becomes.STEP_QUESTION: 200,
}
NOTHING = ""


@dataclass(frozen=True)
class Offer:
    """What cards can become in a plan now."""

    values: Sequence[Value]
    goals: Sequence[Goal]  # that questions and requests can stand under
    steps: Sequence[PlanStep]  # to which a question can be added

    def choices(self) -> list[Any]:
        """For a list with headings."""
        found: dict[str | None, dict[str, str]] = {
            None: {NOTHING: gettext("nog niets")},
            gettext("Waarde"): {Becomes.VALUE.value: gettext("een nieuwe waarde")},
            gettext("Doel"): self._named(Becomes.GOAL, gettext("een doel bij"), self.values, "name"),
            gettext("Informatievraag"): self._named(
                Becomes.QUESTION, gettext("een vraag bij"), self.goals, "sentence"
            ),
            gettext("Verzoek om gegevens"): self._named(
                Becomes.REQUEST, gettext("een verzoek bij"), self.goals, "sentence"
            ),
            gettext("Vraag in het traject"): {
                f"{Becomes.STEP_QUESTION} {step.number}": gettext("een vraag in %(step)s", step=step.named)
                for step in self.steps
            },
        }
        return [
            wtforms.SelectChoice(value=value, label=label, optgroup=heading)  # type: ignore[attr-defined]
            for heading, options in found.items()
            for value, label in options.items()
        ]

    @staticmethod
    def _named(becomes: Becomes, words: str, cards: Sequence[Any], name: str) -> dict[str, str]:
        return {f"{becomes} {card.id}": f"{words}: {_short(getattr(card, name))}" for card in cards}

    def find(self, typed: str) -> Destination | None:
        """What was chosen; None for nothing."""
        name, _space, under = typed.partition(" ")
        if not name:
            return None
        becomes = Becomes(name)
        among: Sequence[Any] = {Becomes.GOAL: self.values, Becomes.STEP_QUESTION: self.steps}.get(
            becomes, self.goals
        )
        if becomes is Becomes.VALUE:
            return Destination(becomes)
        if becomes is Becomes.STEP_QUESTION:
            return Destination(becomes, int(under))
        return Destination(becomes, next(card for card in among if str(card.id) == under))


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


class HarvestForm(Form):
    """Per card its text and what it becomes; see `harvest_form`."""

    cards: Sequence[tuple[ActivityOutcome, Card]]
    offer: Offer

    def rows(self) -> list[tuple[ActivityOutcome, Card, Any, Any]]:
        """Each card with the fields for its text and for what it becomes."""
        return [
            (activity, card, self[f"text-{place}"], self[f"becomes-{place}"])
            for place, (activity, card) in enumerate(self.cards)
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Each text must fit what it becomes."""
        if not super().validate(extra_validators):
            return False
        chosen = False
        for _activity, _card, text, becomes in self.rows():
            to = self.offer.find(becomes.data)
            if to is None:
                continue
            chosen = True
            if problem := too_long(text.text, to.becomes):
                text.errors = [problem]
        if not chosen:
            self.rows()[0][3].errors = [gettext("Kies bij minstens één kaart wat het wordt.")]
        return not self.errors

    def chosen(self) -> list[Chosen]:
        found = []
        for activity, card, text, becomes in self.rows():
            to = self.offer.find(becomes.data)
            if to is not None:
                found.append(Chosen(card.source, activity.id, text.text, to))
        return found


def too_long(text: str, becomes: Becomes) -> str:
    """What to do about a text that does not fit what it becomes; empty when it fits."""
    most = MOST[becomes]
    if becomes is Becomes.VALUE:
        n = len(name_and_explanation(text)[0])
        message = ngettext(
            "De eerste regel wordt de naam van de waarde: hooguit %(most)s tekens, nu is het er één.",
            "De eerste regel wordt de naam van de waarde: hooguit %(most)s tekens, nu zijn het er %(num)s. Zet de rest op een nieuwe regel.",
            n,
            most=most,
        )
        return str(message) if n > most else ""
    if len(text) <= most:
        return ""
    return str(
        gettext("Maak de tekst korter: hooguit %(max)s tekens, het zijn er nu %(n)s.", max=most, n=len(text))
    )


def harvest_form(cards: Sequence[tuple[ActivityOutcome, Card]], offer: Offer) -> HarvestForm:
    """The form for these cards."""
    fields: dict[str, Any] = {"cards": cards, "offer": offer}
    offered = offer.choices()
    for place, (_activity, card) in enumerate(cards):
        fields[f"text-{place}"] = TextArea(
            _("Tekst"),
            maximum=1000,
            default=card.text,
            validators=required(_("Schrijf op wat er in het traject komt.")),
        )
        fields[f"becomes-{place}"] = SelectField(_("Dit wordt"), choices=offered, default=NOTHING)
    made: HarvestForm = type("HarvestFormOfCards", (HarvestForm,), fields)()
    return made


class TakeForm(Form):
    code = TextField(
        _("Code"),
        maximum=40,
        description=_("Vier groepjes van vier tekens, van de begeleider van de sessie."),
        validators=required(_("Typ de code over die u van de begeleider kreeg.")),
    )


def hand_over_form(councils: Sequence[str]) -> Form:
    """For which of these councils?"""
    field = SelectField(
        _("Voor welke gemeente?"),
        choices=choices({name: name for name in councils}),
        validators=[validators.InputRequired(_("Kies een gemeente."))],
    )
    made: Form = type("HandOverFormOfWorkshop", (Form,), {"council": field})()
    return made


def card_ids(sources: Sequence[str]) -> list[UUID]:
    """The cards that people wrote among these sources."""
    found = []
    for source in sources:
        kind, _space, typed = source.partition(" ")
        if kind == "kaart":
            try:
                found.append(UUID(typed))
            except ValueError:
                continue
    return found
