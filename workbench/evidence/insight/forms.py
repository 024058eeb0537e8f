"""Forms for findings, and to start a round about stories."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from workbench.core.forms import CardForm, CheckboxesField, Form, RadioField, TextArea, choices, required
from workbench.evidence.insight.models import SAYS_NAMES, Says
from workbench.evidence.insight.queries import Quote
from workbench.rounds.methods import Method

SHORT = 220  # letters of an excerpt beside its box
METHODS = {
    Method.CHOOSE: _("Ieder kiest één citaat. Snel, en goed voor een gesprek."),
    Method.DOTS: _("Ieder verdeelt vijf stippen. Laat zien wat leeft."),
    Method.RANKING: _("Ieder zet de citaten op volgorde. Vraagt wat meer tijd."),
}


def named(quotes: Sequence[Quote]) -> list[Any]:
    """Excerpts as choices; only those that this reader may read."""
    return choices({str(quote.id): _label(quote) for quote in quotes if quote.words is not None})


def _label(quote: Quote) -> str:
    words = " ".join((quote.words or "").split())
    short = words if len(words) <= SHORT else f"{words[: SHORT - 1]}…"
    if not quote.leaning_name:
        return str(gettext("Verhaal %(number)s: “%(words)s”", number=quote.number, words=short))
    return str(
        gettext(
            "Verhaal %(number)s, %(way)s: “%(words)s”",
            number=quote.number,
            way=quote.leaning_name,
            words=short,
        )
    )


class FindingForm(CardForm):
    text = TextArea(
        _("Wat leest u in deze verhalen?"),
        maximum=500,
        description=_(
            "In eigen woorden, in een of twee korte zinnen. Bijvoorbeeld: wie zelf belt, wacht langer."
        ),
        validators=required(_("Schrijf op wat u in deze verhalen leest.")),
    )
    says = RadioField(
        _("En de cijfers?"),
        choices=choices(SAYS_NAMES),
        validators=required(_("Kies wat deze bevinding doet met wat de cijfers zeggen.")),
    )
    excerpt_ids = CheckboxesField(
        _("Waaruit blijkt dat?"),
        description=_(
            "Kies de citaten waarop u dit baseert. Kies ook een citaat dat er anders over denkt, als dat er is."
        ),
        validators=required(_("Kies minstens één citaat. Zonder citaat is het een mening.")),
    )

    def offer(self, quotes: Sequence[Quote]) -> None:
        self.excerpt_ids.choices = named(quotes)

    def changes(self) -> dict[str, Any]:
        typed = super().changes()
        chosen = sorted(map(UUID, typed["excerpt_ids"]))
        return {**typed, "says": Says(typed["says"]), "excerpt_ids": chosen}


class StoryRoundForm(Form):
    excerpt_ids = CheckboxesField(
        _("Uit welke citaten kiest de groep?"),
        description=_("Kies er drie tot acht, uit verschillende verhalen en van beide kanten."),
        validators=required(_("Kies drie tot acht citaten.")),
    )
    method = RadioField(
        _("Hoe geeft de groep antwoord?"),
        default=Method.CHOOSE.value,
        choices=choices(METHODS),
        validators=required(_("Kies hoe de groep antwoord geeft.")),
    )

    def offer(self, quotes: Sequence[Quote]) -> None:
        self.excerpt_ids.choices = named(quotes)
