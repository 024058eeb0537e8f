"""The points of a figure that voices in the same monitor belong to: in its drawing, its words and its table. Pure.

A figure only tells that a voice belongs to a point, never whose or what it says: that is read at the voice itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from workbench.core.language import LANGUAGES, Language
from workbench.figures.frame import Event, Point, TrendFrame
from workbench.indicators.periods import parse_period


def period_of(typed: str, periods: Iterable[str]) -> str | None:
    """The code of the period that somebody wrote down, in whatever language; None: it is none of these."""
    wanted = " ".join(typed.split()).casefold()
    return next((code for code in periods if wanted in _names(code)), None)


def _names(code: str) -> set[str]:
    labels = (parse_period(code).label(Language(language)) for language in LANGUAGES)
    return {name.casefold() for name in (code, *labels)}


def with_voices(frame: TrendFrame, typed: Sequence[str], language: Language) -> TrendFrame:
    """The frame with a mark at each point that voices belong to."""
    points = {point.period: point for point in frame.own}
    codes = dict.fromkeys(period_of(text, points) for text in typed)
    marks = tuple(_mark(points[code], language) for code in codes if code)
    return replace(frame, events=(*frame.events, *marks)) if marks else frame


def _mark(point: Point, language: Language) -> Event:
    text = language.gettext("Bij %(period)s hoort wat een inwoner vertelt.", period=point.label)
    return Event(point.period, point.label, point.year, text, kind="story")


def with_words(built: Mapping[str, Any], frame: TrendFrame, language: Language) -> dict[str, Any]:
    """The document of a figure that also says so, in whatever view: in a note, for who cannot see it, and in the table."""
    marks = [event for event in frame.events if event.kind == "story"]
    if not marks:
        return dict(built)
    said = {note["text"] for note in built["notes"]}
    notes = [{"kind": "event", "text": mark.text} for mark in marks if mark.text not in said]
    alt = [mark.text for mark in marks if mark.text not in built["alt"]]
    return {
        **built,
        "notes": [*built["notes"], *notes],
        "alt": " ".join([built["alt"], *alt]),
        "table": _with_marks(built["table"], {mark.label for mark in marks}, language),
    }


def _with_marks(table: Mapping[str, Any], labels: set[str], language: Language) -> dict[str, Any]:
    """In the last cell of the row of each of these periods, where that tells how certain the figure is."""
    if not table["numeric"] or table["numeric"][-1]:
        return dict(table)
    text = language.gettext("hierbij hoort een verhaal")
    rows = [[*row[:-1], f"{row[-1]}; {text}"] if row and row[0] in labels else row for row in table["rows"]]
    return {**table, "rows": rows}
