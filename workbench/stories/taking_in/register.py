"""The entry of stories in a council's register of processing (article 30 GDPR), written from its sources and settings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from workbench.core.text import current_language
from workbench.stories.models import Basis, StorySource
from workbench.stories.taking_in.models import StoryRisks, StorySettings
from workbench.stories.taking_in.risks import open_questions

AUTHORITY = "autoriteitpersoonsgegevens.nl"


@dataclass(frozen=True)
class Entry:
    """What the register says of one source: questions with their answers; `missing` lists what a person must still say."""

    title: str
    lines: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]


def entries(
    council: str,
    sources: Sequence[StorySource],
    settings: StorySettings,
    looked: Mapping[UUID | None, StoryRisks],
) -> list[Entry]:
    """`looked`: the answers about risks per source, and under None those for the council as a whole."""
    return [
        _entry(council, source, settings, looked.get(source.id) or looked.get(None)) for source in sources
    ]


def _entry(council: str, source: StorySource, settings: StorySettings, risks: StoryRisks | None) -> Entry:
    told = [
        (_("Wie is verantwoordelijk"), _("De gemeenteraad van %(name)s", name=council)),
        (_("Waar is de raad te bereiken"), settings.contact),
        (_("Functionaris gegevensbescherming"), _joined(", ", settings.officer_name, settings.officer_email)),
        (_("Doel"), source.purpose),
        (_("Grond van de wet"), _joined(". ", source.basis_name, source.basis_why) if source.basis else ""),
        *([(_("Grond voor gevoelige gegevens"), _special(source))] if source.special_data else []),
        (_("Van wie"), _about_whom(source)),
        (_("Welke gegevens"), _kinds(source)),
        (_("Wie haalt ze op"), source.collector),
        (
            _("Wie krijgt ze te zien"),
            settings.receivers or _("Alleen wie voor de raad werkt, en verder zover de verteller toestaat."),
        ),
        (_("Wie beheert de werkbank (verwerker)"), settings.processor),
        (_("Tot wanneer"), current_language().date(source.keep_until) if source.keep_until else ""),
        (
            _("Buiten de Europese Unie"),
            _("De werkbank stuurt zelf niets daarheen. Waar de computers staan, leest u bij de verwerker."),
        ),
        (_("Hoe ze beschermd zijn"), _protection(settings)),
        (_("Risico's (DPIA)"), _weighed(risks)),
    ]
    return Entry(
        source.name,
        tuple((question, answer) for question, answer in told if answer),
        tuple(question for question, answer in told if not answer),
    )


def _joined(between: str, *parts: str) -> str:
    return between.join(part for part in parts if part)


def _special(source: StorySource) -> str:
    """Which exception of article 9 holds; nothing where somebody must still say it."""
    if source.basis is Basis.CONSENT:
        by_consent = _("uitdrukkelijke toestemming (AVG artikel 9, lid 2, onder a)")
        return _joined(". ", by_consent, source.special_why)
    return source.special_why


def _about_whom(source: StorySource) -> str:
    if not source.from_whom:
        return ""
    others = _("En mensen over wie zij vertellen, zoals familie en hulpverleners; ook hun namen gaan eruit.")
    return f"{source.from_whom.rstrip('.')}. {others}"


def _kinds(source: StorySource) -> str:
    kinds = _(
        "Wat iemand vertelt, zonder namen en andere gegevens die naar iemand wijzen; wie er vertelt in een paar woorden."
        " Tot het nagekeken is: het hele verhaal, op slot."
    )
    sensitive = _("Ook gevoelige gegevens, zoals over gezondheid, geloof of afkomst.")
    return f"{kinds} {sensitive}" if source.special_data else kinds


def _protection(settings: StorySettings) -> str:
    ours = _(
        "Elk verhaal ligt op slot met een eigen sleutel tot niemand meer te herkennen is. Wie een verhaal leest dat nog niet veilig is, staat in een lijst. Intrekken vernietigt de sleutel, ook voor reservekopieën."
    )
    return _joined(" ", ours, settings.safety)


def _weighed(risks: StoryRisks | None) -> str:
    """When the council went through the risks, and what is not settled; nothing where it did not."""
    if risks is None or risks.looked_on is None:
        return ""
    day = current_language().date(risks.looked_on)
    left = open_questions(risks.answers)
    if not left:
        return str(_("Nagelopen op %(day)s. Alles is geregeld.", day=day))
    return str(_("Nagelopen op %(day)s. Nog niet geregeld: %(what)s", day=day, what=" ".join(left)))
