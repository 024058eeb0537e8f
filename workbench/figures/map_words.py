"""What both maps tell: the notes, the source, and the rows of the table about the tints and about what is missing."""

from workbench.core.language import Language
from workbench.figures import words
from workbench.figures.map_frame import NOT_YET, Areas
from workbench.figures.map_scene import classes
from workbench.figures.telling import reading_notes
from workbench.figures.words import Note


def missing_text(reason: str, language: Language) -> str:
    if reason == NOT_YET:
        return language.gettext("bestond nog niet, of niet meer")
    return words.missing_text(reason, language)


def notes(frame: Areas, language: Language) -> list[Note]:
    """What a reader must know before looking at the map."""
    found = []
    if frame.place.band is not None:
        text = language.gettext(
            "De kaart laat zien waar cijfers verschillen. Waarom zij verschillen, zegt de kaart niet."
        )
        found.append(Note(kind="comparison", text=text))
        if frame.is_schematic:
            text = language.gettext(
                "Dit is een schematische kaart: elk gebied is één even groot vakje, ongeveer waar het ligt."
            )
        else:
            text = language.gettext(
                "Een gebied dat groter is, valt meer op. Dat zegt niets over het aantal mensen dat er woont."
            )
        found.append(Note(kind="scale", text=text))
        if frame.place.unit == "aantal":
            text = language.gettext("Dit is een aantal: waar veel mensen wonen, is het vanzelf hoger.")
            found.append(Note(kind="warning", text=text))
    return [*found, *reading_notes(frame.place, language)]


def source(frame: Areas, language: Language) -> str:
    own = frame.place.own
    valued = () if own.value is None else (own,)
    line = words.source_line(frame.place.source, valued, language)
    if not frame.credit:
        return line
    return f"{line} {language.gettext('Kaart: %(credit)s.', credit=frame.credit)}"


def quartile_rows(frame: Areas, median: str, language: Language) -> list[list[str]]:
    """`median`: whose median it is."""
    place = frame.place
    if place.band is None:
        return []
    status = language.gettext("berekend")
    shown = [
        (median, place.band.median),
        (language.gettext("Ondergrens van de middelste helft (25\u00a0%)"), place.band.low),
        (language.gettext("Bovengrens van de middelste helft (75\u00a0%)"), place.band.high),
    ]
    return [
        [label, words.short_text(value, place.unit, place.decimals, language), status]
        for label, value in shown
    ]


def tint_rows(frame: Areas, language: Language) -> list[list[str]]:
    """How many areas have each tint: none of them is named."""
    if frame.place.band is None:
        return []
    tints = [frame.tint(patch.value) for patch in frame.patches if patch.value is not None]
    status = language.gettext("geteld")
    return [
        [
            language.gettext("Aantal gemeenten in de tint: %(limits)s", limits=text),
            language.number(tints.count(tint)),
            status,
        ]
        for tint, text in classes(frame, language)
    ]


def missing_rows(frame: Areas, language: Language) -> list[list[str]]:
    return [
        [
            language.gettext("Aantal zonder cijfer: %(reason)s", reason=missing_text(reason, language)),
            language.number(count),
            language.gettext("geteld"),
        ]
        for reason, count in frame.missing.items()
    ]


def tints_text(frame: Areas, language: Language) -> str:
    """The drawing in words."""
    texts = [text for _tint, text in classes(frame, language)]
    drawing = language.gettext("De tinten, van licht naar donker: %(limits)s.", limits="; ".join(texts))
    if frame.missing:
        drawing += " " + language.gettext("Grijs gestreept is zonder cijfer.")
    return drawing
