"""Adopted versions in plain words: what became of a part, and what its texts are called."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from workbench.monitors.adopting.comparing import Change, NumberChange
from workbench.monitors.adopting.document import Part
from workbench.monitors.change_words import KIND_NAMES as BLOCK_NAMES
from workbench.monitors.change_words import LONGEST
from workbench.monitors.changes import What
from workbench.vision.words import Part as Piece
from workbench.vision.words import difference

KIND_NAMES = {
    **BLOCK_NAMES,
    "cover": lazy_gettext("Voorblad"),
    "value_card": lazy_gettext("Waarde"),
    "goal_card": lazy_gettext("Doel"),
    "focus": lazy_gettext("Cijfers in beeld"),
    "sources": lazy_gettext("Bronnen"),
    "comparison": lazy_gettext("Met wie is vergeleken"),
    "skips": lazy_gettext("Overgeslagen stappen"),
    "decision": lazy_gettext("Besluit"),
    "withdrawn": lazy_gettext("Bron ingetrokken"),
}
FIELD_NAMES = {
    "council": lazy_gettext("Raad"),
    "title": lazy_gettext("Titel"),
    "plan": lazy_gettext("Traject"),
    "area": lazy_gettext("Gaat over"),
    "name": lazy_gettext("Naam"),
    "sentence": lazy_gettext("Zin"),
    "own_words": lazy_gettext("In eigen woorden"),
    "seen_when": lazy_gettext("Dit zien we als"),
    "not_this": lazy_gettext("Dit is het niet"),
    "short_changed": lazy_gettext("Wie kan tekortkomen?"),
    "counter_value": lazy_gettext("Schuurt met"),
    "position": lazy_gettext("Waar de groep staat"),
    "bottom_line": lazy_gettext("Dit mag nooit"),
    "minority_view": lazy_gettext("Minderheidsstandpunt"),
    "values": lazy_gettext("Waarden"),
    "subject": lazy_gettext("Cijfer"),
    "about": lazy_gettext("Hoort bij"),
    "beside": lazy_gettext("Hoort bij het cijfer"),
    "state_text": lazy_gettext("Waarom er geen cijfer is"),
    "intro": lazy_gettext("Inleiding"),
    "text": lazy_gettext("Tekst"),
    "lines": lazy_gettext("Wat erbij staat"),
    "notes": lazy_gettext("Bij de figuur"),
    "readings": lazy_gettext("Wat dit betekent"),
    "reason": lazy_gettext("Waarom dit cijfer"),
    "quality": lazy_gettext("Hoe rechtstreeks"),
    "not_saying": lazy_gettext("Wat dit cijfer niet zegt"),
    "spent": lazy_gettext("Wat de gemeente echt uitgaf"),
    "source": lazy_gettext("Bron"),
}

NAMED = {
    "section",
    "goal",
    "figure",
    "quote",
    "stories",
    "text",
    "question",
    "money",
    "value_card",
    "goal_card",
}


@dataclass(frozen=True)
class Told:
    """One part with all that became of it. `texts`: name, and the pieces of the text with what came and went."""

    name: str
    sentences: list[str]
    texts: list[tuple[str, list[Piece]]]
    numbers: list[NumberChange]


def name_of(part: Part) -> str:
    """What a part is called; empty when its kind says it all."""
    data = part.data
    fields = ("subject", "name", "sentence", "about", "text") if part.kind in NAMED else ()
    found = next((str(data[field]) for field in fields if data.get(field)), "")
    return found if len(found) <= 2 * LONGEST else f"{found[: 2 * LONGEST].rstrip()} …"


def heading(part: Part) -> str:
    """Waarde: Nabijheid."""
    name = name_of(part)
    return f"{KIND_NAMES[part.kind]}: {name}" if name else str(KIND_NAMES[part.kind])


def told(changes: Iterable[Change]) -> list[Told]:
    """Each part that differs once, in their order."""
    return [_told(list(group)) for _key, group in groupby(changes, key=lambda change: change.part.key)]


def _told(group: list[Change]) -> Told:
    return Told(
        heading(group[0].part),
        [_sentence(change) for change in group],
        [
            (str(FIELD_NAMES[text.field]), difference(text.before, text.after))
            for change in group
            for text in change.texts
        ],
        [number for change in group for number in change.numbers],
    )


def _sentence(change: Change) -> str:
    where = _("In het deel %(name)s.", name=name_of(change.section)) if change.section else ""
    match change.what:
        case What.ADDED:
            return " ".join(filter(None, [_("Dit is erbij gekomen."), where]))
        case What.GONE:
            return " ".join(filter(None, [_("Dit staat er niet meer in."), where]))
        case What.MOVED:
            moved = _("Verplaatst naar plek %(place)s van %(of)s.", place=change.place, of=change.of)
            return " ".join(filter(None, [moved, where]))
    if change.texts or change.numbers:
        return " ".join(filter(None, [_("Dit is veranderd."), where]))
    return " ".join(filter(None, [_("Alleen de tekening of de opmaak is anders."), where]))
