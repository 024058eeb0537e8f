"""The entry of stories in a council's register of processing (article 30 GDPR), written from its sources and settings."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from workbench.core.text import current_language
from workbench.stories.models import StorySource
from workbench.stories.taking_in.models import StorySettings

AUTHORITY = "autoriteitpersoonsgegevens.nl"


@dataclass(frozen=True)
class Entry:
    """What the register says of one source: questions with their answers; `missing` lists what a person must still say."""

    title: str
    lines: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]


def entries(council: str, sources: Sequence[StorySource], settings: StorySettings) -> list[Entry]:
    return [_entry(council, source, settings) for source in sources]


def _entry(council: str, source: StorySource, settings: StorySettings) -> Entry:
    until = current_language().date(source.keep_until) if source.keep_until else ""
    officer = ", ".join(part for part in (settings.officer_name, settings.officer_email) if part)
    kinds = _(
        "Wat iemand vertelt, zonder namen en andere gegevens die naar iemand wijzen; wie er vertelt in een paar woorden."
    )
    if source.special_data:
        kinds += " " + _("Ook gevoelige gegevens, zoals over gezondheid, geloof of afkomst.")
    basis = source.basis_name + (f". {source.basis_why}" if source.basis_why else "") if source.basis else ""
    told = [
        (_("Wie is verantwoordelijk"), _("De gemeenteraad van %(name)s", name=council)),
        (_("Functionaris gegevensbescherming"), officer),
        (_("Doel"), source.purpose),
        (_("Grond van de wet"), basis),
        (_("Van wie"), source.from_whom),
        (_("Welke gegevens"), kinds),
        (_("Wie haalt ze op"), source.collector),
        (
            _("Wie krijgt ze te zien"),
            settings.receivers or _("Alleen wie voor de raad werkt, en verder zover de verteller toestaat."),
        ),
        (_("Tot wanneer"), until),
        (_("Buiten de Europese Unie"), _("Nee.")),
        (
            _("Hoe ze beschermd zijn"),
            " ".join(
                part
                for part in (
                    _(
                        "Elk verhaal ligt op slot met een eigen sleutel tot niemand meer te herkennen is. Wie een verhaal leest dat nog niet veilig is, staat in een lijst. Intrekken vernietigt de sleutel, ook voor reservekopieën."
                    ),
                    settings.safety,
                )
                if part
            ),
        ),
    ]
    return Entry(
        source.name,
        tuple((question, answer) for question, answer in told if answer),
        tuple(question for question, answer in told if not answer),
    )
