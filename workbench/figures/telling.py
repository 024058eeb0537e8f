"""What every view tells beside its drawing, and the small texts that several views share."""

from collections.abc import Sequence
from typing import Protocol, TypedDict

from workbench.core.language import Language
from workbench.figures import words
from workbench.figures.frame import Point
from workbench.figures.peers import Place
from workbench.figures.words import Note


class Table(TypedDict):
    """Cells as texts; `numeric` tells per column whether it holds numbers. No cell is empty."""

    caption: str
    columns: list[str]
    rows: list[list[str]]
    numeric: list[bool]


class Told(TypedDict):
    """Title (the finding), sentence, notes, source (line), alt (the drawing in words) and table."""

    title: str
    sentence: str
    notes: list[Note]
    source: str
    alt: str
    table: Table


class Subject(words.Measured, Protocol):
    @property
    def indicator(self) -> str: ...


def subject_text(frame: Subject, language: Language) -> str:
    """'Uitgaven per inwoner in Almere, euro'."""
    return language.gettext(
        "%(subject)s in %(area)s, %(unit)s", subject=frame.indicator, area=frame.area, unit=frame.unit
    )


def place_title(data: Place, language: Language) -> str:
    """On which side of the middle half the own figure lies."""
    facts = {"subject": data.indicator, "area": data.area, "period": words.when(data.own, language)}
    if data.own.value is None:
        return language.gettext("%(subject)s, geen cijfer voor %(area)s", **facts)
    facts["value"] = words.value_text(data.own.value, data.unit, data.decimals, language)
    if data.band is None:
        return language.gettext("%(subject)s, %(value)s in %(period)s", **facts)
    if data.own.value > data.band.high:
        return language.gettext(
            "%(subject)s: met %(value)s lag %(area)s in %(period)s boven de middelste helft", **facts
        )
    if data.own.value < data.band.low:
        return language.gettext(
            "%(subject)s: met %(value)s lag %(area)s in %(period)s onder de middelste helft", **facts
        )
    return language.gettext(
        "%(subject)s: met %(value)s lag %(area)s in %(period)s binnen de middelste helft", **facts
    )


def reading_notes(frame: words.Directed, language: Language) -> list[Note]:
    return [Note(kind="reading", text=text) for text in words.readings(frame, language)]


def alternative(area: str, title: str, drawing: str, readings: Sequence[str]) -> str:
    """The drawing in words, for who cannot see it; the table holds every value."""
    return " ".join((f"{area}. {title}.", drawing, *readings))


def status_cell(point: Point | None, language: Language) -> str:
    if point is None or point.value is None:
        return language.gettext("geen cijfer")
    text = words.status_text(point.status, language)
    if point.revised_on is None:
        return text
    return language.gettext(
        "%(status)s, herzien op %(date)s", status=text, date=language.date(point.revised_on)
    )
